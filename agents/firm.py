"""A firm: decides, task by task and counter by counter, how much work to hand to its customers.

Firms are ordinary Mesa agents. Their numbers live in columns too (one row per firm), so that what
happens every month is a few array operations; a review, about once a year, is the firm's own method.
"""

from typing import Any, NamedTuple

import mesa
import numpy as np

from agents.columns import Work
from agents.draws import uniform
from agents.rules.contribution import cost_avoided
from agents.rules.externalisation import (
    belief_after,
    rollback_probability,
    technology_cost_factor,
    upgrade_probability,
    worth_index,
)
from agents.rules.service_capacity import scale_economy

STAFFED, OPTIONAL, INCENTIVISED, FORCED = range(4)
MODES = ("staffed", "optional", "incentivised", "forced")
#: Moves back towards staff, as the diary names them.
ROLLBACKS = ("disincentivise", "withdraw", "reopen")
#: A counter counts as withdrawn, and its tasks as forced, once half of the firm's outlets are closed.
MOSTLY_CLOSED = 0.5
#: Coverage from which a firm can judge a channel, and from which it changes the mode built on it.
OBSERVABLE, ESTABLISHED = 0.1, 0.3
#: Draw codes of the decisions in one review.
_ADD, _UP, _DOWN, _CLOSE, _REOPEN = range(5)
_INTERNET = 1  # kind of access that gives contributions their reach
_NO_OCCASIONS = 1e-12  # per year; keeps a counter without occasions from dividing by zero
_UNFIT_FOR_CLOSING = 0.25  # believed acceptance below which no firm closes counters (MODEL_NOTES b 9)


class FirmColumns(NamedTuple):
    """State of the firms. F firms, K tasks, C channels, G counters."""

    wage: np.ndarray  # (F,) EUR per hour of 2024
    price: np.ndarray  # (F,) EUR per private customer and month
    shadow_price: np.ndarray  # (F,) the same had everything stayed staffed
    margin: np.ndarray  # (F,) share of revenue, mean of about a year
    aspiration: np.ndarray  # (F,) aspired margin
    unit_cost: np.ndarray  # (F,) EUR per customer unit and month
    baseline_unit_cost: np.ndarray  # (F,)
    customers: np.ndarray  # (F,) in units of a private customer
    lost_share: np.ndarray  # (F,) share of customers lost per year, smoothed
    capacity: np.ndarray  # (F,) paid staff min per month
    load: np.ndarray  # (F,) asked for / available at the intended utilisation
    grievance: np.ndarray  # (F,) mean of its customers
    churn_belief: np.ndarray  # (F,) believed churn from closing
    pressure: np.ndarray  # (F,)
    pressure_parts: np.ndarray  # (F, 5) margin, rival, wage, vacancy, loss
    mode: np.ndarray  # (F, K) uint8, 0 staffed, 1 optional, 2 incentivised
    offered: np.ndarray  # (F, C) bool, decided; the roll-out follows
    closing: np.ndarray  # (F, G) decided share of closed counters; the roll-out follows
    belief: np.ndarray  # (F, K) believed acceptance
    leakage_belief: np.ndarray  # (F, K) share of the true leakage that is believed
    reviews: np.ndarray  # (F, K) reviews with a channel to judge
    accepted: np.ndarray  # (F, K) smoothed occasions per month
    covered: np.ndarray  # (F, K) smoothed occasions per month
    saving: np.ndarray  # (F, K) realised saving, EUR per month, smoothed over half a year


class Move(NamedTuple):
    """A change that a firm decided on, for its diary."""

    month: int
    what: str  # add, incentivise, disincentivise, withdraw, close, reopen
    where: str  # task, channel or counter
    worth: float  # index of what it believed, −1 … 1
    pressure: float


class Firm(mesa.Agent):
    """A firm that reviews its service modes about once a year."""

    def __init__(self, model: Any, row: int) -> None:
        if row != model.firms_founded():
            raise ValueError("firms are founded by their economy; set sectors.NAME.firms for another number")
        super().__init__(model)
        self.row = row
        self.diary: list[Move] = []
        work: Work = model.work
        self.sector_row = int(work.firm_sector[row])
        first = int(work.first_task[self.sector_row])
        self.tasks = range(first, first + int(work.n_tasks[self.sector_row]))
        starts, counts = work.first_channel, work.n_channels
        self._span = {task: slice(int(starts[task]), int(starts[task] + counts[task])) for task in self.tasks}
        self.services = [task for task in self.tasks if not work.contribution[task]]
        self.counters = sorted({int(work.counter[task]) for task in self.services})
        first_firm, firms = int(work.first_firm[self.sector_row]), int(work.n_firms[self.sector_row])
        self._sector_firms = slice(first_firm, first_firm + firms)
        self.rivals = np.array(
            [other for other in range(first_firm, first_firm + firms) if other != row], dtype=int
        )

    @property
    def sector(self) -> str:
        """Name of its sector."""
        return self.model.names.sectors[self.sector_row]

    @property
    def wage(self) -> float:
        """Wage, EUR per hour of 2024."""
        return float(self._columns.wage[self.row])

    @property
    def price(self) -> float:
        """Price, EUR per private customer and month."""
        return float(self._columns.price[self.row])

    @property
    def margin(self) -> float:
        """Profit / revenue, mean of about a year."""
        return float(self._columns.margin[self.row])

    @property
    def aspiration(self) -> float:
        """Aspired margin."""
        return float(self._columns.aspiration[self.row])

    @property
    def customers(self) -> float:
        """Customers, in units of a private customer."""
        return float(self._columns.customers[self.row])

    @property
    def pressure(self) -> float:
        """Economic pressure, 0 … 2.5."""
        return float(self._columns.pressure[self.row])

    @property
    def staff_capacity(self) -> float:
        """Paid staff minutes per month."""
        return float(self._columns.capacity[self.row])

    @property
    def closed_share(self) -> float:
        """Share of its counters that are closed, mean over kinds of premises."""
        return float(self.model.offers.closed[self.row, self.counters].mean())

    @property
    def grievance(self) -> float:
        """Mean grievance of its customers, 0 … 1."""
        return float(self._columns.grievance[self.row])

    def remove(self) -> None:
        """Refuse: a firm is a row of its economy; set ``sectors.NAME.firms`` for another number."""
        raise NotImplementedError("a firm cannot be removed; set the parameter sectors.NAME.firms instead")

    def rollbacks_in(self, month: int) -> int:
        """Return how many moves back towards staff it made in a month."""
        moves = 0
        for move in reversed(self.diary):
            if move.month != month:
                break
            moves += move.what in ROLLBACKS
        return moves

    def mode_of(self, task: str) -> str:
        """Return the service mode of a task: staffed, optional, incentivised or forced."""
        return MODES[self._mode(self._own_task(task))]

    def believed_acceptance(self, task: str) -> float:
        """Return the share of occasions that it believes customers would serve themselves."""
        return float(self._columns.belief[self.row, self._own_task(task)])

    def channels_of(self, task: str) -> dict[str, float]:
        """Return the coverage of each channel of a task, by name."""
        row = self._own_task(task)
        first, count = int(self._work.first_channel[row]), int(self._work.n_channels[row])
        names = self.model.names.channels
        covered = self.model.offers.coverage[self.row]
        return {names[c].partition(".")[2]: float(covered[c]) for c in range(first, first + count)}

    def _own_task(self, task: str) -> int:
        row = self.model.consumers.task_row(task)
        if row not in self.tasks:
            raise KeyError(f"{task!r} is no task of the sector {self.sector}")
        return row

    @property
    def _columns(self) -> FirmColumns:
        return self.model.firm_columns

    @property
    def _work(self) -> Work:
        return self.model.work

    def is_due_for_review(self) -> bool:
        """Return whether this is its month of the year to revise service modes."""
        return (5 * self.row + self.model.month) % 12 == 0

    def revise_service_modes(self) -> None:
        """Learn from the past year, then decide on each task and each counter: one move each at most."""
        for task in self.tasks:
            self._learn(task)
        for task in self.tasks:
            self._add_channel(task) or self._raise_mode(task) or self._lower_mode(task)
        for counter in self.counters:
            self._close_slice(counter) or self._reopen_slice(counter)

    def _learn(self, task: int) -> None:
        """Move beliefs about acceptance and leakage towards own results and rivals'."""
        columns, behaviour, row = self._columns, self.model.parameters.firm, self.row
        own = self._coverage(task) > OBSERVABLE and columns.covered[row, task] > 0.0
        if own:
            observed = columns.accepted[row, task] / columns.covered[row, task]
            columns.belief[row, task] = belief_after(columns.belief[row, task], observed, behaviour.learning)
            known = belief_after(columns.leakage_belief[row, task], 1.0, behaviour.learning)
            columns.leakage_belief[row, task] = known
            columns.reviews[row, task] += 1.0
        rivals = self._rivals_acceptance(task)
        if rivals is not None:
            seen = rivals if own else min(1.0, rivals / max(0.05, self._access(self._newest(task), 0.0)))
            weight = behaviour.learning_from_rivals * (0.5 if own else 1.0)
            columns.belief[row, task] = belief_after(columns.belief[row, task], seen, weight)
        rarest = 0.0005 if self._work.contribution[task] else 0.01
        columns.belief[row, task] = min(0.99, max(rarest, columns.belief[row, task]))

    def _rivals_acceptance(self, task: int) -> float | None:
        columns = self._columns
        covered = columns.covered[self.rivals, task].sum()
        return float(columns.accepted[self.rivals, task].sum() / covered) if covered > 0.0 else None

    def _add_channel(self, task: int) -> bool:
        """Perhaps add the most promising channel that exists and is not offered yet."""
        channels = [
            c for c in self._channels(task) if not self._columns.offered[self.row, c] and self._exists(c)
        ]
        if not channels:
            return False
        indices = [self._worth_of_channel(task, channel) for channel in channels]
        best = int(np.argmax(indices))
        channel, index = channels[best], indices[best]
        rivals = self.model.offers.coverage[self.rivals, channel]
        if not self._decides_up(_ADD, task, index, rivals.mean() if rivals.size else 0.0):
            return False
        if not self._offers_any(task):
            expected = self._columns.belief[self.row, task] * self._access(channel, self._foresight)
            self._columns.belief[self.row, task] = min(0.99, max(0.0005, expected))
            self._columns.mode[self.row, task] = OPTIONAL
        self._columns.offered[self.row, channel] = True
        self._note("add", self.model.names.channels[channel], index)
        return True

    def _raise_mode(self, task: int) -> bool:
        """Perhaps make self-service cheaper than the counter."""
        columns, row = self._columns, self.row
        money = self._work.money_share[task] > 0.0
        if columns.mode[row, task] != OPTIONAL or not money or self._coverage(task) < ESTABLISHED:
            return False
        index = self._worth_of_incentive(task)
        if not self._decides_up(
            _UP, task, index, _share(self.model.modes_before[self.rivals, task] == INCENTIVISED)
        ):
            return False
        columns.mode[row, task] = INCENTIVISED
        self._note("incentivise", self.model.names.tasks[task], index)
        return True

    def _lower_mode(self, task: int) -> bool:
        """Perhaps take the price difference back, or all channels: a rollback."""
        columns, row = self._columns, self.row
        mode = columns.mode[row, task]
        if mode == STAFFED or self._coverage(task) < ESTABLISHED:
            return False
        index = self._worth_of_incentive(task) if mode == INCENTIVISED else self._worth_realised(task)
        imitated = self._rivals_coverage(task)
        if not self._decides_down(_DOWN, task, index, imitated, complains=mode == INCENTIVISED):
            return False
        if mode == OPTIONAL:
            columns.offered[row, self._span[task]] = False
        columns.mode[row, task] = mode - 1
        self._note("withdraw" if mode == OPTIONAL else "disincentivise", self.model.names.tasks[task], index)
        return True

    def _close_slice(self, counter: int) -> bool:
        """Perhaps close some more of its counters of one kind."""
        columns, row, behaviour = self._columns, self.row, self.model.parameters.firm
        limit = self.model.policy.largest_closed_share(counter)
        if columns.closing[row, counter] >= limit or self._acceptance_at(counter) < _UNFIT_FOR_CLOSING:
            return False
        index = self._worth_of_closing(counter)
        imitated = behaviour.closing_imitation * self._rivals_closed(counter) * self._ambiguity(counter)
        chance = upgrade_probability(
            behaviour.upgrade_intercept + behaviour.closing_intercept,
            index,
            self.pressure,
            imitated,
            behaviour.worth_weight,
            behaviour.pressure_weight,
        )
        if self._draw(_CLOSE, 64 + counter) >= chance:
            return False
        columns.closing[row, counter] = min(limit, columns.closing[row, counter] + behaviour.closing_step)
        self._note("close", self.model.names.counters[counter], index)
        return True

    def _reopen_slice(self, counter: int) -> bool:
        """Perhaps open some of its closed counters again: a rollback too."""
        columns, row, behaviour = self._columns, self.row, self.model.parameters.firm
        if columns.closing[row, counter] <= 0.0:
            return False
        index = self._worth_of_closing(counter)
        imitated = self._rivals_closed(counter)
        if not self._decides_down(_REOPEN, 64 + counter, index, imitated, complains=True):
            return False
        columns.closing[row, counter] = max(0.0, columns.closing[row, counter] - behaviour.closing_step)
        self._note("reopen", self.model.names.counters[counter], index)
        return True

    def _decides_up(self, decision: int, task: int, index: float, rivals: float) -> bool:
        behaviour = self.model.parameters.firm
        imitated = behaviour.imitation * rivals * self._task_ambiguity(task)
        chance = upgrade_probability(
            behaviour.upgrade_intercept,
            index,
            self.pressure,
            imitated,
            behaviour.worth_weight,
            behaviour.pressure_weight,
        )
        return self._draw(decision, task) < chance

    def _decides_down(
        self, decision: int, place: int, index: float, rivals: float, *, complains: bool
    ) -> bool:
        behaviour = self.model.parameters.firm
        ambiguity = self._task_ambiguity(place) if place < 64 else self._ambiguity(place - 64)
        complaints = min(3.0, behaviour.complaint_weight * self.grievance) if complains else 0.0
        chance = rollback_probability(
            behaviour.rollback_intercept,
            index,
            self.pressure,
            complaints,
            behaviour.staying_imitation * rivals * ambiguity,
            behaviour.worth_weight,
            behaviour.pressure_weight,
        )
        return self._draw(decision, place) < chance

    def _draw(self, decision: int, place: int) -> float:
        return uniform(self.model.review_key, self.row, place * 8 + decision)

    def _note(self, what: str, where: str, index: float) -> None:
        self.diary.append(Move(self.model.month, what, where, float(index), self.pressure))

    def _worth_of_channel(self, task: int, channel: int) -> float:
        """Return the index of a first channel, or of the next generation beside those offered."""
        behaviour, belief = self.model.parameters.firm, self._columns.belief[self.row, task]
        access, occasions = self._access(channel, self._foresight), self._occasions(task)
        saved = self._return(task, channel, years_ahead=self._foresight)
        cost = self._unit_cost(task, channel)
        if not self._offers_any(task):
            used = occasions * belief * access
            return worth_index(self._benefit(task, used * saved), used * cost + self._fixed_cost(channel))
        won = occasions * (1.0 - belief) * behaviour.next_generation * access
        cheaper = max(0.0, self._cheapest_offered(task) - self._technology_cost(channel))
        moved = 0.5 * belief * access * occasions * cheaper
        return worth_index(won * saved + moved, won * cost + self._fixed_cost(channel))

    def _worth_of_incentive(self, task: int) -> float:
        """Return the index of a price difference: customers moved and fees against discounts and churn."""
        behaviour, belief = self.model.parameters.firm, self._columns.belief[self.row, task]
        occasions, channel = self._occasions(task), self._newest(task)
        difference = (
            self._work.money_share[task] * self._work.staffed_cost[task] * self.model.technology.price_level
        )
        fee = behaviour.fee_share * difference
        discount = max(0.0, difference - fee - self._mandatory_pay(channel))
        moved = min(
            0.9, behaviour.incentive_response * self._work.money_share[task] * belief * (1.0 - belief)
        )
        saved = self._labour(task) * (1.0 - self._work.attended_share[channel]) - self._unit_cost(
            task, channel
        )
        benefits = occasions * (moved * saved + max(0.0, 1.0 - belief - moved) * fee)
        costs = occasions * (belief + moved) * discount
        costs += behaviour.incentive_churn * (1.0 - belief) * self._customer_margin()
        return worth_index(benefits, costs)

    def _worth_realised(self, task: int) -> float:
        """Return the index of the channels it has, with what it has learned."""
        belief, occasions = self._columns.belief[self.row, task], self._occasions(task)
        offered = [c for c in self._channels(task) if self._columns.offered[self.row, c]]
        if not offered:
            return 0.0
        channel = offered[-1]
        saved = self._return(task, channel, years_ahead=0.0)
        fixed = sum(self._fixed_cost(c) for c in offered)
        used = occasions * belief
        return worth_index(self._benefit(task, used * saved), used * self._unit_cost(task, channel) + fixed)

    def _worth_of_closing(self, counter: int) -> float:
        """Return the index of closing counters: labour and premises against help, technology and churn."""
        behaviour, columns, work, row = self.model.parameters.firm, self._columns, self._work, self.row
        benefits, costs, unserved, weight, outrage = 0.0, 0.0, 0.0, 0.0, 0.0
        for task in self._tasks_at(counter):
            occasions, belief = self._occasions(task), columns.belief[row, task]
            coverage, labour = self._coverage(task), self._labour(task)
            pushed = min(0.97, belief + 0.6 * (1.0 - belief))
            benefits += occasions * coverage * (1.0 - belief) * labour
            benefits += occasions * behaviour.standby_saved * self._standby(task)
            helped = (1.0 - pushed) * work.fallback[self.sector_row] * behaviour.helped_overhead * labour
            costs += (
                occasions
                * coverage
                * (helped + (pushed - belief) * self._unit_cost(task, self._newest(task)))
            )
            unserved += occasions * (1.0 - belief * coverage)
            outrage += occasions * (1.0 - belief * coverage) * work.staffed_cost[task]
            weight += occasions
        rarer = 1.0 + behaviour.remoteness * columns.closing[row, counter]
        if work.captive[self.sector_row]:
            costs += behaviour.political_cost * outrage * rarer
        else:
            lost = columns.churn_belief[row] * unserved / max(weight, _NO_OCCASIONS) * rarer
            costs += lost * self._customer_margin() * (1.0 - 0.4 * min(1.0, self.pressure))
        return worth_index(benefits, costs)

    def _occasions(self, task: int) -> float:
        """Return occasions per customer head and year, business clients and eligibility included."""
        work, share = self._work, self.model.parameters.population.business_share
        mean = 1.0 + share * (work.business_occasions[task] - 1.0)
        return float(12.0 * work.occasions[task] * work.eligible_share[task] * mean)

    def _labour(self, task: int) -> float:
        """Return the labour cost of a staffed occasion, EUR."""
        utilisation = self.model.parameters.firm.utilisation
        wage = self._columns.wage[self.row] * self.model.technology.wage_index
        return float(self._work.employee_minutes[task] * wage / (60.0 * utilisation))

    def _return(self, task: int, channel: int, *, years_ahead: float) -> float:
        """Return what one use brings, EUR: labour saved and premium, or a contribution's value."""
        work = self._work
        if work.contribution[task]:
            return float(
                work.contribution_value[channel]
                * work.success[channel]
                * self.model.technology.access_for(_INTERNET, years_ahead)
            )
        return float(self._labour(task) * (1.0 - work.attended_share[channel]) + work.premium[channel])

    def _benefit(self, task: int, gross: float) -> float:
        """Return what uses are worth to it, EUR per customer and year; contributions within a budget."""
        payer = int(self._work.payer[task])
        if payer < 0:
            return gross
        behaviour = self.model.parameters.firm
        share = (behaviour.research_budget, behaviour.quality_budget, behaviour.marketing_budget)[payer]
        other = float(self.model.accounts.other_cost[self.row]) * self.model.technology.price_level
        return behaviour.contribution_appetite * cost_avoided(gross, 12.0 * share * other)

    def _standby(self, task: int) -> float:
        """Return the cost of premises per occasion, EUR."""
        return float(self.model.accounts.standby[self.row, task] * self.model.technology.price_level)

    def _unit_cost(self, task: int, channel: int) -> float:
        """Return the believed cost of one self-served occasion, EUR: technology, leakage, failures."""
        work = self._work
        leakage = work.leakage[channel] * self._columns.leakage_belief[self.row, task]
        failures = (
            (1.0 - work.success[channel]) * self.model.parameters.firm.failure_staff * self._labour(task)
        )
        return float(self._technology_cost(channel) + leakage + failures) + self._mandatory_pay(channel)

    def _mandatory_pay(self, channel: int) -> float:
        """Return what it must pay for one self-served occasion, EUR."""
        rate = self.model.policy.compensation_rate * self.model.parameters.policy.replacement_cost
        minutes = self._work.minutes[channel] * self.model.technology.minutes_factor()
        return float(rate * minutes / 60.0 * self.model.technology.price_level)

    def _technology_cost(self, channel: int) -> float:
        return float(self._work.unit_cost[channel]) * self._newness(channel)

    def _fixed_cost(self, channel: int) -> float:
        """Return the fixed cost of a channel, EUR per customer and year."""
        mean = self._columns.customers[self._sector_firms].mean()
        scale = scale_economy(self.customers, mean, self.model.parameters.firm.size_exponent)
        return float(self._work.fixed_cost[channel] / 1000.0 * self._newness(channel) * scale)

    def _newness(self, channel: int) -> float:
        technology = self.model.parameters.technology
        years = self.model.technology.year - self._work.introduced[channel]
        return technology_cost_factor(years, technology.new_premium, technology.years_to_mature)

    def _customer_margin(self) -> float:
        """Return the contribution margin of a customer, EUR per year."""
        return 12.0 * self.price * self.model.parameters.firm.contribution_margin

    @property
    def _foresight(self) -> float:
        return self.model.parameters.firm.foresight_years

    def _access(self, channel: int, years_ahead: float) -> float:
        return self.model.technology.access_for(int(self._work.channel_access[channel]), years_ahead)

    def _channels(self, task: int) -> range:
        return range(self._span[task].start, self._span[task].stop)

    def _exists(self, channel: int) -> bool:
        return bool(self._work.introduced[channel] <= self.model.technology.year)

    def _newest(self, task: int) -> int:
        """Return the newest channel that it offers, else the newest that exists, else the first."""
        offered = [c for c in self._channels(task) if self._columns.offered[self.row, c]]
        existing = [c for c in self._channels(task) if self._exists(c)]
        return (offered or existing or list(self._channels(task))[:1])[-1]

    def _offers_any(self, task: int) -> bool:
        return bool(self._columns.offered[self.row, self._span[task]].any())

    def _cheapest_offered(self, task: int) -> float:
        return min(
            self._technology_cost(c) for c in self._channels(task) if self._columns.offered[self.row, c]
        )

    def _coverage(self, task: int) -> float:
        return float(self.model.offers.coverage[self.row, self._span[task]].max())

    def _rivals_coverage(self, task: int) -> float:
        if not self.rivals.size:
            return 0.0
        coverage = self.model.offers.coverage[self.rivals, self._span[task]]
        return float(coverage.max(axis=1).mean())

    def _rivals_closed(self, counter: int) -> float:
        return _share(self.model.closing_before[self.rivals, counter])

    def _tasks_at(self, counter: int) -> list[int]:
        return [task for task in self.tasks if self._work.counter[task] == counter]

    def _acceptance_at(self, counter: int) -> float:
        """Return the believed self-served share of the occasions at a counter."""
        served, weight = 0.0, 0.0
        for task in self._tasks_at(counter):
            served += self._occasions(task) * self._columns.belief[self.row, task] * self._coverage(task)
            weight += self._occasions(task)
        return served / max(weight, _NO_OCCASIONS)

    def _task_ambiguity(self, task: int) -> float:
        fading = self.model.parameters.firm.ambiguity_fading
        return float(np.exp(-fading * self._columns.reviews[self.row, task]))

    def _ambiguity(self, counter: int) -> float:
        return min(self._task_ambiguity(task) for task in self._tasks_at(counter))

    def _mode(self, task: int) -> int:
        return int(self.model.modes()[self.row, task])


def _share(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else 0.0
