"""Economies in worker processes: the right months, kept apart, freed, and missed when a worker ends."""

import numpy as np
import pytest
from small_economies import small, waits

from model import simulate
from viz import pool as pools
from viz.desk import Desk
from viz.inside import SAMPLE
from viz.state import State
from viz.visit import Visit

pytestmark = pytest.mark.alone


@pytest.fixture
def visit(pool):
    made = Visit(pool)
    yield made
    made.close()


def reach(visit, scenario, months):
    """Let a visit's economy live some months; return its run."""
    visit.show({"current": scenario}, 1)
    visit.go(months, 0.0)
    assert waits(lambda: visit.months >= months), visit.failure
    return visit.arms["current"].runs[0]


def test_a_worker_sends_the_months_that_the_model_simulates(visit):
    run = reach(visit, small(), 24)
    expected = simulate(small().parameters(), 1, start="1990-01", months=24)
    assert np.array_equal(run.values[:24], expected.values, equal_nan=True)
    assert np.array_equal(run.groups[:24], expected.group_values.astype(np.float32), equal_nan=True)


def test_two_visitors_of_one_worker_do_not_disturb_each_other(pool):
    first, second = Visit(pool), Visit(pool)
    for visit, imitation in ((first, 0.0), (second, 8.0)):
        visit.target = 24
        visit.show({"current": small(firm__imitation=imitation)}, 1)
    assert waits(lambda: first.months == second.months == 24)
    alone = simulate(small(firm__imitation=0.0).parameters(), 1, start="1990-01", months=24)
    assert np.array_equal(first.arms["current"].runs[0].values[:24], alone.values, equal_nan=True)
    first.close()
    second.close()


def test_equal_scenarios_share_one_economy(visit, pool):
    visit.show({"current": small(), "baseline": small(), "other": small(firm__imitation=1.0)}, 2)
    assert len(pool.processes[0].places) == 4


def test_leaving_frees_the_places_of_all_economies(pool):
    visit = Visit(pool)
    visit.show({"current": small()}, 3)
    visit.close()
    assert pool.processes[0].places == {}


def test_a_finished_economy_need_not_be_lived_again(pool, monkeypatch):
    first, second = Visit(pool), Visit(pool)
    short = small(consumer__inertia=0.5)
    monkeypatch.setattr(type(short), "months", 6)
    lived = reach(first, short, 6)
    second.target = 6
    second.show({"current": short}, 1)
    known = second.arms["current"].runs[0]
    assert known.place is None
    assert np.array_equal(known.values, lived.values, equal_nan=True)
    second.wake(known)
    assert waits(lambda: known.lived == 6)
    assert second.months == 6
    first.close()
    second.close()


def test_months_that_somebody_has_lived_are_known_to_all_up_to_where_they_stand(pool):
    first, second = Visit(pool), Visit(pool)
    reach(first, small(consumer__inertia=0.4), 9)
    second.target = 6
    second.show({"current": small(consumer__inertia=0.4)}, 1)
    assert second.months == 6
    second.go(8, 0.0)
    assert second.months == 8
    first.close()
    second.close()


def test_a_changed_economy_catches_up_at_once_and_plays_on(visit):
    visit.show({"current": small()}, 1)
    visit.go(36, 1000.0)
    assert waits(lambda: visit.months == 36)
    visit.soon, visit.target, visit.pace = 36, 37, 0.2
    visit.show({"current": small(firm__imitation=0.7)}, 1)
    assert waits(lambda: visit.months == 37)


def test_a_paused_economy_stays_where_it_is(visit):
    reach(visit, small(), 6)
    visit.go(6, 0.0)
    assert not waits(lambda: visit.months > 6, seconds=0.6)


def test_a_full_server_opens_no_further_economy(visit, monkeypatch):
    monkeypatch.setattr(pools, "MOST_RUNS", 1)
    visit.show({"current": small()}, 2)
    assert (visit.full, len(visit.arms["current"].runs)) == (True, 1)


def test_people_are_connected_and_keep_diaries(visit):
    run = reach(visit, small(), 60)
    network = run.ask("network", {"attribute": "awareness"})
    assert len(network["rows"]) == min(SAMPLE, 200)
    assert len(network["ties"]) > len(network["rows"])
    lives = [run.ask("consumer", {"row": row}) for row in network["rows"][:40]]
    terms = [
        entry["facts"]["terms"] for life in lives for entry in life["diary"] if entry["facts"].get("terms")
    ]
    assert terms


def test_a_question_about_nobody_has_no_answer(visit):
    run = reach(visit, small(), 2)
    assert run.ask("consumer", {"row": 10**6}) is None
    assert run.ask("network", {"attribute": "__dict__"}) is None


def test_a_failing_economy_names_the_command_that_repeats_it(visit, monkeypatch):
    refused = small().with_seed(3)
    object.__setattr__(refused, "changes", (("firm.imitation", 99.0),))
    visit.show({"current": refused}, 1)
    assert waits(lambda: visit.failure is not None)
    what, command = visit.failure
    assert "firm.imitation" in what
    assert command.endswith("--seed 3 --replications 1 --set firm.imitation=99.0")


def test_a_desk_undoes_and_redoes(pool):
    desk = Desk(pool, State(small(), month=3), lambda: None)
    desk.change("firm.imitation", 1.0)
    desk.change("firm.imitation", 2.0)
    desk.act("undo")
    desk.act("undo")
    desk.act("redo")
    assert desk.state.scenario == small(firm__imitation=1.0)
    desk.close()


def test_a_desk_says_what_it_refuses(pool):
    desk = Desk(pool, State(small(), month=3), lambda: None)
    desk.obey(desk.change, "firm.imitation", 1e9)
    assert desk.state.scenario == small()
    assert "firm.imitation: expected a number in [0, 8]" in desk.notes[0]
    desk.close()


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("choose", ("experiment", "../../etc")), ("choose", ("other", "nobody")), ("choose", ("seed", "x")),
        ("jump", (float("nan"),)), ("jump", ({},)), ("change", ("firm.imitation", [1])),
        ("change", ("__class__", 1)), ("act", ("nothing",)), ("choose", ("__class__", "x")),
        ("choose", ("seed", "5")),
    ],
)  # fmt: skip
def test_a_desk_survives_what_no_button_sends(pool, call, arguments):
    desk = Desk(pool, State(small(), month=3), lambda: None)
    desk.obey(getattr(desk, call), *arguments)
    assert desk.state == State(small(), month=3)
    desk.close()


def test_a_worker_that_ends_is_replaced_and_its_visitors_are_told(visit, pool):
    reach(visit, small(), 2)
    process = pool.processes[0]
    process.process.kill()
    assert waits(lambda: visit.failure is not None)
    assert visit.failure[1].startswith("python -m experiments run baseline --seed 1")
    assert waits(process.warm.is_set, 120)
