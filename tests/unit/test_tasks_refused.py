"""Does every faulty catalogue end in one message with file, line, what was expected and got?"""

import re
from pathlib import Path

import pytest

from model.tasks import CatalogueError, load_catalogue

SMALL = """\
sectors:
  bank:
    label: {en: Banks, de: Banken}
    firms: 3
    wage: 42
    other_cost: 20
    mark_up: 0.12
    other_labour_share: 0.6
    fallback: 0.75
tasks:
  cash:
    label: Cash
    sector: bank
    kind: service
    occasions: {value: 28, low: 10, high: 50, source: assumption}
    business_occasions: 2
    eligible_share: 1
    employee_minutes: 2.5
    staffed_minutes: 6
    way_share: 0.6
    staffed_cost: 3.5
    human_content: 0.2
    money_share: 0.2
    rebound: 0.1
    channels:
      machine:
        label: Machine
        access: none
        introduced: 1980
        minutes: 3.5
        skill: 0.2
        enjoyment: 0.15
        autonomy: 0.65
        self_realisation: 0.05
        responsibility: 0.2
        co_design: 0
        unit_cost: 0.4
        fixed_cost: 9000
        success: 0.99
        attended_share: 0.05
    anchors:
      - {year: 2010, basis: occasions, value: 0.86, source: a census}
"""
CHANNEL = re.search(r"      machine:\n(.*?)    anchors", SMALL, re.DOTALL).group(1)
TASK = SMALL[SMALL.index("  cash:") :]


@pytest.fixture
def written(tmp_path):
    def write(text: str) -> Path:
        path = tmp_path / "own.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def refusal(path: Path | str) -> CatalogueError:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(path)
    return caught.value


def test_a_short_own_catalogue_is_enough(written):
    catalogue = load_catalogue(written(SMALL))
    task, numbers = catalogue.tasks[0], {number.name: number for number in catalogue.numbers()}
    assert (task.counter, task.intercept, task.channels[0].leakage) == ("cash", 0.0, 0.0)
    assert (numbers["tasks.cash.staffed_minutes"].low, numbers["tasks.cash.staffed_minutes"].high) == (
        3.0,
        12.0,
    )
    assert numbers["tasks.cash.way_share"].high == 1.0
    assert numbers["tasks.cash.staffed_minutes"].source == "not stated"
    assert numbers["tasks.cash.occasions"].source == "assumption"


FAULTS = [
    ("kind: service", "kind: service\n    knid: service", 15, "unknown key knid", "did you mean kind?"),
    ("    mark_up: 0.12\n", "", 3, "sectors.bank lacks mark_up", "the key mark_up"),
    ("    wage: 42", "    wage: high", 5, "sectors.bank.wage has the wrong type", "a number; got 'high'"),
    ("    wage: 42", "    wage: [42]", 5, "wrong type", "a number; got a list"),
    ("    wage: 42", "    wage:", 5, "wrong type", "a number; got nothing"),
    ("    wage: 42", "    wage: yes", 5, "wrong type", "a number; got 'yes'"),
    ("    wage: 42", "    wage: .nan", 5, "not possible", "got not a number"),
    ("    wage: 42", "    wage: .inf", 5, "not possible", "a finite number in [0, 1e+06] EUR/h; got inf"),
    ("    wage: 42", f"    wage: {'9' * 400}", 5, "wrong type", "a number"),
    ("    wage: 42", "    wage: {value: 42, low: 50}", 5, "outside its own bounds", "[50, 84]; got 42"),
    ("    wage: 42", "    wage: {value: 42, hgih: 50}", 5, "unknown key hgih", "did you mean high?"),
    ("    wage: 42", "    wage: {low: 42}", 5, "sectors.bank.wage lacks value", "the key value"),
    ("    firms: 3", "    firms: 2.5", 4, "sectors.bank.firms", "a whole number in [1, 1000]; got 2.5"),
    ("    firms: 3", "    firms: 3\n    captive: maybe", 5, "captive", "true or false; got 'maybe'"),
    ("staffed_minutes: 6", "staffed_minutes: -6", 19, "staffed_minutes", "in [0, 100000] min; got -6"),
    ("staffed_minutes: 6", "staffed_minutes: 0", 19, "no staffed alternative", "more than 0 min"),
    ("employee_minutes: 2.5", "employee_minutes: 0", 18, "no staffed alternative", "more than 0 min"),
    (
        "kind: service",
        "kind: contribution",
        18,
        "no staffed channel",
        "employee_minutes; expected 0; got 2.5",
    ),
    ("way_share: 0.6", "way_share: 1.2", 20, "way_share", "in [0, 1]; got 1.2"),
    ("skill: 0.2", "skill: -0.1", 31, "tasks.cash.machine.skill", "in [0, 1]; got -0.1"),
    ("co_design: 0", "co_design: 4", 36, "co_design", "a whole number in [0, 3] level; got 4"),
    ("sector: bank", "sector: banc", 13, "unknown tasks.cash.sector", "did you mean bank?"),
    ("kind: service", "kind: servce", 14, "unknown tasks.cash.kind", "did you mean service?"),
    ("access: none", "access: intranet", 28, "unknown tasks.cash.machine.access", "did you mean internet?"),
    ("access: none", "access: internet", 29, "precedes its access technology", "≥ 1990; got 1980"),
    (
        "access: none\n        introduced: 1980",
        "access: mobile\n        introduced: 2006",
        29,
        "precedes",
        "≥ 2007",
    ),
    ("  cash:", "  Cash:", 11, "bad name in tasks", "lower-case"),
    (
        "    sector: bank",
        "    sector: bank\n    sector: bank",
        14,
        "duplicate key sector",
        "first on line 13",
    ),
    (
        "      machine:",
        "      skill:\n" + CHANNEL + "      skill:",
        41,
        "duplicate key skill",
        "every key once",
    ),
    ("      machine:", "      rebound:", 26, "named like a number of the task", "another name"),
    (", source: a census}", "}", 42, "tasks.cash.anchors lacks source", "the key source"),
    (
        "basis: occasions",
        "basis: persons_4m",
        42,
        "unknown tasks.cash.anchors.basis",
        "did you mean persons_3m?",
    ),
    ("value: 0.86", "value: 86", 42, "tasks.cash.anchors.value", "in [0, 1]; got 86"),
    ("year: 2010", "year: 1970, channel: machine", 42, "does not exist yet", "a year ≥ 1980; got 1970"),
    ("year: 2010", "year: 2010, channel: machin", 42, "anchors.channel", "did you mean machine?"),
    ("label: Cash", "label: {de: Bargeld}", 12, "tasks.cash.label lacks en", "the key en"),
    ("label: Cash", "label: 5", 12, "tasks.cash.label has the wrong type", "a text; got '5'"),
    ("tasks:\n", "tasks:\n" + TASK, 43, "duplicate key cash in tasks", "first on line 11"),
    (
        "    channels:\n      machine:\n" + CHANNEL,
        "    channels: {}\n",
        25,
        "channels is empty",
        "at least one",
    ),
    ("sectors:", "sectors: [", 3, "not valid YAML", "YAML 1.2"),
]


@pytest.mark.parametrize(("old", "new", "line", "what", "expected"), FAULTS)
def test_a_fault_is_named_with_its_line(written, old, new, line, what, expected):
    path = written(SMALL.replace(old, new, 1))
    error = refusal(path)
    assert str(error).startswith(f"{path}:{line}: ")
    assert what in str(error)
    assert expected in str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("count", "section", "entry", "message"),
    [
        (
            9,
            "sectors:\n",
            SMALL[SMALL.index("  bank:") : SMALL.index("tasks:")],
            "sectors; expected at most 8",
        ),
        (32, "tasks:\n", TASK, "tasks; expected at most 31"),
        (16, "    channels:\n", "      machine:\n" + CHANNEL, "channels; expected at most 15"),
    ],
)
def test_more_than_a_bit_mask_holds_is_refused(written, count, section, entry, message):
    name = entry.split(":")[0]
    copies = "".join(entry.replace(name, f"{name}_{i}", 1) for i in range(count - 1))
    assert message in str(refusal(written(SMALL.replace(section, section + copies, 1))))


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_an_empty_file_is_refused(written, text):
    assert "the catalogue is empty" in str(refusal(written(text)))


def test_a_list_is_no_catalogue(written):
    assert "expected a mapping; got a list" in str(refusal(written("- sectors\n- tasks\n")))


def test_two_documents_are_refused(written):
    assert "not valid YAML" in str(refusal(written(SMALL + "---\n" + SMALL)))


def test_a_binary_file_is_refused(tmp_path):
    path = tmp_path / "picture.yaml"
    path.write_bytes(b"sectors:\n\x89PNG\xff\x00")
    assert str(refusal(path)).startswith(f"{path}:2: the catalogue is not text")


def test_control_characters_are_refused(written):
    assert "not valid YAML" in str(refusal(written("sectors: \x00\x01\n")))


def test_a_directory_is_refused(tmp_path):
    assert "cannot be read" in str(refusal(tmp_path))


def test_a_missing_file_is_refused(tmp_path):
    assert "No such file" in str(refusal(str(tmp_path / "absent.yaml")))


def test_an_unreadable_file_is_refused(written, monkeypatch):
    path = written(SMALL)

    def deny(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", deny)
    assert "expected a readable YAML file; got Permission denied" in str(refusal(path))


def test_a_sector_needs_a_task_and_is_not_called_all(tmp_path: Path) -> None:
    sector = SMALL.split("tasks:\n", maxsplit=1)[0].split("sectors:\n")[1]
    path = tmp_path / "own.yaml"
    for name, said in (("idle", "sector idle has no task"), ("all", "a sector is called all")):
        path.write_text(
            SMALL.replace("tasks:\n", sector.replace("bank:", f"{name}:") + "tasks:\n", 1), encoding="utf-8"
        )
        with pytest.raises(CatalogueError, match=rf"own.yaml:10: {said}"):
            load_catalogue(path)


def test_what_is_no_regular_file_is_refused_at_once() -> None:
    with pytest.raises(CatalogueError, match="Not a regular file"):
        load_catalogue("/dev/zero")
