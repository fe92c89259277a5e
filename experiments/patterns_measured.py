"""From runs to numbers: how each measurement of a pattern is taken, run by run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.errors import BadInput, Problem, nearest_name
from experiments.observations import OBSERVED_FOLDER, read_observations
from experiments.patterns_default import FIRST_YEAR, DefaultRun, empty_run
from experiments.summary import interval

if TYPE_CHECKING:
    from model.patterns import Condition, Pattern

FEWEST_COUNTRIES = 11
"""Countries that a year of an observed mean must have: all twelve but one."""
TAKE_OFF = (0.4, 2020.0)
"""Rate and middle year from which a logistic curve is fitted."""

Runs = Mapping[str, Sequence[Any]]
"""Results by world: runs of the default economy, and plain numbers by name of the other worlds."""


@dataclass(frozen=True)
class Measured:
    """A condition with what the runs show: mean over seeds and its 95 % interval."""

    condition: Condition
    value: float | None
    low: float | None
    high: float | None
    runs: int

    @property
    def met(self) -> bool:
        """Return whether the mean, or where asked the whole interval, lies within the tolerance."""
        return self.condition.reported or self.miss == 0.0

    @property
    def miss(self) -> float:
        """Return by how much the tolerance is missed, in the condition's unit; infinite without a value."""
        condition = self.condition
        ends = (self.value, self.low, self.high) if condition.whole_interval else (self.value,)
        if any(end is None or not math.isfinite(end) for end in ends):
            return math.inf
        known = [end for end in ends if end is not None]
        return max(0.0, condition.low - min(known), max(known) - condition.high)


@dataclass(frozen=True)
class Scored:
    """A pattern with the measured values of its conditions."""

    pattern: Pattern
    conditions: tuple[Measured, ...]

    @property
    def passed(self) -> bool:
        """Return whether every condition is met."""
        return all(measured.met for measured in self.conditions)

    @property
    def decisive(self) -> Measured:
        """Return the first condition that is not met, or else the first."""
        return next((one for one in self.conditions if not one.met), self.conditions[0])


def world_of(measurement: str) -> str:
    """Return the world in which a measurement is taken."""
    return _WORLDS.get(measurement, "default")


_WORLDS = {
    "transactions_after_adoption": "offering",
    "leaving_after_adoption": "offering",
    "early_profit": "offering",
    "leaving_when_forced": "forcing",
    "repair_by_help": "forcing",
    "least_repair": "forcing",
    "taken_back": "leaking",
    "taken_back_beyond": "leaking",
    "not_following": "compelling",
    "ceasing_pressure": "pressing",
    "ceasing_year": "pressing",
}


def scored(patterns: Sequence[Pattern], runs: Runs) -> list[Scored]:
    """Return patterns with what the runs show."""
    return [
        Scored(pattern, tuple(_measured(one, runs) for one in pattern.conditions)) for pattern in patterns
    ]


def _measured(condition: Condition, runs: Runs) -> Measured:
    found = runs[world_of(condition.measurement)]
    values = [_value(condition, run) for run in found]
    if any(math.isnan(value) for value in values):
        return Measured(condition, None, None, None, len(values))
    return Measured(condition, *interval(values), len(values))


def _value(condition: Condition, run: Any) -> float:
    """Return what one run shows."""
    if not isinstance(run, DefaultRun):
        return float(run[condition.measurement])
    return float(_DEFAULT[condition.measurement](run, condition))


def refuse_unknown_series(conditions: Iterable[Condition]) -> None:
    """Raise `BadInput` at the first condition that reads a series which does not exist."""
    reading = [condition for condition in conditions if condition.of]
    run = empty_run() if reading else None
    for condition in reading:
        assert run is not None
        for group in {condition.group, condition.to or condition.group}:
            series(run, condition, group)
        if condition.observed is not None:
            observed_mean(condition)


def series(run: DefaultRun, condition: Condition, group: tuple[str, str] | None) -> np.ndarray:
    """Return the monthly sum of the condition's measures, of everybody or in one group."""
    total = np.zeros(len(next(iter(run.measures.values()))))
    for name in condition.of:
        found = run.measures.get(name) if group is None else run.groups.get((name, *group))
        if found is None:
            raise _no_such_series(run, name, group, condition)
        total = total + found
    return total


def _no_such_series(
    run: DefaultRun, name: str, group: tuple[str, str] | None, condition: Condition
) -> BadInput:
    known = sorted({key[1] for key in run.groups if key[0] == name})
    expected = f"a group of {', '.join(known)}" if known else "none: it has no groups"
    got = "none" if group is None else f"{group[0]}: {group[1]}"
    return BadInput(Problem(f"{name} has no such series", expected, got, condition.where))


def level(run: DefaultRun, condition: Condition) -> float:
    """Return the mean of a measure over the first months of a year."""
    return _level(run, condition, condition.group)


def _level(run: DefaultRun, condition: Condition, group: tuple[str, str] | None) -> float:
    return float(series(run, condition, group)[run.months_of(condition.year, condition.months)].mean())


def ratio(run: DefaultRun, condition: Condition) -> float:
    """Return a measure in one group divided by the same in another."""
    whole = _level(run, condition, condition.to)
    return _level(run, condition, condition.group) / whole if whole else math.nan


def yearly(run: DefaultRun, condition: Condition) -> np.ndarray:
    """Return the means of the condition's years, over their first months."""
    values = series(run, condition, condition.group)
    years = range(condition.first, condition.last + 1)
    return np.array([values[run.months_of(year, condition.months)].mean() for year in years])


def gap_to_observed(run: DefaultRun, condition: Condition) -> float:
    """Return the root mean squared gap to the mean of the observed countries, as a share."""
    observed = observed_mean(condition)
    simulated = dict(zip(range(condition.first, condition.last + 1), yearly(run, condition), strict=True))
    gaps = [simulated[year] - value for year, value in observed.items()]
    return float(np.sqrt(np.mean(np.square(gaps))))


def observed_mean(condition: Condition) -> dict[int, float]:
    """Return the mean over countries by year, where (nearly) all have a value, as a share."""
    tables = {path.stem: path for path in OBSERVED_FOLDER.glob("*.csv")}
    name = condition.observed or ""
    if name not in tables:
        expected = "a table of experiments/observed"
        problem = Problem(
            f"no observed series '{name}'", expected, "", condition.where, nearest_name(name, tables)
        )
        raise BadInput(problem)
    by_year: dict[int, list[float]] = {}
    for row in read_observations(tables[name]):
        if condition.first <= row.year <= condition.last:
            by_year.setdefault(row.year, []).append(row.value / 100.0)
    means = {
        year: float(np.mean(values)) for year, values in by_year.items() if len(values) >= FEWEST_COUNTRIES
    }
    if not means:
        raise BadInput(
            Problem(f"{name} has no year with enough countries", "other years", where=condition.where)
        )
    return means


def growth(run: DefaultRun, condition: Condition) -> float:
    """Return the rate of the curve 1 / (1 + e^(−rate · (year − middle))) through one run, per year."""
    from scipy.optimize import curve_fit

    first, last = (condition.first - FIRST_YEAR) * 12, (condition.last - FIRST_YEAR + 1) * 12
    shares = series(run, condition, condition.group)[first:last]
    years = condition.first + np.arange(last - first) / 12.0
    if not np.isfinite(shares).all() or shares.max() - shares.min() < 0.05:
        return math.nan
    (rate, _), _ = curve_fit(_logistic, years, shares, p0=TAKE_OFF, maxfev=20_000)
    return float(rate)


def _logistic(years: np.ndarray, rate: float, middle: float) -> np.ndarray:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(rate * (years - middle), -60.0, 60.0))))


def smallest(run: DefaultRun, condition: Condition) -> float:
    """Return the smallest yearly mean."""
    return float(yearly(run, condition).min())


def largest(run: DefaultRun, condition: Condition) -> float:
    """Return the largest yearly mean."""
    return float(yearly(run, condition).max())


_DEFAULT: Mapping[str, Callable[[DefaultRun, Condition], float]] = {
    "level": level,
    "ratio": ratio,
    "smallest": smallest,
    "largest": largest,
    "gap_to_observed": gap_to_observed,
    "growth": growth,
    "labour_of_adopters": lambda run, condition: run.labour[condition.year],
    "heavy_hours": lambda run, condition: run.heavy_hours[condition.year],
    "leaving_slope_at_none": lambda run, _: run.leaving_slopes[0],
    "leaving_slope_at_all": lambda run, _: run.leaving_slopes[1],
}
TAKEN = frozenset({*_DEFAULT, *_WORLDS})
"""Measurements that are taken here; the same as `model.patterns.MEASUREMENTS` declares."""
