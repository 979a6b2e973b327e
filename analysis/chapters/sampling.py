"""The sample: which combinations of attributes it reached, and who met the criteria.

A maximum-variation sample looks for people who differ (Patton 2002, *Qualitative research and
evaluation methods*). The grid shows which combinations were reached and which were not; an empty
cell is no fault, as some combinations may not exist.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.forms import records
from analysis.metrics import Metric
from analysis.numbers import format_number, mean_sd
from analysis.phrases import NOT_REPORTED, counted, in_sentence, listing, natural_order
from analysis.settings import Criterion, Numbers
from analysis.tables import Column, Table
from analysis.trace.selection import COMPUTED, behind

__all__ = [
    "choose_attributes",
    "criteria_facts",
    "criteria_met",
    "criteria_table",
    "duration_table",
    "durations",
    "grid_facts",
    "grid_table",
    "sampling_grid",
]

NONE = "–"
MOST_LEVELS = 6  # of an attribute that the grid takes by itself
MOST_ROWS = 60  # that are printed
ATTRIBUTES = 3  # that the grid takes by itself


def choose_attributes(
    groupings: pd.DataFrame, wanted: Sequence[str], ranked: Sequence[str]
) -> list[str]:
    """Return the attributes of the grid.

    Parameters
    ----------
    groupings : DataFrame
        ``case_id``, ``variable``, ``level``.
    wanted : sequence of str
        As asked for; empty for those of the study that have two to six levels, at most three.
    ranked : sequence of str
        The study's attributes in its own order, its group first.
    """
    known = list(groupings["variable"].unique())
    if wanted:
        return list(dict.fromkeys(wanted))
    levels = groupings.groupby("variable")["level"].nunique()
    order = [name for name in ranked if name in known]
    usable = [name for name in order if 2 <= levels[name] <= MOST_LEVELS]
    cases = groupings["case_id"].nunique()
    whole = groupings.groupby("variable")["case_id"].nunique()
    return [name for name in usable if 2 * whole[name] > cases][:ATTRIBUTES]


def sampling_grid(attributes: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Count the people in each combination of attributes, also where there is nobody.

    Parameters
    ----------
    attributes : mapping
        Title of an attribute to a series: index ``case_id``, an ordered categorical.

    Returns
    -------
    DataFrame
        One row per combination, in the order of the levels: one column per attribute, ``n``,
        ``cases`` (their ids, in natural order, a text). Levels that nobody has are in it,
        but "Not reported" only where somebody is so.
    """
    if not attributes:
        return pd.DataFrame({"n": pd.Series(dtype="int64"), "cases": pd.Series(dtype="str")})
    frame = pd.DataFrame({name: values.astype("str") for name, values in attributes.items()})
    levels = [[str(level) for level in values.cat.categories] for values in attributes.values()]
    held = {
        key if isinstance(key, tuple) else (key,): natural_order(rows.index.astype("str"))
        for key, rows in frame.groupby(list(frame.columns))
    }
    rows = []
    for cell in itertools.product(*levels):
        names = held.get(cell, [])
        if not names and NOT_REPORTED in cell:
            continue
        rows.append([*cell, len(names), ", ".join(names)])
    return pd.DataFrame(rows, columns=[*frame.columns, "n", "cases"])


def grid_table(
    grid: pd.DataFrame, *, case_word: str, label: str, caption: str, synthetic: bool
) -> Table:
    """Lay out the grid: the first attribute as headings, the last one as columns.

    Parameters
    ----------
    grid : DataFrame
        As of :func:`sampling_grid`.
    case_word, label, caption : str
    synthetic : bool
    """
    names = [str(name) for name in grid.columns[:-2]]
    if not names or grid.empty:
        body = pd.DataFrame({"row": ["No attribute is known"], "n": [NONE]})
        return Table(
            body=body,
            columns=(Column("row", "Combination"), Column("n", "n", align="right")),
            caption=caption,
            label=label,
            data=grid.drop(columns="cases"),
            synthetic=synthetic,
        )
    last = names[-1]
    across = list(dict.fromkeys(grid[last]))
    heads = names[:-1] if len(names) > 1 else []
    keys = heads if heads else [last]
    reached: list[list[str]] = []
    rows = []
    for key, cells in grid.groupby(keys, sort=False):
        parts = [str(part) for part in (key if isinstance(key, tuple) else (key,))]
        counts = dict(zip(cells[last], cells["n"], strict=True))
        row = {
            "group": parts[0] if len(heads) > 1 else "",
            "row": ", ".join(parts[1:] if len(heads) > 1 else parts),
        }
        if heads:
            row |= {
                f"c{at}": NONE if not counts.get(level) else f"{counts[level]:,}"
                for at, level in enumerate(across)
            }
        row["all"] = f"{int(cells['n'].sum()):,}"
        rows.append(row)
        here = [(f"@{name}", part) for name, part in zip(keys, parts, strict=True)]
        reached.append([behind("cases", *here, (f"@{last}", level)) for level in across])
        reached[-1].append(behind("cases", *here))
    shown = rows[:MOST_ROWS]
    names_of = [*(f"c{at}" for at in range(len(across))), "all"]
    columns = [Column("row", ", ".join(heads[1:] or heads or names))]
    if heads:
        columns += [
            Column(f"c{at}", level, align="right", spanner=last) for at, level in enumerate(across)
        ]
    columns.append(Column("all", "All", align="right"))
    notes = [f"{case_word} in each combination; {NONE} was not reached."]
    if len(rows) > len(shown):
        notes.append(f"{len(rows) - len(shown):,} more rows are in the CSV file.")
    return Table(
        body=pd.DataFrame(shown),
        columns=tuple(columns),
        groups="group" if len(heads) > 1 else None,
        caption=caption,
        label=label,
        notes=tuple(notes),
        behind={
            name: [each[at] for each in reached[: len(shown)]] for at, name in enumerate(names_of)
        },
        data=grid.drop(columns="cases"),  # who is in a small cell is nobody's business
        synthetic=synthetic,
    )


def grid_facts(grid: pd.DataFrame, case_words: tuple[str, str]) -> dict[str, Metric]:
    """Count the combinations that exist on paper, and those that were reached.

    Returns
    -------
    dict
        ``sampling.cells``, ``sampling.reached``, ``sampling.sentence``.
    """
    names = [in_sentence(str(name)) for name in grid.columns[:-2]]
    reached = int((grid["n"] > 0).sum())
    facts: dict[str, Metric] = {"sampling.cells": len(grid), "sampling.reached": reached}
    if grid.empty:
        facts["sampling.sentence"] = f"No attribute of the {case_words[1]} is known."
        return facts
    single = int((grid["n"] == 1).sum())
    whole = f"Of {len(grid):,} combinations of {listing(names)}, "
    if len(names) == 1:
        whole = f"Of {counted(len(grid), ('value', 'values'))} of {names[0]}, "
    if reached < len(grid):
        said = "1 was reached" if reached == 1 else f"{reached:,} were reached"
    elif len(names) > 1:
        said = "all were reached"
    else:
        whole = "Each" if len(grid) > 1 else "The only"
        whole += f" of the {len(grid):,} values" if len(grid) > 1 else " value"
        said = f" of {names[0]} was reached"
    if single:
        said += f", {single:,} by one {case_words[0]} alone"
    facts["sampling.sentence"] = f"{whole}{said}."
    return facts


def criteria_met(
    participants: pd.DataFrame, criteria: Sequence[Criterion], group: pd.Series | None
) -> pd.DataFrame:
    """Hold each participant against each inclusion criterion.

    Parameters
    ----------
    participants : DataFrame
        ``case_id`` and one column per variable.
    criteria : sequence of Criterion
    group : Series or None
        Index ``case_id``, values the group.

    Returns
    -------
    DataFrame
        One row for each criterion and participant to whom it applies: ``criterion``,
        ``case_id``, ``verdict`` ("met", "not met", "not known": the value is missing, or the
        data hold no such variable).
    """
    rows = []
    groups = {} if group is None else group.astype("str").to_dict()
    for criterion in criteria:
        for person in records(participants):
            if criterion.groups and groups.get(person["case_id"]) not in criterion.groups:
                continue
            value = person.get(criterion.variable) if criterion.variable else None
            rows.append(
                {
                    "criterion": criterion.text,
                    "case_id": person["case_id"],
                    "verdict": _verdict(value, criterion),
                }
            )
    return pd.DataFrame(rows, columns=["criterion", "case_id", "verdict"])


def _verdict(value: object, criterion: Criterion) -> str:
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return "not known"
    if criterion.values:
        return "met" if str(value) in criterion.values else "not met"
    if criterion.minimum is None and criterion.maximum is None:
        return "met"
    try:
        number = float(str(value))
    except ValueError:
        return "not known"
    low = criterion.minimum is None or number >= criterion.minimum
    high = criterion.maximum is None or number <= criterion.maximum
    return "met" if low and high else "not met"


def criteria_table(
    verdicts: pd.DataFrame,
    criteria: Sequence[Criterion],
    groups: pd.Series | None = None,
    *,
    case_word: str,
    label: str,
    caption: str,
    synthetic: bool,
) -> Table:
    """Lay out each criterion with those who met it, who did not, and of whom it is not known.

    Parameters
    ----------
    verdicts : DataFrame
        As of :func:`criteria_met`.
    criteria : sequence of Criterion
    groups : Series or None
        Index ``case_id``, values the group as an ordered categorical.
    case_word, label, caption : str
    synthetic : bool
    """
    names = [] if groups is None else [str(name) for name in groups.cat.categories]

    def places(criterion: Criterion) -> list[int]:
        return [names.index(name) + 1 for name in criterion.groups if name in names]

    apply_to: list[str] = []
    rows = []
    for criterion in criteria:
        own = verdicts[verdicts["criterion"] == criterion.text]
        count = own["verdict"].value_counts()
        failed = natural_order(own.loc[own["verdict"] == "not met", "case_id"])
        open_ = not criterion.variable
        held = own["case_id"]
        those = behind("cases", *(("group", at) for at in places(criterion)))
        apply_to.append(those if len(held) else "")
        rows.append(
            {
                "criterion": criterion.text,
                "applies": f"{len(own):,}",
                "met": NONE if open_ else f"{count.get('met', 0):,}",
                "failed": NONE
                if open_
                else f"{len(failed):,}" + (f" ({', '.join(failed)})" if failed else ""),
                "unknown": "not in the data" if open_ else f"{count.get('not known', 0):,}",
            }
        )
    return Table(
        body=pd.DataFrame(rows, columns=["criterion", "applies", "met", "failed", "unknown"]),
        columns=(
            Column("criterion", "Criterion"),
            Column("applies", f"{case_word} it applies to", align="right"),
            Column("met", "Met", align="right"),
            Column("failed", "Not met (who)", align="right"),
            Column("unknown", "Not known", align="right"),
        ),
        caption=caption,
        label=label,
        behind={
            "applies": apply_to,
            **{
                name: [f"{COMPUTED}{those}" if those else "" for those in apply_to]
                for name in ("met", "failed", "unknown")
            },
        },
        data=verdicts,
        synthetic=synthetic,
    )


def criteria_facts(verdicts: pd.DataFrame, criteria: Sequence[Criterion]) -> dict[str, Metric]:
    """Count criteria, and say whether everybody met what the data can tell.

    Returns
    -------
    dict
        ``criteria.count``, ``criteria.not-met`` (people who missed at least one),
        ``criteria.sentence``.
    """
    known = [criterion for criterion in criteria if criterion.variable]
    failed = verdicts[verdicts["verdict"] == "not met"]["case_id"].nunique()
    unknown = verdicts[
        (verdicts["verdict"] == "not known")
        & verdicts["criterion"].isin([criterion.text for criterion in known])
    ]["case_id"].nunique()
    facts: dict[str, Metric] = {"criteria.count": len(criteria), "criteria.not-met": failed}
    checked = f"Of {counted(len(criteria), ('inclusion criterion', 'inclusion criteria'))}, "
    checked += f"{len(known):,} can be checked in the data: "
    if not known:
        facts["criteria.sentence"] = checked.removesuffix(": ") + "."
        return facts
    them = "it" if len(known) == 1 else "them"
    judged = verdicts["verdict"].isin(["met", "not met"]).any()
    if failed:
        said = f"{failed:,} did not meet " + (them if len(known) == 1 else "at least one of them")
    elif not judged:
        said = f"it is not known who met {them}"
    else:
        said = f"everybody {'of whom it is known ' if unknown else ''}met {them}"
    facts["criteria.sentence"] = checked + said + "."
    return facts


def durations(documents: pd.DataFrame, groups: pd.Series | None) -> pd.DataFrame:
    """Describe the minutes of interviews by group, and in all.

    Parameters
    ----------
    documents : DataFrame
        ``case_id``, ``is_follow_up``, ``minutes``.
    groups : Series or None
        Index ``case_id``, values the group as an ordered categorical.

    Returns
    -------
    DataFrame
        One row per group, then "Follow-ups" (where there are some) and "All": ``part`` ("group",
        "follow-ups" or "all", as a group can have either name), ``group``, ``n``
        (interviews), ``known`` (with a duration), ``total``, ``mean``, ``median``,
        ``shortest``, ``longest`` (minutes; missing where none is known).
    """
    first = documents[~documents["is_follow_up"]]
    parts = []
    if groups is not None:
        of_case = documents["case_id"].map(groups.astype("str"))
        parts += [("group", str(name), first[of_case[first.index] == str(name)])
                  for name in groups.cat.categories]  # fmt: skip
    again = documents[documents["is_follow_up"]]
    if len(again):
        parts.append(("follow-ups", "Follow-ups", again))
    parts.append(("all", "All", documents))
    rows = []
    for part, name, own in parts:
        minutes = own["minutes"].dropna().astype("float64")
        some = len(minutes) > 0
        rows.append(
            {
                "part": part,
                "group": name,
                "n": len(own),
                "known": len(minutes),
                "total": float(minutes.sum()) if some else None,
                "mean": float(minutes.mean()) if some else None,
                "median": float(minutes.median()) if some else None,
                "shortest": float(minutes.min()) if some else None,
                "longest": float(minutes.max()) if some else None,
                "values": list(minutes),
            }
        )
    return pd.DataFrame(rows)


def duration_table(
    table: pd.DataFrame, *, numbers: Numbers, label: str, caption: str, synthetic: bool
) -> Table:
    """Lay out the minutes of interviews.

    Parameters
    ----------
    table : DataFrame
        As of :func:`durations`.
    numbers : Numbers
    label, caption : str
    synthetic : bool
    """
    body = pd.DataFrame(
        {
            "group": table["group"],
            "n": [
                f"{n:,}" if n == known else f"{n:,} ({known:,} known)"
                for n, known in zip(table["n"], table["known"], strict=True)
            ],
            "mean": [
                NONE if not values else mean_sd(
                    statistics.fmean(values), _sd(values, numbers),
                    decimals=numbers.mean_decimals, rounding=numbers.rounding,
                )
                for values in table["values"]
            ],
            **{
                key: [NONE if pd.isna(value) else f"{value:g}" for value in table[key]]
                for key in ("median", "total")
            },
            "range": [
                NONE if pd.isna(low) else f"{low:g}" if low == high else f"{low:g}–{high:g}"
                for low, high in zip(table["shortest"], table["longest"], strict=True)
            ],
        }
    )  # fmt: skip
    counted_by = [
        behind("documents")
        if part == "all"
        else behind("documents", ("follow-up", "yes"))
        if part == "follow-ups"
        else behind("documents", ("group", at), ("follow-up", "no"))
        for at, part in enumerate(table["part"], start=1)
    ]
    body["total"] = [
        NONE if pd.isna(value) else format_number(value, 0) for value in table["total"]
    ]
    return Table(
        body=body,
        columns=(
            Column("group", "Interviews"),
            Column("n", "n", align="right"),
            Column("mean", "Minutes, mean ± SD", align="right"),
            Column("median", "Median", align="right"),
            Column("range", "Range", align="center"),
            Column("total", "Sum", align="right"),
        ),
        caption=caption,
        label=label,
        behind={
            name: [address if name == "n" else f"{COMPUTED}{address}" for address in counted_by]
            for name in body.columns[1:]
        },
        data=table.drop(columns=["part", "values"]),
        synthetic=synthetic,
    )


def _sd(values: list[float], numbers: Numbers) -> float | None:
    """Return the standard deviation that the study file asks for; None for one value."""
    if len(values) < 2:
        return None
    return statistics.stdev(values) if numbers.sd == "sample" else statistics.pstdev(values)
