"""Do the rules give the same bits compiled and as plain Python, on which the oracle rests?"""

import inspect

import numpy as np
import pytest

from agents.rules import acceptance, consequences, contribution, loyalty, service_capacity, time_use

FILES = (acceptance, consequences, contribution, loyalty, service_capacity, time_use)
RULES = {
    name: rule
    for file in FILES
    for name, rule in vars(file).items()
    if hasattr(rule, "py_func") and rule.py_func.__module__ == file.__name__
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_gives_the_same_bits_compiled_and_in_python(name):
    rule = RULES[name]
    inputs = len(inspect.signature(rule.py_func).parameters)
    numbers = np.random.default_rng(1).random((3000, inputs))
    assert [rule(*row) for row in numbers.tolist()] == [rule.py_func(*row) for row in numbers.tolist()]
