"""What the README says to type works, and what it points to is there."""

import re
import shlex
import shutil
import subprocess
import sys

import pytest

PAGES = ("README.md", "CHANGELOG.md", "docs/INTERFACES.md", "docs/TRACE.md")


def blocks(root, language):
    """Return the README's code blocks in a language."""
    text = (root / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def commands(root):
    """Return the README's shell commands as lists of words, comments left out."""
    lines = [line for block in blocks(root, "bash") for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if shlex.split(line, comments=True)]


def test_every_make_target_exists(root):
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = {words[1] for words in commands(root) if words[0] == "make"}
    assert {"demo", "test"} <= targets <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_alone_prints_every_target(root):
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    done = subprocess.run(["make"], cwd=root, capture_output=True, text=True, check=True)
    assert re.findall(r"^  make ([a-z]+)", done.stdout, re.MULTILINE) == re.findall(
        r"^([a-z]+):", makefile, re.MULTILINE
    )


def test_every_command_of_the_readme_is_known(root):
    lines = [words for words in commands(root) if "experiments" in words]
    known = {words[words.index("experiments") + 1] for words in lines}
    helps = [[sys.executable, "-m", "experiments", command, "--help"] for command in sorted(known)]
    codes = [subprocess.run(words, cwd=root, capture_output=True, check=False).returncode for words in helps]
    assert known >= {"run", "list"}
    assert codes == [0] * len(known)


def test_every_option_of_the_readme_is_explained(root):
    lines = [words for words in commands(root) if "experiments" in words and "run" in words[-8:]]
    options = {
        word for words in lines for word in words[words.index("experiments") :] if word.startswith("--")
    }
    command = [sys.executable, "-m", "experiments", "run", "--help"]
    told = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    assert {option for option in options if option not in told} == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(root, page):
    text = (root / page).read_text(encoding="utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text)]
    assert [link for link in links if link and not (root / page).parent.joinpath(link).exists()] == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [0])
def test_the_python_example_runs(root, tmp_path, number):
    script = tmp_path / "example.py"
    script.write_text(blocks(root, "python")[number], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "adopter_share" in done.stdout or "measure" in done.stdout
