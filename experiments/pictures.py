"""Pictures of one experiment's runs: SVG, drawn offline, with what they were made from below each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import altair as alt
import numpy as np

from experiments.charts import Line, cross_layer, heights, line_layers
from experiments.comparison import Comparison
from experiments.many_tasks import many_tasks
from experiments.panels import (
    Draw,
    Panel,
    Sheet,
    adoption,
    hours,
    index_frame,
    modes,
    observed_index,
    premises,
    premises_compared,
    saving,
    tasks,
    willingness,
)
from experiments.report_sections import Picture
from experiments.theme import HEIGHT, WIDTH, Drawn, passport_title, spec_of, to_svg

SMALL = 330, 150
"""Pixels of a panel on the overview."""

PANELS: dict[str, tuple[Draw, str]] = {
    "adoption": (adoption, "What people do online by year, simulated beside observed."),
    "premises": (premises, "Bank branches and cash machines by year, simulated beside observed, as indices."),
    "tasks": (tasks, "Share of occasions that customers serve themselves, by task and year."),
    "modes": (modes, "Shares of tasks that firms offer staffed, optional, incentivised or forced, by year."),
    "willingness": (willingness, "Voluntary, tipped by price and forced, of self-served occasions, by year."),
    "hours": (hours, "Unpaid hours per adult and year: gross, felt and net of being served."),
    "saving": (saving, "Saving by externalisation in euros per customer and year, by who keeps it."),
}
"""File name, panel, and what a screen reader says."""
MOST_ON_OVERVIEW = 6
"""With more panels than these the overview does without `willingness`."""
OBSERVED = ("adoption", "premises")
"""Pictures with published figures in them, whose publishers are named below."""
PUBLISHERS = ("Eurostat", "World Bank")


def draw_all(sheet: Sheet) -> tuple[dict[str, str], list[str]]:
    """Return every picture as SVG by its file name, and the names of those that were left out."""
    pictures, left_out = pictures_of(sheet)
    return {picture.stem: to_svg(spec_of(picture.chart), picture.caption) for picture in pictures}, left_out


def pictures_of(sheet: Sheet) -> tuple[list[Picture], list[str]]:
    """Return every picture of a sheet, the overview first, and the names of those that were left out."""
    found, left_out = [], []
    small = {name: panel for name, (draw, _) in PANELS.items() if (panel := draw(sheet, *SMALL)) is not None}
    if len(small) > MOST_ON_OVERVIEW:
        small.pop("willingness", None)
    if small:
        said = f"{sheet.title}: overview of all pictures."
        found.append(Picture("overview", overview(sheet, list(small.values())), said))
    for name, (draw, description) in PANELS.items():
        chart = _detail(name, sheet) or _alone(draw, sheet)
        if chart is None:
            left_out.append(name)
        else:
            found.append(Picture(name, _with_passport(chart, sheet, name in OBSERVED), description))
    return found, left_out


def overview(sheet: Sheet, panels: Sequence[Panel]) -> Drawn:
    """Return all panels on one sheet, two to a row."""
    title = alt.TitleParams(sheet.title, subtitle=sheet.basis, fontSize=18, subtitleFontSize=13, offset=18)
    grid = alt.concat(*(panel.small() for panel in panels), columns=2, align="all", spacing=24, title=title)
    return _with_passport(grid, sheet, observed=True)


def _alone(draw: Draw, sheet: Sheet) -> Drawn | None:
    """Return one panel in full size."""
    panel = draw(sheet, WIDTH, HEIGHT)
    return None if panel is None else panel.chart()


def _detail(name: str, sheet: Sheet) -> Drawn | None:
    """Return the pictures that differ from their panel: premises side by side, many tasks."""
    if name == "premises":
        return _premises_side_by_side(sheet)
    return many_tasks(sheet) if name == "tasks" else None


def _premises_side_by_side(sheet: Sheet) -> Drawn | None:
    """Return branches and cash machines in two panels, with the figures as published."""
    compared = premises_compared(sheet)
    if not compared:
        return None
    title = alt.TitleParams("Cash machines and bank branches", subtitle=sheet.basis)
    return alt.hconcat(*(_one_kind(*found) for found in compared), spacing=30, title=title)


def _one_kind(comparison: Comparison, colour: str) -> Drawn:
    """Return one kind of premises: simulated, observed with spliced definitions, and as published."""
    observed = comparison.observed
    published = 100.0 * observed.values / observed.values[observed.years == comparison.base_year]
    frame = index_frame([(comparison, colour)], 330, 260)
    frame = replace(frame, domain=heights([np.array(frame.domain) / 1.06, published]))
    moved = np.abs(published - comparison.observed_values) > 1e-9
    crosses = cross_layer((observed.years[moved], published[moved]), frame)
    lines = line_layers([Line("simulated", comparison.simulated, colour)], frame)
    said = "points: observed per adult" + (
        "; crosses: before splicing a change of definition" if moved.any() else ""
    )
    reading = ["line: " + comparison.simulated_as, said]
    layers = [crosses, *observed_index(comparison, frame, colour), *lines]
    return Panel(layers, frame, comparison.name, reading, reading).small()


def _with_passport(chart: Drawn, sheet: Sheet, observed: bool) -> Drawn:
    """Return a chart with the line that says what it was made from, and who published what was observed."""
    sources = " ".join(source for compared in sheet.compared for source in compared.observed.sources)
    named = [publisher for publisher in PUBLISHERS if observed and publisher in sources]
    credit = f" · observed: {', '.join(named)}, CC BY 4.0" if named else ""
    return alt.vconcat(chart, title=passport_title(sheet.passport + credit))
