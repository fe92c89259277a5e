"""Known answers: synthetic countries, what is found of them, and what the report says."""

import json

import numpy as np
import pytest

from experiments.evidence_recovery import as_json, section
from experiments.recovery import LEVEL_SPREAD, WORLDS, drawn, recovered
from tests.experiments.calibration_worlds import quick_lives
from tests.experiments.quick_model import InProcess

SMALL = ("replications=2",)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("recovery")


@pytest.fixture(scope="module")
def found(folder):
    """Return what is found in an economy that answers at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("experiments.country_runs._lived_through", quick_lives)
        patch.setattr("experiments.pool.LocalPool", InProcess)
        patch.setattr("experiments.storing.os.fsync", lambda _: None)
        patch.setattr("experiments.identifiability.POINTS", 3)
        patch.setattr("experiments.calibrating.LOOKS", 4)
        return recovered(folder / "worlds", SMALL, 1)


def test_levels_and_trends_come_back_from_worlds_that_the_fit_never_saw(found):
    one = found[0]
    assert one.name == "as assumed"
    assert one.correlation[0] > 0.98
    assert np.sqrt(np.mean(one.errors[:, 0] ** 2)) < 0.25 * LEVEL_SPREAD
    assert one.correlation[1] > 0.5


def test_a_forecast_of_a_known_world_is_compared_with_that_world(found, folder):
    one = found[0]
    assert one.scores.years == (2016, 2019)
    assert one.scores.typical("model")[1] < one.scores.typical("last_value")[1]
    table = (folder / "worlds" / "as-assumed" / "observed.csv").read_text().splitlines()
    assert {row.split(",")[1] for row in table[1:]} == set(one.geos)


def test_worlds_differ_in_contagion_alone(found):
    assert [one.name for one in found] == list(WORLDS)
    assert (found[0].truth == found[1].truth).all()
    assert (found[0].found != found[1].found).any()


def test_the_report_says_errors_truths_and_contagion(found):
    told = section(found)
    assert "In the world without contagion, levels are missed by" in told.paragraphs[2]
    assert len(told.tables[0].rows) == 2 * len(WORLDS)
    assert len(told.tables[1].rows) == sum(len(one.geos) for one in found)
    json.dumps(as_json(found), allow_nan=False)


def test_a_truth_belongs_to_a_country_and_a_seed():
    assert (drawn("PT", 3) == drawn("PT", 3)).all()
    assert (drawn("PT", 3) != drawn("PT", 4)).all()
