"""Choices beside each other: what each changes against the first, on the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.intervals import is_share
from experiments.outcomes import CORE, OTHERS, Outcome, outcomes_of
from experiments.paired import (
    Interval,
    Point,
    by_replication,
    differences,
    interval_of,
    joint_level,
    parameter_label,
    points_of,
    shown_value,
)
from experiments.report_sections import Picture, Section, Table

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 9
"""Outcomes of one comparison."""
MOST_CHOICES = 8
"""More points than these are no list of choices."""


@dataclass(frozen=True)
class Comparison:
    """Choices against a reference: differences at the end of the run by outcome and point."""

    reference: Point
    others: Sequence[Point]
    outcomes: Sequence[Outcome]
    changes: dict[tuple[str, int], Interval]
    levels: dict[str, Interval]
    runs: int

    def change(self, outcome: Outcome, point: Point) -> Interval:
        """Return what a choice changes in an outcome."""
        return self.changes[outcome.name, point.number]


def section(archive: Any) -> Section | None:
    """Return what a choice changes; None where the experiment is no short list of choices along one lever."""
    points = points_of(archive)
    if not 2 <= len(points) <= MOST_CHOICES or len(points[0].varied) != 1:
        return None
    final = archive.final()
    found = compared(final, points)
    if not found.outcomes:
        return None
    return Section(
        "What the choice changes",
        sentences(found, lever_words(points)),
        [change_table(found)],
        _pictures(archive, found, points),
    )


def compared(final: pd.DataFrame, points: Sequence[Point]) -> Comparison:
    """Return every choice against the first, in the outcomes that matter and those that move most."""
    stored = set(final["measure"].unique())
    tables = {o.name: by_replication(final, o.name) for o in outcomes_of((*CORE, *OTHERS), stored)}
    reference, others = points[0], points[1:]
    changes = {
        (name, point.number): interval_of(column)
        for name, table in tables.items()
        for point, column in _columns(differences(table, reference.number), others)
    }
    levels = {
        name: interval_of(table[reference.number].to_numpy(), share=is_share(name))
        for name, table in tables.items()
    }
    chosen = telling(changes, levels)
    runs = int(final["replication"].nunique())
    return Comparison(reference, others, outcomes_of(chosen, tables), changes, levels, runs)


def _columns(table: pd.DataFrame, points: Sequence[Point]) -> list[tuple[Point, np.ndarray]]:
    return [(p, table[p.number].to_numpy()) for p in points if p.number in table]


def telling(changes: Mapping[tuple[str, int], Interval], levels: Mapping[str, Interval]) -> list[str]:
    """Return the core outcomes, then those whose change, relative to their level, is largest and clear."""
    size = {name: _relative(changes, levels[name], name) for name in levels if name not in CORE}
    moved = sorted((name for name, by in size.items() if by > 0.0), key=lambda name: -size[name])
    core = [name for name in CORE if name in levels]
    return [*core, *moved[: SHOWN - len(core)]]


def _relative(changes: Mapping[tuple[str, int], Interval], level: Interval, name: str) -> float:
    clear = [found for (measure, _), found in changes.items() if measure == name and found.apart_from_zero]
    base = max(abs(level.mean), *(abs(level.mean + change.mean) for change in clear), 1e-12)
    return max((abs(change.mean) for change in clear), default=0.0) / base


def lever_words(points: Sequence[Point]) -> str:
    """Return what the choices are a choice of."""
    return parameter_label(next(iter(points[0].varied)))


def sentences(found: Comparison, lever: str) -> list[str]:
    """Say which changes the runs carry, choice by choice, and how many they cannot tell from nothing."""
    tests = len(found.others) * len(found.outcomes)
    opening = (
        f"Differences from “{_named(found.reference, lever)}”, run by run with the same seed: mean of the "
        f"last twelve months, {found.runs} runs each, 95 % intervals (Student's t). What is said in words "
        f"holds at 95 % for all {tests} differences together (Bonferroni)."
    )
    return [opening, *(_sentence(found, point, lever, tests) for point in found.others)]


def _named(point: Point, lever: str) -> str:
    value = next(iter(point.varied.values()))
    return str(value) if isinstance(value, str) else f"{lever} {shown_value(value)}"


def _sentence(found: Comparison, point: Point, lever: str, tests: int) -> str:
    clear = [(o, found.change(o, point)) for o in found.outcomes if _holds(found.change(o, point), tests)]
    name = f"“{_named(point, lever)}”"
    if not clear:
        return f"{name}: no difference that these runs can tell from luck."
    said = ", ".join(f"{o.brief} {o.shown_change(change.mean)}" for o, change in clear)
    rest = len(found.outcomes) - len(clear)
    left = f"; {rest} of the {len(found.outcomes)} outcomes cannot be told from no change" if rest else ""
    return f"{name}: {said}{left}."


def _holds(change: Interval, tests: int) -> bool:
    """Whether a change differs from zero when all intervals are read together."""
    if change.runs < 2:
        return False
    from scipy.special import stdtrit

    wider = float(stdtrit(change.runs - 1, 0.5 + joint_level(tests) / 2.0) / stdtrit(change.runs - 1, 0.975))
    half = wider * (change.high - change.mean)
    return abs(change.mean) > half


def change_table(found: Comparison) -> Table:
    """Return differences and intervals: a row per outcome, a column per choice."""
    names = [point.label for point in found.others]
    header = ["Outcome", found.reference.label, *names]
    rows = [
        [o.label, o.shown(found.levels[o.name].mean), *(_cell(o, found.change(o, p)) for p in found.others)]
        for o in found.outcomes
    ]
    caption = (
        f"Level with the reference, then paired differences with 95 % intervals; {found.runs} runs each, "
        "last twelve months. Shares in per cent, their differences in percentage points."
    )
    return Table(header, rows, caption)


def _cell(outcome: Outcome, change: Interval) -> str:
    if change.runs < 2:
        return outcome.shown_change(change.mean)
    low, high = (outcome.shown_change(end).split(" ")[0] for end in (change.low, change.high))
    return f"{outcome.shown_change(change.mean)} ({low} to {high})"


def _pictures(archive: Any, found: Comparison, points: Sequence[Point]) -> list[Picture]:
    from experiments.choice_charts import change_picture, path_picture

    return [change_picture(archive, found, points), path_picture(archive, found, points)]
