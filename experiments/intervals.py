"""Intervals of means over runs: Student's t, and for shares one that cannot leave [0, 1]."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

NOT_BOUNDED = ("saving_share",)
"""Called a share, but no share of a whole: a saving can be a loss."""
BOUNDED = ("awareness", "hours_gini", "hhi")
"""In [0, 1] without being called a share."""
LEVEL = 0.95
KIND = "95 % interval of the mean over runs: Student's t, for shares on the logit scale"


def is_share(measure: str) -> bool:
    """Return whether a measure lies in [0, 1] by its definition.

    >>> [is_share(name) for name in ("adopter_share", "saving_share", "unpaid_hours_net")]
    [True, False, False]
    """
    return (measure.endswith("_share") and measure not in NOT_BOUNDED) or measure in BOUNDED


def half_widths(values: np.ndarray) -> np.ndarray:
    """Return half the width of Student's 95 % interval of the mean over rows; NaN with one row."""
    runs = len(values)
    if runs < 2:
        return np.full(values.shape[1:], np.nan)
    from scipy.special import stdtrit

    half = float(stdtrit(runs - 1, 0.5 + LEVEL / 2.0)) * values.std(axis=0, ddof=1) / math.sqrt(runs)
    return np.asarray(half)


def bounds(values: np.ndarray, *, share: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of the 95 % interval of the mean over rows; NaN with one row.

    Parameters
    ----------
    values : a row per run.
    share : whether the values lie in [0, 1]: then the interval is Student's on the logit of the mean
        (standard error by the delta method), so that it stays inside and holds the mean.

    References
    ----------
    Korn, E. L. & Graubard, B. I. (1999). Analysis of health surveys. Wiley.

    Examples
    --------
    Two of three runs without anybody: Student's interval would begin below nobody.

    >>> [round(float(end), 3) for end in bounds(np.array([[0.0], [0.0], [0.03]]), share=True)[0]]
    [0.0]
    >>> [end.round(3).tolist() for end in bounds(np.array([[0.4], [0.5], [0.6]]), share=True)]
    [[0.27], [0.73]]
    """
    mean, half = values.mean(axis=0), half_widths(values)
    inside = share & (mean > 0.0) & (mean < 1.0) & (values.min(axis=0) >= 0.0) & (values.max(axis=0) <= 1.0)
    safe = np.where(inside, mean, 0.5)
    middle, reach = np.log(safe / (1.0 - safe)), half / (safe * (1.0 - safe))
    low, high = (1.0 / (1.0 + np.exp(-np.clip(middle + sign * reach, -700.0, 700.0))) for sign in (-1.0, 1.0))
    return np.where(inside, low, mean - half), np.where(inside, high, mean + half)


def interval_of(
    values: Sequence[float], *, share: bool = False
) -> tuple[float | None, float | None, float | None]:
    """Return mean, low and high of some runs; None where there is none.

    >>> interval_of([1.0])
    (1.0, None, None)
    >>> [round(x, 3) for x in interval_of([1.0, 2.0, 3.0])]
    [2.0, -0.484, 4.484]
    """
    if not len(values):
        return None, None, None
    column = np.asarray(values, dtype=np.float64)[:, None]
    low, high = bounds(column, share=share)
    return finite(column.mean()), finite(low[0]), finite(high[0])


def finite(value: float) -> float | None:
    """Return a number as JSON can hold it: None where it is not finite."""
    return float(value) if math.isfinite(value) else None
