"""How often each code was applied, and by how many people it was raised.

The coding is the unit that is counted: one code, applied by one coder, to one segment
(see the definitions of Elo & Kyngäs 2008, 10.1111/j.1365-2648.2007.04569.x). A category
gathers the codings of all codes below it and those of its own; a person who is coded
below a category several times is one person.
"""

from __future__ import annotations

import pandas as pd

from analysis.hierarchy import lineage

__all__ = ["ALL", "code_frequencies", "group_frequencies", "new_codes"]

ALL = "all"


def code_frequencies(codings: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """Count codings, cases and documents for each code, with what stands below it.

    Parameters
    ----------
    codings : DataFrame
        ``code_id``, ``case_id``, ``document_id``; one row a coding.
    codes : DataFrame
        ``code_id``, ``parent_id``, ``level``.

    Returns
    -------
    DataFrame
        One row a code, in the order of `codes`, unused ones with 0: ``code_id``,
        ``own`` (codings of the code itself), ``codings`` (with those below), ``cases``,
        ``documents`` (distinct), ``share`` (codings per codings of the same level, 0 to 1).
    """
    counted = _with_ancestors(codings, codes)
    groups = counted.groupby("ancestor_id", observed=True)
    result = codes[["code_id", "level"]].copy()
    result["own"] = _mapped(result["code_id"], codings.groupby("code_id", observed=True).size())
    result["codings"] = _mapped(result["code_id"], groups.size())
    result["cases"] = _mapped(result["code_id"], groups["case_id"].nunique())
    result["documents"] = _mapped(result["code_id"], groups["document_id"].nunique())
    totals = result.groupby("level")["codings"].transform("sum")
    result["share"] = (result["codings"] / totals.where(totals > 0)).astype("Float64")
    return result.drop(columns="level").reset_index(drop=True)


def group_frequencies(
    codings: pd.DataFrame, codes: pd.DataFrame, membership: pd.Series
) -> pd.DataFrame:
    """Count codings and cases for each code in each group of cases.

    Parameters
    ----------
    codings, codes : DataFrame
        As in :func:`code_frequencies`.
    membership : Series
        Index ``case_id``, values the group as an ordered categorical.

    Returns
    -------
    DataFrame
        One row for each code and group, in the order of `codes` and of the categories,
        also where nothing was coded: ``code_id``, ``group``, ``codings``, ``cases``,
        ``group_cases`` (cases in the group).

    Raises
    ------
    ValueError
        When a coding's case has no group: nothing may get lost.
    """
    counted = _with_ancestors(codings, codes)
    group = counted["case_id"].map(membership.astype("object"))
    if group.isna().any():
        raise ValueError(f"{int(group.isna().sum())} codings belong to a case without a group")
    names = [str(name) for name in membership.cat.categories]
    grid = pd.MultiIndex.from_product([codes["code_id"], names], names=["code_id", "group"])
    by = counted.assign(group=group.astype("str")).groupby(["ancestor_id", "group"], observed=True)
    table = pd.DataFrame({"codings": by.size(), "cases": by["case_id"].nunique()})
    table = table.reindex(grid, fill_value=0).astype("int64").reset_index()
    sizes = membership.astype("str").value_counts()
    table["group_cases"] = table["group"].map(sizes).fillna(0).astype("int64")
    return table


def new_codes(codings: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Count the codes that each case brings for the first time, in a given order of cases.

    Parameters
    ----------
    codings : DataFrame
        ``code_id``, ``case_id``.
    order : list of str
        Cases in the order in which they were interviewed.

    Returns
    -------
    DataFrame
        One row a case in `order`: ``case_id``, ``codes`` (distinct codes of the case),
        ``new`` (of these, codes that no earlier case had), ``cumulative``.
    """
    rank = pd.Series(range(len(order)), index=order)
    pairs = codings[["case_id", "code_id"]].astype("str").drop_duplicates()
    pairs = pairs.assign(rank=pairs["case_id"].map(rank))
    first = pairs.groupby("code_id")["rank"].min().value_counts()
    distinct = pairs.groupby("rank").size()
    table = pd.DataFrame({"case_id": order})
    table["codes"] = distinct.reindex(range(len(order)), fill_value=0).to_numpy()
    table["new"] = first.reindex(range(len(order)), fill_value=0).to_numpy()
    return table.assign(cumulative=table["new"].cumsum())


def _with_ancestors(codings: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    columns = codings[["code_id", "case_id", "document_id"]].astype("str")
    pairs = lineage(codes)[["code_id", "ancestor_id"]].astype("str")
    return columns.astype("category").merge(
        pairs.astype({"ancestor_id": "category"}), on="code_id", how="inner"
    )


def _mapped(ids: pd.Series, counts: pd.Series) -> pd.Series:
    values = ids.map(pd.Series(counts.to_numpy(), index=counts.index.astype("str")))
    return values.fillna(0).astype("int64")
