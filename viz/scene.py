"""A scene: what all panels draw from: the current arm, the baseline behind it, the month looked at, words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from viz.charts import Frame, Line
from viz.memory import Key
from viz.scenario import preset
from viz.theme import LINES
from viz.visit import Arm
from viz.words import Words

if TYPE_CHECKING:
    from viz.desk import Desk

Named = Sequence[tuple[str, str, str]]
"""Key of the word, measure, colour."""


@dataclass(frozen=True)
class Scene:
    """What is drawn, of which months, in which language."""

    words: Words
    current: Arm
    baseline: Arm | None
    frame: Frame
    lens: str

    @property
    def reached(self) -> bool:
        """Whether there is any month to be shown."""
        return self.current.months > 0

    def now(self, measure: str, *, baseline: bool = False) -> float:
        """Return a measure's mean over the twelve months up to the one looked at, and over replications."""
        arm = self.baseline if baseline else self.current
        return float("nan") if arm is None else self._recent(arm.measure(measure))

    def now_of(self, key: Key, *, baseline: bool = False) -> float:
        """Return the same of a grouped measure."""
        arm = self.baseline if baseline else self.current
        values = None if arm is None else arm.group(key)
        return float("nan") if values is None else self._recent(values)

    def _recent(self, values: np.ndarray) -> float:
        last = self.frame.at + 1
        part = values[:, max(0, last - 12) : last]
        finite = part[np.isfinite(part)]
        return float(finite.mean()) if finite.size else float("nan")

    def lines(self, named: Named, *, before: bool = True) -> list[Line]:
        """Return lines of several measures, with the baseline behind them."""
        behind = self.baseline if before else None
        return [
            Line(
                self.words(word), self.current.measure(name), colour, behind.measure(name) if behind else None
            )
            for word, name, colour in named
        ]

    def grouped_lines(self, measure: str, dimension: str, *, before: bool = True) -> list[Line]:
        """Return a line per group of a dimension."""
        lines = []
        for place, group in enumerate(self.current.groups_of(measure, dimension)):
            key = (measure, dimension, group)
            values = self.current.group(key)
            behind = self.baseline.group(key) if self.baseline and before else None
            if values is not None:
                lines.append(Line(self.label(dimension, group), values, LINES[place % len(LINES)], behind))
        return lines

    @property
    def labels(self) -> dict[str, str]:
        """Names of the catalogue's sectors, tasks and channels, as `task.cash`."""
        return catalogue_labels(self.current.scenario.experiment, self.words.language)

    def label(self, dimension: str, group: str) -> str:
        """Return the name of a group in the visitor's language."""
        if dimension in ("task", "sector", "channel"):
            return self.labels[f"{dimension}.{group}"]
        return self.words(f"group.{dimension}.{group}")

    @property
    def basis(self) -> str:
        """Say how many runs a picture with bands stands on."""
        return self._basis("many")

    @property
    def basis_without_bands(self) -> str:
        """Say how many runs a picture of areas or of many lines stands on."""
        return self._basis("mean")

    def _basis(self, several: str) -> str:
        runs = len(self.current.runs)
        return self.words("basis.one") if runs == 1 else self.words(f"basis.{several}", runs=runs)


def scene_of(desk: Desk, words: Words) -> Scene | None:
    """Return what there is to be drawn; None while nothing runs."""
    current = desk.arm("current")
    if current is None:
        return None
    frame = frame_of(desk, words, desk.looked_at(current.months))
    return Scene(words, current, desk.arm("baseline"), frame, desk.state.lens)


def frame_of(desk: Desk, words: Words, at: int) -> Frame:
    """Return the years, the month looked at, and the passport of the charts."""
    from model.arguments import year_of
    from model.version import model_version

    scenario = desk.state.scenario
    changes = "; ".join(f"{name} = {value}" for name, value in scenario.changes)
    passport = f"prosuming · {scenario.experiment}{' · ' + changes if changes else ''} · seed {scenario.seed}"
    passport += f" · {desk.state.replications} × {scenario.consumers} · model {model_version()[:8]}"
    start = year_of(preset(scenario.experiment).start)
    return Frame(start, scenario.months, at, passport, words("arm.baseline"))


@lru_cache(maxsize=64)
def contributions(experiment: str) -> frozenset[str]:
    """Return the tasks of an experiment that are done for firms and have no counter."""
    tasks = preset(experiment).catalogue().tasks
    return frozenset(task.name for task in tasks if task.kind == "contribution")


@lru_cache(maxsize=64)
def catalogue_labels(experiment: str, language: str) -> dict[str, str]:
    """Return the names of sectors, tasks and channels of an experiment's catalogue."""
    catalogue = preset(experiment).catalogue()

    def said(entry: Any) -> str:
        return str(entry.label_de if language == "de" else entry.label)

    names = {f"sector.{sector.name}": said(sector) for sector in catalogue.sectors}
    for task in catalogue.tasks:
        names[f"task.{task.name}"] = said(task)
        names |= {f"channel.{task.name}.{channel.name}": said(channel) for channel in task.channels}
    return names
