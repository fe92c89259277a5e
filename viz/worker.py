"""A worker process: it holds several visitors' economies and gives each of them a month in turn.

Messages to it are tuples: ("open", run, scenario), ("go", run, target, pace, soon), ("ask", run, number,
question, arguments), ("close", run). From it: ("warm",), ("built", run, group keys), ("building", run,
share), ("months", run, packed months), ("answer", run, number, value), ("failed", run, what, command).
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from model.compiling import compile_model
from viz.scenario import Scenario
from viz.session import BURN_IN, Session

SECONDS_BETWEEN_BATCHES = 0.12
POLITENESS = 5
"""Months wait for the page, not the page for months: by so much a worker's priority is lower."""
_SLICE = 0.05  # seconds for which an economy may keep the processor while others wait


class _GivenUpError(Exception):
    """The visitor has left while the economy was being built."""


@dataclass
class _Run:
    scenario: Scenario
    session: Session | None = None
    target: int = 0
    pace: float = 0.0  # months per second, 0 for as fast as possible
    soon: int = 0  # month up to which the clock is not waited for
    due: float = 0.0
    sent: float = 0.0

    @property
    def hurries(self) -> bool:
        return self.session is not None and (self.pace <= 0.0 or self.session.month < self.soon)

    def is_due(self, now: float) -> bool:
        return self.session is not None and self.session.month < self.target and now >= self.due


class Worker:
    """The loop of a worker process over the economies that it holds."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.runs: dict[int, _Run] = {}
        self._building: int | None = None

    def serve(self) -> None:
        """Work until the other side hangs up."""
        warm_up()
        self.connection.send(("warm",))
        try:
            while True:
                self._listen(self._patience())
                self._build_next()
                self._move_all()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return

    def _patience(self) -> float | None:
        """Return how many seconds nothing has to be done, None for as long as nobody calls."""
        now = time.monotonic()
        if any(run.session is None for run in self.runs.values()):
            return 0.0
        ahead = [r.due - now for r in self.runs.values() if r.session and r.session.month < r.target]
        waiting = [r.sent + SECONDS_BETWEEN_BATCHES - now for r in self.runs.values() if _unsent(r)]
        return max(0.0, min([*ahead, *waiting])) if ahead or waiting else None

    def _listen(self, patience: float | None) -> None:
        while self.connection.poll(patience):
            self._obey(*self.connection.recv())
            patience = 0.0

    def _obey(self, order: str, number: int, *rest: Any) -> None:
        if order == "open":
            self.runs[number] = _Run(rest[0])
        elif order == "close":
            self.runs.pop(number, None)
        elif number in self.runs:
            run = self.runs[number]
            if order == "go":
                run.target, run.pace, run.soon, run.due = rest[0], rest[1], rest[2], 0.0
            elif run.session is not None:
                self._answer(number, run, *rest)

    def _answer(self, number: int, run: _Run, ticket: int, question: str, arguments: dict[str, Any]) -> None:
        assert run.session is not None
        try:
            said = run.session.answer(question, arguments)
        except (KeyError, IndexError, ValueError):
            said = None
        self.connection.send(("answer", number, ticket, said))

    def _build_next(self) -> None:
        """Build at most one economy; the others go on meanwhile."""
        number = next((n for n, run in self.runs.items() if run.session is None), None)
        if number is None:
            return
        run, self._building = self.runs[number], number
        try:
            run.session = Session(run.scenario, self._on_burn_in)
            self.connection.send(("built", number, run.session.group_keys()))
        except _GivenUpError:
            pass
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever one economy raises must not take the others down
            self._failed(number, run, error)
        finally:
            self._building = None

    def _on_burn_in(self, done: int) -> None:
        number = self._building
        assert number is not None
        self._listen(0.0)
        if number not in self.runs:
            raise _GivenUpError
        self._move_all()
        if done % 6 == 0:
            self.connection.send(("building", number, done / BURN_IN))

    def _move_all(self) -> None:
        for number, run in list(self.runs.items()):
            if run.is_due(time.monotonic()):
                self._move(number, run)
            if _unsent(run) and (_at_rest(run) or time.monotonic() - run.sent >= SECONDS_BETWEEN_BATCHES):
                self._send(number, run)

    def _move(self, number: int, run: _Run) -> None:
        assert run.session is not None
        until = time.monotonic() + _SLICE
        try:
            run.session.advance()
            while run.hurries and run.session.month < run.target and time.monotonic() < until:
                run.session.advance()
        except Exception as error:  # noqa: BLE001 - the other visitors' economies must go on
            self._failed(number, run, error)
            return
        step = 0.0 if run.hurries else 1.0 / run.pace
        run.due = max(run.due + step, time.monotonic() - step) if step else 0.0

    def _send(self, number: int, run: _Run) -> None:
        assert run.session is not None
        self.connection.send(("months", number, run.session.collect()))
        run.sent = time.monotonic()

    def _failed(self, number: int, run: _Run, error: Exception) -> None:
        self.runs.pop(number, None)
        what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        self.connection.send(("failed", number, what, run.scenario.command()))


def _unsent(run: _Run) -> bool:
    return run.session is not None and bool(run.session.waiting.values)


def _at_rest(run: _Run) -> bool:
    return run.session is not None and run.session.month >= run.target


def warm_up() -> None:
    """Load the compiled model, so that a visitor's first economy need not wait for it."""
    compile_model()
    Session(Scenario(changes=(("population.consumers", 60),)), lambda _: None).advance()


if __name__ == "__main__":
    os.nice(POLITENESS)
    Worker(Connection(int(sys.argv[1]))).serve()
