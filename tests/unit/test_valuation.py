"""Four lenses on the same hours."""

import numpy as np
import pytest

from model.results import Results
from model.valuation import LENSES, value_of_unpaid_work


def two_months() -> Results:
    values = np.array([[10.0, 130.0], [20.0, 250.0]])
    measures = ("unpaid_hours_gross", "unpaid_hours_value")
    return Results(measures, values, (), np.empty((2, 0)), "1990-01", 1)


def test_hours_are_worth_what_the_lens_says() -> None:
    assert value_of_unpaid_work(two_months(), "nothing").tolist() == [0.0, 0.0]
    assert value_of_unpaid_work(two_months(), "replacement", 13.0).tolist() == [130.0, 260.0]
    assert value_of_unpaid_work(two_months(), "opportunity_cost").tolist() == [130.0, 250.0]
    assert value_of_unpaid_work(two_months(), "minimum_wage", 5.0).tolist() == [50.0, 100.0]


def test_there_are_four_lenses_and_no_fifth() -> None:
    assert LENSES == ("nothing", "minimum_wage", "replacement", "opportunity_cost")
    with pytest.raises(ValueError, match=r"expected one of nothing.*got 'heart'"):
        value_of_unpaid_work(two_months(), "heart")


def test_an_hour_is_not_worth_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="EUR per hour"):
        value_of_unpaid_work(two_months(), "replacement", -1.0)
