"""Every kind of bad experiment file ends in one message with file, line and the nearest valid name."""

import pytest

from experiments.config import load_experiment
from experiments.errors import BadInput

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcde", "bcdef", strict=True)
)
FILES = {
    "unknown key": ("title: x\nmonhts: 3\n", "mine.yaml:2", "did you mean 'months'?"),
    "wrong type": ("months: many\n", "mine.yaml:1", "whole number of months from 1 to 2400; got 'many'"),
    "a fraction of a month": ("months: 4.5\n", "mine.yaml:1", "got 4.5"),
    "truth as a number": ("seed: true\n", "mine.yaml:1", "got true"),
    "no month": ("months: 0\n", "mine.yaml:1", "got 0"),
    "absurd horizon": ("months: 2401\n", "mine.yaml:1", "2400"),
    "no replication": ("replications: 0\n", "mine.yaml:1", "from 1 to"),
    "negative seed": ("seed: -1\n", "mine.yaml:1", "got -1"),
    "thirteenth month": ("start: 1990-13\n", "mine.yaml:1", "written like 1990-01; got '1990-13'"),
    "a day": ("start: 1990-01-01\n", "mine.yaml:1", "written like 1990-01"),
    "before 1900": ("start: 1899-12\n", "mine.yaml:1", "1900-01 to 2100-12"),
    "after 2100": ("start: 2101-01\n", "mine.yaml:1", "1900-01 to 2100-12"),
    "unknown parameter": (
        "parameters:\n  firm.imitaton: 4\n",
        "mine.yaml:2",
        "did you mean 'firm.imitation'?",
    ),
    "out of bounds": ("parameters:\n  firm.imitation: 99\n", "mine.yaml:2", "[0, 8]"),
    "not a number": ("parameters:\n  firm.imitation: .nan\n", "mine.yaml:2", "a finite number; got .nan"),
    "infinite": ("parameters:\n  firm.imitation: .inf\n", "mine.yaml:2", "a finite number; got .inf"),
    "a word as a number": ("parameters:\n  firm.imitation: high\n", "mine.yaml:2", "got 'high'"),
    "a nested parameter": (
        "parameters:\n  firm:\n    imitation: 4\n",
        "mine.yaml:2",
        "names are dotted: `group.name: value`",
    ),
    "a parameter at the top": ("firm.imitation: 4\n", "mine.yaml:1", "parameters below `parameters:`"),
    "a group at the top": ("firm: {imitation: 4}\n", "mine.yaml:1", "parameters below `parameters:`"),
    "a quoted number": ("parameters: {firm.imitation: '4'}\n", "mine.yaml:1", "text in quotation marks"),
    "nothing as a number": ("parameters: {firm.imitation: ~}\n", "mine.yaml:1", "got nothing (null)"),
    "a bell in the title": ('title: "a\\x07b"\n', "mine.yaml:1", "one line of text"),
    "a title of two lines": ('title: "a\\nb"\n', "mine.yaml:1", "one line of text"),
    "a title without end": (f"title: {'x' * 500}\n", "mine.yaml:1", "one line of text"),
    "a zero byte in a path": ('tasks: "a\\0b"\n', "mine.yaml:1", "a zero byte in a path"),
    "huge population": ("parameters: {population.consumers: 1e12}\n", "mine.yaml:1", "population.consumers"),
    "unknown sector": ("parameters: {economy.sectors: bnak}\n", "mine.yaml:1", "did you mean 'bank'?"),
    "unknown measure": ("measures:\n  - adopter_shar\n", "mine.yaml:2", "did you mean 'adopter_share'?"),
    "a measure twice": ("measures: [rollbacks, rollbacks]\n", "mine.yaml:1", "named twice"),
    "half a letter": ('title: "\\ud800"\n', "mine.yaml:1", "half of a character"),
    "no measure": ("measures: []\n", "mine.yaml:1", "at least one measure"),
    "missing driver": ("drivers: {access: {file: nowhere.csv, geo: AT}}\n", "mine.yaml:1", "no such file"),
    "unknown driver": ("drivers: {acess: {file: x.csv}}\n", "mine.yaml:1", "did you mean 'access'?"),
    "missing tasks": ("tasks: nowhere.yaml\n", "mine.yaml:1", "no such file"),
    "empty": ("", "mine.yaml", "the file is empty"),
    "comment only": ("# nothing\n", "mine.yaml", "the file is empty"),
    "a list": ("- a\n", "mine.yaml:1", "no mapping"),
    "malformed": ("title: [a\n", "mine.yaml:1", "malformed YAML"),
    "tab": ("parameters:\n\tfirm.imitation: 4\n", "mine.yaml:2", "a tab"),
    "duplicate key": ("months: 1\nseed: 2\nmonths: 3\n", "mine.yaml:3", "duplicate key 'months'"),
    "two documents": ("months: 1\n---\nmonths: 2\n", "mine.yaml:2", "malformed YAML"),
    "foreign tag": ("title: !!python/object/apply:os.getcwd []\n", "mine.yaml:1", "unknown tag"),
    "merge key": ("<<: {months: 3}\n", "mine.yaml:1", "unknown key '<<'"),
    "number as key": ("1: 2\n", "mine.yaml:1", "a key is no name"),
    "alias bomb": (BOMB, "mine.yaml:", "too many values"),
    "self-containing alias": ("title: &a [*a]\n", "mine.yaml", "nested too deeply"),
    "deep nesting": ("title: " + "{a: " * 5000, "mine.yaml", "nested too deeply"),
    "Latin-1": ("title: \xe9t\xe9\n".encode("latin-1"), "mine.yaml:1", "UTF-8"),
    "binary": (b"\x7fELF\x00\x01", "mine.yaml:1", "binary"),
    "UTF-16": ("months: 3\n".encode("utf-16"), "mine.yaml:1", "UTF-8"),
    "huge": (b"# " + b"x" * 2_000_000, "mine.yaml", "too large"),
    "unknown parent": ("title: x\nextends: bankng\n", "mine.yaml:2", "did you mean 'banking'?"),
    "itself as parent": ("extends: mine.yaml\n", "mine.yaml:1", "mine.yaml → mine.yaml"),
    "two roles": (
        "parameters: {firm.imitation: 4}\nlevers: {firm.imitation: {values: [1, 2]}}\n",
        "mine.yaml:2",
        "stands in parameters and in levers",
    ),
    "precision and number": (
        "precision: {adopter_share: 0.1}\nreplications: 3\n",
        "mine.yaml:1",
        "contradict each other",
    ),
    "no design": ("uncertainties: [firm.imitation]\n", "mine.yaml:1", "need a design"),
    "unknown design": ("design: {kind: latinhypercube}\n", "mine.yaml:1", "'latin_hypercube'"),
    "range beyond bounds": (
        "uncertainties: {firm.imitation: [0, 80]}\ndesign: {kind: sobol, points: 4}\n",
        "mine.yaml:1",
        "[0, 8]",
    ),
    "empty range": (
        "uncertainties: {firm.imitation: [3, 2]}\ndesign: {kind: sobol, points: 4}\n",
        "mine.yaml:1",
        "an empty range",
    ),
    "unknown distribution": (
        "uncertainties: {firm.imitation: {distribution: cauchy}}\ndesign: {kind: sobol, points: 4}\n",
        "mine.yaml:1",
        "'triangular'",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused_with_its_place_and_reason(write, name):
    content, place, reason = FILES[name]
    write(content)
    with pytest.raises(BadInput) as refused:
        load_experiment("mine.yaml")
    message = str(refused.value)
    assert place in message
    assert reason in message


def test_all_problems_of_a_file_are_named_in_the_order_of_its_lines(write):
    write("monhts: 3\nseed: -1\nparameters:\n  firm.imitaton: 1\n  firm.imitation: 99\nmeasures: [nothing]\n")
    with pytest.raises(BadInput) as refused:
        load_experiment("mine.yaml")
    lines = [problem.where for problem in refused.value.problems]
    assert lines == [f"mine.yaml:{line}" for line in (1, 2, 4, 5, 6)]


def test_a_circle_of_files_is_shown_as_a_chain(write):
    write("extends: b.yaml\n", "a.yaml")
    write("extends: a.yaml\n", "b.yaml")
    with pytest.raises(BadInput, match=r"a\.yaml → b\.yaml → a\.yaml"):
        load_experiment("a.yaml")


def test_a_chain_of_files_has_an_end(write):
    for link in range(60):
        write(f"extends: {link + 1}.yaml\n", f"{link}.yaml")
    with pytest.raises(BadInput, match="too many files extend each other; expected at most 50"):
        load_experiment("0.yaml")


def test_a_fault_of_the_extended_file_is_placed_there(write):
    write("months: none\n", "base.yaml")
    write("extends: base.yaml\ntitle: x\n", "child.yaml")
    with pytest.raises(BadInput, match=r"base\.yaml:1: months is not valid"):
        load_experiment("child.yaml")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("bankng", "did you mean 'banking'?"),
        ("", "unknown experiment"),
        ("nowhere/mine.yaml", "no such file"),
        (".", "this is a folder"),
        ("x" * 5000, "cannot be read"),
        ("/dev/null", "not a regular file"),
    ],
)
def test_an_experiment_that_is_not_there_is_refused(name, reason):
    with pytest.raises(BadInput, match=reason):
        load_experiment(name)


def test_an_unreadable_file_is_refused(write, monkeypatch):
    path = write("months: 3\n")
    opening = type(path).open

    def denied(self, *arguments, **keywords):
        if self.name == "mine.yaml":
            raise PermissionError(13, "Permission denied")
        return opening(self, *arguments, **keywords)

    monkeypatch.setattr(type(path), "open", denied)
    with pytest.raises(BadInput, match="cannot be read \\(Permission denied\\)"):
        load_experiment("mine.yaml")
