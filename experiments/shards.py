"""The long tables of a results folder: finished runs to Parquet and back, bit for bit.

A shard is one file per table under one name. Long tables are sorted by measure, and no row group holds
parts of two measures unless it holds both whole: a question about one measure reads little else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from model import Results

TABLES = ("series", "groups", "runs")
"""A run counts as stored when its row stands in `runs`, which is why that table comes last."""
COLUMNS = {
    "series": ("run_id", "month", "measure", "value"),
    "groups": ("run_id", "month", "measure", "dimension", "group", "value"),
}
RUN_COLUMNS = ("run_id", "design_point", "replication", "seed", "status", "seconds")
SMALLEST_ROW_GROUP = 65_536
LARGEST_ROW_GROUP = 1_048_576
"""Rows; measures share a row group until it has the smaller number, and one measure fills several."""


@dataclass(frozen=True)
class Run:
    """One row of the table of runs."""

    run_id: str
    design_point: int
    replication: int
    seed: int
    status: str
    seconds: float


@dataclass
class Finished:
    """A run that has ended: its results, or what went wrong."""

    run: Run
    results: Results | None = None
    varied: dict[str, Any] = field(default_factory=dict)
    failure: dict[str, Any] | None = None

    @property
    def rows(self) -> int:
        """Number of values in the long tables."""
        return 0 if self.results is None else self.results.values.size + self.results.group_values.size


@dataclass(frozen=True)
class Block:
    """The months of one measure of one run, or of one group: a piece of a long table."""

    key: tuple[str, ...]
    run_id: str
    values: np.ndarray


def long_tables(finished: Iterable[Finished]) -> dict[str, Iterator[pa.Table]]:
    """Return the row groups of `series` and `groups` for some runs."""
    found: dict[str, list[Block]] = {"series": [], "groups": []}
    for item in finished:
        if item.results is None:
            continue
        for column, name in enumerate(item.results.measures):
            found["series"].append(Block((name,), item.run.run_id, item.results.values[:, column]))
        for column, key in enumerate(item.results.group_keys):
            found["groups"].append(Block(key, item.run.run_id, item.results.group_values[:, column]))
    return {table: _row_groups(blocks, COLUMNS[table]) for table, blocks in found.items()}


def _row_groups(blocks: list[Block], columns: tuple[str, ...]) -> Iterator[pa.Table]:
    """Yield blocks as tables, sorted by key and run."""
    waiting: list[Block] = []
    rows = 0
    for block in sorted(blocks, key=lambda block: (block.key, block.run_id)):
        new_measure = bool(waiting) and block.key[0] != waiting[-1].key[0]
        if rows >= (SMALLEST_ROW_GROUP if new_measure else LARGEST_ROW_GROUP):
            yield _table(waiting, columns)
            waiting, rows = [], 0
        waiting.append(block)
        rows += len(block.values)
    if waiting:
        yield _table(waiting, columns)


def _table(blocks: list[Block], columns: tuple[str, ...]) -> pa.Table:
    import numpy as np
    import pyarrow as pa

    lengths = np.array([len(block.values) for block in blocks])
    built = {"run_id": _words([block.run_id for block in blocks], lengths)}
    months = [np.arange(length, dtype=np.int32) for length in lengths]
    built["month"] = pa.array(np.concatenate(months))
    for place, name in enumerate(columns[2:-1]):
        built[name] = _words([block.key[place] for block in blocks], lengths)
    values = np.concatenate([block.values for block in blocks]).astype(np.float64, copy=False)
    built["value"] = pa.array(values, pa.float64(), mask=np.isnan(values))  # SQL leaves out what is null
    return pa.table({name: built[name] for name in columns}, schema=long_schema(columns))


def _words(words: list[str], lengths: np.ndarray) -> pa.DictionaryArray:
    """Return each word as often as its length says."""
    import numpy as np
    import pyarrow as pa

    places = {word: place for place, word in enumerate(dict.fromkeys(words))}
    codes = np.repeat(np.array([places[word] for word in words], dtype=np.int32), lengths)
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(list(places), pa.string()))


def long_schema(columns: tuple[str, ...]) -> pa.Schema:
    """Return the types of a long table while it is being written."""
    import pyarrow as pa

    kinds = {"month": pa.int32(), "value": pa.float64()}
    word = pa.dictionary(pa.int32(), pa.string())
    return pa.schema([(name, kinds.get(name, word)) for name in columns])


def write_long(target: Path | Any, table: str, row_groups: Iterable[pa.Table]) -> int:
    """Write a long table to a path or a stream, one row group per table given; return its rows.

    Words are packed as dictionaries, values byte by byte: smaller, and every bit is kept. Words are written
    from dictionaries but come back as plain text.
    """
    import pyarrow.parquet as pq

    columns, rows = COLUMNS[table], 0
    packed = [name for name in columns if name != "value"]
    with pq.ParquetWriter(
        target,
        long_schema(columns),
        compression="zstd",
        use_dictionary=packed,
        column_encoding={"value": "BYTE_STREAM_SPLIT"},
        store_schema=False,
    ) as writer:
        for group in row_groups:
            writer.write_table(group, row_group_size=2 * LARGEST_ROW_GROUP)
            rows += group.num_rows
    return rows


def run_table(finished: Iterable[Finished]) -> pa.Table:
    """Return the table of runs: one row each, with a column per varied parameter or lever."""
    import pyarrow as pa

    rows = [{**asdict(item.run), **item.varied} for item in finished]
    kinds = {"design_point": pa.int32(), "replication": pa.int32(), "seed": pa.int64()}
    columns = {name: pa.array([row[name] for row in rows], kinds.get(name)) for name in rows[0]}
    return pa.table(columns)


def read_results(files: dict[str, list[Path]], runs: list[Run], start: str, months: int) -> list[Results]:
    """Return stored runs as the model returned them."""
    from model import Results
    from model.measures import MEASURES

    order = {name: place for place, name in enumerate(MEASURES)}
    series = _by_run(files["series"], COLUMNS["series"], months)
    groups = _by_run(files["groups"], COLUMNS["groups"], months)
    found = []
    for run in runs:
        names, values = series.get(run.run_id, ([], _no_values(months)))
        keys, group_values = groups.get(run.run_id, ([], _no_values(months)))
        places = sorted(range(len(names)), key=lambda column: order[names[column][0]])
        measures = tuple(names[column][0] for column in places)
        found.append(Results(measures, values[:, places], tuple(keys), group_values, start, run.seed))
    return found


def _no_values(months: int) -> Any:
    import numpy as np

    return np.empty((months, 0))


def _by_run(files: list[Path], columns: tuple[str, ...], months: int) -> dict[str, tuple[list[Any], Any]]:
    """Return, per run, the keys of its columns and the values as an array of months × columns."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not files:
        return {}
    keys = [name for name in columns if name not in ("month", "value")]
    table = pa.concat_tables([pq.read_table(file) for file in files])
    values = table["value"].to_numpy().reshape(-1, months)
    heads = table.select(keys).take(np.arange(len(values)) * months).to_pylist()
    places: dict[str, list[int]] = {}
    for place, head in enumerate(heads):
        places.setdefault(head["run_id"], []).append(place)
    return {
        run_id: ([tuple(heads[place][key] for key in keys[1:]) for place in rows], values[rows].T.copy())
        for run_id, rows in places.items()
    }
