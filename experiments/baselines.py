"""What critics would draw: simple forecasts of a country's curve, as good as each of them can be made.

Four need no driver (last value, drift, five-year trend, and the curves of diffusion with a free ceiling);
three look at the ratio of users to people with access, in logits. Two of these know the group.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import least_squares
from scipy.special import expit, logit

from experiments.shrinkage import Fits, Group, Prior, Seen, fit_countries, fit_group, recency

NAMES = (
    "last_value",
    "drift",
    "trend_5y",
    "bass",
    "logistic",
    "gompertz",
    "logit_ratio_trend",
    "hierarchical_logit_ratio",
    "pooled_drift",
)
TREND_YEARS = 5
RECENT = 3
"""Observations whose mean is where `pooled_drift` starts."""
HIGHEST_RATIO, LEAST_RATIO = 0.995, 0.002
"""Users exceed people with access in some surveys: ratios are clipped here."""
RATIO_PRIOR = Prior(
    np.array([0.0, 0.08]), np.array([1.2, 0.05]), 0.1, countries=2.0, mean_countries=0.1, observations=4.0
)
"""Level and trend of the ratio's logit before a group is seen: wide, and worth two countries."""


@dataclass(frozen=True)
class Series:
    """One country's observed shares and its access in all years.

    Parameters
    ----------
    years, shares : observed, shares of 1.
    access : share of people with access by calendar year.
    """

    geo: str
    years: np.ndarray
    shares: np.ndarray
    access: dict[int, float]

    def ratios(self) -> np.ndarray:
        """Return the logit of users among people with access, in observed years."""
        return self._logits(self.shares, self.years)

    def _logits(self, shares: np.ndarray, years: np.ndarray) -> np.ndarray:
        having = np.array([self.access[int(year)] for year in years])
        return logit(np.clip(shares / having, LEAST_RATIO, HIGHEST_RATIO))

    def share_of(self, ratio: np.ndarray, years: np.ndarray) -> np.ndarray:
        """Return shares of all people from logits of the ratio."""
        return expit(ratio) * np.array([self.access[int(year)] for year in years])


@dataclass(frozen=True)
class RatioGroup:
    """What a group of countries says about the ratio: for the two baselines that pool."""

    group: Group
    drift: float


Forecast = Callable[[Series, np.ndarray], np.ndarray]


def last_value(series: Series, years: np.ndarray) -> np.ndarray:
    """Return the last observed share for all later years, the observed one for earlier years."""
    place = np.searchsorted(series.years, years, side="right") - 1
    return series.shares[np.clip(place, 0, None)]


def drift(series: Series, years: np.ndarray) -> np.ndarray:
    """Return the last share plus the mean change per year since the first."""
    slope = (series.shares[-1] - series.shares[0]) / (series.years[-1] - series.years[0])
    return (series.shares[-1] + slope * (years - series.years[-1])).clip(0.0, 1.0)


def trend_5y(series: Series, years: np.ndarray) -> np.ndarray:
    """Return the straight line through the last five years."""
    recent = series.years > series.years[-1] - TREND_YEARS
    if recent.sum() < 2:
        recent[-2:] = True
    slope, height = np.polyfit(series.years[recent] - series.years[-1], series.shares[recent], 1)
    return (height + slope * (years - series.years[-1])).clip(0.0, 1.0)


def logit_ratio_trend(series: Series, years: np.ndarray) -> np.ndarray:
    """Return access times a logistic trend of the ratio, by least squares in logits."""
    slope, height = np.polyfit(series.years - 2010.0, series.ratios(), 1)
    return series.share_of(height + slope * (years - 2010.0), years)


def _bass(ceiling: float, innovation: float, imitation: float, time: np.ndarray) -> np.ndarray:
    falling = np.exp(-(innovation + imitation) * time)
    return ceiling * (1.0 - falling) / (1.0 + imitation / innovation * falling)


def _logistic(ceiling: float, pace: float, middle: float, time: np.ndarray) -> np.ndarray:
    return ceiling * expit(pace * (time - middle))


def _gompertz(ceiling: float, pace: float, middle: float, time: np.ndarray) -> np.ndarray:
    return ceiling * np.exp(-np.exp(np.clip(-pace * (time - middle), -50.0, 50.0)))


@dataclass(frozen=True)
class Curve:
    """A curve of diffusion with a ceiling, its bounds and where searches start; time counts from 1995."""

    function: Callable[..., np.ndarray]
    lowest: tuple[float, float]
    highest: tuple[float, float]
    starts: tuple[tuple[float, float], ...]

    def __call__(self, series: Series, years: np.ndarray) -> np.ndarray:
        """Return the least-squares curve."""
        time = series.years - LAUNCH

        def misfit(found: np.ndarray) -> np.ndarray:
            return self.function(*found, time) - series.shares

        best: Any = None
        for ceiling in (min(0.99, 1.1 * series.shares.max()), 0.9):
            for start in self.starts:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    found = least_squares(
                        misfit,
                        (ceiling, *start),
                        bounds=((1e-3, *self.lowest), (1.0, *self.highest)),
                        x_scale=(0.3, *(np.abs(start) + 1e-3)),
                    )
                best = found if best is None or found.cost < best.cost - 1e-12 else best
        return np.clip(self.function(*best.x, years - LAUNCH), 0.0, 1.0)


LAUNCH = 1995.0
CURVES: dict[str, Curve] = {
    "bass": Curve(_bass, (1e-5, 0.0), (0.5, 2.0), ((0.005, 0.3), (0.02, 0.1))),
    "logistic": Curve(_logistic, (0.01, -20.0), (2.0, 60.0), ((0.3, 12.0), (0.1, 20.0))),
    "gompertz": Curve(_gompertz, (0.01, -20.0), (2.0, 60.0), ((0.2, 10.0), (0.07, 18.0))),
}
ALONE: dict[str, Forecast] = {
    "last_value": last_value,
    "drift": drift,
    "trend_5y": trend_5y,
    **CURVES,
    "logit_ratio_trend": logit_ratio_trend,
}
"""Baselines that know one country only."""


def ratio_group(series: list[Series], until: int) -> RatioGroup:
    """Return what a group's ratios have in common."""
    fits = _pooled(series, until, None)
    slopes = [np.polyfit(one.years - 2010.0, one.ratios(), 1)[0] for one in series]
    return RatioGroup(fits.group, float(np.mean(slopes)))


def _pooled(series: list[Series], until: int, group: Group | None) -> Fits:
    years = np.unique(np.concatenate([one.years for one in series]))
    observed = np.full((len(series), years.size), np.nan)
    for row, one in enumerate(series):
        observed[row, np.searchsorted(years, one.years)] = one.ratios()
    seen = Seen(observed, np.where(np.isfinite(observed), recency(years, until), 0.0))

    def lines(parameters: np.ndarray) -> np.ndarray:
        return parameters[:, :1] + parameters[:, 1:] * (years - 2010.0)

    start = np.tile([0.0, 0.08], (len(series), 1))
    if group is None:
        return fit_group(lines, seen, RATIO_PRIOR, start)
    return fit_countries(lines, seen, group, start)


def forecasts(
    series: list[Series], years: np.ndarray, until: int, group: RatioGroup
) -> dict[str, dict[str, np.ndarray]]:
    """Return every baseline's shares by name and country."""
    found = {name: {one.geo: rule(one, years) for one in series} for name, rule in ALONE.items()}
    pooled = _pooled(series, until, group.group).parameters
    found["hierarchical_logit_ratio"] = {
        one.geo: one.share_of(own[0] + own[1] * (years - 2010.0), years)
        for one, own in zip(series, pooled, strict=True)
    }
    found["pooled_drift"] = {one.geo: _drifting(one, years, group.drift) for one in series}
    return {name: found[name] for name in NAMES}


def _drifting(series: Series, years: np.ndarray, pooled: float) -> np.ndarray:
    """Return access times the ratio of the last three observations, moving with the group's drift."""
    recent = series.ratios()[-RECENT:]
    middle = series.years[-RECENT:].mean()
    return series.share_of(recent.mean() + pooled * (years - middle), years)
