"""The command `intercepts`: solve the catalogue's intercepts against its anchors, and say how well."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import BadInput, Problem
from experiments.storing import TEMPORARY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from model.intercepts import Fit
    from model.tasks import Catalogue

MET_WITHIN = 0.02
"""An anchor is met when simulated and target shares differ by no more."""
FIRST_YEAR = 1990
"""In which solving starts to simulate."""
MOST_SEEDS, MOST_ROUNDS, MOST_CONSUMERS = 100, 100, 1_000_000
REACHABLE = 0.97
"""Of those who are offered a channel; more than that no intercept brings to it."""
DIGITS = 4
"""Decimals of an intercept in a file."""


@dataclass(frozen=True)
class Anchored:
    """One anchor, what was simulated, and the intercept that serves it before and after."""

    name: str
    year: int
    basis: str
    target: float
    simulated: float
    gap: float
    coverage: float
    before: float
    after: float
    met: bool
    reason: str
    source: str


@dataclass(frozen=True)
class Settings:
    """How the intercepts are solved."""

    seeds: tuple[int, ...]
    rounds: int
    consumers: int


def settings_of(seeds: str | None, rounds: str | None, consumers: str | None) -> Settings:
    """Return the settings that the command line gives, the model's own where it gives none."""
    from model.intercepts import CONSUMERS, ROUNDS, SEEDS

    number = _whole(seeds, "--seeds", (1, MOST_SEEDS), len(SEEDS))
    return Settings(
        seeds=tuple(SEEDS[0] + place for place in range(number)),
        rounds=_whole(rounds, "--rounds", (0, MOST_ROUNDS), ROUNDS),
        consumers=_whole(consumers, "--consumers", (1, MOST_CONSUMERS), CONSUMERS),
    )


def _whole(text: str | None, option: str, within: tuple[int, int], default: int) -> int:
    if text is None:
        return default
    low, high = within
    if not text.isascii() or not text.isdigit() or not low <= int(text[:12]) <= high:
        raise BadInput(
            Problem(f"{option} is not valid", f"a whole number from {low} to {high:,}", f"'{text}'")
        )
    return int(text)


def anchored_catalogue(tasks: str | None) -> Catalogue:
    """Return a catalogue that has anchors, the package's by default; raise `BadInput`."""
    from experiments.checks import fault_of_file
    from model.tasks import load_catalogue

    fault = fault_of_file(Path(tasks)) if tasks is not None else ""
    if fault:
        raise BadInput(Problem(f"--tasks {tasks}: {fault}"))
    try:
        catalogue = load_catalogue(tasks)
    except ValueError as error:
        raise BadInput(Problem(str(error))) from None
    if not any(task.anchors for task in catalogue.tasks):
        where = str(tasks) if tasks else ""
        raise BadInput(
            Problem("no task has anchors to solve against", "`anchors:` below a task", where=where)
        )
    return catalogue


def target_file(out: str | None) -> Path | None:
    """Return the file to write, or None; raise `BadInput` where it cannot be or holds something else."""
    if out is None:
        return None
    path = Path(out)
    if not out.strip() or not out.isprintable():
        raise BadInput(Problem(f"--out {out!a} is no file", "the file to write"))
    try:
        held = path.exists()
        if path.is_dir():
            raise BadInput(Problem(f"--out {out} is a folder", "the file to write"))
        probe = path.with_name(f"{TEMPORARY}{os.getpid()}-{path.name}")
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise BadInput(Problem(f"--out {out} cannot be written ({error.strerror})")) from None
    if held and not _is_catalogue(path):
        raise BadInput(Problem(f"--out {out} holds something else", "a new file or a catalogue"))
    return path


def _is_catalogue(path: Path) -> bool:
    from model.tasks import load_catalogue

    try:
        load_catalogue(path)
    except ValueError:
        return False
    return True


def anchored_fits(before: Catalogue, fits: Sequence[Fit]) -> list[Anchored]:
    """Return every anchor with its intercept before and after, and why it is not met if it is not."""
    values = {number.name: number for number in before.numbers()}
    shared = Counter(fit.name for fit in fits)
    rows = []
    for fit in fits:
        gap = fit.simulated - fit.target
        met = abs(gap) <= MET_WITHIN
        bounds = values[fit.name].low, values[fit.name].high
        reason = "" if met else reason_for(fit, bounds, alone=shared[fit.name] == 1)
        figures = (fit.target, fit.simulated, gap, fit.coverage, values[fit.name].value, fit.intercept)
        rows.append(Anchored(fit.name, fit.year, fit.basis, *figures, met, reason, fit.source))
    return rows


def reason_for(fit: Fit, bounds: tuple[float, float], *, alone: bool) -> str:
    """Say why an anchor is not met.

    >>> from model.intercepts import Fit
    >>> fit = Fit("tasks.cash.intercept", 2010, "occasions", 0.8, 0.3, 0.31, 2.0, "a census")
    >>> reason_for(fit, (-10.0, 10.0), alone=True)
    'only 31 % of customers are offered it'
    """
    if fit.year < FIRST_YEAR:
        return f"before {FIRST_YEAR}, when simulating starts"
    if fit.simulated < fit.target and fit.target > REACHABLE * fit.coverage:
        offered = f"only {100.0 * fit.coverage:.0f} %" if fit.coverage >= 0.005 else "none"
        return f"{offered} of customers are offered it"
    if not alone:
        return "its intercept serves another anchor too"
    if min(abs(fit.intercept - bound) for bound in bounds) < 0.6:
        return "its intercept is at a bound"
    return "more rounds, seeds or consumers would come closer"


def solved_text(source: Path, values: Mapping[str, float], origin: str) -> str:
    """Return the text of a catalogue file with other intercepts; comments and layout stay.

    Parameters
    ----------
    source : the catalogue's file.
    values : new intercepts by dotted name.
    origin : what is written as source beside each.
    """
    import io

    from ruamel.yaml import YAML

    writer = YAML()
    writer.preserve_quotes = True
    writer.width = 1_000_000
    writer.indent(mapping=2, sequence=4, offset=2)
    page = writer.load(source.read_text(encoding="utf-8-sig"))
    for name, value in values.items():
        _, task, *channel, _ = name.split(".")
        node = page["tasks"][task]
        _set_intercept(node["channels"][channel[0]] if channel else node, round(value, DIGITS), origin)
    stream = io.StringIO()
    writer.dump(page, stream)
    return stream.getvalue()


def _set_intercept(node: Any, value: float, origin: str) -> None:
    """Set the intercept of a task or channel; where none is written, it follows the label."""
    from ruamel.yaml.comments import CommentedMap

    written = node.get("intercept")
    if not isinstance(written, CommentedMap):
        written = CommentedMap(value=0.0)
        written.fa.set_flow_style()
        if "intercept" in node:
            node["intercept"] = written
        else:
            node.insert(list(node).index("label") + 1, "intercept", written)
    written["value"] = value
    if not str(written.get("source", "")).startswith(origin):
        written["source"] = origin


def write_solved(target: Path, source: Path, solved: Mapping[str, float], seeds: Sequence[int]) -> None:
    """Write a copy of a catalogue file with solved intercepts; it appears whole or not at all."""
    from experiments.storing import whole_files
    from model.tasks import load_catalogue

    text = solved_text(source, solved, f"solved by the command intercepts on {seeds_in_words(seeds)}")
    with whole_files(target) as (temporary,):
        temporary.write_text(text, encoding="utf-8", newline="\n")
        written = {number.name: number.value for number in load_catalogue(temporary).numbers()}
        wrong = [name for name, value in solved.items() if abs(written[name] - value) > 10.0**-DIGITS]
        if wrong:
            what = f"{wrong[0]} shares its line with another task (an alias of YAML)"
            raise BadInput(Problem(what, "a line of its own for each task", where=str(source)))


def seeds_in_words(seeds: Sequence[int]) -> str:
    """Return seeds as a sentence has them.

    >>> seeds_in_words([101]), seeds_in_words([101, 102]), seeds_in_words([101, 102, 103])
    ('seed 101', 'seeds 101 and 102', 'seeds 101 to 103')
    """
    if len(seeds) == 1:
        return f"seed {seeds[0]}"
    return f"seeds {seeds[0]} {'and' if len(seeds) == 2 else 'to'} {seeds[-1]}"


def as_json(rows: Sequence[Anchored], settings: Settings, catalogue: str, out: Path | None) -> dict[str, Any]:
    """Return what `intercepts --json` prints."""
    largest = max(abs(row.gap) for row in rows)
    files = {"catalogue": catalogue, "out": None if out is None else str(out)}
    figures = {"largest_gap": largest, "met": sum(row.met for row in rows)}
    return {**files, **asdict(settings), **figures, "anchors": [asdict(row) for row in rows]}


HEADS = ("intercept", "year", "basis", "target", "simulated", "gap", "before", "after", "")


def table(rows: Sequence[Anchored]) -> list[str]:
    """Return the anchors as lines of a table; shares in per cent, gaps in percentage points."""
    cells = [HEADS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADS))]
    return ["  ".join(_aligned(line, widths)).rstrip() for line in cells]


def _cells(row: Anchored) -> tuple[str, ...]:
    shares = f"{100 * row.target:.1f} %", f"{100 * row.simulated:.1f} %", f"{100 * row.gap:+.1f}"
    return (row.name, str(row.year), row.basis, *shares, f"{row.before:.3f}", f"{row.after:.3f}", row.reason)


def _aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    flush_right = range(3, 8)
    pairs = enumerate(zip(line, widths, strict=True))
    return [
        cell.rjust(width) if place in flush_right else cell.ljust(width) for place, (cell, width) in pairs
    ]


def verdict(rows: Sequence[Anchored]) -> str:
    """Say how well the anchors are met, in one sentence."""
    worst = max(rows, key=lambda row: abs(row.gap))
    met = sum(row.met for row in rows)
    share = f"{met} of {len(rows)} anchors are met within {100 * MET_WITHIN:.0f} percentage points"
    return f"{share}; the largest gap is {abs(100 * worst.gap):.1f} ({worst.name}, {worst.year})."
