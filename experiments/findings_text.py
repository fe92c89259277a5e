"""The page of findings: four questions, the claims that runs carry, two tables, and what they stand on."""

from __future__ import annotations

import re
import textwrap
from typing import Any

from experiments import findings_hours, findings_money, findings_policy, findings_spread
from experiments.findings_evidence import Claim, Evidence, Found, told, told_change
from experiments.outcomes import figure, outcome_of
from experiments.paired import interval_of
from experiments.report_sections import Table

WIDTH = 120
QUESTIONS = (
    ("When does self-service spread, when does it stall, when is it rolled back?", findings_spread.claims),
    ("Who keeps the money that is saved?", findings_money.claims),
    ("How many unpaid hours reach private life?", findings_hours.claims),
    ("What would a policy change, with the same luck in both worlds?", findings_policy.claims),
)
ASSUMPTIONS = {
    "attention": "`consumer.attention`: how much of their own minutes people count without being aware of "
    "them",
    "pass-through": "`firm.pass_through`: how much of a saving reaches prices in the long run",
    "minutes": "`technology.counter_minutes`: how long being served would take, the yardstick of net hours",
}


def written(found: Found) -> str:
    """Return the page as Markdown."""
    parts = [_head(found)]
    for number, (question, claims) in enumerate(QUESTIONS, start=1):
        bullets = "\n".join(_bullet(f"**{claim.verdict}.** {claim.text}") for claim in claims(found))
        parts.append(f"## {number}. {question}\n\n{bullets}")
        if claims is findings_policy.claims:
            parts.append(_markdown(findings_policy.policy_table(found)))
    parts += [_assumptions(found["hinges"]), _runs(found)]
    return "\n\n".join(parts) + "\n"


def as_json(found: Found) -> dict[str, Any]:
    """Return questions, claims and figures, and the runs they stand on."""
    return {
        "questions": [
            {"question": question, "claims": [_claim_json(claim) for claim in claims(found)]}
            for question, claims in QUESTIONS
        ],
        "experiments": {
            name: {"hash": e.archive.experiment.hash, "runs": e.all_runs, "folder": str(e.archive.folder)}
            for name, e in found.items()
        },
        "runs": sum(evidence.all_runs for evidence in found.values()),
    }


def _claim_json(claim: Claim) -> dict[str, Any]:
    return {
        "verdict": claim.verdict,
        "text": claim.text,
        "figures": [found.as_json() for found in claim.figures],
    }


def _head(found: Found) -> str:
    baseline = found["baseline"]
    total = sum(evidence.all_runs for evidence in found.values())
    text = (
        f"Written by `python -m experiments findings` from {total:,} runs of {len(found)} experiments; "
        "nothing here "
        "is typed by hand. Which sentence stands is decided by sign and interval of the results, so that "
        "it changes "
        "with the model. Brackets hold 95 % intervals over runs (Student's t); differences are paired on "
        "the same "
        "luck; where several effects are compared, what is said in words holds for all of them together "
        f"(Bonferroni). The baseline knows no policy and no observed series: {baseline.runs} runs, "
        f"{_consumers(baseline):,} consumers, sectors: {_sectors(baseline)}, "
        f"{baseline.years[0]}–{baseline.last}. "
        "Levels of acceptance are fitted to anchors up to 2024, later years are a projection under unchanged "
        "behaviour. Intervals hold luck, not doubt about assumptions: the last section but one says how "
        "far the "
        "answers move with those."
    )
    return f"# Findings\n\n{wrapped(text)}"


def _consumers(evidence: Evidence) -> int:
    return int(evidence.archive.experiment.parameters.get("population.consumers", 0))


def _sectors(evidence: Evidence) -> str:
    return str(evidence.archive.experiment.parameters.get("economy.sectors", "all"))


def wrapped(text: str, width: int = WIDTH) -> str:
    """Return a paragraph in lines of a width, numbers together with their per cent sign."""
    return textwrap.fill(_unbroken(text), width, break_long_words=False, break_on_hyphens=False)


def _unbroken(text: str) -> str:
    """Return a text whose numbers stay on one line with their per cent sign."""
    return re.sub(r"(?<=\d) %", "\u00a0%", text)


def _bullet(text: str) -> str:
    return "- " + wrapped(text, WIDTH - 2).replace("\n", "\n  ")


def _markdown(table: Table) -> str:
    """Return a table as Markdown, units below the names, with its caption."""
    heads = [
        f"{name}, {unit}" if unit else name
        for name, unit in zip(table.header, table.units or [""] * len(table.header), strict=True)
    ]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(row) + " |" for row in table.rows]
    return "\n".join([wrapped(table.caption), "", *lines])


def _assumptions(evidence: Evidence) -> str:
    named = "\n".join(_bullet(text) for text in ASSUMPTIONS.values())
    text = (
        "Three assumptions that nobody has measured, moved to the ends of their bounds one at a time; "
        f"{evidence.runs} "
        f"runs each, {evidence.last}:"
    )
    return f"## What the answers hinge on\n\n{wrapped(text)}\n\n{named}\n\n{_markdown(hinge_table(evidence))}"


def hinge_table(evidence: Evidence) -> Table:
    """Return every answer under every assumption."""
    names = list(dict.fromkeys(str(point.varied["assumption"]) for point in evidence.points))
    header = [
        "Assumption",
        "self-served",
        "forced",
        "hours, gross",
        "hours, net",
        "profit's part",
        "a full right: forced",
    ]
    caption = (
        "Means with 95 % intervals; the last column is what a right for all counters from 2010 on changes."
    )
    return Table(header, [_hinge_row(evidence, name) for name in names], caption)


def _hinge_row(evidence: Evidence, name: str) -> list[str]:
    point = evidence.at(assumption=name, policy__staffed_access=findings_policy.NONE)
    right = evidence.at(assumption=name, policy__staffed_access=findings_policy.RIGHT)
    levels = [
        told(outcome_of(measure), evidence.level(measure, point))
        for measure in ("self_service_share", "forced_share", "unpaid_hours_gross", "unpaid_hours_net")
    ]
    profit = interval_of(findings_money.shares(evidence, point)["profit"])
    ends = f" ({figure(100 * profit.low)} to {figure(100 * profit.high)})" if profit.runs > 1 else ""
    effect = told_change(outcome_of("forced_share"), evidence.change("forced_share", right, point))
    return [name, *levels, f"{figure(100 * profit.mean)} %{ends}", effect]


def _seconds(evidence: Evidence) -> str:
    """Return how long the processors were busy with the runs."""
    return f"{float(evidence.archive.runs['seconds'].sum()):,.0f}"


def _hash(evidence: Evidence) -> str:
    return str(evidence.archive.experiment.hash[:8])


def _runs(found: Found) -> str:
    """Return what the page stands on: experiments, points, runs, model version."""
    versions = sorted({str(e.archive.provenance.get("model_version", "?")) for e in found.values()})
    rows = [
        [f"`{name}`", str(len(e.points)), str(e.runs), str(e.all_runs), _seconds(e), _hash(e)]
        for name, e in found.items()
    ]
    caption = (
        f"Model version {', '.join(versions)}. Seconds add up over runs, on the machine that ran "
        "them. "
        "Repeat any of them: `python -m experiments sweep NAME`."
    )
    table = Table(["Experiment", "design points", "replications", "runs", "seconds", "hash"], rows, caption)
    return f"## What this stands on\n\n{_markdown(table)}"
