"""The market: roll-out, price differences, staff and queues, prices, margins, aspirations, pressure.

What happens to all firms every month, as array operations on their columns; each line calls a rule.
"""

from typing import Any

import numpy as np

from agents import ledger as lines
from agents.columns import Offers, Work
from agents.firm import FORCED, INCENTIVISED, MOSTLY_CLOSED, FirmColumns
from agents.ledger import Sums
from agents.rules.compiled import column_pass
from agents.rules.externalisation import economic_pressure
from agents.rules.pricing import aspiration_after, price_after
from agents.rules.service_capacity import capacity_after, staffed_minutes
from model.accounting import Accounts, Books

_YEAR = 12.0
_HALF_YEAR = 6.0


def roll_out(economy: Any) -> None:
    """Move coverage and closed counters towards what firms decided; set price differences."""
    behaviour, offers, firms = economy.parameters.firm, economy.offers, economy.firm_columns
    up, down = 1.0 / behaviour.roll_out_months, 1.0 / behaviour.withdrawal_months
    _move_towards(offers.coverage, firms.offered.astype(float), up / economy.work.roll_out, down)
    _move_towards(offers.closed, firms.closing, up, down)
    set_price_differences(economy)


def _move_towards(state: np.ndarray, target: np.ndarray, up: float | np.ndarray, down: float) -> None:
    state[:] = np.where(target > state, np.minimum(target, state + up), np.maximum(target, state - down))


def set_price_differences(economy: Any) -> None:
    """Set discounts and counter fees of incentivised tasks, and mandatory compensation; EUR of 2024."""
    work, behaviour, offers = economy.work, economy.parameters.firm, economy.offers
    difference = work.money_share * work.staffed_cost * (economy.firm_columns.mode == INCENTIVISED)
    offers.fee[:] = behaviour.fee_share * difference
    offers.discount[:] = (1.0 - behaviour.fee_share) * difference
    rate = economy.policy.compensation_rate
    if rate > 0.0:
        due = rate * economy.parameters.policy.replacement_cost / 60.0 * _minutes_of_newest_channel(economy)
        np.maximum(offers.discount, due, out=offers.discount)
    own = work.sector[None, :] == work.firm_sector[:, None]
    offers.pays[:] = ((offers.discount > 0.0) & own).any(axis=1)


def _minutes_of_newest_channel(economy: Any) -> np.ndarray:
    """Return reference own minutes of each firm's newest channel by task, 0 without one: (F, K)."""
    work, coverage = economy.work, economy.offers.coverage
    minutes = np.zeros(economy.firm_columns.mode.shape)
    for channel, task in enumerate(work.channel_task):
        covered = coverage[:, channel] > 0.0
        minutes[covered, task] = work.minutes[channel] * economy.technology.minutes_factor()
    return minutes


def modes(economy: Any) -> np.ndarray:
    """Return the service mode of every firm and task, (F, K): forced once most counters are closed."""
    work, firms = economy.work, economy.firm_columns
    withdrawn = economy.offers.closed[:, work.counter] >= MOSTLY_CLOSED
    return np.where(withdrawn & (firms.mode > 0), FORCED, firms.mode)


def adapt_capacity(economy: Any, books: Books) -> None:
    """Adapt staff to the work within limits; set next month's load, ways and queues."""
    least = economy.staff_at_start * books.customers * economy.policy.minimum_staff
    _adapt_capacity(
        books.performed_minutes, least, economy.firm_columns, economy.offers, economy.work, economy.firm_rules
    )


@column_pass
def _adapt_capacity(performed, least, firms, offers, work, behaviour):
    for row in range(performed.shape[0]):
        need = performed[row] / behaviour.utilisation
        thrift = max(0.5, 1.0 - behaviour.understaffing * firms.pressure[row])
        desired = max(need * thrift, least[row])
        firms.capacity[row] = capacity_after(
            firms.capacity[row], desired, behaviour.capacity_cut, behaviour.capacity_growth
        )
        available = firms.capacity[row] * behaviour.utilisation
        firms.load[row] = min(3.0, performed[row] / available) if available > 0.0 else 1.0
        sector = work.firm_sector[row]
        for task in range(work.first_task[sector], work.first_task[sector] + work.n_tasks[sector]):
            offers.staffed_minutes[row, task] = staffed_minutes(
                work.staffed_minutes[task],
                work.way_share[task],
                firms.load[row],
                1.0 - offers.closed[row, work.counter[task]],
                behaviour.queue_exponent,
                behaviour.way_exponent,
            )


def update_firms(economy: Any, books: Books, ledger: Sums) -> None:
    """Set prices, margins, aspirations, beliefs and pressure from the month's books."""
    firms, parameters = economy.firm_columns, economy.parameters
    firms.customers[:] = books.customers
    units = np.maximum(books.customers, 1e-9)
    own_cost = (books.cost - books.income_beside_price) / units
    base = books.baseline_cost / units
    served = books.customers > 0.0
    firms.unit_cost[served] += (own_cost[served] - firms.unit_cost[served]) / _HALF_YEAR
    firms.baseline_unit_cost[served] += (base[served] - firms.baseline_unit_cost[served]) / _HALF_YEAR
    margin = books.profit / np.maximum(books.revenue + books.income_beside_price, 1e-9)
    firms.margin[served] += (margin[served] - firms.margin[served]) / _YEAR
    remember_customers(firms, ledger)
    remember_use(firms, books, ledger, economy.accounts)
    set_prices(economy)
    churn = np.clip(0.1 + parameters.firm.churn_grievance * firms.grievance, 0.0, 0.9)
    firms.churn_belief[:] += parameters.firm.churn_learning * (churn - firms.churn_belief)
    set_aspirations_and_pressure(economy)


def remember_customers(firms: FirmColumns, ledger: Sums) -> None:
    """Update lost customers (share per year) and customers' grievance by firm."""
    heads = ledger.firms[:, lines.PRIVATE_CUSTOMERS] + ledger.firms[:, lines.BUSINESS_CUSTOMERS]
    known = heads > 0.0
    lost = 12.0 * ledger.firms[known, lines.LOST] / heads[known]
    firms.lost_share[known] += (lost - firms.lost_share[known]) / _YEAR
    firms.grievance[known] = ledger.firms[known, lines.FIRM_GRIEVANCE] / heads[known]


def remember_use(firms: FirmColumns, books: Books, ledger: Sums, accounts: Accounts) -> None:
    """Update smoothed acceptance and realised saving by firm and task."""
    place = (accounts.pair_firm, accounts.pair_task)
    firms.accepted[place] += (ledger.pairs[:, lines.ACCEPTED] - firms.accepted[place]) / _HALF_YEAR
    firms.covered[place] += (ledger.pairs[:, lines.COVERED] - firms.covered[place]) / _HALF_YEAR
    firms.saving[place] += (books.pair_saving - firms.saving[place]) / _HALF_YEAR


def rivals_mean(values: np.ndarray, work: Work) -> np.ndarray:
    """Return for each firm the mean of its rivals, without itself; its own value without rivals."""
    total = np.bincount(work.firm_sector, values)[work.firm_sector]
    rivals = work.n_firms[work.firm_sector] - 1
    return np.where(rivals > 0, (total - values) / np.maximum(rivals, 1), values)


def set_prices(economy: Any) -> None:
    """Move prices, and the prices of the shadow firms, by one rule."""
    firms, work = economy.firm_columns, economy.work
    rivals, shadows = rivals_mean(firms.price, work), rivals_mean(firms.shadow_price, work)
    _set_prices(rivals, shadows, economy.mark_up, firms, work, economy.firm_rules)


@column_pass
def _set_prices(rivals, shadows, mark_ups, firms, work, behaviour):
    for row in range(rivals.shape[0]):
        weight = 1.0 if work.captive[work.firm_sector[row]] else behaviour.own_cost_weight
        base, mark_up, speed = firms.baseline_unit_cost[row], mark_ups[row], behaviour.price_speed
        firms.price[row] = price_after(
            firms.price[row],
            firms.unit_cost[row],
            base,
            rivals[row],
            mark_up,
            behaviour.pass_through,
            weight,
            speed,
        )
        firms.shadow_price[row] = price_after(
            firms.shadow_price[row], base, base, shadows[row], mark_up, 1.0, weight, speed
        )


def set_aspirations_and_pressure(economy: Any) -> None:
    """Update aspirations, and the pressure that drives the next reviews."""
    firms, work, technology = economy.firm_columns, economy.work, economy.technology
    saving = firms.baseline_unit_cost - firms.unit_cost
    blocks = [slice(first, first + count) for first, count in zip(work.first_firm, work.n_firms, strict=True)]
    best_margin = np.array([top_quartile(firms.margin[block]) for block in blocks])
    best_saving = np.array([saving[block].max() for block in blocks])
    other = economy.accounts.other_cost * technology.price_level
    outside = (technology.wage_growth, technology.vacancy)
    _aspire(
        saving, best_margin, best_saving, other, outside, economy.mark_up, firms, work, economy.firm_rules
    )


def top_quartile(values: np.ndarray) -> float:
    """Return the value that a quarter of the firms reach or exceed.

    Examples
    --------
    >>> top_quartile(np.array([4.0, 1.0, 3.0, 2.0]))
    4.0
    """
    return float(np.sort(values)[-max(1, len(values) // 4)])


@column_pass
def _aspire(saving, best_margin, best_saving, other, outside, mark_ups, firms, work, behaviour):
    wage_growth, vacancy = outside
    for row in range(saving.shape[0]):
        sector = work.firm_sector[row]
        normal = mark_ups[row] / (1.0 + mark_ups[row])
        firms.aspiration[row] = aspiration_after(
            firms.aspiration[row], normal, firms.margin[row], best_margin[sector], behaviour.aspiration_months
        )
        gap = (firms.aspiration[row] - firms.margin[row]) / max(normal, 1e-6)
        value_added = max(1e-6, firms.baseline_unit_cost[row] - other[row])
        parts = firms.pressure_parts[row]
        parts[0] = behaviour.margin_pressure * min(1.5, max(0.0, gap))
        parts[1] = behaviour.rival_pressure * min(1.0, (best_saving[sector] - saving[row]) / value_added)
        parts[2] = behaviour.wage_pressure * wage_growth
        parts[3] = behaviour.vacancy_pressure * vacancy
        parts[4] = 0.0 if work.captive[sector] else behaviour.loss_pressure * firms.lost_share[row]
        firms.pressure[row] = behaviour.pressure_scale * economic_pressure(
            parts[0], parts[1], parts[2], parts[3], parts[4]
        )


def open_share_of_rivals(offers: Offers, work: Work) -> np.ndarray:
    """Return for each firm and kind of premises the share of rivals' counters that are open, (F, G)."""
    shares = np.empty(offers.closed.shape)
    for counter in range(offers.closed.shape[1]):
        shares[:, counter] = 1.0 - rivals_mean(offers.closed[:, counter], work)
    return shares
