"""Read YAML 1.2 and remember the file and line of everything, so that each error can name them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.errors import BadInput, Problem, shown

LARGEST_FILE = 1_000_000
"""Bytes; a longer experiment file is a mistake."""
LARGEST_TREE = 20_000
"""Values in one file, repetitions of an alias counted each time."""

CORE = "tag:yaml.org,2002:"
_NULL = re.compile(r"null|Null|NULL|~|")
_BOOLEAN = re.compile(r"true|True|TRUE|false|False|FALSE")
_WHOLE = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)")
_NOT_A_NUMBER = re.compile(r"\.(nan|NaN|NAN)")


@dataclass(frozen=True)
class Entry:
    """A value of a YAML file, with the place where it stands."""

    value: Any  # dict[str, Entry], list[Entry] or a scalar
    file: str
    line: int | None = None

    @property
    def where(self) -> str:
        """Return `file:line`."""
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def plain(self) -> Any:
        """Return the value without places, as nested dicts and lists."""
        if isinstance(self.value, dict):
            return {key: entry.plain() for key, entry in self.value.items()}
        if isinstance(self.value, list):
            return [entry.plain() for entry in self.value]
        return self.value

    def at(self, path: tuple[Any, ...]) -> Entry:
        """Return the deepest entry on `path` that exists; steps that do not exist here are passed over."""
        entry = self
        for step in path:
            inner = entry.value
            steps = inner.keys() if isinstance(inner, dict) else range(_length(inner))
            entry = inner[step] if step in steps else entry
        return entry


def _length(value: Any) -> int:
    return len(value) if isinstance(value, list) else 0


def resolve_scalar(text: str) -> Any:
    """Return the value of an unquoted scalar under YAML 1.2's core schema.

    Examples
    --------
    The traps of YAML 1.1 (Norway, octal numbers, sexagesimal numbers) are none here:

    >>> [resolve_scalar(text) for text in ("no", "012", "1e3", "1990-01", "12:30", "~")]
    ['no', 12, 1000.0, '1990-01', '12:30', None]
    """
    if _NULL.fullmatch(text):
        return None
    if _BOOLEAN.fullmatch(text):
        return text.lower() == "true"
    if _WHOLE.fullmatch(text) and len(text) < 400:
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _INFINITE.fullmatch(text):
        return -math.inf if text.startswith("-") else math.inf
    return math.nan if _NOT_A_NUMBER.fullmatch(text) else text


def read_yaml(path: Path, *, name: str | None = None) -> Entry:
    """Return the mapping in a YAML file with the place of every value, or raise `BadInput`."""
    file = name or shown_path(path)
    return parse_yaml(_decoded(_bytes_of(path, file), file), file)


def shown_path(path: Path) -> str:
    """Return a path as the user would write it: relative where it lies below the working folder."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def _bytes_of(path: Path, file: str) -> bytes:
    try:
        if path.is_dir():
            raise BadInput(Problem("this is a folder", "an experiment file", where=file))
        if path.exists() and not path.is_file():
            raise BadInput(Problem("this is not a regular file", "an experiment file", where=file))
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except BadInput:
        raise
    except FileNotFoundError:
        raise BadInput(Problem("no such file", "an experiment file", where=file)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput(Problem(f"the file cannot be read ({reason})", where=file)) from None
    if len(content) > LARGEST_FILE:
        raise BadInput(Problem("the file is too large", f"at most {LARGEST_FILE:,} bytes", where=file))
    return content


def _decoded(content: bytes, file: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        got = f"byte 0x{content[error.start]:02x}"
        raise BadInput(Problem("the file is not text", "YAML in UTF-8", got, f"{file}:{line}")) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise BadInput(Problem("the file is binary", "YAML in UTF-8", "a zero byte", f"{file}:{line}"))
    return text


def parse_yaml(text: str, file: str) -> Entry:
    """Return the mapping in `text`; `file` is the name that errors give."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        tree = YAML(typ="safe", pure=True).compose(text)
        entry = _Conversion(file).convert(tree) if tree is not None else Entry(None, file, 1)
    except MarkedYAMLError as error:
        raise BadInput(_syntax_problem(error, text, file)) from None
    except YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
        what = f"malformed YAML ({getattr(error, 'reason', 'it cannot be read')})"
        raise BadInput(Problem(what, where=f"{file}:{line}")) from None
    except RecursionError:
        raise BadInput(Problem("the values are nested too deeply", where=file)) from None
    if entry.value is None:
        raise BadInput(Problem("the file is empty", "keys such as `title:` and `parameters:`", where=file))
    if not isinstance(entry.value, dict):
        got = shown(entry.plain())
        raise BadInput(Problem("the file is no mapping", "`key: value` lines", got, entry.where))
    return entry


def _syntax_problem(error: Any, text: str, file: str) -> Problem:
    lines = text.splitlines()
    marks = [mark for mark in (error.problem_mark, error.context_mark) if mark and mark.line < len(lines)]
    line = marks[0].line + 1 if marks else 1
    source = lines[line - 1] if line <= len(lines) else ""
    if "\t" in source[: len(source) - len(source.lstrip())]:
        return Problem("a tab stands in the indentation", "spaces", where=f"{file}:{line}")
    what = " ".join(str(error.problem or error.context or "it cannot be read").split())
    return Problem(
        f"malformed YAML ({what})",
        got=shown(source.strip()) if source.strip() else "",
        where=f"{file}:{line}",
    )


@dataclass
class _Conversion:
    """Turn ruamel's nodes into entries; refuse repeated keys, foreign tags and alias bombs."""

    file: str
    values: int = 0

    def convert(self, node: Any, line: int | None = None) -> Entry:
        self.values += 1
        line = line or node.start_mark.line + 1
        where = f"{self.file}:{line}"
        if self.values > LARGEST_TREE:
            what = "too many values (aliases that repeat aliases?)"
            raise BadInput(Problem(what, f"at most {LARGEST_TREE:,}", where=where))
        if not str(node.tag).startswith(CORE) or "python" in str(node.tag):
            raise BadInput(Problem("unknown tag", "plain values", shown(str(node.tag)), where))
        kinds = {"scalar": self._scalar, "sequence": self._sequence, "mapping": self._mapping}
        return Entry(kinds[node.id](node), self.file, line)

    def _scalar(self, node: Any) -> Any:
        plain = node.style is None or node.style == ""
        if any("\ud800" <= letter <= "\udfff" for letter in node.value):
            where = f"{self.file}:{node.start_mark.line + 1}"
            raise BadInput(Problem("half of a character (a lone surrogate)", "text", where=where))
        if not plain or node.tag == CORE + "str":
            return node.value
        return resolve_scalar(node.value)

    def _sequence(self, node: Any) -> list[Entry]:
        return [self.convert(item) for item in node.value]

    def _mapping(self, node: Any) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = self._scalar(key) if key.id == "scalar" else None
            where = f"{self.file}:{line}"
            if not isinstance(name, str):
                got = shown(name) if key.id == "scalar" else f"a {key.id}"
                raise BadInput(Problem("a key is no name", "a word", got, where))
            if name in found:
                what = f"duplicate key '{name}'"
                raise BadInput(
                    Problem(what, f"it once (it stands in line {found[name].line} too)", where=where)
                )
            found[name] = self.convert(value, line)
        return found
