"""Does a larger population contain the smaller one, person by person?"""

import numpy as np
import pytest

from agents.demography import traits_of
from agents.parameters import PopulationParameters
from model import Economy


class NewbornEconomy(Economy):
    """An economy in its very first month, before anything has happened."""

    def _burn_in(self, on_month):
        self.begin_month()


def by_identity(economy: Economy, name: str) -> np.ndarray:
    """Return a column in order of identities."""
    columns = economy.consumers.columns
    return getattr(columns, name)[np.argsort(columns.identity)]


@pytest.fixture(scope="module")
def small_and_large():
    """Return two newborn economies with the same seed, one with more consumers."""
    return [NewbornEconomy(consumers=n, economy__sectors="bank,travel", rng=3) for n in (300, 900)]


@pytest.mark.parametrize("fewer", [1, 37, 500])
def test_traits_of_the_first_people_do_not_depend_on_how_many_follow(fewer):
    few = traits_of(fewer, 7, PopulationParameters(), comfort_hours=3.0)
    many = traits_of(2000, 7, PopulationParameters(), comfort_hours=3.0)
    for trait, longer in zip(few, many, strict=True):
        np.testing.assert_array_equal(trait, longer[:fewer])


@pytest.mark.parametrize("name", ["eligible", "firm", "joined", "readiness", "internet_rank"])
def test_adding_consumers_changes_nobodys_start(small_and_large, name):
    small, large = (by_identity(economy, name) for economy in small_and_large)
    np.testing.assert_array_equal(small, large[:300])


def test_adding_consumers_changes_nobodys_first_month(small_and_large):
    for economy in small_and_large:
        economy.consumers.choose_and_act(economy.offers, economy.moment, economy.rivals_open())
    for name in ("use", "reason", "experience", "grievance", "awareness", "felt_minutes"):
        small, large = (by_identity(economy, name) for economy in small_and_large)
        np.testing.assert_array_equal(small, large[:300], err_msg=name)
    assert (small_and_large[0].consumers.columns.use > 0).any()
