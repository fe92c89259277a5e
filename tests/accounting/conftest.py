"""Several economies, and what their months looked like when the books were closed."""

from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest

from agents import ledger as lines
from model import Economy
from model.parameters import declarations


@dataclass(frozen=True)
class Setting:
    """An economy to look at."""

    parameters: dict = field(default_factory=dict)
    start: str = "2005-01"
    consumers: int = 250
    closed: bool = False  # whether half of the firms close all counters in month 6


def highest(ending: str) -> dict:
    """Return all parameters of the catalogue's banks with this ending, at their upper bound."""
    bank = ("tasks.cash.", "tasks.transfer.", "tasks.exchange.", "tasks.statement.", "tasks.brokerage.")
    return {
        one.name: one.high
        for one in declarations()
        if one.name.startswith(bank) and one.name.endswith(ending)
    }


SETTINGS = {
    "banks": Setting(start="1990-01"),
    "closed counters": Setting(closed=True),
    "much rebound": Setting(highest(".rebound")),
    "high leakage": Setting(highest(".leakage")),
    "mandatory compensation": Setting({"policy.compensation_rate": 1.0, "policy.from_year": 2006.0}),
    "public offices only": Setting({"economy.sectors": "government"}, closed=True),
    "all sectors": Setting({"economy.sectors": "all"}, consumers=200, closed=True),
    "half of them businesses": Setting({"population.business_share": 0.5}, closed=True),
}
MONTHS = 40


@cache
def months_of(name: str) -> tuple[SimpleNamespace, ...]:
    """Return the closed months of an economy, each with what its books were made from."""
    setting = SETTINGS[name]
    parameters = {"economy.sectors": "bank", **setting.parameters}
    economy = Economy(parameters, consumers=setting.consumers, start=setting.start, months=MONTHS, rng=2)
    months = []
    while economy.running:
        if setting.closed and economy.month == 6:
            economy.firm_columns.closing[::2] = 1.0
        months.append(_closed_month(economy))
    return tuple(months)


def _closed_month(economy: Economy) -> SimpleNamespace:
    firms, before = economy.firm_columns, economy.consumers.columns.firm.copy()
    opening = {name: getattr(firms, name).copy() for name in ("price", "shadow_price", "capacity")}
    economy.step()
    offers = {
        name: getattr(economy.offers, name).copy() for name in ("coverage", "closed", "discount", "fee")
    }
    return SimpleNamespace(
        economy=economy,
        month=economy.month - 1,
        firm_before=before,
        firm_after=economy.consumers.columns.firm.copy(),
        ledger=economy.ledger,
        books=economy.books,
        imbalances=economy.imbalances(),
        measures=dict(economy.measures),
        wage_index=economy.technology.wage_index,
        reach=economy.technology.internet,
        year=economy.technology.year,
        **opening,
        **offers,
    )


@pytest.fixture(params=SETTINGS)
def months(request) -> tuple[SimpleNamespace, ...]:
    """Return the closed months of one economy after the other."""
    return months_of(request.param)


@pytest.fixture
def pairs():
    """Return a function that lists (firm, task, line by name) of a month's ledger."""

    def of(month: SimpleNamespace) -> list[tuple[int, int, dict[str, float]]]:
        accounts = month.economy.accounts
        return [
            (int(firm), int(task), {name: float(row[line]) for name, line in PAIR.items()})
            for firm, task, row in zip(
                accounts.pair_firm, accounts.pair_task, month.ledger.pairs, strict=True
            )
        ]

    return of


PAIR = {
    name.lower(): getattr(lines, name)
    for name in (
        "BASELINE", "STAFFED", "SELF_SERVED", "INDUCED", "HELPED", "FORGONE", "FAILED", "VOLUNTARY",
        "INCENTIVISED", "FORCED", "VOLUNTARY_MINUTES", "INCENTIVISED_MINUTES", "FORCED_MINUTES",
        "ESCALATION_MINUTES", "FELT_MINUTES", "OPEN_STAFFED",
    )
}  # fmt: skip


def relative(gap, whole) -> float:
    """Return the largest gap relative to a whole."""
    return float(np.max(np.abs(gap)) / np.max(np.abs(whole)))
