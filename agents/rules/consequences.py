"""What doing it herself leaves behind: experience, strain, awareness, grievance, a role.

Each rule returns the new value of a state in [0, 1].
"""

from agents.rules.compiled import rule


@rule
def experience_after(experience: float, occasions: float, success: float, learning_rate: float) -> float:
    """Return experience after a month with some self-served occasions.

    References
    ----------
    Meuter et al. (2005); Reinders, Dabholkar & Frambach (2008): earlier experience helps. Rate: EVIDENCE,
    decision record 0004.

    Examples
    --------
    >>> experience_after(0.0, 2.0, 0.9, 0.15)
    0.135
    """
    return experience + learning_rate * min(1.0, occasions) * success * (1.0 - experience)


@rule
def strain(felt_minutes: float, comfort_minutes: float) -> float:
    """Return how far unpaid work strains her, W² / (W² + W̄²): ½ where the comfort budget is used up.

    Parameters
    ----------
    felt_minutes : min per month that she notices, smoothed.
    comfort_minutes : min per month that she is comfortable with.

    References
    ----------
    Lee (2021) on technostress: overload lowers intention (sign). The Hill form is an assumption.

    Examples
    --------
    >>> strain(60.0, 180.0)
    0.1
    """
    used = felt_minutes * felt_minutes
    return used / (used + comfort_minutes * comfort_minutes)


@rule
def awareness_after(
    awareness: float,
    irritation: float,
    aware_neighbours: float,
    noticing: float,
    contagion: float,
    fading: float,
) -> float:
    """Return awareness of working for firms after a month.

    Parameters
    ----------
    awareness : before, 0 … 1.
    irritation : strain, compulsion and campaign of the month, ≥ 0.
    aware_neighbours : share of neighbours who are aware.
    noticing, contagion, fading : rates per month.

    References
    ----------
    Voß & Rieder (2005): noticed only when probed. Rates are assumptions.

    Examples
    --------
    >>> round(awareness_after(0.1, 0.5, 0.5, 0.08, 0.03, 0.03), 6)
    0.145
    """
    change = (
        noticing * irritation * (1.0 - awareness)
        + contagion * (aware_neighbours - awareness)
        - fading * awareness
    )
    return min(1.0, max(0.0, awareness + change))


@rule
def grievance_after(
    grievance: float, hurt: float, gain: float, decay: float, helped_share: float, repair: float
) -> float:
    """Return one part of the grievance against a sector's firm after a month.

    Parameters
    ----------
    grievance : before, 0 … 1.
    hurt : share of the month's occasions that went against her will or failed.
    gain, decay : rates per month.
    helped_share : share of the month's occasions at which staff helped.
    repair : share of the grievance that a month full of help takes away.

    References
    ----------
    Feng et al. (2019), Behaviour & IT 38(8): forced use → threat to freedom → negative emotion.
    Reinders et al. (2008): employees as a fall-back offset it. Rates are assumptions.

    Examples
    --------
    >>> round(grievance_after(0.2, 0.5, 0.4, 0.08, 0.5, 0.2), 6)
    0.324
    """
    change = gain * hurt * (1.0 - grievance) - (decay + repair * helped_share) * grievance
    return min(1.0, max(0.0, grievance + change))


@rule
def role_perception(felt_gain: float, grievance: float, gain_weight: float) -> float:
    """Return how she sees her role at the firm: from −1 (used) over 0 to 1 (partner).

    Parameters
    ----------
    felt_gain : mean felt time advantage over the sector's occasions, −1 … 1 (0 where she is served).
    grievance : 0 … 1, the mirror image.
    gain_weight : weight of the gain.

    References
    ----------
    Judt & Klausegger: how customers perceive the role matters. Form: assumption (decision record 0005).

    Examples
    --------
    >>> role_perception(0.4, 0.1, 0.5)
    0.1
    """
    return max(-1.0, min(1.0, gain_weight * felt_gain - grievance))
