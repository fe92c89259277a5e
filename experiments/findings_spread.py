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
    end = (
        f"Between {since} and {evidence.last} it still grows, by {change}"
        if grown.low > 0.0
        else f"Between {since} and {evidence.last} it falls, by {change}"
        if grown.high < 0.0
        else f"Between {since} and {evidence.last} no growth can be told from luck ({change})"
    )
    figures = [figure for *_, figure in told]
    return Claim(f"Customers serve themselves in {course} of all occasions. {end}.", figures)


def rule(evidence: Evidence) -> Claim:
    """Say whether, and from which year, forced use is the rule."""
    firsts = [_first_year(evidence, run) for run in range(evidence.runs)]
    crossed = [year for year in firsts if year is not None]
    words, figure = level_claim(evidence, FORCED)
    if not crossed:
        said = (
            f"In none of the {evidence.runs} runs is forced use ever more than half: voluntary stays the rule"
        )
    else:
        when = (
            f"in {min(crossed)}"
            if min(crossed) == max(crossed)
            else f"between {min(crossed)} and {max(crossed)}"
        )
        said = (
            f"In {len(crossed)} of {evidence.runs} runs forced use comes to exceed half of what customers do "
            f"themselves, first {when}: from then on voluntary is no longer the rule"
        )
    return Claim(f"{said}. In {evidence.last} it is {words}.", [figure])


def _first_year(evidence: Evidence, run: int) -> int | None:
    return next((y for y in evidence.years if evidence.values(FORCED, 0, y)[run] > THE_RULE), None)


def pressure(evidence: Evidence) -> Claim:
    """Say whether economic pressure makes spread, compulsion, or both."""
    none = evidence.strongest.number
    share, share_figure = change_claim(evidence, SHARE, none)
    forced, forced_figure = change_claim(evidence, FORCED, none)
    said = f"Without economic pressure the self-served share differs by {share}, forced use by {forced}"
    lost, freed = evidence.relative(SHARE, none), evidence.relative(FORCED, none)
    gap = interval_of(freed - lost)
    percent = f"{_percent(lost)} and {_percent(freed)} of their levels"
    if gap.high < 0.0:
        verdict = f"Pressure thus makes compulsion more than spread ({percent})"
    elif gap.low > 0.0:
        verdict = f"Pressure thus makes spread more than compulsion ({percent})"
    else:
        verdict = f"Which of the two it makes more cannot be told from these runs ({percent})"
    return Claim(f"{said}. {verdict}.", [share_figure, forced_figure])


def _percent(relative: np.ndarray) -> str:
    return f"{interval_of(relative).mean:+.0%}".replace("-", "−")


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
    said = (
        f"Across {n} economies ({', '.join(axes.labels)}; {evidence.runs} runs each) some task is held "
        "down to less "
        f"than {HELD_DOWN:.0%} of the default's {held}; a firm takes {figure(moves[0])} to "
        f"{figure(moves[-1])} steps "
        f"back towards staff; force is the rule in {forced}"
    )
    stopped = any(cell.held_down for cell in cells)
    verdict = "Task by task it is not unstoppable" if stopped else "Within these bounds nothing stops it"
    return Claim(f"{said}. {verdict}; {_levers(cells, axes)}.")


def _levers(cells: Sequence[Cell], axes: Axes) -> str:
    """Say which lever moves the share and force most between its ends, others averaged."""
    spans = {m: [_span(cells, name, m) for name in axes.names] for m in (SHARE, FORCED)}
    parts = []
    for measure, word in ((SHARE, "the self-served share"), (FORCED, "forced use")):
        best = int(np.argmax([abs(after - before) for before, after in spans[measure]]))
        before, after = (outcome_of(measure).shown(end) for end in spans[measure][best])
        low, high = (shown_value(end) for end in (axes.values[best][0], axes.values[best][-1]))
        label = axes.labels[best].partition(",")[0]
        parts.append(f"{word} moves most with {label} ({before} at {low}, {after} at {high})")
    return "; ".join(parts)


def _span(cells: Sequence[Cell], name: str, measure: str) -> tuple[float, float]:
    values = [float(cell.point.varied[name]) for cell in cells]
    ends = [
        np.mean([c.ends[measure] for c, value in zip(cells, values, strict=True) if value == end])
        for end in (min(values), max(values))
    ]
    return float(ends[0]), float(ends[1])


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
    opening = (
        f"Of {n} mechanisms, knocked out in all {2**n} combinations and averaged over all orders (Shapley)"
    )
    return Claim(f"{opening}, {'; '.join(_ranked(worth) for worth in shown)}.", figures)


def _ranked(worth: Worth) -> str:
    clear = sorted(
        (who for who in worth.shapley if worth.clear[who]), key=lambda who: -abs(worth.shapley[who].mean)
    )
    word = "the self-served share" if worth.outcome.name == SHARE else "forced use"
    if not clear:
        return f"none can be told from nothing for {word}"
    said = ", ".join(f"{who} ({told_change(worth.outcome, worth.shapley[who])})" for who in clear)
    return f"those that change {word} are {said}"


def contagion(evidence: Evidence) -> Claim:
    """Say whether the path without peers, solved again, is another path."""
    point = evidence.named("resolved")
    gaps = {year: evidence.change(SHARE, point, year=year) for year in evidence.years}
    widest = max(gaps, key=lambda year: abs(gaps[year].mean))
    most, end = (told_change(outcome_of(SHARE), gaps[year]) for year in (widest, evidence.last))
    same = all(abs(gap.mean) < SAME_PATH for gap in gaps.values())
    verdict = _contagion_verdict(gaps[evidence.last], same=same)
    text = (
        f"Without peers among customers, with intercepts solved again on the same anchors, the path differs "
        f"most in {widest}, by {most}, and by {end} in {evidence.last}. {verdict}."
    )
    return Claim(text, [Figure(evidence.name, SHARE, gaps[evidence.last])])


def _contagion_verdict(end: Interval, *, same: bool) -> str:
    if same:
        return "The curve is therefore no evidence of contagion: differences between people draw the same one"
    if end.apart_from_zero:
        return "Contagion among customers therefore changes where it ends, given the anchors"
    return "Contagion among customers changes the way, but no difference at the end can be told from luck"
