"""What was wrong with an input, said once and completely."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST_TEXT = 400
"""Letters of what was wrong; an absurdly long name is cut there."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: what, what was expected, what came, where, and the nearest valid name."""

    what: str
    expected: str = ""
    got: str = ""
    where: str = ""
    nearest: str | None = None

    def __str__(self) -> str:
        """Return the problem as one line."""
        parts = [shown_line(self.what)]
        parts += [f"expected {self.expected}"] if self.expected else []
        parts += [f"got {self.got}"] if self.got else []
        parts += [f"did you mean '{self.nearest}'?"] if self.nearest else []
        place = f"{self.where}: " if self.where else ""
        return " ".join((place + "; ".join(parts)).split())


class BadInput(ValueError):
    """An input that cannot be used (exit code 2); nothing has been written."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = tuple(p if isinstance(p, Problem) else Problem(p) for p in problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest_name(word: str, names: Iterable[str]) -> str | None:
    """Return the valid name most like `word`, or None when nothing is near.

    Examples
    --------
    >>> nearest_name("firm.imitaton", ["firm.imitation", "firm.noise"])
    'firm.imitation'
    """
    from difflib import get_close_matches

    choices = {name.lower(): name for name in names}
    wanted = word.lower()[:200]
    found = get_close_matches(wanted, choices, n=1, cutoff=0.6)
    found = found or _same_last_word(wanted, list(choices))
    return choices[found[0]] if found else None


def _same_last_word(word: str, names: Sequence[str]) -> list[str]:
    """Return the first dotted name whose last part is like `word`'s: `imitation` for `firm.imitation`."""
    from difflib import get_close_matches

    last = {name.rsplit(".", 1)[-1]: name for name in reversed(names) if "." in name}
    return [last[match] for match in get_close_matches(word.rsplit(".", 1)[-1], last, n=1, cutoff=0.75)]


def shown_line(text: str, *, limit: int = LONGEST_TEXT) -> str:
    """Return a text on one line, cut where it is too long."""
    line = " ".join(text[: 4 * limit].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


YAML_WORDS = {True: "true", False: "false", None: "nothing (null)"}


def shown(value: object, *, limit: int = 60) -> str:
    """Return a value as a message shows it: as YAML writes it, on one line, at most `limit` characters.

    >>> shown(True), shown(None), shown("high"), shown(float("nan"))
    ('true', 'nothing (null)', "'high'", '.nan')
    """
    if value is None or isinstance(value, bool):
        return YAML_WORDS[value]
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0.0 else "-.inf"
    text = repr(value[: 4 * limit]) if isinstance(value, str) else " ".join(str(value)[: 4 * limit].split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
