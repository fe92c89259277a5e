"""TRACE names what proves each claim, and all of it exists."""

import ast
import json
import re
import tomllib

import pytest

from experiments.yaml_lines import read_yaml

HEADINGS = (
    "Problem formulation",
    "Model description",
    "Data evaluation",
    "Conceptual model evaluation",
    "Implementation verification",
    "Model output verification",
    "Model analysis",
    "Model output corroboration",
)
"""Of Grimm et al. (2014), in their order."""
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@pytest.fixture
def page(root):
    return (root / "docs" / "TRACE.md").read_text(encoding="utf-8")


def functions(root, file):
    tree = ast.parse((root / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def claims(page):
    lines = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| Claim")]
    return [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in lines]


def test_the_eight_headings_stand_in_their_order(page):
    assert tuple(re.findall(r"^## \d\. (.+)$", page, re.MULTILINE)) == HEADINGS


def test_every_heading_proves_something(page):
    parts = page.split("\n## ")[1:]
    assert [bool(NAMED.search(part)) for part in parts] == [True] * len(HEADINGS)


def test_every_claim_names_what_proves_it(page):
    assert claims(page)
    assert [claim for claim, proof in claims(page) if not NAMED.search(proof)] == []


def test_every_test_that_is_named_exists(page, root):
    named = set(NAMED.findall(page))
    missing = {f"{file}::{name}" for file, name in named if name not in functions(root, file)}
    assert len(named) > 40
    assert missing == set()


def test_every_test_in_the_page_is_read_by_this_test(page):
    assert len(re.findall(r"tests/[\w/]+\.py::", page)) == len(NAMED.findall(page))


def test_every_file_that_is_named_exists(page, root):
    files = set(re.findall(r"`((?:agents|model|tests|experiments|docs)/[\w/.]+\.\w+)`", page))
    assert {file for file in files if not (root / file).is_file()} == set()


def test_metadata_agree_with_the_package(root):
    told = json.loads((root / "codemeta.json").read_text(encoding="utf-8"))
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    cited = read_yaml(root / "CITATION.cff").plain()
    assert {told["version"], project["version"], str(cited["version"])} == {project["version"]}
    assert told["license"].endswith(project["license"])
    assert cited["license"] == project["license"]
    assert told["description"].split() == str(cited["abstract"]).split()
