"""Simulated is set beside observed as the README of the observed series says."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from experiments.comparison import comparison_lines, comparisons
from experiments.observations import (
    OBSERVED_FOLDER,
    Observation,
    ObservedSeries,
    break_years,
    observed_series,
    read_observations,
    spliced_index,
)
from experiments.yearly import History
from tests.experiments.made_up_runs import constant_run

BANKING = "internet_banking_share"
CLOSED = ("closed_share", "sector", "bank")
MACHINES = ("offered_share", "channel", "cash.cash_machine")


def experiment_in(geo: str | None):
    """Return as much of an experiment as a comparison reads."""
    source = SimpleNamespace(file=str(OBSERVED_FOLDER / "internet_use.csv"), geo=geo, indicator=None)
    return SimpleNamespace(drivers=SimpleNamespace(access=source, wage=None))


def compared_in(geo: str, values: dict, **keywords):
    """Return the comparisons of a run with constant measures, by name."""
    history = History([constant_run(values, **keywords)])
    return {found.name: found for found in comparisons(experiment_in(geo), history)}


def test_austrian_internet_banking_is_compared_in_the_years_of_the_survey():
    found = compared_in("AT", {BANKING: 0.5})["Internet banking"]
    assert found.years.tolist() == [2006, *range(2010, 2020)]
    assert found.observed_at(2019) == 62.78


def test_the_error_is_the_root_of_the_mean_square():
    found = compared_in("AT", {BANKING: 0.5})["Internet banking"]
    expected = np.sqrt(np.mean(np.square([50 - 53.34, 50 - 57.49, 50 - 58.41, 50 - 62.78])))
    assert found.root_mean_square_error(2016, 2019) == pytest.approx(expected)


def test_calibration_and_validation_years_are_told_apart():
    lines = comparison_lines(list(compared_in("AT", {BANKING: 0.5}).values()))
    assert lines[0] == "Internet banking 2019: simulated 50 %, observed 63 %"
    assert "to 2015" in lines[1]
    assert "7 years, may be used for calibration" in lines[1]
    assert "2016-2019: 8.7 percentage points (4 years, kept for validation: not fitted" in lines[2]


def test_a_run_that_ends_in_2010_is_compared_until_then():
    found = compared_in("AT", {BANKING: 0.5}, months=252)["Internet banking"]
    assert found.years.tolist() == [2006, 2010]
    assert np.isnan(found.root_mean_square_error(2016, 2019))


def test_a_run_without_observed_years_is_not_compared():
    assert compared_in("AT", {BANKING: 0.5}, start="2030-01") == {}


def test_an_economy_without_drivers_is_compared_with_no_country():
    history = History([constant_run({BANKING: 0.5})])
    assert comparisons(SimpleNamespace(drivers=None), history) == []


def test_a_country_without_published_series_is_not_compared():
    assert compared_in("SE", {BANKING: 0.5, CLOSED: 0.1}) == {}


def test_people_who_never_buy_online_are_not_compared_with_a_survey():
    assert "Online purchases" not in compared_in("AT", {BANKING: 0.5, "online_purchase_share": 0.0})


def test_other_surveys_are_compared_when_their_measures_were_stored():
    found = compared_in("AT", {"online_purchase_share": 0.4, "e_government_share": 0.6})
    assert sorted(found) == ["E-government", "Online purchases"]


def test_branches_and_open_counters_start_from_the_same_index():
    found = compared_in("AT", {CLOSED: 0.2})["Bank branches"]
    assert found.observed_at(2004) == pytest.approx(100.0)
    assert found.simulated.at(2004) == pytest.approx(100.0)
    assert found.simulated.at(2019) == pytest.approx(100.0)
    assert 2004 in found.years


def test_the_base_year_does_not_flatter_the_error():
    found = compared_in("AT", {CLOSED: 0.2})["Bank branches"]
    assert found.errors(2000, 2005).size == 1


def test_an_index_of_its_base_year_alone_is_no_comparison():
    assert compared_in("AT", {CLOSED: 0.2, MACHINES: 0.5}, start="2019-01") == {}


def test_cash_machines_are_compared_with_the_customers_who_are_offered_one():
    found = compared_in("AT", {MACHINES: 0.5})["Cash machines"]
    assert found.simulated.at(2010) == pytest.approx(100.0)
    assert found.observed_at(2010) == pytest.approx(100.0 * 112.92 / 116.16)


def test_an_economy_without_any_cash_machine_has_no_index():
    assert compared_in("AT", {MACHINES: 0.0}) == {}


def test_the_jump_of_austrian_definitions_is_spliced():
    machines = observed_series("cash_machines", "AT")
    index = dict(
        zip(
            machines.years.tolist(),
            spliced_index(machines, 2004, break_years("cash_machines", "AT")),
            strict=True,
        )
    )
    growth = np.sqrt((117.27 / 115.63) * (183.27 / 186.37))
    assert index[2013] == pytest.approx(100.0 * 117.27 / 116.16)
    assert index[2014] / index[2013] == pytest.approx(growth)
    assert index[2019] / index[2014] == pytest.approx(171.91 / 186.37)


def test_a_jump_in_the_last_year_takes_the_growth_of_the_year_before():
    values = (100.0, 90.0, 500.0)
    rows = tuple(Observation("n", "HU", 2017 + n, value, "", "", n) for n, value in enumerate(values))
    index = spliced_index(ObservedSeries("n", "HU", Path("n.csv"), rows), 2017, breaks=(2019,))
    assert index.tolist() == pytest.approx([100.0, 90.0, 81.0])


def test_every_break_is_a_year_of_an_observed_series():
    with (OBSERVED_FOLDER / "breaks.csv").open(encoding="utf-8") as stream:
        rows = [line.split(",") for line in stream.read().splitlines()[1:]]
    assert len(rows) == 12
    for indicator, geo, year, _ in rows:
        assert int(year) in observed_series(indicator, geo).years


@pytest.mark.parametrize("file", sorted(OBSERVED_FOLDER.glob("*.csv")), ids=lambda file: file.stem)
def test_every_observed_figure_has_a_published_source(file):
    rows = () if file.stem == "breaks" else read_observations(file)
    assert all(row.source and row.unit for row in rows)
    assert rows or file.stem == "breaks"


def test_the_interval_over_runs_is_printed():
    runs = [constant_run({BANKING: value}, seed) for seed, value in ((1, 0.50), (2, 0.52))]
    lines = comparison_lines(comparisons(experiment_in("AT"), History(runs)))
    assert lines[0] == "Internet banking 2019: simulated 51 % (38 to 63), observed 63 %"


def test_the_only_country_of_a_driver_table_is_the_one_compared(tmp_path):
    file = tmp_path / "access.csv"
    file.write_text("indicator,geo,year,value,unit,source\nuse,DK,2010,0.8,share,made up\n", encoding="utf-8")
    source = SimpleNamespace(file=str(file), geo=None, indicator=None)
    experiment = SimpleNamespace(drivers=SimpleNamespace(access=source, wage=None))
    found = comparisons(experiment, History([constant_run({BANKING: 0.5})]))
    assert [comparison.observed.geo for comparison in found] == ["DK"]
