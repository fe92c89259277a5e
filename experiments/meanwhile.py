"""What a run needs at its end is made ready while it computes: a second process loads what draws."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from multiprocessing import parent_process
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Self

from experiments.option_values import cores
from experiments.spawning import Spawning, deaf_to_interruptions

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from types import TracebackType


LOADED_LATE = (
    "duckdb",
    "experiments.group_charts",
    "experiments.pictures",
    "experiments.querying",
    "experiments.report",
    "jinja2",
    "pandas",
    "pyarrow.parquet",
    "scipy.optimize",
)
"""What a report loads when it comes to it."""


class NotDrawn(RuntimeError):
    """A report that was not written; the text says why."""


class Draughtsman:
    """Writes the report of a run in a second process, which gets ready while this one computes.

    A second process that would be of no use, cannot be started, or dies, is done without.
    """

    def __init__(self) -> None:
        self._told: Connection | None = None
        if of_use():
            self._begin()

    def _begin(self) -> None:
        context = Spawning()
        ours, theirs = context.Pipe()
        try:
            with deaf_to_interruptions(), theirs:
                self._process = context.Process(target=_draw_when_told, args=(theirs,), daemon=True)
                self._process.start()
        except OSError:
            ours.close()
        else:
            self._told = ours

    def __enter__(self) -> Self:
        """Return the draughtsman, who has begun already."""
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the second process, whatever it does."""
        if self._told is not None:
            self._told.close()
            self._process.kill()
            self._process.join()

    def begin(self, folder: Path, notes: Sequence[str]) -> None:
        """Ask for report and pictures in a results folder."""
        self._task = folder, notes
        if self._told is not None:
            with suppress(OSError):
                self._told.send(self._task)

    def written(self) -> list[Path]:
        """Return the paths of what was asked for, once it is there.

        Raises
        ------
        NotDrawn : when that failed, for whatever reason.
        """
        try:
            if self._told is None:
                raise EOFError
            answer = self._told.recv()
        except (EOFError, OSError):
            answer = _answer(*self._task)
        if isinstance(answer, str):
            raise NotDrawn(answer)
        return answer


def of_use() -> bool:
    """Return whether there is a core for a second process, and this one has not loaded yet what draws."""
    return cores() > 1 and "altair" not in sys.modules


def _draw_when_told(told: Connection) -> None:
    """Load what draws, write the report that is asked for, and end; at once when nobody is left to ask."""
    Thread(target=_leave_when_orphaned, daemon=True).start()
    try:
        _load()
        told.send(_answer(*told.recv()))
    finally:
        os._exit(0)  # silently: whoever waits in vain draws the report, or says why there is none


def _leave_when_orphaned() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _load() -> None:
    """Load what a report needs; the engine that draws needs half a second before its first picture."""
    from altair import Chart, InlineData

    from experiments.config import load_experiment
    from experiments.report_sections import CONTRIBUTORS
    from experiments.reporting import OWN
    from experiments.theme import spec_of, to_svg

    to_svg(spec_of(Chart(InlineData(values=[{"year": 2000}])).mark_point().encode(x="year:Q")), "")
    load_experiment("banking-austria").catalogue()
    for name in (*LOADED_LATE, *OWN, *CONTRIBUTORS):
        import_module(name.partition(":")[0])


def _answer(folder: Path, notes: Sequence[str]) -> list[Path] | str:
    """Write a report; return its paths, or why it was not written."""
    try:
        from experiments.reading import open_archive
        from experiments.reporting import write_report

        return write_report(open_archive(folder), formats=(), notes=notes)[0]
    except Exception as error:  # noqa: BLE001 - the results are stored, a picture can be drawn later
        return f"{type(error).__name__}: {error}"


def load_mesa() -> Thread:
    """Load Mesa in a thread; return it.

    Mesa looks at the whole stack of its importer, and at all modules for each line of it: from a thread the
    stack is short.
    """
    thread = Thread(target=import_module, args=("mesa",), daemon=True)
    thread.start()
    return thread
