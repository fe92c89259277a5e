"""Curves through annual figures, and how they go on where the figures end.

An annual figure stands at mid-year (``year + 0.5``), so that the mean of a year's months is about the
figure. Time is in decimal years throughout.
"""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.optimize import isotonic_regression

Curve = Callable[[np.ndarray], np.ndarray]

MID_YEAR = 0.5
LEAST_SHARE = 1e-6
"""Less than one person in a million counts as nobody."""
HIGHEST_ACCESS_SHARE = 0.995
"""Surveys overlap imperfectly, so that a share is clipped here (Finnish banking exceeds internet use)."""
ACCESS_CEILING_SHARE = 0.98
"""What access grows towards where its series ends; `assumption`, the highest national share observed (DK)."""
LEAST_LOGIT_GROWTH = 0.33
"""Logits per year: the slowest rise of internet use among twelve countries in 1996-2003 (Austria)."""
MOST_LOGIT_GROWTH = 1.5
"""Logits per year: the fastest believable rise when only the first figures are known; `assumption`."""
KEPT_GROWTH_SHARE = 0.9
"""Share of the last growth (in logits) that the next year keeps where a series has ended; `assumption`."""
SLOPE_YEARS = 5.0
GROWTH_YEARS = 10.0


def smooth_monotone(
    years: Sequence[float] | np.ndarray,
    values: Sequence[float] | np.ndarray,
    *,
    weights: Sequence[float] | np.ndarray | None = None,
) -> Curve:
    """Return a smooth curve that never falls, as near to annual figures as that allows.

    Falls are pooled by weighted isotonic regression; a monotone cubic (PCHIP) joins the figures at mid-year.
    Before the first and after the last mid-year the curve is constant.

    References
    ----------
    Fritsch, F. N. & Carlson, R. E. (1980). Monotone piecewise cubic interpolation. SIAM Journal on
    Numerical Analysis 17(2), 238-246.

    Examples
    --------
    The fall of the third year is pooled with the figure before it:

    >>> curve = smooth_monotone([2000, 2001, 2002, 2003], [0.30, 0.42, 0.38, 0.50])
    >>> curve(np.array([2000.5, 2001.5, 2002.5, 2003.5])).round(3).tolist()
    [0.3, 0.4, 0.4, 0.5]
    """
    order = np.argsort(years)
    times = np.asarray(years, dtype=np.float64)[order] + MID_YEAR
    lowest, highest = float(np.min(values)), float(np.max(values))
    heights = pooled_falls(
        np.asarray(values, dtype=np.float64)[order], None if weights is None else np.asarray(weights)[order]
    )
    if times.size == 1:
        return lambda time: np.full(np.shape(time), lowest)
    joined = PchipInterpolator(times, heights)

    def curve(time: np.ndarray) -> np.ndarray:
        within = np.clip(np.asarray(time, dtype=np.float64), times[0], times[-1])
        return np.clip(joined(within), lowest, highest)

    return curve


def pooled_falls(values: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Return the nearest series that never falls (weighted least squares).

    >>> pooled_falls(np.array([0.2, 0.5, 0.4]), np.array([1.0, 1.0, 3.0])).round(3).tolist()
    [0.2, 0.425, 0.425]
    """
    return np.asarray(isotonic_regression(values, weights=weights).x, dtype=np.float64)


def access_curve(years: np.ndarray, shares: np.ndarray, *, weights: np.ndarray | None = None) -> Curve:
    """Return the share of people with access at any time: monotone, within [0, .995].

    Before the first figure the curve falls to 0 logistically, that is log-linearly as soon as it is small;
    after the last it grows by a damped logistic towards the ceiling.
    """
    somebody = np.where(np.asarray(shares) < LEAST_SHARE, 0.0, shares)
    inside = smooth_monotone(years, somebody, weights=weights)
    first, last = float(np.min(years)) + MID_YEAR, float(np.max(years)) + MID_YEAR

    def curve(time: np.ndarray) -> np.ndarray:
        time = np.asarray(time, dtype=np.float64)
        share = np.where(time < first, _earlier(inside, first, last, time), inside(time))
        share = np.where(time > last, _later(inside, first, last, time), share)
        return np.clip(share, 0.0, HIGHEST_ACCESS_SHARE)

    return curve


def _earlier(inside: Curve, first: float, last: float, time: np.ndarray) -> np.ndarray:
    """Return the share before the first figure: back to 0 at the first years' growth in logits."""
    at_first, after = inside(np.array([first, min(first + SLOPE_YEARS, last)])).clip(
        0.0, HIGHEST_ACCESS_SHARE
    )
    if at_first <= 0.0:
        return np.zeros_like(time)
    observed = (_logit(after) - _logit(at_first)) / min(SLOPE_YEARS, max(last - first, 1.0))
    growth = np.clip(observed, LEAST_LOGIT_GROWTH, MOST_LOGIT_GROWTH)
    return _share(_logit(at_first) - growth * np.maximum(first - time, 0.0))


def _later(inside: Curve, first: float, last: float, time: np.ndarray) -> np.ndarray:
    """Return the share after the last figure: its last growth in logits, damped, below the ceiling."""
    at_last, before = inside(np.array([last, max(last - SLOPE_YEARS, first)]))
    if at_last >= ACCESS_CEILING_SHARE or before <= 0.0:
        return np.full_like(time, at_last)
    last_logit, earlier_logit = _logit(at_last / ACCESS_CEILING_SHARE), _logit(before / ACCESS_CEILING_SHARE)
    growth = (last_logit - earlier_logit) / min(SLOPE_YEARS, max(last - first, 1.0))
    damping = -np.log(KEPT_GROWTH_SHARE)
    elapsed = (1.0 - np.exp(-damping * np.maximum(time - last, 0.0))) / damping
    return np.maximum(at_last, ACCESS_CEILING_SHARE * _share(last_logit + growth * elapsed))


def _logit(share: float) -> float:
    """Return the logit of a share."""
    return float(np.log(share / (1.0 - share)))


def _share(logit: np.ndarray) -> np.ndarray:
    """Return the share of a logit."""
    return 1.0 / (1.0 + np.exp(-logit))


def growth_curve(years: np.ndarray, levels: np.ndarray) -> Curve:
    """Return a level (of wages, say); outside its figures it grows at the mean rate of the ten nearest years.

    Examples
    --------
    Two per cent a year go on as two per cent:

    >>> years = np.arange(2000, 2020)
    >>> wage = growth_curve(years, 30.0 * 1.02 ** (years - 2000))
    >>> (wage(np.array([2030.5])) / wage(np.array([2029.5]))).round(4).tolist()
    [1.02]
    """
    times, logs = years + MID_YEAR, np.log(levels)
    joined = PchipInterpolator(times, logs)
    before, after = boundary_growth(years, levels)

    def curve(time: np.ndarray) -> np.ndarray:
        time = np.asarray(time, dtype=np.float64)
        within = joined(np.clip(time, times[0], times[-1]))
        outside = np.minimum(time - times[0], 0.0) * before + np.maximum(time - times[-1], 0.0) * after
        return np.exp(within + outside)

    return curve


def boundary_growth(years: np.ndarray, levels: np.ndarray) -> tuple[float, float]:
    """Return the mean growth (log points per year) of the first and of the last ten years."""
    logs = np.log(levels)
    early = max(1, int(np.flatnonzero(years <= years[0] + GROWTH_YEARS)[-1]))
    late = min(years.size - 2, int(np.flatnonzero(years >= years[-1] - GROWTH_YEARS)[0]))
    return (
        float((logs[early] - logs[0]) / (years[early] - years[0])),
        float((logs[-1] - logs[late]) / (years[-1] - years[late])),
    )
