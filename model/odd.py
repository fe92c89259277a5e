"""Keeps the tables of ``ODD.md`` as the code has them: ``python -m model.odd``, ``--check`` only looks.

A table stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``; everything else is written by hand.
"""

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from agents.columns import Columns, Offers
from agents.consumer import column_attribute
from agents.firm import Firm, FirmColumns
from agents.population import Population
from model import market
from model.accounting import Accounts
from model.economy import Economy
from model.measures import MEASURES, Measure
from model.parameters import Declaration, Parameters, declarations
from model.policy import Policy
from model.tasks import Catalogue, load_catalogue
from model.technology import Technology

PAGE = Path(__file__).with_name("ODD.md")
_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_FIELD = re.compile(r"^    (\w+): np\.ndarray(?:  # (.*))?$", re.MULTILINE)
_SHAPE = re.compile(r"^(?P<shape>\([^)]*\))(?: (?P<type>u?int\d+|float\d+|bool)\b)?,? ?(?P<what>.*)$")
_TASK_NUMBERS = (
    "occasions", "eligible_share", "employee_minutes", "staffed_minutes", "staffed_cost", "human_content",
    "money_share", "rebound", "intercept",
)  # fmt: skip
_CHANNEL_NUMBERS = (
    "introduced", "access", "minutes", "skill", "enjoyment", "autonomy", "self_realisation", "responsibility",
    "co_design", "unit_cost", "fixed_cost", "success", "leakage",
)  # fmt: skip
_ACTORS = (Technology, Policy, Firm, market, Population, Accounts, Economy)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a Markdown table.

    Examples
    --------
    >>> table(["task", "minutes"], [["cash", 6.0]]).splitlines()
    ['| task | minutes |', '|---|---|', '| cash | 6 |']
    """
    lines = [head, *([_cell(value) for value in row] for row in rows)]
    written = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([written[0], "|" + "---|" * len(head), *written[1:]]) + "\n"


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).replace("|", "\\|").replace("\n", " ")


def parameters_table() -> str:
    """Return one table per group of the parameters that are declared in code."""
    tables = []
    for group, field in Parameters.model_fields.items():
        rows = [_parameter_row(d) for d in declarations() if d.group == group]
        if rows:
            title = f"**{group}**: {inspect.getdoc(field.annotation)}\n\n"
            head = ("parameter", "symbol", "meaning", "default", "bounds", "unit", "source")
            tables.append(title + table(head, rows))
    return "\n".join(tables)


def _parameter_row(declared: Declaration) -> tuple[Any, ...]:
    bounds = "" if declared.low is None else f"{declared.low:g} … {declared.high:g}"
    bounds = bounds or ", ".join(declared.choices)
    name = f"`{declared.name}`"
    return name, declared.symbol, declared.label, declared.default, bounds, declared.unit, declared.source


def state_table(*columns: type) -> str:
    """Return the fields of columns with shape, type and meaning, from the comments beside them."""
    rows = [row for kind in columns for row in _state_rows(kind)]
    return table(("variable", "shape", "type", "meaning"), rows)


def _state_rows(columns: type) -> Iterable[tuple[str, str, str, str]]:
    for name, comment in _FIELD.findall(inspect.getsource(columns)):
        match = _SHAPE.match(comment or "()")
        if match is None:
            raise ValueError(f"{columns.__name__}.{name}: expected a comment such as `# (N,) uint8, meaning`")
        attribute = column_attribute(name) if columns is Columns else None
        meaning = match["what"] or (attribute.__doc__ if attribute else None) or name.replace("_", " ")
        kind = match["type"] or ("" if columns is Columns else "float64")
        yield f"`{name}`", match["shape"], kind, meaning


def measures_table() -> str:
    """Return all measures with unit, label and the groups by which they exist."""
    rows = [(f"`{m.name}`", m.unit, m.label, _groups_of(m)) for m in MEASURES.values()]
    return table(("measure", "unit", "meaning", "by group of"), rows)


def _groups_of(measure: Measure) -> str:
    people = measure.of_people is not None or measure.of_users is not None
    return ", ".join(["people"] * people + ["task"] * (measure.of_tasks is not None))


def schedule() -> tuple[tuple[str, str, str], ...]:
    """Return the lines of a month: (code, function called, what that function says of itself)."""
    body = ast.parse(textwrap.dedent(inspect.getsource(Economy.live_a_month))).body[0].body  # type: ignore[attr-defined]
    calls = [(line, _called(line)) for line in body if _called(line)]
    return tuple((ast.unparse(line), name, _says(name)) for line, name in calls)


def _called(line: ast.stmt) -> str:
    """Return the name of what a line calls; of what it lets agents do, for ``.do("…")``."""
    call = getattr(line, "value", None)
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return ""
    first = call.args[0] if call.args else None
    named = call.func.attr == "do" and isinstance(first, ast.Constant)
    return str(first.value) if named else call.func.attr  # type: ignore[union-attr]


def _says(name: str) -> str:
    function = next(getattr(actor, name) for actor in _ACTORS if name in vars(actor))
    return (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")


def schedule_table() -> str:
    """Return the schedule of a month, numbered."""
    rows = [(str(place), f"`{code}`", says) for place, (code, _, says) in enumerate(schedule(), start=1)]
    return table(("no.", "line of `Economy.live_a_month`", "what happens"), rows)


def tasks_table() -> str:
    """Return the tasks and channels of the package's catalogue: its most used columns."""
    catalogue = load_catalogue()
    return _tasks(catalogue) + "\n" + _channels(catalogue)


def _tasks(catalogue: Catalogue) -> str:
    rows = [
        (f"`{t.name}`", f"{t.label} ({t.label_de})", t.sector, t.counter, t.kind, *_of(t, _TASK_NUMBERS))
        for t in catalogue.tasks
    ]
    head = ("task", "label", "sector", "counter", "kind", "occ./yr", "eligible", "staff min", "served min")
    return table((*head, "EUR staffed", "human", "money", "rebound", "κ"), rows)


def _channels(catalogue: Catalogue) -> str:
    rows = [
        (f"`{task.name}.{channel.name}`", channel.label, *_of(channel, _CHANNEL_NUMBERS))
        for task in catalogue.tasks
        for channel in task.channels
    ]
    head = ("channel", "label", "since", "access", "own min", "skill", "E", "A", "Z", "R", "D")
    return table((*head, "EUR/use", "EUR/1000/yr", "success", "leakage"), rows)


def _of(record: Any, names: Iterable[str]) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in names)


TABLES: dict[str, Callable[[], str]] = {
    "parameters": parameters_table,
    "consumers": lambda: state_table(Columns),
    "firms": lambda: state_table(FirmColumns, Offers),
    "measures": measures_table,
    "schedule": schedule_table,
    "tasks": tasks_table,
}


def rewritten(page: str) -> str:
    """Return the page with every generated table as the code has it now."""

    def fresh(block: re.Match[str]) -> str:
        if block[2] not in TABLES:
            raise ValueError(f"generated: expected one of {', '.join(TABLES)}, got {block[2]}")
        return f"{block[1]}\n{TABLES[block[2]]()}\n{block[3]}"

    return _BLOCK.sub(fresh, page)


def main(arguments: Sequence[str]) -> int:
    """Rewrite the page, or with ``--check`` return 1 when it is stale."""
    page = PAGE.read_text(encoding="utf-8")
    fresh = rewritten(page)
    if "--check" in arguments:
        if page != fresh:
            sys.stderr.write("model/ODD.md is stale: run python -m model.odd\n")
        return int(page != fresh)
    if page != fresh:
        PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
