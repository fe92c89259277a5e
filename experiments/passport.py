"""The passport of an exported picture or table: what it was made from, complete enough to make it again.

It holds the whole experiment file with the files that it names, fingerprints of some runs, and digests of
the data and of the drawing. Files that come with this software are named by their digest only.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import BadInput, Problem
from experiments.intervals import KIND
from experiments.provenance import SOFTWARE

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
"""Of passports; a higher one comes from a newer version of this software."""
N_WITNESSES = 5
"""Runs whose fingerprints a passport holds: evenly spaced over points and replications."""
MOST_PAIRS = 2000
"""With more runs than these, a file is verified from a sample only."""
OBSERVED = Path(__file__).parent / "observed"
LARGEST_INPUT = 20_000_000
"""Bytes of a file that a passport unpacks."""
Passport = dict[str, Any]


def passport_of(archive: Any) -> Passport:
    """Return what all pictures of a results folder share."""
    experiment, provenance = archive.experiment, archive.provenance
    runs = good_runs(archive)
    git = provenance.get("git") or {}
    return {
        "software": SOFTWARE,
        "format": FORMAT,
        "experiment": experiment.name,
        "hash": experiment.hash,
        "model_version": provenance.get("model_version"),
        "version": provenance.get("version"),
        "commit": git.get("commit"),
        "dirty": git.get("dirty"),
        "runs": len(runs),
        "design_points": int(runs["design_point"].nunique()),
        "pairs": _pairs(runs),
        "seeds": sorted({int(seed) for seed in runs["seed"]}),
        "seconds_per_run": round(float(runs["seconds"].mean()), 3) if len(runs) else None,
        "interval": KIND,
        "configuration": experiment.resolved(_moved(experiment)),
        "inputs": _inputs(experiment),
        "witnesses": [witness(archive, row) for _, row in _spaced(runs).iterrows()],
    }


def good_runs(archive: Any) -> pd.DataFrame:
    """Return the runs that went well, in the order of points and replications."""
    runs = archive.runs
    return runs[runs["status"] == "ok"].sort_values(["design_point", "replication"])


def _pairs(runs: pd.DataFrame) -> list[list[int]] | None:
    """Return design point and replication of every run; None where there are too many."""
    if len(runs) > MOST_PAIRS:
        return None
    return [[int(point), int(r)] for point, r in zip(runs["design_point"], runs["replication"], strict=True)]


def _spaced(runs: pd.DataFrame) -> pd.DataFrame:
    count = min(N_WITNESSES, len(runs))
    places = [round(at * (len(runs) - 1) / max(1, count - 1)) for at in range(count)]
    return runs.iloc[places]


def witness(archive: Any, run: Any) -> dict[str, Any]:
    """Return a run with its fingerprint."""
    keys = {name: int(run[name]) for name in ("design_point", "replication", "seed")}
    return {"run_id": str(run["run_id"]), **keys, "fingerprint": fingerprint(archive, str(run["run_id"]))}


def fingerprint(archive: Any, run_id: str) -> str:
    """Return the SHA-256 of a run's series, and of its groups in the last month."""
    import numpy as np

    last = archive.experiment.months - 1
    tables = {
        "series": f"select measure, month, value from series where run_id = '{run_id}' order by all",
        "groups": 'select measure, dimension, "group", value from groups '
        f"where run_id = '{run_id}' and month = {last} order by all",
    }
    found = hashlib.sha256()
    for sql in tables.values():
        table = archive.query(sql)
        keys = [name for name in table.columns if name != "value"]
        found.update("\n".join(map(repr, table[keys].itertuples(index=False, name=None))).encode())
        values = table["value"].to_numpy(np.float64)
        found.update(np.where(np.isnan(values), np.nan, values).tobytes())
    return found.hexdigest()


def _moved(experiment: Any) -> dict[str, str]:
    """Return where a passport keeps the files that an experiment names, by absolute path."""
    return {str(path): f"inputs/{role}{path.suffix}" for role, path in experiment.named_files().items()}


def _inputs(experiment: Any) -> dict[str, dict[str, str]]:
    """Return the named files: their digests, and their contents unless they come with this software."""
    known = {digest_of(path.read_bytes()) for path in OBSERVED.glob("*.csv")}
    found = {}
    for path, place in _moved(experiment).items():
        content = Path(path).read_bytes()
        digest = digest_of(content)
        packed = {} if digest in known else {"content": base64.b64encode(zlib.compress(content, 9)).decode()}
        found[place] = {"sha256": digest, **packed}
    return found


def digest_of(content: bytes | str) -> str:
    """Return the SHA-256 of a text or of bytes."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def unpack(passport: Passport, folder: Path) -> Path:
    """Write a passport's experiment file and inputs into a folder; return the experiment file."""
    for place, entry in passport["inputs"].items():
        target = folder / "inputs" / Path(place).name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(_content_of(place, entry))
    file = folder / f"{Path(str(passport['experiment'])).name}.yaml"
    file.write_text(passport["configuration"], encoding="utf-8")
    return file


def _content_of(place: str, entry: dict[str, Any]) -> bytes:
    digest = str(entry.get("sha256"))
    if "content" in entry:
        try:
            return zlib.decompressobj().decompress(base64.b64decode(entry["content"]), LARGEST_INPUT)
        except (ValueError, TypeError, zlib.error):
            raise BadInput(Problem(f"{Path(place).name} in the passport is damaged")) from None
    for path in OBSERVED.glob("*.csv"):
        if digest_of(path.read_bytes()) == digest:
            return path.read_bytes()
    what = f"the passport names {Path(place).name}, a file of another version of this software"
    raise BadInput(Problem(what, f"an observed file with SHA-256 {digest[:16]}…"))


def text_of(passport: Passport) -> str:
    """Return a passport as one line of ASCII."""
    return json.dumps(passport, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def _is_witness(value: Any) -> bool:
    whole = isinstance(value, dict) and all(
        isinstance(value.get(k), int) for k in ("design_point", "replication")
    )
    return whole and isinstance(value.get("fingerprint"), str)


REQUIRED: dict[str, Callable[[Any], bool]] = {
    "experiment": lambda value: isinstance(value, str),
    "hash": lambda value: isinstance(value, str),
    "configuration": lambda value: isinstance(value, str),
    "inputs": lambda value: isinstance(value, dict) and all(isinstance(e, dict) for e in value.values()),
    "witnesses": lambda value: isinstance(value, list) and bool(value) and all(map(_is_witness, value)),
    "figure": lambda value: isinstance(value, str),
    "data_digest": lambda value: isinstance(value, str),
    "runs": lambda value: isinstance(value, int) and value > 0,
}
"""What `verify` needs, and how it must look."""


def parsed(text: str, where: str) -> Passport:
    """Return a passport from its text; raise `BadInput` when it is none of ours."""
    try:
        found = json.loads(text)
    except ValueError:
        raise BadInput(Problem("the passport in this file is damaged", where=where)) from None
    if not isinstance(found, dict) or found.get("software") != SOFTWARE:
        raise BadInput(Problem("the passport in this file is none of this software's", where=where))
    if found.get("format", 0) > FORMAT:
        what = f"the passport comes from a newer version ({found.get('version')})"
        raise BadInput(Problem(what, f"format {FORMAT}", f"format {found['format']}", where))
    wrong = [key for key, good in REQUIRED.items() if not good(found.get(key))]
    if wrong:
        raise BadInput(Problem(f"the passport lacks {', '.join(wrong)}", where=where))
    return found
