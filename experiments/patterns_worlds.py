"""Worlds apart from the default economy: what one decision of firms does, with the same luck on either side.

Each world is a pure function of a seed and of how many people live in it; it returns plain numbers by name.
Rules are handed to the economy as policies, so nothing in the model knows of these experiments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from agents import ledger as lines
from agents.columns import AT_COUNTER, HELPED_USE
from agents.firm import OPTIONAL

if TYPE_CHECKING:
    from model.economy import Economy
    from model.technology import Drivers

Rule = Callable[["Economy"], None]

START = 1990
ONLINE_FROM = 2000
"""Year from which every second bank offers online banking, in the world of P4; `assumption`."""
FORCED_FROM = 2010
"""Year from which every second bank forces its customers, in the world of P6; `assumption`."""
YEARS_OBSERVED = 3
"""Campbell & Frei (2010) follow customers for 30 months and one to three years."""
FALL_BACKS = (0.0, 0.5, 0.75, 1.0)
LEAKY_FROM, LEAKY_UNTIL = 2022, 2030
HIGH_LEAKAGE = 8.0
"""Times the default: the upper bound of the catalogue, about a vendor's figure (EVIDENCE 2.3)."""
LOW_PRESSURE, HIGH_PRESSURE = 0.0, 3.0
BEFORE_THE_LAW, COMPULSORY_FROM, COMPULSORY_READ = 2011, 2012, 2014
"""Denmark: law of 2012, everybody exempted or digital by the end of 2014."""
HIGHEST_LEVEL, HALVINGS = 6.0, 6
"""The level of Denmark is looked for between 0 and the parameter's bound, to a tenth of a logit."""


def banks_that_offer(seed: int, consumers: int) -> dict[str, float]:
    """Let every second bank offer online banking, or none, and follow those who adopt it for three years."""
    offered = _lived_with_online(seed, consumers, offering=True)
    withheld = _lived_with_online(seed, consumers, offering=False)
    same = offered.users & (offered.bank == withheld.bank)
    churn = offered.moves[same].mean() / max(withheld.moves[same].mean(), 1e-12)
    transactions = offered.transactions[same].sum() / withheld.transactions[same].sum()
    profit = (offered.profit - withheld.profit) / withheld.profit
    return {
        "transactions_after_adoption": float(transactions),
        "leaving_after_adoption": float(churn),
        "early_profit": float(profit),
    }


class _Lived(NamedTuple):
    """What is left of a world of banks: by person, and of the offering banks together."""

    users: np.ndarray  # customers of offering banks who use online banking
    bank: np.ndarray
    moves: np.ndarray  # changes of bank afterwards
    transactions: np.ndarray  # per month, afterwards
    profit: float  # EUR in the first years


def _lived_with_online(seed: int, consumers: int, *, offering: bool) -> _Lived:
    """Live through the years in which every second bank offers online banking, or none does."""
    economy = _banks(seed, consumers, (_only_these_offer_online(offering),))
    first = (ONLINE_FROM - START) * 12
    last = first + 12 * YEARS_OBSERVED
    profit = 0.0
    for month in range(last):
        economy.live_a_month()
        if month >= first:
            profit += float(economy.books.profit[0::2].sum())
    transfer = economy.names.tasks.index("transfer")
    columns = economy.consumers.columns
    bank = columns.firm[:, 0].copy()
    online = 1 + _own_channel(economy, "transfer.online")
    users = (columns.use[:, transfer] == online) & (bank % 2 == 0) & (columns.business == 0)
    moves, transactions = np.zeros(len(bank)), np.zeros(len(bank))
    for _ in range(12 * YEARS_OBSERVED):
        before = columns.firm[:, 0].copy()
        economy.live_a_month()
        moves += columns.firm[:, 0] != before
        own = (columns.use[:, transfer] > AT_COUNTER) & (columns.use[:, transfer] < HELPED_USE)
        transactions += 1.0 + economy.work.rebound[transfer] * own
    return _Lived(users, bank, moves, transactions, profit)


def _banks(seed: int, consumers: int, policies: Sequence[Rule], **parameters: Any) -> Economy:
    from model.economy import Economy

    return Economy(
        {"economy.sectors": "bank", "population.consumers": consumers, **parameters},
        start=f"{START}-01",
        rng=seed,
        policies=policies,
    )


def _own_channel(economy: Economy, name: str) -> int:
    """Return the place of a channel among its task's channels."""
    row = economy.names.channels.index(name)
    return row - int(economy.work.first_channel[economy.work.channel_task[row]])


def _only_these_offer_online(offering: bool) -> Rule:
    """Return the rule that no bank goes online, except every second one from the year on if `offering`."""

    def rule(economy: Economy) -> None:
        digital = economy.work.channel_access > 0
        columns = economy.firm_columns
        offers = np.zeros(len(columns.price), dtype=bool)
        offers[0::2] = offering and economy.year >= ONLINE_FROM
        columns.offered[:, digital] = False
        economy.offers.coverage[np.ix_(~offers, digital)] = 0.0
        online = economy.names.channels.index("transfer.online")
        columns.offered[offers, online] = True
        transfer = economy.work.channel_task[online]
        columns.mode[offers, transfer] = np.maximum(columns.mode[offers, transfer], OPTIONAL)

    return rule


def banks_that_force(seed: int, consumers: int) -> dict[str, float]:
    """Let every second bank close its counters, with more or less human help, or close none."""
    offered = _leaving_second_banks(seed, consumers, forcing=False, fall_back=FALL_BACKS[-1])
    forced = [_leaving_second_banks(seed, consumers, forcing=True, fall_back=degree) for degree in FALL_BACKS]
    return {
        "leaving_when_forced": forced[0] / offered,
        "repair_by_help": (forced[0] - forced[-1]) / (forced[0] - offered),
        "least_repair": float(-np.diff(forced).max()),
    }


def _leaving_second_banks(seed: int, consumers: int, *, forcing: bool, fall_back: float) -> float:
    """Return customers lost per year at every second bank, in the years after it may have closed."""
    rule = _close_second_banks(forcing)
    economy = _banks(seed, consumers, (rule,), **{"sectors.bank.fallback": fall_back})
    first = (FORCED_FROM - START) * 12
    lost, heads = 0.0, 0.0
    for month in range(first + 12 * YEARS_OBSERVED):
        economy.live_a_month()
        if month >= first:
            second = economy.ledger.firms[0::2]
            lost += float(second[:, lines.LOST].sum())
            heads += float(second[:, [lines.PRIVATE_CUSTOMERS, lines.BUSINESS_CUSTOMERS]].sum())
    return 12.0 * lost / heads


def _close_second_banks(forcing: bool) -> Rule:
    """Return the rule that all banks are online and open, and every second one closed from the year on."""

    def rule(economy: Economy) -> None:
        columns, offers = economy.firm_columns, economy.offers
        if economy.year >= ONLINE_FROM:
            online = economy.names.channels.index("transfer.online")
            columns.offered[:, online] = True
            transfer = economy.work.channel_task[online]
            columns.mode[:, transfer] = np.maximum(columns.mode[:, transfer], OPTIONAL)
        columns.closing[:] = 0.0
        offers.closed[:] = 0.0
        if forcing and economy.year >= FORCED_FROM:
            columns.closing[0::2] = 1.0
            offers.closed[0::2] = 1.0

    return rule


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
        start=f"{START}-01",
        rng=seed,
        policies=(_leak_and_press(leakage, pressure),),
    )
    tills = [row for row, name in enumerate(economy.names.channels) if name.endswith(".self_checkout")]
    for _ in range((LEAKY_FROM - START) * 12):
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


def offices_that_compel(seed: int, consumers: int) -> dict[str, float]:
    """Make Denmark of 2011, close all public counters, and count who does not file herself three years on."""
    months = (COMPULSORY_READ + 1 - START) * 12
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
    for _ in range((BEFORE_THE_LAW - START) * 12 + 6):
        economy.live_a_month()
    snapshot = economy.snapshot()
    users = snapshot.private_users[economy.names.tasks.index("filing"), lines.DIGITAL_YEAR]
    return float(users / snapshot.private[lines.PEOPLE])


def _offices(seed: int, consumers: int, level: float, policies: Sequence[Rule]) -> Economy:
    from model.economy import Economy

    months = (COMPULSORY_READ + 1 - START) * 12
    return Economy(
        {"economy.sectors": "government", "population.consumers": consumers, "country.level": level},
        start=f"{START}-01",
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
    return drivers_of(tables, f"{START}-01", months)[0]
