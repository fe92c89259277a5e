"""The files of shards: written together, told from damaged and from replaced ones.

The file in `runs` is a shard's title page. It gets its name last, so a shard exists whole or not at all. The
name ends with the page's own check sum, `part-00003.1a2b3c4d.parquet`; its metadata say how large the shard's
other files are, what their check sums are, and which older shards it replaces.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import BadInput, Problem
from experiments.shards import TABLES, Finished, long_tables, run_table, write_long
from experiments.storing import whole_files

if TYPE_CHECKING:
    import pyarrow as pa

TITLE = b"prosuming"
"""Key of our entry in the metadata of a file of `runs`."""
PAGES = "part-*.????????.parquet"
BLOCK = 1 << 20


@dataclass(frozen=True)
class Shard:
    """One shard as its title page describes it."""

    name: str
    page: str
    runs: int
    rows: int
    sums: dict[str, tuple[int, int]]
    replaces: tuple[str, ...]


@dataclass(frozen=True)
class Damage:
    """A shard that cannot be used, and why; ``runs`` is None when even their number is lost."""

    name: str
    reason: str
    runs: int | None = None


def write_shard(folder: Path, name: str, finished: list[Finished]) -> Shard:
    """Write some runs as one file per table; all of them appear, or none."""
    tables = long_tables(finished)
    writers = {table: partial(write_long, table=table, row_groups=groups) for table, groups in tables.items()}
    return commit(folder, name, run_table(finished), writers)


def commit(
    folder: Path,
    name: str,
    runs: pa.Table,
    writers: Mapping[str, Callable[[Path], int]],
    replaces: Iterable[str] = (),
) -> Shard:
    """Write the files of a shard under temporary names and rename them, the title page last."""
    targets = [folder / table / name for table in TABLES]
    for target in targets:
        target.parent.mkdir(exist_ok=True)
    with whole_files(*targets) as temporary:
        paths = dict(zip(TABLES, temporary, strict=True))
        rows = sum(write(paths[table]) for table, write in writers.items())
        sums = {table: _sum_of(paths[table]) for table in writers}
        title = {"rows": rows, "sums": sums, "replaces": list(replaces)}
        page = _write_page(paths["runs"], name, runs, title)
    (folder / "runs" / name).replace(folder / "runs" / page)
    return Shard(name, page, runs.num_rows, rows, sums, tuple(replaces))


def _write_page(path: Path, name: str, runs: pa.Table, title: dict[str, Any]) -> str:
    """Write a title page and return the name that it is to get."""
    import pyarrow.parquet as pq

    titled = runs.replace_schema_metadata({TITLE: json.dumps(title).encode()})
    pq.write_table(titled, path, compression="zstd")
    return f"{name.removesuffix('.parquet')}.{_sum_of(path)[1]:08x}.parquet"


def _sum_of(path: Path) -> tuple[int, int]:
    """Return size and CRC-32 of a file."""
    size = check = 0
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            size += len(block)
            check = zlib.crc32(block, check)
    return size, check


def examine(folder: Path, *, thoroughly: bool) -> tuple[list[Shard], list[Damage]]:
    """Return the shards that count and those that are damaged; replaced ones are neither.

    Parameters
    ----------
    thoroughly : compare check sums, which reads every byte; else sizes only.
    """
    good: dict[str, Shard] = {}
    damaged: dict[str, Damage] = {}
    for path in sorted((folder / "runs").glob(PAGES)):
        found = _title_page(path, thoroughly=thoroughly)
        fault = _fault(folder, found, thoroughly=thoroughly) if isinstance(found, Shard) else ""
        if isinstance(found, Damage) or fault:
            damaged[found.name] = Damage(found.name, fault or found.reason, found.runs)  # type: ignore[union-attr]
        elif found.name not in good or found.runs < good[found.name].runs:  # failed runs were taken out
            good[found.name] = found
    replaced = {name for shard in good.values() for name in shard.replaces}
    lost = [damage for name, damage in damaged.items() if name not in replaced and name not in good]
    return [shard for name, shard in good.items() if name not in replaced], lost


def _title_page(path: Path, *, thoroughly: bool) -> Shard | Damage:
    import pyarrow.parquet as pq

    stem, check, _ = path.name.split(".")
    name = f"{stem}.parquet"
    try:
        if thoroughly and f"{_sum_of(path)[1]:08x}" != check:
            return Damage(name, f"runs/{path.name} does not agree with its check sum")
        with pq.ParquetFile(path) as file:
            title = json.loads((file.schema_arrow.metadata or {})[TITLE])
            runs = file.metadata.num_rows
        sums = {table: (size, check) for table, (size, check) in title["sums"].items()}
        return Shard(name, path.name, runs, title["rows"], sums, tuple(title["replaces"]))
    except Exception as error:  # noqa: BLE001 - whatever a damaged file makes of its readers
        return Damage(name, f"runs/{path.name} cannot be read ({_first_line(error)})")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]


def _fault(folder: Path, shard: Shard, *, thoroughly: bool) -> str:
    """Say what is wrong with the long tables of a shard; nothing when they are as they were written."""
    for table, (size, check) in shard.sums.items():
        path = folder / table / shard.name
        try:
            found = _sum_of(path) if thoroughly else (path.stat().st_size, check)
        except OSError as error:
            return f"{table}/{shard.name}: {error.strerror or error}"
        if found[0] != size:
            return f"{table}/{shard.name} has {found[0]:,} bytes in place of {size:,}"
        if found[1] != check:
            return f"{table}/{shard.name} does not agree with its check sum"
    return ""


def committed_files(folder: Path) -> dict[str, list[Path]]:
    """Return the files of each table that count; raise `BadInput` where one is damaged."""
    shards, damaged = examine(folder, thoroughly=False)
    if damaged:
        first = damaged[0]
        expected = "the same `run` or `sweep` again: it removes the file and repeats its runs"
        raise BadInput(Problem(f"{folder} holds a damaged file: {first.reason}", expected))
    files = {table: [folder / table / shard.name for shard in shards] for table in TABLES[:-1]}
    return {**files, "runs": [folder / "runs" / shard.page for shard in shards]}


def remove(folder: Path, names: Iterable[str]) -> None:
    """Remove shards, title pages first."""
    chosen = list(names)
    for name in chosen:
        for page in (folder / "runs").glob(f"{name.removesuffix('.parquet')}.*parquet"):
            page.unlink(missing_ok=True)
    for table in TABLES[:-1]:
        for name in chosen:
            (folder / table / name).unlink(missing_ok=True)


def read_page(folder: Path, shard: Shard) -> pa.Table:
    """Return a shard's table of runs."""
    import pyarrow.parquet as pq

    return pq.read_table(folder / "runs" / shard.page)


def without_runs(folder: Path, shard: Shard, run_ids: set[str]) -> None:
    """Take runs that have no results out of a shard's title page; an empty shard goes altogether."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = read_page(folder, shard)
    kept = table.filter(pc.invert(pc.is_in(table["run_id"], pa.array(sorted(run_ids)))))
    if kept.num_rows == 0:
        remove(folder, [shard.name])
        return
    plain = folder / "runs" / shard.name
    with whole_files(plain) as (temporary,):
        page = _write_page(temporary, shard.name, kept, json.loads(table.schema.metadata[TITLE]))
    plain.replace(folder / "runs" / page)
    (folder / "runs" / shard.page).unlink()
