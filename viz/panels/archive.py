"""Archive: saved results folders of `run` and `sweep`, and the scorecard of patterns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from model.measures import MEASURES
from viz.charts import Frame, Line, Title, over_time
from viz.panels.compare import scale_of
from viz.shelf import Book, Stored, Unreadable, provenance
from viz.theme import LINES
from viz.words import Words

MOST_POINTS = 8


def cards(words: Words, names: Sequence[str], book: Book | None) -> list[dict[str, Any]]:
    """Return the cards of this tab: all folders, and the one that is open, None while it is being read."""
    made = [_saved(words, names)]
    if isinstance(book, Stored):
        made += _of_folder(words, book)
    elif isinstance(book, Unreadable):
        made.append(_empty("unreadable", words("archive.unreadable", folder=book.folder), book.why))
    elif names:
        made.append(_empty("reading", words("archive.reading"), words("archive.reading_long")))
    return [*made, scorecard(words)]


def _empty(name: str, title: str, reading: str) -> dict[str, Any]:
    return {"id": name, "title": title, "reading": reading, "columns": [], "rows": [], "wide": True}


def _saved(words: Words, names: Sequence[str]) -> dict[str, Any]:
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
    said = provenance(name)
    try:
        runs = words.number(len((said or {})["seeds"]))
        started = words.moment(str((said or {})["sessions"][0]["started"]))
    except (KeyError, TypeError, IndexError):
        runs = started = "–"
    return [name, str((said or {}).get("experiment", "–")), runs, started]


def _of_folder(words: Words, stored: Stored) -> list[dict[str, Any]]:
    """Return a measure over time by design point, and its end by design point."""
    measure, found = stored.measure, stored.lines
    frame = Frame(stored.start, stored.months, stored.months - 1, f"prosuming · {stored.folder}", "")
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
