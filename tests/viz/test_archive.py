"""Saved results: what a sweep has written can be opened, and what is no results folder is said to be none."""

import shutil
import threading

import pytest

from viz import shelf
from viz.panels import archive
from viz.words import Words


@pytest.fixture
def root(saved, tmp_path, monkeypatch):
    """Return a copy of the saved results, which a test may spoil."""
    place = tmp_path / "results"
    shutil.copytree(saved, place)
    monkeypatch.setenv(shelf.FOLDER, str(place))
    return place


def spoiled(root):
    """Add a folder whose provenance cannot be read; it is the latest one."""
    broken = root / "broken"
    broken.mkdir()
    (broken / "provenance.json").write_text("{")


def cards(language, folder, measure):
    """Return the cards of a folder that has been read."""
    return archive.cards(Words(language), shelf.folders(), shelf.read(folder, measure))


def test_a_saved_sweep_is_listed_and_drawn_by_design_point(root):
    listed, chart, ends, _ = cards("en", "imitation", "unpaid_hours_gross")
    assert [row[0] for row in listed["rows"]] == ["imitation"]
    assert [one["name"] for one in chart["option"]["series"] if "endLabel" in one] == [
        "imitation = 0", "imitation = 8",
    ]  # fmt: skip
    assert [row[:2] for row in ends["rows"]] == [["imitation = 0", "2"], ["imitation = 8", "2"]]


def test_an_end_is_the_mean_of_the_last_year(root):
    _, chart, ends, _ = cards("de", "imitation", "adopter_share")
    last_year = chart["rows"][-1][1:]
    assert [row[2] for row in ends["rows"]] == pytest.approx(last_year, abs=1e-4)


def test_a_measure_that_was_not_stored_gives_way_to_one_that_was(root):
    _, chart, _, _ = cards("en", "imitation", "hhi")
    assert chart["title"] == "Consumers who serve themselves in some task"


def test_a_broken_folder_is_said_to_be_unreadable(root):
    spoiled(root)
    assert "broken cannot be read" in [card["title"] for card in cards("en", "broken", "adopter_share")]


def test_a_folder_that_can_be_read_is_opened_before_one_that_cannot(root):
    spoiled(root)
    assert shelf.folders() == ["imitation", "broken"]
    assert shelf.chosen("") == "imitation"


def test_a_folder_is_read_beside_the_page_and_both_visitors_are_told(root):
    made, told = shelf.Shelf(), [threading.Event(), threading.Event()]
    assert [made.find("imitation", "adopter_share", one.set) for one in told] == [None, None]
    assert all(one.wait(60) for one in told)
    assert made.find("imitation", "adopter_share", told[0].set).measure == "adopter_share"


def test_patterns_are_told_in_both_languages(root):
    english, german = (archive.scorecard(Words(language))["rows"] for language in ("en", "de"))
    assert [row[0] for row in english] == [row[0] for row in german]
    assert not {row[1] for row in english} & {row[1] for row in german}
