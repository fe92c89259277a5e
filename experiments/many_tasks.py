"""One small panel for every task of a large catalogue, coloured by sector."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from experiments.charts import Frame, Line, line_layers, span
from experiments.panels import MOST_LINES, Sheet, sector_lines, task_lines
from experiments.theme import BLUE, INKS, QUIET, Drawn

if TYPE_CHECKING:
    from model.tasks import Task

COLUMNS = 5
PIXELS = 150, 84
"""Width and height of a panel."""


def many_tasks(sheet: Sheet) -> Drawn | None:
    """Return one small panel per task when there are too many for one."""
    if len(task_lines(sheet)) <= MOST_LINES:
        return None
    grids = [_grid(_services(sheet), "Services: share of occasions that customers serve themselves, by year")]
    contributions = [*_contributions(sheet)]
    if contributions:
        heading = "Contributions: share of adults who make one in a month, by year"
        grids.append(_grid(contributions, heading))
    title = alt.TitleParams("Self-service by task", subtitle=sheet.basis, fontSize=18, offset=16)
    return alt.vconcat(*grids, spacing=30, title=title)


def _grid(panels: Iterable[Drawn], heading: str) -> Drawn:
    """Return panels in rows below a heading, their plots aligned."""
    title = alt.TitleParams(heading, fontSize=13, fontWeight="normal", color=QUIET, offset=14)
    grid = alt.concat(
        *panels, columns=COLUMNS, align="all", bounds="flush", spacing={"row": 72, "column": 56}
    )
    return grid.properties(title=title)


def _services(sheet: Sheet) -> Iterator[Drawn]:
    """Yield the panels of tasks of which occasions are counted."""
    tasks = {task.label: task for task in sheet.catalogue.tasks}
    frame = _frame(sheet, "Share of occasions", 1.0)
    for line in task_lines(sheet):
        yield _panel(sheet, line, frame, tasks.get(line.name))


def _contributions(sheet: Sheet) -> Iterator[Drawn]:
    """Yield the panels of contributions, on one scale: nobody must make them, so that people are counted."""
    tasks = [task for task in sheet.catalogue.tasks if task.kind == "contribution"]
    stored = [(task, sheet.history.yearly(("user_share", "task", task.name))) for task in tasks]
    found = [(task, yearly) for task, yearly in stored if yearly is not None]
    top = max((float(np.nanmax(yearly.mean)) for _, yearly in found), default=0.0)
    frame = _frame(sheet, "Share of adults", min(1.0, max(1, math.ceil(20.0 * top)) / 20.0))
    for task, yearly in found:
        yield _panel(sheet, Line(task.label, yearly, BLUE), frame, task)


def _frame(sheet: Sheet, unit: str, top: float) -> Frame:
    return Frame(*PIXELS, span(sheet.history.years), unit, ".0%", (0.0, top), bare=True)


def _panel(sheet: Sheet, line: Line, frame: Frame, task: Task | None) -> Drawn:
    """Return one panel in the colour of its task's sector."""
    sector, colour = _sector_of(sheet, task)
    title = alt.TitleParams(
        line.name.partition(" (")[0],
        subtitle=sector,
        fontSize=12,
        subtitleFontSize=11,
        subtitleColor=INKS.get(colour, colour),
        offset=6,
    )
    layers = line_layers([Line("", line.yearly, colour)], frame)
    return alt.layer(*layers, width=PIXELS[0], height=PIXELS[1], title=title)


def _sector_of(sheet: Sheet, task: Task | None) -> tuple[str, str]:
    """Return the label of a task's sector and the colour that it has on the overview."""
    labels = {sector.name: sector.label for sector in sheet.catalogue.sectors}
    label = labels.get(task.sector, "") if task else ""
    colours = {line.name: line.colour for line in sector_lines(sheet)}
    return label, colours.get(label, BLUE)
