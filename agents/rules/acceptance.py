"""Acceptance: would she rather do it herself? Readiness, motives, reservations and other people.

References
----------
Meuter, M. L., Bitner, M. J., Ostrom, A. L., & Brown, S. W. (2005). Choosing among alternative
service delivery modes. Journal of Marketing 69(2), 61–83.
"""

import math

import numpy as np

from agents.rules.compiled import rule

#: Quantiles of the standard Gumbel distribution at 0, 1/4096, …, 1; the ends are never read.
_QUANTILES = np.array([0.0, *(-math.log(-math.log(row / 4096.0)) for row in range(1, 4096)), 0.0])


@rule
def logistic(logits: float) -> float:
    """Return the probability that belongs to logits, 1 / (1 + e^−x).

    Examples
    --------
    >>> logistic(0.0)
    0.5
    """
    return 1.0 / (1.0 + math.exp(-logits))


@rule
def gumbel(uniform_draw: float) -> float:
    """Return the standard Gumbel draw −ln(−ln u); the difference of two is logistic.

    Between 1/512 and 511/512 it is interpolated in a table of 4,097 quantiles (error below 0.002): tastes
    are drawn five times for every decision, and two logarithms cost more than all the rest.

    References
    ----------
    McFadden, D. (1974). Conditional logit analysis of qualitative choice behavior.

    Examples
    --------
    >>> round(abs(gumbel(0.36787944117144233)), 6)
    0.0
    """
    if uniform_draw < 0.001953125 or uniform_draw > 0.998046875:
        return -math.log(-math.log(uniform_draw))
    place = uniform_draw * 4096.0
    row = int(place)
    return _QUANTILES[row] + (place - row) * (_QUANTILES[row + 1] - _QUANTILES[row])


@rule
def role_clarity(experience: float) -> float:
    """Return how clear her part in the service is to her, in [0, 1].

    References
    ----------
    Meuter et al. (2005): role clarity mediates trial. The line .2 + .6 · experience is an assumption.

    Examples
    --------
    >>> role_clarity(0.5)
    0.5
    """
    return 0.2 + 0.6 * experience


@rule
def ability_term(
    skill: float,
    experience: float,
    requirement: float,
    ability_weight: float,
    experience_ability: float,
    role_clarity_weight: float,
) -> float:
    """Return the logits from being able to do it and knowing one's part.

    Parameters
    ----------
    skill, experience, requirement : 0 … 1.
    ability_weight : logits per unit of skill above the requirement.
    experience_ability : units of skill that full experience replaces.
    role_clarity_weight : logits per unit of role clarity.

    References
    ----------
    Meuter et al. (2005), signs; weights: decision record 0004.

    Examples
    --------
    >>> round(ability_term(0.6, 0.5, 0.5, 4.0, 0.2, 2.0), 9)
    0.8
    """
    return ability_weight * (skill + experience_ability * experience - requirement) + role_clarity_weight * (
        role_clarity(experience) - 0.5
    )


@rule
def motive_term(trait: float, loading: float, weight: float) -> float:
    """Return the logits from one motive: less heteronomy, enjoyment or self-realisation.

    Parameters
    ----------
    trait : how much it matters to her, 0 … 1.
    loading : how much of it the channel offers, 0 … 1.
    weight : logits where both are 1.

    References
    ----------
    Deci, E. L., & Ryan, R. M. (1985). Intrinsic Motivation and Self-Determination in Human Behavior.

    Examples
    --------
    >>> round(motive_term(0.5, 0.8, 3.0), 9)
    1.2
    """
    return weight * trait * loading


@rule
def risk_term(responsibility: float, trust: float, weight: float) -> float:
    """Return the (negative) logits of taking responsibility for errors in a system of the firm's.

    Examples
    --------
    >>> risk_term(0.4, 0.5, 2.5)
    -0.5
    """
    return -weight * responsibility * (1.0 - trust)


@rule
def contact_term(human_content: float, need_for_contact: float, weight: float) -> float:
    """Return the (negative) logits of missing a person who serves her.

    References
    ----------
    Dabholkar, P. A., & Bagozzi, R. P. (2002). JAMS 30(3): need for interaction moderates.

    Examples
    --------
    >>> contact_term(0.5, 0.5, 2.0)
    -0.5
    """
    return -weight * human_content * need_for_contact


@rule
def peer_term(
    self_serving_share: float, unhappy_share: float, peer_effect: float, word_of_mouth: float
) -> float:
    """Return the logits from her neighbours: what they do and what they complain about.

    Parameters
    ----------
    self_serving_share : share of neighbours who self-served this task last month.
    unhappy_share : share of neighbours with a grievance in this sector.
    peer_effect : logits per share.
    word_of_mouth : weight of a complaint against an example.

    References
    ----------
    Centola, D. (2010), Science 329: share of neighbours as exposure. Donath et al. (2024),
    Mathematics 12, 3493: negative word of mouth.

    Examples
    --------
    >>> round(peer_term(0.75, 0.25, 1.0, 0.4), 9)
    0.15
    """
    return peer_effect * (self_serving_share - word_of_mouth * unhappy_share - 0.5)


@rule
def trust_after_attribution(trust: float, firm_serving: float, weight: float) -> float:
    """Return her trust in the firm's system once she attributes a motive to it, at least 0.

    Parameters
    ----------
    trust : her disposition, 0 … 1.
    firm_serving : how far she believes "they only save money", 0 … 1.
    weight : trust lost at full attribution.

    References
    ----------
    Güntürkün, P., Haumann, T., & Edinger-Schons, L. M. (2023). JAMS 51, 990–1018 (sign).

    Examples
    --------
    >>> trust_after_attribution(0.5, 0.5, 0.4)
    0.3
    """
    return max(0.0, trust - weight * firm_serving)


@rule
def success_probability(success_logits: float, skill: float, requirement: float, skill_slope: float) -> float:
    """Return the probability that an attempt succeeds without help.

    Parameters
    ----------
    success_logits : logits of the channel's success rate for somebody who just meets the requirement.
    skill, requirement : 0 … 1.
    skill_slope : logits per unit of skill.

    References
    ----------
    assumption (decision record 0004).

    Examples
    --------
    >>> success_probability(0.0, 0.5, 0.5, 2.0)
    0.5
    """
    return logistic(success_logits + skill_slope * (skill - requirement))
