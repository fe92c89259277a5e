"""Charts as Vega-Lite specifications, written in the words of Altair and without its cost.

Altair validates and copies a chart whenever it joins another, which took most of the time of a report. The
few of its words that pictures are made of are said here; what comes out is the specification it would write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.4.1.json"
_CONFIG = {"view": {"continuousWidth": 300, "continuousHeight": 300}}
_TYPES = {"Q": "quantitative", "N": "nominal", "O": "ordinal", "T": "temporal"}
_SECOND_ENDS = ("x2", "y2")
"""Channels that take the type of another one."""


class _Said(dict[str, Any]):
    """What is said about a part of a chart."""

    def __init__(self, **said: Any) -> None:
        super().__init__(said)


class Axis(_Said):
    """An axis."""


class Scale(_Said):
    """How data become places or colours."""


class Legend(_Said):
    """A legend."""


class TitleParams(_Said):
    """A title: its text, perhaps lines below, and how they look."""

    def __init__(self, text: str | Sequence[str], **said: Any) -> None:
        super().__init__(text=text, **said)


class Channel(_Said):
    """How a field is shown: ``"year:Q"`` and what else is said."""

    def __init__(self, shorthand: str, **said: Any) -> None:
        name, _, kind = shorthand.rpartition(":")
        super().__init__(field=name, type=_TYPES[kind], **said)


class X(Channel):
    """The place from left to right."""


class Y(Channel):
    """The place from top to bottom."""

    def stack(self, how: str) -> Y:
        """Return the same place for marks that are stacked."""
        stacked = Y(f"{self['field']}:Q")
        stacked.update(self, stack=how)
        return stacked


class YOffset(Channel):
    """The place within a row."""


class Color(Channel):
    """The colour."""


class Order(Channel):
    """The order in which marks are stacked."""


def value(given: Any) -> dict[str, Any]:
    """Return the encoding of a constant."""
    return {"value": given}


def condition(test: str, then: Mapping[str, Any], otherwise: Mapping[str, Any]) -> dict[str, Any]:
    """Return an encoding that depends on a test of the row.

    >>> condition("datum.dark", value("white"), value("black"))
    {'condition': {'test': 'datum.dark', 'value': 'white'}, 'value': 'black'}
    """
    return {"condition": {"test": test, **then}, **otherwise}


@dataclass(frozen=True, eq=False)
class InlineData:
    """Rows of a chart: plain numbers and words that nobody changes once they are drawn."""

    values: list[dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Chart:
    """One mark of some rows; or, by ``layer``, ``concat``, ``hconcat``, ``vconcat``, several charts.

    Every method returns another chart.
    """

    data: InlineData | None = None
    said: Mapping[str, Any] = field(default_factory=dict)
    how: str = ""
    parts: tuple[Chart, ...] = ()

    def _with(self, **said: Any) -> Chart:
        return replace(self, said={**self.said, **said})

    def mark_area(self, **said: Any) -> Chart:
        """Return the chart with areas."""
        return self._with(mark={"type": "area", **said})

    def mark_bar(self, **said: Any) -> Chart:
        """Return the chart with bars."""
        return self._with(mark={"type": "bar", **said})

    def mark_line(self, **said: Any) -> Chart:
        """Return the chart with lines."""
        return self._with(mark={"type": "line", **said})

    def mark_point(self, **said: Any) -> Chart:
        """Return the chart with points."""
        return self._with(mark={"type": "point", **said})

    def mark_rect(self, **said: Any) -> Chart:
        """Return the chart with rectangles."""
        return self._with(mark={"type": "rect", **said})

    def mark_rule(self, **said: Any) -> Chart:
        """Return the chart with straight lines."""
        return self._with(mark={"type": "rule", **said})

    def mark_text(self, **said: Any) -> Chart:
        """Return the chart with words."""
        return self._with(mark={"type": "text", **said})

    def encode(self, **channels: str | Mapping[str, Any]) -> Chart:
        """Return the chart with fields shown by channels, beside those it has."""
        shown = {**self.said.get("encoding", {}), **{name: _shown(name, channels[name]) for name in channels}}
        return self._with(encoding=dict(sorted(shown.items())))

    def transform_filter(self, test: str) -> Chart:
        """Return the chart with those rows only that pass a test."""
        return self._with(transform=[*self.said.get("transform", []), {"filter": test}])

    def properties(self, **said: Any) -> Chart:
        """Return the chart with a title, a width, a height."""
        return self._with(**said)

    def resolve_scale(self, **said: str) -> Chart:
        """Return the chart whose parts share scales, or do not."""
        return self._with(resolve={"scale": said})

    def to_dict(self) -> dict[str, Any]:
        """Return the specification, its data included once."""
        names: dict[int, str] = {}
        rows: dict[str, list[dict[str, Any]]] = {}
        body = self._body(names, rows)
        return {"config": _CONFIG, **body, "$schema": _SCHEMA, "datasets": rows}

    def _body(self, names: dict[int, str], rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
        own: dict[str, Any] = {}
        if self.data is not None:
            name = names.setdefault(id(self.data), f"data-{len(names)}")
            rows[name] = self.data.values
            own["data"] = {"name": name}
        if self.how:
            own[self.how] = [part._body(names, rows) for part in self.parts]
        return {**own, **self.said}


def _shown(name: str, given: str | Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a channel in full; a second end takes its type from the first."""
    channel = Channel(given) if isinstance(given, str) else given
    if name in _SECOND_ENDS:
        return {key: said for key, said in channel.items() if key != "type"}
    return channel


def _joined(how: str, charts: Sequence[Chart], **said: Any) -> Chart:
    """Return several charts as one; data that all of them share are said once."""
    shared = charts[0].data if charts else None
    if shared is not None and all(chart.data is shared for chart in charts):
        return Chart(shared, said, how, tuple(replace(chart, data=None) for chart in charts))
    return Chart(None, said, how, tuple(charts))


def layer(*charts: Chart) -> Chart:
    """Return charts on top of each other, the last one in front."""
    return _joined("layer", charts)


def concat(*charts: Chart, **said: Any) -> Chart:
    """Return charts in rows of ``columns``."""
    return _joined("concat", charts, **said)


def hconcat(*charts: Chart, **said: Any) -> Chart:
    """Return charts beside each other."""
    return _joined("hconcat", charts, **said)


def vconcat(*charts: Chart, **said: Any) -> Chart:
    """Return charts below each other."""
    return _joined("vconcat", charts, **said)
