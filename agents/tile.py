"""A tile: some hundred consumers whose month is worked out together, task by task.

A pass takes consumers in tiles small enough for what it notes about them to stay in the processor's own
memory. Within a tile every loop runs over consumers for one task and one quantity, without branches where
that is possible: what belongs to the task is constant, columns are read in line, and several consumers
are worked out at a time. Arrays of this file are notes of one pass; nothing in them lasts.
"""

from typing import NamedTuple

import numpy as np

from agents.rules.lending import lent

SIZE = 512  # consumers; 256 to 1,024 could not be told apart


@lent
class Tile(NamedTuple):
    """What a pass notes about the consumers of one tile; arrays have ``SIZE`` rows unless said otherwise."""

    # for the whole month
    skill: np.ndarray  # today's, 0 … 1
    noticed: np.ndarray  # share of her own minutes that she notices
    time_weight: np.ndarray
    strain: np.ndarray
    epoch: np.ndarray
    phase: np.ndarray  # of her clock
    cell: np.ndarray  # group of people
    seen_serving: np.ndarray  # (SIZE, width) what her neighbours did last month: bit per task
    seen_mood: np.ndarray  # (SIZE, width) how they felt: bits
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
    pair: np.ndarray  # where her firm's and segment's counts begin
    grievance: np.ndarray
    trust: np.ndarray
    sector_minutes: np.ndarray
    sector_baseline: np.ndarray
    sector_forced: np.ndarray
    sector_gain: np.ndarray  # felt time advantage × occasions
    sector_hurt: np.ndarray  # occasions against her will, failed or gone without
    sector_helped: np.ndarray
    sector_mask: np.ndarray
    fast: np.ndarray  # grievance after the month, fast part
    slow: np.ndarray
    # for one counter, one task
    closed: np.ndarray  # the counter where she is served is closed
    covered: np.ndarray  # bit per channel that has reached her
    arises: np.ndarray  # the task arises for her
    withdrawn: np.ndarray  # her counter is closed and a channel stands in its place
    looks: np.ndarray  # she looks at the task this month, or does it herself
    by_phase: np.ndarray  # her clock is due
    by_firm: np.ndarray  # (F,) something of each firm
    below: np.ndarray  # (F,) a consumer's draw must lie below it to count
    words: np.ndarray  # draws as whole numbers
    amount: np.ndarray  # something of each consumer
    state: np.ndarray  # in which she is counted
    of_pair: np.ndarray  # where, by firm
    of_cell: np.ndarray  # where, within her group of people
    due: np.ndarray  # places in the tile of those who look at the task this month
    own: np.ndarray  # places of those who serve themselves
    # for those who serve themselves, in the order of ``own``
    channel: np.ndarray
    line: np.ndarray  # where the sums of their segment, firm and channel are
    experience: np.ndarray
    requirement: np.ndarray
    own_skill: np.ndarray
    own_noticed: np.ndarray
    occasions: np.ndarray
    today: np.ndarray  # min to be served today
    own_minutes: np.ndarray  # min of a month, without escalation
    own_time: np.ndarray  # with it
    failures: np.ndarray
    gain: np.ndarray
    learnt: np.ndarray  # experience afterwards


_WHOLE = {
    "epoch": np.int64, "phase": np.uint8, "cell": np.uint32, "known": np.int32, "services": np.int32,
    "mask": np.uint32, "mood": np.uint16, "domains": np.int32, "rung": np.int32, "forgoes": np.bool_,
    "firm": np.uint32, "belongs": np.uint8, "pair": np.uint32, "sector_mask": np.uint32, "closed": np.uint8,
    "covered": np.uint8, "arises": np.uint8, "withdrawn": np.uint8, "looks": np.uint8, "by_phase": np.uint8,
    "state": np.uint8, "of_pair": np.uint32, "of_cell": np.uint8, "words": np.uint64,
    "due": np.uint32, "own": np.uint32, "channel": np.uint32, "line": np.uint32,
}  # fmt: skip


def empty_tile(width: int, firms: int) -> Tile:
    """Return a tile with room for ``SIZE`` consumers who have up to ``width`` neighbours."""
    seen = {"seen_serving": np.uint32, "seen_mood": np.uint16}
    columns: dict[str, np.ndarray] = {
        name: np.zeros(SIZE, _WHOLE.get(name, np.float64)) for name in Tile._fields
    }
    columns["by_firm"], columns["below"] = np.zeros(firms), np.zeros(firms, np.uint64)
    return Tile(**columns | {name: np.zeros((SIZE, width), kind) for name, kind in seen.items()})
