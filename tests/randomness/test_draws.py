"""Are draws uniform, uncorrelated, and nothing but a function of their address?"""

import itertools

import numpy as np
import pytest

from agents.draws import decision_key, scatter, uniform, uniforms

N = 100_000


def normalised(draws):
    """Return draws with mean 0 and variance 1 if they are uniform on (0, 1)."""
    return (draws - 0.5) * np.sqrt(12.0)


@pytest.mark.parametrize("seed", [0, 1, 2**63])
def test_draws_of_a_decision_are_uniform(seed):
    draws = uniforms(decision_key(seed, "leave", 7), N, 0)
    counts = np.histogram(draws, bins=100, range=(0.0, 1.0))[0]
    assert ((counts - N / 100) ** 2 / (N / 100)).sum() < 149.0  # χ² of 99 degrees of freedom, p = .001
    assert draws.min() > 0.0
    assert draws.max() < 1.0


def test_draws_at_consecutive_columns_are_uniform():
    key = decision_key(3, "taste")
    draws = np.array([uniform(key, 12, column) for column in range(20_000)])
    counts = np.histogram(draws, bins=100, range=(0.0, 1.0))[0]
    assert ((counts - 200) ** 2 / 200).sum() < 149.0


@pytest.mark.parametrize("lag", [1, 2, 64, 2048])
def test_neighbouring_consumers_have_unrelated_luck(lag):
    draws = normalised(uniforms(decision_key(1, "choose_firm", 12), N, 3))
    assert abs((draws[lag:] * draws[:-lag]).mean()) < 4.0 / np.sqrt(N)


def test_months_decisions_columns_and_seeds_have_unrelated_luck():
    keys = [
        (decision_key(1, "leave", 5), 0),
        (decision_key(1, "leave", 6), 0),
        (decision_key(1, "renewal", 5), 0),
        (decision_key(2, "leave", 5), 0),
        (decision_key(1, "leave", 5), 1),
        (decision_key(1, "leave", 5), 2),
    ]
    draws = [normalised(uniforms(key, N, column)) for key, column in keys]
    related = [abs((one * other).mean()) for one, other in itertools.combinations(draws, 2)]
    assert max(related) < 4.5 / np.sqrt(N)


def test_no_two_decisions_share_a_key():
    names = ("taste", "covered", "closed", "leave", "choose_firm", "renewal", "review")
    keys = {int(decision_key(seed, n, m)) for seed in range(5) for n in names for m in range(-60, 100)}
    assert len(keys) == 5 * len(names) * 160


def test_draws_of_many_rows_are_those_of_each_row():
    key = decision_key(9, "eligible")
    assert uniforms(key, 500, 4).tolist() == [uniform(key, row, 4) for row in range(500)]


@pytest.mark.parametrize("months", [6, 7, 12, 48])
def test_clocks_are_spread_evenly_over_months(months):
    phases = np.array([scatter(identity) for identity in range(20_000)]) % months
    counts = np.bincount(phases, minlength=months)
    assert np.abs(counts / (20_000 / months) - 1.0).max() < 0.15
