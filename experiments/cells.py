"""Cells of a grid of strengths: where self-service is held down, rolled back, and where it is forced.

Columns, rows and panels are the levers of the experiment; the first value of each is the reference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.outcomes import Outcome, figure, outcome_of, outcomes_of
from experiments.paired import Point, by_replication, parameter_label, points_of, shown_value
from experiments.report_sections import Picture, Section, Table

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = ("self_service_share", "forced_share", "closed_share", "rollbacks")
FEWEST = 9
"""Points of a grid that is worth a map."""
HELD_DOWN = 0.5
"""A cell is held down where it self-serves less than this part of the reference's share."""
ROLLED_BACK = 0.02
"""A cell is rolled back where its self-service ends this far below its own best year."""
THE_RULE = 0.5
"""Voluntary (or tipped by price) is the rule while it is more than this share of self-served occasions."""


@dataclass(frozen=True)
class Cell:
    """One economy of the grid: means over its runs."""

    point: Point
    ends: dict[str, float]
    below_peak: float
    forced_from: int | None
    held_down: bool

    @property
    def verdicts(self) -> list[str]:
        """What is to be said of it."""
        found = ["held down"] if self.held_down else []
        found += ["rolled back"] if self.below_peak > ROLLED_BACK else []
        return [*found, *(["forced"] if self.ends.get("forced_share", 0.0) > THE_RULE else [])]


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
    if axes is None or "self_service_share" not in set(final["measure"]):
        return None
    cells = cells_of(archive, points, final)
    from experiments.cell_charts import cell_picture

    outcomes = outcomes_of(OUTCOMES, set(final["measure"]))
    runs = int(final["replication"].nunique())
    picture = Picture(
        "cells",
        cell_picture(cells, axes, outcomes, archive.experiment.label, runs),
        "Outcomes by cell of the grid.",
    )
    return Section(
        "Where it stops", sentences(cells, axes, runs), [_table(cells, axes, outcomes, runs)], [picture]
    )


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
    """Return every cell: its end, its fall from its best year, and since when force is the rule."""
    means = final.groupby(["design_point", "measure"], observed=True)["value"].mean()
    stored = set(final["measure"])
    years = _by_year(archive, [m for m in ("self_service_share", "forced_share") if m in stored])
    reference = float(by_replication(final, "self_service_share")[points[0].number].mean())
    return [_cell(point, means, years, reference) for point in points]


def _by_year(archive: Any, names: Sequence[str]) -> Any:
    """Return the means over runs by measure, point and year."""
    year, month = (int(part) for part in archive.experiment.start.split("-"))
    series = archive.series(list(names)).merge(archive.runs[["run_id", "design_point"]], on="run_id")
    series["year"] = (year * 12 + month - 1 + series["month"]) // 12
    keys = ["measure", "design_point"]
    return series.pivot_table(index=keys, columns="year", values="value", observed=True)


def _cell(point: Point, means: Any, years: Any, reference: float) -> Cell:
    ends = {str(name): float(value) for name, value in means[point.number].items()}
    path = years.loc[("self_service_share", point.number)].to_numpy(dtype=float)
    forced_from = None
    if ("forced_share", point.number) in years.index:
        forced = years.loc[("forced_share", point.number)]
        beyond = forced.index[forced > THE_RULE]
        forced_from = int(beyond[0]) if len(beyond) else None
    below = float(np.nanmax(path) - path[-1])
    return Cell(point, ends, below, forced_from, ends["self_service_share"] < HELD_DOWN * reference)


def sentences(cells: Sequence[Cell], axes: Axes, runs: int) -> list[str]:
    """Say in how many cells it stops, and in which."""
    n, share = len(cells), outcome_of("self_service_share")
    lowest, highest = (pick(cells, key=lambda c: c.ends["self_service_share"]) for pick in (min, max))
    opening = (
        f"{n} economies ({', '.join(axes.labels)}), {runs} runs each. The self-served share ends between "
        f"{share.shown(lowest.ends['self_service_share'])} ({lowest.point.label}) and "
        f"{share.shown(highest.ends['self_service_share'])} ({highest.point.label})."
    )
    said = {
        "held down": f"Held down, at less than {HELD_DOWN:.0%} of the reference",
        "rolled back": f"Rolled back, ending more than {ROLLED_BACK:.0%} of occasions below its best year",
        "forced": "Forced as a rule, in more than half of self-served occasions",
    }
    return [opening, *(f"{head}: {_where(cells, verdict)}." for verdict, head in said.items())]


def _where(cells: Sequence[Cell], verdict: str) -> str:
    found = [cell.point.label for cell in cells if verdict in cell.verdicts]
    if not found:
        return f"none of the {len(cells)} economies"
    if len(found) == len(cells):
        return f"all {len(cells)} economies"
    some = "; ".join(found[:4])
    return f"{len(found)} of {len(cells)} economies ({some}{'; …' if len(found) > 4 else ''})"


def _table(cells: Sequence[Cell], axes: Axes, outcomes: Sequence[Outcome], runs: int) -> Table:
    header = [
        *axes.labels,
        *(o.brief for o in outcomes),
        "below best year",
        "forced as a rule from",
        "verdict",
    ]
    units = [*("" for _ in axes.names), *(o.level_unit for o in outcomes), "points", "", ""]
    caption = f"Means of {runs} runs per cell, last twelve months."
    return Table(header, [_row(cell, axes, outcomes) for cell in cells], caption, units, folded=True)


def _row(cell: Cell, axes: Axes, outcomes: Sequence[Outcome]) -> list[str]:
    place = [shown_value(cell.point.varied[name]) for name in axes.names]
    ends = [figure(o.scale * cell.ends[o.name]) for o in outcomes]
    since = "–" if cell.forced_from is None else str(cell.forced_from)
    return [*place, *ends, figure(100.0 * cell.below_peak), since, ", ".join(cell.verdicts) or "spreads"]
