"""How far a run is and how long it still takes, on standard error."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Self

SECONDS_OF_SILENCE = 3.0
"""A run shorter than this says nothing."""
SECONDS_BETWEEN_LINES = 5.0
SHARE_TO_JUDGE_BY = 0.02
"""No time left is said before this share is done."""


class Progress:
    """Tell how many months of how many runs are done: a bar on a terminal, else a line now and then."""

    def __init__(self, runs: int) -> None:
        self.runs = runs
        self.run = 0
        self._next_line = time.monotonic() + SECONDS_OF_SILENCE
        self._first: tuple[float, float] | None = None  # when the first month ended: compilation is over then
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        """Show a bar where there is a terminal."""
        if sys.stderr.isatty():
            self._bar = _bar()
            self._task = self._bar.add_task("", total=1.0)
            self._bar.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def next_run(self) -> None:
        """Say that another run begins."""
        self.run += 1

    def month(self, done: int, total: int) -> None:
        """Say how many months of the current run are done."""
        share = (self.run - 1 + done / total) / self.runs
        self._first = self._first or (time.monotonic(), share)
        if self._bar is not None:
            what = f"run {self.run} of {self.runs}" if self.runs > 1 else f"month {done} of {total}"
            self._bar.update(self._task, completed=share, description=what)
        elif time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + SECONDS_BETWEEN_LINES
            self.say(self._line(share))

    def say(self, text: str) -> None:
        """Print a line on standard error, above the bar if there is one; nothing for an empty text."""
        if not text:
            return
        if self._bar is not None:
            self._bar.console.print(text, markup=False, highlight=False)
        else:
            print(text, file=sys.stderr, flush=True)

    def _line(self, share: float) -> str:
        said = f"{100 * share:3.0f} % · run {self.run} of {self.runs}"
        began, at_first = self._first or (0.0, share)
        if share - at_first < SHARE_TO_JUDGE_BY:
            return said
        left = (time.monotonic() - began) * (1.0 - share) / (share - at_first)
        return f"{said} · {duration(left)} left"


def duration(seconds: float) -> str:
    """Return a duration in the unit in which one says it.

    >>> [duration(s) for s in (0.4, 12, 200, 9000)]
    ['1 s', '12 s', '3 min', '2.5 h']
    """
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Bar(*columns, console=Console(stderr=True), transient=True)
