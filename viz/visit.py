"""A visit: the economies that one visitor has running in workers, and all months that they have sent."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.measures import MEASURES
from viz.pool import Full, Place, Pool
from viz.scenario import Scenario
from viz.session import LORENZ_POINTS

MOST_KNOWN = 40
"""Finished economies whose months are remembered, about 2 MB each: an equal one need not be lived again."""
COLUMN = {name: place for place, name in enumerate(MEASURES)}
Key = tuple[str, str, str]


class Run:
    """One economy as the server knows it: its months so far, by measure and group."""

    def __init__(
        self, scenario: Scenario, changed: threading.Event, known: OrderedDict[Scenario, Any] | None = None
    ) -> None:
        self.scenario, self._changed = scenario, changed
        self._known: OrderedDict[Scenario, Any] = OrderedDict() if known is None else known
        months = scenario.months
        self.values = np.full((months, len(COLUMN)), np.nan)
        self.groups = np.full((0, 0), np.nan, np.float32)
        self.lorenz = np.full((months, LORENZ_POINTS), np.nan, np.float32)
        self.keys: dict[Key, int] = {}
        self.done = self.lived = 0  # months that are known, and that the worker's economy has lived
        self.built = 0.0  # share of the burn-in
        self.failure: tuple[str, str] | None = None
        self.place: Place | None = None
        self._answers: dict[int, tuple[threading.Event, list[Any]]] = {}

    def heard(self, what: str, rest: tuple[Any, ...]) -> None:
        """Take a message of the worker."""
        if what == "months":
            self._take(*rest[0])
        elif what == "built":
            self.built = 1.0
            if self.done:
                return
            self.keys = {key: place for place, key in enumerate(rest[0])}
            self.groups = np.full((self.scenario.months, len(self.keys)), np.nan, np.float32)
        elif what == "building":
            self.built = rest[0]
        elif what == "answer":
            self._answered(*rest)
        elif what == "failed":
            self.failure = (rest[0], rest[1])
        self._changed.set()

    def remembers(self, target: int) -> bool:
        """Take all months from an equal economy that has come to its end before; return whether one has."""
        found = self._known.get(self.scenario)
        if found is None or target < self.scenario.months:
            return False
        self.values, self.groups, self.lorenz, self.keys = found
        self.done, self.built = self.scenario.months, 1.0
        return True

    def _remember(self) -> None:
        self._known[self.scenario] = (self.values, self.groups, self.lorenz, self.keys)
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    def _take(self, first: int, values: np.ndarray, groups: np.ndarray, lorenz: np.ndarray) -> None:
        span = slice(first, first + len(values))
        self.values[span], self.groups[span], self.lorenz[span] = values, groups, lorenz
        self.lived = first + len(values)
        self.done = max(self.done, self.lived)
        if self.lived == self.scenario.months:
            self._remember()

    def _answered(self, ticket: int, value: Any) -> None:
        event, box = self._answers.pop(ticket, (None, []))
        if event is not None:
            box.append(value)
            event.set()

    def ask(self, question: str, arguments: dict[str, Any], seconds: float = 5.0) -> Any:
        """Return the worker's answer about the latest month, None where it has none."""
        if self.place is None or self.built < 1.0:
            return None
        event, box = threading.Event(), list[Any]()
        ticket = time.monotonic_ns()
        self._answers[ticket] = (event, box)
        self.place.worker.send("ask", self.place.number, ticket, question, arguments)
        event.wait(seconds)
        return box[0] if box else None

    def group(self, key: Key) -> np.ndarray | None:
        """Return a grouped measure by month, None where this economy has none of it."""
        place = self.keys.get(key)
        return None if place is None else self.groups[:, place]

    def groups_of(self, measure: str, dimension: str) -> list[str]:
        """Return the groups of a measure in a dimension."""
        return [key[2] for key in self.keys if key[0] == measure and key[1] == dimension]


@dataclass(frozen=True)
class Arm:
    """One scenario with its replications: what a line with its band shows."""

    runs: tuple[Run, ...]
    stopped: int | None = None

    @property
    def months(self) -> int:
        """Months that all replications have reached."""
        return min(run.done for run in self.runs) if self.stopped is None else self.stopped

    def still(self) -> Arm:
        """Return the arm as it is now, for a picture: months that come meanwhile are not in it."""
        return replace(self, stopped=self.months)

    @property
    def scenario(self) -> Scenario:
        """The scenario of replication 0."""
        return self.runs[0].scenario

    def measure(self, name: str) -> np.ndarray:
        """Return a measure by replication (rows) and month (columns)."""
        months = self.months
        return np.array([run.values[:months, COLUMN[name]] for run in self.runs])

    def group(self, key: Key) -> np.ndarray | None:
        """Return a grouped measure by replication and month, None where there is none of it."""
        months, found = self.months, [run.group(key) for run in self.runs]
        if any(values is None for values in found):
            return None
        return np.array([values[:months] for values in found if values is not None], dtype=float)

    def groups_of(self, measure: str, dimension: str) -> list[str]:
        """Return the groups of a measure in a dimension."""
        return self.runs[0].groups_of(measure, dimension)


class Visit:
    """All economies of one visitor: they share a target month, so that they stay in lock-step."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.changed = threading.Event()
        self.arms: dict[str, Arm] = {}
        self.target, self.pace = 0, 0.0
        self.full = False
        self._runs: dict[Scenario, Run] = {}
        self._lock = threading.RLock()
        self._closed = False

    def show(self, scenarios: dict[str, Scenario], replications: int) -> None:
        """Keep the economies of some scenarios, open those that are missing, free the others."""
        with self._lock:
            wanted = {
                name: [scenario.with_seed(scenario.seed + r) for r in range(replications)]
                for name, scenario in scenarios.items()
            }
            keep = {scenario for runs in wanted.values() for scenario in runs}
            self._free(scenario for scenario in list(self._runs) if scenario not in keep)
            self.full = False
            for scenario in sorted(keep - set(self._runs), key=lambda missing: missing.seed):
                self._open(scenario)
            arms = {name: [self._runs.get(scenario) for scenario in runs] for name, runs in wanted.items()}
            self.arms = {
                name: Arm(tuple(run for run in runs if run is not None))
                for name, runs in arms.items()
                if any(run is not None for run in runs)
            }
            self.changed.set()

    def _open(self, scenario: Scenario) -> None:
        run = Run(scenario, self.changed, self.pool.known)
        if self._closed or (self.pace <= 0.0 and run.remembers(self.target)):
            self._runs[scenario] = run
            return
        try:
            run.place = self.pool.open(scenario, run.heard)
        except Full:
            self.full = True
            return
        self._runs[scenario] = run
        run.place.worker.send("go", run.place.number, min(self.target, scenario.months), self.pace)

    def _free(self, scenarios: Iterable[Scenario]) -> None:
        for scenario in scenarios:
            place = self._runs.pop(scenario).place
            if place is not None:
                self.pool.close(place)

    def go(self, target: int, pace: float) -> None:
        """Let all economies live until a month, at some months per second (0: as fast as possible)."""
        with self._lock:
            self.target, self.pace = target, pace
            for run in self._runs.values():
                if run.place is not None:
                    run.place.worker.send("go", run.place.number, min(target, run.scenario.months), pace)

    def close(self) -> None:
        """Free everything: the tab is closed."""
        with self._lock:
            self._closed = True
            self._free(list(self._runs))
            self.changed.set()

    @property
    def failure(self) -> tuple[str, str] | None:
        """What made an economy fail, and the command that repeats it."""
        return next((run.failure for run in self._runs.values() if run.failure), None)

    def wake(self, run: Run) -> None:
        """Let an economy whose months were remembered live, so that it can be looked at."""
        with self._lock:
            if run.place is not None or self._closed or self._runs.get(run.scenario) is not run:
                return
            try:
                run.place = self.pool.open(run.scenario, run.heard)
            except Full:
                self.full = True
                return
            run.place.worker.send("go", run.place.number, run.scenario.months, 0.0)

    @property
    def months(self) -> int:
        """Months that the current scenario has reached in all replications."""
        arm = self.arms.get("current")
        return arm.months if arm else 0

    @property
    def built(self) -> float:
        """Share of the burn-in that the slowest economy of the current scenario has reached."""
        arm = self.arms.get("current")
        return min(run.built for run in arm.runs) if arm else 0.0
