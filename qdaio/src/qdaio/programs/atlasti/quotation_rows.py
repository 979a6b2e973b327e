"""The rows of a quotation list as frames of the model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from qdaio.faults import FaultList
from qdaio.files.cells import as_text
from qdaio.labels import name_key
from qdaio.model import SetAside, make_frame
from qdaio.programs.atlasti.code_lists import CodeList
from qdaio.programs.atlasti.places import iso_dates, place_of
from qdaio.tables import SheetTable

__all__ = ["QuotationRows", "unread"]

QUOTES = "\"'“”„‟«»‹›‘’"


class QuotationRows:
    """The table, column by column; a column that is absent has empty cells.

    Parameters
    ----------
    table : SheetTable

    Attributes
    ----------
    faults : FaultList
        Of the table, and of rows that name no document.
    documents : list of str
        Document of each row.
    """

    def __init__(self, table: SheetTable) -> None:
        self.table = table
        self.faults = FaultList()
        self.faults.extend(table.faults)
        self.documents = [(text or "").strip() for text in self.texts("document")]
        for row, name in zip(table.row_numbers, self.documents, strict=True):
            if not name:
                self.faults.add(
                    kind="missing-value",
                    file=table.sheet.file,
                    sheet=table.sheet.name.strip() or None,
                    row=row,
                    column=table.headers["document"],
                    found="no document",
                    expected="the name of the document that the quotation is from",
                    remedy="Fill in the document, or delete the row if it is no quotation.",
                )

    def cells(self, name: str) -> list[Any]:
        """Return a column."""
        return self.table.columns.get(name) or [None] * self.table.height

    def texts(self, name: str) -> list[str | None]:
        """Return a column as text."""
        return [as_text(cell) for cell in self.cells(name)]

    def document_frame(self) -> pd.DataFrame:
        """Return the frame of documents, in the order in which they come first."""
        names = list(dict.fromkeys(self.documents))
        order = range(1, len(names) + 1)
        return make_frame("documents", {"document_id": names, "name": names, "position": order})

    def segments(self, applied: Sequence[tuple[int, str]]) -> pd.DataFrame:
        """Return a segment for each row that has a coding; ids are those of :meth:`codings`."""
        used = list(dict.fromkeys(row for row, _ in applied))
        places = zip(self.cells("reference"), self.cells("start"), self.cells("end"), strict=True)
        table = pd.DataFrame(
            [place_of(*cells) for cells in places], columns=["start", "end", "unit", "place"]
        )
        table = table.astype({"start": "Int64", "end": "Int64", "unit": "str", "place": "str"})
        table = table.assign(
            segment_id=[f"s{row + 1}" for row in range(self.table.height)],
            document_id=self.documents,
            text=pd.Series(self.texts("text"), dtype="str"),
            comment=pd.Series(self.texts("comment"), dtype="str"),
            offset_status="unchecked",
        )
        return make_frame("segments", table.iloc[used])

    def codings(self, applied: Sequence[tuple[int, str]]) -> pd.DataFrame:
        """Return a coding for each pair of row, counted from 0, and code."""
        places = [row for row, _ in applied]
        coders = [(text or "").strip() or None for text in self.texts("creator")]
        dates = iso_dates(self.cells("created"))
        sheet = self.table.sheet.name.strip() or None
        size = len(applied)
        return make_frame(
            "codings",
            {
                "coding_id": [f"c{number}" for number in range(1, size + 1)],
                "segment_id": [f"s{row + 1}" for row in places],
                "code_id": [code for _, code in applied],
                "coder_id": pd.Series([coders[row] for row in places], dtype="str"),
                "created_at": pd.Series([dates[row] for row in places], dtype="str"),
                "source_file": [self.table.sheet.file] * size,
                "source_sheet": pd.Series([sheet] * size, dtype="str"),
                "source_row": [self.table.row_numbers[row] for row in places],
            },
        )


def unread(rows: QuotationRows, lists: Sequence[CodeList], *, has_codebook: bool) -> list[SetAside]:
    """List what the rows state and the project does not hold, and why.

    Parameters
    ----------
    rows : QuotationRows
    lists : sequence of CodeList
        One a row.
    has_codebook : bool
        Whether codes that were not found are codings that are set aside.
    """
    aside: list[SetAside] = []
    texts = rows.texts("text")
    sheet = rows.table.sheet.name.strip() or None
    for place, (row, item) in enumerate(zip(rows.table.row_numbers, lists, strict=True)):

        def put(what: str, why: str, code: str | None = None) -> None:
            aside.append(
                SetAside(
                    what=what,
                    why=why,
                    file=rows.table.sheet.file,
                    sheet=sheet,
                    row=row,  # noqa: B023 - called at once
                    code=code,
                    document=rows.documents[place],  # noqa: B023
                )
            )

        if item.is_uncoded:
            put("uncoded highlight", "the quotation has no code")
        for _ in range(item.lost):
            put("coding", item.why or "its code cannot be told")
        if has_codebook:
            for name, code in zip(item.names, item.code_ids, strict=True):
                if code is None and _bare(name) == _bare(texts[place] or ""):
                    put("coding", "the codebook lacks its code, named as the quotation's own words")
                elif code is None:
                    put("coding", "the codebook lacks its code, or two codes have this name", name)
    return aside


def _bare(text: str) -> str:
    return name_key(text).strip(QUOTES + " ")
