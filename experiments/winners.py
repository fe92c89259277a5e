"""Winners and losers: where groups of people move apart from the mean.

A group stands apart where the interval of its difference from the mean excludes zero, run by run with the
same seed, with all groups of an outcome read together (Bonferroni).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.intervals import is_share
from experiments.outcomes import Outcome, outcomes_of
from experiments.paired import Interval, Point, contrasts, interval_of, joint_level, points_of
from experiments.report_sections import Picture, Section, Table

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = (
    "self_service_share",
    "unpaid_hours_gross",
    "unpaid_hours_net",
    "unpaid_hours_felt",
    "unpaid_hours_value",
    "forced_share",
    "unwilling_share",
    "excluded_share",
    "forgone_share",
    "customer_loss",
    "grievance",
    "adopter_share",
)
DIMENSIONS = ("age", "education", "income", "segment")
MEAN = ("", "all adults")
"""The group that is no group; business clients are compared with it, but are no part of it."""
MOST_NAMED = 2
"""Groups that one sentence names to each side of the mean."""
MOST_GAPS = 6
"""Gaps that one paragraph names."""
Group = tuple[str, str]


@dataclass(frozen=True)
class Gap:
    """One group in one outcome: its value (or change), the mean's, and the interval of their difference.

    ``level`` is the mean's level, by which gaps of several outcomes are compared.
    """

    outcome: Outcome
    group: Group
    value: Interval
    mean: Interval
    gap: Interval
    apart: bool
    level: float

    @property
    def opposed(self) -> bool:
        """Whether the group clearly changes against the direction of the mean, which itself is clear."""
        return (
            self.value.apart_from_zero
            and self.mean.apart_from_zero
            and self.value.mean * self.mean.mean < 0.0
        )


def section(archive: Any) -> Section | None:
    """Return where groups stand apart from the mean, and what moves them apart; None without groups."""
    frame = group_ends(archive)
    if frame is None:
        return None
    points = points_of(archive)
    if archive.experiment.uncertainties:
        points = [Point(points[0].number, "all settings of the sample", {})]
    split = Split(frame, [point.number for point in points])
    beside = contrasts(points) if len(points) > 1 else []
    paragraphs = [_opening(split, points[0], beside), *level_sentences(split.gaps(points[0].number))]
    tables = [_table(split.gaps(points[0].number), _level_caption(split, points[0]), changes=False)]
    for point in beside:
        found = split.gaps(point.number, points[0].number)
        paragraphs.append(change_sentence(point, found))
        tables.append(_table(found, _change_caption(split, point, points[0]), changes=True))
    return Section("Winners and losers", paragraphs, tables, _pictures(archive, split, points[0], beside))


def group_ends(archive: Any, *, months: int = 12) -> pd.DataFrame | None:
    """Return outcomes of groups and of the mean at the end of every run; None without stored groups."""
    import pandas as pd

    names = list(OUTCOMES)
    monthly = archive.groups(names, from_month=max(0, archive.experiment.months - months))
    monthly = monthly[monthly["dimension"].isin(DIMENSIONS)]
    if monthly.empty:
        return None
    keys = ["run_id", "measure", "dimension", "group"]
    ends = monthly.groupby(keys, observed=True, as_index=False)["value"].mean()
    runs = archive.runs[["run_id", "design_point", "replication"]]
    mean = archive.final(names, months=months).assign(dimension=MEAN[0], group=MEAN[1])
    both = pd.concat([ends.merge(runs, on="run_id"), mean], ignore_index=True)
    if archive.experiment.uncertainties:  # a sample: its runs are read together
        both["replication"] = both["run_id"].astype("category").cat.codes
        both["design_point"] = archive.points["design_point"].min()
    return both[["design_point", "replication", "measure", "dimension", "group", "value"]]


class Split:
    """Outcomes by group, design point and replication."""

    def __init__(self, frame: pd.DataFrame, points: Sequence[int]) -> None:
        self.points = points
        index = ["measure", "dimension", "group", "design_point"]
        wide = frame.pivot_table(index=index, columns="replication", values="value", dropna=True)
        self._rows = dict(zip(wide.index, wide.to_numpy(), strict=True))
        self.runs = wide.shape[1]
        stored = {key[0] for key in self._rows}
        self.outcomes = outcomes_of(OUTCOMES, stored)
        self.groups = list(_ordered({(str(key[1]), str(key[2])) for key in self._rows}))

    def gaps(self, point: int, reference: int | None = None) -> list[Gap]:
        """Return every group's gap from the mean: of levels, or of changes against a reference."""
        tests = len(self.groups)
        return [
            found
            for outcome in self.outcomes
            for group in self.groups
            if (found := self._gap(outcome, group, point, reference, tests)) is not None
        ]

    def _gap(
        self, outcome: Outcome, group: Group, point: int, reference: int | None, tests: int
    ) -> Gap | None:
        value, mean = (self._values(outcome, key, point, reference) for key in (group, MEAN))
        if value is None or mean is None:
            return None
        wide = interval_of(value - mean, level=joint_level(tests))
        gap = interval_of(value - mean)
        share = reference is None and is_share(outcome.name)
        ends = [interval_of(values, share=share) for values in (value, mean)]
        level = float(self._rows[outcome.name, *MEAN, point if reference is None else reference].mean())
        return Gap(outcome, group, ends[0], ends[1], gap, wide.apart_from_zero, level)

    def _values(self, outcome: Outcome, group: Group, point: int, reference: int | None) -> Any:
        here = self._rows.get((outcome.name, *group, point))
        if reference is None or here is None:
            return here
        there = self._rows.get((outcome.name, *group, reference))
        return None if there is None else here - there


def _ordered(groups: set[Group]) -> Iterator[Group]:
    """Yield groups in the order in which people read them; private people are the mean itself."""
    from agents.demography import AGES, EDUCATIONS, INCOMES

    names = {"age": AGES, "education": EDUCATIONS, "income": INCOMES, "segment": ("business",)}
    for dimension in DIMENSIONS:
        yield from ((dimension, name) for name in names[dimension] if (dimension, name) in groups)


def group_words(group: Group) -> str:
    """Return a group in words.

    >>> group_words(("age", "65+")), group_words(("education", "low")), group_words(("segment", "business"))
    ('65+', 'low education', 'business clients')
    """
    dimension, name = group
    if dimension == "segment":
        return "business clients" if name == "business" else name
    return name if dimension in ("age", "") else f"{name} {dimension}"


def level_sentences(gaps: Sequence[Gap]) -> list[str]:
    """Say outcome by outcome which groups stand apart from the mean, the farthest first."""
    return [
        said
        for outcome in dict.fromkeys(gap.outcome for gap in gaps)
        if (said := _level_sentence(outcome, [gap for gap in gaps if gap.outcome == outcome]))
    ]


def _level_sentence(outcome: Outcome, gaps: Sequence[Gap]) -> str:
    apart = sorted((gap for gap in gaps if gap.apart), key=lambda gap: -abs(gap.gap.mean))
    above = [gap for gap in apart if gap.gap.mean > 0.0][:MOST_NAMED]
    below = [gap for gap in apart if gap.gap.mean < 0.0][:MOST_NAMED]
    mean = outcome.shown(gaps[0].mean.mean)
    sides = [
        f"{word} {', '.join(f'{group_words(g.group)} ({outcome.shown(g.value.mean)})' for g in side)}"
        for word, side in (("above it", above), ("below it", below))
        if side
    ]
    head = f"{outcome.brief[0].upper()}{outcome.brief[1:]} (mean {mean}): "
    return head + ("; ".join(sides) if sides else "no group can be told from the mean") + "."


def change_sentence(point: Point, gaps: Sequence[Gap]) -> str:
    """Say which groups a choice moves apart from the mean, the farthest first, and who moves against it."""
    apart = sorted((gap for gap in gaps if gap.apart), key=_weight, reverse=True)
    name = f"“{point.label}”"
    if not apart:
        return f"{name} moves no group apart from the mean, as far as these runs can tell."
    named = _of_several_outcomes(apart)
    said = "; ".join(_gap_words(gap) for gap in named)
    rest = len(apart) - len(named)
    more = f"; and {rest} more in the table" if rest > 0 else ""
    return f"{name} moves groups apart from the mean: {said}{more}."


def _weight(gap: Gap) -> float:
    """Return how far a group moves from the mean, relative to the mean's level."""
    return abs(gap.gap.mean) / max(abs(gap.level), 1e-12)


def _of_several_outcomes(apart: Sequence[Gap]) -> list[Gap]:
    """Return the farthest gaps, a few of each outcome, so that one outcome does not fill the sentence."""
    seen: Counter[str] = Counter()
    named = []
    for gap in apart:
        seen[gap.outcome.name] += 1
        if seen[gap.outcome.name] <= MOST_NAMED:
            named.append(gap)
    return named[:MOST_GAPS]


def _gap_words(gap: Gap) -> str:
    outcome = gap.outcome
    against = ", against the mean's direction" if gap.opposed else ""
    return (
        f"{outcome.brief}, {group_words(gap.group)} {outcome.shown_change(gap.value.mean)} "
        f"(mean {outcome.shown_change(gap.mean.mean)}){against}"
    )


def _opening(split: Split, reference: Point, beside: Sequence[Point]) -> str:
    if split.runs < 2:
        return "One run has no interval: which groups stand apart needs several replications."
    where = f" with “{reference.label}”" if reference.varied else ""
    then = "; then what each choice changes by group, against the mean's change" if beside else ""
    tests = len(split.groups)
    return (
        f"Groups{where} at the end of the run, {split.runs} runs{then}. A group is named where its "
        f"difference from the mean of adults is not zero at 95 %, run by run with the same seed, for all "
        f"{tests} groups of an outcome together (Bonferroni)."
    )


def _level_caption(split: Split, reference: Point) -> str:
    at = f" with {reference.label}" if reference.varied else ""
    return f"By group{at}: mean of {split.runs} runs, last twelve months; * apart from the mean."


def _change_caption(split: Split, point: Point, reference: Point) -> str:
    return (
        f"What {point.label} changes by group against {reference.label}: mean of {split.runs} paired runs, "
        "last twelve months; * moves apart from the mean."
    )


def _table(gaps: Sequence[Gap], caption: str, *, changes: bool) -> Table:
    """Return a row per group and a column per outcome."""
    outcomes = list(dict.fromkeys(gap.outcome for gap in gaps))
    cells = {(gap.group, gap.outcome.name): gap for gap in gaps}
    units = ["", *(o.change_unit if changes else o.level_unit for o in outcomes)]
    shown = [_mean_row(outcomes, cells, changes=changes)]
    for group in dict.fromkeys(gap.group for gap in gaps):
        row = [_cell(cells.get((group, o.name)), changes=changes) for o in outcomes]
        shown.append([group_words(group), *row])
    return Table(["Group", *(o.brief for o in outcomes)], shown, caption, units, folded=changes)


def _mean_row(
    outcomes: Sequence[Outcome], cells: dict[tuple[Group, str], Gap], *, changes: bool
) -> list[str]:
    first = {gap.outcome.name: gap for gap in reversed(list(cells.values()))}
    return [MEAN[1], *(_number(o, first[o.name].mean.mean, changes=changes) for o in outcomes)]


def _cell(gap: Gap | None, *, changes: bool) -> str:
    if gap is None:
        return "–"
    return _number(gap.outcome, gap.value.mean, changes=changes) + (" *" if gap.apart else "")


def _number(outcome: Outcome, value: float, *, changes: bool) -> str:
    from experiments.outcomes import figure, signed

    return signed(outcome.scale * value) if changes else figure(outcome.scale * value)


def _pictures(archive: Any, split: Split, reference: Point, beside: Sequence[Point]) -> list[Picture]:
    from experiments.group_charts import change_picture, level_picture

    pictures = [level_picture(archive, split, reference)]
    return [*pictures, change_picture(archive, split, beside[-1], reference)] if beside else pictures
