"""A sweep on a Dask cluster: a real scheduler, two workers as processes, one of which is killed."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from experiments import sweep
from experiments.errors import BadInput

SERIES = "select run_id, month, measure, value from series order by all"


@pytest.fixture
def cluster(folder, root):
    """Start a scheduler and two workers on the loopback address; yield the address and the workers."""
    begun: list[subprocess.Popen] = []
    environment = os.environ | {"PYTHONPATH": str(root)}

    def start(*arguments):
        command = [sys.executable, "-m", *arguments, "--scheduler-file", "scheduler.json", "--no-dashboard"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        begun.append(subprocess.Popen(command, env=environment, **quiet))
        return begun[-1]

    start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0")
    worker = ("distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
    workers = [start(*worker), start(*worker)]
    yield _address(Path("scheduler.json")), workers
    for process in begun:
        process.kill()
        process.wait()


def _address(file: Path) -> str:
    end = time.monotonic() + 60.0
    while time.monotonic() < end:
        with suppress(FileNotFoundError, json.JSONDecodeError):  # not there yet, or half written
            return json.loads(file.read_text())["address"]
        time.sleep(0.05)
    raise TimeoutError("the scheduler has not said where it is")


def kill_later(process: subprocess.Popen, out: str) -> None:
    """Kill a worker as soon as the first run has been stored."""

    def wait_and_kill():
        while not list(Path(out).glob("runs/part-*.parquet")):
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)

    threading.Thread(target=wait_and_kill, daemon=True).start()


@pytest.mark.slow
def test_a_sweep_outlives_a_worker_of_the_cluster_and_has_the_same_results(four_points, cluster):
    address, workers = cluster
    kill_later(workers[0], "out")
    archive = sweep(four_points, out="out", scheduler=address, quiet=True)
    assert workers[0].wait(timeout=10) == -signal.SIGKILL
    assert list(archive.runs["status"]) == ["ok"] * 12
    here = sweep(four_points, out="here", workers=2, quiet=True)
    assert archive.query(SERIES).equals(here.query(SERIES))


@pytest.mark.slow
def test_workers_with_another_version_of_the_model_are_refused(four_points, cluster, monkeypatch):
    monkeypatch.setattr("model.version.model_version", lambda: "feedfeedfeedfeed")
    with pytest.raises(BadInput, match=r"worker tcp://127.* has another version of the model; expected feed"):
        sweep(four_points, out="out", scheduler=cluster[0], quiet=True)
    assert not Path("out").exists()


def test_a_scheduler_that_does_not_answer_is_named_and_nothing_is_written(four_points, monkeypatch):
    monkeypatch.setattr("experiments.cluster.SECONDS_TO_ANSWER", 0.3)
    with pytest.raises(BadInput, match=r"--scheduler tcp://127\.0\.0\.1:1; expected a Dask scheduler that"):
        sweep(four_points, out="out", scheduler="tcp://127.0.0.1:1", quiet=True)
    assert not Path("out").exists()
