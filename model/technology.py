"""Technology, access and wages: what moves from outside.

Without observed drivers, smooth built-in curves are used; with them, the observed series where it
exists and the built-in curve's growth beyond its ends.
"""

from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np

from model.parameters import Parameters

# Internet share of people: mean of twelve European countries, smoothed (World Bank / ITU via MODEL_NOTES c).
_INTERNET = np.array(
    [
        (1985, 0.0), (1990, 0.002), (1995, 0.02), (1997, 0.06), (1999, 0.15), (2001, 0.27), (2003, 0.39),
        (2005, 0.50), (2007, 0.585), (2010, 0.675), (2013, 0.735), (2016, 0.785), (2019, 0.84), (2022, 0.895),
        (2030, 0.94), (2050, 0.97),
    ]
)  # fmt: skip
# Mobile internet share of people: assumption (MODEL_NOTES c).
_MOBILE = np.array(
    [
        (2005, 0.0), (2007, 0.02), (2009, 0.08), (2011, 0.22), (2013, 0.40), (2016, 0.60), (2019, 0.74),
        (2022, 0.82), (2030, 0.90), (2050, 0.94),
    ]
)  # fmt: skip
# Staff shortage: assumption; direction: EHI names it as the driver of self-checkout.
_VACANCY = np.array([(2010, 0.0), (2015, 0.3), (2019, 0.7), (2022, 1.0)])
_WAGE_BASE_YEAR = 2024.0  # wages and money of the catalogue are euros of this year
_SKILL_BASE_YEAR = 2023.0  # digital skills were measured in this year


class Series(NamedTuple):
    """A monthly series: value i belongs to the month i after ``first_year``."""

    first_year: float
    monthly: np.ndarray


class Drivers(NamedTuple):
    """Observed series that drive an economy; None for the built-in curve.

    ``access`` and ``mobile`` are shares of people, ``wage`` is an index of which only ratios matter.
    """

    access: Series | None = None
    wage: Series | None = None
    mobile: Series | None = None


class Curve:
    """A smooth monotone curve through a few points (year, value), flat beyond them.

    Examples
    --------
    >>> Curve(np.array([(2000.0, 0.0), (2010.0, 1.0)])).at(2005.0)
    0.5
    """

    def __init__(self, points: np.ndarray) -> None:
        self._points = points

    @cached_property
    def _table(self) -> tuple[list[float], list[float]]:
        from scipy.interpolate import PchipInterpolator

        years, values = self._points.T
        monthly = np.linspace(years[0], years[-1], round(12 * (years[-1] - years[0])) + 1)
        return monthly.tolist(), PchipInterpolator(years, values)(monthly).tolist()

    def at(self, year: float) -> float:
        """Return the curve at a year."""
        months, values = self._table
        place = bisect_right(months, year) - 1
        if place < 0 or place == len(months) - 1:
            return values[max(0, place)]
        slope = (values[place + 1] - values[place]) / (months[place + 1] - months[place])
        return slope * (year - months[place]) + values[place]


_INTERNET_CURVE, _MOBILE_CURVE, _VACANCY_CURVE = Curve(_INTERNET), Curve(_MOBILE), Curve(_VACANCY)


class Technology:
    """Access, wages and skill in the current month, and access some years ahead."""

    def __init__(self, parameters: Parameters, drivers: Drivers | None = None) -> None:
        self._parameters = parameters
        self._drivers = drivers or Drivers()
        self.year = 0.0
        self.internet = self.mobile = self.vacancy = self.wage_growth = 0.0
        self.wage_index = 1.0

    def advance(self, year: float) -> None:
        """Move to a month, given as a year with fraction."""
        self.year = year
        self.internet, self.mobile = self.access(year), self.mobile_access(year)
        self.vacancy = self._parameters.technology.vacancy * _VACANCY_CURVE.at(year)
        self.wage_index = self.wage(year)
        self.wage_growth = self.wage_index / self.wage(year - 1.0) - 1.0

    @property
    def price_level(self) -> float:
        """Index of fees, premises and other cost, which follow real wages; 1 in 2024."""
        return self.wage_index

    def access(self, year: float) -> float:
        """Return the share of people with internet access."""
        observed = _at(self._drivers.access, year, _INTERNET_CURVE.at, ceiling=0.995)
        return min(1.0, self._parameters.technology.access_ceiling * observed)

    def mobile_access(self, year: float) -> float:
        """Return the share of people with mobile internet: observed, or the usual share of internet users."""
        if self._drivers.mobile is not None:
            return min(1.0, _at(self._drivers.mobile, year, _MOBILE_CURVE.at, ceiling=0.995))
        usual = _INTERNET_CURVE.at(year)
        return self.access(year) * min(1.0, _MOBILE_CURVE.at(year) / usual) if usual > 0.0 else 0.0

    def access_for(self, kind: int, years_ahead: float) -> float:
        """Return access to a kind of technology (0 none, 1 internet, 2 mobile) some years ahead."""
        if kind == 0:
            return 1.0
        year = self.year + years_ahead
        return self.access(year) if kind == 1 else self.mobile_access(year)

    def wage(self, year: float) -> float:
        """Return the real wage index, 1 in 2024."""
        growth = self._parameters.technology.wage_growth

        def usual(when: float) -> float:
            return float(np.exp(growth * (when - _WAGE_BASE_YEAR)))

        if self._drivers.wage is None:
            return usual(year)
        base = _at(self._drivers.wage, _WAGE_BASE_YEAR, usual)
        return _at(self._drivers.wage, year, usual) / base

    def skill_shift(self) -> float:
        """Return how much more skilled people of a kind are than in 2023."""
        return self._parameters.consumer.skill_drift * (self.year - _SKILL_BASE_YEAR)

    def minutes_factor(self) -> float:
        """Return own minutes relative to 2024: better design."""
        return float(np.exp(-self._parameters.technology.minutes_decline * (self.year - _WAGE_BASE_YEAR)))


def _at(
    series: Series | None, year: float, usual: Callable[[float], float], *, ceiling: float = np.inf
) -> float:
    """Return a series at a year; beyond its ends, the usual curve scaled to meet it."""
    if series is None:
        return min(ceiling, usual(year))
    place = (year - series.first_year) * 12.0
    last = len(series.monthly) - 1
    inside = min(max(place, 0.0), float(last))
    row = int(inside)
    now, then = float(series.monthly[row]), float(series.monthly[min(row + 1, last)])
    value = (then - now) * (inside - row) + now
    if inside == place:
        return min(ceiling, value)
    seam = usual(series.first_year + inside / 12.0)
    return min(ceiling, value * usual(year) / seam) if seam > 0.0 else value
