"""Shapley values on games whose values are known."""

import pytest

from experiments.shapley import alone, coalitions, last, shapley_values

AIRPORT = {"small": 1.0, "middle": 2.0, "large": 3.0}
"""Littlechild & Owen (1973): a runway must be as long as the largest plane needs."""


def airport_costs() -> dict[frozenset[str], float]:
    """Return what a runway costs for every set of planes."""
    return {own: max((AIRPORT[plane] for plane in own), default=0.0) for own in coalitions(list(AIRPORT))}


def test_the_airport_game_shares_each_stretch_among_those_who_need_it():
    values = shapley_values(list(AIRPORT), airport_costs())
    expected = {"small": 1 / 3, "middle": 1 / 3 + 1 / 2, "large": 1 / 3 + 1 / 2 + 1}
    assert values == pytest.approx(expected)


def test_values_add_up_to_the_difference_between_all_and_none():
    game = {own: len(own) ** 2 + ("a" in own) * 3.0 + 1.5 for own in coalitions(list("abcd"))}
    assert sum(shapley_values(list("abcd"), game).values()) == pytest.approx(game[frozenset("abcd")] - 1.5)


def test_a_mechanism_that_changes_nothing_is_worth_nothing():
    game = {own: float("a" in own) for own in coalitions(["a", "idle"])}
    assert shapley_values(["a", "idle"], game) == pytest.approx({"a": 1.0, "idle": 0.0})


def test_alone_and_last_are_the_two_ends_of_the_orders():
    game = {own: float(len(own) == 2) for own in coalitions(["a", "b"])}
    assert (alone("a", game), last("a", ["a", "b"], game)) == (0.0, 1.0)


def test_a_missing_combination_is_named():
    with pytest.raises(ValueError, match="1 of 4 combinations are missing, such as a, b"):
        shapley_values(["a", "b"], {own: 0.0 for own in coalitions(["a", "b"]) if len(own) < 2})
