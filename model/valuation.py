"""What unpaid work is worth: a lens laid over stored hours, so that changing it needs no new run.

References
----------
Satellite accounts of household production: replacement cost (a housekeeper's net wage) and opportunity
cost (own value of time); see ``docs/EVIDENCE.md`` §3.4.
"""

from collections.abc import Callable

import numpy as np

from model.results import Results

REPLACEMENT_COST = (
    13.5  # EUR/h: net housekeeper wage ≈ 13–14 in 2024, assumption from 9.25 in 2013 (Destatis)
)
MINIMUM_WAGE = (
    12.41  # EUR/h: German statutory minimum wage of 2024, from memory; assumption for other countries
)

_Lens = Callable[[Results, float], np.ndarray]

_LENSES: dict[str, tuple[float, _Lens]] = {
    "nothing": (0.0, lambda results, _: np.zeros(results.months)),
    "minimum_wage": (MINIMUM_WAGE, lambda results, wage: wage * results["unpaid_hours_gross"]),
    "replacement": (REPLACEMENT_COST, lambda results, wage: wage * results["unpaid_hours_gross"]),
    "opportunity_cost": (1.0, lambda results, factor: factor * results["unpaid_hours_value"]),
}

#: Names of the lenses.
LENSES = tuple(_LENSES)


def value_of_unpaid_work(results: Results, lens: str, price: float | None = None) -> np.ndarray:
    """Return the value of gross unpaid hours, EUR per adult and year, by month.

    Parameters
    ----------
    results : of a run that stored ``unpaid_hours_gross`` (``unpaid_hours_value`` for opportunity cost).
    lens : nothing, minimum_wage, replacement or opportunity_cost.
    price : EUR per hour, for opportunity cost a factor on own values of time; the lens's own by default.

    Raises
    ------
    ValueError
        For an unknown lens or a negative price.
    """
    if lens not in _LENSES:
        raise ValueError(f"lens: expected one of {', '.join(LENSES)}, got {lens!r}")
    usual, value = _LENSES[lens]
    price = usual if price is None else price
    if not price >= 0.0:
        raise ValueError(f"price: expected EUR per hour ≥ 0, got {price!r}")
    return value(results, price)
