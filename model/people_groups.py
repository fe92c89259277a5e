"""Groups of people by which measures are told: age, education, income, segment."""

import numpy as np

from agents import ledger as lines
from agents.demography import AGES, EDUCATIONS, INCOMES, SEGMENTS

_PEOPLE_GROUPS = (("age", AGES), ("education", EDUCATIONS), ("income", INCOMES), ("segment", SEGMENTS))


def _membership() -> tuple[tuple[tuple[str, str], ...], np.ndarray]:
    """Return groups of people as (dimension, group), and which cells belong to each: (groups, N_CELLS)."""
    cell = np.arange(lines.BUSINESS_CELL)
    places = {"age": cell // 9, "education": cell // 3 % 3, "income": cell % 3}
    names, rows = [], []
    for dimension, groups in _PEOPLE_GROUPS:
        for place, group in enumerate(groups):
            row = np.zeros(lines.N_CELLS)
            if dimension == "segment":
                row[: lines.BUSINESS_CELL] = place == 0
                row[lines.BUSINESS_CELL] = place == 1
            else:
                row[: lines.BUSINESS_CELL] = places[dimension] == place
            names.append((dimension, group))
            rows.append(row)
    return tuple(names), np.array(rows)


PEOPLE_GROUPS, MEMBERS = _membership()
"""Which cells of the ledger belong to each group: (groups, N_CELLS)."""
