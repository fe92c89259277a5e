"""Precision in place of a number of runs: how many replications, and whether the target can be reached.

After five replications at every design point the half-widths of the 95 % intervals are compared with the
target. Where one is too wide, its variance forecasts how many replications are needed; the next look is then,
at the latest when their number has doubled. Which replications are run depends on stored results alone, so a
sweep that was killed ends with the same ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

FIRST_LOOK = 5
USUAL_MOST = 1_000
"""Replications where the experiment names no maximum."""
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Look:
    """What some replications say about a target.

    ``half_widths`` are the widest of any design point; ``needed`` is the forecast number of replications, and
    ``at_least`` the number below which the target is out of reach even if the variance was overestimated.
    """

    replications: int
    half_widths: dict[str, float | None]
    needed: int | None
    at_least: int | None

    @property
    def met(self) -> bool:
        """Whether every measure is as precise as asked for, at every design point."""
        return self.needed is not None and self.needed <= self.replications

    def as_json(self, targets: Mapping[str, float]) -> dict[str, Any]:
        """Return what `sweep --json` says of it."""
        return {
            "met": self.met,
            "replications": self.replications,
            "needed": self.needed,
            "half_widths": {
                name: {"target": target, "reached": self.half_widths.get(name)}
                for name, target in targets.items()
            },
        }


def look(final: pd.DataFrame, targets: Mapping[str, float], replications: int) -> Look:
    """Return what the runs so far say.

    Parameters
    ----------
    final : with columns measure, design_point, replication, value: a run's mean of the last 12 months.
    targets : half-width of the 95 % interval that each measure must keep.
    """
    chosen = final[final["replication"] < replications]
    widths: dict[str, float | None] = {}
    needed, at_least = FIRST_LOOK, FIRST_LOOK
    known = True
    for measure, target in targets.items():
        values = chosen[chosen["measure"] == measure].dropna(subset="value").groupby("design_point")["value"]
        if len(values) == 0 or (values.count() < 2).any():
            widths[measure], known = None, False
            continue
        spread, count = values.std(ddof=1), values.count()
        halves = [half_width(s, int(n)) for s, n in zip(spread, count, strict=True)]
        widths[measure] = max(halves)
        for s, n, half in zip(spread, count, halves, strict=True):
            if half > target:
                needed = max(needed, replications + 1, forecast(s, target))
                at_least = max(at_least, forecast(s * least_spread(int(n)), target))
    return Look(replications, widths, needed if known else None, at_least if known else None)


def half_width(spread: float, n: int) -> float:
    """Return half the width of the 95 % interval of a mean.

    >>> round(half_width(1.0, 5), 3)
    1.242
    """
    from scipy.special import stdtrit

    return float(stdtrit(n - 1, 0.5 + CONFIDENCE / 2.0)) * float(spread) / math.sqrt(n)


def forecast(spread: float, target: float) -> int:
    """Return how many replications bring the half-width down to the target.

    >>> forecast(1.0, 0.5)
    18
    """
    low, high = 2, 4
    while half_width(spread, high) > target:
        low, high = high, 2 * high
        if high > 10**9:
            return high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if half_width(spread, middle) > target else (low, middle)
    return high


def least_spread(n: int) -> float:
    """Return the factor by which a standard deviation from n values is hardly ever overestimated (97.5 %).

    >>> round(least_spread(5), 2)
    0.6
    """
    from scipy.special import chdtri

    return math.sqrt((n - 1) / float(chdtri(n - 1, 0.5 - CONFIDENCE / 2.0)))


def next_look(seen: Look, most: int) -> int:
    """Return after how many replications to look again.

    >>> next_look(Look(5, {}, needed=30, at_least=12), most=20)
    10
    """
    wanted = 2 * seen.replications if seen.needed is None else min(seen.needed, 2 * seen.replications)
    return min(most, max(wanted, seen.replications + 1))
