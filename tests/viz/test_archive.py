"""Saved results: what a sweep has written can be opened, and what is no results folder is said to be none."""

import pytest

from viz.panels import archive
from viz.words import Words


@pytest.fixture
def root(saved, monkeypatch):
    monkeypatch.setenv(archive.FOLDER, str(saved))
    return saved


def test_a_saved_sweep_is_listed_and_drawn_by_design_point(root):
    listed, chart, ends, _ = archive.cards(Words("en"), "imitation", "unpaid_hours_gross")
    assert [row[0] for row in listed["rows"]] == ["imitation"]
    assert [one["name"] for one in chart["option"]["series"] if "endLabel" in one] == [
        "imitation = 0", "imitation = 8",
    ]  # fmt: skip
    assert [row[:2] for row in ends["rows"]] == [["imitation = 0", "2"], ["imitation = 8", "2"]]


def test_an_end_is_the_mean_of_the_last_year(root):
    _, chart, ends, _ = archive.cards(Words("de"), "imitation", "adopter_share")
    last_year = chart["rows"][-1][1:]
    assert [row[2] for row in ends["rows"]] == pytest.approx(last_year, abs=1e-4)


def test_a_measure_that_was_not_stored_gives_way_to_one_that_was(root):
    _, chart, _, _ = archive.cards(Words("en"), "imitation", "hhi")
    assert chart["title"] == "Consumers who serve themselves in some task"


def test_a_broken_folder_is_said_to_be_unreadable(root):
    broken = root / "broken"
    broken.mkdir(exist_ok=True)
    (broken / "provenance.json").write_text("{")
    cards = archive.cards(Words("en"), "broken", "adopter_share")
    assert "broken cannot be read" in [card["title"] for card in cards]


def test_patterns_are_told_in_both_languages(root):
    english, german = (archive.scorecard(Words(language))["rows"] for language in ("en", "de"))
    assert [row[0] for row in english] == [row[0] for row in german]
    assert not {row[1] for row in english} & {row[1] for row in german}
