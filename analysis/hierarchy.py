"""The code system as a tree: which code stands above which, and how codings add up."""

from __future__ import annotations

import pandas as pd

__all__ = ["at_level", "children_counts", "lineage", "ordered_codes", "sub_level"]


def lineage(codes: pd.DataFrame) -> pd.DataFrame:
    """List every code with itself and all codes above it.

    Parameters
    ----------
    codes : DataFrame
        ``code_id``, ``parent_id``, ``level`` (1 at the root).

    Returns
    -------
    DataFrame
        Columns ``code_id``, ``ancestor_id``, ``level`` (of the ancestor). A code of level
        4 has four rows.

    Raises
    ------
    ValueError
        When parents form a circle.
    """
    parents = codes.set_index("code_id")["parent_id"]
    levels = codes.set_index("code_id")["level"]
    current = pd.DataFrame({"code_id": codes["code_id"], "ancestor_id": codes["code_id"]})
    found = [current]
    for _ in range(len(codes)):
        above = current["ancestor_id"].map(parents)
        current = current.assign(ancestor_id=above).dropna(subset="ancestor_id")
        if current.empty:
            break
        found.append(current)
    else:
        if len(codes):
            raise ValueError("codes stand above each other in a circle")
    table = pd.concat(found, ignore_index=True)
    return table.assign(level=table["ancestor_id"].map(levels))


def at_level(codes: pd.DataFrame, level: int) -> pd.Series:
    """Map each code to its ancestor at `level`.

    Returns
    -------
    Series
        Index ``code_id``, values the ancestor's ``code_id``; codes above `level` are absent.
    """
    table = lineage(codes)
    return table[table["level"] == level].set_index("code_id")["ancestor_id"]


def ordered_codes(codes: pd.DataFrame) -> pd.DataFrame:
    """Return the codes in the order of the code system, each parent before its children."""
    ranks = codes["position"].fillna(len(codes) + 1)
    by_id = pd.Series(ranks.to_numpy(), index=codes["code_id"])
    table = lineage(codes).assign(rank=lambda rows: rows["ancestor_id"].map(by_id))
    table = table.sort_values(["code_id", "level"], kind="stable")
    keys = table.groupby("code_id", observed=True)["rank"].agg(tuple)
    order = codes["code_id"].map(keys)
    return codes.assign(_key=order).sort_values("_key", kind="stable").drop(columns="_key")


def children_counts(codes: pd.DataFrame, level: int) -> pd.Series:
    """Count the codes of `level` below each code above it.

    Returns
    -------
    Series
        Index ``code_id`` of all codes above `level`, 0 where there is none below.
    """
    table = lineage(codes)
    below = codes.loc[codes["level"] == level, "code_id"]
    counts = table[table["code_id"].isin(below)].groupby("ancestor_id").size()
    above = codes.loc[codes["level"] < level, "code_id"]
    return counts.reindex(above, fill_value=0)


def sub_level(codes: pd.DataFrame, levels: list[str]) -> int:
    """Return the deepest level that is a category rather than a primary code.

    With four named levels this is the third; a code system of one level has level 1.
    """
    depth = len(levels) or int(codes["level"].max() or 1)
    return max(1, depth - 1)
