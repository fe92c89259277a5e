"""What an experiment file means: YAML 1.2, extending, overriding, and the hash of what it computes."""

import pytest

from experiments.config import load_experiment
from experiments.errors import BadInput
from experiments.inheritance import catalogue_names

TABLE = "indicator,geo,year,value,unit,source\n" + "".join(
    f"internet_use,AT,{year},{2 * (year - 1989)},% of people,made up\n" for year in range(1990, 2020)
)


@pytest.mark.parametrize("name", catalogue_names())
def test_every_published_experiment_is_valid_and_asks_a_question(name):
    experiment = load_experiment(name)
    assert experiment.title
    assert experiment.question


def test_the_traps_of_older_yaml_are_none(write):
    write(
        "title: no\nquestion: 12:30:45\nstart: 1990-01\nmonths: 012\n"
        "parameters: {population.consumers: 1e3}\n"
    )
    experiment = load_experiment("mine.yaml")
    read = (experiment.title, experiment.question, experiment.start, experiment.months)
    assert read == ("no", "12:30:45", "1990-01", 12)
    assert experiment.parameters == {"population.consumers": 1000}


@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbfmonths: 7\n", b"months: 7\r\n", b"%YAML 1.1\n---\nmonths: 7\n"]
)
def test_files_of_other_editors_are_read(write, content):
    write(content)
    assert load_experiment("mine.yaml").months == 7


def test_a_file_changes_single_parameters_of_the_one_it_extends(write):
    write("title: base\nmonths: 24\nparameters: {firm.imitation: 2, firm.pass_through: 0.5}\n", "base.yaml")
    write("extends: base.yaml\nparameters: {firm.imitation: 3}\n", "child.yaml")
    child = load_experiment("child.yaml")
    assert (child.title, child.months) == ("base", 24)
    assert child.parameters == {"firm.imitation": 3.0, "firm.pass_through": 0.5}


def test_a_path_is_relative_to_the_file_that_names_it(write):
    write(TABLE, "data/access.csv")
    write("drivers: {access: {file: access.csv, geo: AT}}\n", "data/base.yaml")
    write("extends: data/base.yaml\n", "child.yaml")
    assert load_experiment("child.yaml").driver_series()[0].access is not None


def test_what_an_extending_file_fixes_no_longer_varies(write):
    write("levers: {firm.imitation: {values: [1, 2]}}\nprecision: {adopter_share: 0.1}\n", "base.yaml")
    write("extends: base.yaml\nreplications: 3\nparameters: {firm.imitation: 3}\n", "child.yaml")
    child = load_experiment("child.yaml")
    assert (child.design_points, child.precision, child.replications) == (1, None, 3)


@pytest.mark.parametrize(
    ("design", "points"),
    [
        ("{kind: grid, levels: 3}", 9),
        ("{kind: latin_hypercube, points: 64}", 64),
        ("{kind: sobol, points: 16}", 16),
        ("{kind: morris, trajectories: 10}", 30),
        ("{kind: saltelli, points: 8}", 48),
    ],
)
def test_levers_are_crossed_with_the_sample(write, design, points):
    write(
        f"uncertainties: [firm.imitation, firm.pass_through]\ndesign: {design}\n"
        "levers: {policy.compensation_rate: {values: [0, 0.5, 1]}}\n"
    )
    assert load_experiment("mine.yaml").design_points == 3 * points


def test_overrides_are_values_of_yaml():
    given = ["start=1995-02", "months=12", "seed=7", "replications=2", "economy.sectors=bank,retail"]
    experiment = load_experiment("banking", given)
    assert (experiment.start, experiment.months, experiment.seed) == ("1995-02", 12, 7)
    assert experiment.parameters["economy.sectors"] == "bank,retail"


@pytest.mark.parametrize(
    ("override", "reason"),
    [
        ("monhts=3", "did you mean 'months'?"),
        ("firm.imitaton=3", "did you mean 'firm.imitation'?"),
        ("firm.imitation=99", "[0, 8]"),
        ("firm.imitation", "no `key=value`"),
        ("firm.imitation=", "no `key=value`"),
        ("firm.imitation=nan", "got 'nan'"),
        ("firm.imitation=.nan", "finite"),
        ("title=x", "unknown parameter 'title'"),
        ("--seed=-1", "--seed -1: seed is not valid"),
        ("--replications=2.5", "--replications 2.5: replications is not valid"),
    ],
)
def test_a_bad_override_is_refused_by_its_name(override, reason):
    with pytest.raises(BadInput) as refused:
        load_experiment("banking", [override])
    assert reason in str(refused.value)


def test_the_same_override_twice_is_accepted_and_a_contradiction_is_not():
    assert load_experiment("banking", ["seed=3", "--seed=3"]).seed == 3
    with pytest.raises(BadInput, match="'seed' is given twice"):
        load_experiment("banking", ["seed=3", "--seed=4"])


@pytest.mark.parametrize(
    "text", ["title: other\n", "question: other\n", "parameters: {firm.imitation: 4.0}\n"]
)
def test_words_and_ways_of_writing_do_not_change_the_hash(write, text):
    write("parameters: {firm.imitation: 4}\n", "one.yaml")
    write(text if "parameters" in text else "parameters: {firm.imitation: 4}\n" + text, "other.yaml")
    assert load_experiment("one.yaml").hash == load_experiment("other.yaml").hash


@pytest.mark.parametrize("text", ["months: 9\n", "seed: 9\n", "replications: 9\n", "start: 1991-01\n"])
def test_what_changes_results_changes_the_hash(write, text):
    write("title: x\n", "one.yaml")
    write(text, "other.yaml")
    assert load_experiment("one.yaml").hash != load_experiment("other.yaml").hash


def test_the_hash_follows_the_contents_of_a_driver_file_and_not_its_path(write):
    write(TABLE, "a/access.csv")
    write(TABLE, "b/other.csv")
    write("drivers: {access: {file: a/access.csv, geo: AT}}\n", "one.yaml")
    write("drivers: {access: {file: b/other.csv, geo: AT}}\n", "other.yaml")
    before = load_experiment("one.yaml").hash
    assert load_experiment("other.yaml").hash == before
    write(TABLE.replace(",2010,42,", ",2010,43,"), "b/other.csv")
    assert load_experiment("other.yaml").hash != before


def test_the_complete_file_is_the_same_experiment(write):
    original = load_experiment("banking", ["seed=5", "firm.imitation=2"])
    write(original.resolved(), "complete.yaml")
    assert load_experiment("complete.yaml").hash == original.hash
