"""The year before everything starts: firms with their first machines, customers and books."""

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from agents.columns import Offers, Work
from agents.draws import decision_key, uniform, uniforms
from agents.firm import OPTIONAL, FirmColumns
from agents.parameters import FirmBehaviour

if TYPE_CHECKING:
    from model.economy import Economy

_SIZE_SPREAD = 0.4  # log spread of firms' first customers; assumption (MODEL_NOTES f)
_LONGEST_TENURE = 120.0  # months for which somebody has been a customer at the outset


def columns_of_firms(
    work: Work, behaviour: FirmBehaviour, wage: np.ndarray, mark_up: np.ndarray
) -> FirmColumns:
    """Return firms at the outset: everything staffed, nothing decided, believing what is generally believed.

    Parameters
    ----------
    wage : (F,) EUR per hour of 2024.
    mark_up : (F,) on unit cost.
    """
    firms, tasks, channels = len(work.firm_sector), len(work.sector), len(work.channel_task)
    zeros, normal_margin = np.zeros, mark_up / (1.0 + mark_up)
    prior = np.where(work.contribution, behaviour.prior_contribution, behaviour.prior_acceptance)
    return FirmColumns(
        wage=wage,
        price=zeros(firms),
        shadow_price=zeros(firms),
        margin=normal_margin.copy(),
        aspiration=normal_margin.copy(),
        unit_cost=zeros(firms),
        baseline_unit_cost=zeros(firms),
        customers=zeros(firms),
        lost_share=zeros(firms),
        capacity=zeros(firms),
        load=np.ones(firms),
        grievance=zeros(firms),
        churn_belief=np.full(firms, behaviour.prior_churn),
        pressure=zeros(firms),
        pressure_parts=zeros((firms, 5)),
        mode=zeros((firms, tasks), np.uint8),
        offered=zeros((firms, channels), np.bool_),
        closing=zeros((firms, len(work.counter_sector))),
        belief=np.tile(prior, (firms, 1)),
        leakage_belief=np.full((firms, tasks), behaviour.prior_leakage),
        reviews=zeros((firms, tasks)),
        accepted=zeros((firms, tasks)),
        covered=zeros((firms, tasks)),
        saving=zeros((firms, tasks)),
    )


def first_offers(work: Work, firms: FirmColumns) -> Offers:
    """Return what consumers find at the outset: counters, all of them open."""
    rows, tasks = len(work.firm_sector), len(work.sector)
    return Offers(
        coverage=np.zeros((rows, len(work.channel_task))),
        staffed_minutes=np.tile(work.staffed_minutes, (rows, 1)),
        discount=np.zeros((rows, tasks)),
        fee=np.zeros((rows, tasks)),
        closed=np.zeros((rows, len(work.counter_sector))),
        price=firms.price,
        pays=np.zeros(rows, np.bool_),
    )


def install_first_machines(economy: "Economy") -> None:
    """Give some firms the machines that exist at the outset, fully rolled out."""
    work, firms, key = economy.work, economy.firm_columns, decision_key(economy.seed, "first machines")
    for row, sector in enumerate(work.firm_sector):
        first = int(work.sector_first_channel[sector])
        for channel in range(first, first + int((work.sector[work.channel_task] == sector).sum())):
            exists = work.introduced[channel] <= economy.year
            if exists and uniform(key, row, work.installation[channel]) < work.initial_share[channel]:
                firms.offered[row, channel] = True
                firms.mode[row, work.channel_task[channel]] = OPTIONAL
                economy.offers.coverage[row, channel] = 1.0


def first_firms(economy: "Economy") -> tuple[np.ndarray, np.ndarray]:
    """Return each consumer's first firm by sector, and since when she has been its customer: (N, S) both."""
    work, seed, identity = economy.work, economy.seed, economy.consumers.columns.identity
    people = len(identity)
    firm = np.empty((people, len(work.first_firm)), np.int16)
    joined = np.empty_like(firm)
    for sector, name in enumerate(economy.names.sectors):
        sizes = uniforms(decision_key(seed, f"firm size {name}"), int(work.n_firms[sector]), 0)
        shares = np.cumsum(np.exp(_SIZE_SPREAD * ndtri(sizes)))
        place = uniforms(decision_key(seed, "first firm"), people, sector)[identity]
        firm[:, sector] = work.first_firm[sector] + np.searchsorted(
            shares[:-1] / shares[-1], place, side="right"
        )
        tenure = uniforms(decision_key(seed, "first tenure"), people, sector)[identity]
        joined[:, sector] = economy.month - (_LONGEST_TENURE * tenure).astype(np.int64)
    return firm, joined


def open_books(economy: "Economy") -> np.ndarray:
    """Set staff, prices and cost as if everything had always been staffed.

    Returns
    -------
    (F,) staff min per month and unit of a private customer.
    """
    firms, accounts, technology = economy.firm_columns, economy.accounts, economy.technology
    heads = _heads(economy)
    minutes, standby = _staffed(economy, heads)
    units = heads[:, 0] + accounts.business_units * heads[:, 1]
    cost = standby + minutes * accounts.wage * technology.wage_index / 60.0
    served = np.maximum(units, 1.0)
    firms.customers[:] = units
    firms.capacity[:] = minutes
    firms.baseline_unit_cost[:] = cost / served + accounts.other_cost * technology.price_level
    firms.unit_cost[:] = firms.baseline_unit_cost
    firms.price[:] = (1.0 + economy.mark_up) * firms.baseline_unit_cost
    firms.shadow_price[:] = firms.price
    return minutes / served


def _heads(economy: "Economy") -> np.ndarray:
    """Return (F, 2) private and business customers."""
    columns = economy.consumers.columns
    heads = np.zeros((len(economy.firm_columns.price), 2))
    for sector in range(len(economy.work.first_firm)):
        np.add.at(heads, (columns.firm[:, sector], columns.business), 1.0)
    return heads


def _staffed(economy: "Economy", heads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (F,) staff min per month that serving everybody takes, and (F,) EUR per month of standing by."""
    work, utilisation = economy.work, economy.parameters.firm.utilisation
    minutes, standby = np.zeros(len(heads)), np.zeros(len(heads))
    business = np.array([1.0, 1.0])
    for row in range(len(heads)):
        for task in economy.firm_at(row).services:
            business[1] = work.business_occasions[task]
            occasions = work.occasions[task] * work.eligible_share[task] * float(heads[row] @ business)
            minutes[row] += occasions * work.employee_minutes[task] / utilisation
            standby[row] += occasions * economy.accounts.standby[row, task] * economy.technology.price_level
    return minutes, standby
