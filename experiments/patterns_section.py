"""The scorecard as a section of reports, read from the file that `patterns --out` keeps."""

from __future__ import annotations

from typing import Any

from experiments.patterns import number, range_between, stored
from experiments.report_sections import Section, Table

TITLE = "What the default economy shows"
HEADER = (
    "Pattern",
    "Statement",
    "Role",
    "Condition",
    "Target",
    "Tolerance",
    "Value",
    "95 % interval",
    "Verdict",
)


def section(archive: Any) -> Section | None:
    """Return the last scorecard of the default economy; None where there is none."""
    page = stored()
    if page is None:
        return None
    patterns = page["patterns"]
    passed = sum(pattern["passed"] for pattern in patterns)
    said = (
        f"{passed} of {len(patterns)} patterns are shown by the default economy, "
        "whatever this experiment varies. Fitted: used to set parameters. "
        "Built in: a term was put there for it. Emerged: neither."
    )
    table = Table(HEADER, [row_of(pattern) for pattern in patterns], caption=_caption(patterns))
    return Section(TITLE, [said, *_stale(page, archive)], [table])


def _stale(page: dict[str, Any], archive: Any) -> list[str]:
    """Say when the scorecard belongs to another version of the model than the results."""
    version = archive.provenance.get("model_version")
    if version == page["model_version"]:
        return []
    return [
        f"The scorecard was taken with model version {page['model_version']}, these results with {version}."
    ]


def row_of(pattern: dict[str, Any]) -> tuple[str, ...]:
    """Return a pattern with its decisive condition: the first that is not met, or the first."""
    decisive = next(one for one in pattern["conditions"] if one["name"] == pattern["decisive"])
    others = len(pattern["conditions"]) - 1
    name = decisive["name"] + (f" (and {others} more)" if others else "")
    unit = "" if decisive["unit"] == "1" else f" {decisive['unit']}"
    figures = (
        number(decisive["target"]),
        range_between(*decisive["tolerance"]),
        f"{number(decisive['value'])}{unit}",
    )
    verdict = "passed" if pattern["passed"] else "open"
    named = pattern["name"], pattern["statement"], pattern["role"].replace("_", " "), name
    return (*named, *figures, range_between(decisive["low"], decisive["high"]), verdict)


def _caption(patterns: list[dict[str, Any]]) -> str:
    runs = sorted({condition["runs"] for pattern in patterns for condition in pattern["conditions"]})
    seeds = f"{runs[0]} to {runs[-1]}" if len(runs) > 1 else str(runs[0])
    means = f"Means over {seeds} runs with fixed seeds"
    return f"{means}; sources and all conditions: `python -m experiments patterns`."
