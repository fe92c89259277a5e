"""Flat package names are common words: another project's `agents` must be refused, not tested."""

import os
import subprocess
import sys


def collect(root, python_path):
    """Let pytest collect this folder's tests with another folder put first on the import path."""
    command = [sys.executable, "-P", "-m", "pytest", "--collect-only", "-q", "tests/architecture"]
    environment = {**os.environ, "PYTHONPATH": str(python_path)}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def test_a_foreign_package_of_the_same_name_stops_the_run_with_one_message(root, tmp_path):
    (tmp_path / "agents").mkdir()
    (tmp_path / "agents" / "__init__.py").write_text("")
    done = collect(root, tmp_path)
    told = (done.stdout + done.stderr).strip().splitlines()
    assert done.returncode != 0
    assert len(told) == 1
    assert f"Name clash: `agents` would be imported from {tmp_path}" in told[0]
