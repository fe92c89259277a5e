"""Second question: who keeps the money that is saved?"""

from __future__ import annotations

import numpy as np

from experiments.findings_evidence import Claim, Evidence, Figure, Found, level_claim
from experiments.outcomes import figure
from experiments.paired import Interval, interval_of

TOTAL = "saving_total"
KEEPERS = {
    "technology": ("saving_technology", "saving_fixed"),
    "leakage": ("saving_leakage",),
    "pay to self-servers": ("saving_compensation",),
    "lower prices": ("saving_prices",),
    "profit": ("saving_profit",),
}
"""The uses of the saving; they add up to it."""
NO_PASS, FULL_PASS = "no pass-through", "full pass-through"
EARLY, LATE = 2000, 2030


def claims(found: Found) -> list[Claim]:
    """Return who keeps what, how it moved, and on what it hinges."""
    baseline = found["baseline"]
    return [division(baseline), movement(baseline), hinge(found["hinges"])]


def shares(evidence: Evidence, point: int = 0, year: int | None = None) -> dict[str, np.ndarray]:
    """Return each keeper's share of the saving, run by run."""
    total = evidence.values(TOTAL, point, year)
    return {
        keeper: np.asarray(sum(evidence.values(measure, point, year) for measure in measures)) / total
        for keeper, measures in KEEPERS.items()
    }


def _year(evidence: Evidence) -> int:
    return LATE if LATE in evidence.years else evidence.last


def division(evidence: Evidence) -> Claim:
    """Say who keeps how much of every hundred euros."""
    year = _year(evidence)
    total, total_figure = level_claim(evidence, TOTAL, year=year)
    found = {keeper: interval_of(share) for keeper, share in shares(evidence, year=year).items()}
    ranked = sorted(found, key=lambda keeper: -found[keeper].mean)
    said = ", ".join(f"{keeper} {_hundred(found[keeper])}" for keeper in ranked)
    line, line_figure = level_claim(evidence, "customers_gain", year=year)
    text = (
        f"In {year} the saving is {total}. Of every 100 EUR of it: {said}. What customers gain in money "
        f"(lower prices and pay, less fees and premiums) is {line}."
    )
    figures = [Figure(evidence.name, f"share of saving: {keeper}", found[keeper]) for keeper in ranked]
    first, second = ranked[:2]
    apart = interval_of(shares(evidence, year=year)[first] - shares(evidence, year=year)[second])
    if apart.apart_from_zero:
        verdict = f"The largest part goes to {first}"
    else:
        verdict = f"The largest parts go to {first} and {second}, which cannot be told apart"
    return Claim(verdict, text, [total_figure, *figures, line_figure])


def _hundred(share: Interval) -> str:
    ends = f" ({figure(100.0 * share.low)} to {figure(100.0 * share.high)})" if share.runs > 1 else ""
    return f"{figure(100.0 * share.mean)}{ends}"


def movement(evidence: Evidence) -> Claim:
    """Say whether competition takes the profit away over the years."""
    first, last = max(EARLY, evidence.years[0]), _year(evidence)
    before, after = shares(evidence, year=first), shares(evidence, year=last)
    change = interval_of(after["profit"] - before["profit"])
    early, late = (_hundred(interval_of(found["profit"])) for found in (before, after))
    levels = f"{early} in {first}, {late} in {last}"
    if change.high < 0.0:
        verdict = "Profit's part of the saving falls over the years"
    elif change.low > 0.0:
        verdict = "Profit's part of the saving rises over the years"
    else:
        verdict = "Whether profit's part of the saving rises or falls over the years cannot be told"
    figures = [Figure(evidence.name, "share of saving: profit, change", change)]
    return Claim(verdict, f"Of every 100 EUR saved, profit keeps {levels}.", figures)


def hinge(evidence: Evidence) -> Claim:
    """Say whether the answer survives the bounds of long-run pass-through."""
    none = shares(evidence, evidence.at(assumption=NO_PASS, policy__staffed_access=0.0))
    full = shares(evidence, evidence.at(assumption=FULL_PASS, policy__staffed_access=0.0))
    gaps = [interval_of(found["profit"] - found["lower prices"]) for found in (none, full)]
    ends = [
        ", ".join(f"{keeper} {_hundred(interval_of(found[keeper]))}" for keeper in ("profit", "lower prices"))
        for found in (none, full)
    ]
    text = f"With no long-run pass-through: {ends[0]}; with full: {ends[1]}."
    if gaps[0].low > 0.0 and gaps[1].high < 0.0:
        verdict = "Whether firms or customers keep more is decided by an assumption, long-run pass-through"
    elif gaps[0].low > 0.0 and gaps[1].low > 0.0:
        verdict = "At both ends of long-run pass-through firms keep more than prices pass on"
    elif gaps[0].high < 0.0 and gaps[1].high < 0.0:
        verdict = "At both ends of long-run pass-through prices pass on more than firms keep"
    else:
        verdict = "At one end of long-run pass-through profit and lower prices cannot be told apart"
    figures = [Figure(evidence.name, "profit less lower prices, share of saving", gap) for gap in gaps]
    return Claim(verdict, text, figures)
