"""What the findings stand on: results of several experiments, read by name, choice and year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from experiments.intervals import is_share
from experiments.outcomes import Outcome, outcome_of
from experiments.paired import Interval, Point, interval_of, points_of

if TYPE_CHECKING:
    import pandas as pd

MEASURES = (
    "self_service_share",
    "forced_share",
    "unwilling_share",
    "voluntary_share",
    "closed_share",
    "rollbacks",
    "unpaid_hours_gross",
    "unpaid_hours_net",
    "unpaid_hours_felt",
    "unpaid_hours_value",
    "leisure_share",
    "hours_gini",
    "awareness_gap",
    "waiting_imposed_hours",
    "excluded_share",
    "saving_total",
    "saving_technology",
    "saving_fixed",
    "saving_leakage",
    "saving_compensation",
    "saving_prices",
    "saving_profit",
    "customers_gain",
    "price_index",
    "compensation_ratio",
    "contribution_return",
    "service_return",
)
"""What the findings read."""


class Evidence:
    """The results of one experiment, by design point and year."""

    def __init__(self, archive: Any) -> None:
        self.archive = archive
        self.name: str = archive.experiment.name

    @cached_property
    def points(self) -> list[Point]:
        """The design points, the reference first."""
        return points_of(self.archive)

    @cached_property
    def runs(self) -> int:
        """Replications per point."""
        return int(self.archive.runs["replication"].nunique())

    @cached_property
    def all_runs(self) -> int:
        """Runs in all."""
        return len(self.archive.runs)

    @cached_property
    def years(self) -> list[int]:
        """Calendar years of which all months were run."""
        year, month = self._begin
        first = year if month == 1 else year + 1
        return list(range(first, (year * 12 + month - 1 + self.archive.experiment.months) // 12))

    @property
    def _begin(self) -> tuple[int, int]:
        year, month = (int(part) for part in self.archive.experiment.start.split("-"))
        return year, month

    @cached_property
    def _table(self) -> pd.DataFrame:
        """Yearly means: measure, year and point by row, a column per replication."""
        year, month = self._begin
        series = self.archive.series(list(MEASURES))
        series["year"] = (year * 12 + month - 1 + series["month"]) // 12
        keys = ["run_id", "measure", "year"]
        yearly = series.groupby(keys, observed=True, as_index=False)["value"].mean()
        runs = self.archive.runs[["run_id", "design_point", "replication"]]
        index = ["measure", "design_point", "year"]
        return yearly.merge(runs, on="run_id").pivot_table(index=index, columns="replication", values="value")

    @property
    def last(self) -> int:
        """The last full year."""
        return self.years[-1]

    def values(self, measure: str, point: int = 0, year: int | None = None) -> np.ndarray:
        """Return a measure in every replication, mean of a year; the last one by default."""
        row: Any = self._table.loc[cast("Any", (measure, point, year or self.last))]
        return np.asarray(row, dtype=float)

    def level(self, measure: str, point: int = 0, year: int | None = None) -> Interval:
        """Return a measure's mean and interval over runs."""
        return interval_of(self.values(measure, point, year), share=is_share(measure))

    def change(self, measure: str, point: int, reference: int = 0, year: int | None = None) -> Interval:
        """Return a paired difference between two points."""
        return interval_of(self.values(measure, point, year) - self.values(measure, reference, year))

    def over_time(self, measure: str, first: int, last: int, point: int = 0) -> Interval:
        """Return a measure's change between two years, run by run."""
        return interval_of(self.values(measure, point, last) - self.values(measure, point, first))

    def relative(self, measure: str, point: int, reference: int = 0) -> np.ndarray:
        """Return a paired change relative to the reference's level, run by run."""
        base = self.values(measure, reference)
        return np.asarray((self.values(measure, point) - base) / np.where(base == 0.0, np.nan, base))

    def named(self, label: str) -> int:
        """Return the design point with a label."""
        return next(point.number for point in self.points if point.label == label)

    def at(self, **varied: Any) -> int:
        """Return the design point with these values; names with `__` for a dot."""
        wanted = {name.replace("__", "."): value for name, value in varied.items()}
        return next(
            p.number
            for p in self.points
            if all(p.varied.get(name) == value for name, value in wanted.items())
        )

    @property
    def strongest(self) -> Point:
        """The last design point: the strongest dose where strengths rise."""
        return self.points[-1]


@dataclass(frozen=True)
class Figure:
    """A number in the text, as `--json` has it."""

    experiment: str
    measure: str
    found: Interval

    def as_json(self) -> dict[str, Any]:
        """Return it with null for what is not defined."""
        ends = {
            name: None if np.isnan(value) else value
            for name, value in (
                ("value", self.found.mean),
                ("low", self.found.low),
                ("high", self.found.high),
            )
        }
        return {"experiment": self.experiment, "measure": self.measure, **ends, "runs": self.found.runs}


@dataclass(frozen=True)
class Claim:
    """What the runs say in a few words, what carries it, and the figures."""

    verdict: str
    text: str
    figures: Sequence[Figure] = ()


Found = Mapping[str, Evidence]


def told(outcome: Outcome, level: Interval) -> str:
    """Return a level with its interval.

    >>> told(outcome_of("forced_share"), Interval(0.486, 0.48, 0.492, 4))
    '48.6 % (48.0 to 49.2)'
    """
    return f"{outcome.shown(level.mean)}{_between(outcome, level, signed=False)}"


def told_change(outcome: Outcome, change: Interval) -> str:
    """Return a difference with its sign and interval.

    >>> told_change(outcome_of("unpaid_hours_net"), Interval(-3.0, -3.5, -2.5, 4))
    '−3.00 h/yr (−3.50 to −2.50)'
    """
    return f"{outcome.shown_change(change.mean)}{_between(outcome, change, signed=True)}"


def _between(outcome: Outcome, found: Interval, *, signed: bool) -> str:
    from experiments.outcomes import figure
    from experiments.outcomes import signed as with_sign

    if found.runs < 2:
        return ""
    shown = with_sign if signed else figure
    low, high = (shown(outcome.scale * end) for end in (found.low, found.high))
    return f" ({low} to {high})"


def level_claim(
    evidence: Evidence, measure: str, point: int = 0, year: int | None = None
) -> tuple[str, Figure]:
    """Return a level in words, and its figure."""
    found = evidence.level(measure, point, year)
    return told(outcome_of(measure), found), Figure(evidence.name, measure, found)


def change_claim(evidence: Evidence, measure: str, point: int, reference: int = 0) -> tuple[str, Figure]:
    """Return a paired difference in words, and its figure."""
    found = evidence.change(measure, point, reference)
    return told_change(outcome_of(measure), found), Figure(evidence.name, measure, found)
