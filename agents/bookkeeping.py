"""From consumers in states to occasions and minutes: how counts become the lines of the ledger."""

import numpy as np

from agents import ledger as lines
from agents.choice import far_counter_minutes
from agents.columns import Behaviour, Offers, Work
from agents.ledger import Counts, Ledger, Sums
from agents.rules.service_capacity import failed_attempt_minutes

_STATES = np.arange(lines.N_STATES)
_OWN = _STATES >= lines.OWN_BIT
_SERVED = ~_OWN
_WAY = np.where(_SERVED, _STATES & 3, -1)
_CLOSED = _SERVED & (_STATES & lines.CLOSED_BIT > 0)
_OFFERED = _SERVED & (_STATES & lines.OFFERED_BIT > 0)
_FORCED = _OWN & (_STATES & lines.FORCED_BIT > 0)
_TIPPED = _OWN & ~_FORCED & (_STATES & lines.TIPPED_BIT > 0)

#: Which states count for which line: people in them, times baseline occasions …
_OF_BASELINE = {
    "BASELINE": np.ones(lines.N_STATES, bool),
    "STAFFED": _WAY == lines.STAFFED_STATE,
    "HELPED": _WAY == lines.HELPED_STATE,
    "FORGONE": _WAY == lines.FORGONE_STATE,
    "COVERED": _OWN | _OFFERED,
    "ACCEPTED": _OWN,
    "OPEN_STAFFED": _OFFERED & (_WAY == lines.STAFFED_STATE),
}
#: … or times self-served occasions, induced ones included.
_OF_SERVED = {
    "SELF_SERVED": _OWN,
    "VOLUNTARY": _OWN & ~_FORCED & ~_TIPPED,
    "INCENTIVISED": _TIPPED,
    "FORCED": _FORCED,
    "UNWILLING": _OWN & (_STATES & lines.UNWILLING_BIT > 0),
    "WELCOME": _OWN & (_STATES & lines.WELCOME_BIT > 0),
}
_WAITS = (_WAY == lines.STAFFED_STATE) | (_WAY == lines.HELPED_STATE)


class Bookkeeper:
    """Keeps a population's books: knows which pair is whose, and what an occasion takes.

    Parameters
    ----------
    work : the catalogue in columns.
    behaviour : behavioural parameters of consumers.
    """

    def __init__(self, work: Work, behaviour: Behaviour) -> None:
        self._work, self._behaviour = work, behaviour
        firms = np.arange(len(work.firm_sector))
        self._pair_task = np.concatenate(
            [_numbers(work.first_task, work.n_tasks, s) for s in work.firm_sector]
        )
        self._pair_firm = np.repeat(firms, work.n_tasks[work.firm_sector])
        channels = [np.flatnonzero(work.sector[work.channel_task] == s) for s in work.firm_sector]
        self._channel = np.concatenate(channels)
        self._channel_firm = np.repeat(firms, [len(own) for own in channels])
        task = work.channel_task[self._channel]
        self._pair_of_channel = (
            work.firm_pair[self._channel_firm] + task - work.first_task[work.firm_sector[self._channel_firm]]
        )
        reference = work.staffed_minutes
        self._far = np.array([far_counter_minutes.py_func(t, behaviour, work) for t in range(len(reference))])
        self._help = failed_attempt_minutes.py_func(reference, behaviour.escalation_minutes)  # type: ignore[attr-defined]

    def empty_ledger(self, chunks: int) -> Ledger:
        """Return a ledger of zeros."""
        return Ledger(
            np.zeros((chunks, 2, len(self._channel), lines.OWN_LINES)),
            np.zeros((chunks, lines.N_CELLS, lines.CELL_LINES)),
            np.zeros((chunks, len(self._work.firm_sector), lines.FIRM_LINES)),
            np.zeros((chunks, 2, lines.N_BINS)),
            np.zeros((chunks, 2, lines.N_BINS)),
        )

    def empty_counts(self) -> Counts:
        """Return counts of zeros."""
        tasks = len(self._work.sector)
        return Counts(
            np.zeros(len(self._pair_task) * 2 * lines.N_STATES, np.uint32),
            np.zeros((tasks, lines.N_CELLS, 4 * lines.N_STATES), np.uint32),
        )

    def summed(self, ledger: Ledger, counts: list[Counts], offers: Offers) -> Sums:
        """Return the month's lines: counts valued, ledgers added up chunk by chunk in one order."""
        own, cells, firms, minutes, contributions = (column.sum(axis=0) for column in ledger)
        pairs, by_cell = (
            np.sum([getattr(block, name) for block in counts], axis=0, dtype=np.float64)
            for name in Counts._fields
        )
        pairs = pairs.reshape(-1, 2, lines.N_STATES).transpose(1, 0, 2)
        by_cell = by_cell.reshape(*by_cell.shape[:2], 4, lines.N_STATES).transpose(1, 0, 2, 3)
        private = self._pairs(pairs[0], own[0], offers, business=False)
        business = self._pairs(pairs[1], own[1], offers, business=True)
        self._count_cells(cells, by_cell.sum(axis=2))
        channels = self._served(own[0], business=False) + self._served(own[1], business=True)
        tasks = _tasks(by_cell)
        return Sums(private + business, private, channels, cells, tasks, firms, minutes, contributions)

    def _occasions(self, *, business: bool) -> np.ndarray:
        work = self._work
        return work.occasions * work.business_occasions if business else work.occasions

    def _served(self, own: np.ndarray, *, business: bool) -> np.ndarray:
        """Return self-served occasions, or contributions, by firm and channel."""
        task = self._work.channel_task[self._channel]
        served = self._occasions(business=business) * (1.0 + self._work.rebound)
        contribution = self._work.contribution[task]
        return np.where(contribution, own[:, lines.OWN_GIVEN], own[:, lines.OWN_PEOPLE] * served[task])

    def _pairs(self, states: np.ndarray, own: np.ndarray, offers: Offers, *, business: bool) -> np.ndarray:
        """Return the lines by firm and task of one segment."""
        work, task = self._work, self._pair_task
        occasions = self._occasions(business=business)[task]
        service = ~work.contribution[task]
        found = np.zeros((len(task), lines.PAIR_LINES))
        for name, among in _OF_BASELINE.items():
            found[:, getattr(lines, name)] = occasions * service * states[:, among].sum(axis=1)
        served = occasions * (1.0 + work.rebound[task])
        for name, among in _OF_SERVED.items():
            found[:, getattr(lines, name)] = served * service * states[:, among].sum(axis=1)
        people = states[:, _OWN].sum(axis=1)
        reference, today = work.staffed_minutes[task], offers.staffed_minutes[self._pair_firm, task]
        found[:, lines.INDUCED] = occasions * work.rebound[task] * service * people
        found[:, lines.AVOIDED_MINUTES] = occasions * reference * service * people
        found[:, lines.AVOIDED_NOW_MINUTES] = occasions * today * service * people
        waits, far = states[:, _WAITS].sum(axis=1), states[:, _WAITS & _CLOSED].sum(axis=1)
        found[:, lines.WAITING_MINUTES] = (
            occasions * service * ((today - reference) * waits + self._far[task] * far)
        )
        potential = occasions * ~service * states[:, _OWN | _OFFERED].sum(axis=1)
        found[:, lines.COVERED] += potential
        self._add_own(found, own, ~service)
        return found

    def _add_own(self, found: np.ndarray, own: np.ndarray, contribution: np.ndarray) -> None:
        """Add what depends on consumers' own minutes, and contributions, which are their own measure."""
        work, behaviour = self._work, self._behaviour
        by_pair = np.zeros((len(found), lines.OWN_LINES))
        np.add.at(by_pair, self._pair_of_channel, own)
        found[:, lines.VOLUNTARY_MINUTES] = by_pair[:, lines.OWN_VOLUNTARY]
        found[:, lines.INCENTIVISED_MINUTES] = by_pair[:, lines.OWN_INCENTIVISED]
        found[:, lines.FORCED_MINUTES] = by_pair[:, lines.OWN_FORCED]
        found[:, lines.FELT_MINUTES] = by_pair[:, lines.OWN_FELT]
        found[:, lines.OWN_VALUE] = by_pair[:, lines.OWN_VALUED]
        found[:, lines.FAILED] = by_pair[:, lines.OWN_FAILED]
        found[:, lines.ESCALATION_MINUTES] = by_pair[:, lines.OWN_FAILED] * self._help[self._pair_task]
        loss = own[:, lines.OWN_FAILED] * work.responsibility[self._channel] * behaviour.error_loss  # type: ignore[attr-defined]
        found[:, lines.LOSS] = np.bincount(self._pair_of_channel, loss, minlength=len(found))
        given = by_pair[:, lines.OWN_GIVEN] * contribution
        for line in (lines.ACCEPTED, lines.SELF_SERVED, lines.INDUCED, lines.VOLUNTARY, lines.WELCOME):
            found[:, line] += given

    def _count_cells(self, cells: np.ndarray, states: np.ndarray) -> None:
        """Add to groups of people what follows from their states."""
        work = self._work
        service = ~work.contribution
        factor = np.ones((lines.N_CELLS, len(service)))
        factor[lines.BUSINESS_CELL] = work.business_occasions
        occasions = factor * work.occasions * service
        for name in ("BASELINE", "HELPED", "FORGONE"):
            cells[:, getattr(lines, f"CELL_{name}")] += (
                occasions * states[:, :, _OF_BASELINE[name]].sum(axis=2)
            ).sum(axis=1)
        served = occasions * (1.0 + work.rebound)
        for name in ("SELF_SERVED", "VOLUNTARY", "INCENTIVISED", "FORCED", "UNWILLING"):
            cells[:, getattr(lines, f"CELL_{name}")] += (
                served * states[:, :, _OF_SERVED[name]].sum(axis=2)
            ).sum(axis=1)
        own = occasions * states[:, :, _OWN].sum(axis=2)
        cells[:, lines.CELL_INDUCED] += (own * work.rebound).sum(axis=1)
        cells[:, lines.CELL_AVOIDED_MINUTES] += (own * work.staffed_minutes).sum(axis=1)


def _numbers(first: np.ndarray, count: np.ndarray, sector: int) -> np.ndarray:
    return np.arange(first[sector], first[sector] + count[sector])


def _tasks(states: np.ndarray) -> np.ndarray:
    """Return people by group and task, from (N_CELLS, tasks, 4, N_STATES)."""
    found = np.empty((*states.shape[:2], lines.TASK_LINES))
    found[:, :, lines.ELIGIBLE] = states.sum(axis=(2, 3))
    found[:, :, lines.USERS] = states[..., _OWN].sum(axis=(2, 3))
    found[:, :, lines.DIGITAL_QUARTER :] = np.cumsum(states.sum(axis=3)[:, :, :3], axis=2)
    return found
