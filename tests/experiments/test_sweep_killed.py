"""Killed at any moment and begun again, a sweep ends with the same results, bit for bit."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments import open_archive

ALL = 'select run_id, month, measure, dimension, "group", value from groups order by all'
SERIES = "select run_id, month, measure, value from series order by all"


def sweep_process(file: str, out: str, **keywords) -> subprocess.Popen:
    """Start a sweep in a process of its own."""
    command = [sys.executable, "-m", "experiments", "sweep", file, "--out", out, "--workers", "2"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **keywords)


def shards(folder: str) -> int:
    """Return how many shards a folder has."""
    return len(list(Path(folder).glob("runs/part-*.parquet")))


def all_gone(process: subprocess.Popen) -> bool:
    """Wait until no process of a session is left, half a minute at most."""
    end = time.monotonic() + 30.0
    while time.monotonic() < end:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def wait_for(condition, process: subprocess.Popen) -> None:
    """Wait until something is so, or the process has ended."""
    while process.poll() is None and not condition():
        time.sleep(0.02)


FEW, MANY = ("7",), ("1", "2", "3", "5", "7", "23", "47")


@pytest.mark.parametrize("moments", [FEW, pytest.param(MANY, marks=pytest.mark.slow)], ids=["few", "many"])
def test_killed_at_its_file_operations_it_ends_with_the_same_results(four_points, root, folder, moments):
    command = [
        sys.executable,
        "-m",
        "tests.experiments.kill_moments",
        four_points,
        str(folder / "k"),
        *moments,
    ]
    environment = os.environ | {"PYTHONPATH": str(root), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["same"]
    assert found["killed"] > 6 * len(moments)
    assert found["values"] > 1000


@pytest.mark.slow
def test_the_command_killed_with_its_workers_ends_with_the_same_results(four_points):
    for moment in range(4):
        process = sweep_process(four_points, "out", start_new_session=True)
        wait_for(lambda moment=moment: shards("out") > moment % 2, process)
        time.sleep(0.3 * moment)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    ends = [sweep_process(four_points, out).communicate(timeout=240)[0] for out in ("out", "whole")]
    assert all("12 runs" in said for said in ends)
    one, other = open_archive("out"), open_archive("whole")
    assert one.query(SERIES).equals(other.query(SERIES))
    assert one.query(ALL).equals(other.query(ALL))


def test_ctrl_c_keeps_what_is_finished_and_leaves_no_process(four_points):
    process = sweep_process(four_points, "out", start_new_session=True)
    wait_for(lambda: shards("out") > 0, process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: workers get it too
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "kept in out; the same command completes them" in said
    assert "Traceback" not in said
    assert len(open_archive("out").runs) >= 1
    assert all_gone(process)


@pytest.mark.slow
def test_workers_end_when_their_parent_is_killed(four_points):
    process = sweep_process(four_points, "out", start_new_session=True)
    wait_for(lambda: shards("out") > 0, process)
    process.kill()
    process.communicate(timeout=60)
    assert all_gone(process)
