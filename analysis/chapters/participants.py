"""Participants: what to show of them, counts and means by group, the numbers and the table."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.forms import records
from analysis.metrics import Metric, slugs
from analysis.numbers import format_number, mean_sd, n_percent
from analysis.phrases import in_sentence, listing
from analysis.settings import Deviation, Numbers, Variable
from analysis.tables import Column, Table
from qdaio.faults import FaultList

__all__ = [
    "OVERALL",
    "Columns",
    "category_counts",
    "choose_columns",
    "group_facts",
    "number_summary",
    "participant_facts",
    "participants_table",
]


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
    participants: pd.DataFrame, variables: list[Variable], group_by: str, number: str
) -> Columns:
    """Choose what to show from parameters, or what the study offers.

    Parameters
    ----------
    participants : DataFrame
    variables : list of Variable
        Those of the study file.
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
    present = [variable for variable in variables if variable.name in participants]
    numbers = [variable.name for variable in present if variable.kind != "category"]
    if group_by not in categories and group_by != "group":
        _add(faults, "group_by", group_by, categories)
    if number and number not in numbers:
        _add(faults, "figure_variable", number, numbers)
    faults.raise_if_any()
    group = group_by if group_by in categories else None
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


OVERALL = "Total"


def category_counts(
    participants: pd.DataFrame, variable: Variable, group: str | None
) -> pd.DataFrame:
    """Count participants by level of a variable, in each group and overall.

    Parameters
    ----------
    participants : DataFrame
        One row a participant, with the variable and, if given, the group as categoricals.
    variable : Variable
    group : str or None
        Column that holds the group.

    Returns
    -------
    DataFrame
        Columns ``group``, ``level``, ``within`` (level of the second variable, or
        missing for the count of the whole level), ``n``, ``whole`` (participants of the
        group) and ``known`` (participants of the group for whom the variable is known).
        Levels and groups without anyone are there, with 0.
    """
    frames = []
    for name, members in _groups(participants, group):
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
        if variable.within and known:
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
    participants: pd.DataFrame, variable: str, group: str | None, sd: Deviation
) -> pd.DataFrame:
    """Summarise a number by group and overall.

    Parameters
    ----------
    participants : DataFrame
    variable : str
    group : str or None
    sd : {"sample", "population"}
        Divisor of the variance: n − 1 or n.

    Returns
    -------
    DataFrame
        Columns ``group``, ``n`` (participants with a value), ``mean``, ``sd``,
        ``minimum``, ``median``, ``maximum``; the deviation of a single value is missing
        under "sample".
    """
    ddof = 1 if sd == "sample" else 0
    rows = []
    for name, members in _groups(participants, group):
        values = members[variable].dropna().astype("float64")
        rows.append(
            {
                "group": name,
                "n": len(values),
                "mean": values.mean(),
                "sd": values.std(ddof=ddof),
                "minimum": values.min(),
                "median": values.median(),
                "maximum": values.max(),
            }
        )
    return pd.DataFrame(rows)


def _groups(participants: pd.DataFrame, group: str | None) -> list[tuple[str, pd.DataFrame]]:
    names: list[str] = list(participants[group].cat.categories) if group else []
    parts = [(str(name), participants[participants[group] == name]) for name in names]
    return [*parts, (OVERALL, participants)]


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
        ``group-1.percent``; ``group.list``, such as "7 patients and 5 caregivers".
    """
    total = len(participants)
    facts: dict[str, Metric] = {"participants.total": total}
    if group is None:
        return facts
    membership = participants[group]
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


INDENT = "_indent"
NONE = "–"


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
    mean ± standard deviation in a row of their own, under every group.

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
    names = [str(name) for name in participants[group].cat.categories] if group else []
    sizes = {name: int((participants[group] == name).sum()) for name in names}
    sizes[OVERALL] = len(participants)
    rows: list[dict[str, object]] = []
    tidy: list[pd.DataFrame] = []
    for variable in variables:
        if variable.name not in participants:
            continue
        if variable.kind == "category":
            counts = category_counts(participants, variable, group)
            rows += _category_rows(counts, variable, numbers)
        else:
            counts = number_summary(participants, variable.name, group, variable.sd or numbers.sd)
            rows.append(_number_row(counts, variable, numbers))
        missing = {
            name: _size(participants, variable, group, name) - known
            for name, known in _known(counts).items()
        }
        if any(missing.values()):
            rows.append(
                {
                    "characteristic": "Not reported",
                    INDENT: 1,
                    **{name: str(n) if n else NONE for name, n in missing.items()},
                }
            )
        tidy.append(counts.assign(variable=variable.name))
    columns = [Column("characteristic", "Characteristic", align="left")]
    for name, size in sizes.items():
        columns.append(Column(name, f"{name} (n\u00a0=\u00a0{size})", align="center"))
    return Table(
        body=pd.DataFrame(rows, columns=["characteristic", *sizes, INDENT]).fillna(""),
        columns=tuple(columns),
        indent=INDENT,
        caption=caption,
        notes=_notes(variables, participants, numbers),
        label=label,
        data=pd.concat(tidy, ignore_index=True) if tidy else None,
        synthetic=synthetic,
    )


def _size(participants: pd.DataFrame, variable: Variable, group: str | None, name: str) -> int:
    """Count the participants of a group, or of all, to whom a variable applies."""
    here = participants
    if group and variable.groups:
        here = here[here[group].isin(variable.groups)]
    return len(here) if name == OVERALL or not group else int((here[group] == name).sum())


def _known(counts: pd.DataFrame) -> dict[str, int]:
    column = "known" if "known" in counts else "n"
    first = counts.drop_duplicates("group")
    return {row["group"]: int(row[column]) for row in records(first)}


def _category_rows(
    counts: pd.DataFrame, variable: Variable, numbers: Numbers
) -> list[dict[str, object]]:
    title = f"{variable.title}, n" if variable.within else f"{variable.title}, n (%)"
    rows: list[dict[str, object]] = [{"characteristic": title, INDENT: 0}]
    outer = counts[counts["within"].isna()]
    inner = counts[counts["within"].notna()]
    for level in outer["level"].unique():
        row: dict[str, object] = {"characteristic": level, INDENT: 1}
        for item in records(outer[outer["level"] == level]):
            n, known = int(item["n"]), int(item["known"])
            if variable.within:
                here = inner[(inner["level"] == level) & (inner["group"] == item["group"])]
                nested = ", ".join(f"{part['within']} {part['n']}" for part in records(here))
                text = (f"{n} ({nested})" if nested else str(n)) if n else NONE
            elif not n and len(variable.order or outer["level"].unique()) > 2:
                text = NONE  # in a long list, zeros hide what is there
            elif known:
                text = n_percent(
                    n,
                    known,
                    decimals=numbers.percent_decimals,
                    rounding=variable.rounding or numbers.rounding,
                    trailing_zeros=numbers.percent_trailing_zeros,
                )
            else:
                text = NONE
            row[item["group"]] = text
        rows.append(row)
    return rows


def _number_row(summary: pd.DataFrame, variable: Variable, numbers: Numbers) -> dict[str, object]:
    unit = f", {variable.unit}" if variable.unit else ""
    decimals = numbers.mean_decimals if variable.decimals is None else variable.decimals
    rounding = variable.rounding or numbers.rounding
    row: dict[str, object] = {"characteristic": f"{variable.title}{unit}, mean ± SD", INDENT: 0}
    for item in records(summary):
        if not item["n"]:
            row[item["group"]] = NONE
        elif pd.isna(item["sd"]):
            row[item["group"]] = format_number(item["mean"], decimals, rounding)
        else:
            row[item["group"]] = mean_sd(item["mean"], item["sd"], decimals, rounding)
    return row


def _notes(
    variables: list[Variable], participants: pd.DataFrame, numbers: Numbers
) -> tuple[str, ...]:
    notes = [f"{NONE} none."]
    deviations = {
        variable.sd or numbers.sd
        for variable in variables
        if variable.kind != "category" and variable.name in participants
    }
    if deviations:
        notes.append(f"SD: standard deviation of the {' and '.join(sorted(deviations))}.")
    if any(variable.rounding or numbers.rounding == "truncate" for variable in variables):
        notes.append("Numbers are cut, not rounded, after the last printed digit.")
    return tuple(notes)
