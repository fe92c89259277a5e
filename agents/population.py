"""The population: all consumers in columns, and the month they live through."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from agents import choice, contributing, decision, month, own_rule, reach, switching
from agents.bookkeeping import Bookkeeper
from agents.columns import AT_COUNTER, AWARENESS_AT_BIRTH, Behaviour, Columns, Moment, Offers, Work
from agents.consumer_set import ConsumerSet
from agents.demography import Traits
from agents.draws import decision_key, uniforms
from agents.ledger import Counts, Sums
from agents.rules.compiled import column_pass
from agents.tile import empty_tile

_CHUNKS = 32  # fixed, so that sums do not depend on the number of threads
_SMALLEST_CHUNK = 1024  # fewer people would be cheaper than the ledger that they fill
_PARALLEL_FROM = 4_000  # below, starting a thread costs more than it saves


class Names(NamedTuple):
    """What the rows of the columns are called."""

    sectors: tuple[str, ...]
    tasks: tuple[str, ...]
    channels: tuple[str, ...]  # by channel row, as task.channel


class Population(ConsumerSet):
    """All consumers of an economy: Mesa's AgentSet verbs outside, columns inside.

    Parameters
    ----------
    model : the economy.
    traits : what people are born with, one row per identity.
    work : the catalogue in columns.
    behaviour : behavioural parameters.
    names : of sectors, tasks and channels.
    seed : of the replication.
    threads : that share a month's work; results do not depend on them.
    """

    def __init__(
        self,
        model: Any,
        traits: Traits,
        work: Work,
        behaviour: Behaviour,
        *,
        names: Names,
        seed: int,
        threads: int = 1,
    ) -> None:
        self.model, self.work, self.behaviour, self.names = model, work, behaviour, names
        self.first_id = model.agent_id_counter
        self.renewal = float(behaviour.renewal)  # type: ignore[attr-defined]
        self.last = 0  # which of the two mask buffers holds last month
        order = np.argsort(traits.similarity, kind="stable")
        self.stored = _columns_at_birth(traits, order, work, seed)
        self.columns = _seen(self.stored)
        super().__init__(self, np.arange(len(order)))
        self.chunk_size = max(_SMALLEST_CHUNK, math.ceil(len(order) / _CHUNKS))
        self.chunks = math.ceil(len(order) / self.chunk_size)
        self.threads = threads if len(order) >= _PARALLEL_FROM else 1
        self._workers = ThreadPoolExecutor(self.threads) if self.threads > 1 else None
        self._blocks = np.array_split(np.arange(self.chunks), min(self.chunks, 2 * self.threads))
        self.awake = np.zeros(len(work.sector), np.bool_)  # tasks for which a channel has ever been offered
        self._bookkeeper = Bookkeeper(work, behaviour)
        self._ledger = self._bookkeeper.empty_ledger(self.chunks)
        self._all_counts = self._bookkeeper.empty_counts(len(self._blocks))
        self._counts = [Counts(*block) for block in zip(*self._all_counts, strict=True)]

    rule: "own_rule.OwnRule | None" = None  # by which consumers decide, instead of the compiled one
    model: Any = None  # the set of a selection asks its population; the population knows it itself

    def meet(self, neighbours: np.ndarray, degree: np.ndarray) -> None:
        """Give everyone neighbours: rows of (N, width), padded with N, of which ``degree`` are real."""
        self.stored = self.stored._replace(neighbours=neighbours, degree=degree)
        self.columns = _seen(self.stored)
        self._tiles = [empty_tile(neighbours.shape[1], len(self.work.firm_sector)) for _ in self._blocks]

    def choose_and_act(self, offers: Offers, moment: Moment, rivals_open: np.ndarray) -> None:
        """Let everyone choose channels, act, learn, tire and notice; fill this month's ledger."""
        for column in (*self._ledger, *self._all_counts):
            column.fill(0)
        offered = self.work.channel_task[offers.coverage.max(axis=0) > 0.0]
        self.awake[offered] = True
        if self.rule is not None:
            own_rule.decide_by(self.rule, self, offers, moment)
        shared = (
            self.stored, self.last, rivals_open, offers, offers.closed.max(axis=0) > 0.0,
            self.awake, self.rule is None, self.behaviour, self.work, moment, self._ledger,
        )  # fmt: skip
        self._in_blocks(
            month.live_a_month, [(*shared, *own) for own in zip(self._counts, self._tiles, strict=True)]
        )

    def stay_or_switch(self, offers: Offers, moment: Moment, mean_price: np.ndarray) -> Sums:
        """Let some be replaced and everyone stay or leave; return the month's ledger, summed."""
        arguments = (
            self.stored, self.last, mean_price, self.renewal,
            offers, self.behaviour, self.work, moment, self._ledger,
        )  # fmt: skip
        self._in_blocks(switching.stay_or_switch, [arguments] * len(self._blocks))
        self.last = 1 - self.last
        return self._bookkeeper.summed(self._ledger, self._all_counts, offers)

    def _in_blocks(self, work: Callable, arguments: Sequence[Sequence[Any]]) -> None:
        """Let threads share the blocks of chunks, each with its own arguments."""
        bounds = [(int(block[0]), int(block[-1]) + 1, self.chunk_size) for block in self._blocks]
        if self._workers is None:
            for bound, given in zip(bounds, arguments, strict=True):
                work(*bound, *given)
            return
        jobs = [
            self._workers.submit(work, *bound, *given) for bound, given in zip(bounds, arguments, strict=True)
        ]
        for job in jobs:
            job.result()

    def join(self, firm: np.ndarray, joined: np.ndarray) -> None:
        """Make consumers customers: (N, S) firm rows and months of joining."""
        self.columns.firm[:] = firm
        self.columns.joined[:] = joined

    def sector_row(self, sector: str) -> int:
        """Return the row of a sector by its name."""
        return _row(self.names.sectors, sector, "sector")

    def task_row(self, task: str) -> int:
        """Return the row of a task by its name."""
        return _row(self.names.tasks, task, "task")

    def channel_name(self, task: int, use: int) -> str:
        """Return the name of a task's channel by its code in the use column."""
        return self._own_name(int(self.work.first_channel[task]) + use - 1)

    def _own_name(self, channel: int) -> str:
        return self.names.channels[channel].partition(".")[2]

    def consider(self, row: int, task: str) -> tuple[int, int]:
        """Return (use, reason) that a consumer would choose for a task now."""
        columns, number = self.columns, self.task_row(task)
        before = columns.use[row, number], columns.reason[row, number], columns.fleeing[row]
        self.decide(row, task)
        decided = int(columns.use[row, number]), int(columns.reason[row, number])
        columns.use[row, number], columns.reason[row, number], columns.fleeing[row] = before
        return decided

    def decide(self, row: int, task: str) -> None:
        """Let a consumer decide about a task now, by the rules."""
        economy = self.model
        world = (economy.rivals_open(), economy.offers, self.behaviour, self.work, economy.moment)
        _decide(self.stored, row, self.task_row(task), self.last, *world)

    def is_withdrawn(self, row: int, task: str) -> bool:
        """Return whether a consumer's counter for a task is closed while a channel stands in its place."""
        economy, number = self.model, self.task_row(task)
        return bool(_is_withdrawn(self.stored, row, number, economy.offers, self.work, economy.moment))

    def channel_names(self, task: str) -> tuple[str, ...]:
        """Return the names of a task's channels, the oldest first."""
        row = self.task_row(task)
        first = int(self.work.first_channel[row])
        return tuple(self._own_name(first + place) for place in range(int(self.work.n_channels[row])))

    def utilities(self, row: int, task: str, *, without: Sequence[str] = ()) -> dict[str, float]:
        """Return the logits of the channels that a consumer can use for a task, by name.

        Parameters
        ----------
        without : weights of behaviour that count as nothing.
        """
        task_row, economy, work = self.task_row(task), self.model, self.work
        first = int(work.first_channel[task_row])
        behaviour = self.behaviour._replace(**dict.fromkeys(without, 0.0))
        arguments = (self.last, economy.offers, behaviour, work, economy.moment)
        names = self.channel_names(task)
        values = {
            name: _utility(self.stored, row, task_row, first + place, *arguments)
            for place, name in enumerate(names)
        }
        return {name: value for name, value in values.items() if value > -math.inf}


@column_pass
def _decide(people, row, task, last, rivals_open, offers, behaviour, work, moment):
    """Let one consumer decide about a task by the rules."""
    sector = work.sector[task]
    firm, counter = people.firm[sector, row], work.counter[task]
    mind = choice.mind_of(people, row, sector, behaviour, moment)
    covered = reach.covered_channels(people, row, firm, task, offers, work, moment)
    doing_it = decision.neighbour_share(people, row, last, task)
    if work.contribution[task]:
        contributing.decide_on_contributing(
            people, row, task, mind, covered, doing_it, behaviour, work, moment
        )
        return
    closed = reach.counter_is_closed(people, row, firm, counter, offers, moment)
    seen = doing_it, decision.mood_share(people, row, last, np.uint16(1 << sector))
    decision.decide(
        people, row, firm, task, mind, covered, closed and covered != 0, rivals_open[firm, counter], seen,
        offers, behaviour, work, moment,
    )  # fmt: skip


@column_pass
def _is_withdrawn(people, row, task, offers, work, moment):
    firm = people.firm[work.sector[task], row]
    if not reach.counter_is_closed(people, row, firm, work.counter[task], offers, moment):
        return False
    return reach.covered_channels(people, row, firm, task, offers, work, moment) != 0


@column_pass
def _utility(people, row, task, channel, last, offers, behaviour, work, moment):
    """Return the logits of one channel for one consumer, −∞ where she cannot use it."""
    sector = work.sector[task]
    firm = people.firm[sector, row]
    if not reach.has_access(people, row, work.channel_access[channel], moment):
        return -math.inf
    if not reach.is_covered(people, row, firm, channel, offers, moment):
        return -math.inf
    mind = choice.mind_of(people, row, sector, behaviour, moment)
    doing_it = decision.neighbour_share(people, row, last, task)
    if work.contribution[task]:
        return contributing.contribution_utility(
            people, row, task, channel, mind, doing_it, behaviour, work, moment
        )
    staffed = offers.staffed_minutes[firm, task]
    own = choice.channel_utility(people, row, task, channel, mind, staffed, behaviour, work, moment)
    unhappy = decision.mood_share(people, row, last, np.uint16(1 << sector))
    return own + choice.common_utility(people, row, task, mind, doing_it, unhappy, behaviour, work, moment)


def _row(names: tuple[str, ...], name: str, what: str) -> int:
    if name not in names:
        raise KeyError(f"no {what} {name!r} in this economy; it has {', '.join(names)}")
    return names.index(name)


def _columns_at_birth(traits: Traits, order: np.ndarray, work: Work, seed: int) -> Columns:
    """Return stored columns in ring order: traits as born, habits empty, nobody's customer yet."""
    consumers, tasks, sectors = len(order), len(work.sector), len(work.first_task)
    stored = {name: getattr(traits, name)[order].astype(np.float32) for name in _REAL_TRAITS}
    groups = {name: getattr(traits, name)[order].astype(np.uint8) for name in _GROUP_TRAITS}
    return Columns(
        identity=order.astype(np.uint32),
        eligible=_eligible(consumers, work, seed)[order],
        use=np.full((tasks, consumers), AT_COUNTER, np.uint8),
        reason=np.zeros((tasks, consumers), np.uint8),
        experience=np.zeros((tasks, consumers), np.uint16),
        digital_idle=np.full((tasks, consumers), 255, np.uint8),
        firm=np.full((sectors, consumers), -1, np.int16),
        joined=np.zeros((sectors, consumers), np.int16),
        grievance=np.zeros((sectors, consumers), np.uint16),
        attribution=np.zeros((sectors, consumers), np.uint16),
        role=np.zeros((sectors, consumers), np.float32),
        fleeing=np.zeros(consumers, np.uint8),
        self_serving=np.zeros((2, consumers + 1), np.uint32),
        before=np.zeros(consumers, np.uint32),
        mood=np.zeros((2, consumers + 1), np.uint16),
        awareness=np.full(consumers, AWARENESS_AT_BIRTH, np.float32),
        felt_minutes=np.zeros(consumers, np.float32),
        own_minutes=np.zeros(consumers, np.float32),
        neighbours=np.full((consumers, 4), consumers, np.uint32),
        degree=np.zeros(consumers, np.uint8),
        **stored,
        **groups,
    )


def _seen(stored: Columns) -> Columns:
    """Return the columns as one reads them, consumers first: views on what is stored task by task."""
    return stored._replace(**{name: getattr(stored, name).T for name in _STORED_BY_TASK_OR_SECTOR})


def _eligible(consumers: int, work: Work, seed: int) -> np.ndarray:
    """Return a bit per task: set for the share of people for whom the task arises at all."""
    eligible = np.zeros(consumers, np.uint32)
    key = decision_key(seed, "eligible")
    for task, share in enumerate(work.eligible_share):
        arises = uniforms(key, consumers, task) < share
        eligible |= arises.astype(np.uint32) << np.uint32(task)
    return eligible


#: Columns of two dimensions whose rows are tasks or sectors, so that a pass reads consumers in line.
_STORED_BY_TASK_OR_SECTOR = (
    "use", "reason", "experience", "digital_idle", "firm", "joined", "grievance", "attribution", "role",
)  # fmt: skip
_GROUP_TRAITS = ("age", "education", "income", "business")
_REAL_TRAITS = (
    "value_of_time", "skill", "autonomy", "enjoyment", "self_realisation", "need_for_contact", "trust",
    "readiness", "internet_rank", "mobile_rank", "comfort_minutes",
)  # fmt: skip
