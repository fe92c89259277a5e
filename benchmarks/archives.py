"""How large a stored number is, and how soon a question about one measure of many runs is answered."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.figures import Figure, median_seconds, seconds
from experiments import merging, shard_files
from experiments.reading import EMPTY
from experiments.shards import Finished, Run
from model.results import Results

MONTHS, MEASURES = 480, 100
RUNS_PER_SHARD = 80
"""What a sweep writes within ten seconds or so."""
BAND = """
    select month, avg(value), quantile_cont(value, [0.05, 0.95])
    from series where measure = 'measure_042' group by month order by month
"""


def made_up_runs(first: int, count: int) -> list[Finished]:
    """Return runs whose measures wander like simulated ones: every value has its own 53 bits."""
    names = tuple(f"measure_{number:03d}" for number in range(MEASURES))
    found = []
    for number in range(first, first + count):
        steps = np.sin(np.arange(MONTHS * MEASURES) * (number + 1.1)).reshape(MONTHS, MEASURES)
        values = 0.5 + np.cumsum(steps, axis=0) / MONTHS
        run = Run(f"{number:016x}", number, 0, 1, "ok", 1.0)
        found.append(Finished(run, Results(names, values, (), np.empty((MONTHS, 0)), "1990-01", 1)))
    return found


def fill(folder: Path, runs: int) -> None:
    """Write an archive as a sweep does: small shards, merged on the way and at the end."""
    shards: list[shard_files.Shard] = []
    for first in range(0, runs, RUNS_PER_SHARD):
        finished = made_up_runs(first, min(RUNS_PER_SHARD, runs - first))
        shards.append(shard_files.write_shard(folder, f"part-{len(_names(folder)):05d}.parquet", finished))
        shards = merged(folder, shards, merging.due(shards))
    for group in merging.left_over(shards):
        shards = merged(folder, shards, group)


def _names(folder: Path) -> range:
    pages = [int(path.name[5:10]) for path in (folder / "runs").glob("part-*")]
    return range(max(pages, default=-1) + 1)


def merged(
    folder: Path, shards: list[shard_files.Shard], group: list[shard_files.Shard]
) -> list[shard_files.Shard]:
    """Return the shards after merging some of them."""
    if not group:
        return shards
    one = merging.merge(folder, f"part-{len(_names(folder)):05d}.parquet", group)
    return [*(shard for shard in shards if shard not in group), one]


def band(folder: Path) -> int:
    """Return the number of months for which the mean and a 90 % band come out."""
    import duckdb

    files = [str(path) for path in shard_files.committed_files(folder)["series"]]
    database = duckdb.connect()
    database.execute(f"create view series as select {_columns()} from read_parquet({files!r})")
    return len(database.execute(BAND).fetchall())


def _columns() -> str:
    return ", ".join(column.split()[0] for column in EMPTY["series"].split(", "))


def figures(*, quick: bool, full: bool = False) -> Iterator[Figure]:
    """Yield bytes per number and seconds per question."""
    runs = 10_000 if full else 160 if quick else 1_000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        taken = seconds(lambda: fill(folder, runs))
        size = sum(path.stat().st_size for path in folder.rglob("*.parquet"))
        numbers = runs * MONTHS * MEASURES
        what = f"archive of {runs:,} runs × {MONTHS} months × {MEASURES} measures"
        yield Figure(f"{what}: bytes per number, keys included", size / numbers, "bytes", 8.0)
        yield Figure(f"{what}: mean and 90 % band of one measure", _median(folder), "s", 1.0)
        yield Figure(f"{what}: files of series", len(list((folder / "series").iterdir())), "files")
        yield Figure(f"{what}: writing and merging", 1e9 * taken / numbers, "ns per number")


def _median(folder: Path) -> float:
    return median_seconds(lambda: band(folder), 5)
