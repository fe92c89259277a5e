"""What can never happen to the words of a picture."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from experiments.theme import spread_labels

heights = st.lists(st.floats(-100.0, 100.0), min_size=0, max_size=12)


@given(heights, st.floats(0.01, 10.0))
def test_words_never_overlap(found, distance):
    placed = np.sort(spread_labels(found, distance))
    assert (np.diff(placed) >= distance - 1e-6).all()


@given(heights, st.floats(0.01, 10.0))
def test_words_stand_in_the_order_of_their_lines(found, distance):
    placed = spread_labels(found, distance)
    assert np.argsort(placed, kind="stable").tolist() == np.argsort(found, kind="stable").tolist()


@given(heights)
def test_words_stay_in_the_panel_when_they_fit(found):
    placed = spread_labels(found, 1.0, (-6.0, 6.0))
    assert all(-6.0 <= place <= 6.0 for place in placed)


@given(heights)
def test_words_with_room_are_not_moved(found):
    apart = [50.0 * n + height / 10.0 for n, height in enumerate(found)]
    np.testing.assert_allclose(spread_labels(apart, 1.0), apart, atol=1e-6)
