"""The pictures of choices beside each other: differences as dots, paths as lines with bands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np

from experiments.charts import Frame, Line, heights_of, line_layers, span, zero_rule
from experiments.choices import Comparison, lever_words
from experiments.dots import Dot, DotPanel, Rows, dot_sheet
from experiments.outcomes import Outcome
from experiments.paired import Point, shown_value
from experiments.report_sections import Picture
from experiments.theme import BLACK, BLUE, LINES, Drawn
from experiments.yearly import Yearly

if TYPE_CHECKING:
    import pandas as pd

PANEL = 250, 150
"""Pixels of a panel of paths."""
COLUMNS = 3
PATHS = 6
RAMP = ("#9CC9E8", "#6BAED6", "#4292C6", "#2171B5", "#08519C", "#08306B", "#041A38")
"""Strengths of one lever, from weak to strong."""


def colours_of(points: Sequence[Point]) -> dict[str, str]:
    """Return a colour per point: black for the reference, a ramp for strengths, distinct hues for names."""
    reference, *others = points
    numeric = not isinstance(next(iter(reference.varied.values())), str)
    places = np.linspace(0, len(RAMP) - 2, max(2, len(others))).round().astype(int) if numeric else range(9)
    hues = [RAMP[place] for place in places] if numeric else LINES
    return {short(reference): BLACK} | {short(point): hue for point, hue in zip(others, hues, strict=False)}


def short(point: Point) -> str:
    """Return a point's value alone."""
    return shown_value(next(iter(point.varied.values())))


def change_picture(archive: Any, found: Comparison, points: Sequence[Point]) -> Picture:
    """Return paired differences with intervals, one panel per outcome."""
    order = [short(point) for point in found.others]
    panels = [
        DotPanel(_upper(o.brief), o.change_unit, [_dot(o, found, point) for point in found.others])
        for o in found.outcomes
    ]
    lever = lever_words(points)
    rows = Rows(order, {"": BLUE})
    basis = f"differences on the same luck at the end of the run, {found.runs} runs each, 95 % intervals"
    reading = "filled: the interval excludes zero; open: it does not"
    title = f"{archive.experiment.label}: what it changes"
    subtitle = [f"{_rows_are(lever, points)}against “{short(found.reference)}”; {basis}", reading]
    caption = f"Paired differences from {short(found.reference)} by {lever}, with 95 % intervals."
    return Picture("choices", dot_sheet(panels, rows, title, subtitle), caption)


def _rows_are(lever: str, points: Sequence[Point]) -> str:
    numeric = not isinstance(next(iter(points[0].varied.values())), str)
    return f"rows: {lever}, " if numeric else ""


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def _dot(outcome: Outcome, found: Comparison, point: Point) -> Dot:
    change = found.change(outcome, point)
    mean, low, high = (outcome.scale * end for end in (change.mean, change.low, change.high))
    return Dot(short(point), "", mean, low, high, change.apart_from_zero)


def path_picture(archive: Any, found: Comparison, points: Sequence[Point]) -> Picture:
    """Return the outcomes by year, a line with its band per choice."""
    outcomes = list(found.outcomes)[:PATHS]
    series = archive.series([outcome.name for outcome in outcomes])
    runs = archive.runs[["run_id", "design_point", "replication"]]
    table = series.merge(runs, on="run_id")
    panels = [_paths(table, outcome, points, archive.experiment.start) for outcome in outcomes]
    grid = alt.concat(*panels, columns=COLUMNS, align="all", spacing={"row": 40, "column": 30})
    words = f"mean of {found.runs} runs each, bands: 95 % intervals; lines: {lever_words(points)}"
    title = alt.TitleParams(
        f"{archive.experiment.label}: the paths", subtitle=words, fontSize=18, subtitleFontSize=13, offset=18
    )
    return Picture("paths", grid.properties(title=title), f"Outcomes by year and {lever_words(points)}.")


def _paths(table: pd.DataFrame, outcome: Outcome, points: Sequence[Point], start: str) -> Drawn:
    lines = [
        Line(name, yearly, colour)
        for (name, colour), point in zip(colours_of(points).items(), points, strict=True)
        if (yearly := yearly_of(table, outcome, point, start)).defined
    ]
    domain = heights_of([line.yearly for line in lines], most=100.0 if outcome.scale == 100.0 else None)
    frame = Frame(*PANEL, span(lines[0].yearly.years), "", None, domain, bare=True)
    layers = [*([zero_rule(frame)] if domain[0] < 0.0 else []), *line_layers(lines, frame)]
    title = alt.TitleParams(heading_of(outcome), fontSize=13, offset=10)
    return alt.layer(*layers).properties(width=PANEL[0], height=PANEL[1], title=title)


def heading_of(outcome: Outcome) -> str:
    """Return an outcome's words with its unit, as the heading of a panel without titled axes."""
    return f"{_upper(outcome.brief)}{f', {outcome.level_unit}' if outcome.level_unit else ''}"


def yearly_of(table: pd.DataFrame, outcome: Outcome, point: Point, start: str) -> Yearly:
    """Return an outcome by year at one point: a row per replication."""
    chosen = table[(table["measure"] == outcome.name) & (table["design_point"] == point.number)]
    year, month = (int(part) for part in start.split("-"))
    years = (year * 12 + month - 1 + chosen["month"]) // 12
    wide = chosen.assign(year=years).pivot_table(
        index="replication", columns="year", values="value", dropna=False
    )
    return Yearly(wide.columns.to_numpy(), outcome.scale * wide.to_numpy(dtype=float))
