"""Known answers in the validation report: how near estimates come where the truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments.out_of_sample import MODEL, NULL, rounded
from experiments.recovery import LEVEL_SPREAD, SURVEY_NOISE, TREND_SPREAD, Recovered
from experiments.report_sections import Section, Table

NAMES = ("level", "trend")
UNITS = ("logits", "logits per year")


def section(found: Sequence[Recovered]) -> Section:
    """Return what a calibration finds in worlds whose parameters are known."""
    said = [
        (
            f"The economy lived {len(found[0].geos)} synthetic countries with observed access, levels and "
            f"trends drawn for them (spreads {LEVEL_SPREAD:g} logits and {TREND_SPREAD:g} logits per year), "
            f"on luck that no fit uses, and a survey's noise of about {100.0 * SURVEY_NOISE:.0f} point; "
            "`calibrate` saw the table up to 2015."
        ),
        *(sentence(one) for one in found),
        (
            "Errors of these forecasts are what remains when the model is right: luck of a country's one "
            "history, noise of surveys, few observations. No calibration can do much better."
        ),
    ]
    return Section("Known answers", said, [_table(found), _by_country(found)])


def sentence(one: Recovered) -> str:
    """Say how near the estimates are, how well they forecast, and what is said about contagion."""
    median, mean = one.scores.typical(MODEL)
    null_median, null_mean = one.scores.typical(NULL)
    return (
        f"In the world {one.name}, levels are missed by {_rmse(one, 0):.2f} logits and trends by "
        f"{_rmse(one, 1):.3f} logits per year (root mean square); the forecast misses by {median:.2f} / "
        f"{mean:.2f} points (median / mean over countries), the null model by {null_median:.2f} / "
        f"{null_mean:.2f}. {one.contagion}"
    )


def _rmse(one: Recovered, which: int) -> float:
    return float(np.sqrt(np.mean(one.errors[:, which] ** 2)))


def _table(found: Sequence[Recovered]) -> Table:
    rows = [
        [
            one.name,
            f"{NAMES[which]} ({UNITS[which]})",
            f"{np.std(one.truth[:, which], ddof=1):.3f}",
            f"{_rmse(one, which):.3f}",
            f"{np.mean(one.errors[:, which]):+.3f}",
            f"{one.correlation[which]:.2f}",
            _inside(one, one.uncertainty, which),
            _inside(one, one.given_peers, which),
        ]
        for one in found
        for which in range(2)
    ]
    header = (
        "World", "parameter", "spread of truths", "root mean square error", "mean error", "correlation",
        "truths in 80 % intervals", "in those that take the peer effect for known",
    )  # fmt: skip
    caption = (
        "Estimates against truths. Intervals hold noise of surveys, luck of one history and of the seeds "
        "that were averaged, what is not known of shared parameters, and any peer effect of its range."
    )
    return Table(header, rows, caption)


def _inside(one: Recovered, spread: np.ndarray, which: int) -> str:
    held, every = int(one.covered(spread)[which]), len(one.geos)
    return f"{held} of {every} ({100.0 * held / every:.0f} %)"


def _by_country(found: Sequence[Recovered]) -> Table:
    rows = [
        [one.name, geo, *_pair(one, row, 0), *_pair(one, row, 1)]
        for one in found
        for row, geo in enumerate(one.geos)
    ]
    header = ("World", "country", "true level", "found", "true trend", "found")
    return Table(header, rows, "Every synthetic country.", folded=True)


def _pair(one: Recovered, row: int, which: int) -> tuple[str, str]:
    digits = 2 + which
    return f"{one.truth[row, which]:.{digits}f}", f"{one.found[row, which]:.{digits}f}"


def _shares(one: Recovered, spread: np.ndarray) -> dict[str, float | None]:
    return {
        name: rounded(float(held) / len(one.geos))
        for name, held in zip(NAMES, one.covered(spread), strict=True)
    }


def as_json(found: Sequence[Recovered]) -> dict[str, Any]:
    """Return estimates, truths and the errors of forecasts."""
    return {
        one.name: {
            "countries": {
                geo: {"truth": truth, "found": estimate, "uncertainty": uncertainty}
                for geo, truth, estimate, uncertainty in zip(
                    one.geos, one.truth.tolist(), one.found.tolist(), one.uncertainty.tolist(), strict=True
                )
            },
            "root_mean_square_error": {name: rounded(_rmse(one, i)) for i, name in enumerate(NAMES)},
            "covered": _shares(one, one.uncertainty),
            "covered_given_peers": _shares(one, one.given_peers),
            "forecast": {
                name: [rounded(value) for value in one.scores.typical(name)] for name in (MODEL, NULL)
            },
            "contagion": one.contagion,
        }
        for one in found
    }
