"""Two levers crossed: what the first changes at every value of the second, on the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.cells import axes_of
from experiments.choices import telling
from experiments.intervals import is_share
from experiments.outcomes import CORE, OTHERS, Outcome, outcomes_of
from experiments.paired import (
    Interval,
    Point,
    by_replication,
    interval_of,
    joint_level,
    parameter_label,
    points_of,
    shown_value,
)
from experiments.report_sections import Picture, Section, Table

if TYPE_CHECKING:
    import pandas as pd

LEVERS = 2
MOST_POINTS = 16


@dataclass(frozen=True)
class Effect:
    """What one value of the first lever changes at one value of the second."""

    value: Any
    at: Any
    changes: dict[str, Interval]
    clear: dict[str, bool]


@dataclass(frozen=True)
class Crossing:
    """Both levers: names, values in order, and every effect and level."""

    names: tuple[str, str]
    values: tuple[list[Any], list[Any]]
    outcomes: Sequence[Outcome]
    effects: Sequence[Effect]
    levels: dict[tuple[Any, Any, str], Interval]
    runs: int


def section(archive: Any) -> Section | None:
    """Return the effects of the first lever by the second; None where no two levers are crossed."""
    points = points_of(archive)
    if not is_crossed(points):
        return None
    found = crossing(archive.final(), points)
    from experiments.crossed_charts import crossing_picture

    picture = Picture("crossed", crossing_picture(found, archive.experiment.label), _caption(found))
    return Section("What one lever does to the other", sentences(found), [_table(found)], [picture])


def is_crossed(points: Sequence[Point]) -> bool:
    """Return whether the points are a full crossing of two things, and no map of cells."""
    if not points or len(points[0].varied) != LEVERS or len(points) > MOST_POINTS or axes_of(points):
        return False
    first, second = values_of(points)
    return min(len(first), len(second)) > 1 and len(first) * len(second) == len(points)


def values_of(points: Sequence[Point]) -> tuple[list[Any], list[Any]]:
    """Return the values of both levers, in the experiment's order."""
    first, second = points[0].varied
    return (
        list(dict.fromkeys(point.varied[first] for point in points)),
        list(dict.fromkeys(point.varied[second] for point in points)),
    )


def crossing(final: pd.DataFrame, points: Sequence[Point]) -> Crossing:
    """Return every effect of the first lever, against its first value, at every value of the second."""
    stored = set(final["measure"].unique())
    tables = {o.name: by_replication(final, o.name) for o in outcomes_of((*CORE, *OTHERS), stored)}
    first, second = values_of(points)
    number = {tuple(point.varied.values()): point.number for point in points}
    tests = (len(first) - 1) * len(second)
    effects = [_effect(tables, number, (value, at, first[0]), tests) for at in second for value in first[1:]]
    levels = {
        (value, at, name): interval_of(table[number[value, at]].to_numpy(), share=is_share(name))
        for name, table in tables.items()
        for value in first
        for at in second
    }
    reference = {name: levels[first[0], second[0], name] for name in tables}
    chosen = telling({(n, place): e.changes[n] for place, e in enumerate(effects) for n in tables}, reference)
    runs = int(final["replication"].nunique())
    lever, other = points[0].varied
    return Crossing((lever, other), (first, second), outcomes_of(chosen, tables), effects, levels, runs)


def _effect(
    tables: dict[str, pd.DataFrame],
    number: dict[tuple[Any, ...], int],
    place: tuple[Any, Any, Any],
    tests: int,
) -> Effect:
    value, at, base = place
    gaps = {
        name: (table[number[value, at]] - table[number[base, at]]).to_numpy()
        for name, table in tables.items()
    }
    wide = {name: interval_of(gap, level=joint_level(tests)).apart_from_zero for name, gap in gaps.items()}
    return Effect(value, at, {name: interval_of(gap) for name, gap in gaps.items()}, wide)


def sentences(found: Crossing) -> list[str]:
    """Say outcome by outcome where the first lever makes a difference that the runs carry."""
    lever, other = (parameter_label(name) for name in found.names)
    tests = len(found.effects)
    opening = (
        f"What {lever} changes against “{shown_value(found.values[0][0])}” at every value of {other}: "
        f"mean of the last twelve months, {found.runs} runs each on the same luck. What is said in words "
        f"holds at 95 % for the {tests} differences of an outcome together (Bonferroni)."
    )
    return [opening, *(_sentence(found, outcome) for outcome in found.outcomes)]


def _sentence(found: Crossing, outcome: Outcome) -> str:
    head = f"{outcome.brief[0].upper()}{outcome.brief[1:]}: "
    said = []
    for at in found.values[1]:
        clear = [e for e in found.effects if e.at == at and e.clear[outcome.name]]
        words = ", ".join(
            f"{shown_value(e.value)} {outcome.shown_change(e.changes[outcome.name].mean)}" for e in clear
        )
        said.append(f"with {_at(found, at)}, {words or 'nothing that can be told from luck'}")
    return head + "; ".join(said) + "."


def _at(found: Crossing, at: Any) -> str:
    return at if isinstance(at, str) else f"{parameter_label(found.names[1])} {shown_value(at)}"


def _caption(found: Crossing) -> str:
    lever, other = (parameter_label(name) for name in found.names)
    return f"Effects of {lever} by {other}, with 95 % intervals."


def _table(found: Crossing) -> Table:
    lever, other = (parameter_label(name) for name in found.names)
    header = [other, lever, *(o.brief for o in found.outcomes)]
    units = ["", "", *(o.change_unit for o in found.outcomes)]
    rows = [
        [shown_value(e.at), shown_value(e.value), *(_cell(o, e.changes[o.name]) for o in found.outcomes)]
        for e in found.effects
    ]
    caption = (
        f"Paired differences from {lever} {shown_value(found.values[0][0])} with 95 % intervals; "
        f"{found.runs} runs each, last twelve months."
    )
    return Table(header, rows, caption, units, folded=True)


def _cell(outcome: Outcome, change: Interval) -> str:
    from experiments.outcomes import signed

    mean, low, high = (signed(outcome.scale * end) for end in (change.mean, change.low, change.high))
    return mean if change.runs < LEVERS else f"{mean} ({low} to {high})"
