"""Counts that an export states: held against its codings, and which are sums of others.

Categories and groups stand beside the codes that they hold. Some are marked as such; others
are told by arithmetic. A code that counts those under it counts a segment once, however many
of them apply to it: its count is no less than the largest of theirs, and no more than all of
them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qdaio.faults import Fault, StudyError
from qdaio.files.cells import Sheet
from qdaio.model import CodedProject, SetAside

__all__ = [
    "Counts",
    "Sums",
    "check_size",
    "find_sums",
    "own_and_summed",
    "own_codings",
    "reconcile",
]


SHOWN = 5
PART = "The codings may be a part of the project"


def reconcile(project: CodedProject) -> CodedProject:
    """Hold every count that the exports state against the rebuilt ones.

    Differences become warnings; neither side is chosen. Counts of codes whose kind is
    unknown are own or summed, whichever more of them fit. Where codings are only ever fewer
    than stated, the project is marked as partial.
    """
    told = _codes(project)
    found = [*told, *_cells(project), *_totals(project)]
    new = [warning for warning in found if warning not in project.warnings]
    if any(PART in warning for warning in told):
        project = project.with_(info=replace(project.info, is_partial=True))
    return project.with_(warnings=(*project.warnings, *new)) if new else project


def own_and_summed(codes: pd.DataFrame, counts: pd.Series) -> pd.DataFrame:
    """Count codings of each code alone, and with all codes below it.

    Parameters
    ----------
    codes : DataFrame
        Frame ``codes`` of the model.
    counts : Series
        Number of codings by ``code_id``; codes that are absent count 0.

    Returns
    -------
    DataFrame
        Index ``code_id``; columns ``own`` and ``summed``.
    """
    own = counts.reindex(codes["code_id"], fill_value=0).astype("int64")
    summed = own.to_dict()
    parents = dict(zip(codes["code_id"], codes["parent_id"], strict=True))
    deepest_first = codes.sort_values("level", ascending=False, kind="stable")["code_id"]
    for code in deepest_first:
        if isinstance(parent := parents[code], str):
            summed[parent] += summed[code]
    return pd.DataFrame({"own": own, "summed": pd.Series(summed)})


def _codes(project: CodedProject) -> list[str]:
    codes = project.codes.dropna(subset="reported_n")
    if codes.empty or project.codings.empty:
        return []
    applied = project.codings["code_id"].astype("str").value_counts()
    rebuilt = own_and_summed(project.codes, applied)
    table = codes.set_index("code_id")[["reported_n", "reported_n_kind"]].join(rebuilt)
    kind = table["reported_n_kind"].astype("str").fillna("unknown")
    if (kind == "unknown").any():
        rows = table[kind == "unknown"]
        fits = {how: (rows["reported_n"] == rows[how]).sum() for how in ("own", "summed")}
        kind = kind.replace("unknown", "own" if fits["own"] >= fits["summed"] else "aggregate")
    above = kind == "aggregate"
    if (table["reported_n"] != table["summed"])[above].any():
        # ATLAS.ti counts a segment once for a code, however many codes under it it has.
        once = _segments_once(project).reindex(table.index, fill_value=0)
        stated = table.loc[above, "reported_n"]
        if (stated == once[above]).sum() > (stated == table.loc[above, "summed"]).sum():
            table["summed"] = once
    expected = table["own"].where(kind == "own", table["summed"])
    names = dict(zip(project.codes["code_id"], project.codes["path"], strict=True))
    wrong = [str(code) for code in table.index[table["reported_n"] != expected]]
    if not wrong:
        return []
    stated = table["reported_n"]
    said = [
        f'"{" > ".join(names[code])}" {stated[code]} against {expected[code]}'
        for code in wrong[:SHOWN]
    ]
    warning = (
        f"The export's own counts differ from its codings for {len(wrong)} of "
        f"{len(table)} codes (stated against counted): {_list(said, len(wrong))}."
    )
    if (stated >= expected).all():
        # programs export what is activated, while a code system counts all
        warning += f" {PART}: none of them has more codings than its code states."
    return [warning]


def _segments_once(project: CodedProject) -> pd.Series:
    """Count the segments that a code or any code under it is applied to, each once."""
    parents = project.codes.set_index("code_id")["parent_id"]
    pairs = project.codings[["code_id", "segment_id"]].astype({"code_id": "str"})
    levels = [pairs.drop_duplicates()]
    for _ in range(int(project.codes["level"].max()) - 1):
        pairs = levels[-1].assign(code_id=levels[-1]["code_id"].map(parents).astype("str"))
        levels.append(pairs.dropna(subset="code_id").drop_duplicates())
    return pd.concat(levels).drop_duplicates()["code_id"].value_counts()


def _cells(project: CodedProject) -> Iterable[str]:
    """Hold the cells of code matrices against the codings."""
    cells = project.matrix_cells
    cells = cells[
        (cells["unit"].astype("str") == "codings")
        & cells["entity"].astype("str").isin(["document", "group"])
        & ~cells["is_total"]
    ]
    if cells.empty or project.codings.empty:
        return
    documents = project.segments.set_index("segment_id")["document_id"].astype("str")
    groups = project.documents.set_index("document_id")["group"]
    applied = pd.DataFrame(
        {
            "code_id": project.codings["code_id"].astype("str").array,
            "document": documents.loc[project.codings["segment_id"]].array,
        }
    )
    applied["group"] = groups.reindex(applied["document"]).array
    wrong: list[str] = []
    for entity, rows in cells.groupby(cells["entity"].astype("str")):
        counted = applied.groupby(["code_id", entity]).size()
        wide = counted.unstack(fill_value=0)
        summed = pd.DataFrame(
            {column: own_and_summed(project.codes, wide[column])["summed"] for column in wide}
        )
        keys = pd.MultiIndex.from_arrays([rows["code_id"], rows["entity_id"]])
        own = counted.reindex(keys, fill_value=0).to_numpy()
        total = summed.stack().reindex(keys, fill_value=0).to_numpy()
        stated = rows["n"].to_numpy(dtype="int64")
        expected = own if (stated == own).sum() >= (stated == total).sum() else total
        for row, n, found in zip(rows.itertuples(), stated, expected, strict=True):
            if n != found:
                wrong.append(f'code "{row.code_id}" in "{row.entity_id}" {n} against {found}')
    if wrong:
        yield (
            f"{len(wrong)} cells of the code matrix differ from the codings (stated against "
            f"counted): {_list(wrong[:SHOWN], len(wrong))}."
        )


def _totals(project: CodedProject) -> Iterable[str]:
    """Hold the totals of each code in a matrix against the cells that they sum."""
    cells = project.matrix_cells
    if not cells["is_total"].any():
        return
    keys = ["source_file", "unit", "code_id"]
    cells = cells.astype({"source_file": "str", "unit": "str"})
    sums = cells[~cells["is_total"]].groupby(keys, dropna=False)["n"].sum()
    stated = cells[cells["is_total"]].groupby(keys, dropna=False)["n"].first()
    both = pd.DataFrame({"stated": stated, "sum": sums}).dropna()
    wrong = both[both["stated"] != both["sum"]]
    if len(wrong):
        said = [
            f'"{key[2]}" {row["stated"]} against {row["sum"]}'
            for key, row in zip(
                wrong.index.to_list(), wrong.head(SHOWN).to_dict("records"), strict=False
            )
        ]
        yield (
            f"{len(wrong)} totals of a matrix are not the sum of its cells (stated against "
            f"summed): {_list(said, len(wrong))}."
        )


def _list(said: list[str], count: int) -> str:
    return ", ".join(said) + (f" and {count - len(said)} more" if count > len(said) else "")


Counts = NDArray[np.int64]

LEAST = 5  # codings of a sum that arithmetic alone may find
MOST_ROWS = 2000  # among which arithmetic alone looks for sums
MOST_CELLS = 2_000_000
MOST_OWN = 100_000


@dataclass(frozen=True, slots=True)
class Sums:
    """What the rows of a table are.

    Attributes
    ----------
    why : list of str or None
        One a row: why it is a sum; None where it counts codings of its own.
    excess : ndarray of int
        Shape (rows, columns). Codings of a sum that none of its codes explains: the code's
        own, at least so many.
    by_arithmetic : list of int
        Rows, counted from 0, that nothing but their numbers tells to be sums.
    """

    why: list[str | None]
    excess: Counts
    by_arithmetic: list[int]


def find_sums(
    paths: Sequence[tuple[str, ...]],
    marked: Sequence[str | None],
    counts: Counts,
    *,
    any_order: bool = True,
) -> Sums:
    """Tell the rows that are sums of others.

    Parameters
    ----------
    paths : sequence of tuple of str
        Path of the code in each row.
    marked : sequence of str or None
        Why a row is a sum, where the table or the codebook says so.
    counts : ndarray of int
        Shape (rows, columns).
    any_order : bool
        False to look, where nothing else tells of sums, for rows that are the sum of the
        rows right after them.
    """
    why = list(marked)
    excess = np.zeros_like(counts)
    children: dict[tuple[str, ...], list[int]] = {}
    for row, path in enumerate(paths):
        children.setdefault(path[:-1], []).append(row)
    by_arithmetic: list[int] = []
    for row, path in enumerate(paths):
        below = children.get(path)
        if why[row] or not below:
            continue
        least, most = counts[below].max(axis=0), counts[below].sum(axis=0)
        if (counts[row] >= least).all():
            why[row] = "it counts the codes under it"
            excess[row] = np.maximum(counts[row] - most, 0)
            if not excess[row].any():
                by_arithmetic.append(row)
    if not any_order and not any(why):
        for row in _runs(counts):
            why[row] = "it is the sum of the rows that follow it"
            by_arithmetic.append(row)
    return Sums(why, excess, by_arithmetic)


def _runs(counts: Counts) -> list[int]:
    """Find rows that equal the sum of two or more rows right after them, in every column."""
    found: list[int] = []
    size = len(counts)
    if size > MOST_ROWS:
        return found
    for row in range(size):
        target = counts[row]
        if target.sum() < LEAST or (target > 0).sum() < 2:
            continue
        total = np.zeros_like(target)
        parts = 0
        for after in range(row + 1, size):
            total = total + counts[after]
            parts += bool(counts[after].any())
            if (total > target).any():
                break
            if parts > 1 and (total == target).all():
                found.append(row)
                break
    return found


def check_size(sheet: Sheet, rows: int, columns: int) -> None:
    """Check that a table is no larger than tables of codes are.

    Raises
    ------
    StudyError
        When it has more than two million cells.
    """
    if rows * columns > MOST_CELLS:
        raise StudyError(
            Fault(
                kind="too-large",
                file=sheet.file,
                sheet=sheet.name.strip() or None,
                found=f"a table of {rows:,} by {columns:,} cells",
                expected=f"at most {MOST_CELLS:,} cells",
                remedy="Export the table for fewer documents or codes at a time.",
            )
        )


def own_codings(
    sheet: Sheet, excess: Counts, rows: Counts, codes: Sequence[str], others: Sequence[str]
) -> list[SetAside]:
    """List the codings of sums that none of the codes under them explains.

    Parameters
    ----------
    sheet : Sheet
    excess : ndarray of int
        See :class:`Sums`.
    rows : ndarray of int
        Row of each cell in the file, of the same shape.
    codes, others : sequence of str
        Identifiers along both sides.

    Raises
    ------
    StudyError
        When there are so many that the rows can be no sums.
    """
    if excess.sum() > MOST_OWN:
        raise StudyError(
            Fault(
                kind="inconsistent-export",
                file=sheet.file,
                sheet=sheet.name.strip() or None,
                found=f"codes that count {int(excess.sum()):,} codings more than the codes under "
                "them together",
                expected="counts of the codes' own codings, or their sums",
                remedy="Export the table without codes that stand above others.",
            )
        )
    aside = []
    for code, other in zip(*np.nonzero(excess), strict=True):
        item = SetAside(
            what="coding",
            why="the code counts its own codings together with those of the codes under it, "
            "so that its own cannot be told",
            file=sheet.file,
            sheet=sheet.name.strip() or None,
            row=int(rows[code, other]),
            code=codes[code],
            document=others[other],
        )
        aside += [item] * int(excess[code, other])
    return aside
