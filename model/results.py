"""What a run leaves: measures by month, for the whole economy and by group."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Results:
    """Measures of one run, one row per month.

    ``values`` is float64 of shape (months, len(measures)); ``group_values`` of shape (months,
    len(group_keys)), whose keys are (measure, dimension, group). NaN marks what is undefined, such as
    a share of nothing.
    """

    measures: tuple[str, ...]
    values: np.ndarray
    group_keys: tuple[tuple[str, str, str], ...]
    group_values: np.ndarray
    start: str
    seed: int

    @property
    def months(self) -> int:
        """Number of months."""
        return len(self.values)

    def __getitem__(self, measure: str) -> np.ndarray:
        """Return a measure's monthly values."""
        if measure not in self.measures:
            raise KeyError(f"no measure {measure!r} in these results; they hold {', '.join(self.measures)}")
        return self.values[:, self.measures.index(measure)]

    def group(self, measure: str, dimension: str, group: str) -> np.ndarray:
        """Return a measure's monthly values in one group."""
        key = (measure, dimension, group)
        if key not in self.group_keys:
            raise KeyError(f"no {key!r} in these results")
        return self.group_values[:, self.group_keys.index(key)]

    @property
    def series(self) -> "pd.DataFrame":
        """Measures as a long table: month, measure, value."""
        import pandas as pd

        month, column = np.indices(self.values.shape)
        names = pd.Categorical.from_codes(column.ravel().tolist(), pd.Index(self.measures))
        return pd.DataFrame(
            {"month": month.ravel().astype(np.int32), "measure": names, "value": self.values.ravel()}
        )

    @property
    def groups(self) -> "pd.DataFrame":
        """Measures by group as a long table: month, measure, dimension, group, value."""
        import pandas as pd

        month, column = np.indices(self.group_values.shape)
        table: dict[str, object] = {"month": month.ravel().astype(np.int32)}
        for place, name in enumerate(("measure", "dimension", "group")):
            labels = [key[place] for key in self.group_keys]
            table[name] = pd.Categorical(labels)[column.ravel()] if labels else []
        table["value"] = self.group_values.ravel()
        return pd.DataFrame(table)
