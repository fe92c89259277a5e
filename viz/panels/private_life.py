"""Private life: how many hours reach whom, how unequally, how willingly, how far unnoticed."""

from __future__ import annotations

import math

import numpy as np

from agents.demography import AGES, LEISURE_HOURS
from viz.charts import SHARE, Card, Scale, Title, over_time, stacked
from viz.moments import Bars, bars
from viz.scene import Scene
from viz.theme import BLUE, GREEN, GREY, ORANGE, PALE, PURPLE, SKY, VERMILLION
from viz.visit import Arm

DAYS_PER_YEAR = 365.25
SHOPPING_MINUTES = 35.0
"""Minutes per day for shopping and services in Germany, age 20–74: HETUS 2010 (docs/EVIDENCE.md §3.3)."""
HOUSEHOLD_MINUTES = 1.5 * 60.0 / 7.0
"""Minutes per day of household management: ATUS, Winkler & Ireland 2009 (docs/EVIDENCE.md §3.3)."""
WILLINGNESS = (
    ("willing.voluntary", "voluntary_share", SKY),
    ("willing.incentivised", "incentivised_share", ORANGE),
    ("willing.forced", "forced_share", VERMILLION),
)
AWARENESS = (
    ("aware.gap", "awareness_gap", PURPLE),
    ("aware.awareness", "awareness", BLUE),
    ("aware.attribution", "attribution", VERMILLION),
)
GROUPS = ("age", "education", "income")


def cards(scene: Scene) -> list[Card]:
    """Return the cards of this tab."""
    return [day(scene), frame_of_surveys(scene), by_group(scene), lorenz(scene), willing(scene), aware(scene)]


def minutes_per_day(scene: Scene, measure: str, age: str) -> float:
    """Return min per day and adult of an age, mean of the last twelve months."""
    return scene.now_of((measure, "age", age)) * 60.0 / DAYS_PER_YEAR


def day(scene: Scene) -> Card:
    """Draw a day of 24 hours by age: unpaid work for firms, the leisure it is taken from, the rest."""
    words = scene.words
    work = [minutes_per_day(scene, "unpaid_hours_gross", age) / 60.0 for age in AGES]
    free = [hours * 12.0 / DAYS_PER_YEAR for hours in LEISURE_HOURS]
    left = [_number(a - b) for a, b in zip(free, work, strict=True)]
    rest = [_number(24.0 - hours) for hours in free]
    series = (
        (words("day.work"), VERMILLION, tuple(_number(hours) for hours in work)),
        (words("day.leisure"), GREEN, tuple(left)),
        (words("day.rest"), PALE, tuple(rest)),
    )
    minutes = sorted(60.0 * hours for hours in work)
    said = {"least": words.number(minutes[0], 1), "most": words.number(minutes[-1], 1)}
    title = _moment(scene, "day", "unit.hours_per_day", "table.age", **said)
    drawn = Bars(tuple(words(f"group.age.{age}") for age in AGES), series, "stack")
    return bars("day", title, drawn, scene.frame, Scale("number", 2, 0.0, 24.0))


def frame_of_surveys(scene: Scene) -> Card:
    """Draw the same minutes beside what time-use surveys count."""
    words = scene.words
    gross = tuple(_number(minutes_per_day(scene, "unpaid_hours_gross", age)) for age in AGES)
    felt = tuple(_number(minutes_per_day(scene, "unpaid_hours_felt", age)) for age in AGES)
    series = ((words("hours.gross"), BLUE, gross), (words("hours.felt"), PURPLE, felt))
    lines = (
        (words("survey.household", minutes=words.number(HOUSEHOLD_MINUTES)), HOUSEHOLD_MINUTES),
        (words("survey.shopping", minutes=words.number(SHOPPING_MINUTES)), SHOPPING_MINUTES),
    )
    title = _moment(scene, "surveys", "unit.minutes_per_day", "table.age")
    drawn = Bars(tuple(words(f"group.age.{age}") for age in AGES), series, lines=lines)
    return bars("surveys", title, drawn, scene.frame, Scale("number", 1, 0.0, 40.0))


def by_group(scene: Scene) -> Card:
    """Draw hours by age, education and income."""
    words = scene.words
    groups = [(dimension, group) for dimension in GROUPS for group in _groups(scene, dimension)]
    series = [
        (words(word), colour, tuple(_number(scene.now_of((measure, *group))) for group in groups))
        for word, measure, colour in (
            ("hours.gross", "unpaid_hours_gross", BLUE),
            ("hours.felt", "unpaid_hours_felt", PURPLE),
        )
    ]
    named = tuple(words(f"group.{dimension}.{group}") for dimension, group in groups)
    title = _moment(scene, "by_group", "unit.hours_per_adult", "table.group")
    return bars("by_group", title, Bars(named, tuple(series)), scene.frame, Scale("number", 1))


def _groups(scene: Scene, dimension: str) -> list[str]:
    return scene.current.groups_of("unpaid_hours_gross", dimension)


def lorenz(scene: Scene) -> Card:
    """Draw how unequally unpaid hours fall on people."""
    words, at = scene.words, np.linspace(0.0, 1.0, 21)
    series = [_curve(words("lorenz.equal"), at, at, (GREY, "dashed"))]
    columns, curves = [words("table.people"), words("lorenz.equal")], [at]
    if scene.baseline is not None:
        curve = _lorenz(scene.baseline, scene.frame.at)
        series.append(_curve(words("arm.baseline"), at, curve, (BLUE, "dotted")))
        columns.append(words("arm.baseline"))
        curves.append(curve)
    curve = _lorenz(scene.current, scene.frame.at)
    series.append(_curve(words("arm.current"), at, curve, (BLUE, "solid")))
    columns.append(words("arm.current"))
    title = _moment(
        scene, "lorenz", "unit.lorenz", "table.people", gini=words.number(scene.now("hours_gini"), 2)
    )
    option = {
        "xAxis": {"type": "value", "min": 0, "max": 1, "name": words("unit.people"), "nameLocation": "middle",
                  "nameGap": 28, "percent": True, "splitLine": {"show": False}},
        "yAxis": {"type": "value", "min": 0, "max": 1},
        "series": series, "tooltip": {"trigger": "axis"}, "legend": {}, "lineLegend": True,
    }  # fmt: skip
    rows = [
        list(row)
        for row in zip(
            at.round(2).tolist(), *([_number(v) for v in c] for c in [*curves, curve]), strict=True
        )
    ]
    return Card(
        "lorenz", title.title, title.reading, option, tuple(columns), rows, numbers="percent", digits=0,
        passport=scene.frame.passport, unit=title.unit,
    )  # fmt: skip


def _lorenz(arm: Arm, month: int) -> np.ndarray:
    place = min(month, arm.months - 1)
    return np.mean([run.lorenz[place] for run in arm.runs], axis=0) if place >= 0 else np.full(21, np.nan)


def _curve(name: str, x: np.ndarray, y: np.ndarray, look: tuple[str, str]) -> dict[str, object]:
    line = {"color": look[0], "type": look[1], "width": 2}
    return {
        "type": "line", "name": name,
        "data": [[a, _number(b)] for a, b in zip(x.tolist(), y, strict=True)], "showSymbol": False,
        "lineStyle": line, "itemStyle": {"color": look[0]},
    }  # fmt: skip


def willing(scene: Scene) -> Card:
    """Draw how willingly people serve themselves."""
    lines = scene.lines(WILLINGNESS, before=False)
    return stacked("willing", _over(scene, "willing", "unit.self_served"), lines, scene.frame, SHARE)


def aware(scene: Scene) -> Card:
    """Draw how far the work goes unnoticed, and what people think of it."""
    return over_time("aware", _over(scene, "aware", "unit.share"), scene.lines(AWARENESS), scene.frame, SHARE)


def _over(scene: Scene, name: str, unit: str) -> Title:
    words = scene.words
    reading = words(f"card.{name}.reading") + (
        scene.basis_without_bands if name == "willing" else scene.basis
    )
    return Title(words(f"card.{name}.title"), reading, words(unit), words("table.year"))


def _moment(scene: Scene, name: str, unit: str, first: str, **values: str) -> Title:
    words = scene.words
    month = words.month(scene.frame.year(scene.frame.at))
    reading = words(f"card.{name}.reading", month=month, **values)
    return Title(words(f"card.{name}.title"), reading, words(unit), words(first))


def _number(value: float) -> float | None:
    return round(float(value), 4) if math.isfinite(value) else None
