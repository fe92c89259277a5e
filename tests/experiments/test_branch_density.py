"""Branches after adoption: what is tested, what naive forecasts know, and a verdict that follows."""

import math

import pytest

from experiments.branch_density import (
    ECONOMY,
    FITTED,
    Country,
    baselines,
    best_lag,
    breaks_of,
    country_of,
    errors_of,
    experiment_keys,
    observed_index,
)
from experiments.evidence_branches import as_json, section, verdicts
from tests.experiments.made_up_archive import MadeUpArchive
from tests.experiments.made_up_runs import constant_run

YEARS = range(2004, 2020)


def falling(rate: float) -> dict[int, float]:
    return {year: 100.0 * math.exp(-rate * (year - 2015)) for year in YEARS}


def country(geo: str = "DK", rate: float = 0.05, simulated: float = 0.05) -> Country:
    adoption = {year: 5.0 * (year - 2003) for year in YEARS}
    path = falling(simulated)
    return Country(geo, falling(rate), path, path, path, adoption, adoption)


def test_the_index_is_a_hundred_in_the_last_year_that_was_used():
    assert observed_index("DK")[2015] == pytest.approx(100.0)
    assert observed_index("EE")[2007] == pytest.approx(215.0, abs=1.0)


def test_years_after_a_new_definition_are_not_tested():
    assert breaks_of("FI") == (2006, 2014, 2018)
    assert country("FI").tested_years == [2016, 2017]
    assert country("HU").tested_years == [2016, 2017, 2018]
    assert country("DK").tested_years == [2016, 2017, 2018, 2019]


def test_a_jump_that_no_network_makes_counts_as_a_new_definition():
    assert 2006 in breaks_of("FR")
    assert breaks_of("ES") == ()


def test_naive_forecasts_know_nothing_after_2015():
    known = country()
    later = {year: 999.0 if year > 2015 else value for year, value in known.observed.items()}
    blind = Country("DK", later, *(known.simulated,) * 3, known.adoption, known.adoption)
    assert baselines(blind) == baselines(known)


def test_drift_is_exact_where_branches_fall_steadily():
    errors = errors_of([country()])
    assert errors["drift"]["DK"] == pytest.approx(0.0, abs=1e-9)
    assert errors[ECONOMY]["DK"] == pytest.approx(0.0, abs=1e-9)
    assert errors["last value"]["DK"] > 5.0


def test_a_delay_is_found_where_there_is_one():
    adoption = {year: float((year - 2003) ** 2 % 17) for year in YEARS}
    branches = {year: -adoption[year - 2] for year in YEARS if year - 2 in adoption}
    lag, correlation, _ = best_lag(branches, adoption)
    assert (lag, round(correlation, 6)) == (2, -1.0)


def test_an_economy_that_falls_too_little_is_told_so():
    said = " ".join(section([country(simulated=0.01)], "drivers only", 4).paragraphs)
    assert "three quarters of what was lost in 0 of 1 countries" in said


@pytest.mark.parametrize(("turn", "told"), [(1.0, "tells countries apart"), (-1.0, "does not tell")])
def test_countries_are_told_apart_where_the_economy_knows_who_loses_more(turn: float, told: str):
    rates = (0.01, 0.02, 0.03, 0.04, 0.05, 0.06)
    found = [country("DK", rate, 0.035 + turn * (rate - 0.035)) for rate in rates]
    assert f": the economy {told}" in " ".join(verdicts(found))


def test_a_calibration_gives_only_parameters_that_exist():
    found = {
        "settings": {"parameters": {"population.consumers": 9, "firm.closing_step": 0.1}},
        "shared": {"consumer.inertia": 1.2, "noise": 3.0},
        "countries": {"DK": {"parameters": {"country.level": 0.5}}},
    }
    choices = experiment_keys("DK", found)["levers"]["country"]["choices"]
    assert choices[FITTED] == {"firm.closing_step": 0.1, "consumer.inertia": 1.2, "country.level": 0.5}
    assert FITTED not in experiment_keys("AT", found)["levers"]["country"]["choices"]


def test_counters_that_are_open_are_read_as_an_index():
    values = {"internet_banking_share": 0.3, ("closed_share", "sector", "bank"): 0.2}
    runs = {(0, place): constant_run(values, start="2014-01", months=72) for place in range(2)}
    found = country_of(MadeUpArchive([{}], runs), "DK")
    assert found.simulated[2019] == pytest.approx(100.0)
    assert found.simulated_adoption[2016] == pytest.approx(30.0)


def test_what_is_not_defined_is_null():
    told = as_json([country(rate=0.0)])
    assert told["countries"]["DK"]["levels"] is None
