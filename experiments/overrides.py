"""Changes made on the command line: `--set key=value`, `--seed`, `--replications`."""

from __future__ import annotations

from collections.abc import Iterable

from experiments.errors import BadInput, Problem
from experiments.inheritance import RIVALS, without
from experiments.yaml_lines import Entry, resolve_scalar

TOP_LEVEL = ("start", "months", "seed", "replications")
LONGEST_LABEL = 120
OPTIONS = ("--seed", "--replications")


def read_overrides(texts: Iterable[str]) -> dict[str, Entry]:
    """Return `key → value` of texts such as `firm.imitation=4` or `--seed=3`.

    The same key twice is accepted with the same value and refused with another: an order of precedence
    that nobody can see has no place in an experiment.
    """
    found: dict[str, Entry] = {}
    problems = []
    for text in texts:
        key, entry = _read(text)
        earlier = found.get(key, entry)
        if _differ(earlier.value, entry.value):
            got = f"{earlier.file} and {entry.file}"
            problems.append(Problem(f"'{key}' is given twice", "one value", got))
        found[key] = entry
    if problems:
        raise BadInput(*problems)
    return found


def _differ(one: object, other: object) -> bool:
    return type(one) is not type(other) or repr(one) != repr(other)


def _read(text: str) -> tuple[str, Entry]:
    key, equals, value = text.partition("=")
    key, value = key.strip(), value.strip()
    option = key in OPTIONS
    label = f"{key} {value}" if option else f"--set {text}"
    label = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
    if option and not value:
        raise BadInput(Problem(f"{key} is empty", "a whole number"))
    if not equals or not key or not value:
        raise BadInput(Problem("no `key=value`", "for example --set firm.imitation=4", where=label))
    return key.removeprefix("--") if option else key, Entry(_scalar(value), label)


def _scalar(text: str) -> object:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if quoted else resolve_scalar(text)


def apply_overrides(tree: Entry, overrides: dict[str, Entry]) -> Entry:
    """Return the file's content with the overrides in place; a parameter that is set no longer varies."""
    keys = dict(tree.value)
    for key in overrides.keys() & set(TOP_LEVEL):
        for rival in RIVALS.get(key, ()):
            keys.pop(rival, None)
        keys[key] = overrides[key]
    parameters = {key: entry for key, entry in overrides.items() if key not in TOP_LEVEL}
    for role in ("uncertainties", "levers"):
        if role in keys and parameters:
            keys[role] = without(keys[role], set(parameters))
    return Entry(_with_parameters(keys, parameters), tree.file, tree.line)


def _with_parameters(keys: dict[str, Entry], parameters: dict[str, Entry]) -> dict[str, Entry]:
    given = keys.get("parameters", Entry({}, ""))
    if not parameters or not isinstance(given.value or {}, dict):
        return keys
    merged = {**(given.value or {}), **parameters}
    return {**keys, "parameters": Entry(merged, given.file, given.line)}
