"""The accounts: occasions, minutes and money of every firm, closed every month.

``Accounts.close`` turns the ledger of consumers into the books of firms; ``imbalances`` says by how
much each identity of the ODD fails to close (nothing but rounding).
"""

from typing import Any, NamedTuple

import numpy as np

from agents import ledger as lines
from agents.columns import Work
from agents.ledger import Sums
from agents.rules.contribution import cost_avoided
from agents.rules.externalisation import technology_cost_factor
from agents.rules.service_capacity import scale_economy
from model.parameters import Parameters


class Books(NamedTuple):
    """One month's books; arrays by firm (F) in EUR per month unless said otherwise."""

    customers: np.ndarray  # units of a private customer
    labour: np.ndarray
    standby: np.ndarray
    other: np.ndarray
    unit_technology: np.ndarray
    fixed_technology: np.ndarray
    leakage: np.ndarray
    compensation: np.ndarray
    fees: np.ndarray
    premium: np.ndarray
    contributions: np.ndarray  # cost of research, quality and marketing that contributions avoid
    revenue: np.ndarray  # prices × customers
    baseline_cost: np.ndarray  # same customers and wages, everything staffed
    baseline_revenue: np.ndarray  # at the shadow price
    performed_minutes: np.ndarray  # staff min per month that the work takes
    paid_minutes: np.ndarray
    pair_externalised: np.ndarray  # (P,) employee min per month that customers do
    pair_attending: np.ndarray  # (P,) employee min per month beside self-service
    pair_induced: np.ndarray  # (P,) employee min: help overhead, rebound, failures
    pair_saving: np.ndarray  # (P,) EUR per month that self-service saves, net of its technology
    pair_technology: np.ndarray  # (P,) EUR per month, per use and fixed

    @property
    def cost(self) -> np.ndarray:
        """All cost of a firm."""
        running = self.labour + self.standby + self.other
        return running + self.unit_technology + self.fixed_technology + self.leakage + self.compensation

    @property
    def income_beside_price(self) -> np.ndarray:
        """Counter fees, premium, and the cost that contributions avoid."""
        return self.fees + self.premium + self.contributions

    @property
    def profit(self) -> np.ndarray:
        """Revenue and fees minus cost."""
        return self.revenue + self.income_beside_price - self.cost

    @property
    def baseline_profit(self) -> np.ndarray:
        """Profit of the shadow firm."""
        return self.baseline_revenue - self.baseline_cost

    @property
    def saving(self) -> np.ndarray:
        """What externalisation saves against the shadow firm, before its own cost."""
        return self.baseline_cost - (self.labour + self.standby + self.other) + self.income_beside_price

    @property
    def lower_prices(self) -> np.ndarray:
        """What customers save by lower prices; negative where prices rose."""
        return self.baseline_revenue - self.revenue

    @property
    def extra_profit(self) -> np.ndarray:
        """Profit above the shadow firm's."""
        return self.profit - self.baseline_profit


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

    def customers(self, ledger: Sums) -> np.ndarray:
        """Return customers by firm, in units of a private customer."""
        private = ledger.firms[:, lines.PRIVATE_CUSTOMERS]
        return private + self.business_units * ledger.firms[:, lines.BUSINESS_CUSTOMERS]

    def performed_minutes(self, ledger: Sums) -> np.ndarray:
        """Return staff minutes per month that the work takes, by firm."""
        return self._by_firm(self._performed_by_pair(ledger))

    def _performed_by_pair(self, ledger: Sums) -> np.ndarray:
        minutes, pairs, behaviour = self._pair_minutes(), ledger.pairs, self._parameters.firm
        served = pairs[:, lines.STAFFED] + behaviour.helped_overhead * pairs[:, lines.HELPED]
        served = served + behaviour.failure_staff * pairs[:, lines.FAILED]
        return minutes * (served + self._attended(ledger))

    def _pair_minutes(self) -> np.ndarray:
        return self._work.employee_minutes[self.pair_task]

    def _attended(self, ledger: Sums) -> np.ndarray:
        """Return self-served occasions at which staff still attend, by pair."""
        return self._by_pair(self._work.attended_share[self.channel] * ledger.channels)

    def _by_firm(self, pairs: np.ndarray) -> np.ndarray:
        return np.bincount(self.pair_firm, pairs, minlength=len(self._work.firm_sector))

    def _by_pair(self, channels: np.ndarray) -> np.ndarray:
        return np.bincount(self.channel_pair, channels, minlength=len(self.pair_task))

    def _channels_by_firm(self, channels: np.ndarray) -> np.ndarray:
        return np.bincount(self.channel_firm, channels, minlength=len(self._work.firm_sector))

    def close(self, economy: Any, ledger: Sums) -> Books:
        """Return the month's books.

        Parameters
        ----------
        economy : read for offers, prices, staff and the wage index.
        ledger : of the month, summed over consumers.
        """
        work, behaviour, pairs = self._work, self._parameters.firm, ledger.pairs
        technology, offers, firms = economy.technology, economy.offers, economy.firm_columns
        level, hourly = technology.price_level, self.wage * technology.wage_index
        customers = self.customers(ledger)
        minutes, wage_per_minute = (
            self._pair_minutes(),
            hourly[self.pair_firm] / (60.0 * behaviour.utilisation),
        )
        baseline = pairs[:, lines.BASELINE]
        standby = self.standby[self.pair_firm, self.pair_task] * level * baseline
        closed = offers.closed[self.pair_firm, work.counter[self.pair_task]]
        other = self.other_cost * level * customers
        unit_cost = work.unit_cost[self.channel] * self._newness(technology.year)[self.channel]
        channel_cost = unit_cost * ledger.channels
        leakage = work.leakage[self.channel] * ledger.channels
        discount = offers.discount[self.pair_firm, self.pair_task] * level * pairs[:, lines.SELF_SERVED]
        fees = offers.fee[self.pair_firm, self.pair_task] * level * pairs[:, lines.OPEN_STAFFED]
        externalised, attending, induced = self._employee_minutes(ledger)
        fixed = self._fixed_technology(economy, ledger)
        technology = self._by_pair(channel_cost + fixed)
        contributions, value_of_pairs = self.contributions(economy, ledger, customers)
        saved = (
            value_of_pairs + (externalised - induced + minutes * pairs[:, lines.FORGONE]) * wage_per_minute
        )
        return Books(
            customers=customers,
            labour=hourly * firms.capacity / 60.0,
            standby=self._by_firm(standby * (1.0 - behaviour.standby_saved * closed)),
            other=other,
            unit_technology=self._channels_by_firm(channel_cost),
            fixed_technology=self._channels_by_firm(fixed),
            leakage=self._channels_by_firm(leakage),
            compensation=self._by_firm(discount),
            fees=self._by_firm(fees),
            premium=self._channels_by_firm(work.premium[self.channel] * ledger.channels),
            contributions=contributions,
            revenue=firms.price * customers,
            baseline_cost=self._by_firm(minutes * baseline * wage_per_minute + standby) + other,
            baseline_revenue=firms.shadow_price * customers,
            performed_minutes=self.performed_minutes(ledger),
            paid_minutes=firms.capacity.copy(),
            pair_externalised=externalised,
            pair_attending=attending,
            pair_induced=induced,
            pair_saving=saved - technology - self._by_pair(leakage) - discount,
            pair_technology=technology,
        )

    def contributions(
        self, economy: Any, ledger: Sums, customers: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the cost that contributions avoid, EUR per month, by firm and by pair.

        A contribution is worth its value if it succeeds, times its reach (the connected share of people);
        research, quality control and marketing pay for theirs, each at most its budget.
        """
        work, behaviour, reach = self._work, self._parameters.firm, economy.technology.internet
        value = work.contribution_value[self.channel] * work.success[self.channel] * reach * ledger.channels
        value_of_pairs = self._by_pair(value)
        shares = (behaviour.research_budget, behaviour.quality_budget, behaviour.marketing_budget)
        avoided, payer = np.zeros(len(customers)), work.payer[self.pair_task]
        paid = np.zeros(len(value_of_pairs))
        for purpose, share in enumerate(shares):
            own = payer == purpose
            total = np.bincount(self.pair_firm[own], value_of_pairs[own], minlength=len(customers))
            budget = share * self.other_cost * economy.technology.price_level * customers
            saved = np.array([cost_avoided(one, limit) for one, limit in zip(total, budget, strict=True)])
            avoided += saved
            kept = np.divide(saved, total, out=np.zeros_like(saved), where=total > 0.0)
            paid[own] = value_of_pairs[own] * kept[self.pair_firm[own]]
        return avoided, paid

    def _newness(self, year: float) -> np.ndarray:
        parameters = self._parameters.technology
        ages = year - self._work.introduced
        factors = [
            technology_cost_factor(age, parameters.new_premium, parameters.years_to_mature) for age in ages
        ]
        return np.array(factors)

    def _fixed_technology(self, economy: Any, ledger: Sums) -> np.ndarray:
        """Return the fixed cost by firm and channel, EUR per month: dearer when new, with scale economies."""
        work, exponent = self._work, self._parameters.firm.size_exponent
        heads = ledger.firms[:, lines.PRIVATE_CUSTOMERS] + ledger.firms[:, lines.BUSINESS_CUSTOMERS]
        mean = np.bincount(work.firm_sector, heads)[work.firm_sector] / work.n_firms[work.firm_sector]
        scale = np.array(
            [scale_economy(own, usual, exponent) for own, usual in zip(heads, mean, strict=True)]
        )
        coverage = economy.offers.coverage[self.channel_firm, self.channel]
        cost = work.fixed_cost[self.channel] * self._newness(economy.technology.year)[self.channel] * coverage
        return cost / 12000.0 * (heads * scale)[self.channel_firm]

    def _employee_minutes(self, ledger: Sums) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return employee minutes externalised, attending and induced, by pair."""
        work, behaviour, pairs = self._work, self._parameters.firm, ledger.pairs
        minutes, rebound = self._pair_minutes(), 1.0 + work.rebound[self.pair_task]
        attended = self._attended(ledger) / rebound
        kept = pairs[:, lines.SELF_SERVED] - pairs[:, lines.INDUCED]
        overhead = (behaviour.helped_overhead - 1.0) * pairs[:, lines.HELPED]
        failures = behaviour.failure_staff * pairs[:, lines.FAILED]
        rebounded = self._attended(ledger) - attended
        return minutes * (kept - attended), minutes * attended, minutes * (overhead + failures + rebounded)


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
            accounts._by_pair(ledger.channels) - pairs[:, lines.SELF_SERVED],
            base + pairs[:, lines.SELF_SERVED],
        ),
        "money": _relative(money, books.baseline_cost),
        "customers": _relative(customers - people, people),
    }


def _relative(gap: Any, base: Any) -> float:
    scale = np.maximum(np.abs(base), 1e-9)
    return float(np.max(np.abs(gap) / scale))
