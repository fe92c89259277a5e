"""Third question: how many unpaid hours, how unequally, how far unnoticed, how far forced?"""

from __future__ import annotations

from experiments.findings_evidence import Claim, Evidence, Figure, Found, level_claim, told
from experiments.outcomes import outcome_of
from experiments.paired import Interval, Point
from experiments.winners import Gap, Split, group_ends, group_words

GROSS, NET, FELT = "unpaid_hours_gross", "unpaid_hours_net", "unpaid_hours_felt"
LATE = 2030


def claims(found: Found) -> list[Claim]:
    """Return hours gross and net, their spread, notice and force, and on what they hinge."""
    baseline = found["baseline"]
    return [hours(baseline), inequality(baseline), notice(baseline), hinge(found["hinges"])]


def _year(evidence: Evidence) -> int:
    return LATE if LATE in evidence.years else evidence.last


def hours(evidence: Evidence) -> Claim:
    """Say how many hours, and whether they are more or fewer than being served would take."""
    year = _year(evidence)
    gross, gross_figure = level_claim(evidence, GROSS, year=year)
    net = evidence.level(NET, year=year)
    waiting, waiting_figure = level_claim(evidence, "waiting_imposed_hours", year=year)
    if net.high < 0.0:
        verdict = (
            f"Net of the time that being served would take, people save time: {told(outcome_of(NET), net)}"
        )
    elif net.low > 0.0:
        verdict = (
            f"Net of the time that being served would take, people lose time: {told(outcome_of(NET), net)}"
        )
    else:
        verdict = (
            f"Net of the time that being served would take, no sign can be told: {told(outcome_of(NET), net)}"
        )
    text = (
        f"In {year} an adult works {gross} without pay for firms and offices. {verdict}; longer ways and "
        "queues "
        f"at the counters that are left, which this includes, take {waiting}."
    )
    return Claim(text, [gross_figure, Figure(evidence.name, NET, net), waiting_figure])


def inequality(evidence: Evidence) -> Claim:
    """Say how unequal the hours are, and for whom being served less means more time lost."""
    gini, figure = level_claim(evidence, "hours_gini", year=_year(evidence))
    frame = group_ends(evidence.archive)
    if frame is None:
        return Claim(f"The Gini coefficient of hours is {gini}; groups were not stored.", [figure])
    gaps = Split(frame, [0]).gaps(0)
    parts = [said for name in (GROSS, NET, "excluded_share") if (said := _extremes(gaps, name))]
    by = f"By age, education and income at the end of the runs: {'; '.join(parts)}"
    return Claim(f"The Gini coefficient of hours is {gini}. {by}.", [figure])


def _extremes(gaps: list[Gap], name: str) -> str:
    outcome = outcome_of(name)
    apart = [gap for gap in gaps if gap.outcome.name == name and gap.apart and gap.group[0] != "segment"]
    if not apart:
        return f"{outcome.brief}, no group can be told from the mean"
    top, bottom = max(apart, key=lambda g: g.value.mean), min(apart, key=lambda g: g.value.mean)
    sides = [(gap.group, gap.value) for gap in ((top, bottom) if top != bottom else (top,))]
    words = ", ".join(f"{told(outcome, value)} for {group_words(group)}" for group, value in sides)
    return f"{outcome.brief}, {words}"


def notice(evidence: Evidence) -> Claim:
    """Say which part goes unnoticed, which is forced, and which is against people's will."""
    year = _year(evidence)
    names = ("awareness_gap", "forced_share", "unwilling_share")
    found = {name: level_claim(evidence, name, year=year) for name in names}
    gap, forced, unwilling = (evidence.level(name, year=year) for name in found)
    text = (
        f"Unnoticed are {_percent(gap)} of the minutes; forced (the counter closed, or 30 % longer to be "
        f"served) are {found['forced_share'][0]} of self-served occasions, against people's will "
        f"{found['unwilling_share'][0]}"
    )
    if forced.low > unwilling.high:
        text += (
            ". Most forced use is by people who would do it anyway"
            if forced.mean > 2.0 * unwilling.mean
            else ""
        )
    figures = [figure for _, figure in found.values()]
    return Claim(f"{text}.", figures)


def _percent(share: Interval) -> str:
    ends = f" ({100 * share.low:.1f} to {100 * share.high:.1f})" if share.runs > 1 else ""
    return f"{100 * share.mean:.1f} %{ends}"


def hinge(evidence: Evidence) -> Claim:
    """Say whether net hours keep their sign, and gross hours their level, within the bounds."""
    points = [point for point in evidence.points if point.varied["policy.staffed_access"] == 0.0]
    gross = {_name(point): evidence.level(GROSS, point.number) for point in points}
    net = {_name(point): evidence.level(NET, point.number) for point in points}
    low, high = min(gross, key=lambda n: gross[n].mean), max(gross, key=lambda n: gross[n].mean)
    text = (
        "Within the bounds of three assumptions gross hours move between "
        f"{told(outcome_of(GROSS), gross[low])} "
        f"({low}) and {told(outcome_of(GROSS), gross[high])} ({high}), {_net_words(net)}"
    )
    figures = [Figure(evidence.name, f"{NET}: {name}", found) for name, found in net.items()]
    return Claim(f"{text}.", figures)


def _name(point: Point) -> str:
    return str(point.varied["assumption"])


def _net_words(net: dict[str, Interval]) -> str:
    low, high = min(net, key=lambda n: net[n].mean), max(net, key=lambda n: net[n].mean)
    ends = f"{told(outcome_of(NET), net[low])} ({low}) and {told(outcome_of(NET), net[high])} ({high})"
    if net[low].high < 0.0 < net[high].low:
        said = "whether people save or lose time is an assumption"
        return f"and net hours change their sign, between {ends}: {said}"
    if net[high].high < 0.0:
        return f"and net hours stay below zero, between {ends}"
    if net[low].low > 0.0:
        return f"and net hours stay above zero, between {ends}"
    return f"and net hours lie between {ends}, of which one end cannot be told from zero"
