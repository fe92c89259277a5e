"""Read a YAML 1.2 file as nodes that know their lines, and refuse what has the wrong shape.

The YAML library only composes nodes: types, keys and duplicates are checked here, so that every
message can name file, line, what was expected and what was found.
"""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from model.task_fields import Field
from model.tasks import CatalogueError, complaint, nearest_name

Node = Any
Entries = dict[str, tuple[Node, Node]]


_LARGEST = 10_000_000  # bytes; the package's own catalogue has a hundredth of it


def text_of(path: Path, what: str = "the catalogue") -> str:
    """Return the text of a file; refuse what is no file, cannot be read or is not UTF-8."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise OSError(0, "Not a regular file")
        if path.stat().st_size > _LARGEST:
            raise OSError(0, f"larger than {_LARGEST // 10**6} MB")
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        text = complaint(f"{what} cannot be read", "a readable YAML file", reason)
        raise CatalogueError(text, str(path)) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text = complaint(f"{what} is not text", "a YAML file in UTF-8", "a binary file")
        raise CatalogueError(text, str(path), line) from error


def line_of(node: Node) -> int:
    """Return the line on which a node begins, counted from 1."""
    return int(node.start_mark.line) + 1


def kind_of(node: Node) -> str:
    """Name what a node is, in the words of a message."""
    if node.id != "scalar":
        return "a list" if node.id == "sequence" else "a mapping"
    return repr(node.value) if node.value else "nothing"


class Page:
    """One file while it is read; what it is called and what it holds is said in errors."""

    called, holds = "the catalogue", "sectors, tasks and their channels"

    def __init__(self, file: str) -> None:
        self.file = file

    def fail(self, node: Node, what: str, expected: str, got: object, nearest: str | None = None) -> NoReturn:
        """Refuse a node: raise the error that names its line."""
        raise CatalogueError(complaint(what, expected, got, nearest), self.file, line_of(node))

    def compose(self, text: str) -> Node:
        """Return the root node of a YAML text."""
        try:
            root = YAML(typ="safe", pure=True).compose(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = complaint("not valid YAML", "YAML 1.2", str(error.problem or error.context))
            raise CatalogueError(problem, self.file, mark.line + 1 if mark else None) from error
        except RecursionError as error:
            problem = complaint(f"{self.called} is nested too deeply", self.holds, "more")
            raise CatalogueError(problem, self.file, 1) from error
        except (YAMLError, ValueError) as error:
            problem = complaint("not valid YAML", "YAML 1.2", str(error).splitlines()[0])
            raise CatalogueError(problem, self.file, 1) from error
        if root is None:
            raise CatalogueError(complaint(f"{self.called} is empty", self.holds, "nothing"), self.file, 1)
        return root

    def mapping(
        self, node: Node, what: str, required: Iterable[str] = (), allowed: Iterable[str] = ()
    ) -> Entries:
        """Return key and value nodes by key; refuse duplicates, unknown and missing keys."""
        entries = self.entries(node, what)
        required = tuple(required)
        valid = (*required, *allowed)
        for name, (key, _) in entries.items():
            if valid and name not in valid:
                nearest = nearest_name(name, valid)
                self.fail(key, f"unknown key {name} in {what}", f"one of {', '.join(valid)}", name, nearest)
        for name in required:
            if name not in entries:
                self.fail(node, f"{what} lacks {name}", f"the key {name}", "none")
        return entries

    def entries(self, node: Node, what: str) -> Entries:
        """Return key and value nodes by key; refuse duplicates."""
        if node.id != "mapping":
            self.fail(node, f"{what} has the wrong type", "a mapping", kind_of(node))
        entries: Entries = {}
        for key, value in node.value:
            name = key.value if key.id == "scalar" else kind_of(key)
            if name in entries:
                again = f"{name} again (first on line {line_of(entries[name][0])})"
                self.fail(key, f"duplicate key {name} in {what}", "every key once", again)
            if value.id == "scalar" and not value.value:
                value.start_mark = key.start_mark  # nothing begins on the line of whatever follows it
            entries[name] = (key, value)
        return entries

    def text(self, node: Node, what: str) -> str:
        """Return a text that is not blank."""
        if node.id != "scalar" or not node.tag.endswith(":str") or not node.value.strip():
            self.fail(node, f"{what} has the wrong type", "a text", kind_of(node))
        return str(node.value)

    def truth(self, node: Node, what: str) -> bool:
        """Return true or false."""
        if node.id != "scalar" or not node.tag.endswith(":bool"):
            self.fail(node, f"{what} has the wrong type", "true or false", kind_of(node))
        return bool(node.value.lower() == "true")

    def choice(self, node: Node, what: str, valid: Iterable[str]) -> str:
        """Return one of the valid names."""
        valid = tuple(valid)
        if node.id != "scalar" or node.value not in valid:
            nearest = nearest_name(node.value, valid) if node.id == "scalar" else None
            self.fail(node, f"unknown {what}", f"one of {', '.join(valid)}", kind_of(node), nearest)
        return str(node.value)

    def number(self, node: Node, what: str) -> float:
        """Return a number, as a float, NaN and infinity included."""
        if node.id != "scalar" or not node.tag.endswith((":int", ":float")):
            self.fail(node, f"{what} has the wrong type", "a number", kind_of(node))
        text = node.value.lower()
        if "_" in text:  # a number of YAML 1.1 only
            self.fail(node, f"{what} has the wrong type", "a number without underscores", node.value)
        try:
            if node.tag.endswith(":int"):
                return float(int(text, 0 if text.lstrip("+-")[:2] in {"0x", "0o"} else 10))
            return float(text.replace(".inf", "inf").replace(".nan", "nan"))
        except (ValueError, OverflowError):
            self.fail(node, f"{what} has the wrong type", "a number", kind_of(node))

    def possible(self, node: Node, what: str, declaration: Field) -> float:
        """Return a number that its declaration admits."""
        value = self.number(node, what)
        if not declaration.admits(value):
            got = "not a number" if math.isnan(value) else f"{value:g}"
            expected = f"{declaration.expected} {declaration.unit}".removesuffix(" 1")
            self.fail(node, f"{what} is not possible", expected, got)
        return value
