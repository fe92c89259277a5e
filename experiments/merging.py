"""Merge small shards into large ones, so that a question about one measure reads few long stretches.

Shards of like size are merged eight at a time while a sweep goes on, and what is left when it ends: each
value is written two or three times altogether. No more than one measure of the shards is held in memory.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.shard_files import Shard, commit, read_page, remove
from experiments.shards import COLUMNS, LARGEST_ROW_GROUP, SMALLEST_ROW_GROUP, write_long

if TYPE_CHECKING:
    import pyarrow as pa

TOGETHER = 8
"""Shards of like size that are merged at once."""
ROWS_OF_A_LARGE_SHARD = 32_000_000
"""A shard of this many values is merged no more."""
SMALLEST_TIER = 100_000


def due(shards: list[Shard]) -> list[Shard]:
    """Return shards of like size that are worth merging now; none when there are too few."""
    tiers: dict[int, list[Shard]] = {}
    for shard in shards:
        if shard.rows < ROWS_OF_A_LARGE_SHARD:
            tiers.setdefault(_tier(shard), []).append(shard)
    return next((found[:TOGETHER] for _, found in sorted(tiers.items()) if len(found) >= TOGETHER), [])


def _tier(shard: Shard) -> int:
    return max(0, math.ceil(math.log(max(shard.rows, 1) / SMALLEST_TIER, TOGETHER)))


def left_over(shards: list[Shard]) -> list[list[Shard]]:
    """Return what should be merged when nothing more will come: as few shards as their limit allows."""
    small = sorted((s for s in shards if s.rows < ROWS_OF_A_LARGE_SHARD), key=lambda s: (-s.rows, s.name))
    groups: list[list[Shard]] = []
    for shard in small:
        place = next(
            (g for g in groups if sum(s.rows for s in g) + shard.rows <= ROWS_OF_A_LARGE_SHARD), None
        )
        if place is None:
            groups.append([shard])
        else:
            place.append(shard)
    return [sorted(group, key=lambda shard: shard.name) for group in groups if len(group) > 1]


def merge(folder: Path, name: str, shards: list[Shard]) -> Shard:
    """Write shards as one under a new name and remove them; killed at any moment, nothing is lost."""
    import pyarrow as pa

    runs = pa.concat_tables([read_page(folder, shard).replace_schema_metadata(None) for shard in shards])
    writers = {}
    for table in COLUMNS:
        paths = [folder / table / shard.name for shard in shards]
        writers[table] = partial(write_long, table=table, row_groups=_merged(paths, table))
    merged = commit(folder, name, runs, writers, [shard.name for shard in shards])
    remove(folder, merged.replaces)
    return merged


def _merged(paths: list[Path], table: str) -> Iterator[pa.Table]:
    """Yield the row groups of several files as those of one, sorted as each of them is."""
    pieces = heapq.merge(*(_pieces(path, table) for path in paths), key=lambda piece: piece[0])
    waiting: list[pa.Table] = []
    rows, measure = 0, ""
    for key, same in groupby(pieces, key=lambda piece: piece[0]):
        together = _together([piece for _, piece in same], table)
        if rows >= (LARGEST_ROW_GROUP if key[0] == measure else SMALLEST_ROW_GROUP):
            yield _one(waiting)
            waiting, rows = [], 0
        waiting.append(together)
        rows, measure = rows + together.num_rows, key[0]
    if waiting:
        yield _one(waiting)


def _one(tables: list[pa.Table]) -> pa.Table:
    """Return tables as one, whose words share one dictionary."""
    import pyarrow as pa

    return pa.concat_tables(tables).unify_dictionaries().combine_chunks()


def _together(pieces: list[pa.Table], table: str) -> pa.Table:
    """Return pieces of one measure (and dimension) as one, sorted by group."""
    import numpy as np

    joined = _one(pieces)
    if table == "series" or len(pieces) == 1:
        return joined
    groups = joined["group"].chunk(0)
    rank = np.argsort(np.argsort(groups.dictionary.to_numpy(zero_copy_only=False)))
    return joined.take(np.argsort(rank[groups.indices.to_numpy()], kind="stable"))


def _pieces(path: Path, table: str) -> Iterator[tuple[tuple[str, ...], pa.Table]]:
    """Yield the stretches of a file that share measure (and dimension), with their key, in order."""
    import pyarrow.parquet as pq

    keys = COLUMNS[table][2:-1][:2]
    words = [name for name in COLUMNS[table] if name not in ("month", "value")]
    with pq.ParquetFile(path, read_dictionary=words) as file:
        for number in range(file.num_row_groups):
            group = file.read_row_group(number).combine_chunks()
            yield from _stretches(group, keys)


def _stretches(group: pa.Table, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    import numpy as np

    if group.num_rows == 0:
        return
    columns = [group[name].chunk(0) for name in keys]
    codes = np.array([column.indices.to_numpy() for column in columns])
    starts = np.flatnonzero(np.any(np.diff(codes, axis=1, prepend=-1) != 0, axis=0))
    for start, end in zip(starts, [*starts[1:], group.num_rows], strict=True):
        key = tuple(c.dictionary[int(code[start])].as_py() for c, code in zip(columns, codes, strict=True))
        yield key, group.slice(int(start), int(end - start))
