"""Fourth question: what would a policy change, with the same luck in both worlds?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from experiments.branches import Branches, branches
from experiments.findings_evidence import Claim, Evidence, Figure, Found, told, told_change
from experiments.outcomes import outcome_of, signed
from experiments.paired import Interval, Point, interval_of, joint_level, parameter_label, shown_value
from experiments.report_sections import Table

POLICIES = (
    "staffed-access",
    "no-forcing",
    "mandatory-compensation",
    "transparency",
    "skills-programme",
    "minimum-staff",
    "cash-access",
)
COLUMNS = (
    "self_service_share",
    "forced_share",
    "excluded_share",
    "unpaid_hours_net",
    "price_index",
    "saving_profit",
)
NONE, RIGHT = 0.0, 1.0
SAME = 1e-9
"""Outcomes that differ by less in every run are the same."""
FORGOTTEN = 2.0
"""Points within which the intervals of all gaps must lie before history is called forgotten."""


def claims(found: Found) -> list[Claim]:
    """Return what policies change most, what none changes, what history keeps, and on what it hinges."""
    there = [found[name] for name in POLICIES if name in found and comparable(found[name])]
    return [
        strongest(there, "forced_share", "forced use", _falls),
        strongest(there, "excluded_share", "the share of people who forgo a service", _falls),
        strongest(there, "unpaid_hours_gross", "unpaid hours", _falls),
        payers(there),
        same_rule(found["staffed-access"], found["no-forcing"]),
        cash(found["cash-access"]),
        locked_in(found["lock-in"]),
        hinge(found["hinges"]),
    ]


def dose(evidence: Evidence) -> Point:
    """Return the dose that is compared: the experiment's last, where strengths rise or begin later."""
    return evidence.strongest


def comparable(evidence: Evidence) -> bool:
    """Return whether a policy is tried in the whole economy, so that its effects stand beside others'."""
    return evidence.archive.experiment.parameters.get("economy.sectors", "all") == "all"


def change(evidence: Evidence, measure: str) -> Interval:
    """Return what a policy changes at its dose."""
    return evidence.change(measure, dose(evidence).number)


def holds(evidence: Evidence, measure: str, tests: int) -> Interval:
    """Return the same with an interval that holds for several comparisons together."""
    gap = evidence.values(measure, dose(evidence).number) - evidence.values(measure, 0)
    return interval_of(gap, level=joint_level(tests))


def _falls(found: Interval) -> bool:
    return found.high < 0.0


def _rises(found: Interval) -> bool:
    return found.low > 0.0


def strongest(
    policies: Sequence[Evidence], measure: str, words: str, moved: Callable[[Interval], bool]
) -> Claim:
    """Say which policies move an outcome in the wanted direction, the strongest first, and which do not."""
    outcome, tests = outcome_of(measure), len(policies)
    wide = {evidence.name: holds(evidence, measure, tests) for evidence in policies}
    effects = {evidence.name: change(evidence, measure) for evidence in policies}
    able = sorted((name for name in wide if moved(wide[name])), key=lambda name: effects[name].mean)
    against = [name for name in wide if _rises(wide[name])]
    lowered = ", ".join(f"{name} ({told_change(outcome, effects[name])})" for name in able)
    raised = ", ".join(f"{name} ({told_change(outcome, effects[name])})" for name in against)
    most = _not_behind([evidence for evidence in policies if evidence.name in able], measure)
    verb = "lowers" if len(most) == 1 else "lower"
    best = f"{' and '.join(most)} {verb} {words} most" if able else f"No policy can be told to lower {words}"
    rest = [name for name in wide if name not in able and name not in against]
    parts = [f"Lowered by {lowered}"] if able else []
    parts += [f"Raised by {raised}"] if raised else []
    parts += [f"No effect can be told for {', '.join(rest)}"] if rest else []
    figures = [Figure(name, measure, found) for name, found in effects.items()]
    return Claim(best, f"{'. '.join(parts)}.", figures)


def _not_behind(able: Sequence[Evidence], measure: str) -> list[str]:
    """Return the policies than which none can be told to lower an outcome more, on the same luck."""
    effects = {e.name: e.values(measure, dose(e).number) - e.values(measure, 0) for e in able}
    return [
        name
        for name, effect in effects.items()
        if not any(_falls(_gap(other, effect)) for other in effects.values())
    ]


def _gap(effect: np.ndarray, other: np.ndarray) -> Interval:
    paired = min(len(effect), len(other))
    return interval_of(effect[:paired] - other[:paired])


def payers(policies: Sequence[Evidence]) -> Claim:
    """Say which policies firms pay with profit and customers with prices."""
    tests = 2 * len(policies)
    parts, figures, able = [], [], 0
    for measure, word, moved in (("saving_profit", "profit", _falls), ("price_index", "prices", _rises)):
        outcome = outcome_of(measure)
        paid = {e.name: change(e, measure) for e in policies if moved(holds(e, measure, tests))}
        ranked = sorted(paid, key=lambda name: -abs(paid[name].mean))
        said = ", ".join(f"{name} ({told_change(outcome, paid[name])})" for name in ranked)
        verb = "lower" if moved is _falls else "raise"
        parts.append(f"{said} {verb} {word}" if ranked else f"none can be told to {verb} {word}")
        figures += [Figure(e.name, measure, change(e, measure)) for e in policies]
        able += len(paid)
    text = "; ".join(parts)
    verdict = "Some policies cost profit or raise prices" if able else "No policy can be told to cost money"
    return Claim(verdict, f"{text[0].upper()}{text[1:]}.", figures)


def same_rule(access: Evidence, ban: Evidence) -> Claim:
    """Say whether a full right to a counter and a ban on forcing from the same year are one rule."""
    full, begun = access.strongest.number, ban.named("from 2010")
    figures, gaps = [], []
    for measure in COLUMNS:
        paired = min(access.runs, ban.runs)
        gap = access.values(measure, full)[:paired] - ban.values(measure, begun)[:paired]
        gaps.append(float(np.abs(gap).max()))
        figures.append(Figure("staffed-access less no-forcing", measure, interval_of(gap)))
    if max(gaps) < SAME:
        verdict = "A full right to a counter and a ban on forcing are the same rule here"
        text = (
            "From 2010 on both give the same figures in every run, so that the table shows the ban from 2020."
        )
    else:
        verdict = "A full right to a counter and a ban on forcing are two rules"
        text = f"From the same year on their outcomes differ by up to {max(gaps):.2g}."
    return Claim(verdict, text, figures)


def cash(evidence: Evidence) -> Claim:
    """Say what a rule on cash does in the economy in which it is tried."""
    point, tests = dose(evidence).number, 3
    effects = {
        name: evidence.change(name, point) for name in ("forced_share", "excluded_share", "price_index")
    }
    said = ", ".join(
        f"{outcome_of(name).brief} {told_change(outcome_of(name), found)}" for name, found in effects.items()
    )
    sectors = evidence.archive.experiment.parameters.get("economy.sectors", "all")
    share = outcome_of("forced_share")
    text = (
        f"{dose_words(evidence)}, tried where the sectors are {sectors}, changes {said}; without it forced "
        "use is "
        f"{told(share, evidence.level('forced_share'))} there, which is why it is not ranked with the others."
    )
    verdict = (
        f"A rule about cash lowers forced use in the sectors tried, {sectors}"
        if _falls(holds(evidence, "forced_share", tests))
        else "A rule about cash cannot be told to lower forced use"
    )
    return Claim(verdict, text, [Figure(evidence.name, name, found) for name, found in effects.items()])


def dose_words(evidence: Evidence) -> str:
    """Return a policy at its dose in words."""
    name, value = next(iter(dose(evidence).varied.items()))
    return f"{evidence.archive.experiment.label} ({parameter_label(name)}: {shown_value(value)})"


def locked_in(evidence: Evidence) -> Claim:
    """Say what the same right achieves after adoption, beside what it achieves before it."""
    found = {b.outcome.name: b for b in branches(evidence.archive.final(), evidence.points)}
    shown = [found[name] for name in ("self_service_share", "forced_share", "closed_share") if name in found]
    parts = [_branch_words(branch) for branch in shown]
    gaps = [(branch, rung) for branch in shown for rung in branch.rungs]
    any_gap = any(rung.apart for _, rung in gaps)
    full = [branch for branch in shown if branch.rungs[-1].apart]
    widest = max(abs(end) for _, rung in gaps for end in (rung.gap.low, rung.gap.high))
    if full:
        words = ", ".join(branch.outcome.brief for branch in full)
        verdict = f"Even a full right after adoption leaves a trace of what came before, in {words}"
    elif any_gap:
        verdict = "A full right leaves no trace of what came before, a weaker one does"
    elif widest < FORGOTTEN:
        verdict = f"History is forgotten: in {evidence.last} no gap reaches {FORGOTTEN:g} points"
    else:
        verdict = "Whether what came before leaves a trace cannot be told"
    figures = [
        Figure(evidence.name, f"{branch.outcome.name}: gap at a right of {rung.right:g}", rung.gap)
        for branch, rung in gaps
    ]
    text = (
        f"The same right to a counter, read in {evidence.last}, with all counters protected before it "
        "began less "
        f"with none: {'; '.join(parts)}."
    )
    return Claim(verdict, text, figures)


def _branch_words(branch: Branches) -> str:
    o = branch.outcome
    clear = [
        f"{o.shown_change(rung.gap.mean / o.scale)} at {100 * rung.right:.0f} %"
        for rung in branch.rungs
        if rung.apart
    ]
    said = f"{', '.join(clear)} of counters" if clear else "no gap that can be told from luck"
    return f"{o.brief} {said}"


def hinge(evidence: Evidence) -> Claim:
    """Say whether the effect of a full right survives the bounds of three assumptions."""
    parts, figures = [], []
    names = list(dict.fromkeys(str(point.varied["assumption"]) for point in evidence.points))
    for measure in ("forced_share", "unpaid_hours_net", "self_service_share"):
        effects = {name: _right(evidence, name, measure) for name in names}
        figures += [Figure(evidence.name, f"{measure}: {name}", found) for name, found in effects.items()]
        parts.append(_spread(measure, effects))
    firm = all(_same_direction(evidence, names, measure) for measure in ("forced_share", "unpaid_hours_net"))
    verdict = (
        "What a full right does to force and to hours keeps its direction within the bounds of three "
        "assumptions"
        if firm
        else "Not all that a full right does keeps its direction within the bounds of three assumptions"
    )
    return Claim(verdict, f"It changes {'; '.join(parts)}.", figures)


def _same_direction(evidence: Evidence, names: Sequence[str], measure: str) -> bool:
    effects = [_right(evidence, name, measure) for name in names]
    return all(effect.high < 0.0 for effect in effects) or all(effect.low > 0.0 for effect in effects)


def _right(evidence: Evidence, assumption: str, measure: str) -> Interval:
    with_right = evidence.at(assumption=assumption, policy__staffed_access=RIGHT)
    without = evidence.at(assumption=assumption, policy__staffed_access=NONE)
    return evidence.change(measure, with_right, without)


def _spread(measure: str, effects: dict[str, Interval]) -> str:
    outcome = outcome_of(measure)
    low, high = min(effects, key=lambda n: effects[n].mean), max(effects, key=lambda n: effects[n].mean)
    least, most = (told_change(outcome, effects[name]) for name in (low, high))
    ends = f"between {least} ({low}) and {most} ({high})"
    if all(e.high < 0.0 for e in effects.values()) or all(e.low > 0.0 for e in effects.values()):
        return f"{outcome.brief} always in the same direction, {ends}"
    if effects[low].high < 0.0 < effects[high].low:
        return f"{outcome.brief} in either direction, {ends}"
    return f"{outcome.brief} {ends}, not always told from nothing"


def policy_table(found: Found) -> Table:
    """Return every policy at its dose: paired differences with their intervals."""
    outcomes = [outcome_of(name) for name in COLUMNS]
    rows = []
    for name in POLICIES:
        if name in found:
            evidence = found[name]
            cells = [_cell(change(evidence, o.name), o.scale) for o in outcomes]
            rows.append([f"`{name}`: {_short_dose(evidence)}", *cells])
    units = ["", *(o.change_unit or "index" for o in outcomes)]
    last = max(e.last for e in found.values() if e.name in POLICIES)
    caption = (
        f"Paired differences in {last} from the same economy without the policy, 95 % intervals, each read "
        "by itself."
    )
    return Table(["Policy", *(o.brief for o in outcomes)], rows, caption, units)


def _short_dose(evidence: Evidence) -> str:
    value = shown_value(next(iter(dose(evidence).varied.values())))
    sectors = evidence.archive.experiment.parameters.get("economy.sectors", "all")
    return value if sectors == "all" else f"{value} ({sectors} only)"


def _cell(found: Interval, scale: float) -> str:
    mean, low, high = (signed(scale * end) for end in (found.mean, found.low, found.high))
    return mean if found.runs < 2 else f"{mean} ({low} to {high})"
