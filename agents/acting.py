"""Acting: a month of one task for a tile of consumers who look at it, serve themselves or are served.

What does not depend on a consumer's own minutes is counted, not added up: a count by firm and by group
of people for each state in which an occasion can be (``agents/ledger.py``).
"""

import numpy as np

from agents import ledger as lines
from agents import tile_loops as loops
from agents.choice import (
    Mind,
    far_counter_minutes,
    intensity_of,
    minutes_of_channel,
    required_skill,
)
from agents.columns import EROSION, FORGONE_USE, share_of, word_of
from agents.decision import decide, decide_on_contributing
from agents.draws import words_below
from agents.rules.acceptance import success_probability
from agents.rules.compiled import step_rule
from agents.rules.consequences import experience_after
from agents.rules.service_capacity import failed_attempt_minutes
from agents.rules.time_use import own_minutes, time_advantage

#: Hours in a minute.
HOURS = 1.0 / 60.0
_ONE = np.uint32(1)


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
def see_counter(people, start, count, task, tile, offers, work, moment, closed_somewhere):
    """Note whose counter for a task is closed; nobody has one for contributions."""
    tile.closed[:count] = 0
    counter = work.counter[task]
    if closed_somewhere[counter] and not work.contribution[task]:
        sector = work.sector[task]
        for firm in range(work.first_firm[sector], work.first_firm[sector] + work.n_firms[sector]):
            tile.below[firm] = words_below(offers.closed[firm, counter])
        see_drawn(people, start, count, tile, moment.closed_key, counter, tile.closed[:count], np.uint8(1))


@step_rule
def see_channels(people, start, count, sector, task, tile, offers, work, moment, awake):
    """Note for whom a task arises and which of its channels have reached whom."""
    loops.note_arising(
        tile.arises[:count], tile.belongs[:count], people.eligible[start : start + count], task
    )
    tile.covered[:count] = 0
    if not awake[task]:
        return
    first_firm = work.first_firm[sector]
    for number in range(work.n_channels[task]):
        channel, bit_of_channel = work.first_channel[task] + number, np.uint8(1 << number)
        least, most = 1.0, 0.0
        for firm in range(first_firm, first_firm + work.n_firms[sector]):
            least, most = (
                min(least, offers.coverage[firm, channel]),
                max(most, offers.coverage[firm, channel]),
            )
        if most <= 0.0:
            continue
        if least >= 1.0:
            loops.set_bits(tile.covered[:count], bit_of_channel)
            continue
        for firm in range(first_firm, first_firm + work.n_firms[sector]):
            tile.below[firm] = words_below(offers.coverage[firm, channel])
        see_drawn(
            people, start, count, tile, moment.covered_key, channel, tile.covered[:count], bit_of_channel
        )


@step_rule
def see_drawn(people, start, count, tile, key, column, bits, bit):
    """Set a bit of those whose draw lies below what their firm has reached, as ``tile.below`` notes it."""
    loops.draw_words(tile.words[:count], people.identity[start : start + count], key, column)
    loops.set_drawn(bits, bit, tile.words[:count], tile.firm[:count], tile.below)


@step_rule
def note_looking(people, start, count, task, tile, behaviour, moment):
    """Note who looks at a task this month and may find something new, and whose counter is withdrawn."""
    use, months = people.use[task][start : start + count], behaviour.reconsideration_months
    withdrawn, looks, covered = tile.withdrawn[:count], tile.looks[:count], tile.covered[:count]
    by_phase = tile.by_phase[:count]
    loops.note_due(by_phase, tile.phase[:count], np.uint8((months - moment.clock[task]) % months))
    loops.note_withdrawn(withdrawn, tile.closed[:count], covered)
    loops.note_looking(looks, tile.arises[:count], by_phase, use, covered, withdrawn)


@step_rule
def list_due(count, tile):
    """List those who look at a task; return how many."""
    due = np.uint32(0)
    for place in range(np.uint32(count)):
        tile.due[due] = place
        due += np.uint32(tile.looks[place])
    return due


@step_rule
def share_seen(seen, degree, bit, alone):
    """Return the share of neighbours in whose last page a bit is set; ``alone`` without neighbours."""
    count = np.uint32(0)
    for slot in range(seen.shape[0]):
        count += (np.uint32(seen[slot]) >> bit) & _ONE
    return np.float64(count) / np.float64(degree) if degree else alone


@step_rule
def use_service(
    people,
    start,
    count,
    sector,
    task,
    tile,
    rivals_open,
    offers,
    behaviour,
    work,
    moment,
    awake,
    decides,
    counts,
    sums,
):
    """Let a tile live through a month of one service: look at it, then act."""
    if not awake[task]:
        be_served(people, start, count, sector, task, tile, offers, behaviour, work)
        count_states(people, start, count, sector, task, tile, work, counts)
        return
    counter = work.counter[task]
    note_looking(people, start, count, task, tile, behaviour, moment)
    for row in range(list_due(count, tile) if decides else 0):
        place = tile.due[row]
        person, firm = start + np.int64(place), tile.firm[place]
        degree = people.degree[person]
        seen = (
            share_seen(tile.seen_serving[place], degree, np.uint32(task), 0.5),
            share_seen(tile.seen_mood[place], degree, np.uint32(sector), 0.0),
        )
        decide(
            people, person, firm, task, mind_in(tile, place), tile.covered[place], tile.withdrawn[place] != 0,
            rivals_open[firm, counter], seen, offers, behaviour, work, moment,
        )  # fmt: skip
    be_served(people, start, count, sector, task, tile, offers, behaviour, work)
    own = list_own(people, start, count, task, tile)
    if own > 0:
        serve_themselves(people, start, own, sector, task, tile, offers, behaviour, work, moment, sums)
    count_states(people, start, count, sector, task, tile, work, counts)


@step_rule
def be_served(people, start, count, sector, task, tile, offers, behaviour, work):
    """Note the state of everyone, and what the month is for those at the counter, helped or without."""
    end = start + count
    use, idle, experience = people.use[task], people.digital_idle[task], people.experience[task]
    use, idle, experience = use[start:end], idle[start:end], experience[start:end]
    business = people.business[start:end]
    private = work.occasions[task]
    of_business = private * work.business_occasions[task]
    reference, far = work.staffed_minutes[task], far_counter_minutes(task, behaviour, work)
    arises = tile.arises[:count]
    loops.note_states(tile.state[:count], use, tile.covered[:count], tile.closed[:count])
    loops.grow_older(idle, arises)
    loops.add_experience(tile.known[:count], experience, arises)
    loops.add_whole(tile.services[:count], arises)
    loops.add_occasions(tile.sector_baseline[:count], arises, business, private, of_business)
    for firm in range(work.first_firm[sector], work.first_firm[sector] + work.n_firms[sector]):
        tile.by_firm[firm] = offers.staffed_minutes[firm, task] - reference
    waiting = tile.amount[:count]
    loops.note_waiting(waiting, tile.firm[:count], tile.by_firm)
    loops.add_far(waiting, tile.closed[:count], far)
    loops.add_waiting(tile.waiting[:count], waiting, use, arises, business, private, of_business)
    bear_it(people, start, count, task, tile, work)


@step_rule
def bear_it(people, start, count, task, tile, work):
    """Note what those feel who find a closed counter: forgoing hurts, help repairs."""
    use, depends = people.use[task][start : start + count], tile.looks[:count]
    loops.note_dependent(depends, tile.closed[:count], use, tile.arises[:count])
    if not loops.is_any(depends):
        return
    for place in range(count):
        if depends[place]:
            person = start + place
            occasions = work.occasions[task]
            occasions = occasions * work.business_occasions[task] if people.business[person] else occasions
            if use[place] == FORGONE_USE:
                tile.sector_hurt[place] += occasions * people.autonomy[person]
                tile.forgoes[place] = True
            else:
                tile.sector_helped[place] += occasions


@step_rule
def list_own(people, start, count, task, tile):
    """List those who serve themselves in a task, or contribute; return how many."""
    use = people.use[task][start : start + count]
    own, is_own = np.uint32(0), tile.looks[:count]
    loops.note_own(is_own, use, tile.arises[:count])
    for place in range(np.uint32(count)):
        tile.own[own] = place
        own += np.uint32(is_own[place])
    return own


@step_rule
def serve_themselves(people, start, own, sector, task, tile, offers, behaviour, work, moment, sums):
    """Work out and book a month of self-service of the first ``own`` consumers listed."""
    reference, rebound = work.staffed_minutes[task], work.rebound[task]
    private = work.occasions[task]
    of_business = private * work.business_occasions[task]
    look_up_own(people, start, own, sector, task, tile, behaviour, work)
    help_minutes = failed_attempt_minutes(reference, behaviour.escalation_minutes)
    for row in range(own):
        place, channel = tile.own[row], tile.channel[row]
        tile.occasions[row] = of_business if people.business[start + np.int64(place)] else private
        tile.today[row] = offers.staffed_minutes[tile.firm[place], task]
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
        failures = served * (1.0 - success)
        tile.failures[row] = failures
        tile.own_minutes[row] = served * minutes
        tile.own_time[row] = served * minutes + failures * help_minutes
        tile.gain[row] = occasions * time_advantage(tile.today[row], tile.own_noticed[row] * minutes)
        tile.learnt[row] = experience_after(experience, served, success, behaviour.learning_rate)
    book_own(people, start, own, task, tile, behaviour, work, sums)


@step_rule
def look_up_own(people, start, own, sector, task, tile, behaviour, work):
    """Put into line what is needed of those who serve themselves."""
    first, first_of_sector = work.first_channel[task], work.sector_first_channel[sector]
    for row in range(own):
        place = tile.own[row]
        person = start + np.int64(place)
        channel = first + people.use[task, person] - 1
        tile.channel[row] = channel
        line = work.firm_channel[tile.firm[place]] + channel - first_of_sector
        tile.line[row] = line
        tile.experience[row] = share_of(people.experience[task, person])
        tile.requirement[row] = required_skill(people, person, channel, behaviour, work)
        tile.own_skill[row] = tile.skill[place]
        tile.own_noticed[row] = tile.noticed[place]


@step_rule
def book_own(people, start, own, task, tile, behaviour, work, sums):
    """Book what was worked out, by firm and channel and by consumer, and note experience and states."""
    eroded, rebound = EROSION * work.staffed_minutes[task], work.rebound[task]
    for row in range(own):
        place, channel, occasions = tile.own[row], tile.channel[row], tile.occasions[row]
        person = start + np.int64(place)
        reason, failures = people.reason[task, person], tile.failures[row]
        served = occasions + occasions * rebound
        forced = tile.withdrawn[place] != 0 or tile.today[row] >= eroded
        tipped, unwilling = reason & 1, (reason >> 1) & 1
        line_of_class = lines.OWN_INCENTIVISED if tipped else lines.OWN_VOLUNTARY
        line_of_class = lines.OWN_FORCED if forced else line_of_class
        hurt = failures if forced or tipped else behaviour.voluntary_blame * failures
        hurt += (served - failures) * people.autonomy[person] if unwilling else 0.0
        own_time = tile.own_time[row]
        line = sums[people.business[person], tile.line[row]]
        line[lines.OWN_PEOPLE] += 1.0
        line[line_of_class] += tile.own_minutes[row]
        line[lines.OWN_FAILED] += failures
        line[lines.OWN_FELT] += tile.own_noticed[row] * own_time
        line[lines.OWN_VALUED] += own_time * people.value_of_time[person] * HOURS
        tile.state[place] = lines.OWN_BIT | (lines.FORCED_BIT if forced else 0) | ((reason & 7) << 1)
        tile.sector_minutes[place] += own_time
        tile.sector_gain[place] += tile.gain[row]
        tile.sector_hurt[place] += hurt
        tile.sector_forced[place] += served if forced else 0.0
        tile.avoided_now[place] += occasions * tile.today[row]
        tile.loss[place] += failures * work.responsibility[channel] * behaviour.error_loss
        tile.sector_mask[place] |= _ONE << np.uint32(task)
        tile.rung[place] = max(tile.rung[place], work.co_design[channel])
        people.experience[task, person] = word_of(tile.learnt[row])
        if work.channel_access[channel] > 0:
            people.digital_idle[task, person] = 0


@step_rule
def count_states(people, start, count, sector, task, tile, work, counts):
    """Count everyone's state in a task by firm and by group of people, with her last digital use."""
    idle = people.digital_idle[task][start : start + count]
    of_task = np.uint32((task - work.first_task[sector]) * 2 * lines.N_STATES)
    pair, cell, by_cell = tile.of_pair[:count], tile.of_cell[:count], counts.cells[task]
    loops.note_pair(pair, tile.pair[:count], tile.state[:count], of_task)
    loops.note_age(cell, tile.state[:count], idle)
    for place in range(count):
        one = np.uint32(tile.arises[place])
        counts.pairs[pair[place]] += one
        by_cell[tile.cell[place], cell[place]] += one


@step_rule
def contribute(
    people, start, count, sector, task, tile, behaviour, work, moment, awake, decides, counts, sums
):
    """Let a tile decide on contributing where it is due, and contribute."""
    if not awake[task]:
        tile.state[:count] = 0
        count_states(people, start, count, sector, task, tile, work, counts)
        return
    note_looking(people, start, count, task, tile, behaviour, moment)
    for row in range(list_due(count, tile) if decides else 0):
        place = tile.due[row]
        person = start + np.int64(place)
        doing_it = share_seen(tile.seen_serving[place], people.degree[person], np.uint32(task), 0.5)
        decide_on_contributing(
            people, person, task, mind_in(tile, place), tile.covered[place], doing_it, behaviour, work, moment
        )
    use, idle = people.use[task][start : start + count], people.digital_idle[task][start : start + count]
    loops.note_states(tile.state[:count], use, tile.covered[:count], tile.closed[:count])
    loops.grow_older(idle, tile.arises[:count])
    first, first_of_sector = work.first_channel[task], work.sector_first_channel[sector]
    for row in range(list_own(people, start, count, task, tile)):
        place = tile.own[row]
        person = start + np.int64(place)
        channel = first + people.use[task, person] - 1
        occasions = work.occasions[task]
        occasions = occasions * work.business_occasions[task] if people.business[person] else occasions
        given = occasions * intensity_of(people, person, task, behaviour, moment)
        own_time = given * minutes_of_channel(
            people, person, task, channel, tile.skill[place], behaviour, work, moment
        )
        line = sums[people.business[person], work.firm_channel[tile.firm[place]] + channel - first_of_sector]
        line[lines.OWN_PEOPLE] += 1.0
        line[lines.OWN_GIVEN] += given
        line[lines.OWN_VOLUNTARY] += own_time
        line[lines.OWN_FELT] += tile.noticed[place] * own_time
        line[lines.OWN_VALUED] += own_time * people.value_of_time[person] * HOURS
        tile.state[place] |= lines.OWN_BIT
        tile.sector_minutes[place] += own_time
        tile.given[place] += given
        if given > 0.0:
            tile.sector_mask[place] |= _ONE << np.uint32(task)
            tile.rung[place] = max(tile.rung[place], work.co_design[channel])
        experience = share_of(people.experience[task, person])
        people.experience[task, person] = word_of(
            experience_after(experience, given, work.success[channel], behaviour.learning_rate)
        )
        people.digital_idle[task, person] = 0
    count_states(people, start, count, sector, task, tile, work, counts)
