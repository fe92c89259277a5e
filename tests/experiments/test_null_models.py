"""Intercepts of a null model are solved into the choice of an experiment that asks for them."""

from pathlib import Path

from experiments.config import load_experiment
from experiments.null_models import choice_of, write_into

MINE = """\
# a comment that stays
extends: banking
title: Without peers
levers:
  contagion:
    choices:
      baseline: {}
      resolved: {consumer.peer_effect: 0.0, tasks.cash.intercept: -9.0}
"""


def test_the_intercepts_of_a_choice_are_no_part_of_its_parameters(write):
    assert choice_of(str(write(MINE)), "resolved").parameters == {"consumer.peer_effect": 0.0}


def test_solved_intercepts_stand_in_the_choice_and_nothing_else_changes(write):
    path = write(MINE)
    write_into(choice_of(str(path), "resolved"), {"tasks.cash.intercept": -1.25})
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[:7] == MINE.splitlines()[:7]
    assert lines[7:] == [
        "      resolved:",
        "        consumer.peer_effect: 0.0",
        "        tasks.cash.intercept: -1.25",
    ]


def test_the_command_solves_under_the_parameters_of_the_choice(write, command):
    path = write(MINE)
    few = ("--seeds", "1", "--rounds", "0", "--consumers", "60")
    answer = command("intercepts", "--into", str(path), "--choice", "resolved", *few)
    assert answer.out.splitlines()[-1] == f"Written to {path}, choice resolved of contagion."
    assert load_experiment(path).design_points == 2


def test_a_choice_that_is_not_there_is_refused_with_the_nearest(write, command):
    answer = command("intercepts", "--into", str(write(MINE)), "--choice", "resolvd")
    assert (answer.code, "did you mean 'resolved'?" in answer.err) == (2, True)


def test_an_experiment_without_choices_is_refused(command):
    answer = command("intercepts", "--into", "banking", "--choice", "resolved")
    assert "expected an experiment with a labelled lever" in answer.err


def test_the_published_null_model_differs_from_the_naive_one():
    path = Path(load_experiment("no-contagion").path)
    naive, solved = (choice_of(str(path), label).parameters for label in ("not resolved", "resolved"))
    assert naive == solved == {"consumer.peer_effect": 0.0}
