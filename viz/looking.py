"""What a desk asks for beside the months: single people and firms of workers, results of the shelf."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viz import shelf
from viz.visit import Arm, Run

if TYPE_CHECKING:
    from viz.desk import Desk


def stored(desk: Desk) -> shelf.Book | None:
    """Return what the open results folder says; None where there is none, and while it is being read."""
    folder = shelf.chosen(desk.state.folder)
    return shelf.SHELF.find(folder, desk.state.measure, desk.visit.changed.set) if folder else None


def inside(desk: Desk, run: Run) -> dict[str, Any]:
    """Return the sampled network, all firms, and the consumer and the firm that were chosen."""
    desk.seen = {
        **desk.seen,
        "network": run.ask("network", {"attribute": desk.state.attribute}),
        "firms": run.ask("firms", {}),
    }
    consumer = run.ask("consumer", {"row": desk.person})
    return {**desk.seen, "consumer": consumer, "firm": run.ask("firm", {"row": desk.state.firm or 0})}


def habits(first: Run, other: Arm | None) -> dict[str, Any] | None:
    """Return everybody's habits in both economies; None while they are not in the same month.

    Two economies with different numbers of people are not compared one by one: the answer is empty.
    """
    mine, theirs = first.ask("habits", {}), other.runs[0].ask("habits", {}) if other else None
    if not mine or not theirs or mine["month"] != theirs["month"]:
        return None
    if mine["tasks"] != theirs["tasks"] or len(mine["habits"]) != len(theirs["habits"]):
        return {"habits": {}}
    return {"habits": {**mine, "first": mine["habits"], "second": theirs["habits"]}}
