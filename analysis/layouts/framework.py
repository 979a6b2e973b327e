"""The framework's dimensions, and the interview guide, as tables."""

from __future__ import annotations

import pandas as pd

from analysis.tables import Column, Table

__all__ = ["framework_table", "guide_table"]


def framework_table(
    dimensions: pd.DataFrame,
    categories: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    label: str,
    caption: str,
    category_word: str,
    synthetic: bool,
) -> Table:
    """Lay out dimensions with their definitions and the categories that stand on them.

    Parameters
    ----------
    dimensions : DataFrame
        ``id``, ``name``, ``definition``.
    categories : DataFrame
        ``category``, ``dimension``.
    codes : DataFrame
        ``name``, ``label``, ``level``: for the printed labels of the categories.
    label, caption : str
    category_word : str
        Name of the first level of the code system.
    synthetic : bool
        Whether the categories come from synthetic data.
    """
    roots = codes[codes["level"] == 1]
    labels = pd.Series(roots["label"].to_numpy(), index=roots["name"])
    named = categories.assign(label=categories["category"].map(labels))
    here = named.dropna(subset="label").groupby("dimension")["label"].agg("; ".join)
    body = dimensions[["name", "definition"]].assign(
        category=dimensions["id"].map(here).fillna("–").to_numpy()
    )
    return Table(
        body=body.fillna("").reset_index(drop=True),
        columns=(
            Column("name", "Dimension", width=28),
            Column("definition", "Definition", width=42),
            Column("category", category_word, width=30),
        ),
        caption=caption,
        notes=(),
        label=label,
        synthetic=synthetic,
    )


def guide_table(guide: pd.DataFrame, *, label: str, caption: str) -> Table:
    """Lay out the questions under the people to whom they were put.

    Parameters
    ----------
    guide : DataFrame
        ``group``, ``number``, ``question``.
    label, caption : str
    """
    return Table(
        body=guide[["group", "number", "question"]].fillna("").reset_index(drop=True),
        columns=(
            Column("number", "No.", align="right"),
            Column("question", "Question", align="left"),
        ),
        groups="group",
        caption=caption,
        notes=(),
        label=label,
        synthetic=False,
    )
