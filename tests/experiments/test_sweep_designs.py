"""Designs: which points there are, that they are the same every time, and what is refused."""

import numpy as np
import pytest
from SALib.analyze import morris, sobol

from experiments.config import load_experiment
from experiments.design import Points, points_of
from experiments.errors import BadInput

VARIED = """
extends: banking
months: 14
seed: 7
uncertainties:
  firm.pass_through: [0.0, 1.0]
  network.degree: [2, 6]
  policy.ban_forcing: {values: [true, false]}
  consumer.peer_effect: {distribution: normal, mean: 1.0, sd: 0.5}
  population.consumers: {distribution: log_uniform, low: 50, high: 5000}
  firm.imitation: {distribution: triangular, low: 1, mode: 2, high: 6}
design: DESIGN
"""
DESIGNS = {
    "{kind: grid, levels: 2}": 64,
    "{kind: latin_hypercube, points: 10}": 10,
    "{kind: sobol, points: 8}": 8,
    "{kind: saltelli, points: 4}": 56,
    "{kind: morris, trajectories: 5}": 35,
}
LEVERS = """
extends: banking
months: 14
parameters: {firm.pass_through: 0.3}
levers:
  concept:
    choices:
      none: {}
      all at once: {firm.pass_through: 1, policy.campaign: 0.1}
  policy.compensation_rate: {values: [0, 0.5, 1]}
"""
TWO = "uncertainties: {firm.pass_through: [0, 1], firm.imitation: [0, 8]}\ndesign: "
BAD = {
    "unknown parameter in a choice": (
        "levers:\n  c:\n    choices:\n      a: {firm.imitaton: 1}\n",
        "mine.yaml:4: unknown parameter 'firm.imitaton'; did you mean 'firm.imitation'?",
    ),
    "a choice out of bounds": ("levers:\n  c:\n    choices:\n      a: {firm.imitation: 99}\n", "mine.yaml:4"),
    "a label of two lines": ('levers: {c: {choices: {"a\\nb": {}}}}\n', "mine.yaml:1"),
    "no label": ("levers: {c: {choices: {}}}\n", "mine.yaml:1"),
    "a lever called like a column": ("levers: {seed: {choices: {a: {}}}}\n", "mine.yaml:1"),
    "choices as uncertainty": (
        "uncertainties: {c: {choices: {a: {}}}}\ndesign: {kind: sobol, points: 2}\n",
        "below `levers:`",
    ),
    "two levers of one parameter": (
        "levers:\n  c: {choices: {a: {firm.imitation: 1}}}\n  firm.imitation: {values: [2, 3]}\n",
        "mine.yaml:2: 'firm.imitation' varies in levers and in c",
    ),
    "a lever that is an uncertainty": (
        (
            "uncertainties: [firm.imitation]\nlevers: {firm.imitation: {values: [1]}}\n"
            "design: {kind: sobol, points: 2}\n"
        ),
        "mine.yaml:2: 'firm.imitation' stands in uncertainties and in levers",
    ),
    "a distribution as lever": (
        "levers: {firm.imitation: {distribution: uniform, low: 1, high: 2}}\n",
        "the lever firm.imitation is no uncertainty",
    ),
    "a list and uncertainties": (
        "uncertainties: [firm.imitation]\ndesign: {kind: list, points: [{firm.pass_through: 1}]}\n",
        "a list has points of its own",
    ),
    "nothing to sample": ("design: {kind: sobol, points: 4}\n", "has nothing to sample"),
    "no uncertainty at all": ("uncertainties: {}\n", "uncertainties is empty"),
    "odd levels": (TWO + "{kind: morris, trajectories: 2, levels: 3}\n", "an even number (Morris); got 3"),
    "a thousand million runs": (
        TWO + "{kind: grid, levels: 10000}\nreplications: 10\n",
        (
            "mine.yaml:2: the experiment is too large; expected at most 10,000,000 runs; got 100,000,000 "
            "design points × 10 replications = 1,000,000,000 runs"
        ),
    ),
    "a bell beside its range": (
        (
            "uncertainties: {firm.imitation: {distribution: normal, mean: 99, sd: 1}}\n"
            "design: {kind: sobol, points: 2}\n"
        ),
        "a distribution outside its range",
    ),
    "a key of another design": (
        TWO + "{kind: grid, points: 5}\n",
        "'design.points'; expected only kind, levels",
    ),
    "a misspelt design": (TWO + "{kind: sobbol, points: 4}\n", "got 'sobbol'; did you mean 'sobol'?"),
    "a mode outside": (
        (
            "uncertainties: {firm.imitation: {distribution: triangular, low: 0, mode: 5, high: 1}}\n"
            "design: {kind: sobol, points: 2}\n"
        ),
        "mode between; got 0, 5, 1",
    ),
    "values and choices": (
        "levers: {firm.imitation: {values: [1], choices: {a: {}}}}\n",
        "unknown key 'levers.firm.imitation.choices'; expected only values",
    ),
    "an uncertainty twice": (
        "uncertainties: [firm.imitation, firm.imitation]\ndesign: {kind: sobol, points: 2}\n",
        "'firm.imitation' is named twice in uncertainties",
    ),
    "a column in capitals": ("levers: {Status: {choices: {a: {}}}}\n", "cannot be called 'Status'"),
    "a budget for nothing": ("max_minutes: 3\n", "`precision:` beside it"),
}


@pytest.fixture
def varied(write):
    """Return a function that loads an experiment with six uncertainties under a design."""

    def _varied(design: str):
        write(VARIED.replace("DESIGN", design))
        return load_experiment("mine.yaml")

    return _varied


@pytest.mark.parametrize("design", DESIGNS)
def test_a_design_has_as_many_points_as_it_says_and_the_same_every_time(varied, design):
    points = points_of(varied(design))
    assert len(points) == DESIGNS[design] == varied(design).design_points
    assert points == points_of(varied(design))
    assert [point.index for point in points] == list(range(len(points)))


@pytest.mark.parametrize("design", DESIGNS)
def test_values_are_of_their_kind_and_within_their_range(varied, design):
    values = [point.varied for point in points_of(varied(design))]
    kinds = {name: {type(value[name]) for value in values} for name in values[0]}
    assert kinds.pop("network.degree") == {int}
    assert kinds.pop("population.consumers") == {int}
    assert kinds.pop("policy.ban_forcing") == {bool}
    assert set.union(*kinds.values()) == {float}
    assert all(2 <= value["network.degree"] <= 6 and 1 <= value["firm.imitation"] <= 6 for value in values)
    assert all(50 <= value["population.consumers"] <= 5000 for value in values)


def test_another_seed_is_another_sample_and_another_design_point_is_not(varied, write):
    first = points_of(varied("{kind: latin_hypercube, points: 4}"))
    other = points_of(load_experiment("mine.yaml", ["seed=8"]))
    assert [point.varied for point in first] != [point.varied for point in other]


def test_whole_numbers_are_equally_likely(varied):
    degrees = [point.varied["network.degree"] for point in points_of(varied("{kind: sobol, points: 1024}"))]
    counts = np.bincount(degrees)[2:]
    assert counts.min() > 0.9 * 1024 / 5
    assert len(counts) == 5


def test_a_grid_takes_every_listed_value_and_the_ends_of_each_range(varied):
    points = [point.varied for point in points_of(varied("{kind: grid, levels: 3}"))]
    assert {point["firm.pass_through"] for point in points} == {0.0, 0.5, 1.0}
    assert {point["policy.ban_forcing"] for point in points} == {True, False}
    assert {point["network.degree"] for point in points} == {2, 4, 6}


def test_levers_cross_the_same_sample_and_labels_set_their_parameters(write):
    write(LEVERS)
    points = points_of(load_experiment("mine.yaml"))
    labels = [(point.varied["concept"], point.varied["policy.compensation_rate"]) for point in points]
    assert labels == [(label, rate) for label in ("none", "all at once") for rate in (0.0, 0.5, 1.0)]
    assert [point.parameters["firm.pass_through"] for point in points] == [0.3] * 3 + [1.0] * 3
    assert [point.parameters.get("policy.campaign") for point in points] == [None] * 3 + [0.1] * 3


def test_each_combination_of_levers_takes_the_same_sample(four_points):
    points = [point.varied for point in points_of(load_experiment(four_points))]
    sample = [point["firm.pass_through"] for point in points]
    assert sample[:2] == sample[2:]
    assert sample[0] != sample[1]
    assert [point["policy.compensation_rate"] for point in points] == [0.0, 0.0, 0.5, 0.5]


def test_a_label_can_be_chosen_and_a_parameter_of_choices_can_be_set(write):
    write(LEVERS)
    chosen = points_of(load_experiment("mine.yaml", ["concept=all at once", "policy.compensation_rate=1"]))
    fixed = points_of(load_experiment("mine.yaml", ["firm.pass_through=0.7"]))
    assert [point.varied for point in chosen] == [{"concept": "all at once"}]
    assert {point.parameters["firm.pass_through"] for point in fixed} == {0.7}
    with pytest.raises(BadInput, match=r"unknown choice 'nnoe'; expected one of none, .*'none'"):
        load_experiment("mine.yaml", ["concept=nnoe"])


def test_listed_points_may_leave_out_what_stays_as_it_is(write):
    write(
        "extends: banking\nparameters: {firm.imitation: 2}\ndesign:\n  kind: list\n  points:\n"
        "    - {firm.imitation: 3}\n    - {firm.pass_through: 1}\n"
    )
    points = [point.varied for point in points_of(load_experiment("mine.yaml"))]
    assert points == [
        {"firm.imitation": 3.0, "firm.pass_through": points[0]["firm.pass_through"]},
        {"firm.imitation": 2.0, "firm.pass_through": 1.0},
    ]


def test_what_is_set_for_good_no_longer_needs_a_design(write):
    write("extends: banking\n" + TWO + "{kind: sobol, points: 4}\n")
    fixed = load_experiment("mine.yaml", ["firm.pass_through=1", "firm.imitation=2"])
    assert (fixed.design_points, fixed.design) == (1, None)


def test_salib_analyses_our_samples_in_their_order(write):
    names = ["firm.pass_through", "firm.imitation"]
    problem = {"num_vars": 2, "names": names, "bounds": [[0, 1], [0, 8]]}
    write("extends: banking\n" + TWO + "{kind: saltelli, points: 256}\n")
    sample = _matrix(names)
    indices = sobol.analyze(problem, 3.0 * sample[:, 0] + sample[:, 1] / 8.0, print_to_console=False)
    assert indices["S1"] == pytest.approx([0.9, 0.1], abs=0.02)
    write("extends: banking\n" + TWO + "{kind: morris, trajectories: 10}\n")
    sample = _matrix(names)
    effects = morris.analyze(problem, sample, 3.0 * sample[:, 0] + sample[:, 1] / 8.0)
    assert list(effects["mu_star"]) == pytest.approx([3.0, 1.0])


def _matrix(names):
    return np.array([list(map(p.varied.get, names)) for p in points_of(load_experiment("mine.yaml"))])


def test_a_sample_that_is_not_balanced_is_noted(varied, command):
    varied("{kind: sobol, points: 6}")
    answer = command("validate", "mine.yaml")
    assert answer.code == 0
    assert "6 points are no power of 2" in answer.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("levers: {firm.pass_through: {values: [0.5, 0.5]}}\n", "1 of 2 design points equal an earlier one"),
        ("levers: {c: {choices: {a: {}, b: {}}}}\n", "1 of 2 design points equal an earlier one"),
        (TWO + "{kind: morris, trajectories: 1}\n", "one Morris trajectory tells nothing"),
        (TWO + "{kind: grid, levels: 1}\n", "a grid of one level leaves every range in its middle"),
    ],
)
def test_a_design_that_tells_little_is_noted(write, command, content, said):
    write("extends: banking\n" + content)
    answer = command("validate", "mine.yaml")
    assert (answer.code, said in answer.err) == (0, True)


@pytest.mark.parametrize("name", BAD)
def test_a_contradictory_or_empty_design_is_refused(write, name):
    content, reason = BAD[name]
    write(content)
    with pytest.raises(BadInput) as refused:
        load_experiment("mine.yaml")
    assert reason in str(refused.value)


def test_ten_million_points_cost_no_memory_until_they_are_asked_for(write):
    write("extends: banking\n" + TWO + "{kind: grid, levels: 3000}\n")
    points = Points(load_experiment("mine.yaml"))
    assert len(points) == 9_000_000
    assert points[8_999_999].varied == {"firm.pass_through": 1.0, "firm.imitation": 8.0}
