"""Does `liveness` say what it found, with the exit code that follows, and refuse what makes no sense?"""

import json

import numpy as np
import pytest

from experiments import liveness_command
from experiments.cli import main
from experiments.liveness import Job, Summary

KEYS = (("churn_rate", "", "", "all years"), ("rollbacks", "", "", "all years"))
LIVE = "consumer.anger"


def pretended(jobs: list[Job]) -> list[tuple[Job, Summary]]:
    """Return runs in which anger raises churn and nothing else does anything."""
    return [
        (job, Summary(KEYS, np.array([0.06 + 0.02 * (LIVE in dict(job.changes)) + 0.001 * job.seed, np.nan])))
        for job in jobs
    ]


@pytest.fixture(autouse=True)
def no_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness_command, "run_jobs", pretended)


def test_a_live_parameter_is_shown_with_the_measure_that_moves(capsys: pytest.CaptureFixture) -> None:
    assert main(["liveness", "--only", LIVE]) == 0
    (heading, row, _, sentence) = capsys.readouterr().out.splitlines()
    assert heading.split()[:2] == ["verdict", "parameter"]
    assert row.startswith("strong")
    assert "churn_rate, all years" in row
    assert "1 strong, 0 weak, 0 noise, 0 dead" in sentence


def test_a_dead_parameter_makes_the_command_fail(capsys: pytest.CaptureFixture) -> None:
    assert main(["liveness", "--only", LIVE, "consumer.warmth", "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert [(row["verdict"], row["parameter"]) for row in rows] == [
        ("dead", "consumer.warmth"),
        ("strong", LIVE),
    ]
    assert rows[1]["effect"] == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "consumer.angr"], "did you mean 'consumer.anger'"),
        (["--sample", "none"], "--sample is not valid"),
        (["--out", "page.txt"], "--out is not valid"),
        (["--out", "page.md", "--sample", "3"], "--out writes the whole page"),
        (["--mechanisms", "--only", LIVE], "--mechanisms tries no parameters"),
    ],
)
def test_what_makes_no_sense_is_refused(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture
) -> None:
    assert main(["liveness", *arguments]) == 2
    assert said in capsys.readouterr().err
