"""A tile: some hundred consumers whose month is worked out together, task by task.

A pass takes consumers in tiles small enough for what it notes about them to stay in the processor's own
memory. Within a tile every loop runs over consumers for one task, so that what belongs to the task is
constant and columns are read in line. Arrays of this file are notes of one pass; nothing in them lasts.
"""

from typing import NamedTuple

import numpy as np

SIZE = 512  # consumers; measured: 256 to 1,024 take the same time


class Tile(NamedTuple):
    """What a pass notes about the consumers of one tile; all arrays have ``SIZE`` rows."""

    # for the whole month
    skill: np.ndarray  # today's, 0 … 1
    noticed: np.ndarray  # share of her own minutes that she notices
    time_weight: np.ndarray
    strain: np.ndarray
    epoch: np.ndarray
    phase: np.ndarray  # of her clock
    cell: np.ndarray  # group of people
    minutes: np.ndarray  # own min, over all sectors
    baseline: np.ndarray  # occasions that would be staffed
    forced: np.ndarray  # forced occasions
    given: np.ndarray  # contributions
    avoided_now: np.ndarray  # staffed min avoided, at this month's minutes
    waiting: np.ndarray  # min that longer queues and ways impose
    loss: np.ndarray  # EUR lost by own errors
    resentment: np.ndarray  # grievance, summed over sectors
    blame: np.ndarray  # attribution, summed over sectors
    role: np.ndarray  # role perception, summed over sectors
    known: np.ndarray  # experience in 16-bit words, summed over services
    services: np.ndarray  # number of services that arise for her
    mask: np.ndarray  # tasks self-served, as bits
    mood: np.ndarray  # bits
    domains: np.ndarray  # sectors in which she serves herself
    rung: np.ndarray  # highest rung of co-design
    forgoes: np.ndarray  # goes without at least one service
    # for one sector
    firm: np.ndarray  # row of her firm
    belongs: np.ndarray  # is a customer of a firm
    grievance: np.ndarray
    trust: np.ndarray
    sector_minutes: np.ndarray
    sector_baseline: np.ndarray
    sector_forced: np.ndarray
    sector_gain: np.ndarray  # felt time advantage × occasions
    sector_hurt: np.ndarray  # occasions against her will, failed or gone without
    sector_helped: np.ndarray
    sector_mask: np.ndarray
    # for one counter, one task
    closed: np.ndarray  # the counter where she is served is closed
    covered: np.ndarray  # bit per channel that has reached her
    due: np.ndarray  # places in the tile of those who look at the task this month
    own: np.ndarray  # places of those who serve themselves
    # for those who serve themselves, in the order of ``own``
    channel: np.ndarray
    experience: np.ndarray
    requirement: np.ndarray
    own_skill: np.ndarray
    own_noticed: np.ndarray
    occasions: np.ndarray
    today: np.ndarray  # min to be served today
    own_minutes: np.ndarray  # min per occasion
    failures: np.ndarray
    gain: np.ndarray
    learnt: np.ndarray  # experience afterwards


_WHOLE = {
    "epoch": np.int64, "phase": np.int64, "cell": np.int64, "known": np.int64, "services": np.int64,
    "mask": np.uint32, "mood": np.int64, "domains": np.int64, "rung": np.int64, "forgoes": np.bool_,
    "firm": np.int64, "belongs": np.bool_, "sector_mask": np.uint32, "closed": np.bool_,
    "covered": np.uint8, "due": np.int64, "own": np.int64, "channel": np.int64,
}  # fmt: skip


def empty_tile() -> Tile:
    """Return a tile with room for ``SIZE`` consumers."""
    return Tile(*(np.zeros(SIZE, _WHOLE.get(name, np.float64)) for name in Tile._fields))
