"""The outcomes by which choices and groups are compared: which ones, in which unit, in which words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

CORE = (
    "self_service_share",
    "forced_share",
    "closed_share",
    "unpaid_hours_gross",
    "unpaid_hours_net",
    "excluded_share",
)
"""Shown for every comparison, where they were stored."""
OTHERS = (
    "waiting_imposed_hours",
    "unpaid_hours_felt",
    "awareness",
    "grievance",
    "role_perception",
    "overload_share",
    "customer_loss",
    "helped_share",
    "churn_rate",
    "compensation_ratio",
    "saving_total",
    "saving_profit",
    "price_index",
    "customers_gain",
    "employee_hours_externalised",
    "pressure",
    "rollbacks",
    "contributor_share",
    "innovator_share",
    "contribution_value",
    "contribution_return",
    "contribution_top1_share",
    "hours_gini",
)
"""Of these, a comparison shows the ones that move most."""
IN_PER_CENT = ("price_index", "compensation_ratio", "awareness_gap")
"""Ratios that are no shares and yet are read in per cent."""
BRIEF = {
    "adopter_share": "serve themselves in some task",
    "self_service_share": "self-served occasions",
    "forced_share": "forced, of self-served",
    "unwilling_share": "against their will, of self-served",
    "voluntary_share": "voluntary, of self-served",
    "closed_share": "closed counters",
    "unpaid_hours_gross": "unpaid hours, gross",
    "unpaid_hours_net": "unpaid hours, net",
    "unpaid_hours_felt": "unpaid hours, felt",
    "unpaid_hours_value": "value of unpaid hours",
    "waiting_imposed_hours": "waiting imposed",
    "excluded_share": "people who forgo a service",
    "forgone_share": "forgone occasions",
    "helped_share": "helped occasions",
    "customer_loss": "loss from own errors",
    "grievance": "grievance",
    "awareness": "awareness",
    "role_perception": "role perception",
    "overload_share": "overloaded people",
    "churn_rate": "customers who leave",
    "compensation_ratio": "pay, of the value of the work",
    "saving_total": "saving",
    "saving_profit": "profit from the saving",
    "saving_prices": "lower prices",
    "awareness_gap": "minutes that go unnoticed",
    "price_index": "price, of the price if staffed",
    "customers_gain": "customers' line",
    "employee_hours_externalised": "staff hours handed over",
    "pressure": "pressure",
    "rollbacks": "rollbacks",
    "contributor_share": "people who contribute",
    "contribution_value": "value of contributions",
    "contribution_return": "return of contributions",
    "innovator_share": "people who innovated",
    "contribution_top1_share": "contributions by the top 1 %",
    "hours_gini": "Gini of unpaid hours",
}
"""Few words for a picture; a measure's label in full stands in the tables."""


@dataclass(frozen=True)
class Outcome:
    """A measure as comparisons show it: shares in per cent, their differences in points."""

    name: str
    label: str
    unit: str
    scale: float

    @property
    def brief(self) -> str:
        """Few words."""
        return BRIEF.get(self.name, self.label[0].lower() + self.label[1:])

    @property
    def level_unit(self) -> str:
        """Unit of a level."""
        return "%" if self.scale != 1.0 else "" if self.unit == "1" else self.unit

    @property
    def change_unit(self) -> str:
        """Unit of a difference."""
        return "points" if self.scale != 1.0 else "" if self.unit == "1" else self.unit

    def shown(self, value: float) -> str:
        """Return a level with its unit, three significant digits.

        >>> outcome_of("forced_share").shown(0.4861)
        '48.6 %'
        """
        return f"{figure(self.scale * value)} {self.level_unit}".strip()

    def shown_change(self, value: float) -> str:
        """Return a difference with sign and unit.

        >>> outcome_of("unpaid_hours_gross").shown_change(-2.134)
        '−2.13 h/yr'
        """
        return f"{signed(self.scale * value)} {self.change_unit}".strip()


def outcome_of(name: str) -> Outcome:
    """Return a measure as an outcome."""
    from model.measures import MEASURES

    measure = MEASURES[name]
    percent = measure.unit == "1" and (name.endswith("_share") or name in IN_PER_CENT)
    return Outcome(name, measure.label, measure.unit, 100.0 if percent else 1.0)


def outcomes_of(names: Iterable[str], stored: Iterable[str]) -> list[Outcome]:
    """Return those of several measures that were stored."""
    there = set(stored)
    return [outcome_of(name) for name in names if name in there]


def figure(value: float) -> str:
    """Return a number with three significant digits and a true minus sign.

    >>> figure(-0.01234), figure(12.345), figure(0.0)
    ('−0.0123', '12.3', '0')
    """
    from experiments.summary import shown_number

    if math.isnan(value):
        return "–"
    return "0" if abs(value) < SMALLEST else shown_number(float(value)).replace("-", "−")


SMALLEST = 5e-5
"""Below this a figure is rounding noise of sums."""


def signed(value: float) -> str:
    """Return a number with its sign.

    >>> signed(1.5), signed(-1.5), signed(0.0)
    ('+1.50', '−1.50', '0')
    """
    text = figure(value)
    return f"+{text}" if value >= SMALLEST else text
