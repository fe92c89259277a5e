"""The page of a calibration: the out-of-sample table, where it fails, small multiples of all countries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from experiments.out_of_sample import LABELS, MIX, MODEL, NULL, Scores, read_calibration, scores_of
from experiments.storing import write_whole

PANEL = 190, 130
COLUMNS = 4


def write_pages(
    calibration: Path, into: Path, *, observed: Path | None = None, stem: str | None = None
) -> list[Path]:
    """Write table, scores and picture of a calibration; return the files.

    Parameters
    ----------
    calibration : a `calibration.json` or its folder.
    into : folder such as `docs/validation`.
    observed : the table with the years after the calibration's last; the project's own by default.
    stem : of the files' names; default INDICATOR-UNTIL.
    """
    scores = scores_of(read_calibration(calibration), observed)
    stem = stem or f"{scores.told['indicator']}-{scores.told['until']}"
    into.mkdir(parents=True, exist_ok=True)
    page, numbers, picture = (into / f"{stem}.{kind}" for kind in ("md", "json", "svg"))
    write_whole(numbers, json.dumps(scores.as_json(), indent=1, allow_nan=False) + "\n")
    write_whole(page, "\n".join(page_lines(scores, picture.name)) + "\n")
    from experiments.theme import spec_of, to_svg

    write_whole(picture, to_svg(spec_of(small_multiples(scores)), caption_of(scores)))
    return [page, numbers, picture]


def caption_of(scores: Scores) -> str:
    """Say what the picture shows, for those who cannot see it."""
    return (
        f"{scores.told['indicator']}: observed, fitted and forecast shares of people by country, "
        f"with 80 % bands{_beside(scores)}."
    )


def _beside(scores: Scores) -> str:
    best = scores.best_baseline
    return f" and the best baseline, {LABELS[best]}" if best else ""


def page_lines(scores: Scores, picture: str) -> list[str]:
    """Return the page in Markdown."""
    told, settings = scores.told, scores.told["settings"]
    name = told["indicator"].replace("_", " ")
    first, last = scores.years
    known = "shared parameters from an earlier calibration" if settings["shared_given"] else "all fitted here"
    lines = [
        f"# {name.capitalize()}: fitted up to {told['until']}, forecast {first}–{last}",
        "",
        (
            f"Root mean squared error per country in percentage points, median and mean over "
            f"{len(scores.errors[MODEL])} countries; internet use is given for all years. "
            f"{known.capitalize()}; "
            f"{settings['consumers']:,} consumers, mean of {len(settings['seeds'])} seeds, model "
            f"{settings['model_version'][:8]}."
        ),
        "",
        *_compared(scores, picture),
        "",
        "## What the curves identify",
        told["contagion"],
        *(f"* {one['verdict']}." for one in told["identifiability"].values()),
        _noise_line(told),
    ]
    skipped = [f"* {geo}: {why}" for geo, why in told["skipped"].items()]
    return [*lines, *(["", "## Skipped", *skipped] if skipped else [])]


def _compared(scores: Scores, picture: str) -> list[str]:
    """Return the table, the picture, and where the economy fails."""
    shown = f"![{caption_of(scores)}]({picture})"
    if not scores.points:
        nothing = f"Nothing was observed after {scores.told['until']}: no forecast can be compared yet."
        return [nothing, "", shown]
    median, mean = scores.typical(MODEL)
    return [
        *table_lines(scores),
        "",
        (
            f"The economy: {median:.2f} / {mean:.2f}. The 80 % bands cover "
            f"{100.0 * scores.covered / scores.points:.0f} % of {scores.points} observed points, "
            f"{scores.width:.1f} points wide on average."
        ),
        "",
        shown,
        "",
        "## Where it fails",
        *failure_lines(scores),
    ]


def table_lines(scores: Scores) -> list[str]:
    """Return the out-of-sample table in Markdown, the best first."""
    lines = [
        "| method | median | mean | the economy's mean error relative to it | nearer in |",
        "|---|---:|---:|---:|---:|",
    ]
    for name in scores.ranked:
        median, mean = scores.typical(name)
        own, label = name == MODEL, LABELS.get(name, name)
        beside = "" if own else f"{scores.ratio(name):.2f}"
        wins = "" if own else f"{scores.wins(name)} of {len(scores.errors[MODEL])}"
        lines.append(
            f"| {f'**{label}**' if own else label} | {median:.2f} | {mean:.2f} | {beside} | {wins} |"
        )
    return lines


def failure_lines(scores: Scores) -> list[str]:
    """Say in words which countries the economy misses, and which baseline would have done better there."""
    median = scores.typical(MODEL)[0]
    missed = sorted(scores.errors[MODEL].items(), key=lambda item: -item[1])
    lines = [_failure(scores, geo) for geo, error in missed if error > max(1.5 * median, 2.5)]
    return lines or ["* No country is missed by more than 2.5 points or one and a half times the median."]


def _failure(scores: Scores, geo: str) -> str:
    forecast = scores.told["countries"][geo]["forecast"]
    points = [(forecast[str(year)], value) for year, value in scores.observed[geo].items()]
    gap = float(np.mean([point["value"] - value for point, value in points]))
    out = sum(not point["low"] <= value <= point["high"] for point, value in points)
    others = {name: errors[geo] for name, errors in scores.errors.items() if name not in (MODEL, NULL, MIX)}
    best = min(others, key=lambda name: others[name])
    return (
        f"* **{geo}** is missed by {scores.errors[MODEL][geo]:.1f} points, {abs(gap):.1f} too "
        f"{'high' if gap > 0.0 else 'low'} on average; {out} of {len(points)} years lie outside the band. "
        f"Nearest there: {LABELS[best]} ({others[best]:.1f})."
    )


def _noise_line(told: Mapping[str, Any]) -> str:
    noise = told["simulation_noise"]
    if "mean_of_seeds" not in noise:
        return "One seed only: its noise is not known."
    return (
        f"\nLuck: one seed's forecast scatters by {noise['one_seed']:.2f} points, "
        f"the mean of {noise['seeds']:.0f} by {noise['mean_of_seeds']:.2f}."
    )


def small_multiples(scores: Scores) -> Any:
    """Return one panel per country: observed, fitted, forecast with its band, and the best baseline."""
    import altair as alt

    from experiments.theme import passport_title

    panels = [_panel(scores, geo) for geo in scores.told["countries"]]
    told = scores.told
    reading = [
        f"points: observed (filled up to {told['until']}); line: the economy, with its 80 % band ahead",
        *([f"dashed:{_beside(scores).removeprefix(' and')}"] if scores.best_baseline else []),
    ]
    title = alt.TitleParams(
        f"{told['indicator'].replace('_', ' ').capitalize()}, per cent of people",
        subtitle=reading,
        fontSize=18,
        subtitleFontSize=13,
        offset=18,
    )
    grid = alt.concat(*panels, columns=COLUMNS, spacing={"row": 26, "column": 26}).properties(title=title)
    passport = (
        f"model {told['settings']['model_version'][:8]} · seeds {len(told['settings']['seeds'])} · Eurostat"
    )
    return alt.vconcat(grid).properties(title=passport_title(passport))


def _panel(scores: Scores, geo: str) -> Any:
    import altair as alt

    from experiments.theme import BLACK, BLUE, VERMILLION

    told = scores.told
    own = told["countries"][geo]
    line = {**own["fitted"], **{year: point["value"] for year, point in own["forecast"].items()}}
    last = max(own["fitted"])
    joint = {last: own["fitted"][last]}
    best = scores.best_baseline
    baseline = told["baselines"][best][geo]["forecast"] if best else {}
    x = alt.X("year:Q", title=None, axis=alt.Axis(format="d", tickCount=4, grid=False))
    y = alt.Y("value:Q", title=None, scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(tickCount=3))
    band = [{"year": int(year), "low": p["low"], "high": p["high"]} for year, p in own["forecast"].items()]
    layers = [
        alt.Chart(alt.InlineData(values=band))
        .mark_area(opacity=0.18, color=BLUE)
        .encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q"),
        _points(line).mark_line(color=BLUE, strokeWidth=2.2).encode(x=x, y=y),
        _points({**joint, **{year: point["value"] for year, point in baseline.items()}} if baseline else {})
        .mark_line(color=VERMILLION, strokeWidth=1.4, strokeDash=[4, 3])
        .encode(x=x, y=y),
        _points(told["observed"][geo])
        .mark_point(filled=True, size=26, color=BLACK, opacity=1)
        .encode(x=x, y=y),
        _points(scores.observed.get(geo, {}))
        .mark_point(filled=False, size=30, color=BLACK, opacity=1)
        .encode(x=x, y=y),
    ]
    heading = geo
    if geo in scores.errors[MODEL]:
        heading = f"{geo} · {scores.errors[MODEL][geo]:.1f}"
    title = alt.TitleParams(heading, fontSize=13, offset=6)
    return alt.layer(*layers).properties(width=PANEL[0], height=PANEL[1], title=title)


def _points(values: Mapping[Any, float]) -> Any:
    import altair as alt

    rows = [{"year": int(year), "value": float(value)} for year, value in values.items()]
    return alt.Chart(alt.InlineData(values=rows))
