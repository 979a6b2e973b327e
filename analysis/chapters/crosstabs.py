"""Codes by attributes of the people behind them, two at a time, and codes by document.

What a cell counts is always both: codings, which one person can bring many of, and distinct
people. A share is of the people in the cell's own group, with Wilson's interval (1927,
10.1080/01621459.1927.10502953), since groups of a qualitative study are small.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.chapters.frequencies import by_person
from analysis.codes import lineage, ordered_codes
from analysis.coefficients import wilson_interval
from analysis.forms import records
from analysis.metrics import Metric, slugs
from analysis.numbers import format_number
from analysis.phrases import in_sentence
from analysis.settings import Numbers
from analysis.tables import MOST_COLUMNS, Column, Table, more_columns
from analysis.tally import distinct, places, sums, tree_of
from analysis.trace.selection import behind, code_numbers

__all__ = [
    "code_key",
    "cross",
    "cross_facts",
    "cross_table",
    "crossing",
    "document_matrix",
]

INDENT = "_indent"
NONE = "–"


def crossing(first: pd.Series, second: pd.Series | None = None) -> pd.DataFrame:
    """Put each case into a cell of one attribute, or of two.

    Parameters
    ----------
    first, second : Series
        Index ``case_id``, values an ordered categorical.

    Returns
    -------
    DataFrame
        Index ``case_id``; ``first``, ``second`` (categoricals; `second` is "All" without one).
    """
    if second is None:
        whole = pd.Categorical(["All"] * len(first), categories=["All"], ordered=True)
        second = pd.Series(whole, index=first.index)
    both = pd.DataFrame({"first": first, "second": second.reindex(first.index)})
    return both.dropna()


def cross(codings: pd.DataFrame, codes: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Count codings and people for each code in each cell, with what stands below the code.

    Parameters
    ----------
    codings : DataFrame
        ``code_id``, ``case_id``, and ``people`` where several may have said it; one row per coding.
    codes : DataFrame
        ``code_id``, ``parent_id``, ``level``.
    members : DataFrame
        As of :func:`crossing`.

    Returns
    -------
    DataFrame
        One row for each code and cell that has cases, also where nothing was coded:
        ``code_id``, ``first``, ``second``, ``own`` (codings of the code itself), ``codings``,
        ``cases`` (distinct), ``cell_cases`` (all of the cell), ``share``, ``lower``, ``upper``
        (of the cell's cases, 0 to 1, with Wilson's 95% interval).
    """
    sizes = members.groupby(["first", "second"], observed=True).size().rename("cell_cases")
    cells = sizes[sizes > 0].reset_index()
    cells["cell"] = range(len(cells))
    place = members.reset_index(names="case_id").merge(cells, on=["first", "second"])
    people = pd.Index(place["case_id"].astype("str"))
    cell_of = place["cell"].to_numpy(dtype=np.int64)
    tree, voices = tree_of(codes), by_person(codings.reset_index(drop=True))
    code, person = places(voices["code_id"], tree.ids), places(voices["case_id"], people)
    cell = np.append(cell_of, -1)[person]
    once = np.ones(len(voices), dtype=bool)
    if len(voices) > len(codings):  # a coding counts once for a cell, whoever said it
        coding = voices.index.to_numpy(dtype=np.int64)
        once[:] = False
        once[np.unique(coding * (len(cells) + 1) + cell, return_index=True)[1]] = True
    own, whole = sums(tree, code[once], cell[once], len(cells))
    _, cases = distinct(tree, code, person, cell_of, len(cells))
    ids = list(codes["code_id"].astype("str"))
    grid = pd.MultiIndex.from_product([ids, range(len(cells))], names=["code_id", "cell"])
    table = grid.to_frame(index=False).assign(
        own=own.ravel(), codings=whole.ravel(), cases=cases.ravel()
    )
    table = table.merge(cells, on="cell", how="left").drop(columns="cell")
    return pd.concat([table, _intervals(table["cases"], table["cell_cases"])], axis="columns")


def _intervals(n: pd.Series, whole: pd.Series) -> pd.DataFrame:
    """Return share, lower and upper bound; equal pairs are computed once."""
    known: dict[tuple[int, int], tuple[float, float, float] | None] = {}
    rows = []
    for pair in zip(n.astype("int64"), whole.astype("int64"), strict=True):
        if pair not in known:
            interval = wilson_interval(*pair)
            known[pair] = (
                None if interval is None else (pair[0] / pair[1], interval.lower, interval.upper)
            )
        rows.append(known[pair] or (None, None, None))
    return pd.DataFrame(rows, columns=["share", "lower", "upper"], index=n.index, dtype="Float64")


def cross_table(
    codes: pd.DataFrame,
    counts: pd.DataFrame,
    *,
    deepest: int,
    numbers: Numbers,
    case_word: str,
    label: str,
    caption: str,
    synthetic: bool,
    by: tuple[str, str] = ("", ""),
) -> Table:
    """Lay out codes by cell: codings, and the share of people with its interval.

    Parameters
    ----------
    codes : DataFrame
        ``code_id``, ``label``, ``level``.
    counts : DataFrame
        As of :func:`cross`.
    deepest : int
        Last level to print; the CSV holds every level.
    numbers : Numbers
    case_word, label, caption : str
    synthetic : bool
    by : tuple of str
        What the attributes are called; the second empty where there is one.
    """
    cells = counts.drop_duplicates(["first", "second"])[["first", "second", "cell_cases"]]
    cells = cells.sort_values(["first", "second"], ignore_index=True)
    left, cells = len(cells) - MOST_COLUMNS, cells.head(MOST_COLUMNS)
    shown = codes[codes["level"] <= deepest]
    is_crossed = cells["second"].nunique() > 1 or str(cells["second"].iloc[0]) != "All"
    body = pd.DataFrame({"code": shown["label"].to_numpy(), INDENT: shown["level"] - 1})
    body = body.reset_index(drop=True)
    columns = [Column("code", "Category")]
    by_cell = {
        key: rows.set_index("code_id")
        for key, rows in counts.groupby(["first", "second"], observed=True)
    }
    counted_by: dict[str, list[str]] = {}
    places = code_numbers(codes, shown["code_id"])
    for at, cell in enumerate(records(cells)):
        people = [(f"@{by[0]}", cell["first"])]
        people += [(f"@{by[1]}", cell["second"])] if by[1] else []
        if by[0]:
            counted_by[f"cell {at}"] = [behind("codings", ("code", one), *people) for one in places]
        rows = by_cell[cell["first"], cell["second"]].reindex(shown["code_id"].astype("str"))
        name = f"{cell['second'] if is_crossed else cell['first']} (n\u00a0=\u00a0" + (
            f"{cell['cell_cases']:,})"
        )
        body[f"cell {at}"] = [_cell(row, numbers, bounds=not is_crossed) for row in records(rows)]
        spanner = str(cell["first"]) if is_crossed else None
        columns.append(Column(f"cell {at}", name, align="right", spanner=spanner))
    notes = [
        f"Codings; {case_word.lower()} with at least one, in % of those of the column"
        + ("." if is_crossed else ", with Wilson's 95% interval.")
    ]
    notes += more_columns(left)
    return Table(
        body=body,
        columns=tuple(columns),
        indent=INDENT,
        caption=caption,
        label=label,
        notes=tuple(notes),
        behind=counted_by,
        data=codes[["code_id", "label", "level"]].merge(counts, on="code_id"),
        synthetic=synthetic,
    )


def _cell(row: dict[str, object], numbers: Numbers, *, bounds: bool) -> str:
    codings = int(row["codings"])  # type: ignore[call-overload]
    if not codings:
        return NONE
    share, low, high = (
        format_number(100 * float(row[key]), 0, numbers.rounding)  # type: ignore[arg-type]
        for key in ("share", "lower", "upper")
    )
    return f"{codings:,}; {share}" + (f" ({low}–{high})" if bounds else "")


def cross_facts(counts: pd.DataFrame, codes: pd.DataFrame, by: str) -> dict[str, Metric]:
    """Say on which category of the first level the levels of an attribute differ most.

    Parameters
    ----------
    counts : DataFrame
        As of :func:`cross`.
    codes : DataFrame
    by : str
        What is compared, as in "by group".

    Returns
    -------
    dict
        ``crosstab.cells`` and, where at least two levels hold people and something was coded,
        ``crosstab.sentence``.
    """
    roots = codes.loc[codes["level"] == 1, "code_id"].astype("str")
    rows = counts[counts["code_id"].isin(roots)]
    sums = rows.groupby(["code_id", "first"], observed=True)[["cases", "cell_cases"]].sum()
    heard = {key: (int(n), int(whole)) for key, n, whole in
             zip(sums.index, sums["cases"], sums["cell_cases"], strict=True)}  # fmt: skip
    share = (sums["cases"] / sums["cell_cases"]).unstack("first")
    facts: dict[str, Metric] = {"crosstab.cells": len(counts.drop_duplicates(["first", "second"]))}
    if share.shape[1] < 2 or share.empty:
        facts["crosstab.sentence"] = ""
        return facts
    spread = share.max(axis=1) - share.min(axis=1)
    start = by.strip()[:1].upper() + by.strip()[1:]
    code = str(spread.idxmax())
    label = str(codes.set_index(codes["code_id"].astype("str"))["label"].to_dict()[code])
    if not spread.max() > 0:
        said = f"{start}, the same share of people raised each of them."
    else:
        high, low = share.loc[code].idxmax(), share.loc[code].idxmin()
        most, least = ("{:,} of {:,}".format(*heard[code, level]) for level in (high, low))
        said = (
            f"{start}, people differ most in how many raised "
            f"{in_sentence(label)}: {most} in “{high}”, {least} in “{low}”."
        )
    facts["crosstab.sentence"] = said
    return facts


def code_key(codes: pd.DataFrame) -> pd.DataFrame:
    """Give each code a short name that R and SPSS take for a variable.

    Returns
    -------
    DataFrame
        ``variable`` (letters, digits and underscores, at most 64 bytes, each once),
        ``code_id``, ``label``, ``level``; in the order of the code system.
    """
    ordered = ordered_codes(codes)
    width = len(str(len(ordered)))
    short = [part.replace("-", "_")[: 63 - width] for part in slugs(ordered["name"].astype("str"))]
    names = [f"c{at:0{width}d}_{part}"[:64] for at, part in enumerate(short, start=1)]
    key = ordered[["code_id", "label", "level"]].assign(variable=names)
    return key[["variable", "code_id", "label", "level"]].reset_index(drop=True)


def document_matrix(
    codings: pd.DataFrame,
    codes: pd.DataFrame,
    documents: pd.DataFrame,
    groups: pd.Series | None,
    *,
    binary: bool = False,
    own: bool = False,
) -> pd.DataFrame:
    """Count the codings of each code in each document.

    Parameters
    ----------
    codings : DataFrame
        ``code_id``, ``document_id``.
    codes : DataFrame
    documents : DataFrame
        ``document_id``, ``case_id``.
    groups : Series or None
        Index ``case_id``, values the group.
    binary : bool
        1 where there is at least one coding, else 0.
    own : bool
        Only codings of the code itself, without what stands below it.

    Returns
    -------
    DataFrame
        One row per document, also where nothing was coded: ``document``, ``case``, ``group``
        (with groups), then one column a code as :func:`code_key` names it.
    """
    key = code_key(codes)
    rows = codings[["code_id", "document_id"]].astype("str")
    if not own:
        pairs = lineage(codes)[["code_id", "ancestor_id"]].astype("str")
        rows = rows.merge(pairs, on="code_id")[["ancestor_id", "document_id"]]
        rows.columns = pd.Index(["code_id", "document_id"])
    counts = rows.groupby(["document_id", "code_id"]).size().unstack("code_id", fill_value=0)
    names = documents["document_id"].astype("str")
    counts = counts.reindex(index=names, columns=key["code_id"].astype("str"), fill_value=0)
    if binary:
        counts = (counts > 0).astype("int64")
    counts.columns = pd.Index(key["variable"])
    head = pd.DataFrame({"document": names.to_numpy(), "case": documents["case_id"].to_numpy()})
    if groups is not None:
        head["group"] = documents["case_id"].map(groups.astype("str")).to_numpy()
    return pd.concat([head, counts.astype("int64").reset_index(drop=True)], axis="columns")
