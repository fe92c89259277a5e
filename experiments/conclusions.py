"""The conclusions that `evidence` tests, each as one number that is above zero where the conclusion holds.

A conclusion is read in three worlds on the same luck: as it is, without economic pressure, without force.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.evidence_plan import AS_IT_IS, NO_FORCE, NO_PRESSURE, WORLD
from experiments.findings_money import KEEPERS, TOTAL

SHARE, FORCED, NET = "self_service_share", "forced_share", "unpaid_hours_net"
FIRST, LAST = "first", "last"
"""The first and the last twelve months of a run."""
PRICES, PROFIT = "lower prices", "profit"


@dataclass(frozen=True)
class Outcomes:
    """Measures of many economies: by world, measure and moment, an array of points × replications."""

    values: Mapping[tuple[str, str, str], np.ndarray]

    def at(self, measure: str, world: str = AS_IT_IS, moment: str = LAST) -> np.ndarray:
        """Return a measure of every point and replication."""
        return self.values[world, measure, moment]

    def growth(self, world: str = AS_IT_IS) -> np.ndarray:
        """Return by how many points the self-served share has grown."""
        return 100.0 * (self.at(SHARE, world) - self.at(SHARE, world, FIRST))

    def keeper(self, name: str) -> np.ndarray:
        """Return what one keeper has of every hundred euros saved."""
        total = self.at(TOTAL)
        kept = sum((self.at(measure) for measure in KEEPERS[name]), np.zeros_like(total))
        return np.asarray(100.0 * kept / np.where(total > 0.0, total, np.nan))


@dataclass(frozen=True)
class Conclusion:
    """What the model says, and the number by which it says so.

    Parameters
    ----------
    name : short, for tables.
    question : of the software, to which it belongs.
    statement : holds where `margin` is above zero.
    opposite : holds where it is below.
    reads : what the number is, in words.
    """

    name: str
    question: str
    statement: str
    opposite: str
    reads: str
    unit: str
    margin: Callable[[Outcomes], np.ndarray]


def spread_without_pressure(found: Outcomes) -> np.ndarray:
    """Return how many points spread without pressure is larger than what pressure adds to it."""
    alone, together = found.growth(NO_PRESSURE), found.growth()
    return np.asarray(alone - (together - alone))


def spread_without_force(found: Outcomes) -> np.ndarray:
    """Return how many points spread without force is larger than what force adds to it."""
    alone, together = found.growth(NO_FORCE), found.growth()
    return np.asarray(alone - (together - alone))


def compulsion_by_pressure(found: Outcomes) -> np.ndarray:
    """Return how many points of forced use pressure adds."""
    return np.asarray(100.0 * (found.at(FORCED) - found.at(FORCED, NO_PRESSURE)))


def compulsion_more_than_spread(found: Outcomes) -> np.ndarray:
    """Return how much more of forced use than of self-service goes with pressure, in points of the level."""
    kept = [
        found.at(measure, NO_PRESSURE) / np.where(found.at(measure) > 0.0, found.at(measure), np.nan)
        for measure in (SHARE, FORCED)
    ]
    return np.asarray(100.0 * (kept[0] - kept[1]))


def prices_first(found: Outcomes) -> np.ndarray:
    """Return by how much lower prices have more of the saving than the next keeper."""
    others = np.stack([found.keeper(name) for name in KEEPERS if name != PRICES])
    return np.asarray(found.keeper(PRICES) - others.max(axis=0))


def prices_over_profit(found: Outcomes) -> np.ndarray:
    """Return by how much lower prices have more of the saving than profit."""
    return np.asarray(found.keeper(PRICES) - found.keeper(PROFIT))


def time_saved(found: Outcomes) -> np.ndarray:
    """Return the hours that people save against being served throughout."""
    return np.asarray(-found.at(NET))


def free_use(found: Outcomes) -> np.ndarray:
    """Return by how many points forced use falls short of half of what customers do themselves."""
    return np.asarray(50.0 - 100.0 * found.at(FORCED))


UNSTOPPABLE, MONEY, HOURS = "Is it unstoppable?", "Who keeps the money?", "Do people save or lose time?"
CONCLUSIONS = (
    Conclusion(
        "spread without pressure", UNSTOPPABLE,
        "Self-service spreads for the larger part without economic pressure",
        "Economic pressure adds more to the spread than there is without it",
        "growth without pressure less what pressure adds, 1990 to the end", "points", spread_without_pressure,
    ),
    Conclusion(
        "spread without force", UNSTOPPABLE,
        "Self-service spreads for the larger part without force",
        "Force adds more to the spread than there is without it",
        "growth without force less what force adds, 1990 to the end", "points", spread_without_force,
    ),
    Conclusion(
        "compulsion by pressure", UNSTOPPABLE,
        "Economic pressure makes compulsion",
        "Economic pressure makes less compulsion",
        "forced use less forced use without pressure", "points", compulsion_by_pressure,
    ),
    Conclusion(
        "compulsion more than spread", UNSTOPPABLE,
        "Pressure makes compulsion more than spread",
        "Pressure makes spread more than compulsion",
        "share of self-service less share of forced use that is left without pressure", "points",
        compulsion_more_than_spread,
    ),
    Conclusion(
        "voluntary is the rule", UNSTOPPABLE,
        "Forced use is less than half of what customers do themselves at the end",
        "Forced use is more than half of what customers do themselves at the end",
        "half less the forced share", "points", free_use,
    ),
    Conclusion(
        "prices keep most", MONEY,
        "The largest part of the saving goes to lower prices",
        "Another keeper than lower prices has the largest part of the saving",
        "lower prices less the next keeper, of 100 EUR saved", "EUR", prices_first,
    ),
    Conclusion(
        "prices over profit", MONEY,
        "Lower prices have more of the saving than profit",
        "Profit has more of the saving than lower prices",
        "lower prices less profit, of 100 EUR saved", "EUR", prices_over_profit,
    ),
    Conclusion(
        "people save time", HOURS,
        "Against being served throughout, people save time",
        "Against being served throughout, people lose time",
        "hours saved net of the unpaid work", "h/yr", time_saved,
    ),
)  # fmt: skip


def outcomes_of_points(archive: Any, keys: Mapping[int, Any]) -> Outcomes:
    """Return the outcomes of every economy in every world.

    Parameters
    ----------
    archive : of an experiment with a lever that chooses the world.
    keys : by design point, what it shares with the same economy in other worlds; rows have their order.
    """
    runs = archive.runs[archive.runs["status"] == "ok"]
    runs = runs.assign(key=runs["design_point"].map(dict(keys)))
    order = list(dict.fromkeys(keys.values()))
    replications = sorted(set(runs["replication"]))
    found: dict[tuple[str, str, str], np.ndarray] = {}
    for moment in (FIRST, LAST):
        table = _means(archive, moment).merge(runs, on="run_id")
        for (world, measure), rows in table.groupby([WORLD, "measure"], observed=True, sort=False):
            wide = rows.pivot_table(index="key", columns="replication", values="value", dropna=False)
            values = wide.reindex(index=order, columns=replications).to_numpy(dtype=float)
            found[str(world), str(measure), moment] = values
    return Outcomes(found)


def _means(archive: Any, moment: str) -> Any:
    """Return the mean of every measure of every run over the first or last twelve months."""
    months = int(archive.experiment.months)
    begin = 0 if moment == FIRST else max(0, months - 12)
    series = archive.series(from_month=begin, to_month=begin + 11)
    return series.groupby(["run_id", "measure"], observed=True, as_index=False)["value"].mean()
