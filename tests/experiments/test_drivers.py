"""The observed series reach the economy as smooth, dated, monthly drivers."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from experiments.drivers import drivers_of
from experiments.observations import OBSERVED_FOLDER

HEADER = "indicator,geo,year,value,unit,source\n"
COUNTRIES = ("AT", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HU", "IT", "PL", "RO")


@dataclass(frozen=True)
class Source:
    file: Path
    geo: str | None = "AT"
    indicator: str | None = None


@dataclass(frozen=True)
class Sources:
    access: Source | None = None
    wage: Source | None = None


def table(folder: Path, values: dict[int, float], unit: str = "share", geo: str = "SE") -> Source:
    """Write a table of one series and return it as a driver's source."""
    rows = "".join(f"series,{geo},{year},{value},{unit},made up\n" for year, value in values.items())
    (folder / "series.csv").write_text(HEADER + rows, encoding="utf-8")
    return Source(folder / "series.csv", geo)


def at(series, time: float) -> float:
    """Return a monthly series at a time (decimal years)."""
    return float(series.monthly[int((time - series.first_year) * 12 + 1e-9)])


def access_of(source: Source, start: str = "1990-01", months: int = 360):
    drivers, notes = drivers_of(Sources(access=source), start, months)
    return drivers.access, notes


def wage_of(source: Source, start: str = "1990-01", months: int = 360):
    drivers, notes = drivers_of(Sources(wage=source), start, months)
    return drivers.wage, notes


def test_drivers_reach_from_six_years_before_the_start_to_six_years_after_the_end():
    access, _ = access_of(Source(OBSERVED_FOLDER / "internet_use.csv"), start="1990-07", months=24)
    assert access.first_year == 1984.5
    assert access.monthly.shape == (6 * 12 + 24 + 6 * 12,)
    assert access.monthly.dtype == np.float64


def test_a_driver_that_is_left_out_stays_with_the_built_in_curve():
    drivers, notes = drivers_of(Sources(access=Source(OBSERVED_FOLDER / "internet_use.csv")), "1990-01", 12)
    assert drivers.wage is None
    assert not any(note.startswith("wage") for note in notes)


def test_a_survey_figure_stands_at_the_middle_of_its_year():
    access, _ = access_of(Source(OBSERVED_FOLDER / "internet_use.csv"))
    assert at(access, 2010.5) == pytest.approx(0.7517, abs=0.003)
    assert at(access, 1996.5) == pytest.approx(0.0691, abs=0.003)


@pytest.mark.parametrize("geo", COUNTRIES)
def test_nobody_loses_access_in_any_observed_country(geo):
    access, _ = access_of(Source(OBSERVED_FOLDER / "internet_use.csv", geo), months=492)
    assert (np.diff(access.monthly) >= 0.0).all()
    assert access.monthly[0] < 0.001
    assert 0.9 < access.monthly[-1] <= 0.995


def test_a_fall_in_a_survey_is_spread_and_said(tmp_path):
    years = {2000: 0.3, 2001: 0.5, 2002: 0.4, 2003: 0.6, 2004: 0.7}
    access, notes = access_of(table(tmp_path, years), "2001-01", 24)
    assert at(access, 2001.5) == pytest.approx(0.45, abs=1e-6)
    assert at(access, 2002.4) == pytest.approx(0.45, abs=1e-6)
    assert any("falls in 2002" in note and "5.0 percentage points" in note for note in notes)


def test_an_estimate_before_the_first_surveys_yields_to_a_survey(tmp_path):
    years = {2001: 0.3, 2002: 0.5, 2003: 0.4, 2004: 0.6}
    access, _ = access_of(table(tmp_path, years), "2002-01", 24)
    assert at(access, 2003.0) == pytest.approx((0.25 * 0.5 + 0.4) / 1.25, abs=1e-6)


def test_per_cent_and_shares_drive_alike(tmp_path):
    shares = {2000: 0.2, 2003: 0.4, 2006: 0.7, 2009: 0.8}
    per_cent, _ = access_of(
        table(tmp_path, {year: 100 * share for year, share in shares.items()}, "% of people")
    )
    plain, _ = access_of(table(tmp_path, shares))
    np.testing.assert_allclose(per_cent.monthly, plain.monthly, rtol=0, atol=1e-15)


def test_full_access_is_clipped_below_one(tmp_path):
    access, notes = access_of(table(tmp_path, {2000: 90, 2001: 99, 2002: 100, 2003: 100}, "%"), "2000-01", 48)
    assert access.monthly.max() == 0.995
    assert any("clipped at 99.5 %" in note for note in notes)


def test_access_before_the_first_figure_declines_smoothly_towards_nobody(tmp_path):
    access, notes = access_of(table(tmp_path, {2010: 0.5, 2011: 0.55, 2012: 0.6, 2013: 0.64}), "1996-01", 216)
    earlier = access.monthly[: (2010 - 1990) * 12]
    assert (np.diff(earlier) > 0.0).all()
    assert at(access, 1990.0) < 0.002
    assert at(access, 2010.4) == pytest.approx(0.5, abs=0.02)
    assert "access: 1990-2009 extrapolated by a logistic decline towards 0" in notes


def test_access_after_the_last_figure_grows_less_every_year_below_the_ceiling():
    access, notes = access_of(Source(OBSERVED_FOLDER / "internet_use.csv"), months=600)
    yearly = np.array([at(access, year + 0.5) for year in range(2022, 2045)])
    assert (np.diff(yearly) > 0.0).all()
    assert (np.diff(yearly, n=2) < 0.0).all()
    assert yearly[-1] < 0.98
    assert any(note.startswith("access: 2023-2045 extrapolated by damped logistic growth") for note in notes)


def test_a_series_that_covers_the_whole_run_is_not_called_extrapolated():
    _, notes = access_of(Source(OBSERVED_FOLDER / "internet_use.csv"), "1996-01", 240)
    assert not any("extrapolated" in note for note in notes)


def test_a_gap_between_figures_is_interpolated_and_said(tmp_path):
    access, notes = access_of(table(tmp_path, {2000: 0.2, 2001: 0.3, 2006: 0.6, 2008: 0.7}), "2000-01", 96)
    assert 0.3 < at(access, 2003.5) < 0.6
    assert "access: 2002-2005, 2007 interpolated; no figure was published" in notes


def test_the_wage_is_an_index_of_one_in_2019():
    wage, _ = wage_of(Source(OBSERVED_FOLDER / "labour_cost.csv"))
    assert at(wage, 2019.5) == pytest.approx(1.0, abs=0.002)
    assert at(wage, 2009.5) == pytest.approx(34.9034 / 37.9612, abs=0.002)


def test_the_wage_of_a_series_that_ends_earlier_is_one_in_its_last_year(tmp_path):
    wage, notes = wage_of(table(tmp_path, {2000: 10, 2001: 11, 2002: 12, 2003: 15}, "EUR per hour"))
    assert at(wage, 2003.5) == pytest.approx(1.0, abs=0.01)
    assert any("index 1 in 2003" in note for note in notes)


def test_the_horizon_does_not_change_the_wage_of_a_year_in_euros_of_2024():
    source = Source(OBSERVED_FOLDER / "labour_cost.csv")
    short, long = wage_of(source, months=60)[0], wage_of(source, months=492)[0]
    assert at(short, 1992.5) / at(short, 2024.5) == at(long, 1992.5) / at(long, 2024.5)


def test_wages_may_fall(tmp_path):
    wage, _ = wage_of(
        table(tmp_path, {2008: 20, 2009: 19, 2010: 17, 2011: 18}, "EUR per hour"), "2008-01", 48
    )
    assert at(wage, 2010.5) < at(wage, 2009.5) < at(wage, 2008.5)


def test_wages_go_on_with_the_mean_growth_of_the_ten_years_beside(tmp_path):
    levels = {
        year: 20 * 1.01 ** min(year - 1990, 10) * 1.03 ** max(year - 2000, 0) for year in range(1990, 2011)
    }
    wage, notes = wage_of(table(tmp_path, levels, "EUR per hour"), "1990-01", 240)
    assert at(wage, 2015.5) / at(wage, 2014.5) == pytest.approx(1.03, abs=1e-9)
    assert at(wage, 1987.5) / at(wage, 1986.5) == pytest.approx(1.01, abs=1e-9)
    assert "wage: 2011-2024 extrapolated by the mean growth of the last ten years, 3.0 % a year" in notes
    assert "wage: 1984-1989 extrapolated by the mean growth of the first ten years, 1.0 % a year" in notes


def test_the_only_country_of_a_table_need_not_be_named(tmp_path):
    source = table(tmp_path, {2000: 0.2, 2001: 0.3, 2002: 0.4, 2003: 0.5})
    access, _ = access_of(Source(source.file, geo=None))
    assert at(access, 2003.5) == pytest.approx(0.5, abs=0.01)


def test_one_of_several_indicators_can_be_chosen(tmp_path):
    source = table(tmp_path, {2000: 0.2, 2001: 0.3, 2002: 0.4, 2003: 0.5})
    with source.file.open("a", encoding="utf-8") as stream:
        stream.write("another,SE,2000,9000,shops,made up\n")
    access, notes = access_of(Source(source.file, "SE", indicator="series"))
    assert at(access, 2001.5) == pytest.approx(0.3, abs=0.01)
    assert notes[0] == "access: series of SE, 2000-2003 (made up)"


def test_the_same_table_gives_the_same_driver_bit_for_bit():
    source = Source(OBSERVED_FOLDER / "internet_use.csv", "DK")
    assert access_of(source)[0].monthly.tobytes() == access_of(source)[0].monthly.tobytes()


def test_a_table_saved_by_a_spreadsheet_is_read(tmp_path):
    source = table(tmp_path, {2000: 20, 2001: 30, 2002: 40, 2003: 50}, "% of people")
    text = source.file.read_text(encoding="utf-8").replace("\n", "\r\n")
    source.file.write_bytes(b"\xef\xbb\xbf" + text.encode() + b",,,,,\r\n")
    access, _ = access_of(source)
    assert at(access, 2002.5) == pytest.approx(0.4, abs=0.01)
