"""Tables of code frequencies: as codings and as distinct cases, overall and by group."""

from __future__ import annotations

import pandas as pd

from analysis.numbers import format_number, n_percent
from analysis.records import records
from analysis.settings import Numbers
from analysis.tables import Column, Table

__all__ = ["frequency_table", "group_table"]

INDENT = "_indent"


def frequency_table(
    codes: pd.DataFrame,
    frequencies: pd.DataFrame,
    cases: int,
    numbers: Numbers,
    *,
    deepest: int,
    minimum: int,
    case_word: str,
    label: str,
    caption: str,
    synthetic: bool,
) -> Table:
    """Lay out frequencies of all codes down to a level, indented by level.

    Parameters
    ----------
    codes : DataFrame
        ``code_id``, ``label``, ``level``.
    frequencies : DataFrame
        As of :func:`analysis.frequencies.code_frequencies`.
    cases : int
        All cases, the whole of the last percentage.
    numbers : Numbers
    deepest : int
        Last level to print; the CSV holds every level.
    minimum : int
        Rows with fewer codings are left out of the printed table, and their number said.
    case_word, label, caption : str
    synthetic : bool
    """
    table = codes.merge(frequencies, on="code_id", validate="one_to_one")
    printed = table[table["level"] <= deepest]
    shown = printed[printed["codings"] >= minimum]
    rows = [
        {
            "code": row["label"],
            "codings": f"{row['codings']:,}",
            "percent": format_number(100 * row["share"], numbers.percent_decimals, numbers.rounding)
            if not pd.isna(row["share"])
            else "–",
            "cases": n_percent(
                int(row["cases"]),
                cases,
                decimals=numbers.percent_decimals,
                rounding=numbers.rounding,
                trailing_zeros=numbers.percent_trailing_zeros,
            ),
            INDENT: row["level"] - 1,
        }
        for row in records(shown)
    ]
    notes = ["%: share of the codings at the same level."]
    if left := len(printed) - len(shown):
        notes.append(f"{left} with fewer than {minimum} codings are not shown.")
    return Table(
        body=pd.DataFrame(rows, columns=["code", "codings", "percent", "cases", INDENT]),
        columns=(
            Column("code", "Category", align="left"),
            Column("codings", "n", align="right", spanner="Codings"),
            Column("percent", "%", align="right", spanner="Codings"),
            Column("cases", f"{case_word}, n (%)", align="right"),
        ),
        indent=INDENT,
        caption=caption,
        notes=tuple(notes),
        label=label,
        data=table.drop(columns=["path", "description"], errors="ignore"),
        synthetic=synthetic,
    )


def group_table(
    codes: pd.DataFrame,
    by_group: pd.DataFrame,
    *,
    deepest: int,
    case_word: str,
    label: str,
    caption: str,
    synthetic: bool,
) -> Table:
    """Lay out frequencies by group: codings, and distinct cases in brackets.

    Parameters
    ----------
    codes : DataFrame
    by_group : DataFrame
        As of :func:`analysis.frequencies.group_frequencies`.
    deepest : int
    case_word, label, caption : str
    synthetic : bool
    """
    groups = list(by_group["group"].unique())
    sizes = by_group.drop_duplicates("group").set_index("group")["group_cases"]
    cells = by_group.assign(
        text=by_group["codings"].map("{:,}".format) + " (" + by_group["cases"].astype("str") + ")"
    ).pivot(index="code_id", columns="group", values="text")
    shown = codes[codes["level"] <= deepest]
    body = cells.reindex(shown["code_id"])[groups].reset_index(drop=True)
    body.insert(0, "code", shown["label"].to_numpy())
    body[INDENT] = shown["level"].to_numpy() - 1
    columns = [Column("code", "Category", align="left")]
    columns += [
        Column(name, f"{name} (n\u00a0=\u00a0{sizes[name]})", align="center") for name in groups
    ]
    return Table(
        body=body,
        columns=tuple(columns),
        indent=INDENT,
        caption=caption,
        notes=(f"Codings ({case_word.lower()} with at least one coding).",),
        label=label,
        data=codes[["code_id", "label", "level"]].merge(by_group, on="code_id"),
        synthetic=synthetic,
    )
