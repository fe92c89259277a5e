"""The command `liveness`: try every parameter in a pool of processes, show what moved."""

from __future__ import annotations

import json
import math
import multiprocessing
import os
import signal
import sys
import threading
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.cli import DONE, SOMETHING_FAILED
from experiments.errors import BadInput, Problem, shown
from experiments.liveness_plan import CONTEXTS, Trial, plan

if TYPE_CHECKING:
    from experiments.liveness import Job, Summary, Verdict

WORDS = ("dead", "noise", "weak", "strong")
"""Verdicts, worst first."""
SECONDS_BETWEEN_LOOKS = 1.0
"""How often a worker looks whether its parent is still there."""


def liveness_command(options: Namespace) -> int:
    """Try the parameters that are asked for, or knock out mechanisms, and show what moved."""
    from experiments.performing import WorkersLost
    from experiments.storing import NotStored
    from experiments.sweeping import Stopped

    _refuse_what_does_not_go_together(options)
    try:
        return _mechanisms(options) if options.mechanisms else _parameters(options)
    except BrokenProcessPool:
        print("error: a worker process died, probably for want of memory; nothing is shown", file=sys.stderr)
    except (NotStored, Stopped, WorkersLost) as error:
        print(f"error: {error}", file=sys.stderr)
    return SOMETHING_FAILED


def _parameters(options: Namespace) -> int:
    trials, out = sampled(plan(options.only), options.sample), _target_file(options.out)
    from experiments.liveness import verdicts

    found = sorted(verdicts(trials, run_jobs), key=lambda one: (WORDS.index(one.verdict), one.size))
    if out is not None:
        from experiments.liveness_page import page

        out.write_text(page(found, _knocked_out()), encoding="utf-8")
    if options.json:
        print(json.dumps([row_of(one) for one in found], allow_nan=False))
    else:
        print("\n".join([*table(found), "", conclusion(found), *([f"Written to {out}."] if out else [])]))
    return DONE if all(one.verdict in ("weak", "strong") for one in found) else SOMETHING_FAILED


def _refuse_what_does_not_go_together(options: Namespace) -> None:
    part = options.only or options.sample is not None
    if options.out is not None and (part or options.mechanisms):
        raise BadInput(
            Problem("--out writes the whole page", "no --only, --sample or --mechanisms beside it")
        )
    if options.mechanisms and part:
        raise BadInput(Problem("--mechanisms tries no parameters", "no --only or --sample beside it"))


def _target_file(text: str | None) -> Path | None:
    if text is None:
        return None
    path = Path(text)
    if not text.isprintable() or not text.endswith(".md") or not path.absolute().parent.is_dir():
        raise BadInput(Problem("--out is not valid", "a file .md in a folder that exists", shown(text)))
    return path


def _knocked_out() -> Any:
    """Return the results of the experiment that knocks mechanisms out; what is stored is not run again."""
    from experiments import sweep
    from experiments.mechanisms import EXPERIMENT

    return sweep(EXPERIMENT)


def _mechanisms(options: Namespace) -> int:
    from experiments import mechanisms

    archive = _knocked_out()
    found = mechanisms.worth_of(archive)
    if options.json:
        print(json.dumps([mechanisms.as_json(one) for one in found], allow_nan=False))
    else:
        print("\n".join([*mechanisms.lines(archive, found), mechanisms.conclusion(found)]))
    return SOMETHING_FAILED if archive.failures else DONE


def sampled(trials: Sequence[Trial], text: str | None) -> list[Trial]:
    """Return as many trials as asked for, spread evenly over the plan; all without a number."""
    if text is None:
        return list(trials)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= len(trials):
        expected = f"a whole number from 1 to {len(trials)}"
        raise BadInput(Problem("--sample is not valid", expected, f"'{text}'"))
    wanted = int(text)
    return [trials[place * len(trials) // wanted] for place in range(wanted)]


def run_jobs(jobs: list[Job]) -> Iterator[tuple[Job, Summary]]:
    """Run all jobs on all cores and yield each with its summary, in the order in which they end."""
    from experiments.liveness import summary
    from experiments.progress import Progress

    spawn = multiprocessing.get_context("spawn")
    workers = min(len(jobs), os.cpu_count() or 1)
    with (
        Progress(1, "run") as progress,
        ProcessPoolExecutor(
            workers, mp_context=spawn, initializer=_belong_to, initargs=(os.getpid(),)
        ) as pool,
    ):
        progress.next_run()
        running = {pool.submit(summary, job): job for job in jobs}
        try:
            for done, future in enumerate(as_completed(running), start=1):
                yield running[future], future.result()
                progress.part(done, len(jobs))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _belong_to(parent: int) -> None:
    """Let the parent alone answer an interruption, and end with it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os._exit(1)


@dataclass(frozen=True)
class Column:
    """One column of the table: its heading, what stands in it, on which side it is aligned."""

    heading: str
    text: Callable[[Verdict], str]
    right: bool = False


def measure_of(one: Verdict) -> str:
    """Return the measure that moved most, with its group and window, as it is read."""
    measure, dimension, group, window = one.key
    return f"{measure} of {dimension} {group}, {window}" if dimension else f"{measure}, {window}"


def unit_of(one: Verdict) -> str:
    """Return the unit of the measure that moved most, empty for a share; groups alone have only shares."""
    from model.measures import MEASURES

    declared = MEASURES.get(one.key[0])
    return "" if declared is None or declared.unit == "1" else declared.unit


COLUMNS = (
    Column("verdict", lambda one: one.verdict),
    Column("parameter", lambda one: one.trial.name),
    Column("from", lambda one: _number(one.trial.default), right=True),
    Column("to", lambda one: _number(one.trial.value), right=True),
    Column("moves most", measure_of),
    Column("level", lambda one: _number(one.level), right=True),
    Column("effect", lambda one: _signed(one.effect), right=True),
    Column("unit", unit_of),
    Column("seeds", lambda one: str(one.seeds), right=True),
    Column("t", lambda one: _number(one.t, digits=2), right=True),
    Column("sd", lambda one: _number(one.size, digits=2), right=True),
)


def table(found: Sequence[Verdict], columns: Sequence[Column] = COLUMNS) -> list[str]:
    """Return the lines of the table, one per parameter."""
    rows = [
        [column.heading for column in columns],
        *([column.text(one) for column in columns] for one in found),
    ]
    return aligned(rows, [column.right for column in columns])


def aligned(rows: Sequence[Sequence[str]], right: Sequence[bool] = ()) -> list[str]:
    """Return rows of cells as lines; all columns but the first are aligned on the right unless told."""
    sides = right or [False, *[True] * (len(rows[0]) - 1)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if on_the_right else cell.ljust(width)
            for cell, width, on_the_right in zip(row, widths, sides, strict=True)
        ).rstrip()
        for row in rows
    ]


def conclusion(found: Sequence[Verdict]) -> str:
    """Say in one sentence how many parameters are how live."""
    from experiments.liveness import ERROR, LOOKS

    count = Counter(one.verdict for one in found)
    said = ", ".join(f"{count[word]} {word}" for word in reversed(WORDS))
    economies = len({one.trial.context for one in found})
    n = len(found)
    return (
        f"{n} parameter{'s' * (n > 1)} in {economies} of {len(CONTEXTS)} economies on common luck, "
        f"{len(LOOKS[0])} seeds and as many again where these leave it open: {said}. sd: the effect in "
        "standard deviations between seeds; t: of the paired difference, beyond noise at "
        f"{100 * ERROR:g} % over all measures of a parameter."
    )


def row_of(one: Verdict) -> dict[str, Any]:
    """Return one verdict as JSON can hold it: infinite t and sizes (no spread at all) become null."""
    measure, dimension, group, window = one.key
    where = {"dimension": dimension or None, "group": group or None, "window": window}
    numbers = {"level": one.level, "effect": one.effect, "standard_error": one.error, "t": one.t}
    numbers |= {"size": one.size}
    finite = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
    trial = {"parameter": one.trial.name, "label": one.trial.label, "context": one.trial.context}
    change = {"from": one.trial.default, "to": one.trial.value}
    seen = {"verdict": one.verdict, "measure": measure, **where, **finite, "unit": unit_of(one) or "1"}
    return {**trial, **change, **seen, "measures_moved": one.moved, "seeds": one.seeds}


def _number(value: Any, digits: int = 3) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    return f"{value:.{digits}g}" if abs(value) < 10**digits else f"{value:.0f}"


def _signed(value: float) -> str:
    return f"{value:+.3g}"
