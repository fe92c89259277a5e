"""When a consumer looks at a task again, and what she decides: the steps around ``choice.py``."""

import numpy as np

from agents.choice import (
    best_channel,
    choose_at_closed_counter,
    choose_at_open_counter,
    common_utility,
)
from agents.columns import AT_COUNTER
from agents.draws import scatter
from agents.rules.compiled import step_rule

_ONE = np.uint32(1)


@step_rule
def neighbour_share(people, person, last, task):
    """Return the share of her neighbours who self-served a task last month; ½ without neighbours."""
    degree = people.degree[person]
    if degree == 0:
        return 0.5
    count = np.uint32(0)
    for slot in range(degree):
        mask = people.self_serving[last, people.neighbours[person, slot]]
        count += (mask >> np.uint32(task)) & _ONE
    return np.float64(count) / np.float64(degree)


@step_rule
def mood_share(people, person, last, bit):
    """Return the share of her neighbours whose mood had a bit set last month."""
    degree = people.degree[person]
    if degree == 0:
        return 0.0
    count = 0
    for slot in range(degree):
        if people.mood[last, people.neighbours[person, slot]] & bit:
            count += 1
    return count / degree


@step_rule
def phase_of(people, person, behaviour, moment):
    """Return where her clock stands this month, 0 … reconsideration months − 1."""
    clock = scatter(people.identity[person]) + moment.month + moment.epoch_shift
    return clock % behaviour.reconsideration_months


@step_rule
def decide(
    people, person, firm, task, mind, covered, withdrawn, open_rivals, seen, offers, behaviour, work, moment
):
    """Decide how she does a task from now on; write her use and the reason.

    Parameters
    ----------
    seen : (share of neighbours who self-served the task, share of those with a grievance in the sector).
    """
    channel, utility = best_channel(
        people, person, firm, task, covered, mind, offers, behaviour, work, moment
    )
    doing_it, unhappy = seen
    flees = False
    if channel >= 0:
        utility += common_utility(people, person, task, mind, doing_it, unhappy, behaviour, work, moment)
    if withdrawn:
        use, reason, flees = choose_at_closed_counter(
            people, person, firm, task, mind, channel, utility, open_rivals, offers, behaviour, work, moment
        )
    elif channel >= 0:
        use, reason = choose_at_open_counter(
            people, person, firm, task, mind, channel, utility, offers, behaviour, work, moment
        )
    else:
        use, reason = AT_COUNTER, 0
    people.use[task, person] = use
    people.reason[task, person] = reason
    if flees:
        people.fleeing[person] |= np.uint8(1 << work.sector[task])
