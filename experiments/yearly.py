"""Runs reduced to years: the mean of a year's months in every replication, and an interval over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.intervals import bounds, is_share

if TYPE_CHECKING:
    from model import Results

Key = str | tuple[str, str, str]
"""A measure's id, or (measure, dimension, group)."""

ALL_MONTHS = tuple(range(1, 13))
JANUARY_TO_JUNE = tuple(range(1, 7))
"""The months to which an annual survey is compared."""


@dataclass(frozen=True)
class Yearly:
    """One measure by year: a row per replication, a column per year."""

    years: np.ndarray
    values: np.ndarray
    whole: float | None = None
    """For shares of a whole, what the whole is (1, or 100 for per cent): the interval stays within."""

    @property
    def mean(self) -> np.ndarray:
        """Mean over replications; NaN where no replication defines the measure."""
        return _mean_of_defined(self.values, axis=0)

    @property
    def interval(self) -> tuple[np.ndarray, np.ndarray]:
        """Ends of the 95 % interval of the mean over replications; NaN with one replication."""
        if self.whole is None:
            return bounds(self.values)
        low, high = bounds(self.values / self.whole, share=True)
        return self.whole * low, self.whole * high

    @property
    def defined(self) -> bool:
        """Whether any year has a value."""
        return bool(np.isfinite(self.mean).any())

    def transformed(self, values: np.ndarray, whole: float | None = None) -> Yearly:
        """Return the same years with other values."""
        return Yearly(self.years, values, whole)

    def at(self, year: int) -> float:
        """Return the mean of a year; NaN when the year was not run."""
        found = self.mean[self.years == year]
        return float(found[0]) if found.size else float("nan")


class History:
    """The stored months of an experiment's runs, read as years."""

    def __init__(self, runs: Sequence[Results]) -> None:
        self._runs = tuple(runs)
        first = runs[0]
        year, month = (int(part) for part in first.start.split("-"))
        months = year * 12 + month - 1 + np.arange(first.months)
        self._year, self._month = months // 12, months % 12 + 1
        self._columns: dict[Key, int] = {key: place for place, key in enumerate(first.measures)}
        self._group_columns: dict[Key, int] = {key: place for place, key in enumerate(first.group_keys)}

    @property
    def runs(self) -> int:
        """Number of replications."""
        return len(self._runs)

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds of the replications."""
        return tuple(run.seed for run in self._runs)

    @property
    def years(self) -> np.ndarray:
        """Calendar years of which at least one month was stored."""
        return np.unique(self._year)

    def groups(self, measure: str, dimension: str) -> tuple[str, ...]:
        """Return the groups for which a measure is stored, in stored order."""
        return tuple(key[2] for key in self._group_columns if key[:2] == (measure, dimension))

    def yearly(self, key: Key, months: Sequence[int] = ALL_MONTHS) -> Yearly | None:
        """Return a measure by year (mean of the chosen months); None when not stored or never defined."""
        monthly = self._monthly(key)
        if monthly is None:
            return None
        chosen = np.isin(self._month, months)
        years = [
            year
            for year in self.years
            if len(months) == 12 or (chosen & (self._year == year)).sum() == len(months)
        ]
        columns = [_mean_of_defined(monthly[:, chosen & (self._year == year)], axis=1) for year in years]
        values = np.array(columns).reshape(len(years), self.runs).T
        found = Yearly(np.array(years, dtype=np.int64), values, _whole_of(key))
        return found if found.defined else None

    def first_stored(self, keys: Sequence[Key]) -> Yearly | None:
        """Return the first of several measures that was stored."""
        return next((found for key in keys if (found := self.yearly(key)) is not None), None)

    def last_year(self, key: Key) -> Yearly | None:
        """Return the mean of a measure's last twelve stored months, as one column."""
        monthly = self._monthly(key)
        if monthly is None:
            return None
        end = _mean_of_defined(monthly[:, -12:], axis=1)
        return Yearly(self._year[-1:], end[:, None], _whole_of(key))

    def _monthly(self, key: Key) -> np.ndarray | None:
        """Return a measure's months, one row per replication."""
        if key in self._columns:
            return np.array([run.values[:, self._columns[key]] for run in self._runs])
        if key in self._group_columns:
            return np.array([run.group_values[:, self._group_columns[key]] for run in self._runs])
        return None


def _whole_of(key: Key) -> float | None:
    return 1.0 if is_share(key if isinstance(key, str) else key[0]) else None


def _mean_of_defined(values: np.ndarray, *, axis: int) -> np.ndarray:
    """Return the mean of the finite values; NaN where there is none."""
    finite = np.isfinite(values)
    count = finite.sum(axis=axis)
    total = np.where(finite, values, 0.0).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
