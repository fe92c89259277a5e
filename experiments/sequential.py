"""Replicate until a precision target is met, and say in time when it cannot be."""

from __future__ import annotations

import time
from typing import Any, Protocol

from experiments.config import Experiment
from experiments.precision import FIRST_LOOK, USUAL_MOST, Look, look, next_look
from experiments.progress import duration


class Session(Protocol):
    """What replicating needs of a sweep."""

    def replications(self, first: int, end: int, deadline: float | None = None) -> None:
        """Run what is missing of some replications."""

    def is_complete(self, replications: int) -> bool:
        """Return whether all runs of the first replications have ended."""

    def final(self) -> Any:
        """Return the final values of the stored runs."""

    def say(self, text: str) -> None:
        """Print a line."""


def until_precise(experiment: Experiment, session: Session) -> Look:
    """Replicate until every half-width is met, or until the budget is spent or known to be too small."""
    targets = experiment.precision or {}
    most = experiment.max_replications or USUAL_MOST
    began = time.monotonic()
    minutes = experiment.max_minutes
    deadline = None if minutes is None else began + 60.0 * minutes
    end, first = min(FIRST_LOOK, most), 0
    while True:
        session.replications(first, end, deadline)
        done = _complete_replications(session, first, end)
        seen = look(session.final(), targets, done)
        if seen.met or done < end or end >= most or _out_of_reach(seen, most, session):
            return seen
        first, end = end, next_look(seen, most)
        if deadline is not None:
            _warn_of_time(seen, began, deadline, session)


def _complete_replications(session: Session, first: int, end: int) -> int:
    """Return how many replications are complete at every point; fewer than `end` when time ran out."""
    while end > first and not session.is_complete(end):
        end -= 1
    return end


def _out_of_reach(seen: Look, most: int, session: Session) -> bool:
    """Say when the target needs more replications than there may be; stop when that is certain enough."""
    if seen.needed is None or seen.needed <= most:
        return False
    certain = seen.at_least is not None and seen.at_least > most
    said = f"the precision target cannot be reached within the budget: about {seen.needed:,} replications"
    doubt = "" if certain else "; trying all the same, since the forecast may be too high"
    session.say(f"{said} would be needed, max_replications is {most:,}{doubt}")
    return certain


def _warn_of_time(seen: Look, began: float, deadline: float, session: Session) -> None:
    """Say when the forecast number of replications takes longer than there is time."""
    now = time.monotonic()
    if seen.needed is None or seen.replications == 0:
        return
    left = (now - began) / seen.replications * (seen.needed - seen.replications)
    if now + left > deadline:
        said = "the precision target cannot be reached within the budget"
        session.say(
            f"{said}: about {duration(left)} more would be needed, max_minutes leaves "
            f"{duration(max(0.0, deadline - now))}"
        )
