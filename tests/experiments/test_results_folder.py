"""A results folder is whole, is completed, and is never mixed up with another."""

import errno
import json
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

import model
from experiments.archive import ResultsFolder
from experiments.config import load_experiment
from experiments.errors import BadInput
from experiments.execute import run_experiment

OUT = Path("out")
THREE = ["replications=3"]


def content(folder: Path) -> list[tuple]:
    """Return everything in the series, in a fixed order."""
    rows = duckdb.sql(f"select run_id, month, measure, value from '{folder}/series/*.parquet' order by all")
    return rows.fetchall()


def failing(seed: int, simulate=model.simulate):
    """Return a model that fails for one seed."""

    def fails(parameters, seed_of_run, **keywords):
        if seed_of_run == seed:
            raise ZeroDivisionError("no customers")
        return simulate(parameters, seed_of_run, **keywords)

    return fails


def interrupted(after: int, simulate=model.simulate):
    """Return a model that is interrupted in its n-th run."""
    runs = []

    def stops(parameters, seed, **keywords):
        runs.append(seed)
        if len(runs) > after:
            raise KeyboardInterrupt
        return simulate(parameters, seed, **keywords)

    return stops


def test_the_tables_have_the_promised_columns(tiny):
    run_experiment(load_experiment(tiny), OUT)
    kinds = {"run_id": "string", "month": "int32", "measure": "string", "value": "double"}
    series, groups = (pq.read_schema(next((OUT / table).glob("*.parquet"))) for table in ("series", "groups"))
    runs = pq.read_schema(next((OUT / "runs").glob("*.parquet")))
    assert {name: str(series.field(name).type) for name in series.names} == kinds
    assert groups.names == ["run_id", "month", "measure", "dimension", "group", "value"]
    assert runs.names == ["run_id", "design_point", "replication", "seed", "status", "seconds"]


def test_results_come_back_as_the_model_returned_them(tiny):
    outcome = run_experiment(load_experiment(tiny), OUT)
    direct = model.simulate(load_experiment(tiny).parameters, 1, start="1990-01", months=14)
    stored = outcome.results[0]
    assert set(stored.measures) == set(direct.measures)
    order = [direct.measures.index(name) for name in stored.measures]
    assert stored.values.tobytes() == direct.values[:, order].tobytes()


def test_the_complete_experiment_of_a_folder_completes_that_folder(tiny):
    run_experiment(load_experiment(tiny, THREE), OUT)
    before = content(OUT)
    outcome = run_experiment(load_experiment("out/experiment.yaml"), OUT)
    assert len(outcome.results) == 3
    assert content(OUT) == before


def test_driver_files_travel_with_the_results(folder):
    run_experiment(load_experiment("banking-austria", ["months=13", "population.consumers=50"]), OUT)
    again = load_experiment("out/experiment.yaml")
    assert again.named_files().keys() == {"access", "wage"}
    assert all(path.is_relative_to(folder / "out" / "inputs") for path in again.named_files().values())
    assert again.hash == load_experiment("banking-austria", ["months=13", "population.consumers=50"]).hash


def test_an_interrupted_experiment_keeps_what_is_finished_and_ends_with_the_same_results(tiny, monkeypatch):
    run_experiment(load_experiment(tiny, THREE), Path("whole"))
    with monkeypatch.context() as patched:
        patched.setattr(model, "simulate", interrupted(after=2))
        with pytest.raises(KeyboardInterrupt, match="2 of 3 runs are kept in out"):
            run_experiment(load_experiment(tiny, THREE), OUT)
    run_experiment(load_experiment(tiny, THREE), OUT)
    assert content(OUT) == content(Path("whole"))


def test_a_shard_of_an_interrupted_write_is_removed(tiny):
    run_experiment(load_experiment(tiny), OUT)
    before = content(OUT)
    shard = next((OUT / "series").glob("*.parquet"))
    shard.with_name("part-00007.parquet").write_bytes(shard.read_bytes())
    shard.with_name(".tmp-9-part-00008.parquet").write_bytes(b"half")
    run_experiment(load_experiment(tiny), OUT)
    assert content(OUT) == before
    assert len(list((OUT / "series").iterdir())) == 1


def test_one_failed_run_costs_one_run_and_can_be_repeated(tiny, monkeypatch):
    monkeypatch.setattr(model, "simulate", failing(seed=2))
    outcome = run_experiment(load_experiment(tiny, THREE), OUT)
    (line,) = (OUT / "failures.jsonl").read_text().splitlines()
    failure = json.loads(line)
    assert len(outcome.results) == 2
    assert (failure["seed"], failure["error"]) == (2, "ZeroDivisionError: no customers")
    assert "Traceback" in failure["traceback"]
    assert failure["command"].endswith(f"/out {failure['run_id']}")


def test_a_failed_run_is_tried_again(tiny, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(model, "simulate", failing(seed=2))
        run_experiment(load_experiment(tiny, THREE), OUT)
    run_experiment(load_experiment(tiny, THREE), Path("whole"))
    assert len(run_experiment(load_experiment(tiny, THREE), OUT).results) == 3
    assert not (OUT / "failures.jsonl").exists()
    assert content(OUT) == content(Path("whole"))


def test_another_experiment_does_not_enter_the_folder(tiny):
    run_experiment(load_experiment(tiny), OUT)
    before = {path: path.stat().st_mtime_ns for path in OUT.rglob("*")}
    with pytest.raises(BadInput, match="results of another experiment"):
        run_experiment(load_experiment(tiny, ["seed=9"]), OUT)
    assert {path: path.stat().st_mtime_ns for path in OUT.rglob("*")} == before


def test_another_version_of_the_model_does_not_enter_the_folder(tiny, monkeypatch):
    run_experiment(load_experiment(tiny), OUT)
    monkeypatch.setattr("model.version.model_version", lambda: "feedfeedfeedfeed")
    with pytest.raises(BadInput, match="another version of the model; expected feedfeedfeedfeed"):
        run_experiment(load_experiment(tiny), OUT)


def test_a_folder_from_a_newer_version_is_refused(tiny):
    run_experiment(load_experiment(tiny), OUT)
    card = OUT / "provenance.json"
    card.write_text(json.dumps({**json.loads(card.read_text()), "format": 99}))
    with pytest.raises(BadInput, match="newer version"):
        run_experiment(load_experiment(tiny), OUT)


@pytest.mark.parametrize(
    "name", ["mine/thesis.docx", "mine/series/part-00000.parquet", "mine/provenance.json"]
)
def test_a_folder_with_foreign_files_is_left_alone(tiny, write, name):
    write("{}", name)
    with pytest.raises(BadInput):
        run_experiment(load_experiment(tiny), Path("mine"))
    assert [path.name for path in Path("mine").rglob("*") if path.is_file()] == [Path(name).name]


def test_an_empty_folder_may_be_used(tiny):
    OUT.mkdir()
    assert len(run_experiment(load_experiment(tiny), OUT).results) == 1


def test_a_second_writer_is_refused(tiny):
    experiment = load_experiment(tiny)
    first, second = (ResultsFolder(OUT, experiment, "1" * 16) for _ in range(2))
    with first, pytest.raises(BadInput, match="being written by another run"), second:
        pass


def test_a_folder_that_cannot_be_written_is_refused_and_nothing_is_left(tiny, monkeypatch):
    def denied(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("experiments.archive.write_whole", denied)
    with pytest.raises(BadInput, match=r"cannot be written \(Permission denied\)"):
        run_experiment(load_experiment(tiny), OUT)
    assert not OUT.exists()


def test_a_full_disk_is_said_and_leaves_nothing_half_written(tiny, command, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("experiments.archive.write_shard", full)
        answer = command("run", tiny, "--out", "out")
    assert answer.code == 1
    assert "the disk is full" in answer.err
    assert not list(OUT.rglob("*.parquet"))
    assert command("run", tiny, "--out", "out").code == 0


def test_provenance_says_where_results_come_from(tiny):
    run_experiment(load_experiment(tiny, THREE), OUT)
    card = json.loads((OUT / "provenance.json").read_text())
    assert card["seeds"] == [1, 2, 3]
    assert card["hash"] == load_experiment(tiny, THREE).hash
    assert {"version", "git", "python", "dependencies", "machine", "seconds", "model_version"} <= card.keys()
