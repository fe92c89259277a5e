"""Staff, ways and queues: how long it takes to be served, and how many staff are kept."""

import math

from agents.rules.compiled import rule


@rule
def staffed_minutes(
    reference_minutes: float,
    way_share: float,
    load: float,
    open_share: float,
    queue_exponent: float,
    way_exponent: float,
) -> float:
    """Return the customer's minutes to be served today: way, queue and counter.

    Parameters
    ----------
    reference_minutes : min at the start of the economy.
    way_share : share of the reference that is way and queue, half of it each.
    load : staff minutes asked for / staff minutes available at the intended utilisation.
    open_share : share of the firm's original counters that are open.
    queue_exponent : how steeply queues grow with load.
    way_exponent : how steeply ways grow with thinning; ½ for a plane.

    Returns
    -------
    min per occasion, at most six times the reference.

    References
    ----------
    Ueda & Kurahashi (2018), Front. Phys. 6: queues as an endogenous driver. Distance to the nearest of
    points scattered on a plane grows with density^−½ (geometry).

    Examples
    --------
    >>> staffed_minutes(10.0, 0.6, 1.0, 1.0, 2.0, 0.5)
    10.0
    >>> round(staffed_minutes(10.0, 0.6, 1.0, 0.25, 2.0, 0.5), 9)
    13.0
    """
    queue = load**queue_exponent
    way = max(open_share, 0.02) ** (-way_exponent)
    factor = (1.0 - way_share) + way_share * 0.5 * (queue + way)
    return reference_minutes * min(6.0, factor)


@rule
def capacity_after(capacity: float, desired: float, cut_rate: float, growth_rate: float) -> float:
    """Return paid staff minutes after a month of limited adjustment.

    Parameters
    ----------
    capacity, desired : paid min per month.
    cut_rate, growth_rate : largest fall and rise, share per month.

    References
    ----------
    assumption: branches and rotas are lumpy (EVIDENCE §6.5, stickiness).

    Examples
    --------
    >>> capacity_after(100.0, 50.0, 0.03, 0.05)
    97.0
    """
    return min(max(desired, capacity * (1.0 - cut_rate)), capacity * (1.0 + growth_rate))


@rule
def failed_attempt_minutes(reference_minutes: float, fixed_minutes: float) -> float:
    """Return the customer's extra minutes when her own attempt fails and staff must help.

    Examples
    --------
    >>> failed_attempt_minutes(12.0, 2.0)
    8.0
    """
    return 0.5 * reference_minutes + fixed_minutes


@rule
def scale_economy(customers: float, mean_customers: float, exponent: float) -> float:
    """Return the factor on fixed cost per customer for a firm of this size.

    References
    ----------
    Sharma: ATM adoption hazard rises with firm size (sign). Exponent: assumption.

    Examples
    --------
    >>> scale_economy(100.0, 100.0, 0.15)
    1.0
    """
    return math.pow(max(customers, 1.0) / max(mean_customers, 1.0), -exponent)
