"""The same codings on a second framework, by a map of codes to its items."""

from __future__ import annotations

import pandas as pd

from analysis.chapters.frequencies import by_person
from analysis.codes import lineage
from analysis.forms import records
from analysis.languages import spoken
from analysis.metrics import Metric
from analysis.phrases import CODINGS, counted, in_sentence, in_words, listing
from analysis.settings import Numbers
from analysis.tables import Column, Table
from analysis.trace.selection import behind

__all__ = ["crosswalk_counts", "crosswalk_facts", "crosswalk_table", "placed_codings"]

NONE = "–"
MOST_NAMED = 4  # silent items that a sentence names


def crosswalk_counts(
    codings: pd.DataFrame,
    codes: pd.DataFrame,
    items: pd.DataFrame,
    mapping: pd.DataFrame,
    groups: pd.Series | None,
) -> pd.DataFrame:
    """Count what stands on each item of the second framework.

    A code carries all codes below it along. A coding counts once for an item, whatever number
    of its codes lead there, and can count for several items.

    Parameters
    ----------
    codings : DataFrame
        ``coding_id``, ``code_id``, ``case_id``; one row per coding.
    codes : DataFrame
    items : DataFrame
        ``item``, ``parent`` (missing at the first level), ``name``.
    mapping : DataFrame
        ``code`` (code_id), ``item``.
    groups : Series or None
        Index ``case_id``, values the group as an ordered categorical.

    Returns
    -------
    DataFrame
        One row an item, in order: ``item``, ``parent``, ``name``, ``codes`` (mapped on it or
        below it), ``codings``, ``cases`` (both with what stands below the item), ``groups`` (the
        names of groups that spoke to it, a list).
    """
    above = items.dropna(subset="parent")[["item", "parent"]]
    reach = pd.concat(
        [items[["item"]].assign(counts_for=items["item"]),
         above.rename(columns={"parent": "counts_for"})]
    )  # fmt: skip
    pairs = lineage(codes)[["code_id", "ancestor_id"]].astype("str")
    wide = mapping.merge(reach, on="item")[["code", "counts_for"]]
    leading = pairs.merge(wide, left_on="ancestor_id", right_on="code")
    leading = leading[["code_id", "counts_for"]].drop_duplicates()
    own = by_person(codings)[["coding_id", "code_id", "case_id"]].astype("str")
    placed = own.merge(leading, on="code_id")
    by = placed.groupby("counts_for")
    names = {} if groups is None else groups.astype("str").to_dict()
    order = [] if groups is None else [str(name) for name in groups.cat.categories]
    heard = placed.assign(group=placed["case_id"].map(names)).groupby("counts_for")["group"]
    spoke = heard.agg(set).to_dict()
    heard_of = [[name for name in order if name in spoke.get(item, ())] for item in items["item"]]
    return items.assign(
        codes=items["item"].map(wide.groupby("counts_for")["code"].nunique()).fillna(0).astype(int),
        codings=items["item"].map(by["coding_id"].nunique()).fillna(0).astype("int64"),
        cases=items["item"].map(by["case_id"].nunique()).fillna(0).astype("int64"),
        groups=pd.Series(heard_of, index=items.index, dtype="object"),
    ).reset_index(drop=True)


def crosswalk_table(
    counts: pd.DataFrame,
    groups: pd.Series | None,
    placed: int,
    total: int,
    cases: int,
    *,
    numbers: Numbers,
    case_word: str,
    label: str,
    caption: str,
    synthetic: bool,
) -> Table:
    """Lay out the items, those of one parent under it.

    Parameters
    ----------
    counts : DataFrame
        As of :func:`crosswalk_counts`.
    groups : Series or None
    placed, total : int
        Codings that stand on some item, and all.
    cases : int
    numbers : Numbers
    case_word, label, caption : str
    synthetic : bool
    """
    everyone = [] if groups is None else [str(name) for name in groups.cat.categories]
    rows = []
    for row in records(counts):
        heard = row["groups"]
        missing = [name for name in everyone if name not in heard]
        rows.append(
            {
                "name": row["name"],
                "indent": 0 if pd.isna(row["parent"]) else 1,
                "codes": f"{row['codes']:,}" if row["codes"] else NONE,
                "codings": f"{row['codings']:,}" if row["codings"] else NONE,
                "cases": numbers.n_percent(int(row["cases"]), cases) if row["codings"] else NONE,
                "groups": "silent" if not row["codings"] else "all" if not missing
                else spoken().words.joined(listing(map(in_sentence, heard))),
            }
        )  # fmt: skip
    columns = [
        Column("name", "Item"),
        Column("codes", "Codes mapped", align="right"),
        Column("codings", "Codings", align="right"),
        Column("cases", f"{case_word}, n (%)", align="right"),
        Column("groups", "Groups that speak to it"),
    ]
    if not everyone:
        columns.pop()
    return Table(
        body=pd.DataFrame(rows, columns=["name", "indent", "codes", "codings", "cases", "groups"]),
        columns=tuple(columns),
        indent="indent",
        caption=caption,
        label=label,
        notes=(
            f"Of {counted(total, CODINGS)}, {placed:,} stand on an item; the map says which "
            "codes lead where. An item counts what stands below it, too.",
        ),
        behind={
            unit: [behind(unit, ("item", item)) for item in counts["item"]]
            for unit in ("codes", "codings", "cases")
        },
        data=counts.assign(groups=["; ".join(names) for names in counts["groups"]]),
        synthetic=synthetic,
    )


def placed_codings(codings: pd.DataFrame, codes: pd.DataFrame, mapping: pd.DataFrame) -> int:
    """Count the codings that stand on at least one item."""
    pairs = lineage(codes)[["code_id", "ancestor_id"]].astype("str")
    led = pairs.loc[pairs["ancestor_id"].isin(mapping["code"]), "code_id"].unique()
    return int(codings["code_id"].astype("str").isin(led).sum())


def crosswalk_facts(
    counts: pd.DataFrame, placed: int, total: int, name: str, numbers: Numbers
) -> dict[str, Metric]:
    """Say how much stands on the second framework, on what most, and what is silent.

    Returns
    -------
    dict
        ``crosswalk.items`` (those without others below them), ``crosswalk.silent``,
        ``crosswalk.codings``, ``crosswalk.percent``, ``crosswalk.name``, ``crosswalk.sentence``.
    """
    leaves = counts[~counts["item"].isin(counts["parent"].dropna())]
    silent = leaves[leaves["codings"] == 0]
    facts: dict[str, Metric] = {
        "crosswalk.items": len(leaves),
        "crosswalk.silent": len(silent),
        "crosswalk.codings": placed,
        "crosswalk.percent": 100 * placed / total if total else 0.0,
        "crosswalk.name": name,
    }
    share = numbers.percent(placed, total) if total else "0"
    said = f"Laid out on {in_sentence(name)}, {share}% of the codings have a place"
    if placed:
        most = int(leaves["codings"].max())
        names = listing(in_sentence(str(n)) for n in leaves.loc[leaves["codings"] == most, "name"])
        said += f"; no item has more than {names} ({counted(most, CODINGS)})"
    if len(silent) > MOST_NAMED:
        said += f". Nobody spoke of {in_words(len(silent))} of {in_words(len(leaves))} items"
    elif len(silent):
        names = listing(in_sentence(str(item)) for item in silent["name"])
        said += f". Nobody spoke of {names}"
    facts["crosswalk.sentence"] = said + "."
    return facts
