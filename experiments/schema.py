"""What an experiment file may contain: every key, its kind and its bounds, in one pydantic schema."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, FiniteFloat, Tag

Scalar = bool | int | float | str
LARGEST_SEED = 2**62
LARGEST_NUMBER_OF_REPLICATIONS = 100_000
LONGEST_HORIZON = 2400

MONTH = r"^(19\d\d-(0[1-9]|1[0-2])|20\d\d-(0[1-9]|1[0-2])|2100-(0[1-9]|1[0-2]))$"


LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]*$"
"""Text on one line: no control characters, which no picture and no page can hold."""
TEXT = r"^[^\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]*$"
"""Text on several lines."""


class Closed(BaseModel):
    """A part of an experiment file: unknown keys are errors, nothing is converted silently."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)


class DriverSpec(Closed):
    """An observed series that drives the economy."""

    file: str = Field(description="the path of a CSV file, relative to this file")
    geo: str | None = Field(None, description="a country code such as AT; needed when the file has several")
    indicator: str | None = Field(None, description="needed when the file has several indicators")


class DriversSpec(Closed):
    """The observed series that take the place of the built-in curves."""

    access: DriverSpec | None = None
    wage: DriverSpec | None = None


class Values(Closed):
    """A list of values, each of which is run."""

    values: list[Scalar] = Field(min_length=1, description="a list of at least one value")


Label = Annotated[str, Field(pattern=LINE, min_length=1, max_length=100)]


class Choices(Closed):
    """Parameters that vary together: each label stands for the values that it sets."""

    choices: dict[Label, dict[str, Scalar]] = Field(
        min_length=1, description="`label: {parameter: value, …}` lines, at least one"
    )


class Uniform(Closed):
    """Every value between two bounds is as likely as another."""

    distribution: Literal["uniform"]
    low: FiniteFloat
    high: FiniteFloat


class LogUniform(Closed):
    """Every order of magnitude between two positive bounds is as likely as another."""

    distribution: Literal["log_uniform"]
    low: FiniteFloat = Field(gt=0)
    high: FiniteFloat = Field(gt=0)


class Triangular(Closed):
    """Most likely at the mode, impossible beyond low and high."""

    distribution: Literal["triangular"]
    low: FiniteFloat
    mode: FiniteFloat
    high: FiniteFloat


class Normal(Closed):
    """Normal with mean and standard deviation, cut off at low and high (default: the declared bounds)."""

    distribution: Literal["normal"]
    mean: FiniteFloat
    sd: FiniteFloat = Field(gt=0)
    low: FiniteFloat | None = None
    high: FiniteFloat | None = None


Distribution = Annotated[Uniform | LogUniform | Triangular | Normal, Field(discriminator="distribution")]


def _kind_of_range(value: Any) -> str | None:
    if isinstance(value, list):
        return "range"
    if isinstance(value, dict):
        return next((key for key in ("values", "choices") if key in value), "distribution")
    if isinstance(value, Closed):
        kinds = {Values: "values", Choices: "choices"}
        return kinds.get(type(value), "distribution")
    return None


Range = Annotated[
    Annotated[list[FiniteFloat], Field(min_length=2, max_length=2), Tag("range")]
    | Annotated[Values, Tag("values")]
    | Annotated[Choices, Tag("choices")]
    | Annotated[Distribution, Tag("distribution")],
    Discriminator(
        _kind_of_range,
        custom_error_type="range",
        custom_error_message="[low, high], {values: […]}, {choices: {…}} or {distribution: …, …}",
    ),
]


def _list_or_mapping(value: Any) -> str | None:
    if isinstance(value, list):
        return "names"
    return "ranges" if isinstance(value, dict) else None


Varied = Annotated[
    Annotated[list[str], Tag("names")] | Annotated[dict[str, Range], Tag("ranges")],
    Discriminator(
        _list_or_mapping,
        custom_error_type="varied",
        custom_error_message="a list of parameter names or `name: range` lines",
    ),
]


class Grid(Closed):
    """Every combination of `levels` values per uncertainty."""

    kind: Literal["grid"]
    levels: int = Field(ge=1, le=10_000)


class PointList(Closed):
    """The points as they are listed."""

    kind: Literal["list"]
    points: list[dict[str, Scalar]] = Field(min_length=1)


class LatinHypercube(Closed):
    """A Latin hypercube sample."""

    kind: Literal["latin_hypercube"]
    points: int = Field(ge=1)


class Sobol(Closed):
    """A scrambled Sobol sequence."""

    kind: Literal["sobol"]
    points: int = Field(ge=1)


class Saltelli(Closed):
    """Saltelli's sample for Sobol indices."""

    kind: Literal["saltelli"]
    points: int = Field(ge=1)


class Morris(Closed):
    """Morris' elementary effects."""

    kind: Literal["morris"]
    trajectories: int = Field(ge=1)
    levels: int = Field(4, ge=2)


Design = Annotated[Grid | PointList | LatinHypercube | Sobol | Saltelli | Morris, Field(discriminator="kind")]


class ExperimentFile(Closed):
    """The keys of an experiment file."""

    extends: str | None = Field(None, description="another catalogue entry or a file beside this one")
    title: str | None = Field(None, pattern=LINE, max_length=300, description="one line of text")
    question: str | None = Field(None, pattern=TEXT, description="text: what the experiment asks")
    reading: str | None = Field(None, pattern=TEXT, description="text: how its result is to be read")
    start: str = Field(
        "1990-01", pattern=MONTH, description="a month from 1900-01 to 2100-12, written like 1990-01"
    )
    months: int = Field(
        480, ge=1, le=LONGEST_HORIZON, description=f"a whole number of months from 1 to {LONGEST_HORIZON}"
    )
    seed: int = Field(1, ge=0, le=LARGEST_SEED, description=f"a whole number from 0 to {LARGEST_SEED}")
    replications: int = Field(
        1,
        ge=1,
        le=LARGEST_NUMBER_OF_REPLICATIONS,
        description=f"a whole number from 1 to {LARGEST_NUMBER_OF_REPLICATIONS}",
    )
    precision: dict[str, Annotated[FiniteFloat, Field(gt=0)]] | None = Field(
        None, min_length=1, description="`measure: half-width` lines, in place of replications"
    )
    max_replications: int | None = Field(None, ge=2, le=LARGEST_NUMBER_OF_REPLICATIONS)
    max_minutes: FiniteFloat | None = Field(None, gt=0)
    drivers: DriversSpec | None = Field(
        None, description="`access:` and `wage:`, each with `file:` and `geo:`"
    )
    tasks: str | None = Field(None, description="the path of a task catalogue, relative to this file")
    parameters: dict[str, Scalar] = Field(default_factory=dict, description="`parameter: value` lines")
    uncertainties: Varied | None = None
    levers: Varied | None = None
    design: Design | None = Field(None, description="`{kind: …}` with the design's own keys")
    measures: list[str] | None = Field(None, min_length=1, description="a list of at least one measure")
