"""The command `patterns`: measurements on made-up runs, verdicts, what it prints, and what it refuses."""

import json
import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from experiments import patterns as command
from experiments.cli import main
from experiments.errors import BadInput
from experiments.patterns_default import FIRST_YEAR, MONTHS, DefaultRun
from experiments.patterns_measured import Measured, Scored, growth, observed_mean, scored, world_of
from experiments.patterns_runs import WORLDS, World, run_worlds
from experiments.patterns_section import section
from model.patterns import MEASUREMENTS, Condition, Pattern, read_patterns
from tests.unit.test_patterns_file import ONE

YEARS = FIRST_YEAR + np.arange(MONTHS) / 12.0


@pytest.fixture
def pattern(tmp_path: Path) -> Pattern:
    file = tmp_path / "own.yaml"
    file.write_text(ONE, encoding="utf-8")
    return read_patterns(file)[0]


@pytest.fixture
def condition(pattern: Pattern) -> Condition:
    return pattern.conditions[0]


def made_up(seed: int, **by_task: np.ndarray) -> DefaultRun:
    """Return a run whose user share grows by a hundredth a year, and is what is given by task."""
    groups = {("user_share", "task", task): values for task, values in by_task.items()}
    shares = 0.01 * (YEARS - FIRST_YEAR) + 0.001 * seed
    return DefaultRun(seed, {"user_share": shares}, groups, {2020: 0.7}, {2030: 40.0}, (-1.0, 1.0))


def logistic(rate: float, middle: float) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-rate * (YEARS - middle)))


def value(condition: Condition, *runs: DefaultRun) -> float | None:
    pattern = Pattern("P", "", "", "emerged", "", True, "", (condition,))
    return scored([pattern], {"default": runs})[0].conditions[0].value


def test_a_level_is_the_mean_of_a_years_first_months(condition: Condition) -> None:
    plain = replace(condition, group=None, year=2010, months=6)
    assert value(plain, made_up(0)) == pytest.approx(0.2 + 0.01 * 2.5 / 12)


def test_a_level_of_a_group_reads_that_group(condition: Condition) -> None:
    assert value(condition, made_up(0, cash=np.full(MONTHS, 0.83))) == pytest.approx(0.83)


def test_a_ratio_compares_two_groups(condition: Condition) -> None:
    runs = made_up(0, cash=np.full(MONTHS, 0.6), transfer=np.full(MONTHS, 0.2))
    asked = replace(condition, measurement="ratio", to=("task", "transfer"))
    assert value(asked, runs) == pytest.approx(3.0)


def test_extremes_are_those_of_yearly_means(condition: Condition) -> None:
    asked = replace(condition, group=None, first=2000, last=2005)
    smallest = value(replace(asked, measurement="smallest"), made_up(0))
    largest = value(replace(asked, measurement="largest"), made_up(0))
    assert largest - smallest == pytest.approx(0.05)


def test_growth_is_that_of_each_run_and_not_of_their_mean_curve(condition: Condition) -> None:
    asked = replace(condition, measurement="growth", first=1990, last=2030)
    runs = [made_up(0, cash=logistic(0.5, middle)) for middle in (2005.0, 2020.0)]
    assert value(asked, *runs) == pytest.approx(0.5, abs=0.01)
    mean_curve = made_up(0, cash=np.mean([run.groups["user_share", "task", "cash"] for run in runs], axis=0))
    assert growth(mean_curve, asked) < 0.3


def test_a_curve_that_never_takes_off_has_no_growth(condition: Condition) -> None:
    asked = replace(condition, measurement="growth", first=1990, last=2030)
    assert value(asked, made_up(0, cash=np.zeros(MONTHS))) is None


def test_the_gap_to_the_observed_mean_is_that_of_its_years(condition: Condition) -> None:
    asked = replace(
        condition, measurement="gap_to_observed", observed="internet_banking", first=2006, last=2019, months=6
    )
    observed = observed_mean(asked)
    assert sorted(observed) == [2006, *range(2010, 2020)]
    assert observed[2015] == pytest.approx(0.4693, abs=1e-4)
    exact = np.array([observed.get(int(year), 0.0) for year in YEARS])
    assert value(asked, made_up(0, cash=exact + 0.02)) == pytest.approx(0.02)


def test_what_is_measured_in_worlds_of_its_own_is_taken_from_there(condition: Condition) -> None:
    own = replace(condition, measurement="early_profit")
    pattern = Pattern("P", "", "", "emerged", "", True, "", (own,))
    found = scored([pattern], {"offering": [{"early_profit": 0.1}, {"early_profit": 0.3}]})
    assert found[0].conditions[0].value == pytest.approx(0.2)


def test_every_measurement_belongs_to_a_world() -> None:
    assert {world_of(name) for name in MEASUREMENTS} == set(WORLDS)


@pytest.mark.parametrize(
    ("mean", "low", "high", "whole", "met"),
    [
        (0.8, 0.6, 1.0, False, True),
        (0.8, 0.6, 1.0, True, False),
        (0.8, 0.75, 0.85, True, True),
        (0.69, 0.68, 0.7, False, False),
        (0.7, 0.6, 0.8, False, True),
        (math.nan, math.nan, math.nan, False, False),
        (0.8, None, None, True, False),
    ],
)
def test_a_condition_is_met_within_its_tolerance(
    condition: Condition, mean: float, low: float | None, high: float | None, whole: bool, met: bool
) -> None:
    assert Measured(replace(condition, whole_interval=whole), mean, low, high, 5).met is met


def test_what_is_only_reported_decides_nothing(condition: Condition) -> None:
    assert Measured(replace(condition, reported=True), 99.0, 98.0, 100.0, 5).met


def test_a_pattern_passes_with_all_its_conditions_and_shows_the_one_that_fails(pattern: Pattern) -> None:
    good, bad = (Measured(pattern.conditions[0], mean, mean, mean, 5) for mean in (0.8, 0.95))
    assert Scored(pattern, (good,)).passed
    assert not Scored(pattern, (good, bad)).passed
    assert Scored(pattern, (good, bad)).decisive is bad


def test_the_scorecard_is_json_without_infinities(condition: Condition, pattern: Pattern) -> None:
    open_ended = replace(condition, high=math.inf)
    card = command.as_json([Scored(pattern, (Measured(open_ended, None, None, None, 5),))])
    assert json.loads(json.dumps(card, allow_nan=False)) == card
    names = ("name", "statement", "role", "target", "value", "low", "high", "passed", "recorded", "source")
    assert set(names) <= card[0].keys()
    assert (card[0]["passed"], card[0]["recorded"]) == (False, True)


def test_the_summary_names_verdicts_that_are_not_on_record(pattern: Pattern) -> None:
    missed = Scored(pattern, (Measured(pattern.conditions[0], 0.95, 0.9, 1.0, 5),))
    assert command.summary([missed]) == "0 of 1 patterns pass; not as recorded: P1."


def one_thing(seed: int, consumers: int) -> dict[str, float]:
    return {"early_profit": seed / consumers}


def test_runs_come_back_in_the_order_of_seeds() -> None:
    worlds = {"offering": World(one_thing, 10, 3)}
    found = run_worlds(["offering"], workers=1, worlds=worlds)
    assert [run["early_profit"] for run in found["offering"]] == [0.1, 0.2, 0.3]


def test_a_series_that_does_not_exist_is_said_with_its_line(condition: Condition) -> None:
    with pytest.raises(
        BadInput, match=r"own\.yaml:10: user_share has no such series; expected a group of task"
    ):
        value(replace(condition, group=("task", "filing")), made_up(0, cash=np.zeros(MONTHS)))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("role: emerged", "role: emergent", "own.yaml:5: unknown role of P1"),
        (
            "target: 0.8",
            "target: 0.95",
            "own.yaml:16: P1.conditions.in 2010.target lies outside its own tolerance",
        ),
        ("measurement: level", "measurement: levle", "did you mean level?"),
    ],
)
def test_a_faulty_file_is_one_message_and_exit_code_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(ONE.replace(old, new), encoding="utf-8")
    assert main(["patterns", "--file", str(file), "--out", str(tmp_path / "card.json")]) == 2
    written = capsys.readouterr()
    assert said in written.err
    assert written.err.count("\n") == 1
    assert not written.out
    assert not (tmp_path / "card.json").exists()


def test_an_unknown_observed_table_is_refused_before_anything_runs(tmp_path: Path) -> None:
    text = ONE.replace(
        "measurement: level", "measurement: gap_to_observed\n        observed: internet_bankin"
    )
    text = text.replace("year: 2010", "from: 2010\n        until: 2019")
    file = tmp_path / "own.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="did you mean 'internet_banking'"):
        command.measure(command.read(str(file)))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "of: user_share",
            "of: hours_gini",
            "hours_gini has no such series; expected none: it has no groups",
        ),
        (
            "{task: cash}",
            "{age: 65+}",
            "user_share has no such series; expected a group of task; got age: 65+",
        ),
        (
            "of: user_share\n        group: {task: cash}",
            "of: offered_share",
            "offered_share has no such series",
        ),
    ],
)
def test_a_series_that_does_not_exist_is_refused_before_anything_runs(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    file = tmp_path / "own.yaml"
    assert old in ONE
    file.write_text(ONE.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        command.measure(command.read(str(file)))
    assert f"own.yaml:10: {said}" in str(caught.value)


@pytest.mark.parametrize(
    "option", [["--workers", "0"], ["--workers", "many"], ["--out", "no/such/folder/card"]]
)
def test_bad_options_are_refused(option: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["patterns", *option]) == 2
    assert "error: --" in capsys.readouterr().err


def test_another_file_is_not_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "notes.json"
    other.write_text("[]", encoding="utf-8")
    assert main(["patterns", "--out", str(other)]) == 2
    assert "holds something else" in capsys.readouterr().err
    assert other.read_text(encoding="utf-8") == "[]"


def test_a_scorecard_is_kept_and_read_again(tmp_path: Path, pattern: Pattern) -> None:
    card = command.as_json([Scored(pattern, (Measured(pattern.conditions[0], 0.8, 0.7, 0.9, 5),))])
    command.write(card, tmp_path / "card.json")
    page = command.stored(tmp_path / "card.json")
    assert page is not None
    assert page["patterns"] == card


def test_reports_show_the_kept_scorecard() -> None:
    shown = section(SimpleNamespace(provenance={"model_version": "another"}))
    page = command.stored()
    assert shown is not None
    assert page is not None
    assert [row[0] for row in shown.tables[0].rows] == [pattern["name"] for pattern in page["patterns"]]
    assert page["model_version"] in shown.paragraphs[-1]


def test_a_report_with_a_scorecard_of_the_same_model_does_not_warn() -> None:
    page = command.stored()
    assert page is not None
    shown = section(SimpleNamespace(provenance={"model_version": page["model_version"]}))
    assert shown is not None
    assert len(shown.paragraphs) == 1
