"""What can never happen to a catalogue?"""

import contextlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.tasks import PACKAGED_CATALOGUE, CatalogueError, load_catalogue

CATALOGUE = load_catalogue()
NUMBERS = list(CATALOGUE.numbers())
BANK = PACKAGED_CATALOGUE.read_text(encoding="utf-8").split("\n  exchange:")[0].splitlines()
GARBAGE = st.sampled_from(
    ["", "x", "- 1", "a: {", "  wage: -1", "\t", "&a *a", "<<: 3", "? [x]", "'", "!!python/none x"]
)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(NUMBERS), st.floats(0, 1))
def test_every_value_within_its_bounds_is_taken(number, place):
    value = number.low + place * (number.high - number.low)
    value = round(value) if isinstance(number.value, int) else min(value, number.high)
    changed = {n.name: n.value for n in CATALOGUE.replaced({number.name: value}).numbers()}
    assert changed[number.name] == value


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(NUMBERS), st.floats(1e-3, 1e6), st.booleans())
def test_no_value_outside_its_bounds_is_taken(number, distance, above):
    value = number.high + distance if above else number.low - distance
    with pytest.raises(CatalogueError, match=f"{number.name} is out of bounds"):
        CATALOGUE.replaced({number.name: value})


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(BANK) - 1), GARBAGE)
def test_a_damaged_file_is_read_or_refused_and_never_anything_else(line, garbage):
    damaged = [*BANK[:line], garbage, *BANK[line + 1 :]]
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(CatalogueError):
        path = Path(folder) / "damaged.yaml"
        path.write_text("\n".join(damaged), encoding="utf-8")
        assert load_catalogue(path).tasks
