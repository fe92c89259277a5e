"""The ODD says what the code does: tables, schedule, names, tests and decision records."""

import ast
import re
import subprocess
import sys

import pytest

from model import odd
from model.measures import MEASURES
from model.parameters import declarations

RECORDS = r"\d{4}-[a-z0-9-]+\.md"
PARTS = ("## Choice", "## What the literature says", "## Alternatives", "## Consequence")


@pytest.fixture(scope="module")
def page():
    """Return the ODD as it stands."""
    return odd.PAGE.read_text(encoding="utf-8")


def concept_map(page):
    """Return the rows of the concept map as lists of cells."""
    lines = page.split("## 8. Concept map")[1].split("## 9.")[0].splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("| C")
    ]


def test_every_table_is_as_the_code_has_it(page):
    assert odd.rewritten(page) == page, "run python -m model.odd"


def test_every_table_stands_in_the_page(page):
    assert set(re.findall(r"<!-- generated: (\w+) -->", page)) == set(odd.TABLES)


def test_a_stale_page_is_told_and_then_mended(tmp_path, monkeypatch, page):
    stale = tmp_path / "ODD.md"
    stale.write_text(page.replace("| `firm.imitation` |", "| `firm.mimicry` |"), encoding="utf-8")
    monkeypatch.setattr(odd, "PAGE", stale)
    assert odd.main(["--check"]) == 1
    assert odd.main([]) == 0
    assert odd.main(["--check"]) == 0
    assert stale.read_text(encoding="utf-8") == page


def test_the_command_checks_the_page(root):
    command = [sys.executable, "-m", "model.odd", "--check"]
    assert subprocess.run(command, cwd=root, capture_output=True, check=False).returncode == 0


def test_section_three_reads_line_for_line_like_a_month(page):
    section = page.split("## 3. Process")[1].split("## 4.")[0]
    told = re.findall(r"^\d+\. `(\w+)`:", section, re.MULTILINE)
    assert told == [name for _, name, _ in odd.schedule()]


def test_every_claim_keeps_its_row(page):
    assert [row[0] for row in concept_map(page)] == [f"C{number}" for number in range(1, 21)]


def test_the_concept_map_names_measures_and_parameters_that_exist(page):
    known = {*MEASURES, "offered_share", "segment"} | {d.name.rpartition(".")[2] for d in declarations()}
    cells = " ".join(row[3] for row in concept_map(page))
    named = {name.rpartition(".")[2] for name in re.findall(r"`([\w.]+)`", cells)}
    assert named <= known


def test_every_file_that_the_page_names_exists(page, root):
    files = set(re.findall(r"`((?:agents|model|tests|experiments)/[\w/.]+\.\w+)", page))
    assert {file for file in files if not (root / file).is_file()} == set()


def test_every_test_that_the_page_names_exists(page, root):
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page))
    trees = {file: ast.parse((root / file).read_text(encoding="utf-8")) for file, _ in named}
    functions = {
        (file, node.name)
        for file, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }
    assert named
    assert named <= functions


def test_every_decision_record_is_listed_and_complete(root):
    folder = root / "model" / "decisions"
    records = sorted(path.name for path in folder.glob("0*.md"))
    listed = re.findall(rf"\(({RECORDS})\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert records == sorted(listed)
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in records}
    assert {name for name, text in texts.items() if not text.startswith(f"# {name[:4]} ")} == set()
    assert {name for name, text in texts.items() for part in PARTS if part not in text} == set()


def test_every_decision_record_that_is_cited_exists(root):
    written = {path.name[:4] for path in (root / "model" / "decisions").glob("0*.md")}
    kinds = [
        root.glob(f"{folder}/**/*.{end}") for folder in ("agents", "model") for end in ("py", "yaml", "md")
    ]
    texts = [path.read_text(encoding="utf-8") for paths in kinds for path in paths]
    cited = {number for text in texts for number in re.findall(r"decision\s+records?\s+(\d{4})", text)}
    assert cited
    assert cited <= written
