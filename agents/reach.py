"""What has reached a consumer: the technology that a channel needs, a firm's roll-out, a closed counter."""

from agents.draws import uniform
from agents.rules.compiled import step_rule


@step_rule
def has_access(people, person, kind, moment):
    """Return whether she has the technology that a channel needs (0 none, 1 internet, 2 mobile)."""
    if kind == 0:
        return True
    if kind == 1:
        return people.internet_rank[person] < moment.internet
    return people.mobile_rank[person] < moment.mobile


@step_rule
def is_covered(people, person, firm, channel, offers, moment):
    """Return whether her firm's roll-out of a channel has reached her."""
    coverage = offers.coverage[firm, channel]
    if coverage <= 0.0:
        return False
    return coverage >= 1.0 or uniform(moment.covered_key, people.identity[person], channel) < coverage


@step_rule
def covered_channels(people, person, firm, task, offers, work, moment):
    """Return a bit per channel of the task that has reached her, usable for her or not."""
    first, bits = work.first_channel[task], 0
    for place in range(work.n_channels[task]):
        if is_covered(people, person, firm, first + place, offers, moment):
            bits |= 1 << place
    return bits


@step_rule
def counter_is_closed(people, person, firm, counter, offers, moment):
    """Return whether the counter where she is served is closed."""
    closed = offers.closed[firm, counter]
    if closed <= 0.0:
        return False
    return uniform(moment.closed_key, people.identity[person], counter) < closed
