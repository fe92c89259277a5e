"""Read a catalogue file and refuse what is wrong with it, naming file and line.

Every number is read against the declarations of ``task_fields.py``.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from model.task_fields import (
    ACCESS,
    ACCESS_EXISTS_SINCE,
    ANCHOR_BASES,
    CHANNEL_FIELDS,
    KINDS,
    LIMITS,
    PAYERS,
    SECTOR_FIELDS,
    TASK_FIELDS,
    Field,
    bounds_of_bare,
)
from model.tasks import (
    ZERO_IN_A_CONTRIBUTION,
    Anchor,
    Catalogue,
    CatalogueError,
    Channel,
    Figure,
    Number,
    Sector,
    Task,
    as_declared,
    inconsistencies,
)
from model.yaml_page import Entries, Node, Page, kind_of, line_of, text_of

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
SHARE = Field("value", "1", "share", high=1.0)
YEAR = Field("year", "year", "year", low=1950, high=2100, whole=True)
NOT_STATED = "not stated"
EVERY_SECTOR = "all"
NOT_WRITTEN = "not written: the default"


def read_catalogue(path: Path) -> Catalogue:
    """Return the checked catalogue of a file; raise CatalogueError at the first fault."""
    page = _CataloguePage(str(path))
    root = page.compose(text_of(path))
    entries = page.mapping(root, "the catalogue", required=("sectors", "tasks"))
    sector_entries = page.section(entries["sectors"], "sectors")
    sectors = [page.sector(name, *pair) for name, pair in sector_entries.items()]
    known = [sector.name for sector in sectors]
    task_entries = page.section(entries["tasks"], "tasks")
    tasks = [page.task(name, *pair, known) for name, pair in task_entries.items()]
    for name in known:
        if name == EVERY_SECTOR:
            page.fail(
                sector_entries[name][0],
                f"a sector is called {name}",
                "another name",
                "what means all sectors",
            )
        if all(task.sector != name for task in tasks):
            page.fail(sector_entries[name][0], f"sector {name} has no task", "at least one", "none")
    tasks.sort(key=lambda task: known.index(task.sector))
    return Catalogue(tuple(sectors), tuple(tasks), str(path), page.figures)


class _CataloguePage(Page):
    """A catalogue file while it is read, and the figures found so far."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.figures: dict[str, Figure] = {}

    def section(self, pair: tuple[Node, Node], what: str) -> Entries:
        """Return the named entries of ``sectors``, ``tasks`` or the channels of a task."""
        key, node = pair
        entries = self.mapping(node, what)
        if not entries:
            self.fail(key, f"{what} is empty", "at least one entry", "none")
        limit = LIMITS[what if what in LIMITS else "channels of a task"]
        if len(entries) > limit:
            self.fail(key, f"too many entries in {what}", f"at most {limit}", len(entries))
        for name, (name_node, _) in entries.items():
            if not IDENTIFIER.fullmatch(name):
                self.fail(
                    name_node,
                    f"bad name in {what}",
                    "lower-case letters, digits and _, a letter first",
                    repr(name),
                )
        return entries

    def sector(self, name: str, key: Node, node: Node) -> Sector:
        what = f"sectors.{name}"
        required, optional = _names(SECTOR_FIELDS)
        entries = self.mapping(node, what, ("label", *required), ("captive", *optional))
        label, label_de = self.labels(entries["label"][1], what)
        captive = "captive" in entries and self.truth(entries["captive"][1], f"{what}.captive")
        values = self.numbers(what, label, key, entries, SECTOR_FIELDS)
        return Sector(name=name, label=label, label_de=label_de, captive=captive, **values)

    def task(self, name: str, key: Node, node: Node, sectors: list[str]) -> Task:
        what = f"tasks.{name}"
        required, optional = _names(TASK_FIELDS)
        entries = self.mapping(
            node,
            what,
            ("label", "sector", "kind", *required, "channels"),
            ("counter", "anchors", "payer", *optional),
        )
        label, label_de = self.labels(entries["label"][1], what)
        sector = self.choice(entries["sector"][1], f"{what}.sector", sectors)
        kind = self.choice(entries["kind"][1], f"{what}.kind", KINDS)
        payer = self.choice(entries["payer"][1], f"{what}.payer", PAYERS) if "payer" in entries else ""
        counter = self.text(entries["counter"][1], f"{what}.counter") if "counter" in entries else name
        values = self.numbers(what, label, key, entries, TASK_FIELDS)
        section = self.section(entries["channels"], f"{what}.channels")
        for channel in sorted(set(section) & {declared.name for declared in TASK_FIELDS}):
            self.fail(
                section[channel][0],
                f"channel {channel} is named like a number of the task",
                "another name",
                channel,
            )
        channels = sorted(
            (self.channel(what, label, *item) for item in section.items()),
            key=lambda channel: channel.introduced,
        )
        anchors = self.anchors(entries["anchors"][1], what, channels) if "anchors" in entries else ()
        task = Task(
            name=name,
            label=label,
            label_de=label_de,
            sector=sector,
            counter=counter,
            kind=kind,
            payer=payer,
            channels=tuple(channels),
            anchors=anchors,
            **values,
        )
        for culprit, text in inconsistencies(task):
            raise CatalogueError(text, self.file, self.figures[culprit].line)
        if kind == "contribution":
            self.forget_fixed_numbers(what)
        return task

    def forget_fixed_numbers(self, task: str) -> None:
        """Drop what is zero by definition in a contribution: it is not a parameter."""
        for name in ZERO_IN_A_CONTRIBUTION:
            del self.figures[f"{task}.{name}"]

    def channel(self, task: str, task_label: str, name: str, pair: tuple[Node, Node]) -> Channel:
        key, node = pair
        what = f"{task}.{name}"
        required, optional = _names(CHANNEL_FIELDS)
        entries = self.mapping(node, what, ("label", "access", *required), ("installation", *optional))
        label, label_de = self.labels(entries["label"][1], what)
        access = self.choice(entries["access"][1], f"{what}.access", ACCESS)
        installation = entries.get("installation")
        shared = self.text(installation[1], f"{what}.installation") if installation else ""
        values = self.numbers(what, f"{task_label}, {label}", key, entries, CHANNEL_FIELDS)
        self.keep_within_access(f"{what}.introduced", ACCESS_EXISTS_SINCE[access])
        return Channel(
            name=name, label=label, label_de=label_de, access=access, installation=shared, **values
        )

    def keep_within_access(self, name: str, since: float) -> None:
        """Raise the lower bound of a year of introduction to that of its access technology."""
        figure = self.figures[name]
        low = max(figure.number.low, min(since, figure.number.value))
        self.figures[name] = replace(figure, number=figure.number._replace(low=low))

    def anchors(self, node: Node, task: str, channels: list[Channel]) -> tuple[Anchor, ...]:
        if node.id != "sequence":
            self.fail(node, f"{task}.anchors has the wrong type", "a list", kind_of(node))
        return tuple(self.anchor(item, f"{task}.anchors", channels) for item in node.value)

    def anchor(self, node: Node, what: str, channels: list[Channel]) -> Anchor:
        entries = self.mapping(node, what, ("year", "basis", "value", "source"), ("channel",))
        introduced = {channel.name: channel.introduced for channel in channels}
        channel = None
        if "channel" in entries:
            channel = self.choice(entries["channel"][1], f"{what}.channel", introduced)
        year = self.possible(entries["year"][1], f"{what}.year", YEAR)
        if channel is not None and year < introduced[channel]:
            self.fail(
                entries["year"][1],
                f"{what}: channel {channel} does not exist yet",
                f"a year ≥ {introduced[channel]:g}",
                f"{year:g}",
            )
        return Anchor(
            int(year),
            self.choice(entries["basis"][1], f"{what}.basis", ANCHOR_BASES),
            self.possible(entries["value"][1], f"{what}.value", SHARE),
            self.text(entries["source"][1], f"{what}.source"),
            channel,
        )

    def labels(self, node: Node, what: str) -> tuple[str, str]:
        """Return the English and the German label; English stands for both if German lacks."""
        if node.id == "scalar":
            label = self.text(node, f"{what}.label")
            return label, label
        entries = self.mapping(node, f"{what}.label", ("en",), ("de",))
        english = self.text(entries["en"][1], f"{what}.label.en")
        return english, self.text(entries["de"][1], f"{what}.label.de") if "de" in entries else english

    def numbers(
        self, prefix: str, label: str, key: Node, entries: Entries, fields: tuple[Field, ...]
    ) -> dict[str, Any]:
        """Return the values of all declared numbers, and note bounds and sources."""
        values = {}
        for declaration in fields:
            name = f"{prefix}.{declaration.name}"
            node = entries[declaration.name][1] if declaration.name in entries else None
            number = self.figure(node, name, f"{label}: {declaration.label}", declaration)
            self.figures[name] = Figure(number, declaration, line_of(key if node is None else node))
            values[declaration.name] = as_declared(declaration, number.value)
        return values

    def figure(self, node: Node | None, name: str, label: str, declaration: Field) -> Number:
        """Return one number, bare or as ``{value, low, high, source}``."""
        source = NOT_STATED
        if node is None:
            value, source = declaration.default or 0.0, NOT_WRITTEN
            low, high = bounds_of_bare(declaration, value)
        elif node.id == "mapping":
            entries = self.mapping(node, name, ("value",), ("low", "high", "source"))
            value = self.possible(entries["value"][1], name, declaration)
            low, high = self.bounds(entries, name, value, declaration)
            if "source" in entries:
                source = self.text(entries["source"][1], f"{name}.source")
        else:
            value = self.possible(node, name, declaration)
            low, high = bounds_of_bare(declaration, value)
        value, low, high = (as_declared(declaration, item) for item in (value, low, high))
        return Number(name, value, low, high, declaration.unit, source, label)

    def bounds(self, entries: Entries, name: str, value: float, declaration: Field) -> tuple[float, float]:
        low, high = bounds_of_bare(declaration, value)
        if "low" in entries:
            low = self.possible(entries["low"][1], f"{name}.low", declaration)
        if "high" in entries:
            high = self.possible(entries["high"][1], f"{name}.high", declaration)
        if not low <= value <= high:
            self.fail(
                entries["value"][1],
                f"{name} lies outside its own bounds",
                f"[{low:g}, {high:g}]",
                f"{value:g}",
            )
        return low, high


def _names(fields: Iterable[Field]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of numbers that must be written and of those that may be."""
    fields = tuple(fields)
    return (
        tuple(f.name for f in fields if f.default is None),
        tuple(f.name for f in fields if f.default is not None),
    )
