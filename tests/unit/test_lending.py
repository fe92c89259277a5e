"""A named tuple lent to compiled code is read as Python reads it, and written where Python sees it."""

from typing import NamedTuple

import numpy as np
import pytest
from numba import njit

from agents.rules.lending import at_hand, lent

uncounted = njit(_nrt=False)


@lent
class _Firms(NamedTuple):
    price: np.ndarray
    open: bool


@lent
class _Market(NamedTuple):
    level: float
    firms: _Firms
    access: tuple[float, float]


@uncounted
def _raise_prices(market):
    for firm in range(market.firms.price.shape[0]):
        if market.firms.open:
            market.firms.price[firm] *= market.level + market.access[1]
    return market.firms.price.sum()


@uncounted
def _raise_prices_at_hand(market):
    return _raise_prices(at_hand(market))


def _market(price: np.ndarray, *, is_open: bool = True) -> _Market:
    return _Market(level=1.5, firms=_Firms(price, is_open), access=(0.0, 0.5))


@pytest.mark.parametrize("compiled", [_raise_prices, _raise_prices_at_hand])
def test_lent_prices_are_read_and_written_in_place(compiled):
    price = np.array([1.0, 3.0])
    assert compiled(_market(price)) == 8.0
    assert price.tolist() == [2.0, 6.0]


def test_a_lent_truth_is_read():
    assert _raise_prices(_market(np.ones(2), is_open=False)) == 2.0


def test_another_kind_of_column_is_another_type():
    assert _raise_prices(_market(np.array([2.0, 4.0]))) == 12.0
    assert _raise_prices(_market(np.array([2, 4]))) == 12


def test_a_tuple_is_not_lent_where_references_are_counted():
    with pytest.raises(TypeError, match="compile with _nrt=False"):
        njit(lambda firms: firms.open)(_Firms(np.ones(1), True))


def test_an_unknown_field_is_refused():
    with pytest.raises(Exception, match="Unknown attribute 'prices'"):
        uncounted(lambda firms: firms.prices)(_Firms(np.ones(1), True))
