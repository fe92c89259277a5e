"""Changes made on the command line: `--set key=value`, `--seed`, `--replications`."""

from __future__ import annotations

from collections.abc import Iterable

from experiments.errors import BadInput, Problem, nearest_name
from experiments.inheritance import RIVALS, without, without_varied
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
    keys, parameters = _with_chosen_labels(
        keys, {key: entry for key, entry in overrides.items() if key not in TOP_LEVEL}
    )
    for role in ("uncertainties", "levers"):
        if role in keys and parameters:
            keys = without_varied(keys, role, set(parameters))
    keys = _with_fewer_points(_without_in_choices(keys, set(parameters)), set(parameters))
    return Entry(_with_parameters(keys, parameters), tree.file, tree.line)


def _choices_of(keys: dict[str, Entry]) -> dict[str, Entry]:
    """Return the labels of every lever that has some."""
    levers = keys["levers"].value if "levers" in keys else None
    found = levers.items() if isinstance(levers, dict) else ()
    inner = {name: entry.value["choices"] for name, entry in found if _has_choices(entry)}
    return {name: labels for name, labels in inner.items() if isinstance(labels.value, dict)}


def _has_choices(entry: Entry) -> bool:
    return isinstance(entry.value, dict) and "choices" in entry.value


def _with_choices(keys: dict[str, Entry], lever: str, labels: dict[str, Entry]) -> dict[str, Entry]:
    levers = keys["levers"]
    given = levers.value[lever]
    inner = given.value["choices"]
    changed = Entry({**given.value, "choices": Entry(labels, inner.file, inner.line)}, given.file, given.line)
    return {**keys, "levers": Entry({**levers.value, lever: changed}, levers.file, levers.line)}


def _with_chosen_labels(
    keys: dict[str, Entry], overrides: dict[str, Entry]
) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """Keep one label of each lever that is set by its name; return the other overrides."""
    choices = _choices_of(keys)
    for lever in choices.keys() & overrides.keys():
        given, labels = overrides[lever], choices[lever].value
        label = str(given.plain())
        if label not in labels:
            expected = f"one of {', '.join(labels)}"
            nearest = nearest_name(label, labels)
            raise BadInput(Problem(f"unknown choice '{label}'", expected, "", given.where, nearest))
        keys = _with_choices(keys, lever, {label: labels[label]})
    return keys, {name: entry for name, entry in overrides.items() if name not in choices}


def _without_in_choices(keys: dict[str, Entry], names: set[str]) -> dict[str, Entry]:
    for lever, labels in _choices_of(keys).items() if names else ():
        keys = _with_choices(keys, lever, {name: without(e, names) for name, e in labels.value.items()})
    return keys


def _with_fewer_points(keys: dict[str, Entry], names: set[str]) -> dict[str, Entry]:
    """Take parameters that are set out of listed points; points that are then equal become one."""
    listed = keys["design"].at(("points",)) if "design" in keys else Entry(None, "")
    if not names or not isinstance(listed.value, list):
        return keys
    kept = {repr(point.plain()): point for point in (without(point, names) for point in listed.value)}
    design = {**keys["design"].value, "points": Entry(list(kept.values()), listed.file, listed.line)}
    return {**keys, "design": Entry(design, keys["design"].file, keys["design"].line)}


def _with_parameters(keys: dict[str, Entry], parameters: dict[str, Entry]) -> dict[str, Entry]:
    given = keys.get("parameters", Entry({}, ""))
    if not parameters or not isinstance(given.value or {}, dict):
        return keys
    merged = {**(given.value or {}), **parameters}
    return {**keys, "parameters": Entry(merged, given.file, given.line)}
