"""The command line as its users and their scripts meet it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

import model

MANY = 5000
"""Consumers, enough for the model to share them among threads."""


def started(*arguments: str, **keywords) -> subprocess.Popen:
    """Start a command in a process of its own."""
    command = [sys.executable, "-m", "experiments", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, **pipes, **keywords)


def run(*arguments: str) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of a command in a process of its own."""
    process = started(*arguments)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def wait_for_shard(process: subprocess.Popen) -> None:
    """Wait until a process has stored its first run in the folder `out`."""
    while process.poll() is None and not list(Path("out").glob("runs/part-*.parquet")):
        time.sleep(0.05)


def test_help_answers_without_loading_anything_heavy():
    command = [sys.executable, "-X", "importtime", "-m", "experiments", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert not loaded & {"numpy", "numba", "mesa", "pydantic", "pandas", "pyarrow", "ruamel", "rich", "scipy"}
    assert "run one design point" in done.stdout


@pytest.mark.alone
def test_help_answers_within_a_third_of_a_second():
    run("--help")
    durations = []
    for _ in range(5):
        began = time.perf_counter()
        run("--help")
        durations.append(time.perf_counter() - began)
    assert min(durations) < 0.3


def test_json_is_one_object_without_nan(tiny, command):
    answer = command("run", tiny, "--out", "out", "--json", "--replications", "3")
    found = json.loads(answer.out, parse_constant=pytest.fail)
    assert answer.code == 0
    assert found.keys() == {"experiment", "hash", "out", "runs", "measures"}
    assert (found["experiment"], found["out"], found["runs"]) == ("tiny", "out", 3)
    share = found["measures"]["adopter_share"]
    assert share["low"] <= share["value"] <= share["high"]
    assert share.keys() == {"value", "low", "high", "unit", "label"}


def test_one_run_has_no_interval(tiny, command):
    found = json.loads(command("run", tiny, "--json").out)
    share = found["measures"]["adopter_share"]
    assert (share["low"], share["high"]) == (None, None)
    assert Path(found["out"]) == Path("results") / f"tiny-{found['hash'][:8]}"


def test_a_value_is_the_mean_of_the_last_twelve_months(tiny, command):
    found = json.loads(command("run", tiny, "--json", "--out", "out").out)
    results = model.simulate({"economy.sectors": "bank", "population.consumers": 60}, 1, months=14)
    column = results.measures.index("unpaid_hours_gross")
    expected = pytest.approx(results.values[-12:, column].mean(), rel=1e-12)
    assert found["measures"]["unpaid_hours_gross"]["value"] == expected


def test_a_fresh_process_and_another_number_of_threads_give_the_same_bits(tiny, command):
    crowd = ["run", tiny, "--json", "--set", f"population.consumers={MANY}", "--set", "months=2"]
    here = json.loads(command(*crowd, "--out", "one", "--threads", "1").out)
    code, out, _ = run(*crowd, "--out", "two", "--threads", "2")
    assert code == 0
    assert json.loads(out)["measures"] == here["measures"]
    shards = [next(Path(name, "series").glob("*.parquet")).read_bytes() for name in ("one", "two")]
    assert shards[0] == shards[1]


def test_a_reader_sees_labels_units_and_where_the_results_are(tiny, command):
    answer = command("run", tiny, "--out", "out", "--replications", "2")
    label = model.measures.MEASURES["adopter_share"].label
    assert label in answer.out
    assert "Results  out" in answer.out
    assert "95 % interval" in answer.out


def test_a_run_ends_with_a_report_and_pictures(tiny, command):
    answer = command("run", tiny, "--out", "out")
    assert str(Path("out/report.html")) in answer.out
    assert list(Path("out/figures").glob("*.svg"))


def test_a_run_succeeds_without_its_report(tiny, command, monkeypatch):
    def fails(*_arguments, **_keywords):
        raise FileNotFoundError("observed series")

    monkeypatch.setattr("experiments.reporting.write_report", fails)
    answer = command("run", tiny, "--out", "out")
    assert answer.code == 0
    assert "warning: no report was written (FileNotFoundError: observed series)" in answer.err


def test_a_run_that_fails_is_said_and_the_exit_code_is_one(tiny, command, monkeypatch):
    def fails(*_, **__):
        raise ZeroDivisionError("no customers")

    monkeypatch.setattr(model, "simulate", fails)
    answer = command("run", tiny, "--out", "out", "--json")
    assert answer.code == 1
    assert json.loads(answer.out)["runs"] == 0
    assert "ZeroDivisionError: no customers" in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_keeps_what_is_finished(tiny):
    process = started("run", tiny, "--out", "out", "--replications", "100000")
    wait_for_shard(process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "of 100000 runs are kept in out" in err
    assert "Traceback" not in err


def ids(table: str) -> set[str]:
    """Return the runs that a table of the folder `out` knows."""
    found = duckdb.sql(f"select distinct run_id from 'out/{table}/*.parquet'").fetchall()
    return {run_id for (run_id,) in found}


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_killed_experiment_ends_with_the_same_results(tiny, command):
    process = started("run", tiny, "--out", "out", "--replications", "12")
    wait_for_shard(process)
    process.kill()
    process.communicate(timeout=60)
    assert ids("series") == ids("runs") == ids("groups")
    assert len(ids("runs")) < 12
    finished = json.loads(command("run", tiny, "--out", "out", "--replications", "12", "--json").out)
    whole = json.loads(command("run", tiny, "--out", "whole", "--replications", "12", "--json").out)
    assert finished["measures"] == whole["measures"]


BAD = {
    "no command": ([], "usage"),
    "unknown command": (["rum"], "did you mean 'run'?"),
    "command with a typing error": (["swep"], "did you mean 'sweep'?"),
    "no experiment": (["run"], "NAME|FILE"),
    "two experiments": (["run", "banking", "banking"], "unknown argument 'banking'"),
    "unknown option": (["run", "banking", "--sed", "3"], "did you mean '--seed'?"),
    "unknown option of all commands": (["--verbose"], "unknown option '--verbose'"),
    "empty seed": (["run", "banking", "--seed", ""], "--seed is empty; expected a whole number"),
    "unknown experiment": (["run", "bankng"], "did you mean 'banking'?"),
    "no replication": (["run", "banking", "--replications", "0"], "--replications 0"),
    "negative seed": (["run", "banking", "--seed", "-1"], "--seed -1"),
    "no thread": (["run", "banking", "--threads", "0"], "--threads is not valid"),
    "half a thread": (["run", "banking", "--threads", "1.5"], "got '1.5'"),
    "no folder": (["run", "banking", "--out", ""], "--out is empty"),
    "a file as folder": (["run", "banking", "--out", "tiny.yaml"], "--out tiny.yaml is a file"),
    "below a file": (["run", "banking", "--out", "tiny.yaml/x"], "cannot be written"),
    "foreign folder": (["run", "banking", "--out", "."], "holds other files (bad.yaml, tiny.yaml)"),
    "no value": (["run", "banking", "--set", "seed"], "no `key=value`"),
    "no list": (["list"], "one of experiments, parameters, measures, tasks"),
    "unknown list": (["list", "task"], "did you mean 'tasks'?"),
    "bad file": (["validate", "bad.yaml"], "bad.yaml:1: unknown key 'monhts'"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_ends_with_one_message_and_writes_nothing(tiny, write, command, name):
    write("monhts: 3\n", "bad.yaml")
    arguments, reason = BAD[name]
    answer = command(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert reason in answer.err
    assert sorted(path.name for path in Path().iterdir()) == ["bad.yaml", "tiny.yaml"]


def test_many_problems_are_counted_and_not_all_shown(write, command):
    write("measures: [" + ", ".join(f"m{number}" for number in range(500)) + "]\n")
    answer = command("validate", "mine.yaml")
    assert answer.err.startswith("error: 500 problems\n")
    assert answer.err.endswith("… and 480 more\n")


def test_several_design_points_are_a_sweep(write, command):
    write("extends: banking\nlevers: {policy.compensation_rate: {values: [0, 0.5, 1]}}\n")
    answer = command("run", "mine.yaml")
    assert answer.code == 2
    assert "3 design points" in answer.err
    assert "sweep mine" in answer.err


def test_a_precision_target_is_a_sweep_unless_the_number_of_runs_is_given(write, command):
    write("extends: tiny.yaml\nprecision: {adopter_share: 0.01}\n")
    write("extends: banking\nmonths: 2\nparameters: {population.consumers: 50}\n", "tiny.yaml")
    assert command("run", "mine.yaml").code == 2
    assert command("run", "mine.yaml", "--replications", "1").code == 0


def test_a_lever_with_one_value_is_one_design_point(write, command):
    write("extends: banking\nmonths: 2\nlevers: {population.consumers: {values: [50]}}\nparameters: {}\n")
    assert command("run", "mine.yaml", "--out", "out").code == 0


def test_validate_says_what_a_file_holds(tiny, command):
    answer = command("validate", tiny)
    assert answer.code == 0
    assert answer.out.startswith("tiny is valid: 1 design point, 1 replication, 14 months from 1990-01")
    assert answer.out.count("\n") == 1


@pytest.mark.parametrize("what", ["experiments", "parameters", "measures", "tasks"])
def test_lists_are_arrays_of_things_with_name_label_and_unit(command, what):
    entries = json.loads(command("list", what, "--json").out, parse_constant=pytest.fail)
    assert len(entries) > 1
    assert all({"name", "label", "unit"} <= entry.keys() for entry in entries)
    lines = command("list", what).out.splitlines()
    assert len(lines) == len(entries) + 1


def test_a_parameter_is_listed_with_bounds_source_and_symbol(command):
    entries = {entry["name"]: entry for entry in json.loads(command("list", "parameters", "--json").out)}
    imitation = entries["firm.imitation"]
    assert {"kind", "default", "low", "high", "source", "symbol"} <= imitation.keys()
    assert imitation["low"] <= imitation["default"] <= imitation["high"]
    assert "tasks.transfer.online.minutes" in entries


def test_tasks_are_listed_with_their_channels(command):
    tasks = {task["name"]: task for task in json.loads(command("list", "tasks", "--json").out)}
    assert "transfer.online" in [channel["name"] for channel in tasks["transfer"]["channels"]]


def test_a_pipe_that_closes_early_is_no_error():
    with started("list", "parameters") as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_an_internal_error_is_one_line(command, monkeypatch):
    def breaks(*_):
        raise RuntimeError("something\nunforeseen")

    monkeypatch.setattr("experiments.commands.list_command", breaks)
    answer = command("list", "tasks")
    assert answer.code == 1
    assert answer.err == (
        "internal error: RuntimeError: something unforeseen (set PROSUMING_TRACEBACK=1 to see where)\n"
    )
