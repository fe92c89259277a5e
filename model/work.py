"""The catalogue in columns, as the compiled passes read it."""

import math
from collections.abc import Iterable

import numpy as np

from agents.columns import Work
from model.parameters import Parameters
from model.task_fields import PAYERS
from model.tasks import Catalogue, Channel, Task

_ACCESS = {"none": 0, "internet": 1, "mobile": 2}
_HIGHEST_SUCCESS = 0.9999  # logits of certainty are infinite


def counter_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the premises of the economy, as ``sector.counter``, in order of first mention."""
    return tuple(dict.fromkeys(f"{task.sector}.{task.counter}" for task in catalogue.tasks))


def work_of(catalogue: Catalogue) -> Work:
    """Return the catalogue as arrays; see :class:`agents.columns.Work` for shapes and units."""
    tasks, sectors = catalogue.tasks, catalogue.sectors
    channels = [channel for task in tasks for channel in task.channels]
    sector_row = {sector.name: row for row, sector in enumerate(sectors)}
    counters = counter_names(catalogue)
    n_tasks = [sum(task.sector == sector.name for task in tasks) for sector in sectors]
    n_channels = [sum(len(t.channels) for t in tasks if t.sector == s.name) for s in sectors]
    firm_sector = np.repeat(np.arange(len(sectors)), [sector.firms for sector in sectors])
    return Work(
        sector=_whole(sector_row[task.sector] for task in tasks),
        counter=_whole(counters.index(f"{task.sector}.{task.counter}") for task in tasks),
        first_channel=_starts(len(task.channels) for task in tasks),
        n_channels=_whole(len(task.channels) for task in tasks),
        contribution=np.array([task.kind == "contribution" for task in tasks], dtype=np.bool_),
        payer=_whole(PAYERS.index(task.payer) if task.payer else -1 for task in tasks),
        co_design=_whole(channel.co_design for channel in channels),
        occasions=_real(task.occasions / 12.0 for task in tasks),
        channel_task=np.repeat(np.arange(len(tasks)), [len(task.channels) for task in tasks]),
        channel_access=_whole(_ACCESS[channel.access] for channel in channels),
        requirement=_real(channel.skill for channel in channels),
        success_logits=_real(_logits(channel) for channel in channels),
        channel_intercept=_real(channel.intercept for channel in channels),
        first_task=_starts(n_tasks),
        n_tasks=_whole(n_tasks),
        sector_first_channel=_starts(n_channels),
        first_firm=_starts(sector.firms for sector in sectors),
        n_firms=_whole(sector.firms for sector in sectors),
        captive=np.array([sector.captive for sector in sectors], dtype=np.bool_),
        fallback=_real(sector.fallback for sector in sectors),
        counter_sector=_whole(sector_row[name.split(".")[0]] for name in counters),
        firm_sector=firm_sector,
        firm_pair=_starts(n_tasks[row] for row in firm_sector),
        firm_channel=_starts(n_channels[row] for row in firm_sector),
        installation=_installations(tasks),
        **{name: _real(getattr(task, name) for task in tasks) for name in _TASK_COLUMNS},
        **{name: _real(getattr(channel, name) for channel in channels) for name in _CHANNEL_COLUMNS},
    )


def scaled(work: Work, parameters: Parameters) -> Work:
    """Return the catalogue's columns with what scales all of them at once."""
    technology = parameters.technology
    return work._replace(
        leakage=work.leakage * technology.leakage_scale,
        staffed_minutes=work.staffed_minutes * technology.counter_minutes,
        money_share=np.minimum(1.0, work.money_share * parameters.firm.price_difference),
    )


_TASK_COLUMNS = (
    "business_occasions", "eligible_share", "employee_minutes", "staffed_minutes", "way_share",
    "staffed_cost", "human_content", "money_share", "rebound", "intercept",
)  # fmt: skip
_CHANNEL_COLUMNS = (
    "introduced", "minutes", "enjoyment", "autonomy", "self_realisation", "responsibility", "unit_cost",
    "fixed_cost", "leakage", "attended_share", "premium", "contribution_value", "initial_share", "success",
    "roll_out",
)  # fmt: skip


def _installations(tasks: tuple[Task, ...]) -> np.ndarray:
    """Return for each channel the first channel of its installation: itself, where it has its own."""
    first: dict[tuple[str, str], int] = {}
    rows = []
    pairs = [(task, channel) for task in tasks for channel in task.channels]
    for row, (owner, channel) in enumerate(pairs):
        own = (owner.sector, channel.installation or f"{owner.name}.{channel.name}")
        rows.append(first.setdefault(own, row))
    return _whole(rows)


def _logits(channel: Channel) -> float:
    success = min(_HIGHEST_SUCCESS, max(1.0 - _HIGHEST_SUCCESS, channel.success))
    return math.log(success / (1.0 - success))


def _whole(values: Iterable[int]) -> np.ndarray:
    return np.array(list(values), dtype=np.int64)


def _real(values: Iterable[float]) -> np.ndarray:
    return np.array(list(values), dtype=np.float64)


def _starts(counts: Iterable[int]) -> np.ndarray:
    """Return where each of several runs of the given lengths starts in a common row."""
    lengths = _whole(counts)
    return np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
