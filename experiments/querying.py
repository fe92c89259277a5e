"""Questions in SQL to a results folder: read-only, and nothing but the folder's own tables can be read."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import BadInput, Problem, shown

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

MOST_ROWS_SHOWN = 50
MOST_ROWS_AS_JSON = 100_000
WIDEST_CELL = 60
LARGEST_LIMIT = 10**9


def query_command(options: Namespace) -> int:
    """Answer one SQL question and print the table."""
    from experiments import open_archive

    most = _most_rows(options.limit, MOST_ROWS_AS_JSON if options.json else MOST_ROWS_SHOWN)
    archive = open_archive(Path(options.folder))
    names, rows = ask(connection(archive.folder), options.sql, most + 1)
    if len(rows) > most:
        print(f"note: only the first {most:,} rows are shown; --limit N shows more", file=sys.stderr)
    if options.json:
        print(json.dumps([dict(zip(names, map(plain, row), strict=True)) for row in rows[:most]]))
    else:
        print_table(names, rows[:most])
    return 0


def _most_rows(text: str | None, usual: int) -> int:
    if text is None:
        return usual
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:12]) <= LARGEST_LIMIT:
        raise BadInput(
            Problem("--limit is not valid", f"a whole number from 1 to {LARGEST_LIMIT:,}", shown(text))
        )
    return int(text)


def query(folder: Path, sql: str) -> pd.DataFrame:
    """Return the answer to one SQL question as a DataFrame."""
    return _answered(cursor(folder), sql).df()


def cursor(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a way to ask the tables of a results folder; they are opened once while no file changes."""
    from experiments.shard_files import committed_files

    paths = [path for files in committed_files(folder).values() for path in files]
    states = [(path.name, found.st_mtime_ns, found.st_size) for path in paths if (found := path.stat())]
    return _opened(folder.absolute(), tuple(states)).cursor()


@lru_cache(maxsize=4)
def _opened(folder: Path, _states: tuple[tuple[str, int, int], ...]) -> duckdb.DuckDBPyConnection:
    return connection(folder)


def ask(tables: duckdb.DuckDBPyConnection, sql: str, most: int) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return column names and at most so many rows of the answer."""
    answer = _answered(tables, sql)
    import duckdb

    try:
        rows = answer.fetchmany(most)
    except duckdb.Error as error:
        raise _bad_question(error) from None
    return _distinct([column[0] for column in answer.description or []]), rows


def connection(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a locked connection with the views series, groups, runs and points of a results folder."""
    import duckdb

    from experiments.reading import EMPTY
    from experiments.shard_files import committed_files
    from experiments.shards import RUN_COLUMNS

    tables = duckdb.connect(":memory:")
    stored = {
        table: [str(path.absolute()) for path in paths] for table, paths in committed_files(folder).items()
    }
    for table, files in stored.items():
        source = f"select * from read_parquet({_listed(files)}, union_by_name = true)"
        tables.execute(
            f"create view {table} as {source}" if files else f"create table {table} ({EMPTY[table]})"
        )
    columns = [row[0] for row in tables.execute("describe runs").fetchall()]
    varied = [_quoted(name) for name in columns if name not in RUN_COLUMNS]
    tables.execute(f"create view points as select distinct {', '.join(['design_point', *varied])} from runs")
    paths = [path for files in stored.values() for path in files]
    for setting in (f"allowed_paths = {_listed(paths)}", "enable_external_access = false"):
        tables.execute(f"set {setting}")
    tables.execute("set lock_configuration = true")
    return tables


def _listed(paths: Sequence[str]) -> str:
    return "[" + ", ".join("'" + path.replace("'", "''") + "'" for path in paths) + "]::varchar[]"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _answered(tables: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyConnection:
    """Run one statement that reads; anything else is refused before it runs."""
    import duckdb

    readers = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
    try:
        statements = duckdb.extract_statements(sql)
        if len(statements) != 1 or statements[0].type not in readers:
            got = f"{len(statements)} statements" if len(statements) != 1 else statements[0].type.name.lower()
            raise BadInput(Problem("the question cannot be asked", "one `select …`", got))
        return tables.execute(statements[0])
    except duckdb.Error as error:
        raise _bad_question(error) from None


def _bad_question(error: Exception) -> BadInput:
    said = str(error).split("\n\nLINE")[0]
    return BadInput(Problem("the question cannot be answered", "SQL over series, groups, runs, points", said))


def _distinct(names: list[str]) -> list[str]:
    """Return column names of which none stands twice.

    >>> _distinct(["a", "b", "a"])
    ['a', 'b', 'a_2']
    """
    found: list[str] = []
    for name in names:
        number = 1 + sum(1 for earlier in names[: len(found)] if earlier == name)
        found.append(name if number == 1 else f"{name}_{number}")
    return found


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: what is no finite number is null, dates are text.

    >>> plain(float("nan")), plain([1, float("inf")]), plain("a")
    (None, [1, None], 'a')
    """
    import math
    from decimal import Decimal

    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else str(value)


def print_table(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Print aligned columns, numbers flush right."""
    cells = [[_cell(value) for value in row] for row in rows]
    numbers = [
        all(isinstance(row[at], int | float) or row[at] is None for row in rows) for at in range(len(names))
    ]
    widths = [max([len(name), *(len(row[at]) for row in cells)]) for at, name in enumerate(names)]
    for line in [list(names), *cells]:
        padded = (
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(line, widths, numbers, strict=True)
        )
        print("  ".join(padded).rstrip())
    if not rows:
        print("(no rows)")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    text = " ".join(str(value).split())
    return text if len(text) <= WIDEST_CELL else text[: WIDEST_CELL - 1] + "…"
