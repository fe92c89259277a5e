"""Worker processes die, hang and are replaced; their runs are not lost."""

import os
from pathlib import Path

import pytest

from experiments.config import load_experiment
from experiments.performing import Setting, WorkersLost, perform, setting_of
from experiments.plan import Plan
from experiments.pool import LocalPool
from model.version import model_version
from tests.experiments.quick_model import work_of_a_mortal, work_without_end


def setting_and_jobs(four_points, folder: Path, limit: float | None = None):
    """Return the setting of a small experiment and its jobs."""
    experiment = load_experiment(four_points)
    plan = Plan(experiment, model_version())
    setting, _ = setting_of(experiment, model_version(), str(folder), limit=limit)
    return setting, [plan.job(run) for run in plan.missing((), 0, 3)]


def statuses(finished):
    """Return the statuses of runs by seed."""
    return {seed: {f.run.status for f in finished if f.run.seed == seed} for seed in (1, 2, 3)}


def test_a_dead_workers_run_is_begun_again_and_given_up_in_the_end(four_points, folder):
    setting, jobs = setting_and_jobs(four_points, folder)
    with LocalPool(setting, 2, folder, work_of_a_mortal) as pool:
        finished = list(pool.performed(iter([jobs[0], jobs[1], jobs[4], jobs[8]])))
    assert statuses(finished) == {1: {"ok"}, 2: {"ok"}, 3: {"failed"}}
    assert len({item.run.run_id for item in finished}) == 4
    failure = next(item.failure for item in finished if item.failure)
    assert failure["error"] == "WorkerDied: its worker process ended 3 times, last by SIGKILL"


@pytest.mark.alone
def test_a_run_that_does_not_answer_is_ended_at_its_limit(four_points, folder, monkeypatch):
    monkeypatch.setattr("experiments.pool.GRACE", 0.5)
    setting, jobs = setting_and_jobs(four_points, folder, limit=0.5)
    with LocalPool(setting, 2, folder, work_without_end) as pool:
        finished = list(pool.performed(iter(jobs[:5])))
    assert statuses(finished)[2] == {"timeout"}
    assert statuses(finished)[1] == {"ok"}


def test_a_slow_run_ends_itself_at_its_limit(four_points, folder):
    setting, jobs = setting_and_jobs(four_points, folder, limit=1e-6)
    finished = perform(setting, jobs[0])
    assert finished.run.status == "timeout"
    assert finished.failure["error"].startswith("TooLong: the run took longer than 1e-06 s")


def test_workers_that_cannot_begin_are_given_up(four_points, folder):
    setting, jobs = setting_and_jobs(four_points, folder)
    broken = Setting(**{**vars(setting), "catalogue": _Poison()})
    with (
        pytest.raises(WorkersLost, match="end before they have computed"),
        LocalPool(broken, 1, folder) as pool,
    ):
        list(pool.performed(iter(jobs[:2])))


def test_workers_with_newer_code_than_the_sweep_are_refused(four_points, folder):
    setting, jobs = setting_and_jobs(four_points, folder)
    older = Setting(**{**vars(setting), "model_version": "feedfeedfeedfeed"})
    said = r"the model has been edited since the sweep began \(expected feedfeedfeedfeed"
    with LocalPool(older, 1, folder, work_of_a_mortal) as pool, pytest.raises(WorkersLost, match=said):
        list(pool.performed(iter(jobs[:1])))


class _Poison:
    """Cannot be unpickled by a worker."""

    def __reduce__(self):
        return os._exit, (3,)
