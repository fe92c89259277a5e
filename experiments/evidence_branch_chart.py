"""The picture of branches: one small panel per country, observed and simulated, beside internet banking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from experiments.branch_density import Country
from experiments.comparison import COUNTRIES, LAST_CALIBRATION_YEAR
from experiments.theme import BLACK, BLUE, ORANGE, Drawn, year_axis

PANEL = 190, 130
COLUMNS = 3
FIRST, LAST = 2004, 2019
OBSERVED, SIMULATED = "branches, observed", "branches, the economy"
ADOPTION = "internet banking, observed, % of people"
COLOURS = {OBSERVED: BLACK, SIMULATED: BLUE, ADOPTION: ORANGE}


def chart(countries: Sequence[Country], runs: int) -> Drawn:
    """Return one small panel per country."""
    panels = [_panel(country, place) for place, country in enumerate(countries)]
    title = alt.TitleParams(
        "Bank branches and internet banking",
        subtitle=[
            (f"branches per adult, {LAST_CALIBRATION_YEAR} = 100; the economy: mean of {runs} runs and 95 % "
            "interval"),
            ("internet banking in % of people on the same axis; right of the line: nothing was solved on "
            "these years"),
        ],
        fontSize=18, subtitleFontSize=13, offset=18,
    )  # fmt: skip
    grid = alt.concat(*panels, columns=COLUMNS, align="each", spacing={"row": 26, "column": 26})
    return grid.properties(title=title).resolve_scale(color="shared")


def _panel(country: Country, place: int) -> Drawn:
    legend = alt.Legend(title=None, orient="top", direction="horizontal", labelLimit=300, columns=0)
    scale = alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
    colour = alt.Color("series:N", scale=scale, legend=legend if place == 0 else None)
    x = year_axis(FIRST, LAST, bare=True)
    y = alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[0, 220], nice=False, clamp=True),
        axis=alt.Axis(tickCount=4),
    )
    base = alt.Chart(alt.InlineData(values=_rows(country)))
    band = base.mark_area(opacity=0.18).encode(x=x, y=y, y2="high:Q", color=colour)
    band = band.transform_filter("isValid(datum.high)").encode(y=alt.Y("low:Q"))
    lines = base.mark_line(strokeWidth=2.0).encode(x=x, y=y, color=colour)
    lines = lines.transform_filter(f"datum.series != '{ADOPTION}'")  # some years were never published
    points = base.mark_point(filled=True, size=18, opacity=1.0).encode(x=x, y=y, color=colour)
    rule = alt.Chart(alt.InlineData(values=[{"year": LAST_CALIBRATION_YEAR + 0.5}])).mark_rule(
        strokeDash=[3, 3]
    )
    title = alt.TitleParams(COUNTRIES.get(country.geo, country.geo), fontSize=13, fontWeight=600, offset=6)
    layers = alt.layer(
        band, lines, points.transform_filter(f"datum.series != '{SIMULATED}'"), rule.encode(x=x)
    )
    return layers.properties(width=PANEL[0], height=PANEL[1], title=title)


def _rows(country: Country) -> list[dict[str, Any]]:
    series = {OBSERVED: country.observed, SIMULATED: country.simulated, ADOPTION: country.adoption}
    return [
        {"series": name, "year": year, "value": _five(value), **_ends(country, name, year)}
        for name, values in series.items()
        for year, value in values.items()
        if FIRST <= year <= LAST
    ]


def _ends(country: Country, series: str, year: int) -> dict[str, float]:
    if series != SIMULATED:
        return {}
    return {"low": _five(country.low[year]), "high": _five(country.high[year])}


def _five(value: float) -> float:
    return float(f"{value:.5g}")
