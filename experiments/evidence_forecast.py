"""The forecast in the validation report: the economy beside every baseline, in words and in tables."""

from __future__ import annotations

import math

from experiments.out_of_sample import LABELS, MODEL, Scores
from experiments.outcomes import figure, signed
from experiments.report_sections import Section, Table


def section(scores: Scores) -> Section:
    """Return what the forecast is worth, beside every baseline."""
    told, (first, last) = scores.told, scores.years
    countries = len(scores.errors[MODEL])
    if not countries:
        return Section("Out of sample", [f"Nothing was observed after {told['until']} in these countries."])
    values = sum(len(values) for values in scores.observed.values())
    said = [
        (
            f"{told['indicator'].replace('_', ' ').capitalize()}, fitted to {told['until']}, forecast "
            f"{first}–{last} in {countries} countries ({values} observed values), given observed "
            f"internet use. {_verdict(scores)}"
        ),
        _bands_sentence(scores),
        _noise_sentence(scores),
        (
            "These years of these countries were seen while the form of the model was chosen, though never "
            "fitted: only other countries are a clean test."
        ),
    ]
    skipped = told.get("skipped") or {}
    if skipped:
        said.append("Left out: " + "; ".join(f"{geo} ({why})" for geo, why in skipped.items()) + ".")
    return Section("Out of sample", [text for text in said if text], [_table(scores), _by_country(scores)])


def _verdict(scores: Scores) -> str:
    """Say which baselines the economy beats, by the interval of its mean lead over countries."""
    better: list[str] = []
    worse: list[str] = []
    open_: list[str] = []
    for method in list(scores.errors)[1:]:
        lead = scores.lead(method)
        kind = better if lead.low > 0.0 else worse if lead.high < 0.0 else open_
        kind.append(LABELS.get(method, method))
    parts = [f"closer than {', '.join(better)}"] if better else []
    parts += [f"farther than {', '.join(worse)}"] if worse else []
    parts += [f"not to be told apart from {', '.join(open_)}"] if open_ else []
    return f"The economy is {'; '.join(parts)} (mean over countries, 95 % interval)." if parts else ""


def _noise_sentence(scores: Scores) -> str:
    """Say whether the economy's own scatter is smaller than its leads."""
    if math.isnan(scores.noise):
        return ""
    return (
        f"Simulation noise is {figure(scores.noise)} points (the mean of the economy's seeds): smaller "
        "leads than that in one country say nothing."
    )


def _bands_sentence(scores: Scores) -> str:
    if not scores.points:
        return ""
    return (
        f"Its 80 % bands hold {100.0 * scores.covered / scores.points:.0f} % of the observed values; they "
        f"are {scores.width:.1f} points wide on average."
    )


def _table(scores: Scores) -> Table:
    rows = []
    for method in scores.errors:
        own, lead = method == MODEL, scores.lead(method)
        between = "" if own or math.isnan(lead.low) else f"{signed(lead.low)} to {signed(lead.high)}"
        rows.append([
            LABELS.get(method, method), *(figure(value) for value in scores.typical(method)),
            "" if own else f"{scores.wins(method)} of {lead.runs}", "" if own else signed(lead.mean), between,
        ])  # fmt: skip
    header = ("Method", "median", "mean", "the economy is closer in", "its mean lead", "95 % interval")
    caption = (
        "Root mean squared error per country; lead: the method's error less the economy's, interval over "
        "countries (Student's t)."
    )
    return Table(header, rows, caption, ("", "points", "points", "countries", "points", "points"))


def _by_country(scores: Scores) -> Table:
    geos = list(scores.errors[MODEL])
    rows = [
        [LABELS.get(name, name), *(figure(errors[geo]) if geo in errors else "–" for geo in geos)]
        for name, errors in scores.errors.items()
    ]
    return Table(("Method", *geos), rows, "Root mean squared error by country, points.", folded=True)
