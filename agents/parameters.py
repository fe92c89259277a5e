"""Behavioural parameters: declared once, read by sweeps, sliders, validation and the ODD table.

Bounds are the range in which a value is defensible; a value outside is refused. Where a source says
*assumption*, the range itself is one.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class ParameterGroup(BaseModel):
    """A frozen group of declared parameters."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)


def parameter(  # noqa: PLR0913 - a declaration names everything
    default: Any,
    *,
    label: str,
    symbol: str,
    unit: str = "1",
    bounds: tuple[float, float] | None = None,
    source: str,
) -> Any:
    """Declare one parameter with its label, symbol, unit, bounds and source."""
    meta: dict[str, Any] = {"label": label, "symbol": symbol, "unit": unit, "source": source}
    if bounds is None:
        return Field(default, json_schema_extra=meta)
    return Field(default, ge=bounds[0], le=bounds[1], json_schema_extra=meta)


class PopulationParameters(ParameterGroup):
    """Who lives in the economy."""

    consumers: int = parameter(
        2000,
        label="Consumers, private and business together",
        symbol="N",
        unit="people",
        bounds=(1, 20_000_000),
        source="size of the sample, not of a country",
    )
    business_share: float = parameter(
        0.04,
        label="Share of business clients",
        symbol="N_b/N",
        bounds=(0, 0.5),
        source="assumption",
    )
    skill_concentration: float = parameter(
        7.0,
        label="Concentration of digital skill within groups",
        symbol="κ_s",
        bounds=(2, 30),
        source="reproduces Eurostat's basic skills 2023, EVIDENCE §6.5",
    )
    age_skill_gap: float = parameter(
        1.0,
        label="Skill gap between ages, relative",
        symbol="g_a",
        bounds=(0, 2),
        source="Eurostat 2023: 56 %, 65+ 28 %",
    )
    education_skill_gap: float = parameter(
        0.14,
        label="Skill gap per level of education",
        symbol="g_e",
        unit="skill",
        bounds=(0, 0.3),
        source="Eurostat 2023: low 34 %, high 80 %, EVIDENCE §4",
    )
    trait_correlation: float = parameter(
        0.25,
        label="Correlation of traits with skill",
        symbol="ρ_s",
        bounds=(0, 0.6),
        source="prototype (solved)",
    )
    access_readiness: float = parameter(
        0.7,
        label="Correlation of access with readiness",
        symbol="ρ_a",
        bounds=(0, 0.99),
        source="CALIBRATION study",
    )
    homophily: float = parameter(
        0.55,
        label="Homophily by age and education",
        symbol="h",
        bounds=(0, 1),
        source="Toole et al. 2012 (sign); neighbours' correlation ≈ .3",
    )
    value_of_time: float = parameter(
        11.0,
        label="Median private value of time",
        symbol="ω",
        unit="EUR/h",
        bounds=(6, 20),
        source="US DOT: 50 % of hourly income, EVIDENCE §3.4; wage: assumption",
    )
    business_value_of_time: float = parameter(
        38.0,
        label="Business value of time",
        symbol="ω_b",
        unit="EUR/h",
        bounds=(20, 80),
        source="US DOT: 100 % of the loaded wage; wage: assumption",
    )


class ConsumerBehaviour(ParameterGroup):
    """How consumers accept, learn, tire, notice, resent and leave; one instance for the whole population."""

    usefulness_weight: float = parameter(
        5.0,
        label="Weight of usefulness",
        symbol="β_PU",
        unit="logits",
        bounds=(3, 7),
        source="King & He 2006 (TAM, .50) rescaled to logits: own arithmetic on a remembered figure",
    )
    ability_weight_kiosk: float = parameter(
        4.3,
        label="Weight of ability at machines",
        symbol="β_AB,k",
        unit="logits",
        bounds=(2, 8),
        source="King & He 2006 (ease of use, .43) rescaled, EVIDENCE §1",
    )
    ability_weight_digital: float = parameter(
        5.0,
        label="Weight of ability online",
        symbol="β_AB,d",
        unit="logits",
        bounds=(3, 12),
        source="EVIDENCE §6.5 range; lower than the prototype's 7 because readiness carries a part",
    )
    experience_ability: float = parameter(
        0.3,
        label="Skill that experience replaces",
        symbol="η",
        unit="skill",
        bounds=(0, 1),
        source="assumption",
    )
    role_clarity_weight: float = parameter(
        2.0,
        label="Weight of role clarity",
        symbol="β_RC",
        unit="logits",
        bounds=(0.5, 4),
        source="sign: Meuter et al. 2005",
    )
    autonomy_weight: float = parameter(
        3.0,
        label="Motive: less heteronomy",
        symbol="β_A",
        unit="logits",
        bounds=(0, 5),
        source="Deci & Ryan (mapping), EVIDENCE §6.5",
    )
    forced_autonomy: float = parameter(
        1.0,
        label="Autonomy motive that is left without a choice",
        symbol="κ_A",
        bounds=(0, 1),
        source="decision record 0004: kept in full, since grievance books the loss; 0 is the variant",
    )
    enjoyment_weight: float = parameter(
        3.0,
        label="Motive: benefit from the activity itself",
        symbol="β_E",
        unit="logits",
        bounds=(0, 5),
        source="fun ≈ .3 (EVIDENCE §6.5, from memory)",
    )
    self_realisation_weight: float = parameter(
        2.5,
        label="Motive: self-realisation",
        symbol="β_Z",
        unit="logits",
        bounds=(0, 5),
        source="Deci & Ryan (mapping), EVIDENCE §6.5",
    )
    risk_weight: float = parameter(
        2.5,
        label="Weight of responsibility",
        symbol="β_R",
        unit="logits",
        bounds=(1, 4),
        source="anxiety r −.14…−.29, Turan & Kır 2019",
    )
    contact_weight: float = parameter(
        2.0,
        label="Weight of human contact",
        symbol="β_H",
        unit="logits",
        bounds=(1, 4),
        source="need for interaction, EVIDENCE §6.5",
    )
    business_contact_factor: float = parameter(
        1.3,
        label="Business clients' relationship to staff",
        symbol="b",
        bounds=(1, 2),
        source="sign: Bhappu & Schultze 2006",
    )
    business_training: float = parameter(
        0.15,
        label="Skill that business clients' training replaces",
        symbol="r_b",
        unit="skill",
        bounds=(0, 0.4),
        source="assumption (EVIDENCE §6.6, B2B: trained staff)",
    )
    basic_skill: float = parameter(
        0.5,
        label="Skill counted as basic",
        symbol="s_b",
        unit="skill",
        bounds=(0.3, 0.7),
        source="definition: EVIDENCE §6.5, a score of .5 is 'at least basic'",
    )
    peer_effect: float = parameter(
        1.0,
        label="Peer effect",
        symbol="β_N",
        unit="logits",
        bounds=(0, 4),
        source="not identified from national curves; literature 0–2.2, EVIDENCE §4",
    )
    word_of_mouth: float = parameter(
        0.6,
        label="Weight of complaints against examples",
        symbol="w",
        bounds=(0, 2),
        source="assumption; sign: Donath et al. 2024",
    )
    inertia: float = parameter(
        1.0,
        label="Inertia",
        symbol="β_I",
        unit="logits",
        bounds=(0, 3),
        source="assumption",
    )
    overload_weight: float = parameter(
        1.5,
        label="Weight of overload",
        symbol="β_O",
        unit="logits",
        bounds=(0, 4),
        source="sign: Lee 2021",
    )
    grievance_weight: float = parameter(
        3.0,
        label="Weight of grievance",
        symbol="β_Q",
        unit="logits",
        bounds=(0, 4),
        source="sign: Reinders et al. 2008; Feng et al. 2019",
    )
    readiness_spread: float = parameter(
        1.0,
        label="Spread of persistent readiness",
        symbol="b",
        unit="logits",
        bounds=(0, 3),
        source="age and education gradients 2017 (Eurostat), CALIBRATION: 2 logits where skill carries none",
    )
    attention: float = parameter(
        0.5,
        label="Attention to own minutes without awareness",
        symbol="a0",
        bounds=(0.2, 1),
        source="assumption (very influential); sign: Voß & Rieder",
    )
    inexperience_minutes: float = parameter(
        0.5,
        label="Extra minutes of a beginner",
        symbol="λ0",
        bounds=(0, 2),
        source="assumption",
    )
    shortfall_minutes: float = parameter(
        1.5,
        label="Extra minutes per missing skill",
        symbol="λs",
        bounds=(0, 4),
        source="assumption",
    )
    learning_rate: float = parameter(
        0.15,
        label="Learning per month of use",
        symbol="ℓ",
        unit="1/month",
        bounds=(0.02, 0.5),
        source="EVIDENCE §6.2",
    )
    success_slope: float = parameter(
        2.0,
        label="Success per unit of skill",
        symbol="β_s",
        unit="logits",
        bounds=(0, 5),
        source="assumption",
    )
    escalation_minutes: float = parameter(
        2.0,
        label="Extra minutes after a failed attempt",
        symbol="e",
        unit="min",
        bounds=(0, 15),
        source="assumption",
    )
    error_loss: float = parameter(
        2.0,
        label="Loss per error in a fully responsible task",
        symbol="λ_e",
        unit="EUR",
        bounds=(0, 20),
        source="assumption",
    )
    channel_taste: float = parameter(
        0.6,
        label="Spread of tastes between channels of a task",
        symbol="μ_c",
        unit="logits",
        bounds=(0, 2),
        source="assumption (nested logit): generations of a channel coexist",
    )
    reconsideration_months: int = parameter(
        6,
        label="Months between reconsiderations",
        symbol="T_r",
        unit="months",
        bounds=(1, 24),
        source="assumption",
    )
    taste_months: int = parameter(
        60,
        label="Months for which a taste persists",
        symbol="T_ε",
        unit="months",
        bounds=(6, 240),
        source="assumption",
    )
    skill_drift: float = parameter(
        0.009,
        label="Rise of skill between cohorts",
        symbol="s′",
        unit="skill/yr",
        bounds=(0, 0.02),
        source="assumption: steeper curves of adoption up to 2015 (CALIBRATION: a steady trend in utility)",
    )
    reach_weight: float = parameter(
        1.0,
        label="Pull of connected users on contributions",
        symbol="β_C",
        unit="logits",
        bounds=(0, 3),
        source="assumption (C19: the internet multiplies reach)",
    )
    ladder: float = parameter(
        1.5,
        label="Pull of experience on the rung below",
        symbol="β_L",
        unit="logits",
        bounds=(0, 4),
        source="assumption (C18: from configuring to co-design)",
    )
    intensity_spread: float = parameter(
        1.5,
        label="Spread of contributors' intensity",
        symbol="σ_I",
        unit="log",
        bounds=(0, 2.5),
        source="participation inequality 1-9-90 (EVIDENCE §1); value: prototype",
    )
    help_utility: float = parameter(
        -1.0,
        label="Utility of asking for help at a closed counter",
        symbol="V_h",
        unit="logits",
        bounds=(-3, 0),
        source="assumption",
    )
    forgo_utility: float = parameter(
        -4.0,
        label="Utility of forgoing the service",
        symbol="V_0",
        unit="logits",
        bounds=(-8, -1),
        source="assumption; target: 5–10 % cannot follow (Denmark)",
    )
    switch_utility: float = parameter(
        -2.0,
        label="Utility of fleeing to a rival",
        symbol="V_s",
        unit="logits",
        bounds=(-6, 0),
        source="assumption",
    )
    switching_cost: float = parameter(
        0.15,
        label="Switching cost per year of tenure",
        symbol="S",
        unit="logits/yr",
        bounds=(0, 0.6),
        source="sign: Buell, Campbell & Frei 2010",
    )
    comfort_hours: float = parameter(
        3.0,
        label="Comfortable unpaid hours per month",
        symbol="W̄",
        unit="h/month",
        bounds=(0.5, 10),
        source="1.5–4 h/week of household administration as the frame (EVIDENCE §3.3); assumption",
    )
    noticing: float = parameter(
        0.04,
        label="Growth of awareness",
        symbol="a⁺",
        unit="1/month",
        bounds=(0, 0.3),
        source="assumption",
    )
    awareness_contagion: float = parameter(
        0.02,
        label="Awareness from neighbours",
        symbol="a_N",
        unit="1/month",
        bounds=(0, 0.2),
        source="assumption",
    )
    awareness_fading: float = parameter(
        0.03,
        label="Fading of awareness",
        symbol="a⁻",
        unit="1/month",
        bounds=(0.005, 0.2),
        source="assumption",
    )
    grievance_gain: float = parameter(
        0.3,
        label="Grievance from one bad month",
        symbol="ψ_Q",
        unit="1/month",
        bounds=(0.05, 0.8),
        source="EVIDENCE §6.5 (assumption .1–.8)",
    )
    grievance_decay: float = parameter(
        0.08,
        label="Fading of the fast grievance",
        symbol="δ_Q",
        unit="1/month",
        bounds=(0.02, 0.2),
        source="EVIDENCE §6.5 (assumption)",
    )
    attribution_gain: float = parameter(
        0.06,
        label="Growth of 'they only save money'",
        symbol="ψ_m",
        unit="1/month",
        bounds=(0, 0.3),
        source="sign: Güntürkün et al. 2023",
    )
    attribution_decay: float = parameter(
        0.02,
        label="Fading of 'they only save money'",
        symbol="δ_m",
        unit="1/month",
        bounds=(0.005, 0.1),
        source="persistence: Güntürkün et al. 2023 (order only)",
    )
    attribution_trust: float = parameter(
        0.3,
        label="Trust lost at full attribution",
        symbol="τ_m",
        bounds=(0, 1),
        source="assumption",
    )
    repair: float = parameter(
        0.25,
        label="Grievance repaired by a month of help",
        symbol="ρ_h",
        bounds=(0, 1),
        source="sign: Reinders et al. 2008",
    )
    voluntary_blame: float = parameter(
        0.3,
        label="Blame for a failure of her own choice",
        symbol="ν",
        bounds=(0, 1),
        source="sign: Bendapudi & Leone 2003 (choice mitigates)",
    )
    complaint_threshold: float = parameter(
        0.2,
        label="Grievance from which she complains to others",
        symbol="Q*",
        bounds=(0.02, 0.9),
        source="assumption",
    )
    awareness_threshold: float = parameter(
        0.3,
        label="Awareness from which she talks about it",
        symbol="a*",
        bounds=(0.02, 0.9),
        source="assumption",
    )
    strain_speed: float = parameter(
        0.3,
        label="Speed of strain",
        symbol="v_W",
        unit="1/month",
        bounds=(0.05, 1),
        source="assumption",
    )
    role_gain: float = parameter(
        0.5,
        label="Role perception from felt gain",
        symbol="r_g",
        bounds=(0, 1),
        source="assumption",
    )
    renewal: float = parameter(
        0.002,
        label="Consumers replaced per month",
        symbol="ϱ",
        unit="1/month",
        bounds=(0, 0.02),
        source="assumption: turnover of clients over about forty years",
    )
    leave_intercept: float = parameter(
        -5.7,
        label="Intercept of leaving",
        symbol="c_L",
        unit="logits",
        bounds=(-8, -3),
        source="solved for about 6 % a year",
    )
    bond: float = parameter(
        2.0,
        label="Strength of the two bonds",
        symbol="b_L",
        unit="logits",
        bounds=(0, 5),
        source="shape: Scherer et al. 2015",
    )
    bond_months: float = parameter(
        60.0,
        label="Months over which the mix stops to matter",
        symbol="T_b",
        unit="months",
        bounds=(12, 240),
        source="sign: Scherer et al. 2015 (fades with tenure)",
    )
    price_sensitivity: float = parameter(
        0.1,
        label="Leaving for price",
        symbol="b_p",
        unit="logits per EUR/month",
        bounds=(0, 1),
        source="assumption",
    )
    anger: float = parameter(
        3.0,
        label="Leaving from grievance",
        symbol="b_Q",
        unit="logits",
        bounds=(0, 6),
        source="sign: Feng et al. 2019",
    )
    warmth: float = parameter(
        0.6,
        label="Staying from role perception",
        symbol="b_r",
        unit="logits",
        bounds=(0, 3),
        source="assumption",
    )
    price_choice: float = parameter(
        0.3,
        label="Choosing the new firm by price",
        symbol="v_p",
        unit="logits per EUR/month",
        bounds=(0, 2),
        source="assumption",
    )
    far_counter: float = parameter(
        1.0,
        label="Longer way when the own counter is closed",
        symbol="f",
        unit="share of way",
        bounds=(0.2, 4),
        source="assumption: the next outlet is about as far again",
    )


class FirmBehaviour(ParameterGroup):
    """How firms decide; one instance describes all of them."""

    upgrade_intercept: float = parameter(
        -3.3,
        label="Intercept of moves up",
        symbol="γ0",
        unit="logits",
        bounds=(-6, -1),
        source="prototype (solved)",
    )
    worth_weight: float = parameter(
        5.0,
        label="Weight of believed worth",
        symbol="γ1",
        unit="logits",
        bounds=(1, 8),
        source="prototype (solved)",
    )
    pressure_weight: float = parameter(
        1.5,
        label="Weight of pressure",
        symbol="γ2",
        unit="logits",
        bounds=(0, 4),
        source="EVIDENCE §6.5 (assumption)",
    )
    imitation: float = parameter(
        4.0,
        label="Imitation of rivals",
        symbol="γ3",
        unit="logits",
        bounds=(0, 8),
        source="assumption; sign: Sharma, ATM adoption",
    )
    closing_intercept: float = parameter(
        -0.5,
        label="Reluctance to close a slice of counters",
        symbol="γ_c",
        unit="logits",
        bounds=(-4, 2),
        source="solved on branch density until 2015",
    )
    closing_imitation: float = parameter(
        1.6,
        label="Imitation in closing",
        symbol="γ3c",
        unit="logits",
        bounds=(0, 8),
        source="prototype (solved)",
    )
    closing_step: float = parameter(
        0.08,
        label="Slice of counters per closing",
        symbol="Δ",
        unit="share",
        bounds=(0.02, 0.5),
        source="assumption",
    )
    remoteness: float = parameter(
        2.0,
        label="Dearer churn as counters get rare",
        symbol="κ_c",
        bounds=(0, 6),
        source="assumption",
    )
    rollback_intercept: float = parameter(
        -4.5,
        label="Intercept of moves down",
        symbol="ζ0",
        unit="logits",
        bounds=(-8, -2),
        source="prototype (solved)",
    )
    complaint_weight: float = parameter(
        6.0,
        label="Weight of customers' grievance",
        symbol="ζ3",
        unit="logits",
        bounds=(0, 12),
        source="assumption",
    )
    staying_imitation: float = parameter(
        2.0,
        label="Imitation against going back",
        symbol="ζ4",
        unit="logits",
        bounds=(0, 6),
        source="prototype",
    )
    ambiguity_fading: float = parameter(
        0.06,
        label="Fading of ambiguity with own experience",
        symbol="α",
        unit="1/yr",
        bounds=(0, 0.5),
        source="Abrahamson & Rosenkopf (sign)",
    )
    pressure_scale: float = parameter(
        1.0,
        label="Economic pressure, overall",
        symbol="P",
        bounds=(0, 4),
        source="lever of the theory (C15)",
    )
    margin_pressure: float = parameter(
        0.5,
        label="Pressure from margins below aspiration",
        symbol="θ_π",
        bounds=(0, 2),
        source="Cyert & March (sign)",
    )
    rival_pressure: float = parameter(
        1.5,
        label="Pressure from the best rival's cost",
        symbol="θ_c",
        bounds=(0, 5),
        source="assumption (C15: one firm's saving presses the others)",
    )
    wage_pressure: float = parameter(
        8.0,
        label="Pressure from wage growth",
        symbol="θ_w",
        unit="yr",
        bounds=(0, 30),
        source="sign: Sharma",
    )
    vacancy_pressure: float = parameter(
        0.35,
        label="Pressure from staff shortage",
        symbol="θ_v",
        bounds=(0, 1.5),
        source="EHI (stated driver)",
    )
    loss_pressure: float = parameter(
        2.0,
        label="Pressure from lost customers",
        symbol="θ_s",
        bounds=(0, 8),
        source="assumption",
    )
    aspiration_months: float = parameter(
        36.0,
        label="Memory of aspirations",
        symbol="T_a",
        unit="months",
        bounds=(6, 120),
        source="assumption",
    )
    prior_acceptance: float = parameter(
        0.45,
        label="Believed acceptance before any use",
        symbol="x̂0",
        bounds=(0.1, 0.9),
        source="assumption",
    )
    prior_contribution: float = parameter(
        0.03,
        label="Believed participation before any contribution",
        symbol="x̂_c",
        bounds=(0.001, 0.3),
        source="assumption; 1-9-90",
    )
    contribution_appetite: float = parameter(
        1.0,
        label="Weight of contributions against cost savings",
        symbol="ω_c",
        bounds=(0, 4),
        source="lever (C9: firms aim at cost and/or contributions)",
    )
    research_budget: float = parameter(
        0.03,
        label="Research that contributions can replace",
        symbol="B_r",
        unit="share of other cost",
        bounds=(0, 0.2),
        source="assumption",
    )
    quality_budget: float = parameter(
        0.01,
        label="Quality control that contributions can replace",
        symbol="B_q",
        unit="share of other cost",
        bounds=(0, 0.1),
        source="assumption",
    )
    marketing_budget: float = parameter(
        0.03,
        label="Marketing that contributions can replace",
        symbol="B_m",
        unit="share of other cost",
        bounds=(0, 0.2),
        source="assumption",
    )
    prior_leakage: float = parameter(
        0.4,
        label="Believed share of the true leakage at first",
        symbol="ℓ0",
        bounds=(0, 1.5),
        source="sign: savings are over-estimated (EVIDENCE §0.3)",
    )
    learning: float = parameter(
        0.4,
        label="Learning from own results per review",
        symbol="λ_f",
        bounds=(0.05, 1),
        source="assumption",
    )
    learning_from_rivals: float = parameter(
        0.25,
        label="Learning from rivals per review",
        symbol="λ_r",
        bounds=(0, 1),
        source="assumption",
    )
    foresight_years: float = parameter(
        5.0,
        label="Years of access looked ahead",
        symbol="T_l",
        unit="yr",
        bounds=(0, 10),
        source="prototype (solved)",
    )
    next_generation: float = parameter(
        0.35,
        label="Reluctant customers a new channel may win",
        symbol="g_n",
        bounds=(0, 1),
        source="assumption",
    )
    price_difference: float = parameter(
        1.0,
        label="Price differences in favour of self-service, relative to the catalogue",
        symbol="m_p",
        bounds=(0, 2),
        source="lever; 0 as where surcharges are banned: assumption",
    )
    incentive_response: float = parameter(
        2.5,
        label="Believed response to price differences",
        symbol="g_m",
        bounds=(0, 6),
        source="assumption",
    )
    incentive_churn: float = parameter(
        0.03,
        label="Believed churn from counter fees",
        symbol="c_m",
        bounds=(0, 0.3),
        source="assumption",
    )
    fee_share: float = parameter(
        0.6,
        label="Counter fee in the price difference",
        symbol="f_m",
        bounds=(0, 1),
        source="fees for the counter rather than discounts (EVIDENCE §3.4)",
    )
    prior_churn: float = parameter(
        0.4,
        label="Believed churn from closing",
        symbol="ĉ0",
        bounds=(0, 0.9),
        source="assumption",
    )
    churn_learning: float = parameter(
        0.02,
        label="Learning about churn",
        symbol="λ_c",
        unit="1/month",
        bounds=(0, 0.2),
        source="assumption",
    )
    churn_grievance: float = parameter(
        1.0,
        label="Believed churn per grievance",
        symbol="c_Q",
        bounds=(0, 4),
        source="assumption",
    )
    contribution_margin: float = parameter(
        0.35,
        label="Contribution margin of a lost customer",
        symbol="cm",
        unit="share of price",
        bounds=(0.1, 0.8),
        source="assumption",
    )
    standby_saved: float = parameter(
        0.3,
        label="Standby cost saved by closing",
        symbol="σ_b",
        bounds=(0, 1),
        source="prototype (solved)",
    )
    political_cost: float = parameter(
        0.5,
        label="Political cost of closing public counters",
        symbol="c_p",
        bounds=(0, 3),
        source="assumption",
    )
    helped_overhead: float = parameter(
        1.2,
        label="Staff minutes per helped occasion",
        symbol="h_L",
        unit="of a staffed one",
        bounds=(1, 2),
        source="assumption",
    )
    failure_staff: float = parameter(
        0.5,
        label="Staff minutes per failed attempt",
        symbol="h_F",
        unit="of a staffed one",
        bounds=(0, 1.5),
        source="assumption",
    )
    utilisation: float = parameter(
        0.8,
        label="Intended utilisation of staff",
        symbol="u",
        bounds=(0.5, 0.95),
        source="assumption",
    )
    understaffing: float = parameter(
        0.12,
        label="Staff cut below need per unit of pressure",
        symbol="u_p",
        bounds=(0, 0.4),
        source="assumption: choice erodes under pressure (C15)",
    )
    capacity_cut: float = parameter(
        0.03,
        label="Largest cut of staff",
        symbol="k⁻",
        unit="1/month",
        bounds=(0.005, 0.2),
        source="assumption",
    )
    capacity_growth: float = parameter(
        0.05,
        label="Largest growth of staff",
        symbol="k⁺",
        unit="1/month",
        bounds=(0.005, 0.2),
        source="assumption",
    )
    queue_exponent: float = parameter(
        2.0,
        label="How steeply queues grow with load",
        symbol="q",
        bounds=(1, 4),
        source="assumption",
    )
    way_exponent: float = parameter(
        0.75,
        label="How steeply ways grow with thinning",
        symbol="d",
        bounds=(0.5, 1.5),
        source="½ by geometry for even thinning; more where closings cluster (assumption)",
    )
    size_exponent: float = parameter(
        0.15,
        label="Scale economies of fixed cost",
        symbol="σ_F",
        bounds=(0, 0.5),
        source="sign: Sharma",
    )
    roll_out_months: float = parameter(
        30.0,
        label="Months to roll a channel out",
        symbol="T_u",
        unit="months",
        bounds=(3, 120),
        source="assumption",
    )
    withdrawal_months: float = parameter(
        12.0,
        label="Months to withdraw a channel",
        symbol="T_d",
        unit="months",
        bounds=(1, 60),
        source="assumption",
    )
    pass_through: float = parameter(
        0.7,
        label="Long-run pass-through of savings",
        symbol="ψ",
        bounds=(0, 1),
        source="assumption; sign: self-service petrol bans",
    )
    own_cost_weight: float = parameter(
        0.3,
        label="Weight of own cost in the price",
        symbol="φ",
        bounds=(0.05, 1),
        source="EVIDENCE §6.5",
    )
    price_speed: float = parameter(
        0.1,
        label="Speed of prices",
        symbol="v",
        unit="1/month",
        bounds=(0.01, 1),
        source="assumption",
    )
