"""Write a complete experiment file that any YAML reader, 1.1 or 1.2, reads alike."""

from __future__ import annotations

from typing import Any


def to_yaml(keys: dict[str, Any]) -> str:
    """Return a mapping as YAML; every text is quoted.

    >>> print(to_yaml({"start": "1990-01", "parameters": {"firm.imitation": 4.0}}), end="")
    start: "1990-01"
    parameters:
      firm.imitation: 4.0
    """
    import io

    from ruamel.yaml import YAML

    writer = YAML()
    writer.width = 110
    writer.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    writer.dump(_quoted(keys), stream)
    return stream.getvalue()


def _quoted(value: Any) -> Any:
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if isinstance(value, dict):
        return {_key(key): _quoted(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_quoted(inner) for inner in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) else value


def _key(key: str) -> Any:
    """Return a key, quoted where YAML 1.1 would not read a text."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    other = key.lower() in ("y", "n", "yes", "no", "on", "off") or not key[:1].isalpha()
    return DoubleQuotedScalarString(key) if other else key
