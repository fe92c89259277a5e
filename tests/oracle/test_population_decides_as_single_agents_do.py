"""Does the array pass decide as plain Mesa agents do? Equal states and decisions, exactly, every month.

The plain agents are updated in a shuffled order: a month is synchronous, so that order cannot matter.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pytest

from model.parameters import declarations
from tests.oracle.lock_step import WatchedEconomy

Change = Callable[[WatchedEconomy], None]


def close_most_counters(economy):
    economy.firm_columns.closing[:] = 0.95


def close_counters_of_every_second_firm(economy):
    economy.firm_columns.closing[::2] = 1.0


def withdraw_all_channels(economy):
    economy.firm_columns.offered[:] = False
    economy.firm_columns.mode[:] = 0


def offer_everything_cheaper(economy):
    economy.firm_columns.offered[:] = economy.work.introduced <= economy.year
    economy.firm_columns.mode[:] = 2


def be_businesses(columns):
    columns.business[:] = 1


def parameters_at_random(seed: int) -> dict:
    """Return a third of all parameters of people and firms, anywhere within their bounds."""
    luck = np.random.default_rng(seed)
    numbers = [one for one in declarations() if one.kind == "number" and one.group in ("consumer", "firm")]
    return {one.name: float(luck.uniform(one.low, one.high)) for one in numbers if luck.random() < 0.33}


@dataclass(frozen=True)
class Course:
    """A course of events in which both populations live."""

    parameters: dict = field(default_factory=dict)
    consumers: int = 150
    start: str = "1992-01"
    months: int = 120
    changes: dict[int, Change] = field(default_factory=dict)
    born: Callable | None = None


COURSES = {
    "banking as it is": Course(consumers=200, start="1990-01", months=180),
    "counters closed": Course(start="2000-01", changes={6: close_most_counters}),
    "some counters closed, impatient customers": Course(
        {
            "consumer.switch_utility": 0.0,
            "consumer.renewal": 0.02,
            "consumer.taste_months": 6,
            "population.business_share": 0.5,
        },
        start="2004-01",
        changes={6: close_counters_of_every_second_firm, 70: withdraw_all_channels},
    ),
    "channels withdrawn": Course(
        start="2011-01", changes={1: offer_everything_cheaper, 60: withdraw_all_channels}
    ),
    "business clients only": Course(start="2008-01", months=80, born=be_businesses),
    "without neighbours": Course({"network.family": "none"}, start="2006-01", months=60),
    "many neighbours, reconsidering every month": Course(
        {
            "network.family": "barabasi_albert",
            "consumer.reconsideration_months": 1,
            "consumer.word_of_mouth": 1.0,
            "consumer.peer_effect": 2.0,
        },
        consumers=120,
        start="2009-01",
        months=60,
        changes={20: close_most_counters},
    ),
    "every policy at once": Course(
        {
            "policy.from_year": 2012.0,
            "policy.compensation_rate": 0.5,
            "policy.campaign": 0.5,
            "policy.skills_programme": 0.02,
            "policy.cash_access": 0.5,
        },
        start="2010-01",
        months=60,
        changes={3: close_most_counters},
    ),
    "all sectors": Course(
        {"economy.sectors": "all"},
        consumers=60,
        start="2012-01",
        months=60,
        changes={1: offer_everything_cheaper, 12: close_counters_of_every_second_firm},
    ),
    **{
        f"parameters drawn at random, {seed}": Course(
            parameters_at_random(seed),
            consumers=60,
            start="2006-01",
            months=50,
            changes={5: offer_everything_cheaper, 20: close_counters_of_every_second_firm},
        )
        for seed in (1, 2, 3)
    },
}


@cache
def lived(name: str) -> WatchedEconomy:
    """Return an economy after a course of events; each is lived through once."""
    course = COURSES[name]
    economy = WatchedEconomy(
        {"economy.sectors": "bank", **course.parameters},
        consumers=course.consumers,
        start=course.start,
        months=course.months,
        rng=5,
        born=course.born,
    )
    while economy.running:
        course.changes.get(economy.month, lambda _: None)(economy)
        economy.step()
    return economy


QUICK = (
    "banking as it is",
    "some counters closed, impatient customers",
    "without neighbours",
    "all sectors",
    "parameters drawn at random, 1",
)


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in COURSES]
)
def test_population_decides_as_single_agents_do(name):
    assert not lived(name).differences[:3]


@pytest.mark.slow
def test_every_branch_of_a_consumers_life_was_taken():
    happened = sum((lived(name).plain.happened for name in COURSES), Counter())
    rare = {
        branch: happened[branch]
        for branch in (
            "helped", "forgone", "flee", "fled to another firm", "found no other firm", "tipped by price",
            "against her will", "left", "renewed", "contributed",
        )
        if happened[branch] < 20
    }  # fmt: skip
    assert not rare
