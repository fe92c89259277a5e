"""Months become years, and replications become means with intervals."""

import numpy as np
import pytest

from experiments.yearly import JANUARY_TO_JUNE, History
from model.results import Results
from tests.experiments.made_up_runs import constant_run


def run_of(monthly, start="2000-01", seed=1):
    """Return a run with one measure."""
    column = np.asarray(monthly, dtype=float)[:, None]
    return Results(("closed_share",), column, (), np.empty((len(column), 0)), start, seed)


def test_a_survey_is_met_with_the_mean_of_january_to_june():
    history = History([run_of([0.1] * 6 + [0.9] * 6)])
    assert history.yearly("closed_share", JANUARY_TO_JUNE).at(2000) == pytest.approx(0.1)
    assert history.yearly("closed_share").at(2000) == pytest.approx(0.5)


def test_a_half_observed_spring_answers_to_no_survey():
    history = History([run_of([0.5] * 12, start="2000-04")])
    assert history.yearly("closed_share").years.tolist() == [2000, 2001]
    assert history.yearly("closed_share", JANUARY_TO_JUNE) is None


def test_a_year_that_begins_in_autumn_counts_its_own_months():
    history = History([run_of([0.2] * 3 + [0.6] * 12, start="2000-10")])
    assert history.yearly("closed_share").at(2000) == pytest.approx(0.2)
    assert history.yearly("closed_share").at(2001) == pytest.approx(0.6)


def test_months_in_which_a_measure_is_undefined_are_left_out():
    history = History([run_of([np.nan] * 6 + [0.4] * 6 + [np.nan] * 12)])
    found = history.yearly("closed_share")
    assert found.at(2000) == pytest.approx(0.4)
    assert np.isnan(found.at(2001))


def test_a_measure_that_is_never_defined_is_not_shown():
    assert History([run_of([np.nan] * 24)]).yearly("closed_share") is None


def test_a_measure_that_was_not_stored_is_not_shown():
    assert History([run_of([0.1] * 12)]).yearly("adopter_share") is None
    assert History([run_of([0.1] * 12)]).yearly(("closed_share", "sector", "bank")) is None


def test_three_runs_have_students_interval():
    runs = [run_of([value] * 12, seed=seed) for seed, value in enumerate((1.0, 2.0, 3.0))]
    found = History(runs).yearly("closed_share")
    low, high = found.transformed(found.values).interval
    assert found.mean[0] == pytest.approx(2.0)
    assert [2.0 - low[0], high[0] - 2.0] == pytest.approx([4.302653 / np.sqrt(3.0)] * 2, rel=1e-6)


def test_interval_of_a_share_stays_a_share_and_holds_the_mean():
    runs = [run_of([value] * 12, seed=seed) for seed, value in enumerate((0.0, 0.0, 0.02))]
    found = History(runs).yearly("closed_share")
    low, high = found.interval
    assert 0.0 < low[0] < found.mean[0] < high[0] < 1.0


def test_one_run_has_no_interval():
    low, high = History([run_of([1.0] * 12)]).yearly("closed_share").interval
    assert np.isnan([low, high]).all()


def test_groups_are_read_like_measures():
    key = ("closed_share", "sector", "bank")
    history = History([constant_run({"closed_share": 0.1, key: 0.3})])
    assert history.yearly(key).at(1999) == pytest.approx(0.3)
    assert history.groups("closed_share", "sector") == ("bank",)
