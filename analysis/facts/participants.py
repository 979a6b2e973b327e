"""Who took part, in numbers."""

from __future__ import annotations

import pandas as pd

from analysis.metrics import Metric, slugs
from analysis.participants.summary import OVERALL, category_counts, number_summary
from analysis.phrases import in_sentence, listing
from analysis.records import records
from analysis.settings import Numbers, Variable

__all__ = ["group_facts", "participant_facts"]


def group_facts(membership: pd.Series) -> dict[str, Metric]:
    """Count cases by group.

    Parameters
    ----------
    membership : Series
        Values the group as an ordered categorical.

    Returns
    -------
    dict
        ``participants.total``; for each group, by its place in the order,
        ``group-1.name``, ``group-1.noun`` (as inside a sentence), ``group-1.n`` and
        ``group-1.percent``; ``group.list``, such as "7 patients and 5 caregivers".
    """
    total = len(membership)
    facts: dict[str, Metric] = {"participants.total": total}
    phrases = []
    for at, name in enumerate(membership.cat.categories, start=1):
        n = int((membership == name).sum())
        facts[f"group-{at}.name"] = str(name)
        facts[f"group-{at}.noun"] = in_sentence(str(name))
        facts[f"group-{at}.n"] = n
        facts[f"group-{at}.percent"] = 100 * n / total
        phrases.append(f"{n:,} {in_sentence(str(name))}")
    facts["group.count"] = len(phrases)
    facts["group.list"] = listing(phrases)
    return facts


def participant_facts(
    participants: pd.DataFrame, variables: list[Variable], group: str | None, numbers: Numbers
) -> dict[str, Metric]:
    """Summarise the demographic variables, overall and by group.

    Returns
    -------
    dict
        For a category ``participants.gender.female.n`` and ``….percent`` (of those for
        whom it is known); for a number ``participants.age.mean``, ``.sd``, ``.minimum``,
        ``.maximum`` and ``.n``. Groups add ``.group-1`` before the last part. A category
        counted within another adds the level of that, in groups to which it applies:
        ``participants.role.nurse.ms.group-1.n``.
    """
    facts: dict[str, Metric] = {}
    present = [variable for variable in variables if variable.name in participants]
    names = [str(name) for name in participants[group].cat.categories] if group else []
    place = {name: f".group-{at}" for at, name in enumerate(names, start=1)} | {OVERALL: ""}
    for variable, key in zip(present, slugs(item.title for item in present), strict=True):
        if variable.kind == "category":
            counts = category_counts(participants, variable, group)
            nested = counts[counts["within"].notna()]
            counts = counts[counts["within"].isna()]
            levels = dict(
                zip(
                    counts["level"].unique(),
                    slugs(counts["level"].unique()),
                    strict=True,
                )
            )
            for row in records(counts):
                start = f"participants.{key}.{levels[row['level']]}{place[row['group']]}"
                facts[f"{start}.n"] = int(row["n"])
                if row["known"]:
                    facts[f"{start}.percent"] = 100 * row["n"] / row["known"]
            if variable.within:
                facts |= _nested_facts(participants, variable.within, counts, nested, key, place)
        else:
            summary = number_summary(participants, variable.name, group, variable.sd or numbers.sd)
            for row in records(summary):
                start = f"participants.{key}{place[row['group']]}"
                facts[f"{start}.n"] = int(row["n"])
                for name in ("mean", "sd", "minimum", "maximum"):
                    value = row[name]
                    if not pd.isna(value):
                        facts[f"{start}.{name}"] = (
                            int(value) if name.endswith("imum") and value == int(value) else value
                        )
    return facts


def _nested_facts(
    participants: pd.DataFrame,
    within: str,
    counts: pd.DataFrame,
    nested: pd.DataFrame,
    key: str,
    place: dict[str, str],
) -> dict[str, Metric]:
    """Count each level by the levels within it; a pair that nobody has is there with 0."""
    outer = [str(level) for level in counts["level"].unique()]
    inner = [str(level) for level in participants[within].cat.categories]
    found = nested.set_index(["group", "level", "within"])["n"]
    return {
        f"participants.{key}.{slug}.{inside}{place[group]}.n": int(
            found.get((group, level, name), 0)
        )
        for group in nested["group"].unique()
        if group != OVERALL
        for level, slug in zip(outer, slugs(outer), strict=True)
        for name, inside in zip(inner, slugs(inner), strict=True)
    }
