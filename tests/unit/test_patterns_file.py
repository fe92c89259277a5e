"""The file of patterns: read in full, and refused with file and line where something is wrong."""

from pathlib import Path

import pytest

from experiments.patterns_measured import TAKEN
from model.patterns import MEASUREMENTS, PATTERNS_FILE, Condition, Pattern, read_patterns
from model.tasks import CatalogueError

ONE = """\
patterns:
  P1:
    title: cash machines are used
    statement: Most cash comes from machines.
    role: emerged
    source: Somebody 2020
    verdict: passed
    record: "0001"
    conditions:
      in 2010:
        measurement: level
        of: user_share
        group: {task: cash}
        year: 2010
        unit: share
        target: 0.8
        low: 0.7
        high: 0.9
        tolerance: a guess
"""


def written(folder: Path, old: str = "", new: str = "") -> Path:
    file = folder / "own.yaml"
    assert old in ONE
    file.write_text(ONE.replace(old, new, 1) if old else ONE, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def own() -> tuple[Pattern, ...]:
    return read_patterns()


def conditions(patterns: tuple[Pattern, ...]) -> list[Condition]:
    return [condition for pattern in patterns for condition in pattern.conditions]


def test_there_are_thirteen_patterns_in_order(own: tuple[Pattern, ...]) -> None:
    assert [pattern.name for pattern in own] == [f"P{number}" for number in range(1, 14)]


def test_every_pattern_has_a_source_and_an_existing_decision_record(own: tuple[Pattern, ...]) -> None:
    records = {path.name[:4] for path in (PATTERNS_FILE.parent / "decisions").glob("0*.md")}
    assert {pattern.record for pattern in own} <= records
    assert all(len(pattern.source) > 10 for pattern in own)


def test_every_tolerance_says_why(own: tuple[Pattern, ...]) -> None:
    assert all(len(one.tolerance) >= 14 for one in conditions(own) if not one.reported)


def test_what_is_declared_to_be_measurable_is_measured() -> None:
    assert set(MEASUREMENTS) == TAKEN


def test_a_condition_is_read_as_written(tmp_path: Path) -> None:
    ((condition,),) = (pattern.conditions for pattern in read_patterns(written(tmp_path)))
    assert (condition.of, condition.group, condition.year) == (("user_share",), ("task", "cash"), 2010)
    assert (condition.low, condition.target, condition.high) == (0.7, 0.8, 0.9)
    assert condition.where.endswith("own.yaml:10")


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("    source: Somebody 2020\n", "", "P1 lacks source", 3),
        ("source: Somebody 2020", "source: ''", "P1.source has the wrong type", 6),
        (
            "target: 0.8",
            "target: 0.95",
            "target lies outside its own tolerance; expected a number in [0.7, 0.9]",
            16,
        ),
        ("target: 0.8", "target: .nan", "target is not possible", 16),
        ("        low: 0.7\n        high: 0.9\n", "", "lacks its tolerance; expected low, high, or both", 11),
        ("low: 0.7", "low: 0.95", "low lies above high", 17),
        ("measurement: level", "measurement: levl", "unknown measurement; expected", 11),
        ("measurement: level", "measurement: levl", "did you mean level?", 11),
        ("of: user_share", "of: user_shares", "unknown measure; expected", 12),
        ("of: user_share", "of: user_shares", "did you mean user_share?", 12),
        ("of: user_share", "of: []", "of names no measure", 12),
        ("{task: cash}", "{task: csah}", "did you mean cash?", 13),
        ("{task: cash}", "{tusk: cash}", "unknown dimension", 13),
        ("{task: cash}", "{task: cash, age: 65+}", "is not one group", 13),
        ("        year: 2010\n", "", "lacks year", 11),
        ("year: 2010", "year: 1985", "year is not possible; expected a whole number from 1990 to 2030", 14),
        ("role: emerged", "role: emergent", "unknown role of P1", 5),
        ("    verdict: passed\n", "", "P1 lacks verdict", 3),
        ("verdict: passed", "verdict: maybe", "unknown verdict of P1; expected one of passed, open", 7),
        ("tolerance: a guess", "tolerence: a guess", "did you mean tolerance?", 19),
        ("P1:", "1 1:", "has no usable name", 2),
        ("unit: share", "reported: true\n        unit: share", "unknown key target", 17),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, old: str, new: str, said: str, line: int
) -> None:
    file = written(tmp_path, old, new)
    with pytest.raises(CatalogueError) as caught:
        read_patterns(file)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{file}:{line}: ")


def test_a_pattern_stands_in_the_file_once(tmp_path: Path) -> None:
    file = written(tmp_path)
    file.write_text(ONE + ONE.partition("\n")[2], encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"own\.yaml:20: duplicate key P1 in patterns"):
        read_patterns(file)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file of patterns is empty"),
        ("patterns: {}\n", "patterns is empty"),
        ("patterns: [1]\n", "patterns has the wrong type"),
        ("paterns: {}\n", "did you mean patterns?"),
        ("a: [\n", "not valid YAML"),
        (ONE.partition("conditions:")[0] + "conditions: {}\n", "P1.conditions is empty"),
        (ONE.partition("  in 2010:")[0] + "  in 2010: 3\n", "has the wrong type; expected a mapping"),
    ],
)
def test_what_holds_no_patterns_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        read_patterns(file)
    assert said in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="the file of patterns cannot be read"):
        read_patterns(tmp_path / "none.yaml")


def test_what_is_only_reported_has_no_target(tmp_path: Path) -> None:
    bare = ONE.partition("        target")[0] + "        reported: true\n"
    file = tmp_path / "own.yaml"
    file.write_text(bare, encoding="utf-8")
    ((condition,),) = (pattern.conditions for pattern in read_patterns(file))
    assert condition.reported
    assert condition.target != condition.target
