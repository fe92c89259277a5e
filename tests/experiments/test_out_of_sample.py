"""The table of forecasts: errors of years that were not fitted, and what may be said about baselines."""

import pytest

from experiments.errors import BadInput
from experiments.evidence_forecast import section
from experiments.evidence_sections import identifiability
from experiments.observations import observed_series
from experiments.out_of_sample import MODEL, read_calibration, scores_of

GEOS = ("AT", "DK", "EE", "ES", "FI")


def shifted(points: float, band: float | None = None) -> dict:
    """Return forecasts that miss every observed year by so many points."""
    found = {}
    for place, geo in enumerate(GEOS):
        series = observed_series("internet_banking", geo)
        values = {
            str(year): value + points + 0.01 * place
            for year, value in zip(series.years, series.values, strict=True)
        }
        ends = (lambda value: {"low": value - band, "high": value + band}) if band else (lambda value: {})
        found[geo] = {"forecast": {year: {"value": value, **ends(value)} for year, value in values.items()}}
    return found


@pytest.fixture
def calibration() -> dict:
    return {
        "indicator": "internet_banking",
        "until": 2015,
        "countries": shifted(1.0, band=1.5),
        "baselines": {"last_value": shifted(-6.0), "hierarchical_logit_ratio": shifted(0.5)},
        "null": shifted(3.0),
        "simulation_noise": {"seeds": 4.0, "one_seed": 0.4, "mean_of_seeds": 0.2},
        "skipped": {"XX": "fewer than four observations"},
    }


def test_an_error_is_that_of_the_years_after_the_last_fitted_one(calibration: dict):
    found = scores_of(calibration)
    assert found.years == (2016, 2019)
    assert found.errors[MODEL]["AT"] == pytest.approx(1.0)
    assert found.typical(MODEL) == (pytest.approx(1.02), pytest.approx(1.02))


def test_a_baseline_is_beaten_only_where_the_interval_says_so(calibration: dict):
    said = section(scores_of(calibration)).paragraphs[0]
    assert "closer than null: no learning, no usefulness, no peers, last value" in said
    assert "hierarchical logit ratio" in said.partition("farther than")[2]


def test_bands_hold_as_much_as_they_hold(calibration: dict):
    found = scores_of(calibration)
    assert found.covered == found.points == 20
    assert found.width == pytest.approx(3.0)


def test_a_mix_lies_half_way_between_the_economy_and_the_pooled_ratio(calibration: dict):
    assert scores_of(calibration).errors["mix"]["AT"] == pytest.approx(0.75)


def test_a_forecast_without_bands_claims_none(calibration: dict):
    found = scores_of(calibration | {"countries": shifted(1.0)})
    assert found.points == 0
    assert not any("80 % bands" in text for text in section(found).paragraphs)


def test_simulation_noise_is_said(calibration: dict):
    assert any(
        "Simulation noise is 0.200 points" in text for text in section(scores_of(calibration)).paragraphs
    )


def test_profiles_say_what_is_identified(calibration: dict):
    profile = {"fitted": False, "prior": None, "profile": [[0.0, 0.4], [2.0, 0.0]], "identified": False}
    told = calibration | {
        "identifiability": {"consumer.peer_effect": {**profile, "verdict": "not identified"}},
        "contagion": "The curves do not identify contagion.",
    }
    found = identifiability(told, None)
    assert found.tables[0].rows[0][-2:] == ["no", "not identified"]
    assert "In the calibration: The curves do not identify contagion." in found.paragraphs


def test_countries_of_which_nothing_later_is_known_are_no_test(calibration: dict):
    unknown = {"XX": calibration["countries"]["AT"]}
    found = scores_of(calibration | {"countries": unknown, "baselines": {}, "null": {}})
    assert section(found).paragraphs == ["Nothing was observed after 2015 in these countries."]


def test_a_test_ends_before_the_pandemic_unless_few_years_are_left(calibration: dict):
    assert scores_of(calibration | {"until": 2012}).years == (2013, 2019)
    assert scores_of(calibration | {"until": 2018}).years == (2019, 2019)  # the table ends there


def test_what_was_left_out_is_said(calibration: dict):
    assert "Left out: XX (fewer than four observations)." in section(scores_of(calibration)).paragraphs


def test_a_file_that_is_no_calibration_is_refused(tmp_path):
    file = tmp_path / "calibration.json"
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(BadInput, match="no calibration"):
        read_calibration(file)
