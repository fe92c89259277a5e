"""Staying, switching and leaving: the second compiled pass of a month, and the renewal of slots."""

import math

import numpy as np

from agents import ledger as lines
from agents import tile as tiles
from agents.choice import grievance_of
from agents.columns import (
    AT_COUNTER,
    AWARENESS_AT_BIRTH,
    FORGONE_USE,
    HELPED_USE,
    NO_FIRM,
    cell_of,
    share_of,
    word_of,
)
from agents.draws import uniform
from agents.reach import counter_is_closed
from agents.rules.acceptance import gumbel, logistic
from agents.rules.compiled import column_pass, step_rule
from agents.rules.lending import at_hand
from agents.rules.loyalty import bond_deficit, leaving_logits

_ONE = np.uint32(1)
#: Upper bound of :func:`bond_deficit`, 1 − 1/√2 of both bonds together: √2 − 1, rounded up.
WEAKEST_BOND = 0.4143
#: A probability, and logits safely below it: 1 / (1 + e^3) = .0474.
UNLIKELY, UNLIKELY_LOGITS = 0.05, -3.0


@step_rule
def renew(people, person, last, sectors, moment):
    """Replace her by a newcomer of the same kind: habits, grievances and tenure start anew."""
    now = 1 - last
    people.use[:, person] = AT_COUNTER
    people.reason[:, person] = 0
    people.experience[:, person] = 0
    people.digital_idle[:, person] = 255
    people.self_serving[now, person] = 0
    people.before[person] = 0
    people.mood[now, person] = 0
    people.fleeing[person] = 0
    people.felt_minutes[person] = 0.0
    people.own_minutes[person] = 0.0
    people.awareness[person] = AWARENESS_AT_BIRTH
    for sector in range(sectors):
        people.grievance[sector, person] = 0
        people.attribution[sector, person] = 0
        people.role[sector, person] = 0.0
        people.joined[sector, person] = moment.month


@step_rule
def share_self_served(people, person, sector, work):
    """Return the share of a sector's tasks that she serves herself."""
    tasks, own = 0, 0
    for task in range(work.first_task[sector], work.first_task[sector] + work.n_tasks[sector]):
        if not work.contribution[task] and (people.eligible[person] >> np.uint32(task)) & _ONE:
            tasks += 1
            if AT_COUNTER < people.use[task, person] < HELPED_USE:
                own += 1
    return own / tasks if tasks else 0.5


@step_rule
def leaves(people, person, sector, mean_price, offers, behaviour, work, moment):
    """Return whether she leaves her firm this month.

    Most people stay whatever their bonds: where a draw is above 5 % and leaving cannot be as likely even
    with the weakest bond, the bond is not worked out.
    """
    firm = people.firm[sector, person]
    luck = uniform(moment.leave_key, people.identity[person], sector)
    gap, role = offers.price[firm] - mean_price, people.role[sector, person]
    grievance = grievance_of(people, person, sector)
    weights = (behaviour.bond, behaviour.price_sensitivity, behaviour.anger, behaviour.warmth)
    at_most = behaviour.leave_intercept + leaving_logits(WEAKEST_BOND, gap, grievance, role, *weights)
    if luck > UNLIKELY and at_most < UNLIKELY_LOGITS:
        return False
    own_share = share_self_served(people, person, sector, work)
    tenure = moment.month - people.joined[sector, person]
    deficit = bond_deficit(own_share, tenure, behaviour.bond_months)
    logits = behaviour.leave_intercept + leaving_logits(deficit, gap, grievance, role, *weights)
    return luck < logistic(logits)


@step_rule
def serves_what_she_lacks(people, person, sector, rival, offers, work, moment):
    """Return whether a rival has an open counter for every task that she forgoes at her own firm."""
    for task in range(work.first_task[sector], work.first_task[sector] + work.n_tasks[sector]):
        lacks = people.use[task, person] == FORGONE_USE
        if lacks and counter_is_closed(people, person, rival, work.counter[task], offers, moment):
            return False
    return True


@step_rule
def choose_firm(people, person, sector, flees, offers, behaviour, work, moment):
    """Return the best of four sampled rivals by price and taste; who flees wants a counter."""
    own = people.firm[sector, person]
    best, value = own, -math.inf
    identity = people.identity[person]
    for look in range(4):
        place = uniform(moment.choice_key, identity, (sector * 4 + look) * 2)
        rival = work.first_firm[sector] + int(place * work.n_firms[sector])
        if rival == own:
            continue
        if flees and not serves_what_she_lacks(people, person, sector, rival, offers, work, moment):
            continue
        liking = gumbel(uniform(moment.choice_key, identity, (sector * 4 + look) * 2 + 1))
        liking -= behaviour.price_choice * offers.price[rival]
        if liking > value:
            best, value = rival, liking
    return best


@step_rule
def move(people, person, sector, rival, moment, firms, cells):
    """Make her a customer of another firm: tenure and grievance start anew, habits stay."""
    own = people.firm[sector, person]
    if rival == own:
        return
    firms[own, lines.LOST] += 1.0
    business = people.business[person]
    place = cell_of(people.age[person], people.education[person], people.income[person], business)
    cells[place, lines.LEFT] += 1.0
    people.firm[sector, person] = rival
    people.joined[sector, person] = moment.month
    people.grievance[sector, person] = 0
    people.attribution[sector, person] = word_of(0.5 * share_of(people.attribution[sector, person]))


@step_rule
def stay_in_sector(people, start, stop, sector, mean_price, offers, behaviour, work, moment, firms, cells):
    """Let consumers stay with or leave their firms in one sector."""
    firm, fleeing = people.firm[sector], people.fleeing
    for person in range(start, stop):
        flees = (fleeing[person] >> np.uint8(sector)) & np.uint8(1) == 1
        if firm[person] == NO_FIRM:
            continue
        if flees or leaves(people, person, sector, mean_price, offers, behaviour, work, moment):
            rival = choose_firm(people, person, sector, flees, offers, behaviour, work, moment)
            move(people, person, sector, rival, moment, firms, cells)


@column_pass
def stay_or_switch(
    first, last_chunk, size, people, last, mean_price, renewal, offers, behaviour, work, moment, ledger
):
    """Let chunks of consumers be replaced at random, and stay with or leave each of their firms.

    Parameters
    ----------
    mean_price : (S,) EUR per month.
    renewal : probability of being replaced this month.
    """
    people, offers, behaviour = at_hand(people), at_hand(offers), at_hand(behaviour)
    work, moment = at_hand(work), at_hand(moment)
    consumers = people.identity.shape[0]
    sectors = work.first_task.shape[0]
    for chunk in range(first, last_chunk):
        end = min(consumers, (chunk + 1) * size)
        for start in range(chunk * size, end, tiles.SIZE):
            stop = min(end, start + tiles.SIZE)
            for person in range(start, stop):
                if uniform(moment.renewal_key, people.identity[person], 0) < renewal:
                    renew(people, person, last, sectors, moment)
            for sector in range(sectors):
                if work.captive[sector]:
                    continue
                stay_in_sector(
                    people, start, stop, sector, mean_price[sector], offers, behaviour, work, moment,
                    ledger.firms[chunk], ledger.cells[chunk],
                )  # fmt: skip
            people.fleeing[start:stop] = 0
