"""Counts that an export states: compared with its codings, used in their place, and told from sums.

A table of codes by documents says how often, and neither where nor by whom. So that a study
can be built from it, a cell with the count 3 becomes three codings, each with a segment that
has no text and no position.

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

from qdaio.faults import Fault, FaultList, StudyError
from qdaio.files.cells import Sheet
from qdaio.model import CodedProject, SetAside, make_frame

__all__ = [
    "Counts",
    "Sums",
    "are_one_list",
    "check_size",
    "codings_from_cells",
    "find_sums",
    "own_and_summed",
    "own_codings",
    "reconcile",
]


SHOWN = 5
SHOWN_FILES = 3
MOST_CODINGS = 10_000_000
KEY = ["entity_id", "code_id"]
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


def codings_from_cells(project: CodedProject) -> CodedProject:
    """Give a project that holds only counts the codings that its cells count.

    Parameters
    ----------
    project : CodedProject
        Cells count when they are no totals, their unit is codings, and they stand for a
        document, or for a case where no document has cells.

    Returns
    -------
    CodedProject
        The same project where it has codings of its own, or states some, or has no such
        cells. Else with segments and codings, marked as partial, and with a warning.
        A cell that two files state alike counts once; the other is set aside.

    Raises
    ------
    StudyError
        When two files state different counts for one cell, or counts are absurdly large.
    """
    cells = project.matrix_cells
    is_counted = (cells["unit"] == "codings") & ~cells["is_total"] & cells["n"].notna()
    stated = cells[is_counted & cells["entity"].isin(["document", "case"])]
    if len(project.codings) or not stated["n"].gt(0).any():
        return project
    # Codings that the same tables state and that were set aside are no codings of their own.
    tables = set(stated["source_file"].astype("str"))
    aside_before = sum(item.what == "coding" for item in project.set_aside if item.file in tables)
    if project.rows_read > aside_before:
        return project
    stated = stated.astype({"entity": "str", "source_file": "str"})
    is_case = stated["entity"] == "case"
    beside = stated[is_case & bool((~is_case).any())]
    counted, repeated = _once(stated.drop(index=beside.index))
    aside = [
        *_cells_aside(beside, "the cells of documents are counted, and those of cases repeat them"),
        *_cells_aside(repeated, "another file states the same count of the same cell"),
    ]
    counted = counted[counted["n"] > 0]
    total = int(counted["n"].sum())
    if total > MOST_CODINGS:
        raise StudyError(
            Fault(
                kind="too-large",
                file=", ".join(sorted(set(counted["source_file"]))),
                found=f"cells that add up to {total:,}",
                expected=f"counts of codings, at most {MOST_CODINGS:,} together",
                remedy="Set the matrix to count coding references (not words or characters) "
                "and export it again.",
            )
        )
    documents, links = _documents(project, counted)
    segments, codings = _expand(counted, links)
    names = list(dict.fromkeys(counted["source_file"]))
    more = f" and {len(names) - SHOWN_FILES} more files" if len(names) > SHOWN_FILES else ""
    files = ", ".join(names[:SHOWN_FILES]) + more
    warning = (
        f"{total} codings are known by count only ({len(counted)} cells of {files}): the export "
        "holds no segments, so their texts, places and coders are unknown, and what needs "
        "these (overlap, agreement, quotations) cannot be computed."
    )
    if counted["n"].max() == 1 and len(counted) > 1:
        warning += (
            " Every count is 0 or 1: if the table says whether a code occurs and not how often, "
            "read the numbers so."
        )
    return project.with_(
        info=replace(project.info, is_partial=True),
        documents=documents,
        segments=segments,
        codings=codings,
        rows_read=project.rows_read + total,
        set_aside=(*project.set_aside, *aside),
        warnings=(*project.warnings, warning),
    )


def _cells_aside(cells: pd.DataFrame, why: str) -> list[SetAside]:
    """List cells that count something but are not counted."""
    listed = cells[cells["n"] > 0]
    rows = [None if pd.isna(row) else int(row) for row in listed["source_row"]]
    return [
        SetAside(what="matrix cell", why=why, file=file, row=row, code=code, document=entity)
        for file, row, code, entity in zip(
            listed["source_file"], rows, listed["code_id"], listed["entity_id"], strict=True
        )
    ]


def _once(cells: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part the cells that repeat another; fault where the two say different counts."""
    again = cells.duplicated(KEY)
    columns = ["n", "source_file", "source_row"]
    pairs = cells[again].merge(cells.loc[~again, KEY + columns], on=KEY, suffixes=("", "_first"))
    faults = FaultList()
    for row in pairs[pairs["n"] != pairs["n_first"]].to_dict("records"):
        faults.add(
            kind="inconsistent-export",
            file=row["source_file"],
            row=None if pd.isna(row["source_row"]) else int(row["source_row"]),
            column=row["entity_id"],
            found=f'{row["n"]} codings of "{row["code_id"]}"',
            expected=f"{row['n_first']}, as in {row['source_file_first']}, "
            f"row {row['source_row_first']}",
            remedy="Leave out the file that is out of date.",
        )
    faults.raise_if_any()
    return cells[~again], cells[again]


def _documents(project: CodedProject, cells: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return the documents, and for each entity of the cells the document of its codings."""
    pairs = project.case_documents.drop_duplicates("case_id", keep=False)
    links = pairs.set_index("case_id")["document_id"].astype("str")
    entities = cells[["entity", "entity_id"]].drop_duplicates()
    ids = entities["entity_id"]
    target = ids.where(entities["entity"] == "document", ids.map(links).astype("str").fillna(ids))
    missing = target[~target.isin(project.documents["document_id"])].drop_duplicates()
    new = make_frame("documents", {"document_id": missing, "name": missing})
    documents = pd.concat([project.documents, new], ignore_index=True)
    return make_frame("documents", documents), pd.Series(target.to_numpy(), index=ids.to_numpy())


def _expand(cells: pd.DataFrame, links: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give a segment and a coding for each time that a cell counts."""
    counts = cells["n"].to_numpy(dtype="int64")
    rows = cells.loc[cells.index.repeat(counts)].reset_index(drop=True)
    number = np.arange(len(rows)) - np.repeat(counts.cumsum() - counts, counts) + 1
    ids = pd.Series(np.arange(1, len(rows) + 1)).astype("str")
    row = rows["source_row"].astype("str").where(rows["source_row"].notna(), "?")
    place = "row " + row + ", " + pd.Series(number).astype("str") + " of " + rows["n"].astype("str")
    segments = make_frame(
        "segments",
        {
            "segment_id": "s" + ids,
            "document_id": rows["entity_id"].map(links),
            "place": "matrix cell, " + place,
            "offset_status": pd.Series("unchecked", index=rows.index),
        },
    )
    codings = make_frame(
        "codings",
        {
            "coding_id": "c" + ids,
            "segment_id": "s" + ids,
            "code_id": rows["code_id"],
            "source_file": rows["source_file"],
            "source_row": rows["source_row"],
        },
    )
    return segments, codings


def are_one_list(beside: Iterable[str], above: Iterable[str]) -> bool:
    """Say whether mostly the same names stand beside and above counts: codes by codes.

    Examples
    --------
    >>> are_one_list(["Trust", "Cost", "Time"], ["Trust", "Cost"])
    True
    >>> are_one_list(["Trust", "Cost", "Time"], ["Anna", "Ben"])
    False
    """
    rows, columns = set(beside), set(above)
    return len(rows & columns) * 2 > max(len(rows), len(columns))
