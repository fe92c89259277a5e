"""Does the default economy still show what is on record, and nothing that is on record as open?"""

import pytest

from experiments.patterns import as_json, measure, read, stored
from experiments.patterns_measured import Scored
from model.patterns import read_patterns

pytestmark = pytest.mark.slow

NAMES = [pattern.name for pattern in read_patterns()]


@pytest.fixture(scope="module")
def scorecard() -> dict[str, Scored]:
    return {result.pattern.name: result for result in measure(read(None))}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_on_record_is_what_is_measured(scorecard: dict[str, Scored], name: str) -> None:
    result = scorecard[name]
    missed = {one.condition.name: one.value for one in result.conditions if not one.met}
    assert result.passed is result.pattern.passed, f"not met: {missed}"


def test_twelve_patterns_or_more_pass(scorecard: dict[str, Scored]) -> None:
    assert sum(result.passed for result in scorecard.values()) >= 12


def test_the_kept_scorecard_says_the_same(scorecard: dict[str, Scored]) -> None:
    page = stored()
    assert page is not None
    now = {row["name"]: [one["met"] for one in row["conditions"]] for row in as_json([*scorecard.values()])}
    assert {row["name"]: [one["met"] for one in row["conditions"]] for row in page["patterns"]} == now
