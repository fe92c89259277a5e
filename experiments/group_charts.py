"""The pictures of winners and losers: groups beside the mean, as levels and as changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.dots import Dot, DotPanel, Rows, dot_sheet
from experiments.report_sections import Picture
from experiments.theme import BLUE, GREEN, ORANGE, PURPLE
from experiments.winners import DIMENSIONS, Gap, Split, group_words

if TYPE_CHECKING:
    from experiments.paired import Point

SHOWN = 9
"""Outcomes on one sheet."""
HUES = dict(zip(DIMENSIONS, (BLUE, GREEN, ORANGE, PURPLE), strict=True))


def level_picture(archive: Any, split: Split, reference: Point) -> Picture:
    """Return every group beside the mean of adults, one panel per outcome."""
    at = f" ({reference.label})" if reference.varied else ""
    title = f"Winners and losers: groups beside the mean{at}"
    gaps = _private(split.gaps(reference.number))
    sheet = _sheet(gaps, title, split.runs, changes=False)
    return Picture("groups", sheet, f"{archive.experiment.label}: outcomes by age, education and income.")


def change_picture(archive: Any, split: Split, point: Point, reference: Point) -> Picture:
    """Return what a choice changes for every group beside what it changes for the mean."""
    title = f"Winners and losers: what “{point.label}” changes"
    gaps = _private(split.gaps(point.number, reference.number))
    sheet = _sheet(gaps, title, split.runs, changes=True)
    return Picture(
        "groups-change", sheet, f"{archive.experiment.label}: changes by age, education and income."
    )


def _private(gaps: Sequence[Gap]) -> list[Gap]:
    """Return the groups of private people: business clients' hours are of another order (see the table)."""
    return [gap for gap in gaps if gap.group[0] != "segment"]


def _sheet(gaps: Sequence[Gap], title: str, runs: int, *, changes: bool) -> Any:
    outcomes = list(dict.fromkeys(gap.outcome for gap in gaps))[:SHOWN]
    panels = [
        DotPanel(
            outcome.brief[0].upper() + outcome.brief[1:],
            outcome.change_unit if changes else outcome.level_unit,
            [_dot(gap) for gap in gaps if gap.outcome == outcome],
            next(outcome.scale * gap.mean.mean for gap in gaps if gap.outcome == outcome),
        )
        for outcome in outcomes
    ]
    order = list(dict.fromkeys(group_words(gap.group) for gap in gaps))
    dimensions = dict.fromkeys(gap.group[0] for gap in gaps)
    rows = Rows(order, {name: HUES[name] for name in dimensions})
    basis = f"{runs} runs, 95 % intervals; grey line: mean of all adults"
    marks = "filled: apart from the mean, all groups of a panel read together; open: not"
    return dot_sheet(panels, rows, title, [basis, marks])


def _dot(gap: Gap) -> Dot:
    mean, low, high = (gap.outcome.scale * end for end in (gap.value.mean, gap.value.low, gap.value.high))
    return Dot(group_words(gap.group), gap.group[0], mean, low, high, gap.apart)
