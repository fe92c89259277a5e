"""A firm: decides, task by task and counter by counter, how much work to hand to its customers.

Firms are ordinary Mesa agents. Their numbers live in columns too (one row per firm), so that what
happens every month is a few array operations; a review, about once a year, is the firm's own method.
"""

from typing import Any, NamedTuple

import mesa
import numpy as np

from agents.columns import Work
from agents.draws import uniform
from agents.rules.externalisation import belief_after, rollback_probability, upgrade_probability
from agents.worth import Worth

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
        self._installations = {task: set(work.installation[self._span[task]].tolist()) for task in self.tasks}
        self.services = [task for task in self.tasks if not work.contribution[task]]
        self.counters = sorted({int(work.counter[task]) for task in self.services})
        first_firm, firms = int(work.first_firm[self.sector_row]), int(work.n_firms[self.sector_row])
        self.sector_firms = slice(first_firm, first_firm + firms)
        self.rivals = np.array(
            [other for other in range(first_firm, first_firm + firms) if other != row], dtype=int
        )
        self._worth = Worth(self)

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
        own = self.coverage_of(task) > OBSERVABLE and columns.covered[row, task] > 0.0
        if own:
            observed = columns.accepted[row, task] / columns.covered[row, task]
            columns.belief[row, task] = belief_after(columns.belief[row, task], observed, behaviour.learning)
            known = belief_after(columns.leakage_belief[row, task], 1.0, behaviour.learning)
            columns.leakage_belief[row, task] = known
            columns.reviews[row, task] += 1.0
        rivals = self._rivals_acceptance(task)
        if rivals is not None:
            seen = (
                rivals
                if own
                else min(1.0, rivals / max(0.05, self.access_to(self.newest_channel(task), 0.0)))
            )
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
        installations = [self._installation(c) for c in self.own_channels(task) if self._may_add(c)]
        if not installations:
            return False
        indices = [self._worth.of_installation(channels) for channels in installations]
        best = int(np.argmax(indices))
        rivals = self.model.offers.coverage[self.rivals, installations[best][0]]
        if not self._decides_up(_ADD, task, indices[best], rivals.mean() if rivals.size else 0.0):
            return False
        for channel in installations[best]:
            self._install(channel)
        self._note("add", self.model.names.channels[installations[best][0]], indices[best])
        return True

    def _may_add(self, channel: int) -> bool:
        """Return whether it may decide on a channel; on a common installation, with its first task."""
        known = self.exists(channel) and not self._columns.offered[self.row, channel]
        return known and int(self._work.installation[channel]) == channel

    def _installation(self, channel: int) -> list[int]:
        """Return the channels that exist of the installation to which a channel belongs."""
        together = np.flatnonzero(self._work.installation == self._work.installation[channel]).tolist()
        return [c for c in together if self.exists(c)]

    def _install(self, channel: int) -> None:
        """Offer a channel from now on; the roll-out follows."""
        columns, task = self._columns, int(self._work.channel_task[channel])
        if not self.offers_any(task):
            expected = columns.belief[self.row, task] * self.access_to(channel, self.foresight_years)
            columns.belief[self.row, task] = min(0.99, max(0.0005, expected))
            columns.mode[self.row, task] = OPTIONAL
        columns.offered[self.row, channel] = True

    def _raise_mode(self, task: int) -> bool:
        """Perhaps make self-service cheaper than the counter."""
        columns, row = self._columns, self.row
        money = self._work.money_share[task] > 0.0
        if columns.mode[row, task] != OPTIONAL or not money or self.coverage_of(task) < ESTABLISHED:
            return False
        index = self._worth.of_incentive(task)
        if not self._decides_up(
            _UP, task, index, _share(self.model.modes_before[self.rivals, task] == INCENTIVISED)
        ):
            return False
        columns.mode[row, task] = INCENTIVISED
        self._note("incentivise", self.model.names.tasks[task], index)
        return True

    def _lower_mode(self, task: int) -> bool:
        """Perhaps take the price difference back, or all channels: a rollback."""
        mode, installed = self._columns.mode[self.row, task], self._tasks_installed_with(task)
        if mode == STAFFED or self.coverage_of(task) < ESTABLISHED:
            return False
        if mode == OPTIONAL and task != installed[0]:
            return False
        index = self._worth.of_incentive(task) if mode == INCENTIVISED else self._worth.realised(installed)
        imitated = self._rivals_coverage(task)
        if not self._decides_down(_DOWN, task, index, imitated, complains=mode == INCENTIVISED):
            return False
        if mode == INCENTIVISED:
            self._columns.mode[self.row, task] = OPTIONAL
        else:
            self._withdraw(installed)
        self._note("withdraw" if mode == OPTIONAL else "disincentivise", self.model.names.tasks[task], index)
        return True

    def _tasks_installed_with(self, task: int) -> list[int]:
        """Return the tasks that share an installation with a task, itself included."""
        machines = self._installations
        return [other for other in self.tasks if machines[other] & machines[task]]

    def _withdraw(self, tasks: list[int]) -> None:
        """Offer no channel of some tasks from now on."""
        for task in tasks:
            self._columns.offered[self.row, self._span[task]] = False
            self._columns.mode[self.row, task] = STAFFED

    def _close_slice(self, counter: int) -> bool:
        """Perhaps close some more of its counters of one kind."""
        columns, row, behaviour = self._columns, self.row, self.model.parameters.firm
        limit = self.model.policy.largest_closed_share(counter)
        if columns.closing[row, counter] >= limit or self._acceptance_at(counter) < _UNFIT_FOR_CLOSING:
            return False
        index = self._worth.of_closing(counter)
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
        index = self._worth.of_closing(counter)
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

    @property
    def foresight_years(self) -> float:
        """Years of access that it looks ahead."""
        return self.model.parameters.firm.foresight_years

    def access_to(self, channel: int, years_ahead: float) -> float:
        """Return the share of people with the access that a channel needs, some years ahead."""
        return self.model.technology.access_for(int(self._work.channel_access[channel]), years_ahead)

    def own_channels(self, task: int) -> range:
        """Return the channels of a task, the oldest first."""
        return range(self._span[task].start, self._span[task].stop)

    def offered_channels(self, task: int) -> list[int]:
        """Return the channels of a task that it offers, the oldest first."""
        return [channel for channel in self.own_channels(task) if self._columns.offered[self.row, channel]]

    def exists(self, channel: int) -> bool:
        """Return whether a channel has been invented."""
        return bool(self._work.introduced[channel] <= self.model.technology.year)

    def newest_channel(self, task: int) -> int:
        """Return the newest channel that it offers, else the newest that exists, else the first."""
        offered = self.offered_channels(task)
        existing = [c for c in self.own_channels(task) if self.exists(c)]
        return (offered or existing or list(self.own_channels(task))[:1])[-1]

    def offers_any(self, task: int) -> bool:
        """Return whether it offers a channel of a task."""
        return bool(self._columns.offered[self.row, self._span[task]].any())

    def coverage_of(self, task: int) -> float:
        """Return the share of its customers that can use some channel of a task."""
        return float(self.model.offers.coverage[self.row, self._span[task]].max())

    def _rivals_coverage(self, task: int) -> float:
        if not self.rivals.size:
            return 0.0
        coverage = self.model.offers.coverage[self.rivals, self._span[task]]
        return float(coverage.max(axis=1).mean())

    def _rivals_closed(self, counter: int) -> float:
        return _share(self.model.closing_before[self.rivals, counter])

    def tasks_at(self, counter: int) -> list[int]:
        """Return the tasks that are done at a kind of premises."""
        return [task for task in self.tasks if self._work.counter[task] == counter]

    def _acceptance_at(self, counter: int) -> float:
        """Return the believed self-served share of the occasions at a counter."""
        served, weight = 0.0, 0.0
        for task in self.tasks_at(counter):
            served += (
                self._worth.occasions(task) * self._columns.belief[self.row, task] * self.coverage_of(task)
            )
            weight += self._worth.occasions(task)
        return served / max(weight, _NO_OCCASIONS)

    def _task_ambiguity(self, task: int) -> float:
        fading = self.model.parameters.firm.ambiguity_fading
        return float(np.exp(-fading * self._columns.reviews[self.row, task]))

    def _ambiguity(self, counter: int) -> float:
        return min(self._task_ambiguity(task) for task in self.tasks_at(counter))

    def _mode(self, task: int) -> int:
        return int(self.model.modes()[self.row, task])


def _share(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else 0.0
