"""Archive: saved results folders of `run` and `sweep`, and the scorecard of patterns."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from experiments.errors import BadInput
from model.measures import MEASURES
from viz.charts import Frame, Line, Title, over_time
from viz.panels.compare import scale_of
from viz.theme import LINES
from viz.words import Words

FOLDER = "PROSUMING_RESULTS"
"""Environment variable: the folder whose results the page shows; `results` by default."""
MOST_FOLDERS, MOST_POINTS = 200, 8


def folders() -> list[str]:
    """Return the names of results folders, the latest first."""
    root = _root()
    if not root.is_dir():
        return []
    found = [path for path in root.iterdir() if (path / "provenance.json").is_file()]
    return [path.name for path in sorted(found, key=lambda path: -path.stat().st_mtime)[:MOST_FOLDERS]]


def _root() -> Path:
    return Path(os.environ.get(FOLDER, "results"))


def cards(words: Words, folder: str, measure: str) -> list[dict[str, Any]]:
    """Return the cards of this tab."""
    names = folders()
    chosen = folder if folder in names else next(iter(names), "")
    made = [_saved(words, names)]
    if chosen:
        try:
            made += _of_folder(words, chosen, measure)
        except (BadInput, OSError, ValueError, KeyError) as error:
            said = str(error).splitlines()[0][:300]
            made.append(_empty("unreadable", words("archive.unreadable", folder=chosen), said))
    return [*made, scorecard(words)]


def _empty(name: str, title: str, reading: str) -> dict[str, Any]:
    return {"id": name, "title": title, "reading": reading, "columns": [], "rows": [], "wide": True}


def _saved(words: Words, names: list[str]) -> dict[str, Any]:
    """Return the list of saved results."""
    rows = [_summary(words, name) for name in names[:30]]
    reading = words("archive.saved_reading") if names else words("archive.none")
    heads = ("archive.folder", "archive.experiment", "archive.runs", "archive.when")
    columns = [words(head) for head in heads]
    return {
        "id": "saved", "title": words("archive.saved"), "reading": reading, "shown": bool(names),
        "wide": True,
        "columns": columns, "rows": rows,
    }  # fmt: skip


def _summary(words: Words, name: str) -> list[str]:
    try:
        said = json.loads((_root() / name / "provenance.json").read_text("utf-8"))
        started = str(said["sessions"][0]["started"])[:16].replace("T", " ") if said.get("sessions") else "–"
        return [name, str(said.get("experiment", "–")), words.number(len(said.get("seeds", []))), started]
    except (OSError, ValueError, KeyError, TypeError):
        return [name, "–", "–", "–"]


def _of_folder(words: Words, folder: str, measure: str) -> list[dict[str, Any]]:
    """Return a measure over time by design point, and its end by design point."""
    stored = _stored(str(_root() / folder), (_root() / folder).stat().st_mtime_ns)
    if measure not in stored.measures:
        measure = stored.measures[0]
    found = stored.lines(measure)
    frame = Frame(stored.start, stored.months, stored.months - 1, f"prosuming · {folder}", "")
    name = words.name(f"measure.{measure}", MEASURES[measure].label) if measure in MEASURES else measure
    unit = words.name(f"measure_unit.{MEASURES[measure].unit}", MEASURES[measure].unit)
    scale = scale_of(measure)
    unit = words("unit.share") if unit == "1" else unit
    shown = [
        Line(label, values, LINES[place % len(LINES)])
        for place, (label, values) in enumerate(found[:MOST_POINTS])
    ]
    reading = words("archive.points", shown=len(shown), points=len(found))
    chart = over_time("stored", Title(name, reading, unit, words("table.year")), shown, frame, scale)
    rows = [[label, len(values), _end(values), _spread(values)] for label, values in found[:200]]
    heads = ("archive.point", "archive.runs", "archive.end", "archive.spread")
    table = {
        "id": "points", "title": words("archive.ends"), "reading": f"{name} ({unit})", "shown": True,
        "columns": [words(head) for head in heads], "numbers": scale.numbers,
        "digits": 2 - (scale.numbers == "percent"),
        "rows": [[label, str(runs), end, spread] for label, runs, end, spread in rows],
    }  # fmt: skip
    return [chart.plain(), table]


def _end(values: np.ndarray) -> float | None:
    last = np.nanmean(values[:, -12:]) if np.isfinite(values[:, -12:]).any() else np.nan
    return round(float(last), 5) if np.isfinite(last) else None


def _spread(values: np.ndarray) -> float | None:
    ends = values[:, -12:].mean(axis=1)
    return round(float(ends.std(ddof=1)), 5) if len(ends) > 1 and np.isfinite(ends).all() else None


class Stored:
    """What the page reads of a results folder."""

    def __init__(self, folder: str) -> None:
        from experiments.reading import open_archive
        from model.economy import year_of

        self.archive = open_archive(folder)
        self.months = self.archive.months
        self.start = year_of(self.archive.experiment.start)
        self.points = self.archive.points
        found = self.archive.query("select distinct measure from series order by measure")["measure"].tolist()
        order = list(MEASURES)
        self.measures = sorted(found, key=lambda name: order.index(name) if name in order else len(order))

    def lines(self, measure: str) -> list[tuple[str, np.ndarray]]:
        """Return the design points: what varies in words, and values by replication and month."""
        series = self.archive.series(measure)
        runs = self.archive.runs.set_index("run_id")["design_point"]
        table = series.pivot_table(index="run_id", columns="month", values="value", observed=True)
        found = []
        for _, point in self.points.iterrows():
            rows = [run for run in table.index if runs.get(run) == point["design_point"]]
            if rows:
                found.append((_label(point), table.loc[rows].to_numpy(dtype=float)))
        return found


def _label(point: Any) -> str:
    varied = [f"{name} = {value:g}" if isinstance(value, float) else f"{name} = {value}"
              for name, value in point.items() if name != "design_point"]  # fmt: skip
    return ", ".join(part.rpartition(".")[2] for part in varied) or "–"


@lru_cache(maxsize=4)
def _stored(folder: str, _changed: int) -> Stored:
    return Stored(folder)


def measures_of(folder: str) -> list[str]:
    """Return the measures that a folder holds, all of them where it cannot be read."""
    try:
        return _stored(str(_root() / folder), (_root() / folder).stat().st_mtime_ns).measures
    except (BadInput, OSError, ValueError, KeyError):
        return list(MEASURES)


def scorecard(words: Words) -> dict[str, Any]:
    """Return the last scorecard of the patterns that the economy must show."""
    from experiments.patterns import stored
    from model.version import model_version

    card = stored()
    if card is None:
        return _empty("patterns", words("archive.patterns"), words("archive.no_patterns"))
    rows = [
        [
            str(row["name"]),
            words.name(f"pattern.{row['name']}", str(row["statement"])),
            words(f"role.{row['role']}"),
            _figure(words, row["target"]),
            _measured(words, row),
            words("archive.passed" if row["passed"] else "archive.failed"),
        ]
        for row in card["patterns"]
    ]
    passed = sum(bool(row["passed"]) for row in card["patterns"])
    fresh = "" if card["model_version"] == model_version() else " " + words("archive.older")
    heads = ("pattern", "statement", "role", "target", "value", "verdict")
    return {
        "id": "patterns", "title": words("archive.patterns"), "shown": True, "wide": True,
        "reading": words("archive.patterns_reading", passed=passed, all=len(rows)) + fresh,
        "columns": [words(f"archive.{head}") for head in heads], "rows": rows,
    }  # fmt: skip


def _measured(words: Words, row: dict[str, Any]) -> str:
    """Return the measured value with its interval."""
    value, low, high = (_figure(words, row[name]) for name in ("value", "low", "high"))
    return value if low == high else f"{value} ({low} … {high})"


def _figure(words: Words, value: Any) -> str:
    return words.number(value, 3) if isinstance(value, int | float) else "–" if value is None else str(value)
