"""The worlds behind the patterns: each does what it says, and only that."""

from types import SimpleNamespace

import numpy as np
import pytest

from experiments.patterns_banks import banks_that_force, banks_that_offer
from experiments.patterns_default import _Watch, heavy_hours, labour_of_adopters
from experiments.patterns_worlds import _leak_and_press, danish_access, danish_level, offices_that_compel
from model.economy import Economy


def watched(leavers: dict[float, int]) -> tuple[float, float]:
    """Return the slopes where of a hundred people at each self-served share so many leave in a month."""
    shares = np.repeat(list(leavers), 100)
    use = (np.arange(4)[None, :] < 4 * shares[:, None]).astype(np.uint8)
    left = np.concatenate([np.arange(100) < number for number in leavers.values()])
    columns = SimpleNamespace(
        firm=np.zeros((len(shares), 1), np.int16), use=use, eligible=np.full(len(shares), 15, np.uint32)
    )
    work = SimpleNamespace(
        sector=np.zeros(4, np.int64), contribution=np.zeros(4, bool), captive=np.zeros(1, bool)
    )
    watch = _Watch(SimpleNamespace(consumers=SimpleNamespace(columns=columns), work=work))
    watch.before()
    columns.firm[left, 0] = 1
    watch.after()
    return watch.slopes()


def test_slopes_of_leaving_are_those_of_the_curve_through_three_points() -> None:
    assert watched({0.0: 10, 0.5: 2, 1.0: 6}) == pytest.approx((12 * -0.28, 12 * 0.2))


def test_leaving_that_only_falls_is_no_u() -> None:
    at_none, at_all = watched({0.0: 10, 0.5: 6, 1.0: 3})
    assert at_none < 0.0
    assert at_all < 0.0


def test_without_self_service_no_firm_is_an_adopter_and_nobody_works() -> None:
    economy = Economy(consumers=200, months=1, economy__sectors="government", start="1991-01")
    economy.step()
    assert np.isnan(labour_of_adopters(economy))
    assert heavy_hours(economy) == 0.0


def test_adopters_need_less_labour() -> None:
    economy = Economy(consumers=300, months=1, economy__sectors="bank", start="2015-01")
    economy.consumers.columns.use[:] = 1
    economy.step()
    assert 0.0 < labour_of_adopters(economy) < 1.0


def test_leakage_is_raised_once_and_pressure_every_month() -> None:
    economy = SimpleNamespace(
        year=2022.0,
        work=SimpleNamespace(leakage=np.array([0.1])),
        firm_columns=SimpleNamespace(pressure=np.array([0.5])),
    )
    rule = _leak_and_press(8.0, 3.0)
    rule(economy)
    economy.year = 2022.0 + 1 / 12
    rule(economy)
    assert economy.work.leakage[0] == pytest.approx(0.8)
    assert economy.firm_columns.pressure[0] == pytest.approx(4.5)


def test_before_the_year_nothing_leaks_more() -> None:
    economy = SimpleNamespace(year=2021.9, work=SimpleNamespace(leakage=np.array([0.1])))
    _leak_and_press(8.0, 0.0)(economy)
    assert economy.work.leakage[0] == 0.1


def test_denmark_has_denmarks_access() -> None:
    access = danish_access(300).access
    assert access is not None
    assert access.monthly[int((2014.5 - access.first_year) * 12)] == pytest.approx(0.96, abs=0.01)


@pytest.mark.slow
def test_denmark_is_readier_than_the_mean_country_and_few_do_not_follow() -> None:
    assert danish_level(1, 300) > 1.0
    assert 0.0 < offices_that_compel(1, 300)["not_following"] < 0.25


@pytest.mark.slow
def test_forcing_drives_customers_away_and_help_keeps_some() -> None:
    found = banks_that_force(1, 300)
    assert found["leaving_when_forced"] > 1.5
    assert found["repair_by_help"] > 0.0


@pytest.mark.slow
def test_a_world_is_the_same_each_time() -> None:
    assert banks_that_offer(3, 300) == banks_that_offer(3, 300)
