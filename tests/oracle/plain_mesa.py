"""The same economy slice in plain Mesa: one object per consumer, as one would write it first.

It is the oracle of the array pass (equal decisions, exactly) and the unit in which the benchmarks
count. It takes over people, neighbours and first firms from an :class:`Economy`, and lives through the
months that the economy's firms offer it.
"""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import mesa
import numpy as np

from agents import ledger as lines
from agents.columns import NO_FIRM
from agents.ledger import Sums
from tests.oracle.plain_choice import COUNTER, FORGONE, HELPED
from tests.oracle.plain_consumer import PlainConsumer, Relation

TRAITS = (
    "value_of_time", "skill", "autonomy", "enjoyment", "self_realisation", "need_for_contact", "trust",
    "readiness", "internet_rank", "mobile_rank", "comfort_minutes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlainChannel:
    """One way of doing a task oneself."""

    number: int
    access: str
    minutes: float
    skill: float
    enjoyment: float
    autonomy: float
    self_realisation: float
    responsibility: float
    intercept: float
    success: float
    success_logits: float
    co_design: int


@dataclass(frozen=True, slots=True)
class PlainTask:
    """What a firm may hand to its customers."""

    number: int
    counter: int
    channels: tuple[PlainChannel, ...]
    occasions: float  # per eligible private adult and month
    business_occasions: float
    staffed_minutes: float
    way_share: float
    staffed_cost: float
    human_content: float
    rebound: float
    intercept: float
    contribution: bool  # done for the firm, no staffed channel


class Book:
    """Sums of a month, each an attribute."""

    names: tuple[str, ...] = ()

    def __init__(self):
        for name in self.names:
            setattr(self, name, 0.0)

    def book(self, amounts):
        """Add amounts to the sums of these names."""
        for name, amount in amounts.items():
            setattr(self, name, getattr(self, name) + amount)

    @classmethod
    def keeping(cls, prefix, names):
        """Return a kind of book whose sums are the ledger's lines of these names."""
        found = {name.removeprefix(prefix).lower(): getattr(lines, name) for name in names.split()}
        return type("Book", (cls,), {"names": tuple(found), "lines": found})


PairBook = Book.keeping(
    "",
    """BASELINE STAFFED SELF_SERVED INDUCED HELPED FORGONE FAILED VOLUNTARY INCENTIVISED FORCED UNWILLING
    WELCOME VOLUNTARY_MINUTES INCENTIVISED_MINUTES FORCED_MINUTES ESCALATION_MINUTES FELT_MINUTES OWN_VALUE
    AVOIDED_MINUTES AVOIDED_NOW_MINUTES WAITING_MINUTES LOSS COVERED ACCEPTED OPEN_STAFFED""",
)
GroupBook = Book.keeping(
    "CELL_",
    """PEOPLE ADOPTERS CELL_BASELINE CELL_SELF_SERVED CELL_INDUCED CELL_HELPED CELL_FORGONE CELL_VOLUNTARY
    CELL_INCENTIVISED CELL_FORCED CELL_UNWILLING CELL_OWN_MINUTES CELL_FELT_MINUTES CELL_AVOIDED_MINUTES
    CELL_AVOIDED_NOW_MINUTES CELL_WAITING_MINUTES CELL_OWN_VALUE CELL_LOSS DOMAINS EXCLUDED OVERLOADED
    AWARENESS GRIEVANCE ROLE LEFT CONTRIBUTORS ATTRIBUTION CLARITY RUNG_1 RUNG_2 RUNG_3""",
)
TaskBook = Book.keeping("", "ELIGIBLE USERS DIGITAL_QUARTER DIGITAL_YEAR DIGITAL_THREE_YEARS")
FirmBook = Book.keeping("", "PRIVATE_CUSTOMERS BUSINESS_CUSTOMERS FIRM_GRIEVANCE LOST")


class Tally:
    """The books of a month: by firm and task, by group of people, by firm."""

    def __init__(self):
        self.pairs, self.groups, self.groups_at_tasks, self.firms, self.channels = (
            defaultdict(kind) for kind in (PairBook, GroupBook, TaskBook, FirmBook, float)
        )
        self.minutes, self.contributions = np.zeros((2, lines.N_BINS)), np.zeros((2, lines.N_BINS))

    def group_of(self, consumer):
        """Return the book of her group of people."""
        return self.groups[consumer.group]

    def line_of(self, consumer, firm, task):
        """Return the book of a firm's private customers, or its business clients, for one task."""
        return self.pairs[int(consumer.business), (firm, task.number)]

    def group_at_task(self, consumer, task):
        """Return the book of her group for one task."""
        return self.groups_at_tasks[consumer.group, task.number]

    def count_person(self, own_minutes, given):
        """Count a person in the distributions of own minutes and of contributions."""
        last = lines.N_BINS - 1
        self.minutes[:, min(last, int(math.sqrt(own_minutes) * 8.0))] += 1.0, own_minutes
        heap = min(last, max(1, int(16.0 * math.log2(given) + 256.0))) if given > 0.0 else 0
        self.contributions[:, heap] += 1.0, given


class PlainPopulation(mesa.Model):
    """All plain consumers, and what they see of the world this month."""

    def __init__(self, economy, rng=1):
        super().__init__(rng=rng)
        self.behaviour, self.sectors = economy.parameters.consumer, economy.catalogue.sectors
        self.happened: Counter[str] = Counter()
        self._read_catalogue(economy)
        columns = economy.consumers.columns
        self.consumers = [self._consumer(columns, row) for row in range(len(columns.identity))]
        for row, consumer in enumerate(self.consumers):
            seen = columns.neighbours[row, : columns.degree[row]]
            consumer.neighbours = [self.consumers[other] for other in seen]

    def _read_catalogue(self, economy):
        rows = {sector.name: row for row, sector in enumerate(self.sectors)}
        counters, self.tasks, channels = list(economy.names.counters), [], 0
        for number, task in enumerate(economy.catalogue.tasks):
            ways = tuple(
                _channel(place, channel) for place, channel in enumerate(task.channels, start=channels)
            )
            channels += len(ways)
            self.tasks.append(_task(number, counters.index(f"{task.sector}.{task.counter}"), ways, task))
        sector_of_task = [rows[task.sector] for task in economy.catalogue.tasks]
        self.tasks_of_sector = [
            [task for task in self.tasks if sector_of_task[task.number] == row]
            for row in range(len(self.sectors))
        ]
        sizes, firms = [sector.firms for sector in self.sectors], iter(range(10**6))
        self.firms_of_sector = [[next(firms) for _ in range(size)] for size in sizes]

    def _consumer(self, columns, row):
        assert (columns.firm[row] != NO_FIRM).all(), "everyone is somebody's customer in every sector"
        traits: dict[str, Any] = {name: float(getattr(columns, name)[row]) for name in TRAITS}
        traits["identity"], traits["business"] = int(columns.identity[row]), bool(columns.business[row])
        age, education, income = (int(getattr(columns, n)[row]) for n in ("age", "education", "income"))
        traits["group"] = 45 if traits["business"] else 9 * age + 3 * education + income
        ties = zip(columns.firm[row].tolist(), columns.joined[row].tolist(), strict=True)
        eligible = [bool(int(columns.eligible[row]) >> task.number & 1) for task in self.tasks]
        return PlainConsumer(self, traits, [Relation(firm, joined) for firm, joined in ties], eligible)

    def choose_and_act(self, offers, moment, rivals_open):
        """Let everyone live through the month, in whatever order."""
        self.tally, self.moment, self.rivals_open = Tally(), moment, rivals_open.tolist()
        for name in ("coverage", "closed", "staffed_minutes", "discount", "fee", "price"):
            setattr(self, name, getattr(offers, name).tolist())
        self.agents.shuffle_do("live_a_month")

    def stay_or_switch(self, offers, moment, mean_price):
        """Let everyone stay or leave, in whatever order; return the month's ledger."""
        self.mean_price = mean_price.tolist()
        self.agents.shuffle_do("stay_or_switch")
        self.agents.do("turn_the_page")
        return self.ledger()

    def money_at(self, firm, task):
        """Return EUR per occasion that self-service is cheaper than an open counter."""
        return self.discount[firm][task] + self.fee[firm][task]

    def highest_rung(self, channels):
        """Return the highest rung of co-design among some channels, 0 without any."""
        used = set(channels)
        every = (channel for task in self.tasks for channel in task.channels)
        return max((channel.co_design for channel in every if channel.number in used), default=0)

    def ledger(self) -> Sums:
        """Return the books of the month as the firms' side of the economy reads them."""
        pairs, channels = {}, {}
        for sector, firms in enumerate(self.firms_of_sector):
            for firm in firms:
                for task in self.tasks_of_sector[sector]:
                    pairs[firm, task.number] = len(pairs)
                    for channel in task.channels:
                        channels[firm, channel.number] = len(channels)
        firms, tally = sum(len(firms) for firms in self.firms_of_sector), self.tally
        by_pair = np.zeros((2, len(pairs), lines.PAIR_LINES))
        _write(by_pair, {(kind, pairs[place]): book for (kind, place), book in tally.pairs.items()})
        served = np.zeros(len(channels))
        for place, amount in tally.channels.items():
            served[channels[place]] = amount
        sums = Sums(
            pairs=by_pair.sum(axis=0),
            private_pairs=by_pair[0],
            channels=served,
            cells=np.zeros((lines.N_CELLS, lines.CELL_LINES)),
            tasks=np.zeros((lines.N_CELLS, len(self.tasks), lines.TASK_LINES)),
            firms=np.zeros((firms, lines.FIRM_LINES)),
            minutes=tally.minutes,
            contributions=tally.contributions,
        )
        _write(sums.cells, tally.groups)
        _write(sums.tasks, tally.groups_at_tasks)
        _write(sums.firms, tally.firms)
        return sums

    def columns(self) -> dict[str, np.ndarray]:
        """Return the consumers' state as the columns of the array pass, to compare."""
        people, sectors = self.consumers, range(len(self.sectors))
        habits = [[(task, person.habits[task.number]) for task in self.tasks] for person in people]
        ties = [[person.relations[sector] for sector in sectors] for person in people]
        return {
            "use": np.array([[_code(task, habit.way) for task, habit in row] for row in habits]),
            "reason": np.array(
                [
                    [h.tipped_by_price + 2 * h.against_her_will + 4 * h.gladly for _, h in row]
                    for row in habits
                ]
            ),
            "experience": np.array([[habit.experience_word for _, habit in row] for row in habits]),
            "digital_idle": np.array([[habit.months_since_digital for _, habit in row] for row in habits]),
            "firm": np.array([[tie.firm for tie in row] for row in ties]),
            "joined": np.array([[tie.joined for tie in row] for row in ties]),
            "grievance": np.array([[tie.grievance_word for tie in row] for row in ties]),
            "attribution": np.array([[tie.attribution_word for tie in row] for row in ties]),
            "role": np.array([[tie.role for tie in row] for row in ties], np.float32),
            "awareness": np.array([person.awareness for person in people], np.float32),
            "felt_minutes": np.array([person.felt_minutes for person in people], np.float32),
            "own_minutes": np.array([person.own_minutes for person in people], np.float32),
            "before": np.array([_bits(person.before) for person in people]),
            "self_serving": np.array([_bits(person.last.self_served) for person in people]),
            "mood": np.array([_bits(p.last.unhappy) + 256 * p.last.aware for p in people]),
        }


def _channel(number, channel):
    success = min(0.9999, max(1.0 - 0.9999, channel.success))
    same = {
        name: getattr(channel, name)
        for name in PlainChannel.__slots__
        if name not in ("number", "success_logits")
    }
    return PlainChannel(number=number, success_logits=math.log(success / (1.0 - success)), **same)


def _task(number, counter, channels, task):
    other = ("number", "counter", "channels", "occasions", "contribution")
    same = {name: getattr(task, name) for name in PlainTask.__slots__ if name not in other}
    return PlainTask(
        number=number,
        counter=counter,
        channels=channels,
        occasions=task.occasions / 12.0,
        contribution=task.kind == "contribution",
        **same,
    )


def _write(column, books):
    for place, book in books.items():
        for name, line in book.lines.items():
            column[(*place, line) if isinstance(place, tuple) else (place, line)] = getattr(book, name)


def _code(task, way):
    codes = {COUNTER: 0, HELPED: 200, FORGONE: 201}
    return codes[way] if isinstance(way, str) else way - task.channels[0].number + 1


def _bits(numbers):
    return sum(1 << number for number in numbers)
