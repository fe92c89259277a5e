"""Dots with their intervals: what choices or groups differ by, one small panel per outcome."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from experiments.theme import GREY, PALE, QUIET, TEXT, Drawn, Layer, PlainRows

ROW = 19
"""Pixels per row of a panel."""
WIDTH = 190
COLUMNS = 3
LONGEST_LABEL = 200
"""Pixels for the words beside the rows."""


@dataclass(frozen=True)
class Dot:
    """One row of a panel: its words, mean and interval, and whether it stands apart from the line."""

    row: str
    series: str
    value: float
    low: float
    high: float
    apart: bool

    @property
    def cell(self) -> dict[str, Any]:
        """The dot as a row of a chart's data."""
        ends = {"low": _six(self.low), "high": _six(self.high)} if math.isfinite(self.low) else {}
        marked = "apart" if self.apart else "not"
        return {
            "row": self.row,
            "series": self.series,
            "value": _six(self.value),
            "shown": marked,
            **ends,
        }


@dataclass(frozen=True)
class DotPanel:
    """One outcome: heading, unit, dots, and where the line stands with which they are compared."""

    heading: str
    unit: str
    dots: Sequence[Dot]
    line: float = 0.0


@dataclass(frozen=True)
class Rows:
    """What the panels of one sheet share: order of the rows, series and their colours, title of the rows."""

    order: Sequence[str]
    colours: dict[str, str]
    title: str = ""
    named: bool = False


def dot_sheet(panels: Sequence[DotPanel], rows: Rows, title: str, subtitle: Sequence[str]) -> Drawn:
    """Return all panels on one sheet; the words beside the rows stand in its first column only."""
    drawn = [_panel(panel, rows, place) for place, panel in enumerate(panels)]
    heading = alt.TitleParams(title, subtitle=list(subtitle), fontSize=18, subtitleFontSize=13, offset=18)
    return alt.concat(
        *drawn, columns=COLUMNS, align="each", spacing={"row": 26, "column": 26}, title=heading,
        resolve=alt.Resolve(scale=alt.ScaleResolveMap(color="shared")),
    )  # fmt: skip


def _panel(panel: DotPanel, rows: Rows, place: int) -> Drawn:
    data = PlainRows(values=[dot.cell for dot in panel.dots if math.isfinite(dot.value)])
    y, x, colour = _rows_axis(rows, place), _values_axis(panel), _colour(rows, place)
    offset = {"yOffset": alt.YOffset("series:N", sort=list(rows.colours))} if rows.named else {}
    base = Layer(data)
    bars = base.mark_rule(strokeWidth=2.2, opacity=0.55).encode(
        x=x, x2=alt.X2("high:Q"), y=y, color=colour, **offset
    )
    shown = alt.FillOpacityValue(0.0, condition={"test": "datum.shown == 'apart'", "value": 1.0})
    points = base.mark_point(filled=True, size=64, strokeWidth=1.6).encode(
        x=_values_axis(panel, "value"),
        y=y,
        color=colour,
        fillOpacity=shown,
        strokeOpacity=alt.StrokeOpacityValue(1.0),
        **offset,
    )
    rings = base.mark_point(filled=False, size=64, strokeWidth=1.6, opacity=1.0).encode(
        x=_values_axis(panel, "value"), y=y, color=colour, **offset
    )
    rule = Layer(PlainRows(values=[{"value": _six(panel.line)}])).mark_rule(color=GREY)
    count = len(rows.order) * (max(1.0, 0.62 * len(rows.colours)) if rows.named else 1.0)
    title = alt.TitleParams(panel.heading, fontSize=13, fontWeight=600, offset=6)
    layers = rule.encode(x=_values_axis(panel, "value")), bars, points, rings
    return alt.layer(*layers, width=WIDTH, height=max(44, round(ROW * count)), title=title)


def _rows_axis(rows: Rows, place: int) -> alt.Y:
    first = place % COLUMNS == 0
    axis = alt.Axis(
        labels=first, ticks=False, domain=False, grid=True, gridColor=PALE, gridOpacity=0.6,
        labelLimit=LONGEST_LABEL, labelColor=TEXT, titleAngle=0, titleAnchor="end", titleAlign="right",
        titleY=-8, titleX=-6, titleColor=QUIET,
    )  # fmt: skip
    title = rows.title if first and rows.title else None
    return alt.Y(
        "row:N", sort=list(rows.order), title=title, axis=axis, scale=alt.Scale(domain=list(rows.order))
    )


def _values_axis(panel: DotPanel, field: str = "low") -> alt.X:
    ends = [end for dot in panel.dots for end in (dot.low, dot.high, dot.value) if math.isfinite(end)]
    low, high = min([panel.line, *ends]), max([panel.line, *ends])
    air = 0.08 * ((high - low) or 1.0)
    axis = alt.Axis(format=",.4~r", tickCount=4, grid=False, labelFlush=False, domain=True, titlePadding=2)
    scale = alt.Scale(domain=[_six(low - air), _six(high + air)], nice=False, zero=False)
    return alt.X(f"{field}:Q", title=panel.unit or "index", axis=axis, scale=scale)


def _colour(rows: Rows, place: int) -> alt.Color:
    scale = alt.Scale(domain=list(rows.colours), range=list(rows.colours.values()))
    legend = alt.Legend(title=None, orient="top", direction="horizontal", labelLimit=260, columns=0)
    return alt.Color("series:N", scale=scale, legend=legend if rows.named and place == 0 else None)


def _six(value: float) -> float:
    return float(f"{value:.6g}")
