"""Does each lever of policy act from its year on, only then, and in the direction it must?"""

from functools import cache

import numpy as np
import pytest

from model import Economy, simulate

START, YEAR, MONTHS = 2000, 2005, 132
BEGIN = (YEAR - START) * 12
RAMP = 12  # months in which a closed counter is opened again (firm.withdrawal_months)
LEVERS = {
    "staffed_access": 0.9,
    "cash_access": 0.9,
    "ban_forcing": True,
    "compensation_rate": 0.8,
    "campaign": 1.0,
    "skills_programme": 0.05,
    "minimum_staff": 0.9,
}


@cache
def results(lever=None, sectors="bank"):
    """Return one run with one lever in force from 2005 on, or with none."""
    parameters = {"population.consumers": 500, "economy.sectors": sectors, "policy.from_year": float(YEAR)}
    if lever:
        parameters[f"policy.{lever}"] = LEVERS[lever]
    return simulate(parameters, seed=3, start=f"{START}-01", months=MONTHS)


def after_the_ramp(lever, measure):
    return results(lever)[measure][BEGIN + RAMP :]


@pytest.mark.parametrize("lever", LEVERS)
def test_a_policy_changes_nothing_before_its_year(lever):
    changed, usual = results(lever), results()
    assert np.array_equal(changed.values[:BEGIN], usual.values[:BEGIN], equal_nan=True)
    assert np.array_equal(changed.group_values[:BEGIN], usual.group_values[:BEGIN], equal_nan=True)


@pytest.mark.parametrize("lever", LEVERS)
def test_a_policy_acts_at_the_latest_a_month_after_it_begins(lever):
    changed, usual = results(lever), results()
    second = slice(BEGIN, BEGIN + 2)
    assert not np.array_equal(changed.values[second], usual.values[second], equal_nan=True)


@pytest.mark.parametrize("lever", ["staffed_access", "cash_access"])
def test_a_right_to_a_counter_bounds_the_closed_share(lever):
    assert results()["closed_share"][-1] > 0.11
    assert after_the_ramp(lever, "closed_share").max() <= 0.1 + 1e-12


def test_a_rule_on_cash_leaves_other_counters_alone():
    with_rule, without = results("cash_access", "transport"), results(None, "transport")
    assert np.array_equal(with_rule.values, without.values, equal_nan=True)


def test_a_ban_on_forcing_opens_every_counter():
    assert after_the_ramp(None, "forced_share").min() > 0.05
    assert after_the_ramp("ban_forcing", "closed_share").max() == 0.0
    assert after_the_ramp("ban_forcing", "mode_forced_share").max() == 0.0
    assert (
        after_the_ramp("ban_forcing", "forced_share").mean()
        < 0.1 * after_the_ramp(None, "forced_share").mean()
    )


def test_mandatory_pay_raises_the_compensation_ratio():
    ratio = results("compensation_rate")["compensation_ratio"]
    assert ratio[BEGIN:].min() > results()["compensation_ratio"][BEGIN:].max()
    assert ratio[-1] > 0.6


def test_a_campaign_lets_people_notice_their_work():
    assert results("campaign")["awareness"][-1] > results()["awareness"][-1] + 0.1
    assert results("campaign")["awareness_gap"][-1] < results()["awareness_gap"][-1]


def test_a_skills_programme_lets_the_less_educated_serve_themselves():
    group = ("self_service_share", "education", "low")
    assert results("skills_programme").group(*group)[-1] > results().group(*group)[-1] + 0.02


def test_minimum_staff_shortens_the_queues():
    waiting = after_the_ramp("minimum_staff", "waiting_imposed_hours")
    assert waiting.mean() < after_the_ramp(None, "waiting_imposed_hours").mean() - 0.1
    assert results("minimum_staff")["productivity_paid"][-1] < results()["productivity_paid"][-1]


def test_an_own_policy_acts_once_a_month_before_firms_review() -> None:
    seen: list[int] = []

    def moratorium(economy: Economy) -> None:
        seen.append(economy.month)
        economy.firm_columns.closing[:] = 0.0

    economy = Economy(
        consumers=300, months=120, economy__sectors="bank", start="2010-01", policies=[moratorium]
    )
    for _ in range(120):
        economy.step()
    assert seen == list(range(-60, 120))
    assert economy.offers.closed.max() < 0.15


def test_rights_end_with_the_year_in_which_the_policies_end() -> None:
    policy = {"policy.staffed_access": 1.0, "policy.from_year": 2000.0, "policy.until_year": 2001.0}
    economy = Economy({"population.consumers": 50, **policy}, start="1999-12", months=15)
    limits = []
    for _ in range(15):
        economy.live_a_month()
        limits.append(economy.policy.largest_closed_share(0))
    assert limits == [1.0] + [0.0] * 12 + [1.0, 1.0]


def test_an_earlier_right_keeps_counters_open_until_the_policies_begin() -> None:
    policy = {"policy.earlier_access": 0.75, "policy.from_year": 2000.0}
    economy = Economy({"population.consumers": 50, **policy}, start="1999-12", months=2)
    economy.live_a_month()
    before = economy.policy.largest_closed_share(0)
    economy.live_a_month()
    assert (before, economy.policy.largest_closed_share(0)) == (0.25, 1.0)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("technology.leakage_scale", "leakage"),
        ("technology.counter_minutes", "staffed_minutes"),
        ("firm.price_difference", "money_share"),
    ],
)
def test_a_scale_multiplies_a_whole_column_of_the_catalogue(name: str, column: str) -> None:
    usual = Economy(consumers=20, months=1)
    scaled = Economy({name: 0.5}, consumers=20, months=1)
    np.testing.assert_allclose(getattr(scaled.work, column), 0.5 * getattr(usual.work, column))
