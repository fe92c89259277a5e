"""From consumers in states to occasions and minutes: how counts become the lines of the ledger."""

import numpy as np

from agents import ledger as lines
from agents.choice import far_counter_minutes
from agents.columns import Behaviour, Offers, Work
from agents.ledger import Counts, Ledger, Sums
from agents.rules.compiled import column_pass, step_rule
from agents.rules.service_capacity import failed_attempt_minutes

_STATES = np.arange(lines.N_STATES)
_OWN = _STATES >= lines.OWN_BIT
_SERVED = ~_OWN
_WAY = np.where(_SERVED, _STATES & 3, -1)
_CLOSED = _SERVED & (_STATES & lines.CLOSED_BIT > 0)
_OFFERED = _SERVED & (_STATES & lines.OFFERED_BIT > 0)
_FORCED = _OWN & (_STATES & lines.FORCED_BIT > 0)
_TIPPED = _OWN & ~_FORCED & (_STATES & lines.TIPPED_BIT > 0)
_WAITS = (_WAY == lines.STAFFED_STATE) | (_WAY == lines.HELPED_STATE)

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
_GROUPS = (*_OF_BASELINE, *_OF_SERVED, "WAITS", "FAR")
#: 1 where people of a state (rows) belong to a group (columns).
_BELONGS = np.array(
    [*_OF_BASELINE.values(), *_OF_SERVED.values(), _WAITS, _WAITS & _CLOSED], dtype=np.float64
).T.copy()
_EVERYBODY, _OFFERED_OR_OWN, _OWNS = (_GROUPS.index(name) for name in ("BASELINE", "COVERED", "ACCEPTED"))
_HELPED, _FORGOES = _GROUPS.index("HELPED"), _GROUPS.index("FORGONE")
_WAITING, _FAR = _GROUPS.index("WAITS"), _GROUPS.index("FAR")
#: Groups and their lines: by firm and task …
_BASELINE_LINES = tuple((_GROUPS.index(name), getattr(lines, name)) for name in _OF_BASELINE)
_SERVED_LINES = tuple((_GROUPS.index(name), getattr(lines, name)) for name in _OF_SERVED)
#: … and by group of people.
_BASELINE_CELLS = tuple(
    (_GROUPS.index(name), getattr(lines, f"CELL_{name}")) for name in ("BASELINE", "HELPED", "FORGONE")
)
_SERVED_CELLS = tuple(
    (_GROUPS.index(name), getattr(lines, f"CELL_{name}")) for name in _OF_SERVED if name != "WELCOME"
)


class Bookkeeper:
    """Keeps a population's books: knows which pair is whose, and what an occasion takes.

    Parameters
    ----------
    work : the catalogue in columns.
    behaviour : behavioural parameters of consumers.
    """

    def __init__(self, work: Work, behaviour: Behaviour) -> None:
        self._work = work
        reference = work.staffed_minutes
        self._far = np.array([far_counter_minutes.py_func(t, behaviour, work) for t in range(len(reference))])
        self._help = failed_attempt_minutes.py_func(reference, behaviour.escalation_minutes)  # type: ignore[attr-defined]
        self._error_loss = float(behaviour.error_loss)  # type: ignore[attr-defined]
        self._n_pairs = int(work.n_tasks[work.firm_sector].sum())
        in_sector = np.bincount(work.sector, work.n_channels, minlength=len(work.first_task)).astype(int)
        self._n_channels = int(in_sector[work.firm_sector].sum())
        self._notes = (np.zeros(lines.N_STATES), np.zeros(len(_GROUPS)), np.zeros(lines.OWN_LINES))

    def empty_ledger(self, chunks: int) -> Ledger:
        """Return a ledger of zeros."""
        return Ledger(
            np.zeros((chunks, 2, self._n_channels, lines.OWN_LINES)),
            np.zeros((chunks, lines.N_CELLS, lines.CELL_LINES)),
            np.zeros((chunks, len(self._work.firm_sector), lines.FIRM_LINES)),
            np.zeros((chunks, 2, lines.N_BINS)),
            np.zeros((chunks, 2, lines.N_BINS)),
        )

    def empty_counts(self, blocks: int) -> Counts:
        """Return counts of zeros for each block of consumers (first axis)."""
        tasks = len(self._work.sector)
        return Counts(
            np.zeros((blocks, self._n_pairs * 2 * lines.N_STATES), np.uint32),
            np.zeros((blocks, tasks, lines.N_CELLS, 4 * lines.N_STATES), np.uint32),
        )

    def summed(self, ledger: Ledger, counts: Counts, offers: Offers) -> Sums:
        """Return the month's lines: counts valued, ledgers added up chunk by chunk in one order."""
        own, cells, firms, minutes, contributions = (column.sum(axis=0) for column in ledger)
        pairs = np.zeros((2, self._n_pairs, lines.PAIR_LINES))
        tasks = np.empty((lines.N_CELLS, len(self._work.sector), lines.TASK_LINES))
        sums = Sums(
            pairs[0], pairs[1], np.empty(self._n_channels), cells, tasks, firms, minutes, contributions
        )
        prices = (self._far, self._help, self._error_loss)
        _value_pairs(counts.pairs, own, offers.staffed_minutes, prices, self._work, sums, self._notes)
        _value_cells(counts.cells, self._work, sums, self._notes)
        return sums


@step_rule
def _group(people, states):
    """Count people by the groups to which their states belong."""
    people[:] = 0.0
    for state in range(lines.N_STATES):
        if states[state] > 0.0:
            for group in range(people.shape[0]):
                people[group] += states[state] * _BELONGS[state, group]


@column_pass
def _value_pairs(counts, own, staffed_minutes, prices, work, sums, notes):
    """Turn counts and own sums into lines by firm and task, and into occasions by firm and channel.

    Parameters
    ----------
    counts : (blocks, pairs × 2 × N_STATES) people.
    own : (2, firm-channel pairs, OWN_LINES) private customers, business clients.
    prices : far minutes and help minutes by task, loss by an error.
    """
    states, people, by_pair = notes
    for firm in range(work.firm_sector.shape[0]):
        sector = work.firm_sector[firm]
        for number in range(work.n_tasks[sector]):
            task, pair = work.first_task[sector] + number, work.firm_pair[firm] + number
            first = work.firm_channel[firm] + work.first_channel[task] - work.sector_first_channel[sector]
            sums.channels[first : first + work.n_channels[task]] = 0.0
            for segment in range(2):
                start = (pair * 2 + segment) * lines.N_STATES
                for state in range(lines.N_STATES):
                    total = 0
                    for block in range(counts.shape[0]):
                        total += counts[block, start + state]
                    states[state] = total
                _group(people, states)
                occasions = work.occasions[task] * (work.business_occasions[task] if segment else 1.0)
                found = sums.pairs[pair]
                if work.contribution[task]:
                    found[lines.COVERED] += occasions * people[_OFFERED_OR_OWN]
                else:
                    _value_people(found, people, occasions, task, staffed_minutes[firm, task], prices, work)
                _add_own(found, by_pair, own[segment], first, occasions, task, prices, work, sums.channels)
                if segment == 0:
                    for line in range(lines.PAIR_LINES):
                        sums.private_pairs[pair, line] = found[line]


@step_rule
def _value_people(found, people, occasions, task, today, prices, work):
    """Add what follows from how many customers of a segment are in which state, for a service."""
    served, reference = occasions * (1.0 + work.rebound[task]), work.staffed_minutes[task]
    for group, line in _BASELINE_LINES:
        found[line] += occasions * people[group]
    for group, line in _SERVED_LINES:
        found[line] += served * people[group]
    found[lines.INDUCED] += occasions * work.rebound[task] * people[_OWNS]
    found[lines.AVOIDED_MINUTES] += occasions * reference * people[_OWNS]
    found[lines.AVOIDED_NOW_MINUTES] += occasions * today * people[_OWNS]
    waiting = (today - reference) * people[_WAITING] + prices[0][task] * people[_FAR]
    found[lines.WAITING_MINUTES] += occasions * waiting


@step_rule
def _add_own(found, by_pair, own, first, occasions, task, prices, work, channels):
    """Add what depends on consumers' own minutes, and contributions, which are their own measure."""
    by_pair[:] = 0.0
    loss, served = 0.0, occasions * (1.0 + work.rebound[task])
    for number in range(work.n_channels[task]):
        channel, mine = work.first_channel[task] + number, own[first + number]
        for line in range(lines.OWN_LINES):
            by_pair[line] += mine[line]
        loss += mine[lines.OWN_FAILED] * work.responsibility[channel] * prices[2]
        contribution = work.contribution[task]
        channels[first + number] += mine[lines.OWN_GIVEN] if contribution else mine[lines.OWN_PEOPLE] * served
    found[lines.VOLUNTARY_MINUTES] += by_pair[lines.OWN_VOLUNTARY]
    found[lines.INCENTIVISED_MINUTES] += by_pair[lines.OWN_INCENTIVISED]
    found[lines.FORCED_MINUTES] += by_pair[lines.OWN_FORCED]
    found[lines.FELT_MINUTES] += by_pair[lines.OWN_FELT]
    found[lines.OWN_VALUE] += by_pair[lines.OWN_VALUED]
    found[lines.FAILED] += by_pair[lines.OWN_FAILED]
    found[lines.ESCALATION_MINUTES] += by_pair[lines.OWN_FAILED] * prices[1][task]
    found[lines.LOSS] += loss
    if work.contribution[task]:
        for line in (lines.ACCEPTED, lines.SELF_SERVED, lines.INDUCED, lines.VOLUNTARY, lines.WELCOME):
            found[line] += by_pair[lines.OWN_GIVEN]


@column_pass
def _value_cells(counts, work, sums, notes):
    """Add to groups of people what follows from their states, and count people by task.

    Parameters
    ----------
    counts : (blocks, tasks, N_CELLS, 4 × N_STATES) people.
    """
    states, people, _ = notes
    for task in range(counts.shape[1]):
        for cell in range(lines.N_CELLS):
            found = sums.tasks[cell, task]
            states[:] = 0.0
            recent = 0
            for age in range(4):
                for block in range(counts.shape[0]):
                    own = counts[block, task, cell, age * lines.N_STATES : (age + 1) * lines.N_STATES]
                    for state in range(lines.N_STATES):
                        states[state] += own[state]
                        recent += own[state]
                if age < 3:
                    found[lines.DIGITAL_QUARTER + age] = recent
            _group(people, states)
            found[lines.ELIGIBLE], found[lines.USERS] = people[_EVERYBODY], people[_OWNS]
            if not work.contribution[task]:
                of_business = work.business_occasions[task] if cell == lines.BUSINESS_CELL else 1.0
                _value_cell(sums.cells[cell], people, work.occasions[task] * of_business, task, work)


@step_rule
def _value_cell(cell, people, occasions, task, work):
    """Add a service to a group of people."""
    served = occasions * (1.0 + work.rebound[task])
    for group, line in _BASELINE_CELLS:
        cell[line] += occasions * people[group]
    for group, line in _SERVED_CELLS:
        cell[line] += served * people[group]
    cell[lines.CELL_INDUCED] += occasions * people[_OWNS] * work.rebound[task]
    cell[lines.CELL_AVOIDED_MINUTES] += occasions * people[_OWNS] * work.staffed_minutes[task]
