"""One consumer, one task: which channel is best, and would she rather be served?

The passes over columns and the readable path through one :class:`agents.consumer.Consumer` call the
functions of this file; each of them only puts together the rules of ``agents/rules``.
"""

import math
from typing import NamedTuple

import numpy as np

from agents.columns import (
    AGAINST_HER_WILL,
    AT_COUNTER,
    FORGONE_USE,
    GLADLY,
    HELPED_USE,
    TIPPED_BY_PRICE,
    share_of,
)
from agents.draws import scatter, uniform
from agents.reach import has_access
from agents.rules.acceptance import (
    ability_term,
    contact_term,
    gumbel,
    motive_term,
    peer_term,
    risk_term,
    trust_after_attribution,
)
from agents.rules.compiled import step_rule
from agents.rules.consequences import strain
from agents.rules.contribution import ladder_term
from agents.rules.loyalty import switching_utility
from agents.rules.time_use import attention, own_minutes, time_advantage, time_weight, usefulness

#: Addresses of tastes for channels lie beyond those of tastes for options.
_CHANNEL_TASTES = 1 << 40


class Mind(NamedTuple):
    """What weighs in all her decisions about a sector this month."""

    skill: float  # today's, 0 … 1
    noticed: float  # share of her own minutes that she notices
    time_weight: float  # logits of usefulness per unit of time advantage
    epoch: int  # of her tastes
    strain: float  # 0 … 1
    grievance: float  # against her firm, 0 … 1
    trust: float  # in its systems, 0 … 1


@step_rule
def mind_of(people, person, sector, behaviour, moment):
    """Return what weighs in her decisions about a sector this month."""
    return Mind(
        skill_today(people, person, behaviour, moment),
        attention(behaviour.attention, people.awareness[person]),
        time_weight(people.value_of_time[person], moment.mean_value_of_time),
        epoch_of(people, person, behaviour, moment),
        strain_of(people, person),
        grievance_of(people, person, sector),
        trust_of(people, person, sector, behaviour),
    )


@step_rule
def skill_today(people, person, behaviour, moment):
    """Return her skill this month, 0 … 1: birth, cohorts' drift and a skills programme."""
    skill = people.skill[person] + moment.skill_shift
    if skill < behaviour.basic_skill:
        skill = min(behaviour.basic_skill, skill + moment.programme)
    return min(1.0, max(0.0, skill))


@step_rule
def minutes_of_channel(people, person, task, channel, skill, behaviour, work, moment):
    """Return her own minutes for one occasion through a channel."""
    return own_minutes(
        work.minutes[channel] * moment.minutes_factor,
        share_of(people.experience[task, person]),
        max(0.0, required_skill(people, person, channel, behaviour, work) - skill),
        behaviour.inexperience_minutes,
        behaviour.shortfall_minutes,
    )


@step_rule
def required_skill(people, person, channel, behaviour, work):
    """Return the skill a channel asks of her; business clients have trained staff."""
    return work.requirement[channel] - (behaviour.business_training if people.business[person] else 0.0)


@step_rule
def channel_utility(people, person, task, channel, mind, staffed, behaviour, work, moment):
    """Return the logits of a channel for her, apart from money, peers and what is common to channels.

    Parameters
    ----------
    staffed : min to be served today at her firm.
    """
    business = people.business[person] == 1
    requirement = required_skill(people, person, channel, behaviour, work)
    minutes = minutes_of_channel(people, person, task, channel, mind.skill, behaviour, work, moment)
    advantage = time_advantage(staffed, mind.noticed * minutes)
    useful = usefulness(advantage, mind.time_weight, 0.0, 1.0)
    weight = (
        behaviour.ability_weight_kiosk
        if work.channel_access[channel] == 0
        else behaviour.ability_weight_digital
    )
    experience = share_of(people.experience[task, person])
    able = ability_term(
        mind.skill,
        experience,
        requirement,
        weight,
        behaviour.experience_ability,
        behaviour.role_clarity_weight,
    )
    motives = motive_term(people.autonomy[person], work.autonomy[channel], behaviour.autonomy_weight)
    if not business:
        motives += motive_term(people.enjoyment[person], work.enjoyment[channel], behaviour.enjoyment_weight)
        motives += motive_term(
            people.self_realisation[person], work.self_realisation[channel], behaviour.self_realisation_weight
        )
    if work.co_design[channel] > 1:
        motives += ladder_term(experience_below(people, person, channel, work), behaviour.ladder)
    risk = risk_term(work.responsibility[channel], mind.trust, behaviour.risk_weight)
    return work.channel_intercept[channel] + behaviour.usefulness_weight * useful + able + motives + risk


@step_rule
def trust_of(people, person, sector, behaviour):
    """Return her trust in the systems of a sector's firm, once she attributes a motive to it."""
    attribution = share_of(people.attribution[sector, person])
    return trust_after_attribution(people.trust[person], attribution, behaviour.attribution_trust)


@step_rule
def grievance_of(people, person, sector):
    """Return her grievance against a sector's firm, fast and slow part together, 0 … 1."""
    both = share_of(people.grievance[sector, person]) + share_of(people.attribution[sector, person])
    return min(1.0, both)


@step_rule
def strain_of(people, person):
    """Return how far unpaid work strains her, 0 … 1; business clients are paid for it."""
    if people.business[person]:
        return 0.0
    return strain(np.float64(people.felt_minutes[person]), np.float64(people.comfort_minutes[person]))


@step_rule
def habit(people, person, task, behaviour):
    """Return the logits of doing as before: towards self-service where she serves herself, else against."""
    use = people.use[task, person]
    return behaviour.inertia if AT_COUNTER < use < HELPED_USE else -behaviour.inertia


@step_rule
def common_utility(people, person, task, mind, self_serving, unhappy, behaviour, work, moment):
    """Return the logits that all channels of a task share: peers, inertia, reservations, readiness.

    Parameters
    ----------
    self_serving, unhappy : shares of her neighbours last month.
    """
    contact = behaviour.contact_weight
    if people.business[person]:
        contact *= behaviour.business_contact_factor
    return (
        work.intercept[task]
        + contact_term(work.human_content[task], people.need_for_contact[person], contact)
        + peer_term(self_serving, unhappy, behaviour.peer_effect, behaviour.word_of_mouth)
        + habit(people, person, task, behaviour)
        - behaviour.overload_weight * mind.strain
        - behaviour.grievance_weight * mind.grievance
        + behaviour.readiness_spread * people.readiness[person]
        + moment.country_logits
    )


@step_rule
def longer_queue_logits(people, person, task, channel, mind, today, behaviour, work, moment):
    """Return the logits that she owes to longer queues: usefulness today minus at reference minutes."""
    minutes = minutes_of_channel(people, person, task, channel, mind.skill, behaviour, work, moment)
    felt = mind.noticed * minutes
    gained = time_advantage(today, felt) - time_advantage(work.staffed_minutes[task], felt)
    return behaviour.usefulness_weight * usefulness(gained, mind.time_weight, 0.0, 1.0)


@step_rule
def epoch_of(people, person, behaviour, moment):
    """Return which of her epochs it is: tastes persist within one; everyone's begins in another month."""
    offset = scatter(people.identity[person]) % behaviour.taste_months
    return (moment.month + moment.epoch_shift + offset) // behaviour.taste_months


@step_rule
def taste(people, person, task, option, epoch, moment):
    """Return her Gumbel taste for an option: 0 the counter, 1 serving herself, 3 fleeing, 4 forgoing."""
    return gumbel(uniform(moment.taste_key, people.identity[person], (epoch * 32 + task) * 8 + option))


@step_rule
def channel_taste(people, person, channel, epoch, behaviour, moment):
    """Return her liking for one channel over another, in logits; it persists like every taste."""
    address = _CHANNEL_TASTES + epoch * 256 + channel
    return behaviour.channel_taste * gumbel(uniform(moment.taste_key, people.identity[person], address))


@step_rule
def far_counter_minutes(task, behaviour, work):
    """Return the extra way to the next open counter when her own is closed and nothing replaces it."""
    return behaviour.far_counter * 0.5 * work.way_share[task] * work.staffed_minutes[task]


@step_rule
def best_channel(people, person, firm, task, covered, mind, offers, behaviour, work, moment):
    """Return (channel, utility) of the best channel she can use at her firm, (−1, −∞) without one.

    Parameters
    ----------
    covered : bit per channel of the task that has reached her.
    """
    best, utility = -1, -math.inf
    first = work.first_channel[task]
    for place in range(work.n_channels[task]):
        channel = first + place
        if not (covered >> place) & 1 or not has_access(people, person, work.channel_access[channel], moment):
            continue
        value = channel_utility(
            people, person, task, channel, mind, offers.staffed_minutes[firm, task], behaviour, work, moment
        )
        value += channel_taste(people, person, channel, mind.epoch, behaviour, moment)
        if value > utility:
            best, utility = channel, value
    return best, utility


@step_rule
def choose_at_open_counter(
    people, person, firm, task, mind, channel, utility, offers, behaviour, work, moment
):
    """Return (use, reason) where she may be served: she weighs the best channel against the counter.

    Price tips the choice where somebody without her habit would do it with the price difference only.
    """
    money = offers.discount[firm, task] + offers.fee[firm, task]
    paid = behaviour.usefulness_weight * usefulness(0.0, 0.5, money, work.staffed_cost[task])
    served = taste(people, person, task, 0, mind.epoch, moment)
    herself = utility + taste(people, person, task, 1, mind.epoch, moment)
    if herself + paid <= served:
        return AT_COUNTER, 0
    reason = GLADLY
    unaccustomed = herself - habit(people, person, task, behaviour)
    if unaccustomed <= served < unaccustomed + paid:
        reason |= TIPPED_BY_PRICE
    queue = longer_queue_logits(
        people, person, task, channel, mind, offers.staffed_minutes[firm, task], behaviour, work, moment
    )
    if herself + paid - queue <= served:
        reason |= AGAINST_HER_WILL
    return channel - work.first_channel[task] + 1, reason


@step_rule
def choose_at_closed_counter(
    people, person, firm, task, mind, channel, utility, open_rivals, offers, behaviour, work, moment
):
    """Return (use, reason, flees) where no counter is left: the four ways out of forced use.

    She serves herself, is helped if a human fall-back is there, flees to a rival, or forgoes.

    References
    ----------
    Reinders, M. J., Dabholkar, P. A., & Frambach, R. T. (2008). Consequences of forcing consumers to
    use technology-based self-service. Journal of Service Research 11(2), 107–123.
    """
    sector = work.sector[task]
    served = taste(people, person, task, 0, mind.epoch, moment)
    best, use, flees = (
        behaviour.forgo_utility + taste(people, person, task, 4, mind.epoch, moment),
        FORGONE_USE,
        False,
    )
    if (
        uniform(moment.taste_key, people.identity[person], (mind.epoch * 32 + task) * 8 + 5)
        < work.fallback[sector]
    ):
        helped = behaviour.help_utility + served
        if helped > best:
            best, use = helped, HELPED_USE
    if not work.captive[sector]:
        tenure = moment.month - people.joined[sector, person]
        away = switching_utility(behaviour.switch_utility, tenure, behaviour.switching_cost, open_rivals)
        away += taste(people, person, task, 3, mind.epoch, moment)
        if away > best:
            best, use, flees = away, FORGONE_USE, True
    if channel < 0:
        return use, 0, flees
    paid = behaviour.usefulness_weight * usefulness(
        0.0, 0.5, offers.discount[firm, task], work.staffed_cost[task]
    )
    autonomy = motive_term(people.autonomy[person], work.autonomy[channel], behaviour.autonomy_weight)
    lost = (1.0 - behaviour.forced_autonomy) * autonomy
    herself = utility + paid - lost + taste(people, person, task, 1, mind.epoch, moment)
    if herself <= best:
        return use, 0, flees
    queue = longer_queue_logits(
        people, person, task, channel, mind, offers.staffed_minutes[firm, task], behaviour, work, moment
    )
    reason = GLADLY if herself > served else 0
    if herself - queue <= served:
        reason |= AGAINST_HER_WILL
    return channel - work.first_channel[task] + 1, reason, False


@step_rule
def experience_below(people, person, channel, work):
    """Return her largest experience with a task one level of co-design below a channel's."""
    level, best = work.co_design[channel], 0.0
    if level == 0:
        return 0.0
    for other in range(work.co_design.shape[0]):
        if work.co_design[other] == level - 1 and work.co_design[other] > 0:
            best = max(best, share_of(people.experience[work.channel_task[other], person]))
    return best
