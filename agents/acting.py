"""Acting: a month of one task for a tile of consumers who look at it, serve themselves or are served.

What does not depend on a consumer's own minutes is counted, not added up: a count by firm and by group
of people for each state in which an occasion can be (``agents/ledger.py``).
"""

import numpy as np

from agents import ledger as lines
from agents.choice import Mind, counter_is_closed, far_counter_minutes, intensity_of, is_covered
from agents.choice import minutes_of_channel, required_skill
from agents.columns import (
    AGAINST_HER_WILL,
    AT_COUNTER,
    EROSION,
    FORGONE_USE,
    GLADLY,
    HELPED_USE,
    TIPPED_BY_PRICE,
    share_of,
    word_of,
)
from agents.decision import choose, decide_on_contributing, must_reconsider
from agents.rules.acceptance import success_probability
from agents.rules.compiled import step_rule
from agents.rules.consequences import experience_after
from agents.rules.service_capacity import failed_attempt_minutes
from agents.rules.time_use import own_minutes, time_advantage

#: Hours in a minute.
HOURS = 1.0 / 60.0
_ONE = np.uint32(1)


@step_rule
def monthly_occasions(people, person, task, work):
    """Return her baseline occasions of a task in a month."""
    occasions = work.occasions[task]
    return occasions * work.business_occasions[task] if people.business[person] else occasions


@step_rule
def arises(people, person, place, task, tile):
    """Return whether a task arises for her this month: eligible, and a customer of a firm."""
    return tile.belongs[place] and (people.eligible[person] >> np.uint32(task)) & _ONE != 0


@step_rule
def mind_in(tile, place):
    """Return what weighs in her decisions about the present sector."""
    return Mind(
        tile.skill[place],
        tile.noticed[place],
        tile.time_weight[place],
        tile.epoch[place],
        tile.strain[place],
        tile.grievance[place],
        tile.trust[place],
    )


@step_rule
def see_counter(people, start, count, counter, tile, offers, moment, closed_somewhere):
    """Note whose counter is closed."""
    for place in range(count):
        tile.closed[place] = False
    if closed_somewhere[counter]:
        for place in range(count):
            tile.closed[place] = counter_is_closed(
                people, start + place, tile.firm[place], counter, offers, moment
            )


@step_rule
def see_channels(people, start, count, task, tile, offers, work, moment, offered_somewhere):
    """Note which channels of a task have reached whom."""
    for place in range(count):
        tile.covered[place] = 0
    first = work.first_channel[task]
    for number in range(work.n_channels[task]):
        channel = first + number
        if offered_somewhere[channel]:
            for place in range(count):
                if is_covered(people, start + place, tile.firm[place], channel, offers, moment):
                    tile.covered[place] |= np.uint8(1 << number)


@step_rule
def find_due(people, start, count, task, tile, behaviour, moment):
    """List those who look at a task this month and may find something new; return how many."""
    due = 0
    clock_of_task = moment.clock[task]
    for place in range(count):
        person = start + place
        use, covered = people.use[person, task], tile.covered[place]
        withdrawn = tile.closed[place] and covered != 0
        looks = must_reconsider(use, tile.phase[place] + clock_of_task, covered, withdrawn, behaviour)
        tile.due[due] = place
        nothing_new = use == AT_COUNTER and covered == 0
        if looks and not nothing_new and arises(people, person, place, task, tile):
            due += 1
    return due


@step_rule
def use_service(
    people, start, count, sector, task, last, tile, rivals_open, offers, behaviour, work, moment, counts, sums
):
    """Let a tile live through a month of one service: look at it, then act."""
    counter = work.counter[task]
    for number in range(find_due(people, start, count, task, tile, behaviour, moment)):
        place = tile.due[number]
        covered, firm = tile.covered[place], tile.firm[place]
        withdrawn = tile.closed[place] and covered != 0
        rivals = rivals_open[firm, counter]
        choose(
            people, start + place, firm, task, mind_in(tile, place), covered, withdrawn, rivals, last,
            offers, behaviour, work, moment,
        )  # fmt: skip
    own = be_served(people, start, count, sector, task, tile, offers, behaviour, work, counts)
    if own > 0:
        serve_themselves(people, start, own, sector, task, tile, offers, behaviour, work, moment, counts, sums)


@step_rule
def be_served(people, start, count, sector, task, tile, offers, behaviour, work, counts):
    """Book those at the counter, helped or without service; list the others and return how many."""
    own = 0
    reference = work.staffed_minutes[task]
    far = far_counter_minutes(task, behaviour, work)
    pair_of_task = task - work.first_task[sector]
    for place in range(count):
        person = start + place
        if not arises(people, person, place, task, tile):
            continue
        use, firm = people.use[person, task], tile.firm[place]
        occasions = monthly_occasions(people, person, task, work)
        tile.sector_baseline[place] += occasions
        tile.known[place] += people.experience[person, task]
        tile.services[place] += 1
        if people.digital_idle[person, task] < 255:
            people.digital_idle[person, task] += np.uint8(1)
        if AT_COUNTER < use < HELPED_USE:
            tile.own[own] = place
            own += 1
            continue
        state = lines.STAFFED_STATE
        closed = tile.closed[place]
        if use == FORGONE_USE:
            state = lines.FORGONE_STATE
            tile.sector_hurt[place] += occasions * people.autonomy[person]
            tile.forgoes[place] = True
        else:
            waiting = offers.staffed_minutes[firm, task] - reference
            if closed:
                waiting += far
            tile.waiting[place] += occasions * waiting
            if use == HELPED_USE:
                state = lines.HELPED_STATE
                tile.sector_helped[place] += occasions
        state += (lines.OFFERED_BIT if tile.covered[place] else 0) + (lines.CLOSED_BIT if closed else 0)
        count_her(people, person, place, firm, task, pair_of_task, state, tile, work, counts)
    return own


@step_rule
def count_her(people, person, place, firm, task, pair_of_task, state, tile, work, counts):
    """Count her state in a task by firm and by group of people, and how recent her digital use is."""
    business = np.int64(people.business[person])
    counts.pairs[work.firm_pair[firm] + pair_of_task, business * lines.N_STATES + state] += _ONE
    cell = tile.cell[place]
    counts.cells[cell, task, state] += _ONE
    idle = people.digital_idle[person, task]
    if idle < 36:
        counts.digital[cell, task, 0 if idle < 3 else (1 if idle < 12 else 2)] += _ONE


@step_rule
def serve_themselves(people, start, own, sector, task, tile, offers, behaviour, work, moment, counts, sums):
    """Work out and book a month of self-service of the first ``own`` consumers listed."""
    first, reference = work.first_channel[task], work.staffed_minutes[task]
    for row in range(own):
        place = tile.own[row]
        person = start + place
        channel = first + people.use[person, task] - 1
        tile.channel[row] = channel
        tile.experience[row] = share_of(people.experience[person, task])
        tile.requirement[row] = required_skill(people, person, channel, behaviour, work)
        tile.own_skill[row] = tile.skill[place]
        tile.own_noticed[row] = tile.noticed[place]
        tile.occasions[row] = monthly_occasions(people, person, task, work)
        tile.today[row] = offers.staffed_minutes[tile.firm[place], task]
    rebound = work.rebound[task]
    for row in range(own):
        channel, occasions, skill = tile.channel[row], tile.occasions[row], tile.own_skill[row]
        requirement, experience = tile.requirement[row], tile.experience[row]
        served = occasions + occasions * rebound
        minutes = own_minutes(
            work.minutes[channel] * moment.minutes_factor,
            experience,
            max(0.0, requirement - skill),
            behaviour.inexperience_minutes,
            behaviour.shortfall_minutes,
        )
        success = success_probability(
            work.success_logits[channel], skill, requirement, behaviour.success_slope
        )
        tile.own_minutes[row] = minutes
        tile.failures[row] = served * (1.0 - success)
        tile.gain[row] = occasions * time_advantage(tile.today[row], tile.own_noticed[row] * minutes)
        tile.learnt[row] = experience_after(experience, served, success, behaviour.learning_rate)
    eroded = EROSION * reference
    help_minutes = failed_attempt_minutes(reference, behaviour.escalation_minutes)
    pair_of_task = task - work.first_task[sector]
    for row in range(own):
        place, channel, occasions = tile.own[row], tile.channel[row], tile.occasions[row]
        person, firm = start + place, tile.firm[place]
        reason = people.reason[person, task]
        served, failures = occasions + occasions * rebound, tile.failures[row]
        minutes = served * tile.own_minutes[row]
        own_time = minutes + failures * help_minutes
        line = sums[people.business[person], work.firm_channel[firm] + channel - work.sector_first_channel[sector]]
        state, blame, line_of_class = lines.OWN_BIT, 1.0, lines.OWN_INCENTIVISED
        if (tile.closed[place] and tile.covered[place] != 0) or tile.today[row] >= eroded:
            state |= lines.FORCED_BIT
            line_of_class = lines.OWN_FORCED
            tile.sector_forced[place] += served
        if reason & TIPPED_BY_PRICE:
            state |= lines.TIPPED_BIT
        elif not state & lines.FORCED_BIT:
            line_of_class = lines.OWN_VOLUNTARY
            blame = behaviour.voluntary_blame
        hurt = blame * failures
        if reason & AGAINST_HER_WILL:
            state |= lines.UNWILLING_BIT
            hurt += (served - failures) * people.autonomy[person]
        if reason & GLADLY:
            state |= lines.WELCOME_BIT
        line[lines.OWN_PEOPLE] += 1.0
        line[line_of_class] += minutes
        line[lines.OWN_FAILED] += failures
        line[lines.OWN_FELT] += tile.noticed[place] * own_time
        line[lines.OWN_VALUED] += own_time * people.value_of_time[person] * HOURS
        tile.sector_minutes[place] += own_time
        tile.sector_gain[place] += tile.gain[row]
        tile.sector_hurt[place] += hurt
        tile.avoided_now[place] += occasions * tile.today[row]
        tile.loss[place] += failures * work.responsibility[channel] * behaviour.error_loss
        tile.sector_mask[place] |= _ONE << np.uint32(task)
        tile.rung[place] = max(tile.rung[place], work.co_design[channel])
        people.experience[person, task] = word_of(tile.learnt[row])
        if work.channel_access[channel] > 0:
            people.digital_idle[person, task] = 0
        count_her(people, person, place, firm, task, pair_of_task, state, tile, work, counts)


@step_rule
def contribute(people, start, count, sector, task, last, tile, behaviour, work, moment, counts, sums):
    """Let a tile decide on contributing where it is due, and contribute."""
    pair_of_task = task - work.first_task[sector]
    clock_of_task = moment.clock[task]
    for place in range(count):
        person = start + place
        if not arises(people, person, place, task, tile):
            continue
        if people.digital_idle[person, task] < 255:
            people.digital_idle[person, task] += np.uint8(1)
        covered, firm = tile.covered[place], tile.firm[place]
        clock = tile.phase[place] + clock_of_task
        if must_reconsider(people.use[person, task], clock, covered, False, behaviour):
            decide_on_contributing(
                people, person, task, mind_in(tile, place), covered, last, behaviour, work, moment
            )
        use = people.use[person, task]
        state = lines.OFFERED_BIT if covered else 0
        if use != AT_COUNTER:
            state |= lines.OWN_BIT
            channel = work.first_channel[task] + use - 1
            given = monthly_occasions(people, person, task, work) * intensity_of(
                people, person, task, behaviour, moment
            )
            skill = tile.skill[place]
            own_time = given * minutes_of_channel(
                people, person, task, channel, skill, behaviour, work, moment
            )
            line = sums[people.business[person], work.firm_channel[firm] + channel - work.sector_first_channel[sector]]
            line[lines.OWN_PEOPLE] += 1.0
            line[lines.OWN_GIVEN] += given
            line[lines.OWN_VOLUNTARY] += own_time
            line[lines.OWN_FELT] += tile.noticed[place] * own_time
            line[lines.OWN_VALUED] += own_time * people.value_of_time[person] * HOURS
            tile.sector_minutes[place] += own_time
            tile.given[place] += given
            if given > 0.0:
                tile.sector_mask[place] |= _ONE << np.uint32(task)
                tile.rung[place] = max(tile.rung[place], work.co_design[channel])
            experience = share_of(people.experience[person, task])
            people.experience[person, task] = word_of(
                experience_after(experience, given, work.success[channel], behaviour.learning_rate)
            )
            people.digital_idle[person, task] = 0
        count_her(people, person, place, firm, task, pair_of_task, state, tile, work, counts)
