"""Participants: what to show of them, counts and means by group, the numbers and the table."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from analysis.forms import records
from analysis.metrics import Metric, slugs
from analysis.numbers import ROUNDED, format_number, mean_sd, range_text, round_exact
from analysis.phrases import NOT_REPORTED, in_sentence, listing
from analysis.settings import Deviation, Numbers, Participants, Rounding, Variable
from analysis.tables import MOST_COLUMNS, Column, Table, more_columns
from analysis.trace.selection import behind
from qdaio.faults import FaultList

__all__ = [
    "OVERALL",
    "Columns",
    "category_counts",
    "choose_columns",
    "group_facts",
    "group_members",
    "number_summary",
    "own_numbers",
    "participant_facts",
    "participants_table",
]

GROUP = "group"  # the study's own groups
OVERALL = "Total"
INDENT = "_indent"
LEVEL = "_level"
NONE = "–"
SUMMARIES = {"mean": "mean ± SD", "median": "median (IQR)", "range": "range"}


@dataclass(frozen=True)
class Columns:
    """Columns of the participants, by what they are for."""

    variables: list[Variable]
    group: str | None
    number: str | None
    marker: str | None

    def unit(self) -> str | None:
        """Return the unit of the number that is drawn."""
        return next((item.unit for item in self.variables if item.name == self.number), None)

    def deviation(self, numbers: Numbers) -> Deviation:
        """Return which standard deviation is drawn: the variable's own, else the study's."""
        own = next((item.sd for item in self.variables if item.name == self.number), None)
        return own or numbers.sd


def choose_columns(
    participants: pd.DataFrame, spec: Participants, group_by: str, number: str
) -> Columns:
    """Choose what to show from parameters, or what the study offers.

    Parameters
    ----------
    participants : DataFrame
    spec : Participants
        The study file's table.
    group_by : str
        "group" for the study's groups, which it may lack, or a category.
    number : str
        A number to draw; empty for the first there is.

    Raises
    ------
    StudyError
        When a parameter names a column that there is not, or of the wrong kind.
    """
    faults = FaultList()
    categories = [
        str(name)
        for name in participants.columns
        if isinstance(participants[name].dtype, pd.CategoricalDtype)
    ]
    present = [variable for variable in spec.variables if variable.name in participants]
    numbers = [variable.name for variable in present if variable.kind != "category"]
    if group_by not in categories and group_by != GROUP:
        _add(faults, "group_by", group_by, categories)
    if number and number not in numbers:
        _add(faults, "figure_variable", number, numbers)
    faults.raise_if_any()
    group = group_by if group_by in categories else None
    if GROUP in categories and group != GROUP:  # grouped otherwise, it is a characteristic
        present.insert(0, Variable(name=GROUP, label=spec.group_label, missing=True))
    shown = [variable for variable in present if variable.name != group]
    pairs = [
        variable.name
        for variable in shown
        if variable.kind == "category" and len(participants[variable.name].cat.categories) <= 4
    ]
    return Columns(
        variables=shown,
        group=group,
        number=number or (numbers[0] if numbers else None),
        marker=pairs[0] if pairs else None,
    )


def _add(faults: FaultList, parameter: str, found: str, known: list[str]) -> None:
    faults.add(
        kind="unknown-variable",
        column=parameter,
        found=f'"{found}"',
        expected=", ".join(known) or "nothing: the study has no such variable",
        remedy="Choose one of these in the notebook's parameters.",
    )


def category_counts(
    participants: pd.DataFrame, variable: Variable, group: str | None
) -> pd.DataFrame:
    """Count participants by level of a variable, in each group and overall.

    Parameters
    ----------
    participants : DataFrame
        One row a participant, with the variable and, if given, the group as categoricals.
    variable : Variable
        One that applies to some groups of the study is counted within them, whatever
        the participants are grouped by.
    group : str or None
        Column that holds the group.

    Returns
    -------
    DataFrame
        Columns ``group``, ``level``, ``within`` (level of the second variable, or
        missing for the count of the whole level), ``n``, ``whole`` (participants of the
        group to whom the variable applies) and ``known`` (those of them for whom it is
        known). Levels and groups without anyone are there, with 0.
    """
    frames = []
    for name, everyone in group_members(participants, group):
        members = everyone[_applies(everyone, variable)]
        values = members[variable.name]
        whole, known = len(members), int(values.notna().sum())
        counts = values.value_counts().reindex(values.cat.categories, fill_value=0)
        frames.append(
            pd.DataFrame(
                {
                    "group": name,
                    "level": counts.index.astype("str"),
                    "within": None,
                    "n": counts.to_numpy(),
                    "whole": whole,
                    "known": known,
                }
            )
        )
        if variable.within and variable.within in members and known:
            inner = members.groupby([variable.name, variable.within], observed=True).size()
            nested = inner.rename("n").reset_index()
            nested.columns = pd.Index(["level", "within", "n"])
            frames.append(
                nested.astype({"level": "str", "within": "str"}).assign(
                    group=name, whole=whole, known=known
                )
            )
    return pd.concat(frames, ignore_index=True)[
        ["group", "level", "within", "n", "whole", "known"]
    ].astype({"within": "str"})


def number_summary(
    participants: pd.DataFrame, variable: Variable, group: str | None, sd: Deviation
) -> pd.DataFrame:
    """Summarise a number by group and overall.

    Parameters
    ----------
    participants : DataFrame
    variable : Variable
    group : str or None
    sd : {"sample", "population"}
        Divisor of the variance: n − 1 or n.

    Returns
    -------
    DataFrame
        Columns ``group``, ``n`` (participants with a value), ``mean``, ``sd``,
        ``minimum``, ``median``, ``maximum``, ``whole`` (participants of the group to whom
        the variable applies); the deviation of a single value is missing under "sample".
        A variable whose summary has the median gives ``q1`` and ``q3`` too: the quartiles
        by linear interpolation between the two values around (n − 1)p + 1, type 7 of
        Hyndman & Fan 1996 (10.1080/00031305.1996.10473566), R's default.
    """
    ddof = 1 if sd == "sample" else 0
    rows = []
    for name, everyone in group_members(participants, group):
        members = everyone[_applies(everyone, variable)]
        values = members[variable.name].dropna().astype("float64")
        rows.append(
            {
                "group": name,
                "n": len(values),
                "mean": values.mean(),
                "sd": values.std(ddof=ddof),
                "minimum": values.min(),
                "median": values.median(),
                "maximum": values.max(),
                "whole": len(members),
            }
        )
        if "median" in variable.summary:
            rows[-1] |= {"q1": values.quantile(0.25), "q3": values.quantile(0.75)}
    return pd.DataFrame(rows)


def group_members(participants: pd.DataFrame, group: str | None) -> list[tuple[str, pd.DataFrame]]:
    """Return the participants of each group, of none where some have no group, and all.

    Returns
    -------
    list of (str, DataFrame)
        In the order of the groups; those without one are called "Not reported", and the
        last entry, "Total", has everyone.
    """
    names: list[str] = list(participants[group].cat.categories) if group else []
    parts = [(str(name), participants[participants[group] == name]) for name in names]
    nowhere = participants[participants[group].isna()] if group else participants.iloc[:0]
    if len(nowhere):
        parts.append((NOT_REPORTED, nowhere))
    return [*parts, (OVERALL, participants)]


def _applies(members: pd.DataFrame, variable: Variable) -> pd.Series:
    if variable.groups and GROUP in members:
        return members[GROUP].isin(variable.groups)
    return pd.Series(True, index=members.index)


def group_facts(participants: pd.DataFrame, group: str | None) -> dict[str, Metric]:
    """Count participants by group.

    Parameters
    ----------
    participants : DataFrame
    group : str or None
        Column with the group, as an ordered categorical.

    Returns
    -------
    dict
        ``participants.total``; where there are groups, for each by its place in the order,
        ``group-1.name``, ``group-1.noun`` (as inside a sentence), ``group-1.n`` and
        ``group-1.percent``; ``group.list``, such as "7 patients and 5 caregivers", and
        ``group.largest.noun``, ``.n``, ``.percent``.
    """
    total = len(participants)
    facts: dict[str, Metric] = {"participants.total": total}
    if group is None:
        return facts
    phrases = []
    for at, (name, members) in enumerate(group_members(participants, group)[:-1], start=1):
        n = len(members)
        facts[f"group-{at}.name"] = name
        facts[f"group-{at}.noun"] = in_sentence(name)
        facts[f"group-{at}.n"] = n
        facts[f"group-{at}.percent"] = 100 * n / total
        phrases.append(f"{n:,} {in_sentence(name)}")
    sizes = {name: len(members) for name, members in group_members(participants, group)[:-1]}
    largest = max(sizes, key=lambda name: sizes[name])
    facts["group.largest.noun"] = in_sentence(largest)
    facts["group.largest.n"] = sizes[largest]
    facts["group.largest.percent"] = 100 * sizes[largest] / total
    facts["group.count"] = len(phrases)
    facts["group.list"] = listing(phrases)
    return facts


def own_numbers(
    participants: pd.DataFrame, variables: list[Variable], numbers: Numbers
) -> dict[str, Numbers]:
    """Return how the text prints variables that are rounded in a way of their own.

    Returns
    -------
    dict
        ``participants.age`` and so on, as in :func:`participant_facts`, to the rule that the
        table of participants follows as well.
    """
    present = [variable for variable in variables if variable.name in participants]
    found: dict[str, Numbers] = {}
    for variable, key in zip(present, slugs(item.title for item in present), strict=True):
        changed: dict[str, object] = {}
        if variable.rounding:
            changed["rounding"] = variable.rounding
        if variable.decimals is not None:
            changed["mean_decimals"] = variable.decimals
        if changed:
            found[f"participants.{key}"] = numbers.model_copy(update=changed)
    return found


def participant_facts(
    participants: pd.DataFrame, variables: list[Variable], group: str | None, numbers: Numbers
) -> dict[str, Metric]:
    """Summarise the demographic variables, overall and by group.

    Returns
    -------
    dict
        For a category ``participants.gender.female.n`` and ``….percent`` (of those for
        whom it is known); for a number ``participants.age.mean``, ``.sd``, ``.minimum``,
        ``.maximum`` and ``.n``, with ``.median``, ``.q1`` and ``.q3`` where its summary has
        the median. Groups add ``.group-1`` before the last part. A category
        counted within another adds the level of that, in groups to which it applies:
        ``participants.role.nurse.ms.group-1.n``.
    """
    facts: dict[str, Metric] = {}
    present = [variable for variable in variables if variable.name in participants]
    names = [name for name, _ in group_members(participants, group)[:-1]]
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
            if variable.within and variable.within in participants:
                facts |= _nested_facts(participants, variable.within, counts, nested, key, place)
        else:
            summary = number_summary(participants, variable, group, variable.sd or numbers.sd)
            for row in records(summary):
                start = f"participants.{key}{place[row['group']]}"
                facts[f"{start}.n"] = int(row["n"])
                medians = ("median", "q1", "q3") if "median" in variable.summary else ()
                for name in ("mean", "sd", "minimum", "maximum", *medians):
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


def participants_table(
    participants: pd.DataFrame,
    variables: list[Variable],
    group: str | None,
    *,
    numbers: Numbers,
    label: str,
    caption: str,
    synthetic: bool,
) -> Table:
    """Lay out the demographic variables by group, with everyone in the last column.

    Categories print n (%) of those for whom the variable is known; a category that
    counts a second one inside prints that in place of the percentage. Numbers print
    mean ± standard deviation, median (interquartile range) or range, each in a row of its
    own, under every group: what the variable's ``summary`` names.

    Parameters
    ----------
    participants : DataFrame
        One row a participant.
    variables : list of Variable
        Those that the participants lack are left out.
    group : str or None
        Column with the group, as an ordered categorical.
    numbers : Numbers
    label, caption : str
    synthetic : bool
    """
    *groups, everyone = group_members(participants, group)
    left = len(groups) - MOST_COLUMNS
    groups = [*groups[:MOST_COLUMNS], everyone]
    place = {name: f"group {at}" for at, (name, _) in enumerate(groups)}
    present = [variable for variable in variables if variable.name in participants]
    rows: list[dict[str, object]] = []
    counted_by: list[list[str]] = []
    tidy: list[pd.DataFrame] = []
    for variable in present:
        if variable.kind == "category":
            counts = category_counts(participants, variable, group)
            rows += _category_rows(counts, variable, numbers)
        else:
            counts = number_summary(participants, variable, group, variable.sd or numbers.sd)
            rows += [_number_row(counts, variable, kind, numbers) for kind in variable.summary]
        people = [("group", at) for at in _places(variable, groups)] if group == GROUP else []
        for row in rows[len(counted_by) :]:
            level = row.get(LEVEL)
            asked = ("has", variable.name) if level is None else (f"@{variable.name}", level)
            unit = "~cases" if level is None else "cases"
            counted_by.append(
                [
                    behind(unit, asked, *_of_group(group, at, name, people))
                    for at, (name, _) in enumerate(groups, start=1)
                ]
            )
        missing = _missing(counts)
        if any(missing.values()):
            lacking = {name: f"{n:,}" if n else NONE for name, n in missing.items()}
            rows.append({"characteristic": NOT_REPORTED, INDENT: 1, **lacking})
            counted_by.append(
                [
                    behind("cases", ("lacks", variable.name), *_of_group(group, at, name, people))
                    for at, (name, _) in enumerate(groups, start=1)
                ]
            )
        tidy.append(counts.assign(variable=variable.name))
    body = pd.DataFrame(rows, columns=["characteristic", *place, INDENT]).rename(columns=place)
    columns = [Column("characteristic", "Characteristic", align="left")]
    for name, members in groups:
        columns.append(
            Column(place[name], f"{name} (n\u00a0=\u00a0{len(members):,})", align="center")
        )
    counts_of = dict(zip([item.name for item in present], tidy, strict=True))
    return Table(
        body=body.fillna(""),
        columns=tuple(columns),
        indent=INDENT,
        caption=caption,
        notes=(*_notes(body, counts_of, present, numbers), *more_columns(left)),
        label=label,
        behind={
            column: [each[at] for each in counted_by]
            for at, column in enumerate(place.values())
            if len(counted_by) == len(body)
        },
        data=pd.concat(tidy, ignore_index=True) if tidy else None,
        synthetic=synthetic,
    )


def _places(variable: Variable, groups: list[tuple[str, pd.DataFrame]]) -> list[int]:
    """Return the groups to which a variable applies, counted from 1; none where to all."""
    return [at for at, (name, _) in enumerate(groups, start=1) if name in variable.groups]


def _of_group(
    group: str | None, at: int, name: str, everyone: list[tuple[str, int]]
) -> list[tuple[str, object]]:
    """Return the conditions under which somebody stands in a column of the table."""
    if name == OVERALL or group is None:
        return list(everyone)
    return [("group", at)] if group == GROUP else [(f"@{group}", name)]


def _missing(counts: pd.DataFrame) -> dict[str, int]:
    """Count, in each group, those to whom a variable applies and for whom it is not known."""
    first = counts.drop_duplicates("group")
    known = first["known" if "known" in counts else "n"]
    return dict(zip(first["group"], (first["whole"] - known).astype(int), strict=True))


def _category_rows(
    counts: pd.DataFrame, variable: Variable, numbers: Numbers
) -> list[dict[str, object]]:
    title = f"{variable.title}, n" if variable.within else f"{variable.title}, n (%)"
    rule = numbers.model_copy(update={"rounding": variable.rounding or numbers.rounding})
    rows: list[dict[str, object]] = [{"characteristic": title, INDENT: 0}]
    outer = counts[counts["within"].isna()]
    inner = counts[counts["within"].notna()]
    for level in outer["level"].unique():
        row: dict[str, object] = {"characteristic": level, INDENT: 1, LEVEL: level}
        for item in records(outer[outer["level"] == level]):
            n, known = int(item["n"]), int(item["known"])
            if variable.within:
                here = inner[(inner["level"] == level) & (inner["group"] == item["group"])]
                nested = ", ".join(f"{part['within']} {part['n']}" for part in records(here))
                text = (f"{n} ({nested})" if nested else str(n)) if n else NONE
            elif not known or (not n and outer["level"].nunique() > 2):
                text = NONE  # in a long list, zeros hide what is there
            else:
                text = rule.n_percent(n, known)
            row[item["group"]] = text
        rows.append(row)
    return rows


def _number_row(
    summary: pd.DataFrame, variable: Variable, kind: str, numbers: Numbers
) -> dict[str, object]:
    unit = f", {variable.unit}" if variable.unit else ""
    row: dict[str, object] = {
        "characteristic": f"{variable.title}{unit}, {SUMMARIES[kind]}",
        INDENT: 0,
    }
    for item in records(summary):
        row[item["group"]] = _summarised(item, variable, kind, numbers) if item["n"] else NONE
    return row


def _summarised(item: dict[str, Any], variable: Variable, kind: str, numbers: Numbers) -> str:
    """Print one of the summaries of a number in one group."""
    own = variable.decimals is not None
    decimals = variable.decimals if variable.decimals is not None else numbers.mean_decimals
    rounding = variable.rounding or numbers.rounding
    if kind == "range":  # values as they are, not computed ones
        return range_text(item["minimum"], item["maximum"], 6, rounding, trailing_zeros=False)
    if kind == "median":
        middle = format_number(item["median"], decimals, rounding, trailing_zeros=own)
        ends = range_text(item["q1"], item["q3"], decimals, rounding, trailing_zeros=own)
        return f"{middle} ({ends})"
    sd = None if pd.isna(item["sd"]) else item["sd"]
    return mean_sd(item["mean"], sd, decimals, rounding)


def _notes(
    body: pd.DataFrame,
    counts: dict[str, pd.DataFrame],
    variables: list[Variable],
    numbers: Numbers,
) -> tuple[str, ...]:
    """Say what a reader must know of the cells that are printed, and nothing else."""
    notes = [f"{NONE}: none."] if (body == NONE).any(axis=None) else []
    shares = [item for item in variables if item.kind == "category" and not item.within]
    if any(any(_missing(counts[item.name]).values()) for item in shares):
        notes.append("Percentages are of those for whom the variable is known.")
    notes += [
        f"{item.title} is counted among {listing(map(in_sentence, item.groups))} only."
        for item in variables
        if item.groups
    ]
    kinds = {kind for item in variables if item.kind != "category" for kind in item.summary}
    deviations = {
        item.sd or numbers.sd
        for item in variables
        if item.kind != "category" and "mean" in item.summary
    }
    if deviations:
        notes.append(f"SD: standard deviation of the {' and '.join(sorted(deviations))}.")
    if "median" in kinds:
        notes.append("IQR: first to third quartile, by linear interpolation (type 7).")
    rules: dict[Rounding, list[str]] = {}
    for item in variables:
        if item in shares or item.kind != "category":
            rules.setdefault(item.rounding or numbers.rounding, []).append(item.title)
    if len(rules) == 1:
        (rule,) = rules
        notes += [f"Numbers are {ROUNDED[rule]}."] if rule != "half-up" else []
    else:
        notes += [f"{listing(titles)}: {ROUNDED[rule]}." for rule, titles in rules.items()]
    if any(_falls_short(counts[item.name], item, numbers) for item in shares):
        used = {item.rounding or numbers.rounding for item in shares}
        why = "as each is cut" if used == {"truncate"} else "as each is rounded"
        notes.append(f"Percentages may not add up to 100, {why}.")
    return tuple(notes)


def _falls_short(counts: pd.DataFrame, variable: Variable, numbers: Numbers) -> bool:
    """Whether the printed percentages of a group add up to something other than 100."""
    rule = variable.rounding or numbers.rounding
    for _, members in counts[counts["known"] > 0].groupby("group"):
        shares = [
            round_exact(Fraction(int(n) * 100, int(known)), numbers.percent_decimals, rule)
            for n, known in zip(members["n"], members["known"], strict=True)
        ]
        if sum(shares) != 100:
            return True
    return False
