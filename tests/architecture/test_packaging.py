"""What a user installs: the four packages with their data, at exact versions, no host named."""

import re
import subprocess
import sys
import tomllib
import zipfile

import pytest

PACKAGES = ("agents", "model", "experiments", "viz")
ENTRY = re.compile(
    r"^([a-z0-9._-]+)==\S+( ; .+)? \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+", re.MULTILINE
)


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory):
    """Build the wheel, without a network, and return it opened."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as opened:
        yield opened


def test_the_wheel_holds_the_four_packages_and_nothing_else(wheel):
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_every_table_travels_with_the_packages(wheel, root):
    files = [file for package in PACKAGES for file in (root / package).rglob("*")]
    tables = {file.relative_to(root).as_posix() for file in files if file.suffix in (".yaml", ".csv")}
    assert tables
    assert tables <= set(wheel.namelist())


def test_the_wheel_brings_the_command(wheel):
    entry_points = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert b"prosuming = experiments.__main__:main" in wheel.read(entry_points)


@pytest.mark.parametrize("lock", ["requirements.lock", ".ci/uv.txt"])
def test_a_lock_file_names_no_host_no_index_and_no_path(root, lock):
    text = (root / lock).read_text(encoding="utf-8")
    assert not re.findall(r"://|^\s*-[^-]|^--|\.(?:org|com|io|net)\b|(?<![\w.])/\w|@ ", text, re.MULTILINE)


@pytest.mark.parametrize("lock", ["requirements.lock", ".ci/uv.txt"])
def test_every_locked_package_has_one_version_and_its_hashes(root, lock):
    lines = (root / lock).read_text(encoding="utf-8").splitlines()
    named = [re.split("[= ]", line)[0] for line in lines if line and line[0] not in " #"]
    assert named == [match.group(1) for match in ENTRY.finditer("\n".join(lines) + "\n")]


def test_everything_that_is_asked_for_is_locked(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]
    names = {re.split(r"[\[<>=~ ;]", line)[0].replace(".", "-").lower() for line in asked}
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    assert names <= {match.group(1) for match in ENTRY.finditer(lock)}
