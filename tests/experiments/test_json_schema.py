"""Editors know what an experiment file may contain."""

import json

import jsonschema
import pytest

from experiments.errors import BadInput
from experiments.inheritance import CATALOGUE
from experiments.json_schema import PUBLISHED, schema_text
from experiments.yaml_lines import parse_yaml, read_yaml

MODELINE = "# yaml-language-server: $schema=../experiment.schema.json"
FILES = sorted(CATALOGUE.glob("*.yaml"))
REFUSED = (
    "months: 0",
    "monts: 12",
    "start: 1990-13",
    "parameters: {firm.imitaton: 1}",
    "parameters: {firm.imitation: 99}",
    "parameters: {network.family: star}",
    "measures: [adopter_shar]",
    "precision: {adopter_share: -1}",
    "levers: {firm.imitaton: {values: [1, 2]}}",
    "uncertainties: [firm.imitaton]",
    "design: {kind: soboll, points: 4}",
)


@pytest.fixture(scope="module")
def editor() -> jsonschema.Draft202012Validator:
    """Return what an editor does with the published schema."""
    return jsonschema.Draft202012Validator(json.loads(PUBLISHED.read_text(encoding="utf-8")))


def test_published_schema_is_what_the_command_prints(command) -> None:
    assert command("schema").out == schema_text()
    stale = "run `python -m experiments schema > experiments/experiment.schema.json`"
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), stale


def test_published_schema_is_a_json_schema(editor) -> None:
    editor.check_schema(editor.schema)
    assert editor.schema["properties"]["measures"]


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_every_published_experiment_names_the_schema_and_keeps_to_it(editor, file) -> None:
    assert file.read_text(encoding="utf-8").splitlines()[0] == MODELINE
    assert [error.message for error in editor.iter_errors(read_yaml(file).plain())] == []


@pytest.mark.parametrize("text", REFUSED)
def test_editor_refuses_what_the_command_refuses(editor, text, write, command) -> None:
    assert not editor.is_valid(parse_yaml(text, "mine.yaml").plain())
    write(text)
    assert command("validate", "mine.yaml").code == 2


def test_editor_shows_meaning_unit_and_bounds_of_a_parameter(editor) -> None:
    shown = editor.schema["$defs"]["Parameters"]["properties"]["network.degree"]
    assert shown["description"] == "Neighbours per consumer (people). From 2 to 16. Default 8."
    assert (shown["minimum"], shown["maximum"], shown["type"]) == (2, 16, "integer")


def test_parameters_of_an_own_task_catalogue_are_not_refused(editor) -> None:
    assert editor.is_valid({"tasks": "mine.yaml", "parameters": {"tasks.own.employee_minutes": 3}})


def test_first_line_for_editors_is_no_part_of_the_experiment() -> None:
    with pytest.raises(BadInput, match="empty"):
        parse_yaml(MODELINE, "mine.yaml")
    assert parse_yaml(f"{MODELINE}\nmonths: 12\n", "mine.yaml").plain() == {"months": 12}
