"""What a firm believes its moves to be worth: yearly benefits and costs per customer, as an index.

Compiled steps of a review (``agents/review.py``). EUR per customer and year; indices lie in (−1, 1).
"""

from typing import NamedTuple

import numpy as np

from agents.columns import FirmColumns, FirmRules, Work
from agents.rules.compiled import step_rule
from agents.rules.contribution import cost_avoided
from agents.rules.externalisation import technology_cost_factor, worth_index
from agents.rules.lending import lent
from agents.rules.service_capacity import scale_economy

_INTERNET = 1  # kind of access that gives contributions their reach
_NO_OCCASIONS = 1e-12  # per year; keeps a counter without occasions from dividing by zero


@lent
class Outlook(NamedTuple):
    """What is the same for all firms that review this month."""

    key: np.uint64  # of the draws
    year: float
    level: float  # wages and prices, 1 in 2024
    access: tuple[float, float, float]  # share of people with access by kind: none, internet, mobile
    access_ahead: tuple[float, float, float]  # the same as far ahead as firms look
    minutes_factor: float
    mandatory_pay: float  # EUR per hour of customers' own minutes
    business_share: float
    new_premium: float
    years_to_mature: float
    largest_closed: np.ndarray  # (G,) share of counters that may be closed
    mode: np.ndarray  # (F, K) before anybody's review
    closing: np.ndarray  # (F, G) before anybody's review
    standby: np.ndarray  # (F, K) cost of premises per occasion, EUR of 2024
    other_cost: np.ndarray  # (F,) EUR of 2024 per customer and month


@lent
class Scene(NamedTuple):
    """All that reviews read, and the firms' columns that they write."""

    firms: FirmColumns
    coverage: np.ndarray  # (F, C), of the offers
    work: Work
    rules: FirmRules
    outlook: Outlook


@step_rule
def exists(channel, scene):
    """Return whether a channel has been invented."""
    return scene.work.introduced[channel] <= scene.outlook.year


@step_rule
def offers_any(row, task, scene):
    """Return whether a firm offers a channel of a task."""
    first = scene.work.first_channel[task]
    for channel in range(first, first + scene.work.n_channels[task]):
        if scene.firms.offered[row, channel]:
            return True
    return False


@step_rule
def newest_channel(row, task, scene):
    """Return the newest channel of a task that a firm offers, else the newest that exists, else the first."""
    first = scene.work.first_channel[task]
    offered, existing = -1, first
    for channel in range(first, first + scene.work.n_channels[task]):
        if scene.firms.offered[row, channel]:
            offered = channel
        if exists(channel, scene):
            existing = channel
    return offered if offered >= 0 else existing


@step_rule
def coverage_of(row, task, scene):
    """Return the share of a firm's customers that can use some channel of a task."""
    first, most = scene.work.first_channel[task], 0.0
    for channel in range(first, first + scene.work.n_channels[task]):
        most = max(most, scene.coverage[row, channel])
    return most


@step_rule
def occasions_of(task, scene):
    """Return occasions per customer head and year, business clients and eligibility included."""
    work = scene.work
    mean = 1.0 + scene.outlook.business_share * (work.business_occasions[task] - 1.0)
    return 12.0 * work.occasions[task] * work.eligible_share[task] * mean


@step_rule
def labour_of(row, task, scene):
    """Return the labour cost of a staffed occasion, EUR."""
    wage = scene.firms.wage[row] * scene.outlook.level
    return scene.work.employee_minutes[task] * wage / (60.0 * scene.rules.utilisation)


@step_rule
def return_of(row, task, channel, access, scene):
    """Return what one use brings, EUR: labour saved and premium, or a contribution's value.

    Parameters
    ----------
    access : share of people by kind of access, now or ahead.
    """
    work = scene.work
    if work.contribution[task]:
        return work.contribution_value[channel] * work.success[channel] * access[_INTERNET]
    return labour_of(row, task, scene) * (1.0 - work.attended_share[channel]) + work.premium[channel]


@step_rule
def benefit_of(row, task, gross, scene):
    """Return what uses are worth to a firm, EUR per customer and year; contributions within a budget."""
    payer, rules = scene.work.payer[task], scene.rules
    if payer < 0:
        return gross
    share = (rules.research_budget, rules.quality_budget, rules.marketing_budget)[payer]
    other = scene.outlook.other_cost[row] * scene.outlook.level
    return rules.contribution_appetite * cost_avoided(gross, 12.0 * share * other)


@step_rule
def newness(channel, scene):
    """Return how much dearer a channel is than when it is mature."""
    outlook = scene.outlook
    years = outlook.year - scene.work.introduced[channel]
    return technology_cost_factor(years, outlook.new_premium, outlook.years_to_mature)


@step_rule
def technology_cost(channel, scene):
    """Return the cost of technology of one use, EUR."""
    return scene.work.unit_cost[channel] * newness(channel, scene)


@step_rule
def mandatory_pay(channel, scene):
    """Return what a firm must pay for one self-served occasion, EUR."""
    outlook = scene.outlook
    minutes = scene.work.minutes[channel] * outlook.minutes_factor
    return outlook.mandatory_pay * minutes / 60.0 * outlook.level


@step_rule
def unit_cost(row, task, channel, scene):
    """Return the believed cost of one self-served occasion, EUR: technology, leakage, failures, pay."""
    work = scene.work
    leakage = work.leakage[channel] * scene.firms.leakage_belief[row, task]
    failures = (1.0 - work.success[channel]) * scene.rules.failure_staff * labour_of(row, task, scene)
    return technology_cost(channel, scene) + leakage + failures + mandatory_pay(channel, scene)


@step_rule
def fixed_cost(row, channel, scene):
    """Return the fixed cost of a channel, EUR per customer and year."""
    work, customers = scene.work, scene.firms.customers
    sector, total = work.firm_sector[row], 0.0
    for firm in range(work.first_firm[sector], work.first_firm[sector] + work.n_firms[sector]):
        total += customers[firm]
    scale = scale_economy(customers[row], total / work.n_firms[sector], scene.rules.size_exponent)
    return work.fixed_cost[channel] / 1000.0 * newness(channel, scene) * scale


@step_rule
def customer_margin(row, scene):
    """Return the contribution margin of a customer, EUR per year."""
    return 12.0 * scene.firms.price[row] * scene.rules.contribution_margin


@step_rule
def worth_of_installation(row, installation, scene):
    """Return the index of new channels that are installed together: one machine for several tasks."""
    work, benefits, costs = scene.work, 0.0, 0.0
    for channel in range(installation, work.installation.shape[0]):
        if work.installation[channel] == installation and exists(channel, scene):
            benefit, cost = _of_channel(row, work.channel_task[channel], channel, scene)
            benefits += benefit
            costs += cost
    return worth_index(benefits, costs)


@step_rule
def _of_channel(row, task, channel, scene):
    """Return benefits and costs of a first channel, or of the next generation beside those offered."""
    belief, ahead = scene.firms.belief[row, task], scene.outlook.access_ahead
    access, occasions = ahead[scene.work.channel_access[channel]], occasions_of(task, scene)
    saved = return_of(row, task, channel, ahead, scene)
    cost, fixed = unit_cost(row, task, channel, scene), fixed_cost(row, channel, scene)
    if not offers_any(row, task, scene):
        used = occasions * belief * access
        return benefit_of(row, task, used * saved, scene), used * cost + fixed
    won = occasions * (1.0 - belief) * scene.rules.next_generation * access
    cheaper = max(0.0, _cheapest_offered(row, task, scene) - technology_cost(channel, scene))
    moved = 0.5 * belief * access * occasions * cheaper
    return won * saved + moved, won * cost + fixed


@step_rule
def _cheapest_offered(row, task, scene):
    first, least = scene.work.first_channel[task], np.inf
    for channel in range(first, first + scene.work.n_channels[task]):
        if scene.firms.offered[row, channel]:
            least = min(least, technology_cost(channel, scene))
    return least


@step_rule
def worth_of_incentive(row, task, scene):
    """Return the index of a price difference: customers moved and fees against discounts and churn."""
    work, rules, belief = scene.work, scene.rules, scene.firms.belief[row, task]
    occasions, channel = occasions_of(task, scene), newest_channel(row, task, scene)
    difference = work.money_share[task] * work.staffed_cost[task] * scene.outlook.level
    fee = rules.fee_share * difference
    discount = max(0.0, difference - fee - mandatory_pay(channel, scene))
    moved = min(0.9, rules.incentive_response * work.money_share[task] * belief * (1.0 - belief))
    saved = labour_of(row, task, scene) * (1.0 - work.attended_share[channel])
    saved -= unit_cost(row, task, channel, scene)
    benefits = occasions * (moved * saved + max(0.0, 1.0 - belief - moved) * fee)
    costs = occasions * (belief + moved) * discount
    costs += rules.incentive_churn * (1.0 - belief) * customer_margin(row, scene)
    return worth_index(benefits, costs)


@step_rule
def realised_of(row, task, scene):
    """Return benefits and costs of the channels that a task has, with what the firm has learned."""
    if not offers_any(row, task, scene):
        return 0.0, 0.0
    channel, first = newest_channel(row, task, scene), scene.work.first_channel[task]
    saved = return_of(row, task, channel, scene.outlook.access, scene)
    fixed = 0.0
    for other in range(first, first + scene.work.n_channels[task]):
        if scene.firms.offered[row, other]:
            fixed += fixed_cost(row, other, scene)
    used = occasions_of(task, scene) * scene.firms.belief[row, task]
    cost = used * unit_cost(row, task, channel, scene) + fixed
    return benefit_of(row, task, used * saved, scene), cost


@step_rule
def worth_of_closing(row, counter, scene):
    """Return the index of closing counters: labour and premises against help, technology and churn."""
    firms, work, rules, outlook = scene.firms, scene.work, scene.rules, scene.outlook
    sector = work.firm_sector[row]
    benefits, costs, unserved, weight, outrage = 0.0, 0.0, 0.0, 0.0, 0.0
    for task in range(work.first_task[sector], work.first_task[sector] + work.n_tasks[sector]):
        if work.counter[task] != counter:
            continue
        occasions, belief = occasions_of(task, scene), firms.belief[row, task]
        coverage, labour = coverage_of(row, task, scene), labour_of(row, task, scene)
        pushed = min(0.97, belief + 0.6 * (1.0 - belief))
        benefits += occasions * coverage * (1.0 - belief) * labour
        benefits += occasions * rules.standby_saved * (outlook.standby[row, task] * outlook.level)
        helped = (1.0 - pushed) * work.fallback[sector] * rules.helped_overhead * labour
        cost = unit_cost(row, task, newest_channel(row, task, scene), scene)
        costs += occasions * coverage * (helped + (pushed - belief) * cost)
        unserved += occasions * (1.0 - belief * coverage)
        outrage += occasions * (1.0 - belief * coverage) * work.staffed_cost[task]
        weight += occasions
    rarer = 1.0 + rules.remoteness * firms.closing[row, counter]
    if work.captive[sector]:
        costs += rules.political_cost * outrage * rarer
    else:
        lost = firms.churn_belief[row] * unserved / max(weight, _NO_OCCASIONS) * rarer
        costs += lost * customer_margin(row, scene) * (1.0 - 0.4 * min(1.0, firms.pressure[row]))
    return worth_index(benefits, costs)
