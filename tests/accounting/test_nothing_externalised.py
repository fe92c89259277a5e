"""What if no channel exists yet? The firm is its own shadow: same prices, nothing saved."""

import numpy as np
import pytest

from model import Economy

BEFORE_ALL_MACHINES = "1950-01"


def economy_without_channels(sector: str, **parameters) -> Economy:
    """Return an economy before the first machine, with prices as they moved in five years."""
    economy = Economy(
        {"economy.sectors": sector, **parameters}, consumers=400, start=BEFORE_ALL_MACHINES, months=60, rng=4
    )
    while economy.running:
        economy.step()
    return economy


def test_without_channels_nobody_serves_herself():
    economy = economy_without_channels("bank")
    assert economy.measures["self_service_share"] == 0.0
    assert economy.measures["unpaid_hours_gross"] == 0.0
    assert economy.books.unit_technology.sum() == economy.books.fixed_technology.sum() == 0.0


def test_without_channels_and_thrift_a_captive_sector_saves_nothing_and_prices_are_shadow_prices():
    economy = economy_without_channels("government", **{"firm.understaffing": 0.0})
    firms, books = economy.firm_columns, economy.books
    np.testing.assert_allclose(firms.price, firms.shadow_price, rtol=1e-12)
    np.testing.assert_allclose(books.saving, 0.0, atol=1e-9 * books.baseline_cost.max())


def test_without_channels_a_saving_is_nothing_but_missing_staff():
    economy = economy_without_channels("bank")
    books, accounts = economy.books, economy.accounts
    utilisation = economy.parameters.firm.utilisation
    needed = books.performed_minutes / utilisation / 60.0 * accounts.wage * economy.technology.wage_index
    np.testing.assert_allclose(books.saving, needed - books.labour, atol=1e-9 * books.baseline_cost.max())


def test_without_channels_banks_that_move_customers_differ_from_their_shadows_by_staff_alone():
    economy = economy_without_channels("bank", **{"firm.understaffing": 0.0})
    ratio = economy.firm_columns.price / economy.firm_columns.shadow_price
    assert ratio == pytest.approx(np.ones(len(ratio)), abs=5e-3)
