# `make` alone prints help. Every target makes the environment first; once it stands, that costs a few milliseconds.
SHELL := /bin/bash
PYTHON := .venv/bin/python
PACKAGES := agents model experiments viz
# Two processes, a file's tests in one of them; `alone` marks tests that judge by the clock: they run afterwards.
SIDE_BY_SIDE := -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help setup compiled demo test lint check bench patterns liveness findings evidence dashboard lock

help:  ## print this help
	@echo "prosuming: firms hand work to their customers; an agent-based economic model"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup:  ## make the environment in .venv (Python 3.13 or 3.12, exact versions)
	@.ci/environment

compiled: setup  ## compile the model, once per version (a minute)
	@$(PYTHON) -c "from experiments.performing import warm_up; warm_up()"

demo: setup  ## run the main experiment; prints its result and where the picture is
	@$(PYTHON) -m experiments run banking-austria

test: compiled  ## run all tests, doctests included
	@$(PYTHON) $(SIDE_BY_SIDE) -m "not alone"
	@$(PYTHON) -m pytest -m alone tests

lint: setup  ## format, lint, types
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy

check: lint compiled  ## format, lint, types, fast tests, doctests, architecture
	@$(PYTHON) $(SIDE_BY_SIDE) -m "not slow and not alone"
	@$(PYTHON) -m pytest -m "alone and not slow" tests

bench: setup  ## measure speed and memory, beside plain Mesa, C and the limits of memory
	@$(PYTHON) -m benchmarks

patterns: setup  ## compare the default economy with what is observed: the scorecard of P1 to P13
	@$(PYTHON) -m experiments patterns

liveness: setup  ## perturb every parameter and see whether a measure moves
	@$(PYTHON) -m experiments liveness

findings: setup  ## run the experiments behind docs/FINDINGS.md and write it anew
	@$(PYTHON) -m experiments findings --out docs/FINDINGS.md

evidence: setup  ## run what the validation report needs and write docs/validation anew
	@$(PYTHON) -m experiments evidence --out docs/validation

dashboard: setup  ## open the dashboard
	@[ -f viz/session.py ] || { echo "make dashboard: this version has no dashboard yet." >&2; exit 2; }
	@$(PYTHON) -m experiments dashboard

lock: setup  ## write requirements.lock and .ci/uv.txt anew from pyproject.toml
	@.ci/lock
