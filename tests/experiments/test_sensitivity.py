"""Which parameter moves an outcome: methods with a known answer are tested on it."""

import json
import math

import numpy as np
import pytest
from SALib.analyze import morris, sobol

from experiments.indices import pawn_indices
from experiments.samples import Sample
from experiments.sampling import unit_sample
from experiments.schema import Saltelli
from experiments.sensitivity import Analysis, analyse_outcome, analysed
from experiments.verdicts import verdict
from tests.experiments.stored_points import store

NAMES = ("consumer.peer_effect", "firm.imitation", "firm.pass_through")
RANGES = (
    "uncertainties:\n  consumer.peer_effect: [0, 2]\n  firm.imitation: [0, 8]\n  firm.pass_through: [0, 1]\n"
)
HIGH = dict(zip(NAMES, (2.0, 8.0, 1.0), strict=True))
SALTELLI = RANGES + "design: {kind: saltelli, points: 32}\n"
HYPERCUBE = RANGES + "design: {kind: latin_hypercube, points: 60}\n"
MORRIS = RANGES + "design: {kind: morris, trajectories: 8}\n"
ISHIGAMI = {"S1": (0.314, 0.442, 0.0), "ST": (0.558, 0.442, 0.244)}
"""Ishigami & Homma (1990) with a = 7, b = 0.1: exact values."""


def shares(point) -> list[float]:
    return [point.varied[name] / HIGH[name] for name in NAMES]


def ishigami_of(*unit):
    x, y, z = (math.pi * (2.0 * np.asarray(share) - 1.0) for share in unit)
    return np.sin(x) + 7.0 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


def linear(point, _replication) -> dict[str, float]:
    x, y, _ = shares(point)
    return {"unpaid_hours_gross": 4.0 * x - 1.0 * y}


def found(analysis, kind: str) -> dict[str, float]:
    return {index.parameter: index.value for index in analysis.indices if index.kind == kind}


def of_ishigami(points: int, function=None) -> Analysis:
    """Return the analysis of Saltelli's sample with Ishigami's function in place of the economy."""
    function = function or ishigami_of
    design = Saltelli(kind="saltelli", points=points)
    unit = unit_sample(design, 3, seed=1)
    columns = dict(zip(NAMES, unit.T, strict=True))
    return analysed(Sample("y", "Ishigami", "1", {}, columns, function(*unit.T), design=design))


def test_sobol_indices_of_ishigami_are_the_exact_ones() -> None:
    for kind, exact in ISHIGAMI.items():
        assert list(found(of_ishigami(2048), kind).values()) == pytest.approx(exact, abs=0.04)


def test_sobol_intervals_hold_the_exact_indices_of_ishigami() -> None:
    intervals = [one for one in of_ishigami(512).indices if one.kind in ISHIGAMI]
    exact = [value for kind in ("S1", "ST") for value in ISHIGAMI[kind]]
    held = [one.low <= value <= one.high for one, value in zip(intervals, exact, strict=True)]
    assert sum(held) >= 5


def test_verdict_names_the_interaction() -> None:
    said = " ".join(verdict(of_ishigami(2048)))
    assert "interactions, most of it consumer.peer_effect × firm.pass_through" in said


def test_verdict_explains_a_negative_index() -> None:
    luck = lambda x, _y, _z: x + (43758.5453 * np.sin(12.9898 * np.arange(x.size))) % 1.0  # noqa: E731
    said = " ".join(verdict(of_ishigami(64, luck)))
    assert "Below zero: " in said
    assert "from 512 points" in said
    assert "not a negative one" in said


def test_stored_runs_of_a_saltelli_design_give_the_same_indices(folder) -> None:
    def stored(point, _replication) -> dict[str, float]:
        return {"unpaid_hours_gross": float(ishigami_of(*shares(point)))}

    (analysis,) = analyse_outcome(store(folder, SALTELLI, stored), "unpaid_hours_gross")
    assert found(analysis, "ST") == pytest.approx(found(of_ishigami(32), "ST"))


def test_salib_on_our_samples_gives_our_indices(folder) -> None:
    archive = store(folder, SALTELLI, linear)
    (analysis,) = analyse_outcome(archive, "unpaid_hours_gross")
    outcomes = archive.final("unpaid_hours_gross").sort_values("design_point")["value"].to_numpy()
    problem = {"num_vars": 3, "names": list(NAMES), "bounds": [[0.0, 1.0]] * 3}
    theirs = sobol.analyze(problem, outcomes, seed=1)
    assert list(found(analysis, "ST").values()) == pytest.approx(list(theirs["ST"]))


def test_morris_effects_of_a_line_are_its_slopes(folder) -> None:
    archive = store(folder, MORRIS, linear)
    (analysis,) = analyse_outcome(archive, "unpaid_hours_gross")
    assert list(found(analysis, "mu").values()) == pytest.approx([4.0, -1.0, 0.0])
    assert list(found(analysis, "mu_star").values()) == pytest.approx([4.0, 1.0, 0.0])
    assert list(found(analysis, "sigma").values()) == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)
    sample = unit_sample(archive.experiment.design, 3, archive.experiment.seed)
    outcomes = sample @ np.array([4.0, -1.0, 0.0])
    problem = {"num_vars": 3, "names": list(NAMES), "bounds": [[0.0, 1.0]] * 3}
    theirs = morris.analyze(problem, sample, outcomes)
    assert list(theirs["mu_star"]) == pytest.approx([4.0, 1.0, 0.0])


@pytest.mark.parametrize("points", [20, 128, 190, 400])
def test_pawn_takes_a_sample_of_any_size(points: int) -> None:
    sample = np.linspace(0.0, 1.0, points)[:, None]
    acting, nothing = pawn_indices(["x"], sample, sample[:, 0])[:2]
    assert acting.value > nothing.value


def test_pawn_ranks_any_design_and_tells_idle_parameters_from_acting_ones(folder) -> None:
    (analysis,) = analyse_outcome(store(folder, HYPERCUBE, linear), "unpaid_hours_gross")
    indices = found(analysis, "pawn")
    assert indices["consumer.peer_effect"] > indices["firm.imitation"]
    said = " ".join(analysis.as_json()["verdict"])
    assert "Not above a parameter that does nothing" in said
    assert "firm.pass_through" in said.split("does nothing")[1]


def test_share_of_luck_is_recovered(folder) -> None:
    def noisy(point, replication) -> dict[str, float]:
        scrambled = 43758.5453 * math.sin(12.9898 * point.index + 78.233 * replication)
        return {"unpaid_hours_gross": 4.0 * shares(point)[0] + math.sqrt(12.0) * (scrambled % 1.0 - 0.5)}

    keys = HYPERCUBE.replace("60", "200") + "replications: 2\n"
    (analysis,) = analyse_outcome(store(folder, keys, noisy), "unpaid_hours_gross")
    exact = 1.0 / (1.0 + 16.0 / 12.0)
    assert analysis.noise.share == pytest.approx(exact, abs=0.1)
    assert analysis.noise.low < exact < analysis.noise.high


def test_every_combination_of_levers_is_analysed_by_itself_and_the_lever_weighed(folder) -> None:
    keys = HYPERCUBE + "levers:\n  policy.compensation_rate: {values: [0, 0.5]}\n"

    def pushed(point, replication) -> dict[str, float]:
        push = 40.0 * point.varied["policy.compensation_rate"]
        return {"unpaid_hours_gross": linear(point, replication)["unpaid_hours_gross"] + push}

    without, with_pay = analyse_outcome(store(folder, keys, pushed), "unpaid_hours_gross")
    assert (without.levers, with_pay.levers) == (
        {"policy.compensation_rate": 0.0},
        {"policy.compensation_rate": 0.5},
    )
    assert found(without, "pawn") == pytest.approx(found(with_pay, "pawn"))
    assert without.lever_shares["policy.compensation_rate"] > 0.95


def test_table_of_samples_is_analysed_without_any_run(folder, command) -> None:
    x = np.linspace(0.0, 1.0, 80)
    lines = [f"{value},{(37 * n) % 80},{3.0 * value}" for n, value in enumerate(x)]
    (folder / "mine.csv").write_text("# a comment\na,b,y\n" + "\n".join(lines) + "\n")
    answer = command("sensitivity", "mine.csv", "--outcome", "y", "--json")
    (analysis,) = json.loads(answer.out)["analyses"]
    best = max((one for one in analysis["indices"] if one["kind"] == "pawn"), key=lambda one: one["value"])
    assert (answer.code, best["parameter"]) == (0, "a")
    assert "two replications" in " ".join(analysis["verdict"])


def test_constant_outcome_is_said_and_has_no_indices(folder, command) -> None:
    store(folder, HYPERCUBE, lambda _point, _replication: {"unpaid_hours_gross": 1.0})
    answer = command("sensitivity", "made-up", "--json")
    (analysis,) = json.loads(answer.out)["analyses"]
    assert analysis["indices"] == []
    assert "nothing in this design moves it" in analysis["verdict"][0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "no such folder"),
        (("made-up", "--measures", "unpaid_hours_gros"), "did you mean 'unpaid_hours_gross'"),
        (("made-up", "--measures", "adopter_share"), "is not stored in made-up"),
        (("made-up", "--method", "soboll"), "did you mean 'sobol'"),
        (("made-up", "--method", "sobol"), "needs its own sample"),
        (("made-up.yaml",), "is a file"),
        (("made-up.yaml", "--outcome", "y"), "the table cannot be read"),
        (("mine.csv", "--outcome", "z"), "no column 'z'"),
        (("nothing.csv", "--outcome", "y"), "no such file"),
    ],
)
def test_bad_input_is_said_once(folder, command, arguments, said) -> None:
    store(folder, HYPERCUBE, linear)
    (folder / "mine.csv").write_text("a,y\n1,2\n")
    answer = command("sensitivity", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_folder_with_one_point_is_refused(folder, command) -> None:
    store(folder, "", lambda _point, _replication: {"unpaid_hours_gross": 1.0})
    answer = command("sensitivity", "made-up")
    assert answer.code == 2
    assert "no parameter varies" in answer.err
