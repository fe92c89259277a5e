"""Two settings on the same luck: the difference is taken run by run."""

import json

import numpy as np
import pytest

from experiments.common_luck import compare_folders, compare_levers
from tests.experiments.stored_points import store

TEN = "replications: 10\n"
LEVERS = "levers:\n  policy.compensation_rate: {values: [0, 0.5, 1]}\nreplications: 4\n"


def luck(replication: int) -> float:
    return float(np.sin(9.0 * replication + 1.0))


def lucky(effect: float, own: float = 0.0):
    """Return outcomes whose luck is shared, apart from a little of their own."""
    return lambda _point, r: {"unpaid_hours_gross": 5.0 + effect + luck(r) + own * luck(7 * r + 3)}


def test_difference_on_the_same_luck_has_the_effect_and_no_luck(folder) -> None:
    first, second = (
        store(folder, TEN, lucky(effect), name=name) for effect, name in ((0.0, "a"), (0.3, "b"))
    )
    (found,) = compare_folders(first, second).differences
    assert found.interval == pytest.approx((0.3, 0.3, 0.3))
    assert found.variance_reduction is None or found.variance_reduction > 1e9


def test_variance_reduction_is_that_of_the_stored_values(folder) -> None:
    first, second = (store(folder, TEN, lucky(0.0, own), name=name) for own, name in ((0.0, "a"), (0.5, "b")))
    (found,) = compare_folders(first, second).differences
    a = np.array([luck(r) for r in range(10)])
    b = a + 0.5 * np.array([luck(7 * r + 3) for r in range(10)])
    assert found.variance_reduction == pytest.approx((a.var(ddof=1) + b.var(ddof=1)) / (b - a).var(ddof=1))
    mean, low, high = found.interval
    assert mean == pytest.approx((b - a).mean())
    assert high - mean == pytest.approx(2.262157 * (b - a).std(ddof=1) / np.sqrt(10), rel=1e-5)
    assert mean - low == pytest.approx(high - mean)


def test_every_level_of_a_lever_is_compared_with_the_first(folder) -> None:
    def rising(point, r) -> dict[str, float]:
        return {"unpaid_hours_gross": point.varied["policy.compensation_rate"] ** 2 + luck(r)}

    contrasts = compare_levers(store(folder, LEVERS, rising))
    assert [one.differences[0].interval[0] for one in contrasts] == pytest.approx([0.25, 1.0])
    assert contrasts[0].label == "policy.compensation_rate 0.5 less policy.compensation_rate 0.0"


def test_sampled_points_are_paired_and_carry_the_interval(folder) -> None:
    sample = "uncertainties: {firm.imitation: [0, 8]}\ndesign: {kind: latin_hypercube, points: 6}\n"
    keys = sample + "replications: 2\n"

    def worlds(effect: float):
        return lambda point, r: {"unpaid_hours_gross": effect * point.varied["firm.imitation"] + luck(r)}

    first, second = (
        store(folder, keys, worlds(effect), name=name) for effect, name in ((0.0, "a"), (1.0, "b"))
    )
    contrast = compare_folders(first, second)
    assert (contrast.over, contrast.pairs) == ("points", 12)
    sample = second.points["firm.imitation"]
    assert contrast.differences[0].interval[0] == pytest.approx(sample.mean())


def test_json_is_one_object(folder, command) -> None:
    for name in ("a", "b"):
        store(folder, TEN, lucky(0.0), name=name)
    found = json.loads(command("compare", "a", "b", "--measures", "unpaid_hours_gross", "--json").out)
    (contrast,) = found["contrasts"]
    measure = contrast["measures"]["unpaid_hours_gross"]
    assert (found["a"], found["b"], contrast["pairs"]) == ("a", "b", 10)
    assert (measure["difference"], measure["variance_reduction"], measure["unit"]) == (0.0, None, "h/yr")


def test_other_version_of_the_model_is_said(folder, command) -> None:
    for name in ("a", "b"):
        store(folder, TEN, lucky(0.0), name=name)
    file = folder / "b" / "provenance.json"
    file.write_text(file.read_text().replace('"model_version": "made-up"', '"model_version": "another"'))
    assert "differences may come from the model itself" in command("compare", "a", "b").err


@pytest.mark.parametrize(
    ("keys", "arguments", "said"),
    [
        ("seed: 100\n", (), "share no seed"),
        ("start: 1991-01\n", (), "do not cover the same months"),
        ("", ("--measures", "unpaid_hours_gros"), "did you mean 'unpaid_hours_gross'"),
        ("", ("--measures", "adopter_share"), "is not stored"),
        ("", ("--measures", ","), "no measure is named"),
    ],
)
def test_bad_input_is_said_once(folder, command, keys, arguments, said) -> None:
    store(folder, "", lucky(0.0), name="a")
    store(folder, keys, lucky(0.0), name="b")
    answer = command("compare", "a", "b", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_other_horizon_is_refused(folder, command) -> None:
    store(folder, "", lucky(0.0), name="a")
    store(folder, "", lucky(0.0), name="b", months=11)
    answer = command("compare", "a", "b")
    assert answer.code == 2
    assert "expected 12 months from 1990-01; got 11 months from 1990-01" in answer.err


def test_points_that_have_no_counterpart_are_refused(folder, command) -> None:
    store(folder, "levers: {firm.imitation: {values: [1, 2]}}\n", lucky(0.0), name="a")
    store(folder, "levers: {firm.imitation: {values: [3, 4]}}\n", lucky(0.0), name="b")
    answer = command("compare", "a", "b")
    assert answer.code == 2
    assert "no design point of a stands in b" in answer.err


def test_points_that_cannot_be_told_apart_are_refused(folder, command) -> None:
    store(folder, "levers: {firm.imitation: {values: [1, 2]}}\n", lucky(0.0), name="a")
    store(folder, "", lucky(0.0), name="b")
    answer = command("compare", "a", "b")
    assert answer.code == 2
    assert "cannot be told apart" in answer.err


def test_one_folder_without_levers_is_refused(folder, command) -> None:
    store(folder, "", lucky(0.0), name="a")
    answer = command("compare", "a")
    assert answer.code == 2
    assert "has no levers" in answer.err
