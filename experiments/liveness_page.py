"""The page on which parameters are live and what mechanisms are worth, written by `liveness --out`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from experiments import mechanisms
from experiments.liveness_command import COLUMNS, Column, conclusion
from experiments.liveness_plan import CONTEXTS, EXEMPT, SIZE
from experiments.report_sections import Table

if TYPE_CHECKING:
    from experiments.liveness import Verdict

FEW = 4
"""A parameter that moves no more measures than this is read by the books only, or nearly so."""
SHOWN = tuple(column for column in COLUMNS if column.heading != "level")


def page(found: Sequence[Verdict], archive: Any) -> str:
    """Return the page in Markdown."""
    return "\n".join([*_head(), *_parameters(found), *_mechanisms(archive)]) + "\n"


HEAD = """Written by `python -m experiments liveness --out docs/LIVENESS.md`, with model {software}
`{version}`; do not edit. All differences are between runs of the same seeds, so that luck is the same
on both sides."""
PARAMETERS = """Every declared parameter is moved from its default to the bound that lies farther away,
and so is one number of each column of the catalogue, in an economy of {size} people in which it can
act. Measures are means over the whole run and over its last five years. *Strong*: half a standard
deviation between seeds or more. *Noise*: runs differ, but by chance for all one can tell. *Dead*: not
one bit differs. Not tried: {exempt}."""
MECHANISMS = """The experiment `{name}`: all sectors, {people:,} people, {months} months from {start},
{seeds} seeds.
{reading}"""


def _head() -> Iterator[str]:
    from experiments.provenance import software_version
    from model.version import model_version

    software = software_version() or "without installation"
    yield from ("# What is live, and what mechanisms are worth", "")
    yield HEAD.format(software=software, version=model_version())


def _parameters(found: Sequence[Verdict]) -> Iterator[str]:
    exempt = "; ".join(f"`{name}` ({reason})" for name, reason in EXEMPT.items())
    yield from ("", "## Parameters", "", conclusion(found), "")
    yield PARAMETERS.format(size=SIZE, exempt=exempt)
    less = [one for one in found if one.verdict != "strong"]
    if less:
        yield from ("", "Those that are not strong:", "", *markdown(_as_table(less)))
    few = [one for one in found if one.verdict != "dead" and one.moved <= FEW]
    if few:
        names = ", ".join(f"`{one.trial.name}` ({one.key[0]})" for one in few)
        yield from ("", f"Few measures (at most {FEW}, windows counted apart) are moved by: {names}.")
    yield from ("", "The strongest of each group:", "", *markdown(_as_table(strongest(found))))
    yield from ("", *markdown(_contexts(found)))


def strongest(found: Sequence[Verdict], each: int = 2) -> list[Verdict]:
    """Return the parameters of each group with the largest effects, in standard deviations."""
    groups: dict[str, list[Verdict]] = {}
    for one in sorted(found, key=lambda one: -one.size):
        groups.setdefault(one.trial.name.partition(".")[0], []).append(one)
    return [one for name in sorted(groups) for one in groups[name][:each]]


def _as_table(found: Sequence[Verdict], columns: Sequence[Column] = SHOWN) -> Table:
    return Table(
        [column.heading for column in columns], [[column.text(one) for column in columns] for one in found]
    )


def _contexts(found: Sequence[Verdict]) -> Table:
    used = [one.trial.context for one in found]
    rows = [
        [
            name,
            context.reason,
            f"{context.start}, {context.months} months",
            ", ".join(
                f"`{key}: {value}`"
                for key, value in context.parameters.items()
                if key != "population.consumers"
            ),
            str(used.count(name)),
        ]
        for name, context in CONTEXTS.items()
    ]
    return Table(["economy", "why", "from", "set", "parameters"], rows)


def _mechanisms(archive: Any) -> Iterator[str]:
    worth = mechanisms.worth_of(archive)
    experiment = archive.experiment
    yield from ("", "## Mechanisms", "", mechanisms.conclusion(worth), "")
    yield MECHANISMS.format(
        name=mechanisms.EXPERIMENT,
        people=experiment.parameters["population.consumers"],
        months=experiment.months,
        start=experiment.start,
        seeds=experiment.replications,
        reading=experiment.reading,
    )
    for table in mechanisms.tables_of(archive, worth):
        yield from ("", table.caption, "", *markdown(table))


def markdown(table: Table) -> list[str]:
    """Return a table in Markdown."""
    headings = [
        f"{name} ({unit})" if unit else name
        for name, unit in zip(table.header, table.units or [""] * len(table.header), strict=True)
    ]
    return [_row(headings), _row(["---"] * len(headings)), *(_row(row) for row in table.rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
