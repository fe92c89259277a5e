"""A second process draws the report of a run; whatever becomes of it, there is a report and no leftover."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from experiments.config import load_experiment
from experiments.execute import run_experiment
from experiments.meanwhile import Draughtsman, NotDrawn
from experiments.option_values import cores
from experiments.reading import open_archive
from experiments.reporting import write_report
from tests.experiments.test_command_line import started, wait_for_shard


@pytest.fixture
def stored(tiny) -> Path:
    """Return a results folder without a report."""
    return run_experiment(load_experiment(tiny), Path("out")).folder


@pytest.fixture
def unready(monkeypatch) -> None:
    """Let this process seem to have two cores, and to have loaded nothing that draws."""
    monkeypatch.setattr("experiments.meanwhile.of_use", lambda: True)


def report(draughtsman: Draughtsman, folder: Path, *notes: str) -> list[Path]:
    """Let a report be written and return the paths."""
    draughtsman.begin(folder, notes)
    return draughtsman.written()


def children(process: int) -> list[psutil.Process]:
    """Return the processes that a process has started."""
    return psutil.Process(process).children(recursive=True)


def files(folder: Path) -> dict[str, bytes]:
    """Return report and pictures by name."""
    return {path.name: path.read_bytes() for path in (folder / "report.html", *folder.glob("figures/*"))}


def test_report_of_the_second_process_is_the_one_of_the_first(stored, unready):
    with Draughtsman() as draughtsman:
        written = report(draughtsman, stored, "a note")
    found = files(stored)
    assert {path.name for path in written} == set(found)
    assert write_report(open_archive(stored), formats=(), notes=["a note"])[0] == written
    assert files(stored) == found


def test_report_is_written_although_the_second_process_has_died(stored, unready):
    with Draughtsman() as draughtsman:
        drawing = draughtsman._process
        drawing.kill()
        drawing.join()
        assert stored / "report.html" in report(draughtsman, stored)


def test_report_is_written_although_no_process_can_be_started(stored, unready, monkeypatch):
    def refuses(*_, **__):
        raise BlockingIOError("no more processes")

    monkeypatch.setattr("experiments.spawning.SpawnProcess._Popen", refuses)
    with Draughtsman() as draughtsman:
        assert stored / "report.html" in report(draughtsman, stored)


def test_second_process_says_why_there_is_no_report(folder, unready):
    with Draughtsman() as draughtsman, pytest.raises(NotDrawn, match="no such folder"):
        report(draughtsman, folder / "absent")


def test_second_process_has_loaded_what_a_report_needs_before_it_is_asked(stored):
    script = """
import sys
import time
from contextlib import suppress
from pathlib import Path
from experiments import meanwhile
meanwhile._load()
before = set(sys.modules)
assert len(meanwhile._answer(Path("out"), [])) > 1
print(len(set(sys.modules) - before))
"""
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, timeout=300)
    assert int(done.stdout) < 60


def test_command_with_a_second_process_prints_nothing_strange_and_leaves_no_process(tiny):
    process = started("run", tiny, "--out", "out", "--threads", "1")
    beside = set()
    while process.poll() is None:
        with suppress(psutil.NoSuchProcess):
            beside |= set(children(process.pid))
        time.sleep(0.02)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert all(line.startswith(("preparing", "compiling")) for line in err.splitlines())
    assert f"Report   {Path('out/report.html')}" in out
    assert beside or cores() == 1
    assert psutil.wait_procs(beside, timeout=20)[1] == []


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_an_interrupted_command(tiny, end):
    process = started("run", tiny, "--out", "out", "--replications", "100000", start_new_session=True)
    wait_for_shard(process)
    beside = children(process.pid)
    os.killpg(process.pid, end) if end == signal.SIGINT else process.send_signal(end)
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert psutil.wait_procs(beside, timeout=20)[1] == []
