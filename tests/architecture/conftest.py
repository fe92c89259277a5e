"""The source files and what each of them imports."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("agents", "model", "experiments", "viz")


@dataclass(frozen=True)
class Source:
    """A Python file, parsed when a test looks at it."""

    path: str  # relative to the checkout, with slashes

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return parsed(self.path)

    @property
    def imports(self) -> frozenset[str]:
        """All modules imported anywhere in the file, inside functions and for typing included."""
        names: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            if isinstance(node, ast.ImportFrom):
                module = "." * node.level + (node.module or "")
                names |= {module} | {f"{module}.{alias.name}" for alias in node.names}
        return frozenset(names)


@cache
def parsed(path: str) -> ast.Module:
    """Return the syntax tree of a file of the checkout."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def sources_below(*folders: str) -> list[Source]:
    """Return the Python files below some folders of the checkout."""
    files = sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    return [Source(file.relative_to(ROOT).as_posix()) for file in files]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test one source file at a time: `source` of the packages, `rule_file`, `page_file`."""
    folders = {"source": PACKAGES, "rule_file": ("agents/rules",), "page_file": ("viz",)}
    for name in set(folders) & set(metafunc.fixturenames):
        files = sources_below(*folders[name])
        metafunc.parametrize(name, files, ids=[source.path for source in files])
