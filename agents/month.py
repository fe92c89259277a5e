"""A month of many consumers: the first compiled pass over the columns.

:func:`live_a_month` lets a block of chunks choose, act, learn, tire and notice, tile by tile. It reads last
month's neighbours and writes only its own rows, its own chunk of the ledger and its own counts.
"""

import math

import numpy as np

from agents import ledger as lines
from agents import tile as tiles
from agents.acting import HOURS, contribute, see_channels, see_counter, use_service
from agents.choice import epoch_of, grievance_of, skill_today, strain_of, trust_of
from agents.columns import AWARE, NO_FIRM, cell_of, share_of, word_of
from agents.decision import mood_share, phase_of
from agents.rules.acceptance import role_clarity
from agents.rules.compiled import column_pass, step_rule
from agents.rules.consequences import awareness_after, grievance_after, role_perception
from agents.rules.time_use import attention, time_weight


@step_rule
def begin_month(people, start, count, tile, behaviour, moment):
    """Note what holds for each consumer all month."""
    for place in range(count):
        person = start + place
        tile.skill[place] = skill_today(people, person, behaviour, moment)
        tile.noticed[place] = attention(behaviour.attention, people.awareness[person])
        tile.time_weight[place] = time_weight(people.value_of_time[person], moment.mean_value_of_time)
        tile.strain[place] = strain_of(people, person)
        tile.epoch[place] = epoch_of(people, person, behaviour, moment)
        tile.phase[place] = phase_of(people, person, behaviour, moment)
        tile.cell[place] = cell_of(
            people.age[person], people.education[person], people.income[person], people.business[person]
        )
        tile.minutes[place] = tile.baseline[place] = tile.forced[place] = tile.given[place] = 0.0
        tile.avoided_now[place] = tile.waiting[place] = tile.loss[place] = 0.0
        tile.resentment[place] = tile.blame[place] = tile.role[place] = 0.0
        tile.known[place] = tile.services[place] = tile.mood[place] = 0
        tile.domains[place] = tile.rung[place] = 0
        tile.mask[place] = np.uint32(0)
        tile.forgoes[place] = False


@step_rule
def turn_to_sector(people, start, count, sector, tile, behaviour):
    """Note each consumer's firm in a sector and what she thinks of it."""
    for place in range(count):
        person = start + place
        firm = people.firm[person, sector]
        tile.belongs[place] = firm != NO_FIRM
        tile.firm[place] = max(firm, 0)
        tile.grievance[place] = grievance_of(people, person, sector)
        tile.trust[place] = trust_of(people, person, sector, behaviour)
        tile.sector_minutes[place] = tile.sector_baseline[place] = tile.sector_forced[place] = 0.0
        tile.sector_gain[place] = tile.sector_hurt[place] = tile.sector_helped[place] = 0.0
        tile.sector_mask[place] = np.uint32(0)


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
def resent_and_see_roles(people, start, count, sector, tile, offers, behaviour, firms):
    """Let everyone feel about a sector's firm what the month was like, and add the sector to her month."""
    for place in range(count):
        person, firm = start + place, tile.firm[place]
        baseline = tile.sector_baseline[place]
        if baseline > 0.0:
            hurt, helped = tile.sector_hurt[place] / baseline, tile.sector_helped[place] / baseline
            gain = tile.sector_gain[place] / baseline
            feel(people, person, sector, firm, hurt, helped, gain, offers, behaviour)
        tile.minutes[place] += tile.sector_minutes[place]
        tile.baseline[place] += baseline
        tile.forced[place] += tile.sector_forced[place]
        tile.mask[place] |= tile.sector_mask[place]
        if tile.sector_mask[place]:
            tile.domains[place] += 1
        grievance = grievance_of(people, person, sector)
        if grievance > behaviour.complaint_threshold:
            tile.mood[place] |= 1 << sector
        tile.resentment[place] += grievance
        tile.blame[place] += share_of(people.attribution[person, sector])
        tile.role[place] += people.role[person, sector]
        if tile.belongs[place]:
            business = people.business[person]
            firms[firm, lines.BUSINESS_CUSTOMERS if business else lines.PRIVATE_CUSTOMERS] += 1.0
            firms[firm, lines.FIRM_GRIEVANCE] += grievance


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
def book_her_month(people, person, place, last, sectors, tile, cell, bins, heaps):
    """Add a consumer's month to her group of people."""
    now = 1 - last
    minutes, given = tile.minutes[place], tile.given[place]
    recent = people.self_serving[now, person] | people.self_serving[last, person] | people.before[person]
    cell[lines.PEOPLE] += 1.0
    cell[lines.ADOPTERS] += 1.0 if recent else 0.0
    cell[lines.CELL_OWN_MINUTES] += minutes
    cell[lines.CELL_FELT_MINUTES] += tile.noticed[place] * minutes
    cell[lines.CELL_OWN_VALUE] += minutes * people.value_of_time[person] * HOURS
    cell[lines.CELL_AVOIDED_NOW_MINUTES] += tile.avoided_now[place]
    cell[lines.CELL_WAITING_MINUTES] += tile.waiting[place]
    cell[lines.CELL_LOSS] += tile.loss[place]
    cell[lines.DOMAINS] += tile.domains[place]
    cell[lines.EXCLUDED] += 1.0 if tile.forgoes[place] else 0.0
    cell[lines.AWARENESS] += people.awareness[person]
    cell[lines.GRIEVANCE] += tile.resentment[place] / sectors
    cell[lines.ROLE] += tile.role[place] / sectors
    cell[lines.ATTRIBUTION] += tile.blame[place] / sectors
    services = tile.services[place]
    cell[lines.CLARITY] += role_clarity(tile.known[place] / (65535.0 * services)) if services else 0.0
    if tile.rung[place] > 0:
        cell[lines.RUNG_1 + tile.rung[place] - 1] += 1.0
    if given > 0.0:
        cell[lines.CONTRIBUTORS] += 1.0
        cell[lines.CELL_SELF_SERVED] += given
        cell[lines.CELL_INDUCED] += given
        cell[lines.CELL_VOLUNTARY] += given
    if people.business[person]:
        return
    cell[lines.OVERLOADED] += 1.0 if people.felt_minutes[person] > people.comfort_minutes[person] else 0.0
    usual = np.float64(people.own_minutes[person])
    column = min(lines.N_BINS - 1, int(math.sqrt(usual) * 8.0))
    bins[0, column] += 1.0
    bins[1, column] += usual
    heap = 0 if given <= 0.0 else min(lines.N_BINS - 1, max(1, int(16.0 * math.log2(given) + 256.0)))
    heaps[0, heap] += 1.0
    heaps[1, heap] += given


@step_rule
def end_month(people, start, count, last, tile, behaviour, moment, sectors, cells, bins, heaps):
    """Let everyone tire and notice, show herself to her neighbours, and be counted."""
    now = 1 - last
    for place in range(count):
        person = start + place
        minutes, baseline = tile.minutes[place], tile.baseline[place]
        felt = tile.noticed[place] * minutes
        forced_share = tile.forced[place] / baseline if baseline > 0.0 else 0.0
        tire_and_notice(people, person, last, felt, minutes, forced_share, behaviour, moment)
        mood = tile.mood[place]
        if people.awareness[person] > behaviour.awareness_threshold:
            mood |= AWARE
        people.self_serving[now, person] = tile.mask[place]
        people.mood[now, person] = np.uint16(mood)
        book_her_month(people, person, place, last, sectors, tile, cells[tile.cell[place]], bins, heaps)
        people.before[person] = people.self_serving[last, person]


@column_pass
def live_a_month(
    first, last_chunk, size, people, last, rivals_open, offers, offered_somewhere, closed_somewhere,
    behaviour, work, moment, ledger, counts, tile,
):  # fmt: skip
    """Let chunks ``first … last_chunk − 1`` of ``size`` consumers live through the month.

    Parameters
    ----------
    last : 0 or 1, which of the two mask buffers holds last month.
    rivals_open : (F, G) share of the rivals' counters that are open.
    offered_somewhere : (C,) bool, some firm has begun to roll the channel out.
    closed_somewhere : (G,) bool, some firm has closed counters.
    counts, tile : of this block alone.
    """
    consumers = people.identity.shape[0]
    sectors = work.first_task.shape[0]
    for chunk in range(first, last_chunk):
        end = min(consumers, (chunk + 1) * size)
        for start in range(chunk * size, end, tiles.SIZE):
            count = min(tiles.SIZE, end - start)
            begin_month(people, start, count, tile, behaviour, moment)
            for sector in range(sectors):
                turn_to_sector(people, start, count, sector, tile, behaviour)
                counter = -1
                for task in range(work.first_task[sector], work.first_task[sector] + work.n_tasks[sector]):
                    see_channels(people, start, count, task, tile, offers, work, moment, offered_somewhere)
                    if work.contribution[task]:
                        contribute(
                            people, start, count, sector, task, last, tile, behaviour, work, moment,
                            counts, ledger.own[chunk],
                        )  # fmt: skip
                        continue
                    if work.counter[task] != counter:
                        counter = work.counter[task]
                        see_counter(people, start, count, counter, tile, offers, moment, closed_somewhere)
                    use_service(
                        people, start, count, sector, task, last, tile, rivals_open, offers, behaviour, work,
                        moment, counts, ledger.own[chunk],
                    )  # fmt: skip
                resent_and_see_roles(people, start, count, sector, tile, offers, behaviour, ledger.firms[chunk])
            end_month(
                people, start, count, last, tile, behaviour, moment, sectors,
                ledger.cells[chunk], ledger.minutes[chunk], ledger.contributions[chunk],
            )  # fmt: skip
