"""Acting: a month of one task for a tile of consumers who look at it, serve themselves or are served.

What does not depend on a consumer's own minutes is counted, not added up: a count by firm and by group
of people for each state in which an occasion can be (``agents/ledger.py``).
"""

import numpy as np

from agents import ledger as lines
from agents import tile_loops as loops
from agents.choice import far_counter_minutes, required_skill
from agents.columns import EROSION, FORGONE_USE, HOURS, share_of, word_of
from agents.decision import decide
from agents.looking import count_states, list_due, list_own, mind_in, note_looking, share_seen
from agents.rules.acceptance import success_probability
from agents.rules.compiled import step_rule
from agents.rules.consequences import experience_after
from agents.rules.service_capacity import failed_attempt_minutes
from agents.rules.time_use import own_minutes, time_advantage

_ONE = np.uint32(1)


@step_rule
def use_service(
    people, start, count, sector, task, tile, rivals_open, offers, behaviour, work, moment, awake, decides,
    counts, sums,
):  # fmt: skip
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
