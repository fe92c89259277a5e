"""Prices and aspirations: who passes a saving on, and what a firm expects to earn."""

from agents.rules.compiled import rule


@rule
def price_after(
    price: float,
    unit_cost: float,
    baseline_unit_cost: float,
    rivals_price: float,
    mark_up: float,
    passed_on: float,
    own_weight: float,
    speed: float,
) -> float:
    """Return the price after a month of gradual adjustment.

    Parameters
    ----------
    price, unit_cost, baseline_unit_cost, rivals_price : EUR per customer and month; the baseline is what
        the same customers would cost with everything staffed.
    mark_up : on cost.
    passed_on : long-run share of own savings that enters the price.
    own_weight : weight of own cost against rivals' prices.
    speed : share of the gap closed each month.

    References
    ----------
    Basker, Foster & Klimek (2017) and New Jersey/Oregon self-service bans: part of the saving reaches
    customers (EVIDENCE §2.2). Form: assumption (decision record 0006).

    Examples
    --------
    >>> price_after(11.0, 8.0, 10.0, 11.0, 0.1, 1.0, 1.0, 0.5)
    9.9
    """
    cost = passed_on * unit_cost + (1.0 - passed_on) * baseline_unit_cost
    target = own_weight * (1.0 + mark_up) * cost + (1.0 - own_weight) * rivals_price
    return price + speed * (target - price)


@rule
def aspiration_after(
    aspiration: float, normal: float, own: float, best_rivals: float, months: float
) -> float:
    """Return the aspired margin: a slow mean of the normal, the own and the best rivals' margin.

    Parameters
    ----------
    aspiration, normal, own, best_rivals : margins, share of revenue.
    months : time constant of the mean.

    References
    ----------
    Cyert, R. M., & March, J. G. (1963). A Behavioral Theory of the Firm. Weights .3/.3/.4: assumption.

    Examples
    --------
    >>> round(aspiration_after(0.1, 0.1, 0.1, 0.2, 4.0), 6)
    0.11
    """
    return aspiration + (0.3 * normal + 0.3 * own + 0.4 * best_rivals - aspiration) / months
