"""Cards of all tabs: drawn from numbers, with a unit and a table, in both languages."""

import json

import numpy as np
import pytest

from viz import export
from viz.panels import compare, firms, inside, overview, private_life
from viz.visit import COLUMN

TABS = [overview.cards, firms.cards, private_life.cards]


@pytest.mark.parametrize("cards", TABS, ids=["overview", "firms", "private"])
def test_every_chart_has_a_title_a_unit_and_a_table(scene, cards):
    for card in cards(scene):
        assert card.title
        assert card.unit or "sankey" in card.option or card.option["xAxis"]["name"]
        assert all(len(row) == len(card.columns) for row in card.rows)


@pytest.mark.parametrize("cards", TABS, ids=["overview", "firms", "private"])
def test_no_chart_carries_what_json_does_not_know(scene, cards):
    written = [json.dumps(card.plain(), allow_nan=False) for card in cards(scene)]
    assert len(written) == 6


def test_the_headline_names_the_hours_of_the_last_year(scene, arms):
    hours = arms[1].measure("unpaid_hours_gross")[:, -12:].mean()
    assert scene.words.number(hours, 1) in overview.headline(scene)


def test_nothing_of_the_saving_is_lost_in_the_picture(scene):
    drawn = sum(row[2] for row in overview.money_flow(scene).rows)
    assert drawn == pytest.approx(scene.now("saving_total"), abs=0.01)


def test_a_day_has_24_hours(scene):
    assert [round(sum(row[1:]), 2) for row in private_life.day(scene).rows] == [24.0] * 5


def test_the_table_behind_a_line_holds_its_means(scene, arms):
    card = overview.hours(scene)
    first_year = arms[1].measure("unpaid_hours_gross")[:, :12].mean()
    assert card.rows[0][:2] == [1990, pytest.approx(first_year, abs=1e-5)]


def test_differences_are_taken_run_by_run(scene, arms):
    apart = compare.paired(arms[1], arms[0], "self_service_share")
    same_luck = arms[1].runs[1].values - arms[0].runs[1].values
    assert np.array_equal(apart[1], same_luck[: apart.shape[1], COLUMN["self_service_share"]])


def test_who_flipped_is_counted_by_group():
    habits = {
        "first": np.array([0b11, 0b1, 0b0], np.uint32), "second": np.array([0b1, 0b1, 0b1], np.uint32),
        "age": np.array([0, 0, 1]),
    }  # fmt: skip
    assert compare.flipped(habits, "age", 2) == ((0.5, 0.0), (0.0, 1.0))


@pytest.mark.parametrize(
    "where", ["transfer.online", "cash", "bank.branch", "retail.till", "somewhere.else", "something"]
)
def test_every_move_of_a_firm_has_a_place_in_words(scene, where):
    move = {"month": 3, "what": "close", "where": where, "worth": -0.2, "pressure": 0.5}
    card = inside.reviews(scene, {"diary": [move]})
    assert card["lines"][0]["text"]


def test_the_months_are_handed_out_as_a_long_table(scene, arms):
    lines = export.months_as_csv(scene).splitlines()
    value = float(arms[1].runs[0].values[0, 0])
    assert lines[:2] == ["seed,month,measure,value,unit", f"1,0,adopter_share,{value!r},1"]
