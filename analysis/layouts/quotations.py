"""Quotations beside the categories that they illustrate."""

from __future__ import annotations

import pandas as pd

from analysis.reporting.quotations import attribution
from analysis.tables import Column, Table

__all__ = ["quotation_table"]


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
    labels = codes.set_index("code_id")
    rows = quotations.assign(
        heading=quotations["category"].map(labels["label"]),
        place=quotations["category"].map(labels["position"]),
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
