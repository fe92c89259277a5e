"""Mechanisms knocked out in every combination: what each is worth, over all orders (Shapley)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.outcomes import Outcome, figure, outcomes_of
from experiments.paired import Interval, Point, by_replication, interval_of, joint_level, points_of
from experiments.report_sections import Picture, Section, Table
from experiments.shapley import Coalition, alone, last, shapley_values

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = ("self_service_share", "forced_share", "closed_share", "unpaid_hours_gross", "adopter_share")
FEWEST = 3
"""Mechanisms of a factorial that is worth a section."""


@dataclass(frozen=True)
class Worth:
    """What every mechanism is worth for one outcome: over all orders, alone, and when it alone is missing."""

    outcome: Outcome
    everything: Interval
    nothing: Interval
    shapley: dict[str, Interval]
    clear: dict[str, bool]
    alone: dict[str, float]
    last: dict[str, float]


def section(archive: Any) -> Section | None:
    """Return what each mechanism is worth; None where the experiment is no factorial of two choices each."""
    points = points_of(archive)
    if not is_factorial(points):
        return None
    found = worths(archive.final(), points)
    if not found:
        return None
    from experiments.knock_out_charts import worth_picture

    picture = Picture(
        "knock-outs",
        worth_picture(found, archive.experiment.label),
        "Shapley values with 95 % intervals; acting alone; missing when it alone is knocked out.",
    )
    return Section(
        "What each mechanism is worth",
        [_opening(found), *map(worth_sentence, found)],
        [_table(found)],
        [picture],
    )


def is_factorial(points: Sequence[Point]) -> bool:
    """Return whether the points are all combinations of at least three things that act or do not."""
    mechanisms = list(points[0].varied) if points else []
    named = all(isinstance(value, str) for point in points for value in point.varied.values())
    distinct = {tuple(point.varied.values()) for point in points}
    return named and len(mechanisms) >= FEWEST and len(distinct) == len(points) == 2 ** len(mechanisms)


def worths(final: pd.DataFrame, points: Sequence[Point]) -> list[Worth]:
    """Return what every mechanism is worth, outcome by outcome."""
    stored = set(final["measure"].unique())
    return [_worth(outcome, games(final, outcome.name, points)) for outcome in outcomes_of(OUTCOMES, stored)]


def games(final: pd.DataFrame, measure: str, points: Sequence[Point]) -> list[dict[Coalition, float]]:
    """Return one game per replication: the outcome by the mechanisms that act (as at the first point)."""
    acting = points[0].varied
    names = {p.number: frozenset(name for name, v in p.varied.items() if v == acting[name]) for p in points}
    table = by_replication(final, measure)
    owners = [names[int(number)] for number in table.columns.to_list()]
    values = table.to_numpy(dtype=float)
    return [dict(zip(owners, row, strict=True)) for row in values.tolist() if np.isfinite(row).all()]


def _worth(outcome: Outcome, played: Sequence[Mapping[Coalition, float]]) -> Worth:
    players = sorted(frozenset().union(*played[0])) if played else []
    values = [shapley_values(players, game) for game in played]
    wide = {name: interval_of([v[name] for v in values], level=joint_level(len(players))) for name in players}
    everyone = frozenset(players)
    return Worth(
        outcome,
        interval_of([game[everyone] for game in played]),
        interval_of([game[frozenset()] for game in played]),
        {name: interval_of([value[name] for value in values]) for name in players},
        {name: found.apart_from_zero for name, found in wide.items()},
        {name: float(np.mean([alone(name, game) for game in played])) for name in players},
        {name: float(np.mean([last(name, players, game) for game in played])) for name in players},
    )


def _opening(found: Sequence[Worth]) -> str:
    first = found[0]
    n = len(first.shapley)
    return (
        f"{n} mechanisms act or are knocked out in all {2**n} combinations, "
        f"{first.everything.runs} runs each. The Shapley value of a mechanism is what it adds, on average "
        "over all orders in which they may be switched on; the values add up to the difference between all "
        "and none."
    )


def worth_sentence(worth: Worth) -> str:
    """Say what the mechanisms are worth for one outcome, the largest first."""
    o = worth.outcome
    ranked = sorted(worth.shapley.items(), key=lambda item: -abs(item[1].mean))
    clear = [f"{name} {o.shown_change(v.mean)}" for name, v in ranked if worth.clear[name]]
    unclear = [name for name, _ in ranked if not worth.clear[name]]
    head = (
        f"{o.brief[0].upper()}{o.brief[1:]}: {o.shown(worth.everything.mean)} with all, "
        f"{o.shown(worth.nothing.mean)} with none"
    )
    said = f"; {', '.join(clear)}" if clear else ""
    rest = f"; not to be told from nothing: {', '.join(unclear)}" if unclear else ""
    return f"{head}{said}{rest}."


def _table(found: Sequence[Worth]) -> Table:
    header = ["Mechanism", *(worth.outcome.brief for worth in found)]
    units = ["", *(worth.outcome.change_unit for worth in found)]
    rows = [[name, *(_cell(worth, name) for worth in found)] for name in found[0].shapley]
    total = ["all together", *(figure(w.outcome.scale * (w.everything.mean - w.nothing.mean)) for w in found)]
    caption = (
        f"Shapley values with 95 % intervals over {found[0].everything.runs} replications (Student's t), "
        "last twelve months."
    )
    return Table(header, [*rows, total], caption, units)


def _cell(worth: Worth, name: str) -> str:
    value, scale = worth.shapley[name], worth.outcome.scale
    ends = f" ({figure(scale * value.low)} to {figure(scale * value.high)})" if value.runs > 1 else ""
    return figure(scale * value.mean) + ends
