"""The framework: what stands on each of its dimensions, and which of them are thin or silent."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.chapters.frequencies import by_person
from analysis.codes import at_level, children_counts, told_apart
from analysis.forms import records
from analysis.metrics import Metric
from analysis.numbers import format_number
from analysis.phrases import counted, in_sentence, in_words, listing
from analysis.settings import Numbers
from analysis.tables import MOST_COLUMNS, Column, Table, more_columns
from analysis.trace.selection import behind

__all__ = [
    "coverage",
    "coverage_facts",
    "coverage_table",
    "framework_facts",
    "framework_table",
    "on_dimensions",
]

NONE = "–"


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


def coverage(
    codings: pd.DataFrame,
    codes: pd.DataFrame,
    dimensions: pd.DataFrame,
    categories: pd.DataFrame,
    groups: pd.Series | None,
) -> pd.DataFrame:
    """Count what speaks to each dimension: codings, people, and people of each group.

    Parameters
    ----------
    codings : DataFrame
        ``code_id``, ``case_id``; one row per coding.
    codes : DataFrame
    dimensions : DataFrame
        ``id``, ``name``.
    categories : DataFrame
        ``category`` (name at the first level), ``dimension``. What stands under a category on
        two dimensions speaks to both.
    groups : Series or None
        Index ``case_id``, values the group as an ordered categorical.

    Returns
    -------
    DataFrame
        One row per dimension: ``id``, ``name``, ``codings``, ``cases``, ``share`` (of all
        codings, 0 to 1), ``groups`` (how many spoke to it), and for each group in order
        ``group-1`` and so on: people of it.
    """
    placed = on_dimensions(codings, codes, categories)
    by = placed.groupby("dimension")
    ids = dimensions["id"].astype("str")
    table = pd.DataFrame({"id": ids.to_numpy(), "name": dimensions["name"].to_numpy()})
    table["codings"] = by["coding"].nunique().reindex(ids, fill_value=0).to_numpy()
    table["cases"] = by["case_id"].nunique().reindex(ids, fill_value=0).to_numpy()
    table["share"] = table["codings"] / max(1, len(codings))
    heard = pd.Series(0, index=table.index)
    for at, name in enumerate([] if groups is None else groups.cat.categories, start=1):
        members = set(groups.index[groups == name]) if groups is not None else set()
        own = placed[placed["case_id"].isin(members)].groupby("dimension")["case_id"].nunique()
        table[f"group-{at}"] = own.reindex(ids, fill_value=0).to_numpy()
        heard = heard + (table[f"group-{at}"] > 0)
    return table.assign(groups=heard)


def on_dimensions(
    codings: pd.DataFrame, codes: pd.DataFrame, categories: pd.DataFrame
) -> pd.DataFrame:
    """Return codings with the ``dimension`` on which each stands, a row for each and person."""
    roots = codes[codes["level"] == 1]
    names = dict(zip(roots["code_id"].astype("str"), roots["name"], strict=True))
    above = at_level(codes, 1)
    category = codings["code_id"].astype("str").map(above).map(names)
    table = codings.assign(category=category.to_numpy(), coding=range(len(codings)))
    table = by_person(table)[["coding", "category", "code_id", "case_id"]]
    table = table.astype({"code_id": "str", "case_id": "str"})
    pairs = categories[["category", "dimension"]].drop_duplicates()
    return table.merge(pairs, on="category", how="inner")


def remark(row: dict[str, Any], groups: list[str], thin: float) -> str:
    """Say whether a dimension is silent or thin, and which groups do not speak to it."""
    if not row["codings"]:
        return "silent"
    silent = [name for at, name in enumerate(groups, 1) if not row[f"group-{at}"]]
    said = ["thin"] if row["share"] < thin else []
    said += [f"nothing from {listing(map(in_sentence, silent))}"] if silent else []
    return "; ".join(said) or NONE


def coverage_table(
    table: pd.DataFrame,
    groups: pd.Series | None,
    cases: int,
    *,
    thin: float,
    numbers: Numbers,
    case_word: str,
    label: str,
    caption: str,
    synthetic: bool,
) -> Table:
    """Lay out how thick each dimension is, and what is thin or silent.

    Parameters
    ----------
    table : DataFrame
        As of :func:`coverage`.
    groups : Series or None
    cases : int
        All cases.
    thin : float
        Share of the codings below which a dimension is called thin, 0 to 1.
    numbers : Numbers
    case_word, label, caption : str
    synthetic : bool
    """
    every = [] if groups is None else [str(name) for name in groups.cat.categories]
    names = every[:MOST_COLUMNS]
    sizes = {} if groups is None else groups.astype("str").value_counts().to_dict()

    def share(n: int, whole: int) -> str:
        return numbers.n_percent(n, whole) if whole else NONE

    total = max(1, round(float((table["codings"] / table["share"].where(table["share"] > 0)).max()))
                if table["codings"].any() else 1)  # fmt: skip
    body = pd.DataFrame(
        {
            "name": table["name"],
            "codings": [share(int(n), total) for n in table["codings"]],
            "cases": [share(int(n), cases) for n in table["cases"]],
            **{f"group-{at}": [f"{n:,}" for n in table[f"group-{at}"]]
               for at in range(1, len(names) + 1)},
            # the zeros before it say already which groups are not heard
            "remark": [remark(row, [], thin) for row in records(table)],
        }
    )  # fmt: skip
    columns = [
        Column("name", "Dimension"),
        Column("codings", "Codings, n (%)", align="right"),
        Column("cases", f"{case_word}, n (%)", align="right"),
    ]
    columns += [
        Column(f"group-{at}", f"{name} (n\u00a0=\u00a0{sizes.get(name, 0):,})", align="right",
               spanner=f"{case_word} of each group")
        for at, name in enumerate(names, 1)
    ]  # fmt: skip
    columns.append(Column("remark", "Remark"))
    return Table(
        body=body,
        columns=tuple(columns),
        caption=caption,
        label=label,
        notes=(
            f"Thin: less than {format_number(100 * thin)}% of the codings. What is coded under a "
            "category on two dimensions counts for both.",
            *more_columns(len(every) - len(names)),
        ),
        behind={
            "codings": [behind("codings", ("dimension", at)) for at in table["id"]],
            "cases": [behind("cases", ("dimension", at)) for at in table["id"]],
            **{
                f"group-{group}": [
                    behind("cases", ("dimension", at), ("group", group)) for at in table["id"]
                ]
                for group in range(1, len(names) + 1)
            },
        },
        data=table.assign(remark=[remark(row, every, thin) for row in records(table)]),
        synthetic=synthetic,
    )


def coverage_facts(
    table: pd.DataFrame, groups: pd.Series | None, *, thin: float
) -> dict[str, Metric]:
    """Count the dimensions that are thin or silent, and say so in a sentence.

    Returns
    -------
    dict
        ``coverage.silent``, ``coverage.thin``, ``coverage.by-all`` (dimensions to which every
        group spoke; with groups) and ``coverage.sentence``.
    """
    spoken = table[table["codings"] > 0]
    is_thin = spoken[spoken["share"] < thin]
    facts: dict[str, Metric] = {
        "coverage.silent": len(table) - len(spoken),
        "coverage.thin": len(is_thin),
    }
    whole = f"{in_words(len(table))} {'dimension' if len(table) == 1 else 'dimensions'}"
    said = [f"Of the {whole} of the framework, " + (
        "all are spoken to" if len(spoken) == len(table)
        else f"{counted(len(table) - len(spoken), ('is silent', 'are silent'))}"
    )]  # fmt: skip
    if groups is not None and len(groups.cat.categories) > 1:
        full = int((table["groups"] == len(groups.cat.categories)).sum())
        facts["coverage.by-all"] = full
        said.append("every group speaks to " + (
            "each of them" if full == len(table) else f"{in_words(full)} of them"))  # fmt: skip
    share = format_number(100 * thin)
    if len(is_thin):
        names = listing(in_sentence(str(name)) for name in is_thin["name"])
        each = "each of " if len(is_thin) > 1 else ""
        said.append(f"less than {share}% of the codings stand on {each}{names}")
    else:
        said.append(f"none that is spoken to has less than {share}% of the codings")
    facts["coverage.sentence"] = "; ".join(said) + "."
    return facts


def flows(
    codings: pd.DataFrame,
    codes: pd.DataFrame,
    dimensions: pd.DataFrame,
    categories: pd.DataFrame,
    groups: pd.Series,
) -> pd.DataFrame:
    """Return how codings lead from groups over categories to dimensions.

    Categories are those of the second level, or of the first where a branch has no second. A
    coding whose category stands on two dimensions counts by half for each, and one of several
    people by as many parts, so that the sum is that of the codings.

    Returns
    -------
    DataFrame
        ``source`` (group), ``middle`` (label of the category), ``target`` (name of the
        dimension), ``codings`` (float); in the order of groups, code system and framework.
    """
    placed = on_dimensions(codings, codes, categories)
    above = placed["code_id"].map(at_level(codes, min(2, int(codes["level"].max() or 1))))
    parts = placed.groupby("coding")["dimension"].transform("size")
    table = placed.assign(
        group=placed["case_id"].map(groups.astype("str")),
        code_id=above.fillna(placed["code_id"]),
        codings=1 / parts,
    )
    keys = ["group", "code_id", "dimension"]
    table = table.groupby(keys)["codings"].sum().reset_index()
    labels = told_apart(codes, dict.fromkeys(table["code_id"]))
    names = dict(zip(dimensions["id"], dimensions["name"], strict=True))
    places = {
        "group": {str(name): at for at, name in enumerate(groups.cat.categories)},
        "code_id": {code: at for at, code in enumerate(codes["code_id"].astype("str"))},
        "dimension": {name: at for at, name in enumerate(dimensions["id"])},
    }
    place = pd.DataFrame({key: table[key].map(known) for key, known in places.items()})
    table = table.loc[place.sort_values(keys).index]
    return pd.DataFrame(
        {
            "source": table["group"],
            "middle": table["code_id"].map(labels),
            "target": table["dimension"].map(names),
            "codings": table["codings"],
        }
    ).reset_index(drop=True)
