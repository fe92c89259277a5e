"""Acting: a month of self-service, of being served, or of contributing, and its lines in the ledger."""

import numpy as np

from agents import ledger as lines
from agents.choice import far_counter_minutes, intensity_of, is_offered, minutes_of_channel, required_skill
from agents.columns import (
    AGAINST_HER_WILL,
    AT_COUNTER,
    EROSION,
    FORGONE_USE,
    GLADLY,
    HELPED_USE,
    TIPPED_BY_PRICE,
    share_of,
    word_of,
)
from agents.decision import decide_on_contributing, must_reconsider
from agents.rules.acceptance import success_probability
from agents.rules.compiled import step_rule
from agents.rules.consequences import experience_after
from agents.rules.service_capacity import failed_attempt_minutes
from agents.rules.time_use import attention, time_advantage

#: Hours in a minute.
HOURS = 1.0 / 60.0


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
    value = own * people.value_of_time[person] * HOURS
    loss = failures * work.responsibility[channel] * behaviour.error_loss

    forced = withdrawn or today >= EROSION * reference
    blame = 1.0
    if forced:
        line[lines.FORCED] += served
        line[lines.FORCED_MINUTES] += served * minutes
        cell[lines.CELL_FORCED] += served
    elif reason & TIPPED_BY_PRICE:
        line[lines.INCENTIVISED] += served
        line[lines.INCENTIVISED_MINUTES] += served * minutes
        cell[lines.CELL_INCENTIVISED] += served
    else:
        blame = behaviour.voluntary_blame
        line[lines.VOLUNTARY] += served
        line[lines.VOLUNTARY_MINUTES] += served * minutes
        cell[lines.CELL_VOLUNTARY] += served
    hurt = blame * failures
    if reason & AGAINST_HER_WILL:
        hurt += (served - failures) * people.autonomy[person]
        line[lines.UNWILLING] += served
        cell[lines.CELL_UNWILLING] += served
    if reason & GLADLY:
        line[lines.WELCOME] += served
    line[lines.SELF_SERVED] += served
    line[lines.INDUCED] += induced
    line[lines.FAILED] += failures
    line[lines.ESCALATION_MINUTES] += extra
    line[lines.FELT_MINUTES] += noticed * own
    line[lines.OWN_VALUE] += value
    line[lines.AVOIDED_MINUTES] += occasions * reference
    line[lines.AVOIDED_NOW_MINUTES] += occasions * today
    line[lines.LOSS] += loss
    cell[lines.CELL_SELF_SERVED] += served
    cell[lines.CELL_OWN_MINUTES] += own
    cell[lines.CELL_FELT_MINUTES] += noticed * own
    cell[lines.CELL_AVOIDED_MINUTES] += occasions * reference
    cell[lines.CELL_AVOIDED_NOW_MINUTES] += occasions * today
    cell[lines.CELL_OWN_VALUE] += value
    cell[lines.CELL_LOSS] += loss
    cell[lines.CELL_INDUCED] += induced
    cell_task[lines.USERS] += 1.0
    experience = experience_after(
        share_of(people.experience[person, task]), served, success, behaviour.learning_rate
    )
    people.experience[person, task] = word_of(experience)
    if work.channel_access[channel] > 0:
        people.digital_idle[person, task] = 0
    gain = occasions * time_advantage(today, noticed * minutes)
    return own, noticed * own, gain, hurt, (served if forced else 0.0)


@step_rule
def be_served(people, person, firm, task, closed, offered, offers, behaviour, work, line, cell):
    """Book a month at the counter, with help, or without the service; return the hurt occasions."""
    occasions = monthly_occasions(people, person, task, work)
    use = people.use[person, task]
    if use == FORGONE_USE:
        line[lines.FORGONE] += occasions
        cell[lines.CELL_FORGONE] += occasions
        return occasions * people.autonomy[person]
    waiting = offers.staffed_minutes[firm, task] - work.staffed_minutes[task]
    if closed:
        waiting += far_counter_minutes(task, behaviour, work)
    line[lines.WAITING_MINUTES] += occasions * waiting
    cell[lines.CELL_WAITING_MINUTES] += occasions * waiting
    if use == HELPED_USE:
        line[lines.HELPED] += occasions
        cell[lines.CELL_HELPED] += occasions
        return 0.0
    line[lines.STAFFED] += occasions
    if offered:
        line[lines.OPEN_STAFFED] += occasions
    return 0.0


@step_rule
def contribute(
    people, person, firm, task, skill, rhythm, last, offers, behaviour, work, moment, line, cell, cell_task
):
    """Let her decide on contributing where it is due, and contribute; return (own, noticed min, number)."""
    phase, epoch = rhythm
    if people.digital_idle[person, task] < 255:
        people.digital_idle[person, task] += np.uint8(1)
    if must_reconsider(people, person, firm, task, False, phase, offers, behaviour, work, moment):
        decide_on_contributing(
            people, person, firm, task, skill, last, epoch, offers, behaviour, work, moment
        )
    potential = monthly_occasions(people, person, task, work)
    cell_task[lines.ELIGIBLE] += 1.0
    if is_offered(people, person, firm, task, offers, work, moment):
        line[lines.COVERED] += potential
    use = people.use[person, task]
    own, noticed, given = 0.0, 0.0, 0.0
    if AT_COUNTER < use < HELPED_USE:
        channel = work.first_channel[task] + use - 1
        given = potential * intensity_of(people, person, task, behaviour, moment)
        own = given * minutes_of_channel(people, person, task, channel, skill, behaviour, work, moment)
        noticed = own * attention(behaviour.attention, people.awareness[person])
        value = own * people.value_of_time[person] * HOURS
        line[lines.ACCEPTED] += given
        line[lines.SELF_SERVED] += given
        line[lines.INDUCED] += given
        line[lines.VOLUNTARY] += given
        line[lines.WELCOME] += given
        line[lines.VOLUNTARY_MINUTES] += own
        line[lines.FELT_MINUTES] += noticed
        line[lines.OWN_VALUE] += value
        cell[lines.CELL_SELF_SERVED] += given
        cell[lines.CELL_INDUCED] += given
        cell[lines.CELL_VOLUNTARY] += given
        cell[lines.CELL_OWN_MINUTES] += own
        cell[lines.CELL_FELT_MINUTES] += noticed
        cell[lines.CELL_OWN_VALUE] += value
        cell_task[lines.USERS] += 1.0
        experience = share_of(people.experience[person, task])
        success = work.success[channel]
        people.experience[person, task] = word_of(
            experience_after(experience, given, success, behaviour.learning_rate)
        )
        people.digital_idle[person, task] = 0
    book_digital_use(people, person, task, cell_task)
    return own, noticed, given


@step_rule
def book_digital_use(people, person, task, cell_task):
    """Count her among those who used an internet or mobile channel in the last months and years."""
    idle = people.digital_idle[person, task]
    if idle >= 36:
        return
    cell_task[lines.DIGITAL_THREE_YEARS] += 1.0
    if idle < 12:
        cell_task[lines.DIGITAL_YEAR] += 1.0
    if idle < 3:
        cell_task[lines.DIGITAL_QUARTER] += 1.0
