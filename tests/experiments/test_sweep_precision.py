"""A precision target in place of a number of runs."""

import json

import numpy as np
import pandas as pd
import pytest

from experiments import open_archive
from experiments.config import load_experiment
from experiments.errors import BadInput
from experiments.precision import Look, forecast, half_width, look, next_look
from tests.experiments.quick_model import quick_simulate

TARGET = """
extends: banking
months: 14
precision: {adopter_share: WIDTH}
levers: {firm.pass_through: {values: [0, 1]}}
"""


@pytest.fixture
def target(write, quick):
    """Return a function that writes an experiment with a target half-width and further keys."""

    def _target(width: float, more: str = "") -> str:
        write(TARGET.replace("WIDTH", str(width)) + more)
        return "mine.yaml"

    return _target


def made_up_finals(spread: float, replications: int) -> pd.DataFrame:
    """Return final values of two design points, the second twice as spread out as the first."""
    luck = np.linspace(-1.0, 1.0, replications) / np.linspace(-1.0, 1.0, replications).std(ddof=1)
    rows = [
        {"measure": "adopter_share", "design_point": p, "replication": r, "value": (1 + p) * spread * luck[r]}
        for p in range(2)
        for r in range(replications)
    ]
    return pd.DataFrame(rows)


def test_half_width_of_five_runs_by_hand():
    assert half_width(1.0, 5) == pytest.approx(2.776445 / 5**0.5)


def test_the_forecast_is_the_least_number_that_meets_the_target():
    n = forecast(1.0, 0.1)
    assert half_width(1.0, n) <= 0.1 < half_width(1.0, n - 1)


def test_the_widest_design_point_decides():
    seen = look(made_up_finals(0.1, 5), {"adopter_share": 0.2}, 5)
    assert seen.half_widths["adopter_share"] == pytest.approx(half_width(0.2, 5))
    assert not seen.met
    assert look(made_up_finals(0.1, 5), {"adopter_share": 0.3}, 5).met


def test_a_measure_that_is_never_defined_is_never_precise():
    undefined = made_up_finals(0.1, 5).assign(value=np.nan)
    seen = look(undefined, {"adopter_share": 0.2}, 5)
    assert (seen.met, seen.needed, seen.half_widths) == (False, None, {"adopter_share": None})


def test_looks_come_at_the_forecast_but_never_further_off_than_twice_the_number():
    assert next_look(Look(5, {}, needed=7, at_least=5), most=100) == 7
    assert next_look(Look(5, {}, needed=70, at_least=5), most=100) == 10
    assert next_look(Look(8, {}, needed=70, at_least=5), most=12) == 12


def test_an_easy_target_is_met_after_five_replications(target, command):
    answer = command("sweep", target(2.0), "--out", "out", "--json")
    found = json.loads(answer.out)
    assert (answer.code, found["runs"], found["precision"]["met"]) == (0, 10, True)
    assert set(open_archive("out").runs["replication"]) == set(range(5))


def test_replications_go_on_until_the_target_is_met(target, command):
    answer = command("sweep", target(0.3), "--out", "out", "--json")
    found = json.loads(answer.out)["precision"]
    reached = found["half_widths"]["adopter_share"]["reached"]
    values = open_archive("out").final("adopter_share").groupby("design_point")["value"]
    assert answer.code == 0
    assert found["replications"] > 5
    assert reached == pytest.approx(max(half_width(v.std(), len(v)) for _, v in values))
    assert reached <= 0.3


def test_an_interrupted_search_ends_with_the_same_replications(target, command, monkeypatch):
    command("sweep", target(0.3), "--out", "whole")
    calls = []

    def stops(*arguments, **keywords):
        calls.append(1)
        if len(calls) == 13:
            raise KeyboardInterrupt
        return quick_simulate(*arguments, **keywords)

    monkeypatch.setattr("model.simulate", stops)
    assert command("sweep", "mine.yaml", "--out", "out").code == 130
    assert command("sweep", "mine.yaml", "--out", "out").code == 0
    runs = "select run_id, replication from runs order by all"
    assert open_archive("out").query(runs).equals(open_archive("whole").query(runs))


def test_a_target_out_of_reach_is_said_early_and_what_exists_is_kept(target, command):
    answer = command("sweep", target(0.0001, "max_replications: 50\n"), "--out", "out", "--json")
    found = json.loads(answer.out)
    assert answer.code == 1
    assert "the precision target cannot be reached within the budget" in answer.err
    assert (found["runs"], found["precision"]["met"], found["failed"]) == (10, False, 0)
    assert found["precision"]["needed"] > 50


def test_a_budget_of_time_ends_the_search(target, command):
    answer = command("sweep", target(0.01, "max_minutes: 0.00001\n"), "--out", "out", "--json")
    found = json.loads(answer.out)
    assert answer.code == 1
    assert found["precision"]["met"] is False


def test_more_minutes_are_no_other_experiment(target):
    first = load_experiment(target(0.01, "max_minutes: 1\n"))
    assert load_experiment(target(0.01, "max_minutes: 2\n")).hash == first.hash
    assert load_experiment(target(0.02, "max_minutes: 2\n")).hash != first.hash


def test_a_target_for_what_is_not_stored_is_refused(target):
    with pytest.raises(BadInput, match=r"mine\.yaml:4: .*'adopter_share' has a target but is not stored"):
        load_experiment(target(0.1, "measures: [forced_share]\n"))


def test_a_measure_may_be_stored_and_have_a_target(target):
    spec = load_experiment(target(0.05, "measures: [adopter_share, forced_share]\n"))
    assert (spec.measures, list(spec.precision)) == (["adopter_share", "forced_share"], ["adopter_share"])


def test_a_target_that_is_not_stored_is_refused(target):
    with pytest.raises(BadInput, match="has a target but is not stored"):
        load_experiment(target(0.05, "measures: [forced_share]\n"))
