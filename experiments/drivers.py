"""The world outside the model: access and wages, read from tables and carried on where a table ends.

An experiment names a table and a country for each driver. The model gets monthly values that reach six
years before the start (burn-in) and six years beyond the end (firms look five years ahead). Notes say what
was repaired or extrapolated; the command line prints them and the report shows them.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from experiments.curves import (
    HIGHEST_ACCESS_SHARE,
    MID_YEAR,
    Curve,
    access_curve,
    boundary_growth,
    growth_curve,
    pooled_falls,
    smooth_monotone,
)
from experiments.observations import DriverError, ObservedSeries, read_observations, select_series

if TYPE_CHECKING:
    from model.technology import Drivers, Series

__all__ = ["DriverError", "DriverSource", "DriverSources", "drivers_of", "smooth_monotone"]

YEARS_AROUND = 6
"""Years covered before the start and after the end of the run."""
FEWEST_YEARS = 4
LONGEST_GAP_YEARS = 10
WAGE_BASE_YEAR = 2019
PRICE_YEAR = 2024
"""Money in the catalogue is in euros of this year: the wage must reach it, whatever the horizon of a run."""
FIRST_SURVEY_YEAR = 2003
"""Internet use is estimated before the first harmonised surveys: an order of magnitude only."""
ESTIMATE_WEIGHT = 0.25
"""Weight of an estimate beside a survey where a fall has to be pooled; `assumption`."""


class DriverSource(Protocol):
    """One driver of an experiment: a table, a country, and the indicator when the table has several."""

    @property
    def file(self) -> Path | str:
        """The table, as a path that can be opened."""

    @property
    def geo(self) -> str | None:
        """The country code, as the table writes it; None when the table has only one."""

    @property
    def indicator(self) -> str | None:
        """The indicator; None when the table has only one."""


class DriverSources(Protocol):
    """The `drivers` of an experiment; what it leaves out follows the model's built-in curve."""

    @property
    def access(self) -> DriverSource | None:
        """Share of people who use the internet."""

    @property
    def wage(self) -> DriverSource | None:
        """Real wage per hour, in any unit."""


def drivers_of(sources: DriverSources, start: str, months: int) -> tuple[Drivers, list[str]]:
    """Return the model's drivers for a run and notes on what was repaired or extrapolated.

    Parameters
    ----------
    sources : tables and countries.
    start : first stored month, such as "1990-01".
    months : stored months.

    Raises
    ------
    DriverError : when a table cannot be used; its text names file, line, what was expected and what was got.
    """
    from model.technology import Drivers

    times = month_times(start, months)
    access, access_notes = access_series(sources.access, times) if sources.access else (None, [])
    wage, wage_notes = wage_series(sources.wage, reaching(times, PRICE_YEAR)) if sources.wage else (None, [])
    return Drivers(access=access, wage=wage), access_notes + wage_notes


def month_times(start: str, months: int) -> np.ndarray:
    """Return the middle of every month that drivers cover, in decimal years.

    >>> month_times("1990-01", 12)[[0, -1]].round(2).tolist()
    [1984.04, 1996.96]
    """
    year, month = (int(part) for part in start.split("-"))
    first_month = (year - YEARS_AROUND) * 12 + month - 1
    return (first_month + np.arange(months + 2 * 12 * YEARS_AROUND) + 0.5) / 12.0


def reaching(times: np.ndarray, year: int) -> np.ndarray:
    """Return months stretched, if need be, so that they contain a whole year.

    >>> reaching(month_times("1990-01", 12), 2024)[[0, -1]].round(2).tolist()
    [1984.04, 2024.96]
    """
    months = np.round(times * 12.0 - 0.5)
    first, last = min(months[0], year * 12.0), max(months[-1], year * 12.0 + 11.0)
    return (np.arange(first, last + 1.0) + 0.5) / 12.0


def access_series(source: DriverSource, times: np.ndarray) -> tuple[Series, list[str]]:
    """Return the share of people with access in every month, and notes."""
    return access_through(_observed(source), times)


def access_through(observed: ObservedSeries, times: np.ndarray) -> tuple[Series, list[str]]:
    """Return the share of people with access in every month through an observed series, and notes."""
    shares = access_shares(observed)
    weights = np.where(observed.years < FIRST_SURVEY_YEAR, ESTIMATE_WEIGHT, 1.0)
    curve = access_curve(observed.years, shares, weights=weights)
    notes = [_origin_note("access", observed)]
    notes += _pooling_notes(observed, shares, weights)
    notes += _gap_notes("access", observed)
    ways = "a logistic decline towards 0", "damped logistic growth towards 98 %"
    notes += _span_notes("access", observed, times, ways)
    return _monthly(curve, times), notes


def access_shares(observed: ObservedSeries) -> np.ndarray:
    """Return an access series as shares of 1; its unit says whether it comes in per cent."""
    unit, per_cent = observed.unit, is_per_cent(observed.unit)
    scale = 100.0 if per_cent else 1.0
    for row in observed.rows:
        if row.value < 0.0:
            raise observed.error(f"value: expected a share of people, 0 or more, got {row.value:g}", row)
        if row.value > scale and per_cent:
            raise observed.error(f"value: expected at most 100 %, got {row.value:g} %", row)
        if row.value > scale:
            expected = f"expected a share from 0 to 1 because the unit ({unit or 'empty'}) names no %"
            hint = "write % in the unit column if these are per cent"
            raise observed.error(f"value: {expected}, got {row.value:g}; {hint}", row)
    if per_cent and observed.values.max() <= 1.0:
        got = f"got no value above 1 for {observed.geo}; write 'share' in the unit column if these are shares"
        raise observed.error(
            f"value: expected per cent because the unit is {unit!r}, {got}", observed.rows[-1]
        )
    return observed.values / scale


def is_per_cent(unit: str) -> bool:
    """Return whether a unit is per cent.

    >>> [is_per_cent(unit) for unit in ("% of population", "per cent", "share", "per 100,000 adults")]
    [True, True, False, False]
    """
    return any(word in unit.lower() for word in ("%", "percent", "per cent"))


def wage_series(source: DriverSource, times: np.ndarray) -> tuple[Series, list[str]]:
    """Return the real wage index of every month (1 in 2019, or in the last year if earlier), and notes."""
    observed = _observed(source)
    _refuse_no_wage(observed)
    curve = growth_curve(observed.years, observed.values)
    base_year = int(np.clip(WAGE_BASE_YEAR, observed.years[0], observed.years[-1]))
    base = float(curve(np.array([base_year + MID_YEAR]))[0])
    before, after = boundary_growth(observed.years, observed.values)
    ways = _mean_growth("first", before), _mean_growth("last", after)
    notes = [f"{_origin_note('wage', observed)}, index 1 in {base_year}", *_gap_notes("wage", observed)]
    notes += _span_notes("wage", observed, times, ways)
    return _monthly(lambda time: curve(time) / base, times), notes


def _refuse_no_wage(observed: ObservedSeries) -> None:
    """Raise when a series cannot be a wage: a rate of growth, or not above 0."""
    if is_per_cent(observed.unit):
        expected = f"expected a wage level or index, got {observed.unit!r}, which is a rate"
        raise observed.error(f"unit: {expected}", observed.rows[0])
    for row in observed.rows:
        if row.value <= 0.0:
            raise observed.error(f"value: expected a wage above 0, got {row.value:g}", row)


def _mean_growth(ten_years: str, growth: float) -> str:
    """Say at which rate a wage goes on where its figures end."""
    return f"the mean growth of the {ten_years} ten years, {100.0 * np.expm1(growth):.1f} % a year"


def _observed(source: DriverSource) -> ObservedSeries:
    """Return the series that a driver names, long and dense enough to be joined."""
    rows = read_observations(source.file)
    return dense_enough(select_series(rows, source.file, source.geo, source.indicator))


def dense_enough(observed: ObservedSeries) -> ObservedSeries:
    """Return a series if its figures are many and near enough to be joined; raise DriverError if not."""
    rows = observed.rows
    if len(rows) < FEWEST_YEARS:
        expected = f"expected at least {FEWEST_YEARS} years for {observed.geo}, got {len(rows)}"
        raise observed.error(expected, rows[-1])
    for earlier, later in itertools.pairwise(rows):
        if later.unit != earlier.unit:
            expected = f"expected {earlier.unit!r} as in {earlier.year}, got {later.unit!r}"
            raise observed.error(f"unit: {expected}", later)
        if later.year - earlier.year > LONGEST_GAP_YEARS:
            expected = (
                f"expected at most {LONGEST_GAP_YEARS} years from one figure of {observed.geo} to the next"
            )
            raise observed.error(f"year: {expected}, got {earlier.year} to {later.year}", later)
    return observed


def _monthly(curve: Curve, times: np.ndarray) -> Series:
    """Return a curve as the model's series: one value per month, from the beginning of the first month."""
    from model.technology import Series

    first_year = round(float(times[0]) * 12.0 - 0.5) / 12.0
    return Series(first_year, np.ascontiguousarray(curve(times), dtype=np.float64))


def _origin_note(name: str, observed: ObservedSeries) -> str:
    """Say where a driver comes from."""
    years = f"{observed.years[0]}-{observed.years[-1]}"
    sources = "; ".join(observed.sources) or observed.file.name
    return f"{name}: {observed.indicator} of {observed.geo}, {years} ({sources})"


def _pooling_notes(observed: ObservedSeries, shares: np.ndarray, weights: np.ndarray) -> list[str]:
    """Say which falls of a series were taken as artefacts, and by how much figures moved."""
    fallen = observed.years[1:][np.diff(shares) < 0.0]
    if not fallen.size and shares.max() <= HIGHEST_ACCESS_SHARE:
        return []
    moved = 100.0 * np.abs(np.minimum(pooled_falls(shares, weights), HIGHEST_ACCESS_SHARE) - shares).max()
    falls = f"falls in {', '.join(map(str, fallen))} smoothed away" if fallen.size else "clipped at 99.5 %"
    return [f"access: {falls}; no figure moved by more than {moved:.1f} percentage points"]


def _gap_notes(name: str, observed: ObservedSeries) -> list[str]:
    """Say which years between figures are interpolated."""
    years = observed.years
    missing = np.setdiff1d(np.arange(years[0], years[-1] + 1), years)
    return [f"{name}: {_ranges(missing)} interpolated; no figure was published"] if missing.size else []


def _span_notes(name: str, observed: ObservedSeries, times: np.ndarray, ways: tuple[str, str]) -> list[str]:
    """Say which years before the first and after the last figure are extrapolated, and how."""
    first, last = int(times[0]), int(times[-1])
    notes = []
    if first < observed.years[0]:
        notes.append(f"{name}: {_ranges(np.arange(first, observed.years[0]))} extrapolated by {ways[0]}")
    if last > observed.years[-1]:
        notes.append(
            f"{name}: {_ranges(np.arange(observed.years[-1] + 1, last + 1))} extrapolated by {ways[1]}"
        )
    return notes


def _ranges(years: np.ndarray) -> str:
    """Return years as ranges.

    >>> _ranges(np.array([2007, 2008, 2009, 2013]))
    '2007-2009, 2013'
    """
    runs = np.split(years, np.flatnonzero(np.diff(years) > 1) + 1)
    return ", ".join(str(run[0]) if run.size == 1 else f"{run[0]}-{run[-1]}" for run in runs)
