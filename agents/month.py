"""A month of many consumers: the compiled passes over the columns.

:func:`live_a_month` lets a block of chunks choose, act, learn, tire and notice; :func:`stay_or_switch`
lets them be replaced, stay, switch or leave. Both call the rules through ``choice.py``; both read last
month's neighbours and write only their own rows and their own chunk of the ledger.
"""

import math

import numpy as np

from agents.choice import (
    best_channel,
    choose_at_closed_counter,
    choose_at_open_counter,
    common_utility,
    contribution_utility,
    counter_is_closed,
    epoch_of,
    far_counter_minutes,
    grievance_of,
    has_access,
    intensity_of,
    is_covered,
    is_offered,
    minutes_of_channel,
    required_skill,
    skill_today,
    strain_of,
    taste,
)
from agents.columns import (
    AGAINST_HER_WILL,
    AT_COUNTER,
    AWARE,
    EROSION,
    FORGONE_USE,
    GLADLY,
    HELPED_USE,
    NO_FIRM,
    TIPPED_BY_PRICE,
    cell_of,
    share_of,
    word_of,
)
from agents.draws import uniform
from agents.ledger import (
    ACCEPTED,
    ADOPTERS,
    AVOIDED_MINUTES,
    AVOIDED_NOW_MINUTES,
    AWARENESS,
    BASELINE,
    BUSINESS_CUSTOMERS,
    CELL_AVOIDED_MINUTES,
    CELL_AVOIDED_NOW_MINUTES,
    CELL_BASELINE,
    CELL_FELT_MINUTES,
    CELL_FORCED,
    CELL_FORGONE,
    CELL_HELPED,
    CELL_INCENTIVISED,
    CELL_INDUCED,
    CELL_LOSS,
    CELL_OWN_MINUTES,
    CELL_OWN_VALUE,
    CELL_SELF_SERVED,
    CELL_UNWILLING,
    CELL_VOLUNTARY,
    CELL_WAITING_MINUTES,
    CONTRIBUTORS,
    COVERED,
    DIGITAL_QUARTER,
    DIGITAL_THREE_YEARS,
    DIGITAL_YEAR,
    DOMAINS,
    ELIGIBLE,
    ESCALATION_MINUTES,
    EXCLUDED,
    FAILED,
    FELT_MINUTES,
    FIRM_GRIEVANCE,
    FORCED,
    FORCED_MINUTES,
    FORGONE,
    GRIEVANCE,
    HELPED,
    INCENTIVISED,
    INCENTIVISED_MINUTES,
    INDUCED,
    LEFT,
    LOSS,
    LOST,
    N_BINS,
    OPEN_STAFFED,
    OVERLOADED,
    OWN_VALUE,
    PEOPLE,
    PRIVATE_CUSTOMERS,
    ROLE,
    SELF_SERVED,
    STAFFED,
    TASK_AVOIDED_MINUTES,
    TASK_BASELINE,
    TASK_FELT_MINUTES,
    TASK_FORCED,
    TASK_INDUCED,
    TASK_OWN_MINUTES,
    TASK_SELF_SERVED,
    TASK_WAITING_MINUTES,
    UNWILLING,
    USERS,
    VOLUNTARY,
    VOLUNTARY_MINUTES,
    WAITING_MINUTES,
    WELCOME,
)
from agents.rules.acceptance import gumbel, logistic, success_probability
from agents.rules.compiled import column_pass, step_rule
from agents.rules.consequences import awareness_after, experience_after, grievance_after, role_perception
from agents.rules.loyalty import bond_deficit, leaving_logits
from agents.rules.service_capacity import failed_attempt_minutes
from agents.rules.time_use import attention, time_advantage

_ONE = np.uint32(1)


@step_rule
def neighbour_share(people, person, last, task):
    """Return the share of her neighbours who self-served a task last month; ½ without neighbours."""
    degree = people.degree[person]
    if degree == 0:
        return 0.5
    count = 0
    for slot in range(degree):
        mask = people.self_serving[last, people.neighbours[person, slot]]
        count += (mask >> np.uint32(task)) & _ONE
    return count / degree


@step_rule
def mood_share(people, person, last, bit):
    """Return the share of her neighbours whose mood had a bit set last month."""
    degree = people.degree[person]
    if degree == 0:
        return 0.0
    count = 0
    for slot in range(degree):
        if people.mood[last, people.neighbours[person, slot]] & bit:
            count += 1
    return count / degree


@step_rule
def phase_of(people, person, behaviour, moment):
    """Return where her clock stands this month, 0 … reconsideration months − 1."""
    return (
        7 * people.identity[person] + moment.month + moment.epoch_shift
    ) % behaviour.reconsideration_months


@step_rule
def must_reconsider(people, person, firm, task, withdrawn, phase, offers, behaviour, work, moment):
    """Return whether she looks at a task this month: her clock is due, or her way of doing it is gone."""
    clock = phase + moment.clock[task]
    if clock == 0 or clock == behaviour.reconsideration_months:
        return True
    use = people.use[person, task]
    if use == AT_COUNTER:
        return withdrawn
    if use >= HELPED_USE:
        return not withdrawn
    return not is_covered(people, person, firm, work.first_channel[task] + use - 1, offers, moment)


@step_rule
def choose(
    people, person, firm, task, skill, withdrawn, open_rivals, last, epoch, offers, behaviour, work, moment
):
    """Decide how she does a task from now on; write her use and the reason."""
    channel, utility = best_channel(people, person, firm, task, skill, epoch, offers, behaviour, work, moment)
    flees = False
    if channel >= 0:
        unhappy = mood_share(people, person, last, np.uint16(1 << work.sector[task]))
        doing_it = neighbour_share(people, person, last, task)
        utility += common_utility(people, person, task, doing_it, unhappy, behaviour, work, moment)
    if withdrawn:
        use, reason, flees = choose_at_closed_counter(
            people,
            person,
            firm,
            task,
            skill,
            channel,
            utility,
            open_rivals,
            epoch,
            offers,
            behaviour,
            work,
            moment,
        )
    elif channel >= 0:
        use, reason = choose_at_open_counter(
            people, person, firm, task, skill, channel, utility, epoch, offers, behaviour, work, moment
        )
    else:
        use, reason = AT_COUNTER, 0
    people.use[person, task] = use
    people.reason[person, task] = reason
    if flees:
        people.fleeing[person] |= np.uint8(1 << work.sector[task])


@step_rule
def monthly_occasions(people, person, task, work):
    """Return her baseline occasions of a task in a month."""
    occasions = work.occasions[task]
    return occasions * work.business_occasions[task] if people.business[person] else occasions


@step_rule
def serve_herself(
    people, person, firm, task, skill, withdrawn, offers, behaviour, work, moment, line, cell, cell_task
):
    """Book a month of self-service in one task; return what learning and grievance need.

    Returns
    -------
    (own minutes, noticed minutes, felt gain × baseline occasions, hurt occasions, forced occasions).
    """
    channel = work.first_channel[task] + people.use[person, task] - 1
    reason = people.reason[person, task]
    occasions = monthly_occasions(people, person, task, work)
    induced = occasions * work.rebound[task]
    served = occasions + induced
    minutes = minutes_of_channel(people, person, task, channel, skill, behaviour, work, moment)
    requirement = required_skill(people, person, channel, behaviour, work)
    success = success_probability(work.success_logits[channel], skill, requirement, behaviour.success_slope)
    failures = served * (1.0 - success)
    reference = work.staffed_minutes[task]
    today = offers.staffed_minutes[firm, task]
    extra = failures * failed_attempt_minutes(reference, behaviour.escalation_minutes)
    own = served * minutes + extra
    noticed = attention(behaviour.attention, people.awareness[person])
    value = own / 60.0 * people.value_of_time[person]
    loss = failures * work.responsibility[channel] * behaviour.error_loss

    forced = withdrawn or today >= EROSION * reference
    blame = 1.0
    if forced:
        line[FORCED] += served
        line[FORCED_MINUTES] += served * minutes
        cell[CELL_FORCED] += served
    elif reason & TIPPED_BY_PRICE:
        line[INCENTIVISED] += served
        line[INCENTIVISED_MINUTES] += served * minutes
        cell[CELL_INCENTIVISED] += served
    else:
        blame = behaviour.voluntary_blame
        line[VOLUNTARY] += served
        line[VOLUNTARY_MINUTES] += served * minutes
        cell[CELL_VOLUNTARY] += served
    hurt = blame * failures
    if reason & AGAINST_HER_WILL:
        hurt += (served - failures) * people.autonomy[person]
        line[UNWILLING] += served
        cell[CELL_UNWILLING] += served
    if reason & GLADLY:
        line[WELCOME] += served
    line[SELF_SERVED] += served
    line[INDUCED] += induced
    line[FAILED] += failures
    line[ESCALATION_MINUTES] += extra
    line[FELT_MINUTES] += noticed * own
    line[OWN_VALUE] += value
    line[AVOIDED_MINUTES] += occasions * reference
    line[AVOIDED_NOW_MINUTES] += occasions * today
    line[LOSS] += loss
    cell[CELL_SELF_SERVED] += served
    cell[CELL_OWN_MINUTES] += own
    cell[CELL_FELT_MINUTES] += noticed * own
    cell[CELL_AVOIDED_MINUTES] += occasions * reference
    cell[CELL_AVOIDED_NOW_MINUTES] += occasions * today
    cell[CELL_OWN_VALUE] += value
    cell[CELL_LOSS] += loss
    cell[CELL_INDUCED] += induced
    cell_task[TASK_SELF_SERVED] += served
    cell_task[TASK_INDUCED] += induced
    cell_task[TASK_FORCED] += served if forced else 0.0
    cell_task[TASK_OWN_MINUTES] += own
    cell_task[TASK_FELT_MINUTES] += noticed * own
    cell_task[TASK_AVOIDED_MINUTES] += occasions * reference
    cell_task[USERS] += 1.0
    experience = experience_after(
        share_of(people.experience[person, task]), served, success, behaviour.learning_rate
    )
    people.experience[person, task] = word_of(experience)
    if work.channel_access[channel] > 0:
        people.digital_idle[person, task] = 0
    gain = occasions * time_advantage(today, noticed * minutes)
    return own, noticed * own, gain, hurt, (served if forced else 0.0)


@step_rule
def be_served(people, person, firm, task, closed, offered, offers, behaviour, work, line, cell, cell_task):
    """Book a month at the counter, with help, or without the service; return the hurt occasions."""
    occasions = monthly_occasions(people, person, task, work)
    use = people.use[person, task]
    if use == FORGONE_USE:
        line[FORGONE] += occasions
        cell[CELL_FORGONE] += occasions
        return occasions * people.autonomy[person]
    waiting = offers.staffed_minutes[firm, task] - work.staffed_minutes[task]
    if closed:
        waiting += far_counter_minutes(task, behaviour, work)
    line[WAITING_MINUTES] += occasions * waiting
    cell[CELL_WAITING_MINUTES] += occasions * waiting
    cell_task[TASK_WAITING_MINUTES] += occasions * waiting
    if use == HELPED_USE:
        line[HELPED] += occasions
        cell[CELL_HELPED] += occasions
        return 0.0
    line[STAFFED] += occasions
    if offered:
        line[OPEN_STAFFED] += occasions
    return 0.0


@step_rule
def contribute(
    people, person, firm, task, skill, rhythm, last, offers, behaviour, work, moment, line, cell, cell_task
):
    """Let her decide on contributing where it is due, and contribute; return (own minutes, noticed, number)."""
    phase, epoch = rhythm
    if people.digital_idle[person, task] < 255:
        people.digital_idle[person, task] += np.uint8(1)
    if must_reconsider(people, person, firm, task, False, phase, offers, behaviour, work, moment):
        decide_on_contributing(
            people, person, firm, task, skill, last, epoch, offers, behaviour, work, moment
        )
    potential = monthly_occasions(people, person, task, work)
    cell_task[ELIGIBLE] += 1.0
    if is_offered(people, person, firm, task, offers, work, moment):
        line[COVERED] += potential
    use = people.use[person, task]
    own, noticed, given = 0.0, 0.0, 0.0
    if AT_COUNTER < use < HELPED_USE:
        channel = work.first_channel[task] + use - 1
        given = potential * intensity_of(people, person, task, behaviour, moment)
        own = given * minutes_of_channel(people, person, task, channel, skill, behaviour, work, moment)
        noticed = own * attention(behaviour.attention, people.awareness[person])
        value = own / 60.0 * people.value_of_time[person]
        line[ACCEPTED] += given
        line[SELF_SERVED] += given
        line[INDUCED] += given
        line[VOLUNTARY] += given
        line[WELCOME] += given
        line[VOLUNTARY_MINUTES] += own
        line[FELT_MINUTES] += noticed
        line[OWN_VALUE] += value
        cell[CELL_SELF_SERVED] += given
        cell[CELL_INDUCED] += given
        cell[CELL_VOLUNTARY] += given
        cell[CELL_OWN_MINUTES] += own
        cell[CELL_FELT_MINUTES] += noticed
        cell[CELL_OWN_VALUE] += value
        cell_task[USERS] += 1.0
        cell_task[TASK_SELF_SERVED] += given
        cell_task[TASK_INDUCED] += given
        cell_task[TASK_OWN_MINUTES] += own
        cell_task[TASK_FELT_MINUTES] += noticed
        experience = share_of(people.experience[person, task])
        success = work.success[channel]
        people.experience[person, task] = word_of(
            experience_after(experience, given, success, behaviour.learning_rate)
        )
        people.digital_idle[person, task] = 0
    book_digital_use(people, person, task, cell_task)
    return own, noticed, given


@step_rule
def decide_on_contributing(people, person, firm, task, skill, last, epoch, offers, behaviour, work, moment):
    """Write whether she contributes from now on, by the best channel she can use."""
    best, utility = -1, -math.inf
    first = work.first_channel[task]
    doing_it = neighbour_share(people, person, last, task)
    for channel in range(first, first + work.n_channels[task]):
        if not has_access(people, person, work.channel_access[channel], moment):
            continue
        if not is_covered(people, person, firm, channel, offers, moment):
            continue
        value = contribution_utility(people, person, task, channel, skill, doing_it, behaviour, work, moment)
        if value > utility:
            best, utility = channel, value
    people.use[person, task], people.reason[person, task] = AT_COUNTER, 0
    if best >= 0:
        refrains = taste(people, person, task, 0, epoch, moment)
        if utility + taste(people, person, task, 1, epoch, moment) > refrains:
            people.use[person, task], people.reason[person, task] = best - first + 1, GLADLY


@step_rule
def book_digital_use(people, person, task, cell_task):
    """Count her among those who used an internet or mobile channel in the last months and years."""
    idle = people.digital_idle[person, task]
    if idle < 3:
        cell_task[DIGITAL_QUARTER] += 1.0
    if idle < 12:
        cell_task[DIGITAL_YEAR] += 1.0
    if idle < 36:
        cell_task[DIGITAL_THREE_YEARS] += 1.0


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
    (own minutes, noticed minutes, baseline occasions, forced occasions, contributions, tasks self-served
    as bits, forgoes something).
    """
    firm = people.firm[person, sector]
    if firm == NO_FIRM:
        return 0.0, 0.0, 0.0, 0.0, 0.0, np.uint32(0), False
    phase, epoch = rhythm
    felt, given = 0.0, 0.0
    minutes, baseline, gain, hurt, forced, helped = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    mask, forgoes = np.uint32(0), False
    first = work.first_task[sector]
    for task in range(first, first + work.n_tasks[sector]):
        if not (people.eligible[person] >> np.uint32(task)) & _ONE:
            continue
        line = pairs[work.firm_pair[firm] + task - first]
        cell_task = cell_tasks[task]
        if work.contribution[task]:
            own, noticed, items = contribute(
                people, person, firm, task, skill, rhythm, last, offers, behaviour, work, moment, line, cell, cell_task
            )  # fmt: skip
            minutes += own
            felt += noticed
            given += items
            if items > 0.0:
                mask |= _ONE << np.uint32(task)
                channel = work.first_channel[task] + people.use[person, task] - 1
                channels[work.firm_channel[firm] + channel - work.sector_first_channel[sector]] += items
            continue
        counter = work.counter[task]
        closed = counter_is_closed(people, person, firm, counter, offers, moment)
        offered = is_offered(people, person, firm, task, offers, work, moment)
        withdrawn = closed and offered
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
        line[BASELINE] += occasions
        cell_task[TASK_BASELINE] += occasions
        cell_task[ELIGIBLE] += 1.0
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
            channels[work.firm_channel[firm] + channel - work.sector_first_channel[sector]] += served
            line[ACCEPTED] += occasions
            line[COVERED] += occasions
        else:
            hurt += be_served(
                people, person, firm, task, closed, offered, offers, behaviour, work, line, cell, cell_task
            )
            forgoes = forgoes or use == FORGONE_USE
            if use == HELPED_USE:
                helped += occasions
            if offered:
                line[COVERED] += occasions
        book_digital_use(people, person, task, cell_task)
    cell[CELL_BASELINE] += baseline
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
            work,
        )
    return minutes, felt, baseline, forced, given, mask, forgoes


@step_rule
def feel(people, person, sector, firm, hurt, helped, gain, offers, behaviour, work):
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
    pays = False
    for task in range(work.first_task[sector], work.first_task[sector] + work.n_tasks[sector]):
        pays = pays or offers.discount[firm, task] > 0.0
    firm_serving = 0.5 if pays else 1.0
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
    mask, mood, domains, forgoes = np.uint32(0), 0, 0, False
    sectors = work.first_task.shape[0]
    for sector in range(sectors):
        own, noticed, occasions, compelled, items, tasks, lacks = live_with_sector(
            people, person, sector, skill, rhythm, last, rivals_open, offers, behaviour, work, moment,
            pairs, channels, cell, cell_tasks[place],
        )  # fmt: skip
        minutes += own
        felt += noticed
        baseline += occasions
        forced += compelled
        given += items
        mask |= tasks
        forgoes = forgoes or lacks
        grievance = grievance_of(people, person, sector)
        if grievance > behaviour.complaint_threshold:
            mood |= 1 << sector
        resentment += grievance
        role += people.role[person, sector]
        firm = people.firm[person, sector]
        if firm != NO_FIRM:
            firms[firm, BUSINESS_CUSTOMERS if business else PRIVATE_CUSTOMERS] += 1.0
            firms[firm, FIRM_GRIEVANCE] += grievance
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
    cell[PEOPLE] += 1.0
    cell[ADOPTERS] += 1.0 if recent else 0.0
    cell[DOMAINS] += domains
    cell[EXCLUDED] += 1.0 if forgoes else 0.0
    cell[OVERLOADED] += (
        1.0 if not business and people.felt_minutes[person] > people.comfort_minutes[person] else 0.0
    )
    cell[AWARENESS] += people.awareness[person]
    cell[GRIEVANCE] += resentment / sectors
    cell[ROLE] += role / sectors
    cell[CONTRIBUTORS] += 1.0 if given > 0.0 else 0.0
    if not business:
        usual = np.float64(people.own_minutes[person])
        place = min(N_BINS - 1, int(math.sqrt(usual) * 8.0))
        bins[0, place] += 1.0
        bins[1, place] += usual
        heap = 0 if given <= 0.0 else min(N_BINS - 1, max(1, int(16.0 * math.log2(given) + 256.0)))
        heaps[0, heap] += 1.0
        heaps[1, heap] += given


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
                people, person, last, rivals_open, offers, behaviour, work, moment,
                ledger.pairs[chunk], ledger.channels[chunk], ledger.cells[chunk], ledger.tasks[chunk],
                ledger.firms[chunk], ledger.minutes[chunk], ledger.contributions[chunk],
            )  # fmt: skip


@step_rule
def renew(people, person, last, sectors, moment):
    """Replace her by a newcomer of the same kind: habits, grievances and tenure start anew."""
    now = 1 - last
    people.use[person, :] = AT_COUNTER
    people.reason[person, :] = 0
    people.experience[person, :] = 0
    people.digital_idle[person, :] = 255
    people.self_serving[now, person] = 0
    people.before[person] = 0
    people.mood[now, person] = 0
    people.fleeing[person] = 0
    people.felt_minutes[person] = 0.0
    people.own_minutes[person] = 0.0
    for sector in range(sectors):
        people.grievance[person, sector] = 0
        people.attribution[person, sector] = 0
        people.role[person, sector] = 0.0
        people.joined[person, sector] = moment.month


@step_rule
def share_self_served(people, person, sector, work):
    """Return the share of a sector's tasks that she serves herself."""
    tasks, own = 0, 0
    for task in range(work.first_task[sector], work.first_task[sector] + work.n_tasks[sector]):
        if not work.contribution[task] and (people.eligible[person] >> np.uint32(task)) & _ONE:
            tasks += 1
            if AT_COUNTER < people.use[person, task] < HELPED_USE:
                own += 1
    return own / tasks if tasks else 0.5


@step_rule
def leaves(people, person, sector, mean_price, offers, behaviour, work, moment):
    """Return whether she leaves her firm this month."""
    firm = people.firm[person, sector]
    own_share = share_self_served(people, person, sector, work)
    tenure = moment.month - people.joined[person, sector]
    logits = behaviour.leave_intercept + leaving_logits(
        bond_deficit(own_share, tenure, behaviour.bond_months),
        offers.price[firm] - mean_price,
        grievance_of(people, person, sector),
        people.role[person, sector],
        behaviour.bond,
        behaviour.price_sensitivity,
        behaviour.anger,
        behaviour.warmth,
    )
    return uniform(moment.leave_key, people.identity[person], sector) < logistic(logits)


@step_rule
def choose_firm(people, person, sector, flees, offers, behaviour, work, moment):
    """Return the best of four sampled rivals by price and taste; if she flees, of those with a counter for her."""
    own = people.firm[person, sector]
    best, value = own, -math.inf
    identity = people.identity[person]
    counter = work.counter[work.first_task[sector]]
    for look in range(4):
        place = uniform(moment.choice_key, identity, (sector * 4 + look) * 2)
        rival = work.first_firm[sector] + int(place * work.n_firms[sector])
        if rival == own:
            continue
        if flees and counter_is_closed(people, person, rival, counter, offers, moment):
            continue
        liking = gumbel(uniform(moment.choice_key, identity, (sector * 4 + look) * 2 + 1))
        liking -= behaviour.price_choice * offers.price[rival]
        if liking > value:
            best, value = rival, liking
    return best


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
    consumers = people.identity.shape[0]
    sectors = work.first_task.shape[0]
    for chunk in range(first, last_chunk):
        for person in range(chunk * size, min(consumers, (chunk + 1) * size)):
            if uniform(moment.renewal_key, people.identity[person], 0) < renewal:
                renew(people, person, last, sectors, moment)
            for sector in range(sectors):
                flees = (people.fleeing[person] >> np.uint8(sector)) & np.uint8(1) == 1
                if people.firm[person, sector] == NO_FIRM or work.captive[sector]:
                    continue
                if not flees and not leaves(
                    people, person, sector, mean_price[sector], offers, behaviour, work, moment
                ):
                    continue
                rival = choose_firm(people, person, sector, flees, offers, behaviour, work, moment)
                move(people, person, sector, rival, moment, ledger.firms[chunk], ledger.cells[chunk])
            people.fleeing[person] = 0


@step_rule
def move(people, person, sector, rival, moment, firms, cells):
    """Make her a customer of another firm: tenure and grievance start anew, habits stay."""
    own = people.firm[person, sector]
    if rival == own:
        return
    firms[own, LOST] += 1.0
    business = people.business[person]
    place = cell_of(people.age[person], people.education[person], people.income[person], business)
    cells[place, LEFT] += 1.0
    people.firm[person, sector] = rival
    people.joined[person, sector] = moment.month
    people.grievance[person, sector] = 0
    people.attribution[person, sector] = word_of(0.5 * share_of(people.attribution[person, sector]))
