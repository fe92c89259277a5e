"""The long tables of a results folder: finished runs to Parquet and back, bit for bit."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.storing import whole_files

if TYPE_CHECKING:
    import pyarrow as pa

    from model import Results

TABLES = ("series", "groups", "runs")
"""A run counts as stored when its row stands in `runs`, which is why that table comes last."""


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
    """A run that has ended, with its results if it has any."""

    run: Run
    results: Results | None = None
    varied: dict[str, Any] = field(default_factory=dict)


def write_shard(folder: Path, name: str, finished: list[Finished]) -> None:
    """Write some runs as one Parquet file per table; all three appear, or none."""
    import pyarrow.parquet as pq

    good = [item for item in finished if item.results is not None]
    tables = {"series": _series(good), "groups": _groups(good), "runs": _runs(finished)}
    targets = [folder / table / name for table in TABLES]
    for target in targets:
        target.parent.mkdir(exist_ok=True)
    with whole_files(*targets) as temporary:
        for path, table in zip(temporary, TABLES, strict=True):
            pq.write_table(tables[table], path, row_group_size=500_000, **_encoding(tables[table]))


def _encoding(table: pa.Table) -> dict[str, Any]:
    """Return how a table is packed: names as dictionaries, values byte by byte (half the size, all bits)."""
    names = [name for name in table.column_names if name != "value"]
    split = {"value": "BYTE_STREAM_SPLIT"} if "value" in table.column_names else None
    return {"compression": "zstd", "use_dictionary": names, "column_encoding": split}


def _series(finished: list[Finished]) -> pa.Table:
    """Return the measures of some runs in long form, sorted by measure, run and month."""
    import pyarrow as pa

    blocks = sorted(
        ((measure, item.run.run_id, item.results.values[:, column])
         for item in finished if item.results is not None
         for column, measure in enumerate(item.results.measures)),
        key=lambda block: block[:2],
    )  # fmt: skip
    lengths = [len(values) for _, _, values in blocks]
    columns = {
        "run_id": _repeated([run for _, run, _ in blocks], lengths),
        "month": _months(lengths),
        "measure": _repeated([measure for measure, _, _ in blocks], lengths),
        "value": _values([values for _, _, values in blocks]),
    }
    return pa.table(columns)


def _groups(finished: list[Finished]) -> pa.Table:
    """Return the grouped measures of some runs in long form."""
    import pyarrow as pa

    blocks = sorted(
        ((key, item.run.run_id, item.results.group_values[:, column])
         for item in finished if item.results is not None
         for column, key in enumerate(item.results.group_keys)),
        key=lambda block: block[:2],
    )  # fmt: skip
    lengths = [len(values) for _, _, values in blocks]
    columns = {"run_id": _repeated([run for _, run, _ in blocks], lengths), "month": _months(lengths)}
    for position, name in enumerate(("measure", "dimension", "group")):
        columns[name] = _repeated([key[position] for key, _, _ in blocks], lengths)
    return pa.table({**columns, "value": _values([values for _, _, values in blocks])})


def _runs(finished: list[Finished]) -> pa.Table:
    import pyarrow as pa

    rows = [{**asdict(item.run), **item.varied} for item in finished]
    kinds = {"design_point": pa.int32(), "replication": pa.int32(), "seed": pa.int64()}
    names = list(rows[0])
    columns = {name: pa.array([row[name] for row in rows], kinds.get(name)) for name in names}
    return pa.table(columns)


def _repeated(words: list[str], lengths: list[int]) -> pa.Array:
    """Return each word as often as its length says, as plain strings."""
    import numpy as np
    import pyarrow as pa

    return pa.array(words, pa.string()).take(pa.array(np.repeat(np.arange(len(words)), lengths)))


def _months(lengths: list[int]) -> pa.Array:
    import numpy as np
    import pyarrow as pa

    months = [np.arange(length, dtype=np.int32) for length in lengths]
    return pa.array(np.concatenate(months) if months else np.empty(0, np.int32), pa.int32())


def _values(columns: list[Any]) -> pa.Array:
    """Return values end to end; what is undefined (NaN) becomes null, so that SQL leaves it out."""
    import numpy as np
    import pyarrow as pa

    values = np.concatenate(columns).astype(np.float64) if columns else np.empty(0)
    return pa.array(values, pa.float64(), mask=np.isnan(values))


def read_runs(folder: Path) -> list[tuple[Path, list[dict[str, Any]]]]:
    """Return the rows of every file of the table of runs."""
    import pyarrow.parquet as pq

    files = sorted((folder / "runs").glob("*.parquet"))
    return [(file, pq.read_table(file).to_pylist()) for file in files]


def read_series(folder: Path, *, from_month: int = 0) -> pa.Table:
    """Return the stored series, from a month on."""
    return _read(folder / "series", from_month)


def _read(folder: Path, from_month: int) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = sorted(folder.glob("*.parquet"))
    return pa.concat_tables([pq.read_table(file, filters=[("month", ">=", from_month)]) for file in files])


def read_results(folder: Path, runs: list[Run], start: str, months: int) -> list[Results]:
    """Return stored runs as the model returned them."""
    from model import Results
    from model.measures import MEASURES

    series = _by_run(_read(folder / "series", 0), ("measure",), months)
    groups = _by_run(_read(folder / "groups", 0), ("measure", "dimension", "group"), months)
    found = []
    for run in runs:
        names, values = series.get(run.run_id, ([], _no_values(months)))
        keys, group_values = groups.get(run.run_id, ([], _no_values(months)))
        order = sorted(range(len(names)), key=lambda column: list(MEASURES).index(names[column][0]))
        found.append(
            Results(
                measures=tuple(names[column][0] for column in order),
                values=values[:, order],
                group_keys=tuple(keys),
                group_values=group_values,
                start=start,
                seed=run.seed,
            )
        )
    return found


def _no_values(months: int) -> Any:
    import numpy as np

    return np.empty((months, 0))


def _by_run(table: pa.Table, keys: tuple[str, ...], months: int) -> dict[str, tuple[list[Any], Any]]:
    """Return, per run, the keys of its columns and the values as an array of months × columns."""
    import numpy as np

    values = table["value"].to_numpy().reshape(-1, months)
    heads = table.select(["run_id", *keys]).take(np.arange(len(values)) * months).to_pylist()
    places: dict[str, list[int]] = {}
    for place, head in enumerate(heads):
        places.setdefault(head["run_id"], []).append(place)
    return {
        run_id: ([tuple(heads[place][key] for key in keys) for place in rows], values[rows].T.copy())
        for run_id, rows in places.items()
    }
