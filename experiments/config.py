"""An experiment: what is asked, which economy is run, and which results are stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from experiments.complaints import problems_of
from experiments.design import count_points, only_point
from experiments.errors import BadInput, Problem
from experiments.inheritance import find_experiment, read_experiment
from experiments.overrides import apply_overrides, read_overrides
from experiments.sampling import of_kind
from experiments.schema import ExperimentFile
from experiments.yaml_lines import Entry

if TYPE_CHECKING:
    from model.tasks import Catalogue
    from model.technology import Drivers

NOT_IN_THE_RESULT = ("title", "question", "reading", "extends", "name", "path", "max_minutes")
"""Keys that change what is said about an experiment or when it pauses, not what it computes."""


class Experiment(ExperimentFile):
    """A complete, valid experiment; the files that it names are absolute paths."""

    name: str
    path: Path

    @cached_property
    def hash(self) -> str:
        """Return the SHA-256 of everything that changes results, the contents of named files included."""
        return digest(self._identity())

    def _identity(self) -> dict[str, Any]:
        keys = {key: value for key, value in self.keys().items() if key not in NOT_IN_THE_RESULT}
        if self.tasks:
            keys["tasks"] = _content_of(self.tasks)
        for name, spec in keys.get("drivers", {}).items():
            keys["drivers"][name] = {**spec, "file": _content_of(spec["file"])}
        if self.measures:
            keys["measures"] = sorted(set(self.measures))
        return keys

    def keys(self) -> dict[str, Any]:
        """Return the keys of the complete experiment file; what is absent or empty is left out."""
        keys = self.model_dump(mode="json", exclude={"name", "path", "extends"}, exclude_none=True)
        if self.precision:
            keys.pop("replications", None)
        return {key: value for key, value in keys.items() if value not in ({}, [])}

    @property
    def label(self) -> str:
        """Return the title, or the name where there is none."""
        return self.title or self.name

    @property
    def design_points(self) -> int:
        """Return the number of design points."""
        return count_points(self)

    def only_point(self) -> dict[str, Any]:
        """Return all parameters of the single design point; raise `BadInput` when there are more."""
        return only_point(self).parameters

    @cached_property
    def shared_identity(self) -> dict[str, Any]:
        """Return what all design points of this experiment share and what changes their results."""
        identity = self._identity()
        return {key: identity.get(key) for key in ("start", "months", "drivers", "tasks")}

    def point_identity(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Return what one design point computes, apart from its seed."""
        return {**self.shared_identity, "parameters": parameters}

    def catalogue(self) -> Catalogue:
        """Return the tasks of this experiment: its own or the package's."""
        from model.tasks import load_catalogue

        return load_catalogue(self.tasks)

    def driver_series(self) -> tuple[Drivers | None, list[str]]:
        """Return the drivers of the economy and notes on what was repaired or continued."""
        from experiments.drivers import drivers_of

        return (None, []) if self.drivers is None else drivers_of(self.drivers, self.start, self.months)

    def resolved(self, files: dict[str, str] | None = None) -> str:
        """Return the complete experiment file as YAML.

        Parameters
        ----------
        files : other paths for the files that it names, by absolute path.
        """
        from experiments.yaml_writing import to_yaml

        keys = self.keys()
        moved = files or {}
        if self.tasks:
            keys["tasks"] = moved.get(self.tasks, self.tasks)
        for spec in keys.get("drivers", {}).values():
            spec["file"] = moved.get(spec["file"], spec["file"])
        return to_yaml(keys)

    def named_files(self) -> dict[str, Path]:
        """Return the files that the experiment names, by role."""
        drivers = [(role, getattr(self.drivers, role, None)) for role in ("access", "wage")]
        files = {role: Path(spec.file) for role, spec in drivers if spec is not None}
        return {**files, "tasks": Path(self.tasks)} if self.tasks else files


def load_experiment(name: str | Path, overrides: Iterable[str] = ()) -> Experiment:
    """Return an experiment of the catalogue or of a file, with overrides such as `firm.imitation=4`.

    Raises
    ------
    BadInput : with every problem that was found, each with its file and line.
    """
    changes = read_overrides(overrides)
    path = find_experiment(str(name))
    tree = apply_overrides(read_experiment(path), changes)
    spec = _validated(tree)
    return Experiment.model_construct(
        **{**dict(spec), "parameters": _normalised(spec)}, name=_name_of(path), path=path.absolute()
    )


def _name_of(path: Path) -> str:
    """Return the name of an experiment: its file's, or the one that a results folder keeps."""
    beside = path.with_name("provenance.json")
    if path.name != "experiment.yaml" or not beside.is_file():
        return path.stem
    try:
        return str(json.loads(beside.read_text(encoding="utf-8"))["experiment"])
    except (OSError, ValueError, KeyError, TypeError):
        return path.stem


def _validated(tree: Entry) -> ExperimentFile:
    from experiments.checks import problems_with_model

    without_nulls = {key: entry for key, entry in tree.value.items() if entry.value is not None}
    tree = Entry(without_nulls, tree.file, tree.line)
    try:
        spec = ExperimentFile.model_validate(tree.plain())
    except ValidationError as error:
        found = [*problems_of(error, tree, ExperimentFile), *_more_problems(tree, error)]
        raise BadInput(*sorted(found, key=_line_of)) from None
    problems = problems_with_model(spec, tree)
    if problems:
        raise BadInput(*sorted(problems, key=_line_of))
    return spec


def _line_of(problem: Problem) -> tuple[str, int]:
    file, _, line = problem.where.rpartition(":")
    return (file, int(line)) if line.isdigit() else (problem.where, 0)


def _more_problems(tree: Entry, error: ValidationError) -> list[Any]:
    """Return what is wrong in the keys to which the schema does not object."""
    from experiments.checks import problems_with_model

    faulty = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
    rest = {key: entry for key, entry in tree.value.items() if key not in faulty}
    sound = Entry(rest, tree.file, tree.line)
    return problems_with_model(ExperimentFile.model_validate(sound.plain()), sound, complete=False)


def _normalised(spec: ExperimentFile) -> dict[str, Any]:
    """Return the parameters with numbers of the declared kind, so that 4 and 4.0 are one experiment."""
    from model.parameters import declarations

    catalogue = Experiment.model_construct(**dict(spec), name="", path=Path()).catalogue()
    kinds = {declared.name: declared.kind for declared in declarations(catalogue)}
    return {name: of_kind(kinds[name], value) for name, value in sorted(spec.parameters.items())}


def digest(content: Any) -> str:
    """Return the SHA-256 of a value's canonical JSON.

    >>> digest({"b": 1.0, "a": [True, "x"]}) == digest({"a": [True, "x"], "b": 1.0})
    True
    """
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _content_of(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
