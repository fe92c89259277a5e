"""Contributions: why a few people give firms ideas, designs, reviews and recommendations.

There is no staffed channel to compare with: motives, skill, reach and the rung below decide, and what
a contributor gives is very unequal.
"""

import math

from agents.rules.compiled import rule


@rule
def ladder_term(experience_below: float, weight: float) -> float:
    """Return the logits from experience on the rung below (rating → configuring → co-design).

    Parameters
    ----------
    experience_below : largest experience with a task one level of co-design lower, 0 … 1.
    weight : logits at full experience.

    References
    ----------
    Judt & Klausegger: the next stage is co-design. Weight: assumption.

    Examples
    --------
    >>> ladder_term(0.5, 1.5)
    0.75
    """
    return weight * experience_below


@rule
def intensity(self_realisation_normal: float, own_normal: float, spread: float) -> float:
    """Return how many times the mean contributor somebody contributes: lognormal with mean 1.

    Parameters
    ----------
    self_realisation_normal : standardised motive of self-realisation.
    own_normal : standard normal draw of her own.
    spread : of the logarithm.

    References
    ----------
    Participation inequality of about 1-9-90 (P2Pvalue/CommonersFramework, EVIDENCE §1). Correlation .5
    with self-realisation: assumption.

    Examples
    --------
    >>> intensity(1.0, 2.0, 0.0)
    1.0
    """
    mixed = 0.5 * self_realisation_normal + math.sqrt(0.75) * own_normal
    return math.exp(spread * mixed - 0.5 * spread * spread)


@rule
def standard_normal(first: float, second: float) -> float:
    """Return a standard normal from two uniform draws.

    References
    ----------
    Box, G. E. P., & Muller, M. E. (1958). Annals of Mathematical Statistics 29(2).

    Examples
    --------
    >>> round(standard_normal(0.5, 0.25), 9) == 0.0
    True
    """
    return math.sqrt(-2.0 * math.log(first)) * math.cos(2.0 * math.pi * second)


@rule
def cost_avoided(value: float, budget: float) -> float:
    """Return the cost that contributions avoid: their value, bounded by what was spent for the purpose.

    Parameters
    ----------
    value : EUR of successful contributions.
    budget : EUR of research, quality control or marketing that they can replace.

    References
    ----------
    assumption: a payer cannot save more than its budget (decision record 0012).

    Examples
    --------
    >>> cost_avoided(1.0, 0.0)
    0.0
    >>> round(cost_avoided(1.0, 100.0), 3)
    0.995
    """
    if budget <= 0.0:
        return 0.0
    return budget * (1.0 - math.exp(-value / budget))
