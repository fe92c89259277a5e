"""Sections of the validation report: patterns, null models, identifiability, sensitivity of conclusions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.evidence_plan import EXEMPT, assumed, moves
from experiments.findings_evidence import Evidence, told, told_change
from experiments.outcomes import outcome_of, signed
from experiments.paired import Interval
from experiments.report_sections import Picture, Section, Table
from experiments.robustness import HOLDS, OPEN, REVERSED, Robustness, Sampled, Tested

NULL_MODELS = ("no-contagion", "no-pressure", "no-force")
"""Experiments of the catalogue in which a mechanism is missing."""
NULL_MEASURES = (
    "self_service_share", "forced_share", "closed_share", "unpaid_hours_gross", "unpaid_hours_net",
    "excluded_share", "saving_total",
)  # fmt: skip
MOST_NAMED, MOST_LEADING = 6, 5


def patterns(page: Mapping[str, Any], version: str) -> Section:
    """Return the scorecard of the default economy, with the role of every pattern."""
    from experiments.patterns_section import HEADER, row_of

    rows = page["patterns"]
    by_role = {role: [p for p in rows if p["role"] == role] for role in ("fitted", "built_in", "emerged")}
    counts = "; ".join(
        f"{role.replace('_', ' ')} {sum(p['passed'] for p in found)} of {len(found)}"
        for role, found in by_role.items()
    )
    passed = sum(pattern["passed"] for pattern in rows)
    said = [
        (
            f"{passed} of {len(rows)} patterns are shown by the default economy: {counts}. Fitted: used to "
            "set parameters. Built in: a term was put there for it. Emerged: neither, so only these count as "
            "evidence."
        )
    ]
    missed = [p for p in rows if not p["passed"]]
    if missed:
        said.append("Not shown: " + "; ".join(f"{p['name']} ({p['title']})" for p in missed) + ".")
    if page["model_version"] != version:
        said.append(
            f"The scorecard was taken with model version {page['model_version']}, the rest with {version}."
        )
    caption = (
        "One condition per pattern: the first that is not met, else the first; all in tables/patterns.csv."
    )
    return Section("Patterns P1 to P13", said, [Table(HEADER, [row_of(p) for p in rows], caption)])


def nulls(found: Mapping[str, Evidence]) -> Section:
    """Return what the economy would do without contagion, without pressure and without force."""
    first = next(iter(found.values()))
    measures = [outcome_of(name) for name in NULL_MEASURES]
    header = ["Null model", *(measure.brief for measure in measures)]
    rows = [["baseline", *(told(m, first.level(m.name)) for m in measures)]]
    for name, evidence in found.items():
        for point in evidence.points[1:]:
            changes = [told_change(m, evidence.change(m.name, point.number)) for m in measures]
            rows.append([f"{name}: {point.label}", *changes])
    said = [
        (
            "What remains of the results when a mechanism is missing. Without contagion the intercepts are "
            "solved again on the same anchors (resolved); the naive knock-out shifts the level of acceptance "
            f"too and shows only what such a comparison would have claimed. {_contagion(found)}"
        )
    ]
    caption = (
        f"{first.last}: level of the baseline, and paired differences from it on the same luck, "
        f"{first.runs} runs each, 95 % intervals (Student's t)."
    )
    return Section("Null models", said, [Table(header, rows, caption)])


def _contagion(found: Mapping[str, Evidence]) -> str:
    from experiments.findings_spread import contagion

    return contagion(found["no-contagion"]).verdict + "." if "no-contagion" in found else ""


def identifiability(calibration: Mapping[str, Any] | None, contagion: Evidence | None) -> Section:
    """Return what the observed curves can and cannot tell about parameters."""
    from experiments.findings_spread import contagion as claim_of

    said = [
        (
            "A national curve of adoption is drawn by contagion as well as by differences between people "
            "with growing access, so a good fit identifies neither. The model takes the spread of "
            "readiness from gradients by age and education, and the peer effect from literature (0 to 2.2 "
            "logits); neither is estimated from the curve."
        )
    ]
    if contagion is not None:
        claim = claim_of(contagion)
        said.append(f"In the economy: {claim.verdict}. {claim.text}")
    found = (calibration or {}).get("identifiability") or {}
    if calibration is not None and "contagion" in calibration:
        said.append(f"In the calibration: {calibration['contagion']}")
    if not found:
        said.append("No profiles of the fitted parameters are at hand; `calibrate` makes them.")
    return Section("What the data identify", said, [_profile_table(found)] if found else [])


def _profile_table(found: Mapping[str, Any]) -> Table:
    """Return what the calibration's profiles say of each shared parameter."""
    rows = [
        [
            name, "fitted" if one.get("fitted") else "held", _prior(one.get("prior")),
            f"{max(rise for _, rise in one['profile']):.1f}", "yes" if one["identified"] else "no",
            one["verdict"],
        ]
        for name, one in found.items()
    ]  # fmt: skip
    header = (
        "Parameter",
        "in the calibration",
        "prior",
        "greatest rise of the loss",
        "identified",
        "in words",
    )
    return Table(header, rows, "Profiles over the parameter's range, everything else fitted again.")


def _prior(found: Sequence[float] | None) -> str:
    return "" if not found else f"{found[0]:g} ± {found[1]:g}"


def sensitivity(
    found: Sequence[Robustness], drawn: Sequence[Sampled], runs: Mapping[str, int], picture: Picture | None
) -> Section:
    """Return which conclusions hold whatever is assumed."""
    said = [_opening(found, runs), *map(sentence, found), _luck(found)]
    tables = [conclusions_table(found, drawn), reversals_table(found), sampled_table(drawn)]
    pictures = [picture] if picture else []
    return Section(
        "Do the conclusions survive the assumptions?", said, [t for t in tables if t.rows], pictures
    )


def _opening(found: Sequence[Robustness], runs: Mapping[str, int]) -> str:
    seeds, moved, every = found[0].default.margin.runs, len(found[0].moved), moves()
    columns = len({move.assumption for move in every} - {declared.name for declared in assumed()})
    exempt = "; ".join(f"`{name}` ({why})" for name, why in EXEMPT.items())
    of_all = f"a sample of {moved} of these {len(every)} moves" if moved < len(every) else f"{moved} moves"
    return (
        f"{len(assumed())} behavioural parameters go to each of their declared bounds and {columns} columns "
        "of the catalogue part of the way to theirs (half; intercepts about one logit), one at a time: "
        f"{of_all}, each in three worlds (as it is, without economic pressure, without force), {seeds} seeds "
        f"each on common luck, {runs['one-at-a-time']:,} runs. Then all behavioural parameters are drawn "
        "together, triangular over their bounds with the mode at the default: "
        f"{runs['all-together']:,} runs. Not moved: policies, which do nothing by default; {exempt}."
    )


def _luck(found: Sequence[Robustness]) -> str:
    moved = len(found[0].moved)
    return (
        "Intervals are 95 %, read one by one, with the standard deviation between seeds pooled over all "
        f"moves (the larger of that and the move's own): of {moved} moves one in forty would look reversed "
        "by luck alone if the truth stood on the edge. A reversal beyond that is an assumption on which "
        "the conclusion hangs."
    )


def sentence(one: Robustness) -> str:
    """Say in words whether a conclusion holds by default and under which moves it does not."""
    held, opened, reversed_ = (one.with_verdict(word) for word in (HOLDS, OPEN, REVERSED))
    n = len(one.moved)
    head = f"{_claim(one)} ({_margin(one, one.default.margin)})"
    if one.default.verdict == OPEN:
        counts = f"holds under {len(held)}, reversed under {len(reversed_)} of {n} moves"
        return f"{head}: {counts}{_named(reversed_)}."
    same, contrary = (held, reversed_) if one.contrary == REVERSED else (reversed_, held)
    if not contrary:
        return f"{head}: kept under {len(same)} of {n} moves, open under {len(opened)}, reversed under none."
    return (
        f"{head}: kept under {len(same)} of {n} moves, open under {len(opened)}, the contrary under "
        f"{len(contrary)}{_named(contrary)}."
    )


def _claim(one: Robustness) -> str:
    if one.default.verdict == OPEN:
        return f"Open by default: {one.conclusion.statement}"
    return one.conclusion.statement if one.default.verdict == HOLDS else one.conclusion.opposite


def _named(found: Sequence[Tested]) -> str:
    if not found:
        return ""
    rest = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return f": {', '.join(f'`{one.move}`' for one in found[:MOST_NAMED])}{rest}"


def _margin(one: Robustness, margin: Interval) -> str:
    return f"{one.conclusion.reads}: {_signed(margin)} {one.conclusion.unit}"


def _signed(margin: Interval) -> str:
    if math.isnan(margin.low):
        return signed(margin.mean)
    return f"{signed(margin.mean)}, {signed(margin.low)} to {signed(margin.high)}"


def conclusions_table(found: Sequence[Robustness], drawn: Sequence[Sampled]) -> Table:
    """Return every conclusion with its verdicts."""
    header = (
        "Conclusion", "margin by default", "95 % interval", "holds", "open", "reversed", ("holds when all "
        "are drawn"),
    )  # fmt: skip
    units = ("", "", "", "moves", "moves", "moves", "of economies")
    shares = {one.conclusion.name: _share(one) for one in drawn}
    rows = []
    for one in found:
        margin, unit = one.default.margin, one.conclusion.unit
        counts = [str(len(one.with_verdict(word))) for word in (HOLDS, OPEN, REVERSED)]
        between = "" if math.isnan(margin.low) else f"{signed(margin.low)} to {signed(margin.high)}"
        name = one.conclusion.statement
        rows.append(
            [name, f"{signed(margin.mean)} {unit}", between, *counts, shares.get(one.conclusion.name, "–")]
        )
    return Table(header, rows, "A conclusion holds where its margin is above zero.", units)


def _share(one: Sampled) -> str:
    share = one.share
    return f"{100.0 * share.mean:.0f} % ({100.0 * share.low:.0f} to {100.0 * share.high:.0f})"


def reversals_table(found: Sequence[Robustness]) -> Table:
    """Return every move under which a conclusion is the contrary of the default's."""
    rows = [
        [one.conclusion.name, tested.move, f"{signed(tested.margin.mean)} {one.conclusion.unit}",
         f"{signed(tested.margin.low)} to {signed(tested.margin.high)}"]
        for one in found
        for tested in one.with_verdict(one.contrary)
        if one.default.verdict != OPEN
    ]  # fmt: skip
    caption = "Moves under which a conclusion is reversed, the farthest from the default first."
    return Table(("Conclusion", "move", "margin", "95 % interval"), rows, caption, folded=len(rows) > 20)


def sampled_table(drawn: Sequence[Sampled]) -> Table:
    """Return what happens to conclusions when everything is drawn at once."""
    header = ("Conclusion", "economies", "holds in", "5 %", "median", "95 %", "moved most by")
    rows = [
        [
            one.conclusion.statement, str(one.economies), _share(one), *map(signed, one.quantiles),
            ", ".join(f"{name} {value:.2f}" for name, value in one.leading[:MOST_LEADING]) or "none beyond "
            "chance",
        ]
        for one in drawn
    ]  # fmt: skip
    caption = (
        "One run per economy, luck included; shares with Wilson's 95 % interval, quantiles of the margin; "
        "PAWN indices of parameters that exceed the greatest of ten that do nothing."
    )
    return Table(header, rows, caption)
