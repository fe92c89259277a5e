"""The command `findings`: run what the four questions need, and write what the runs carry."""

from __future__ import annotations

import json
import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import BadInput, Problem

if TYPE_CHECKING:
    from experiments.config import Experiment
    from experiments.findings_evidence import Evidence

NEEDED = (
    "baseline",
    "no-pressure",
    "unstoppable",
    "knock-out",
    "no-contagion",
    "hinges",
    "lock-in",
    "staffed-access",
    "no-forcing",
    "mandatory-compensation",
    "transparency",
    "skills-programme",
    "minimum-staff",
    "cash-access",
)
"""Experiments of the catalogue on which the findings stand."""
RESULTS = Path("results") / "findings"
PAGE = Path("docs") / "FINDINGS.md"


def findings_command(options: Namespace) -> int:
    """Run or reuse the experiments, write the findings, and say where they are."""
    from experiments import option_values
    from experiments.cli import DONE

    began = time.monotonic()
    page = page_of(options.out)
    experiments = needed(option_values.overrides(options))
    root = Path(options.results) if options.results else RESULTS
    workers = option_values.whole("--workers", options.workers, most=64) if options.workers else None
    evidence = gathered(experiments, root, workers)
    from experiments.findings_text import as_json, written

    text = written(evidence)
    from experiments.storing import write_whole

    page.parent.mkdir(parents=True, exist_ok=True)
    write_whole(page, text)
    if options.json:
        told = as_json(evidence)
        seconds = round(time.monotonic() - began, 1)
        print(json.dumps({"out": str(page), "seconds": seconds, **told}, allow_nan=False))
    else:
        print(f"{len(text.split()):,} words from {sum(e.all_runs for e in evidence.values()):,} runs: {page}")
    return DONE


def page_of(out: str | None) -> Path:
    """Return the page to write; by default the project's, or one in this folder where there is no `docs`."""
    if out is None:
        return PAGE if PAGE.parent.is_dir() else Path(PAGE.name)
    if not out.strip() or not out.isprintable():
        raise BadInput(Problem("--out is no file", "the page to write", ascii(out)))
    path = Path(out)
    if path.is_dir():
        raise BadInput(Problem(f"--out {out} is a folder", "the page to write"))
    return path


def needed(overrides: Sequence[str] = ()) -> list[Experiment]:
    """Return the experiments, all checked before the first is run."""
    from experiments.config import load_experiment

    return [load_experiment(name, overrides) for name in NEEDED]


def gathered(experiments: Sequence[Experiment], root: Path, workers: int | None) -> dict[str, Evidence]:
    """Return the results of all experiments; what a folder lacks is run."""
    from experiments.findings_evidence import Evidence
    from experiments.sweeping import sweep

    found: dict[str, Evidence] = {}
    for place, experiment in enumerate(experiments, start=1):
        print(f"{place} of {len(experiments)}: {experiment.name}", file=sys.stderr)
        archive = sweep(experiment, out=root / experiment.name, workers=workers)
        refuse_failures(archive)
        found[experiment.name] = Evidence(archive)
    return found


def refuse_failures(archive: Any) -> None:
    """Refuse to write findings from an experiment of which runs failed."""
    if archive.failures:
        what = f"{len(archive.failures)} runs of {archive.experiment.name} failed"
        raise BadInput(
            Problem(what, "all runs of an experiment", where=str(archive.folder / "failures.jsonl"))
        )
