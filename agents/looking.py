"""Who of a tile sees what: closed counters, channels that have reached her, neighbours, and who is due.

Lists and counts of a tile that services (``acting.py``) and contributions (``contributing.py``) share.
"""

import numpy as np

from agents import ledger as lines
from agents import tile_loops as loops
from agents.choice import Mind
from agents.draws import words_below
from agents.rules.compiled import step_rule

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
