"""The JSON Schema of experiment files, for editors: every key, parameter and measure with its meaning.

The pydantic schema says which keys there are; names, units and bounds come from the model's declarations.
"""

from __future__ import annotations

import json
import re
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.parameters import Declaration

PUBLISHED = Path(__file__).parent / "experiment.schema.json"
"""What the modelines of the catalogue refer to; `python -m experiments schema` prints it."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"
OWN_CATALOGUE = r"^(tasks|sectors)\."
"""Names that an own task catalogue may add, which no schema can know."""
TYPES = {"number": "number", "integer": "integer", "boolean": "boolean", "choice": "string"}
LINE = 400
"""Letters up to which a part of the schema stands on one line: one parameter, one line."""
Node = dict[str, Any]


def schema_command(options: Namespace) -> int:  # noqa: ARG001 - every command takes its options
    """Print the JSON Schema of experiment files."""
    print(schema_text(), end="")
    return 0


def schema_text() -> str:
    """Return the schema as it is published."""
    return _written(json_schema(), "") + "\n"


def _written(node: Any, indent: str) -> str:
    short = json.dumps(node, ensure_ascii=False)
    if len(short) <= LINE or not isinstance(node, dict | list):
        return short
    inner = indent + " "
    if isinstance(node, list):
        return "[\n" + ",\n".join(inner + _written(part, inner) for part in node) + f"\n{indent}]"
    lines = (f"{inner}{json.dumps(key)}: {_written(part, inner)}" for key, part in node.items())
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def json_schema() -> Node:
    """Return the JSON Schema of experiment files."""
    from experiments.schema import ExperimentFile
    from model.parameters import declarations

    declared = declarations()
    tree = ExperimentFile.model_json_schema()
    definitions, keys = tree["$defs"], tree["properties"]
    one_range = _range_of(keys["uncertainties"])
    definitions |= {"Range": one_range, "Parameters": _values(declared), **_names_of(declared)}
    keys["parameters"] = _said("`parameter: value` lines", "Parameters")
    definitions["PointList"]["properties"]["points"]["items"] = {"$ref": "#/$defs/Parameters"}
    said = "what is not known: drawn by the design"
    keys["uncertainties"] = _varied(declared, said, labelled=None)
    said = "what may be chosen: every value is crossed with every point of the design"
    keys["levers"] = _varied(declared, said, labelled={"$ref": "#/$defs/Choices"})
    definitions["Choices"]["properties"]["choices"]["additionalProperties"] = {"$ref": "#/$defs/Parameters"}
    keys |= _measure_keys(keys)
    keys["extends"] = _extends(keys["extends"])
    return {"$schema": DIALECT, **tree, "title": "Experiment"}


def _range_of(varied: Node) -> Node:
    """Return what pydantic says of one parameter's range; labelled choices are no range."""
    mapping = next(kind for kind in varied["anyOf"][0]["oneOf"] if kind["type"] == "object")
    kinds = mapping["additionalProperties"]["oneOf"]
    return {"oneOf": [kind for kind in kinds if kind.get("$ref") != "#/$defs/Choices"]}


def _said(description: str, definition: str) -> Node:
    return {"description": description, "$ref": f"#/$defs/{definition}"}


def _values(declared: tuple[Declaration, ...]) -> Node:
    return {
        "type": "object",
        "properties": {one.name: _value(one) for one in declared},
        "patternProperties": {OWN_CATALOGUE: {"type": ["number", "string", "boolean"]}},
        "additionalProperties": False,
    }


def _value(declared: Declaration) -> Node:
    """Return what one parameter may be, with its meaning.

    >>> from model.parameters import declarations
    >>> one = next(found for found in declarations() if found.name == "network.rewiring")
    >>> [_value(one)[key] for key in ("description", "type", "minimum", "maximum")]
    ['Share of ties rewired. From 0 to 1. Default 0.1.', 'number', 0.0, 1.0]
    """
    node: Node = {"description": _meaning(declared), "type": TYPES[declared.kind]}
    limits = {"minimum": declared.low, "maximum": declared.high}
    node |= {key: float(limit) for key, limit in limits.items() if limit is not None}
    node |= {"enum": list(declared.choices)} if declared.choices else {}
    return node | {"default": declared.default}


def _meaning(declared: Declaration) -> str:
    unit = "" if declared.unit in ("1", "name", "yes/no") else f" ({declared.unit})"
    bounds = "" if declared.low is None else f" From {declared.low:g} to {declared.high:g}."
    return f"{declared.label}{unit}.{bounds} Default {json.dumps(declared.default)}."


def _names_of(declared: tuple[Declaration, ...]) -> Node:
    """Return the definitions of names: of parameters that may vary, and of measures."""
    from model.measures import MEASURES

    own = {"type": "string", "pattern": OWN_CATALOGUE}
    said = [f"{measure.label}{_in_unit(measure.unit)}" for measure in MEASURES.values()]
    width: Node = {"type": "number", "exclusiveMinimum": 0}
    widths = {name: {"description": text, **width} for name, text in zip(MEASURES, said, strict=True)}
    return {
        "ParameterName": {"anyOf": [{"enum": [one.name for one in declared]}, own]},
        "Measure": {"enum": list(MEASURES), "enumDescriptions": said, "markdownEnumDescriptions": said},
        "Precision": {"properties": widths, "additionalProperties": False, "minProperties": 1},
    }


def _in_unit(unit: str) -> str:
    return "" if unit == "1" else f" ({unit})"


def _varied(declared: tuple[Declaration, ...], description: str, *, labelled: Node | None) -> Node:
    """Return what `uncertainties` or `levers` may be: a list of names, or a mapping from names to ranges.

    Parameters
    ----------
    labelled : of a key under any name; None where every key has to be a parameter.
    """
    one = {"$ref": "#/$defs/Range"}
    others: Node = {"patternProperties": {OWN_CATALOGUE: one}, "additionalProperties": labelled or False}
    others |= {} if labelled else {"propertyNames": {"$ref": "#/$defs/ParameterName"}}
    spelled = [found for found in declared if not re.match(OWN_CATALOGUE, found.name)]
    ranges = {found.name: {"description": _meaning(found), **one} for found in spelled}
    names = {"type": "array", "items": {"$ref": "#/$defs/ParameterName"}}
    kinds = [{"type": "object", "properties": ranges, **others}, names, {"type": "null"}]
    return {"description": description, "anyOf": kinds}


def _measure_keys(keys: Node) -> Node:
    stored = {"type": "array", "items": {"$ref": "#/$defs/Measure"}, "minItems": 1}
    precise = {"type": "object", "$ref": "#/$defs/Precision"}
    kinds = {"measures": stored, "precision": precise}
    return {
        key: {"description": keys[key]["description"], "anyOf": [kind, {"type": "null"}]}
        for key, kind in kinds.items()
    }


def _extends(key: Node) -> Node:
    from experiments.inheritance import catalogue_names

    return {**key, "anyOf": [{"enum": catalogue_names()}, {"type": "string"}, {"type": "null"}]}
