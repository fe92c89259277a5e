"""The archive under strain: full disks, damaged files, many shards; and what readers get."""

import json
import resource
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from experiments import archive, merging, open_archive, sweep
from experiments.errors import BadInput
from tests.experiments.quick_model import quick_simulate

SERIES = "select run_id, month, measure, value from series order by all"
GROUPS = 'select run_id, month, measure, dimension, "group", value from groups order by all'
MANY = """
extends: banking
months: 24
replications: 10
levers: {firm.pass_through: {values: [0, 0.25, 0.5, 0.75, 1]}}
"""


@pytest.fixture
def many(write, quick):
    """Return the name of a file with 50 runs of a quick model."""
    write(MANY, "many.yaml")
    return "many.yaml"


@contextmanager
def files_of_at_most(limit: int):
    """Let no file grow beyond some bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_said_in_our_words_and_nothing_stored_is_lost(many, command, monkeypatch):
    monkeypatch.setattr(archive, "SECONDS_BETWEEN_SHARDS", 0.0)
    monkeypatch.setattr("model.simulate", growing(after=5))
    with files_of_at_most(60_000):
        answer = command("sweep", many, "--out", "out")
    assert answer.code == 1
    assert (
        "error: results cannot be stored in out (a file may not become so large); 5 finished runs are kept"
        in answer.err
    )
    assert len(open_archive("out").runs) == 5
    monkeypatch.setattr("model.simulate", quick_simulate)
    assert command("sweep", many, "--out", "out").code == 0
    assert sweep(many, out="whole", quiet=True).query(SERIES).equals(open_archive("out").query(SERIES))


def growing(after: int):
    """Return a model whose results do not fit on the disk after some runs."""
    import numpy as np

    calls = []

    def simulate(*arguments, **keywords):
        calls.append(1)
        results = quick_simulate(*arguments, **keywords)
        if len(calls) <= after:
            return results
        keys = tuple((f"m{k}", "task", "cash") for k in range(400))
        noise = np.sin(np.arange(24 * 400.0) * 1e3).reshape(24, 400)
        return type(results)(results.measures, results.values, keys, noise, results.start, results.seed)

    return simulate


def test_many_shards_are_merged_without_a_change_of_any_value(many, monkeypatch):
    whole = sweep(many, out="whole", quiet=True)
    monkeypatch.setattr(archive, "SECONDS_BETWEEN_SHARDS", 0.0)
    monkeypatch.setattr(merging, "TOGETHER", 4)
    merged = sweep(many, out="out", quiet=True)
    assert [path.name for path in Path("out/series").iterdir()] == ["part-00066.parquet"]
    assert merged.query(SERIES).equals(whole.query(SERIES))
    assert merged.query(GROUPS).equals(whole.query(GROUPS))


def test_a_large_shard_is_merged_no_more(many, monkeypatch):
    monkeypatch.setattr(archive, "SECONDS_BETWEEN_SHARDS", 0.0)
    monkeypatch.setattr(merging, "ROWS_OF_A_LARGE_SHARD", 24 * 6 * 12)
    found = sweep(many, out="out", quiet=True)
    rows = [pq.read_metadata(path).num_rows for path in Path("out/runs").iterdir()]
    assert sum(rows) == len(found.runs) == 50
    assert max(rows) <= 2 * 12


def test_a_row_group_holds_whole_measures_in_order(many, monkeypatch):
    monkeypatch.setattr("experiments.shards.SMALLEST_ROW_GROUP", 500)
    monkeypatch.setattr("experiments.merging.SMALLEST_ROW_GROUP", 500)
    monkeypatch.setattr(archive, "SECONDS_BETWEEN_SHARDS", 0.0)
    sweep(many, out="out", quiet=True)
    (file,) = Path("out/series").iterdir()
    metadata = pq.read_metadata(file)
    ranges = [metadata.row_group(g).column(2).statistics for g in range(metadata.num_row_groups)]
    assert [(s.min, s.max) for s in ranges] == [
        (name, name) for name in ("adopter_share", "forced_share", "unpaid_hours_gross")
    ]


def damage_end(path: Path) -> None:
    """Cut the last bytes off a file."""
    path.write_bytes(path.read_bytes()[:-7])


def turn_a_bit(path: Path, place: float = 0.5) -> None:
    """Turn one bit of a file, in the middle or elsewhere."""
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("harm", [damage_end, turn_a_bit, Path.unlink])
@pytest.mark.parametrize("table", ["series", "groups"])
def test_a_damaged_shard_is_said_and_its_runs_run_again(many, command, harm, table):
    before = sweep(many, out="out", quiet=True).query(SERIES)
    harm(next(Path("out", table).iterdir()))
    answer = command("sweep", many, "--out", "out")
    assert answer.code == 0
    assert f"held a damaged file ({table}/part-0000" in answer.err
    assert "runs run again" in answer.err
    assert open_archive("out").query(SERIES).equals(before)


@pytest.mark.parametrize("place", [0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.999])
def test_a_damaged_table_of_runs_costs_its_runs_alone(many, command, place):
    before = sweep(many, out="out", quiet=True).query(SERIES)
    turn_a_bit(next(Path("out/runs").iterdir()), place)
    answer = command("sweep", many, "--out", "out")
    assert (answer.code, "damaged file (runs/part-0000" in answer.err) == (0, True)
    assert open_archive("out").query(SERIES).equals(before)


def test_a_reader_of_a_damaged_folder_is_told_which_file_and_what_helps(many):
    sweep(many, out="out", quiet=True)
    damage_end(next(Path("out/series").iterdir()))
    with pytest.raises(
        BadInput, match=r"out holds a damaged file: series/part-.* expected the same `run` or"
    ):
        open_archive("out").series("adopter_share")


def test_shards_left_by_a_killed_merge_count_once(many, monkeypatch):
    monkeypatch.setattr(archive, "SECONDS_BETWEEN_SHARDS", 0.0)
    monkeypatch.setattr(merging, "remove", lambda *_: None)  # killed before the merged shards were removed
    found = sweep(many, out="out", quiet=True)
    assert len(list(Path("out/runs").iterdir())) > 50
    assert len(found.runs) == found.runs["run_id"].nunique() == 50
    monkeypatch.undo()


def test_a_folder_whose_design_was_drawn_otherwise_is_refused(four_points, quick, monkeypatch):
    sweep(four_points, out="out", quiet=True)
    monkeypatch.setattr("experiments.design.unit_sample", lambda *_: __import__("numpy").full((2, 1), 0.5))
    with pytest.raises(BadInput, match="which this design does not have; expected the versions of SciPy"):
        sweep(four_points, out="out", quiet=True)


def test_readers_get_what_was_asked_for(four_points, quick):
    found = sweep(four_points, out="out", quiet=True)
    months = found.series("adopter_share", from_month=2, to_month=5)["month"]
    assert (months.min(), months.max(), len(months)) == (2, 5, 12 * 4)
    assert list(found.points.columns) == ["design_point", "firm.pass_through", "policy.compensation_rate"]
    final = found.final(["adopter_share"], months=3)
    assert list(final.columns) == ["run_id", "design_point", "replication", "measure", "value"]
    assert found.query("select count(*) as n from runs")["n"][0] == 12


def test_undefined_values_come_back_as_such(four_points, quick):
    first = sweep(four_points, out="out", quiet=True).series("adopter_share", to_month=0)
    assert len(first) == 12
    assert first["value"].isna().all()


def test_a_typing_error_in_a_measure_is_no_empty_answer(four_points, quick):
    found = sweep(four_points, out="out", quiet=True)
    with pytest.raises(BadInput, match="did you mean 'adopter_share'"):
        found.series("adopter_shar")


WRONG = {
    "dimension": (lambda found: found.groups(dimension="agee"), "did you mean 'age'"),
    "no months": (lambda found: found.final(months=0), "months is not valid; expected at least 1"),
    "months back": (lambda found: found.series(from_month=9, to_month=5), "months are not valid"),
    "two questions": (lambda found: found.query("select 1; select 2"), "one `select …`"),
    "a copy": (lambda found: found.query("copy (select 1) to 'x.csv'"), "one `select …`"),
    "another file": (lambda found: found.query("select * from read_text('/etc/hostname')"), "disabled"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_question_that_makes_no_sense_is_no_empty_answer(four_points, quick, name):
    question, reason = WRONG[name]
    found = sweep(four_points, out="out", quiet=True)
    with pytest.raises(BadInput, match=reason):
        question(found)


def test_an_experiment_that_was_edited_afterwards_is_not_taken_for_the_one_that_was_run(four_points, quick):
    found = sweep(four_points, out="out", quiet=True)
    file = found.folder / "experiment.yaml"
    file.write_text(file.read_text().replace("months: 14", "months: 15"))
    with pytest.raises(BadInput, match="not the experiment that was run"):
        _ = open_archive("out").experiment


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "no such folder"),
        ({}, "this is no results folder of this software"),
        (
            {"software": "prosuming", "format": 99, "version": "9.9"},
            r"a newer version \(9\.9\); expected format",
        ),
        ({"software": "prosuming", "format": "x"}, "without a format; expected a number; got 'x'"),
    ],
)
def test_what_is_no_results_folder_is_not_opened(write, content, reason):
    if content is not None:
        write(json.dumps(content), "out/provenance.json")
    with pytest.raises(BadInput, match=reason):
        open_archive("out")


def test_a_replay_shows_the_first_difference(many, command, monkeypatch):
    sweep(many, out="out", quiet=True)
    run_id = open_archive("out").runs["run_id"][0]
    other = lambda parameters, seed, **k: quick_simulate(parameters, seed + 1, **k)  # noqa: E731
    monkeypatch.setattr("model.simulate", other)
    answer = command("replay", "out", run_id, "--json")
    found = json.loads(answer.out)
    assert (answer.code, found["identical"]) == (1, False)
    assert "69 of 72 values, first at month 1, measure adopter_share" in found["difference"]


def test_a_replay_of_results_of_another_version_is_refused(many, command, monkeypatch):
    sweep(many, out="out", quiet=True)
    monkeypatch.setattr("model.version.model_version", lambda: "feedfeedfeedfeed")
    answer = command("replay", "out", "a")
    assert answer.code == 2
    assert "computed by another version of the model" in answer.err
