"""What a visitor has chosen: everything that an address restores, and what undo brings back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from viz.scenario import Scenario

TABS = ("overview", "firms", "private", "compare", "inside", "archive")
SPEEDS = (0, 6, 24, 60)
"""Months per second; 0 is as fast as possible."""
MOST_REPLICATIONS = 10
UNDONE = 50
"""Steps that undo remembers."""


@dataclass(frozen=True)
class State:
    """A page as an address describes it.

    `month` is the month that is looked at, None for the latest; `other` is the scenario to compare with.
    """

    scenario: Scenario = field(default_factory=Scenario)
    other: Scenario | None = None
    replications: int = 1
    tab: str = "overview"
    language: str = "en"
    theme: str = "auto"
    lens: str = "replacement"
    speed: int = 0
    month: int | None = None
    measure: str = "unpaid_hours_gross"
    attribute: str = "tasks_self_served"
    row: int | None = None
    firm: int | None = None
    folder: str = ""

    def changed(self, **changes: Any) -> State:
        """Return the state with some of it changed."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Past:
    """Scenarios that undo and redo go through."""

    before: tuple[Scenario, ...] = ()
    after: tuple[Scenario, ...] = ()

    def noted(self, left: Scenario) -> Past:
        """Return the past once a scenario has been left for a new one."""
        return Past((*self.before, left)[-UNDONE:], ())

    def undone(self, now: Scenario) -> tuple[Scenario, Past]:
        """Return the scenario before, and the past then."""
        return self.before[-1], Past(self.before[:-1], (now, *self.after))

    def redone(self, now: Scenario) -> tuple[Scenario, Past]:
        """Return the scenario that was undone, and the past then."""
        return self.after[0], Past((*self.before, now), self.after[1:])
