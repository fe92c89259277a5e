# ruff: noqa: E501 - the list of measures is a table
"""Measures: name, unit, label and how each follows from a month's books; one list for everybody.

People are private adults unless a label says otherwise; hours are per adult and year.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from agents import ledger as lines
from agents.columns import MODES
from agents.demography import LEISURE_HOURS
from model.people_groups import MEMBERS
from model.snapshot import Snapshot

Values = np.ndarray
_HOURS = 12.0 / 60.0  # minutes per month → hours per year
_HOURS_PER_FULL_TIME_YEAR = 1650.0  # hours worked per full-time year; assumption near European averages


class Share(NamedTuple):
    """A measure of people: lines of the ledger, with their signs, over one other line; times a factor."""

    over: int
    terms: tuple[tuple[int, float], ...]
    factor: float = 1.0

    def __call__(self, cells: Values) -> Values:
        """Return it from (groups, CELL_LINES) sums; NaN where there is no whole."""
        return shares_of(cells, (self,))[:, 0]


def shares_of(cells: Values, shares: tuple[Share, ...]) -> Values:
    """Return several measures at once, (groups, measures)."""
    over, factors, terms = _in_columns(shares)
    part: Values = np.zeros(())
    for line, sign in terms:
        part = part + sign * cells[:, line]
    return factors * ratio(part, cells[:, over])


@lru_cache(maxsize=64)
def _in_columns(shares: tuple[Share, ...]) -> tuple[Values, Values, list[tuple[Values, Values]]]:
    """Return lines, factors, and the first, second … term of several measures, as arrays."""
    nothing, longest = (0, 0.0), max(len(share.terms) for share in shares)
    padded = [(*share.terms, *[nothing] * (longest - len(share.terms))) for share in shares]
    terms = [
        (np.array([one[place][0] for one in padded]), np.array([one[place][1] for one in padded]))
        for place in range(longest)
    ]
    return np.array([share.over for share in shares]), np.array([share.factor for share in shares]), terms


class Measure(NamedTuple):
    """A measure of people: a share of sums over a group's ledger lines, so groups come for free."""

    name: str
    unit: str
    label: str
    of: Callable[[Snapshot], float] | None = None  # of the whole economy
    of_people: Share | None = None
    of_tasks: Callable[[Values, Values], Values] | None = None  # of (groups, PAIR_LINES) sums and people
    of_users: tuple[str, int] | None = None  # task and ledger line: share of people, by group too


def ratio(part: Values | float, whole: Values | float) -> Values:
    """Return part / whole, NaN where there is no whole."""
    part, whole = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    shape = np.broadcast_shapes(part.shape, whole.shape)
    return np.divide(part, whole, out=np.full(shape, np.nan), where=whole > 0.0)


def quotient(part: float, whole: float) -> float:
    """Return part / whole of two numbers, NaN where there is no whole."""
    return part / whole if whole > 0.0 else float("nan")


def _per_person(line: int, factor: float = 1.0) -> Share:
    return Share(lines.PEOPLE, ((line, 1.0),), factor)


def _of_self_served(line: int) -> Share:
    return Share(lines.CELL_SELF_SERVED, ((line, 1.0),))


def _of_baseline(line: int) -> Share:
    return Share(lines.CELL_BASELINE, ((line, 1.0),))


_SELF_SERVICE = Share(lines.CELL_BASELINE, ((lines.CELL_SELF_SERVED, 1.0), (lines.CELL_INDUCED, -1.0)))
_OWN, _FELT = (lines.CELL_OWN_MINUTES, 1.0), (lines.CELL_FELT_MINUTES, -1.0)
_AVOIDED, _AVOIDED_NOW = (lines.CELL_AVOIDED_MINUTES, -1.0), (lines.CELL_AVOIDED_NOW_MINUTES, -1.0)
_NET = Share(lines.PEOPLE, (_OWN, _AVOIDED, (lines.CELL_WAITING_MINUTES, 1.0)), _HOURS)
_NET_AT_CURRENT_QUEUES = Share(lines.PEOPLE, (_OWN, _AVOIDED_NOW), _HOURS)
_AWARENESS_GAP = Share(lines.CELL_OWN_MINUTES, (_OWN, _FELT))


_OWN_MINUTES = [
    lines.VOLUNTARY_MINUTES,
    lines.INCENTIVISED_MINUTES,
    lines.FORCED_MINUTES,
    lines.ESCALATION_MINUTES,
]


def _task_gross(tasks: Values, people: Values) -> Values:
    return _HOURS * ratio(tasks[:, _OWN_MINUTES].sum(axis=1), people)


def _task_felt(tasks: Values, people: Values) -> Values:
    return _HOURS * ratio(tasks[:, lines.FELT_MINUTES], people)


def _task_self_service(tasks: Values, _people: Values) -> Values:
    return ratio(tasks[:, lines.SELF_SERVED] - tasks[:, lines.INDUCED], tasks[:, lines.BASELINE])


def _task_net(tasks: Values, people: Values) -> Values:
    minutes = tasks[:, _OWN_MINUTES].sum(axis=1) + tasks[:, lines.WAITING_MINUTES]
    return _HOURS * ratio(minutes - tasks[:, lines.AVOIDED_MINUTES], people)


def _task_forced(tasks: Values, _people: Values) -> Values:
    return ratio(tasks[:, lines.FORCED], tasks[:, lines.SELF_SERVED])


def users_of(month: Snapshot, task: str, line: int, people: Values) -> Values:
    """Return the share of each group's people who count in a task's ledger line; NaN without the task."""
    if task not in month.names.tasks:
        return np.full(len(people), np.nan)
    users = month.ledger.tasks[:, month.names.tasks.index(task), line]
    return ratio(MEMBERS @ users, people)


def _user_share(month: Snapshot) -> float:
    """Mean over tasks of the share of people who serve themselves this month."""
    return quotient(float(month.private_users[:, lines.USERS].mean()), float(month.private[lines.PEOPLE]))


def _leisure_share(month: Snapshot) -> float:
    by_age = month.cells[:45].reshape(5, 9, lines.CELL_LINES).sum(axis=1)
    leisure = LEISURE_HOURS @ by_age[:, lines.PEOPLE]
    return quotient(float(by_age[:, lines.CELL_OWN_MINUTES].sum()) / 60.0, float(leisure))


def _gini(month: Snapshot) -> float:
    """Gini coefficient of own minutes, from bins (people, minutes), by the trapezoid rule."""
    people, minutes = month.minutes
    total = minutes.sum()
    if total <= 0.0:
        return float("nan")
    lorenz = np.zeros(len(minutes) + 1)
    np.cumsum(minutes, out=lorenz[1:])
    lorenz /= total
    return float(1.0 - (people / people.sum() * (lorenz[1:] + lorenz[:-1])).sum())


def _top_share(month: Snapshot) -> float:
    """Share of contributions by the most active hundredth of people, from bins (people, contributions)."""
    people, given = month.contributions
    if given.sum() <= 0.0:
        return float("nan")
    most_active = np.concatenate([[0.0], np.cumsum(people[::-1]) / people.sum()])
    return float(np.interp(0.01, most_active, np.concatenate([[0.0], np.cumsum(given[::-1]) / given.sum()])))


def _return_of(contribution: bool) -> Callable[[Snapshot], float]:
    """Return saving (or value) per euro of technology, over all tasks of a kind."""
    return lambda month: quotient(*month.benefit_and_cost(contribution))


def _churn(month: Snapshot) -> float:
    relations = float(month.private[lines.PEOPLE]) * month.standing.competitive_sectors
    return 12.0 * quotient(float(month.private[lines.LEFT]), relations)


def _money(name: str) -> Callable[[Snapshot], float]:
    """Return EUR per customer and year of one line of the books."""
    return lambda month: 12.0 * month.total(name) / month.heads


def _saving_share(month: Snapshot) -> float:
    return quotient(month.total("saving"), month.total("baseline_cost"))


def _customers_gain(month: Snapshot) -> float:
    books = month.books
    gain = books.lower_prices + books.compensation - books.fees - books.premium
    return 12.0 * float(gain.sum()) / month.heads


def _compensation_ratio(month: Snapshot) -> float:
    value = month.own_minutes / 60.0 * month.replacement_cost
    return quotient(month.total("compensation") / month.price_level, value)


def _prosumer_share(month: Snapshot) -> float:
    return quotient(month.own_minutes, month.own_minutes + month.total("performed_minutes"))


def _symbiosis(month: Snapshot) -> float:
    both = month.pairs[:, lines.WELCOME] * (month.realised_saving > 0.0)
    return quotient(float(both.sum()), float(month.pairs[:, lines.SELF_SERVED].sum()))


def _externalised_hours(month: Snapshot) -> float:
    return _HOURS * month.total("pair_externalised") / month.heads


def _baseline_hours(month: Snapshot) -> float:
    return _HOURS * (month.baseline_staff_minutes * month.utilisation) / month.heads


def _employee_hours(name: str) -> Callable[[Snapshot], float]:
    """Return h per customer and year of one line of the ledger "who does the work"."""
    return lambda month: _HOURS * month.total(name) / month.heads


def _labour_per_unit(month: Snapshot) -> float:
    now, before = month.labour_by_firm
    return quotient(float(now.sum()), float(before.sum()))


def _full_time(month: Snapshot) -> float:
    return 1000.0 * _externalised_hours(month) / _HOURS_PER_FULL_TIME_YEAR


def _productivity(with_unpaid: bool) -> Callable[[Snapshot], float]:
    def index(month: Snapshot) -> float:
        minutes = month.total("paid_minutes") + (month.own_minutes if with_unpaid else 0.0)
        return quotient(month.baseline_staff_minutes, minutes)

    return index


def _by_customers(name: str) -> Callable[[Snapshot], float]:
    """Return the mean over firms of a firm's column, weighted with customers."""
    return lambda month: quotient(
        float((getattr(month.firms, name) * month.books.customers).sum()), month.total("customers")
    )


def _endogenous_pressure(month: Snapshot) -> float:
    parts = month.firms.pressure_parts[:, [0, 1, 4]].sum(axis=1) * month.books.customers
    return quotient(float(parts.sum()), month.total("customers"))


def _price_index(month: Snapshot) -> float:
    return quotient(month.total("revenue"), month.total("baseline_revenue"))


def _mode_share(mode: int) -> Callable[[Snapshot], float]:
    return lambda month: float(month.mode_shares[mode])


def _closed(month: Snapshot) -> float:
    weight = month.customers_at_counter
    return quotient(float((month.closed * weight).sum()), float(weight.sum()))


def _hhi(month: Snapshot) -> float:
    customers = month.books.customers
    whole = np.bincount(month.firm_sector, customers)[month.firm_sector]
    shares = np.divide(customers, whole, out=np.zeros(len(whole)), where=whole > 0.0)
    return float((shares**2).sum()) / month.sectors


def _people(name: str, unit: str, label: str, of: Share) -> Measure:
    return Measure(name, unit, label, of_people=of)


_EUR = "EUR per customer and year"
_LIST = (
    _people("adopter_share", "1", "Consumers who serve themselves in some task", _per_person(lines.ADOPTERS)),
    Measure("self_service_share", "1", "Occasions that consumers serve themselves", of_people=_SELF_SERVICE, of_tasks=_task_self_service),
    Measure("user_share", "1", "Consumers who serve themselves in a task this month", of=_user_share),
    Measure("internet_banking_share", "1", "Consumers who used internet banking in the last 3 months", of_users=("transfer", lines.DIGITAL_QUARTER)),
    Measure("online_purchase_share", "1", "Consumers who bought online in the last 3 months", of_users=("buying", lines.DIGITAL_QUARTER)),
    Measure("e_government_share", "1", "Consumers who dealt with authorities online in the last 12 months", of_users=("filing", lines.DIGITAL_YEAR)),
    Measure("unpaid_hours_gross", "h/yr", "Unpaid hours, gross", of_people=_per_person(lines.CELL_OWN_MINUTES, _HOURS), of_tasks=_task_gross),
    Measure("unpaid_hours_net", "h/yr", "Unpaid hours, net of being served, at reference queues", of_people=_NET, of_tasks=_task_net),
    Measure("unpaid_hours_felt", "h/yr", "Unpaid hours that are noticed", of_people=_per_person(lines.CELL_FELT_MINUTES, _HOURS), of_tasks=_task_felt),
    _people("unpaid_hours_net_at_current_queues", "h/yr", "Unpaid hours, net of being served, at current queues", _NET_AT_CURRENT_QUEUES),
    _people("unpaid_hours_value", "EUR/yr", "Unpaid hours × own value of time", _per_person(lines.CELL_OWN_VALUE, 12.0)),
    _people("waiting_imposed_hours", "h/yr", "Longer ways and queues at counters", _per_person(lines.CELL_WAITING_MINUTES, _HOURS)),
    Measure("leisure_share", "1", "Unpaid hours, share of leisure", of=_leisure_share),
    _people("life_domains", "sectors", "Sectors of life with self-service", _per_person(lines.DOMAINS)),
    Measure("hours_gini", "1", "Gini coefficient of unpaid hours", of=_gini),
    _people("voluntary_share", "1", "Voluntary, of self-served occasions", _of_self_served(lines.CELL_VOLUNTARY)),
    _people("incentivised_share", "1", "Tipped by price, of self-served occasions", _of_self_served(lines.CELL_INCENTIVISED)),
    Measure("forced_share", "1", "Forced (counter closed, or 30 % longer to be served), of self-served occasions", of_people=_of_self_served(lines.CELL_FORCED), of_tasks=_task_forced),
    _people("unwilling_share", "1", "Against her will, of self-served occasions", _of_self_served(lines.CELL_UNWILLING)),
    Measure("compensation_ratio", "1", "Money paid / value of the work at replacement cost (all customers)", of=_compensation_ratio),
    Measure("prosumer_share", "1", "Customers' share of all minutes in a service (all customers)", of=_prosumer_share),
    Measure("symbiosis_share", "1", "Self-served occasions from which both sides gain (all customers)", of=_symbiosis),
    _people("awareness", "1", "Awareness of working for firms", _per_person(lines.AWARENESS)),
    _people("awareness_gap", "1", "Unpaid minutes that go unnoticed", _AWARENESS_GAP),
    _people("role_perception", "1", "Role perception, −1 used … 1 partner", _per_person(lines.ROLE)),
    _people("attribution", "1", "Belief that firms only save money", _per_person(lines.ATTRIBUTION)),
    _people("role_clarity", "1", "Clarity of the customer's part in services", _per_person(lines.CLARITY)),
    _people("grievance", "1", "Grievance against firms", _per_person(lines.GRIEVANCE)),
    _people("overload_share", "1", "Consumers beyond their comfort budget", _per_person(lines.OVERLOADED)),
    _people("excluded_share", "1", "Consumers who forgo some service", _per_person(lines.EXCLUDED)),
    _people("helped_share", "1", "Helped, of all occasions", _of_baseline(lines.CELL_HELPED)),
    _people("forgone_share", "1", "Forgone, of all occasions", _of_baseline(lines.CELL_FORGONE)),
    _people("customer_loss", "EUR/yr", "Loss from own errors", _per_person(lines.CELL_LOSS, 12.0)),
    Measure("churn_rate", "1/yr", "Customers who leave their firm", of=_churn),
    Measure("saving_share", "1", "Saving by externalisation / cost had all been staffed", of=_saving_share),
    Measure("saving_total", _EUR, "Saving by externalisation", of=_money("saving")),
    Measure("saving_technology", _EUR, "Saving eaten by technology per use", of=_money("unit_technology")),
    Measure("saving_fixed", _EUR, "Saving eaten by fixed technology", of=_money("fixed_technology")),
    Measure("saving_leakage", _EUR, "Saving lost by leakage", of=_money("leakage")),
    Measure("saving_compensation", _EUR, "Saving paid to self-servers", of=_money("compensation")),
    Measure("saving_prices", _EUR, "Saving passed on in prices", of=_money("lower_prices")),
    Measure("saving_profit", _EUR, "Saving kept as profit", of=_money("extra_profit")),
    Measure("customers_gain", _EUR, "Customers' line: lower prices + compensation − fees − premium", of=_customers_gain),
    Measure("counter_fees", _EUR, "Fees paid at counters", of=_money("fees")),
    Measure("price_index", "1", "Price / price had all been staffed", of=_price_index),
    Measure("employee_hours_externalised", "h/yr", "Employee hours that customers do, per customer", of=_externalised_hours),
    Measure("employee_hours_baseline", "h/yr", "Employee hours had all been staffed, per customer", of=_baseline_hours),
    Measure("employee_hours_performed", "h/yr", "Employee hours that the work takes, per customer", of=_employee_hours("performed_minutes")),
    Measure("employee_hours_attending", "h/yr", "Employee hours beside self-service, per customer", of=_employee_hours("pair_attending")),
    Measure("employee_hours_induced", "h/yr", "Employee hours for help, failures and extra occasions, per customer", of=_employee_hours("pair_induced")),
    Measure("labour_per_unit", "1", "Labour of firms, other labour included / had all been staffed", of=_labour_per_unit),
    Measure("full_time_equivalents", "FTE per 1,000 customers", "Jobs' worth of work handed over", of=_full_time),
    Measure("productivity_paid", "1", "Services per paid hour", of=_productivity(False)),
    Measure("productivity_total", "1", "Services per paid and unpaid hour", of=_productivity(True)),
    Measure("pressure", "1", "Economic pressure", of=_by_customers("pressure")),
    Measure("pressure_endogenous", "1", "Pressure from margins, rivals and lost customers", of=_endogenous_pressure),
    Measure("margin", "1", "Margin of firms", of=_by_customers("margin")),
    *(
        Measure(f"mode_{name}_share", "1", f"Tasks of firms that are {name}", of=_mode_share(mode))
        for mode, name in enumerate(MODES)
    ),
    Measure("closed_share", "1", "Closed counters", of=_closed),
    Measure("rollbacks", "per firm and year", "Moves back towards staff", of=lambda month: month.rollbacks_per_firm * 12.0),
    _people("contributor_share", "1", "Consumers who contribute to a firm's work", _per_person(lines.CONTRIBUTORS)),
    *(
        _people(f"co_design_{rung}_share", "1", f"Consumers whose highest rung of co-design is {rung}", _per_person(line))
        for rung, line in enumerate((lines.RUNG_1, lines.RUNG_2, lines.RUNG_3), start=1)
    ),
    Measure("contribution_top1_share", "1", "Contributions by the most active hundredth of people", of=_top_share),
    Measure("contribution_value", _EUR, "Cost of research, quality and marketing that contributions avoid", of=_money("contributions")),
    Measure("contribution_return", "1", "Value of contributions per euro of their technology", of=_return_of(True)),
    Measure("service_return", "1", "Labour saved by self-service per euro of its technology", of=_return_of(False)),
    Measure("innovator_share", "1", "Consumers who innovated for a firm in the last three years", of_users=("innovation", lines.DIGITAL_THREE_YEARS)),
    Measure("hhi", "1", "Concentration of customers (Herfindahl), mean of sectors", of=_hhi),
)  # fmt: skip

#: All measures by name, in the order in which they are shown.
MEASURES: dict[str, Measure] = {measure.name: measure for measure in _LIST}
