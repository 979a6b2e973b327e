"""Tables of counts: labels beside and above numbers, and the codings that they count.

A table of codes by documents says how often, and neither where nor by whom. So that a
study can be built from it, a cell with the count 3 becomes three codings, each with a
segment that has no text and no position.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qdaio.faults import Fault, FaultList, StudyError
from qdaio.files.cells import Sheet, as_text
from qdaio.model import CodedProject, SetAside, make_frame

__all__ = ["MOST_CODINGS", "Grid", "cell_frame", "codings_from_cells", "find_grid"]

MOST_CODINGS = 10_000_000
SHOWN = 3
DEPTH = 20  # rows among which the labels above a grid are looked for
MOSTLY = 0.8  # of the labels beside a grid must have the form of one
MOST_SHOWN = 12  # bad cells named one by one


@dataclass(frozen=True, eq=False)
class Grid:
    """A table with labels above and beside its cells.

    Attributes
    ----------
    sheet : Sheet
    rows, columns : list of int
        Places of the labelled rows and columns in the sheet, counted from 0.
    row_names, column_names : list of str
        What the labels say.
    row_marks : list of str
        What stands before each name beside the grid, such as its number.
    left_out : list of int
        Places of rows below the header that hold something but have no such label, or none.
    columns_left_out : list of int
        The same of columns, for the labelled rows.
    header : int
        Place of the row of the labels above.
    """

    sheet: Sheet
    rows: list[int]
    columns: list[int]
    row_names: list[str]
    column_names: list[str]
    row_marks: list[str]
    left_out: list[int]
    columns_left_out: list[int]
    header: int

    @property
    def row_numbers(self) -> list[int]:
        """Row of each label beside the grid, as a person counts in the file."""
        return [self.sheet.row_number(place) for place in self.rows]

    def cells(self) -> list[list[Any]]:
        """Return the cells between the labels, as rows."""
        columns = [self.sheet.columns[place] for place in self.columns]
        return [[column[row] for column in columns] for row in self.rows]

    def label(self, row: int) -> str | None:
        """Return what stands beside a row, by its place in the sheet; None for nothing."""
        text = (as_text(self.sheet.columns[min(self.columns) - 1][row]) or "").strip()
        return text or None

    def sum_of(self, row: int) -> int:
        """Add up the whole numbers of a row, by its place in the sheet."""
        return _sum(self.sheet.columns[place][row] for place in self.columns)

    def column_sum_of(self, column: int) -> int:
        """Add up the whole numbers of a column, by its place in the sheet."""
        return _sum(self.sheet.columns[column][row] for row in self.rows)

    def counts(self, faults: FaultList, remedy: str) -> npt.NDArray[np.int64]:
        """Return the cells as counts, shape (rows, columns); blank is 0.

        Parameters
        ----------
        faults : FaultList
            Gets a fault for each cell that is no whole number.
        remedy : str
        """
        counts: list[list[int]] = []
        bad: list[tuple[int, str]] = []
        for row, cells in zip(self.row_numbers, self.cells(), strict=True):
            counts.append([])
            for name, cell in zip(self.column_names, cells, strict=True):
                text = (as_text(cell) or "0").strip()
                is_whole = text.isascii() and text.isdigit() and len(text) < 8
                counts[-1].append(int(text) if is_whole else 0)
                if not is_whole:
                    bad.append((row, name))
        for row, name in bad[:MOST_SHOWN]:
            faults.add(
                kind="bad-number",
                file=self.sheet.file,
                sheet=self.sheet.name.strip() or None,
                row=row,
                column=name,
                found="no whole number of codings",
                expected="a count" + (f" (so in {len(bad)} cells)" if len(bad) > 1 else ""),
                remedy=remedy,
            )
        return np.array(counts, dtype=np.int64)


def find_grid(sheet: Sheet, above: re.Pattern[str], beside: re.Pattern[str]) -> Grid | None:
    """Find a grid whose labels have a form of their own; None where there is none.

    Parameters
    ----------
    sheet : Sheet
    above, beside : Pattern
        Of the labels, with two groups: a mark, such as a letter or number, and the name.
    """
    for header, cells in enumerate(sheet.head(DEPTH)):
        tops = {place: found for place, cell in enumerate(cells) if (found := _label(above, cell))}
        if not tops:
            continue
        stub = min(tops) - 1
        if stub < 0:
            return None
        labels = sheet.columns[stub]
        below = range(header + 1, sheet.height)
        sides = {place: found for place in below if (found := _label(beside, labels[place]))}
        filled = [place for place in below if labels[place] is not None]
        if not sides or len(sides) < MOSTLY * len(filled):
            return None
        return Grid(
            sheet=sheet,
            rows=list(sides),
            columns=list(tops),
            row_names=[name for _, name in sides.values()],
            column_names=[name for _, name in tops.values()],
            row_marks=[mark for mark, _ in sides.values()],
            left_out=[
                place
                for place in below
                if place not in sides
                and (labels[place] is not None or _holds(sheet, place, list(tops)))
            ],
            columns_left_out=[
                place
                for place in range(stub + 1, sheet.width)
                if place not in tops and any(_holds(sheet, row, [place]) for row in sides)
            ],
            header=header,
        )
    return None


def _sum(cells: Iterable[object]) -> int:
    texts = [(as_text(cell) or "").strip() for cell in cells]
    return sum(int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 16)


def _holds(sheet: Sheet, row: int, columns: Sequence[int]) -> bool:
    return any((as_text(sheet.columns[place][row]) or "").strip() for place in columns)


def _label(pattern: re.Pattern[str], cell: object) -> tuple[str, str] | None:
    found = pattern.match((as_text(cell) or "").strip())
    return (found[1], found[2].strip()) if found else None


def cell_frame(
    codes: Sequence[str],
    crossed: Sequence[tuple[str, str]],
    counts: npt.NDArray[np.int64],
    *,
    is_total: Sequence[bool],
    file: str,
    rows: npt.NDArray[np.int64],
) -> pd.DataFrame:
    """Make the frame ``matrix_cells`` from counts of codings.

    Parameters
    ----------
    codes : sequence of str, length m
        Identifiers.
    crossed : sequence of (str, str), length n
        Entity and identifier of what the codes are crossed with.
    counts, rows : array of int64, shape (m, n)
        The counts, and the row in the file of each.
    is_total : sequence of bool, length m
        Of codes that only sum up others.
    file : str
    """
    size = counts.size
    return make_frame(
        "matrix_cells",
        {
            "entity": [entity for entity, _ in crossed] * len(codes),
            "entity_id": [name for _, name in crossed] * len(codes),
            "code_id": np.repeat(np.array(codes, dtype=object), len(crossed)),
            "n": counts.ravel(),
            "unit": ["codings"] * size,
            "is_total": np.repeat(np.array(is_total, dtype=bool), len(crossed)),
            "source_file": [file] * size,
            "source_row": rows.ravel(),
        },
    )


KEY = ["entity_id", "code_id"]


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
        *_aside(beside, "the cells of documents are counted, and those of cases repeat them"),
        *_aside(repeated, "another file states the same count of the same cell"),
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
    more = f" and {len(names) - SHOWN} more files" if len(names) > SHOWN else ""
    files = ", ".join(names[:SHOWN]) + more
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


def _aside(cells: pd.DataFrame, why: str) -> list[SetAside]:
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
