"""A month of many consumers: the first compiled pass over the columns.

:func:`live_a_month` lets a block of chunks choose, act, learn, tire and notice. It reads last month's
neighbours and writes only its own rows and its own chunk of the ledger.
"""

import math

import numpy as np

from agents import ledger as lines
from agents.acting import be_served, book_digital_use, contribute, monthly_occasions, serve_herself
from agents.choice import counter_is_closed, epoch_of, grievance_of, is_offered, skill_today, strain_of
from agents.columns import AT_COUNTER, AWARE, FORGONE_USE, HELPED_USE, NO_FIRM, cell_of, share_of, word_of
from agents.decision import choose, mood_share, must_reconsider, phase_of
from agents.rules.acceptance import role_clarity
from agents.rules.compiled import column_pass, step_rule
from agents.rules.consequences import awareness_after, grievance_after, role_perception

_ONE = np.uint32(1)


@step_rule
def feel(people, person, sector, firm, hurt, helped, gain, offers, behaviour):
    """Update her grievance (fast), attribution (slow) and role perception in one sector."""
    hurt = min(1.0, hurt)
    fast = grievance_after(
        share_of(people.grievance[person, sector]),
        hurt,
        behaviour.grievance_gain,
        behaviour.grievance_decay,
        helped,
        behaviour.repair,
    )
    firm_serving = 0.5 if offers.pays[firm] else 1.0
    slow = grievance_after(
        share_of(people.attribution[person, sector]),
        hurt * firm_serving,
        behaviour.attribution_gain,
        behaviour.attribution_decay,
        0.0,
        0.0,
    )
    people.grievance[person, sector] = word_of(fast)
    people.attribution[person, sector] = word_of(slow)
    people.role[person, sector] = role_perception(gain, min(1.0, fast + slow), behaviour.role_gain)


@step_rule
def tire_and_notice(people, person, last, felt, minutes, forced_share, behaviour, moment):
    """Update what she is used to, how she is strained, and how far she notices her role."""
    before = people.felt_minutes[person]
    people.felt_minutes[person] = before + behaviour.strain_speed * (felt - before)
    usual = people.own_minutes[person]
    people.own_minutes[person] = usual + (minutes - usual) / 12.0
    irritation = strain_of(people, person) + min(1.0, forced_share) + moment.campaign
    aware = mood_share(people, person, last, np.uint16(AWARE))
    people.awareness[person] = awareness_after(
        people.awareness[person],
        irritation,
        aware,
        behaviour.noticing,
        behaviour.awareness_contagion,
        behaviour.awareness_fading,
    )


@step_rule
def live_with_sector(
    people,
    person,
    sector,
    skill,
    rhythm,
    last,
    rivals_open,
    offers,
    behaviour,
    work,
    moment,
    pairs,
    channels,
    cell,
    cell_tasks,
):
    """Let her choose and act in all tasks of one sector, then learn, resent and see her role.

    Returns
    -------
    (own minutes, noticed minutes, baseline occasions, forced occasions, contributions, experience as words
    summed over services, number of services, tasks self-served as bits, highest rung, forgoes something).
    """
    firm = people.firm[person, sector]
    if firm == NO_FIRM:
        return 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0, np.uint32(0), 0, False
    phase, epoch = rhythm
    felt, given, known, services, rung = 0.0, 0.0, 0, 0, 0
    minutes, baseline, gain, hurt, forced, helped = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    mask, forgoes = np.uint32(0), False
    counter, closed = -1, False
    first = work.first_task[sector]
    for task in range(first, first + work.n_tasks[sector]):
        if not (people.eligible[person] >> np.uint32(task)) & _ONE:
            continue
        line = pairs[work.firm_pair[firm] + task - first]
        cell_task = cell_tasks[task]
        if work.contribution[task]:
            own, noticed, items = contribute(
                people, person, firm, task, skill, rhythm, last, offers, behaviour, work, moment,
                line, cell, cell_task,
            )  # fmt: skip
            minutes += own
            felt += noticed
            given += items
            if items > 0.0:
                mask |= _ONE << np.uint32(task)
                channel = work.first_channel[task] + people.use[person, task] - 1
                rung = max(rung, work.co_design[channel])
                channels[work.firm_channel[firm] + channel - work.sector_first_channel[sector]] += items
            continue
        if work.counter[task] != counter:
            counter = work.counter[task]
            closed = counter_is_closed(people, person, firm, counter, offers, moment)
        withdrawn = closed and is_offered(people, person, firm, task, offers, work, moment)
        if people.digital_idle[person, task] < 255:
            people.digital_idle[person, task] += np.uint8(1)
        if must_reconsider(people, person, firm, task, withdrawn, phase, offers, behaviour, work, moment):
            rivals = rivals_open[firm, counter]
            choose(
                people,
                person,
                firm,
                task,
                skill,
                withdrawn,
                rivals,
                last,
                epoch,
                offers,
                behaviour,
                work,
                moment,
            )
        occasions = monthly_occasions(people, person, task, work)
        use = people.use[person, task]
        baseline += occasions
        known += people.experience[person, task]
        services += 1
        line[lines.BASELINE] += occasions
        cell_task[lines.ELIGIBLE] += 1.0
        if AT_COUNTER < use < HELPED_USE:
            own, noticed, task_gain, task_hurt, task_forced = serve_herself(
                people,
                person,
                firm,
                task,
                skill,
                withdrawn,
                offers,
                behaviour,
                work,
                moment,
                line,
                cell,
                cell_task,
            )
            minutes += own
            felt += noticed
            gain += task_gain
            hurt += task_hurt
            forced += task_forced
            mask |= _ONE << np.uint32(task)
            served = occasions * (1.0 + work.rebound[task])
            channel = work.first_channel[task] + use - 1
            rung = max(rung, work.co_design[channel])
            channels[work.firm_channel[firm] + channel - work.sector_first_channel[sector]] += served
            line[lines.ACCEPTED] += occasions
            line[lines.COVERED] += occasions
        else:
            offered = withdrawn or is_offered(people, person, firm, task, offers, work, moment)
            hurt += be_served(
                people, person, firm, task, closed, offered, offers, behaviour, work, line, cell
            )
            forgoes = forgoes or use == FORGONE_USE
            if use == HELPED_USE:
                helped += occasions
            if offered:
                line[lines.COVERED] += occasions
        book_digital_use(people, person, task, cell_task)
    cell[lines.CELL_BASELINE] += baseline
    if baseline > 0.0:
        feel(
            people,
            person,
            sector,
            firm,
            hurt / baseline,
            helped / baseline,
            gain / baseline,
            offers,
            behaviour,
        )
    return minutes, felt, baseline, forced, given, known, services, mask, rung, forgoes


@step_rule
def live(
    people,
    person,
    last,
    rivals_open,
    offers,
    behaviour,
    work,
    moment,
    pairs,
    channels,
    cells,
    cell_tasks,
    firms,
    bins,
    heaps,
):
    """Let one consumer live through the month: all sectors, then strain, awareness, mood."""
    now = 1 - last
    business = people.business[person]
    place = cell_of(people.age[person], people.education[person], people.income[person], business)
    cell = cells[place]
    skill = skill_today(people, person, behaviour, moment)
    rhythm = (phase_of(people, person, behaviour, moment), epoch_of(people, person, behaviour, moment))
    minutes, felt, baseline, forced, given, resentment, role = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    blame, known, n_services, rung = 0.0, 0, 0, 0
    mask, mood, domains, forgoes = np.uint32(0), 0, 0, False
    sectors = work.first_task.shape[0]
    for sector in range(sectors):
        own, noticed, occasions, compelled, items, learnt, services, tasks, step, lacks = live_with_sector(
            people, person, sector, skill, rhythm, last, rivals_open, offers, behaviour, work, moment,
            pairs, channels, cell, cell_tasks[place],
        )  # fmt: skip
        minutes += own
        felt += noticed
        baseline += occasions
        forced += compelled
        given += items
        known += learnt
        n_services += services
        rung = max(rung, step)
        mask |= tasks
        forgoes = forgoes or lacks
        grievance = grievance_of(people, person, sector)
        if grievance > behaviour.complaint_threshold:
            mood |= 1 << sector
        resentment += grievance
        blame += share_of(people.attribution[person, sector])
        role += people.role[person, sector]
        firm = people.firm[person, sector]
        if firm != NO_FIRM:
            firms[firm, lines.BUSINESS_CUSTOMERS if business else lines.PRIVATE_CUSTOMERS] += 1.0
            firms[firm, lines.FIRM_GRIEVANCE] += grievance
        if tasks:
            domains += 1
    tire_and_notice(
        people, person, last, felt, minutes, forced / baseline if baseline > 0.0 else 0.0, behaviour, moment
    )
    if people.awareness[person] > behaviour.awareness_threshold:
        mood |= AWARE
    recent = mask | people.self_serving[last, person] | people.before[person]
    people.before[person] = people.self_serving[last, person]
    people.self_serving[now, person] = mask
    people.mood[now, person] = np.uint16(mood)
    cell[lines.PEOPLE] += 1.0
    cell[lines.ADOPTERS] += 1.0 if recent else 0.0
    cell[lines.DOMAINS] += domains
    cell[lines.EXCLUDED] += 1.0 if forgoes else 0.0
    cell[lines.OVERLOADED] += (
        1.0 if not business and people.felt_minutes[person] > people.comfort_minutes[person] else 0.0
    )
    cell[lines.AWARENESS] += people.awareness[person]
    cell[lines.GRIEVANCE] += resentment / sectors
    cell[lines.ROLE] += role / sectors
    if rung > 0:
        cell[lines.RUNG_1 + rung - 1] += 1.0
    cell[lines.ATTRIBUTION] += blame / sectors
    cell[lines.CLARITY] += role_clarity(known / (65535.0 * n_services)) if n_services else 0.0
    cell[lines.CONTRIBUTORS] += 1.0 if given > 0.0 else 0.0
    if not business:
        usual = np.float64(people.own_minutes[person])
        place = min(lines.N_BINS - 1, int(math.sqrt(usual) * 8.0))
        bins[0, place] += 1.0
        bins[1, place] += usual
        heap = 0 if given <= 0.0 else min(lines.N_BINS - 1, max(1, int(16.0 * math.log2(given) + 256.0)))
        heaps[0, heap] += 1.0
        heaps[1, heap] += given


@column_pass
def live_a_month(first, last_chunk, size, people, last, rivals_open, offers, behaviour, work, moment, ledger):
    """Let chunks ``first … last_chunk − 1`` of ``size`` consumers live through the month.

    Parameters
    ----------
    last : 0 or 1, which of the two mask buffers holds last month.
    rivals_open : (F, G) share of the rivals' counters that are open.
    """
    consumers = people.identity.shape[0]
    for chunk in range(first, last_chunk):
        for person in range(chunk * size, min(consumers, (chunk + 1) * size)):
            live(
                people,
                person,
                last,
                rivals_open,
                offers,
                behaviour,
                work,
                moment,
                ledger.pairs[chunk, people.business[person]],
                ledger.channels[chunk],
                ledger.cells[chunk],
                ledger.tasks[chunk],
                ledger.firms[chunk],
                ledger.minutes[chunk],
                ledger.contributions[chunk],
            )
