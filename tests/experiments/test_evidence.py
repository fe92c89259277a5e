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


def test_another_page_is_not_written_over(folder: Path, command):
    (folder / "evidence.md").write_text("# Mine\n", encoding="utf-8")
    answer = command("evidence", "--out", ".")
    assert answer.code == 2
    assert "is another page" in answer.err
