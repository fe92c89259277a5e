"""Pictures show what the runs hold, name it, and leave out what was not stored."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from experiments.charts import Frame, Line, heights, span, stacked_bars
from experiments.config import load_experiment
from experiments.panels import MOST_LINES, adoption, hours, modes, premises, saving, tasks
from experiments.pictures import PANELS, draw_all, overview, pictures_of
from experiments.report import sheet_of
from experiments.theme import BLUE, INKS, LINES, spread_labels, with_own_names
from experiments.yearly import Yearly
from tests.experiments.made_up_runs import constant_run, made_up_run

AUSTRIA = load_experiment("banking-austria")


def sheet(*runs):
    return sheet_of(AUSTRIA, runs or (made_up_run(),))


@pytest.fixture(scope="module")
def drawn():
    """Return all pictures of two runs."""
    return draw_all(sheet(made_up_run(1), made_up_run(2, shift=0.02)))


def words(svg: str) -> str:
    """Return every word of a picture."""
    root = ElementTree.fromstring(svg)
    return "\n".join(text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text"))


def values_of(panel) -> list[dict]:
    """Return all rows that a panel draws."""
    return [row for layer in panel.layers for row in layer.data.to_dict()["values"]]


def test_a_full_run_gets_every_picture(drawn):
    svgs, left_out = drawn
    assert list(svgs) == ["overview", *PANELS]
    assert left_out == []


@pytest.mark.parametrize("name", ["overview", *PANELS])
def test_every_picture_is_a_drawing_that_describes_itself(drawn, name):
    root = ElementTree.fromstring(drawn[0][name])
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["role"] == "img"
    assert len(root.attrib["aria-label"]) > 20
    assert root.find("{http://www.w3.org/2000/svg}title").text == root.attrib["aria-label"]


@pytest.mark.parametrize("name", ["overview", *PANELS])
def test_every_picture_carries_its_passport_and_its_basis(drawn, name):
    text = words(drawn[0][name])
    assert f"banking-austria {AUSTRIA.hash[:8]}" in text
    assert re.search(r"model version [0-9a-f]{16} · 2 runs, seeds 1 to 2", text)
    assert "mean of 2 runs" in text


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("adoption", "Share of adults"),
        ("premises", "Index, 2004 = 100"),
        ("modes", "Share of firms' tasks"),
        ("hours", "Hours per adult and year"),
        ("saving", "EUR per customer and year"),
        ("tasks", "Share of occasions"),
    ],
)
def test_every_axis_has_a_unit(drawn, name, unit):
    assert unit in words(drawn[0][name])
    assert unit in words(drawn[0]["overview"])
    assert "Year" in words(drawn[0][name])


def test_the_overview_does_without_willingness_when_there_is_enough_to_show(drawn):
    assert "Share of self-served occasions" in words(drawn[0]["willingness"])
    assert "willingly" not in words(drawn[0]["overview"])
    svgs, _ = draw_all(sheet_of(load_experiment("banking"), [made_up_run()]))
    assert "How willingly customers serve themselves" in words(svgs["overview"])


BASELINE = load_experiment("baseline")
NAMED = {task.name: task for task in BASELINE.catalogue().tasks}
MANY = {
    **{("self_service_share", "task", name): 0.5 for name, task in NAMED.items() if task.kind == "service"},
    **{("self_service_share", "sector", sector.name): 0.4 for sector in BASELINE.catalogue().sectors},
    **{("user_share", "task", name): 0.03 for name in NAMED},
    "internet_banking_share": 0.4,
    "online_purchase_share": 0.5,
    "e_government_share": 0.6,
}


@pytest.fixture(scope="module")
def everything():
    """Return all pictures of a run of all sectors."""
    return draw_all(sheet_of(BASELINE, [constant_run(MANY)]))[0]


def test_a_large_catalogue_is_shown_by_sector_on_the_overview(everything):
    text = words(everything["overview"])
    assert "Self-service by sector" in text
    assert all(sector.label in text for sector in BASELINE.catalogue().sectors)


def test_a_large_catalogue_gets_a_panel_per_task_with_its_label_and_sector(everything):
    text = words(everything["tasks"])
    assert all(task.label.partition(" (")[0] in text for task in NAMED.values())
    assert "Contributions: share of adults who make one in a month" in text
    assert "Public offices" in text
    assert "checkout_small" not in text


def test_panels_stand_in_the_order_of_the_catalogue(everything):
    text = words(everything["tasks"])
    labels = [task.label.partition(" (")[0] for task in NAMED.values() if task.kind == "service"]
    places = [text.index(label) for label in labels]
    assert places == sorted(places)


def test_what_people_do_online_has_a_line_for_each_use(everything):
    assert {"banking", "buying", "public offices"} <= set(words(everything["adoption"]).splitlines())


def test_every_specification_keeps_to_the_schema_of_vega_lite():
    pictures, _ = pictures_of(sheet())
    assert all("$schema" in picture.chart.to_dict(validate=True) for picture in pictures)


def test_a_panel_that_has_joined_an_overview_is_drawn_alone_as_before():
    panel = hours(sheet(), 330, 150)
    alone = panel.chart().to_dict()
    overview(sheet(), [panel, panel]).to_dict()
    assert panel.chart().to_dict() == alone


def test_published_figures_name_their_publishers(drawn):
    assert "observed: Eurostat, World Bank, CC BY 4.0" in words(drawn[0]["adoption"])
    assert "World Bank" not in words(drawn[0]["hours"])


def test_pictures_fetch_nothing(drawn):
    for svg in drawn[0].values():
        assert not re.search(r"(href|src)=\"(https?:)?//|@import|<script", svg)


def test_the_same_runs_give_the_same_pictures(drawn):
    again, _ = draw_all(sheet(made_up_run(1), made_up_run(2, shift=0.02)))
    assert again == drawn[0]


def test_a_run_with_one_measure_gets_its_picture_alone():
    svgs, left_out = draw_all(sheet(made_up_run(only={"unpaid_hours_net"})))
    assert list(svgs) == ["overview", "hours"]
    assert left_out == [name for name in PANELS if name != "hours"]


def test_a_run_without_any_of_the_measures_gets_no_picture():
    svgs, left_out = draw_all(sheet(constant_run({"hhi": 0.2})))
    assert svgs == {}
    assert left_out == list(PANELS)


def test_three_of_four_modes_are_not_stacked_as_if_they_were_all():
    stored = {"mode_staffed_share", "mode_optional_share", "mode_forced_share"}
    assert modes(sheet(made_up_run(only=stored)), 300, 200) is None


def test_observed_use_is_drawn_in_the_years_that_were_run():
    panel = adoption(sheet(made_up_run(months=264)), 300, 200)
    assert max(row["year"] for row in values_of(panel)) == 2011
    observed = {"name": "Internet banking, observed", "year": 2011, "value": 0.44}
    assert observed in values_of(panel)


def test_a_year_of_internet_banking_is_drawn_as_the_mean_of_its_spring():
    panel = adoption(sheet(made_up_run(months=12, start="2010-01")), 300, 200)
    simulated = [row for row in values_of(panel) if row.get("colour") == BLUE and "low" in row]
    assert [row["value"] for row in simulated] == pytest.approx(
        [0.6 * np.mean(np.linspace(0, 1, 12)[:6])], rel=1e-5
    )


def test_points_that_may_only_validate_are_open():
    panel = adoption(sheet(), 300, 200)
    points = [layer for layer in panel.layers if layer.mark.type == "point"]
    years = [[row["year"] for row in layer.data.to_dict()["values"]] for layer in points]
    assert [layer.mark.fill == "white" for layer in points] == [False, True]
    assert (max(years[0]), min(years[1])) == (2015, 2016)


def test_one_run_has_no_band_and_several_have_one():
    alone, several = (
        hours(sheet(), 300, 200),
        hours(sheet(made_up_run(1), made_up_run(2, shift=1.0)), 300, 200),
    )
    assert [layer.mark.type for layer in alone.layers] == ["rule", "line", "text"]
    assert [layer.mark.type for layer in several.layers] == ["rule", "area", "line", "text"]


def test_an_experiment_without_a_country_shows_no_observed_points():
    panel = adoption(sheet_of(load_experiment("banking"), [made_up_run()]), 300, 200)
    assert [layer.mark.type for layer in panel.layers] == ["line", "text"]


def test_premises_are_left_out_without_a_country():
    assert premises(sheet_of(load_experiment("banking"), [made_up_run()]), 300, 200) is None


def test_what_firms_lose_is_drawn_below_zero_and_not_clipped():
    panel = saving(sheet(), 300, 200)
    profit = [row["value"] for row in values_of(panel) if row.get("name") == "profit" and "order" in row]
    assert min(profit) < -4.0
    assert panel.frame.domain[0] < min(profit)


def test_the_word_of_a_negative_amount_stands_below_zero():
    def ends(value):
        return Yearly(np.array([2000, 2001]), np.array([[value, value]]))

    lines = [Line("prices", ends(6.0), BLUE), Line("profit", ends(-4.0), LINES[1])]
    layers = stacked_bars(lines, Frame(400, 300, (2000, 2001), "EUR", None, (-5.0, 7.0)))
    labels = {row["name"]: row["value"] for row in layers[-1].data.to_dict()["values"]}
    assert labels == {"prices": 3.0, "profit": -2.0}


def test_more_tasks_than_a_reader_can_follow_get_a_panel_each():
    groups = {("self_service_share", "task", f"task{n}"): 0.1 for n in range(MOST_LINES + 1)}
    svgs, left_out = draw_all(sheet(constant_run(groups)))
    assert "tasks" in svgs
    assert left_out == [name for name in PANELS if name != "tasks"]
    assert all(f"task{n}" in words(svgs["tasks"]) for n in range(MOST_LINES + 1))


def test_as_many_tasks_as_colours_share_one_panel():
    groups = {("self_service_share", "task", f"task{n}"): 0.1 for n in range(MOST_LINES)}
    panel = tasks(sheet(constant_run(groups)), 300, 200)
    assert len({row["colour"] for row in values_of(panel) if "low" in row}) == MOST_LINES


def test_a_run_of_two_months_is_drawn_as_points():
    svgs, _ = draw_all(sheet(made_up_run(months=2)))
    assert "2 runs" not in words(svgs["hours"])
    assert "1 run" in words(svgs["hours"])
    assert span(np.array([1990])) == (1989.0, 1991.0)


def test_labels_never_overlap_and_keep_their_order():
    placed = spread_labels([0.5, 0.5, 0.52, 0.1], distance=0.05)
    ordered = sorted(placed)
    assert np.diff(ordered).min() >= 0.05 - 1e-9
    assert placed[3] == pytest.approx(0.1)


def test_an_axis_always_holds_zero():
    assert heights([np.array([3.0, 5.0])])[0] == 0.0
    assert heights([np.array([-3.0, -1.0])])[1] > 0.0 - 1e-12
    assert heights([np.array([np.nan])]) == (0.0, 1.06)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.1)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


@pytest.mark.parametrize("colour", LINES)
def test_every_word_can_be_read_on_white(colour):
    assert 1.05 / (luminance(INKS.get(colour, colour)) + 0.05) >= 4.5


def test_two_pictures_on_one_page_do_not_share_names():
    svg = '<clipPath id="clip0"/><g clip-path="url(#clip0)"/>'
    assert with_own_names(svg, "a") != with_own_names(svg, "b")
    assert with_own_names(svg, "a").count("a-clip0") == 2
