"""The market: roll-out, price differences, staff and queues, prices, margins, aspirations, pressure.

What happens to all firms every month, compiled: one pass over their rows for each phase.
"""

import math
from typing import Any

import numpy as np

from agents import ledger as lines
from agents.draws import decision_key
from agents.firm import FORCED, INCENTIVISED, MOSTLY_CLOSED
from agents.ledger import Sums
from agents.rules.compiled import column_pass, step_rule
from agents.rules.externalisation import economic_pressure
from agents.rules.pricing import aspiration_after, price_after
from agents.rules.service_capacity import capacity_after, staffed_minutes
from agents.worth import Outlook
from model.closing import Books

_YEAR = 12.0
_HALF_YEAR = 6.0


def outlook(economy: Any) -> Outlook:
    """Return what all firms that review this month look at; rivals are those of last month."""
    parameters, technology, policy = economy.parameters, economy.technology, economy.policy
    ahead, kinds = parameters.firm.foresight_years, range(3)
    counters = range(economy.offers.closed.shape[1])
    return Outlook(
        key=decision_key(economy.seed, "review", economy.month),
        year=technology.year,
        level=technology.price_level,
        access=tuple(technology.access_for(kind, 0.0) for kind in kinds),
        access_ahead=tuple(technology.access_for(kind, ahead) for kind in kinds),
        minutes_factor=technology.minutes_factor(),
        mandatory_pay=policy.compensation_rate * parameters.policy.replacement_cost,
        business_share=parameters.population.business_share,
        new_premium=parameters.technology.new_premium,
        years_to_mature=parameters.technology.years_to_mature,
        largest_closed=np.array([policy.largest_closed_share(counter) for counter in counters]),
        mode=economy.firm_columns.mode.copy(),
        closing=economy.firm_columns.closing.copy(),
        standby=economy.accounts.standby,
        other_cost=economy.accounts.other_cost,
    )


def roll_out(economy: Any) -> None:
    """Move coverage and closed counters towards what firms decided; set price differences."""
    policy, technology = economy.policy, economy.technology
    due = policy.compensation_rate * economy.parameters.policy.replacement_cost / 60.0
    _roll_out(
        economy.firm_columns,
        economy.offers,
        (due, technology.minutes_factor()),
        economy.work,
        economy.firm_rules,
    )


@column_pass
def _roll_out(firms, offers, due, work, behaviour):
    """Let every firm roll out what it decided.

    Parameters
    ----------
    due : mandatory compensation, EUR of 2024 per own minute; own minutes relative to 2024.
    """
    up, down = 1.0 / behaviour.roll_out_months, 1.0 / behaviour.withdrawal_months
    for row in range(firms.mode.shape[0]):
        for channel in range(work.channel_task.shape[0]):
            target = 1.0 if firms.offered[row, channel] else 0.0
            offers.coverage[row, channel] = _moved_towards(
                offers.coverage[row, channel], target, up / work.roll_out[channel], down
            )
        for counter in range(work.counter_sector.shape[0]):
            offers.closed[row, counter] = _moved_towards(
                offers.closed[row, counter], firms.closing[row, counter], up, down
            )
        set_price_differences(row, firms, offers, due, work, behaviour)


@step_rule
def _moved_towards(state, target, up, down):
    return min(target, state + up) if target > state else max(target, state - down)


@step_rule
def set_price_differences(row, firms, offers, due, work, behaviour):
    """Set discounts and counter fees of incentivised tasks, and mandatory compensation; EUR of 2024."""
    offers.pays[row] = False
    for task in range(work.sector.shape[0]):
        paid = work.money_share[task] * work.staffed_cost[task]
        difference = paid if firms.mode[row, task] == INCENTIVISED else 0.0
        offers.fee[row, task] = behaviour.fee_share * difference
        discount = (1.0 - behaviour.fee_share) * difference
        if due[0] > 0.0:
            minutes = _minutes_of_newest_channel(row, task, offers, work) * due[1]
            discount = max(discount, due[0] * minutes)
        offers.discount[row, task] = discount
        if discount > 0.0 and work.sector[task] == work.firm_sector[row]:
            offers.pays[row] = True


@step_rule
def _minutes_of_newest_channel(row, task, offers, work):
    """Return reference own minutes of a firm's newest channel, 0 without one."""
    minutes = 0.0
    for channel in range(work.first_channel[task], work.first_channel[task] + work.n_channels[task]):
        if offers.coverage[row, channel] > 0.0:
            minutes = work.minutes[channel]
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
    technology = economy.technology
    outside = technology.price_level, technology.wage_growth, technology.vacancy
    standing = economy.mark_up, economy.accounts.other_cost, *economy.market_notes
    _update_firms(books, ledger, outside, standing, economy.firm_columns, economy.work, economy.firm_rules)


@column_pass
def _update_firms(books, ledger, outside, standing, firms, work, behaviour):
    """Let all firms draw the month's conclusions.

    Parameters
    ----------
    outside : price level, growth of wages, staff shortage.
    standing : mark-ups and other cost by firm; room for rivals' prices, and the shadow firms', by firm.
    """
    mark_ups, other_cost, rivals, shadows = standing
    for row in range(mark_ups.shape[0]):
        remember_month(row, books, firms)
        remember_customers(row, firms, ledger.firms)
        remember_use(row, books, firms, ledger.pairs, work)
        rivals[row] = mean_of_rivals(row, firms.price, work)
        shadows[row] = mean_of_rivals(row, firms.shadow_price, work)
    for row in range(mark_ups.shape[0]):
        set_price(row, rivals[row], shadows[row], mark_ups[row], firms, work, behaviour)
        churn = min(0.9, max(0.0, 0.1 + behaviour.churn_grievance * firms.grievance[row]))
        firms.churn_belief[row] += behaviour.churn_learning * (churn - firms.churn_belief[row])
    for sector in range(work.first_firm.shape[0]):
        first, last = work.first_firm[sector], work.first_firm[sector] + work.n_firms[sector]
        best_margin, best_saving = top_quartile(firms.margin[first:last]), -math.inf
        for row in range(first, last):
            best_saving = max(best_saving, firms.baseline_unit_cost[row] - firms.unit_cost[row])
        for row in range(first, last):
            aspire(row, best_margin, mark_ups[row], firms, behaviour)
            feel_pressure(row, best_saving, other_cost[row], outside, mark_ups[row], firms, work, behaviour)


@step_rule
def remember_month(row, books, firms):
    """Update smoothed cost per customer and the margin from the month's books."""
    customers = books.customers[row]
    firms.customers[row] = customers
    if not customers > 0.0:
        return
    income = books.fees[row] + books.premium[row] + books.contributions[row]
    running = books.labour[row] + books.standby[row] + books.other[row]
    technology = running + books.unit_technology[row] + books.fixed_technology[row]
    cost = technology + books.leakage[row] + books.compensation[row]
    units = max(customers, 1e-9)
    firms.unit_cost[row] += ((cost - income) / units - firms.unit_cost[row]) / _HALF_YEAR
    base = books.baseline_cost[row] / units
    firms.baseline_unit_cost[row] += (base - firms.baseline_unit_cost[row]) / _HALF_YEAR
    margin = (books.revenue[row] + income - cost) / max(books.revenue[row] + income, 1e-9)
    firms.margin[row] += (margin - firms.margin[row]) / _YEAR


@step_rule
def remember_customers(row, firms, by_firm):
    """Update lost customers (share per year) and customers' grievance."""
    heads = by_firm[row, lines.PRIVATE_CUSTOMERS] + by_firm[row, lines.BUSINESS_CUSTOMERS]
    if heads > 0.0:
        lost = 12.0 * by_firm[row, lines.LOST] / heads
        firms.lost_share[row] += (lost - firms.lost_share[row]) / _YEAR
        firms.grievance[row] = by_firm[row, lines.FIRM_GRIEVANCE] / heads


@step_rule
def remember_use(row, books, firms, pairs, work):
    """Update smoothed acceptance and realised saving by task."""
    sector = work.firm_sector[row]
    for number in range(work.n_tasks[sector]):
        task, pair = work.first_task[sector] + number, work.firm_pair[row] + number
        firms.accepted[row, task] += (pairs[pair, lines.ACCEPTED] - firms.accepted[row, task]) / _HALF_YEAR
        firms.covered[row, task] += (pairs[pair, lines.COVERED] - firms.covered[row, task]) / _HALF_YEAR
        firms.saving[row, task] += (books.pair_saving[pair] - firms.saving[row, task]) / _HALF_YEAR


@step_rule
def mean_of_rivals(row, values, work):
    """Return the mean of a firm's rivals, without itself; its own value without rivals."""
    sector, total = work.firm_sector[row], 0.0
    for other in range(work.first_firm[sector], work.first_firm[sector] + work.n_firms[sector]):
        total += values[other]
    rivals = work.n_firms[sector] - 1
    return (total - values[row]) / rivals if rivals > 0 else values[row]


@step_rule
def set_price(row, rivals, shadows, mark_up, firms, work, behaviour):
    """Move a price, and the price of the shadow firm, by one rule."""
    weight = 1.0 if work.captive[work.firm_sector[row]] else behaviour.own_cost_weight
    base, speed = firms.baseline_unit_cost[row], behaviour.price_speed
    firms.price[row] = price_after(
        firms.price[row],
        firms.unit_cost[row],
        base,
        rivals,
        mark_up,
        behaviour.pass_through,
        weight,
        speed,
    )
    firms.shadow_price[row] = price_after(
        firms.shadow_price[row], base, base, shadows, mark_up, 1.0, weight, speed
    )


@column_pass
def top_quartile(values):
    """Return the value that a quarter of the firms reach or exceed.

    Examples
    --------
    >>> top_quartile(np.array([4.0, 1.0, 3.0, 2.0]))
    4.0
    """
    wanted, best = max(1, len(values) // 4), -math.inf
    for value in values:
        reached = 0
        for other in values:
            reached += other >= value
        if reached >= wanted:
            best = max(best, value)
    return best


@step_rule
def aspire(row, best_margin, mark_up, firms, behaviour):
    """Move the aspired margin towards the usual, the own and the best rivals'."""
    normal = mark_up / (1.0 + mark_up)
    firms.aspiration[row] = aspiration_after(
        firms.aspiration[row], normal, firms.margin[row], best_margin, behaviour.aspiration_months
    )


@step_rule
def feel_pressure(row, best_saving, other_cost, outside, mark_up, firms, work, behaviour):
    """Update the pressure that drives the next reviews."""
    level, wage_growth, vacancy = outside
    normal, saving = mark_up / (1.0 + mark_up), firms.baseline_unit_cost[row] - firms.unit_cost[row]
    gap = (firms.aspiration[row] - firms.margin[row]) / max(normal, 1e-6)
    value_added = max(1e-6, firms.baseline_unit_cost[row] - other_cost * level)
    captive = work.captive[work.firm_sector[row]]
    parts = firms.pressure_parts[row]
    parts[0] = behaviour.margin_pressure * min(1.5, max(0.0, gap))
    parts[1] = behaviour.rival_pressure * min(1.0, (best_saving - saving) / value_added)
    parts[2] = behaviour.wage_pressure * wage_growth
    parts[3] = behaviour.vacancy_pressure * vacancy
    parts[4] = 0.0 if captive else behaviour.loss_pressure * firms.lost_share[row]
    firms.pressure[row] = behaviour.pressure_scale * economic_pressure(
        parts[0], parts[1], parts[2], parts[3], parts[4]
    )


@column_pass
def note_open_share_of_rivals(shares, closed, work):
    """Note for each firm and kind of premises the share of rivals' counters that are open, (F, G)."""
    for row in range(closed.shape[0]):
        for counter in range(closed.shape[1]):
            shares[row, counter] = 1.0 - mean_of_rivals(row, closed[:, counter], work)
