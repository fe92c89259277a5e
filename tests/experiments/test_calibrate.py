"""The command `calibrate`: known answers, no look ahead, resumption, and the contract of its document."""

import json
from pathlib import Path

import numpy as np
import pytest

from experiments.baselines import NAMES
from tests.experiments.calibration_worlds import (
    TRUTH,
    access_rows,
    given,
    quick_lives,
    target_rows,
    write_tables,
)
from tests.experiments.quick_model import InProcess


@pytest.fixture
def quick_economy(monkeypatch):
    monkeypatch.setattr("experiments.country_runs._lived_through", quick_lives)
    monkeypatch.setattr("experiments.pool.LocalPool", InProcess)
    monkeypatch.setattr("experiments.storing.os.fsync", lambda _: None)
    monkeypatch.setattr("experiments.identifiability.POINTS", 3)
    monkeypatch.setattr("experiments.calibrating.LOOKS", 4)


@pytest.fixture
def calibrated(quick_economy, command, folder):
    def _calibrated(*arguments, out="found"):
        answer = command("calibrate", *arguments, "--out", out, "--json")
        assert answer.code == 0, answer.err
        return json.loads(answer.out)

    return _calibrated


def test_known_levels_and_trends_are_recovered(calibrated, folder):
    told = calibrated(*write_tables(folder))
    for geo, (level, trend) in TRUTH.items():
        found = told["countries"][geo]["parameters"]
        assert found["country.level"] == pytest.approx(level, abs=0.25)
        assert found["country.trend"] == pytest.approx(trend, abs=0.025)


def test_a_forecast_of_the_known_world_is_near_what_comes(calibrated, folder):
    told = calibrated(*write_tables(folder))
    later = [row.split(",") for row in target_rows() if int(row.split(",")[2]) > 2015]
    misses = [
        abs(told["countries"][geo]["forecast"][year]["value"] - float(value))
        for _, geo, year, value, *_ in later
    ]
    assert max(misses) < 1.0


def test_the_document_keeps_its_contract(calibrated, folder):
    told = calibrated(*write_tables(folder))
    assert told["indicator"] == "internet_banking"
    assert told["until"] == 2015
    assert set(told["baselines"]) == set(NAMES)
    for geo in TRUTH:
        own = told["countries"][geo]
        assert list(own["forecast"]) == [str(year) for year in range(2016, 2024)]
        assert all(0 <= p["low"] <= p["value"] <= p["high"] <= 100 for p in own["forecast"].values())
        assert all(told["baselines"][name][geo]["forecast"]["2019"]["value"] >= 0.0 for name in NAMES)
    assert json.loads(Path("found/calibration.json").read_text()) == told


def test_intervals_say_what_they_are_made_of(calibrated, folder):
    told = calibrated(*write_tables(folder))
    own = told["countries"]["AA"]
    parts = [part["country.level"] for part in own["uncertainty_parts"].values()]
    assert list(own["uncertainty_parts"]) == ["years", "one_history", "seeds", "shared", "peer_effect"]
    assert list(told["shared_uncertainty"]) == ["consumer.usefulness_weight", "consumer.inertia"]
    assert np.hypot.reduce(parts) == pytest.approx(own["uncertainty"]["country.level"], rel=1e-4)
    assert min(parts) > 0.0


def test_shared_parameters_that_are_given_are_no_part_of_intervals(calibrated, folder):
    told = calibrated(*write_tables(folder), *given(folder), "--set", "replications=1")
    own = told["countries"]["AA"]
    assert own["uncertainty_parts"]["shared"] == {"country.level": None, "country.trend": None}
    assert told["shared_uncertainty"] == {}
    assert own["uncertainty"]["country.level"] > 0.0


def test_figures_after_the_last_year_change_no_byte(calibrated, folder):
    calibrated(*write_tables(folder), *given(folder), out="one")
    seen = [row for row in target_rows() if int(row.split(",")[2]) <= 2015]
    garbage = [
        row.rsplit(",", 3)[0] + ",rubbish;,%,x" for row in target_rows() if int(row.split(",")[2]) > 2015
    ]
    strangers = [
        "internet_banking,ZZ,2017,-5,%,x",
        "nonsense,AA,2018,1,%,x",
        "internet_banking,AA,2016,9,%,x",
    ]
    calibrated(*write_tables(folder, [*seen, *garbage, *strangers, *strangers]), *given(folder), out="two")
    assert Path("one/calibration.json").read_bytes() == Path("two/calibration.json").read_bytes()


def test_contagion_is_not_read_into_a_world_whose_curve_cannot_tell(calibrated, folder):
    told = calibrated(*write_tables(folder))
    assert "consumer.peer_effect" in told["identifiability"]
    assert not told["identifiability"]["consumer.peer_effect"]["identified"]
    assert told["contagion"].startswith("The curves do not identify contagion")
    assert told["shared"]["consumer.peer_effect"] == 1.0


def test_given_shared_parameters_are_held_and_only_two_are_fitted_per_country(calibrated, folder):
    first = calibrated(*write_tables(folder))
    second = calibrated(*write_tables(folder), "--countries", "DD", "--shared", "found", out="second")
    assert second["shared"] == first["shared"]
    assert second["bands"] == first["bands"]
    assert list(second["countries"]) == ["DD"]
    assert second["identifiability"] == {}


def test_a_killed_calibration_ends_with_the_same_result(calibrated, folder):
    tables = (*write_tables(folder), *given(folder))
    calibrated(*tables)
    whole = Path("found/calibration.json").read_bytes()
    Path("found/calibration.json").unlink()
    for path in sorted(Path("found/runs").glob("*.json"))[::3]:
        path.unlink()
    calibrated(*tables)
    assert Path("found/calibration.json").read_bytes() == whole


def test_shared_behaviour_travels_to_another_question(calibrated, folder):
    rows = target_rows("online_purchases")
    told = calibrated(*write_tables(folder, rows), *given(folder))
    assert told["indicator"] == "online_purchases"
    assert told["countries"]["AA"]["fit_rmse"] < 1.0


def test_greece_has_two_codes(calibrated, folder):
    rows = target_rows(truth={"EL": (0.0, 0.1)})
    access = [row.replace(",AA,", ",GR,") for row in access_rows(("AA",))]
    told = calibrated(*write_tables(folder, rows, access), "--countries", "gr", *given(folder))
    assert list(told["countries"]) == ["EL"]


def test_a_page_compares_with_later_years(calibrated, folder):
    calibrated(*write_tables(folder), "--pages", "pages", *given(folder))
    page = Path("pages/internet_banking-2015.md").read_text()
    assert "| **the economy** |" in page
    scores = json.loads(Path("pages/internet_banking-2015.json").read_text())
    assert scores["methods"]["model"]["mean"] < scores["methods"]["last_value"]["mean"]
    assert Path("pages/internet_banking-2015.svg").read_text().startswith("<svg")


def test_a_country_whose_runs_fail_is_left_out(quick_economy, command, folder, monkeypatch):
    def lives(setting, job, month_done=None):
        if job.varied["geo"] == "BB":
            raise ZeroDivisionError("no such people")
        return quick_lives(setting, job)

    monkeypatch.setattr("experiments.country_runs._lived_through", lives)
    answer = command("calibrate", *write_tables(folder), *given(folder), "--out", "found", "--json")
    told = json.loads(answer.out)
    assert answer.code == 1
    assert "no such people" in told["skipped"]["BB"]
    assert set(told["countries"]) == set(TRUTH) - {"BB"}


def test_the_real_economy_answers(command, folder, write):
    write(
        "extends: banking-europe\nreplications: 1\nstart: 2008-01\nparameters: {population.consumers: 60}\n"
    )
    tables = write_tables(folder)
    asked = ("mine.yaml", *tables, "--countries", "BB", *given(folder), "--workers", "1")
    answer = command("calibrate", *asked, "--out", "found", "--json")
    assert answer.code == 0, answer.err
    assert 0.0 < json.loads(answer.out)["countries"]["BB"]["forecast"]["2019"]["value"] < 100.0
