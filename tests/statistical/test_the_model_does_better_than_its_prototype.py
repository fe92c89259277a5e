"""Eight things that a throw-away prototype failed at; its figures would fail each of these tests."""

import numpy as np
import pytest

from agents import ledger as lines
from agents.columns import EROSION
from model.economy import Economy
from model.results import Results
from model.simulation import simulate

pytestmark = pytest.mark.slow

SEEDS = (1, 2)
MONTHS = 420


@pytest.fixture(scope="module")
def default_runs() -> list[Results]:
    return [simulate({"population.consumers": 2000}, seed, months=MONTHS, threads=2) for seed in SEEDS]


def in_year(runs: list[Results], measure: str, year: int) -> float:
    first = (year - 1990) * 12
    return float(np.mean([run[measure][first : first + 12].mean() for run in runs]))


def group_in_year(runs: list[Results], key: tuple[str, str, str], year: int) -> float:
    first = (year - 1990) * 12
    return float(np.mean([run.group(*key)[first : first + 12].mean() for run in runs]))


def test_price_differences_tip_more_than_a_hundredth_of_choices(default_runs: list[Results]) -> None:
    assert in_year(default_runs, "incentivised_share", 2005) > 0.015


def test_people_resent_being_used_and_failing(default_runs: list[Results]) -> None:
    assert in_year(default_runs, "grievance", 2015) > 0.03
    assert in_year(default_runs, "attribution", 2015) > 0.005


def test_more_than_a_quarter_of_pressure_comes_from_inside_the_economy(default_runs: list[Results]) -> None:
    endogenous = in_year(default_runs, "pressure_endogenous", 2020)
    assert endogenous > 0.25 * in_year(default_runs, "pressure", 2020)


def test_counters_of_a_bank_close_together_and_not_everywhere(default_runs: list[Results]) -> None:
    closed = group_in_year(default_runs, ("closed_share", "sector", "bank"), 2019)
    assert 0.2 < closed < 0.7


def test_small_baskets_are_scanned_first(default_runs: list[Results]) -> None:
    users = {
        size: group_in_year(default_runs, ("user_share", "task", f"checkout_{size}"), 2023)
        for size in ("small", "large")
    }
    assert users["small"] > 1.3 * users["large"]


def test_few_contribute_most(default_runs: list[Results]) -> None:
    assert in_year(default_runs, "contributor_share", 2020) < 0.4
    assert in_year(default_runs, "contribution_top1_share", 2020) > 0.25


def test_about_one_in_twenty_innovates_within_three_years(default_runs: list[Results]) -> None:
    assert 0.02 < in_year(default_runs, "innovator_share", 2018) < 0.08


def test_labour_outside_the_catalogue_softens_the_fall_of_labour(default_runs: list[Results]) -> None:
    performed = in_year(default_runs, "employee_hours_performed", 2020)
    in_catalogue = performed / in_year(default_runs, "employee_hours_baseline", 2020)
    assert in_catalogue < in_year(default_runs, "labour_per_unit", 2020) < 1.0


def test_choice_erodes_without_any_ban_when_counters_get_rare() -> None:
    economy = Economy(consumers=1500, months=36, economy__sectors="bank", start="2015-01", rng=1)
    economy.firm_columns.closing[:] = 0.6
    for _ in range(36):
        economy.step()
        economy.firm_columns.closing[:] = 0.6
    longer = economy.offers.staffed_minutes / economy.work.staffed_minutes
    assert (longer.max(axis=1) >= EROSION).any()
    eroded = economy.accounts.pair_firm[np.flatnonzero(economy.ledger.pairs[:, lines.FORCED] > 0.0)]
    assert len(eroded) > 0


def test_contributors_do_not_compare_minutes_with_staff() -> None:
    shares = []
    for minutes in (60.0, 240.0):
        values = {"tasks.codesign.community.minutes": minutes, "consumer.overload_weight": 0.0}
        run = simulate({"economy.sectors": "maker", "population.consumers": 1500} | values, 1, months=240)
        shares.append(run.group("user_share", "task", "codesign")[-12:].mean())
    assert shares[0] == pytest.approx(shares[1], rel=0.05)


@pytest.mark.parametrize(
    ("knocked_out", "measure", "least"),
    [
        ({"consumer.grievance_weight": 0.0, "consumer.anger": 0.0}, "churn_rate", 0.005),
        ({"consumer.overload_weight": 0.0}, "unpaid_hours_gross", 0.2),
        ({"consumer.noticing": 0.0, "consumer.awareness_contagion": 0.0}, "unpaid_hours_felt", 0.5),
        ({"consumer.warmth": 0.0, "consumer.role_gain": 0.0}, "churn_rate", 0.0005),
        (
            {"firm.rival_pressure": 0.0, "firm.margin_pressure": 0.0, "firm.loss_pressure": 0.0},
            "forced_share",
            0.01,
        ),
    ],
)
def test_what_was_decoration_moves_a_measure(
    default_runs: list[Results], knocked_out: dict[str, float], measure: str, least: float
) -> None:
    without = [
        simulate({"population.consumers": 2000} | knocked_out, seed, months=MONTHS, threads=2)
        for seed in SEEDS
    ]
    change = [
        run[measure][-60:].mean() - default[measure][-60:].mean()
        for run, default in zip(without, default_runs, strict=True)
    ]
    assert abs(np.mean(change)) > least
    assert np.sign(change[0]) == np.sign(change[1])
