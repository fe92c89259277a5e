"""What `evidence` moves: every assumption of the model, one at a time to its bounds and all together.

A behavioural parameter goes to each of its declared bounds. Numbers of the catalogue go column by column,
all rows at once, part of the way to theirs: each row alone would say little, and all rows at the bound would
be no economy. Each move is made in three worlds: as it is, without economic pressure, without force.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.config import Experiment
    from model.parameters import Declaration

ASSUMPTION, WORLD = "assumption", "world"
DEFAULT = "default"
AS_IT_IS, NO_PRESSURE, NO_FORCE = "as it is", "no pressure", "no force"
WORLDS: dict[str, dict[str, Any]] = {
    AS_IT_IS: {},
    NO_PRESSURE: {"firm.pressure_scale": 0.0},
    NO_FORCE: {"policy.ban_forcing": True, "policy.from_year": 1900.0},
}
"""The null models that tell whether spread needs pressure or force."""
EXEMPT = {
    "economy.sectors": "chooses which part of the economy is run",
    "population.consumers": "the size of the sample",
    "firm.pressure_scale": "its 0 is the world without pressure, its bounds are the experiment `unstoppable`",
    "country.level": "0 without a country, fitted with one",
    "country.trend": "0 without a country, fitted with one",
}
"""No assumptions of this economy."""
KEPT_OF_POLICY = "policy.replacement_cost"
"""The one policy parameter that acts without a policy."""
TOO_DENSE = "complete"
"""A network in which everybody knows everybody takes hours."""
NO_NUMBER = "co_design"
"""A column of levels, not of quantities."""
PART = {"intercept": 0.1}
"""How far a column goes to its bounds; intercepts are solved on anchors and go about one logit."""
USUAL_PART = 0.5
EVEN = ("network.degree",)
"""Whole numbers that must be even: a ring has as many neighbours to either side."""
MEASURES = (
    "self_service_share", "forced_share", "unpaid_hours_gross", "unpaid_hours_net", "saving_total",
    "saving_technology", "saving_fixed", "saving_leakage", "saving_compensation", "saving_prices",
    "saving_profit",
)  # fmt: skip
"""What the conclusions are read from."""
ONE_AT_A_TIME, ALL_TOGETHER = "one-at-a-time", "all-together"
REPLICATIONS, POINTS = 2, 128
MONTHS, CONSUMERS = 492, 2000


@dataclass(frozen=True)
class Move:
    """One assumption at one of its ends."""

    assumption: str
    end: str
    parameters: dict[str, Any]

    @property
    def label(self) -> str:
        """How the move is called in tables and in the runs."""
        return f"{self.assumption} {self.end}"


def assumed() -> list[Declaration]:
    """Return the behavioural parameters that are assumptions, in the order of their declaration."""
    from model.parameters import declarations

    policies = [d.name for d in declarations() if d.group == "policy" and d.name != KEPT_OF_POLICY]
    left_out = {*EXEMPT, *policies}
    return [d for d in declarations() if d.group not in ("tasks", "sectors") and d.name not in left_out]


def moves(number: int | None = None) -> list[Move]:
    """Return every assumption at every end at which it is not by default, or some, spread evenly over all."""
    behaviour = [move for declared in assumed() for move in _moves_of(declared)]
    every = [*behaviour, *_column_moves()]
    wanted = min(number or len(every), len(every))
    return [every[place * len(every) // wanted] for place in range(wanted)]


def _moves_of(declared: Declaration) -> Iterator[Move]:
    for value in _ends(declared):
        if value != declared.default:
            yield Move(declared.name, f"= {_shown(value)}", {declared.name: value})


def _ends(declared: Declaration) -> tuple[Any, ...]:
    if declared.kind == "boolean":
        return (False, True)
    if declared.kind == "choice":
        return tuple(choice for choice in declared.choices if choice != TOO_DENSE)
    return (declared.low, declared.high)


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _column_moves() -> Iterator[Move]:
    """Yield every column of the catalogue, lowered and raised in all rows that are not 0."""
    for column, rows in _columns().items():
        part = PART.get(column.rpartition(".")[2], USUAL_PART)
        for end, name in (("low", "lowered"), ("high", "raised")):
            values = {d.name: _part_of_the_way(d, end, part) for d in rows}
            changed = {d.name: values[d.name] for d in rows if values[d.name] != d.default}
            if changed:
                yield Move(column, name, changed)


def _columns() -> dict[str, list[Declaration]]:
    """Return the numbers of the catalogue by column: `sectors.*.wage`, `tasks.*.*.skill`."""
    from model.parameters import declarations

    found: dict[str, list[Declaration]] = {}
    for declared in declarations():
        parts = declared.name.split(".")
        if declared.group in ("tasks", "sectors") and parts[-1] != NO_NUMBER and declared.default:
            column = ".".join([parts[0], *["*"] * (len(parts) - 2), parts[-1]])
            found.setdefault(column, []).append(declared)
    return found


def _part_of_the_way(declared: Declaration, end: str, part: float) -> Any:
    """Return a number part of the way from its default to one of its bounds."""
    bound = float(getattr(declared, end))
    value = declared.default + part * (bound - declared.default)
    return round(value) if declared.kind == "integer" else float(f"{value:.6g}")


def write_experiments(
    root: Path, *, replications: int | None = None, points: int | None = None, number: int | None = None
) -> list[Path]:
    """Write both experiments as files into a folder and return their paths."""
    from experiments.storing import write_whole
    from experiments.yaml_writing import to_yaml

    root.mkdir(parents=True, exist_ok=True)
    contents = {
        ONE_AT_A_TIME: one_at_a_time(replications or REPLICATIONS, number),
        ALL_TOGETHER: all_together(points or POINTS),
    }
    paths = [root / f"{name}.yaml" for name in contents]
    for path, keys in zip(paths, contents.values(), strict=True):
        write_whole(path, to_yaml(keys))
    return paths


def one_at_a_time(replications: int, number: int | None = None) -> dict[str, Any]:
    """Return the experiment that moves one assumption at a time, on common luck."""
    choices = {DEFAULT: {}, **{move.label: move.parameters for move in moves(number)}}
    return {
        **_shared("Every assumption at its bounds, one at a time"),
        "replications": replications,
        "levers": {ASSUMPTION: {"choices": choices}, WORLD: {"choices": WORLDS}},
    }


def all_together(points: int) -> dict[str, Any]:
    """Return the experiment that draws all behavioural parameters at once, most often near their defaults."""
    drawn = {d.name: range_of(d) for d in assumed() if d.kind in ("number", "integer")}
    return {
        **_shared("All behavioural assumptions drawn together"),
        "replications": 1,
        "uncertainties": drawn,
        "levers": {WORLD: {"choices": WORLDS}},
        "design": {"kind": "latin_hypercube", "points": points},
    }


def range_of(declared: Declaration) -> dict[str, Any]:
    """Return a triangular distribution over the declared bounds with its mode at the default.

    `assumption`: nobody knows how likely a value is; a default is worth more than a bound.
    """
    if declared.name in EVEN:
        return {"values": list(range(int(declared.low or 0), int(declared.high or 0) + 1, 2))}
    low, mode, high = (float(end) for end in (declared.low or 0.0, declared.default, declared.high or 0.0))
    return {"distribution": "triangular", "low": low, "mode": mode, "high": high}


def _shared(title: str) -> dict[str, Any]:
    return {
        "extends": "baseline",
        "title": title,
        "question": "Which conclusions of the model hold whatever is assumed?",
        "reading": "Each economy is run as it is, without economic pressure and without force, on the same "
        "luck.",
        "months": MONTHS,
        "parameters": {"population.consumers": CONSUMERS},
        "measures": list(MEASURES),
    }


def loaded(root: Path, overrides: Sequence[str] = (), **sizes: int | None) -> list[Experiment]:
    """Return both experiments, written and checked."""
    from experiments.config import load_experiment

    return [load_experiment(path, overrides) for path in write_experiments(root, **sizes)]
