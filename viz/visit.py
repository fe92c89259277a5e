"""A visit: the economies that one visitor has running in workers, and all months that they have sent."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.measures import MEASURES
from viz.memory import Key, Lived
from viz.pool import Full, Place, Pool
from viz.scenario import Scenario

COLUMN = {name: place for place, name in enumerate(MEASURES)}


class Run:
    """One economy as a visitor sees it: its months up to the one that he has reached."""

    def __init__(self, scenario: Scenario, changed: threading.Event, known: Lived | None = None) -> None:
        self.scenario, self._changed = scenario, changed
        self.known = Lived(scenario.months) if known is None else known
        self.done = self.lived = 0  # months that are shown, and that the worker's economy has lived
        self.built = 0.0  # share of the burn-in
        self.failure: tuple[str, str] | None = None
        self.place: Place | None = None
        self._answers: dict[int, tuple[threading.Event, list[Any]]] = {}

    @property
    def values(self) -> np.ndarray:
        """Measures by month."""
        return self.known.values

    @property
    def lorenz(self) -> np.ndarray:
        """Lorenz curves by month."""
        return self.known.lorenz

    @property
    def keys(self) -> dict[Key, int]:
        """Columns of the grouped measures."""
        return self.known.keys

    @property
    def groups(self) -> np.ndarray:
        """Grouped measures by month."""
        return self.known.groups

    def heard(self, what: str, rest: tuple[Any, ...]) -> None:
        """Take a message of the worker."""
        if what == "months":
            self.lived = self.known.take(*rest[0])
            self.done = max(self.done, self.lived)
        elif what == "built":
            self.built = 1.0
            self.known.name_groups(rest[0])
        elif what == "building":
            self.built = max(self.built, rest[0])
        elif what == "answer":
            self._answered(*rest)
        elif what == "failed":
            self.failure = (rest[0], rest[1])
        self._changed.set()

    def recall(self, target: int) -> bool:
        """Show at once what is known up to a month; return whether nothing is left to be lived."""
        self.done = max(self.done, min(self.known.done, target))
        return self.done == self.scenario.months

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
        self.soon = 0
        """Month up to which a new economy lives without waiting for the clock."""
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
        run = Run(scenario, self.changed, self.pool.memory.of(scenario))
        if self._closed or run.recall(self._at_once):
            self._runs[scenario] = run
            return
        try:
            run.place = self.pool.open(scenario, run.heard)
        except Full:
            self.full = True
            return
        self._runs[scenario] = run
        self._send(run)

    @property
    def _at_once(self) -> int:
        return self.target if self.pace <= 0.0 else min(self.soon, self.target)

    def _send(self, run: Run) -> None:
        """Tell a worker how far an economy lives, how fast, and up to which month at once."""
        if run.place is not None:
            shown = max(run.done, self._at_once)
            target = min(self.target, run.scenario.months)
            run.place.worker.send("go", run.place.number, target, self.pace, shown)

    def _free(self, scenarios: Iterable[Scenario]) -> None:
        for scenario in scenarios:
            place = self._runs.pop(scenario).place
            if place is not None:
                self.pool.close(place)

    def go(self, target: int, pace: float) -> None:
        """Let all economies live until a month, at some months per second (0: as fast as possible)."""
        with self._lock:
            self.target, self.pace, self.soon = target, pace, 0
            for run in self._runs.values():
                run.recall(self._at_once)
                self._send(run)
            self.changed.set()

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
            run.place.worker.send("go", run.place.number, run.scenario.months, 0.0, 0)

    @property
    def months(self) -> int:
        """Months that the current scenario has reached in all replications."""
        arm = self.arms.get("current")
        return arm.months if arm else 0

    @property
    def warm(self) -> bool:
        """Whether the workers of the current scenario have loaded the compiled model."""
        arm = self.arms.get("current")
        places = [run.place for run in arm.runs] if arm else []
        return all(place is None or place.worker.warm.is_set() for place in places)

    @property
    def built(self) -> float:
        """Share of the burn-in that the slowest economy of the current scenario has reached."""
        arm = self.arms.get("current")
        return min(run.built for run in arm.runs) if arm else 0.0
