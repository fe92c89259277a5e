"""Policy: what a government prescribes, at one named point of the step. The default does nothing."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from model.parameter_groups import PolicyParameters

_CASH_TASK = "cash"


class Policy:
    """The rules in force this month; ``own`` are a user's, called with the economy at the same point."""

    def __init__(
        self,
        parameters: PolicyParameters,
        cash_counters: list[int],
        own: Sequence[Callable[[Any], None]] = (),
    ) -> None:
        self.parameters = parameters
        self._own = tuple(own)
        self._cash_counters = cash_counters
        self.in_force = False
        self.before = True
        self.years_in_force = 0.0

    def apply(self, economy: Any) -> None:
        """Put the rules in force from their year on; called once in each step, before firms review."""
        year, rules = economy.technology.year, self.parameters
        self.in_force = rules.from_year <= year < rules.until_year
        self.before = year < rules.from_year
        self.years_in_force = max(0.0, min(year, rules.until_year) - rules.from_year)
        if self.in_force or self.before:
            limits = [self.largest_closed_share(counter) for counter in range(len(economy.names.counters))]
            np.minimum(economy.firm_columns.closing, limits, out=economy.firm_columns.closing)
        for rule in self._own:
            rule(economy)

    def largest_closed_share(self, counter: int) -> float:
        """Return the share of a firm's counters of a kind that may be closed."""
        if not self.in_force:
            return 1.0 - self.parameters.earlier_access if self.before else 1.0
        if self.parameters.ban_forcing:
            return 0.0
        open_share = self.parameters.staffed_access
        if counter in self._cash_counters:
            open_share = max(open_share, self.parameters.cash_access)
        return 1.0 - open_share

    @property
    def campaign(self) -> float:
        """Strength of the transparency campaign, per month."""
        return self.parameters.campaign if self.in_force else 0.0

    @property
    def programme(self) -> float:
        """Skill that people below basic skill have gained in the programme so far."""
        return self.parameters.skills_programme * self.years_in_force

    @property
    def minimum_staff(self) -> float:
        """Minimum staff per customer, as a share of the start."""
        return self.parameters.minimum_staff if self.in_force else 0.0

    @property
    def compensation_rate(self) -> float:
        """Pay for own minutes that is mandatory, as a share of replacement cost."""
        return self.parameters.compensation_rate if self.in_force else 0.0


def cash_counters(tasks: tuple[str, ...], counter_of_task: np.ndarray) -> list[int]:
    """Return the kinds of premises at which cash is handed out."""
    return [int(counter_of_task[row]) for row, name in enumerate(tasks) if name == _CASH_TASK]
