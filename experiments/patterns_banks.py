"""Worlds of banks, P4 and P6: what offering and forcing do, with the same luck on either side.

Each world is a pure function of a seed and of how many people live in it; it returns plain numbers by name.
Rules are handed to the economy as policies, so nothing in the model knows of these experiments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from agents import ledger as lines
from agents.columns import AT_COUNTER, HELPED_USE
from agents.firm import OPTIONAL
from experiments.patterns_default import FIRST_YEAR

if TYPE_CHECKING:
    from model.economy import Economy

Rule = Callable[["Economy"], None]

ONLINE_FROM = 2000
"""Year from which every second bank offers online banking, in the world of P4; `assumption`."""
FORCED_FROM = 2010
"""Year from which every second bank forces its customers, in the world of P6; `assumption`."""
YEARS_OBSERVED = 3
"""Campbell & Frei (2010) follow customers for 30 months and one to three years."""
FALL_BACKS = (0.0, 0.5, 0.75, 1.0)


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
    first = (ONLINE_FROM - FIRST_YEAR) * 12
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
        start=f"{FIRST_YEAR}-01",
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
    first = (FORCED_FROM - FIRST_YEAR) * 12
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
