"""Say in plain words what pydantic objects to, with the line where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from experiments.errors import Problem, nearest_name, shown
from experiments.yaml_lines import Entry

EXPECTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "string_type": "text",
    "string_pattern_mismatch": "one line of text",
    "string_too_short": "some text",
    "string_too_long": "a text of at most {max_length} letters",
    "list_type": "a list",
    "dict_type": "`key: value` lines",
    "model_type": "`key: value` lines",
    "model_attributes_type": "`key: value` lines",
    "greater_than": "a number above {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "a number below {lt}",
    "less_than_equal": "at most {le}",
    "too_short": "at least {min_length}",
    "too_long": "at most {max_length}",
    "literal_error": "{expected}",
    "union_tag_invalid": "one of {expected_tags}",
    "union_tag_not_found": "the key {discriminator}",
}
RANGES = "[low, high], {values: […]}, {choices: {…}} or {distribution: …, …}"
SHAPES = ("union_tag_not_found", "too_short", "too_long")
SCALARS = {"bool", "int", "float", "str"}


def problems_of(error: ValidationError, tree: Entry, schema: type[BaseModel]) -> list[Problem]:
    """Return one problem per place of the file that pydantic objects to."""
    found: dict[tuple[Any, ...], Problem] = {}
    for detail in error.errors(include_url=False):
        path = tuple(step for step in detail["loc"] if step not in SCALARS)
        path = _steps_in(tree, path)
        found.setdefault(path, _problem(detail, path, tree, schema))
    return list(found.values())


def _steps_in(tree: Entry, location: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the steps of a pydantic location that are keys of the file; drop names of union members."""
    path: list[Any] = []
    entry = tree
    for step in location:
        inner = entry.at((step,))
        if inner is not entry:
            path.append(step)
            entry = inner
    return tuple(path)


def _problem(detail: Any, path: tuple[Any, ...], tree: Entry, schema: type[BaseModel]) -> Problem:
    entry, name = tree.at(path), dotted(path)
    if detail["type"] == "extra_forbidden":
        if len(path) == 1 and _is_parameter(str(path[0])):
            return Problem(f"unknown key '{name}'", "parameters below `parameters:`", where=entry.where)
        return _unknown_key(detail, name, entry, schema)
    if detail["type"] == "missing":
        what = f"{name or 'the file'} lacks the key '{detail['loc'][-1]}'"
        return Problem(what, where=entry.where)
    expected, got = _expected(detail, path, schema), shown(entry.plain())
    if detail["type"] == "union_tag_invalid":
        tag, tags = str(detail["ctx"]["tag"]), str(detail["ctx"]["expected_tags"])
        nearest = nearest_name(tag, [word.strip(" '") for word in tags.split(",")])
        return Problem(f"{name} is not valid", expected, shown(tag), entry.where, nearest)
    return Problem(f"{name} is not valid", expected, got, entry.where)


def _is_parameter(name: str) -> bool:
    from model.parameters import declarations

    names = {declared.name for declared in declarations()}
    return name in names | {known.partition(".")[0] for known in names}


def _expected(detail: Any, path: tuple[Any, ...], schema: type[BaseModel]) -> str:
    field = schema.model_fields.get(str(path[0])) if len(path) == 1 else None
    if detail["type"] in SHAPES and path[0] in ("uncertainties", "levers"):
        return RANGES
    if field is not None and field.description and detail["type"] != "union_tag_invalid":
        return field.description
    if len(path) == 2 and path[0] == "parameters":
        return "a number, a word, true or false; names are dotted: `group.name: value`"
    template = EXPECTED.get(detail["type"], detail["msg"])
    return template.format(**detail.get("ctx", {})) if detail["type"] in EXPECTED else template


def _unknown_key(detail: Any, name: str, entry: Entry, schema: type[BaseModel]) -> Problem:
    """Return what to say of a key that does not belong where it stands: the nearest, or all that do."""
    written = str(detail["loc"][-1])
    if not name.endswith(written):  # a tag of a union is called like a key that stands beside the unknown one
        name = f"{name.rpartition('.')[0]}.{written}"
    keys = _keys_beside(detail["loc"], schema)
    nearest = nearest_name(written, [key for key in keys if key != written])
    expected = f"only {', '.join(keys)}" if nearest is None and len(keys) < len(schema.model_fields) else ""
    return Problem(f"unknown key '{name}'", expected, "", entry.where, nearest)


def _keys_beside(location: Iterable[Any], schema: type[BaseModel]) -> list[str]:
    """Return the keys that would have been valid where pydantic found an unknown one."""
    models: list[type[BaseModel]] = [schema]
    for step in list(location)[:-1]:
        fields = [model.model_fields[step] for model in models if step in model.model_fields]
        inner = [found for field in fields for found in _models_in(field.annotation)]
        models = inner or [model for model in models if _tag_of(model) == step] or models
    return list(dict.fromkeys(key for model in models for key in model.model_fields))


def _tag_of(model: type[BaseModel]) -> str | None:
    """Return the word by which a member of a union is chosen: its kind, or its only key."""
    for name, field in model.model_fields.items():
        words = get_args(field.annotation)
        if name in ("kind", "distribution") and words:
            return str(words[0])
    return next(iter(model.model_fields)) if len(model.model_fields) == 1 else None


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def dotted(path: Iterable[Any]) -> str:
    """Return a path as a message shows it.

    >>> dotted(("measures", 2)), dotted(("drivers", "access", "geo"))
    ('measures[3]', 'drivers.access.geo')
    """
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text
