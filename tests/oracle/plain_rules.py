"""The rules as plain Python functions, and the places where the columns round.

``test_rules_are_the_same_in_python.py`` holds these functions to the compiled ones bit by bit.
"""

import numpy as np

from agents.rules import acceptance, consequences, contribution, loyalty, service_capacity, time_use

logistic = acceptance.logistic.py_func
gumbel = acceptance.gumbel.py_func
ability_term = acceptance.ability_term.py_func
motive_term = acceptance.motive_term.py_func
risk_term = acceptance.risk_term.py_func
contact_term = acceptance.contact_term.py_func
peer_term = acceptance.peer_term.py_func
trust_after_attribution = acceptance.trust_after_attribution.py_func
success_probability = acceptance.success_probability.py_func
own_minutes = time_use.own_minutes.py_func
attention = time_use.attention.py_func
time_advantage = time_use.time_advantage.py_func
time_weight = time_use.time_weight.py_func
usefulness = time_use.usefulness.py_func
experience_after = consequences.experience_after.py_func
strain = consequences.strain.py_func
awareness_after = consequences.awareness_after.py_func
grievance_after = consequences.grievance_after.py_func
role_clarity = acceptance.role_clarity.py_func
role_perception = consequences.role_perception.py_func
bond_deficit = loyalty.bond_deficit.py_func
leaving_logits = loyalty.leaving_logits.py_func
switching_utility = loyalty.switching_utility.py_func
ladder_term = contribution.ladder_term.py_func
intensity = contribution.intensity.py_func
standard_normal = contribution.standard_normal.py_func
failed_attempt_minutes = service_capacity.failed_attempt_minutes.py_func


def as_stored(number: float) -> float:
    """Return a number as a column of 32-bit floats keeps it."""
    return float(np.float32(number))


def in_16_bits(share: float) -> int:
    """Return the whole number 0 … 65535 that stands for a share."""
    return int(share * 65535.0 + 0.5)
