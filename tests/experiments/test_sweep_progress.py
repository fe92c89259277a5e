"""What a sweep says while it goes on."""

import pytest

from experiments import progress
from experiments.progress import SweepProgress


@pytest.fixture
def clock(monkeypatch):
    """Let time pass as a test says."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(progress, "_is_compiled", lambda: True)
    return now


def test_a_line_says_runs_failures_and_time_left(clock, capsys):
    with SweepProgress() as shown:
        shown.more(10)
        for ended in range(6):
            clock[0] += 6.0
            shown.one_more(failed=ended == 2)
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == " 60 % · 6 of 10 runs · 1 failed · 24 s left"


def test_what_takes_no_time_says_nothing(clock, capsys):
    with SweepProgress() as shown:
        shown.more(1)
        shown.one_more(failed=False)
    assert capsys.readouterr().err == ""


def test_a_quiet_sweep_says_nothing(clock, capsys):
    with SweepProgress(quiet=True) as shown:
        shown.more(2)
        clock[0] += 1000.0
        shown.one_more(failed=False)
    assert capsys.readouterr().err == ""
