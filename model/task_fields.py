"""The numbers of the catalogue, declared once: name, unit, label, what is possible at all.

Reading, bounds, parameter lists and error messages all read these declarations. A number that is
written without bounds gets those of :func:`bounds_of_bare`.
"""

import math
from dataclasses import dataclass

INFINITY = math.inf


@dataclass(frozen=True)
class Field:
    """One number of a sector, task or channel.

    ``low`` and ``high`` say what is possible at all; the bounds for sweeps stand in the file.
    ``default`` is None where the number must be written. ``widest`` is the upper bound of a bare
    zero. ``step`` replaces halving and doubling where these have no meaning (years, logits).
    """

    name: str
    unit: str
    label: str
    low: float = 0.0
    high: float = 1e9  # beyond anything a task can mean, and far from where numbers overflow
    whole: bool = False
    default: float | None = None
    widest: float = 1.0
    step: float | None = None

    @property
    def expected(self) -> str:
        """Say in words which values are possible, for error messages."""
        kind = "a whole number" if self.whole else "a finite number"
        if math.isinf(self.low):
            return kind
        if math.isinf(self.high):
            return f"{kind} ≥ {self.low:g}"
        return f"{kind} in [{self.low:g}, {self.high:g}]"

    def admits(self, value: float) -> bool:
        """Say whether a value is possible at all."""
        whole_enough = not self.whole or float(value).is_integer()
        return math.isfinite(value) and self.low <= value <= self.high and whole_enough


def share(name: str, label: str, default: float | None = None) -> Field:
    """Return the declaration of a number in [0, 1]."""
    return Field(name, "1", label, high=1.0, default=default)


def logit(name: str, label: str) -> Field:
    """Return the declaration of a number on the logit scale, 0 if it is not written."""
    return Field(name, "logit", label, low=-1000.0, high=1000.0, default=0.0, step=5.0)


SECTOR_FIELDS = (
    Field("firms", "1", "number of firms", low=1, high=1000, whole=True),
    Field("wage", "EUR/h", "labour cost per paid hour, at wages of 2024", high=1e6),
    Field("other_cost", "EUR/month", "cost outside the catalogue per customer and month", high=1e6),
    Field("mark_up", "1", "mark-up on unit cost (a margin is mark-up / (1 + mark-up))", high=1e6),
    share("other_labour_share", "labour outside the catalogue, as a share of all labour"),
    share("fallback", "probability that human help exists when the counter is closed"),
)

TASK_FIELDS = (
    Field("occasions", "1/yr", "occasions per eligible private adult and year", widest=12, high=1e5),
    Field("business_occasions", "1", "occasions of a business client, as a multiple", high=1e5),
    share("eligible_share", "share of people for whom the task arises"),
    Field("employee_minutes", "min", "employee minutes per staffed occasion", widest=5, high=1e5),
    Field(
        "staffed_minutes", "min", "customer minutes per staffed occasion, door to door", widest=5, high=1e5
    ),
    share("way_share", "way and queue, as a share of the customer's staffed minutes"),
    Field("staffed_cost", "EUR", "firm's cost per staffed occasion", widest=5, high=1e6),
    share("human_content", "need for human contact in the task"),
    share("money_share", "price difference in favour of self-service, as a share of the staffed cost"),
    share("rebound", "additional occasions once people serve themselves, as a share"),
    logit("intercept", "intercept of acceptance"),
)

CHANNEL_FIELDS = (
    Field("introduced", "year", "year of introduction", low=1900, high=2100, step=5.0),
    Field("minutes", "min", "customer's own minutes per occasion, door to door, in 2024", widest=5, high=1e5),
    share("skill", "skill required"),
    share("enjoyment", "loading of enjoyment of the activity itself"),
    share("autonomy", "loading of autonomy (less heteronomy)"),
    share("self_realisation", "loading of self-realisation"),
    share("responsibility", "responsibility and risk taken on"),
    Field("co_design", "level", "level of co-design", high=3, whole=True, default=0, widest=3),
    Field("unit_cost", "EUR", "firm's cost per self-served occasion", high=1e6),
    Field("fixed_cost", "EUR/yr", "fixed cost per 1,000 customers and year", widest=1000),
    share("success", "share of attempts that succeed with sufficient skill"),
    Field("leakage", "EUR", "loss by theft, fraud and error per self-served occasion", default=0.0, high=1e6),
    share("attended_share", "employee minutes that remain when customers serve themselves, as a share"),
    logit("intercept", "addition to the task's intercept"),
    Field(
        "contribution_value", "EUR", "value of one successful contribution", default=0.0, widest=100, high=1e6
    ),
    Field("premium", "EUR", "price premium per self-served occasion", default=0.0, widest=10, high=1e6),
    share("initial_share", "share of firms that offer it when the burn-in starts", default=0.0),
    Field(
        "roll_out",
        "1",
        "time to reach all customers, as a multiple of firm.roll_out_months",
        low=0.1,
        high=10.0,
        default=1.0,
    ),
)

LIMITS = {"tasks": 31, "channels of a task": 15, "sectors": 8}
KINDS = ("service", "contribution")
PAYERS = ("research", "quality", "marketing")  # whose cost a contribution avoids
ACCESS = ("none", "internet", "mobile")
ACCESS_EXISTS_SINCE = {"none": 1900.0, "internet": 1990.0, "mobile": 2007.0}
ANCHOR_BASES = ("persons_3m", "persons_12m", "occasions", "regular_users", "eligible")


def bounds_of_bare(field: Field, value: float) -> tuple[float, float]:
    """Return sweep bounds for a number written without any: half to double, within the possible.

    Examples
    --------
    >>> bounds_of_bare(TASK_FIELDS[0], 50.0)
    (25.0, 100.0)
    >>> bounds_of_bare(share("way_share", ""), 0.6)
    (0.3, 1.0)
    """
    if field.step is not None:
        low, high = value - field.step, value + field.step
    elif value == 0:
        low, high = 0.0, field.widest
    else:
        low, high = value / 2, value * 2
    if field.whole:
        low, high = math.floor(low), math.ceil(high)
    return max(low, field.low), min(high, field.high)
