"""What a report says about which parameters move the outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from experiments.indices import DUMMY
from experiments.measure_names import stored_measures
from experiments.report_points import is_sampled, short_number, wrapped
from experiments.report_sections import Picture, Section, Table
from experiments.sensitivity import USUAL_OUTCOMES, analyse_outcome
from experiments.summary import shown_number
from experiments.theme import BLUE, PALE, QUIET, TEXT, Drawn, Layer, PlainRows
from experiments.verdicts import COLUMNS, RANKED_BY, ranking, verdict


def section(archive: Any) -> Section | None:
    """Return which parameters move the outcomes; None where nothing is sampled."""
    stored = stored_measures(archive)
    names = [name for name in USUAL_OUTCOMES if name in stored] or stored[:2]
    if not is_sampled(archive):
        return None
    found = [analyse_outcome(archive, name)[0] for name in names]
    told = [analysis for analysis in found if analysis.indices]
    paragraphs = [f"{one.label}: {' '.join(verdict(one))}" for one in found]
    tables = [_index_table(one) for one in told]
    pictures = (
        [Picture("sensitivity", _bars(told), "Sensitivity indices of every outcome, by parameter.")]
        if told
        else []
    )
    return Section("What moves the outcomes", paragraphs, tables, pictures)


def _index_table(analysis: Any) -> Table:
    kinds = COLUMNS[analysis.method]
    rows = []
    for name in ranking(analysis):
        by_kind = {one.kind: one for one in analysis.indices if one.parameter == name}
        rows.append((name, *(_index_cell(by_kind.get(kind)) for kind, _ in kinds)))
    levers = ", ".join(f"{name} {value}" for name, value in analysis.levers.items())
    caption = (
        f"{analysis.label}{f', at {levers}' if levers else ''}: {analysis.method}, {analysis.points:,} points"
    )
    return Table(("Parameter", *(title for _, title in kinds)), rows, caption + ", 95 % interval in brackets")


def _index_cell(index: Any) -> str:
    if index is None:
        return ""
    between = "" if index.low is None else f" ({shown_number(index.low)} to {shown_number(index.high)})"
    return (shown_number(index.value) + between).replace("-", "−")


def _bars(analyses: Sequence[Any]) -> Drawn:
    kind = RANKED_BY[analyses[0].method]
    title = dict(COLUMNS[analyses[0].method])[kind]
    return alt.concat(*(_bar(analysis, kind) for analysis in analyses), columns=1, spacing=24).properties(
        title=alt.TitleParams(
            "What moves the outcomes", subtitle=f"{title}; lines: 95 % interval, where there is one"
        )
    )


def _bar(analysis: Any, kind: str) -> Drawn:
    found = {one.parameter: one for one in analysis.indices if one.kind == kind}
    order = ranking(analysis)
    rows = [
        {
            "parameter": name,
            "index": short_number(found[name].value),
            "low": short_number(found[name].value if found[name].low is None else found[name].low),
            "high": short_number(found[name].value if found[name].high is None else found[name].high),
            "colour": PALE if name == DUMMY else BLUE,
        }
        for name in order
    ]
    data = Layer(PlainRows(values=rows))
    y = alt.Y("parameter:N", sort=order, title=None, axis=alt.Axis(labelLimit=260, titleAngle=0))
    bar = data.mark_bar(height=12).encode(
        y=y,
        x=alt.X("index:Q", title=None, axis=alt.Axis(format=".2~f", tickCount=5)),
        color=alt.Color("colour:N", scale=None),
    )
    whisker = data.mark_rule(strokeWidth=1.6, color=TEXT).encode(y=y, x="low:Q", x2="high:Q")
    heading = alt.TitleParams(wrapped(analysis.label), fontSize=13, color=QUIET)
    return alt.layer(bar, whisker).properties(width=420, height=22 * len(rows), title=heading)
