"""Loops over a tile, one quantity at a time, that a processor works out for several consumers at once.

Each takes only the arrays that it needs, reads all of them whatever comes out, and has no branches: that is
what lets a compiler put four or thirty-two consumers into one instruction. What they mean stands where they
are called (``acting.py``, ``month.py``).
"""

import numpy as np

from agents.columns import AT_COUNTER, FORGONE_USE, HELPED_USE, share_of, word_of
from agents.draws import word
from agents.ledger import CLOSED_BIT, FORGONE_STATE, HELPED_STATE, N_STATES, OFFERED_BIT
from agents.rules.acceptance import trust_after_attribution
from agents.rules.compiled import tile_loop
from agents.rules.consequences import grievance_after, role_perception

_ONE = np.uint32(1)


@tile_loop
def note_arising(arises, belongs, eligible, task):
    """Note for whom a task arises: eligible, and a customer of a firm."""
    bit = np.uint32(task)
    for place in range(arises.shape[0]):
        arises[place] = belongs[place] & np.uint8((eligible[place] >> bit) & _ONE)


@tile_loop
def set_bits(bits, bit):
    """Set a bit for everyone."""
    for place in range(bits.shape[0]):
        bits[place] |= bit


@tile_loop
def draw_words(words, identity, key, column):
    """Draw a whole number for everyone at one column of addresses."""
    for place in range(words.shape[0]):
        words[place] = word(key, identity[place], column)


@tile_loop
def set_drawn(bits, bit, words, firm, below):
    """Set a bit of those whose draw lies below what holds for their firm."""
    for place in range(bits.shape[0]):
        bits[place] |= bit if words[place] < below[firm[place]] else np.uint8(0)


@tile_loop
def note_pair(of_pair, pair, state, of_task):
    """Note where everyone's state is counted by firm."""
    for place in range(of_pair.shape[0]):
        of_pair[place] = pair[place] + of_task + np.uint32(state[place])


@tile_loop
def note_age(of_cell, state, idle):
    """Note where everyone's state is counted in her group of people: also by the time since digital use."""
    for place in range(of_cell.shape[0]):
        since = idle[place]
        age = np.uint8(since >= 3) + np.uint8(since >= 12) + np.uint8(since >= 36)
        of_cell[place] = np.uint8(age * np.uint8(N_STATES)) + state[place]


@tile_loop
def note_withdrawn(withdrawn, closed, covered):
    """Note whose counter is closed while a channel stands in its place."""
    for place in range(withdrawn.shape[0]):
        withdrawn[place] = closed[place] & (covered[place] != 0)


@tile_loop
def note_looking(looks, arises, phase_is_due, use, covered, withdrawn):
    """Note who looks at a task: her clock is due or her way is gone, and there may be something new."""
    for place in range(looks.shape[0]):
        now, gone = np.int32(use[place]), np.int32(withdrawn[place])
        served, dependent = now == AT_COUNTER, now >= HELPED_USE
        unreached = 1 - ((np.int32(covered[place]) >> ((now - 1) & 7)) & 1)
        lost = gone if served else ((1 - gone) if dependent else unreached)
        something_new = (1 if now != AT_COUNTER else 0) | (1 if covered[place] != 0 else 0)
        looks[place] = (phase_is_due[place] | lost) & arises[place] & something_new


@tile_loop
def note_due(due, phase, wanted):
    """Note whose clock stands at a place."""
    for place in range(due.shape[0]):
        due[place] = 1 if phase[place] == wanted else 0


@tile_loop
def note_states(state, use, covered, closed):
    """Note the states of those who are served, helped or go without."""
    for place in range(state.shape[0]):
        now = use[place]
        way = (HELPED_STATE if now == HELPED_USE else 0) | (FORGONE_STATE if now == FORGONE_USE else 0)
        offered = OFFERED_BIT if covered[place] != 0 else 0
        state[place] = way | offered | (CLOSED_BIT if closed[place] != 0 else 0)


@tile_loop
def note_dependent(depends, closed, use, arises):
    """Note who depends on help or goes without, at a closed counter."""
    for place in range(depends.shape[0]):
        depends[place] = closed[place] & arises[place] & (1 if use[place] >= HELPED_USE else 0)


@tile_loop
def is_any(flags):
    """Return whether any flag is set."""
    found = np.uint8(0)
    for place in range(flags.shape[0]):
        found |= flags[place]
    return found != 0


@tile_loop
def note_own(is_own, use, arises):
    """Note who does a task herself."""
    for place in range(is_own.shape[0]):
        is_own[place] = (
            arises[place] & (1 if use[place] > AT_COUNTER else 0) & (1 if use[place] < HELPED_USE else 0)
        )


@tile_loop
def grow_older(idle, arises):
    """Let another month pass since the last digital use."""
    for place in range(idle.shape[0]):
        idle[place] += arises[place] & (1 if idle[place] < 255 else 0)


@tile_loop
def add_experience(known, experience, arises):
    """Add experience with a service, in 16-bit words."""
    for place in range(known.shape[0]):
        known[place] += np.int32(experience[place]) * np.int32(arises[place])


@tile_loop
def add_whole(total, numbers):
    """Add whole numbers."""
    for place in range(total.shape[0]):
        total[place] += numbers[place]


@tile_loop
def add(total, amounts):
    """Add amounts."""
    for place in range(total.shape[0]):
        total[place] += amounts[place]


@tile_loop
def add_occasions(total, arises, business, private, of_business):
    """Add a month's occasions of a task."""
    for place in range(total.shape[0]):
        occasions = of_business if business[place] != 0 else private
        total[place] += occasions if arises[place] != 0 else 0.0


@tile_loop
def note_waiting(waiting, firm, by_firm):
    """Note the minutes that a firm's longer queues and ways impose on an occasion."""
    for place in range(waiting.shape[0]):
        waiting[place] = by_firm[firm[place]]


@tile_loop
def add_far(waiting, closed, far):
    """Add the way to the next open counter."""
    for place in range(waiting.shape[0]):
        waiting[place] += far if closed[place] != 0 else 0.0


@tile_loop
def add_waiting(total, waiting, use, arises, business, private, of_business):
    """Add a month's waiting of those who are served or helped."""
    for place in range(total.shape[0]):
        occasions = of_business if business[place] != 0 else private
        served = (use[place] == AT_COUNTER) | (use[place] == HELPED_USE)
        total[place] += occasions * waiting[place] if served & (arises[place] != 0) else 0.0


@tile_loop
def note_grievance(grievance, fast, slow):
    """Note grievances, fast and slow part together."""
    for place in range(grievance.shape[0]):
        grievance[place] = min(1.0, share_of(fast[place]) + share_of(slow[place]))


@tile_loop
def note_trust(trust, disposition, slow, attribution_trust):
    """Note trust in the systems of a sector's firm."""
    for place in range(trust.shape[0]):
        trust[place] = trust_after_attribution(disposition[place], share_of(slow[place]), attribution_trust)


@tile_loop
def share_out(hurt, baseline):
    """Turn occasions into shares of the month's, at most 1; nobody without occasions is hurt."""
    for place in range(hurt.shape[0]):
        whole = baseline[place] if baseline[place] > 0.0 else 1.0
        hurt[place] = hurt[place] / whole


@tile_loop
def resent(after, words, hurt, helped, gain, decay, repair):
    """Work out one part of the grievance after the month."""
    for place in range(after.shape[0]):
        after[place] = grievance_after(
            share_of(words[place]), min(1.0, hurt[place]), gain, decay, helped[place], repair
        )


@tile_loop
def blame(after, words, hurt, serving, gain, decay):
    """Work out the attribution after the month."""
    for place in range(after.shape[0]):
        after[place] = grievance_after(
            share_of(words[place]), min(1.0, hurt[place]) * serving[place], gain, decay, 0.0, 0.0
        )


@tile_loop
def see_role(role, gain, fast, slow, baseline, role_gain):
    """See the role at the firm after the month."""
    for place in range(role.shape[0]):
        seen = np.float32(role_perception(gain[place], min(1.0, fast[place] + slow[place]), role_gain))
        role[place] = seen if baseline[place] > 0.0 else role[place]


@tile_loop
def write_share(words, share, baseline):
    """Write shares into 16-bit words, where there were occasions."""
    for place in range(words.shape[0]):
        words[place] = word_of(share[place]) if baseline[place] > 0.0 else words[place]


@tile_loop
def add_share(total, words):
    """Add the shares that 16-bit words stand for."""
    for place in range(total.shape[0]):
        total[place] += share_of(words[place])


@tile_loop
def complain(mood, grievance, threshold, bit):
    """Set a bit of the mood of those with a grievance."""
    for place in range(mood.shape[0]):
        mood[place] |= bit if grievance[place] > threshold else np.uint16(0)


@tile_loop
def add_domain(domains, sector_mask):
    """Count a sector as a domain of life for those who serve themselves in it."""
    for place in range(domains.shape[0]):
        domains[place] += 1 if sector_mask[place] != 0 else 0


@tile_loop
def join_bits(bits, more):
    """Join bits."""
    for place in range(bits.shape[0]):
        bits[place] |= more[place]
