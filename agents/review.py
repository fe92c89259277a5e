"""A firm's yearly review: it learns, then decides task by task and counter by counter.

Compiled, for a firm's row; :meth:`agents.firm.Firm.revise_service_modes` calls it and keeps the diary.
Reviews see rivals as they were before anybody's review of the month.
"""

import math

from agents.columns import ESTABLISHED, INCENTIVISED, OPTIONAL, STAFFED
from agents.draws import uniform
from agents.rivals import learn, rivals_coverage, rivals_mean, rivals_with_incentive
from agents.rules.compiled import column_pass, step_rule
from agents.rules.externalisation import (
    rollback_probability,
    upgrade_probability,
    worth_index,
)
from agents.worth import (
    coverage_of,
    exists,
    occasions_of,
    offers_any,
    realised_of,
    worth_of_closing,
    worth_of_incentive,
    worth_of_installation,
)

#: Moves as :func:`review` numbers them, and as the diary names them.
MOVES = ("add", "incentivise", "disincentivise", "withdraw", "close", "reopen")
ADD, INCENTIVISE, DISINCENTIVISE, WITHDRAW, CLOSE, REOPEN = range(6)
#: Draw codes of the decisions in one review.
_ADD, _UP, _DOWN, _CLOSE, _REOPEN = range(5)
_COUNTERS = 64  # places of draws below are tasks, above counters
_NO_OCCASIONS = 1e-12  # per year; keeps a counter without occasions from dividing by zero
_UNFIT_FOR_CLOSING = 0.25  # believed acceptance below which no firm closes counters (MODEL_NOTES b 9)


@column_pass
def review(row, scene, moves):
    """Let a firm learn from the past year, then decide: one move for each task and counter at most.

    Parameters
    ----------
    moves : (tasks + counters of the firm, 3) filled with the moves made: what, where, and its worth.

    Returns
    -------
    The number of moves made.
    """
    work, made = scene.work, 0
    sector = work.firm_sector[row]
    tasks = range(work.first_task[sector], work.first_task[sector] + work.n_tasks[sector])
    for task in tasks:
        learn(row, task, scene)
    for task in tasks:
        what, where, index = _add_channel(row, task, scene)
        if what < 0:
            what, where, index = _raise_mode(row, task, scene)
        if what < 0:
            what, where, index = _lower_mode(row, task, scene)
        made = _note(moves, made, what, where, index)
    for counter in range(work.counter_sector.shape[0]):
        if _serves_at(row, counter, scene):
            what, where, index = _close_slice(row, counter, scene)
            if what < 0:
                what, where, index = _reopen_slice(row, counter, scene)
            made = _note(moves, made, what, where, index)
    return made


@step_rule
def _note(moves, made, what, where, index):
    if what < 0:
        return made
    moves[made, 0], moves[made, 1], moves[made, 2] = what, where, index
    return made + 1


@step_rule
def _serves_at(row, counter, scene):
    """Return whether a firm has a service at a kind of premises."""
    work, sector = scene.work, scene.work.firm_sector[row]
    for task in range(work.first_task[sector], work.first_task[sector] + work.n_tasks[sector]):
        if work.counter[task] == counter and not work.contribution[task]:
            return True
    return False


@step_rule
def _add_channel(row, task, scene):
    """Perhaps add the most promising channel that exists and is not offered yet."""
    first, best, index = scene.work.first_channel[task], -1, -math.inf
    for channel in range(first, first + scene.work.n_channels[task]):
        if _may_add(row, channel, scene):
            worth = worth_of_installation(row, channel, scene)
            if worth > index:
                best, index = channel, worth
    if best < 0:
        return -1, 0, 0.0
    imitated = rivals_mean(row, scene.coverage, best, scene)
    if not _decides_up(row, _ADD, task, index, imitated, scene):
        return -1, 0, 0.0
    for channel in range(best, scene.work.installation.shape[0]):
        if scene.work.installation[channel] == best and exists(channel, scene):
            _install(row, channel, scene)
    return ADD, best, index


@step_rule
def _may_add(row, channel, scene):
    """Return whether it may decide on a channel; on a common installation, with its first task."""
    known = exists(channel, scene) and not scene.firms.offered[row, channel]
    return known and scene.work.installation[channel] == channel


@step_rule
def _install(row, channel, scene):
    """Offer a channel from now on; the roll-out follows."""
    firms, task = scene.firms, scene.work.channel_task[channel]
    if not offers_any(row, task, scene):
        expected = firms.belief[row, task] * scene.outlook.access_ahead[scene.work.channel_access[channel]]
        firms.belief[row, task] = min(0.99, max(0.0005, expected))
        firms.mode[row, task] = OPTIONAL
    firms.offered[row, channel] = True


@step_rule
def _raise_mode(row, task, scene):
    """Perhaps make self-service cheaper than the counter."""
    firms = scene.firms
    if firms.mode[row, task] != OPTIONAL or not scene.work.money_share[task] > 0.0:
        return -1, 0, 0.0
    if coverage_of(row, task, scene) < ESTABLISHED:
        return -1, 0, 0.0
    index = worth_of_incentive(row, task, scene)
    if not _decides_up(row, _UP, task, index, rivals_with_incentive(row, task, scene), scene):
        return -1, 0, 0.0
    firms.mode[row, task] = INCENTIVISED
    return INCENTIVISE, task, index


@step_rule
def _lower_mode(row, task, scene):
    """Perhaps take the price difference back, or all channels: a rollback."""
    mode = scene.firms.mode[row, task]
    if mode == STAFFED or coverage_of(row, task, scene) < ESTABLISHED:
        return -1, 0, 0.0
    if mode == OPTIONAL and not _comes_first(task, scene):
        return -1, 0, 0.0
    incentive = mode == INCENTIVISED
    index = worth_of_incentive(row, task, scene) if incentive else _realised_worth(row, task, scene)
    imitated = rivals_coverage(row, task, scene)
    complaints = _complaints(row, scene) if incentive else 0.0
    if not _decides_down(row, _DOWN, task, index, imitated, complaints, scene):
        return -1, 0, 0.0
    if incentive:
        scene.firms.mode[row, task] = OPTIONAL
        return DISINCENTIVISE, task, index
    withdraw(row, task, scene)
    return WITHDRAW, task, index


@step_rule
def _shares_machine(task, other, scene):
    """Return whether two tasks of a sector share an installation; a task does with itself."""
    work = scene.work
    for mine in range(work.first_channel[task], work.first_channel[task] + work.n_channels[task]):
        for its in range(work.first_channel[other], work.first_channel[other] + work.n_channels[other]):
            if work.installation[mine] == work.installation[its]:
                return True
    return False


@step_rule
def _comes_first(task, scene):
    """Return whether no task before it shares an installation with a task."""
    for other in range(scene.work.first_task[scene.work.sector[task]], task):
        if _shares_machine(task, other, scene):
            return False
    return True


@step_rule
def _realised_worth(row, task, scene):
    """Return the index of the channels of all tasks on a task's installation, with what was learned."""
    work, benefits, costs = scene.work, 0.0, 0.0
    sector = work.sector[task]
    for other in range(work.first_task[sector], work.first_task[sector] + work.n_tasks[sector]):
        if _shares_machine(task, other, scene):
            benefit, cost = realised_of(row, other, scene)
            benefits += benefit
            costs += cost
    return worth_index(benefits, costs)


@column_pass
def withdraw(row, task, scene):
    """Offer no channel of the tasks on a task's installation from now on."""
    work, sector = scene.work, scene.work.sector[task]
    for other in range(work.first_task[sector], work.first_task[sector] + work.n_tasks[sector]):
        if _shares_machine(task, other, scene):
            first = work.first_channel[other]
            for channel in range(first, first + work.n_channels[other]):
                scene.firms.offered[row, channel] = False
            scene.firms.mode[row, other] = STAFFED


@step_rule
def _close_slice(row, counter, scene):
    """Perhaps close some more of its counters of one kind."""
    firms, rules, limit = scene.firms, scene.rules, scene.outlook.largest_closed[counter]
    if firms.closing[row, counter] >= limit or _acceptance_at(row, counter, scene) < _UNFIT_FOR_CLOSING:
        return -1, 0, 0.0
    index = worth_of_closing(row, counter, scene)
    imitated = rules.closing_imitation * rivals_mean(row, scene.outlook.closing, counter, scene)
    chance = upgrade_probability(
        rules.upgrade_intercept + rules.closing_intercept,
        index,
        firms.pressure[row],
        imitated * _ambiguity_at(row, counter, scene),
        rules.worth_weight,
        rules.pressure_weight,
    )
    if _draw(row, _CLOSE, _COUNTERS + counter, scene) >= chance:
        return -1, 0, 0.0
    firms.closing[row, counter] = min(limit, firms.closing[row, counter] + rules.closing_step)
    return CLOSE, counter, index


@step_rule
def _reopen_slice(row, counter, scene):
    """Perhaps open some of its closed counters again: a rollback too."""
    firms = scene.firms
    if firms.closing[row, counter] <= 0.0:
        return -1, 0, 0.0
    index = worth_of_closing(row, counter, scene)
    imitated, complaints = rivals_mean(row, scene.outlook.closing, counter, scene), _complaints(row, scene)
    if not _decides_down(row, _REOPEN, _COUNTERS + counter, index, imitated, complaints, scene):
        return -1, 0, 0.0
    firms.closing[row, counter] = max(0.0, firms.closing[row, counter] - scene.rules.closing_step)
    return REOPEN, counter, index


@step_rule
def _acceptance_at(row, counter, scene):
    """Return the believed self-served share of the occasions at a counter."""
    work, served, weight = scene.work, 0.0, 0.0
    sector = work.firm_sector[row]
    for task in range(work.first_task[sector], work.first_task[sector] + work.n_tasks[sector]):
        if work.counter[task] == counter:
            occasions = occasions_of(task, scene)
            served += occasions * scene.firms.belief[row, task] * coverage_of(row, task, scene)
            weight += occasions
    return served / max(weight, _NO_OCCASIONS)


@step_rule
def _ambiguity(row, task, scene):
    """Return how ambiguous the returns of a task still are, 1 before any review with a channel to judge."""
    return math.exp(-scene.rules.ambiguity_fading * scene.firms.reviews[row, task])


@step_rule
def _ambiguity_at(row, counter, scene):
    """Return the least ambiguity among the tasks at a counter."""
    work, least = scene.work, math.inf
    sector = work.firm_sector[row]
    for task in range(work.first_task[sector], work.first_task[sector] + work.n_tasks[sector]):
        if work.counter[task] == counter:
            least = min(least, _ambiguity(row, task, scene))
    return least


@step_rule
def _complaints(row, scene):
    """Return logits towards staff from customers' grievance."""
    return min(3.0, scene.rules.complaint_weight * scene.firms.grievance[row])


@step_rule
def _decides_up(row, decision, task, index, rivals, scene):
    rules = scene.rules
    chance = upgrade_probability(
        rules.upgrade_intercept,
        index,
        scene.firms.pressure[row],
        rules.imitation * rivals * _ambiguity(row, task, scene),
        rules.worth_weight,
        rules.pressure_weight,
    )
    return _draw(row, decision, task, scene) < chance


@step_rule
def _decides_down(row, decision, place, index, rivals, complaints, scene):
    rules = scene.rules
    if place < _COUNTERS:
        ambiguity = _ambiguity(row, place, scene)
    else:
        ambiguity = _ambiguity_at(row, place - _COUNTERS, scene)
    chance = rollback_probability(
        rules.rollback_intercept,
        index,
        scene.firms.pressure[row],
        complaints,
        rules.staying_imitation * rivals * ambiguity,
        rules.worth_weight,
        rules.pressure_weight,
    )
    return _draw(row, decision, place, scene) < chance


@step_rule
def _draw(row, decision, place, scene):
    return uniform(scene.outlook.key, row, place * 8 + decision)
