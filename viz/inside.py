"""What a visitor sees of single consumers and firms: a sampled network, diaries, reviews and beliefs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import igraph
import numpy as np

from agents.columns import AT_COUNTER, FORGONE_USE, HELPED_USE
from agents.consumer import Consumer
from agents.firm import Firm

if TYPE_CHECKING:
    from model import Economy

SAMPLE = 150
"""People whom the picture of the network shows, and who keep a diary."""
ATTRIBUTES = (
    "tasks_self_served", "awareness", "grievance", "own_minutes", "age", "education", "income", "segment",
    "skill", "strain",
)  # fmt: skip
EXPLAINED = 40
"""The first of them write down minutes, euros and the terms that decided; for all it would cost too much."""
_KEPT = 60  # entries of one diary


class Entry(NamedTuple):
    """A line of a diary: in a month she began to do a task in another way."""

    month: int
    task: str
    before: str
    after: str
    tipped_by_price: bool
    against_her_will: bool
    gladly: bool
    facts: dict[str, Any]


class Diaries:
    """The diaries of a sample of consumers, found by following ties from one of them."""

    def __init__(self, economy: Economy) -> None:
        self.economy = economy
        self.rows = sample_of(economy)
        self._use = _uses(economy, self.rows)
        self.entries: dict[int, list[Entry]] = {int(row): [] for row in self.rows}

    def write(self) -> None:
        """Note who does something in another way than a month ago."""
        use = _uses(self.economy, self.rows)
        for place, task in np.argwhere(use != self._use):
            row = int(self.rows[place])
            entry = self._entry(row, int(task), int(self._use[place, task]), explained=place < EXPLAINED)
            self.entries[row] = [*self.entries[row][-_KEPT:], entry]
        self._use = use

    def _entry(self, row: int, task: int, before: int, *, explained: bool) -> Entry:
        economy, name = self.economy, self.economy.names.tasks[task]
        return Entry(
            economy.month - 1,
            name,
            _way(economy, task, before),
            *Consumer(economy.consumers, row).way_of(name),
            _facts(economy, row, task) if explained else {},
        )


def _uses(economy: Economy, rows: np.ndarray) -> np.ndarray:
    """Return a copy of how some consumers do each task: the one place that reads the columns of habits."""
    return economy.consumers.columns.use[rows].copy()


def _way(economy: Economy, task: int, use: int) -> str:
    ways = {AT_COUNTER: "counter", HELPED_USE: "helped", FORGONE_USE: "forgone"}
    return ways.get(use) or economy.consumers.channel_name(task, use)


def _facts(economy: Economy, row: int, task: int) -> dict[str, Any]:
    """Return minutes, euros, her taste, and the terms of each channel's utility."""
    consumer, name = Consumer(economy.consumers, row), economy.names.tasks[task]
    return {
        **consumer.offer(name),
        "terms": consumer.terms(name),
        "taste_for_counter": consumer.taste_for_counter(name),
    }


def sample_of(economy: Economy) -> np.ndarray:
    """Return rows of at most `SAMPLE` consumers who are connected, nearest first."""
    people = len(economy.consumers)
    first = people // 2
    found, waiting = {first: None}, [first]
    while waiting and len(found) < min(SAMPLE, people):
        row = waiting.pop(0)
        for other in _seen_by(economy, row):
            if other not in found and len(found) < SAMPLE:
                found[other] = None
                waiting.append(other)
    rest = [row for row in np.linspace(0, people - 1, SAMPLE).astype(int).tolist() if row not in found]
    return np.array([*found, *rest[: max(0, min(SAMPLE, people) - len(found))]])


def _seen_by(economy: Economy, row: int) -> list[int]:
    return [int(neighbour.row) for neighbour in Consumer(economy.consumers, row).neighbours]


def answer(economy: Economy, diaries: Diaries, question: str, arguments: dict[str, Any]) -> Any:
    """Return what is asked: `network`, `consumer`, `firm`, `firms` or `habits`."""
    questions: dict[str, Any] = {
        "network": _network, "consumer": _consumer, "firm": _firm, "firms": _firms, "habits": _habits,
    }  # fmt: skip
    return questions[question](economy, diaries, **arguments)


def _network(economy: Economy, diaries: Diaries, attribute: str) -> dict[str, Any]:
    """Return places, ties and an attribute of the sampled people."""
    rows = diaries.rows
    if attribute not in ATTRIBUTES:
        raise KeyError(attribute)
    ties = _ties(economy, rows)
    values = _attribute(economy, attribute, rows)
    return {
        "month": economy.month,
        "rows": rows.tolist(),
        "places": _places(len(rows), ties),
        "ties": ties,
        "values": values,
    }


def _attribute(economy: Economy, attribute: str, rows: np.ndarray) -> list[Any]:
    consumers = economy.consumers
    values: list[Any] = [getattr(Consumer(consumers, int(row)), attribute) for row in rows]
    return values


def _ties(economy: Economy, rows: np.ndarray) -> list[tuple[int, int]]:
    place = {int(row): number for number, row in enumerate(rows)}
    pairs = {
        (min(place[row], place[other]), max(place[row], place[other]))
        for row in place
        for other in _seen_by(economy, row)
        if other in place and other != row
    }
    return sorted(pairs)


def _places(people: int, ties: list[tuple[int, int]]) -> list[tuple[float, float]]:
    """Return places in a plane such that tied people stand near each other; the same each time."""
    graph = igraph.Graph(n=people, edges=ties)
    layout = graph.layout_kamada_kawai(seed=graph.layout_circle().coords) if ties else graph.layout_grid()
    return [(round(float(x), 3), round(float(y), 3)) for x, y in layout.coords]


def _consumer(economy: Economy, diaries: Diaries, row: int) -> dict[str, Any]:
    """Return who she is, how she does each task today, and her diary."""
    if row not in diaries.entries:
        raise KeyError(row)
    consumer = Consumer(economy.consumers, row)
    traits = {name: getattr(consumer, name) for name in (*ATTRIBUTES, "value_of_time", "role_perception")}
    today = [
        {"task": name, **consumer.way_of(name)._asdict(), **_facts(economy, row, task)}
        for task, name in enumerate(economy.names.tasks)
        if consumer.is_eligible(name)
    ]
    return {
        "month": economy.month,
        "row": row,
        "traits": traits,
        "felt_minutes": consumer.felt_minutes,
        "neighbours": len(consumer.neighbours),
        "today": today,
        "diary": [entry._asdict() for entry in diaries.entries[row]],
    }


def _firms(economy: Economy, _diaries: Diaries) -> list[dict[str, Any]]:
    """Return all firms: row, sector, customers."""
    return [
        {"row": firm.row, "sector": firm.sector, "customers": firm.customers, "pressure": firm.pressure}
        for firm in _all_firms(economy)
    ]


def _all_firms(economy: Economy) -> list[Firm]:
    return [economy.firm_at(row) for row in range(economy.firms_founded())]


def _firm(economy: Economy, _diaries: Diaries, row: int) -> dict[str, Any]:
    """Return a firm's state, what it decided in its reviews, and what it believes about each task."""
    firm = economy.firm_at(row)
    names = [economy.names.tasks[task] for task in firm.tasks]
    return {
        "month": economy.month,
        "row": row,
        "sector": firm.sector,
        "state": {
            name: getattr(firm, name)
            for name in (
                "customers",
                "price",
                "margin",
                "aspiration",
                "pressure",
                "closed_share",
                "grievance",
            )
        },
        "tasks": [
            {
                "task": name,
                "mode": firm.mode_of(name),
                "belief": firm.believed_acceptance(name),
                "accepted": _accepted(economy, row, task),
                "channels": firm.channels_of(name),
            }
            for task, name in zip(firm.tasks, names, strict=True)
        ],
        "diary": [move._asdict() for move in firm.diary],
    }


def _accepted(economy: Economy, row: int, task: int) -> float | None:
    columns = economy.firm_columns
    covered = float(columns.covered[row, task])
    return float(columns.accepted[row, task]) / covered if covered > 0.0 else None


def _habits(economy: Economy, _diaries: Diaries) -> dict[str, Any]:
    """Return which tasks each private consumer serves herself, in an order that all runs share."""
    columns = economy.consumers.columns
    serving = columns.self_serving[economy.consumers.last][:-1]
    order = np.argsort(columns.identity)
    private = columns.business[order] == 0
    return {
        "month": economy.month,
        "tasks": list(economy.names.tasks),
        "habits": serving[order][private].astype(np.uint32),
        "age": columns.age[order][private],
        "education": columns.education[order][private],
    }
