"""Simulated beside observed: which measure answers to which published series, and how far apart they are.

An observed year is compared with the mean of January to June of the simulated measure. Years to 2015 may be
used for calibration, 2016-2019 only for validation; a run itself fits nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.observations import (
    ObservedSeries,
    break_years,
    observed_series,
    read_observations,
    spliced_index,
)
from experiments.yearly import JANUARY_TO_JUNE, History, Key, Yearly

if TYPE_CHECKING:
    from experiments.config import Experiment

LAST_CALIBRATION_YEAR = 2015
LAST_VALIDATION_YEAR = 2019
PERIODS = (
    (f"to {LAST_CALIBRATION_YEAR}", 0, LAST_CALIBRATION_YEAR, "may be used for calibration"),
    (
        f"{LAST_CALIBRATION_YEAR + 1}-{LAST_VALIDATION_YEAR}",
        LAST_CALIBRATION_YEAR + 1,
        LAST_VALIDATION_YEAR,
        "kept for validation: not fitted, but seen while the model was built",
    ),
)
INDEX_BASE_YEAR = 2004
COUNTRIES = {
    "AT": "Austria",
    "DE": "Germany",
    "DK": "Denmark",
    "EE": "Estonia",
    "EL": "Greece",
    "ES": "Spain",
    "FI": "Finland",
    "FR": "France",
    "HU": "Hungary",
    "IT": "Italy",
    "PL": "Poland",
    "RO": "Romania",
}
"""Countries with observed series, by their Eurostat codes."""

SHARES = (
    ("Internet banking", "internet_banking", "internet_banking_share"),
    ("Online purchases", "online_purchases", "online_purchase_share"),
    ("E-government", "e_government", "e_government_share"),
)
CLOSED_COUNTERS: tuple[Key, ...] = (("closed_share", "sector", "bank"), ("closed_share", "task", "cash"))
OFFERED_MACHINES: tuple[Key, ...] = (("offered_share", "channel", "cash.cash_machine"),)


@dataclass(frozen=True)
class Comparison:
    """One published series and the measure that answers to it, year by year."""

    name: str
    unit: str
    simulated_as: str
    observed: ObservedSeries
    observed_values: np.ndarray
    simulated: Yearly
    base_year: int | None = None

    @property
    def years(self) -> np.ndarray:
        """Years that were both observed and simulated."""
        run = self.simulated.years[np.isfinite(self.simulated.mean)]
        return np.intersect1d(self.observed.years, run)

    @property
    def tells_something(self) -> bool:
        """Whether there is a year in which the two could differ: an index agrees in its base year."""
        return bool((self.years != self.base_year).any())

    def observed_at(self, year: int) -> float:
        """Return the observed value of a year, in the unit of the comparison."""
        found = self.observed_values[self.observed.years == year]
        return float(found[0]) if found.size else float("nan")

    def errors(self, first: int, last: int) -> np.ndarray:
        """Return simulated minus observed in the years from first to last."""
        years = [year for year in self.years if first <= year <= last and year != self.base_year]
        return np.array([self.simulated.at(year) - self.observed_at(year) for year in years])

    def root_mean_square_error(self, first: int, last: int) -> float:
        """Return the root mean square error in the years from first to last; NaN without any."""
        errors = self.errors(first, last)
        return float(np.sqrt(np.mean(errors**2))) if errors.size else float("nan")


def country_of(experiment: Experiment) -> str | None:
    """Return the country whose access or wages drive an experiment, or None."""
    drivers = experiment.drivers
    for source in () if drivers is None else (drivers.access, drivers.wage):
        if source is not None:
            return source.geo or read_observations(source.file)[0].geo
    return None


def comparisons(experiment: Experiment, history: History) -> list[Comparison]:
    """Return every comparison for which a country, a published series and a stored measure exist."""
    geo = country_of(experiment)
    if geo is None:
        return []
    found = [*_shares(history, geo), branches(history, geo), cash_machines(history, geo)]
    return [comparison for comparison in found if comparison is not None and comparison.tells_something]


def _shares(history: History, geo: str) -> Iterator[Comparison]:
    """Yield the comparisons of shares of people, in per cent."""
    for name, indicator, measure in SHARES:
        observed, simulated = observed_series(indicator, geo), history.yearly(measure, JANUARY_TO_JUNE)
        if observed is not None and simulated is not None and np.nanmax(simulated.mean) > 0.0:
            percent = simulated.transformed(100.0 * simulated.values, 100.0)
            answer = f"{measure}, mean of January to June"
            yield Comparison(name, "% of people 16-74", answer, observed, observed.values, percent)


def branches(history: History, geo: str) -> Comparison | None:
    """Return bank branches beside the simulated share of counters that are open, both as an index."""
    closed = history.first_stored(CLOSED_COUNTERS)
    if closed is None:
        return None
    open_share = closed.transformed(1.0 - closed.values, 1.0)
    return _index("Bank branches", "bank_branches", geo, (open_share, "share of bank counters that are open"))


def cash_machines(history: History, geo: str) -> Comparison | None:
    """Return cash machines beside the simulated share of customers who are offered one, both as an index."""
    offered = history.first_stored(OFFERED_MACHINES)
    if offered is None:
        return None
    return _index("Cash machines", "cash_machines", geo, (offered, "share of customers who are offered one"))


def _index(name: str, indicator: str, geo: str, simulated: tuple[Yearly, str]) -> Comparison | None:
    """Compare a count of premises with a share; the first year of both is 100."""
    observed = observed_series(indicator, geo)
    share, answer = simulated
    if observed is None:
        return None
    common = np.intersect1d(observed.years, share.years[np.nan_to_num(share.mean) > 0.0])
    common = common[common >= INDEX_BASE_YEAR]
    if not common.size:
        return None
    base = int(common[0])
    of_base = share.transformed(100.0 * share.values / share.at(base))
    index = spliced_index(observed, base, break_years(indicator, geo))
    return Comparison(name, f"index, {base} = 100", answer, observed, index, of_base, base)


def comparison_lines(compared: Sequence[Comparison]) -> list[str]:
    """Return what the command line prints: the last common year of each series, and the errors."""
    lines = []
    for comparison in compared:
        year = int(comparison.years[-1])
        percent, index = (" %", "") if comparison.base_year is None else ("", f" ({comparison.unit})")
        observed = f"{comparison.observed_at(year):.0f}{percent}"
        simulated = _shown(comparison, year, percent)
        lines.append(f"{comparison.name} {year}{index}: simulated {simulated}, observed {observed}")
        if comparison.base_year is None:
            lines += _error_lines(comparison)
    return lines


def _shown(comparison: Comparison, year: int, percent: str) -> str:
    """Return a simulated value with its interval over replications, if there is one."""
    value = comparison.simulated.at(year)
    low, high = (float(end[comparison.simulated.years == year][0]) for end in comparison.simulated.interval)
    between = f" ({low:.0f} to {high:.0f})" if np.isfinite(low) else ""
    return f"{value:.0f}{percent}{between}"


def _error_lines(comparison: Comparison) -> list[str]:
    """Return the root mean square errors of the years that may calibrate and of those that validate."""
    lines = []
    for label, first, last, role in PERIODS:
        count = comparison.errors(first, last).size
        if count:
            error = comparison.root_mean_square_error(first, last)
            lines.append(f"  typical error {label}: {error:.1f} percentage points ({count} years, {role})")
    return lines
