"""Preferences at their limits: time worth nothing, work that costs nothing, nobody who forces."""

import numpy as np
import pytest

from model import Drivers
from model.technology import Series

EVERYBODY_CONNECTED = Series(1980.0, np.ones(1200))
SERVICES = ["bank", "retail", "travel", "transport", "government", "parcel", "software"]
#: Every counter stays open, and staff are never cut below need.
NO_COMPULSION = {"policy.staffed_access": 1.0, "policy.from_year": 1900.0, "firm.understaffing": 0.0}


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_where_time_is_worth_nothing_minutes_do_not_move_acceptance(
    economy_beyond_bounds, catalogue_with, run, factor
):
    parameters = {"population.consumers": 400, "consumer.overload_weight": 0.0, "consumer.role_gain": 0.0}
    ways = []
    for times in (1.0, factor):
        plain = catalogue_with(["bank"])
        slower = plain.replaced(
            {n.name: times * n.value for n in plain.numbers() if n.name.endswith(".minutes")}
        )
        # In 1978 no bank has a machine yet: the value of time has not mattered so far.
        economy = economy_beyond_bounds(parameters, catalogue=slower, start="1978-01", months=336)
        economy.consumers.set("value_of_time", 0.0)
        run(economy)
        ways.append(economy.consumers.columns.use.copy())
    assert (ways[0] == ways[1]).all()
    assert (ways[0] > 0).mean() > 0.2


def test_work_that_costs_nothing_ends_self_served(economy_beyond_bounds, catalogue_with, run):
    free = dict.fromkeys(
        ["minutes", "responsibility", "unit_cost", "fixed_cost", "leakage", "attended_share", "intercept"], 0
    )
    catalogue = catalogue_with(
        SERVICES,
        channels=free | {"success": 1.0},
        tasks={"human_content": 0.0, "money_share": 0.0, "intercept": 0.0},
    )
    connected = Drivers(access=EVERYBODY_CONNECTED, mobile=EVERYBODY_CONNECTED)
    economy = economy_beyond_bounds(
        NO_COMPULSION | {"population.consumers": 600},
        catalogue=catalogue,
        drivers=connected,
        start="2010-01",
        months=240,
    )
    run(economy)
    groups = economy.grouped_measures()
    by_task = [
        value
        for key, value in zip(groups.keys, groups.values, strict=True)
        if key[:2] == ("self_service_share", "task")
    ]
    assert economy.measures["self_service_share"] > 0.95
    assert min(by_task) > 0.85


def test_without_closing_and_fees_every_self_served_occasion_is_voluntary(
    economy_beyond_bounds, catalogue_with, run
):
    catalogue = catalogue_with(["bank", "transport"], tasks={"money_share": 0.0})
    economy = economy_beyond_bounds(
        NO_COMPULSION | {"population.consumers": 1000}, catalogue=catalogue, start="2000-01", months=240
    )
    run(economy)
    assert economy.measures["self_service_share"] > 0.3
    assert economy.measures["forced_share"] == 0.0
    assert economy.measures["incentivised_share"] == 0.0
    assert economy.measures["voluntary_share"] == 1.0


def test_without_channels_nothing_is_self_served_and_nobody_saves(economy_beyond_bounds, catalogue_with, run):
    still = {
        "population.consumers": 300,
        "firm.understaffing": 0.0,
        "technology.wage_growth": 0.0,
        "consumer.leave_intercept": -60.0,
    }
    catalogue = catalogue_with(["transport", "parcel"])
    economy = run(economy_beyond_bounds(still, catalogue=catalogue, start="1950-01", months=60))
    firms = economy.firm_columns
    assert economy.measures["self_service_share"] == 0.0
    assert economy.measures["adopter_share"] == 0.0
    assert firms.price == pytest.approx(firms.shadow_price, rel=1e-12)
    assert firms.pressure == pytest.approx(np.zeros(len(firms.price)), abs=1e-9)
    assert economy.measures["saving_share"] == pytest.approx(0.0, abs=1e-12)
