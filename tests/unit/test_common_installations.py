"""One machine for several tasks: decided together, offered together, taken away together."""

from pathlib import Path

import numpy as np
import pytest

from agents.review import withdraw
from model import Economy
from model.tasks import CatalogueError, load_catalogue

BASKETS = ("checkout_small", "checkout_medium", "checkout_large")


@pytest.fixture(scope="module")
def retail() -> Economy:
    economy = Economy(
        {"population.consumers": 200, "economy.sectors": "retail", "firm.upgrade_intercept": -1.0},
        start="2010-01",
        months=60,
    )
    for _ in range(60):
        economy.live_a_month()
    return economy


def test_a_shop_offers_self_checkout_to_every_basket_or_to_none(retail: Economy) -> None:
    names = retail.names.channels
    rows = [names.index(f"{basket}.self_checkout") for basket in BASKETS]
    offered = retail.firm_columns.offered[:, rows]
    assert offered.any()
    assert (offered.all(axis=1) == offered.any(axis=1)).all()


def test_one_installation_is_one_decision_in_the_diary(retail: Economy) -> None:
    added = [move.where for firm in retail.firms for move in firm.diary if move.what == "add"]
    assert "checkout_small.self_checkout" in added
    assert "checkout_large.self_checkout" not in added


def test_withdrawing_takes_the_machine_from_every_basket(retail: Economy) -> None:
    firm = next(firm for firm in retail.firms if firm.mode_of("checkout_small") != "staffed")
    withdraw(firm.row, firm.tasks[0], retail.scene)
    assert {firm.mode_of(basket) for basket in BASKETS} == {"staffed"}


def test_a_machine_of_its_own_is_its_own_installation() -> None:
    work = Economy(consumers=50, months=1, economy__sectors="bank").work
    np.testing.assert_array_equal(work.installation, np.arange(len(work.installation)))


def test_a_channel_that_needs_longer_to_reach_everybody_rolls_out_more_slowly() -> None:
    economy = Economy(consumers=50, months=1, economy__sectors="retail", start="2005-01")
    economy.firm_columns.offered[:] = True
    economy.offers.coverage[:] = 0.0
    economy.live_a_month()
    step = economy.offers.coverage[0] * economy.parameters.firm.roll_out_months
    np.testing.assert_allclose(step, 1.0 / economy.work.roll_out)


def test_a_number_in_place_of_an_installation_is_refused(tmp_path) -> None:
    text = Path(load_catalogue().source_path).read_text(encoding="utf-8")
    broken = text.replace("installation: self_checkout", "installation: [1]", 1)
    (tmp_path / "tasks.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"installation"):
        load_catalogue(tmp_path / "tasks.yaml")
