"""The address: the whole state of the page as a query, read back with distrust."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import parse_qsl, urlencode

from experiments.errors import BadInput
from experiments.inheritance import catalogue_names
from model.measures import MEASURES
from model.parameters import Declaration, ParameterError
from model.valuation import LENSES
from viz.scenario import DEFAULT_EXPERIMENT, Scenario, declared_in, preset
from viz.state import MOST_REPLICATIONS, SPEEDS, TABS, State
from viz.theme import THEMES
from viz.words import LANGUAGES

LONGEST = 8000
"""Characters of a query that are read; more is not an address of this page."""
_CHOICES = {
    "tab": TABS, "language": tuple(LANGUAGES), "theme": THEMES, "lens": LENSES, "measure": tuple(MEASURES),
}  # fmt: skip
_NUMBERS = {
    "replications": (1, MOST_REPLICATIONS), "month": (1, 2400), "row": (0, 10**7), "firm": (0, 10**4),
}  # fmt: skip
_KNOWN = {*_CHOICES, *_NUMBERS, "experiment", "other", "seed", "speed", "attribute", "folder"}


def encode(state: State) -> str:
    """Return a state as a query; what is as usual is left out.

    >>> encode(State(tab="firms"))
    'tab=firms&language=en'
    """
    plain = State()
    parts: list[tuple[str, Any]] = []
    if state.scenario.experiment != DEFAULT_EXPERIMENT:
        parts.append(("experiment", state.scenario.experiment))
    if state.scenario.seed != preset(state.scenario.experiment).seed:
        parts.append(("seed", state.scenario.seed))
    parts += [(f"p.{name}", _written(value)) for name, value in state.scenario.changes]
    if state.other is not None:
        parts.append(("other", state.other.experiment))
        parts += [(f"q.{name}", _written(value)) for name, value in state.other.changes]
    for name in (
        "tab",
        "theme",
        "lens",
        "speed",
        "replications",
        "month",
        "measure",
        "attribute",
        "row",
        "firm",
        "folder",
    ):
        value = getattr(state, name)
        if value != getattr(plain, name):
            parts.append((name, value))
    return urlencode([*parts, ("language", state.language)])


def _written(value: Any) -> str:
    return (
        str(value).lower()
        if isinstance(value, bool)
        else repr(value)
        if isinstance(value, float)
        else str(value)
    )


def decode(query: str, language: str) -> tuple[State, list[str]]:
    """Return the state of a query, and what in it was not understood and is left out.

    Parameters
    ----------
    query : without the question mark; anything at all.
    language : where the query names none.
    """
    pairs = parse_qsl(query.lstrip("?")[:LONGEST], max_num_fields=400) if query.count("&") < 400 else []
    given = dict(pairs)
    ignored: list[str] = [] if len(query) <= LONGEST and query.count("&") < 400 else [f"{query[:40]}…"]
    state = State(language=language)
    for name, allowed in _CHOICES.items():
        if name in given:
            state = _taken(state, name, given[name], given[name] in allowed, ignored)
    for name, (low, high) in _NUMBERS.items():
        if name in given:
            number = _whole(given[name])
            state = _taken(state, name, number, number is not None and low <= number <= high, ignored)
    if "speed" in given:
        state = _taken(state, "speed", _whole(given["speed"]), _whole(given["speed"]) in SPEEDS, ignored)
    state = _with_free_texts(state, given, ignored)
    experiment = given.get("experiment", DEFAULT_EXPERIMENT)
    scenario = _scenario(experiment, "p.", given, ignored)
    state = state.changed(scenario=scenario)
    if "other" in given and given["other"] in catalogue_names():
        other = _scenario(given["other"], "q.", given, ignored)
        state = state.changed(other=other.with_seed(scenario.seed))
    elif "other" in given:
        ignored.append("other")
    prefixes = ("p.", "q.") if state.other else ("p.",)
    unknown = (name for name in given if name not in _KNOWN and not name.startswith(prefixes))
    return state, [*ignored, *(name[:40] for name in unknown)]


def _with_free_texts(state: State, given: dict[str, str], ignored: list[str]) -> State:
    from viz.inside import ATTRIBUTES

    if "attribute" in given:
        state = _taken(state, "attribute", given["attribute"], given["attribute"] in ATTRIBUTES, ignored)
    if "folder" in given:
        name = given["folder"]
        state = _taken(state, "folder", name, name.replace("-", "").replace("_", "").isalnum(), ignored)
    return state


def _taken(state: State, name: str, value: Any, valid: bool, ignored: list[str]) -> State:
    if valid:
        return state.changed(**{name: value})
    ignored.append(name)
    return state


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 else None


def _scenario(experiment: str, prefix: str, given: dict[str, str], ignored: list[str]) -> Scenario:
    try:
        chosen, known = preset(experiment), declared_in(experiment)
    except (BadInput, ParameterError):
        ignored.append(experiment[:40])
        experiment = DEFAULT_EXPERIMENT
        chosen, known = preset(experiment), declared_in(experiment)
    changes: dict[str, Any] = {}
    for key, text in given.items():
        name = key.removeprefix(prefix)
        if key.startswith(prefix):
            value = _value(known.get(name), text)
            if value is None or not _allowed(experiment, {name: value}):
                ignored.append(f"{key}={text}"[:60])
            else:
                changes[name] = value
    seed = _whole(given.get("seed", str(chosen.seed)))
    if seed is None or seed >= 2**31:
        ignored.append("seed")
        seed = chosen.seed
    return Scenario.of(experiment, changes if _allowed(experiment, changes) else {}, seed)


def _allowed(experiment: str, changes: dict[str, Any]) -> bool:
    try:
        Scenario.of(experiment, changes)
    except (ParameterError, BadInput, ValueError):
        return False
    return True


def _value(declared: Declaration | None, text: str) -> Any:
    """Return a text as a value of the declared kind, None where it is none."""
    if declared is None or len(text) > 200:
        return None
    if declared.kind == "boolean":
        return {"true": True, "false": False}.get(text)
    if declared.kind == "choice":
        return text
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return int(number) if declared.kind == "integer" and number.is_integer() else number
