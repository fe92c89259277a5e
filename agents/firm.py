"""A firm: decides, task by task and counter by counter, how much work to hand to its customers.

Firms are ordinary Mesa agents whose numbers live in columns, one row per firm, so that what happens is
compiled: every month in ``model/market.py``, at a review, about once a year, in ``agents/review.py``.
"""

from typing import Any, NamedTuple

import mesa
import numpy as np

from agents.columns import FORCED, INCENTIVISED, MODES, OPTIONAL, STAFFED, FirmColumns, Work
from agents.review import MOVES, review

#: Moves back towards staff, as the diary names them.
ROLLBACKS = ("disincentivise", "withdraw", "reopen")
#: A counter counts as withdrawn, and its tasks as forced, once half of the firm's outlets are closed.
MOSTLY_CLOSED = 0.5


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
        self.services = [task for task in self.tasks if not work.contribution[task]]
        self.counters = sorted({int(work.counter[task]) for task in self.services})
        self._moves = np.empty((len(self.tasks) + len(self.counters), 3))

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
            if move.month < month:
                break
            moves += move.month == month and move.what in ROLLBACKS
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
        return self.reviews_in(self.model.month)

    def reviews_in(self, month: int) -> bool:
        """Return whether it revises its service modes in a month."""
        return (5 * self.row + month) % 12 == 0

    def revise_service_modes(self) -> None:
        """Learn from the past year, then decide on each task and each counter: one move each at most."""
        economy = self.model
        made = review(self.row, economy.scene, self._moves)
        for what, where, worth in self._moves[:made].tolist():
            name = self._place_name(MOVES[int(what)], int(where))
            self.diary.append(Move(economy.month, MOVES[int(what)], name, worth, self.pressure))

    def _place_name(self, what: str, where: int) -> str:
        names = self.model.names
        return {"add": names.channels, "close": names.counters, "reopen": names.counters}.get(
            what, names.tasks
        )[where]

    def _mode(self, task: int) -> int:
        return int(self.model.modes()[self.row, task])


__all__ = [
    "FORCED",
    "INCENTIVISED",
    "MODES",
    "MOSTLY_CLOSED",
    "OPTIONAL",
    "STAFFED",
    "Firm",
    "FirmColumns",
    "Move",
]
