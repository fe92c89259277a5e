"""Parameters beside those of people and firms: scope, network, technology, policy, country."""

from typing import Literal

from agents.parameters import ParameterGroup, parameter


class EconomyScope(ParameterGroup):
    """Which part of the economy is run."""

    sectors: str = parameter(
        "all",
        label="Sectors, comma-separated, or all",
        symbol="𝒮",
        unit="name",
        source="choice of the experiment",
    )


class NetworkParameters(ParameterGroup):
    """Who sees whom."""

    family: Literal["watts_strogatz", "barabasi_albert", "erdos_renyi", "complete", "none"] = parameter(
        "watts_strogatz",
        label="Family of the network",
        symbol="𝒢",
        unit="name",
        source="Centola 2010",
    )
    degree: int = parameter(
        8,
        label="Neighbours per consumer",
        symbol="k",
        unit="people",
        bounds=(2, 16),
        source="Centola 2010, EVIDENCE §4",
    )
    rewiring: float = parameter(
        0.1,
        label="Share of ties rewired",
        symbol="p",
        bounds=(0, 1),
        source="Centola 2010, EVIDENCE §4",
    )


class TechnologyParameters(ParameterGroup):
    """How technology and access move, apart from observed drivers."""

    minutes_decline: float = parameter(
        0.01,
        label="Fall of own minutes by better design",
        symbol="d_t",
        unit="1/yr",
        bounds=(0, 0.05),
        source="assumption",
    )
    new_premium: float = parameter(
        1.5,
        label="Extra cost of a new technology",
        symbol="π_0",
        bounds=(0, 4),
        source="prototype (solved)",
    )
    years_to_mature: float = parameter(
        8.0,
        label="Years until a technology is mature",
        symbol="T_m",
        unit="yr",
        bounds=(2, 30),
        source="prototype (solved)",
    )
    wage_growth: float = parameter(
        0.011,
        label="Real wage growth without a driver",
        symbol="g_w",
        unit="1/yr",
        bounds=(0, 0.05),
        source="Penn World Table 10.01, mean of twelve countries",
    )
    vacancy: float = parameter(
        1.0,
        label="Staff shortage relative to 2022",
        symbol="v_0",
        bounds=(0, 3),
        source="EHI (direction); path: assumption",
    )
    leakage_scale: float = parameter(
        1.0,
        label="Leakage of all channels, relative to the catalogue",
        symbol="l_s",
        bounds=(0, 8),
        source="ECR/Beck 2019 (0.44 % of sales) to Grabango 2023 (3.5 %): a factor of eight",
    )
    counter_minutes: float = parameter(
        1.0,
        label="Customers' minutes of being served, relative to the catalogue",
        symbol="m_s",
        bounds=(0.5, 1.5),
        source="assumption; halved, internet banking saves 2.9 instead of 7.9 h a year (EVIDENCE 6.6)",
    )
    access_ceiling: float = parameter(
        1.0,
        label="Internet access relative to the driver",
        symbol="A",
        bounds=(0.5, 1.2),
        source="lever",
    )


class PolicyParameters(ParameterGroup):
    """What a government may prescribe; the default does nothing."""

    from_year: float = parameter(
        2010.0,
        label="Year in which the policies begin",
        symbol="t_p",
        unit="year",
        bounds=(1900, 2100),
        source="lever",
    )
    until_year: float = parameter(
        2100.0,
        label="Year in which the policies end",
        symbol="t_e",
        unit="year",
        bounds=(1900, 2100),
        source="lever",
    )
    earlier_access: float = parameter(
        0.0,
        label="Share of counters that had to stay open before the policies begin",
        symbol="p_e",
        bounds=(0, 1),
        source="lever",
    )
    staffed_access: float = parameter(
        0.0,
        label="Share of counters that must stay open",
        symbol="p_a",
        bounds=(0, 1),
        source="lever: FCA PS24/8 and Austrian moratorium as examples",
    )
    ban_forcing: bool = parameter(
        False,
        label="No counter may be closed to force self-service",
        symbol="p_f",
        unit="yes/no",
        source="lever",
    )
    compensation_rate: float = parameter(
        0.0,
        label="Mandatory pay for own minutes, share of replacement cost",
        symbol="p_c",
        bounds=(0, 1),
        source="lever",
    )
    campaign: float = parameter(
        0.0,
        label="Transparency campaign",
        symbol="p_t",
        unit="1/month",
        bounds=(0, 2),
        source="lever",
    )
    skills_programme: float = parameter(
        0.0,
        label="Skill gained per year by those below basic skill",
        symbol="p_s",
        unit="skill/yr",
        bounds=(0, 0.1),
        source="lever",
    )
    minimum_staff: float = parameter(
        0.0,
        label="Minimum staff per customer, share of the start",
        symbol="p_m",
        bounds=(0, 1),
        source="lever",
    )
    cash_access: float = parameter(
        0.0,
        label="Share of cash counters that must stay open",
        symbol="p_k",
        bounds=(0, 1),
        source="lever: FCA PS24/8; Austria's moratorium to 2029",
    )
    replacement_cost: float = parameter(
        13.5,
        label="Replacement cost of unpaid work",
        symbol="ω_r",
        unit="EUR/h",
        bounds=(8, 30),
        source="net housekeeper wage ≈ 13–14 EUR in 2024 (assumption from 9.25 in 2013, Destatis)",
    )


class CountryParameters(ParameterGroup):
    """What calibration fits per country; 0 by default."""

    level: float = parameter(
        0.0,
        label="Country level",
        symbol="κ_g",
        unit="logits",
        bounds=(-6, 6),
        source="fitted per country",
    )
    trend: float = parameter(
        0.0,
        label="Country trend from 2010",
        symbol="g_g",
        unit="logits/yr",
        bounds=(-0.5, 0.5),
        source="fitted per country",
    )
