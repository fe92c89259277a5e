"""First question: when does self-service spread, when does it stall, when is it rolled back?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from experiments.cells import HELD_DOWN, THE_RULE, Axes, Cell, axes_of, cells_of, where
from experiments.findings_evidence import (
    Claim,
    Evidence,
    Figure,
    Found,
    change_claim,
    level_claim,
    told,
    told_change,
)
from experiments.knock_outs import Worth, worths
from experiments.outcomes import figure, outcome_of
from experiments.paired import Interval, interval_of, shown_value

SHARE, FORCED = "self_service_share", "forced_share"
STANDS_STILL = 10
"""Years over which it is asked whether the share still grows."""
SAME_PATH = 0.02
"""Two paths that never differ by more than this share of occasions are called the same."""


def claims(found: Found) -> list[Claim]:
    """Return what the runs say about spread, stalling, rollback, force and their causes."""
    return [
        spread(found["baseline"]),
        rule(found["baseline"]),
        pressure(found["no-pressure"]),
        stopping(found["unstoppable"]),
        mechanisms(found["knock-out"]),
        contagion(found["no-contagion"]),
        hinge(found["hinges"]),
    ]


def spread(evidence: Evidence) -> Claim:
    """Say how far self-service comes, and whether it still grows at the end."""
    years = sorted(
        {year for year in (1990, 2000, 2010, 2020, 2030) if year in evidence.years} | {evidence.last}
    )
    told = [(year, *level_claim(evidence, SHARE, year=year)) for year in years]
    course = ", ".join(f"{words} in {year}" for year, words, _ in told)
    since = max(evidence.years[0], evidence.last - STANDS_STILL)
    grown = evidence.over_time(SHARE, since, evidence.last)
    change = told_change(outcome_of(SHARE), grown)
    if grown.low > 0.0:
        verdict = f"Self-service still grows at the end, by {change} from {since} to {evidence.last}"
    elif grown.high < 0.0:
        verdict = f"Self-service falls at the end, by {change} from {since} to {evidence.last}"
    else:
        verdict = (
            f"Whether self-service still grows from {since} to {evidence.last} cannot be told ({change})"
        )
    return Claim(
        verdict, f"Customers serve themselves in {course} of all occasions.", [figure for *_, figure in told]
    )


def rule(evidence: Evidence) -> Claim:
    """Say whether, and from which year, forced use is the rule."""
    firsts = [_first_year(evidence, run) for run in range(evidence.runs)]
    crossed = [year for year in firsts if year is not None]
    words, figure = level_claim(evidence, FORCED)
    level = f"In {evidence.last} forced use is {words} of what customers do themselves."
    if not crossed:
        verdict = f"Voluntary is the rule throughout, in each of the {evidence.runs} runs"
        return Claim(verdict, level, [figure])
    first, last = min(crossed), max(crossed)
    when = f"in {first}" if first == last else f"between {first} and {last}"
    still = int((evidence.values(FORCED) > THE_RULE).sum())
    ceased = f"{len(crossed)} of {evidence.runs} runs"
    verdict = f"Voluntary ceases to be the rule in {ceased}, {_still(still, evidence)}"
    return Claim(verdict, f"Forced use first exceeds half of self-served occasions {when}. {level}", [figure])


def _still(runs: int, evidence: Evidence) -> str:
    """Say in how many runs force is the rule at the end."""
    return (
        f"and is the rule again in {evidence.last}"
        if runs == 0
        else f"in {runs} of them still in {evidence.last}"
    )


def _first_year(evidence: Evidence, run: int) -> int | None:
    return next((y for y in evidence.years if evidence.values(FORCED, 0, y)[run] > THE_RULE), None)


def pressure(evidence: Evidence) -> Claim:
    """Say whether economic pressure makes spread, compulsion, or both."""
    none = evidence.strongest.number
    share, share_figure = change_claim(evidence, SHARE, none)
    forced, forced_figure = change_claim(evidence, FORCED, none)
    lost, freed = evidence.relative(SHARE, none), evidence.relative(FORCED, none)
    gap = interval_of(freed - lost)
    if gap.high < 0.0:
        verdict = "Economic pressure makes compulsion more than spread"
    elif gap.low > 0.0:
        verdict = "Economic pressure makes spread more than compulsion"
    else:
        verdict = "Whether economic pressure makes spread or compulsion more cannot be told"
    text = (
        f"Without it the self-served share differs by {share}, forced use by {forced}: {_percent(lost)} and "
        f"{_percent(freed)} of their levels."
    )
    return Claim(verdict, text, [share_figure, forced_figure])


def _percent(relative: np.ndarray) -> str:
    return f"{100.0 * interval_of(relative).mean:+.0f} %".replace("-", "−")


def stopping(evidence: Evidence) -> Claim:
    """Say where in the grid of causes self-service is held down, rolled back or forced."""
    axes = axes_of(evidence.points)
    final = evidence.archive.final()
    cells = cells_of(evidence.archive, evidence.points, final)
    if axes is None:
        raise ValueError(f"{evidence.name} is no grid of two or three strengths")
    n, forced = len(cells), sum(cell.forced for cell in cells)
    held = where(cells, [cell.held_down for cell in cells])
    moves = sorted(cell.moves_back for cell in cells)
    moved, figures = _levers(evidence, axes)
    text = (
        f"Across {n} economies ({', '.join(axes.labels)}; {evidence.runs} runs each) some task is held "
        "down to less "
        f"than {100 * HELD_DOWN:.0f} % of the default's {held}{_ranges(cells, axes)}; a firm takes "
        f"{figure(moves[0])} to "
        f"{figure(moves[-1])} steps back towards staff; force is the rule in {forced}. "
        f"{moved}."
    )
    stopped = any(cell.held_down for cell in cells)
    verdict = "Task by task it can be stopped" if stopped else "Within these bounds nothing stops any task"
    return Claim(verdict, text, figures)


def _ranges(cells: Sequence[Cell], axes: Axes) -> str:
    """Say at which strengths some task is held down, where that is not everywhere."""
    parts = []
    for name, label, values in zip(axes.names, axes.labels, axes.values, strict=True):
        found = sorted({float(cell.point.varied[name]) for cell in cells if cell.held_down})
        if found and len(found) < len(values):
            ends = (
                shown_value(found[0])
                if len(found) == 1
                else f"{shown_value(found[0])} to {shown_value(found[-1])}"
            )
            parts.append(f"{label} {ends}")
    return f", all at {' and '.join(parts)}" if parts else ""


def _levers(evidence: Evidence, axes: Axes) -> tuple[str, list[Figure]]:
    """Say which lever moves the share and force most between its ends, run by run, others averaged."""
    parts, figures = [], []
    for measure, word in ((SHARE, "the self-served share"), (FORCED, "forced use")):
        moved = [_between_ends(evidence, name, measure) for name in axes.names]
        best = int(np.argmax([abs(found.mean) for found in moved]))
        low, high = (shown_value(end) for end in (axes.values[best][0], axes.values[best][-1]))
        change = told_change(outcome_of(measure), moved[best])
        parts.append(f"{word} moves most with {axes.labels[best]}, by {change} from {low} to {high}")
        figures += [
            Figure(evidence.name, f"{measure} by {name}", found)
            for name, found in zip(axes.names, moved, strict=True)
        ]
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]}", figures


def _between_ends(evidence: Evidence, name: str, measure: str) -> Interval:
    """Return what one lever changes between its ends, averaged over the values of the others."""
    values = sorted({float(point.varied[name]) for point in evidence.points})
    low, high = (
        np.mean(
            [evidence.values(measure, p.number) for p in evidence.points if p.varied[name] == end], axis=0
        )
        for end in (values[0], values[-1])
    )
    return interval_of(high - low)


def mechanisms(evidence: Evidence) -> Claim:
    """Say which mechanism is worth how much for adoption and for force."""
    found = {worth.outcome.name: worth for worth in worths(evidence.archive.final(), evidence.points)}
    shown = [found[name] for name in (SHARE, FORCED) if name in found]
    figures = [
        Figure(evidence.name, f"{w.outcome.name}: {who}", value)
        for w in shown
        for who, value in w.shapley.items()
    ]
    n = len(shown[0].shapley)
    largest = "; ".join(_largest(worth) for worth in shown)
    opening = (
        f"Of {n} mechanisms, knocked out in all {2**n} combinations and averaged over all orders (Shapley)"
    )
    text = f"{opening}, {'; '.join(_ranked(worth) for worth in shown)}."
    return Claim(f"{largest[0].upper()}{largest[1:]}", text, figures)


def _words(worth: Worth) -> str:
    return "the self-served share" if worth.outcome.name == SHARE else "forced use"


def _largest(worth: Worth) -> str:
    clear = [who for who in worth.shapley if worth.clear[who]]
    if not clear:
        return f"what moves {_words(worth)} cannot be told"
    return _moves(worth, max(clear, key=lambda who: abs(worth.shapley[who].mean)))


def _moves(worth: Worth, who: str) -> str:
    verb = "raises" if worth.shapley[who].mean > 0.0 else "lowers"
    return f"{who} {verb} {_words(worth)} most"


def _ranked(worth: Worth) -> str:
    clear = sorted(
        (who for who in worth.shapley if worth.clear[who]), key=lambda who: -abs(worth.shapley[who].mean)
    )
    if not clear:
        return f"none can be told from nothing for {_words(worth)}"
    said = ", ".join(f"{who} {told_change(worth.outcome, worth.shapley[who])}" for who in clear)
    return f"{_words(worth)} is changed by {said}"


def contagion(evidence: Evidence) -> Claim:
    """Say whether the path without peers, solved again, is another path."""
    point = evidence.named("resolved")
    gaps = {year: evidence.change(SHARE, point, year=year) for year in evidence.years}
    widest = max(gaps, key=lambda year: abs(gaps[year].mean))
    most, end = (told_change(outcome_of(SHARE), gaps[year]) for year in (widest, evidence.last))
    same = all(max(abs(gap.low), abs(gap.high)) < SAME_PATH for gap in gaps.values())
    text = (
        "Without peers among customers, with intercepts solved again on the same anchors, the path "
        "differs most in "
        f"{widest}, by {most}, and by {end} in {evidence.last}."
    )
    figures = [Figure(evidence.name, SHARE, gaps[evidence.last])]
    return Claim(_contagion_verdict(gaps[evidence.last], same=same), text, figures)


def _contagion_verdict(end: Interval, *, same: bool) -> str:
    if same:
        return "The curve is no evidence of contagion: differences between people draw the same one"
    if end.apart_from_zero:
        return "Contagion among customers changes where it ends, given the anchors"
    return "No difference that contagion among customers makes at the end can be told from luck"


def hinge(evidence: Evidence) -> Claim:
    """Say how far both shares move within the bounds of three assumptions."""
    points = [point for point in evidence.points if point.varied["policy.staffed_access"] == 0.0]
    parts, widths, figures = [], {}, []
    for measure, word in ((SHARE, "the self-served share"), (FORCED, "forced use")):
        levels = {str(p.varied["assumption"]): evidence.level(measure, p.number) for p in points}
        low, high = (pick(levels, key=lambda name: levels[name].mean) for pick in (min, max))
        ends = [f"{told(outcome_of(measure), levels[name])} ({name})" for name in (low, high)]
        parts.append(f"{word} between {ends[0]} and {ends[1]}")
        widths[word] = 100.0 * (levels[high].mean - levels[low].mean)
        figures += [Figure(evidence.name, f"{measure}: {name}", found) for name, found in levels.items()]
    verdict = " and ".join(f"{word} by {figure(width)} points" for word, width in widths.items())
    text = f"Moved to the ends of their bounds one at a time, they put {', '.join(parts)}."
    return Claim(f"Three assumptions move {verdict}", text, figures)
