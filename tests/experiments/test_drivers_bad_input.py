"""Every table that cannot be used ends in one message with file and line."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from experiments.drivers import DriverError, drivers_of

HEADER = "indicator,geo,year,value,unit,source"
GOOD = ["use,AT,2000,20,%,s", "use,AT,2001,30,%,s", "use,AT,2002,40,%,s", "use,AT,2003,50,%,s"]


@dataclass(frozen=True)
class Source:
    file: Path
    geo: str | None = "AT"
    indicator: str | None = None


@dataclass(frozen=True)
class Sources:
    access: Source | None = None
    wage: Source | None = None


def complaint(
    folder: Path, lines: list[str], *, driver: str = "access", header: str = HEADER, **choice
) -> str:
    """Return the message that a table ends in."""
    file = folder / "table.csv"
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    with pytest.raises(DriverError) as caught:
        drivers_of(Sources(**{driver: Source(file, **choice)}), "1990-01", 360)
    assert str(caught.value).startswith(str(file))
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(str(file))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("use,AT,2004,sixty,%,s", "got 'sixty'"),
        ("use,AT,2004,NaN,%,s", "got 'NaN'"),
        ("use,AT,2004,inf,%,s", "got 'inf'"),
        ("use,AT,2004,1_0,%,s", "got '1_0'"),
        ('use,AT,2004,"6,5",%,s', "got '6,5'"),
        ("use,AT,2004,1e999,%,s", "got '1e999'"),
        ("use,AT,2004,,%,s", "value is empty"),
        ("use,AT,2004,6,5,%,s", "expected 6 fields, got 7"),
        ("use,AT,2004", "expected 6 fields, got 3"),
        ("use,AT,04,60,%,s", "expected four digits, got '04'"),
        ("use,AT,2004.5,60,%,s", "expected four digits, got '2004.5'"),
        ("use,,2004,60,%,s", "geo is empty"),
        (",AT,2004,60,%,s", "indicator is empty"),
        ("use,AT,2004,-3,%,s", "expected a share of people, 0 or more, got -3"),
        ("use,AT,2004,104,%,s", "expected at most 100 %, got 104 %"),
        ("use,AT,2003,51,%,s", "use of AT in 2003 appears twice"),
        (
            "use,AT,2014,60,%,s",
            "expected at most 10 years from one figure of AT to the next, got 2003 to 2014",
        ),
        ("use,AT,2004,0.6,share,s", "expected '%' as in 2003, got 'share'"),
        ('use,AT,2004,"60,%,s', "comma-separated"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_line(tmp_path, row, said):
    message = complaint(tmp_path, [*GOOD, row])
    assert message.startswith(":6: ")
    assert said in message


def test_values_above_one_without_a_per_cent_unit_are_refused(tmp_path):
    message = complaint(tmp_path, [row.replace("%", "people") for row in GOOD])
    assert message.startswith(":2: ")
    assert "expected a share from 0 to 1" in message
    assert "write % in the unit column" in message


def test_shares_that_are_called_per_cent_are_refused(tmp_path):
    message = complaint(tmp_path, [f"use,AT,{2000 + n},0.{n + 2},%,s" for n in range(4)])
    assert "got no value above 1" in message
    assert "write 'share' in the unit column" in message


def test_a_missing_column_is_named(tmp_path):
    message = complaint(tmp_path, GOOD, header="indicator,country,year,value,unit,source")
    assert message.startswith(":1: missing column: geo; expected indicator,geo,year,value,unit,source")


def test_semicolons_between_fields_are_pointed_out(tmp_path):
    message = complaint(tmp_path, GOOD, header=HEADER.replace(",", ";"))
    assert "fields are separated by commas" in message


def test_an_unknown_country_is_answered_with_the_nearest(tmp_path):
    message = complaint(tmp_path, [*GOOD, "use,EL,2000,1,%,s"], geo="at")
    assert "no rows for geo 'at'" in message
    assert "nearest: AT; the file has AT, EL" in message


def test_greece_is_found_under_either_code(tmp_path):
    assert "nearest: EL" in complaint(tmp_path, [*GOOD, "use,EL,2000,1,%,s"], geo="GR")


def test_several_indicators_need_a_choice(tmp_path):
    message = complaint(tmp_path, [*GOOD, "shops,AT,2000,1,shops,s"])
    assert "several indicators (shops, use); choose one with the key 'indicator'" in message


def test_several_countries_need_a_choice(tmp_path):
    message = complaint(tmp_path, [*GOOD, "use,EL,2000,1,%,s"], geo=None)
    assert "several countries (AT, EL); choose one with the key 'geo'" in message


def test_an_unknown_indicator_is_answered_with_the_nearest(tmp_path):
    assert "no indicator 'uses'; nearest: use" in complaint(tmp_path, GOOD, indicator="uses")


def test_three_years_are_too_few(tmp_path):
    assert "expected at least 4 years for AT, got 3" in complaint(tmp_path, GOOD[:3])


def test_a_table_without_rows_is_refused(tmp_path):
    assert "expected rows below the header, got none" in complaint(tmp_path, [])


def test_a_wage_of_nothing_is_refused(tmp_path):
    message = complaint(
        tmp_path, [row.replace("%", "EUR").replace(",30,", ",0,") for row in GOOD], driver="wage"
    )
    assert message.startswith(":3: ")
    assert "expected a wage above 0, got 0" in message


def test_a_growth_rate_is_no_wage(tmp_path):
    assert "which is a rate" in complaint(tmp_path, GOOD, driver="wage")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01\x80" * 40, b"PAR1\x00\x00\x00", b"\x00" * 64])
def test_a_file_that_is_no_table_is_refused(tmp_path, content):
    file = tmp_path / "table.csv"
    file.write_bytes(content)
    with pytest.raises(DriverError, match=r"table\.csv"):
        drivers_of(Sources(access=Source(file)), "1990-01", 360)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for file in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(DriverError, match="cannot be read"):
            drivers_of(Sources(access=Source(file)), "1990-01", 360)


def test_the_error_carries_file_and_line(tmp_path):
    file = tmp_path / "table.csv"
    file.write_text("\n".join([HEADER, *GOOD, "use,AT,2004,x,%,s"]), encoding="utf-8")
    with pytest.raises(DriverError) as caught:
        drivers_of(Sources(access=Source(file)), "1990-01", 360)
    assert (caught.value.file, caught.value.line) == (str(file), 6)
    assert isinstance(caught.value, ValueError)
