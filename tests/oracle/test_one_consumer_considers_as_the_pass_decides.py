"""Does one consumer, asked what she would do, say what the pass then decides for her?"""

import copy
from typing import NamedTuple

import numpy as np
import pytest

from agents.draws import scatter
from model import Economy
from tests.oracle.test_population_decides_as_single_agents_do import (
    close_counters_of_every_second_firm,
    offer_everything_cheaper,
)


class Month(NamedTuple):
    """A month in which everybody was asked about everything just before the pass decided."""

    economy: Economy
    due: list  # (consumer, task) pairs whose month it was
    considered: dict  # what each of them said
    utilities: dict  # how she liked her channels
    decided: dict  # what the pass decided
    before: tuple  # the columns before and after asking
    after: tuple


def is_due(economy: Economy, consumer, task: int) -> bool:
    """Return whether a consumer's clock makes her look at a task this month."""
    identity = int(economy.consumers.columns.identity[consumer.row])
    clock = scatter(identity) + 5 * task + economy.moment.month + economy.moment.epoch_shift
    return clock % economy.parameters.consumer.reconsideration_months == 0


@pytest.fixture(scope="module", params=["bank", "all"])
def month(request) -> Month:
    """Return the last month of an economy with closed counters."""
    economy = Economy(
        {
            "consumer.channel_taste": 0.0,
            "consumer.ladder": 0.0,  # else rungs below, done earlier in the month, add experience
            "economy.sectors": request.param,
        },
        consumers=150,
        start="2012-01",
        months=30,
        rng=3,
    )
    offer_everything_cheaper(economy)
    close_counters_of_every_second_firm(economy)
    for _ in range(29):
        economy.step()
    population, act, seen = economy.consumers, economy.consumers.choose_and_act, {}

    def ask_then_act(*arguments):
        due = [
            (consumer, task)
            for consumer in population
            for row, task in enumerate(economy.names.tasks)
            if consumer.is_eligible(task) and is_due(economy, consumer, row)
        ]
        seen.update(due=due, before=copy.deepcopy(population.columns))
        seen["considered"] = {pair: pair[0].consider(pair[1]) for pair in due}
        seen["utilities"] = {pair: pair[0].utility(pair[1]) for pair in due}
        seen["after"] = copy.deepcopy(population.columns)
        act(*arguments)
        seen["decided"] = {pair: pair[0].way_of(pair[1]) for pair in due}

    population.choose_and_act = ask_then_act
    economy.step()
    return Month(economy, **seen)


def test_she_says_what_the_pass_then_decides(month):
    different = {
        (consumer.row, task): (said, month.decided[consumer, task])
        for (consumer, task), said in month.considered.items()
        if said != month.decided[consumer, task]
    }
    assert not different


def test_considering_changes_nothing(month):
    for before, after in zip(month.before, month.after, strict=True):
        np.testing.assert_array_equal(before, after)


def test_everything_could_be_answered(month):
    ways = {decision.way for decision in month.considered.values()}
    assert {"counter", "helped", "forgone", "online", "mobile"} <= ways


def test_who_serves_herself_takes_the_channel_she_likes_best(month):
    liked = {
        pair: max(utilities, key=utilities.get) for pair, utilities in month.utilities.items() if utilities
    }
    served = {
        pair: said.way
        for pair, said in month.considered.items()
        if said.way not in ("counter", "helped", "forgone")
    }
    assert len(served) > 20
    assert {pair: liked[pair] for pair in served} == served
