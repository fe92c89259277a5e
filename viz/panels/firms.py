"""Firms: how they offer their tasks, what presses them, prices, closed counters and the way back."""

from __future__ import annotations

import numpy as np

from viz.charts import MOST_BANDS, SHARE, Card, Line, Scale, Title, over_time, stacked
from viz.scene import Scene
from viz.theme import BLUE, ORANGE, PALE, PURPLE, SKY, VERMILLION

MODES = (
    ("mode.staffed", "mode_staffed_share", PALE),
    ("mode.optional", "mode_optional_share", SKY),
    ("mode.incentivised", "mode_incentivised_share", ORANGE),
    ("mode.forced", "mode_forced_share", VERMILLION),
)
WITH_BANDS = ("pressure", "rollbacks")
PRESSURE = (
    ("pressure.all", "pressure", BLUE),
    ("pressure.endogenous", "pressure_endogenous", PURPLE),
)


def cards(scene: Scene) -> list[Card]:
    """Return the cards of this tab."""
    return [modes(scene), pressure(scene), prices(scene), closed(scene), rollbacks(scene), labour(scene)]


def _title(scene: Scene, name: str, unit: str) -> Title:
    words = scene.words
    sectors = len(scene.current.groups_of("price_index", "sector"))
    bands = name in WITH_BANDS or (name != "modes" and sectors <= MOST_BANDS)
    reading = words(f"card.{name}.reading") + (scene.basis if bands else scene.basis_without_bands)
    return Title(words(f"card.{name}.title"), reading, words(unit), words("table.year"))


def modes(scene: Scene) -> Card:
    """Draw the service modes over time."""
    title = _title(scene, "modes", "unit.firm_tasks")
    return stacked("modes", title, scene.lines(MODES, before=False), scene.frame, SHARE)


def pressure(scene: Scene) -> Card:
    """Draw economic pressure, and the part that comes from margins, rivals and lost customers."""
    title = _title(scene, "pressure", "unit.index")
    return over_time("pressure", title, scene.lines(PRESSURE), scene.frame, Scale("number", 2))


def prices(scene: Scene) -> Card:
    """Draw prices by sector relative to an economy that had stayed staffed."""
    title = _title(scene, "prices", "unit.price")
    lines = scene.grouped_lines("price_index", "sector")
    return over_time("prices", title, lines, scene.frame, Scale("percent", 0, None))


def closed(scene: Scene) -> Card:
    """Draw the share of closed counters by sector; sectors without a closed counter are left out."""
    lines = [line for line in scene.grouped_lines("closed_share", "sector") if np.nansum(line.values) > 0.0]
    title = _title(scene, "closed", "unit.counters")
    return over_time("closed", title, lines, scene.frame, SHARE)


def rollbacks(scene: Scene) -> Card:
    """Draw moves back towards staff, as a mean of twelve months."""
    words = scene.words
    smooth = [
        Line(words("rollbacks.all"), _yearly(scene.current.measure("rollbacks")), VERMILLION, None
             if scene.baseline is None else _yearly(scene.baseline.measure("rollbacks")))
    ]  # fmt: skip
    title = _title(scene, "rollbacks", "unit.moves")
    return over_time("rollbacks", title, smooth, scene.frame, Scale("number", 2, floor=True))


def _yearly(values: np.ndarray) -> np.ndarray:
    """Return means over the last twelve months, fewer at the beginning."""
    sums = np.cumsum(np.nan_to_num(values), axis=1)
    before = np.zeros_like(sums)
    before[:, 12:] = sums[:, :-12]
    months = np.minimum(np.arange(1, values.shape[1] + 1), 12)
    return (sums - before) / months


def labour(scene: Scene) -> Card:
    """Draw labour per unit by sector."""
    title = _title(scene, "labour", "unit.labour")
    lines = scene.grouped_lines("labour_per_unit", "sector")
    return over_time("labour", title, lines, scene.frame, Scale("percent", 0, None))
