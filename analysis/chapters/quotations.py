"""Quotations: which are shown, who said them, as Markdown and as a table."""

from __future__ import annotations

import pandas as pd

from analysis.codes import at_level, told_apart
from analysis.direction import runs
from analysis.metrics import LEFT_TO_RIGHT, bidi_markdown
from analysis.phrases import in_sentence
from analysis.tables import Column, Table

__all__ = [
    "attribution",
    "category_quotations",
    "quotation_markdown",
    "quotation_table",
]


def category_quotations(
    quotations: pd.DataFrame, codes: pd.DataFrame, level: int, each: int
) -> pd.DataFrame:
    """Choose the quotations of each category at one level.

    Parameters
    ----------
    quotations : DataFrame
        ``code_id``, ``case_id``, ``document_id``, ``text``; those that the coders marked.
    codes : DataFrame
    level : int
    each : int
        At most so many for a category: the first in the order of the export, of
        different cases where there are several.

    Returns
    -------
    DataFrame
        The chosen rows with ``category`` (the code at `level`).
    """
    table = quotations.assign(category=quotations["code_id"].map(at_level(codes, level)))
    table = table.dropna(subset="category").drop_duplicates(["category", "text"])
    turn = table.groupby(["category", "case_id"], sort=False).cumcount()
    table = table.assign(turn=turn, at=range(len(table))).sort_values(["turn", "at"])
    return table.groupby("category", sort=False).head(each).drop(columns=["turn", "at"])


def attribution(case: str, role: str | None, case_word: str) -> str:
    """Return who said it: "Participant 10, head nurse"."""
    who = f"{case_word} {case}"
    return f"{who}, {in_sentence(role)}" if role else who


def quotation_markdown(text: str, who: str, *, synthetic: bool) -> str:
    """Return a block quotation in Markdown, its source in a line of its own.

    Parameters
    ----------
    text : str
        The segment. It stands between quotation marks of its own script; text that runs
        from right to left is marked as such.
    who : str
    synthetic : bool
        Adds the mark that the words were not said by anyone.
    """
    parts = runs(text)
    rtl = len(parts) == 1 and parts[0].is_rtl
    quoted = f"«{' '.join(text.split())}»" if rtl else f"“{' '.join(text.split())}”"
    mark = " (synthetic)" if synthetic else ""
    said = bidi_markdown(quoted).removesuffix(LEFT_TO_RIGHT)
    return f"> {said}\n>\n> — {bidi_markdown(who)}{mark}\n"


def quotation_table(
    quotations: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    case_word: str,
    label: str,
    caption: str,
    synthetic: bool,
) -> Table:
    """Lay out one row a quotation, in the order of the code system.

    Parameters
    ----------
    quotations : DataFrame
        ``category``, ``text``, ``case_id``, ``role``.
    codes : DataFrame
        ``code_id``, ``label``, ``position``.
    case_word : str
    label, caption : str
    synthetic : bool
    """
    labels = told_apart(codes, quotations["category"].unique())
    position = codes.set_index("code_id")["position"]
    rows = quotations.assign(
        heading=quotations["category"].map(labels),
        place=quotations["category"].map(position),
        who=[
            attribution(case, None if pd.isna(role) else role, case_word)
            for case, role in zip(quotations["case_id"], quotations["role"], strict=True)
        ],
    ).sort_values("place", kind="stable")
    body = rows[["heading", "text", "who"]].reset_index(drop=True)
    return Table(
        body=body,
        columns=(
            Column("heading", "Category", width=25),
            Column("text", "Quotation", width=55),
            Column("who", "Source", width=20),
        ),
        caption=caption,
        label=label,
        data=rows[["category", "heading", "case_id", "role", "text"]],
        synthetic=synthetic,
    )
