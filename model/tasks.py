"""The catalogue: tasks that firms hand to their customers, and the channels by which they do it.

``tasks.yaml`` holds the numbers, each with bounds and a source; this file says what a catalogue
is and what may be asked of it. Reading and checking a file is the job of ``catalogue_reader.py``.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from model.task_fields import (
    ACCESS_EXISTS_SINCE,
    CHANNEL_FIELDS,
    SECTOR_FIELDS,
    TASK_FIELDS,
    Field,
)

PACKAGED_CATALOGUE = Path(__file__).with_name("tasks.yaml")
STAFFED_MINUTES = ("employee_minutes", "staffed_minutes")
ZERO_IN_A_CONTRIBUTION = (*STAFFED_MINUTES, "way_share", "rebound")


class CatalogueError(ValueError):
    """A catalogue, or a change of one, that is not valid: ``FILE:LINE: what; expected; got``."""

    def __init__(self, message: str, file: str, line: int | None = None) -> None:
        self.message, self.file, self.line = message, file, line
        place = file if line is None else f"{file}:{line}"
        super().__init__(f"{place}: {message}")

    def __reduce__(self) -> tuple[type["CatalogueError"], tuple[str, str, int | None]]:
        return CatalogueError, (self.message, self.file, self.line)


def complaint(what: str, expected: str, got: object, nearest: str | None = None) -> str:
    """Return the one-line text of an error: what is wrong, what was expected, what was found."""
    hint = f"; did you mean {nearest}?" if nearest else ""
    return f"{what}; expected {expected}; got {got}{hint}"


def nearest_name(name: str, valid: Iterable[str]) -> str | None:
    """Return the valid name most like the given one, or None when none is like it."""
    matches = get_close_matches(name, list(valid), n=1)
    return matches[0] if matches else None


@dataclass(frozen=True)
class Anchor:
    """An observed share of acceptance that the intercepts are solved against."""

    year: int
    basis: str
    value: float
    source: str
    channel: str | None = None


@dataclass(frozen=True)
class Channel:
    """One way to serve oneself: a generation of technology. Units as in ``CHANNEL_FIELDS``."""

    name: str
    label: str
    label_de: str
    access: str
    installation: str  # channels of a sector with the same word are one machine: "" for one of its own
    introduced: float
    minutes: float
    skill: float
    enjoyment: float
    autonomy: float
    self_realisation: float
    responsibility: float
    co_design: int
    unit_cost: float
    fixed_cost: float
    success: float
    leakage: float
    attended_share: float
    intercept: float
    contribution_value: float
    premium: float
    initial_share: float
    roll_out: float


@dataclass(frozen=True)
class Task:
    """A piece of work that staff or the customer does. Units as in ``TASK_FIELDS``."""

    name: str
    label: str
    label_de: str
    sector: str
    counter: str
    kind: str
    payer: str
    occasions: float
    business_occasions: float
    eligible_share: float
    employee_minutes: float
    staffed_minutes: float
    way_share: float
    staffed_cost: float
    human_content: float
    money_share: float
    rebound: float
    intercept: float
    channels: tuple[Channel, ...]
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True)
class Sector:
    """A branch of the economy and its firms. Units as in ``SECTOR_FIELDS``."""

    name: str
    label: str
    label_de: str
    captive: bool
    firms: int
    wage: float
    other_cost: float
    mark_up: float
    other_labour_share: float
    fallback: float


class Number(NamedTuple):
    """A number of the catalogue with its bounds for sweeps, unit, source and label."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    label: str


@dataclass(frozen=True)
class Figure:
    """What the file says about one number beside its value."""

    number: Number
    declaration: Field
    line: int | None = None


@dataclass(frozen=True)
class Catalogue:
    """Sectors and their tasks, in the order of the file, tasks sorted by sector."""

    sectors: tuple[Sector, ...]
    tasks: tuple[Task, ...]
    source_path: str
    figures: Mapping[str, Figure] = field(default_factory=dict, repr=False, compare=False)

    def numbers(self) -> Iterator[Number]:
        """Yield every number that may be varied, by its dotted name."""
        return (figure.number for figure in self.figures.values())

    def select(self, sector_names: Iterable[str]) -> "Catalogue":
        """Return the catalogue of some sectors only, in the order of the file."""
        wanted = tuple(sector_names)
        known = [sector.name for sector in self.sectors]
        for name in wanted:
            if name not in known:
                text = complaint("unknown sector", ", ".join(known), name, nearest_name(name, known))
                raise CatalogueError(text, self.source_path)
        if not wanted:
            raise CatalogueError(complaint("no sector", "at least one", "none"), self.source_path)
        sectors = tuple(sector for sector in self.sectors if sector.name in wanted)
        tasks = tuple(task for task in self.tasks if task.sector in wanted)
        owners = {f"sectors.{s.name}" for s in sectors} | {f"tasks.{t.name}" for t in tasks}
        figures = {n: f for n, f in self.figures.items() if ".".join(n.split(".")[:2]) in owners}
        return Catalogue(sectors, tasks, self.source_path, figures)

    def replaced(self, values: Mapping[str, float], *, beyond_bounds: bool = False) -> "Catalogue":
        """Return a catalogue with other values, by dotted name.

        Parameters
        ----------
        values : new values, such as ``{"tasks.transfer.staffed_minutes": 9.0}``.
        beyond_bounds : admit what is possible at all, not only what the file's bounds admit
            (for limits of theory: minutes of zero, firms of one).

        Raises
        ------
        CatalogueError
            For an unknown name (with the nearest one) and a value outside its bounds.
        """
        figures = dict(self.figures)
        for name, value in values.items():
            figures[name] = self._changed_figure(name, value, beyond_bounds)
        sectors = tuple(
            dataclasses.replace(s, **_values(figures, f"sectors.{s.name}", SECTOR_FIELDS))
            for s in self.sectors
        )
        tasks = tuple(_rebuilt_task(task, figures) for task in self.tasks)
        for task in tasks:
            for name, text in inconsistencies(task):
                raise CatalogueError(text, self.source_path, self._line(name))
        return Catalogue(sectors, tasks, self.source_path, figures)

    def _changed_figure(self, name: str, value: float, beyond_bounds: bool) -> Figure:
        if name not in self.figures:
            text = complaint(
                "unknown number", "a name of the catalogue", name, nearest_name(name, self.figures)
            )
            raise CatalogueError(text, self.source_path)
        figure = self.figures[name]
        number, declaration = figure.number, figure.declaration
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        inside = is_number and (beyond_bounds or number.low <= value <= number.high)
        if not (inside and declaration.admits(value)):
            limits = declaration.expected if beyond_bounds else f"[{number.low:g}, {number.high:g}]"
            kind = "a whole number in " if declaration.whole and not beyond_bounds else ""
            expected = f"{kind}{limits} {number.unit}".removesuffix(" 1")
            text = complaint(f"{name} is out of bounds", expected, repr(value))
            raise CatalogueError(text, self.source_path, figure.line)
        return dataclasses.replace(figure, number=number._replace(value=as_declared(declaration, value)))

    def _line(self, name: str) -> int | None:
        return self.figures[name].line if name in self.figures else None


def as_declared(declaration: Field, value: float) -> float:
    """Return the value as an int where a whole number is declared, as a float elsewhere."""
    return int(value) if declaration.whole else float(value)


def _values(figures: Mapping[str, Figure], prefix: str, fields: Iterable[Field]) -> dict[str, Any]:
    names = ((field.name, f"{prefix}.{field.name}") for field in fields)
    return {name: figures[dotted].number.value for name, dotted in names if dotted in figures}


def _rebuilt_task(task: Task, figures: Mapping[str, Figure]) -> Task:
    prefix = f"tasks.{task.name}"
    channels = [
        dataclasses.replace(c, **_values(figures, f"{prefix}.{c.name}", CHANNEL_FIELDS))
        for c in task.channels
    ]
    ordered = tuple(sorted(channels, key=lambda channel: channel.introduced))
    return dataclasses.replace(task, channels=ordered, **_values(figures, prefix, TASK_FIELDS))


def inconsistencies(task: Task) -> Iterator[tuple[str, str]]:
    """Yield what does not fit together in a task: (dotted name of the culprit, message)."""
    prefix = f"tasks.{task.name}"
    for name in STAFFED_MINUTES if task.kind == "service" else ():
        if getattr(task, name) == 0:
            what = f"service task {task.name} has no staffed alternative: {prefix}.{name}"
            yield f"{prefix}.{name}", complaint(what, "more than 0 min", 0)
    for name in ZERO_IN_A_CONTRIBUTION if task.kind == "contribution" else ():
        if getattr(task, name) != 0:
            what = f"contribution task {task.name} has no staffed channel: {prefix}.{name}"
            yield f"{prefix}.{name}", complaint(what, "0", f"{getattr(task, name):g}")
    if (task.kind == "contribution") != bool(task.payer):
        expected = "one for a contribution" if task.kind == "contribution" else "none for a service"
        what = f"task {task.name} has the wrong payer: {prefix}.payer"
        yield f"{prefix}.occasions", complaint(what, expected, task.payer or "none")
    for channel in task.channels:
        since = ACCESS_EXISTS_SINCE[channel.access]
        if channel.introduced < since:
            name = f"{prefix}.{channel.name}.introduced"
            what = f"channel {task.name}.{channel.name} precedes its access technology ({channel.access})"
            yield name, complaint(what, f"a year of introduction ≥ {since:g}", f"{channel.introduced:g}")


def load_catalogue(path: Path | str | None = None) -> Catalogue:
    """Read and check a catalogue.

    Parameters
    ----------
    path : YAML file; None for the catalogue of the package.

    Raises
    ------
    CatalogueError
        For every fault of the file, with its line.
    """
    return _packaged_catalogue() if path is None else _read(Path(path))


@cache
def _packaged_catalogue() -> Catalogue:
    from model.kept import kept

    return kept(PACKAGED_CATALOGUE, _read)


def _read(path: Path) -> Catalogue:
    from model.catalogue_reader import read_catalogue  # keeps start-up free of the YAML library

    return read_catalogue(path)
