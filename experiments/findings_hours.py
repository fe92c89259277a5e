"""Third question: how many unpaid hours, how unequally, how far unnoticed, how far forced?"""

from __future__ import annotations

from collections.abc import Sequence

from experiments.findings_evidence import Claim, Evidence, Figure, Found, level_claim, told
from experiments.outcomes import outcome_of
from experiments.paired import Interval
from experiments.winners import Gap, Split, group_ends, group_words

GROSS, NET = "unpaid_hours_gross", "unpaid_hours_net"
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
        verdict = "Against being served throughout, people save time"
    elif net.low > 0.0:
        verdict = "Against being served throughout, people lose time"
    else:
        verdict = "Whether people save or lose time against being served cannot be told"
    text = (
        f"In {year} an adult works {gross} without pay for firms and offices; net of the time that being "
        "served "
        f"would take this is {told(outcome_of(NET), net)}. Longer ways and queues at the counters that are "
        "left, "
        f"which the net figure includes, take {waiting}."
    )
    return Claim(verdict, text, [gross_figure, Figure(evidence.name, NET, net), waiting_figure])


def inequality(evidence: Evidence) -> Claim:
    """Say how unequal the hours are, and for whom they mean time lost."""
    gini, figure = level_claim(evidence, "hours_gini", year=_year(evidence))
    frame = group_ends(evidence.archive)
    if frame is None:
        return Claim("Groups were not stored", f"The Gini coefficient of hours is {gini}.", [figure])
    gaps = Split(frame, [0]).gaps(0)
    parts = [_extremes(gaps, name) for name in (GROSS, NET, "excluded_share")]
    by = f"By age, education and income at the end of the runs: {'; '.join(parts)}"
    return Claim(_unequal(gaps), f"{by}. The Gini coefficient of hours is {gini}.", [figure])


def _unequal(gaps: Sequence[Gap]) -> str:
    """Say whether those who do most hours are those who lose most time."""
    sides = [_apart(gaps, name) for name in (GROSS, NET)]
    if not all(sides):
        return "Groups can hardly be told apart"
    most, dearest = (max(side, key=lambda gap: gap.value.mean) for side in sides)
    if most.group == dearest.group:
        return f"Those who do most hours, {group_words(most.group)}, also have the highest net hours"
    names = [group_words(gap.group) for gap in (most, dearest)]
    return f"Most hours are done by {names[0]}, net hours are highest for {names[1]}"


def _apart(gaps: Sequence[Gap], name: str) -> list[Gap]:
    """Return the groups of private people that stand apart from the mean in one outcome."""
    return [gap for gap in gaps if gap.outcome.name == name and gap.apart and gap.group[0] != "segment"]


def _extremes(gaps: Sequence[Gap], name: str) -> str:
    outcome, apart = outcome_of(name), _apart(gaps, name)
    if not apart:
        return f"{outcome.brief}, no group can be told from the mean"
    top, bottom = max(apart, key=lambda g: g.value.mean), min(apart, key=lambda g: g.value.mean)
    sides = [top, bottom] if top is not bottom else [top]
    words = ", ".join(f"{told(outcome, gap.value)} for {group_words(gap.group)}" for gap in sides)
    return f"{outcome.brief}, {words}"


def notice(evidence: Evidence) -> Claim:
    """Say which part goes unnoticed, which is forced, and which is against people's will."""
    year = _year(evidence)
    names = ("awareness_gap", "forced_share", "unwilling_share")
    (gap, gap_figure), (forced, forced_figure), (unwilling, unwilling_figure) = (
        level_claim(evidence, name, year=year) for name in names
    )
    text = (
        f"Unnoticed are {gap} of the minutes. Forced (the counter closed, or 30 % longer to be served) are "
        f"{forced} of "
        "self-served occasions, against people's will (with the ways and queues of the start they would "
        "be served) "
        f"{unwilling}."
    )
    verdict = _forced_verdict(forced_figure.found, unwilling_figure.found)
    return Claim(verdict, text, [gap_figure, forced_figure, unwilling_figure])


def _forced_verdict(forced: Interval, unwilling: Interval) -> str:
    if forced.runs < 2:
        return "One run cannot tell how much of forced use is against people's will"
    if 0.5 * forced.low > unwilling.high:
        return "Most forced use is by people who would serve themselves anyway"
    return "Much of forced use may be against people's will"


def hinge(evidence: Evidence) -> Claim:
    """Say whether net hours keep their sign, and gross hours their level, within the bounds."""
    points = [point for point in evidence.points if point.varied["policy.staffed_access"] == 0.0]
    gross = {str(point.varied["assumption"]): evidence.level(GROSS, point.number) for point in points}
    net = {str(point.varied["assumption"]): evidence.level(NET, point.number) for point in points}
    text = (
        f"Within the bounds of three assumptions gross hours move between {_ends(GROSS, gross)}, net hours "
        "between "
        f"{_ends(NET, net)}."
    )
    figures = [Figure(evidence.name, f"{NET}: {name}", found) for name, found in net.items()]
    return Claim(_net_verdict(net), text, figures)


def _lowest_and_highest(levels: dict[str, Interval]) -> tuple[str, str]:
    return min(levels, key=lambda n: levels[n].mean), max(levels, key=lambda n: levels[n].mean)


def _ends(measure: str, levels: dict[str, Interval]) -> str:
    outcome = outcome_of(measure)
    return " and ".join(f"{told(outcome, levels[name])} ({name})" for name in _lowest_and_highest(levels))


def _net_verdict(net: dict[str, Interval]) -> str:
    low, high = _lowest_and_highest(net)
    if net[low].high < 0.0 < net[high].low:
        return "Whether people save or lose time is decided by an assumption"
    if net[high].high < 0.0:
        return "People save time throughout the bounds of three assumptions"
    if net[low].low > 0.0:
        return "People lose time throughout the bounds of three assumptions"
    return "At one end of the bounds no saving or loss of time can be told"
