"""The accounts: occasions, minutes and money of every firm, closed every month.

``Accounts.close`` turns the ledger of consumers into the books of firms; ``imbalances`` says by how
much each identity of the ODD fails to close (nothing but rounding).
"""

from typing import Any

import numpy as np

from agents import ledger as lines
from agents.columns import Work
from agents.ledger import Sums
from model.closing import Books, Terms, close_books, empty_books
from model.parameters import Parameters


class Accounts:
    """Closes the books; keeps what does not change from month to month."""

    def __init__(
        self, work: Work, parameters: Parameters, sector_other_cost: np.ndarray, sector_wage: np.ndarray
    ) -> None:
        self._work, self._parameters = work, parameters
        firm_behaviour = parameters.firm
        sector_tasks = [range(f, f + n) for f, n in zip(work.first_task, work.n_tasks, strict=True)]
        self.pair_firm = np.repeat(np.arange(len(work.firm_sector)), work.n_tasks[work.firm_sector])
        self.pair_task = np.concatenate([np.array(sector_tasks[s]) for s in work.firm_sector])
        counts = [int(work.n_channels[list(tasks)].sum()) for tasks in sector_tasks]
        starts = work.sector_first_channel
        self.channel_firm = np.repeat(np.arange(len(work.firm_sector)), [counts[s] for s in work.firm_sector])
        self.channel = np.concatenate([np.arange(starts[s], starts[s] + counts[s]) for s in work.firm_sector])
        first_pair_task = work.first_task[work.firm_sector[self.channel_firm]]
        self.channel_pair = (
            work.firm_pair[self.channel_firm] + work.channel_task[self.channel] - first_pair_task
        )
        self.wage = sector_wage[work.firm_sector]
        staffed_labour = work.employee_minutes * self.wage[:, None] / (60.0 * firm_behaviour.utilisation)
        premises = np.maximum(0.0, work.staffed_cost - staffed_labour)
        self.standby = np.where(work.contribution, 0.0, premises)  # (F, K) EUR per baseline occasion
        self.other_cost = sector_other_cost[work.firm_sector]
        self.business_units = self._units_of_business()[work.firm_sector]
        self._notes = np.zeros(len(work.channel_task)), np.zeros(len(self.pair_task))

    def _units_of_business(self) -> np.ndarray:
        """Return by sector how many private customers a business client counts for, by baseline cost."""
        work = self._work
        cost = np.where(work.contribution, 0.0, work.occasions * work.eligible_share * work.staffed_cost)
        units = np.ones(len(work.first_task))
        for sector in range(len(units)):
            own = work.sector == sector
            total = cost[own].sum()
            units[sector] = (cost[own] * work.business_occasions[own]).sum() / total if total > 0.0 else 1.0
        return units

    def close(self, economy: Any, ledger: Sums) -> Books:
        """Return the month's books.

        Parameters
        ----------
        economy : read for offers, prices, staff and the wage index.
        ledger : of the month, summed over consumers.
        """
        technology, rules = economy.technology, self._parameters.technology
        books = empty_books(len(self.wage), len(self.pair_task))
        terms = Terms(
            technology.price_level,
            technology.year,
            technology.internet,
            rules.new_premium,
            rules.years_to_mature,
            self.wage,
            self.standby,
            self.other_cost,
            self.business_units,
            *self._notes,
        )
        close_books(
            books, ledger, terms, economy.firm_columns, economy.offers, self._work, economy.firm_rules
        )
        return books

    def by_pair(self, channels: np.ndarray) -> np.ndarray:
        """Return sums by firm and task of what is given by firm and channel."""
        return np.bincount(self.channel_pair, channels, minlength=len(self.pair_task))


def imbalances(books: Books, ledger: Sums, accounts: Accounts, work: Work) -> dict[str, float]:
    """Return by how much each identity fails to close, relative to its baseline.

    Occasions and employee minutes by firm and task; customers' minutes; money by firm; customers.
    """
    pairs, minutes = ledger.pairs, work.employee_minutes[accounts.pair_task]
    base = pairs[:, lines.BASELINE]
    kept = pairs[:, lines.SELF_SERVED] - pairs[:, lines.INDUCED]
    occasions = base - pairs[:, lines.STAFFED] - kept - pairs[:, lines.HELPED] - pairs[:, lines.FORGONE]
    served = minutes * (pairs[:, lines.STAFFED] + pairs[:, lines.HELPED] + pairs[:, lines.FORGONE])
    employee = minutes * base - served - books.pair_externalised - books.pair_attending
    work_done = (
        minutes * (pairs[:, lines.STAFFED] + pairs[:, lines.HELPED])
        + books.pair_attending
        + books.pair_induced
    )
    performed = books.performed_minutes - np.bincount(
        accounts.pair_firm, work_done, minlength=len(work.firm_sector)
    )
    own = pairs[
        :,
        [lines.VOLUNTARY_MINUTES, lines.INCENTIVISED_MINUTES, lines.FORCED_MINUTES, lines.ESCALATION_MINUTES],
    ]
    cells = ledger.cells[:, lines.CELL_OWN_MINUTES].sum()
    classes = pairs[:, [lines.VOLUNTARY, lines.INCENTIVISED, lines.FORCED]].sum(axis=1)
    uses = books.unit_technology + books.fixed_technology + books.leakage + books.compensation
    money = books.saving - uses - books.lower_prices - books.extra_profit
    people = ledger.cells[:, lines.PEOPLE].sum() * len(work.first_task)
    customers = ledger.firms[:, [lines.PRIVATE_CUSTOMERS, lines.BUSINESS_CUSTOMERS]].sum()
    return {
        "occasions": _relative(occasions, base),
        "employee_minutes": _relative(employee, minutes * base),
        "performed_minutes": _relative(performed, books.performed_minutes),
        "customer_minutes": _relative(own.sum() - cells, own.sum()),
        "classes": _relative(classes - pairs[:, lines.SELF_SERVED], pairs[:, lines.SELF_SERVED]),
        "channels": _relative(
            accounts.by_pair(ledger.channels) - pairs[:, lines.SELF_SERVED],
            base + pairs[:, lines.SELF_SERVED],
        ),
        "money": _relative(money, books.baseline_cost),
        "customers": _relative(customers - people, people),
    }


def _relative(gap: Any, base: Any) -> float:
    scale = np.maximum(np.abs(base), 1e-9)
    return float(np.max(np.abs(gap) / scale))
