"""The framework: what stands on each of its dimensions, in numbers and as a table."""

from __future__ import annotations

import pandas as pd

from analysis.codes import children_counts, told_apart
from analysis.forms import records
from analysis.metrics import Metric
from analysis.phrases import in_sentence, listing
from analysis.tables import Column, Table

__all__ = [
    "framework_facts",
    "framework_table",
]


def framework_facts(
    dimensions: pd.DataFrame,
    categories: pd.DataFrame,
    codes: pd.DataFrame,
    frequencies: pd.DataFrame,
    guidance: pd.DataFrame,
    cases: int,
) -> dict[str, Metric]:
    """Count codings, cases and categories on each dimension.

    Parameters
    ----------
    dimensions : DataFrame
        ``id``, ``name``.
    categories : DataFrame
        ``category``, ``dimension``: a category may stand on several dimensions, a
        dimension may gather several categories.
    codes, frequencies : DataFrame
    guidance : DataFrame
        Contents of the framework's publication; may be empty.
    cases : int

    Returns
    -------
    dict
        ``framework.dimensions``, ``framework.covered``, ``framework.merged`` (categories
        that stand on several dimensions), and for each dimension, by its id,
        ``dimension.law.name``, ``.category``, ``.codings``, ``.percent``, ``.cases``,
        ``.main``, ``.sub`` and the leading category below it, ``.top.label``. Numbers
        of a dimension are those of the categories that stand on it.
    """
    table = codes.merge(frequencies, on="code_id", validate="one_to_one")
    roots = table[table["level"] == 1].set_index("name")
    counts = {level: children_counts(codes, level) for level in (2, 3)}
    per_category = categories.groupby("category", sort=False)["dimension"].nunique()
    facts: dict[str, Metric] = {
        "framework.dimensions": len(dimensions),
        "framework.covered": int(dimensions["id"].isin(categories["dimension"]).sum()),
        "framework.merged": int((per_category > 1).sum()),
        "framework.list": listing(in_sentence(name) for name in dimensions["name"]),
    }
    if len(guidance):
        kinds = guidance["kind"].value_counts()
        for kind in sorted(kinds.index):
            facts[f"guidance.{kind}.count"] = int(kinds[kind])
    whole = int(roots["codings"].sum())
    for dimension in records(dimensions):
        key = f"dimension.{dimension['id']}"
        names = categories.loc[categories["dimension"] == dimension["id"], "category"]
        here = roots.loc[[name for name in names if name in roots.index]]
        facts[f"{key}.name"] = dimension["name"]
        facts[f"{key}.noun"] = in_sentence(dimension["name"])
        facts[f"{key}.codings"] = int(here["codings"].sum())
        if here.empty:
            continue
        facts |= {
            f"{key}.category": listing(here["label"]),
            f"{key}.percent": 100 * int(here["codings"].sum()) / whole,
            f"{key}.main": int(counts[2].reindex(here["code_id"]).fillna(0).sum()),
            f"{key}.sub": int(counts[3].reindex(here["code_id"]).fillna(0).sum()),
        }
        if len(here) == 1:  # people who raised several categories cannot be added up
            n = int(here["cases"].iloc[0])
            facts[f"{key}.cases"] = n
            facts[f"{key}.cases-share.percent"] = 100 * n / cases
        facts |= _leading(key, codes, table, list(here["code_id"]))
    return facts


def _leading(
    key: str, codes: pd.DataFrame, table: pd.DataFrame, roots: list[str]
) -> dict[str, Metric]:
    facts: dict[str, Metric] = {}
    inside = table[
        table["path"]
        .map(lambda path: path[0])
        .isin(table.loc[table["code_id"].isin(roots), "name"])
    ]
    for level, name in ((2, "main"), (3, "sub")):
        members = inside[(inside["level"] == level) & (inside["codings"] > 0)]
        if members.empty:
            continue
        members = members.assign(label=told_apart(codes, members["code_id"]).to_numpy())
        order = members.sort_values(["codings", "position"], ascending=[False, True])
        facts[f"{key}.top-{name}.label"] = str(order["label"].iloc[0])
        facts[f"{key}.top-{name}.noun"] = in_sentence(str(order["label"].iloc[0]))
        facts[f"{key}.top-{name}.codings"] = int(order["codings"].iloc[0])
        facts[f"{key}.top-{name}.cases"] = int(order["cases"].iloc[0])
        facts[f"{key}.{name}-list"] = listing(in_sentence(label) for label in members["label"])
    return facts


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
