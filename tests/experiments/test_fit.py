"""Curves of diffusion: parameters that were put in come out again."""

import json

import numpy as np
import pytest

from experiments.archive import ResultsFolder
from experiments.config import load_experiment
from experiments.diffusion import CURVES, bass, fit, gompertz, logistic
from experiments.fitting import fit_folder
from experiments.reading import Archive, open_archive
from experiments.shards import Finished, Run
from model.results import Results
from tests.experiments.stored_points import store

YEARS = np.arange(360) / 12.0
MEASURE = "internet_banking_share"


def store_paths(folder, paths) -> Archive:
    """Store one run per path."""
    keys = f"extends: banking\nmonths: {len(paths[0])}\nreplications: {len(paths)}\n"
    (folder / "paths.yaml").write_text(keys, encoding="utf-8")
    experiment = load_experiment("paths.yaml")
    with ResultsFolder(folder / "paths", experiment, "made-up") as writing:
        for seed, path in enumerate(paths, start=1):
            results = Results((MEASURE,), path[:, None], (), np.empty((len(path), 0)), experiment.start, seed)
            writing.add(Finished(Run(f"{seed:016x}", 0, seed - 1, seed, "ok", 0.1), results))
    return open_archive(folder / "paths")


@pytest.mark.parametrize(
    ("name", "path", "exact"),
    [
        ("bass", bass(YEARS, 0.7, 0.03, 0.38), (0.03, 0.38)),
        ("logistic", logistic(YEARS, 0.7, 0.5, 12.0), (0.5, 12.0)),
        ("gompertz", gompertz(YEARS, 0.7, 0.25, 9.0), (0.25, 9.0)),
    ],
)
def test_each_curve_recovers_its_own_parameters(name, path, exact) -> None:
    found = fit(CURVES[name], path, most=1.0)
    assert found.ceiling == pytest.approx(0.7, rel=1e-3)
    assert found.others == pytest.approx(exact, rel=1e-2)
    assert found.r_squared == pytest.approx(1.0, abs=1e-6)


def test_time_of_half_the_ceiling_is_where_the_curve_passes_it() -> None:
    found = fit(CURVES["bass"], bass(YEARS, 0.7, 0.03, 0.38), most=1.0)
    assert bass(np.array(found.times), 0.7, 0.03, 0.38) == pytest.approx([0.07, 0.35, 0.63], rel=1e-3)


def test_bass_is_recovered_from_stored_runs_with_noise_and_a_late_launch(folder) -> None:
    wave = [0.01 * np.sin((3.0 + seed) * YEARS + seed) for seed in range(4)]
    late = [np.where(YEARS > 8.0, bass(YEARS - 8.0, 0.6, 0.02, 0.45) + noise, 0.0) for noise in wave]
    curves, _ = fit_folder(store_paths(folder, [path.clip(0.0, 1.0) for path in late]), MEASURE)[""]
    assert curves[0].curve == "bass"
    estimates, years = curves[0].estimates, curves[0].years
    assert estimates["ceiling"].value == pytest.approx(0.6, abs=0.01)
    assert estimates["imitation"].value == pytest.approx(0.45, abs=0.03)
    assert years["50"].low <= years["50"].value <= years["50"].high
    assert 2003.0 < years["50"].value < 2006.5


def test_one_run_has_no_interval_and_the_caveat_is_printed(folder, command) -> None:
    store_paths(folder, [logistic(YEARS, 0.7, 0.5, 12.0)])
    answer = command("fit", "paths", "--json")
    found = json.loads(answer.out)
    assert found["groups"][0]["best"] == "logistic"
    assert found["groups"][0]["curves"]["logistic"]["parameters"]["midpoint"]["low"] is None
    assert found["groups"][0]["curves"]["logistic"]["parameters"]["midpoint"]["value"] == pytest.approx(
        2002.0
    )
    assert "no proof of contagion" in command("fit", "paths").out


def test_curve_that_ends_beyond_the_data_is_called_an_extrapolation(folder, command) -> None:
    store_paths(folder, [logistic(YEARS, 0.9, 0.2, 25.0)])
    assert "an extrapolation" in command("fit", "paths").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "no such folder"),
        (("paths",), "rises in no run"),
        (("paths", "--measure", "internet_bankng_share"), "did you mean 'internet_banking_share'"),
        (("paths", "--measure", "adopter_share"), "is not stored"),
        (("paths", "--measure", "internet_banking_share,adopter_share"), "is not stored"),
        (("short", "--measure", "adopter_share"), "12 months are too few"),
    ],
)
def test_bad_input_is_said_once(folder, command, arguments, said) -> None:
    store_paths(folder, [np.full(36, 0.3)])
    store(folder, "", lambda _point, _replication: {"adopter_share": 0.5}, name="short")
    answer = command("fit", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
