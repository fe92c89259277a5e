"""What a visitor takes along: the configuration, all months, or a report of all tabs."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import numpy as np

from model.measures import MEASURES
from viz.panels import firms, overview, private_life
from viz.scene import Scene

if TYPE_CHECKING:
    from viz.desk import Desk


def job(desk: Desk, scene: Scene, what: str) -> dict[str, Any]:
    """Return a file for the page to hand out: `yaml`, `csv` or `report`."""
    scenario, replications = desk.state.scenario, desk.state.replications
    name = f"prosuming-{scenario.experiment}"
    yaml = scenario.as_yaml(replications)
    if what == "yaml":
        return {"name": f"{name}.yaml", "mime": "application/yaml", "text": yaml}
    if what == "csv":
        return {"name": f"{name}.csv", "mime": "text/csv", "text": months_as_csv(scene)}
    words = scene.words
    cards = [*overview.cards(scene), *firms.cards(scene), *private_life.cards(scene)]
    return {
        "name": f"{name}.html",
        "title": words("top.title"),
        "headline": overview.headline(scene).replace("**", ""),
        "passport": scene.frame.passport,
        "settings": words("report.settings"),
        "yaml": yaml,
        "cards": [card.plain() for card in cards],
    }


def months_as_csv(scene: Scene) -> str:
    """Return all measures by replication and month, as a long table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("seed", "month", "measure", "value", "unit"))
    months = scene.current.months
    for run in scene.current.runs:
        for place, (name, measure) in enumerate(MEASURES.items()):
            values = run.values[:months, place]
            seed, unit = run.scenario.seed, measure.unit
            writer.writerows(
                (seed, month, name, repr(float(value)) if np.isfinite(value) else "", unit)
                for month, value in enumerate(values)
            )
    return text.getvalue()
