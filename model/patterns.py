"""Patterns: what the default economy must show, read from ``patterns.yaml`` and refused with file and line.

What a measurement needs is declared here; how it is taken stands in ``experiments/patterns_*.py``.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from agents.columns import MODES
from agents.demography import AGES, EDUCATIONS, INCOMES, SEGMENTS
from model.measures import MEASURES
from model.tasks import Catalogue, load_catalogue, nearest_name
from model.yaml_page import Entries, Node, Page, kind_of, line_of, text_of

PATTERNS_FILE = Path(__file__).parent / "patterns.yaml"
ROLES = ("fitted", "built_in", "emerged")
VERDICTS = ("passed", "open")
FIRST_YEAR, LAST_YEAR = 1990, 2030
_BY_GROUP_ONLY = ("offered_share", "mode_share")  # measures that have no value for everybody
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Measurement:
    """A way to get one number per run: which keys it needs, which it may have, and what it is."""

    label: str
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


_SERIES = ("group", "months")
MEASUREMENTS: Mapping[str, Measurement] = {
    "level": Measurement("mean of a measure over the first months of a year", ("of", "year"), _SERIES),
    "ratio": Measurement("a measure in one group / in another", ("of", "year", "group", "to"), ("months",)),
    "smallest": Measurement("smallest yearly mean of a measure", ("of", "from", "until"), ("group",)),
    "largest": Measurement("largest yearly mean of a measure", ("of", "from", "until"), ("group",)),
    "gap_to_observed": Measurement(
        "root mean squared gap to observed countries' mean", ("of", "observed", "from", "until"), _SERIES
    ),
    "growth": Measurement(
        "rate of the logistic curve through each run, per year", ("of", "from", "until"), _SERIES
    ),
    "labour_of_adopters": Measurement("labour per unit of mostly self-served firms", ("year",)),
    "heavy_hours": Measurement("unpaid hours that one person in a hundred exceeds", ("year",)),
    "leaving_slope_at_none": Measurement("slope of leaving at no self-service, per year"),
    "leaving_slope_at_all": Measurement("slope of leaving at full self-service, per year"),
    "transactions_after_adoption": Measurement("transactions with / without the offer, of adopters"),
    "leaving_after_adoption": Measurement("leaving with / without the offer, of adopters"),
    "early_profit": Measurement("profit with / without the offer − 1, of offering banks, three years"),
    "leaving_when_forced": Measurement("leaving forced without help / offered"),
    "repair_by_help": Measurement("share of the rise in leaving that full human help takes back"),
    "least_repair": Measurement("smallest fall of leaving from one degree of help to the next, per year"),
    "taken_back": Measurement("self-checkouts taken back where leakage is high and pressure low"),
    "taken_back_beyond": Measurement("the same, beyond the world with the next most"),
    "not_following": Measurement("people who do not file themselves although every counter is closed"),
    "ceasing_pressure": Measurement("pressure / default, at which voluntary ceases to be the rule by 2030"),
    "ceasing_year": Measurement("year in which it ceases at twice the pressure"),
}  # fmt: skip
"""Measurements by name; the first six read measures of the default economy."""


@dataclass(frozen=True)
class Condition:
    """One number that a run must show: how it is taken, its target, and which values count as met."""

    name: str
    measurement: str
    target: float  # NaN where the value is only reported
    low: float  # −∞ without a lower bound
    high: float
    unit: str
    tolerance: str  # why these bounds
    source: str
    whole_interval: bool  # the whole interval over seeds must lie within the bounds, not its mean only
    reported: bool  # the value is shown and decides nothing
    of: tuple[str, ...]  # measures, added up
    group: tuple[str, str] | None
    to: tuple[str, str] | None
    observed: str | None
    year: int
    first: int
    last: int
    months: int  # of a year, from January
    where: str  # file:line


@dataclass(frozen=True)
class Pattern:
    """A statement about the default economy, its conditions, and the verdict on record."""

    name: str
    title: str
    statement: str
    role: str
    source: str
    passed: bool  # the recorded verdict
    record: str  # its decision record
    conditions: tuple[Condition, ...]


def read_patterns(path: Path | None = None, catalogue: Catalogue | None = None) -> tuple[Pattern, ...]:
    """Return the patterns of a file, the package's own by default; CatalogueError at the first fault."""
    path = path or PATTERNS_FILE
    page = _PatternsPage(str(path), catalogue or load_catalogue())
    root = page.compose(text_of(path, page.called))
    key, node = page.mapping(root, "the file", required=("patterns",))["patterns"]
    entries = page.mapping(node, "patterns")
    if not entries:
        page.fail(key, "patterns is empty", "at least one pattern", "none")
    return tuple(page.pattern(name, *pair) for name, pair in entries.items())


class _PatternsPage(Page):
    """A file of patterns while it is read."""

    called, holds = "the file of patterns", "patterns and their conditions"

    def __init__(self, file: str, catalogue: Catalogue) -> None:
        super().__init__(file)
        self._groups: dict[str, tuple[str, ...]] = {
            "age": AGES,
            "education": EDUCATIONS,
            "income": INCOMES,
            "segment": SEGMENTS,
            "mode": MODES,
            "sector": tuple(sector.name for sector in catalogue.sectors),
            "task": tuple(task.name for task in catalogue.tasks),
            "channel": tuple(f"{task.name}.{c.name}" for task in catalogue.tasks for c in task.channels),
        }

    def pattern(self, name: str, key: Node, node: Node) -> Pattern:
        """Return one pattern."""
        if not _NAME.fullmatch(name):
            self.fail(
                key, f"pattern {name!r} has no usable name", "a letter, then letters, digits, _ or -", name
            )
        required = ("title", "statement", "role", "source", "verdict", "record", "conditions")
        entries = self.mapping(node, name, required)
        source = self.text(entries["source"][1], f"{name}.source")
        conditions = self._conditions(name, entries["conditions"], source)
        return Pattern(
            name=name,
            title=self.text(entries["title"][1], f"{name}.title"),
            statement=" ".join(self.text(entries["statement"][1], f"{name}.statement").split()),
            role=self.choice(entries["role"][1], f"role of {name}", ROLES),
            source=source,
            passed=self.choice(entries["verdict"][1], f"verdict of {name}", VERDICTS) == "passed",
            record=self.text(entries["record"][1], f"{name}.record"),
            conditions=conditions,
        )

    def _conditions(self, name: str, pair: tuple[Node, Node], source: str) -> tuple[Condition, ...]:
        key, node = pair
        what = f"{name}.conditions"
        entries = self.mapping(node, what)
        if not entries:
            self.fail(key, f"{what} is empty", "at least one condition", "none")
        return tuple(
            self._condition(f"{what}.{label}", label, *entry, source) for label, entry in entries.items()
        )

    def _condition(self, what: str, label: str, key: Node, node: Node, source: str) -> Condition:
        entries = self.entries(node, what)
        if "measurement" not in entries:
            self.fail(node, f"{what} lacks measurement", f"one of {', '.join(MEASUREMENTS)}", "none")
        kind = self._known(
            entries["measurement"][1], "measurement", tuple(MEASUREMENTS), "a name of model/patterns.py"
        )
        asked = MEASUREMENTS[kind]
        reported = "reported" in entries and self.truth(entries["reported"][1], f"{what}.reported")
        decides = () if reported else ("target", "tolerance")
        may = () if reported else ("low", "high", "whole_interval")
        required = ("measurement", "unit", *decides, *asked.needs)
        entries = self.mapping(node, what, required, ("reported", "source", *may, *asked.may))
        nothing = (math.nan, -math.inf, math.inf)
        target, low, high = nothing if reported else self._bounds(what, node, entries)
        year = self._year(what, entries, "year")
        first, last = self._year(what, entries, "from"), self._year(what, entries, "until")
        if "from" in entries and first > last:
            self.fail(entries["from"][1], f"{what}.from lies after until", f"a year up to {last}", first)
        whole = "whole_interval" in entries and self.truth(
            entries["whole_interval"][1], f"{what}.whole_interval"
        )
        return Condition(
            name=label,
            measurement=kind,
            target=target,
            low=low,
            high=high,
            unit=self.text(entries["unit"][1], f"{what}.unit"),
            tolerance="" if reported else self.text(entries["tolerance"][1], f"{what}.tolerance"),
            source=self.text(entries["source"][1], f"{what}.source") if "source" in entries else source,
            whole_interval=whole,
            reported=reported,
            of=self._measures(entries),
            group=self._group(what, entries, "group"),
            to=self._group(what, entries, "to"),
            observed=self.text(entries["observed"][1], f"{what}.observed") if "observed" in entries else None,
            year=year,
            first=first,
            last=last,
            months=self._months(what, entries),
            where=f"{self.file}:{line_of(key)}",
        )

    def _bounds(self, what: str, node: Node, entries: Entries) -> tuple[float, float, float]:
        """Return target, low and high; a bound that is not written is infinite."""
        if "low" not in entries and "high" not in entries:
            self.fail(node, f"{what} lacks its tolerance", "low, high, or both", "neither")
        target = self._finite(entries["target"][1], f"{what}.target")
        low = self._finite(entries["low"][1], f"{what}.low") if "low" in entries else -math.inf
        high = self._finite(entries["high"][1], f"{what}.high") if "high" in entries else math.inf
        if low > high:
            self.fail(entries["low"][1], f"{what}.low lies above high", f"at most {high:g}", f"{low:g}")
        if not low <= target <= high:
            within = f"a number in [{low:g}, {high:g}]"
            self.fail(
                entries["target"][1], f"{what}.target lies outside its own tolerance", within, f"{target:g}"
            )
        return target, low, high

    def _finite(self, node: Node, what: str) -> float:
        value = self.number(node, what)
        if not math.isfinite(value):
            self.fail(node, f"{what} is not possible", "a finite number", node.value)
        return value

    def _year(self, what: str, entries: Entries, key: str) -> int:
        if key not in entries:
            return FIRST_YEAR
        return self._whole(entries[key][1], f"{what}.{key}", FIRST_YEAR, LAST_YEAR)

    def _months(self, what: str, entries: Entries) -> int:
        return self._whole(entries["months"][1], f"{what}.months", 1, 12) if "months" in entries else 12

    def _whole(self, node: Node, what: str, low: int, high: int) -> int:
        value = self.number(node, what)
        if not (math.isfinite(value) and value == int(value) and low <= value <= high):
            self.fail(node, f"{what} is not possible", f"a whole number from {low} to {high}", node.value)
        return int(value)

    def _measures(self, entries: Entries) -> tuple[str, ...]:
        if "of" not in entries:
            return ()
        node = entries["of"][1]
        nodes: Iterable[Node] = node.value if node.id == "sequence" else [node]
        known = (*MEASURES, *_BY_GROUP_ONLY)
        expected = "a name that `list measures` shows"
        names = tuple(self._known(one, "measure", known, expected) for one in nodes)
        if not names:
            self.fail(node, "of names no measure", "a measure or a list of measures", "an empty list")
        return names

    def _known(self, node: Node, what: str, names: tuple[str, ...], expected: str) -> str:
        """Return one of many names; a refusal lists them only where none is near."""
        if node.id != "scalar" or node.value not in names:
            near = nearest_name(node.value, names) if node.id == "scalar" else None
            self.fail(
                node,
                f"unknown {what}",
                expected if near else f"one of {', '.join(names)}",
                kind_of(node),
                near,
            )
        return str(node.value)

    def _group(self, what: str, entries: Entries, key: str) -> tuple[str, str] | None:
        if key not in entries:
            return None
        chosen = self.entries(entries[key][1], f"{what}.{key}")
        if len(chosen) != 1:
            self.fail(
                entries[key][1], f"{what}.{key} is not one group", "such as {age: 65+}", f"{len(chosen)} keys"
            )
        ((dimension, (dimension_node, node)),) = chosen.items()
        self.choice(dimension_node, "dimension", self._groups)
        return dimension, self.choice(node, f"group of {dimension}", self._groups[dimension])
