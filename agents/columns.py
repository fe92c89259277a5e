"""The economy in columns: what the compiled passes read and write, one array per attribute.

Shapes: N consumers, K tasks, C channels, S sectors, F firms, G counters (premises shared by tasks).
"""

from collections import namedtuple
from typing import NamedTuple

import numpy as np

from agents.parameters import ConsumerBehaviour, FirmBehaviour
from agents.rules.compiled import rule
from agents.rules.lending import lent

#: Channel codes in :attr:`Columns.use`; 1, 2, … are the task's channels in order of introduction.
AT_COUNTER, HELPED_USE, FORGONE_USE = 0, 200, 201
#: Bits of :attr:`Columns.reason`, set when she decided.
TIPPED_BY_PRICE, AGAINST_HER_WILL, GLADLY = 1, 2, 4
#: Bit of :attr:`Columns.mood`; the lower eight bits are grievances by sector.
AWARE_BIT = 8
AWARE = 1 << AWARE_BIT
#: A choice counts as forced once being served takes 30 % more than at the start (DESIGN 3.3).
EROSION = 1.3
NO_FIRM = -1
#: Hours in a minute.
HOURS = 1.0 / 60.0
#: Awareness of somebody new; assumption (MODEL_NOTES b, initial conditions).
AWARENESS_AT_BIRTH = 0.1

#: Service modes of a task at a firm.
STAFFED, OPTIONAL, INCENTIVISED, FORCED = range(4)
MODES = ("staffed", "optional", "incentivised", "forced")
#: Coverage from which a firm can judge a channel, and from which it changes the mode built on it.
OBSERVABLE, ESTABLISHED = 0.1, 0.3

#: Behavioural parameters as plain numbers for compiled code; declared once in ``parameters.py``.
Behaviour = namedtuple("Behaviour", tuple(ConsumerBehaviour.model_fields), module=__name__)  # type: ignore[misc]
#: The same for firms.
FirmRules = namedtuple("FirmRules", tuple(FirmBehaviour.model_fields), module=__name__)  # type: ignore[misc]
lent(Behaviour)
lent(FirmRules)


def firm_rules_of(parameters: FirmBehaviour) -> FirmRules:
    """Return firms' parameters as numbers that compiled passes accept."""
    return FirmRules(*(value for _, value in parameters))


def behaviour_of(parameters: ConsumerBehaviour) -> Behaviour:
    """Return the parameters as numbers that compiled passes accept."""
    return Behaviour(*(value for _, value in parameters))


@lent
class Columns(NamedTuple):
    """State of the consumers. Shares in 16 bits: 0 … 65535 stand for 0 … 1.

    Shapes are those of ``Population.columns``. What the passes get, ``Population.stored``, has the columns by
    task and by sector the other way round, (K, N) and (S, N): a pass reads consumers in line.
    """

    identity: np.ndarray  # (N,) uint32, address of her luck
    age: np.ndarray  # (N,) uint8, band 0 … 4
    education: np.ndarray  # (N,) uint8, 0 low, 1 medium, 2 high
    income: np.ndarray  # (N,) uint8, thirds of the private value of time
    business: np.ndarray  # (N,) uint8, 1 for a business client
    value_of_time: np.ndarray  # (N,) float32, EUR per hour
    skill: np.ndarray  # (N,) float32, 0 … 1, in 2023
    autonomy: np.ndarray  # (N,) float32
    enjoyment: np.ndarray  # (N,) float32
    self_realisation: np.ndarray  # (N,) float32
    need_for_contact: np.ndarray  # (N,) float32
    trust: np.ndarray  # (N,) float32
    readiness: np.ndarray  # (N,) float32, standardised
    internet_rank: np.ndarray  # (N,) float32, has access once the share exceeds it
    mobile_rank: np.ndarray  # (N,) float32
    comfort_minutes: np.ndarray  # (N,) float32, min per month
    eligible: np.ndarray  # (N,) uint32, bit per task
    use: np.ndarray  # (N, K) uint8, how she does the task
    reason: np.ndarray  # (N, K) uint8, bits
    experience: np.ndarray  # (N, K) uint16
    digital_idle: np.ndarray  # (N, K) uint8, months since she used an internet or mobile channel
    firm: np.ndarray  # (N, S) int16, row of her firm, or −1
    joined: np.ndarray  # (N, S) int16, month
    grievance: np.ndarray  # (N, S) uint16, the fast part
    attribution: np.ndarray  # (N, S) uint16, the slow part: "they only save money"
    role: np.ndarray  # (N, S) float32, −1 … 1
    fleeing: np.ndarray  # (N,) uint8, bit per sector: looks for a firm with staff
    self_serving: np.ndarray  # (2, N + 1) uint32, bit per task; last month's and this one's, with a blank row
    before: np.ndarray  # (N,) uint32, tasks self-served the month before last
    mood: np.ndarray  # (2, N + 1) uint16, bits
    awareness: np.ndarray  # (N,) float32
    felt_minutes: np.ndarray  # (N,) float32, smoothed, min per month
    own_minutes: np.ndarray  # (N,) float32, mean of about a year, min per month
    neighbours: np.ndarray  # (N, width) uint32, padded with N
    degree: np.ndarray  # (N,) neighbours that are real


@lent
class Work(NamedTuple):
    """The catalogue: tasks [K], channels [C], sectors [S], and where firms' lines are kept [F]."""

    sector: np.ndarray
    counter: np.ndarray
    first_channel: np.ndarray
    n_channels: np.ndarray
    occasions: np.ndarray  # per eligible private adult and month
    business_occasions: np.ndarray
    eligible_share: np.ndarray
    employee_minutes: np.ndarray
    staffed_minutes: np.ndarray
    way_share: np.ndarray
    staffed_cost: np.ndarray
    human_content: np.ndarray
    money_share: np.ndarray
    rebound: np.ndarray
    intercept: np.ndarray
    contribution: np.ndarray  # bool: done for the firm, no staffed channel
    payer: np.ndarray  # 0 research, 1 quality, 2 marketing, −1 for a service
    channel_task: np.ndarray
    channel_access: np.ndarray  # 0 none, 1 internet, 2 mobile
    introduced: np.ndarray
    minutes: np.ndarray
    requirement: np.ndarray
    enjoyment: np.ndarray
    autonomy: np.ndarray
    self_realisation: np.ndarray
    responsibility: np.ndarray
    success_logits: np.ndarray
    channel_intercept: np.ndarray
    unit_cost: np.ndarray
    fixed_cost: np.ndarray
    leakage: np.ndarray
    attended_share: np.ndarray
    premium: np.ndarray
    contribution_value: np.ndarray
    co_design: np.ndarray  # rung of the ladder, 0 … 3
    initial_share: np.ndarray
    roll_out: np.ndarray  # multiple of the usual time
    success: np.ndarray
    first_task: np.ndarray
    n_tasks: np.ndarray
    sector_first_channel: np.ndarray
    first_firm: np.ndarray
    n_firms: np.ndarray
    captive: np.ndarray
    fallback: np.ndarray
    counter_sector: np.ndarray
    firm_sector: np.ndarray
    firm_pair: np.ndarray  # first firm-task pair of a firm
    firm_channel: np.ndarray  # first firm-channel pair of a firm
    installation: np.ndarray  # first channel of the installation to which a channel belongs


@lent
class Offers(NamedTuple):
    """What firms offer this month; consumers only read it."""

    coverage: np.ndarray  # (F, C) share of its customers that can use the channel
    staffed_minutes: np.ndarray  # (F, K) min to be served today
    discount: np.ndarray  # (F, K) EUR per self-served occasion
    fee: np.ndarray  # (F, K) EUR per occasion at an open counter
    closed: np.ndarray  # (F, G) share of its counters that are closed
    price: np.ndarray  # (F,) EUR per private customer and month
    pays: np.ndarray  # (F,) bool: gives a discount for some task


@lent
class FirmColumns(NamedTuple):
    """State of the firms. F firms, K tasks, C channels, G counters."""

    wage: np.ndarray  # (F,) EUR per hour of 2024
    price: np.ndarray  # (F,) EUR per private customer and month
    shadow_price: np.ndarray  # (F,) the same had everything stayed staffed
    margin: np.ndarray  # (F,) share of revenue, mean of about a year
    aspiration: np.ndarray  # (F,) aspired margin
    unit_cost: np.ndarray  # (F,) EUR per customer unit and month
    baseline_unit_cost: np.ndarray  # (F,)
    customers: np.ndarray  # (F,) in units of a private customer
    lost_share: np.ndarray  # (F,) share of customers lost per year, smoothed
    capacity: np.ndarray  # (F,) paid staff min per month
    load: np.ndarray  # (F,) asked for / available at the intended utilisation
    grievance: np.ndarray  # (F,) mean of its customers
    churn_belief: np.ndarray  # (F,) believed churn from closing
    pressure: np.ndarray  # (F,)
    pressure_parts: np.ndarray  # (F, 5) margin, rival, wage, vacancy, loss
    mode: np.ndarray  # (F, K) uint8, 0 staffed, 1 optional, 2 incentivised
    offered: np.ndarray  # (F, C) bool, decided; the roll-out follows
    closing: np.ndarray  # (F, G) decided share of closed counters; the roll-out follows
    belief: np.ndarray  # (F, K) believed acceptance
    leakage_belief: np.ndarray  # (F, K) share of the true leakage that is believed
    reviews: np.ndarray  # (F, K) reviews with a channel to judge
    accepted: np.ndarray  # (F, K) smoothed occasions per month
    covered: np.ndarray  # (F, K) smoothed occasions per month
    saving: np.ndarray  # (F, K) realised saving, EUR per month, smoothed over half a year


@lent
class Moment(NamedTuple):
    """What is the same for everyone this month."""

    month: int
    epoch_shift: int  # keeps epochs whole numbers in the burn-in
    clock: np.ndarray  # (K,) months by which the clock of a task is ahead, below reconsideration months
    taste_key: np.uint64
    covered_key: np.uint64
    closed_key: np.uint64
    leave_key: np.uint64
    choice_key: np.uint64
    renewal_key: np.uint64
    internet: float  # share of people with access
    mobile: float
    skill_shift: float
    programme: float  # skill gained by those below basic skill
    minutes_factor: float
    campaign: float
    country_logits: float
    mean_value_of_time: float


_PER_WORD = 1.0 / 65535.0


@rule
def share_of(word: int) -> float:
    """Return the share that a 16-bit word stands for.

    Examples
    --------
    >>> share_of(65535)
    1.0
    """
    return word * _PER_WORD  # a product: a division for every word is a tenth of a month's work


@rule
def word_of(share: float) -> np.uint16:
    """Return the 16-bit word nearest to a share in [0, 1].

    Examples
    --------
    >>> int(word_of(0.5))
    32768
    """
    return np.uint16(share * 65535.0 + 0.5)


@rule
def cell_of(age: int, education: int, income: int, business: int) -> int:
    """Return the group of people for the ledger: 0 … 44 private, 45 business.

    Examples
    --------
    >>> cell_of(1, 2, 0, 0), cell_of(0, 0, 0, 1)
    (15, 45)
    """
    return 45 if business else (age * 3 + education) * 3 + income
