"""The terms that are shown for a decision are those that make it."""

import pytest

from model import Economy


@pytest.fixture(scope="module")
def economy() -> Economy:
    economy = Economy(consumers=400, months=240, start="2006-01")
    for _ in range(240):
        economy.live_a_month()
    return economy


@pytest.mark.parametrize("task", ["transfer", "checkout_small", "review"])
def test_the_terms_of_a_utility_add_up_to_it(economy: Economy, task: str) -> None:
    consumers = [consumer for consumer in economy.consumers if consumer.utility(task)][:50]
    sums = [{name: sum(terms.values()) for name, terms in c.terms(task).items()} for c in consumers]
    assert consumers
    assert sums == [pytest.approx(consumer.utility(task), abs=1e-9) for consumer in consumers]


def test_the_intercept_is_what_the_catalogue_says(economy: Economy) -> None:
    task = next(task for task in economy.catalogue.tasks if task.name == "transfer")
    intercepts = {channel.name: task.intercept + channel.intercept for channel in task.channels}
    shown = next(c for c in economy.consumers if len(c.utility("transfer")) > 1).terms("transfer")
    assert {name: terms["intercept"] for name, terms in shown.items()} == pytest.approx(
        {name: intercepts[name] for name in shown}, abs=1e-9
    )


def test_a_contribution_has_no_usefulness_and_a_service_no_reach(economy: Economy) -> None:
    consumer = next(c for c in economy.consumers if c.utility("review") and c.utility("transfer"))
    review = next(iter(consumer.terms("review").values()))
    transfer = next(iter(consumer.terms("transfer").values()))
    assert (review["usefulness"], transfer["reach"]) == (0.0, 0.0)


def test_what_a_firm_offers_is_in_minutes_and_euros(economy: Economy) -> None:
    offers = [consumer.offer("transfer") for consumer in economy.consumers]
    assert all(offer["staffed_minutes"] > 1.0 and offer["fee"] >= 0.0 for offer in offers if offer)
    assert any(offer.get("own_minutes", 0.0) > 0.5 for offer in offers)


def test_tastes_differ_between_people_and_not_between_looks(economy: Economy) -> None:
    tastes = [consumer.taste_for_counter("cash") for consumer in economy.consumers][:40]
    assert len(set(tastes)) == 40
    assert tastes == [consumer.taste_for_counter("cash") for consumer in economy.consumers][:40]
