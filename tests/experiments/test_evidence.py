"""The command `evidence`: what it writes, what it reuses, what it refuses."""

import json
from pathlib import Path

import pytest

from experiments.evidence_page import as_csv, as_html, as_markdown
from experiments.evidence_parts import Gathered
from experiments.evidence_report import report_of
from experiments.findings_evidence import MEASURES
from experiments.patterns import STORED, stored
from experiments.report_sections import Table
from tests.experiments.made_up_runs import constant_run

SMALL = ("--only", "nulls", "--replications", "2", "--set", "months=24")


def simulated(parameters, seed, *, start="1990-01", months, measures=None, **_):
    """Return a run at once: a level that knows pressure, seed and nothing else."""
    level = 0.2 + 0.1 * parameters.get("firm.pressure_scale", 1.0) + 0.001 * seed
    kept = dict.fromkeys(MEASURES, level)
    return constant_run({**kept, ("closed_share", "sector", "bank"): level}, seed, start=start, months=months)


@pytest.fixture
def card_alone() -> Gathered:
    return Gathered("0", ("patterns",), card=stored(STORED))


def test_the_scorecard_stands_with_its_roles(card_alone: Gathered):
    page = as_markdown(report_of(card_alone))
    assert page.startswith("# Against the record\n")
    assert "fitted" in page
    assert "| P13 |" in page


def test_a_scorecard_of_another_version_is_told(card_alone: Gathered):
    assert "The scorecard was taken with model version" in " ".join(
        as_markdown(report_of(card_alone)).split()
    )


def test_the_html_page_needs_nothing_from_outside(card_alone: Gathered):
    page = as_html(report_of(card_alone), {})
    assert page.count("<html") == 1
    assert "http" not in page.replace("http://www.w3.org", "").split("<main>")[0]


def test_a_table_as_csv_keeps_its_units():
    assert as_csv(Table(("a", "b"), [("x", "1,5")], "", ("", "EUR"))) == 'a,b (EUR)\nx,"1,5"\n'


def test_pages_and_json_are_written_and_runs_are_reused(folder: Path, command, quick, monkeypatch):
    monkeypatch.setattr("model.simulate", simulated)
    given = ["evidence", "--out", "pages", "--results", "runs", *SMALL, "--json"]
    answer = command(*given)
    nulls = json.loads(answer.out)["nulls"]
    assert answer.code == 0
    assert nulls["no-pressure"]["none"]["forced_share"]["value"] == pytest.approx(-0.1)
    before = sorted(folder.rglob("runs/**/*.parquet"))
    monkeypatch.setattr("model.simulate", None)
    assert command(*given).code == 0
    assert sorted(folder.rglob("runs/**/*.parquet")) == before
    assert (folder / "pages" / "tables" / "null-models.csv").is_file()


def test_a_dry_run_forecasts_and_writes_no_page(folder: Path, command, quick, monkeypatch):
    monkeypatch.setattr("model.simulate", simulated)
    told = json.loads(command("evidence", "--dry-run", "--json", *SMALL).out)
    assert [one["runs"] for one in told["experiments"]] == [6, 6, 6]
    assert list(folder.rglob("*.md")) == []


BAD = {
    "a part that does not exist": (["--only", "pattern"], "did you mean 'patterns'?"),
    "a country without branches": (["--countries", "SE"], "--countries is not valid"),
    "a calibration that is not there": (["--calibration", "none.json"], "no such file"),
    "no number": (["--points", "many"], "--points is not valid"),
    "a value out of bounds": (["--only", "nulls", "--set", "firm.imitation=99"], "firm.imitation"),
}


@pytest.mark.parametrize(("options", "said"), BAD.values(), ids=BAD)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(folder: Path, command, options, said):
    answer = command("evidence", *options)
    assert answer.code == 2
    assert said in answer.err
    assert list(folder.rglob("*.md")) == []


EVERY = ("nulls", "sensitivity", "branches")
OTHERS = {
    "other points": (["--points", "3", "--moves", "1"], ["all-together"]),
    "other moves": (["--points", "2", "--moves", "2"], ["one-at-a-time"]),
    "another size": (
        ["--points", "2", "--moves", "1", "--set", "population.consumers=70"],
        ["no-pressure", "all-together", "branches-AT"],
    ),
}


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the options of a report whose folders hold what an earlier session has run."""
    from experiments.archive import ResultsFolder
    from experiments.cli import parser
    from experiments.evidence import order_of
    from experiments.evidence_parts import folder_of, plans
    from model.version import model_version

    results = str(tmp_path_factory.mktemp("swept"))
    given = ["evidence", "--only", *EVERY, "--countries", "AT", "--results", results]
    order = order_of(parser().parse_args([*given, "--points", "2", "--moves", "1"]))
    for experiment in plans(order):
        with ResultsFolder(folder_of(order, experiment), experiment, model_version()):
            pass
    return given


def _files(folder: Path) -> dict[Path, tuple[int, bytes]]:
    return {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize(("options", "named"), OTHERS.values(), ids=OTHERS)
def test_results_of_other_settings_are_refused_before_anything_is_run(
    command, monkeypatch, swept, options, named
):
    monkeypatch.setattr("experiments.sweeping.sweep", None)
    results = Path(swept[-1])
    before = _files(results)
    answer = command(*swept, *options)
    assert answer.code == 2
    assert all(
        f"--results {results}: {results}/runs/{name} holds the results of" in answer.err for name in named
    )
    assert "; expected " in answer.err
    assert "; got " in answer.err
    assert _files(results) == before


def test_synthetic_worlds_of_another_size_are_refused_before_anything_is_run(folder: Path, command):
    refuse = ("evidence", "--only", "recovery", "--results", "runs", "--set", "population.consumers=70")
    world = folder / "runs" / "recovery" / "as-assumed"
    world.mkdir(parents=True)
    (world / "asked.json").write_text('{"hash": "0123456789", "model_version": "abc"}')
    answer = command(*refuse)
    assert answer.code == 2
    assert "--results runs: runs/recovery/as-assumed holds a world of other settings" in answer.err
    assert "got 01234567, model version abc" in answer.err
    assert [path.name for path in folder.rglob("*.*")] == ["asked.json"]


def test_another_page_is_not_written_over(folder: Path, command):
    (folder / "evidence.md").write_text("# Mine\n", encoding="utf-8")
    answer = command("evidence", "--out", ".")
    assert answer.code == 2
    assert "is another page" in answer.err
