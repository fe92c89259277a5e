"""Conclusions against assumptions: the verdict follows from the runs, in a world where the truth is known."""

from collections.abc import Callable

import numpy as np
import pytest

from experiments import evidence_charts, evidence_sections
from experiments.conclusions import CONCLUSIONS
from experiments.evidence_plan import (
    AS_IT_IS,
    DEFAULT,
    EXEMPT,
    MEASURES,
    NO_FORCE,
    NO_PRESSURE,
    WORLDS,
    all_together,
    assumed,
    moves,
    one_at_a_time,
)
from experiments.robustness import HOLDS, OPEN, REVERSED, Robustness, judged, robustness, sampled
from model.parameters import declarations
from model.results import Results
from tests.experiments.made_up_archive import MadeUpArchive

LUCK = (0.002, -0.002)
HALF_MINUTES = "technology.counter_minutes = 0.5"
NO_PASS = "firm.pass_through = 0"
LABELS = (DEFAULT, HALF_MINUTES, NO_PASS, "consumer.anger = 0")
PRESSURE = {AS_IT_IS: 1.0, NO_PRESSURE: 0.0, NO_FORCE: 1.0}


def at_the_end(assumption: str, world: str, luck: float) -> dict[str, float]:
    """Return measures of a world in which pressure forces, and two assumptions decide two answers."""
    prices = 10.0 if assumption == NO_PASS else 45.0
    return {
        **dict.fromkeys(MEASURES, 1.0),
        "self_service_share": 0.5 + 0.1 * PRESSURE[world] + luck,
        "forced_share": 0.0 if world == NO_FORCE else 0.2 + 0.2 * PRESSURE[world] + luck,
        "unpaid_hours_net": (4.0 if assumption == HALF_MINUTES else -2.0) + luck,
        "saving_total": 100.0,
        "saving_technology": 20.0,
        "saving_prices": prices,
        "saving_profit": 70.0 - prices,
    }


def two_years(first: dict[str, float], last: dict[str, float]) -> Results:
    """Return a run of one year at some values and one at others."""
    values = np.array([list(first.values())] * 12 + [list(last.values())] * 12)
    return Results(tuple(first), values, (), np.zeros((24, 0)), "2029-01", 1)


def run_of(assumption: str, world: str, luck: float) -> Results:
    last = at_the_end(assumption, world, luck)
    return two_years(last | {"self_service_share": 0.1}, last)


@pytest.fixture(scope="module")
def archive() -> MadeUpArchive:
    points = [{"assumption": label, "world": world} for label in LABELS for world in WORLDS]
    runs = {
        (number, place): run_of(point["assumption"], point["world"], luck)
        for number, point in enumerate(points)
        for place, luck in enumerate(LUCK)
    }
    return MadeUpArchive(points, runs)


def sample(size: int = 120) -> MadeUpArchive:
    """Return economies in which the minutes at the counter are drawn, and something that does nothing."""
    drawn = np.linspace(0.5, 1.5, size)
    idle = np.tile([0.0, 1.0], size // 2)
    points = [
        {"technology.counter_minutes": minutes, "consumer.anger": anger, "world": world}
        for world in WORLDS
        for minutes, anger in zip(drawn, idle, strict=True)
    ]
    label = {True: HALF_MINUTES, False: DEFAULT}
    runs = {
        (n, 0): run_of(label[p["technology.counter_minutes"] < 0.75], p["world"], 0.001 * (n % 7))
        for n, p in enumerate(points)
    }
    return MadeUpArchive(points, runs)


@pytest.fixture(scope="module")
def found(archive: MadeUpArchive) -> list[Robustness]:
    return robustness(archive)


def verdicts(found: list[Robustness], name: str) -> dict[str, str]:
    one = next(one for one in found if one.conclusion.name == name)
    return {move.move: move.verdict for move in one.tested}


def test_the_sign_of_net_hours_hangs_on_the_minutes_at_the_counter(found: list[Robustness]):
    assert verdicts(found, "people save time") == dict.fromkeys(LABELS, HOLDS) | {HALF_MINUTES: REVERSED}


def test_profit_keeps_most_where_nothing_is_passed_through(found: list[Robustness]):
    assert verdicts(found, "prices keep most")[NO_PASS] == REVERSED
    assert verdicts(found, "prices over profit")[DEFAULT] == HOLDS


def test_spread_without_pressure_is_set_against_what_pressure_adds(found: list[Robustness]):
    margins = {one.conclusion.name: one.default.margin.mean for one in found}
    assert margins["spread without pressure"] == pytest.approx(40.0 - 10.0)
    assert margins["compulsion by pressure"] == pytest.approx(20.0)
    assert margins["spread without force"] == pytest.approx(50.0)


def test_the_default_stands_first_and_reversals_are_named(found: list[Robustness]):
    assert {one.default.move for one in found} == {DEFAULT}
    rows = evidence_sections.reversals_table(found).rows
    assert ("people save time", HALF_MINUTES) in {tuple(row[:2]) for row in rows}


def test_a_sentence_says_under_which_move_a_conclusion_is_reversed(found: list[Robustness]):
    said = {one.conclusion.name: evidence_sections.sentence(one) for one in found}
    assert "the contrary under 1: `technology.counter_minutes = 0.5`" in said["people save time"]
    assert "reversed under none" in said["spread without force"]


def test_what_luck_may_explain_stays_open():
    found = judged([DEFAULT, "a", "b"], np.array([[1.0, -0.8], [5.0, 5.4], [-4.0, -4.2]]))
    assert [one.verdict for one in found] == [OPEN, HOLDS, REVERSED]


def test_a_failed_run_leaves_its_point_with_the_others():
    found = judged([DEFAULT, "a", "b"], np.array([[1.0, 1.1], [np.nan, 1.2], [np.nan, np.nan]]))
    assert [one.margin.runs for one in found] == [2, 1, 0]
    assert [one.verdict for one in found] == [HOLDS, HOLDS, OPEN]


def test_one_run_at_each_point_decides_nothing():
    assert {one.verdict for one in judged([DEFAULT, "a"], np.array([[1.0], [-1.0]]))} == {OPEN}


def test_economies_drawn_at_once_say_how_often_a_conclusion_holds():
    hours = next(one for one in sampled(sample()) if one.conclusion.name == "people save time")
    assert (hours.economies, hours.held) == (120, 90)
    assert 0.66 < hours.share.low < 0.75 < hours.share.high < 0.82
    assert hours.leading[0][0] == "technology.counter_minutes"


def test_the_picture_shows_moves_that_reverse_first(found: list[Robustness]):
    shown = evidence_charts.leading_moves(found)
    assert set(shown[:2]) == {HALF_MINUTES, NO_PASS}


def test_every_assumption_is_moved_to_both_of_its_bounds():
    values = {(name, value) for move in moves() for name, value in move.parameters.items()}
    numbers = [d for d in assumed() if d.kind in ("number", "integer")]
    ends = {(d.name, end) for d in numbers for end in (d.low, d.high) if end != d.default}
    assert ends <= values


def test_nothing_is_left_out_without_a_reason():
    moved = {name for move in moves() for name in move.parameters}
    behaviour = {d.name for d in declarations() if d.group not in ("tasks", "sectors", "policy")}
    assert behaviour - moved == set(EXEMPT)


def test_no_move_changes_what_tells_the_worlds_apart():
    worlds = {name for parameters in WORLDS.values() for name in parameters}
    assert not worlds & {name for move in moves() for name in move.parameters}


@pytest.mark.parametrize("keys", [one_at_a_time(2, 5), all_together(4)], ids=["one", "all"])
def test_the_written_experiments_are_valid(write: Callable, command: Callable, keys: dict):
    from experiments.yaml_writing import to_yaml

    write(to_yaml(keys), "mine.yaml")
    answer = command("validate", "mine.yaml")
    assert (answer.code, answer.err) == (0, "")


def test_every_question_has_a_conclusion_with_words_for_both_sides():
    assert len({one.question for one in CONCLUSIONS}) == 3
    assert all(one.statement and one.opposite and one.statement != one.opposite for one in CONCLUSIONS)
