"""Scenarios and controls: what a visitor may set, what it is called, and what reproduces it."""

import pytest

from experiments import BadInput, load_experiment
from model import simulate
from model.parameters import ParameterError, declarations
from viz import controls
from viz.scenario import Scenario
from viz.warnings import COMBINATIONS, warnings
from viz.words import Words


def all_items(experiment, language="en"):
    """Return the controls of all groups by parameter."""
    groups = controls.groups(experiment, Words(language), "cash")
    return {item["name"]: item for group in groups for item in group["items"]}


def test_a_change_to_the_usual_value_is_none():
    assert Scenario.of("baseline", {"firm.imitation": 4.0}) == Scenario.of("baseline")


def test_a_scenario_refuses_what_the_declarations_forbid():
    with pytest.raises(ParameterError, match=r"expected a number in \[0, 8\]"):
        Scenario.of("baseline", {"firm.imitation": 9.0})


def test_a_population_too_large_for_a_page_is_refused():
    with pytest.raises(ParameterError, match="200000 in the dashboard"):
        Scenario.of("baseline", {"population.consumers": 1_000_000})


@pytest.mark.parametrize("name", ["nowhere", "../baseline", "/etc/passwd", ""])
def test_only_published_experiments_are_opened(name):
    with pytest.raises(BadInput):
        Scenario.of(name)


def test_the_configuration_gives_the_same_numbers_to_run(tmp_path):
    small = {"population.consumers": 100, "economy.sectors": "bank", "firm.imitation": 1.5}
    scenario = Scenario.of("co-production", small, 7)
    file = tmp_path / "mine.yaml"
    file.write_text(scenario.as_yaml(1))
    again = load_experiment(file)
    ours = scenario.economy()
    ours.step()
    theirs = simulate(again.only_point(), again.seed, start=again.start, months=1)
    assert ours.measures["unpaid_hours_gross"] == theirs["unpaid_hours_gross"][0]


def test_every_published_experiment_is_handed_out_as_a_file_that_run_accepts(tmp_path):
    points = {}
    for name in controls.presets():
        file = tmp_path / f"{name}.yaml"
        file.write_text(Scenario.of(name).as_yaml(2))
        points[name] = (load_experiment(file).design_points, load_experiment(file).replications)
    assert set(points.values()) == {(1, 2)}


def test_the_command_names_every_change():
    scenario = Scenario.of("baseline", {"policy.ban_forcing": True, "firm.imitation": 2.0}, 5)
    assert scenario.command() == (
        "python -m experiments run baseline --seed 5 --replications 1 "
        "--set firm.imitation=2.0 --set policy.ban_forcing=true"
    )


def test_every_declared_parameter_has_a_control():
    named = all_items("baseline")
    declared = {item.name for item in declarations() if item.group not in ("tasks", "sectors")}
    assert declared - named.keys() == set()


def test_a_control_carries_bounds_unit_and_source():
    imitation = all_items("baseline")["firm.imitation"]
    assert (imitation["low"], imitation["high"], imitation["usual"]) == (0.0, 8.0, 4.0)
    assert imitation["unit"] == "logits"
    assert "Sharma" in imitation["source"]


def test_what_an_experiment_varies_stands_first():
    groups = controls.groups("mandatory-compensation", Words("en"), "cash")
    assert groups[0]["id"] == "asked"
    assert "policy.compensation_rate" in [item["name"] for item in groups[0]["items"]]


def test_an_implausible_combination_is_warned_of():
    odd = {"network.family": "none", "consumer.peer_effect": 3.0}
    assert warnings(Scenario.of("baseline", odd), Words("de")) == [
        "Niemand sieht jemanden; der Einfluss anderer kann nicht wirken."
    ]


@pytest.mark.parametrize("name", controls.presets())
def test_no_published_experiment_is_warned_of_as_it_stands(name):
    assert warnings(Scenario.of(name), Words("en")) == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"policy.ban_forcing": True, "policy.from_year": 2038.0}, "last years"),
        ({"policy.ban_forcing": True, "policy.until_year": 2000.0}, "end before they begin"),
        ({"policy.from_year": 2020.0}, "no policy is switched on"),
        ({"policy.cash_access": 0.5, "economy.sectors": "retail"}, "no bank"),
        ({"policy.earlier_access": 0.5}, "Before the policies"),
        ({"consumer.taste_months": 6, "consumer.reconsideration_months": 12}, "Tastes"),
        ({"technology.wage_growth": 0.05}, "Real wage growth without a driver stands"),
        ({"population.consumers": 150_000}, "many people"),
    ],
)
def test_what_is_odd_is_named(changes, word):
    assert any(word in said for said in warnings(Scenario.of("baseline", changes), Words("en")))


def test_observed_wages_leave_no_room_for_others():
    said = warnings(Scenario.of("banking-austria", {"technology.wage_growth": 0.02}), Words("en"))
    assert said == ["This experiment brings observed wages, so the wage growth that you set has no effect."]


def test_every_warning_has_its_condition_and_each_condition_its_words():
    listed = {*COMBINATIONS, "years_without_policy", "ends_before_it_begins", "late_policy"}
    assert Words("en").below("warning").keys() == {*listed, "wages_are_observed", "extreme"}
