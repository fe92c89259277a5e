"""SQL over results reads, and reads nothing else."""

import json

import pytest

from tests.experiments.stored_points import store

LEVERS = "levers:\n  policy.compensation_rate: {values: [0, 0.5]}\nreplications: 2\n"


@pytest.fixture(autouse=True)
def results(folder):
    """Store two design points with two runs each, in a folder whose name wants to be quoted."""
    (folder / "it's").mkdir()
    return store(
        folder / "it's", LEVERS, lambda point, replication: {"closed_share": point.index + replication / 8}
    )


def test_answer_is_a_table_with_names_and_aligned_numbers(command) -> None:
    answer = command("query", "it's/made-up", "select design_point, seed from runs order by all")
    assert answer.code == 0
    assert answer.out.splitlines() == [
        "design_point  seed",
        *(f"{p:>12}{s:>6}" for p in (0, 1) for s in (1, 2)),
    ]


def test_json_is_one_array_of_rows_without_nan(command) -> None:
    numbers = "'nan'::double as nothing, 1/0 as endless, null as absent, [1.5] as list"
    sql = f"select {numbers}, date '2020-01-01' as day"
    (row,) = json.loads(command("query", "it's/made-up", sql, "--json").out)
    assert row == {"nothing": None, "endless": None, "absent": None, "day": "2020-01-01", "list": [1.5]}


def test_points_and_series_join_by_run(command) -> None:
    sql = """select "policy.compensation_rate" as rate, avg(value) as closed
             from points join runs using (design_point) join series using (run_id) group by 1 order by 1"""
    sql = sql.replace('"policy.compensation_rate"', 'points."policy.compensation_rate"')
    rows = json.loads(command("query", "it's/made-up", sql, "--json").out)
    assert rows == [{"rate": 0.0, "closed": 0.0625}, {"rate": 0.5, "closed": 1.0625}]


def test_columns_of_one_name_are_told_apart(command) -> None:
    (row,) = json.loads(command("query", "it's/made-up", "select 1 as a, 2 as a", "--json").out)
    assert row == {"a": 1, "a_2": 2}


def test_large_answer_is_cut_and_says_so(command) -> None:
    answer = command("query", "it's/made-up", "select * from range(1000)")
    assert len(answer.out.splitlines()) == 51
    assert "only the first 50 rows" in answer.err
    assert (
        len(command("query", "it's/made-up", "select * from range(1000)", "--limit", "70").out.splitlines())
        == 71
    )


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select * from serie", 'Did you mean "series"'),
        ("select vlaue from series", "Candidate bindings"),
        ("selec 1", "syntax error"),
        ("", "one `select …`"),
        ("select 1; select 2", "2 statements"),
        ("drop view series", "got drop"),
        ("copy series to 'out.csv'", "got copy"),
        ("insert into runs select * from runs", "got insert"),
        ("attach 'other.db'", "got attach"),
        ("set enable_external_access = true", "got set"),
        ("select * from 'secret.csv'", "cannot be answered"),
        ("select * from read_csv('secret.csv')", "disabled by configuration"),
        ("select * from read_text('/etc/hostname')", "disabled by configuration"),
        ("select * from glob('*')", "disabled by configuration"),
    ],
)
def test_anything_but_reading_the_tables_is_refused(folder, command, sql, said) -> None:
    (folder / "secret.csv").write_text("a\n1\n")
    answer = command("query", "it's/made-up", sql)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert not (folder / "out.csv").exists()


def test_folder_without_runs_has_empty_tables(folder, command) -> None:
    import shutil

    shutil.rmtree(folder / "it's" / "made-up" / "series")
    shutil.rmtree(folder / "it's" / "made-up" / "runs")
    answer = command("query", "it's/made-up", "select count(*) as n from series", "--json")
    assert json.loads(answer.out) == [{"n": 0}]


def test_truncated_file_is_said(folder, command) -> None:
    shard = next((folder / "it's" / "made-up" / "series").glob("*.parquet"))
    shard.write_bytes(shard.read_bytes()[:-40])
    answer = command("query", "it's/made-up", "select * from series")
    assert (answer.code, answer.out) == (2, "")
    assert "damaged" in answer.err


@pytest.mark.parametrize("limit", ["0", "-1", "many", "1e3", ""])
def test_limit_that_is_no_number_is_refused(command, limit) -> None:
    answer = command("query", "it's/made-up", "select 1", f"--limit={limit}")
    assert answer.code == 2
    assert "--limit is not valid" in answer.err
