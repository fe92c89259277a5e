"""The address restores what was chosen, and survives whatever else stands in it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viz.address import decode, encode
from viz.scenario import Scenario
from viz.state import TABS, State

HOSTILE = [
    "experiment=../../etc/passwd", "experiment=%00", "p.firm.imitation=nan", "p.firm.imitation=1e400",
    "p.firm.imitation=<script>alert(1)</script>", "p.nothing.such=1", "seed=-1", "seed=" + "9" * 400,
    "tab=admin",
    "replications=1000000", "p.population.consumers=20000000", "month=1e9", "language=xx", "lens=__class__",
    "attribute=__dict__",
    "folder=../..", "row=-5", "other=..%2f..", "q.firm.imitation=inf", "&&&a===%ff%fe",
    "p.economy.sectors=bank%2Cnowhere", "p.policy.ban_forcing=maybe", "x=" + "x" * 20_000,
    "&".join(["a=1"] * 5000),
    "p.network.family=%F0%9F%92%A5", "theme=javascript:alert(1)", "speed=0x10", "measure=adopter_share%00",
]  # fmt: skip


@settings(max_examples=25)
@given(
    imitation=st.floats(0.0, 8.0),
    ban=st.booleans(),
    seed=st.integers(0, 2**31 - 1),
    tab=st.sampled_from(TABS),
    month=st.one_of(st.none(), st.integers(1, 600)),
)
def test_an_address_restores_scenario_tab_and_month(imitation, ban, seed, tab, month):
    changes = {"firm.imitation": imitation, "policy.ban_forcing": ban}
    chosen = State(
        Scenario.of("baseline", changes, seed), tab=tab, month=month, language="de", replications=3
    )
    assert decode(encode(chosen), "en") == (chosen, [])


def test_an_address_restores_the_comparison():
    other = Scenario.of("no-pressure", {"firm.pass_through": 0.25}, 1)
    chosen = State(
        Scenario.of("baseline", {"consumer.peer_effect": 2.0}), other, tab="compare", language="en"
    )
    assert decode(encode(chosen), "de") == (chosen, [])


@pytest.mark.parametrize("query", HOSTILE)
def test_what_is_not_understood_is_left_out_and_said(query):
    state, ignored = decode(query, "en")
    assert (state, bool(ignored)) == (State(), True)


def test_one_wrong_value_does_not_take_the_others_along():
    state, ignored = decode("p.firm.imitation=2&p.firm.pass_through=7&tab=firms", "en")
    assert (dict(state.scenario.changes), state.tab) == ({"firm.imitation": 2.0}, "firms")
    assert ignored == ["p.firm.pass_through=7"]
