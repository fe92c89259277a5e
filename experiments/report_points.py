"""What a report says about several design points: key numbers, and the spread over a sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np

from experiments.common_luck import LAST_MONTHS, varied_names
from experiments.intervals import interval_of, is_share
from experiments.measure_names import stored_measures
from experiments.report_sections import Picture, Section, Table
from experiments.summary import TELLING, shown_number
from experiments.theme import LINES, Drawn, Layer, PlainRows

MOST_POINTS = 24
"""More design points than these are summarised, not listed."""
MOST_SETTINGS = 6
KEY_MEASURES = (
    "self_service_share",
    "unpaid_hours_gross",
    "unpaid_hours_net",
    "forced_share",
    "saving_share",
    "closed_share",
    "excluded_share",
)
FANNED = ("self_service_share", "unpaid_hours_gross", "forced_share", "saving_share")
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def is_sampled(archive: Any) -> bool:
    """Return whether the design points are a sample, as against a list of choices."""
    return bool(archive.experiment.uncertainties) and len(archive.points) > 1


def key_numbers_section(archive: Any) -> Section | None:
    """Return the end of the runs by design point, or by lever where the points are a sample."""
    stored = stored_measures(archive)
    names = (
        [name for name in KEY_MEASURES if name in stored] or [n for n in TELLING if n in stored] or stored[:6]
    )
    if len(archive.points) < 2 or not names:
        return None
    table = _by_lever(archive, names) if is_sampled(archive) else _by_point(archive, names)
    return Section("Key numbers", _fixed_words(archive), [table])


def _fixed_words(archive: Any) -> list[str]:
    varied = ", ".join(_word(name) for name in varied_names(archive))
    return [f"{len(archive.points):,} design points; what varies: {varied}."]


def _by_point(archive: Any, names: Sequence[str]) -> Table:
    final = archive.final(list(names), months=LAST_MONTHS)
    points = archive.points.sort_values("design_point")
    runs = int(final.groupby("design_point")["replication"].nunique().max()) if len(final) else 0
    rows = []
    for _, point in points.head(MOST_POINTS).iterrows():
        own = final[final["design_point"] == point["design_point"]]
        cells = [_cell(name, own[own["measure"] == name]["value"].dropna().tolist()) for name in names]
        rows.append((_point_label(point), *cells))
    left = len(points) - len(rows)
    caption = f"Mean of the last {LAST_MONTHS} months" + (
        f", {runs} runs at each point, 95 % interval in brackets." if runs > 1 else ", 1 run at each point."
    )
    return Table(
        ("Design point", *_heads(names)), rows, caption + (f" {left:,} more points." if left else "")
    )


def _heads(names: Sequence[str]) -> list[str]:
    from model.measures import MEASURES

    units = {name: "%" if is_share(name) or name == "saving_share" else MEASURES[name].unit for name in names}
    return [f"{name.removesuffix('_share').replace('_', ' ')}, {units[name]}" for name in names]


def _point_label(point: Any) -> str:
    return ", ".join(f"{_word(name)} {_short(point[name])}" for name in point.index if name != "design_point")


def _word(name: str) -> str:
    """Return a parameter's label, or a labelled lever's own name."""
    from experiments.paired import parameter_label

    return parameter_label(name)


def _short(value: Any) -> str:
    return (
        f"{value:g}"
        if isinstance(value, float | int | np.number) and not isinstance(value, bool)
        else str(value)
    )


def _cell(name: str, values: list[float]) -> str:
    value, low, high = interval_of(values, share=is_share(name))
    between = "" if low is None else f" ({_figure(name, low)} to {_figure(name, high)})"
    return _figure(name, value) + between


def _figure(name: str, value: float | None) -> str:
    share = is_share(name) or name == "saving_share"
    text = f"{100 * value:.1f}" if share and value is not None else shown_number(value)
    return text.replace("-", "−")


def _settings(archive: Any) -> dict[str, list[int]]:
    """Return the design points of every combination of levers, by its label."""
    levers = [name for name in varied_names(archive) if name in (archive.experiment.levers or ())]
    found: dict[str, list[int]] = {}
    for _, point in archive.points.sort_values("design_point").iterrows():
        label = ", ".join(f"{_word(name)} {_short(point[name])}" for name in levers) or "all points"
        found.setdefault(label, []).append(int(point["design_point"]))
    return found


def _by_lever(archive: Any, names: Sequence[str]) -> Table:
    final = archive.final(list(names), months=LAST_MONTHS)
    means = final.groupby(["design_point", "measure"])["value"].mean().unstack("measure")
    rows = []
    for label, points in _settings(archive).items():
        own = means.reindex(points)
        rows.append((label, *(_spread(name, own[name].dropna().to_numpy()) for name in names)))
    caption = (
        f"Mean of the last {LAST_MONTHS} months over {len(archive.points):,} sampled points; in brackets the "
        "middle 90 % of the points: how far the outcome moves with what is not known."
    )
    return Table(("Levers", *_heads(names)), rows, caption)


def _spread(name: str, values: np.ndarray) -> str:
    if not values.size:
        return "–"
    low, high = np.quantile(values, [0.05, 0.95])
    return (
        f"{_figure(name, float(values.mean()))} ({_figure(name, float(low))} to {_figure(name, float(high))})"
    )


def spread_section(archive: Any) -> Section | None:
    """Return pictures of how far sampled points lie apart over time; None where nothing is sampled."""
    stored = stored_measures(archive)
    names = [name for name in FANNED if name in stored] or stored[:2]
    if not is_sampled(archive) or not names or archive.experiment.months < 12:
        return None
    settings = dict(list(_settings(archive).items())[:MOST_SETTINGS])
    charts = [_fan(archive, name, settings) for name in names]
    title = alt.TitleParams(
        "What is not known, over time",
        subtitle=[
            "line: median of sampled points; bands: middle half and middle 90 %",
            *_lever_notes(settings),
        ],
    )
    chart = alt.concat(*charts, columns=2, spacing=28).properties(title=title)
    caption = "Spread of outcomes over the sampled design points, year by year, mean over replications."
    return Section("How far outcomes lie apart", (), (), [Picture("spread", chart, caption)])


def _lever_notes(settings: dict[str, list[int]]) -> list[str]:
    if len(settings) == 1:
        return []
    named = "; ".join(f"{_COLOURS[at]}: {label}" for at, label in enumerate(settings))
    return [*wrapped(named, 110), "bands of the first only"]


_COLOURS = ("blue", "vermillion", "green", "purple", "orange", "sky")
"""Words for the colours in which lines are drawn, in their order."""


def _fan(archive: Any, name: str, settings: dict[str, list[int]]) -> Drawn:
    from model.measures import MEASURES

    rows = [
        row
        for at, (label, points) in enumerate(settings.items())
        for row in _fan_rows(archive, name, at, label, points)
    ]
    first = next(iter(settings))
    share = is_share(name) or name == "saving_share"
    axis = alt.Axis(format=".0%", tickCount=4) if share else alt.Axis(tickCount=4)
    x = alt.X("year:Q", title=None, axis=alt.Axis(tickCount=5))
    banded = Layer(PlainRows(values=[row for row in rows if row["levers"] == first]))
    bands = [
        banded.mark_area(opacity=shade, color=LINES[0]).encode(
            x=x, y=alt.Y(f"{low}:Q", title=None, axis=axis), y2=f"{high}:Q"
        )
        for low, high, shade in (("q05", "q95", 0.15), ("q25", "q75", 0.25))
    ]
    line = Layer(PlainRows(values=rows)).mark_line(strokeWidth=2.2)
    middle = alt.Y("value:Q", title=None, axis=axis)
    drawn = line.encode(x=x, y=middle, color=alt.Color("colour:N", scale=None), detail="levers:N")
    unit = "" if MEASURES[name].unit == "1" else f", {MEASURES[name].unit}"
    title = alt.TitleParams(wrapped(MEASURES[name].label + unit), fontSize=13)
    return alt.layer(*bands, drawn).properties(width=330, height=170, title=title)


def wrapped(text: str, letters: int = 52) -> list[str]:
    """Return a text in lines: of the usual length, they fit above a panel."""
    import textwrap

    return textwrap.wrap(text, letters)


def _fan_rows(archive: Any, name: str, at: int, label: str, points: list[int]) -> list[dict[str, Any]]:
    year, month = (int(part) for part in archive.experiment.start.split("-"))
    chosen = ", ".join(str(point) for point in points)
    years = f"{year} + (month + {month - 1}) // 12"
    by_year = archive.query(
        f"""select runs.design_point as point, {years} as year, avg(value) as mean
            from series join runs using (run_id)
            where measure = '{name}' and runs.design_point in ({chosen}) group by 1, 2"""
    )
    quantiles = by_year.groupby("year")["mean"].quantile(QUANTILES).unstack()
    return [
        {
            "levers": label,
            "year": int(when),
            "value": short_number(row[0.5]),
            **{f"q{100 * q:02.0f}": short_number(row[q]) for q in QUANTILES if q != 0.5},
            "colour": LINES[at % len(LINES)],
        }
        for when, row in quantiles.iterrows()
        if np.isfinite(row[0.5])
    ]


def short_number(value: float) -> float:
    """Return six significant digits: a picture needs no more."""
    return float(f"{value:.6g}")
