"""The picture of a grid of strengths: a heat map per outcome and panel, with its figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import altair as alt

from experiments.cells import HELD_DOWN, Axes, Cell
from experiments.paired import shown_value
from experiments.theme import BLUE, GREEN, PURPLE, VERMILLION, Drawn, Layer, PlainRows

TILE = 54, 34
LIGHTEST = "#F4F6F9"
DARK = 0.6
"""Part of the scale from which a figure is written in white."""


@dataclass(frozen=True)
class Shade:
    """What one row of maps shows: a value of a cell, its words and its colour."""

    heading: str
    value: Callable[[Cell], float]
    words: str
    colour: str


SHADES = (
    Shade("Self-served occasions, %", lambda cell: 100.0 * cell.ends["self_service_share"], ".0f", BLUE),
    Shade("Forced, of self-served, %", lambda cell: 100.0 * cell.ends["forced_share"], ".0f", VERMILLION),
    Shade(
        f"Tasks below {100 * HELD_DOWN:.0f} % of the reference",
        lambda cell: len(cell.held_down),
        ".0f",
        PURPLE,
    ),
    Shade("Steps back towards staff, per firm", lambda cell: cell.moves_back, ".1f", GREEN),
)


def cell_picture(cells: Sequence[Cell], axes: Axes, label: str, runs: int) -> Drawn:
    """Return a row of heat maps per outcome, one map per value of the third lever."""
    panels = list(axes.values[2])[::-1] if len(axes.names) > 2 else [None]
    maps = [_map(cells, axes, shade, panel) for shade in SHADES for panel in panels]
    columns, rows = axes.labels[:2]
    each = f"mean of {runs} {'run' if runs == 1 else 'runs'} per cell at the end of the run"
    reading = [
        f"{each}; one scale of colour per row",
        f"columns: {columns}; rows: {rows}; 1 is the default",
    ]
    title = alt.TitleParams(label, subtitle=reading, fontSize=18, subtitleFontSize=13, offset=18)
    grid = alt.concat(*maps, columns=len(panels), spacing={"row": 26, "column": 30})
    return grid.resolve_scale(color="independent").properties(title=title)


def _map(cells: Sequence[Cell], axes: Axes, shade: Shade, panel: float | None) -> Drawn:
    columns, rows = axes.values[0], axes.values[1]
    shown = [c for c in cells if panel is None or float(c.point.varied[axes.names[2]]) == panel]
    top = max(shade.value(cell) for cell in cells) or 1.0
    data = PlainRows(values=[_datum(cell, axes, shade, top) for cell in shown])
    x = alt.X("x:N", sort=[shown_value(v) for v in columns], title=None, axis=_axis(angle=0))
    y = alt.Y("y:N", sort=[shown_value(v) for v in rows][::-1], title=None, axis=_axis())
    scale = alt.Scale(range=[LIGHTEST, shade.colour], domain=[0.0, top], interpolate="rgb")
    tiles = Layer(data).mark_rect(stroke="white", strokeWidth=2)
    ink = alt.condition("datum.dark", alt.value("white"), alt.value("#1F2328"))
    words = Layer(data).mark_text(fontSize=12).encode(x=x, y=y, text="words:N", color=ink)
    where = "" if panel is None else f"{axes.labels[2]} {shown_value(panel)}"
    heading = alt.TitleParams(shade.heading, subtitle=where, fontSize=13, subtitleFontSize=11, offset=8)
    shaded = tiles.encode(x=x, y=y, color=alt.Color("value:Q", scale=scale, legend=None))
    return alt.layer(shaded, words).properties(
        width=TILE[0] * len(columns), height=TILE[1] * len(rows), title=heading
    )


def _axis(angle: int | None = None) -> alt.Axis:
    axis = alt.Axis(ticks=False, domain=False, grid=False)
    if angle is not None:
        axis["labelAngle"] = angle
    return axis


def _datum(cell: Cell, axes: Axes, shade: Shade, top: float) -> dict[str, object]:
    value = shade.value(cell)
    return {
        "x": shown_value(cell.point.varied[axes.names[0]]),
        "y": shown_value(cell.point.varied[axes.names[1]]),
        "value": float(f"{value:.6g}"),
        "words": f"{value:{shade.words}}",
        "dark": value > DARK * top,
    }
