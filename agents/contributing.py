"""Contributing: consumers who rate, help, promote or design for firms; nobody else would do it for them."""

import math

import numpy as np

from agents import ledger as lines
from agents import tile_loops as loops
from agents.choice import experience_below, minutes_of_channel, required_skill, taste
from agents.columns import AT_COUNTER, GLADLY, HOURS, share_of, word_of
from agents.demography import SELF_REALISATION_MEAN, SELF_REALISATION_SPREAD
from agents.draws import uniform
from agents.looking import count_states, list_due, list_own, mind_in, note_looking, share_seen
from agents.reach import has_access
from agents.rules.acceptance import motive_term, peer_term
from agents.rules.compiled import step_rule
from agents.rules.consequences import experience_after
from agents.rules.contribution import intensity, ladder_term, standard_normal

#: Addresses of intensities lie beyond those of tastes.
_INTENSITIES = 1 << 41
_ONE = np.uint32(1)


@step_rule
def contribution_utility(people, person, task, channel, mind, doing_it, behaviour, work, moment):
    """Return the logits of contributing: motives, skill, peers, reach and the ladder, against strain.

    There is no time to compare: nobody else would do it for her.
    """
    requirement = required_skill(people, person, channel, behaviour, work)
    motives = motive_term(people.autonomy[person], work.autonomy[channel], behaviour.autonomy_weight)
    if not people.business[person]:
        motives += motive_term(people.enjoyment[person], work.enjoyment[channel], behaviour.enjoyment_weight)
        motives += motive_term(
            people.self_realisation[person], work.self_realisation[channel], behaviour.self_realisation_weight
        )
    return (
        work.intercept[task]
        + work.channel_intercept[channel]
        + motives
        + behaviour.ability_weight_digital * (mind.skill - requirement)
        + peer_term(doing_it, 0.0, behaviour.peer_effect, 0.0)
        + behaviour.reach_weight * moment.internet
        + ladder_term(experience_below(people, person, channel, work), behaviour.ladder)
        - behaviour.overload_weight * mind.strain
        - behaviour.grievance_weight * mind.grievance
        + behaviour.readiness_spread * people.readiness[person]
        + moment.country_logits
    )


@step_rule
def intensity_of(people, person, task, behaviour, moment):
    """Return how intensively she contributes, relative to the mean contributor; it never changes."""
    identity = people.identity[person]
    own = standard_normal(
        uniform(moment.taste_key, identity, _INTENSITIES + 2 * task),
        uniform(moment.taste_key, identity, _INTENSITIES + 2 * task + 1),
    )
    motive = (people.self_realisation[person] - SELF_REALISATION_MEAN) / SELF_REALISATION_SPREAD
    return intensity(motive, own, behaviour.intensity_spread)


@step_rule
def decide_on_contributing(people, person, task, mind, covered, doing_it, behaviour, work, moment):
    """Write whether she contributes from now on, by the best channel she can use."""
    best, utility = -1, -math.inf
    first = work.first_channel[task]
    for place in range(work.n_channels[task]):
        channel = first + place
        if not (covered >> place) & 1 or not has_access(people, person, work.channel_access[channel], moment):
            continue
        value = contribution_utility(people, person, task, channel, mind, doing_it, behaviour, work, moment)
        if value > utility:
            best, utility = channel, value
    use, reason = AT_COUNTER, 0
    if best >= 0:
        refrains = taste(people, person, task, 0, mind.epoch, moment)
        if utility + taste(people, person, task, 1, mind.epoch, moment) > refrains:
            use, reason = best - first + 1, GLADLY
    people.use[task, person], people.reason[task, person] = use, reason


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
