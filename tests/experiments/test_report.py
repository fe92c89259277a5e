"""The report is one page that holds everything, says what was compared, and opens offline."""

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from experiments.config import load_experiment
from experiments.report import result_lines, seeds_text, shown_estimate, write_report
from experiments.summary import Estimate
from tests.experiments.made_up_runs import constant_run, made_up_run

AUSTRIA = load_experiment("banking-austria")
NOTES = [
    "access: 2023-2025 extrapolated by damped logistic growth towards 98 %",
    "a <b>bold</b> & strange note",
]


class Outline(HTMLParser):
    """The elements of a page, and the text in its table cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.cells: list[str] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open = tag in {"td", "th"}
        self.cells += [""] * self._open

    def handle_data(self, data):
        if self._open:
            self.cells[-1] += data

    def handle_endtag(self, tag):
        self._open = False


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return the paths of a report on two runs."""
    folder = tmp_path_factory.mktemp("results")
    return write_report(folder, AUSTRIA, [made_up_run(1), made_up_run(2, shift=0.01)], NOTES)


@pytest.fixture(scope="module")
def page(written):
    """Return the page of a report on two runs."""
    return written[0].read_text(encoding="utf-8")


def test_page_and_pictures_are_written_where_the_results_are(written):
    assert [path.name for path in written[:3]] == ["report.html", "overview.svg", "adoption.svg"]
    assert {path.parent.name for path in written[1:]} == {"figures"}
    assert all(path.stat().st_size > 1000 for path in written)
    assert not list(written[0].parent.rglob(".tmp-*"))


def test_the_page_opens_without_a_network(page):
    references = [
        value
        for _, attrs in Outline(page).tags
        for name, value in attrs.items()
        if name in {"src", "href", "srcset"}
    ]
    assert references == []
    assert "<script" not in page
    assert not re.search(r"@import|url\((?!#)", page)


def test_the_page_holds_every_picture_under_its_own_names(page):
    names = [attrs["id"] for _, attrs in Outline(page).tags if "id" in attrs]
    assert {"adoption", "premises", "modes", "tasks", "hours", "saving"} <= set(names)
    assert len(names) == len(set(names))
    used = set(re.findall(r"url\(#([^)]+)\)", page))
    assert used <= set(names)


def test_the_page_sets_simulated_beside_observed_by_year(page):
    cells = Outline(page).cells
    row = cells[cells.index("2019") :]
    assert row[1] == "62.8"
    assert row[2] == f"{100 * (0.6 * (348 + 2.5) / 359 + 0.005):.1f}"
    assert row[3].startswith("−")


def test_the_page_says_which_years_may_be_used_for_what(page):
    assert "to 2015" in page
    assert "(7 years, may be used for calibration)" in page
    assert "(4 years, kept for validation: not fitted, but seen while the model was built)" in page
    assert "mean of January to June" in page
    assert page.count('<tr class="validates">') == 4


def test_the_page_names_the_published_sources(page):
    assert "Eurostat isoc_ci_ac_i / isoc_bde15cbc (I_IUBK), CC BY 4.0" in page
    assert "World Bank WDI FB.CBK.BRCH.P5 (IMF FAS), CC BY 4.0" in page


def test_notes_are_shown_as_text(page):
    assert "extrapolated by damped logistic growth" in page
    assert "a &lt;b&gt;bold&lt;/b&gt; &amp; strange note" in page


def test_the_page_carries_its_passport(page):
    assert AUSTRIA.hash in page
    assert re.search(r"model version [0-9a-f]{16} · 2 runs, seeds 1 to 2", page)


def test_the_configuration_names_files_but_no_machine(page):
    assert "internet_use.csv" in page
    assert str(Path(AUSTRIA.drivers.access.file).parent) not in page
    assert str(Path.home()) not in page


def test_key_figures_come_with_intervals(page):
    cells = Outline(page).cells
    row = cells[cells.index("Consumers who used internet banking in the last 3 months") :]
    end = 100 * (0.6 * (348 + 359) / 2 / 359 + 0.005)
    logit = np.log(end / (100 - end)) + np.array([-1, 1]) * 12.7062 * 0.005 / (end / 100 * (1 - end / 100))
    low, high = 100 / (1 + np.exp(-logit))
    assert row[1:4] == [f"{end:.1f}", f"{low:.1f} to {high:.1f}", "%"]


def test_the_same_runs_give_the_same_page(written, page, tmp_path):
    again = write_report(tmp_path, AUSTRIA, [made_up_run(1), made_up_run(2, shift=0.01)], NOTES)
    assert again[0].read_text(encoding="utf-8") == page


def test_an_experiment_without_a_country_has_no_comparison(tmp_path):
    experiment = load_experiment("banking")
    paths = write_report(tmp_path, experiment, [made_up_run()], [])
    page = paths[0].read_text(encoding="utf-8")
    assert "Simulated beside observed" not in page
    assert "figures/premises.svg" not in {f"figures/{path.name}" for path in paths}
    assert "premises" in page[page.index("Left out") :]
    assert result_lines(experiment, [made_up_run()]) == []


def test_a_single_measure_makes_a_report(tmp_path):
    paths = write_report(tmp_path, AUSTRIA, [constant_run({"hhi": 0.2})], [])
    page = paths[0].read_text(encoding="utf-8")
    assert [path.name for path in paths] == ["report.html"]
    assert "Concentration of customers" in page


def test_a_measure_that_is_never_defined_is_a_dash_and_not_nan(tmp_path):
    runs = [constant_run({"hhi": float("nan"), "closed_share": 0.1})]
    page = write_report(tmp_path, AUSTRIA, runs, [])[0].read_text(encoding="utf-8")
    assert not re.search(r"\b(nan|NaN|None|inf)\b", page)
    assert "–" in page


def test_a_title_cannot_break_the_page(tmp_path):
    overrides = AUSTRIA.model_copy(update={"title": '</title><script>alert("x")</script>'})
    page = write_report(tmp_path, overrides, [made_up_run(months=24)], [])[0].read_text(encoding="utf-8")
    assert "<script" not in page
    overview = (tmp_path / "figures" / "overview.svg").read_text(encoding="utf-8")
    assert "<script" not in overview


def test_the_terminal_gets_the_last_common_year_and_the_errors():
    lines = result_lines(AUSTRIA, [constant_run({"internet_banking_share": 0.61})])
    assert lines[0] == "Internet banking 2019: simulated 61 %, observed 63 %"
    assert len(lines) == 3


def test_a_second_report_replaces_the_first(tmp_path):
    write_report(tmp_path, AUSTRIA, [constant_run({"closed_share": 0.1})], ["an old note"])
    paths = write_report(tmp_path, AUSTRIA, [constant_run({"closed_share": 0.1})], ["a new note"])
    page = paths[0].read_text(encoding="utf-8")
    assert "a new note" in page
    assert "an old note" not in page


@pytest.mark.parametrize(
    ("estimate", "value", "interval", "unit"),
    [
        (Estimate("forced_share", 0.1234, None, None, "1", ""), "12.3", "", "%"),
        (Estimate("unpaid_hours_net", -2.0, -3.0, -1.0, "h/yr", ""), "−2.00", "−3.00 to −1.00", "h/yr"),
        (Estimate("hours_gini", 0.5, None, None, "1", ""), "0.500", "", ""),
        (Estimate("hhi", None, None, None, "1", ""), "–", "", ""),
    ],
)
def test_a_figure_is_shown_in_its_unit(estimate, value, interval, unit):
    shown = shown_estimate(estimate)
    assert (shown["value"], shown["interval"], shown["unit"]) == (value, interval, unit)


def test_many_seeds_are_listed_briefly():
    assert seeds_text(range(7, 107)) == "seeds 7 to 106"
