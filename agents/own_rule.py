"""Consumers who decide by a rule of the user's own, in Python, instead of the compiled one.

The rule is asked for every consumer and task whose month it is: her clock is due, or her way of doing the
task is gone. It sees the consumer as a Mesa agent and answers with a way of doing the task. All other rules
(acting, learning, resenting, switching) stay compiled. A call takes microseconds instead of nanoseconds:
a hundred thousand decisions take about a second.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.choice import epoch_of
from agents.columns import AT_COUNTER, FORGONE_USE, GLADLY, HELPED_USE
from agents.consumer import Consumer
from agents.decision import phase_of
from agents.looking import note_looking, see_channels, see_counter
from agents.month import turn_to_sector
from agents.rules.compiled import column_pass
from agents.tile import SIZE, empty_tile

if TYPE_CHECKING:
    from agents.columns import Moment, Offers
    from agents.population import Population

#: A rule of one's own: (consumer, name of the task) → a way of doing it, or None for what the model would do.
OwnRule = Callable[[Consumer, str], str | None]
_SERVED = {"counter": AT_COUNTER, "helped": HELPED_USE, "forgone": FORGONE_USE}


def decide_by(rule: OwnRule, population: "Population", offers: "Offers", moment: "Moment") -> None:
    """Let everyone whose month it is decide by a rule of the user's own, task by task.

    Raises
    ------
    ValueError
        What the rule answers is no way that is open to this consumer.
    """
    columns, work = population.columns, population.work
    due = np.zeros((len(work.sector), len(population)), np.uint8)
    tile = empty_tile(1, len(work.firm_sector))
    closed, awake = offers.closed.max(axis=0) > 0.0, population.awake
    _note_due(population.stored, offers, closed, awake, population.behaviour, work, moment, tile, due)
    for task, name in enumerate(population.names.tasks):
        for row in np.flatnonzero(due[task]):
            consumer = Consumer(population, int(row))
            answer = rule(consumer, name)
            if answer is None:
                population.decide(int(row), name)
            else:
                columns.use[row, task], columns.reason[row, task] = _use(consumer, name, answer)


def _use(consumer: Consumer, task: str, answer: Any) -> tuple[int, int]:
    """Return (use, reason) of an answer, checked against the ways that are open to the consumer."""
    population = consumer.population
    contribution = bool(population.work.contribution[population.task_row(task)])
    withdrawn = not contribution and population.is_withdrawn(consumer.row, task)
    channels = list(population.utilities(consumer.row, task))
    served = ["helped", "forgone"] if withdrawn else ["counter"]
    if answer in served:
        return _SERVED[answer], 0
    if answer in channels:
        return population.channel_names(task).index(answer) + 1, GLADLY
    open_ways = ", ".join([*served, *channels])
    raise ValueError(f"consumer_rule, task {task}: expected one of {open_ways}, or None, got {answer!r}")


@column_pass
def _note_due(people, offers, closed_somewhere, awake, behaviour, work, moment, tile, due):
    """Note for each task (row) and consumer whether she looks at it this month."""
    consumers = people.identity.shape[0]
    for start in range(0, consumers, SIZE):
        count = min(SIZE, consumers - start)
        for place in range(count):
            tile.phase[place] = phase_of(people, start + place, behaviour, moment)
            tile.epoch[place] = epoch_of(people, start + place, behaviour, moment)
        for sector in range(work.first_task.shape[0]):
            turn_to_sector(people, start, count, sector, tile, behaviour, work)
            for task in range(work.first_task[sector], work.first_task[sector] + work.n_tasks[sector]):
                see_counter(people, start, count, task, tile, offers, work, moment, closed_somewhere)
                see_channels(people, start, count, sector, task, tile, offers, work, moment, awake)
                note_looking(people, start, count, task, tile, behaviour, moment)
                for place in range(count):
                    due[task, start + place] = tile.looks[place]
