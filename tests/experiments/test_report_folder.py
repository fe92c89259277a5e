"""The report of a results folder says where its numbers come from; its pictures can be checked."""

import json
import re
import shutil
import struct
import zlib

import pandas as pd
import pytest

from experiments.exporting import read_export
from experiments.reporting import write_report
from tests.experiments.stored_points import store

RANGES = "uncertainties:\n  consumer.peer_effect: [0, 2]\n  firm.imitation: [0, 8]\n"
SAMPLED = RANGES + "design: {kind: latin_hypercube, points: 24}\nreplications: 2\n"
TINY = "extends: banking\nmonths: 24\nreplications: 2\nparameters: {population.consumers: 60}\n"


def outcome(point, replication) -> dict[str, float]:
    effect = point.varied.get("consumer.peer_effect", 0.0)
    return {"self_service_share": 0.2 + 0.3 * effect, "unpaid_hours_gross": 5.0 * effect + replication}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Return a folder with two real runs and their report."""
    from experiments.config import load_experiment
    from experiments.execute import run_experiment
    from experiments.reading import open_archive

    folder = tmp_path_factory.mktemp("verified")
    (folder / "tiny.yaml").write_text(TINY)
    run_experiment(load_experiment(str(folder / "tiny.yaml")), folder / "results")
    write_report(open_archive(folder / "results"))
    return folder / "results"


@pytest.fixture
def moved(results, folder):
    """Return a copy of the exported files, away from the results."""
    shutil.copytree(results / "figures", folder / "moved")
    return folder / "moved"


def test_every_picture_is_there_as_svg_png_and_csv(results) -> None:
    stems = {path.stem for path in (results / "figures").iterdir()}
    assert {"overview", "hours", "saving"} <= stems
    assert all(
        (results / "figures" / f"{stem}.{kind}").is_file() for stem in stems for kind in ("svg", "png", "csv")
    )


def test_table_of_a_picture_is_read_by_pandas_without_its_passport(results) -> None:
    table = pd.read_csv(results / "figures" / "hours.csv", comment="#")
    assert set(table["name"]) == {"gross", "felt", "net"}
    assert {"year", "value", "low", "high"} <= set(table.columns)
    assert (table["low"] <= table["high"]).all()


def test_page_shows_ledgers_runs_and_passport(results) -> None:
    page = (results / "report.html").read_text(encoding="utf-8")
    for heading in ("Who does the work, who keeps the money", "Ledger of runs", "Passport"):
        assert f"<h2>{heading}</h2>" in page
    assert "The uses add up to the saving" in page
    assert "Student&#39;s t, for shares on the logit scale" in page
    assert not re.search(r'(src|href)="(?!#)|<script|@import', page)


def test_sampled_points_are_reported_with_their_spread_and_what_moves_them(folder) -> None:
    paths, notes = write_report(store(folder, SAMPLED, outcome), formats=("csv",))
    page = paths[0].read_text(encoding="utf-8")
    assert notes == []
    assert {"spread.csv", "sensitivity.csv"} <= {path.name for path in paths}
    assert "<h2>What moves the outcomes</h2>" in page
    assert "In this order the outcome depends on consumer.peer_effect." in page
    assert "24 design points, 48 runs, seeds 1 to 2" in page


def test_design_points_are_listed_with_intervals_that_stay_shares(folder) -> None:
    keys = "levers:\n  policy.compensation_rate: {values: [0, 0.5]}\nreplications: 3\n"

    def rare(_point, replication) -> dict[str, float]:
        return {"self_service_share": 0.0001 if replication else 0.02}

    page = write_report(store(folder, keys, rare), formats=())[0][0].read_text(encoding="utf-8")
    cells = re.findall(r"0\.7 \(([^)]*) to ([^)]*)\)", page)
    assert len(cells) == 2
    assert all(not low.startswith("−") for low, _ in cells)


def test_section_that_cannot_be_made_costs_only_itself(folder, monkeypatch) -> None:
    monkeypatch.setattr("experiments.reporting.CONTRIBUTORS", ("experiments.nowhere:section",))
    paths, notes = write_report(store(folder, "", outcome), formats=())
    assert paths[0].is_file()
    assert len(notes) == 1
    assert "experiments.nowhere:section is missing" in notes[0]


@pytest.mark.parametrize("name", ["hours.csv", "hours.svg", "hours.png"])
def test_moved_file_is_verified_by_running_its_experiment_again(moved, command, name) -> None:
    answer = command("verify", str(moved / name), "--json")
    verdict = json.loads(answer.out)
    assert (answer.code, verdict["stands"], verdict["repeated"]) == (0, True, 2)
    assert "every number of the file follows from all 2 runs" in verdict["checked"]


def test_tampered_number_in_a_table_is_noticed_and_named(moved, command) -> None:
    file = moved / "hours.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("line,felt,1991,", "line,felt,1991,9"), encoding="utf-8")
    answer = command("verify", str(file))
    assert answer.code == 1
    assert "DO NOT stand" in answer.out
    assert "computed 'line,felt,1991" in answer.out


def test_tampered_number_is_noticed_although_its_digest_was_mended(moved, command) -> None:
    from experiments.exporting import csv_with
    from experiments.passport import digest_of

    file = moved / "hours.csv"
    found = read_export(file)
    data = found.data.replace("line,felt,1991,", "line,felt,1991,9")
    file.write_text(csv_with(data, {**found.passport, "data_digest": digest_of(data)}), encoding="utf-8")
    answer = command("verify", str(file))
    assert answer.code == 1
    assert "checked: the file is as it was exported" in answer.out
    assert "(all 2 runs)" in answer.out


def test_redrawn_line_in_a_picture_is_noticed(moved, command) -> None:
    file = moved / "hours.svg"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Unpaid work of customers", "Paid work of customers"), encoding="utf-8")
    answer = command("verify", str(file))
    assert answer.code == 1
    assert "its drawing is not the one that was exported" in answer.out


def test_changed_experiment_in_a_passport_is_noticed(moved, command) -> None:
    file = moved / "hours.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("population.consumers: 60", "population.consumers: 61"), encoding="utf-8")
    answer = command("verify", str(file))
    assert answer.code == 1
    assert "not the one of its hash" in answer.out


def test_runs_that_the_experiment_does_not_have_are_not_run(moved, command) -> None:
    file = moved / "hours.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"pairs":[[0,0],[0,1]]', '"pairs":[[7,0],[0,1]]'), encoding="utf-8")
    answer = command("verify", str(file))
    assert answer.code == 1
    assert "the runs in the passport are none of its experiment" in answer.out


def test_results_folder_with_its_pictures_is_verified(results, command) -> None:
    answer = command("verify", str(results))
    assert answer.code == 0
    assert "2 runs came out the same, bit for bit" in answer.out
    assert "pictures and tables follow from the stored runs" in answer.out


def test_file_of_another_version_of_the_model_is_said_to_be(moved, command) -> None:
    file = moved / "hours.csv"
    text = re.sub(r'"model_version":"[0-9a-f]+"', '"model_version":"0123456789abcdef"', file.read_text())
    file.write_text(text)
    answer = command("verify", str(file))
    assert answer.code == 0
    assert "computed by model version 0123456789abcdef, repeated by" in answer.out


def png_without_passport() -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("other.csv", b"a,b\n1,2\n", "carries no passport"),
        ("other.svg", b"<svg></svg>", "carries no passport"),
        ("other.png", png_without_passport(), "carries no passport"),
        ("other.png", b"no picture", "carries no passport"),
        ("other.txt", b"text", "no exported picture or table"),
        ("other.csv", b"# prosuming-passport: {broken\n", "is damaged"),
        ("other.csv", b"# prosuming-passport: {}\n", "none of this software's"),
        ("other.csv", b'# prosuming-passport: {"software":"prosuming","format":99}\n', "a newer version"),
        ("other.csv", b'# prosuming-passport: {"software":"prosuming","format":1}\n', "lacks experiment"),
    ],
)
def test_file_that_is_none_of_ours_is_refused(folder, command, name, content, said) -> None:
    (folder / name).write_bytes(content)
    answer = command("verify", name)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report", "nowhere"), "no such folder"),
        (("report", "empty"), "this is no results folder"),
        (("report", "failed"), "no run that went well"),
        (("verify", "nowhere.svg"), "no such file or folder"),
        (("verify", "empty"), "this is no results folder"),
        (("verify", "empty", "--runs", "some"), "--runs is not valid"),
    ],
)
def test_bad_input_is_said_once(folder, command, arguments, said) -> None:
    (folder / "empty").mkdir()
    archive = store(folder, "", outcome, name="failed")
    shutil.rmtree(archive.folder / "runs")
    answer = command(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
