"""Design points and an outcome at each: read from a results folder or from a table of one's own."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.common_luck import LAST_MONTHS, varied_names
from experiments.errors import BadInput, Problem, nearest_name

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Sample:
    """Design points and one outcome at each: what indices are computed from.

    Parameters
    ----------
    outcome, label, unit : a measure's, or those of a column of a table.
    columns : name → one number per point (the position of a value that is a word).
    values : the mean over replications, NaN where no run went well.
    variances : between replications, NaN where fewer than two runs went well; empty for a table.
    replications : the usual number of good runs at a point.
    design, seed : of the experiment; None and 1 for a table.
    """

    outcome: str
    label: str
    unit: str
    levers: dict[str, Any]
    columns: dict[str, np.ndarray]
    values: np.ndarray
    variances: np.ndarray = field(default_factory=lambda: np.empty(0))
    replications: int = 1
    design: Any = None
    seed: int = 1


def samples_of(archive: Any, measure: str) -> list[Sample]:
    """Return the sample of every combination of levers, each in the order of its design."""
    levers = [name for name in varied_names(archive) if name in (archive.experiment.levers or ())]
    table = _point_table(archive, measure)
    groups = [((), table)] if not levers else list(table.groupby(levers, sort=False, dropna=False))
    plan = {"design": archive.experiment.design, "seed": archive.experiment.seed}
    return [
        replace(_sample(measure, dict(zip(levers, _keys(key), strict=True)), rows), **plan)
        for key, rows in groups
    ]


def _keys(key: Any) -> tuple[Any, ...]:
    found = key if isinstance(key, tuple) else (key,)
    return tuple(value.item() if isinstance(value, np.generic) else value for value in found)


def _point_table(archive: Any, measure: str) -> pd.DataFrame:
    """Return one row per design point: what varies, mean, variance and number of its good runs."""
    from experiments.design import Points

    points = Points(archive.experiment)
    import pandas as pd

    varied = pd.DataFrame([{"design_point": point.index, **point.varied} for point in points])
    final = archive.final([measure], months=LAST_MONTHS)
    ends = final.groupby("design_point")["value"].agg(["mean", "var", "count"])
    return varied.join(ends, on="design_point").rename(columns={name: f"outcome {name}" for name in ends})


def _sample(measure: str, levers: dict[str, Any], rows: pd.DataFrame) -> Sample:
    from model.measures import MEASURES

    counts = rows["outcome count"].fillna(0).to_numpy()
    names = [name for name in rows.columns if name not in levers and not name.startswith("outcome ")]
    columns = {name: _numbers(rows[name]) for name in names if name != "design_point"}
    values = rows["outcome mean"].to_numpy(dtype=float)
    variances = rows["outcome var"].to_numpy(dtype=float)
    usual = int(np.median(counts)) if counts.size else 0
    label, unit = MEASURES[measure].label, MEASURES[measure].unit
    return Sample(measure, label, unit, levers, columns, values, variances, usual)


def _numbers(column: pd.Series) -> np.ndarray:
    """Return a column as numbers; words take their position in the order of their first appearance."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return column.to_numpy(dtype=float)
    return pd.factorize(column)[0].astype(float)


def lever_shares(samples: list[Sample]) -> dict[str, float]:
    """Return each lever's own share of the variance of the outcome over all points."""
    if len(samples) < 2:
        return {}
    every = np.concatenate([sample.values for sample in samples])
    total = float(np.nanvar(every))
    found = {}
    for name in samples[0].levers:
        settings = {repr(sample.levers[name]) for sample in samples}
        means = [
            np.nanmean(np.concatenate([s.values for s in samples if repr(s.levers[name]) == setting]))
            for setting in sorted(settings)
        ]
        found[name] = float(np.var(means) / total) if total > 0.0 else 0.0
    return found


def sample_of_table(file: Path, outcome: str) -> Sample:
    """Return a table of samples: one row per point, numeric columns are parameters."""
    table = _read_table(file)
    if outcome not in table.columns:
        nearest = nearest_name(outcome, map(str, table.columns))
        expected = f"one of {', '.join(map(str, table.columns[:8]))}"
        raise BadInput(Problem(f"no column '{outcome}'", expected, where=str(file), nearest=nearest))
    numeric = table.select_dtypes("number").columns
    names = [name for name in numeric if name != outcome and table[name].nunique() > 1]
    if outcome not in numeric or not names:
        what = f"'{outcome}' is no column of numbers" if outcome not in numeric else "no parameter varies"
        raise BadInput(Problem(what, "a numeric outcome and numeric parameters", where=str(file)))
    left_out = [str(name) for name in table.columns if name not in (*names, outcome)]
    if left_out:
        print(
            f"note: columns that are no varying numbers are left out: {', '.join(left_out)}", file=sys.stderr
        )
    whole = table[[*names, outcome]].dropna()
    columns = {str(name): whole[name].to_numpy(dtype=float) for name in names}
    return Sample(outcome, outcome, "", {}, columns, whole[outcome].to_numpy(dtype=float))


def _read_table(file: Path) -> pd.DataFrame:
    import pandas as pd

    if not file.is_file():
        raise BadInput(Problem("no such file", "a CSV or Parquet table", where=str(file)))
    try:
        if file.suffix == ".parquet":
            return pd.read_parquet(file)
        return pd.read_csv(file, comment="#")
    except (ValueError, OSError) as error:  # pandas' and pyarrow's errors are ValueErrors
        said = f"the table cannot be read ({' '.join(str(error).split())})"
        raise BadInput(Problem(said, "a CSV or Parquet table", where=str(file))) from None
