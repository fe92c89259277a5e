"""The picture of knock-outs: a bar per mechanism and outcome, with its interval and the two ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from experiments.knock_outs import Worth
from experiments.theme import BLUE, GREY, PALE, TEXT, VERMILLION, Drawn, Layer, PlainRows

WIDTH, ROW, COLUMNS = 230, 30, 3


def worth_picture(found: Sequence[Worth], label: str) -> Drawn:
    """Return what each mechanism is worth, one panel per outcome; mechanisms in one order everywhere."""
    ranked = sorted(found[0].shapley, key=lambda name: -found[0].shapley[name].mean)
    panels = [_panel(worth, ranked, place) for place, worth in enumerate(found)]
    reading = [
        f"bars: Shapley values of {found[0].everything.runs} runs each; lines: 95 % intervals",
        "rings: acting alone; crosses: missing when it alone is knocked out; blue raises, orange lowers",
    ]
    title = alt.TitleParams(label, subtitle=reading, fontSize=18, subtitleFontSize=13, offset=18)
    grid = alt.concat(*panels, columns=COLUMNS, align="each", spacing={"row": 30, "column": 26})
    return grid.properties(title=title)


def _panel(worth: Worth, ranked: Sequence[str], place: int) -> Drawn:
    scale = worth.outcome.scale
    rows = [_row(worth, name, scale) for name in ranked]
    data = PlainRows(values=rows)
    axis = alt.Axis(
        labels=place % COLUMNS == 0, ticks=False, domain=False, grid=True, gridColor=PALE, gridOpacity=0.6,
        labelColor=TEXT,
    )  # fmt: skip
    y = alt.Y("mechanism:N", sort=list(ranked), title=None, axis=axis)
    ends = [row[key] for row in rows for key in ("value", "low", "high", "alone", "last") if key in row]
    air = 0.06 * (max([0.0, *ends]) - min([0.0, *ends]) or 1.0)
    domain = [min([0.0, *ends]) - air, max([0.0, *ends]) + air]
    unit = worth.outcome.change_unit or "index"
    x_axis = alt.Axis(format=",.4~r", tickCount=4, grid=False, labelFlush=False)
    x = lambda field: alt.X(  # noqa: E731 - the same axis for every layer
        f"{field}:Q", title=unit, axis=x_axis, scale=alt.Scale(domain=domain, nice=False)
    )
    bars = (
        Layer(data)
        .mark_bar(size=13, opacity=0.75)
        .encode(x=x("value"), y=y, color=alt.Color("colour:N", scale=None))
    )
    rules = Layer(data).mark_rule(strokeWidth=1.6, color=TEXT).encode(x=x("low"), x2="high:Q", y=y)
    rings = Layer(data).mark_point(shape="circle", size=44, color=TEXT, filled=False, opacity=1.0)
    crosses = Layer(data).mark_point(shape="cross", angle=45, size=44, color=TEXT, filled=True, opacity=1.0)
    zero = Layer(PlainRows(values=[{"value": 0.0}])).mark_rule(color=GREY).encode(x=x("value"))
    layers = alt.layer(zero, bars, rules, rings.encode(x=x("alone"), y=y), crosses.encode(x=x("last"), y=y))
    brief = worth.outcome.brief
    heading = alt.TitleParams(brief[0].upper() + brief[1:], fontSize=13, offset=6)
    return layers.properties(width=WIDTH, height=ROW * len(ranked), title=heading)


def _row(worth: Worth, name: str, scale: float) -> dict[str, Any]:
    value = worth.shapley[name]
    ends = {"low": scale * value.low, "high": scale * value.high} if value.runs > 1 else {}
    return {
        "mechanism": name,
        "value": scale * value.mean,
        "alone": scale * worth.alone[name],
        "last": scale * worth.last[name],
        "colour": BLUE if value.mean >= 0.0 else VERMILLION,
        **ends,
    }
