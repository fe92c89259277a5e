"""Compare: two scenarios on the same luck, their difference with its interval, and who changed habits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from agents.demography import AGES, EDUCATIONS
from model.measures import MEASURES
from viz.charts import Card, Line, Scale, Title, half_width, over_time
from viz.moments import Bars, bars
from viz.scene import Scene
from viz.theme import BLUE, GREEN, ORANGE, VERMILLION
from viz.visit import Arm

KEY_MEASURES = (
    "adopter_share", "self_service_share", "unpaid_hours_gross", "unpaid_hours_net", "unpaid_hours_felt",
    "forced_share", "excluded_share", "awareness_gap", "hours_gini", "saving_total", "saving_profit",
    "customers_gain", "employee_hours_externalised", "price_index", "closed_share", "rollbacks",
)  # fmt: skip
"""What the table of results shows."""


def cards(scene: Scene, other: Arm | None, measure: str, habits: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the cards of this tab."""
    if other is None:
        return []
    drawn = [both(scene, other, measure), difference(scene, other, measure)]
    plain = [card.plain() for card in drawn] + [results(scene, other)]
    if habits:
        plain += [
            who(scene, habits, "age", AGES).plain(),
            who(scene, habits, "education", EDUCATIONS).plain(),
        ]
    else:
        plain.append(_who_not(scene, other))
    return plain


def _who_not(scene: Scene, other: Arm) -> dict[str, Any]:
    """Say why nothing can be said of single people."""
    alike = scene.current.scenario.consumers == other.scenario.consumers
    reading = scene.words("compare.who_running" if alike else "compare.who_unlike")
    title = scene.words("compare.who_else")
    return {"id": "who", "title": title, "reading": reading, "columns": [], "rows": [], "wide": True}


def scale_of(measure: str) -> Scale:
    """Return how a measure's values are written."""
    if measure.endswith("_share") or measure in (
        "awareness",
        "awareness_gap",
        "price_index",
        "labour_per_unit",
    ):
        return Scale("percent", 0, None)
    return Scale("number", 2, None)


def unit_of(measure: str, scene: Scene) -> str:
    """Return the unit of a measure in the visitor's language."""
    unit = MEASURES[measure].unit
    if unit == "1":
        return scene.words("unit.share" if scale_of(measure).numbers == "percent" else "unit.index")
    return scene.words.name(f"measure_unit.{unit}", unit)


def name_of(measure: str, scene: Scene) -> str:
    """Return the name of a measure in the visitor's language."""
    return scene.words.name(f"measure.{measure}", MEASURES[measure].label)


def both(scene: Scene, other: Arm, measure: str) -> Card:
    """Draw a measure in both scenarios."""
    words = scene.words
    lines = [
        Line(words("compare.first"), scene.current.measure(measure), BLUE),
        Line(words("compare.second"), other.measure(measure), VERMILLION),
    ]
    title = Title(name_of(measure, scene), scene.basis, unit_of(measure, scene), words("table.year"))
    return over_time("both", title, lines, scene.frame, scale_of(measure))


def difference(scene: Scene, other: Arm, measure: str) -> Card:
    """Draw the difference of the two, replication by replication on the same luck."""
    words = scene.words
    apart = paired(scene.current, other, measure)
    title = Title(
        words("compare.difference"),
        words("compare.difference_reading") + scene.basis,
        unit_of(measure, scene),
        words("table.year"),
    )
    line = Line(words("compare.first_minus_second"), apart, GREEN)
    return over_time("difference", title, [line], scene.frame, scale_of(measure))


def paired(first: Arm, second: Arm, measure: str) -> np.ndarray:
    """Return first − second by replication and month."""
    months, runs = min(first.months, second.months), min(len(first.runs), len(second.runs))
    return np.asarray(first.measure(measure)[:runs, :months] - second.measure(measure)[:runs, :months])


def results(scene: Scene, other: Arm) -> dict[str, Any]:
    """Return a table of key measures: both scenarios, the difference and its interval."""
    words = scene.words
    rows = [row for measure in KEY_MEASURES if (row := _row(scene, other, measure)) is not None]
    columns = ("table.measure", "compare.first", "compare.second", "compare.apart", "compare.interval")
    month = words.month(scene.frame.year(scene.frame.at))
    return {
        "id": "results",
        "title": words("compare.results"),
        "reading": words("compare.results_reading", month=month) + scene.basis,
        "columns": [words(column) for column in columns],
        "rows": rows,
        "shown": True,
        "wide": True,
    }


def _row(scene: Scene, other: Arm, measure: str) -> list[str] | None:
    last = min(scene.frame.at + 1, scene.current.months, other.months)
    span = slice(max(0, last - 12), last)
    first = scene.current.measure(measure)[:, span].mean(axis=1)
    second = other.measure(measure)[:, span].mean(axis=1)
    runs = min(len(first), len(second))
    if last <= 0 or not np.isfinite(first).all() or not np.isfinite(second).all():
        return None
    apart = first[:runs] - second[:runs]
    half = half_width(apart[:, None])
    mean = float(apart.mean())
    said = _writer(scene, measure)
    gap = _gap_writer(scene, measure)
    bounds = "–" if half is None else f"{gap(mean - float(half[0]))} … {gap(mean + float(half[0]))}"
    name = f"{name_of(measure, scene)} ({unit_of(measure, scene)})"
    return [name, said(float(first.mean())), said(float(second.mean())), gap(mean), bounds]


def _writer(scene: Scene, measure: str) -> Any:
    words, percent = scene.words, scale_of(measure).numbers == "percent"
    return lambda value: words.percent(value, 1) if percent else words.number(value, 2)


def _gap_writer(scene: Scene, measure: str) -> Any:
    """Return how differences are written: those of shares in percentage points."""
    words = scene.words
    if scale_of(measure).numbers != "percent":
        return _writer(scene, measure)
    return lambda value: words("compare.points", n=words.number(100.0 * value, 1))


def who(scene: Scene, habits: dict[str, Any], dimension: str, groups: tuple[str, ...]) -> Card:
    """Draw who serves herself in more tasks, and who in fewer, than in the other scenario."""
    words = scene.words
    more, fewer = flipped(habits, dimension, len(groups))
    title = Title(
        words(f"compare.who_{dimension}"),
        words("compare.who_reading", month=words.month(scene.frame.year(habits["month"] - 1))),
        words("unit.people_share"),
        words("table.group"),
    )
    series = ((words("compare.more"), ORANGE, more), (words("compare.fewer"), BLUE, fewer))
    named = tuple(words(f"group.{dimension}.{group}") for group in groups)
    return bars(f"who_{dimension}", title, Bars(named, series), scene.frame, Scale("percent", 0))


def flipped(
    habits: dict[str, Any], dimension: str, groups: int
) -> tuple[tuple[float | None, ...], tuple[float | None, ...]]:
    """Return by group the share of people with more, and with fewer, self-served tasks."""
    change = _tasks(habits["first"]) - _tasks(habits["second"])
    member = habits[dimension]
    shares = [
        (_share(change[member == group] > 0), _share(change[member == group] < 0)) for group in range(groups)
    ]
    return tuple(more for more, _ in shares), tuple(fewer for _, fewer in shares)


def _tasks(habits: np.ndarray) -> np.ndarray:
    """Return the number of set bits."""
    return np.bitwise_count(habits).astype(np.int64)


def _share(found: np.ndarray) -> float | None:
    return round(float(found.mean()), 5) if found.size and math.isfinite(found.mean()) else None
