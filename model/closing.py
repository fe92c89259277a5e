"""Closing the books of a month: one compiled pass over firms, their tasks and their channels.

:meth:`model.accounting.Accounts.close` calls it; what the lines mean stands at :class:`Books`.
"""

from typing import NamedTuple

import numpy as np

from agents import ledger as lines
from agents.rules.compiled import column_pass, step_rule
from agents.rules.contribution import cost_avoided
from agents.rules.externalisation import technology_cost_factor
from agents.rules.lending import lent
from agents.rules.service_capacity import scale_economy


@lent
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


_BY_FIRM = 16  # of the books' arrays; the others are by firm and task


def empty_books(firms: int, pairs: int) -> Books:
    """Return books of zeros."""
    by_pair = len(Books._fields) - _BY_FIRM
    return Books(*np.zeros((_BY_FIRM, firms)), *np.zeros((by_pair, pairs)))


@lent
class Terms(NamedTuple):
    """What a month's books depend on beside ledger, offers and firms."""

    level: float  # wages and prices, 1 in 2024
    year: float
    reach: float  # share of people whom contributions reach
    new_premium: float
    years_to_mature: float
    wage: np.ndarray  # (F,) EUR per hour of 2024
    standby: np.ndarray  # (F, K) EUR of 2024 per baseline occasion
    other_cost: np.ndarray  # (F,) EUR of 2024 per customer
    business_units: np.ndarray  # (F,) private customers for whom a business client counts
    newness: np.ndarray  # (C,) a note: how much dearer a channel is than when it is mature
    value: np.ndarray  # (P,) a note: what contributions are worth, EUR per month


@column_pass
def close_books(books, ledger, terms, firms, offers, work, rules):
    """Fill a month's books.

    Parameters
    ----------
    books : of zeros.
    ledger : the month's :class:`agents.ledger.Sums`.
    """
    for channel in range(work.channel_task.shape[0]):
        terms.newness[channel] = technology_cost_factor(
            terms.year - work.introduced[channel], terms.new_premium, terms.years_to_mature
        )
    for firm in range(work.firm_sector.shape[0]):
        private, business = (
            ledger.firms[firm, lines.PRIVATE_CUSTOMERS],
            ledger.firms[firm, lines.BUSINESS_CUSTOMERS],
        )
        customers = private + terms.business_units[firm] * business
        hourly = terms.wage[firm] * terms.level
        books.customers[firm] = customers
        books.labour[firm] = hourly * firms.capacity[firm] / 60.0
        books.paid_minutes[firm] = firms.capacity[firm]
        books.other[firm] = terms.other_cost[firm] * terms.level * customers
        books.revenue[firm] = firms.price[firm] * customers
        books.baseline_revenue[firm] = firms.shadow_price[firm] * customers
        heads = private + business
        size = heads * scale_economy(heads, _mean_heads(firm, ledger.firms, work), rules.size_exponent)
        sector = work.firm_sector[firm]
        tasks = range(work.first_task[sector], work.first_task[sector] + work.n_tasks[sector])
        for task in tasks:
            _close_pair(firm, task, size, hourly, books, ledger, terms, offers, work, rules)
        _credit_contributions(firm, tasks, books, terms, work, rules)
        books.baseline_cost[firm] += books.other[firm]


@step_rule
def _mean_heads(firm, by_firm, work):
    """Return the mean number of customers of a firm's sector."""
    sector, total = work.firm_sector[firm], 0.0
    for other in range(work.first_firm[sector], work.first_firm[sector] + work.n_firms[sector]):
        total += by_firm[other, lines.PRIVATE_CUSTOMERS] + by_firm[other, lines.BUSINESS_CUSTOMERS]
    return total / work.n_firms[sector]


@step_rule
def _pair_of(firm, task, work):
    return work.firm_pair[firm] + task - work.first_task[work.firm_sector[firm]]


@step_rule
def _close_pair(firm, task, size, hourly, books, ledger, terms, offers, work, rules):
    """Book a task of a firm, all but what its contributions save.

    Parameters
    ----------
    size : customers, times the factor on fixed cost for a firm of this size.
    hourly : wage, EUR.
    """
    place = _pair_of(firm, task, work)
    pair, minutes, level = ledger.pairs[place], work.employee_minutes[task], terms.level
    wage_per_minute = hourly / (60.0 * rules.utilisation)
    attended, technology, leakage = _close_channels(firm, task, size, books, ledger, terms, offers, work)
    baseline = pair[lines.BASELINE]
    standby = terms.standby[firm, task] * level * baseline
    discount = offers.discount[firm, task] * level * pair[lines.SELF_SERVED]
    at_counter = attended / (1.0 + work.rebound[task])
    overhead = (rules.helped_overhead - 1.0) * pair[lines.HELPED]
    failures = rules.failure_staff * pair[lines.FAILED]
    externalised = minutes * (pair[lines.SELF_SERVED] - pair[lines.INDUCED] - at_counter)
    induced = minutes * (overhead + failures + (attended - at_counter))
    served = pair[lines.STAFFED] + rules.helped_overhead * pair[lines.HELPED] + failures
    saved = (externalised - induced + minutes * pair[lines.FORGONE]) * wage_per_minute
    books.standby[firm] += standby * (1.0 - rules.standby_saved * offers.closed[firm, work.counter[task]])
    books.compensation[firm] += discount
    books.fees[firm] += offers.fee[firm, task] * level * pair[lines.OPEN_STAFFED]
    books.baseline_cost[firm] += minutes * baseline * wage_per_minute + standby
    books.performed_minutes[firm] += minutes * (served + attended)
    books.pair_externalised[place] = externalised
    books.pair_attending[place] = minutes * at_counter
    books.pair_induced[place] = induced
    books.pair_technology[place] = technology
    books.pair_saving[place] = saved - technology - leakage - discount


@step_rule
def _close_channels(firm, task, size, books, ledger, terms, offers, work):
    """Book the channels of a task; return occasions that staff attend, cost of technology, and leakage."""
    first_of_sector = work.sector_first_channel[work.firm_sector[firm]]
    attended, technology, leakage, value = 0.0, 0.0, 0.0, 0.0
    for channel in range(work.first_channel[task], work.first_channel[task] + work.n_channels[task]):
        used = ledger.channels[work.firm_channel[firm] + channel - first_of_sector]
        per_use = work.unit_cost[channel] * terms.newness[channel] * used
        cost = work.fixed_cost[channel] * terms.newness[channel] * offers.coverage[firm, channel]
        fixed, lost = cost / 12000.0 * size, work.leakage[channel] * used
        attended += work.attended_share[channel] * used
        technology += per_use + fixed
        leakage += lost
        value += work.contribution_value[channel] * work.success[channel] * terms.reach * used
        books.unit_technology[firm] += per_use
        books.fixed_technology[firm] += fixed
        books.leakage[firm] += lost
        books.premium[firm] += work.premium[channel] * used
    terms.value[_pair_of(firm, task, work)] = value
    return attended, technology, leakage


@step_rule
def _credit_contributions(firm, tasks, books, terms, work, rules):
    """Book the cost that contributions avoid: research, quality and marketing each pay at most a budget.

    A contribution is worth its value if it succeeds, times its reach (the connected share of people).
    """
    shares = (rules.research_budget, rules.quality_budget, rules.marketing_budget)
    for purpose in range(3):
        total = 0.0
        for task in tasks:
            if work.payer[task] == purpose:
                total += terms.value[_pair_of(firm, task, work)]
        budget = shares[purpose] * terms.other_cost[firm] * terms.level * books.customers[firm]
        avoided = cost_avoided(total, budget)
        books.contributions[firm] += avoided
        for task in tasks:
            if work.payer[task] == purpose and total > 0.0:
                place = _pair_of(firm, task, work)
                books.pair_saving[place] += terms.value[place] * (avoided / total)
