"""What a mechanism is worth: the economy with everything less the economy without it, run by run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.outcomes import Outcome, figure, outcome_of, signed
from experiments.paired import Interval, interval_of, joint_level
from experiments.report_sections import Section, Table

if TYPE_CHECKING:
    import pandas as pd

EXPERIMENT = "mechanisms"
LEVER, ALL_ACT = "without", "nothing"
YEARS = (2010, 2020, 2030)


@dataclass(frozen=True)
class Worth:
    """What one mechanism adds to one measure in one year.

    `interval` is read alone (95 %); `sure` says whether the mechanism moves the measure even when all
    the figures of its row block are read together (Bonferroni).
    """

    mechanism: str
    year: int
    outcome: Outcome
    interval: Interval
    sure: bool


def worth_of(archive: Any) -> list[Worth]:
    """Return what each mechanism of a results folder of `mechanisms` is worth, by measure and year."""
    years = years_of(archive.experiment.start, archive.experiment.months)
    tables = {
        (year, outcome.name): _by_lever(archive, year, outcome)
        for year in years
        for outcome in outcomes(archive)
    }
    level = joint_level(len(tables))
    found = []
    for mechanism in mechanisms(archive):
        for (year, name), table in tables.items():
            added = (table[ALL_ACT] - table[mechanism]).to_numpy()
            sure = interval_of(added, level=level).apart_from_zero
            found.append(Worth(mechanism, year, outcome_of(name), interval_of(added), sure))
    return found


def years_of(start: str, months: int) -> list[int]:
    """Return those of the years shown that a run holds completely.

    >>> years_of("1990-01", 492), years_of("2010-02", 120)
    ([2010, 2020, 2030], [])
    """
    first = int(start[:4]) * 12 + int(start[5:]) - 1
    return [year for year in YEARS if first <= year * 12 and year * 12 + 12 <= first + months]


def outcomes(archive: Any) -> list[Outcome]:
    """Return the measures that the experiment stores, in its order."""
    return [outcome_of(name) for name in archive.experiment.measures]


def mechanisms(archive: Any) -> list[str]:
    """Return the mechanisms that were knocked out, in the experiment's order."""
    labels = archive.points.sort_values("design_point")[LEVER]
    return [str(label) for label in labels if label != ALL_ACT]


def _by_lever(archive: Any, year: int, outcome: Outcome) -> pd.DataFrame:
    """Return a measure's mean of a year: a row per replication, a column per mechanism knocked out."""
    start = archive.experiment.start
    first = (year - int(start[:4])) * 12 - int(start[5:]) + 1
    series = archive.series(outcome.name, from_month=first, to_month=first + 11)
    means = series.groupby("run_id", as_index=False)["value"].mean()
    joined = means.merge(archive.runs[["run_id", "replication", LEVER]], on="run_id")
    return joined.pivot_table(index="replication", columns=LEVER, values="value", dropna=False)


def worthless(found: Sequence[Worth]) -> list[str]:
    """Return the mechanisms that move no measure in no year beyond noise."""
    moving = {one.mechanism for one in found if one.sure}
    return [name for name in dict.fromkeys(one.mechanism for one in found) if name not in moving]


def tables_of(archive: Any, found: Sequence[Worth]) -> list[Table]:
    """Return one table per year: a row per mechanism, a column per measure."""
    return [_table_of_year(archive, found, year) for year in dict.fromkeys(one.year for one in found)]


def _table_of_year(archive: Any, found: Sequence[Worth], year: int) -> Table:
    shown = outcomes(archive)
    levels = [interval_of(_by_lever(archive, year, outcome)[ALL_ACT].to_numpy()) for outcome in shown]
    cells = {(one.mechanism, one.outcome.name): cell(one) for one in found if one.year == year}
    rows = [
        ["level, all act", *(figure(o.scale * level.mean) for o, level in zip(shown, levels, strict=True))]
    ]
    rows += [[name, *(cells[name, outcome.name] for outcome in shown)] for name in mechanisms(archive)]
    return Table(
        header=["mechanism", *(outcome.brief for outcome in shown)],
        rows=rows,
        caption=f"What each mechanism added in {year}: mean ± half of the 95 % interval over "
        f"{levels[0].runs} runs on common luck. * beyond noise when all figures of the mechanism are "
        "read together.",
        units=["", *(outcome.change_unit for outcome in shown)],
    )


def cell(one: Worth) -> str:
    """Return the figure of one cell, such as `+3.1 ± 0.4 *`: no more digits than its interval has."""
    half = one.outcome.scale * (one.interval.high - one.interval.low) / 2.0
    mean = one.outcome.scale * one.interval.mean
    if not half > 0.0:  # one run has no interval, and runs may not differ at all
        return f"{signed(mean)} ± {figure(half)}"
    decimals = max(0, 1 - math.floor(math.log10(half)))
    shown = f"{mean:+.{decimals}f} ± {half:.{decimals}f}".replace("-", "−")
    return f"{shown} *" if one.sure else shown


def lines(archive: Any, found: Sequence[Worth]) -> list[str]:
    """Return the tables as lines of text."""
    from experiments.liveness_command import aligned

    shown = []
    for one in tables_of(archive, found):
        shown += [one.caption, *aligned([list(one.header), list(one.units), *map(list, one.rows)]), ""]
    return shown


def as_json(one: Worth) -> dict[str, Any]:
    """Return one figure as JSON can hold it, in the measure's own unit; undefined limits become null."""
    numbers = {"mean": one.interval.mean, "low": one.interval.low, "high": one.interval.high}
    finite = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
    what = {
        "mechanism": one.mechanism,
        "year": one.year,
        "measure": one.outcome.name,
        "unit": one.outcome.unit,
    }
    return {**what, **finite, "runs": one.interval.runs, "beyond_noise": one.sure}


def conclusion(found: Sequence[Worth]) -> str:
    """Say in one sentence which mechanisms are worth nothing."""
    nothing = worthless(found)
    if not nothing:
        return "Every mechanism moves some measure beyond noise."
    return f"Worth nothing beyond noise in these measures: {', '.join(nothing)}."


def section(archive: Any) -> Section | None:
    """Return the part of a report on what mechanisms are worth; nothing for other experiments."""
    if LEVER not in archive.points.columns or ALL_ACT not in set(archive.points[LEVER]):
        return None
    found = worth_of(archive)
    return Section("What each mechanism is worth", [conclusion(found)], tables_of(archive, found))
