"""One consumer: a light Mesa agent on one row of the population's columns.

Attributes read (and, where it makes sense, write) the row; methods call the same compiled functions as
the passes over all consumers.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import mesa
import numpy as np

from agents import choice, explanation
from agents.columns import AT_COUNTER, FORGONE_USE, HELPED_USE, NO_FIRM
from agents.demography import AGES, EDUCATIONS, INCOMES, LEISURE_HOURS, SEGMENTS

if TYPE_CHECKING:
    from agents.firm import Firm
    from agents.population import Population

Read = Callable[["Population", np.ndarray], np.ndarray]
Write = Callable[["Population", np.ndarray, Any], None]


class ColumnAttribute:
    """An attribute that is read from a column: one row for a consumer, all rows for a set."""

    def __init__(self, read: Read, write: Write | None = None, doc: str = "") -> None:
        self.read, self.write, self.__doc__ = read, write, doc

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def of(self, population: "Population", rows: np.ndarray) -> np.ndarray:
        """Return the attribute's values at rows."""
        return self.read(population, rows)

    def __get__(self, consumer: "Consumer | None", owner: type) -> Any:
        if consumer is None:
            return self
        return self.read(consumer.population, np.array([consumer.row]))[0].item()

    def __set__(self, consumer: "Consumer", value: Any) -> None:
        if self.write is None:
            raise AttributeError(f"{self.name} of a consumer follows from the rules and cannot be set")
        self.write(consumer.population, np.array([consumer.row]), value)


def _stored(name: str, doc: str) -> ColumnAttribute:
    """Return an attribute stored as it is, checked on writing: finite, and inside [0, 1] for shares."""

    def read(population: "Population", rows: np.ndarray) -> np.ndarray:
        return getattr(population.columns, name)[rows]

    def write(population: "Population", rows: np.ndarray, value: Any) -> None:
        values = np.asarray(value, dtype=float)
        high = 1.0 if "0 … 1" in doc else np.inf
        if not np.isfinite(values).all() or (values < 0.0).any() or (values > high).any():
            raise ValueError(f"{name} must lie in [0, {high:g}], got {value!r}")
        getattr(population.columns, name)[rows] = values

    return ColumnAttribute(read, write, doc)


def _labelled(name: str, labels: tuple[str, ...], doc: str) -> ColumnAttribute:
    def read(population: "Population", rows: np.ndarray) -> np.ndarray:
        return np.array(labels)[getattr(population.columns, name)[rows].astype(np.int64)]

    return ColumnAttribute(read, None, doc)


def _derived(function: Callable[[Any, np.ndarray], np.ndarray], doc: str) -> ColumnAttribute:
    return ColumnAttribute(lambda population, rows: function(population.columns, rows), None, doc)


def _self_served(columns: Any, rows: np.ndarray) -> np.ndarray:
    use = columns.use[rows]
    return ((use > AT_COUNTER) & (use < HELPED_USE)).sum(axis=1)


def _grievance(columns: Any, rows: np.ndarray) -> np.ndarray:
    both = columns.grievance[rows].astype(float) + columns.attribution[rows]
    return np.minimum(1.0, both / 65535.0).mean(axis=1)


def _strain(columns: Any, rows: np.ndarray) -> np.ndarray:
    used = columns.felt_minutes[rows].astype(float) ** 2
    strain = used / (used + columns.comfort_minutes[rows].astype(float) ** 2)
    return np.where(columns.business[rows] == 1, 0.0, strain)


class Decision(NamedTuple):
    """How a consumer does a task, and why."""

    way: str  # "counter", "helped", "forgone" or the channel's name
    tipped_by_price: bool
    against_her_will: bool
    gladly: bool


#: What a view keeps itself; everything else lives in columns.
_OWN = ("model", "population", "row", "pos")


class Consumer(mesa.Agent):
    """A view on one consumer, made when somebody asks for it; equal to every other view on her."""

    age = _labelled("age", AGES, "age band")
    education = _labelled("education", EDUCATIONS, "level of education")
    income = _labelled("income", INCOMES, "third of the private value of time")
    segment = _labelled("business", SEGMENTS, "private or business")
    value_of_time = _stored("value_of_time", "EUR per hour")
    skill = _stored("skill", "digital skill in 2023, 0 … 1")
    autonomy = _stored("autonomy", "motive: less heteronomy, 0 … 1")
    enjoyment = _stored("enjoyment", "motive: benefit from the activity itself, 0 … 1")
    self_realisation = _stored("self_realisation", "motive: self-realisation, 0 … 1")
    need_for_contact = _stored("need_for_contact", "need for human contact, 0 … 1")
    trust = _stored("trust", "trust in firms' systems, 0 … 1")
    awareness = _stored("awareness", "awareness of working for firms, 0 … 1")
    comfort_minutes = _stored("comfort_minutes", "comfortable unpaid min per month")
    own_minutes = _stored("own_minutes", "own min per month, mean of about a year")
    felt_minutes = _stored("felt_minutes", "noticed min per month")
    readiness = _derived(lambda c, rows: c.readiness[rows], "persistent readiness, standardised")
    internet_rank = _stored("internet_rank", "has internet once the share exceeds it, 0 … 1")
    mobile_rank = _stored("mobile_rank", "has mobile internet once the share exceeds it, 0 … 1")
    leisure_hours = _derived(lambda c, rows: LEISURE_HOURS[c.age[rows]], "leisure, h per month")
    strain = _derived(_strain, "strain by unpaid work, 0 … 1")
    grievance = _derived(_grievance, "mean grievance over sectors, 0 … 1")
    role_perception = _derived(lambda c, rows: c.role[rows].mean(axis=1), "mean over sectors, −1 … 1")
    tasks_self_served = _derived(_self_served, "number of tasks she serves herself")
    self_serving = _derived(lambda c, rows: _self_served(c, rows) > 0, "serves herself in some task")

    def __init__(self, population: "Population", row: int) -> None:
        self.model = population.model
        self.population = population
        self.row = row
        self.pos = None

    @property
    def unique_id(self) -> int:
        """A number that no other agent of the economy has."""
        return self.population.first_id + int(self.population.columns.identity[self.row])

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _OWN and name not in type(self).__dict__:
            raise AttributeError(f"a consumer has no attribute {name!r} to set: a view would forget it")
        object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Consumer) and other.population is self.population and other.row == self.row

    def __hash__(self) -> int:
        return hash((id(self.population), self.row))

    def __repr__(self) -> str:
        return f"<Consumer {self.unique_id}: {self.age}, education {self.education}, {self.segment}>"

    def remove(self) -> None:
        """Refuse: consumers live in columns; slots are renewed by the rules."""
        raise NotImplementedError("a consumer cannot be removed; set the parameter consumer.renewal instead")

    def firm_in(self, sector: str) -> "Firm | None":
        """Return the firm that she is a customer of in a sector, or None."""
        row = int(self.population.columns.firm[self.row, self.population.sector_row(sector)])
        return None if row == NO_FIRM else self.population.model.firm_at(row)

    @property
    def neighbours(self) -> list["Consumer"]:
        """The consumers whom she sees."""
        columns = self.population.columns
        rows = columns.neighbours[self.row, : columns.degree[self.row]]
        return [Consumer(self.population, int(row)) for row in rows]

    def is_eligible(self, task: str) -> bool:
        """Return whether the task arises for her at all."""
        return bool(self.population.columns.eligible[self.row] >> self.population.task_row(task) & 1)

    def experience(self, task: str) -> float:
        """Return her experience in a task, 0 … 1."""
        return float(self.population.columns.experience[self.row, self.population.task_row(task)]) / 65535.0

    def way_of(self, task: str) -> Decision:
        """Return how she does a task at present, and why."""
        columns, row = self.population.columns, self.population.task_row(task)
        return self._decision(row, int(columns.use[self.row, row]), int(columns.reason[self.row, row]))

    def consider(self, task: str) -> Decision:
        """Return what she would decide about a task now, by the rules; nothing is changed."""
        return self._decision(self.population.task_row(task), *self.population.consider(self.row, task))

    def utility(self, task: str) -> dict[str, float]:
        """Return the logits of each channel that she can use at her firm, without taste and money."""
        return self.population.utilities(self.row, task)

    def terms(self, task: str) -> dict[str, dict[str, float]]:
        """Return the summands of each utility, in logits, by channel and name of the term."""
        return explanation.terms_of(self.population, self.row, task)

    def offer(self, task: str) -> dict[str, float]:
        """Return what her firm offers: own and staffed minutes, discount and fee in EUR per occasion."""
        return explanation.offer_to(self.population, self.row, task)

    def taste_for_counter(self, task: str) -> float:
        """Return her lasting taste for being served against serving herself, in logits."""
        return explanation.taste_for_counter(self.population, self.row, task)

    def _decision(self, task: int, use: int, reason: int) -> Decision:
        ways = {AT_COUNTER: "counter", HELPED_USE: "helped", FORGONE_USE: "forgone"}
        way = ways.get(use) or self.population.channel_name(task, use)
        return Decision(way, bool(reason & 1), bool(reason & 2), bool(reason & 4))


def column_attribute(name: str) -> ColumnAttribute | None:
    """Return the column attribute of consumers with this name, or None."""
    attribute = Consumer.__dict__.get(name)
    return attribute if isinstance(attribute, ColumnAttribute) else None


__all__ = ["ColumnAttribute", "Consumer", "Decision", "choice", "column_attribute"]
