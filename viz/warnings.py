"""What is implausible in a combination of values: said beside the charts, never forbidden."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from model.arguments import year_of
from viz.controls import label_of
from viz.scenario import CONSUMERS, Scenario, declared_in, preset
from viz.words import Words

Value = Callable[[str], Any]
LEVERS = (
    "policy.staffed_access", "policy.ban_forcing", "policy.compensation_rate", "policy.campaign",
    "policy.skills_programme", "policy.minimum_staff", "policy.cash_access",
)  # fmt: skip
LATE_YEARS = 5
"""A policy that begins so shortly before the end shows next to nothing."""
MOST_NAMED = 3


def warnings(scenario: Scenario, words: Words) -> list[str]:
    """Return what is implausible in a scenario, in the visitor's language."""
    value = scenario.value
    found = [name for name, holds in COMBINATIONS.items() if holds(value)]
    found += _of_policies(scenario) + _of_drivers(scenario)
    said = [words(f"warning.{name}") for name in found]
    extreme = _extreme(scenario, words)
    return [*said, words("warning.extreme", parameters=words.sentence(extreme))] if extreme else said


COMBINATIONS: dict[str, Callable[[Value], bool]] = {
    "reach_without_access": lambda v: (
        v("technology.access_ceiling") < 0.7 and v("consumer.reach_weight") > 2.0
    ),
    "pressure_and_pass_through": lambda v: v("firm.pressure_scale") > 2.5 and v("firm.pass_through") > 0.9,
    "fees_and_pay": lambda v: v("firm.fee_share") > 0.9 and v("policy.compensation_rate") > 0.5,
    "peers_without_network": lambda v: v("network.family") == "none" and v("consumer.peer_effect") > 1.0,
    "dear_pay": lambda v: v("policy.compensation_rate") > 0.0 and v("policy.replacement_cost") > 25.0,
    "weight_without_pressure": lambda v: v("firm.pressure_scale") == 0.0 and v("firm.pressure_weight") > 1.5,
    "fees_without_difference": lambda v: v("firm.price_difference") == 0.0 and v("firm.fee_share") > 0.6,
    "staff_under_pressure": lambda v: v("policy.minimum_staff") > 0.9 and v("firm.understaffing") > 0.2,
    "blind_to_leakage": lambda v: v("technology.leakage_scale") > 4.0 and v("firm.prior_leakage") < 0.2,
    "fickle_tastes": lambda v: v("consumer.taste_months") < v("consumer.reconsideration_months"),
    "steep_wages": lambda v: v("technology.wage_growth") > 0.03,
    "steep_country": lambda v: abs(v("country.trend")) > 0.2,
    "mostly_business": lambda v: v("population.business_share") > 0.3,
    "cash_without_banks": lambda v: v("policy.cash_access") > 0.0 and not _banks(v("economy.sectors")),
    "less_than_before": lambda v: v("policy.earlier_access") > v("policy.staffed_access"),
    "few_people": lambda v: v(CONSUMERS) < 500,
    "many_people": lambda v: v(CONSUMERS) > 100_000,
}
"""Name of the sentence, and when it is said."""


def _banks(sectors: str) -> bool:
    return any(name.strip() in ("all", "bank") for name in sectors.split(","))


def _of_policies(scenario: Scenario) -> list[str]:
    """Return what is odd about the years in which policies hold."""
    value, changed = scenario.value, dict(scenario.changes)
    begin, end = value("policy.from_year"), value("policy.until_year")
    last = year_of(preset(scenario.experiment).start) + scenario.months / 12.0
    if not any(value(name) for name in LEVERS):
        return ["years_without_policy"] if {"policy.from_year", "policy.until_year"} & changed.keys() else []
    if end <= begin:
        return ["ends_before_it_begins"]
    return ["late_policy"] if begin > last - LATE_YEARS else []


def _of_drivers(scenario: Scenario) -> list[str]:
    """Return what has no effect because the experiment brings observed series."""
    drivers = preset(scenario.experiment).drivers
    observed = drivers is not None and drivers.wage is not None
    return ["wages_are_observed"] if observed and "technology.wage_growth" in dict(scenario.changes) else []


def _extreme(scenario: Scenario, words: Words) -> list[str]:
    """Return names of changed parameters at the upper end of what is declared plausible."""
    known = declared_in(scenario.experiment)
    return [
        label_of(known[name], words)
        for name, value in scenario.changes
        if _at_its_end(known[name].kind, value, known[name].high) and not name.startswith("policy.")
    ][:MOST_NAMED]


def _at_its_end(kind: str, value: Any, high: float | None) -> bool:
    return kind in ("number", "integer") and high not in (None, 1.0) and value == high
