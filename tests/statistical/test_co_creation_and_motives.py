"""Contributions, the ladder, reach, and the three motives: signs and sizes over seeds."""

from functools import cache

import numpy as np
import pytest

from model.results import Results
from model.simulation import simulate

pytestmark = pytest.mark.slow

SEEDS = (1, 2)


def runs(sectors: str, changes: dict[str, float] | None = None, *, months: int = 312) -> list[Results]:
    return [simulated(sectors, tuple((changes or {}).items()), months, seed) for seed in SEEDS]


@cache
def simulated(sectors: str, changes: tuple[tuple[str, float], ...], months: int, seed: int) -> Results:
    values = {"population.consumers": 2000, "economy.sectors": sectors} | dict(changes)
    return simulate(values, seed, months=months, threads=2)


def last_year(results: list[Results], measure: str) -> float:
    return float(np.mean([run[measure][-12:].mean() for run in results]))


def users(results: list[Results], task: str) -> float:
    return float(np.mean([run.group("user_share", "task", task)[-12:].mean() for run in results]))


@pytest.fixture(scope="module")
def makers() -> list[Results]:
    return runs("maker")


def test_a_euro_for_contributions_returns_more_than_a_euro_for_self_service(makers: list[Results]) -> None:
    everywhere = runs("all")
    assert last_year(everywhere, "contribution_return") > 1.2 * last_year(everywhere, "service_return")
    assert last_year(makers, "contribution_value") > 0.0


def test_experience_on_a_rung_leads_to_the_next(makers: list[Results]) -> None:
    without = runs("maker", {"consumer.ladder": 0.0})
    assert users(makers, "codesign") > 1.1 * users(without, "codesign")
    assert last_year(makers, "co_design_3_share") > last_year(without, "co_design_3_share")


def test_contributions_grow_faster_than_the_connected_users(makers: list[Results]) -> None:
    fewer = runs("maker", {"technology.access_ceiling": 0.5})
    assert last_year(fewer, "contribution_value") < 0.45 * last_year(makers, "contribution_value")


def test_firms_that_reach_for_contributions_get_more_of_them(makers: list[Results]) -> None:
    indifferent = runs("maker", {"firm.contribution_appetite": 0.0})
    assert last_year(indifferent, "contribution_value") < 0.2 * last_year(makers, "contribution_value")


def test_a_payer_saves_no_more_than_its_budget(makers: list[Results]) -> None:
    poor = runs(
        "maker", {"firm.research_budget": 0.0, "firm.quality_budget": 0.0, "firm.marketing_budget": 0.0}
    )
    assert last_year(poor, "contribution_value") == 0.0
    assert last_year(makers, "contribution_value") > 0.0


@pytest.mark.parametrize(
    ("motive", "sector", "measure"),
    [
        ("autonomy", "travel", "self_service_share"),
        ("enjoyment", "travel", "self_service_share"),
        ("self_realisation", "maker", "contributor_share"),
    ],
)
def test_each_motive_draws_people_in(motive: str, sector: str, measure: str) -> None:
    usual, weak = runs(sector), runs(sector, {f"consumer.{motive}_weight": 1.0})
    assert last_year(weak, measure) < last_year(usual, measure) - 0.01


def test_autonomy_counts_without_a_choice_too() -> None:
    forced = {"firm.closing_intercept": 2.0, "firm.remoteness": 0.0}
    usual, weak = runs("bank", forced), runs("bank", forced | {"consumer.autonomy_weight": 1.0})
    assert last_year(usual, "forced_share") > 0.5
    assert last_year(weak, "unwilling_share") > last_year(usual, "unwilling_share")


def test_the_long_run_to_2040_stays_an_economy() -> None:
    (run, other) = runs("all", months=612)
    for measure in ("adopter_share", "voluntary_share", "forced_share", "unpaid_hours_gross", "price_index"):
        assert np.isfinite(run[measure]).all()
    assert 0.0 < run["unpaid_hours_gross"][-1] < 100.0
    assert not np.array_equal(run.values, other.values)


def test_without_the_autonomy_motive_compulsion_lowers_self_service() -> None:
    forced = {"firm.closing_intercept": 2.0, "firm.remoteness": 0.0}
    kept, lost = runs("bank", forced), runs("bank", forced | {"consumer.forced_autonomy": 0.0})
    assert last_year(lost, "self_service_share") < last_year(kept, "self_service_share") - 0.02
    assert last_year(lost, "helped_share") > last_year(kept, "helped_share")
