"""A visitor's desk: what was chosen, what runs, and what each button does. One per open tab."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from experiments.errors import BadInput
from model.parameters import ParameterError
from viz import address, looking
from viz.pool import Pool
from viz.scenario import CONSUMERS, Scenario
from viz.state import Past, State
from viz.turns import TURNS
from viz.visit import Arm, Visit

log = logging.getLogger(__name__)
CHOSEN = (
    "tab", "language", "theme", "lens", "replications", "measure", "attribute", "row", "firm", "folder",
)  # fmt: skip
"""What a visitor chooses from a list, as the address names it."""
SECONDS_BETWEEN_PICTURES = 0.25
RESTS_BETWEEN_PICTURES = 3.0
"""How many times as long as a picture took, turns included, the next one waits: answers come first."""
SECONDS_BETWEEN_LOOKS = 1.0
"""How often single people and firms are looked at while time runs."""


class Desk:
    """Everything that belongs to one visitor.

    Parameters
    ----------
    pool : where economies live.
    state : what an address says; the economy runs to its month, or to the end.
    redraw : called from any thread when all but the cards is to be drawn anew.
    ignored : parts of the address that were not understood.
    """

    def __init__(
        self, pool: Pool, state: State, redraw: Callable[[], None], ignored: list[str] | None = None
    ) -> None:
        self.visit = Visit(pool)
        self.state, self.past = state, Past()
        self.redraw = redraw
        self.draw: Callable[[], None] = _nothing
        """Draws the cards of the open tab anew; the page sets it."""
        self.ignored = ignored or []
        self.notes: list[str] = []
        self.task = ""
        self.answered = 0
        """Number of the latest change of a control that was heard, taken or refused."""
        self.job: dict[str, Any] = {"number": 0}
        self.seen: dict[str, Any] = {}
        self._asked: tuple[Any, ...] | None = None
        self._asked_at = 0.0
        self._closed = threading.Event()
        self._hurry = threading.Event()
        self.visit.target = state.month or state.scenario.months
        self._show()

    def follow(self) -> None:
        """Draw what was asked for at once, months that come at most four times a second; until closed."""
        while not self._closed.is_set():
            if self.visit.changed.wait(1.0):
                self.visit.changed.clear()
                began = time.monotonic()
                self._tried(self.look)
                self._draw()
                taken = time.monotonic() - began
                self._hurry.wait(max(SECONDS_BETWEEN_PICTURES, RESTS_BETWEEN_PICTURES * taken))
                self._hurry.clear()

    def _draw(self) -> None:
        """Draw the page; a fault is told to the operator and costs one picture, not all that follow."""
        try:
            with TURNS.drawing():
                self.redraw()
                self.draw()
        except Exception:
            closed = self._closed.wait(SECONDS_BETWEEN_PICTURES)  # a page that closes meanwhile is no fault
            if not closed:
                log.exception("A picture was not drawn: %s", self.state.scenario.command())

    def close(self) -> None:
        """Free everything."""
        self._closed.set()
        self._hurry.set()
        self.visit.close()

    def _show(self) -> None:
        scenario = self.state.scenario
        wanted = {"current": scenario, "baseline": self.baseline}
        if self.state.tab == "compare":
            wanted["other"] = self.other
        self.visit.soon = max(self.visit.soon, self.visit.months)  # what is new catches up at once
        self.visit.show(wanted, self.state.replications)

    @property
    def baseline(self) -> Scenario:
        """The experiment as it stands in the catalogue, with the same luck and as many people."""
        return self._as_large(Scenario.of(self.state.scenario.experiment, {}, self.state.scenario.seed))

    @property
    def other(self) -> Scenario:
        """The scenario to compare with: the chosen one, else the baseline."""
        chosen = self._as_large(self.state.other) if self.state.other else self.baseline
        return chosen.with_seed(self.state.scenario.seed)

    def _as_large(self, scenario: Scenario) -> Scenario:
        """Return a scenario with the visitor's number of people, unless it has one of its own."""
        changes, people = dict(scenario.changes), dict(self.state.scenario.changes).get(CONSUMERS)
        if people is None or CONSUMERS in changes:
            return scenario
        return Scenario.of(scenario.experiment, {**changes, CONSUMERS: people}, scenario.seed)

    @property
    def playing(self) -> bool:
        """Whether months are on their way."""
        return self.visit.target > self.visit.months and self.visit.failure is None and not self.visit.full

    @property
    def at(self) -> int:
        """The month that is looked at, counted from 0; −1 before the first."""
        return self.looked_at(self.visit.months)

    def restored(self) -> State:
        """Return the state that an address restores: a paused economy comes back to the month it is in."""
        reached = self.visit.months
        paused = self.state.month is None and not self.playing and 0 < reached < self.state.scenario.months
        return self.state.changed(month=reached) if paused else self.state

    def looked_at(self, months: int) -> int:
        """Return the month that is looked at when so many months have come."""
        return (min(self.state.month, months) if self.state.month else months) - 1

    def arm(self, name: str) -> Arm | None:
        """Return an arm; the baseline is none of its own while nothing is changed."""
        if name == "baseline" and self.state.scenario == self.baseline:
            return None
        arm = self.visit.arms.get(name)
        return None if arm is None else arm.still()

    def take(self, state: State) -> None:
        """Take a new state: economies that it does not need are freed, missing ones opened."""
        before, self.state = self.state, state
        if state.scenario != before.scenario:
            self.past = self.past.noted(before.scenario)
        if _arms(state) != _arms(before):
            self._show()
        self._asked = None
        self.redraw()

    def change(self, name: str, value: Any, number: int = 0) -> None:
        """Change one parameter; what is refused is said and leaves everything as it was."""
        self.notes, self.answered = [], number
        if name == "task":
            self.task = str(value)
            self.redraw()
            return
        scenario = self.state.scenario
        changed = Scenario.of(scenario.experiment, {**dict(scenario.changes), name: value}, scenario.seed)
        if changed != scenario:
            self.take(self.state.changed(scenario=changed, row=None))

    def act(self, what: str) -> None:
        """Undo, redo, or reset all parameters."""
        now = self.state.scenario
        if what == "reset":
            usual = Scenario.of(now.experiment, {}, now.seed)
            self.take(self.state.changed(scenario=usual))
            return
        possible = self.past.before if what == "undo" else self.past.after
        if possible:
            scenario, past = self.past.undone(now) if what == "undo" else self.past.redone(now)
            self.take(self.state.changed(scenario=scenario))
            self.past = past
            self.redraw()

    def press(self, button: str) -> None:
        """Play, pause, go one month on, or start again."""
        months, horizon = self.visit.months, self.state.scenario.months
        pace = float(self.state.speed)
        self.state = self.state.changed(month=None)
        if button == "pause":
            self.visit.go(months, pace)
        elif button == "step":
            self.visit.go(min(horizon, months + 1), 0.0)
        elif button == "again" or months >= horizon:
            self.visit.show({}, 1)
            self.visit.go(horizon, pace)
            self._show()
        else:
            self.visit.go(horizon, pace)
        self.redraw()

    def jump(self, month: int) -> None:
        """Look at a month; run to it if it has not come yet."""
        months = self.visit.months
        month = max(1, min(int(month), self.state.scenario.months))
        if month > months:
            self.state = self.state.changed(month=None)
            self.visit.go(month, 0.0)
        else:
            self.state = self.state.changed(month=None if month == months else month)
        self.redraw()

    def obey(self, call: Callable[..., None], *arguments: Any) -> None:
        """Do what the browser asks; what makes no sense is said and changes nothing."""
        with TURNS.answering():
            self._tried(call, *arguments)
        self._hurry.set()
        self.visit.changed.set()

    def _tried(self, call: Callable[..., None], *arguments: Any) -> None:
        try:
            call(*arguments)
        except (ParameterError, BadInput, ValueError, TypeError, KeyError, OverflowError) as error:
            self.notes = [str(error)[:300]]
            self.redraw()

    def choose(self, name: str, text: str) -> None:
        """Choose an experiment, what to compare with, a language, a lens, a speed or anything else."""
        if name == "experiment":
            self._open_experiment(text)
        elif name == "other":
            self._compare_with(text)
        elif name == "speed":
            self._set_speed(text)
        else:
            query = f"{name}={quote(text)}"
            chosen, ignored = address.decode(query, self.state.language)
            if name in CHOSEN and not ignored:
                self.take(self.state.changed(**{name: getattr(chosen, name)}))
        self.redraw()

    def _open_experiment(self, name: str) -> None:
        self.past = self.past.noted(self.state.scenario)
        scenario = Scenario.of(name)
        self.state = self.state.changed(scenario=scenario, month=None, row=None, firm=None)
        self.visit.go(scenario.months, 0.0)
        self.seen = {}
        self._show()

    def _compare_with(self, name: str) -> None:
        if name == "@kept":
            return
        now = self.state.scenario
        other = None if not name else now if name == "@now" else Scenario.of(name, {}, now.seed)
        self.take(self.state.changed(other=other))

    def _set_speed(self, text: str) -> None:
        chosen, ignored = address.decode(f"speed={quote(text)}", self.state.language)
        if not ignored:
            self.state = self.state.changed(speed=chosen.speed)
            if self.playing:
                self.visit.go(self.visit.target, float(chosen.speed))

    @property
    def person(self) -> int:
        """The consumer whose diary is open: the chosen one if the sample has her, else its first."""
        rows = (self.seen.get("network") or {}).get("rows") or [0]
        chosen = self.state.row
        return chosen if chosen is not None and chosen in rows else int(rows[0])

    def look(self) -> None:
        """Ask for what the open tab shows beside the months: single people, firms, saved results."""
        if self.state.tab == "archive":
            self.seen = {**self.seen, "stored": looking.stored(self)}
        current = self.visit.arms.get("current")
        if current is None or current.months == 0:
            return
        if self.state.tab in ("inside", "compare"):
            for arm in self.visit.arms.values() if self.state.tab == "compare" else (current,):
                self.visit.wake(arm.runs[0])
        asked = (self.state.tab, current.runs[0].lived, self.state.attribute, self.state.row, self.state.firm)
        if asked == self._asked or (
            self.playing and time.monotonic() - self._asked_at < SECONDS_BETWEEN_LOOKS
        ):
            return
        self._asked, self._asked_at = asked, time.monotonic()
        if self.state.tab == "inside":
            self.seen = looking.inside(self, current.runs[0])
        elif self.state.tab == "compare" and not self.playing:
            found = looking.habits(current.runs[0], self.visit.arms.get("other"))
            self.seen = found or self.seen
            self._asked = self._asked if found else None
        else:
            self._asked = None

    def hand_out(self, job: dict[str, Any]) -> None:
        """Give the visitor a file."""
        self.job = {**job, "number": self.job["number"] + 1}
        self.redraw()


def _nothing() -> None:
    """Draw nothing: no page is there yet."""


def _arms(state: State) -> tuple[Any, ...]:
    return state.scenario, state.other, state.replications, state.tab == "compare"
