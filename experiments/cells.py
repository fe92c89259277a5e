"""Cells of a grid of strengths: where tasks are held down or rolled back, and where force is the rule.

Columns, rows and panels are the levers of the experiment; the first value of each is the reference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.outcomes import Outcome, figure, outcome_of
from experiments.paired import Point, parameter_label, points_of, shown_value
from experiments.report_sections import Picture, Section, Table

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = ("self_service_share", "forced_share")
SHARE = "self_service_share"
FEWEST = 9
"""Points of a grid that is worth a map."""
HELD_DOWN = 0.5
"""A task is held down where customers do less than this part of what they do of it in the reference."""
ROLLED_BACK = 0.05
"""A task is rolled back where its self-served share ends this far below its own best year."""
MOST_TASKS = 3
"""Tasks that one sentence names."""
THE_RULE = 0.5
"""Voluntary (or tipped by price) is the rule while it is more than this share of self-served occasions."""


@dataclass(frozen=True)
class Cell:
    """One economy of the grid: means over its runs, what became of its tasks, steps back per firm."""

    point: Point
    ends: dict[str, float]
    forced_from: int | None
    held_down: tuple[str, ...]
    rolled_back: tuple[str, ...]
    moves_back: float

    @property
    def forced(self) -> bool:
        """Whether force is the rule at the end."""
        return self.ends.get("forced_share", 0.0) > THE_RULE


@dataclass(frozen=True)
class Axes:
    """The levers of a grid: columns, rows and panels, each with its values in order."""

    names: Sequence[str]
    values: Sequence[Sequence[float]]

    @property
    def labels(self) -> list[str]:
        """Their words."""
        return [parameter_label(name) for name in self.names]


def section(archive: Any) -> Section | None:
    """Return the map of a grid; None where the experiment is none."""
    points = points_of(archive)
    axes = axes_of(points)
    final = archive.final()
    if axes is None or not {SHARE, "forced_share", "rollbacks"} <= set(final["measure"]):
        return None
    cells = cells_of(archive, points, final)
    from experiments.cell_charts import cell_picture

    runs = int(final["replication"].nunique())
    picture = Picture(
        "cells", cell_picture(cells, axes, archive.experiment.label, runs), "Outcomes by cell of the grid."
    )
    return Section("Where it stops", sentences(cells, axes, runs), [_table(cells, axes, runs)], [picture])


def axes_of(points: Sequence[Point]) -> Axes | None:
    """Return the levers of a full grid of numbers, the one with most values first; None for anything else."""
    names = list(points[0].varied) if points else []
    numeric = all(not isinstance(v, str | bool | np.bool_) for p in points for v in p.varied.values())
    if not numeric or not 2 <= len(names) <= 3 or len(points) < FEWEST:
        return None
    values = {name: sorted({float(point.varied[name]) for point in points}) for name in names}
    if len(points) != np.prod([len(found) for found in values.values()]):
        return None
    ordered = sorted(names, key=lambda name: -len(values[name]))
    return Axes(ordered, [values[name] for name in ordered])


def cells_of(archive: Any, points: Sequence[Point], final: pd.DataFrame) -> list[Cell]:
    """Return every cell: its end, its tasks, and since when force is the rule."""
    means = final.groupby(["design_point", "measure"], observed=True)["value"].mean()
    series = _by_year(archive, archive.series(["forced_share", "rollbacks"]), ["measure", "design_point"])
    tasks = _by_year(archive, archive.groups(SHARE, dimension="task"), ["design_point", "group"])
    reference = _ends_of(tasks, points[0].number)
    return [_cell(point, means, series, (tasks, reference)) for point in points]


def _by_year(archive: Any, monthly: pd.DataFrame, keys: Sequence[str]) -> Any:
    """Return the means over runs by point (and task), a column per year."""
    year, month = (int(part) for part in archive.experiment.start.split("-"))
    table = monthly.merge(archive.runs[["run_id", "design_point"]], on="run_id")
    table["year"] = (year * 12 + month - 1 + table["month"]) // 12
    return table.pivot_table(index=list(keys), columns="year", values="value", observed=True)


def _ends_of(tasks: Any, point: int) -> dict[str, float]:
    """Return what customers do of every task in the last year at one point."""
    return {str(task): float(row.iloc[-1]) for task, row in tasks.loc[point].iterrows()} if len(tasks) else {}


def _cell(point: Point, means: Any, series: Any, tasks: tuple[Any, dict[str, float]]) -> Cell:
    by_task, reference = tasks
    ends = {str(name): float(value) for name, value in means[point.number].items()}
    forced, moves = (series.loc[name, point.number] for name in ("forced_share", "rollbacks"))
    beyond = series.columns[forced > THE_RULE]
    here = _ends_of(by_task, point.number)
    best = {str(task): float(row.max()) for task, row in by_task.loc[point.number].iterrows()} if here else {}
    held = tuple(task for task, end in here.items() if end < HELD_DOWN * reference[task])
    back = tuple(task for task, end in here.items() if end < best[task] - ROLLED_BACK)
    return Cell(point, ends, int(beyond[0]) if len(beyond) else None, held, back, float(moves.sum()))


def sentences(cells: Sequence[Cell], axes: Axes, runs: int) -> list[str]:
    """Say in how many cells it stops, which tasks stop, and where force is the rule."""
    share = outcome_of(SHARE)
    lowest, highest = (pick(cells, key=lambda cell: cell.ends[SHARE]) for pick in (min, max))
    opening = (
        f"{len(cells)} economies ({', '.join(axes.labels)}), {runs} {'run' if runs == 1 else 'runs'} each. "
        "The "
        f"self-served share ends between {share.shown(lowest.ends[SHARE])} ({lowest.point.label}) and "
        f"{share.shown(highest.ends[SHARE])} ({highest.point.label})."
    )
    held = f"Held down, some task at less than {100 * HELD_DOWN:.0f} % of the reference: "
    back = f"Rolled back, some task more than {100 * ROLLED_BACK:.0f} points below its best year: "
    forced = "Forced as a rule, in more than half of self-served occasions: "
    moves = sorted(cell.moves_back for cell in cells)
    return [
        opening,
        held + where(cells, [cell.held_down for cell in cells]) + ".",
        back + where(cells, [cell.rolled_back for cell in cells]) + ".",
        f"Steps back towards staff, per firm and run: {figure(moves[0])} to {figure(moves[-1])}.",
        forced + where(cells, [("",) if cell.forced else () for cell in cells]) + ".",
    ]


def where(cells: Sequence[Cell], tasks: Sequence[Sequence[str]]) -> str:
    """Say in how many cells something happens, and to which tasks most often."""
    happens = [some for some in tasks if some]
    n = len(cells)
    if not happens:
        return f"in none of {n} economies"
    count = Counter(task for some in happens for task in some if task)
    most = ", ".join(f"{task} ({times})" for task, times in count.most_common(MOST_TASKS))
    return f"in {len(happens)} of {n} economies" + (f", most often {most}" if most else "")


def _table(cells: Sequence[Cell], axes: Axes, runs: int) -> Table:
    outcomes = [outcome_of(name) for name in OUTCOMES if name in cells[0].ends]
    header = [
        *axes.labels,
        *(o.brief for o in outcomes),
        "held down",
        "rolled back",
        "steps back",
        "forced from",
    ]
    units = [*("" for _ in axes.names), *(o.level_unit for o in outcomes), "tasks", "tasks", "per firm", ""]
    caption = f"Means of {runs} {'run' if runs == 1 else 'runs'} per cell, last twelve months."
    return Table(header, [_row(cell, axes, outcomes) for cell in cells], caption, units, folded=True)


def _row(cell: Cell, axes: Axes, outcomes: Sequence[Outcome]) -> list[str]:
    place = [shown_value(cell.point.varied[name]) for name in axes.names]
    ends = [figure(o.scale * cell.ends[o.name]) for o in outcomes]
    moves = figure(cell.moves_back)
    since = "–" if cell.forced_from is None else str(cell.forced_from)
    return [*place, *ends, ", ".join(cell.held_down) or "–", ", ".join(cell.rolled_back) or "–", moves, since]
