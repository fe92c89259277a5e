"""Null models with intercepts of their own: `intercepts --into EXPERIMENT --choice LABEL`.

A mechanism that is switched off also shifts the level of acceptance. To compare paths and not levels,
intercepts are solved again under the parameters of the choice, on the same anchors, and written into it.
"""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.errors import BadInput, Problem, nearest_name

LAST_PART = ".intercept"


@dataclass(frozen=True)
class Choice:
    """One choice of a labelled lever in an experiment file."""

    path: Path
    lever: str
    label: str
    parameters: dict[str, Any]


def resolve_command(options: Namespace) -> int:
    """Solve intercepts under a choice's parameters and write them into it."""
    from experiments import intercepts
    from experiments.cli import DONE
    from experiments.progress import Progress
    from model.intercepts import solve

    if options.out is not None:
        raise BadInput(Problem("--into and --out contradict each other", "one of them"))
    choice = choice_of(options.into, options.choice)
    settings = intercepts.settings_of(options.seeds, options.rounds, options.consumers)
    before = intercepts.anchored_catalogue(options.tasks)
    with Progress(1, "simulation") as progress:
        progress.next_run()
        _, fits = solve(before, **vars(settings), parameters=choice.parameters, progress=progress.part)
    write_into(choice, {fit.name: round(fit.intercept, intercepts.DIGITS) for fit in fits})
    rows = intercepts.anchored_fits(before, fits)
    if options.json:
        told = intercepts.as_json(rows, settings, before.source_path, choice.path)
        print(json.dumps(told, allow_nan=False))
    else:
        where = f"Written to {choice.path}, choice {choice.label} of {choice.lever}."
        print("\n".join([*intercepts.table(rows), "", intercepts.verdict(rows), where]))
    return DONE


def choice_of(experiment: str, label: str | None) -> Choice:
    """Return a choice of an experiment's labelled levers, without the intercepts that it may hold."""
    from experiments.config import load_experiment
    from experiments.inheritance import find_experiment

    load_experiment(experiment)
    path = find_experiment(experiment)
    labels = {
        str(name): (lever, dict(parameters or {}))
        for lever, spec in (_read(path).get("levers") or {}).items()
        for name, parameters in (spec.get("choices") or {} if isinstance(spec, Mapping) else {}).items()
    }
    if label not in labels:
        what = f"--choice '{label}' is no choice of {path.stem}" if label else "--into needs --choice"
        expected = f"one of {', '.join(labels)}" if labels else "an experiment with a labelled lever"
        raise BadInput(Problem(what, expected, nearest=nearest_name(label or "", labels)))
    lever, parameters = labels[label]
    kept = {name: value for name, value in parameters.items() if not name.endswith(LAST_PART)}
    return Choice(path, lever, label, kept)


def write_into(choice: Choice, solved: Mapping[str, float]) -> None:
    """Write a choice's parameters and solved intercepts into its file; everything else stays as it was."""
    import io

    from experiments.storing import write_whole

    page = _read(choice.path)
    page["levers"][choice.lever]["choices"][choice.label] = {**choice.parameters, **solved}
    stream = io.StringIO()
    _yaml().dump(page, stream)
    write_whole(choice.path, stream.getvalue())


def _read(path: Path) -> Any:
    return _yaml().load(path.read_text(encoding="utf-8"))


def _yaml() -> Any:
    from ruamel.yaml import YAML

    reader = YAML()
    reader.width = 4096  # lines stay where their writer broke them
    reader.preserve_quotes = True
    return reader
