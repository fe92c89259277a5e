"""`verify`: run a sample again and say whether the numbers of an exported file or a results folder stand."""

from __future__ import annotations

import json
import math
import tempfile
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import option_values
from experiments.errors import BadInput, Problem, shown
from experiments.exporting import Export, csv_of, drawing_software, drawn_again, read_export
from experiments.passport import Passport, digest_of, fingerprint, good_runs, unpack
from experiments.progress import Progress

if TYPE_CHECKING:
    from experiments.config import Experiment
    from experiments.reading import Archive
    from experiments.report_sections import Picture

USUAL_RUNS = 3
SECONDS_FOR_ALL = 60.0
"""When all runs take less than this, all are repeated."""
MOST_DIFFERENCES = 3


@dataclass
class Verdict:
    """What was checked, and what speaks against the numbers; they stand while nothing does."""

    file: str
    kind: str
    checked: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    repeated: int = 0
    runs: int = 0

    @property
    def stands(self) -> bool:
        """Whether nothing speaks against the numbers."""
        return not self.against

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as `--json` prints it."""
        plain = {name: getattr(self, name) for name in ("file", "kind", "checked", "against", "notes")}
        return {**plain, "stands": self.stands, "runs": self.runs, "repeated": self.repeated}


def verify_command(options: Namespace) -> int:
    """Print whether the numbers stand; exit code 1 when they do not."""
    wanted = _wanted(options.runs)
    path = Path(options.file)
    if not path.exists():
        raise BadInput(
            Problem("no such file or folder", "an exported picture, a table, or results", where=str(path))
        )
    verdict = verify_folder(path, wanted) if path.is_dir() else verify_file(path, wanted)
    if options.json:
        print(json.dumps(verdict.as_json(), allow_nan=False))
    else:
        print("\n".join(_lines(verdict)))
    return 0 if verdict.stands else 1


def _wanted(text: str | None) -> float | None:
    """Return how many runs are to be repeated; None for the usual number."""
    if text is None:
        return None
    if text == "all":
        return math.inf
    if not text.isascii() or not text.isdigit() or not int(text[:9]) >= 1:
        raise BadInput(Problem("--runs is not valid", "a whole number of at least 1, or all", shown(text)))
    return float(text[:9])


def _lines(verdict: Verdict) -> list[str]:
    lines = [f"{verdict.file}: the numbers {'stand' if verdict.stands else 'DO NOT stand'}"]
    lines += [f"  checked: {line}" for line in verdict.checked]
    lines += [f"  against: {line}" for line in verdict.against]
    return [*lines, *(f"  note: {line}" for line in verdict.notes)]


def number_of(wanted: float | None, runs: int, seconds: float | None) -> int:
    """Return how many of some runs are repeated.

    >>> number_of(None, 4, 2.0), number_of(None, 400, 2.0), number_of(math.inf, 9, 2.0), number_of(2, 9, 2.0)
    (4, 3, 9, 2)
    """
    if wanted is not None:
        return int(min(wanted, runs))
    return runs if runs * (seconds or math.inf) <= SECONDS_FOR_ALL else min(USUAL_RUNS, runs)


def verify_file(path: Path, wanted: float | None = None) -> Verdict:
    """Return whether an exported picture or table is as it was written, and as the model computes it."""
    found = read_export(path)
    passport = found.passport
    verdict = Verdict(str(path), f"{path.suffix[1:].lower()} of {passport['figure']}", runs=passport["runs"])
    verdict.against += found.faults
    verdict.checked += [] if found.faults else ["the file is as it was exported"]
    _say_version(verdict, passport.get("model_version"))
    with tempfile.TemporaryDirectory(prefix="prosuming-verify-") as name:
        experiment = _experiment_of(passport, Path(name), verdict)
        if experiment is not None:
            _repeat_file(found, experiment, Path(name), verdict, wanted)
    _beside_results(found, verdict)
    return verdict


def _say_version(verdict: Verdict, computed_by: Any) -> None:
    from model.version import model_version

    if computed_by != model_version():
        said = f"computed by model version {computed_by}, repeated by {model_version()}"
        verdict.notes.append(f"{said}: a difference may come from the model")


def _experiment_of(passport: Passport, folder: Path, verdict: Verdict) -> Experiment | None:
    """Return the experiment that a passport holds; None when it is not the one of its hash."""
    from experiments.config import load_experiment

    try:
        experiment = load_experiment(str(unpack(passport, folder)))
    except BadInput as error:
        said = "; ".join(str(problem) for problem in error.problems[:MOST_DIFFERENCES])
        verdict.against.append(f"the experiment in the passport cannot be run: {said}")
        return None
    if any(not path.is_relative_to(folder.resolve()) for path in experiment.named_files().values()):
        verdict.against.append("the experiment in the passport names files outside of it")
        return None
    if experiment.hash != passport["hash"]:
        verdict.against.append(
            "the experiment in the passport is not the one of its hash: it has been changed"
        )
        return None
    verdict.checked.append(f"the experiment file has hash {experiment.hash[:8]}")
    return experiment


def _repeat_file(
    found: Export, experiment: Experiment, folder: Path, verdict: Verdict, wanted: float | None
) -> None:
    passport, witnesses = found.passport, found.passport["witnesses"]
    count = number_of(wanted, passport["runs"], passport.get("seconds_per_run"))
    pairs = passport.get("pairs")
    whole = count >= passport["runs"] and isinstance(pairs, list) and len(pairs) == passport["runs"]
    shown_runs = witnesses if whole else witnesses[:count]
    chosen = pairs if whole else [(one["design_point"], one["replication"]) for one in shown_runs]
    if not _are_runs(chosen, experiment):
        verdict.against.append("the runs in the passport are none of its experiment")
        return
    archive = repeat(experiment, [(point, r) for point, r in chosen or ()], folder / "again")
    verdict.repeated = len(chosen or [])
    _compare_witnesses(archive, shown_runs, verdict)
    if whole:
        _compare_data(found, archive, verdict, f"all {verdict.repeated} runs")
    else:
        said = f"{verdict.repeated} of {passport['runs']} runs were repeated"
        verdict.notes.append(f"{said}; --runs all computes every number again")


def _are_runs(pairs: Any, experiment: Experiment) -> bool:
    """Return whether pairs of design point and replication are runs that an experiment may have."""
    points = experiment.design_points
    return isinstance(pairs, list) and all(
        isinstance(pair, list | tuple)
        and len(pair) == 2
        and all(isinstance(number, int) and number >= 0 for number in pair)
        and pair[0] < points
        for pair in pairs
    )


def repeat(experiment: Experiment, pairs: Sequence[tuple[int, int]], folder: Path) -> Archive:
    """Compute some runs, given by design point and replication, into a new results folder and open it."""
    from experiments.archive import ResultsFolder
    from experiments.performing import perform, setting_of
    from experiments.plan import Plan
    from experiments.reading import open_archive
    from model.version import model_version

    plan = Plan(experiment, model_version())
    jobs = [plan.job(plan.run(point, replication)) for point, replication in pairs]
    setting, _ = setting_of(experiment, model_version(), str(folder), threads=option_values.cores())
    with ResultsFolder(folder, experiment, model_version()) as writing, Progress(len(jobs)) as progress:
        for job in jobs:
            progress.next_run()
            writing.add(perform(setting, job, progress.part))
    return open_archive(folder)


def _compare_witnesses(archive: Archive, witnesses: Sequence[Passport], verdict: Verdict) -> None:
    runs = good_runs(archive).set_index(["design_point", "replication"])
    wrong = []
    for one in witnesses:
        key = int(one["design_point"]), int(one["replication"])
        again = fingerprint(archive, str(runs.loc[key, "run_id"])) if key in runs.index else None
        if again != one["fingerprint"]:
            wrong.append(f"design point {key[0]}, replication {key[1]}")
    if wrong:
        verdict.against.append(f"the model computes other results now: {'; '.join(wrong)}")
    else:
        runs_said = f"{len(witnesses)} run{'s' * (len(witnesses) != 1)}"
        verdict.checked.append(f"{runs_said} came out the same, bit for bit")


def _compare_data(found: Export, archive: Archive, verdict: Verdict, said: str) -> None:
    """Compare a file's numbers with those that its picture has when it is drawn from an archive."""
    from experiments.reporting import picture_of
    from experiments.theme import spec_of

    figure = found.passport["figure"]
    picture = picture_of(archive, figure)
    if picture is None:
        verdict.against.append(f"there is no picture '{figure}' of these results")
        return
    again = csv_of(spec_of(picture.chart))
    if again == found.data:
        verdict.checked.append(f"every number of the file follows from {said}")
        _compare_drawing(found, picture, archive, verdict)
        return
    verdict.against += [f"{line} ({said})" for line in _first_differences(found.data, again)]


def _compare_drawing(found: Export, picture: Picture, archive: Archive, verdict: Verdict) -> None:
    """Draw a picture again, where the same software draws it and the same version stands below it."""
    same = found.passport.get("model_version") == archive.provenance.get("model_version")
    if found.drawing is None or not same or found.passport.get("drawn_with") != drawing_software():
        return
    if drawn_again(picture, found.path.suffix.lower()) == found.drawing:
        verdict.checked.append("the picture is drawn again from these numbers, letter by letter")
    else:
        verdict.against.append("its drawing is not what these numbers look like")


def _first_differences(before: str, now: str) -> list[str]:
    pairs = zip(before.split("\n"), now.split("\n"), strict=False)
    parted = [(number, old, new) for number, (old, new) in enumerate(pairs, start=1) if old != new]
    found = [
        f"line {number}: file {old!r}, computed {new!r}" for number, old, new in parted[:MOST_DIFFERENCES]
    ]
    if len(parted) > MOST_DIFFERENCES:
        found.append(f"{len(parted) - MOST_DIFFERENCES:,} more lines differ")
    return found or ["the file has another number of lines than what is computed"]


def _beside_results(found: Export, verdict: Verdict) -> None:
    """Compare a file that still lies in its results folder with what the folder holds."""
    from experiments.reading import open_archive

    folder = found.path.resolve().parent.parent
    if not (folder / "provenance.json").is_file() or verdict.repeated >= verdict.runs:
        return
    try:
        archive = open_archive(folder)
        if archive.provenance.get("hash") == found.passport["hash"]:
            _compare_data(
                found, archive, verdict, f"the {len(good_runs(archive))} runs stored in {folder.name}"
            )
    except BadInput as error:
        verdict.notes.append(f"the results folder beside the file cannot be read: {error}")


def verify_folder(folder: Path, wanted: float | None = None) -> Verdict:
    """Return whether stored runs come out the same, and whether the exported files belong to them."""
    from experiments.reading import open_archive

    archive = open_archive(folder)
    _refuse_damaged(folder)
    runs = good_runs(archive)
    if not len(runs):
        raise BadInput(Problem(f"{folder} holds no run that went well", "finished runs"))
    verdict = Verdict(str(folder), "results folder", runs=len(runs))
    if archive.experiment.hash != archive.provenance.get("hash"):
        verdict.against.append("experiment.yaml is not the one of the folder's hash: it has been changed")
        return verdict
    _say_version(verdict, archive.provenance.get("model_version"))
    _repeat_folder(archive, verdict, wanted)
    _check_exports(archive, verdict)
    return verdict


def _refuse_damaged(folder: Path) -> None:
    """Refuse a folder of which a file is not what was written: every check sum is compared."""
    from experiments.shard_files import examine

    _, damaged = examine(folder, thoroughly=True)
    if damaged:
        expected = "the same `run` or `sweep` again: it removes the file and repeats its runs"
        raise BadInput(Problem(f"{folder} holds a damaged file: {damaged[0].reason}", expected))


def _repeat_folder(archive: Archive, verdict: Verdict, wanted: float | None) -> None:
    runs = good_runs(archive)
    count = number_of(wanted, len(runs), float(runs["seconds"].mean()))
    places = [round(at * (len(runs) - 1) / max(1, count - 1)) for at in range(count)]
    rows = runs.iloc[places]
    chosen = {(int(r["design_point"]), int(r["replication"])): str(r["run_id"]) for _, r in rows.iterrows()}
    with tempfile.TemporaryDirectory(prefix="prosuming-verify-") as name:
        again = repeat(archive.experiment, list(chosen), Path(name) / "again")
        witnesses = [
            {"design_point": point, "replication": replication, "fingerprint": fingerprint(archive, run_id)}
            for (point, replication), run_id in chosen.items()
        ]
        _compare_witnesses(again, witnesses, verdict)
    verdict.repeated = len(chosen)
    if len(chosen) < len(runs):
        verdict.notes.append(f"{len(chosen)} of {len(runs)} runs were repeated; --runs all repeats every one")


def _check_exports(archive: Archive, verdict: Verdict) -> None:
    """Check the pictures and tables of a folder against the results that it holds."""
    from experiments.reporting import contents_of
    from experiments.theme import spec_of

    files = sorted(path for path in (archive.folder / "figures").glob("*.*") if path.suffix in READABLE)
    if not files:
        return
    contents, _ = contents_of(archive, ())
    digests = {one.stem: digest_of(csv_of(spec_of(one.chart))) for one in contents.every_picture}
    faults = [f"{path.name}: {fault}" for path in files for fault in _export_faults(path, digests)]
    verdict.against += faults
    verdict.checked += [] if faults else [f"{len(files)} pictures and tables follow from the stored runs"]


READABLE = (".svg", ".png", ".csv")


def _export_faults(path: Path, digests: dict[str, str]) -> list[str]:
    try:
        found = read_export(path)
    except BadInput as error:
        return [error.problems[0].what]
    if found.faults:
        return found.faults
    own = digests.get(found.passport["figure"])
    return [] if own == found.passport["data_digest"] else ["its numbers do not follow from the stored runs"]
