"""Find an experiment file, read it and what it extends, and merge them key by key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.errors import BadInput, Problem, nearest_name, shown
from experiments.yaml_lines import Entry, read_yaml, shown_path

CATALOGUE = Path(__file__).parent / "catalogue"
SUFFIXES = (".yaml", ".yml")
MERGED = ("parameters", "drivers", "uncertainties", "levers", "precision")
"""Keys of which an extending file changes single lines; any other key it replaces."""
LONGEST_CHAIN = 50
"""Files, each of which extends the next."""
RIVALS = {"replications": ("precision", "max_replications", "max_minutes"), "precision": ("replications",)}
"""A key given by an extending file takes the place of these inherited ones."""


def catalogue_names() -> list[str]:
    """Return the names of the published experiments."""
    return sorted(path.stem for path in CATALOGUE.glob("*.yaml"))


def find_experiment(name: str) -> Path:
    """Return the file of a catalogue entry or of a path; raise `BadInput` with the nearest name."""
    try:
        return _found(name)
    except OSError as error:  # a name too long, a folder that may not be entered
        raise BadInput(
            Problem(f"{shown(name)} cannot be read ({error.strerror})", "a name or a file")
        ) from None


def _found(name: str) -> Path:
    if _is_path(name):
        return _existing(Path(name), name)
    entry = CATALOGUE / f"{name}.yaml"
    if name and entry.is_file():
        return entry
    if name and Path(name).exists():
        return Path(name)
    raise _unknown(name)


def _is_path(name: str) -> bool:
    return "/" in name or "\\" in name or name.endswith(SUFFIXES)


def _existing(path: Path, name: str) -> Path:
    if not path.exists() and not path.is_symlink():
        nearest = nearest_name(path.stem, catalogue_names())
        raise BadInput(Problem("no such file", where=name, nearest=nearest))
    return path


def _unknown(name: str, where: str = "") -> BadInput:
    names = catalogue_names()
    expected = f"a file or one of {', '.join(names)}"
    what = f"unknown experiment {shown(name)}"
    return BadInput(Problem(what, expected, "", where, nearest_name(name, names)))


def read_experiment(path: Path, chain: tuple[Path, ...] = ()) -> Entry:
    """Return the merged content of a file and of everything that it extends, with the place of each value."""
    tree = _with_full_paths(read_yaml(path), path.parent)
    parent = tree.value.pop("extends", None)
    if parent is None or parent.value is None:
        return tree
    base = _parent_path(parent, path)
    here = (*chain, path.resolve())
    if len(here) > LONGEST_CHAIN:
        raise BadInput(
            Problem("too many files extend each other", f"at most {LONGEST_CHAIN}", where=parent.where)
        )
    if base.resolve() in here:
        steps = " → ".join(shown_path(step) for step in (*here, base.resolve()))
        raise BadInput(Problem("the file extends itself", got=steps, where=parent.where))
    return _merge(read_experiment(base, here), tree)


def _parent_path(parent: Entry, path: Path) -> Path:
    name = parent.value
    if not isinstance(name, str) or not name:
        expected = "a catalogue entry or a file beside this one"
        raise BadInput(Problem("extends is not valid", expected, shown(parent.plain()), parent.where))
    if _is_path(name):
        beside = path.parent / name
        if not beside.is_file():
            raise BadInput(Problem(f"no such file: {name}", "a file beside this one", where=parent.where))
        return beside
    for candidate in (CATALOGUE / f"{name}.yaml", *(path.parent / f"{name}{suffix}" for suffix in SUFFIXES)):
        if candidate.is_file():
            return candidate
    raise _unknown(name, parent.where)


def _with_full_paths(tree: Entry, folder: Path) -> Entry:
    """Make the files that a document names absolute: each path is relative to the file that names it."""
    keys = dict(tree.value)
    if "tasks" in keys:
        keys["tasks"] = _full(keys["tasks"], folder)
    drivers = keys.get("drivers")
    if drivers is not None and isinstance(drivers.value, dict):
        specs = {name: _full_driver(spec, folder) for name, spec in drivers.value.items()}
        keys["drivers"] = Entry(specs, drivers.file, drivers.line)
    return Entry(keys, tree.file, tree.line)


def _full_driver(spec: Entry, folder: Path) -> Entry:
    if not isinstance(spec.value, dict) or "file" not in spec.value:
        return spec
    return Entry({**spec.value, "file": _full(spec.value["file"], folder)}, spec.file, spec.line)


def _full(path: Entry, folder: Path) -> Entry:
    if not isinstance(path.value, str):
        return path
    if "\0" in path.value:
        raise BadInput(Problem("a zero byte in a path", "the path of a file", shown(path.value), path.where))
    return Entry(str((folder / path.value).resolve()), path.file, path.line)


def _merge(base: Entry, child: Entry) -> Entry:
    keys = _without_rivals(dict(base.value), child.value)
    for key, entry in child.value.items():
        inherited = keys.get(key, Entry(None, ""))
        both = isinstance(entry.value, dict) and isinstance(inherited.value, dict)
        merged = Entry({**inherited.value, **entry.value}, entry.file, entry.line) if both else entry
        keys[key] = merged if key in MERGED else entry
    return Entry(keys, child.file, child.line)


def _without_rivals(base: dict[str, Entry], child: dict[str, Entry]) -> dict[str, Entry]:
    """Drop inherited keys and parameters for which the extending file says something else."""
    for key, rivals in RIVALS.items():
        if key in child:
            base = {name: entry for name, entry in base.items() if name not in rivals}
    roles = ("parameters", "uncertainties", "levers")
    said = {role: names_in(child[role]) for role in roles if role in child}
    for role in roles:
        elsewhere = set().union(*(names for other, names in said.items() if other != role))
        if role in base and elsewhere:
            base = without_varied(base, role, elsewhere)
    return base


def without_varied(keys: dict[str, Entry], role: str, names: set[str]) -> dict[str, Entry]:
    """Return the keys of a file without some of its parameters, and without what then has no object."""
    kept = {**keys, role: without(keys[role], names)}
    if kept[role].value or not keys[role].value:
        return kept
    kind = keys["design"].at(("kind",)).value if "design" in keys else None
    gone = (role, "design") if role == "uncertainties" and kind != "list" else (role,)
    return {key: entry for key, entry in kept.items() if key not in gone}


def names_in(entry: Entry) -> set[str]:
    """Return the parameter names of `parameters`, `uncertainties` or `levers`, written as mapping or list."""
    if isinstance(entry.value, dict):
        return set(entry.value)
    items = entry.value if isinstance(entry.value, list) else []
    return {item.value for item in items if isinstance(item.value, str)}


def without(entry: Entry, names: set[Any]) -> Entry:
    """Return a mapping or list of parameters without those called `names`."""
    if isinstance(entry.value, dict):
        kept: Any = {name: inner for name, inner in entry.value.items() if name not in names}
    elif isinstance(entry.value, list):
        kept = [inner for inner in entry.value if inner.plain() not in list(names)]
    else:
        return entry
    return Entry(kept, entry.file, entry.line)
