"""The command `evidence`: run or reuse everything that the validation report stands on, and write it."""

from __future__ import annotations

import json
import sys
import time
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.errors import BadInput, Problem, nearest_name

PARTS = ("patterns", "forecast", "recovery", "nulls", "sensitivity", "branches")
RESULTS = Path("results") / "evidence"
PAGE, JSON_FILE, SCORECARD = "evidence.md", "evidence.json", "scorecard.json"
MOST_WORKERS = 64


@dataclass(frozen=True)
class Order:
    """What is asked for.

    Parameters
    ----------
    out : folder of the pages.
    results : folder of the results folders, kept apart so that pages can be published without them.
    parts : of the report.
    overrides : `key=value`, for a rehearsal.
    """

    out: Path
    results: Path
    parts: tuple[str, ...]
    overrides: tuple[str, ...] = ()
    replications: int | None = None
    points: int | None = None
    moves: int | None = None
    countries: tuple[str, ...] = ()
    calibration: Path | None = None
    workers: int | None = None


def evidence_command(options: Namespace) -> int:
    """Write the validation report, or say what it would take."""
    from experiments.cli import DONE, SOMETHING_FAILED
    from experiments.evidence_parts import gathered, plans
    from experiments.performing import WorkersLost
    from experiments.storing import NotStored
    from experiments.sweeping import Stopped

    order = order_of(options)
    if options.dry_run:
        return _forecast(order, as_json=options.json)
    began = time.monotonic()
    try:
        found = gathered(order, plans(order))
        paths = _written(order, found, seconds=round(time.monotonic() - began, 1))
    except (NotStored, Stopped, WorkersLost) as error:
        print(f"error: {error}", file=sys.stderr)
        return SOMETHING_FAILED
    if options.json:
        print((order.out / JSON_FILE).read_text(encoding="utf-8"), end="")
    else:
        print(f"{paths[0]}\n{len(paths) - 1} pictures, tables and pages beside it")
    return SOMETHING_FAILED if found.failed else DONE


def _written(order: Order, found: Any, *, seconds: float) -> list[Path]:
    from experiments.evidence_page import write
    from experiments.evidence_report import as_json, report_of
    from experiments.storing import write_whole

    order.out.mkdir(parents=True, exist_ok=True)
    paths = write(report_of(found), order.out)
    told = {"out": str(order.out), "seconds": seconds, **as_json(found)}
    write_whole(order.out / JSON_FILE, json.dumps(told, allow_nan=False) + "\n")
    return [*paths, order.out / JSON_FILE]


def _forecast(order: Order, *, as_json: bool) -> int:
    """Time one run of each experiment and say how long the rest would take."""
    from experiments.cli import DONE
    from experiments.evidence_parts import folder_of, plans
    from experiments.forecast import forecast
    from experiments.progress import duration
    from experiments.sweeping import How

    found = [forecast(e, folder_of(order, e), How(workers=order.workers)) for e in plans(order)]
    minutes = sum(one["minutes"] for one in found)
    if as_json:
        print(json.dumps({"experiments": found, "minutes": round(minutes, 1), "dry_run": True}))
        return DONE
    for one in found:
        each = f"{one['seconds_per_run']:.2g} s each"
        left = duration(60.0 * one["minutes"])
        print(f"{one['experiment']}: {one['runs']:,} runs, {one['stored']:,} stored, {each}: {left}")
    also = "; the scorecard of patterns takes about 40 runs more" if "patterns" in order.parts else ""
    also += "; known answers are two calibrations more" if "recovery" in order.parts else ""
    print(f"{sum(one['runs'] for one in found):,} runs, {duration(60.0 * minutes)} to go{also}")
    return DONE


def order_of(options: Namespace) -> Order:
    """Return what the options ask for; raise `BadInput` for what makes no sense."""
    from experiments import option_values

    out = folder_of_pages(options.out)
    counts = {
        name: option_values.whole(f"--{name}", given, most=100_000) if given is not None else None
        for name, given in (
            ("replications", options.replications),
            ("points", options.points),
            ("moves", options.moves),
        )
    }
    workers = (
        option_values.whole("--workers", options.workers, most=MOST_WORKERS) if options.workers else None
    )
    overrides = [*options.set, *([f"seed={options.seed}"] if options.seed is not None else [])]
    return Order(
        out, Path(options.results) if options.results else RESULTS, parts_of(options.only), tuple(overrides),
        counts["replications"], counts["points"], counts["moves"], countries_of(options.countries),
        calibration_of(options.calibration), workers,
    )  # fmt: skip


def folder_of_pages(text: str | None) -> Path:
    """Return the folder of the pages; a page that is not this command's own is not written over."""
    from experiments import option_values

    folder = option_values.folder(text) or RESULTS
    if folder.exists() and not folder.is_dir():
        raise BadInput(Problem(f"--out {folder} is a file", "a folder"))
    from experiments.evidence_page import TITLE

    page = folder / PAGE
    if page.is_file() and not page.read_text(encoding="utf-8", errors="replace").startswith(f"# {TITLE}"):
        raise BadInput(Problem(f"{page} is another page", "a folder without it, or an earlier report"))
    return folder


def parts_of(names: list[str]) -> tuple[str, ...]:
    """Return the parts that are asked for, in the report's order; all by default."""
    for name in names:
        if name not in PARTS:
            expected = f"of {', '.join(PARTS)}"
            raise BadInput(Problem(f"--only {name} is no part", expected, nearest=nearest_name(name, PARTS)))
    return tuple(part for part in PARTS if part in names or not names)


def countries_of(text: str | None) -> tuple[str, ...]:
    """Return the countries of which branches are compared; all with observed branches by default."""
    from experiments.comparison import COUNTRIES

    if text is None:
        return tuple(COUNTRIES)
    names = tuple(dict.fromkeys(name.strip().upper() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in COUNTRIES]
    if unknown or not names:
        got = f"'{unknown[0]}'" if unknown else "none"
        raise BadInput(Problem("--countries is not valid", f"some of {','.join(COUNTRIES)}", got))
    return names


def calibration_of(text: str | None) -> Path | None:
    """Return the file that `--calibration` names; a folder stands for the file in it."""
    from experiments.out_of_sample import FILE

    if text is None:
        return None
    path = Path(text) / FILE if Path(text).is_dir() else Path(text)
    if not path.is_file():
        raise BadInput(Problem(f"--calibration {text}: no such file", f"{FILE} of `calibrate --out DIR`"))
    return path
