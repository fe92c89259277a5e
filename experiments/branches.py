"""The up-and-down sweep: the same right to a counter, reached from open counters and from closed ones.

On the way up nothing was protected before the right began; on the way down every counter had been. Where the
branches differ, history is locked in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.intervals import is_share
from experiments.outcomes import Outcome, outcomes_of
from experiments.paired import Interval, Point, by_replication, interval_of, joint_level, points_of
from experiments.report_sections import Picture, Section, Table

if TYPE_CHECKING:
    import pandas as pd

EARLIER, RIGHT = "policy.earlier_access", "policy.staffed_access"
BEGINS, ENDS = "policy.from_year", "policy.until_year"
OUTCOMES = (
    "self_service_share",
    "forced_share",
    "closed_share",
    "unpaid_hours_gross",
    "waiting_imposed_hours",
    "excluded_share",
)
FOREVER = 2100.0


@dataclass(frozen=True)
class Rung:
    """One strength of the right: the outcome on both branches, and the gap run by run."""

    right: float
    up: Interval
    down: Interval
    gap: Interval
    apart: bool


@dataclass(frozen=True)
class Branches:
    """Both branches in one outcome."""

    outcome: Outcome
    rungs: Sequence[Rung]


def section(archive: Any) -> Section | None:
    """Return the two branches and the rights of other years; None where the experiment is no such sweep."""
    points = points_of(archive)
    if not points or not {EARLIER, RIGHT} <= set(points[0].varied):
        return None
    found = branches(archive.final(), points)
    if not found:
        return None
    from experiments.branch_charts import branch_picture, timing_picture

    begins = first_year(points)
    label, runs = archive.experiment.label, found[0].rungs[0].up.runs
    pictures = [Picture("branches", branch_picture(found, label, begins, runs), _CAPTION)]
    timed = timings(points)
    if len(timed) > 2:
        picture = timing_picture(archive, timed, runs)
        pictures.append(Picture("timing", picture, "Outcomes by year, by when a full right begins and ends."))
    return Section("Before and after adoption", sentences(found, begins), [_table(found, begins)], pictures)


_CAPTION = "Outcomes at the end by strength of the right, on the way up and on the way down."


def first_year(points: Sequence[Point]) -> float | None:
    """Return the year in which the right begins on both branches; None where it does not vary."""
    return None if BEGINS not in points[0].varied else float(points[0].varied[BEGINS])


def branches(final: pd.DataFrame, points: Sequence[Point]) -> list[Branches]:
    """Return every stored outcome on both branches."""
    outcomes = outcomes_of(OUTCOMES, set(final["measure"]))
    return [Branches(o, rungs) for o in outcomes if (rungs := _rungs(final, o, points, len(outcomes)))]


def _rungs(final: pd.DataFrame, outcome: Outcome, points: Sequence[Point], outcomes: int) -> list[Rung]:
    table = by_replication(final, outcome.name)
    pairs = _pairs(points)
    found = []
    for right, (up, down) in pairs.items():
        gap = outcome.scale * (table[down] - table[up]).to_numpy()
        wide = interval_of(gap, level=joint_level(len(pairs) * outcomes))
        ends = [_level(outcome, table[number].to_numpy()) for number in (up, down)]
        found.append(Rung(right, ends[0], ends[1], interval_of(gap), wide.apart_from_zero))
    return found


def _level(outcome: Outcome, values: Any) -> Interval:
    found = interval_of(values, share=is_share(outcome.name))
    mean, low, high = (outcome.scale * end for end in (found.mean, found.low, found.high))
    return Interval(mean, low, high, found.runs)


def _pairs(points: Sequence[Point]) -> dict[float, tuple[int, int]]:
    """Return, by strength of the right, the points on the way up and on the way down."""
    begins = first_year(points)
    ends = points[0].varied.get(ENDS, FOREVER)
    same = [
        p for p in points if (p.varied.get(BEGINS, begins), p.varied.get(ENDS, FOREVER)) == (begins, ends)
    ]
    by_branch = {(float(p.varied[EARLIER]), float(p.varied[RIGHT])): p.number for p in same}
    rights = sorted({right for _, right in by_branch})
    earlier = sorted({before for before, _ in by_branch})
    low, high = earlier[0], earlier[-1]
    return {
        right: (by_branch[low, right], by_branch[high, right])
        for right in rights
        if low < high and (low, right) in by_branch and (high, right) in by_branch
    }


def timings(points: Sequence[Point]) -> dict[str, Point]:
    """Return the points without earlier protection and no or a full right, by when it begins and ends."""
    if BEGINS not in points[0].varied:
        return {}
    found = {}
    for point in sorted(points, key=lambda p: (p.varied[RIGHT], p.varied[BEGINS])):
        varied = point.varied
        if varied[EARLIER] == 0.0 and varied[RIGHT] in (0.0, 1.0):
            until = f"–{varied[ENDS]:.0f}" if varied.get(ENDS, FOREVER) < FOREVER else ""
            name = f"{'' if until else 'from '}{varied[BEGINS]:.0f}{until}"
            found["no right" if varied[RIGHT] == 0.0 else name] = point
    return found


def sentences(found: Sequence[Branches], begins: float | None) -> list[str]:
    """Say for each outcome whether history is forgotten, and by how much it is not."""
    since = "" if begins is None else f" from {begins:.0f} on"
    tests = len(found) * len(found[0].rungs)
    opening = (
        f"The same right{since}, reached from counters that were free to close and from counters that had to "
        f"stay open, {found[0].rungs[0].up.runs} runs each on the same luck. A gap is named where it differs "
        f"from zero at 95 % for all {tests} gaps together (Bonferroni)."
    )
    return [opening, *map(_sentence, found)]


def _sentence(branch: Branches) -> str:
    outcome = branch.outcome
    clear = [rung for rung in branch.rungs if rung.apart]
    head = f"{outcome.brief[0].upper()}{outcome.brief[1:]}: "
    if not clear:
        return (
            head + "no strength of the right shows a gap between the branches that runs can tell from luck."
        )
    gaps = ", ".join(f"{_change(outcome, rung.gap.mean)} at {100 * rung.right:.0f} %" for rung in clear)
    return head + f"protected before, it ends differently: {gaps} of counters protected."


def _change(outcome: Outcome, value: float) -> str:
    return outcome.shown_change(value / outcome.scale)


def _table(found: Sequence[Branches], begins: float | None) -> Table:
    from experiments.outcomes import figure

    header = ["Outcome", "Counters protected", "way up", "way down", "gap", "interval"]
    rows = [
        [
            branch.outcome.brief, f"{100 * rung.right:.0f} %", figure(rung.up.mean), figure(rung.down.mean),
            figure(rung.gap.mean), f"{figure(rung.gap.low)} to {figure(rung.gap.high)}",
        ]
        for branch in found
        for rung in branch.rungs
    ]  # fmt: skip
    since = "" if begins is None else f" from {begins:.0f} on"
    caption = (
        f"Both branches under the same right{since}; gap = way down − way up, run by run, 95 % interval."
    )
    return Table(header, rows, caption, folded=True)
