"""Which conclusions hold whatever is assumed: a verdict for every conclusion under every move.

Two runs at a point tell little about luck, and luck hardly depends on the assumption: the standard deviation
between seeds is pooled over all points, and a point of which runs differ more counts with its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.conclusions import CONCLUSIONS, Conclusion, outcomes_of_points
from experiments.evidence_plan import ASSUMPTION, DEFAULT, WORLD
from experiments.paired import LEVEL, Interval

HOLDS, OPEN, REVERSED = "holds", "open", "reversed"


@dataclass(frozen=True)
class Tested:
    """One conclusion under one move."""

    move: str
    margin: Interval
    verdict: str


@dataclass(frozen=True)
class Robustness:
    """One conclusion under every move: the default first."""

    conclusion: Conclusion
    tested: Sequence[Tested]

    @property
    def default(self) -> Tested:
        """The conclusion where nothing is moved."""
        return self.tested[0]

    @property
    def moved(self) -> Sequence[Tested]:
        """The conclusion under every move."""
        return self.tested[1:]

    def with_verdict(self, verdict: str) -> list[Tested]:
        """Return the moves under which the verdict is this one, the farthest from the default first."""
        found = [one for one in self.moved if one.verdict == verdict]
        return sorted(found, key=lambda one: -abs(one.margin.mean - self.default.margin.mean))

    @property
    def contrary(self) -> str:
        """The verdict that contradicts the default's."""
        return HOLDS if self.default.verdict == REVERSED else REVERSED


def robustness(archive: Any) -> list[Robustness]:
    """Return every conclusion under every move of a results folder of `one-at-a-time`."""
    points = archive.points.sort_values("design_point")
    keys = dict(zip(points["design_point"], points[ASSUMPTION], strict=True))
    labels = list(dict.fromkeys(keys.values()))
    outcomes = outcomes_of_points(archive, keys)
    return [Robustness(c, judged(labels, c.margin(outcomes))) for c in CONCLUSIONS]


def judged(labels: Sequence[str], margins: np.ndarray) -> list[Tested]:
    """Return the verdict of every point, the default first.

    Parameters
    ----------
    margins : a row per point, a column per replication; NaN where a run failed or nothing is defined.
    """
    intervals = pooled_intervals(margins)
    found = [
        Tested(label, interval, verdict_of(interval))
        for label, interval in zip(labels, intervals, strict=True)
    ]
    return sorted(found, key=lambda one: one.move != DEFAULT)


def pooled_intervals(margins: np.ndarray) -> list[Interval]:
    """Return mean and 95 % interval of every row, its standard deviation pooled over all rows.

    Examples
    --------
    >>> rows = np.array([[1.0, 3.0], [5.0, 7.0], [4.0, 6.0]])
    >>> [round(found.low, 2) for found in pooled_intervals(rows)]
    [-1.18, 2.82, 1.82]
    """
    from scipy.special import stdtrit

    counts = np.isfinite(margins).sum(axis=1)
    means = [
        float(row[np.isfinite(row)].mean()) if n else math.nan for row, n in zip(margins, counts, strict=True)
    ]
    own = [
        float(np.var(row[np.isfinite(row)], ddof=1)) if n > 1 else math.nan
        for row, n in zip(margins, counts, strict=True)
    ]
    freedom = int(np.maximum(counts - 1, 0).sum())
    pooled = float(np.nansum(np.array(own) * (counts - 1)) / freedom) if freedom else math.nan
    reach = float(stdtrit(freedom, 0.5 + LEVEL / 2.0)) if freedom else math.nan
    return [
        _interval(
            mean, reach * math.sqrt(np.nanmax([pooled, variance]) / n) if n and freedom else math.nan, int(n)
        )
        for mean, variance, n in zip(means, own, counts, strict=True)
    ]


def _interval(mean: float, half: float, runs: int) -> Interval:
    return Interval(mean, mean - half, mean + half, runs)


def verdict_of(margin: Interval) -> str:
    """Return whether a conclusion holds, is reversed, or cannot be told from luck."""
    if margin.low > 0.0:
        return HOLDS
    return REVERSED if margin.high < 0.0 else OPEN


@dataclass(frozen=True)
class Sampled:
    """One conclusion over economies in which everything is drawn at once: one run each, luck included."""

    conclusion: Conclusion
    economies: int
    held: int
    quantiles: tuple[float, float, float]
    leading: Sequence[tuple[str, float]]
    nothing: float

    @property
    def share(self) -> Interval:
        """Return the share of economies in which it holds, with Wilson's interval."""
        low, high = wilson(self.held, self.economies)
        return Interval(self.held / max(1, self.economies), low, high, self.economies)


def sampled(archive: Any) -> list[Sampled]:
    """Return every conclusion over the sample of a results folder of `all-together`."""
    points = archive.points.sort_values("design_point")
    rows = len(points) // points[WORLD].nunique()
    keys = {int(number): int(number) % rows for number in points["design_point"]}
    outcomes = outcomes_of_points(archive, keys)
    drawn = points.drop_duplicates(subset=[n for n in points if n not in ("design_point", WORLD)])
    names = [name for name in drawn.columns if name not in ("design_point", WORLD)]
    columns = drawn[names].to_numpy(dtype=float)
    return [_sampled(c, c.margin(outcomes).mean(axis=1), names, columns) for c in CONCLUSIONS]


def _sampled(conclusion: Conclusion, margins: np.ndarray, names: list[str], columns: np.ndarray) -> Sampled:
    known = np.isfinite(margins)
    values = margins[known]
    leading, nothing = _leading(names, columns[known], values)
    low, middle, high = (
        (float(q) for q in np.quantile(values, (0.05, 0.5, 0.95))) if values.size else (math.nan,) * 3
    )
    return Sampled(
        conclusion, int(values.size), int((values > 0.0).sum()), (low, middle, high), leading, nothing
    )


def _leading(
    names: list[str], columns: np.ndarray, values: np.ndarray
) -> tuple[list[tuple[str, float]], float]:
    """Return the parameters whose PAWN index exceeds that of parameters that do nothing, and the latter's."""
    from experiments.indices import DUMMY, LEAST_POINTS, pawn_indices

    if values.size < LEAST_POINTS or np.ptp(values) == 0.0:
        return [], math.nan
    found = {i.parameter: i.value for i in pawn_indices(names, columns, values) if i.kind == "pawn"}
    nothing = found.pop(DUMMY)
    above = [(name, value) for name, value in found.items() if value > nothing]
    return sorted(above, key=lambda item: -item[1]), nothing


def wilson(held: int, trials: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the
    American Statistical Association 22(158), 209-212.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(10, 10)]
    [0.722, 1.0]
    """
    if trials == 0:
        return math.nan, math.nan
    z = 1.959964
    share, spread = held / trials, z * z / trials
    middle = (share + spread / 2.0) / (1.0 + spread)
    half = z / (1.0 + spread) * math.sqrt(share * (1.0 - share) / trials + spread / (4.0 * trials))
    return max(0.0, middle - half), min(1.0, middle + half)
