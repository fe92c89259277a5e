"""The pictures of two crossed levers: dots by the second lever, or curves where the first is a strength."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from experiments.choice_charts import heading_of
from experiments.crossed import Crossing, Effect
from experiments.dots import Dot, DotPanel, Rows, dot_sheet
from experiments.outcomes import Outcome
from experiments.paired import parameter_label, shown_value
from experiments.theme import GREY, LINES, Drawn, Layer, PlainRows

PANEL = 220, 160
COLUMNS = 3
FEWEST = 3
"""Strengths of a curve."""


def crossing_picture(found: Crossing, label: str) -> Drawn:
    """Return curves where the first lever is a strength, dots where it is a name."""
    first = found.values[0]
    numeric = len(first) >= FEWEST and not any(isinstance(value, str | bool) for value in first)
    return _curves(found, label) if numeric else _dots(found, label)


def _dots(found: Crossing, label: str) -> Drawn:
    series = [shown_value(value) for value in found.values[0][1:]]
    hues = dict(zip(series, LINES, strict=False))
    lever, other = (parameter_label(name) for name in found.names)
    panels = [
        DotPanel(o.brief[0].upper() + o.brief[1:], o.change_unit, [_dot(o, e) for e in found.effects])
        for o in found.outcomes
    ]
    rows = Rows([shown_value(at) for at in found.values[1]], hues, named=len(series) > 1)
    what = f"{lever} {series[0]}" if len(series) == 1 else f"the {lever}"
    base = shown_value(found.values[0][0])
    subtitle = [
        f"what {what} changes against “{base}”; rows: {other}; {found.runs} runs each, 95 % intervals",
        "filled: the interval excludes zero; open: it does not",
    ]
    return dot_sheet(panels, rows, label, subtitle)


def _dot(outcome: Outcome, effect: Effect) -> Dot:
    change = effect.changes[outcome.name]
    mean, low, high = (outcome.scale * end for end in (change.mean, change.low, change.high))
    return Dot(shown_value(effect.at), shown_value(effect.value), mean, low, high, change.apart_from_zero)


def _curves(found: Crossing, label: str) -> Drawn:
    lever, other = (parameter_label(name) for name in found.names)
    panels = [_curve(found, outcome, place) for place, outcome in enumerate(found.outcomes)]
    subtitle = [
        f"levels by {lever}; lines: {other}; {found.runs} runs each, 95 % intervals",
        "grey: in proportion to the lever, from its first value",
    ]
    title = alt.TitleParams(label, subtitle=subtitle, fontSize=18, subtitleFontSize=13, offset=18)
    grid = alt.concat(*panels, columns=COLUMNS, align="all", spacing={"row": 34, "column": 34})
    return grid.properties(title=title).resolve_scale(color="shared")


def _curve(found: Crossing, outcome: Outcome, place: int) -> Drawn:
    rows = [_row(found, outcome, value, at) for at in found.values[1] for value in found.values[0]]
    series = [_series(found, at) for at in found.values[1]]
    legend = (
        alt.Legend(title=None, orient="top", direction="horizontal", labelLimit=260) if place == 0 else None
    )
    colour = alt.Color(
        "at:N", scale=alt.Scale(domain=series, range=list(LINES[: len(series)])), legend=legend
    )
    data, (x, y) = PlainRows(values=rows), _axes(found, rows)
    base = Layer(data)
    lines = base.mark_line(strokeWidth=2.2).encode(x=x, y=y("value"), color=colour)
    dots = base.mark_point(filled=True, size=46, opacity=1.0).encode(x=x, y=y("value"), color=colour)
    bars = base.mark_rule(strokeWidth=1.6).encode(x=x, y=y("low"), y2="high:Q", color=colour)
    first = rows[0]
    ends = [{"x": 0.0, "value": 0.0}, {"x": first["x"], "value": first["value"]}]
    ray = Layer(PlainRows(values=ends)).mark_line(color=GREY, strokeDash=[4, 3], clip=True)
    title = alt.TitleParams(heading_of(outcome), fontSize=13, offset=10)
    layers = alt.layer(ray.encode(x=x, y=y("value")), bars, lines, dots)
    return layers.properties(width=PANEL[0], height=PANEL[1], title=title)


def _series(found: Crossing, at: Any) -> str:
    return at if isinstance(at, str) else f"{parameter_label(found.names[1])} {shown_value(at)}"


def _row(found: Crossing, outcome: Outcome, value: Any, at: Any) -> dict[str, Any]:
    level = found.levels[value, at, outcome.name]
    ends = {"low": outcome.scale * level.low, "high": outcome.scale * level.high} if level.runs > 1 else {}
    return {"x": float(value), "value": outcome.scale * level.mean, "at": _series(found, at), **ends}


def _axes(found: Crossing, rows: Sequence[dict[str, Any]]) -> tuple[alt.X, Any]:
    values = sorted(float(value) for value in found.values[0])
    lever = parameter_label(found.names[0])
    axis = alt.Axis(format=".2~f", values=values, grid=False)
    x = alt.X("x:Q", title=lever, axis=axis, scale=alt.Scale(domain=[0.9 * values[0], 1.02 * values[-1]]))
    ends = [row[key] for row in rows for key in ("value", "low", "high") if key in row]
    scale = alt.Scale(domain=[min(0.0, *ends), 1.06 * max(0.0, *ends) or 1.0], nice=False)
    axis_y = alt.Axis(tickCount=4, minExtent=30, title=None)
    return x, lambda field: alt.Y(f"{field}:Q", scale=scale, axis=axis_y)
