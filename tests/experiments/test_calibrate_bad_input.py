"""What `calibrate` says about tables that cannot be used as they are, and where it goes on nevertheless."""

import json

import pytest

from tests.experiments import calibration_worlds
from tests.experiments.calibration_worlds import HEADER, access_rows, given, quick_lives, target_rows
from tests.experiments.quick_model import InProcess


@pytest.fixture(autouse=True)
def quick_economy(monkeypatch):
    monkeypatch.setattr("experiments.country_runs._lived_through", quick_lives)
    monkeypatch.setattr("experiments.pool.LocalPool", InProcess)
    monkeypatch.setattr("experiments.storing.os.fsync", lambda _: None)
    monkeypatch.setattr("experiments.identifiability.POINTS", 3)
    monkeypatch.setattr("experiments.calibrating.LOOKS", 4)


def write_tables(folder, rows=None, access=None):
    """Write tables; nothing shared is fitted, so that a calibration takes no time."""
    return *calibration_worlds.write_tables(folder, rows, access), *given(folder)


def changed(geo, change):
    """Return the rows with one country's changed."""
    return [change(row) if f",{geo}," in row else row for row in target_rows()]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--indicator", "internet_bankin"), "did you mean 'internet_banking'?"),
        (("--until", "soon"), "--until is not valid"),
        (("--countries", ","), "--countries is empty"),
        (("--countries", "QQ"), "no row of internet_banking up to 2015 for country 'QQ'"),
        (("--workers", "0"), "--workers is not valid"),
        (("--workers", "1", "--scheduler", "tcp://x:1"), "contradict"),
        (("--shared", "nowhere.json"), "--shared cannot be read"),
        (("--observed", "nowhere.csv"), "cannot be read"),
    ],
)
def test_a_bad_call_is_refused_and_writes_nothing(command, folder, arguments, said):
    tables = write_tables(folder)
    answer = command("calibrate", *tables, *arguments, "--out", "found")
    assert answer.code == 2
    assert said in answer.err
    assert not (folder / "found").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "1: missing columns"),
        (HEADER, "no indicator"),
        (HEADER.replace(",", ";") + target_rows()[0].replace(",", ";"), "fields are separated by commas"),
        (HEADER + "internet_bankng,AA,2010,5,%,x\n", "did you mean 'internet_banking'?"),
    ],
)
def test_a_table_without_anything_usable_is_refused(command, folder, content, said):
    tables = write_tables(folder)
    (folder / "observed.csv").write_text(content)
    answer = command("calibrate", *tables, "--out", "found")
    assert answer.code == 2
    assert said in answer.err
    assert not (folder / "found").exists()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (changed("BB", lambda row: row.replace(",2010,", ",2009,")), "appears twice, first in line"),
        (changed("BB", lambda row: row.replace("% ind", "share of ind")), "names no"),
        (changed("BB", lambda row: ",".join([*row.split(",")[:3], "0.4,%,x"])), "expected per cent"),
        (changed("BB", lambda row: ",".join([*row.split(",")[:3], "140,%,x"])), "expected 0 to 100"),
        (changed("BB", lambda row: ",".join([*row.split(",")[:3], "many,%,x"])), "expected a finite number"),
        (
            [
                row
                for row in target_rows()
                if ",BB," not in row or row.split(",")[2] in ("2008", "2012", "2013")
            ],
            "expected at least 4 years",
        ),
    ],
    ids=["repeated", "percent as share", "share as percent", "too much", "not numbers", "too few"],
)
def test_what_cannot_be_used_is_named_with_its_line_and_the_rest_goes_on(command, folder, rows, said):
    answer = command("calibrate", *write_tables(folder, rows), "--out", "found", "--json")
    assert answer.code == 0, answer.err
    assert said in answer.err or said == "names no"
    assert "observed.csv:" in answer.err
    told = json.loads(answer.out)
    assert {"AA", "CC", "DD"} <= set(told["countries"])
    assert said == "appears twice, first in line" or "BB" in told["skipped"]


@pytest.mark.parametrize(
    ("access", "said"),
    [
        (access_rows(("AA", "CC", "DD")), "the driver is missing"),
        (
            [row for row in access_rows() if ",BB," not in row or int(row.split(",")[2]) > 2019],
            "at least 4 years",
        ),
        (
            [row for row in access_rows() if ",BB," not in row or not 2003 < int(row.split(",")[2]) < 2019],
            "at most",
        ),
    ],
    ids=["absent", "too short", "a long gap"],
)
def test_a_country_without_a_usable_driver_is_skipped(command, folder, access, said):
    answer = command("calibrate", *write_tables(folder, None, access), "--out", "found", "--json")
    assert answer.code == 0, answer.err
    assert said in json.loads(answer.out)["skipped"]["BB"]


def test_marks_of_spreadsheets_and_offices_do_no_harm(command, folder):
    plain = command("calibrate", *write_tables(folder), "--out", "plain", "--json")
    tables = write_tables(folder, [*target_rows(), "internet_banking,AA,2007,:,%,x"])
    text = (folder / "observed.csv").read_text().replace("\n", "\r\n")
    (folder / "observed.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    marked = command("calibrate", *tables, "--out", "marked", "--json")
    assert json.loads(marked.out) == json.loads(plain.out)


def test_a_marked_break_is_said(command, folder):
    rows = [row.replace(",% ", " b,% ") if ",AA,2012," in row else row for row in target_rows()]
    answer = command("calibrate", *write_tables(folder, rows), "--out", "found", "--json")
    assert "internet_banking of AA: the survey changed in 2012" in answer.err
    assert "AA" in json.loads(answer.out)["countries"]


def test_a_folder_of_something_else_is_not_touched(command, folder):
    (folder / "found").mkdir()
    (folder / "found" / "mine.txt").write_text("mine")
    answer = command("calibrate", *write_tables(folder), "--out", "found")
    assert answer.code == 2
    assert [path.name for path in (folder / "found").iterdir()] == ["mine.txt"]


def test_another_calibration_is_not_mixed_in(command, folder):
    tables = write_tables(folder)
    assert command("calibrate", *tables, "--out", "found").code == 0
    answer = command("calibrate", *tables, "--until", "2014", "--out", "found")
    assert answer.code == 2
    assert "holds another calibration" in answer.err
