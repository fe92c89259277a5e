"""A results folder that never was one: runs made by hand at several design points, read like an archive."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from model.results import Results


class MadeUpArchive:
    """Tables of runs by (design point, replication), as `open_archive` gives them."""

    def __init__(self, points: list[dict], runs: dict[tuple[int, int], Results], **experiment) -> None:
        first = next(iter(runs.values()))
        self.folder, self.provenance, self.failures = (
            Path(self.__class__.__name__),
            {"model_version": "0"},
            [],
        )
        told = {
            "label": "A made-up experiment",
            "name": "made-up",
            "levers": {},
            "uncertainties": None,
            "parameters": {},
            "hash": "0" * 64,
        }
        self.experiment = SimpleNamespace(start=first.start, months=first.months, **{**told, **experiment})
        self.points = pd.DataFrame([{"design_point": n, **point} for n, point in enumerate(points)])
        named = {f"{point}-{replication}": run for (point, replication), run in runs.items()}
        self._tables = {kind: _all(kind, named) for kind in ("series", "groups")}
        rows = [
            {
                "run_id": f"{p}-{r}",
                "design_point": p,
                "replication": r,
                "seed": r + 1,
                "status": "ok",
                "seconds": 0.0,
            }
            for p, r in runs
        ]
        self.runs = pd.DataFrame(rows).merge(self.points, on="design_point")

    def series(self, measures=None, *, from_month=0, to_month=None) -> pd.DataFrame:
        """Return measures by run and month."""
        return self._table("series", measures, from_month, to_month)

    def groups(self, measures=None, *, dimension=None, from_month=0, to_month=None) -> pd.DataFrame:
        """Return measures by run, group and month."""
        table = self._table("groups", measures, from_month, to_month)
        return table if dimension is None else table[table["dimension"] == dimension]

    def final(self, measures=None, *, months=12) -> pd.DataFrame:
        """Return the mean of each run's last months."""
        table = self.series(measures, from_month=self.experiment.months - months)
        ends = table.groupby(["run_id", "measure"], observed=True, as_index=False)["value"].mean()
        keys = ["run_id", "design_point", "replication"]
        return self.runs[keys].merge(ends, on="run_id")

    def _table(self, kind: str, measures, from_month: int, to_month: int | None) -> pd.DataFrame:
        table = self._tables[kind]
        wanted = [measures] if isinstance(measures, str) else measures
        chosen = (table["month"] >= from_month) & (table["month"] <= (to_month or table["month"].max()))
        return table[chosen if wanted is None else chosen & table["measure"].isin(wanted)]


def _all(kind: str, runs: dict[str, Results]) -> pd.DataFrame:
    """Return one long table of all runs."""
    tables = [getattr(run, kind).assign(run_id=run_id) for run_id, run in runs.items()]
    return pd.concat(tables, ignore_index=True).astype({"measure": str})
