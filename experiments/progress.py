"""How far a run is and how long it still takes, on standard error."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Any, Self

SECONDS_OF_SILENCE = 3.0
"""A run shorter than this says nothing."""
SECONDS_BETWEEN_LINES = 5.0
SHARE_TO_JUDGE_BY = 0.02
"""No time left is said before this share is done."""
COMPILING = "compiling the model, once on this machine (a minute or two); later runs start at once"


class Progress:
    """Tell how many months of how many runs are done: a bar on a terminal, else a line now and then.

    Parameters
    ----------
    runs : number of runs.
    what : the parts of which a run consists.
    """

    def __init__(self, runs: int, what: str = "month") -> None:
        self.runs, self.what = runs, what
        self.run = 0
        self._next_line = time.monotonic() + SECONDS_OF_SILENCE
        self._first: tuple[float, float] | None = None  # when the first month ended: compilation is over then
        self._bar: Any = None
        self._task: Any = None
        self._at_work = threading.Event()  # set once the first part is done

    def __enter__(self) -> Self:
        """Show a bar where there is a terminal, and say when the model has to be compiled first."""
        if sys.stderr.isatty():
            self._bar = _bar()
            self._task = self._bar.add_task("", total=1.0)
            self._bar.start()
        if self.runs:
            compiled = _is_compiled()
            self.say("" if compiled else COMPILING)
            doing = "preparing" if compiled else "compiling"
            threading.Thread(target=self._tick, args=(doing,), daemon=True).start()
        return self

    def _tick(self, doing: str) -> None:
        """Say now and then what goes on until the first part is done."""
        began = time.monotonic()
        while not self._at_work.wait(SECONDS_BETWEEN_LINES):
            said = f"{doing} … {duration(time.monotonic() - began)}"
            if self._bar is not None:
                self._bar.update(self._task, description=said)
            else:
                print(said, file=sys.stderr, flush=True)

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Take the bar away."""
        self._at_work.set()
        if self._bar is not None:
            self._bar.stop()

    def next_run(self) -> None:
        """Say that another run begins."""
        self.run += 1

    def part(self, done: int, total: int) -> None:
        """Say how many parts (months) of the current run are done."""
        self._at_work.set()
        share = (self.run - 1 + done / total) / self.runs
        if self._first is None:
            self._first = (time.monotonic(), share)
            self._next_line = time.monotonic() + SECONDS_OF_SILENCE
        if self._bar is not None:
            what = f"run {self.run} of {self.runs}" if self.runs > 1 else f"{self.what} {done} of {total}"
            self._bar.update(self._task, completed=share, description=what)
        elif time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + SECONDS_BETWEEN_LINES
            self.say(self._line(share, done, total))

    def say(self, text: str) -> None:
        """Print a line on standard error, above the bar if there is one; nothing for an empty text."""
        if not text:
            return
        if self._bar is not None:
            self._bar.console.print(text, markup=False, highlight=False)
        else:
            print(text, file=sys.stderr, flush=True)

    def _line(self, share: float, done: int, total: int) -> str:
        where = f"run {self.run} of {self.runs}" if self.runs > 1 else f"{self.what} {done} of {total}"
        said = f"{100 * share:3.0f} % · {where}"
        began, at_first = self._first or (0.0, share)
        if share - at_first < SHARE_TO_JUDGE_BY:
            return said
        left = (time.monotonic() - began) * (1.0 - share) / (share - at_first)
        return f"{said} · {duration(left)} left"


class SweepProgress:
    """Tell how many runs are done, how many failed, how long the others take: a bar, or a line now and then.

    Parameters
    ----------
    quiet : say nothing but what is said explicitly.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self.total = self.ended = self.failed = 0
        self._quiet = quiet
        self._began = time.monotonic()
        self._first: float | None = None  # when the first run ended: workers have started then
        self._next_line = time.monotonic() + SECONDS_OF_SILENCE
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        """Show a bar where there is a terminal, and say when the model has to be compiled first."""
        if not self._quiet and sys.stderr.isatty():
            self._bar = _bar(timed=False)
            self._task = self._bar.add_task("starting workers", total=None)
            self._bar.start()
        if not self._quiet:
            self.say("" if _is_compiled() else COMPILING)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def more(self, runs: int) -> None:
        """Add runs that are to be done."""
        self.total += runs

    def one_more(self, *, failed: bool) -> None:
        """Say that a run has ended."""
        self.ended += 1
        self.failed += failed
        if self._first is None:
            self._first = time.monotonic()
        if self._bar is not None:
            self._bar.update(self._task, completed=self.ended, total=self.total, description=self._line())
        elif not self._quiet and time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + SECONDS_BETWEEN_LINES
            self.say(self._line())

    def say(self, text: str) -> None:
        """Print a line on standard error, above the bar if there is one; nothing for an empty text."""
        if text and self._bar is not None:
            self._bar.console.print(text, markup=False, highlight=False)
        elif text:
            print(text, file=sys.stderr, flush=True)

    def _line(self) -> str:
        share = self.ended / max(1, self.total)
        said = f"{100 * share:3.0f} % · {self.ended:,} of {self.total:,} runs"
        said += f" · {self.failed:,} failed" if self.failed else ""
        if self._first is None or self.ended < 2 or self.ended >= self.total:
            return said
        left = (time.monotonic() - self._first) / (self.ended - 1) * (self.total - self.ended)
        return f"{said} · {duration(left)} left"


def _is_compiled() -> bool:
    from agents.rules.compiled import is_compiled

    return is_compiled()


def duration(seconds: float) -> str:
    """Return a duration in the unit in which one says it.

    >>> [duration(s) for s in (0.4, 12, 200, 9000)]
    ['1 s', '12 s', '3 min', '2.5 h']
    """
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _bar(*, timed: bool = True) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns: list[Any] = [TextColumn("{task.description}"), BarColumn()]
    columns += [TaskProgressColumn(), TimeRemainingColumn()] if timed else []
    return Bar(*columns, console=Console(stderr=True), transient=True)
