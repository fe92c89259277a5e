"""The pictures of the up-and-down sweep: two branches by strength of the right, and rights of other years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from experiments.branches import Branches
from experiments.charts import Frame, Line, heights_of, line_layers, span
from experiments.choice_charts import heading_of, yearly_of
from experiments.outcomes import Outcome, outcomes_of
from experiments.paired import Point
from experiments.theme import BLACK, BLUE, LINES, VERMILLION, Drawn, Layer, PlainRows

PANEL = 230, 170
COLUMNS = 3
DODGE = 0.012
"""By this much the branches stand beside each other, so that none hides the other."""
BRANCHES = {"way up: unprotected before": VERMILLION, "way down: protected before": BLUE}
TIMED = ("self_service_share", "forced_share", "unpaid_hours_gross")


def branch_picture(found: Sequence[Branches], label: str, begins: float | None, runs: int) -> Drawn:
    """Return both branches by strength of the right, one panel per outcome."""
    panels = [_panel(branch, place) for place, branch in enumerate(found)]
    since = "" if begins is None else f" from {begins:.0f} on"
    reading = [
        f"the same right{since}, after counters were free to close and after all had to stay open",
        f"mean of {runs} runs each at the end, lines: 95 % intervals; a gap is what history has locked in",
    ]
    title = alt.TitleParams(label, subtitle=reading, fontSize=18, subtitleFontSize=13, offset=18)
    grid = alt.concat(*panels, columns=COLUMNS, align="each", spacing={"row": 34, "column": 34})
    return grid.properties(title=title).resolve_scale(color="shared")


def _panel(branch: Branches, place: int) -> Drawn:
    rows = [
        row for name, side in zip(BRANCHES, ("up", "down"), strict=True) for row in _rows(branch, name, side)
    ]
    data = PlainRows(values=rows)
    axis = alt.Axis(format=".0%", values=[rung.right for rung in branch.rungs], grid=False)
    x = alt.X("right:Q", title="counters protected", axis=axis)
    unit = branch.outcome.level_unit or "index"
    top = max(row.get("high", row["value"]) for row in rows)
    low = min(0.0, *(row.get("low", row["value"]) for row in rows))
    scale = alt.Scale(domain=[low, 1.08 * top or 1.0], nice=False, clamp=True)
    y = lambda field: alt.Y(  # noqa: E731 - the same axis for every layer
        f"{field}:Q", title=unit, scale=scale, axis=alt.Axis(tickCount=4, titleY=-10, minExtent=30)
    )
    legend = (
        alt.Legend(title=None, orient="top", direction="horizontal", labelLimit=260) if place == 0 else None
    )
    colour = alt.Color(
        "branch:N", scale=alt.Scale(domain=list(BRANCHES), range=list(BRANCHES.values())), legend=legend
    )
    base = Layer(data)
    lines = base.mark_line(strokeWidth=2.4).encode(x=x, y=y("value"), color=colour)
    points = base.mark_point(filled=True, size=46, opacity=1.0).encode(x=x, y=y("value"), color=colour)
    bars = base.mark_rule(strokeWidth=1.6).encode(x=x, y=y("low"), y2="high:Q", color=colour)
    brief = branch.outcome.brief
    heading = alt.TitleParams(brief[0].upper() + brief[1:], fontSize=13, offset=10)
    return alt.layer(bars, lines, points).properties(width=PANEL[0], height=PANEL[1], title=heading)


def _rows(branch: Branches, name: str, side: str) -> list[dict[str, Any]]:
    rows = []
    for rung in branch.rungs:
        found = rung.up if side == "up" else rung.down
        ends = {"low": found.low, "high": found.high} if found.runs > 1 else {}
        beside = DODGE if side == "up" else -DODGE
        rows.append({"branch": name, "right": rung.right + beside, "value": found.mean, **ends})
    return rows


def timing_picture(archive: Any, timed: Mapping[str, Point], runs: int) -> Drawn:
    """Return paths by when a full right begins and ends, beside no right."""
    outcomes = outcomes_of(TIMED, set(archive.final(list(TIMED))["measure"]))
    keys = ["run_id", "design_point", "replication"]
    table = archive.series([o.name for o in outcomes]).merge(archive.runs[keys], on="run_id")
    panels = [_path(table, outcome, timed, archive.experiment.start) for outcome in outcomes]
    reading = f"mean of {runs} runs each; a right for all counters, by the years in which it holds"
    title = alt.TitleParams(
        "A right to a counter, sooner or later", subtitle=reading, fontSize=18, subtitleFontSize=13
    )
    return alt.concat(*panels, columns=COLUMNS, align="all", spacing=34).properties(title=title)


def _path(table: Any, outcome: Outcome, timed: Mapping[str, Point], start: str) -> Drawn:
    hues = [BLACK, *(hue for hue in LINES if hue != BLACK)]
    lines = [
        Line(name, yearly_of(table, outcome, point, start), hue)
        for (name, point), hue in zip(timed.items(), hues, strict=False)
    ]
    top = heights_of([line.yearly for line in lines], most=100.0 if outcome.scale == 100.0 else None)
    frame = Frame(*PANEL, span(lines[0].yearly.years), "", None, top, bare=True)
    title = alt.TitleParams(heading_of(outcome), fontSize=13, offset=10)
    return alt.layer(*line_layers(lines, frame)).properties(width=PANEL[0], height=PANEL[1], title=title)
