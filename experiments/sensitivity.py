"""`sensitivity`: which parameter moves an outcome, how much the seed alone moves it, and a verdict in words.

Every combination of levers is analysed by itself (its sample is a whole design); beside it stands each
lever's own share of the variance over all points.
"""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from experiments import indices, schema
from experiments.common_luck import LAST_MONTHS, varied_names
from experiments.errors import BadInput, Problem, nearest_name
from experiments.indices import LEAST_BLOCKS, LEAST_POINTS, Index, Noise
from experiments.intervals import finite
from experiments.measure_names import chosen_measures, stored_measures
from experiments.samples import Sample, lever_shares, sample_of_table, samples_of
from experiments.verdicts import lines_of, verdict

METHODS = ("morris", "sobol", "pawn", "delta")
USUAL_OUTCOMES = ("adopter_share", "unpaid_hours_gross", "saving_share")


@dataclass(frozen=True)
class Analysis:
    """What was found for one outcome at one combination of levers."""

    outcome: str
    label: str
    unit: str
    method: str
    levers: dict[str, Any]
    points: int
    mean: float
    spread: float
    indices: tuple[Index, ...]
    noise: Noise | None
    lever_shares: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the analysis as `--json` prints it."""
        found = [{**asdict(one), "value": finite(one.value)} for one in self.indices]
        plain = {
            name: getattr(self, name) for name in ("outcome", "label", "unit", "method", "levers", "points")
        }
        return {
            **plain,
            "mean": finite(self.mean),
            "standard_deviation": finite(self.spread),
            "indices": found,
            "seed": None if self.noise is None else asdict(self.noise),
            "lever_shares": self.lever_shares,
            "notes": list(self.notes),
            "verdict": verdict(self),
        }


def sensitivity_command(options: Namespace) -> int:
    """Print indices and a verdict for a results folder or a table."""
    method = _method(options.method)
    source = Path(options.source)
    analyses = (
        analyse_folder(source, options.measures, method)
        if source.is_dir() or options.outcome is None
        else [analysed(sample_of_table(source, options.outcome), method)]
    )
    if options.json:
        found = [analysis.as_json() for analysis in analyses]
        print(json.dumps({"source": str(source), "months": LAST_MONTHS, "analyses": found}, allow_nan=False))
        return 0
    for analysis in analyses:
        print("\n" + "\n".join(lines_of(analysis)))
    return 0


def _method(given: str | None) -> str | None:
    if given is not None and given not in METHODS:
        what, expected = f"unknown method '{given}'", f"one of {', '.join(METHODS)}"
        raise BadInput(Problem(what, expected, nearest=nearest_name(given, METHODS)))
    return given


def analyse_folder(folder: Path, measures: str | None = None, method: str | None = None) -> list[Analysis]:
    """Return the analyses of a results folder: one per outcome and combination of levers."""
    from experiments.reading import open_archive

    if folder.is_file():
        raise BadInput(Problem(f"{folder} is a file", "a results folder, or --outcome COLUMN for a table"))
    archive = open_archive(folder)
    stored = stored_measures(archive)
    if not stored:
        raise BadInput(Problem(f"{folder} holds no finished run", "the results of a `sweep`"))
    usual = [name for name in USUAL_OUTCOMES if name in stored] or stored[:3]
    names = usual if measures is None else chosen_measures(measures, stored, str(folder))
    if not varied_names(archive):
        what = f"{folder} has one design point, so no parameter varies"
        raise BadInput(Problem(what, "the results of a `sweep` over `uncertainties:` or `levers:`"))
    return [analysis for name in names for analysis in analyse_outcome(archive, name, method)]


def analyse_outcome(archive: Any, measure: str, method: str | None = None) -> list[Analysis]:
    """Return the analyses of one measure at the end of the runs of a results folder."""
    samples = samples_of(archive, measure)
    shares = lever_shares(samples)
    if not any(sample.columns for sample in samples):  # levers alone: their points are one table
        return [replace(analysed(_together(samples), method), lever_shares=shares)]
    return [replace(analysed(sample, method), lever_shares=shares) for sample in samples]


def _together(samples: list[Sample]) -> Sample:
    """Return the points of all combinations of levers as one sample in which nothing is drawn."""
    values, variances = (
        np.concatenate([getattr(s, name) for s in samples]) for name in ("values", "variances")
    )
    return replace(samples[0], levers={}, values=values, variances=variances)


def analysed(sample: Sample, method: str | None = None) -> Analysis:
    """Return the indices of one sample by the method that its design was made for, or by another."""
    chosen = method or usual_method(sample.design)
    _refuse_foreign_method(chosen, sample.design)
    kept, notes = _whole_blocks(sample, chosen)
    values = sample.values[kept]
    reasons = notes_of_nothing(values) if sample.columns else ()
    if chosen == "sobol" and not reasons:
        reasons = _notes_of_few_blocks(len(values) // (2 * len(sample.columns) + 2))
    return Analysis(
        *(sample.outcome, sample.label, sample.unit, chosen, sample.levers, len(values)),
        mean=float(values.mean()) if len(values) else float("nan"),
        spread=float(np.std(values, ddof=1)) if len(values) > 1 else 0.0,
        indices=() if reasons or not sample.columns else tuple(_indices(chosen, sample, kept)),
        noise=_noise(sample, kept),
        notes=(*notes, *reasons),
    )


def _noise(sample: Sample, kept: np.ndarray) -> Noise | None:
    if not sample.variances.size:
        return None
    several = kept & np.isfinite(sample.variances)
    return indices.noise_share(sample.values[several], sample.variances[several], sample.replications)


def notes_of_nothing(values: np.ndarray) -> tuple[str, ...]:
    """Return why no index can be computed; nothing when it can."""
    if len(values) < LEAST_POINTS:
        return (f"{len(values)} points are too few for an index (at least {LEAST_POINTS})",)
    if np.ptp(values) <= 1e-12 * max(1.0, float(np.abs(values).max())):
        return ("the outcome is the same at every point: nothing in this design moves it",)
    return ()


def _notes_of_few_blocks(blocks: int) -> tuple[str, ...]:
    if blocks >= LEAST_BLOCKS:
        return ()
    return (f"{blocks} base points are too few for Sobol indices (at least {LEAST_BLOCKS})",)


def usual_method(design: Any) -> str:
    """Return the method that a design was made for."""
    if isinstance(design, schema.Morris):
        return "morris"
    return "sobol" if isinstance(design, schema.Saltelli) else "pawn"


def _refuse_foreign_method(method: str, design: Any) -> None:
    made_for = {"morris": schema.Morris, "sobol": schema.Saltelli}
    if method in made_for and not isinstance(design, made_for[method]):
        kind = getattr(design, "kind", "no design")
        needed = "saltelli" if method == "sobol" else "morris"
        raise BadInput(Problem(f"{method} needs its own sample", f"`design: {{kind: {needed}, …}}`", kind))


def _whole_blocks(sample: Sample, method: str) -> tuple[np.ndarray, list[str]]:
    """Return which points can be used: Sobol's and Morris' estimates need whole blocks of the design."""
    k = len(sample.columns)
    block = {"sobol": 2 * k + 2, "morris": k + 1}.get(method, 1)
    good = np.isfinite(sample.values).reshape(-1, block).all(axis=1)
    lost = int((~good).sum()) * block
    note = f"{lost} of {good.size * block} points are left out: runs of their block failed or are missing"
    return np.repeat(good, block), [note] if lost else []


def _indices(method: str, sample: Sample, kept: np.ndarray) -> list[Index]:
    names, values = list(sample.columns), sample.values[kept]
    if method == "sobol":
        return indices.sobol_indices(names, values)
    if method == "morris":
        from experiments.sampling import unit_sample

        unit = unit_sample(sample.design, len(names), sample.seed)[kept]
        return indices.morris_indices(names, unit, values, levels=sample.design.levels)
    columns = np.column_stack([sample.columns[name][kept] for name in names])
    if method == "delta":
        return indices.delta_indices(names, columns, values)
    found = indices.pawn_indices(names, columns, values)
    return [*found, *indices.first_order_indices(names, columns, values)]
