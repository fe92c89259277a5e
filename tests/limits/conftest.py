"""Economies at the limits of theory: values beyond the bounds in which a parameter is defensible."""

import pytest

from model import Economy, Parameters
from model.tasks import load_catalogue


@pytest.fixture
def economy_beyond_bounds(monkeypatch):
    """Return a maker of economies whose parameters, by dotted name, may leave their bounds."""

    def make(parameters=None, **arguments):
        changed = Parameters()
        for name, value in (parameters or {}).items():
            group, _, field = name.partition(".")
            values = getattr(changed, group).model_copy(update={field: value})
            changed = changed.model_copy(update={group: values})
        with monkeypatch.context() as patch:
            patch.setattr(Parameters, "of", lambda *_: changed)
            return Economy(**arguments)

    return make


@pytest.fixture
def catalogue_with():
    """Return a maker of catalogues: some sectors, one value for a column of all tasks or channels."""

    def make(sectors, *, channels=None, tasks=None, firms=None):
        catalogue = load_catalogue().select(sectors)
        values = {f"sectors.{sector.name}.firms": firms for sector in catalogue.sectors if firms}
        for task in catalogue.tasks:
            values |= {f"tasks.{task.name}.{column}": value for column, value in (tasks or {}).items()}
            for channel in task.channels:
                place = f"tasks.{task.name}.{channel.name}"
                values |= {f"{place}.{column}": value for column, value in (channels or {}).items()}
        return catalogue.replaced(values, beyond_bounds=True)

    return make


@pytest.fixture
def run():
    """Return a function that runs an economy to its horizon and returns it."""

    def to_the_end(economy):
        while economy.running:
            economy.step()
        return economy

    return to_the_end
