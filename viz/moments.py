"""Cards that show one month: bars of groups, and flows from somewhere to somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from viz.charts import Card, Frame, Option, Scale, Title, height_axis
from viz.theme import GREY

PIXELS_PER_BAR = 15


@dataclass(frozen=True)
class Bars:
    """Values of several groups (rows of the chart), one or more bars each.

    `arranged` is "beside", "stack", or "behind": the first series broad and pale behind the second.
    """

    groups: tuple[str, ...]
    series: tuple[tuple[str, str, tuple[float | None, ...]], ...]  # name, colour, values
    arranged: str = "beside"
    lines: tuple[tuple[str, float], ...] = field(default=())  # names and heights of reference lines


def bars(name: str, title: Title, drawn: Bars, frame: Frame, scale: Scale) -> Card:
    """Return a card with horizontal bars."""
    series = [_bar(drawn, place) for place in range(len(drawn.series))]
    if drawn.lines and series:
        series[0]["markLine"] = _reference_lines(drawn)
    values = {**height_axis(scale), "name": title.unit, "nameLocation": "middle", "nameGap": 28}
    groups = {"type": "category", "data": list(drawn.groups), "inverse": True, "axisTick": {"show": False}}
    option = {
        "xAxis": values,
        "yAxis": groups,
        "series": series,
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "legend": {} if len(series) > 1 else {"show": False},
        "bars": True,
        "above": len(drawn.lines),
    }
    table = zip(drawn.groups, *(values for _, _, values in drawn.series), strict=True)
    columns = (title.first, *(named for named, _, _ in drawn.series))
    return Card(
        name, title.title, title.reading, option, columns, [list(row) for row in table],
        numbers=scale.numbers, digits=scale.digits, height=_height(drawn), passport=frame.passport,
    )  # fmt: skip


def _bar(drawn: Bars, place: int) -> Option:
    name, colour, values = drawn.series[place]
    bar: Option = {"type": "bar", "name": name, "data": list(values), "itemStyle": {"color": colour}}
    if drawn.arranged == "stack":
        return {**bar, "stack": "all", "barMaxWidth": 18}
    if drawn.arranged == "behind" and len(drawn.series) > 1:
        return {**bar, "barGap": "-100%" if place else "-72%", "barWidth": 6 if place else 14, "z": 2 + place}
    return {**bar, "barMaxWidth": 14}


def _reference_lines(drawn: Bars) -> Option:
    label = {"formatter": "{b}", "color": "var:--quiet", "position": "start", "align": "right"}
    data = [
        {
            "name": name,
            "xAxis": at,
            "label": {"offset": [0, -15 * row], "align": "left" if row == 0 else "right"},
        }
        for row, (name, at) in enumerate(drawn.lines)
    ]
    line = {"color": GREY, "type": "dashed"}
    return {
        "symbol": "none", "silent": True, "label": label, "lineStyle": line, "data": data, "animation": False,
    }  # fmt: skip


def _height(drawn: Bars) -> int:
    beside = len(drawn.series) if drawn.arranged == "beside" else 1
    row = 20 if drawn.arranged == "behind" or beside == 1 else PIXELS_PER_BAR * beside + 10
    row = 34 if drawn.arranged == "stack" else row
    return max(220, 84 + 16 * len(drawn.lines) + len(drawn.groups) * row)


Flow = tuple[str, str, float]


def flows(name: str, title: Title, found: Sequence[Flow], frame: Frame, colours: dict[str, str]) -> Card:
    """Return a card with a Sankey diagram; negative flows are left out."""
    shown = [flow for flow in found if np.isfinite(flow[2]) and flow[2] > 1e-6]
    names = list(dict.fromkeys(end for flow in shown for end in flow[:2]))
    series = {
        "type": "sankey",
        "data": [
            {"name": end, "value": _through(end, shown), "itemStyle": {"color": colours.get(end, GREY)}}
            for end in names
        ],
        "links": [{"source": a, "target": b, "value": round(value, 3)} for a, b, value in shown],
        "lineStyle": {"color": "gradient", "opacity": 0.35},
        "label": {"color": "var:--text"},
        "nodeGap": 18,
        "nodeAlign": "left",
        "left": 4,
        "top": 12,
        "bottom": 12,
        "draggable": False,
        "emphasis": {"focus": "adjacency"},
    }
    option: Option = {"series": [series], "tooltip": {"trigger": "item"}, "sankey": True}
    rows: list[list[Any]] = [[a, b, round(v, 3) if np.isfinite(v) else None] for a, b, v in found]
    first, second, third = title.first.split("|")
    return Card(
        name, title.title, title.reading, option, (first, second, third), rows, passport=frame.passport
    )


def _through(end: str, shown: Sequence[Flow]) -> float:
    """Return what flows through a node."""
    out = sum(value for source, _, value in shown if source == end)
    return round(max(out, sum(value for _, target, value in shown if target == end)), 3)
