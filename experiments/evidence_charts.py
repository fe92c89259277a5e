"""The picture of the conclusions: margins under the moves that matter most, one panel per conclusion."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.dots import Dot, DotPanel, Rows, dot_sheet
from experiments.evidence_plan import DEFAULT
from experiments.report_sections import Picture
from experiments.robustness import OPEN, Robustness
from experiments.theme import BLUE

STEM = "conclusions"
MOST_ROWS = 20
SERIES = "margin"
CAPTION = (
    "Margins of the conclusions under the moves that move them most; a conclusion holds right of the line; "
    "filled where the move reverses it; lines are 95 % intervals."
)


def picture(found: Sequence[Robustness], subtitle: str) -> Picture:
    """Return every conclusion's margin under the most important moves."""
    shown = [DEFAULT, *leading_moves(found)]
    panels = [_panel(one, shown) for one in found]
    rows = Rows(shown, {SERIES: BLUE}, title="move")
    reading = [subtitle, "right of the line the conclusion holds; filled: the move reverses it"]
    return Picture(STEM, dot_sheet(panels, rows, "Conclusions under moved assumptions", reading), CAPTION)


def leading_moves(found: Sequence[Robustness], most: int = MOST_ROWS) -> list[str]:
    """Return the moves that reverse conclusions, then those that move one farthest, in its own spread."""
    weights: dict[str, tuple[int, float]] = {}
    for one in found:
        distances = [abs(t.margin.mean - one.default.margin.mean) for t in one.moved]
        known = sorted(d for d in distances if math.isfinite(d))
        typical = known[int(0.9 * (len(known) - 1))] if known else 0.0
        for tested, distance in zip(one.moved, distances, strict=True):
            reverses, far = weights.get(tested.move, (0, 0.0))
            contrary = one.default.verdict != OPEN and tested.verdict == one.contrary
            share = distance / typical if typical > 0.0 and math.isfinite(distance) else 0.0
            weights[tested.move] = (reverses + contrary, max(far, share))
    ranked = sorted(weights, key=lambda move: (-weights[move][0], -weights[move][1]))
    return ranked[:most]


def _panel(one: Robustness, shown: Sequence[str]) -> DotPanel:
    by_move = {tested.move: tested for tested in one.tested}
    dots = [
        Dot(t.move, SERIES, t.margin.mean, t.margin.low, t.margin.high, t.verdict == one.contrary)
        for t in (by_move[move] for move in shown if move in by_move)
    ]
    return DotPanel(one.conclusion.name, one.conclusion.unit, dots)
