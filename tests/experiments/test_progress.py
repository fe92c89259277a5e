"""What a user sees while she waits."""

import time

import pytest

from experiments import progress
from experiments.progress import COMPILING, Progress

pytestmark = pytest.mark.alone


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(progress, "SECONDS_OF_SILENCE", 0.0)
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0.02)


def test_the_first_run_on_a_machine_says_that_it_compiles(monkeypatch, capsys, hurried):
    monkeypatch.setattr(progress, "_is_compiled", lambda: False)
    with Progress(1) as shown:
        shown.next_run()
        time.sleep(0.1)
        shown.part(1, 100)
    said = capsys.readouterr().err.splitlines()
    assert said[0] == COMPILING
    assert said[1] == "compiling … 1 s"


def test_a_compiled_model_is_not_said_to_compile(monkeypatch, capsys, hurried):
    monkeypatch.setattr(progress, "_is_compiled", lambda: True)
    with Progress(1) as shown:
        shown.next_run()
        time.sleep(0.1)
        shown.part(1, 100)
    said = capsys.readouterr().err
    assert "compiling" not in said
    assert said.startswith("preparing … 1 s")


def test_time_left_is_said_once_it_can_be_judged(monkeypatch, capsys, hurried):
    monkeypatch.setattr(progress, "_is_compiled", lambda: True)
    with Progress(2) as shown:
        shown.next_run()
        shown.part(1, 100)
        time.sleep(0.03)
        shown.part(2, 100)
        time.sleep(0.03)
        shown.part(50, 100)
    said = capsys.readouterr().err.splitlines()
    assert "left" not in said[0]
    assert said[-1] == " 25 % · run 1 of 2 · 1 s left"


def test_nothing_to_run_says_nothing(monkeypatch, capsys):
    monkeypatch.setattr(progress, "_is_compiled", lambda: False)
    with Progress(0):
        pass
    assert capsys.readouterr().err == ""
