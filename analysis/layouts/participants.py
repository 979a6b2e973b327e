"""The participants table: variables down, groups across."""

from __future__ import annotations

import pandas as pd

from analysis.numbers import format_number, mean_sd, n_percent
from analysis.participants.summary import OVERALL, category_counts, number_summary
from analysis.records import records
from analysis.settings import Numbers, Variable
from analysis.tables import Column, Table

__all__ = ["participants_table"]

INDENT = "_indent"
NONE = "–"


def participants_table(
    participants: pd.DataFrame,
    variables: list[Variable],
    group: str | None,
    numbers: Numbers,
    *,
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
