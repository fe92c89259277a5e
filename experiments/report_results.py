"""What a report says about one design point and about all runs: ledgers, runs, passport."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.intervals import KIND
from experiments.passport import good_runs
from experiments.report_sections import Section, Table
from experiments.summary import Estimate, shown_number

if TYPE_CHECKING:
    import pandas as pd

MOST_FAILURES = 20
WORK = (
    "employee_hours_baseline",
    "employee_hours_performed",
    "employee_hours_externalised",
    "employee_hours_attending",
    "employee_hours_induced",
    "full_time_equivalents",
    "unpaid_hours_gross",
    "unpaid_hours_felt",
    "waiting_imposed_hours",
    "unpaid_hours_net",
    "prosumer_share",
)
MONEY = (
    "saving_total",
    "saving_technology",
    "saving_fixed",
    "saving_leakage",
    "saving_compensation",
    "saving_prices",
    "saving_profit",
)
AMONG_CUSTOMERS = ("customers_gain", "counter_fees", "customer_loss", "unpaid_hours_value")


def ledger_section(estimates: Sequence[Estimate], caption: str) -> Section | None:
    """Return who does the work and who keeps the money; None where neither was stored."""
    found = {one.name: one for one in estimates}
    tables = [_work(found, caption), _money(found, caption), _customers(found, caption)]
    shown = [table for table in tables if table is not None]
    if not shown:
        return None
    return Section("Who does the work, who keeps the money", _balance(found), shown)


def _work(found: dict[str, Estimate], caption: str) -> Table | None:
    rows = [_cells(found[name]) for name in WORK if name in found]
    header = ("Work", "Value", "95 % interval", "Unit")
    return (
        Table(header, rows, f"Hours per customer (employees) or adult (unpaid) and year. {caption}")
        if rows
        else None
    )


def _money(found: dict[str, Estimate], caption: str) -> Table | None:
    rows = []
    total = found["saving_total"].value if "saving_total" in found else None
    for name in MONEY:
        if name in found:
            value = found[name].value
            share = f"{100 * value / total:.0f} %".replace("-", "−") if total and value is not None else "–"
            rows.append((*_cells(found[name])[:3], share))
    header = ("Saving by externalisation and its uses", "Value", "95 % interval", "Of the saving")
    return Table(header, rows, f"EUR per customer and year. {caption}") if rows else None


def _customers(found: dict[str, Estimate], caption: str) -> Table | None:
    rows = [_cells(found[name]) for name in AMONG_CUSTOMERS if name in found]
    header = ("What customers gain and pay", "Value", "95 % interval", "Unit")
    return Table(header, rows, caption) if rows else None


def _cells(estimate: Estimate) -> tuple[str, str, str, str]:
    value, low, high = (
        shown_number(number).replace("-", "−") for number in (estimate.value, estimate.low, estimate.high)
    )
    between = "–" if estimate.low is None else f"{low} to {high}"
    return estimate.label, value, between, "" if estimate.unit == "1" else estimate.unit


def _balance(found: dict[str, Estimate]) -> list[str]:
    """Say whether the uses of the saving add up to it, as they must."""
    values = [found[name].value for name in MONEY if name in found]
    if len(values) < len(MONEY) or any(value is None for value in values):
        return []
    left = values[0] - sum(values[1:])  # type: ignore[operator, arg-type]
    said = "The uses add up to the saving" if abs(left) < 1e-6 * max(1.0, abs(values[0] or 0.0)) else (
        f"The uses miss the saving by {shown_number(left)} EUR"
    )  # fmt: skip
    return [f"{said}: technology, leakage, compensation, lower prices and profit."]


def runs_section(archive: Any) -> Section:
    """Return how many runs there are, how long they took, and which failed."""
    runs, failures = archive.runs, archive.failures
    tables = [
        Table(("Runs", "Number"), _counts(runs), "Replication r uses the same seed at every design point.")
    ]
    if failures:
        tables.append(_failed(failures))
    said = ["Every run went well."] if not failures else [
        f"{len(failures):,} of {len(runs):,} runs failed; the figures in this report are of the others."
    ]  # fmt: skip
    return Section("Ledger of runs", said, tables)


def _counts(runs: pd.DataFrame) -> list[tuple[str, str]]:
    from experiments.report import seeds_text

    counted = runs["status"].value_counts().to_dict()
    words = {"ok": "went well", "failed": "failed", "timeout": "took too long"}
    rows = [(words.get(str(status), str(status)), f"{number:,}") for status, number in counted.items()]
    rows += [("design points", f"{runs['design_point'].nunique():,}")]
    rows += [("replications at most", f"{runs.groupby('design_point').size().max():,}")]
    rows += [("seeds", seeds_text(sorted({int(seed) for seed in runs["seed"]})).removeprefix("seeds "))]
    seconds = float(runs["seconds"].sum())
    return [
        *rows,
        ("computing time, all runs", f"{seconds / 60:.1f} min" if seconds >= 90 else f"{seconds:.1f} s"),
    ]


def _failed(failures: Sequence[dict[str, Any]]) -> Table:
    rows = [
        tuple(str(failure.get(key, "")) for key in ("run_id", "design_point", "seed", "error", "command"))
        for failure in failures[:MOST_FAILURES]
    ]
    more = len(failures) - len(rows)
    caption = "Runs that failed, and the command that repeats each" + (
        f"; {more:,} more in failures.jsonl" if more else ""
    )
    return Table(("Run", "Point", "Seed", "Error", "Command"), rows, caption)


def passport_section(archive: Any, configuration: str) -> Section:
    """Return what identifies the results, and what is needed to compute them again."""
    from experiments.report import seeds_text

    provenance, experiment = archive.provenance, archive.experiment
    runs = good_runs(archive)
    git = provenance.get("git") or {}
    commit = str(git.get("commit") or "–") + (
        " with changes that are not committed" if git.get("dirty") else ""
    )
    machine = provenance.get("machine") or {}
    rows = [
        ("Experiment", experiment.name),
        ("Configuration hash", experiment.hash),
        ("Model version", str(provenance.get("model_version"))),
        (
            "Software version",
            f"{provenance.get('version') or 'not installed'}, Python {provenance.get('python')}",
        ),
        ("Commit", commit),
        ("Runs", f"{len(runs):,}, {seeds_text([int(seed) for seed in runs['seed'].unique()])}"),
        ("Span", f"{experiment.months} months from {experiment.start}"),
        ("Interval", KIND),
        ("Computed", f"{provenance.get('created')} on {machine.get('system')} {machine.get('architecture')}"),
    ]
    packages = [(name, str(version)) for name, version in (provenance.get("dependencies") or {}).items()]
    tables = [
        Table(
            ("Passport", ""), rows, "Pictures and tables in figures/ carry it too; `verify FILE` checks them."
        ),
        Table(("Package", "Version"), packages, f"{len(packages)} packages", folded=True),
        Table(("Experiment file",), [(configuration,)], "The complete experiment file", folded=True),
    ]
    return Section("Passport", (), [table for table in tables if table.rows])
