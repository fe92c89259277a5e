"""The pool: a bounded number of worker processes, warm before the first visitor comes."""

from __future__ import annotations

import atexit
import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from viz.memory import Memory
from viz.scenario import Scenario

MOST_RUNS = 120
"""Economies in all workers together."""
MOST_PEOPLE = 1_500_000
"""Consumers in all economies together: about 600 MB."""


class Full(Exception):
    """The dashboard holds as many economies, or as many consumers, as it may."""


@dataclass
class Place:
    """Where an economy lives: its number, its worker, and who listens to it."""

    number: int
    worker: Process
    scenario: Scenario
    listener: Callable[[str, tuple[Any, ...]], None]


@dataclass(eq=False)
class Process:
    """A worker process and the line to it."""

    on_message: Callable[[Process, tuple[Any, ...]], None]
    on_end: Callable[[Process], None]
    places: dict[int, Place] = field(default_factory=dict)
    warm: threading.Event = field(default_factory=threading.Event)
    _sending: Any = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Start the process and a thread that listens to it."""
        self.line, far = Pipe()
        root = str(Path(__file__).parent.parent)
        path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "viz.worker", str(far.fileno())],
            pass_fds=(far.fileno(),),
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
        )
        far.close()
        threading.Thread(target=self._listen, args=(self.line,), daemon=True, name="worker").start()

    def send(self, *message: Any) -> None:
        """Send a message; a worker that has just ended is noticed by its listener."""
        with self._sending:
            try:
                self.line.send(message)
            except (OSError, ValueError):
                return

    def stop(self) -> None:
        """Hang up: the worker ends by itself."""
        self.process.terminate()
        self.process.wait(timeout=10)

    def _listen(self, line: Connection) -> None:
        while True:
            try:
                message = line.recv()
            except (EOFError, OSError, TypeError):
                break
            if message[0] == "warm":
                self.warm.set()
            else:
                self.on_message(self, message)
        self.on_end(self)

    @property
    def load(self) -> int:
        """Consumers whose months this worker lives."""
        return sum(place.scenario.consumers for place in self.places.values())


class Pool:
    """A bounded number of workers that share all visitors' economies."""

    def __init__(self, workers: int) -> None:
        self._lock = threading.RLock()
        self._numbers = itertools.count(1)
        self._closed = False
        self.memory = Memory()
        self.processes = [Process(self._message, self._ended) for _ in range(workers)]
        for process in self.processes:
            process.start()

    def open(self, scenario: Scenario, listener: Callable[[str, tuple[Any, ...]], None]) -> Place:
        """Give an economy a place in the worker that has least to do; raise `Full` where there is none."""
        with self._lock:
            runs = sum(len(process.places) for process in self.processes)
            people = sum(process.load for process in self.processes) + scenario.consumers
            if runs >= MOST_RUNS or people > MOST_PEOPLE:
                raise Full
            worker = min(self.processes, key=lambda process: (process.load, len(process.places)))
            place = Place(next(self._numbers), worker, scenario, listener)
            worker.places[place.number] = place
            worker.send("open", place.number, scenario)
            return place

    def close(self, place: Place) -> None:
        """Free the place of an economy."""
        with self._lock:
            place.worker.places.pop(place.number, None)
            place.worker.send("close", place.number)

    def shut_down(self) -> None:
        """End all workers."""
        self._closed = True
        for process in self.processes:
            process.stop()

    def _message(self, process: Process, message: tuple[Any, ...]) -> None:
        what, number, *rest = message
        place = process.places.get(number)
        if place is not None:
            place.listener(what, tuple(rest))

    def _ended(self, process: Process) -> None:
        """Start a worker anew and tell its visitors which command repeats what was lost."""
        if self._closed:
            return
        process.process.wait(timeout=10)
        with self._lock:
            lost, process.places = list(process.places.values()), {}
            process.warm.clear()
            process.start()
        for place in lost:
            place.listener("failed", ("", place.scenario.command()))


@lru_cache(maxsize=1)
def pool() -> Pool:
    """Return the pool of this server; it ends with the server."""
    made = Pool(workers())
    atexit.register(made.shut_down)
    return made


def workers() -> int:
    """Return how many economies may be stepped at the same time: one per core, at most four."""
    return max(1, min(4, os.cpu_count() or 1))
