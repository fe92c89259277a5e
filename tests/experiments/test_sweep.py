"""A whole sweep by the command line: what it stores, says, refuses and survives."""

import json
from pathlib import Path

import numpy as np
import pytest

from experiments import open_archive, sweep
from experiments.config import load_experiment
from experiments.execute import run_experiment
from tests.experiments.quick_model import quick_simulate

OUT = Path("out")
ALL = "select run_id, month, measure, value from series order by all"


def failing(*seeds):
    """Return a quick model that fails for some seeds."""

    def fails(parameters, seed, **keywords):
        if seed in seeds:
            raise ZeroDivisionError("no customers")
        return quick_simulate(parameters, seed, **keywords)

    return fails


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Return the archive of a sweep on two worker processes, made once."""
    from tests.experiments.conftest import SWEEP

    folder = tmp_path_factory.mktemp("sweep")
    (folder / "four.yaml").write_text(SWEEP)
    return sweep(folder / "four.yaml", out=folder / "out", workers=2, quiet=True)


def test_every_design_point_is_run_with_every_seed(swept):
    runs = swept.runs
    assert list(zip(runs["design_point"], runs["replication"], runs["seed"], strict=True)) == [
        (point, replication, 1 + replication) for point in range(4) for replication in range(3)
    ]
    assert set(runs["status"]) == {"ok"}
    assert list(runs.columns[6:]) == ["firm.pass_through", "policy.compensation_rate"]
    assert len(swept.series()) == 12 * 14 * 2


def test_workers_and_this_process_compute_the_same_bits(swept):
    run = swept.runs.iloc[7]
    varied = ("firm.pass_through", "policy.compensation_rate")
    chosen = [f"{name}={float(run[name])!r}" for name in varied] + ["seed=2", "replications=1"]
    single = run_experiment(load_experiment(swept.folder.parent / "four.yaml", chosen), OUT, threads=2)
    sql = f"select value from series where run_id = '{run['run_id']}' order by measure, month"
    (here,) = single.results
    alone = np.concatenate([here[name] for name in sorted(here.measures)])
    assert swept.query(sql)["value"].to_numpy().tobytes() == alone.tobytes()


def test_a_replay_is_identical_and_says_so(swept, command):
    run_id = swept.runs["run_id"][4]
    answer = command("replay", str(swept.folder), run_id[:9], "--json")
    found = json.loads(answer.out)
    assert answer.code == 0
    assert (found["run_id"], found["identical"], found["difference"]) == (run_id, True, None)
    assert found["values"] == len(swept.series()) / 12 + len(swept.groups()) / 12


def test_json_is_the_promised_object(four_points, command, quick):
    answer = command("sweep", four_points, "--out", "out", "--json")
    found = json.loads(answer.out, parse_constant=pytest.fail)
    assert answer.code == 0
    assert list(found) == ["experiment", "hash", "out", "design_points", "runs", "failed", "seconds"]
    assert (found["design_points"], found["runs"], found["failed"]) == (4, 12, 0)


def test_runs_come_replication_by_replication(four_points, quick, monkeypatch):
    seeds = []
    spying = lambda *a, **k: seeds.append(a[1]) or quick_simulate(*a, **k)  # noqa: E731
    monkeypatch.setattr("model.simulate", spying)
    sweep(four_points, out="out", quiet=True)
    assert seeds == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]


def test_the_same_command_completes_a_sweep_and_repeats_nothing(four_points, command, quick, monkeypatch):
    sweep(four_points, out="whole", quiet=True)
    monkeypatch.setattr("model.simulate", _interrupted(after=5))
    stopped = command("sweep", four_points, "--out", "out", "--json")
    assert json.loads(stopped.out)["runs"] == 5
    assert (stopped.code, "5 finished runs are kept" in stopped.err) == (130, True)
    monkeypatch.setattr("model.simulate", _interrupted(after=7))
    assert command("sweep", four_points, "--out", "out", "--resume").code == 0
    assert open_archive("out").query(ALL).equals(open_archive("whole").query(ALL))


def _interrupted(after):
    calls = []

    def stops(*arguments, **keywords):
        calls.append(1)
        if len(calls) > after:
            raise KeyboardInterrupt
        return quick_simulate(*arguments, **keywords)

    return stops


def test_one_failing_seed_costs_its_runs_alone(four_points, command, quick, monkeypatch):
    monkeypatch.setattr("model.simulate", failing(2))
    answer = command("sweep", four_points, "--out", "out", "--json")
    found, archive = json.loads(answer.out), open_archive("out")
    assert (answer.code, found["runs"], found["failed"]) == (1, 8, 4)
    assert {failure["error"] for failure in archive.failures} == {"ZeroDivisionError: no customers"}
    assert {failure["seed"] for failure in archive.failures} == {2}
    assert archive.failures[0]["command"].endswith(f"/out {archive.failures[0]['run_id']}")
    assert "Traceback" in archive.failures[0]["traceback"]


def test_failed_runs_stay_failed_until_they_are_to_be_retried(four_points, command, quick, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("model.simulate", failing(2))
        command("sweep", four_points, "--out", "out")
    assert command("sweep", four_points, "--out", "out").code == 1
    assert len(open_archive("out").failures) == 4
    assert command("sweep", four_points, "--out", "out", "--retry-failed").code == 0
    assert open_archive("out").failures == []
    assert set(open_archive("out").runs["status"]) == {"ok"}


@pytest.mark.parametrize(
    ("options", "ended"),
    [(("--fail-fast",), 5), (("--max-failures", "1"), 6), (("--max-failures", "20%"), 7)],
)
def test_too_many_failures_stop_a_sweep_in_good_order(
    four_points, command, quick, monkeypatch, options, ended
):
    monkeypatch.setattr("model.simulate", failing(2))
    answer = command("sweep", four_points, "--out", "out", "--json", *options)
    found = json.loads(answer.out)
    assert (answer.code, found["runs"], found["failed"]) == (1, 4, ended - 4)
    assert found["stopped"].startswith("stopped: ")
    assert "4 finished runs are kept in out, " in answer.err
    assert len(open_archive("out").runs) == ended


def test_a_dry_run_forecasts_and_writes_nothing(four_points, command, folder):
    answer = command("sweep", four_points, "--dry-run", "--json")
    found = json.loads(answer.out)
    assert (answer.code, found["runs"], found["design_points"]) == (0, 12, 4)
    assert found["minutes"] > 0.0
    assert found["megabytes"] > 0.0
    assert [path.name for path in folder.iterdir()] == ["four.yaml"]


def test_a_dry_run_of_millions_makes_no_points(write, command, monkeypatch, quick):
    write(
        "extends: banking\nmonths: 14\nuncertainties: [firm.pass_through, firm.imitation]\n"
        "design: {kind: sobol, points: 8388608}\n"
    )
    monkeypatch.setattr("experiments.design.unit_sample", lambda *_: pytest.fail("a sample was drawn"))
    answer = command("sweep", "mine.yaml", "--dry-run", "--json")
    assert answer.err == ""
    assert json.loads(answer.out)["runs"] == 8_388_608


REFUSED = {
    "nothing to resume": (("--resume",), "there is nothing to resume in out"),
    "no number of workers": (("--workers", "many"), "--workers is not valid; expected a whole number"),
    "no seconds": (("--timeout", "-1"), "--timeout is not valid; expected a positive number of seconds"),
    "no share": (("--max-failures", "5 %%"), "--max-failures is not valid; expected a whole number such as"),
    "two rules": (("--fail-fast", "--max-failures", "3"), "contradict each other"),
    "two places": (("--workers", "2", "--scheduler", "tcp://h:1"), "contradict each other"),
    "no address": (("--scheduler", "here"), "--scheduler is not valid; expected an address such as tcp://"),
    "nobody there": (("--scheduler", "tcp://127.0.0.1:1"), "--scheduler tcp://127.0.0.1:1; expected a Dask"),
    "unknown option": (("--worker", "2"), "did you mean '--workers'?"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_options_are_refused_and_nothing_is_written(four_points, command, folder, name, monkeypatch):
    monkeypatch.setattr("experiments.cluster.SECONDS_TO_ANSWER", 0.5)
    options, reason = REFUSED[name]
    answer = command("sweep", four_points, "--out", "out", *options)
    assert answer.code == 2
    assert reason in answer.err
    assert answer.err.count("error:") == 1
    assert [path.name for path in folder.iterdir()] == ["four.yaml"]


def test_run_completes_a_sweep_of_one_point_and_the_other_way_round(tiny, command, quick):
    assert command("sweep", tiny, "--out", "a", "--replications", "3").code == 0
    ran = command("run", tiny, "--out", "b", "--replications", "3", "--json")
    assert json.loads(ran.out)["runs"] == 3
    one, other = open_archive("a"), open_archive("b")
    assert one.query(ALL).equals(other.query(ALL))
    assert json.loads(command("sweep", tiny, "--out", "b", "--replications", "3", "--json").out)["runs"] == 3


def test_equal_points_are_runs_of_their_own(write, quick):
    write("extends: banking\nmonths: 14\nlevers: {c: {choices: {a: {}, b: {}, c: {}}}}\n")
    runs = sweep("mine.yaml", out="out", quiet=True).runs
    assert list(runs["c"]) == ["a", "b", "c"]
    assert runs["run_id"].is_unique


@pytest.mark.slow
def test_a_script_without_a_main_guard_may_sweep(four_points, folder, write):
    import subprocess
    import sys

    script = write(
        f"from experiments import sweep\nprint(len(sweep('{four_points}', out='out').runs))\n", "s.py"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=300, check=False)
    assert (done.stdout, done.returncode) == ("12\n", 0), done.stderr
