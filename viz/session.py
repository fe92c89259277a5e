"""A session: one economy of one visitor, inside a worker process; nothing else moves an economy."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from model.economy import BURN_IN
from model.measures import MEASURES
from viz.inside import Diaries, answer
from viz.scenario import Scenario

LORENZ_POINTS = 21
SHARED_FROM = 20_000
"""Consumers from which several threads share the work of a month."""


@dataclass
class Months:
    """Consecutive months of one economy, ready to be sent."""

    first: int
    values: list[list[float]] = field(default_factory=list)
    groups: list[np.ndarray] = field(default_factory=list)
    lorenz: list[np.ndarray] = field(default_factory=list)

    def packed(self) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
        """Return the first month and arrays by month: measures, groups, Lorenz curve."""
        return (
            self.first,
            np.array(self.values, dtype=np.float64),
            np.array(self.groups, dtype=np.float32),
            np.array(self.lorenz, dtype=np.float32),
        )


class Session:
    """An economy that is built, moved month by month, and looked at.

    Parameters
    ----------
    scenario : what it is made of.
    on_burn_in : called with the number of finished months of the burn-in; may raise to give up.
    """

    def __init__(self, scenario: Scenario, on_burn_in: Callable[[int], None]) -> None:
        threads = (os.cpu_count() or 1) if scenario.consumers >= SHARED_FROM else 1
        self.economy = scenario.economy(threads=threads, on_burn_in=on_burn_in)
        self.diaries = Diaries(self.economy)
        self.waiting = Months(0)

    @property
    def month(self) -> int:
        """Months that were lived through after the burn-in."""
        return int(self.economy.month)

    def advance(self) -> None:
        """Live through a month and keep its measures until they are collected."""
        self.economy.step()
        self.diaries.write()
        waiting = self.waiting
        waiting.values.append([self.economy.measures[name] for name in MEASURES])
        waiting.groups.append(self.economy.grouped_measures().values)
        waiting.lorenz.append(lorenz_curve(*self.economy.snapshot().minutes))

    def collect(self) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
        """Return the months since the last collection."""
        packed, self.waiting = self.waiting.packed(), Months(self.month)
        return packed

    def group_keys(self) -> tuple[tuple[str, str, str], ...]:
        """Return (measure, dimension, group) of the grouped values; known after the burn-in."""
        return self.economy.grouped_measures().keys

    def answer(self, question: str, arguments: dict[str, Any]) -> Any:
        """Return what somebody asks about this month: a network, a consumer, a firm."""
        return answer(self.economy, self.diaries, question, arguments)


def lorenz_curve(people: np.ndarray, minutes: np.ndarray) -> np.ndarray:
    """Return the share of minutes that fall on the lowest 0, 5, … 100 % of people.

    Examples
    --------
    >>> lorenz_curve(np.array([1.0, 1.0]), np.array([0.0, 2.0]))[[0, 10, 20]].tolist()
    [0.0, 0.0, 1.0]
    """
    at = np.linspace(0.0, 1.0, LORENZ_POINTS)
    if minutes.sum() <= 0.0:
        return np.full(LORENZ_POINTS, np.nan)
    below = np.concatenate([[0.0], np.cumsum(people) / people.sum()])
    return np.interp(at, below, np.concatenate([[0.0], np.cumsum(minutes) / minutes.sum()]))


__all__ = ["BURN_IN", "Session", "lorenz_curve"]
