"""English and German: nothing is missing, everything that is asked for exists."""

import re
import string

import pytest

from experiments.inheritance import catalogue_names
from model.measures import MEASURES
from model.parameters import declarations
from viz.words import Words, language_of, texts

GERMAN_ONLY = ("parameter.", "column.", "measure.", "measure_unit.", "pattern.", "preset.", "units.")


def said(language):
    """Return the texts of the page itself, without the names of what the model declares."""
    return {key: text for key, text in texts(language).items() if not key.startswith(GERMAN_ONLY)}


def gaps(text):
    """Return the names of the values that a text takes."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_things():
    assert said("en").keys() == said("de").keys()


def test_both_languages_take_the_same_values():
    english, german = said("en"), said("de")
    assert {key for key in english if gaps(english[key]) != gaps(german[key])} == set()


def test_no_text_is_empty():
    assert [
        key for language in ("en", "de") for key, text in texts(language).items() if not text.strip()
    ] == []


def test_every_text_that_the_page_asks_for_exists(root):
    pattern = re.compile(r'words\(\s*"([a-z_.0-9]+)"')
    asked = {key for file in (root / "viz").rglob("*.py") for key in pattern.findall(file.read_text("utf-8"))}
    assert asked - texts("en").keys() == set()


def test_every_declared_parameter_has_a_german_name():
    names = {f"parameter.{item.name}" for item in declarations() if item.group not in ("tasks", "sectors")}
    assert names - texts("de").keys() == set()


def test_every_column_of_the_catalogue_has_a_german_name():
    names = {f"column.{item.name.rpartition('.')[2]}" for item in declarations() if item.group == "tasks"}
    assert names - texts("de").keys() == set()


def test_every_measure_has_a_german_name():
    assert {f"measure.{name}" for name in MEASURES} - texts("de").keys() == set()


def test_every_published_experiment_has_a_german_title():
    assert {f"preset.{name}" for name in catalogue_names()} - texts("de").keys() == set()


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("de-AT,de;q=0.9", "de"), ("en;q=0.2,de;q=0.9", "de"), ("ja", "en"), (";;q=x", "en")],
)
def test_the_browser_names_the_language(accepted, language):
    assert language_of(accepted) == language


def test_numbers_and_dates_are_written_as_people_write_them():
    english, german = Words("en"), Words("de")
    assert (english.number(1234.5, 1), german.number(1234.5, 1)) == ("1,234.5", "1.234,5")
    assert (english.month(1990.0), german.month(1990.0)) == ("January 1990", "Januar 1990")
    assert (english.number(float("nan")), german.percent(None)) == ("–", "–")
