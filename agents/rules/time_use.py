"""Time: what a task costs the customer in minutes, and what she thinks it costs.

The household allocates time as it allocates money (Becker 1965); what she spends on work for a firm
is noticed only in part (Voß & Rieder 2005: interviewees mostly deny that it is work until probed).
"""

import math

from agents.rules.compiled import rule


@rule
def own_minutes(
    reference_minutes: float,
    experience: float,
    skill_shortfall: float,
    inexperience_slope: float,
    shortfall_slope: float,
) -> float:
    """Return the customer's own minutes for one self-served occasion, door to door.

    Parameters
    ----------
    reference_minutes : min of a skilled and experienced customer this year.
    experience : 0 (never done) … 1 (routine).
    skill_shortfall : requirement − skill, 0 where she has the skill.
    inexperience_slope : share of extra minutes without any experience.
    shortfall_slope : share of extra minutes per unit of missing skill.

    Returns
    -------
    min per occasion.

    References
    ----------
    assumption (form); sign: customers are slower than staff at unfamiliar items (EVIDENCE in
    decision record 0004).

    Examples
    --------
    A beginner who lacks a fifth of the skill for a task of ten minutes:

    >>> round(own_minutes(10.0, 0.0, 0.2, 0.5, 1.5), 9)
    19.5
    """
    return (
        reference_minutes
        * (1.0 + inexperience_slope * (1.0 - experience))
        * (1.0 + shortfall_slope * skill_shortfall)
    )


@rule
def attention(unnoticed_attention: float, awareness: float) -> float:
    """Return the share of her own minutes that she notices as effort, in [0, 1].

    Parameters
    ----------
    unnoticed_attention : share noticed by somebody without any awareness of the role.
    awareness : 0 … 1.

    References
    ----------
    Voß, G. G., & Rieder, K. (2005). Der arbeitende Kunde. Sign only; the form is an assumption.

    Examples
    --------
    >>> attention(0.5, 0.2)
    0.6
    """
    return unnoticed_attention + (1.0 - unnoticed_attention) * awareness


@rule
def time_advantage(staffed_minutes: float, felt_minutes: float) -> float:
    """Return the felt time advantage of doing it herself, a Weber fraction in (−1, 1).

    Parameters
    ----------
    staffed_minutes : min to be served at her firm today: way, queue and counter.
    felt_minutes : min of her own that she notices.

    References
    ----------
    Simon, F., & Usunier, J.-C. (2007): the difference in waiting time drives the preference for
    technology. IJRM 24, 163–173. The Weber form is an assumption.

    Examples
    --------
    >>> time_advantage(12.0, 4.0)
    0.5
    """
    return (staffed_minutes - felt_minutes) / (staffed_minutes + felt_minutes)


@rule
def time_weight(value_of_time: float, mean_value_of_time: float) -> float:
    """Return how much a time advantage counts for usefulness: half, more for those whose time is dear.

    Parameters
    ----------
    value_of_time, mean_value_of_time : EUR per hour, hers and the private mean.

    References
    ----------
    Becker, G. S. (1965). A theory of the allocation of time (sign). The root is an assumption
    (decision record 0003).

    Examples
    --------
    >>> time_weight(48.8, 12.2)
    1.0
    """
    return 0.5 * math.sqrt(value_of_time / mean_value_of_time)


@rule
def usefulness(
    time_advantage: float, time_weight: float, price_difference: float, staffed_cost: float
) -> float:
    """Return the perceived usefulness of self-service: half time, half money.

    Parameters
    ----------
    time_advantage : Weber fraction in (−1, 1).
    time_weight : from :func:`time_weight`.
    price_difference : EUR per occasion, discount for self-service plus fee at the counter.
    staffed_cost : EUR per occasion, the firm's cost of serving her: the scale of money.

    References
    ----------
    Davis, F. D. (1989). Perceived usefulness. MIS Quarterly 13(3). Money relative to the staffed
    cost is an assumption (decision record 0003).

    Examples
    --------
    >>> usefulness(0.5, 0.5, 0.35, 3.5)
    0.3
    """
    return time_weight * time_advantage + 0.5 * price_difference / staffed_cost
