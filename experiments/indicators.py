"""What can be calibrated: which sector of the economy and which of its measures a survey's question means."""

from __future__ import annotations

from dataclasses import dataclass, replace

from experiments.twin import TwinBehaviour


@dataclass(frozen=True)
class Indicator:
    """One question of the surveys.

    Parameters
    ----------
    sector, measure : of the economy.
    twin : whose constants were fitted to 12 paths of the economy (three countries' access, four levels and
        trends), never to observed use.
    """

    name: str
    label: str
    sector: str
    measure: str
    twin: TwinBehaviour


INDICATORS = {
    found.name: found
    for found in (
        Indicator(
            "internet_banking",
            "Internet banking",
            "bank",
            "internet_banking_share",
            TwinBehaviour(
                heterogeneity=2.7, learning=1.1, renewal=0.5, inertia=0.7, middle=2003.0, offset=(-0.15, 0.1)
            ),
        ),
        Indicator(
            "online_purchases",
            "Online purchases",
            "retail",
            "online_purchase_share",
            TwinBehaviour(
                heterogeneity=2.7,
                learning=1.6,
                renewal=0.5,
                inertia=0.9,
                middle=2001.5,
                offset=(-0.77, 0.075),
            ),
        ),
        Indicator(
            "e_government",
            "E-government",
            "government",
            "e_government_share",
            TwinBehaviour(
                heterogeneity=2.9, learning=1.0, renewal=0.6, inertia=0.65, middle=2005.0, offset=(0.4, 0.07)
            ),
        ),
    )
}


@dataclass(frozen=True)
class Shared:
    """A behavioural parameter that all countries have in common.

    Parameters
    ----------
    mean, spread : what is believed before the fit.
    low, high : where the economy is run to see what the parameter does.
    fitted : whether it is fitted or only profiled.
    """

    name: str
    mean: float
    spread: float
    low: float
    high: float
    fitted: bool = True


SHARED = (
    Shared("consumer.usefulness_weight", 5.0, 1.0, 4.0, 6.0),
    Shared("consumer.inertia", 1.0, 0.5, 0.5, 1.5),
    Shared("consumer.peer_effect", 1.0, 0.5, 0.0, 2.2, fitted=False),
)
"""Decision record 0030: two are fitted, contagion is only profiled between its literature values."""


def without_mechanisms(indicator: Indicator) -> TwinBehaviour:
    """Return the null model's behaviour: differences between people, access and a trend, nothing else."""
    return replace(indicator.twin, usefulness_weight=0.0, inertia=0.0, learning=0.0, peer_effect=0.0)
