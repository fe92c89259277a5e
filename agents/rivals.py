"""What a firm learns from its own results, and what it sees of its rivals: compiled steps of a review."""

from agents.columns import INCENTIVISED, OBSERVABLE
from agents.rules.compiled import step_rule
from agents.rules.externalisation import belief_after
from agents.worth import coverage_of, newest_channel


@step_rule
def learn(row, task, scene):
    """Move beliefs about acceptance and leakage towards own results and rivals'."""
    firms, rules = scene.firms, scene.rules
    own = coverage_of(row, task, scene) > OBSERVABLE and firms.covered[row, task] > 0.0
    belief = firms.belief[row, task]
    if own:
        belief = belief_after(belief, firms.accepted[row, task] / firms.covered[row, task], rules.learning)
        firms.leakage_belief[row, task] = belief_after(firms.leakage_belief[row, task], 1.0, rules.learning)
        firms.reviews[row, task] += 1.0
    rivals = rivals_acceptance(row, task, scene)
    if rivals >= 0.0:
        access = scene.outlook.access[scene.work.channel_access[newest_channel(row, task, scene)]]
        seen = rivals if own else min(1.0, rivals / max(0.05, access))
        belief = belief_after(belief, seen, rules.learning_from_rivals * (0.5 if own else 1.0))
    rarest = 0.0005 if scene.work.contribution[task] else 0.01
    firms.belief[row, task] = min(0.99, max(rarest, belief))


@step_rule
def _rivals(row, scene):
    """Return the rows of a firm's sector, itself included, and the number of rivals."""
    sector = scene.work.firm_sector[row]
    first, firms = scene.work.first_firm[sector], scene.work.n_firms[sector]
    return range(first, first + firms), firms - 1


@step_rule
def rivals_acceptance(row, task, scene):
    """Return the share of rivals' occasions with a channel that customers serve themselves; −1 without."""
    accepted, covered = 0.0, 0.0
    for firm in _rivals(row, scene)[0]:
        if firm != row:
            accepted += scene.firms.accepted[firm, task]
            covered += scene.firms.covered[firm, task]
    return accepted / covered if covered > 0.0 else -1.0


@step_rule
def rivals_coverage(row, task, scene):
    """Return the mean share of rivals' customers that can use some channel of a task."""
    firms, rivals = _rivals(row, scene)
    total = 0.0
    for firm in firms:
        if firm != row:
            total += coverage_of(firm, task, scene)
    return total / rivals if rivals > 0 else 0.0


@step_rule
def rivals_mean(row, values, place, scene):
    """Return the mean of rivals' values in a column, 0 without rivals."""
    firms, rivals = _rivals(row, scene)
    total = 0.0
    for firm in firms:
        if firm != row:
            total += values[firm, place]
    return total / rivals if rivals > 0 else 0.0


@step_rule
def rivals_with_incentive(row, task, scene):
    """Return the share of rivals with a price difference for a task before this month's reviews."""
    firms, rivals = _rivals(row, scene)
    count = 0
    for firm in firms:
        if firm != row and scene.outlook.mode[firm, task] == INCENTIVISED:
            count += 1
    return count / rivals if rivals > 0 else 0.0
