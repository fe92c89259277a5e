"""The picture of a grid of strengths: a heat map per outcome and panel, with its figures."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from experiments.cells import Axes, Cell
from experiments.outcomes import Outcome, figure
from experiments.paired import shown_value
from experiments.theme import BLUE, GREEN, PURPLE, VERMILLION, Drawn

CELL = 54, 34
HUES = {
    "self_service_share": BLUE,
    "forced_share": VERMILLION,
    "closed_share": PURPLE,
    "rollbacks": GREEN,
}
LIGHTEST = "#F1F4F8"


def cell_picture(
    cells: Sequence[Cell], axes: Axes, outcomes: Sequence[Outcome], label: str, runs: int
) -> Drawn:
    """Return a row of heat maps per outcome, one map per value of the third lever."""
    panels = list(axes.values[2])[::-1] if len(axes.names) > 2 else [None]
    rows = [
        alt.hconcat(*(_map(cells, axes, outcome, panel) for panel in panels), spacing=34).resolve_scale(
            color="shared"
        )
        for outcome in outcomes
    ]
    reading = f"means of {runs} runs per cell at the end of the run; one colour scale per row"
    title = alt.TitleParams(label, subtitle=reading, fontSize=18, subtitleFontSize=13, offset=18)
    return alt.vconcat(*rows, spacing=30).resolve_scale(color="independent").properties(title=title)


def _map(cells: Sequence[Cell], axes: Axes, outcome: Outcome, panel: float | None) -> Drawn:
    columns, rows = axes.values[0], axes.values[1]
    shown = [c for c in cells if panel is None or float(c.point.varied[axes.names[2]]) == panel]
    top = max(outcome.scale * cell.ends[outcome.name] for cell in cells) or 1.0
    data = alt.InlineData(values=[_datum(cell, axes, outcome, top) for cell in shown])
    x = alt.X("x:N", sort=[shown_value(v) for v in columns], title=axes.labels[0], axis=_axis(0))
    y = alt.Y("y:N", sort=[shown_value(v) for v in rows][::-1], title=axes.labels[1], axis=_axis(1))
    colour = alt.Color(
        "value:Q", scale=alt.Scale(range=[LIGHTEST, HUES[outcome.name]], domain=[0.0, top]), legend=None
    )
    tiles = alt.Chart(data).mark_rect(stroke="white", strokeWidth=2).encode(x=x, y=y, color=colour)
    ink = alt.condition("datum.dark", alt.value("white"), alt.value("#1F2328"))
    words = alt.Chart(data).mark_text(fontSize=12).encode(x=x, y=y, text="words:N", color=ink)
    where = "" if panel is None else f"; {axes.labels[2]} {shown_value(panel)}"
    unit = f", {outcome.level_unit}" if outcome.level_unit else ""
    brief = outcome.brief[0].upper() + outcome.brief[1:]
    heading = alt.TitleParams(
        f"{brief}{unit}", subtitle=where.removeprefix("; "), fontSize=13, subtitleFontSize=11, offset=8
    )
    return alt.layer(tiles, words).properties(
        width=CELL[0] * len(columns), height=CELL[1] * len(rows), title=heading
    )


def _axis(side: int) -> alt.Axis:
    angle = (
        {"titleAngle": -90, "titleAnchor": "middle", "titleAlign": "center"} if side else {"labelAngle": 0}
    )
    return alt.Axis(ticks=False, domain=False, grid=False, titleFontSize=11, **angle)


def _datum(cell: Cell, axes: Axes, outcome: Outcome, top: float) -> dict[str, object]:
    value = outcome.scale * cell.ends[outcome.name]
    return {
        "x": shown_value(cell.point.varied[axes.names[0]]),
        "y": shown_value(cell.point.varied[axes.names[1]]),
        "value": float(f"{value:.6g}"),
        "words": figure(value) if abs(value) >= 0.05 or value == 0.0 else "0",
        "dark": value > 0.62 * top,
    }
