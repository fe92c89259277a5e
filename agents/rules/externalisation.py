"""Externalisation: what a firm believes a change of service mode is worth, and whether it makes it.

Aspirations start the search (Cyert & March 1963), beliefs about returns are learned, and rivals are
imitated where returns are ambiguous (Abrahamson & Rosenkopf 1993).
"""

from agents.rules.acceptance import logistic
from agents.rules.compiled import rule


@rule
def worth_index(benefits: float, costs: float) -> float:
    """Return the worth of a move as a Weber fraction (B − C) / (B + C) in [−1, 1].

    Parameters
    ----------
    benefits, costs : EUR per customer and year, ≥ 0; negative parts count on the other side.

    References
    ----------
    assumption (decision record 0006): a saving divided by the fixed cost is unbounded and undefined
    where the fixed cost does not change.

    Examples
    --------
    >>> worth_index(3.0, 1.0)
    0.5
    >>> worth_index(0.0, 0.0)
    0.0
    """
    gain = max(0.0, benefits) + max(0.0, -costs)
    loss = max(0.0, costs) + max(0.0, -benefits)
    if gain + loss <= 0.0:
        return 0.0
    return (gain - loss) / (gain + loss)


@rule
def upgrade_probability(
    intercept: float,
    index: float,
    pressure: float,
    imitated: float,
    worth_weight: float,
    pressure_weight: float,
) -> float:
    """Return the probability that a reviewed move towards more externalisation is made.

    Parameters
    ----------
    intercept : logits.
    index : worth of the move, −1 … 1.
    pressure : economic pressure, 0 … 2.5.
    imitated : logits from rivals who made the move, already weighted with ambiguity.
    worth_weight, pressure_weight : logits per unit.

    References
    ----------
    Sharma (ATM adoption hazard rises with the share of prior adopters; EVIDENCE §2.4), Cyert & March (1963).

    Examples
    --------
    >>> upgrade_probability(-3.0, 0.3, 0.5, 0.75, 5.0, 1.5)
    0.5
    """
    return logistic(intercept + worth_weight * index + pressure_weight * pressure + imitated)


@rule
def rollback_probability(
    intercept: float,
    index: float,
    pressure: float,
    complaints: float,
    imitated: float,
    worth_weight: float,
    pressure_weight: float,
) -> float:
    """Return the probability that a reviewed move back towards staff is made.

    Parameters
    ----------
    intercept : logits.
    index : realised worth of the present mode, −1 … 1.
    pressure : economic pressure, 0 … 2.5.
    complaints : logits from customers' grievance.
    imitated : logits from rivals who stay with the present mode.
    worth_weight, pressure_weight : logits per unit.

    References
    ----------
    assumption; rollbacks of self-checkout 2023–24 (EVIDENCE §2.3) give the sign.

    Examples
    --------
    >>> rollback_probability(-4.5, -0.5, 0.0, 2.0, 0.0, 5.0, 1.5)
    0.5
    """
    return logistic(intercept - worth_weight * index - pressure_weight * pressure + complaints - imitated)


@rule
def economic_pressure(
    margin_gap: float, cost_gap: float, wage_growth: float, vacancy: float, lost_share: float
) -> float:
    """Return economic pressure from its weighted parts, clipped to [0, 2.5].

    Parameters
    ----------
    margin_gap : (aspired − realised margin) / normal margin, weighted, clipped to [0, 1.5] before.
    cost_gap : own unit cost above the best rival's, share of value added, weighted.
    wage_growth : real wage growth per year, weighted.
    vacancy : index of staff shortage, weighted.
    lost_share : share of customers lost within a year, weighted.

    References
    ----------
    Cyert & March (1963), aspiration-based search; Sharma (high-wage markets adopt earlier).

    Examples
    --------
    >>> economic_pressure(0.5, 0.25, 0.125, 0.0, 0.125)
    1.0
    """
    return min(2.5, max(0.0, margin_gap + cost_gap + wage_growth + vacancy + lost_share))


@rule
def belief_after(belief: float, observed: float, learning: float) -> float:
    """Return a belief moved towards what was observed.

    Parameters
    ----------
    belief, observed : same unit.
    learning : share of the gap closed, 0 … 1.

    References
    ----------
    Campbell & Frei (2010): realised savings differ from expected ones. Form: assumption.

    Examples
    --------
    >>> belief_after(0.4, 0.8, 0.25)
    0.5
    """
    return belief + learning * (observed - belief)


@rule
def technology_cost_factor(
    years_since_introduction: float, premium_when_new: float, years_to_mature: float
) -> float:
    """Return how much dearer a channel is than when it is mature, ≥ 1.

    References
    ----------
    assumption (decision record 0006).

    Examples
    --------
    >>> technology_cost_factor(0.0, 1.5, 8.0)
    2.5
    """
    return 1.0 + premium_when_new * 2.718281828459045 ** (
        -max(0.0, years_since_introduction) / years_to_mature
    )
