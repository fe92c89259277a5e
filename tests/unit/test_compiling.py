"""Is the model compiled once, by two processes, whatever becomes of one of them?"""

import subprocess
import sys
import threading
import time

import pytest

from model import compiling
from model.compiling import compile_model, one_at_a_time


@pytest.fixture
def cold(monkeypatch, tmp_path):
    """Return the command of the other process; nothing counts as compiled, and nothing is compiled here."""
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(compiling, "folder_of_compiled_code", lambda: tmp_path)
    monkeypatch.setattr(compiling, "is_compiled", lambda: False)
    monkeypatch.setattr(compiling, "_compile_all_else", lambda: None)
    started = []

    def start(_):
        started.append(subprocess.Popen(command))
        return started[0]

    monkeypatch.setattr(compiling, "_start", start)
    return command, started


def test_what_is_compiled_is_not_compiled_again(monkeypatch, cold):
    monkeypatch.setattr(compiling, "is_compiled", lambda: True)
    compile_model()
    assert cold[1] == []


def test_nothing_is_compiled_ahead_where_it_could_not_be_kept(monkeypatch, cold):
    monkeypatch.setattr(compiling, "folder_of_compiled_code", lambda: None)
    compile_model()
    assert cold[1] == []


def test_a_second_process_that_fails_stops_nobody(cold):
    command, started = cold
    command[2] = "raise SystemExit(3)"
    compile_model()
    assert started[0].returncode == 3


def test_no_second_process_can_be_started(monkeypatch, cold):
    monkeypatch.setattr(compiling, "_start", lambda _: None)
    compile_model()


def test_a_program_that_is_not_there_is_no_process():
    assert compiling._start(["/nowhere/at/all"]) is None


def test_an_interruption_ends_the_second_process(monkeypatch, cold):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(compiling, "_compile_all_else", interrupted)
    with pytest.raises(KeyboardInterrupt):
        compile_model()
    assert cold[1][0].returncode not in (None, 0)


def test_one_worker_compiles_at_a_time(tmp_path):
    order = []

    def compile_as(name):
        with one_at_a_time(tmp_path):
            order.append(name)
            time.sleep(0.1)
            order.append(name)

    both = [threading.Thread(target=compile_as, args=(name,)) for name in ("first", "second")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert order in (["first"] * 2 + ["second"] * 2, ["second"] * 2 + ["first"] * 2)
