"""The validation report put together: its sections in order, and the same as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from experiments import evidence_charts, evidence_forecast, evidence_recovery, evidence_sections
from experiments.evidence_page import Report
from experiments.evidence_parts import Gathered
from experiments.evidence_plan import ALL_TOGETHER, ONE_AT_A_TIME
from experiments.out_of_sample import scores_of
from experiments.paired import Interval
from experiments.report_sections import Section, Table
from experiments.robustness import Robustness, Sampled


def report_of(found: Gathered) -> Report:
    """Return the report of everything that was gathered."""
    sections: list[Section] = []
    tables: dict[str, Table] = {}
    if found.card is not None:
        sections.append(evidence_sections.patterns(found.card, found.version))
        tables["patterns"] = conditions_table(found.card)
    if found.calibration is not None and "forecast" in found.parts:
        section = evidence_forecast.section(scores_of(found.calibration))
        sections.append(replace(section, paragraphs=[*section.paragraphs, *_stale(found)]))
    if found.recovered:
        sections.append(evidence_recovery.section(found.recovered))
    if found.nulls:
        sections.append(evidence_sections.nulls(found.nulls))
    if {"forecast", "nulls"} & set(found.parts):
        contagion = found.nulls.get("no-contagion")
        sections.append(evidence_sections.identifiability(found.calibration, contagion))
    if "sensitivity" in found.parts:
        section, tables["every-move"] = _sensitivity(found)
        sections.append(section)
    if found.countries:
        sections.append(_branches(found))
    return Report(_opening(found), [*sections, runs_section(found)], tables, _passport(found))


def _stale(found: Gathered) -> list[str]:
    """Say when the calibration belongs to another version of the model than the runs."""
    version = ((found.calibration or {}).get("settings") or {}).get("model_version", found.version)
    if version == found.version:
        return []
    return [f"The calibration was made with model version {version}, the runs with {found.version}."]


def _opening(found: Gathered) -> list[str]:
    total = sum(len(archive.runs) for archive in found.archives.values())
    runs = f"{total:,} runs of {len(found.archives)} experiments, besides those of the scorecard and of the "
    said = (
        "Written by `python -m experiments evidence`; nothing here is typed by hand, and which sentence "
        f"stands is decided by the numbers. {runs + 'calibration. ' if total else ''}A failed test stays "
        "in the text."
    )
    return [said]


def _passport(found: Gathered) -> str:
    from experiments.provenance import software_version

    return f"prosuming {software_version() or 'without installation'} · model version {found.version}"


def _sensitivity(found: Gathered) -> tuple[Section, Table]:
    tested, drawn = found.tested, found.drawn
    runs = {name: len(found.archives[name].runs) for name in (ONE_AT_A_TIME, ALL_TOGETHER)}
    seeds = tested[0].default.margin.runs
    subtitle = f"{len(tested[0].moved)} moves, {seeds} seeds each; shown are those that move conclusions most"
    picture = evidence_charts.picture(tested, subtitle)
    return evidence_sections.sensitivity(tested, drawn, runs, picture), every_move(tested)


def every_move(found: Sequence[Robustness]) -> Table:
    """Return every conclusion under every move, for the CSV file."""
    rows = [
        [one.conclusion.name, t.move, *(f"{end:.6g}" for end in (t.margin.mean, t.margin.low, t.margin.high)),
         str(t.margin.runs), t.verdict]
        for one in found
        for t in one.tested
    ]  # fmt: skip
    return Table(("conclusion", "move", "margin", "low", "high", "runs", "verdict"), rows)


def conditions_table(card: dict[str, Any]) -> Table:
    """Return every condition of every pattern, for the CSV file."""
    keys = ("name", "measurement", "unit", "target", "value", "low", "high", "met", "runs", "source")
    rows = [
        [pattern["name"], pattern["role"], *("" if one[key] is None else str(one[key]) for key in keys)]
        for pattern in card["patterns"]
        for one in pattern["conditions"]
    ]
    return Table(("pattern", "role", "condition", *keys[1:]), rows)


def _branches(found: Gathered) -> Section:
    from experiments.evidence_branches import section

    runs = min(
        int(a.runs["replication"].nunique()) for n, a in found.archives.items() if n.startswith("branches-")
    )
    return section(found.countries, found.variant, runs, unfitted=found.unfitted)


def runs_section(found: Gathered) -> Section:
    """Return what the report stands on."""
    rows = []
    for name, archive in found.archives.items():
        runs = archive.runs
        counts = (
            runs["design_point"].nunique(),
            runs["replication"].nunique(),
            len(runs),
            len(archive.failures),
        )
        rows.append([f"`{name}`", *(f"{int(n):,}" for n in counts), f"{float(runs['seconds'].sum()):,.0f}",
                     str(archive.experiment.hash[:8])])  # fmt: skip
    header = ("Experiment", "design points", "replications", "runs", "failed", "seconds", "hash")
    caption = "Seconds add up over runs, on the machine that ran them. A failed run leaves its point out."
    said = [
        (
            "Everything above is made again by one command: `python -m experiments evidence --out DIR`. "
            "Killed, it goes on where it stopped; `--dry-run` forecasts the time."
        )
    ]
    return Section("What this stands on", said, [Table(header, rows, caption)] if rows else [])


def as_json(found: Gathered) -> dict[str, Any]:
    """Return the report's figures, with null for what is not defined."""
    told: dict[str, Any] = {"model_version": found.version, "failed": found.failed}
    if found.card is not None:
        told["patterns"] = found.card["patterns"]
    if found.calibration is not None and "forecast" in found.parts:
        told["forecast"] = scores_of(found.calibration).as_json()
    if found.recovered:
        told["recovery"] = evidence_recovery.as_json(found.recovered)
    if found.nulls:
        told["nulls"] = {name: _null_json(evidence) for name, evidence in found.nulls.items()}
    if "sensitivity" in found.parts:
        tested, drawn = found.tested, found.drawn
        told["conclusions"] = [_conclusion_json(*both) for both in zip(tested, drawn, strict=True)]
    if found.countries:
        from experiments.evidence_branches import as_json as branches_json

        told["branches"] = branches_json(found.countries, found.variant)
    told["runs"] = {name: len(archive.runs) for name, archive in found.archives.items()}
    return told


def _null_json(evidence: Any) -> dict[str, Any]:
    return {
        point.label: {
            name: interval_json(evidence.change(name, point.number))
            for name in evidence_sections.NULL_MEASURES
        }
        for point in evidence.points[1:]
    }


def _conclusion_json(tested: Robustness, drawn: Sampled) -> dict[str, Any]:
    moves = {t.move: {**interval_json(t.margin), "verdict": t.verdict} for t in tested.moved}
    default = {**interval_json(tested.default.margin), "verdict": tested.default.verdict}
    every = {
        "economies": drawn.economies, "held": drawn.held, "share": interval_json(drawn.share),
        "quantiles": [finite(q) for q in drawn.quantiles], "pawn": dict(drawn.leading),
    }  # fmt: skip
    c = tested.conclusion
    named = {
        "name": c.name,
        "question": c.question,
        "statement": c.statement,
        "reads": c.reads,
        "unit": c.unit,
    }
    return {**named, "default": default, "moves": moves, "drawn_together": every}


def interval_json(found: Interval) -> dict[str, Any]:
    """Return an interval with null for an end that does not exist."""
    return {
        "value": finite(found.mean),
        "low": finite(found.low),
        "high": finite(found.high),
        "runs": found.runs,
    }


def finite(value: float) -> float | None:
    """Return a number as JSON can hold it."""
    return float(value) if math.isfinite(value) else None
