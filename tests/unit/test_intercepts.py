"""Intercepts are solved against anchors, and leave the years unseen that validate the model."""

import dataclasses

import pytest

from model.intercepts import Fit, intercept_name, solve
from model.tasks import load_catalogue


def test_anchors_with_an_observed_series_end_in_2015() -> None:
    anchors = [anchor for task in load_catalogue().tasks for anchor in task.anchors]
    observed = [anchor for anchor in anchors if "Eurostat" in anchor.source]
    assert len(observed) >= 4
    assert max(anchor.year for anchor in observed) == 2015


def test_an_anchor_of_one_among_several_channels_moves_that_channel() -> None:
    tasks = {task.name: task for task in load_catalogue().tasks}
    names = [intercept_name(tasks["transfer"], anchor) for anchor in tasks["transfer"].anchors]
    assert names[0] == "tasks.transfer.terminal.intercept"
    assert intercept_name(tasks["cash"], tasks["cash"].anchors[0]) == "tasks.cash.intercept"


@pytest.mark.slow
def test_solving_meets_an_anchor_and_repeats_itself() -> None:
    bank = load_catalogue().select(["bank"])
    cash = next(task for task in bank.tasks if task.name == "cash")
    early = dataclasses.replace(cash.anchors[0], year=1995, value=0.5)
    tasks = tuple(
        dataclasses.replace(task, anchors=(early,) if task.name == "cash" else ()) for task in bank.tasks
    )
    anchored = dataclasses.replace(bank, tasks=tasks)
    runs = [solve(anchored, seeds=(5,), rounds=4, consumers=800) for _ in range(2)]
    (fit,) = runs[0][1]
    assert isinstance(fit, Fit)
    assert fit.simulated == pytest.approx(0.5, abs=0.04)
    assert runs[0][1] == runs[1][1]
