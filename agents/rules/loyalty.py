"""Staying and leaving: two bonds, price, grievance, the role, and switching costs."""

import math

from agents.rules.compiled import rule


@rule
def bond_deficit(self_service_share: float, tenure_months: float, fade_months: float) -> float:
    """Return how much weaker both bonds are than at an even mix, fading with tenure; ≥ 0.

    A bond to staff (concave in the staffed share) and one to the system (concave in the self-served
    share) together are strongest at a mix, so defection is U-shaped in the self-service share.

    Parameters
    ----------
    self_service_share : share of the sector's occasions that she serves herself, 0 … 1.
    tenure_months : months as a customer of this firm.
    fade_months : months after which the effect has lost 63 % of what it can lose.

    References
    ----------
    Scherer, A., Wünderlich, N. V., & von Wangenheim, F. (2015). MIS Quarterly 39(1), 177–200.

    Examples
    --------
    >>> bond_deficit(0.5, 0.0, 60.0)
    0.0
    >>> round(bond_deficit(1.0, 0.0, 60.0), 6)
    0.414214
    """
    fade = 0.3 + 0.7 * math.exp(-tenure_months / fade_months)
    mix = math.sqrt(1.0 - self_service_share) + math.sqrt(self_service_share)
    return fade * max(0.0, 2.0 * math.sqrt(0.5) - mix)


@rule
def leaving_logits(
    deficit: float,
    price_gap: float,
    grievance: float,
    role: float,
    bond: float,
    price: float,
    anger: float,
    warmth: float,
) -> float:
    """Return what moves the logits of leaving this month, apart from the intercept.

    Parameters
    ----------
    deficit : of the bonds, from :func:`bond_deficit`.
    price_gap : EUR per month above the sector's mean price.
    grievance : 0 … 1.
    role : −1 … 1, role perception.
    bond, price, anger, warmth : logits per unit of each.

    References
    ----------
    Scherer et al. (2015), Feng et al. (2019), Buell, Campbell & Frei (2010); weights: assumptions.

    Examples
    --------
    >>> round(leaving_logits(0.4, 1.0, 0.1, 0.5, 2.0, 0.1, 3.0, 0.6), 9)
    0.9
    """
    return bond * deficit + price * price_gap + anger * grievance - warmth * role


@rule
def switching_utility(
    intercept: float, tenure_months: float, cost_per_year: float, open_rivals: float
) -> float:
    """Return the utility of fleeing from a closed counter to a rival that still has staff.

    Parameters
    ----------
    intercept : logits of the one-off effort.
    tenure_months : months as a customer; the cost stops rising after ten years.
    cost_per_year : logits per year of tenure: those who are stuck stay.
    open_rivals : share of rivals' counters that are open; below 2 % nobody is found.

    References
    ----------
    Buell, R. W., Campbell, D., & Frei, F. X. (2010). POM 19(6), 679–697: retention comes from being stuck.

    Examples
    --------
    >>> switching_utility(-2.0, 24.0, 0.15, 1.0)
    -2.3
    """
    if open_rivals < 0.02:
        return -1e9
    return intercept - cost_per_year * min(tenure_months, 120.0) / 12.0 + math.log(open_rivals)
