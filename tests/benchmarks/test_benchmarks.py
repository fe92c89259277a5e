"""What the benchmarks say can be relied on: C computes the same month, pages and files keep their shape."""

import json

import numpy as np
import pytest

from benchmarks import c_code, c_month, grown, page
from benchmarks.figures import Figure, ratios_first, write_json
from model import Economy

KEPT = Figure("sweep: workers' time in the model", 0.99, "share", 0.95, at_least=True)
MISSED = Figure("a million consumers", 150.0, "s", 60.0)


@pytest.mark.slow
@pytest.mark.skipif(c_month.compiler() is None, reason="no gcc on this machine")
def test_c_lives_the_same_month_as_the_compiled_pass():
    economy = Economy(consumers=5_000, months=480, start="2018-01", rng=1, threads=2)
    turns = c_code.InTurn(economy.consumers, repeats=1)
    grown.live(economy, 2)
    assert [(one.states, one.sums < c_code.SMALL) for one in turns.comparisons] == [(0, True), (0, True)]


@pytest.mark.slow
def test_a_grown_economy_is_as_the_small_one_was():
    small = Economy(consumers=400, months=480, start="2018-01", economy__sectors="bank", rng=1)
    large = grown.Newborn(consumers=1_200, months=480, start="2018-01", economy__sectors="bank", rng=1)
    grown.grow(large, grown.moment_of(small))
    for economy in (small, large):
        economy.live_a_month()
    baseline = [economy.ledger.pairs[:, 0].sum() for economy in (small, large)]
    assert baseline[1] == pytest.approx(3.0 * baseline[0])
    np.testing.assert_allclose(large.firm_columns.load, small.firm_columns.load, rtol=0.1)


def test_a_missed_limit_says_by_how_much():
    assert (KEPT.verdict, MISSED.verdict) == ("≥ 0.95, kept", "≤ 60, missed by 2.5 ×")


def test_ratios_come_first():
    assert ratios_first([MISSED, KEPT]) == [KEPT, MISSED]


def test_the_file_names_machine_and_figures(tmp_path):
    write_json(tmp_path / "figures.json", [KEPT, MISSED], {"processors": 2})
    found = json.loads((tmp_path / "figures.json").read_text())
    assert found["machine"] == {"processors": 2}
    assert [row["missed_by"] for row in found["figures"]] == [None, 2.5]


def test_a_page_keeps_what_stands_around_the_table(tmp_path):
    file = tmp_path / "PERFORMANCE.md"
    file.write_text(f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n")
    page.write(file, [MISSED], {"processors": 2})
    text = file.read_text()
    table = page.section([MISSED], {"processors": 2})
    assert text.splitlines() == ["before", page.BEGIN, *table, page.END, "after"]
    assert "| a million consumers | 150 | s | **≤ 60, missed by 2.5 ×** |" in table


def test_a_page_without_marks_is_refused(tmp_path):
    file = tmp_path / "page.md"
    file.write_text("nothing\n")
    with pytest.raises(SystemExit, match="benchmarks: begin"):
        page.check(file)
