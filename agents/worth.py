"""What a firm believes its moves to be worth: yearly benefits and costs per customer, as an index."""

from typing import TYPE_CHECKING, Any

from agents.columns import Work
from agents.rules.contribution import cost_avoided
from agents.rules.externalisation import technology_cost_factor, worth_index
from agents.rules.service_capacity import scale_economy

if TYPE_CHECKING:
    from agents.firm import Firm, FirmColumns

_INTERNET = 1  # kind of access that gives contributions their reach
_NO_OCCASIONS = 1e-12  # per year; keeps a counter without occasions from dividing by zero


class Worth:
    """A firm's beliefs about benefits and costs, EUR per customer and year; indices lie in (−1, 1)."""

    def __init__(self, firm: "Firm") -> None:
        self._firm = firm
        self._model: Any = firm.model

    @property
    def _columns(self) -> "FirmColumns":
        return self._model.firm_columns

    @property
    def _work(self) -> Work:
        return self._model.work

    def of_installation(self, channels: list[int]) -> float:
        """Return the index of new channels that are installed together: one machine for several tasks."""
        terms = [self._of_channel(int(self._work.channel_task[channel]), channel) for channel in channels]
        return worth_index(sum(benefits for benefits, _ in terms), sum(costs for _, costs in terms))

    def _of_channel(self, task: int, channel: int) -> tuple[float, float]:
        """Return benefits and costs of a first channel, or of the next generation beside those offered."""
        behaviour, belief = self._model.parameters.firm, self._columns.belief[self._firm.row, task]
        access, occasions = self._firm.access_to(channel, self._firm.foresight_years), self.occasions(task)
        saved = self._return(task, channel, years_ahead=self._firm.foresight_years)
        cost = self._unit_cost(task, channel)
        if not self._firm.offers_any(task):
            used = occasions * belief * access
            return self._benefit(task, used * saved), used * cost + self._fixed_cost(channel)
        won = occasions * (1.0 - belief) * behaviour.next_generation * access
        cheaper = max(0.0, self._cheapest_offered(task) - self._technology_cost(channel))
        moved = 0.5 * belief * access * occasions * cheaper
        return won * saved + moved, won * cost + self._fixed_cost(channel)

    def of_incentive(self, task: int) -> float:
        """Return the index of a price difference: customers moved and fees against discounts and churn."""
        behaviour, belief = self._model.parameters.firm, self._columns.belief[self._firm.row, task]
        occasions, channel = self.occasions(task), self._firm.newest_channel(task)
        difference = (
            self._work.money_share[task] * self._work.staffed_cost[task] * self._model.technology.price_level
        )
        fee = behaviour.fee_share * difference
        discount = max(0.0, difference - fee - self._mandatory_pay(channel))
        moved = min(
            0.9, behaviour.incentive_response * self._work.money_share[task] * belief * (1.0 - belief)
        )
        saved = self._labour(task) * (1.0 - self._work.attended_share[channel]) - self._unit_cost(
            task, channel
        )
        benefits = occasions * (moved * saved + max(0.0, 1.0 - belief - moved) * fee)
        costs = occasions * (belief + moved) * discount
        costs += behaviour.incentive_churn * (1.0 - belief) * self._customer_margin()
        return worth_index(benefits, costs)

    def realised(self, tasks: list[int]) -> float:
        """Return the index of the channels that some tasks have, with what it has learned."""
        terms = [self._realised(task) for task in tasks]
        return worth_index(sum(benefits for benefits, _ in terms), sum(costs for _, costs in terms))

    def _realised(self, task: int) -> tuple[float, float]:
        belief, occasions = self._columns.belief[self._firm.row, task], self.occasions(task)
        offered = self._firm.offered_channels(task)
        if not offered:
            return 0.0, 0.0
        channel = offered[-1]
        saved = self._return(task, channel, years_ahead=0.0)
        fixed = sum(self._fixed_cost(c) for c in offered)
        used = occasions * belief
        return self._benefit(task, used * saved), used * self._unit_cost(task, channel) + fixed

    def of_closing(self, counter: int) -> float:
        """Return the index of closing counters: labour and premises against help, technology and churn."""
        behaviour, columns, work, row = self._model.parameters.firm, self._columns, self._work, self._firm.row
        benefits, costs, unserved, weight, outrage = 0.0, 0.0, 0.0, 0.0, 0.0
        for task in self._firm.tasks_at(counter):
            occasions, belief = self.occasions(task), columns.belief[row, task]
            coverage, labour = self._firm.coverage_of(task), self._labour(task)
            pushed = min(0.97, belief + 0.6 * (1.0 - belief))
            benefits += occasions * coverage * (1.0 - belief) * labour
            benefits += occasions * behaviour.standby_saved * self._standby(task)
            helped = (
                (1.0 - pushed) * work.fallback[self._firm.sector_row] * behaviour.helped_overhead * labour
            )
            costs += (
                occasions
                * coverage
                * (helped + (pushed - belief) * self._unit_cost(task, self._firm.newest_channel(task)))
            )
            unserved += occasions * (1.0 - belief * coverage)
            outrage += occasions * (1.0 - belief * coverage) * work.staffed_cost[task]
            weight += occasions
        rarer = 1.0 + behaviour.remoteness * columns.closing[row, counter]
        if work.captive[self._firm.sector_row]:
            costs += behaviour.political_cost * outrage * rarer
        else:
            lost = columns.churn_belief[row] * unserved / max(weight, _NO_OCCASIONS) * rarer
            costs += lost * self._customer_margin() * (1.0 - 0.4 * min(1.0, self._firm.pressure))
        return worth_index(benefits, costs)

    def occasions(self, task: int) -> float:
        """Return occasions per customer head and year, business clients and eligibility included."""
        work, share = self._work, self._model.parameters.population.business_share
        mean = 1.0 + share * (work.business_occasions[task] - 1.0)
        return float(12.0 * work.occasions[task] * work.eligible_share[task] * mean)

    def _labour(self, task: int) -> float:
        """Return the labour cost of a staffed occasion, EUR."""
        utilisation = self._model.parameters.firm.utilisation
        wage = self._columns.wage[self._firm.row] * self._model.technology.wage_index
        return float(self._work.employee_minutes[task] * wage / (60.0 * utilisation))

    def _return(self, task: int, channel: int, *, years_ahead: float) -> float:
        """Return what one use brings, EUR: labour saved and premium, or a contribution's value."""
        work = self._work
        if work.contribution[task]:
            return float(
                work.contribution_value[channel]
                * work.success[channel]
                * self._model.technology.access_for(_INTERNET, years_ahead)
            )
        return float(self._labour(task) * (1.0 - work.attended_share[channel]) + work.premium[channel])

    def _benefit(self, task: int, gross: float) -> float:
        """Return what uses are worth to it, EUR per customer and year; contributions within a budget."""
        payer = int(self._work.payer[task])
        if payer < 0:
            return gross
        behaviour = self._model.parameters.firm
        share = (behaviour.research_budget, behaviour.quality_budget, behaviour.marketing_budget)[payer]
        other = float(self._model.accounts.other_cost[self._firm.row]) * self._model.technology.price_level
        return behaviour.contribution_appetite * cost_avoided(gross, 12.0 * share * other)

    def _standby(self, task: int) -> float:
        """Return the cost of premises per occasion, EUR."""
        return float(self._model.accounts.standby[self._firm.row, task] * self._model.technology.price_level)

    def _unit_cost(self, task: int, channel: int) -> float:
        """Return the believed cost of one self-served occasion, EUR: technology, leakage, failures."""
        work = self._work
        leakage = work.leakage[channel] * self._columns.leakage_belief[self._firm.row, task]
        failures = (
            (1.0 - work.success[channel]) * self._model.parameters.firm.failure_staff * self._labour(task)
        )
        return float(self._technology_cost(channel) + leakage + failures) + self._mandatory_pay(channel)

    def _mandatory_pay(self, channel: int) -> float:
        """Return what it must pay for one self-served occasion, EUR."""
        rate = self._model.policy.compensation_rate * self._model.parameters.policy.replacement_cost
        minutes = self._work.minutes[channel] * self._model.technology.minutes_factor()
        return float(rate * minutes / 60.0 * self._model.technology.price_level)

    def _technology_cost(self, channel: int) -> float:
        return float(self._work.unit_cost[channel]) * self._newness(channel)

    def _fixed_cost(self, channel: int) -> float:
        """Return the fixed cost of a channel, EUR per customer and year."""
        mean = self._columns.customers[self._firm.sector_firms].mean()
        scale = scale_economy(self._firm.customers, mean, self._model.parameters.firm.size_exponent)
        return float(self._work.fixed_cost[channel] / 1000.0 * self._newness(channel) * scale)

    def _newness(self, channel: int) -> float:
        technology = self._model.parameters.technology
        years = self._model.technology.year - self._work.introduced[channel]
        return technology_cost_factor(years, technology.new_premium, technology.years_to_mature)

    def _customer_margin(self) -> float:
        """Return the contribution margin of a customer, EUR per year."""
        return 12.0 * self._firm.price * self._model.parameters.firm.contribution_margin

    def _cheapest_offered(self, task: int) -> float:
        return min(self._technology_cost(channel) for channel in self._firm.offered_channels(task))
