"""Consumers as a Mesa AgentSet whose rows are made when somebody asks for them."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from mesa.agentset import AbstractAgentSet, AgentSet, GroupBy

from agents.consumer import Consumer, column_attribute
from agents.draws import decision_key, uniforms

if TYPE_CHECKING:
    from agents.population import Population


class ConsumerGroups(GroupBy):
    """Groups of consumers; ``agg`` works on columns."""

    def agg(self, attr_name: str, func: Callable) -> dict[Hashable, Any]:
        """Return ``func`` of an attribute for each group."""
        return {name: func(_values(group, attr_name)) for name, group in self.groups.items()}


class ConsumerSet(AbstractAgentSet[Consumer]):
    """An ordered selection of consumers that answers Mesa's AgentSet verbs.

    ``get``, ``set``, ``agg``, ``groupby`` and ``sort`` by an attribute's name work on whole columns;
    whatever takes a callable makes one light :class:`Consumer` after the other.

    Parameters
    ----------
    population : whose consumers they are.
    rows : their rows in the population's columns.
    """

    def __init__(self, population: "Population", rows: np.ndarray) -> None:
        self.population = population
        self.rows = np.asarray(rows, dtype=np.int64)

    @property
    def random(self) -> Any:
        """Mesa's random generator of the economy (the rules never use it)."""
        return self.population.model.random

    @property
    def model(self) -> Any:
        """The economy."""
        return self.population.model

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Consumer]:
        population = self.population
        return (Consumer(population, int(row)) for row in self.rows)

    def __contains__(self, agent: object) -> bool:
        if not isinstance(agent, Consumer) or agent.population is not self.population:
            return False
        return bool((self.rows == agent.row).any())

    def __getitem__(self, item: int | slice) -> Any:
        if isinstance(item, slice):
            return [Consumer(self.population, int(row)) for row in self.rows[item]]
        return Consumer(self.population, int(self.rows[item]))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ConsumerSet):
            return NotImplemented
        return self.population is other.population and np.array_equal(self.rows, other.rows)

    __hash__ = None  # type: ignore[assignment]

    def __copy__(self) -> "ConsumerSet":
        return ConsumerSet(self.population, self.rows.copy())

    def copy(self) -> "ConsumerSet":
        """Return an independent selection of the same consumers."""
        return self.__copy__()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)} consumers>"

    def select(
        self,
        filter_func: Callable[[Consumer], bool] | np.ndarray | None = None,
        at_most: int | float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> "ConsumerSet":
        """Return the consumers for whom ``filter_func`` holds: a callable, or a boolean array (fast).

        ``at_most`` is a number (int) or a share (float ≤ 1), as in Mesa.
        """
        rows = self.rows
        if agent_type is not None and not issubclass(Consumer, agent_type):
            rows = rows[:0]
        limit = int(len(self) * at_most) if isinstance(at_most, float) and at_most <= 1.0 else at_most
        if isinstance(filter_func, np.ndarray):
            if filter_func.dtype != np.bool_ or filter_func.shape != self.rows.shape:
                shape = f"{filter_func.dtype}{filter_func.shape}"
                raise ValueError(f"a selection array must be boolean of shape {self.rows.shape}, got {shape}")
            rows = rows[filter_func[: len(rows)]]
        elif filter_func is not None:
            rows = self._first_that(filter_func, rows, limit)
        if limit != float("inf"):
            rows = rows[: int(limit)]
        return self._update_rows(rows) if inplace else ConsumerSet(self.population, rows.copy())

    def _first_that(self, holds: Callable[[Consumer], bool], rows: np.ndarray, limit: float) -> np.ndarray:
        chosen: list[int] = []
        for row in rows:
            if len(chosen) >= limit:
                break
            if holds(Consumer(self.population, int(row))):
                chosen.append(int(row))
        return np.array(chosen, dtype=np.int64)

    def get(
        self,
        attr_names: str | list[str],
        handle_missing: Literal["error", "default"] = "error",
        default_value: Any = None,
    ) -> Any:
        """Return an attribute of all consumers (an array), or several (one list per consumer)."""
        if handle_missing not in ("error", "default"):
            raise ValueError(
                f"Unknown handle_missing option: {handle_missing}, should be one of 'error' or 'default'"
            )
        if isinstance(attr_names, str):
            return self._column(attr_names, handle_missing, default_value)
        columns = [self._column(name, handle_missing, default_value) for name in attr_names]
        return [list(values) for values in zip(*columns, strict=True)]

    def _column(self, name: str, handle_missing: str, default: Any) -> Any:
        attribute = column_attribute(name)
        if attribute is not None:
            return attribute.of(self.population, self.rows)
        if handle_missing == "error":
            return [getattr(consumer, name) for consumer in self]
        return [getattr(consumer, name, default) for consumer in self]

    def set(self, attr_name: str, value: Any) -> "ConsumerSet":
        """Set a writable column attribute of all consumers to a value or an array."""
        attribute = column_attribute(attr_name)
        if attribute is None or attribute.write is None:
            raise AttributeError(f"consumers have no writable attribute {attr_name!r}")
        attribute.write(self.population, self.rows, value)
        return self

    def agg(self, attribute: str, func: Callable | Iterable[Callable]) -> Any:
        """Return one or several functions of an attribute's values."""
        values = self.get(attribute)
        if callable(func):
            return func(values)
        return [one(values) for one in func]

    def groupby(
        self, by: Callable | str, result_type: Literal["agentset", "list"] = "agentset"
    ) -> ConsumerGroups:
        """Group consumers by an attribute or by what a callable returns."""
        keys = self.get(by) if isinstance(by, str) else [by(consumer) for consumer in self]
        members: dict[Any, list[int]] = {}
        for place, key in enumerate(keys.tolist() if isinstance(keys, np.ndarray) else keys):
            members.setdefault(key, []).append(place)
        groups = {key: ConsumerSet(self.population, self.rows[places]) for key, places in members.items()}
        return ConsumerGroups(
            {key: list(group) for key, group in groups.items()} if result_type == "list" else groups
        )

    def do(self, method: str | Callable, *args: Any, **kwargs: Any) -> "ConsumerSet":
        """Call a method or function on each consumer."""
        self.map(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable, *args: Any, **kwargs: Any) -> list[Any]:
        """Call a method or function on each consumer and return what it returns."""
        if isinstance(method, str):
            return [getattr(consumer, method)(*args, **kwargs) for consumer in self]
        return [method(consumer, *args, **kwargs) for consumer in self]

    def shuffle(self, inplace: bool = False) -> "ConsumerSet":
        """Return the consumers in a random order."""
        seed = self.random.randrange(2**63)
        order = np.argsort(uniforms(decision_key(seed, "shuffle"), len(self), 0), kind="stable")
        return (
            self._update_rows(self.rows[order]) if inplace else ConsumerSet(self.population, self.rows[order])
        )

    def shuffle_do(self, method: str | Callable, *args: Any, **kwargs: Any) -> "ConsumerSet":
        """Call a method or function on each consumer in a random order."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def sort(
        self, key: Callable[[Consumer], Any] | str, ascending: bool = False, inplace: bool = False
    ) -> "ConsumerSet":
        """Return the consumers sorted by an attribute or a key, the largest first unless ``ascending``."""
        keys = self.get(key) if isinstance(key, str) else [key(consumer) for consumer in self]
        order = sorted(range(len(self)), key=keys.__getitem__, reverse=not ascending)
        return (
            self._update_rows(self.rows[order]) if inplace else ConsumerSet(self.population, self.rows[order])
        )

    def to_list(self) -> list[Consumer]:
        """Return the consumers as a list."""
        return list(self)

    def _update_rows(self, rows: np.ndarray) -> "ConsumerSet":
        self.rows = rows
        return self

    def _update(self, agents: Iterable[Consumer]) -> "ConsumerSet":
        return self._update_rows(np.array([agent.row for agent in agents], dtype=np.int64))

    def add(self, agent: Consumer) -> None:
        """Add a consumer of the same population to this selection."""
        if agent.population is not self.population:
            raise ValueError("a selection holds consumers of one economy only")
        if agent not in self:
            self.rows = np.append(self.rows, agent.row)

    def discard(self, agent: Consumer) -> None:
        """Take a consumer out of this selection, if she is in it."""
        self.rows = self.rows[self.rows != getattr(agent, "row", -1)]

    def remove(self, agent: Consumer) -> None:
        """Take a consumer out of this selection; KeyError if she is not in it."""
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)


def _values(group: Any, name: str) -> Any:
    return group.get(name) if isinstance(group, ConsumerSet) else [getattr(agent, name) for agent in group]


__all__ = ["AgentSet", "ConsumerGroups", "ConsumerSet"]
