"""What CONVENTIONS asks for and a linter cannot see."""

import ast
import re
from pathlib import PurePosixPath

import pytest

VAGUE = {"utils", "util", "helpers", "helper", "base", "common", "types"}
BANNED = ("random.", "np.random", "numpy.random")  # ruff's TID251 refuses the imports


def functions(source):
    """Return the functions at the top level of a file."""
    return [node for node in source.tree.body if isinstance(node, ast.FunctionDef)]


def rules(source):
    """Return the compiled rules of a file."""
    return [f for f in functions(source) if any(ast.unparse(d) == "rule" for d in f.decorator_list)]


def test_a_file_is_named_for_its_idea(source):
    assert PurePosixPath(source.path).stem not in VAGUE


def test_luck_comes_from_addressed_draws_alone(source):
    used = {ast.unparse(node) for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)}
    ordered = {name for name in used if name.startswith(BANNED)}
    assert not ordered, f"{source.path} draws in order: {', '.join(sorted(ordered))}"


def test_no_model_is_seeded_the_old_way(source):
    calls = [node for node in ast.walk(source.tree) if isinstance(node, ast.Call)]
    models = [c for c in calls if re.search(r"(^|\.)Model$|^super\(\)\.__init__$", ast.unparse(c.func))]
    assert not [c for c in models if any(keyword.arg == "seed" for keyword in c.keywords)], "Model(seed=…)"


def test_a_rule_takes_at_most_eight_numbers(rule_file):
    long = [f.name for f in rules(rule_file) if len(f.args.args + f.args.kwonlyargs) > 8]
    assert not long, f"{rule_file.path}: {', '.join(long)}"


def test_a_rule_shows_a_worked_number(rule_file):
    silent = [f.name for f in rules(rule_file) if ">>>" not in (ast.get_docstring(f) or "")]
    assert not silent, f"{rule_file.path}: no example in {', '.join(silent)}"


@pytest.mark.parametrize("folder", ["agents", "model", "experiments", "viz", "benchmarks", "tests"])
def test_what_is_to_be_done_has_an_issue(root, folder):
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b(?!.*#\d)")
    files = [file for ending in ("py", "yaml") for file in (root / folder).rglob(f"*.{ending}")]
    loose = [file.name for file in files if marks.search(file.read_text(encoding="utf-8"))]
    assert not loose, f"without an issue's number: {', '.join(loose)}"
