"""What may be typed after the commands that describe experiment files and work on results."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

COMMANDS = {
    "schema": "experiments.json_schema:schema_command",
    "query": "experiments.querying:query_command",
    "compare": "experiments.common_luck:compare_command",
    "sensitivity": "experiments.sensitivity:sensitivity_command",
    "fit": "experiments.fitting:fit_command",
    "report": "experiments.reporting:report_command",
    "verify": "experiments.verifying:verify_command",
    "evidence": "experiments.evidence:evidence_command",
    "calibrate": "experiments.calibrate_command:calibrate_command",
}
"""Where each command is done."""
Add = Callable[[Any, str, str], argparse.ArgumentParser]


def add_commands(commands: Any, add: Add) -> None:
    """Add the parsers of these commands."""
    add(commands, "schema", "print the JSON Schema of experiment files, for editors")
    for adding in (
        _add_query,
        _add_compare,
        _add_sensitivity,
        _add_fit,
        _add_report,
        _add_verify,
        _add_evidence,
        _add_calibrate,
    ):
        adding(commands, add)


def _add_query(commands: Any, add: Add) -> None:
    query = add(commands, "query", "ask a results folder in SQL: tables series, groups, runs, points")
    _add_folder(query)
    query.add_argument("sql", metavar="SQL", help='one question, for example "select * from runs"')
    query.add_argument("--limit", metavar="N", help="rows that are shown (default 50; 100,000 with --json)")
    _add_json(query, "array")


def _add_compare(commands: Any, add: Add) -> None:
    text = "compare two results folders, or the levers of one, on the same luck"
    compare = add(commands, "compare", text)
    _add_folder(compare)
    compare.add_argument("other", metavar="DIR_B", nargs="?", help="a second one; differences are B less A")
    _add_measures(compare)
    _add_json(compare)


def _add_sensitivity(commands: Any, add: Add) -> None:
    text = "say which parameter moves an outcome: Morris, Sobol, PAWN, delta, and the share of luck"
    sensitivity = add(commands, "sensitivity", text)
    sensitivity.add_argument("source", metavar="DIR|FILE", help="a results folder, or a CSV or Parquet table")
    sensitivity.add_argument("--outcome", metavar="COLUMN", help="the outcome's column in a table FILE")
    sensitivity.add_argument(
        "--method", metavar="NAME", help="morris, sobol, pawn or delta (default: by design)"
    )
    _add_measures(sensitivity)
    _add_json(sensitivity)


def _add_fit(commands: Any, add: Add) -> None:
    fit = add(commands, "fit", "fit Bass, logistic and Gompertz curves to a measure's path")
    _add_folder(fit)
    fit.add_argument("--measure", metavar="NAME", help="what is fitted (default internet_banking_share)")
    _add_json(fit)


def _add_report(commands: Any, add: Add) -> None:
    text = "write one HTML page about a results folder, and its pictures as SVG, PNG and CSV"
    report = add(commands, "report", text)
    _add_folder(report)
    _add_json(report)


def _add_verify(commands: Any, add: Add) -> None:
    text = "run a sample again and say whether the numbers of a picture, table or folder stand"
    verify = add(commands, "verify", text)
    verify.add_argument("file", metavar="FILE|DIR", help="an exported SVG, PNG or CSV, or a results folder")
    verify.add_argument("--runs", metavar="N|all", help="runs that are repeated (default 3)")
    _add_json(verify)


EVIDENCE_OPTIONS = {
    "--out": ("DIR", "folder of the pages (default results/evidence)"),
    "--results": ("DIR", "folder of the results folders (default results/evidence)"),
    "--calibration": ("FILE", "results of `calibrate` (default: those in DIR, else `calibrate` is run)"),
    "--countries": ("A,B", "countries of which branches are compared (default: all twelve)"),
    "--replications": ("N", "runs per design point, for a rehearsal"),
    "--points": ("N", "economies in which everything is drawn at once (default 128)"),
    "--moves": ("N", "moved assumptions, spread evenly over all, for a rehearsal"),
    "--seed": ("N", "seed of replication 0"),
    "--workers": ("N", "processes; one per core by default"),
}


def _add_evidence(commands: Any, add: Add) -> None:
    text = "write the validation report: patterns, forecast, null models, conclusions against assumptions"
    evidence = add(commands, "evidence", text)
    for option, (value, said) in EVIDENCE_OPTIONS.items():
        evidence.add_argument(option, metavar=value, help=said)
    only = "parts: patterns, forecast, recovery, nulls, sensitivity, branches"
    evidence.add_argument("--only", metavar="PART", nargs="+", action="extend", default=[], help=only)
    changed = "change a parameter of every experiment, for a rehearsal; may be repeated"
    evidence.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help=changed)
    evidence.add_argument("--dry-run", action="store_true", help="time one run each, forecast the others")
    _add_json(evidence)


CALIBRATE_OPTIONS = {
    "--indicator": (
        "NAME",
        "internet_banking, online_purchases or e_government; needed when a table has several",
    ),
    "--observed": ("CSV", "observed series (default: the project's own table of the indicator)"),
    "--access": ("CSV", "internet use, the driver (default: the project's own table)"),
    "--until": ("YEAR", "the last year whose figures are seen (default 2015)"),
    "--countries": ("A,B", "country codes (default: all of the table)"),
    "--shared": ("FILE", "an earlier calibration.json: only level and trend of each country are fitted"),
    "--out": ("DIR", "the results folder (default results/calibrate-INDICATOR-HASH8)"),
    "--pages": ("DIR", "compare with the years after --until as well; write table and picture there"),
    "--workers": ("N", "processes on this machine (default: one per core)"),
    "--scheduler": ("ADDRESS", "run on the Dask cluster of this scheduler, for example tcp://host:8786"),
}


def _add_calibrate(commands: Any, add: Add) -> None:
    text = "fit countries to observed series up to a year and forecast the years after it"
    calibrate = add(commands, "calibrate", text)
    calibrate.add_argument(
        "file", metavar="FILE", nargs="?", help="experiment file or name (default banking-europe)"
    )
    for option, (value, said) in CALIBRATE_OPTIONS.items():
        calibrate.add_argument(option, metavar=value, help=said)
    calibrate.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="change a key of FILE; may be repeated",
    )
    calibrate.add_argument(
        "--dry-run", action="store_true", help="time one run, forecast the others, write nothing"
    )
    _add_json(calibrate)


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", help="a results folder of `run` or `sweep`")


def _add_measures(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--measures", metavar="A,B", help="measures, comma-separated (see `list measures`)")


def _add_json(parser: argparse.ArgumentParser, kind: str = "object") -> None:
    parser.add_argument("--json", action="store_true", help=f"print one JSON {kind} on standard output")
