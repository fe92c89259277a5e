"""The controls: made from the declarations of parameters, with words in the visitor's language."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from experiments.errors import BadInput
from experiments.inheritance import catalogue_names
from model.parameters import Declaration, ParameterError
from viz.scenario import CONSUMERS, MOST_CONSUMERS, declared_in, preset, usual_values
from viz.scene import catalogue_labels
from viz.words import Words

MAIN = (
    CONSUMERS,
    "economy.sectors",
    "firm.pressure_scale",
    "firm.imitation",
    "firm.pass_through",
    "consumer.peer_effect",
    "consumer.attention",
    "technology.access_ceiling",
    "technology.wage_growth",
)
"""What most visitors turn first."""
POLICY = "policy"
GROUPS = ("population", "network", "consumer", "firm", "technology", "country")
FEWEST_CONSUMERS = 50


def groups(experiment: str, words: Words, task: str) -> list[dict[str, Any]]:
    """Return the groups of controls as the page takes them: the main ones, policies, then all others."""
    known = declared_in(experiment)
    levers = [name for name in varied(experiment) if name in known]
    made = []
    if levers:
        made.append(_group("asked", levers, known, experiment, words))
    made.append(_group("main", MAIN, known, experiment, words))
    made.append(_group(POLICY, _names(known, POLICY), known, experiment, words))
    made += [_group(name, _names(known, name), known, experiment, words) for name in GROUPS]
    made.append(_catalogue_group(known, experiment, words, task))
    for group in made:
        group["open"] = group["id"] == ("asked" if levers else "main")
    return made


def varied(experiment: str) -> list[str]:
    """Return the parameters that an experiment varies."""
    chosen = preset(experiment)
    names: dict[str, None] = {}
    for name, spec in _specified(chosen.levers, chosen.uncertainties):
        choices = getattr(spec, "choices", None)
        if choices:
            names |= dict.fromkeys(key for label in choices.values() for key in label)
        else:
            names[name] = None
    return list(names)


def _specified(*kinds: Any) -> list[tuple[str, Any]]:
    """Return names and specifications; a list of names takes the declared bounds."""
    found: list[tuple[str, Any]] = []
    for kind in kinds:
        found += list(kind.items()) if isinstance(kind, dict) else [(name, None) for name in kind or ()]
    return found


def _names(known: dict[str, Declaration], group: str) -> tuple[str, ...]:
    return tuple(name for name, item in known.items() if item.group == group)


def _group(
    group: str, names: Any, known: dict[str, Declaration], experiment: str, words: Words
) -> dict[str, Any]:
    items = [_item(known[name], experiment, words) for name in names if name in known]
    return {"id": group, "label": words(f"controls.{group}"), "items": items}


def _catalogue_group(
    known: dict[str, Declaration], experiment: str, words: Words, task: str
) -> dict[str, Any]:
    """Return the columns of one task; which one is chosen in the group's first control."""
    labels = catalogue_labels(experiment, words.language)
    tasks = [key.partition(".")[2] for key in labels if key.startswith("task.")]
    chosen = task if task in tasks else tasks[0]
    choice = {
        "name": "task", "label": words("controls.task"), "unit": "", "kind": "choice",
        "usual": chosen, "source": "", "symbol": "", "low": None, "high": None,
        "choices": [{"value": name, "label": labels[f"task.{name}"]} for name in tasks],
    }  # fmt: skip
    names = [name for name in known if name.startswith(f"tasks.{chosen}.")]
    group = _group("catalogue", names, known, experiment, words)
    return {**group, "items": [choice, *group["items"]]}


def _item(declared: Declaration, experiment: str, words: Words) -> dict[str, Any]:
    return {
        "name": declared.name,
        "label": label_of(declared, words),
        "unit": unit_of(declared.unit, words),
        "kind": declared.kind,
        "low": FEWEST_CONSUMERS if declared.name == CONSUMERS else declared.low,
        "high": MOST_CONSUMERS if declared.name == CONSUMERS else declared.high,
        "usual": usual_values(experiment).get(declared.name),
        "source": declared.source,
        "symbol": declared.symbol,
        "choices": _choices(declared, words, experiment),
    }


def _choices(declared: Declaration, words: Words, experiment: str) -> list[dict[str, str]]:
    if declared.name == "economy.sectors":
        labels = catalogue_labels(experiment, words.language)
        sectors = {key.partition(".")[2]: text for key, text in labels.items() if key.startswith("sector.")}
        named = {"all": words("controls.all_sectors"), **sectors}
        return [{"value": name, "label": text} for name, text in named.items()]
    return [{"value": choice, "label": words(f"choice.{choice}")} for choice in declared.choices]


def label_of(declared: Declaration, words: Words) -> str:
    """Return the name of a parameter in the visitor's language; of a task's column without the task."""
    if declared.name == "economy.sectors":
        return words("controls.sectors")
    if declared.group not in ("tasks", "sectors"):
        return words.name(f"parameter.{declared.name}", declared.label)
    parts = declared.name.split(".")
    where, _, usual = declared.label.partition(": ")
    column = words.name(f"column.{parts[-1]}", usual)
    if len(parts) == 3:
        return column[0].upper() + column[1:]
    return f"{where.partition(', ')[2] if words.language == 'en' else parts[2]}: {column}"


def unit_of(unit: str, words: Words) -> str:
    """Return a unit in the visitor's language; none for pure numbers."""
    return "" if unit in ("1", "name", "yes/no", "") else words.name(f"units.{unit}", unit)


@lru_cache(maxsize=1)
def presets() -> tuple[str, ...]:
    """Return the names of the catalogue's experiments, the baseline first; unreadable ones are left out."""
    names = [name for name in catalogue_names() if name != "baseline" and _readable(name)]
    return ("baseline", *names)


def _readable(name: str) -> bool:
    try:
        usual_values(name)
    except (BadInput, ParameterError, ValueError, OSError):
        return False
    return True
