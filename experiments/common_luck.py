"""`compare`: two results folders, or the levers of one, on the same luck.

Replication r has the same seed everywhere and draws are addressed, so a difference is taken between runs of
the same seed. How much that is worth is said: the variance of a difference had the luck been independent,
var A + var B, over var (B − A).
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.errors import BadInput, Problem, shown
from experiments.intervals import finite, interval_of
from experiments.measure_names import chosen_measures, stored_measures
from experiments.summary import TELLING, print_columns, shown_number

if TYPE_CHECKING:
    import pandas as pd

LAST_MONTHS = 12
LEAST_PAIRS = 4
"""With fewer, a ratio of variances says nothing."""
LARGEST_FACTOR = 1e9
"""A variance smaller than this part of another is rounding."""


@dataclass(frozen=True)
class Difference:
    """A measure at two settings, run by run on the same luck.

    Parameters
    ----------
    first, second : one value per pair, in the same order.
    """

    measure: str
    first: np.ndarray
    second: np.ndarray

    @property
    def interval(self) -> tuple[float | None, float | None, float | None]:
        """Mean of second less first, with its 95 % interval (Student's t); no interval from one pair."""
        return interval_of(self.second - self.first)

    @property
    def variance_reduction(self) -> float | None:
        """(var A + var B) / var(B − A); None from too few pairs, or where only rounding is left."""
        if len(self.first) < LEAST_PAIRS:
            return None
        apart = float(np.var(self.second - self.first, ddof=1))
        independent = float(np.var(self.first, ddof=1) + np.var(self.second, ddof=1))
        return independent / apart if apart > independent / LARGEST_FACTOR else None

    def as_json(self) -> dict[str, Any]:
        """Return the difference as `--json` prints it."""
        from model.measures import MEASURES

        mean, low, high = self.interval
        declared = MEASURES[self.measure]
        means = {"a": finite(self.first.mean()), "b": finite(self.second.mean())}
        found = {"difference": mean, "low": low, "high": high, "variance_reduction": self.variance_reduction}
        return {**means, **found, "pairs": len(self.first), "unit": declared.unit, "label": declared.label}


@dataclass(frozen=True)
class Contrast:
    """Two settings that are compared, and over what the mean is taken: seeds, or sampled points."""

    label: str
    over: str
    pairs: int
    differences: tuple[Difference, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the contrast as `--json` prints it."""
        measures = {one.measure: one.as_json() for one in self.differences}
        return {"label": self.label, "over": self.over, "pairs": self.pairs, "measures": measures}


def compare_command(options: Namespace) -> int:
    """Print paired differences between two folders, or between the levers of one."""
    from experiments.reading import open_archive

    first = open_archive(Path(options.folder))
    second = None if options.other is None else open_archive(Path(options.other))
    contrasts = compare_levers(first, options.measures) if second is None else [
        compare_folders(first, second, options.measures)
    ]  # fmt: skip
    if options.json:
        places = {"a": str(first.folder), "b": None if second is None else str(second.folder)}
        found = [contrast.as_json() for contrast in contrasts]
        print(json.dumps({**places, "months": LAST_MONTHS, "contrasts": found}, allow_nan=False))
        return 0
    for contrast in contrasts:
        _print(contrast)
    return 0


def compare_folders(first: Any, second: Any, measures: str | None = None) -> Contrast:
    """Return the differences B − A of two results folders, pairs matched by what varies and by seed."""
    _refuse_other_horizon(first, second)
    names = _common_measures([first, second], measures)
    shared = [name for name in varied_names(first) if name in varied_names(second)]
    tables = [ends(archive, names, shared) for archive in (first, second)]
    _refuse_no_pairs(first, second, tables)
    label = f"{second.folder.name} less {first.folder.name}"
    return _contrast(label, tables, names)


def compare_levers(archive: Any, measures: str | None = None) -> list[Contrast]:
    """Return each combination of levers less the first, pairs matched by sampled point and by seed."""
    levers = [name for name in varied_names(archive) if name in (archive.experiment.levers or ())]
    if not levers:
        what = f"{archive.folder} has no levers, so there is nothing to compare within it"
        raise BadInput(Problem(what, "a second folder, or an experiment with `levers:`"))
    names = _common_measures([archive], measures)
    sampled = [name for name in varied_names(archive) if name not in levers]
    table = ends(archive, names, sampled, also=levers)
    settings = _in_order(archive, levers)
    chosen = [table[(table[levers] == setting).all(axis=1)] for setting in settings]
    labels = [", ".join(f"{name} {setting[name]}" for name in levers) for setting in settings]
    return [
        _contrast(f"{label} less {labels[0]}", [chosen[0], other], names)
        for label, other in zip(labels[1:], chosen[1:], strict=True)
    ]


def _in_order(archive: Any, levers: list[str]) -> list[Any]:
    points = archive.points.sort_values("design_point")[levers].drop_duplicates()
    return [row for _, row in points.iterrows()]


def varied_names(archive: Any) -> list[str]:
    """Return the columns of what varies in a results folder."""
    return [name for name in archive.points.columns if name != "design_point"]


def ends(archive: Any, names: Sequence[str], keys: Sequence[str], also: Sequence[str] = ()) -> pd.DataFrame:
    """Return the end of every run: point (a text per combination of keys), seed, one column per measure."""
    long = archive.final(list(names), months=LAST_MONTHS)
    wide = long.pivot_table(index="run_id", columns="measure", values="value", dropna=False)
    runs = archive.runs.set_index("run_id")
    table = wide.join(runs[["design_point", "seed", *keys, *also]])
    table["point"] = [repr(tuple(row)) for row in table[list(keys)].itertuples(index=False)]
    repeated = table.duplicated(["point", "seed", *also])
    if repeated.any():
        what = f"design points of {archive.folder} cannot be told apart by {', '.join(keys) or 'their seeds'}"
        raise BadInput(Problem(what, "two folders whose points vary in the same parameters"))
    return table


def _contrast(label: str, tables: list[pd.DataFrame], names: Sequence[str]) -> Contrast:
    one, other = (table.set_index(["point", "seed"])[list(names)] for table in tables)
    common = one.index.intersection(other.index)
    one, other = one.loc[common], other.loc[common]
    points = common.get_level_values("point").nunique()
    level, over = ("point", "points") if points > 1 else ("seed", "seeds")
    first, second = (table.groupby(level=level).mean() for table in (one, other))
    differences = tuple(_difference(name, first, second) for name in names)
    return Contrast(label, over, len(common), tuple(d for d in differences if len(d.first)))


def _difference(name: str, first: pd.DataFrame, second: pd.DataFrame) -> Difference:
    both = np.isfinite(first[name]) & np.isfinite(second[name])
    return Difference(name, first[name][both].to_numpy(), second[name][both].to_numpy())


def _common_measures(archives: list[Any], given: str | None) -> list[str]:
    stored = [
        name for name in stored_measures(archives[0]) if all(name in stored_measures(a) for a in archives)
    ]
    if given is not None:
        return chosen_measures(given, stored, " and ".join(str(archive.folder) for archive in archives))
    telling = [name for name in TELLING if name in stored] or stored[:12]
    if not telling:
        what = "no measure is stored in " + ("both folders" if len(archives) > 1 else str(archives[0].folder))
        raise BadInput(Problem(what, "finished runs with at least one measure"))
    return telling


def _refuse_other_horizon(first: Any, second: Any) -> None:
    spans = [(a.experiment.start, a.experiment.months) for a in (first, second)]
    if spans[0] != spans[1]:
        said = [f"{months} months from {start}" for start, months in spans]
        raise BadInput(
            Problem("the folders do not cover the same months", said[0], said[1], str(second.folder))
        )
    versions = [archive.provenance.get("model_version") for archive in (first, second)]
    if versions[0] != versions[1]:
        both = f"model versions {shown(versions[0])} and {shown(versions[1])}"
        print(f"note: differences may come from the model itself: {both}", file=sys.stderr)


def _refuse_no_pairs(first: Any, second: Any, tables: list[pd.DataFrame]) -> None:
    from experiments.report import seeds_text

    keys = [set(zip(table["point"], table["seed"], strict=True)) for table in tables]
    if keys[0] & keys[1]:
        return
    seeds = [sorted(set(table["seed"])) for table in tables]
    if not set(seeds[0]) & set(seeds[1]):
        what = f"{first.folder} and {second.folder} share no seed, so there is no common luck"
        said = [seeds_text(found) if found else "no finished run" for found in seeds]
        raise BadInput(Problem(what, *said))
    what = f"no design point of {first.folder} stands in {second.folder}"
    raise BadInput(Problem(what, "folders whose points vary in the same parameters and values"))


def _print(contrast: Contrast) -> None:
    over = f"{contrast.pairs} pair{'s' * (contrast.pairs != 1)} of runs on the same luck"
    over += ", interval over sampled points" if contrast.over == "points" else ""
    print(f"\n{contrast.label}: {over}, mean of the last {LAST_MONTHS} months, 95 % interval\n")
    print_columns([("", "A", "B", "B − A", "interval", "luck"), *map(_row, contrast.differences)])
    print("\n  luck: how many times smaller the variance of B − A is than with independent luck")


def _row(difference: Difference) -> tuple[str, ...]:
    found = difference.as_json()
    a, b, mean, low, high = (shown_number(found[key]) for key in ("a", "b", "difference", "low", "high"))
    between = f"{low} to {high}" if found["low"] is not None else ""
    factor = found["variance_reduction"]
    unit = "" if found["unit"] == "1" else f", {found['unit']}"
    return found["label"] + unit, a, b, mean, between, "" if factor is None else f"{factor:.1f}×"
