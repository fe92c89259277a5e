"""What sensitivity indices say, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.indices import DUMMY, Index
from experiments.summary import shown_number

if TYPE_CHECKING:
    from experiments.sensitivity import Analysis

COLUMNS = {
    "sobol": (("S1", "alone (S1)"), ("ST", "with interactions (ST)")),
    "morris": (
        ("mu_star", "mean absolute effect (mu*)"),
        ("mu", "mean effect (mu)"),
        ("sigma", "spread (sigma)"),
    ),
    "pawn": (("pawn", "PAWN, median"), ("pawn_maximum", "PAWN, greatest"), ("S1", "alone (S1)")),
    "delta": (("delta", "delta"),),
}
"""Kinds of index that are shown, by method; the first one ranks."""
RANKED_BY = {"sobol": "ST", "morris": "mu_star", "pawn": "pawn", "delta": "delta"}
BY_CHANCE = (
    "An index is an estimate; one whose true value is near zero falls below it by chance. "
    "It means “no influence that this sample can show”, not a negative one; more points narrow it."
)
MOST_NAMED = 5
MOST_PAIRS = 3


def lines_of(analysis: Analysis) -> list[str]:
    """Return heading, table and verdict of one analysis."""
    levers = ", ".join(f"{name} {value}" for name, value in analysis.levers.items())
    heading = f"{analysis.label}{f' at {levers}' if levers else ''}"
    unit = "" if analysis.unit in ("1", "") else f" {analysis.unit}"
    spread = (
        f"mean {shown_number(analysis.mean)}{unit}, standard deviation {shown_number(analysis.spread)}{unit}"
    )
    points = f"{analysis.points:,} point{'s' * (analysis.points != 1)}"
    basis = f"{analysis.method}, {points}; {spread}" if analysis.indices else f"{points}; {spread}"
    return [heading, basis, "", *_table(analysis), *(f"  {line}" for line in verdict(analysis))]


def _table(analysis: Analysis) -> list[str]:
    if not analysis.indices:
        return []
    kinds = COLUMNS[analysis.method]
    ranked = ranking(analysis)
    rows = [("", *(title for _, title in kinds))]
    for name in ranked:
        found = {one.kind: one for one in analysis.indices if one.parameter == name}
        rows.append((name, *(_shown(found.get(kind)) for kind, _ in kinds)))
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = ["  " + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [*lines, ""]


def _shown(index: Index | None) -> str:
    if index is None:
        return ""
    if index.low is None or index.high is None:
        return shown_number(index.value)
    return f"{shown_number(index.value)} ({shown_number(index.low)} to {shown_number(index.high)})"


def ranking(analysis: Analysis) -> list[str]:
    """Return the parameters, the most important first; the one that does nothing stands last."""
    kind = RANKED_BY[analysis.method]
    ranked = sorted((one for one in analysis.indices if one.kind == kind), key=lambda one: -one.value)
    return sorted((one.parameter for one in ranked), key=lambda name: name == DUMMY)


def verdict(analysis: Analysis) -> list[str]:
    """Return sentences: what matters, what cannot be told from nothing, what luck does, and odd figures."""
    said = {"sobol": _sobol, "morris": _morris, "pawn": _beside_nothing, "delta": _beside_nothing}
    sentences = said[analysis.method](analysis) if analysis.indices else []
    notes = [f"{note[0].upper()}{note[1:]}." for note in analysis.notes]
    odd = [*_negative(analysis), *_above_one(analysis)]
    return [*notes, *sentences, *_levers(analysis), *_luck(analysis), *odd]


def _of(analysis: Analysis, kind: str) -> dict[str, Index]:
    return {one.parameter: one for one in analysis.indices if one.kind == kind}


def _sobol(analysis: Analysis) -> list[str]:
    alone, total = _of(analysis, "S1"), _of(analysis, "ST")
    real = [name for name in ranking(analysis) if (total[name].low or 0.0) > 0.0]
    rest = [name for name in ranking(analysis) if name not in real]
    sentences = [
        f"{name} explains {_percent(alone[name])} of the variance alone, "
        f"{_percent(total[name])} with its interactions."
        for name in real[:MOST_NAMED]
    ]
    left = 1.0 - sum(one.value for one in alone.values())
    if real and 0.1 < left <= 1.0:
        sentences.append(
            f"About {100 * left:.0f} % of the variance comes from interactions{_pairs(analysis)}."
        )
    if rest:
        sentences.append(
            f"Not to be told from no influence at {analysis.points:,} points: {', '.join(rest)}."
        )
    return sentences


def _pairs(analysis: Analysis) -> str:
    real = [one for one in analysis.indices if one.kind == "S2" and one.low is not None and one.low > 0.0]
    best = sorted(real, key=lambda one: -one.value)[:MOST_PAIRS]
    return f", most of it {', '.join(one.parameter for one in best)}" if best else ""


def _percent(index: Index) -> str:
    if index.low is None or index.high is None:
        return f"{100 * index.value:.0f} %"
    return f"{100 * index.value:.0f} % ({100 * index.low:.0f} to {100 * index.high:.0f})"


def _morris(analysis: Analysis) -> list[str]:
    star, mean, spread = (_of(analysis, kind) for kind in ("mu_star", "mu", "sigma"))
    ranked = ranking(analysis)
    unit = "" if analysis.unit in ("1", "") else f" {analysis.unit}"
    sentences = []
    for name in ranked[:MOST_NAMED]:
        if star[name].value <= 0.0:
            continue
        direction = _direction(mean[name].value / star[name].value)
        steady = "about the same everywhere" if spread[name].value < 0.5 * star[name].value else (
            "depends on the other parameters or on where it starts"
        )  # fmt: skip
        size = f"{shown_number(star[name].value)}{unit}"
        sentences.append(
            f"{name}, moved over its whole range, changes the outcome by {size} ({direction}; {steady})."
        )
    top = star[ranked[0]].value
    idle = [name for name in ranked if star[name].value < 0.05 * top]
    return [*sentences, *([f"Below a twentieth of the strongest: {', '.join(idle)}."] if idle else [])]


def _direction(sign: float) -> str:
    return "upwards" if sign > 0.9 else "downwards" if sign < -0.9 else "up or down"


def _beside_nothing(analysis: Analysis) -> list[str]:
    kind = RANKED_BY[analysis.method]
    found = _of(analysis, kind)
    nothing = found[DUMMY]
    threshold = nothing.value if nothing.high is None else nothing.high
    names = [name for name in ranking(analysis) if name != DUMMY]
    clear = [name for name in names if _lower(found[name]) > threshold]
    rest = [name for name in names if name not in clear]
    sentences = [f"In this order the outcome depends on {', '.join(clear[:MOST_NAMED])}."] if clear else []
    if rest:
        at = f"({shown_number(threshold)}) at {analysis.points:,} points"
        sentences.append(f"Not above a parameter that does nothing {at}: {', '.join(rest)}.")
    return sentences


def _lower(index: Index) -> float:
    return index.value if index.low is None else index.low


def _levers(analysis: Analysis) -> list[str]:
    shares = sorted(analysis.lever_shares.items(), key=lambda pair: -pair[1])
    luck = "" if analysis.noise is None else ", luck averaged out"
    return [
        f"The lever {name} explains {100 * share:.0f} % of the variance between the points' means{luck}."
        for name, share in shares
    ]


def _luck(analysis: Analysis) -> list[str]:
    noise = analysis.noise
    if noise is None:
        return ["The seed's own share is not known: it takes at least two replications of every point."]
    share = f"{100 * noise.share:.0f} % ({100 * noise.low:.0f} to {100 * noise.high:.0f})"
    said = f"Luck (the seed) alone explains {share} of the variance of single runs"
    means = f"; the indices are of means over {noise.replications} replications" if analysis.indices else ""
    return [f"{said}{means}."]


def _negative(analysis: Analysis) -> list[str]:
    """Explain estimates below zero, the question that users of Sobol indices ask first."""
    below = [one for one in analysis.indices if one.kind in ("S1", "ST", "delta") and one.value < 0.0]
    if not below:
        return []
    worst = min(below, key=lambda one: one.value)
    named = ", ".join(dict.fromkeys(one.parameter for one in below))
    interval = f" ({shown_number(worst.low)} to {shown_number(worst.high)})" if worst.low is not None else ""
    worst_one = (
        f"at worst {worst.kind} = {shown_number(worst.value)}{interval} from {analysis.points:,} points"
    )
    return [f"Below zero: {named}, {worst_one}. {BY_CHANCE}"]


def _above_one(analysis: Analysis) -> list[str]:
    """Explain estimates above one."""
    above = [one.parameter for one in analysis.indices if one.kind in ("S1", "ST") and one.value > 1.0]
    if not above:
        return []
    named = ", ".join(dict.fromkeys(above))
    return [
        f"Above one: {named}. A share of the variance cannot be more than all of it: the sample is too small."
    ]
