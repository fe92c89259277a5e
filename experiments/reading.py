"""Read a results folder: its runs, points and measures as tables, and SQL over all of them.

Nothing is written and nothing is locked, so a folder can be read while a sweep still fills it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import BadInput, Problem, nearest_name
from experiments.ownership import refuse_newer
from experiments.provenance import SOFTWARE
from experiments.shard_files import committed_files
from experiments.shards import COLUMNS, RUN_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

    from experiments.config import Experiment

DIMENSIONS = ("task", "channel", "sector", "mode", "age", "education", "income", "segment")
EMPTY = {
    "series": "run_id varchar, month integer, measure varchar, value double",
    "groups": "run_id varchar, month integer, measure varchar, dimension varchar, "
    '"group" varchar, value double',
    "runs": "run_id varchar, design_point integer, replication integer, seed bigint, status varchar, "
    "seconds double",
}
"""The columns of a table of which nothing is stored yet."""


class Archive:
    """A results folder of `run` or `sweep`, open for reading.

    Every table is a pandas data frame; values that a measure does not define are NaN.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.provenance: dict[str, Any] = _provenance(folder)

    def __repr__(self) -> str:
        """Return folder and number of runs."""
        return f"Archive({str(self.folder)!r}, {len(self.runs):,} runs)"

    @cached_property
    def experiment(self) -> Experiment:
        """The complete experiment."""
        from experiments.config import load_experiment

        file = self.folder / "experiment.yaml"
        found, run = load_experiment(file), str(self.provenance.get("hash"))
        if found.hash != run:
            what = "this is not the experiment that was run: it, or a file that it names, has been edited"
            raise BadInput(Problem(what, f"hash {run[:8]}", f"hash {found.hash[:8]}", str(file)))
        return found

    @cached_property
    def months(self) -> int:
        """Number of months that each run stores."""
        from experiments.yaml_lines import read_yaml

        return int(read_yaml(self.folder / "experiment.yaml").plain()["months"])

    @property
    def failures(self) -> list[dict[str, Any]]:
        """Runs that failed: error, traceback, seed and the command that repeats each."""
        file = self.folder / "failures.jsonl"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [json.loads(line) for line in lines]

    @property
    def runs(self) -> pd.DataFrame:
        """One row per run: run_id, design_point, replication, seed, status, seconds, and what varies."""
        return self.query("select * from runs order by design_point, replication")

    @property
    def points(self) -> pd.DataFrame:
        """One row per design point that has been run: its number and the values of what varies."""
        runs = self.runs
        varied = [name for name in runs.columns if name not in RUN_COLUMNS]
        points = runs[["design_point", *varied]].drop_duplicates("design_point")
        return points.reset_index(drop=True)

    def series(
        self, measures: str | Sequence[str] | None = None, *, from_month: int = 0, to_month: int | None = None
    ) -> pd.DataFrame:
        """Return measures by run and month: run_id, month, measure, value.

        Parameters
        ----------
        measures : one name or several; all by default.
        from_month, to_month : first and last month, counted from 0, both included.
        """
        where, values = self._chosen(measures, from_month, to_month)
        return self._ordered("series", COLUMNS["series"], where, values)

    def groups(
        self,
        measures: str | Sequence[str] | None = None,
        *,
        dimension: str | None = None,
        from_month: int = 0,
        to_month: int | None = None,
    ) -> pd.DataFrame:
        """Return measures by run, group and month: run_id, month, measure, dimension, group, value."""
        where, values = self._chosen(measures, from_month, to_month)
        if dimension is not None and dimension not in DIMENSIONS:
            nearest = nearest_name(dimension, DIMENSIONS)
            expected = f"one of {', '.join(DIMENSIONS)}"
            raise BadInput(Problem(f"unknown dimension '{dimension}'", expected, nearest=nearest))
        if dimension is not None:
            where.append("dimension = ?")
            values.append(dimension)
        return self._ordered("groups", COLUMNS["groups"], where, values)

    def final(self, measures: str | Sequence[str] | None = None, *, months: int = 12) -> pd.DataFrame:
        """Return the mean of each run's last months: run_id, design_point, replication, measure, value."""
        if months < 1:
            raise BadInput(Problem("months is not valid", "at least 1", str(months)))
        where, values = self._chosen(measures, max(0, self.months - months), None)
        ends = f"select run_id, measure, avg(value) as value from series where {' and '.join(where)}"
        return self._frame(
            f"""select run_id, design_point, replication, measure, ends.value
                from ({ends} group by run_id, measure) as ends join runs using (run_id)
                order by measure, design_point, replication""",
            values,
        )

    def query(self, sql: str) -> pd.DataFrame:
        """Return the answer to one SQL question over `series`, `groups`, `runs` and `points` (DuckDB)."""
        from experiments.querying import query

        before = committed_files(self.folder)
        try:
            return query(self.folder, sql)
        except BadInput:
            if committed_files(self.folder) == before:
                raise
            return query(self.folder, sql)  # a sweep has just merged the files that were listed

    def _ordered(self, table: str, columns: Iterable[str], where: list[str], values: list[Any]) -> Any:
        names = ", ".join(f'"{name}"' for name in columns)
        keys = ", ".join(f'"{name}"' for name in columns if name not in ("month", "value"))
        sql = f"select {names} from {table} where {' and '.join(where)} order by {keys}, month"
        return self._frame(sql, values)

    def _chosen(
        self, measures: str | Sequence[str] | None, from_month: int, to_month: int | None
    ) -> tuple[list[str], list[Any]]:
        """Return the conditions of a query and their values."""
        if to_month is not None and to_month < from_month:
            got = f"{from_month} to {to_month}"
            raise BadInput(Problem("the months are not valid", "from_month up to to_month", got))
        where = ["month >= ?"]
        values: list[Any] = [from_month]
        if to_month is not None:
            where.append("month <= ?")
            values.append(to_month)
        if measures is not None:
            names = [measures] if isinstance(measures, str) else list(measures)
            self._refuse_unknown(names)
            where.append(f"measure in ({', '.join('?' * len(names))})" if names else "false")
            values += names
        return where, values

    def _refuse_unknown(self, names: Iterable[str]) -> None:
        """Refuse a measure that cannot be stored: a typing error must not give an empty answer."""
        from model.measures import MEASURES

        for name in names:
            if name not in MEASURES:
                expected = "a name from `list measures`"
                nearest = nearest_name(name, MEASURES)
                raise BadInput(Problem(f"unknown measure '{name}'", expected, nearest=nearest))

    def _frame(self, sql: str, values: list[Any]) -> pd.DataFrame:
        import duckdb

        from experiments.querying import cursor

        try:
            return cursor(self.folder).execute(sql, values).df()
        except duckdb.IOException:  # a sweep has just merged the files that were listed
            return cursor(self.folder).execute(sql, values).df()


def open_archive(folder: str | Path) -> Archive:
    """Return a results folder, open for reading.

    Raises
    ------
    BadInput : when the folder holds no results of this software.
    """
    return Archive(Path(folder))


def _provenance(folder: Path) -> dict[str, Any]:
    file = folder / "provenance.json"
    if not folder.is_dir():
        raise BadInput(Problem("no such folder", "a results folder", where=str(folder)))
    if not file.is_file():
        raise BadInput(
            Problem("this is no results folder", "one that holds provenance.json", where=str(folder))
        )
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(Problem(f"the results folder cannot be read ({error})", where=str(file))) from None
    if not isinstance(found, dict) or found.get("software") != SOFTWARE:
        raise BadInput(Problem("this is no results folder of this software", where=str(file)))
    refuse_newer(found, str(folder))
    return found
