"""Who lives in the economy: correlated age, education, skill, access, motives, value of time.

Every trait is drawn at the address of an identity, so a larger population contains the smaller one.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import betaincinv, ndtr, ndtri

from agents.draws import decision_key, uniforms
from agents.parameters import PopulationParameters

AGES = ("16-24", "25-34", "35-44", "45-64", "65+")
EDUCATIONS = ("low", "medium", "high")
INCOMES = ("low", "middle", "high")
SEGMENTS = ("private", "business")

# Shares of ages and of education by age: assumption near the Austrian and German census (MODEL_NOTES c).
_AGE_SHARES = np.array([0.17, 0.17, 0.19, 0.27, 0.20])
_EDUCATION_SHARES = np.array(
    [[0.28, 0.50, 0.22], [0.14, 0.42, 0.44], [0.16, 0.43, 0.41], [0.24, 0.47, 0.29], [0.38, 0.43, 0.19]]
)
# Mean digital skill by age: Eurostat 2023 basic skills (EVIDENCE §4, §6.5), 65+ raised to .41 because
# access carries a part of the gap.
_SKILL_BY_AGE = np.array([0.60, 0.60, 0.57, 0.51, 0.41])
# Readiness by age and education, in units of its residual spread (MODEL_NOTES c, access rank).
_READINESS_BY_AGE = np.array([0.75, 0.70, 0.40, -0.10, -0.80])
_READINESS_BY_EDUCATION = np.array([-0.8, 0.0, 0.8])
_READINESS_FROM_SKILL, _READINESS_REST = 0.5, 0.9
# Mobile access lags with age beyond internet access (MODEL_NOTES f: 1.2 against 1.0 of the age term).
_MOBILE_BY_AGE = 0.2
_CONTACT_BY_AGE = np.array([-0.08, -0.06, -0.02, 0.02, 0.10])
_INCOME_BY_EDUCATION = np.array([0.85, 1.0, 1.2])
_INCOME_SPREAD, _INCOME_FROM_SKILL = 0.45, 0.35
_COMFORT_SPREAD = 0.35
#: Leisure in hours per month by age: assumption around ATUS 5.2 h/day (EVIDENCE §3.3).
LEISURE_HOURS = np.array([5.2, 4.5, 4.4, 5.0, 7.0]) * 365.25 / 12.0
#: Beta shapes and correlation with skill, relative to ``trait_correlation`` (MODEL_NOTES c).
_TRAITS = {
    "autonomy": (3.0, 2.0, 1.0),
    "enjoyment": (2.5, 2.5, 0.5),
    "self_realisation": (2.0, 3.0, 0.7),
    "need_for_contact": (2.2, 2.8, -1.0),
    "trust": (3.0, 2.5, 0.8),
}
#: Mean and spread of the Beta distribution of self-realisation, by its shapes.
SELF_REALISATION_MEAN = 2.0 / 5.0
SELF_REALISATION_SPREAD = (2.0 * 3.0 / (5.0**2 * 6.0)) ** 0.5
_BUSINESS_ACCESS = 2.0  # ranks of business clients are shifted by two spreads: almost all have access early
_GRID = np.linspace(0.0, 1.0, 4097)


class Traits(NamedTuple):
    """What people are born with; every array has one row per identity."""

    age: np.ndarray
    education: np.ndarray
    income: np.ndarray
    business: np.ndarray
    value_of_time: np.ndarray
    skill: np.ndarray
    autonomy: np.ndarray
    enjoyment: np.ndarray
    self_realisation: np.ndarray
    need_for_contact: np.ndarray
    trust: np.ndarray
    readiness: np.ndarray
    internet_rank: np.ndarray
    mobile_rank: np.ndarray
    comfort_minutes: np.ndarray
    similarity: np.ndarray  # place among similar people, for the network


def traits_of(consumers: int, seed: int, parameters: PopulationParameters, *, comfort_hours: float) -> Traits:
    """Return the traits of identities 0 … consumers − 1.

    Parameters
    ----------
    consumers : private and business clients together.
    seed : of the replication.
    parameters : shares, gaps and correlations.
    comfort_hours : median unpaid hours per month that people are comfortable with.

    Returns
    -------
    Arrays of shape (consumers,); ranks and traits in [0, 1], value of time in EUR per hour,
    comfort in minutes per month.
    """

    def draw(name: str) -> np.ndarray:
        return uniforms(decision_key(seed, "trait " + name), consumers, 0)

    age = np.searchsorted(np.cumsum(_AGE_SHARES)[:-1], draw("age"), side="right")
    education = (draw("education")[:, None] > np.cumsum(_EDUCATION_SHARES, axis=1)[age, :2]).sum(axis=1)
    business = draw("segment") < parameters.business_share
    skill_normal = ndtri(draw("skill"))
    skill = _skill(age, education, skill_normal, parameters)
    readiness, spread = _readiness(age, education, skill_normal, ndtri(draw("readiness")))
    internet, mobile = _ranks(age, readiness, business, ndtri(draw("access")), parameters)
    income_normal = _INCOME_FROM_SKILL * skill_normal
    income_normal += np.sqrt(1.0 - _INCOME_FROM_SKILL**2) * ndtri(draw("income"))
    log_income = _INCOME_SPREAD * income_normal + np.log(_INCOME_BY_EDUCATION[education])
    value_of_time = parameters.value_of_time * np.exp(log_income)
    traits = {
        name: _trait(skill_normal, ndtri(draw(name)), shape, parameters) for name, shape in _TRAITS.items()
    }
    traits["need_for_contact"] = np.clip(traits["need_for_contact"] + _CONTACT_BY_AGE[age], 0.0, 1.0)
    comfort = 60.0 * comfort_hours * np.exp(_COMFORT_SPREAD * ndtri(draw("comfort")))
    comfort *= LEISURE_HOURS[age] / (LEISURE_HOURS @ _AGE_SHARES)
    alike = (_READINESS_BY_AGE[age] + _READINESS_BY_EDUCATION[education]) / _systematic_spread()
    noise = ndtri(draw("similarity"))
    return Traits(
        age=age,
        education=education,
        income=_thirds(log_income),
        business=business,
        value_of_time=np.where(business, parameters.business_value_of_time, value_of_time),
        skill=skill,
        readiness=readiness / spread,
        internet_rank=internet,
        mobile_rank=mobile,
        comfort_minutes=comfort,
        similarity=parameters.homophily * alike + np.sqrt(1.0 - parameters.homophily**2) * noise,
        **traits,
    )


def mean_value_of_time(parameters: PopulationParameters) -> float:
    """Return the private mean of the value of time, EUR per hour, in an unlimited population."""
    by_education = (_AGE_SHARES @ _EDUCATION_SHARES) @ _INCOME_BY_EDUCATION
    return parameters.value_of_time * float(np.exp(_INCOME_SPREAD**2 / 2.0) * by_education)


def _cells() -> tuple[np.ndarray, np.ndarray]:
    """Return systematic readiness and population share of the 15 cells of age and education."""
    systematic = _READINESS_BY_AGE[:, None] + _READINESS_BY_EDUCATION[None, :]
    return systematic.ravel(), (_AGE_SHARES[:, None] * _EDUCATION_SHARES).ravel()


def _systematic_spread() -> float:
    systematic, weight = _cells()
    mean = weight @ systematic
    return float(np.sqrt(weight @ (systematic - mean) ** 2))


def _skill(
    age: np.ndarray, education: np.ndarray, normal: np.ndarray, parameters: PopulationParameters
) -> np.ndarray:
    middle = float(_AGE_SHARES @ _SKILL_BY_AGE)
    by_age = middle + parameters.age_skill_gap * (_SKILL_BY_AGE - middle)
    skill = np.empty(len(age))
    for band in range(len(AGES)):
        for level in range(len(EDUCATIONS)):
            here = (age == band) & (education == level)
            mean = np.clip(by_age[band] + parameters.education_skill_gap * (level - 1), 0.05, 0.95)
            shape = (parameters.skill_concentration * mean, parameters.skill_concentration * (1.0 - mean))
            skill[here] = _beta(ndtr(normal[here]), *shape)
    return skill


def _beta(probability: np.ndarray, first: float, second: float) -> np.ndarray:
    """Return quantiles of a Beta distribution, from a table of 4,097 points."""
    return np.interp(probability, _GRID, _beta_quantiles(float(first), float(second)))


@lru_cache(maxsize=64)
def _beta_quantiles(first: float, second: float) -> np.ndarray:
    """Return the quantiles of the table's points; a sweep asks for the same ones in every run."""
    return betaincinv(first, second, _GRID)


def _readiness(
    age: np.ndarray, education: np.ndarray, skill_normal: np.ndarray, rest: np.ndarray
) -> tuple[np.ndarray, float]:
    """Return centred readiness and its spread: age, education, skill and something of her own."""
    systematic, weight = _cells()
    readiness = _READINESS_BY_AGE[age] + _READINESS_BY_EDUCATION[education] - weight @ systematic
    readiness = readiness + _READINESS_FROM_SKILL * skill_normal + _READINESS_REST * rest
    within = _READINESS_FROM_SKILL**2 + _READINESS_REST**2
    return readiness, float(np.sqrt(_systematic_spread() ** 2 + within))


def _ranks(
    age: np.ndarray,
    readiness: np.ndarray,
    business: np.ndarray,
    own: np.ndarray,
    parameters: PopulationParameters,
) -> tuple[np.ndarray, np.ndarray]:
    """Return ranks of internet and mobile access in (0, 1): who is ready comes first."""
    systematic, weight = _cells()
    within = _READINESS_FROM_SKILL**2 + _READINESS_REST**2
    spread = np.sqrt(_systematic_spread() ** 2 + within)
    correlation = parameters.access_readiness
    rest = np.sqrt(1.0 - correlation**2)
    by_age = np.repeat(_READINESS_BY_AGE, len(EDUCATIONS))
    latent = correlation * readiness / spread + rest * own + np.where(business, _BUSINESS_ACCESS, 0.0)
    means = correlation * (systematic - weight @ systematic) / spread
    residual = np.sqrt(correlation**2 * within / spread**2 + rest**2)
    internet = _rank(latent, means, weight, residual)
    lag = _MOBILE_BY_AGE / spread
    mobile = _rank(latent + lag * _READINESS_BY_AGE[age], means + lag * by_age, weight, residual)
    return internet, mobile


def _rank(latent: np.ndarray, means: np.ndarray, weight: np.ndarray, residual: float) -> np.ndarray:
    """Return the share of private people who come before her, from the mixture over cells."""
    grid = np.linspace(-8.0, 8.0, 4097)
    before = 1.0 - (weight[:, None] * ndtr((grid - means[:, None]) / residual)).sum(axis=0)
    return np.interp(latent, grid, before)


def _trait(
    skill_normal: np.ndarray,
    own: np.ndarray,
    shape: tuple[float, float, float],
    parameters: PopulationParameters,
) -> np.ndarray:
    first, second, loading = shape
    correlation = parameters.trait_correlation * loading
    normal = correlation * skill_normal + np.sqrt(1.0 - correlation**2) * own
    return _beta(ndtr(normal), first, second)


def _thirds(log_income: np.ndarray) -> np.ndarray:
    """Return thirds of the private distribution of incomes, from the mixture over educations."""
    weight = _AGE_SHARES @ _EDUCATION_SHARES
    grid = np.linspace(-3.0, 3.0, 2049)
    below = (weight[:, None] * ndtr((grid - np.log(_INCOME_BY_EDUCATION)[:, None]) / _INCOME_SPREAD)).sum(
        axis=0
    )
    limits = np.interp([1 / 3, 2 / 3], below, grid)
    return np.searchsorted(limits, log_income)
