"""A month of many consumers: the first compiled pass over the columns.

:func:`live_a_month` lets a block of chunks choose, act, learn, tire and notice, tile by tile. It reads last
month's neighbours and writes only its own rows, its own chunk of the ledger and its own counts.
"""

import math

import numpy as np

from agents import ledger as lines
from agents import tile as tiles
from agents import tile_loops as loops
from agents.acting import use_service
from agents.choice import epoch_of, skill_today, strain_of
from agents.columns import AWARE, AWARE_BIT, HOURS, NO_FIRM, cell_of
from agents.contributing import contribute
from agents.decision import phase_of
from agents.looking import see_channels, see_counter, share_seen
from agents.rules.acceptance import role_clarity
from agents.rules.compiled import column_pass, step_rule
from agents.rules.consequences import awareness_after
from agents.rules.lending import at_hand
from agents.rules.time_use import attention, time_weight


@step_rule
def begin_month(people, start, count, last, tile, behaviour, moment):
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
    for column in (
        tile.minutes, tile.baseline, tile.forced, tile.given, tile.avoided_now, tile.waiting, tile.loss,
        tile.resentment, tile.blame, tile.role,
    ):  # fmt: skip
        column[:] = 0.0
    for whole in (tile.known, tile.services, tile.domains, tile.rung):
        whole[:] = 0
    tile.mask[:] = 0
    tile.mood[:] = 0
    tile.forgoes[:] = False
    see_neighbours(people, start, count, last, tile)


@step_rule
def see_neighbours(people, start, count, last, tile):
    """Note what each consumer's neighbours showed last month; a blank page stands for nobody."""
    serving, mood = people.self_serving[last], people.mood[last]
    for place in range(count):
        for slot in range(people.neighbours.shape[1]):
            neighbour = people.neighbours[start + place, slot]
            tile.seen_serving[place, slot] = serving[neighbour]
            tile.seen_mood[place, slot] = mood[neighbour]


@step_rule
def turn_to_sector(people, start, count, sector, tile, behaviour, work):
    """Note each consumer's firm in a sector and what she thinks of it."""
    firms = people.firm[sector][start : start + count]
    end = start + count
    slow = people.attribution[sector][start:end]
    loops.note_grievance(tile.grievance[:count], people.grievance[sector][start:end], slow)
    loops.note_trust(tile.trust[:count], people.trust[start:end], slow, behaviour.attribution_trust)
    for place in range(count):
        firm = max(firms[place], 0)
        tile.belongs[place] = firms[place] != NO_FIRM
        tile.firm[place] = firm
        segment = 1 if people.business[start + place] else 0
        tile.pair[place] = (work.firm_pair[firm] * 2 + segment) * lines.N_STATES
    for column in (
        tile.sector_minutes, tile.sector_baseline, tile.sector_forced, tile.sector_gain, tile.sector_hurt,
        tile.sector_helped,
    ):  # fmt: skip
        column[:] = 0.0
    tile.sector_mask[:] = 0


@step_rule
def resent_and_see_roles(people, start, count, sector, tile, offers, behaviour):
    """Update grievance (fast), attribution (slow) and role perception in one sector."""
    end = start + count
    grievances, attributions = people.grievance[sector][start:end], people.attribution[sector][start:end]
    baseline, fast, slow = tile.sector_baseline[:count], tile.fast[:count], tile.slow[:count]
    hurt, helped, gain = tile.sector_hurt[:count], tile.sector_helped[:count], tile.sector_gain[:count]
    for occasions in (hurt, helped, gain):
        loops.share_out(occasions, baseline)
    loops.resent(
        fast, grievances, hurt, helped, behaviour.grievance_gain, behaviour.grievance_decay, behaviour.repair
    )
    serving = tile.amount[:count]
    for place in range(count):
        serving[place] = 0.5 if offers.pays[tile.firm[place]] else 1.0
    loops.blame(slow, attributions, hurt, serving, behaviour.attribution_gain, behaviour.attribution_decay)
    loops.see_role(people.role[sector][start:end], gain, fast, slow, baseline, behaviour.role_gain)
    loops.write_share(grievances, fast, baseline)
    loops.write_share(attributions, slow, baseline)


@step_rule
def add_sector(people, start, count, sector, tile, behaviour, firms):
    """Add a sector to everyone's month, and everyone to her firm's customers."""
    end = start + count
    grievances, attributions = people.grievance[sector][start:end], people.attribution[sector][start:end]
    business = people.business[start:end]
    for total, amounts in (
        (tile.minutes, tile.sector_minutes),
        (tile.baseline, tile.sector_baseline),
        (tile.forced, tile.sector_forced),
    ):
        loops.add(total, amounts)
    loops.join_bits(tile.mask, tile.sector_mask)
    loops.add_domain(tile.domains, tile.sector_mask)
    grievance = tile.grievance[:count]
    loops.note_grievance(grievance, grievances, attributions)
    loops.complain(tile.mood[:count], grievance, behaviour.complaint_threshold, np.uint16(1 << sector))
    loops.add(tile.resentment[:count], grievance)
    loops.add_share(tile.blame[:count], attributions)
    loops.add(tile.role[:count], people.role[sector][start:end])
    for place in range(count):
        if tile.belongs[place]:
            firm = firms[tile.firm[place]]
            firm[lines.BUSINESS_CUSTOMERS if business[place] else lines.PRIVATE_CUSTOMERS] += 1.0
            firm[lines.FIRM_GRIEVANCE] += tile.grievance[place]


@step_rule
def tire_and_notice(people, person, felt, minutes, forced_share, aware, behaviour, moment):
    """Update what she is used to, how she is strained, and how far she notices her role."""
    before = people.felt_minutes[person]
    people.felt_minutes[person] = before + behaviour.strain_speed * (felt - before)
    usual = people.own_minutes[person]
    people.own_minutes[person] = usual + (minutes - usual) / 12.0
    irritation = strain_of(people, person) + min(1.0, forced_share) + moment.campaign
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
        aware = share_seen(tile.seen_mood[place], people.degree[person], np.uint32(AWARE_BIT), 0.0)
        tire_and_notice(people, person, felt, minutes, forced_share, aware, behaviour, moment)
        mood = tile.mood[place]
        if people.awareness[person] > behaviour.awareness_threshold:
            mood |= AWARE
        people.self_serving[now, person] = tile.mask[place]
        people.mood[now, person] = np.uint16(mood)
        book_her_month(people, person, place, last, sectors, tile, cells[tile.cell[place]], bins, heaps)
        people.before[person] = people.self_serving[last, person]


@column_pass
def live_a_month(
    first, last_chunk, size, people, last, rivals_open, offers, closed_somewhere, awake, decides, behaviour,
    work, moment, ledger, counts, tile,
):  # fmt: skip
    """Let chunks ``first … last_chunk − 1`` of ``size`` consumers live through the month.

    Parameters
    ----------
    last : 0 or 1, which of the two mask buffers holds last month.
    rivals_open : (F, G) share of the rivals' counters that are open.
    closed_somewhere : (G,) bool, some firm has closed counters.
    awake : (K,) bool, some firm has ever offered a channel for the task.
    decides : whether consumers decide by the compiled rules, or have decided before (``own_rule.py``).
    counts, tile : of this block alone.
    """
    people, offers, behaviour = at_hand(people), at_hand(offers), at_hand(behaviour)
    work, moment, tile = at_hand(work), at_hand(moment), at_hand(tile)
    consumers = people.identity.shape[0]
    sectors = work.first_task.shape[0]
    for chunk in range(first, last_chunk):
        end = min(consumers, (chunk + 1) * size)
        for start in range(chunk * size, end, tiles.SIZE):
            count = min(tiles.SIZE, end - start)
            begin_month(people, start, count, last, tile, behaviour, moment)
            for sector in range(sectors):
                turn_to_sector(people, start, count, sector, tile, behaviour, work)
                for task in range(work.first_task[sector], work.first_task[sector] + work.n_tasks[sector]):
                    see_counter(people, start, count, task, tile, offers, work, moment, closed_somewhere)
                    see_channels(people, start, count, sector, task, tile, offers, work, moment, awake)
                    if work.contribution[task]:
                        contribute(
                            people, start, count, sector, task, tile, behaviour, work, moment, awake,
                            decides, counts, ledger.own[chunk],
                        )  # fmt: skip
                    else:
                        use_service(
                            people, start, count, sector, task, tile, rivals_open, offers, behaviour, work,
                            moment, awake, decides, counts, ledger.own[chunk],
                        )  # fmt: skip
                resent_and_see_roles(people, start, count, sector, tile, offers, behaviour)
                add_sector(people, start, count, sector, tile, behaviour, ledger.firms[chunk])
            end_month(
                people, start, count, last, tile, behaviour, moment, sectors,
                ledger.cells[chunk], ledger.minutes[chunk], ledger.contributions[chunk],
            )  # fmt: skip
