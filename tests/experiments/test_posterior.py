"""Intervals of levels and trends: they hold the truth as often as they say, and know what errors last."""

import numpy as np
import pytest

from experiments.calibrating import Calibration, Study, Surrogate, arcsine, shares_of
from experiments.indicators import INDICATORS
from experiments.posterior import (
    ALWAYS,
    AT_FIRST,
    luck_covariance,
    noise_correlation,
    noise_covariance,
    posterior,
    together,
)
from experiments.recovery import NARROW
from experiments.shrinkage import Group, Seen, answers, fit_countries, recency
from experiments.twin import Twin, quarter_times

COUNTRIES, SEEDS, LAST = 200, 4, 2015
YEARS = np.arange(1994, LAST + 1)
NOISE = 0.01
GROUP = Group(np.array([0.0, 0.0]), np.array([1.0, 0.04]), NOISE)
BANKING = INDICATORS["internet_banking"]


@pytest.fixture(scope="module")
def known():
    """Return the truth and the calibration of many countries, each with luck that lasts for years."""
    luck = np.random.default_rng(3)
    access = np.tile(0.9 / (1.0 + np.exp(-0.3 * (quarter_times(LAST) - 2003.0))), (COUNTRIES, 1))
    twin = Twin(access, BANKING.twin, LAST)
    truth = luck.normal(GROUP.mean, GROUP.spread, (COUNTRIES, 2))
    curve = arcsine(twin.shares(truth))
    lasting = luck_covariance(np.zeros((1, 1, YEARS.size)), YEARS)
    histories = luck.multivariate_normal(np.zeros(YEARS.size), lasting, (COUNTRIES, 1 + SEEDS))
    weights = recency(YEARS, LAST) * (YEARS >= 2006)
    noise = NOISE / np.sqrt(np.maximum(weights, 1e-9)) * (weights > 0.0)
    seen = curve + histories[:, 0] + noise * luck.normal(size=curve.shape)
    added = histories[:, 1:].mean(axis=1)
    observed = np.where(weights > 0.0, seen, np.nan)
    geos = tuple(str(number) for number in range(COUNTRIES))
    study = Study(BANKING, LAST, LAST, geos, observed, access)
    surrogate = Surrogate(twin, added)
    fits = fit_countries(surrogate.curves({}), study.seen(), GROUP, truth)
    every = shares_of(arcsine(twin.shares(fits.parameters))[:, None, :] + histories[:, 1:])
    return truth, Calibration(study, {}, fits, surrogate, every.mean(axis=1), every, 1)


def _held(truth, found, spread) -> np.ndarray:
    return (np.abs(found.fits.parameters - truth) <= NARROW * spread).mean(axis=0)


def test_intervals_of_eighty_percent_hold_eighty_percent_where_luck_lasts(known):
    truth, found = known
    unknown = posterior(found)
    own = together(unknown.parts, without="peer_effect")
    assert _held(truth, found, own) == pytest.approx([0.8, 0.8], abs=0.08)


def test_the_search_own_intervals_hold_too_few_levels(known):
    truth, found = known
    assert _held(truth, found, found.fits.uncertainty)[0] < 0.6


def test_a_mean_of_four_seeds_errs_half_as_much_as_one_history(known):
    unknown = posterior(known[1])
    assert unknown.seeds == pytest.approx(unknown.history / 2.0)


def test_without_lasting_errors_the_interval_is_the_search_own(known):
    study, fits, curves = known[1].study, known[1].fits, known[1].surrogate.curves({})
    answer = answers(curves, study.seen(), GROUP, fits.parameters)
    noise = noise_covariance(study.seen(), NOISE, 0.0)
    years = np.einsum("ciy,cyz,ciz->ci", answer.to_years, noise, answer.to_years)
    group = np.einsum("cij,j,cij->ci", answer.to_group, GROUP.spread**2, answer.to_group)
    assert np.sqrt(years + group) == pytest.approx(fits.uncertainty)


def test_errors_that_last_widen_levels(known):
    seen, answer = known[1].study.seen(), known[1].fits.parameters
    to_years = answers(known[1].surrogate.curves({}), seen, GROUP, answer).to_years
    alone, lasting = (
        np.einsum("ciy,cyz,ciz->ci", to_years, noise_covariance(seen, NOISE, r), to_years) for r in (0.0, 0.5)
    )
    assert (lasting[:, 0] > alone[:, 0]).all()


def test_a_peer_effect_that_is_not_known_widens_levels(known):
    unknown = posterior(known[1])
    assert (unknown.whole[:, 0] > together(unknown.parts, without="peer_effect")[:, 0]).all()


def test_luck_of_one_seed_is_what_was_measured_and_fades_after_the_roll_out():
    luck = luck_covariance(np.zeros((2, 1, 10)), np.arange(2006, 2016))
    assert np.sqrt(luck[0, 0]) == pytest.approx(np.hypot(ALWAYS, AT_FIRST))
    assert np.sqrt(luck[9, 9]) == pytest.approx(ALWAYS, rel=0.05)
    assert (np.linalg.eigvalsh(luck) > 0.0).all()


def test_more_seeds_outweigh_what_was_measured():
    years = np.arange(2006, 2016)
    same = np.zeros((2, 200, 10))
    assert luck_covariance(same, years)[9, 9] < 0.1 * luck_covariance(same[:, :1], years)[9, 9]


def test_residuals_that_alternate_count_as_independent():
    seen = Seen(np.zeros((1, 4)), np.array([[1.0, 1.0, 1.0, 0.0]]))
    assert noise_correlation(seen, np.array([[1.0, -1.0, 1.0, 9.0]])) == 0.0
