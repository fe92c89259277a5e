"""Design points beside each other on the same luck: what a choice changes, run by run.

Replication r uses the same seed at every design point, and draws are addressed, so that the difference
between two points is taken within a replication; its interval holds the effect's uncertainty, not luck's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.intervals import bounds

if TYPE_CHECKING:
    import pandas as pd

LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    """A mean over runs with its interval (Student's t); one run has a mean only."""

    mean: float
    low: float
    high: float
    runs: int

    @property
    def apart_from_zero(self) -> bool:
        """Whether the interval exists and excludes zero."""
        return self.low > 0.0 or self.high < 0.0


def interval_of(
    values: Sequence[float] | np.ndarray, *, level: float = LEVEL, share: bool = False
) -> Interval:
    """Return mean and interval of what several runs say; undefined values are left out.

    Parameters
    ----------
    values : one per run.
    level : of confidence; `1 − 0.05 / m` where m intervals are read together (Bonferroni).
    share : whether the values are levels in [0, 1]: then the interval stays inside, as on the report's pages.

    Examples
    --------
    >>> found = interval_of([1.0, 2.0, 3.0])
    >>> round(found.low, 3), found.mean, found.apart_from_zero
    (-0.484, 2.0, False)
    """
    defined = np.asarray(values, dtype=float)
    defined = defined[np.isfinite(defined)]
    runs = int(defined.size)
    if runs == 0:
        return Interval(math.nan, math.nan, math.nan, 0)
    mean = float(defined.mean())
    if runs == 1:
        return Interval(mean, math.nan, math.nan, 1)
    if share:
        low, high = bounds(defined[:, None], share=True)
        return Interval(mean, float(low[0]), float(high[0]), runs)
    from scipy.special import stdtrit

    half = float(stdtrit(runs - 1, 0.5 + level / 2.0)) * float(defined.std(ddof=1)) / math.sqrt(runs)
    return Interval(mean, mean - half, mean + half, runs)


def joint_level(tests: int) -> float:
    """Return the level at which each of several intervals is read, so that all hold together with 95 %.

    >>> joint_level(10)
    0.995
    """
    return 1.0 - (1.0 - LEVEL) / max(1, tests)


def by_replication(final: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return a measure at the end of every run: a row per replication, a column per design point."""
    chosen = final[final["measure"] == measure]
    return chosen.pivot_table(index="replication", columns="design_point", values="value", dropna=False)


def differences(table: pd.DataFrame, reference: int) -> pd.DataFrame:
    """Return the table less the reference's column, replication by replication."""
    return table.sub(table[reference], axis=0).drop(columns=reference)


@dataclass(frozen=True)
class Point:
    """A design point as a reader meets it."""

    number: int
    label: str
    varied: dict[str, Any]


def points_of(archive: Any) -> list[Point]:
    """Return the design points of a results folder, in the experiment's order, each with its label."""
    table = archive.points.sort_values("design_point")
    names = [name for name in table.columns if name != "design_point" and table[name].nunique() > 1]
    return [
        Point(int(row["design_point"]), point_label({name: row[name] for name in names}), dict(row[names]))
        for _, row in table.iterrows()
    ]


def point_label(varied: dict[str, Any]) -> str:
    """Return the words for what varies at one design point.

    >>> point_label({"ban": "from 2010"}), point_label({"policy.campaign": 0.5})
    ('from 2010', 'transparency campaign .5')
    >>> point_label({"counter": "out", "habit": "acts"})
    'counter out, habit acts'
    """
    if len(varied) == 1 and not _declared(next(iter(varied))):
        return str(next(iter(varied.values())))
    return ", ".join(f"{parameter_label(name)} {shown_value(value)}" for name, value in varied.items())


def _declared(name: str) -> bool:
    return "." in name


def parameter_label(name: str) -> str:
    """Return the words for a parameter inside a sentence, or a labelled lever's own name."""
    label = _labels().get(name, name).partition(",")[0]
    return label if label == name or label[1:2].isupper() else label[0].lower() + label[1:]


@lru_cache(maxsize=1)
def _labels() -> dict[str, str]:
    from model.parameters import declarations

    return {declared.name: declared.label for declared in declarations()}


def shown_value(value: Any) -> str:
    """Return a varied value in few letters.

    >>> shown_value(0.25), shown_value(1.0), shown_value("half")
    ('.25', '1', 'half')
    """
    if isinstance(value, str | bool | np.bool_):
        return str(value)
    text = f"{float(value):g}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def contrasts(points: Sequence[Point]) -> list[Point]:
    """Return the points that differ from the first in one thing; in a long list, the last of each thing."""
    first = points[0]
    changed = {
        point.number: [name for name, value in point.varied.items() if value != first.varied[name]]
        for point in points
    }
    single = [
        Point(
            point.number,
            point_label({name: point.varied[name] for name in changed[point.number]}),
            point.varied,
        )
        for point in points
        if len(changed[point.number]) == 1
    ]
    if len(single) <= MOST_CONTRASTS:
        return single
    last = {changed[point.number][0]: point for point in single}
    return list(last.values())[:MOST_CONTRASTS]


MOST_CONTRASTS = 8
