"""Can a user's own Python rule take the place of the compiled one?"""

import pytest

from model import Economy

GIVEN = {"economy.sectors": "bank"}


def last_share(rule, **given):
    economy = Economy(GIVEN, consumers=120, start="2010-01", months=13, rng=2, consumer_rule=rule, **given)
    while economy.running:
        economy.step()
    return economy.measures["self_service_share"]


def refuse_everything(consumer, task):
    return "counter" if not consumer.population.is_withdrawn(consumer.row, task) else "forgone"


def take_the_newest(consumer, task):
    """Serve herself by the newest channel within reach, whatever it costs her."""
    return [None, *consumer.utility(task)][-1]


def test_a_rule_that_leaves_it_to_the_model_changes_nothing():
    assert last_share(lambda consumer, task: None) == pytest.approx(last_share(None), abs=1e-12)


def test_people_who_refuse_everything_serve_themselves_in_nothing():
    assert last_share(refuse_everything) == 0.0


def test_people_who_take_the_newest_channel_serve_themselves_more_than_by_the_model():
    assert last_share(take_the_newest) > last_share(None) + 0.1


def test_a_rule_is_asked_only_about_tasks_that_are_due():
    asked = []
    economy = Economy(GIVEN, consumers=60, months=1, rng=1, consumer_rule=lambda c, task: asked.append(task))
    before = len(asked)
    economy.step()
    assert 0 < len(asked) - before < 60 * len(economy.names.tasks) / 2


def test_a_way_that_is_not_open_is_refused_with_those_that_are():
    with pytest.raises(
        ValueError, match=r"consumer_rule, task cash: expected one of counter.*got 'teleport'"
    ):
        Economy(GIVEN, consumers=60, months=1, rng=1, consumer_rule=lambda consumer, task: "teleport")
