"""The smallest economies live and close their books: one firm per sector, one consumer, one segment."""

import numpy as np
import pytest


def books_close(economy):
    """Return whether every account closes to nine digits."""
    return max(economy.imbalances().values()) < 1e-9


def test_a_monopoly_in_every_sector_keeps_its_customers(economy_beyond_bounds, catalogue_with, run):
    catalogue = catalogue_with(["bank", "transport", "parcel"], firms=1)
    economy = economy_beyond_bounds(
        {"population.consumers": 300}, catalogue=catalogue, start="2000-01", months=120
    )
    run(economy)
    assert books_close(economy)
    assert (economy.firm_columns.pressure_parts[:, 1] == 0.0).all()
    assert economy.measures["churn_rate"] == 0.0
    assert economy.measures["hhi"] == 1.0
    assert economy.measures["self_service_share"] > 0.1


def test_a_single_consumer_is_an_economy(economy_beyond_bounds, run):
    economy = run(economy_beyond_bounds({"population.consumers": 1}, start="2000-01", months=120))
    assert books_close(economy)
    assert len(economy.consumers) == 1
    assert economy.measures["adopter_share"] in (0.0, 1.0)
    assert np.isfinite(economy.measures["unpaid_hours_gross"])
    assert np.isfinite(economy.firm_columns.price).all()


def test_business_clients_alone_have_no_leisure_to_lose(economy_beyond_bounds, run):
    parameters = {"population.consumers": 300, "population.business_share": 1.0, "economy.sectors": "bank"}
    economy = run(economy_beyond_bounds(parameters, start="2000-01", months=60))
    assert books_close(economy)
    assert set(economy.consumers.get("segment")) == {"business"}
    assert max(economy.consumers.get("strain")) == 0.0
    assert np.isnan(economy.measures["adopter_share"])
    assert economy.measures["prosumer_share"] > 0.0


@pytest.mark.parametrize("sectors", ["bank", "all"])
def test_private_people_alone_are_an_economy(economy_beyond_bounds, run, sectors):
    parameters = {"population.consumers": 300, "population.business_share": 0.0, "economy.sectors": sectors}
    economy = run(economy_beyond_bounds(parameters, start="2000-01", months=60))
    assert books_close(economy)
    assert set(economy.consumers.get("segment")) == {"private"}
    assert economy.measures["self_service_share"] > 0.05
