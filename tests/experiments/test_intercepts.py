"""The command that solves intercepts: how well anchors are met, and the copy of the catalogue."""

import json
import re
from pathlib import Path

import pytest

from experiments.errors import BadInput
from experiments.intercepts import anchored_fits, solved_text, write_solved
from model.intercepts import Fit
from model.tasks import load_catalogue

OWN = """\
# my own catalogue
sectors:
  shop:
    label: Shops
    firms: 3
    wage: 21
    other_cost: 200
    mark_up: 0.03
    other_labour_share: 0.5
    fallback: 0.75

tasks:
  # a till that the customer works
  till:
    label: Till   # what it is called
    sector: shop
    kind: service
    occasions: 50
    business_occasions: 0
    eligible_share: 1
    employee_minutes: 2
    staffed_minutes: 5
    way_share: 0.3
    staffed_cost: 1.5
    human_content: 0.2
    money_share: 0
    rebound: 0
    channels:
      scanner:
        label: Scanner
        access: none
        introduced: 1980
        minutes: 4
        skill: 0.2
        enjoyment: 0.2
        autonomy: 0.5
        self_realisation: 0.1
        responsibility: 0.2
        unit_cost: 0.1
        fixed_cost: 500
        success: 0.98
        attended_share: 0.1
        initial_share: 0.8
    anchors:
      - {year: 1990, basis: occasions, value: 0.3, source: a census}

# the end
"""
TINY = ("--seeds", "1", "--rounds", "1", "--consumers", "60")


@pytest.fixture
def own(write):
    write(OWN, "own.yaml")
    return "own.yaml"


def test_each_anchor_is_shown_with_its_gap_and_nothing_is_written(own, command, folder):
    answer = command("intercepts", *TINY, "--tasks", own)
    assert answer.code == 0
    assert re.search(
        r"tasks\.till\.intercept +1990 +occasions +30\.0 % +[\d.]+ % +[+-][\d.]+ +0\.000", answer.out
    )
    assert re.search(r"[01] of 1 anchors are met .* the largest gap is [\d.]+ \(tasks", answer.out)
    assert [path.name for path in folder.iterdir()] == ["own.yaml"]


def test_json_is_one_object_with_every_anchor(own, command):
    found = json.loads(command("intercepts", *TINY, "--tasks", own, "--json").out, parse_constant=pytest.fail)
    anchor = found["anchors"][0]
    assert (found["seeds"], found["rounds"], found["consumers"], found["out"]) == ([101], 1, 60, None)
    assert (anchor["name"], anchor["target"], anchor["before"]) == ("tasks.till.intercept", 0.3, 0.0)
    assert found["largest_gap"] == abs(anchor["simulated"] - anchor["target"]) == abs(anchor["gap"])
    assert anchor["met"] is (found["largest_gap"] <= 0.02)


def test_the_same_settings_give_the_same_intercepts(own, command):
    once, again = (command("intercepts", *TINY, "--tasks", own, "--json").out for _ in range(2))
    assert once == again


def test_the_copy_keeps_comments_and_layout_and_holds_what_was_solved(own, command, folder):
    found = json.loads(command("intercepts", *TINY, "--tasks", own, "--out", "new.yaml", "--json").out)
    written = (folder / "new.yaml").read_text(encoding="utf-8").splitlines()
    added = [line for line in written if line not in OWN.splitlines()]
    assert [line for line in written if line not in added] == OWN.splitlines()
    assert len(added) == 1
    assert added[0].endswith("source: solved by the command intercepts on seed 101}")
    after = load_catalogue(folder / "new.yaml").tasks[0].intercept
    assert after == pytest.approx(found["anchors"][0]["after"], abs=1e-4)
    assert (folder / own).read_text(encoding="utf-8") == OWN


def test_the_package_s_catalogue_keeps_every_other_line():
    source = Path(load_catalogue().source_path)
    before = source.read_text(encoding="utf-8")
    after = solved_text(source, {"tasks.transfer.online.intercept": -0.5}, "a test")
    changed = [
        pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if len(set(pair)) > 1
    ]
    assert len(changed) == 1
    assert 'intercept: {value: -0.5, low: -10, high: 10, source: "a test"}' in changed[0][1]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"year": 1985}, "before 1990, when simulating starts"),
        ({"coverage": 0.3}, "only 30 % of customers are offered it"),
        ({"coverage": 0.0, "simulated": 0.0}, "none of customers are offered it"),
        ({"intercept": 9.5}, "its intercept is at a bound"),
        ({}, "more rounds, seeds or consumers would come closer"),
        ({"simulated": 0.59}, ""),
    ],
)
def test_an_anchor_that_is_not_met_says_why(change, reason):
    fit = Fit("tasks.cash.intercept", 2010, "occasions", 0.6, 0.2, 0.9, 1.0, "a census")._replace(**change)
    row = anchored_fits(load_catalogue(), [fit])[0]
    assert (row.met, row.reason) == (not reason, reason)


def test_two_anchors_that_share_an_intercept_cannot_both_be_met():
    fit = Fit("tasks.cash.intercept", 2010, "occasions", 0.6, 0.2, 0.9, 1.0, "a census")
    rows = anchored_fits(load_catalogue(), [fit, fit._replace(year=2000)])
    assert {row.reason for row in rows} == {"its intercept serves another anchor too"}


BAD = {
    "no seed": (["--seeds", "0"], "--seeds is not valid; expected a whole number from 1 to 100; got '0'"),
    "half a round": (["--rounds", "1.5"], "--rounds is not valid"),
    "nobody": (["--consumers", "0"], "--consumers is not valid"),
    "a word": (["--consumers", "many"], "got 'many'"),
    "no file": (["--tasks", "nowhere.yaml"], "no such file"),
    "near miss": (["--tasks", "own.yml"], "did you mean 'own.yaml'?"),
    "a folder": (["--tasks", "."], "no regular file"),
    "an endless file": (["--tasks", "/dev/zero"], "no regular file"),
    "no catalogue": (["--tasks", "notes.txt"], "notes.txt:1: "),
    "no anchors": (["--tasks", "plain.yaml"], "plain.yaml: no task has anchors to solve against"),
    "a folder to write": (["--out", "."], "--out . is a folder"),
    "nothing to write": (["--out", ""], "--out '' is no file"),
    "no such folder": (["--out", "a/b.yaml"], "cannot be written (No such file or directory)"),
    "a name too long": (["--out", "x" * 300], "cannot be written (File name too long)"),
    "something else": (["--out", "notes.txt"], "--out notes.txt holds something else"),
    "unknown option": (["--seed", "3"], "did you mean '--seeds'?"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_ends_with_one_message_and_writes_nothing(own, write, command, folder, name):
    write("milk, eggs\n", "notes.txt")
    write(OWN[: OWN.index("    anchors:")], "plain.yaml")
    arguments, reason = BAD[name]
    answer = command("intercepts", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert reason in answer.err
    assert sorted(path.name for path in folder.iterdir()) == ["notes.txt", "own.yaml", "plain.yaml"]


def test_tasks_that_share_a_line_are_refused(write, folder):
    task = OWN[OWN.index("  till:") : OWN.index("# the end")].replace(
        "kind:", "intercept: &i {value: 1}\n    kind:"
    )
    other = task.replace("  till:", "  counter:").replace("&i {value: 1}", "*i")
    source, target = (
        write(OWN.replace("# the end", task + other).replace("  till:", "  first:", 1)),
        folder / "new",
    )
    with pytest.raises(BadInput, match="shares its line with another task"):
        write_solved(target, source, {"tasks.till.intercept": 0.5, "tasks.counter.intercept": -0.5}, [101])
    assert [path.name for path in folder.iterdir()] == ["mine.yaml"]
