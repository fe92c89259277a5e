"""`report`: one HTML page about a results folder, and its pictures as SVG, PNG and CSV, with passports."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import report_results
from experiments.errors import BadInput, Problem, shown_line
from experiments.exporting import FORMATS, export, without_passport
from experiments.passport import good_runs, passport_of
from experiments.report_sections import CONTRIBUTORS, Picture, Section, contributed
from experiments.storing import write_whole

if TYPE_CHECKING:
    from experiments.panels import Sheet
    from model import Results

OWN = (
    "experiments.report_points:key_numbers_section",
    "experiments.report_points:spread_section",
    "experiments.report_sensitivity:section",
)
"""Sections about several design points that come before those of other contributors."""


@dataclass
class Contents:
    """What a report on a results folder consists of, before anything is written."""

    archive: Any
    sheet: Sheet | None = None
    runs: tuple[Results, ...] = ()
    pictures: list[Picture] = field(default_factory=list)
    left_out: tuple[str, ...] = ()
    before: tuple[Section, ...] = ()
    after: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def every_picture(self) -> list[Picture]:
        """Every picture: of the single design point, then those of the sections."""
        sections = (*self.before, *self.after)
        return [*self.pictures, *(picture for section in sections for picture in section.pictures)]


def report_command(options: Namespace) -> int:
    """Write the report of a results folder."""
    from experiments.reading import open_archive

    archive = open_archive(Path(options.folder))
    try:
        written, notes = write_report(archive)
    except OSError as error:
        what = f"the report cannot be written ({error.strerror or error})"
        where = str(error.filename or archive.folder)
        raise BadInput(Problem(what, "a folder that can be written", where=where)) from None
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    if options.json:
        print(json.dumps({"report": str(written[0]), "files": [str(path) for path in written[1:]]}))
    else:
        print(written[0])
        print(f"{len(written) - 1} pictures and tables in {archive.folder / 'figures'}")
    return 0


def write_report(
    archive: Any, *, formats: Sequence[str] = FORMATS[1:], notes: Sequence[str] | None = None
) -> tuple[list[Path], list[str]]:
    """Write `report.html` and `figures/` into a results folder; return their paths, and notes.

    Parameters
    ----------
    archive : as `open_archive` returns it.
    formats : of the pictures beside SVG: png, csv.
    notes : on the drivers; found again when not given.
    """
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):  # else Altair examines every part of every chart anew; tests examine ours
        contents, missing = contents_of(archive, notes)
    figures = archive.folder / "figures"
    figures.mkdir(exist_ok=True)
    passport, paths, svgs = passport_of(archive), [], {}
    for picture in contents.every_picture:
        try:
            written = export(picture, passport, figures, ("svg", *formats))
        except (ValueError, TypeError) as error:  # of one chart: the others are drawn
            missing.append(
                f"picture {picture.stem} is missing ({type(error).__name__}: {shown_line(str(error))})"
            )
            continue
        paths += written
        svgs[picture.stem] = without_passport(written[0].read_text(encoding="utf-8"))
    page = archive.folder / "report.html"
    write_whole(page, _rendered(contents, svgs))
    return [page, *paths], missing


def contents_of(archive: Any, notes: Sequence[str] | None = None) -> tuple[Contents, list[str]]:
    """Return what a report consists of, and notes on sections that are missing."""
    runs = good_runs(archive)
    if not len(runs):
        what = f"{archive.folder} holds no run that went well, so there is nothing to report"
        raise BadInput(Problem(what, "the results of a finished `run` or `sweep`"))
    found = Contents(archive)
    if runs["design_point"].nunique() == 1:
        _one_point(found)
    own, missing = contributed(archive, OWN)
    others, failed = contributed(archive, CONTRIBUTORS)
    found.before = (*own, *others, *found.before)
    passport = report_results.passport_section(archive, _configuration(archive))
    found.after = (report_results.runs_section(archive), passport)
    found.notes = tuple(archive.experiment.driver_series()[1] if notes is None else notes)
    return found, [*missing, *failed]


def picture_of(archive: Any, stem: str) -> Picture | None:
    """Return one picture of a results folder; nothing else is made than what is needed to find it."""
    found = Contents(archive)
    if good_runs(archive)["design_point"].nunique() == 1:
        _one_point(found)
    for name in ((), *((name,) for name in (*OWN, *CONTRIBUTORS))):
        found.before = tuple(contributed(archive, name)[0])
        for picture in found.every_picture:
            if picture.stem == stem:
                return picture
    return None


def _one_point(found: Contents) -> None:
    """Add what is said about a single design point: pictures over time and ledgers."""
    from experiments.pictures import pictures_of
    from experiments.report import caption_of, sheet_of
    from experiments.summary import estimates

    experiment = found.archive.experiment
    found.runs = tuple(results_of(found.archive))
    found.sheet = sheet_of(experiment, found.runs, found.archive.provenance.get("model_version"))
    found.pictures, left_out = pictures_of(found.sheet)
    found.left_out = tuple(left_out)
    ledger = report_results.ledger_section(
        estimates(list(found.runs)), caption_of(experiment, len(found.runs))
    )
    found.before = () if ledger is None else (ledger,)


def results_of(archive: Any) -> list[Results]:
    """Return the runs of a results folder that went well, as the model returned them."""
    from experiments.shard_files import committed_files
    from experiments.shards import RUN_COLUMNS, Run, read_results

    rows = good_runs(archive)[list(RUN_COLUMNS)].to_dict("records")
    runs = [Run(**{str(name): value for name, value in row.items()}) for row in rows]
    files = committed_files(archive.folder)
    return read_results(files, runs, archive.experiment.start, archive.experiment.months)


def _configuration(archive: Any) -> str:
    from experiments.report import configuration

    return configuration(archive.experiment)


def _rendered(contents: Contents, svgs: dict[str, str]) -> str:
    from experiments.report import Page, render

    archive = contents.archive
    return render(
        Page(
            archive.experiment,
            _passport_line(contents),
            contents.sheet,
            contents.runs,
            contents.notes,
            svgs,
            contents.left_out,
            contents.before,
            contents.after,
        )
    )


def _passport_line(contents: Contents) -> str:
    from experiments.report import seeds_text

    if contents.sheet is not None:
        return contents.sheet.passport
    archive = contents.archive
    runs, experiment = good_runs(archive), archive.experiment
    seeds = seeds_text([int(seed) for seed in runs["seed"].unique()])
    points = f"{runs['design_point'].nunique():,} design points"
    version = f"model version {archive.provenance.get('model_version')}"
    return f"{experiment.name} {experiment.hash[:8]} · {version} · {points}, {len(runs):,} runs, {seeds}"
