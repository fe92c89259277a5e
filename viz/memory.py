"""What the server remembers of economies: equal ones have equal months, so what one has lived all know."""

from __future__ import annotations

import threading
from collections import OrderedDict

import numpy as np

from model.measures import MEASURES
from viz.scenario import Scenario
from viz.session import LORENZ_POINTS

MOST_KNOWN = 40
"""Economies whose months are remembered after their visitors have left, about 2 MB each."""
Key = tuple[str, str, str]


class Lived:
    """The months of one scenario that any worker has sent, by measure and group."""

    def __init__(self, months: int) -> None:
        self.values = np.full((months, len(MEASURES)), np.nan)
        self.groups = np.full((0, 0), np.nan, np.float32)
        self.lorenz = np.full((months, LORENZ_POINTS), np.nan, np.float32)
        self.keys: dict[Key, int] = {}
        self.done = 0

    def name_groups(self, keys: tuple[Key, ...]) -> None:
        """Take the names of the grouped values, which are known after the burn-in."""
        if not self.keys:
            self.groups = np.full((len(self.values), len(keys)), np.nan, np.float32)
            self.keys = {key: place for place, key in enumerate(keys)}

    def take(self, first: int, values: np.ndarray, groups: np.ndarray, lorenz: np.ndarray) -> int:
        """Take consecutive months; return up to which month they reach."""
        reached = first + len(values)
        self.values[first:reached], self.groups[first:reached] = values, groups
        self.lorenz[first:reached] = lorenz
        self.done = max(self.done, reached)
        return reached


class Memory:
    """The months of the scenarios that were asked for last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[Scenario, Lived] = OrderedDict()

    def of(self, scenario: Scenario) -> Lived:
        """Return what is known of a scenario: nothing yet for one that nobody has asked for."""
        with self._lock:
            found = self._known.pop(scenario, None) or Lived(scenario.months)
            self._known[scenario] = found
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)
            return found
