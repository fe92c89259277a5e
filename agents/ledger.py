"""What the passes over consumers count and add up, and the lines of the ledger that follow from it.

A month's occasions of a task are the same for everybody of a segment, so that most lines follow from how
many consumers were in which *state*: these are whole numbers, and their sum does not depend on any order.
What depends on a consumer's own minutes is added up in float64 per fixed chunk of consumers, chunk by chunk.
Neither depends on the number of threads.
"""

from typing import NamedTuple

import numpy as np

from agents.rules.lending import lent

# Lines by firm and task (a "pair"), per month
(
    BASELINE,  # occasions that would be staffed without self-service
    STAFFED,  # occasions served at the counter
    SELF_SERVED,  # occasions that customers serve themselves, induced ones included
    INDUCED,  # occasions that exist only because self-service is easy (rebound)
    HELPED,  # occasions of a closed counter at which staff help
    FORGONE,  # occasions of a closed counter that nobody serves
    FAILED,  # failed attempts
    VOLUNTARY,  # self-served occasions by class
    INCENTIVISED,
    FORCED,
    UNWILLING,  # self-served although she would be served at reference minutes
    WELCOME,  # self-served and preferred (U > 0)
    VOLUNTARY_MINUTES,  # own minutes by class
    INCENTIVISED_MINUTES,
    FORCED_MINUTES,
    ESCALATION_MINUTES,  # own minutes after failed attempts
    FELT_MINUTES,  # own minutes that are noticed
    OWN_VALUE,  # own minutes × value of time, EUR
    AVOIDED_MINUTES,  # staffed minutes avoided, at reference minutes
    AVOIDED_NOW_MINUTES,  # the same at this month's minutes
    WAITING_MINUTES,  # staffed and helped occasions × (this month's − reference minutes)
    LOSS,  # EUR that customers lose by own errors
    COVERED,  # baseline occasions of customers who could use a channel
    ACCEPTED,  # of these, the self-served ones
    OPEN_STAFFED,  # staffed occasions at which a counter fee is due (a channel was there)
) = range(25)
PAIR_LINES = 25

# Lines by group of people (a "cell": age × education × income, and business clients), per month
(
    PEOPLE,
    ADOPTERS,  # self-served at least one task in the last three months
    CELL_BASELINE,
    CELL_SELF_SERVED,
    CELL_INDUCED,
    CELL_HELPED,
    CELL_FORGONE,
    CELL_VOLUNTARY,
    CELL_INCENTIVISED,
    CELL_FORCED,
    CELL_UNWILLING,
    CELL_OWN_MINUTES,  # escalation included
    CELL_FELT_MINUTES,
    CELL_AVOIDED_MINUTES,
    CELL_AVOIDED_NOW_MINUTES,
    CELL_WAITING_MINUTES,
    CELL_OWN_VALUE,
    CELL_LOSS,
    DOMAINS,  # sectors in which she serves herself
    EXCLUDED,  # people who forgo at least one service
    OVERLOADED,  # people above their comfort budget
    AWARENESS,
    GRIEVANCE,  # mean over sectors, summed over people
    ROLE,
    LEFT,  # people who left a firm
    CONTRIBUTORS,  # people who contribute to a firm's products, quality or marketing
    ATTRIBUTION,  # "they only save money", mean over sectors, summed over people
    CLARITY,  # role clarity, mean over her service tasks, summed over people
    RUNG_1,  # people by the highest rung of co-design they stand on
    RUNG_2,
    RUNG_3,
) = range(31)
CELL_LINES = 31

# Lines by group of people and task: people
(
    ELIGIBLE,  # for whom the task arises
    USERS,  # who serve themselves this month
    DIGITAL_QUARTER,  # who used an internet or mobile channel in the last 3 months
    DIGITAL_YEAR,  # … in the last 12 months
    DIGITAL_THREE_YEARS,  # … in the last 36 months
) = range(5)
TASK_LINES = 5

# Lines by firm
PRIVATE_CUSTOMERS, BUSINESS_CUSTOMERS, FIRM_GRIEVANCE, LOST = range(4)
FIRM_LINES = 4

N_CELLS = 46  # 5 ages × 3 educations × 3 incomes, and business clients
BUSINESS_CELL = 45
N_BINS = 512  # of own minutes, for the Lorenz curve


#: States in which a consumer may be in a task, as a number below 32: at the counter, …
STAFFED_STATE, HELPED_STATE, FORGONE_STATE = 0, 1, 2
OFFERED_BIT, CLOSED_BIT = 4, 8  # a channel has reached her; her counter is closed
# … or serving herself
OWN_BIT, FORCED_BIT, TIPPED_BIT, UNWILLING_BIT, WELCOME_BIT = 16, 1, 2, 4, 8
N_STATES = 32

# Lines by firm and channel, of those who serve themselves
(
    OWN_PEOPLE,  # consumers
    OWN_VOLUNTARY,  # min by class
    OWN_INCENTIVISED,
    OWN_FORCED,
    OWN_FAILED,  # failed attempts
    OWN_FELT,  # min that are noticed, escalation included
    OWN_VALUED,  # min × value of time, EUR
    OWN_GIVEN,  # contributions
) = range(8)
OWN_LINES = 8


@lent
class Ledger(NamedTuple):
    """One month's sums, by chunk of consumers (first axis of every array)."""

    own: np.ndarray  # (chunks, 2, firm-channel pairs, OWN_LINES) private customers, business clients
    cells: np.ndarray  # (chunks, N_CELLS, CELL_LINES), what is not counted by state
    firms: np.ndarray  # (chunks, firms, FIRM_LINES)
    minutes: np.ndarray  # (chunks, 2, N_BINS) people and own minutes by bin, private only
    contributions: np.ndarray  # (chunks, 2, N_BINS) people and contributions by bin, private only


@lent
class Counts(NamedTuple):
    """How many consumers were in which state this month, uint32."""

    pairs: np.ndarray  # (pairs × 2 × N_STATES,) private customers of a firm in a task, business clients
    cells: np.ndarray  # (tasks, N_CELLS, 4 × N_STATES) by last digital use: within 3, 12, 36 months, longer


@lent
class Sums(NamedTuple):
    """One month's sums over all consumers."""

    pairs: np.ndarray  # (pairs, PAIR_LINES) all customers
    private_pairs: np.ndarray  # (pairs, PAIR_LINES) private customers only
    channels: np.ndarray  # (firm-channel pairs,) self-served occasions
    cells: np.ndarray  # (N_CELLS, CELL_LINES)
    tasks: np.ndarray  # (N_CELLS, tasks, TASK_LINES)
    firms: np.ndarray  # (firms, FIRM_LINES)
    minutes: np.ndarray  # (2, N_BINS)
    contributions: np.ndarray  # (2, N_BINS)
