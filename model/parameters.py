"""All parameters of an economy, under the dotted names that sweeps, sliders and files use."""

import difflib
import math
import numbers
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError

from agents.parameters import (
    ConsumerBehaviour,
    FirmBehaviour,
    ParameterGroup,
    PopulationParameters,
)
from model.parameter_groups import (
    CountryParameters,
    EconomyScope,
    NetworkParameters,
    PolicyParameters,
    TechnologyParameters,
)
from model.tasks import Catalogue, CatalogueError, Figure, load_catalogue

_UNKNOWN = object()


def _parameter_error(key: str, expected: str, got: Any, nearest: str | None) -> "ParameterError":
    return ParameterError(key, expected=expected, got=got, nearest=nearest)


class ParameterError(ValueError):
    """A parameter that does not exist or whose value is not allowed."""

    def __init__(self, key: str, *, expected: str, got: Any = _UNKNOWN, nearest: str | None = None) -> None:
        self.key, self.expected, self.got, self.nearest = key, expected, got, nearest
        hint = f"; did you mean {nearest}?" if nearest else ""
        said = "there is no such parameter" if got is _UNKNOWN else f"expected {expected}, got {got!r}"
        self.got = key if got is _UNKNOWN else got
        super().__init__(f"{key}: {said}{hint}")

    def __reduce__(self) -> tuple[Any, ...]:
        return _parameter_error, (self.key, self.expected, self.got, self.nearest)


@dataclass(frozen=True)
class Declaration:
    """One declared parameter, as ``list parameters`` shows it."""

    name: str
    label: str
    unit: str
    kind: str
    default: Any
    low: float | None
    high: float | None
    source: str
    symbol: str
    group: str
    choices: tuple[str, ...] = ()


class Parameters(ParameterGroup):
    """All parameters; ``values`` of the catalogue that differ from it stand in ``catalogue``."""

    economy: EconomyScope = EconomyScope()
    population: PopulationParameters = PopulationParameters()
    network: NetworkParameters = NetworkParameters()
    consumer: ConsumerBehaviour = ConsumerBehaviour()
    firm: FirmBehaviour = FirmBehaviour()
    technology: TechnologyParameters = TechnologyParameters()
    policy: PolicyParameters = PolicyParameters()
    country: CountryParameters = CountryParameters()
    catalogue: Mapping[str, float] = {}

    @classmethod
    def of(
        cls, values: "Mapping[str, Any] | Parameters | None" = None, catalogue: Catalogue | None = None
    ) -> "Parameters":
        """Return parameters from dotted names, validated against declarations and catalogue.

        Parameters
        ----------
        values : dotted names (``"firm.imitation"``, ``"tasks.cash.staffed_minutes"``) and their values.
        catalogue : whose columns may be set; the package's own by default.

        Raises
        ------
        ParameterError
            For an unknown name or a value of the wrong kind or outside the bounds.

        Examples
        --------
        >>> Parameters.of({"firm.imitation": 2.0}).firm.imitation
        2.0
        """
        if isinstance(values, Parameters):
            return values
        values = dict(values or {})
        columns = {name: value for name, value in values.items() if name.startswith(("tasks.", "sectors."))}
        grouped: dict[str, dict[str, Any]] = {}
        for name, value in values.items():
            if name not in columns:
                declaration = _declared(name, catalogue)
                _check(declaration, value)
                group, _, field = name.partition(".")
                grouped.setdefault(group, {})[field] = value
        for name, value in columns.items():
            _check(_declared(name, catalogue), value)
        _check_sectors(grouped.get("economy", {}).get("sectors", "all"), catalogue)
        return cls(
            **{group: _GROUPS[group](**fields) for group, fields in grouped.items()}, catalogue=columns
        )

    def flat(self) -> dict[str, Any]:
        """Return every declared parameter under its dotted name, catalogue overrides last."""
        named = {f"{group}.{field}": value for group in _GROUPS for field, value in getattr(self, group)}
        return named | dict(self.catalogue)

    def selected(self, catalogue: Catalogue | None = None) -> Catalogue:
        """Return the catalogue of this economy: overrides applied, sectors selected."""
        catalogue = catalogue or load_catalogue()
        try:
            changed = catalogue.replaced(dict(self.catalogue)) if self.catalogue else catalogue
        except CatalogueError as error:
            raise ParameterError(
                "catalogue", expected="values the catalogue allows", got=str(error)
            ) from error
        names = _sector_names(self.economy.sectors)
        return changed if names == ["all"] else changed.select(names)


_GROUPS: dict[str, type[ParameterGroup]] = {
    "economy": EconomyScope,
    "population": PopulationParameters,
    "network": NetworkParameters,
    "consumer": ConsumerBehaviour,
    "firm": FirmBehaviour,
    "technology": TechnologyParameters,
    "policy": PolicyParameters,
    "country": CountryParameters,
}


@lru_cache(maxsize=1)
def _declared_in_code() -> tuple[Declaration, ...]:
    return tuple(
        _declaration(group, field, info)
        for group, model in _GROUPS.items()
        for field, info in model.model_fields.items()
    )


def declarations(catalogue: Catalogue | None = None) -> tuple[Declaration, ...]:
    """Return all declared parameters, the columns of the catalogue (the package's by default) last."""
    catalogue = catalogue or load_catalogue()
    columns = tuple(_column_declaration(figure) for figure in catalogue.figures.values())
    return _declared_in_code() + columns


def _column_declaration(figure: Figure) -> Declaration:
    number, kind = figure.number, "integer" if figure.declaration.whole else "number"
    group = number.name.partition(".")[0]
    return Declaration(
        number.name,
        number.label,
        number.unit,
        kind,
        number.value,
        number.low,
        number.high,
        number.source,
        "",
        group,
    )


def _declaration(group: str, field: str, info: Any) -> Declaration:
    meta, choices = info.json_schema_extra, ()
    bounds = {type(limit).__name__: limit for limit in info.metadata}
    if get_origin(info.annotation) is Literal:
        kind, choices = "choice", get_args(info.annotation)
    else:
        kind = {float: "number", int: "integer", bool: "boolean", str: "choice"}[info.annotation]
    low = bounds["Ge"].ge if "Ge" in bounds else None
    high = bounds["Le"].le if "Le" in bounds else None
    return Declaration(
        f"{group}.{field}",
        meta["label"],
        meta["unit"],
        kind,
        info.default,
        low,
        high,
        meta["source"],
        meta["symbol"],
        group,
        choices,
    )


def _declared(name: str, catalogue: Catalogue | None) -> Declaration:
    known = _by_name(catalogue)
    if name in known:
        return known[name]
    if name in _GROUPS:
        fields = ", ".join(f"{name}.{field}" for field in list(_GROUPS[name].model_fields)[:3])
        raise ParameterError(name, expected=f"dotted names such as {fields}", got=name)
    raise ParameterError(name, expected="a declared parameter", nearest=nearest_name(name, known))


def _by_name(catalogue: Catalogue | None) -> dict[str, Declaration]:
    return {declaration.name: declaration for declaration in declarations(catalogue)}


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like the given one, or None."""
    names = list(known)
    close = difflib.get_close_matches(str(name), names, n=1, cutoff=0.55)
    if close:
        return close[0]
    by_field = {known_name.rpartition(".")[2]: known_name for known_name in names}
    field = difflib.get_close_matches(str(name).rpartition(".")[2], list(by_field), n=1, cutoff=0.6)
    return by_field[field[0]] if field else None


def _check(declared: Declaration, value: Any) -> None:
    expected = _expectation(declared)
    wrong = ParameterError(declared.name, expected=expected, got=value)
    if declared.kind == "boolean":
        valid = isinstance(value, bool)
    elif declared.kind == "choice":
        valid = isinstance(value, str) and (not declared.choices or value in declared.choices)
    elif declared.kind == "integer":
        valid = _is_number(value) and float(value).is_integer()
    else:
        valid = _is_number(value) and not math.isnan(value)
    if not valid:
        raise wrong
    low, high = declared.low, declared.high
    if (low is not None and value < low) or (high is not None and value > high):
        raise wrong


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def _expectation(declared: Declaration) -> str:
    if declared.kind == "boolean":
        return "true or false"
    if declared.kind == "choice":
        return "one of " + ", ".join(declared.choices) if declared.choices else "a text"
    kind = "a whole number" if declared.kind == "integer" else "a number"
    limits = f" in [{_number(declared.low)}, {_number(declared.high)}]" if declared.low is not None else ""
    return kind + limits + ("" if declared.unit in ("1", "name") else f" {declared.unit}")


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"


def _sector_names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]


def _check_sectors(text: Any, catalogue: Catalogue | None) -> None:
    known = [sector.name for sector in (catalogue or load_catalogue()).sectors]
    names = _sector_names(text)
    for name in names:
        if name not in known and names != ["all"]:
            expected = "all, or some of " + ", ".join(known)
            raise ParameterError(
                "economy.sectors", expected=expected, got=name, nearest=nearest_name(name, [*known, "all"])
            )
    if len(set(names)) < len(names):
        raise ParameterError("economy.sectors", expected="every sector once", got=text)


__all__ = ["Declaration", "ParameterError", "Parameters", "ValidationError", "declarations", "nearest_name"]
