"""Worlds of tills, offices and pressure: P7, P8 and how long P13 holds.

Each world is a pure function of a seed and of how many people live in it; it returns plain numbers by name.
Rules are handed to the economy as policies, so nothing in the model knows of these experiments.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents import ledger as lines
from agents.columns import AT_COUNTER, HELPED_USE
from agents.firm import OPTIONAL
from experiments.patterns_banks import Rule
from experiments.patterns_default import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from model.economy import Economy
    from model.technology import Drivers

LEAKY_FROM, LEAKY_UNTIL = 2022, 2030
HIGH_LEAKAGE = 8.0
"""Times the default: the upper bound of the catalogue, about a vendor's figure (EVIDENCE 2.3)."""
LOW_PRESSURE, HIGH_PRESSURE = 0.0, 3.0
PRESSURES = (0.5, 1.0, 1.5, 2.0)
"""Times the default at which the rule of voluntary service is looked at."""
BEFORE_THE_LAW, COMPULSORY_FROM, COMPULSORY_READ = 2011, 2012, 2014
"""Denmark: law of 2012, everybody exempted or digital by the end of 2014."""
HIGHEST_LEVEL, HALVINGS = 6.0, 6
"""The level of Denmark is looked for between 0 and the parameter's bound, to a tenth of a logit."""


def leaky_tills(seed: int, consumers: int) -> dict[str, float]:
    """Let self-checkout leak, or firms feel no pressure, or both, and see who takes it back."""
    taken = _taken_back(seed, consumers, HIGH_LEAKAGE, LOW_PRESSURE)
    others = [(HIGH_LEAKAGE, HIGH_PRESSURE), (1.0, LOW_PRESSURE), (1.0, HIGH_PRESSURE)]
    next_most = max(_taken_back(seed, consumers, *world) for world in others)
    return {"taken_back": taken, "taken_back_beyond": taken - next_most}


def _taken_back(seed: int, consumers: int, leakage: float, pressure: float) -> float:
    """Return the share of self-checkouts that are taken back by firm and kind of basket."""
    from model.economy import Economy

    economy = Economy(
        {"economy.sectors": "retail", "population.consumers": consumers},
        start=f"{FIRST_YEAR}-01",
        rng=seed,
        policies=(_leak_and_press(leakage, pressure),),
    )
    tills = [row for row, name in enumerate(economy.names.channels) if name.endswith(".self_checkout")]
    for _ in range((LEAKY_FROM - FIRST_YEAR) * 12):
        economy.live_a_month()
    had = economy.firm_columns.offered[:, tills].copy()
    for _ in range((LEAKY_UNTIL - LEAKY_FROM) * 12):
        economy.live_a_month()
    gone = had & ~economy.firm_columns.offered[:, tills]
    return float(gone.sum() / max(had.sum(), 1))


def _leak_and_press(leakage: float, pressure: float) -> Rule:
    """Return the rule that tills leak, and that pressure weighs, so many times as much from the year on."""

    def rule(economy: Economy) -> None:
        if economy.year < LEAKY_FROM:
            return
        if abs(economy.year - LEAKY_FROM) < 1e-6:
            economy.work.leakage[:] *= leakage
        economy.firm_columns.pressure[:] *= pressure

    return rule


def firms_under_pressure(seed: int, consumers: int) -> dict[str, float]:
    """Let pressure weigh less or more, and see when more than half of self-service ceases to be voluntary."""
    shares = [_least_voluntary(seed, consumers, pressure) for pressure in PRESSURES]
    least = np.minimum.accumulate([share for share, _ in shares])
    ceasing = float(np.interp(0.5, least[::-1], PRESSURES[::-1]))
    return {"ceasing_pressure": ceasing, "ceasing_year": float(shares[-1][1])}


def _least_voluntary(seed: int, consumers: int, pressure: float) -> tuple[float, int]:
    """Return the smallest yearly share of voluntary and price-tipped occasions, and when it falls below half.

    The year after the last one, where it never does.
    """
    from model.simulation import simulate

    names = ("voluntary_share", "incentivised_share")
    values = {"population.consumers": consumers, "firm.pressure_scale": pressure}
    months = (LAST_YEAR - FIRST_YEAR + 1) * 12
    run = simulate(values, seed, start=f"{FIRST_YEAR}-01", months=months, measures=names)
    share = np.sum([run[name] for name in names], axis=0).reshape(-1, 12).mean(axis=1)
    below = np.flatnonzero(share < 0.5)
    return float(share.min()), FIRST_YEAR + int(below[0]) if below.size else LAST_YEAR + 1


def offices_that_compel(seed: int, consumers: int) -> dict[str, float]:
    """Make Denmark of 2011, close all public counters, and count who does not file herself three years on."""
    months = (COMPULSORY_READ + 1 - FIRST_YEAR) * 12
    economy = _offices(seed, consumers, danish_level(seed, consumers), (_close_offices,))
    for _ in range(months):
        economy.live_a_month()
    columns = economy.consumers.columns
    use = columns.use[columns.business == 0, economy.names.tasks.index("filing")]
    return {"not_following": float((use >= HELPED_USE).mean() + (use == AT_COUNTER).mean())}


def danish_level(seed: int, consumers: int) -> float:
    """Return the country's level at which as many deal with authorities online in 2011 as in Denmark."""
    from experiments.observations import observed_series

    series = observed_series("e_government", "DK")
    assert series is not None
    target = float(series.values[series.years == BEFORE_THE_LAW][0]) / 100.0
    low, high = 0.0, HIGHEST_LEVEL
    for _ in range(HALVINGS):
        level = 0.5 * (low + high)
        below = _online_before_the_law(seed, consumers, level) < target
        low, high = (level, high) if below else (low, level)
    return 0.5 * (low + high)


def _online_before_the_law(seed: int, consumers: int, level: float) -> float:
    """Return the share of people who dealt with authorities online within twelve months, in mid-2011."""
    economy = _offices(seed, consumers, level, ())
    for _ in range((BEFORE_THE_LAW - FIRST_YEAR) * 12 + 6):
        economy.live_a_month()
    snapshot = economy.snapshot()
    users = snapshot.private_users[economy.names.tasks.index("filing"), lines.DIGITAL_YEAR]
    return float(users / snapshot.private[lines.PEOPLE])


def _offices(seed: int, consumers: int, level: float, policies: Sequence[Rule]) -> Economy:
    from model.economy import Economy

    months = (COMPULSORY_READ + 1 - FIRST_YEAR) * 12
    return Economy(
        {"economy.sectors": "government", "population.consumers": consumers, "country.level": level},
        start=f"{FIRST_YEAR}-01",
        months=months,
        rng=seed,
        drivers=danish_access(months),
        policies=policies,
    )


def _close_offices(economy: Economy) -> None:
    """Let every office offer its portal, and close every counter from the year of the law on."""
    if economy.year < COMPULSORY_FROM:
        return
    economy.firm_columns.offered[:] = True
    economy.firm_columns.mode[:] = np.maximum(economy.firm_columns.mode, OPTIONAL)
    economy.firm_columns.closing[:] = 1.0
    economy.offers.coverage[:] = 1.0
    economy.offers.closed[:] = 1.0


class _Table(NamedTuple):
    """One driver: a table, a country and an indicator."""

    file: Path
    geo: str
    indicator: str | None


class _Tables(NamedTuple):
    """The drivers of a world."""

    access: _Table | None
    wage: _Table | None


def danish_access(months: int) -> Drivers:
    """Return Denmark's share of internet users as a driver."""
    from experiments.drivers import drivers_of
    from experiments.observations import OBSERVED_FOLDER

    tables = _Tables(_Table(OBSERVED_FOLDER / "internet_use.csv", "DK", None), None)
    return drivers_of(tables, f"{FIRST_YEAR}-01", months)[0]
