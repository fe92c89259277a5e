"""Curves of diffusion and their fit to one path: Bass, logistic, Gompertz; time in years."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SHARES = (0.1, 0.5, 0.9)
"""Of the ceiling: the times at which they are passed are reported."""
RISEN = 0.05
"""Share of its greatest value above which a path has left the ground."""
FASTEST = 20.0
"""1/yr: no rate is sought beyond."""
STEEPNESS = (0.2, 0.6, 2.0)
"""1/yr: rates from which the search begins; the best of three is kept."""


def bass(time: np.ndarray, ceiling: float, innovation: float, imitation: float) -> np.ndarray:
    """Return adopters when others are an example: dF/dt = (p + q F)(1 − F), from F(0) = 0.

    Parameters
    ----------
    time : years since the launch.
    ceiling : those who adopt in the end.
    innovation, imitation : p and q, 1/yr.

    References
    ----------
    Bass, F. M. (1969). A new product growth for model consumer durables. Management Science 15(5).

    Examples
    --------
    >>> bass(np.array([0.0, 5.0, 50.0]), 1.0, 0.03, 0.38).round(3).tolist()
    [0.0, 0.331, 1.0]
    """
    fading = np.exp(-np.minimum((innovation + imitation) * np.maximum(time, 0.0), 700.0))
    return ceiling * (1.0 - fading) / (1.0 + imitation / innovation * fading)


def logistic(time: np.ndarray, ceiling: float, rate: float, midpoint: float) -> np.ndarray:
    """Return adopters when growth is proportional to those who have and those who have not (Verhulst 1838).

    >>> logistic(np.array([3.0]), 0.8, 1.0, 3.0).tolist()
    [0.4]
    """
    return ceiling / (1.0 + np.exp(np.clip(-rate * (time - midpoint), -700.0, 700.0)))


def gompertz(time: np.ndarray, ceiling: float, rate: float, inflection: float) -> np.ndarray:
    """Return adopters when growth slows from early on: most growth at 1/e of the ceiling (Gompertz 1825).

    >>> (gompertz(np.array([3.0]), 1.0, 0.5, 3.0) - np.exp(-1.0)).round(9).tolist()
    [0.0]
    """
    return ceiling * np.exp(-np.exp(np.clip(-rate * (time - inflection), -700.0, 700.0)))


def _bass_time(share: float, innovation: float, imitation: float) -> float:
    return float(np.log((1.0 + share * imitation / innovation) / (1.0 - share)) / (innovation + imitation))


def _logistic_time(share: float, rate: float, midpoint: float) -> float:
    return float(midpoint + np.log(share / (1.0 - share)) / rate)


def _gompertz_time(share: float, rate: float, inflection: float) -> float:
    return float(inflection - np.log(-np.log(share)) / rate)


@dataclass(frozen=True)
class Curve:
    """A curve that can be fitted: its function, the time of a share, names, units and bounds of parameters.

    A parameter in the unit `year` is a moment.
    """

    function: Callable[..., np.ndarray]
    time_of: Callable[..., float]
    parameters: tuple[tuple[str, str], ...]
    lowest: tuple[float, float]
    highest: tuple[float, float]

    def starts(self, middle: float) -> list[tuple[float, float]]:
        """Return the parameters from which a search begins, the ceiling apart."""
        if self.function is bass:
            return [(0.01, rate) for rate in STEEPNESS]
        return [(rate, middle) for rate in STEEPNESS]


CURVES = {
    "bass": Curve(
        bass, _bass_time, (("innovation", "1/yr"), ("imitation", "1/yr")), (1e-7, 0.0), (FASTEST, FASTEST)
    ),
    "logistic": Curve(
        logistic, _logistic_time, (("rate", "1/yr"), ("midpoint", "year")), (1e-4, -100.0), (FASTEST, 300.0)
    ),
    "gompertz": Curve(
        gompertz, _gompertz_time, (("rate", "1/yr"), ("inflection", "year")), (1e-4, -100.0), (FASTEST, 300.0)
    ),
}


@dataclass(frozen=True)
class Fit:
    """A curve fitted to one path.

    Parameters
    ----------
    ceiling : in the unit of the path.
    others : the two other parameters, moments in years since the launch.
    r_squared : share of the path's variance that the curve explains.
    times : at which the shares of the ceiling are passed, in years since the launch.
    """

    ceiling: float
    others: tuple[float, float]
    r_squared: float
    times: tuple[float, ...]


def launch(values: np.ndarray) -> int:
    """Return the last month without anybody before a path leaves the ground; 0 when it never was there.

    >>> launch(np.array([0.0, 0.0, 0.01, 0.0, 0.2, 0.5])), launch(np.array([0.1, 0.2]))
    (3, 0)
    """
    risen = int(np.argmax(values > RISEN * values.max()))
    nobody = np.flatnonzero(values[:risen] <= 0.0)
    return int(nobody[-1]) if nobody.size else 0


def fit(curve: Curve, values: np.ndarray, *, most: float) -> Fit | None:
    """Return the least-squares fit to a monthly path from its launch on; None where none is found.

    Parameters
    ----------
    values : one per month, the first at the launch.
    most : upper bound of the ceiling, such as 1 for shares.
    """
    time = np.arange(len(values)) / 12.0
    middle = float(time[np.argmax(values >= 0.5 * values.max())])
    found = [
        _searched(curve, time, values, (min(most, 1.02 * values.max()), *s), most)
        for s in curve.starts(middle)
    ]
    good = [one for one in found if one is not None]
    return max(good, key=lambda one: one.r_squared) if good else None


def _searched(
    curve: Curve, time: np.ndarray, values: np.ndarray, start: tuple[float, ...], most: float
) -> Fit | None:
    from scipy.optimize import curve_fit

    bounds = (1e-9, *curve.lowest), (most, *curve.highest)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found, _ = curve_fit(curve.function, time, values, start, bounds=bounds, x_scale="jac")
    except (RuntimeError, ValueError):  # no minimum within the number of steps
        return None
    left = float(np.sum((values - curve.function(time, *found)) ** 2))
    total = float(np.sum((values - values.mean()) ** 2))
    ceiling, others = float(found[0]), (float(found[1]), float(found[2]))
    times = tuple(curve.time_of(share, *others) for share in SHARES)
    return Fit(ceiling, others, 1.0 - left / total, times)
