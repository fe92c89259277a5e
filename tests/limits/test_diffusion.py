"""Identical consumers who all see each other, with fresh tastes, spread self-service as theory says.

Acceptance follows Λ(U(n)) of the share n who serve themselves, whoever they are: the mean field of a
logit with social interaction (Brock & Durlauf); where nobody stops, it is Bass's curve.
"""

import math

import numpy as np
import pytest

CONSUMERS = 1000
TRAITS = (
    "value_of_time", "skill", "autonomy", "enjoyment", "self_realisation", "need_for_contact", "trust",
)  # fmt: skip
#: Nothing but peers moves acceptance: no habit, no memory, no mood, no drift, no lasting taste.
ONLY_PEERS = {
    "population.consumers": CONSUMERS,
    "population.business_share": 0.0,
    "network.family": "complete",
    "consumer.taste_months": 1,
    "consumer.reconsideration_months": 1,
    "consumer.inertia": 0.0,
    "consumer.channel_taste": 0.0,
    "consumer.attention": 1.0,
    "consumer.overload_weight": 0.0,
    "consumer.grievance_weight": 0.0,
    "consumer.word_of_mouth": 0.0,
    "consumer.attribution_trust": 0.0,
    "consumer.renewal": 0.0,
    "consumer.skill_drift": 0.0,
    "technology.minutes_decline": 0.0,
    "policy.staffed_access": 1.0,
    "policy.from_year": 1900.0,
}


@pytest.fixture
def lockers(economy_beyond_bounds, catalogue_with):
    """Return a maker of economies of one firm, one task and one free channel that reaches everybody."""

    def make(*, intercept, months, seed=1, **behaviour):
        catalogue = catalogue_with(
            ["parcel"],
            firms=1,
            tasks={"way_share": 0.0, "money_share": 0.0, "intercept": intercept},
            channels={"unit_cost": 0.0, "fixed_cost": 0.0, "leakage": 0.0, "success": 1.0},
        )
        parameters = ONLY_PEERS | {f"consumer.{name}": value for name, value in behaviour.items()}
        economy = economy_beyond_bounds(parameters, catalogue=catalogue, months=months, rng=seed)
        for trait in TRAITS:
            economy.consumers.set(trait, float(economy.consumers.agg(trait, np.mean)))
        economy.consumers.columns.readiness[:] = 0.0
        economy.consumers.columns.experience[:] = 65535
        economy.firm_columns.offered[:] = economy.firm_columns.mode[:] = 1
        economy.offers.coverage[:] = 1.0
        economy.begin_month()
        return economy

    return make


def utility_alone(economy):
    """Return the logits of the locker for anybody while nobody serves herself."""
    return economy.consumers[0].utility("parcel")["locker"]


def spread(economy):
    """Run the economy and return the share of people who serve themselves, month by month."""
    shares = []
    while economy.running:
        economy.step()
        shares.append(economy.consumers.agg("self_serving", np.mean))
    return np.array(shares)


def logistic(logits):
    return 1.0 / (1.0 + np.exp(-logits))


@pytest.mark.parametrize("peer_effect", [0.0, 2.0, 4.0])
def test_identical_consumers_on_a_complete_network_follow_the_mean_field(lockers, peer_effect):
    economy = lockers(intercept=-3.0, months=24, peer_effect=peer_effect)
    alone = utility_alone(economy)
    shares = spread(economy)
    expected = logistic(alone + peer_effect * np.concatenate([[0.0], shares[:-1]]))
    error = np.sqrt(expected * (1.0 - expected) / CONSUMERS)
    assert np.abs((shares - expected) / error).max() < 4.0
    assert np.abs(shares - expected).mean() < 1.2 * error.mean()


def test_a_clock_of_six_months_slows_the_mean_field_to_a_sixth(lockers):
    economy = lockers(intercept=-3.0, months=48, peer_effect=4.0, reconsideration_months=6)
    alone = utility_alone(economy)
    shares = spread(economy)
    decided = logistic(alone + 4.0 * np.concatenate([[0.0], shares[:-1]]))
    flow = np.convolve(np.concatenate([np.zeros(6), decided]), np.full(6, 1.0 / 6.0), "valid")[1:]
    assert np.abs(shares - flow).max() < 4.0 * 0.5 / math.sqrt(CONSUMERS)
    assert shares[5] == pytest.approx(decided[:6].mean(), abs=0.05)


def curve_of_bass(innovation, imitation, months):
    """Return the share of adopters by month."""
    fading = np.exp(-(innovation + imitation) * np.arange(1, months + 1))
    return (1.0 - fading) / (1.0 + imitation / innovation * fading)


@pytest.mark.parametrize("peer_effect", [0.0, 0.4])
def test_where_nobody_stops_a_small_peer_effect_makes_the_curve_of_bass(lockers, peer_effect):
    habit = 30.0
    gaps = []
    for seed in range(1, 5):
        economy = lockers(intercept=habit - 6.0, months=60, seed=seed, peer_effect=peer_effect, inertia=habit)
        alone = logistic(utility_alone(economy))
        innovation = -math.log(1.0 - alone)  # a month's hazard as a rate
        gaps.append(spread(economy) - curve_of_bass(innovation, peer_effect * alone * (1.0 - alone), 60))
    assert np.abs(np.mean(gaps, axis=0)).max() < 0.03
