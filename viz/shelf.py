"""The shelf: results folders, read beside the page for the tab Archive; a large one keeps nobody waiting."""

from __future__ import annotations

import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from experiments.errors import BadInput
from model.measures import MEASURES

FOLDER = "PROSUMING_RESULTS"
"""Environment variable: the folder whose results the page shows; `results` by default."""
MOST_FOLDERS, MOST_KEPT = 200, 12


@dataclass(frozen=True)
class Stored:
    """What a results folder says about one measure: by design point, replication and month."""

    folder: str
    start: float
    months: int
    measures: tuple[str, ...]
    measure: str
    lines: tuple[tuple[str, np.ndarray], ...]


@dataclass(frozen=True)
class Unreadable:
    """A folder that cannot be read, and why."""

    folder: str
    why: str


Book = Stored | Unreadable


def root() -> Path:
    """Return the folder that holds the results folders."""
    return Path(os.environ.get(FOLDER, "results"))


def folders() -> list[str]:
    """Return the names of results folders, the latest first, those without readable provenance last."""
    place = root()
    if not place.is_dir():
        return []
    found = [path for path in place.iterdir() if (path / "provenance.json").is_file()]
    latest = sorted(found, key=lambda path: -path.stat().st_mtime)[:MOST_FOLDERS]
    return [path.name for path in sorted(latest, key=lambda path: provenance(path.name) is None)]


def provenance(folder: str) -> dict[str, Any] | None:
    """Return who wrote a folder, when and how; None where that cannot be read."""
    file = root() / folder / "provenance.json"
    try:
        return _provenance(file, file.stat().st_mtime_ns)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=2 * MOST_FOLDERS)
def _provenance(file: Path, _changed: int) -> dict[str, Any] | None:
    said = json.loads(file.read_text("utf-8"))
    return said if isinstance(said, dict) else None


def chosen(folder: str) -> str:
    """Return a folder if it is there, else the latest one; nothing where there is none."""
    names = folders()
    return folder if folder in names else next(iter(names), "")


def read(folder: str, measure: str) -> Book:
    """Read a folder; a measure that it does not hold gives way to its first."""
    try:
        return _read(folder, measure)
    except (BadInput, OSError, ValueError, KeyError) as error:
        return Unreadable(folder, str(error).splitlines()[0][:300] if str(error) else type(error).__name__)


def _read(folder: str, measure: str) -> Stored:
    from experiments.reading import open_archive
    from model.arguments import year_of

    archive = open_archive(root() / folder)
    held = archive.query("select distinct measure from series order by measure")["measure"].tolist()
    measures = [name for name in MEASURES if name in held]
    if not measures:
        raise ValueError("it holds no finished run yet")
    shown = measure if measure in measures else measures[0]
    start = year_of(archive.experiment.start)
    return Stored(folder, start, archive.months, tuple(measures), shown, _lines(archive, shown))


def _lines(archive: Any, measure: str) -> tuple[tuple[str, np.ndarray], ...]:
    """Return the design points: what varies in words, and values by replication and month."""
    runs = archive.runs.set_index("run_id")["design_point"]
    series = archive.series(measure)
    table = series.pivot_table(index="run_id", columns="month", values="value", observed=True)
    found = []
    for _, point in archive.points.iterrows():
        rows = [run for run in table.index if runs.get(run) == point["design_point"]]
        if rows:
            found.append((_label(point), table.loc[rows].to_numpy(dtype=float)))
    return tuple(found)


def _label(point: Any) -> str:
    varied = [f"{name} = {value:g}" if isinstance(value, float) else f"{name} = {value}"
              for name, value in point.items() if name != "design_point"]  # fmt: skip
    return ", ".join(part.rpartition(".")[2] for part in varied) or "–"


Key = tuple[str, str, int]


class Shelf:
    """What has been read, each folder once until it changes, in threads of their own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._books: OrderedDict[Key, Book] = OrderedDict()
        self._waiting: dict[Key, list[Callable[[], None]]] = {}

    def find(self, folder: str, measure: str, ready: Callable[[], None]) -> Book | None:
        """Return what a folder says, None while it is being read: `ready` is called once that is done."""
        key = (folder, measure, _changed(folder))
        with self._lock:
            if key in self._books:
                return self._books[key]
            if key in self._waiting:
                self._waiting[key].append(ready)
                return None
            self._waiting[key] = [ready]
        threading.Thread(target=self._fetch, args=(key,), daemon=True, name="shelf").start()
        return None

    def _fetch(self, key: Key) -> None:
        book: Book = Unreadable(key[0], "it could not be read")
        try:
            book = read(key[0], key[1])
        finally:
            with self._lock:
                self._books[key] = book
                while len(self._books) > MOST_KEPT:
                    self._books.popitem(last=False)
                waiting = self._waiting.pop(key)
            for ready in waiting:
                ready()


def _changed(folder: str) -> int:
    """Return when a folder, or a folder in it, was last written to."""
    place = root() / folder
    try:
        return max(path.stat().st_mtime_ns for path in (place, *place.iterdir()))
    except OSError:
        return 0


SHELF = Shelf()
"""What this server has read."""
