"""Quotations of ATLAS.ti, desktop and Web: one row a quotation, its codes in one cell."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from qdaio.codes import CodeNames, code_frame, code_id, code_systems
from qdaio.files.source import Source
from qdaio.model import CodedProject, ExportFile, ExportInfo, make_frame
from qdaio.programs.atlasti.code_lists import CodeList, read_code_lists
from qdaio.programs.atlasti.layout import find_quotations
from qdaio.programs.atlasti.levels import prefixed_paths
from qdaio.programs.atlasti.quotation_rows import QuotationRows, unread
from qdaio.reader import Match

__all__ = ["READER", "QuotationReader"]

SHOWN = 12

Applied = list[tuple[int, str]]


class QuotationReader:
    """Reads a list of quotations, with or without the codebook beside it."""

    format = "atlasti-quotations"
    software = "ATLAS.ti"

    def recognise(self, source: Source) -> Match | None:
        """Know the columns of a quotation list, in several languages or by content."""
        return find_quotations(source) if source.kind in {"xlsx", "xls", "text"} else None

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the quotations alone; cells that need the codebook may be set aside."""
        return self.read_beside(source, match, ())

    def read_beside(
        self, source: Source, match: Match, parts: Sequence[CodedProject]
    ) -> CodedProject:
        """Read the quotations; a codebook among `parts` says where lists of codes are cut.

        Raises
        ------
        StudyError
            When rows have no document or no sound number of codes, or the codebook is that
            of another project.
        """
        rows = QuotationRows(match.details["table"])
        system = code_systems(parts)
        lists = read_code_lists(
            rows.texts("codes"),
            rows.table.columns.get("count"),
            rows.table,
            None if system is None else CodeNames(system),
            rows.faults,
        )
        rows.faults.raise_if_any()
        codes, applied = _from_names(lists) if system is None else _from_system(lists, system)
        aside = unread(rows, lists, has_codebook=system is not None)
        codings = rows.codings(applied)
        people = codings["coder_id"].dropna().astype("str").drop_duplicates()
        sheet = rows.table.sheet.name.strip() or None
        return CodedProject(
            info=ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(source.name, source.sha256, self.format, sheet),),
            ),
            documents=rows.document_frame(),
            codes=codes,
            coders=make_frame("coders", {"coder_id": people, "name": people}),
            segments=rows.segments(applied),
            codings=codings,
            rows_read=len(codings) + sum(item.what == "coding" for item in aside),
            set_aside=tuple(aside),
            warnings=(
                *rows.table.sheet.warnings,
                *_warnings(rows, lists, system is not None, people),
            ),
        )


def _from_names(lists: Sequence[CodeList]) -> tuple[pd.DataFrame, Applied]:
    """Build the codes from the names that the rows use."""
    names = list(dict.fromkeys(name for item in lists for name in item.names))
    paths = prefixed_paths(names, shared=True)
    ids = {name: code_id(path) for name, path in zip(names, paths, strict=True)}
    applied = [(row, ids[name]) for row, item in enumerate(lists) for name in item.names]
    return code_frame(list(dict.fromkeys(paths))), applied


def _from_system(lists: Sequence[CodeList], system: pd.DataFrame) -> tuple[pd.DataFrame, Applied]:
    """Take the codes that the rows use from the code system, with those above them."""
    applied = [(row, code) for row, item in enumerate(lists) for code in item.code_ids if code]
    parents = dict(zip(system["code_id"], system["parent_id"], strict=True))
    used = {code for _, code in applied}
    for code in list(used):
        parent = parents.get(code)
        while isinstance(parent, str) and parent not in used:
            used.add(parent)
            parent = parents.get(parent)
    return make_frame("codes", system[system["code_id"].isin(used)]), applied


def _warnings(
    rows: QuotationRows, lists: Sequence[CodeList], has_codebook: bool, people: pd.Series
) -> list[str]:
    name = rows.table.sheet.file
    warnings = []
    doubts = [
        f"row {row}: {item.why}"
        for row, item in zip(rows.table.row_numbers, lists, strict=True)
        if item.names and item.why
    ]
    if doubts:
        more = f"; and {len(doubts) - SHOWN} more" if len(doubts) > SHOWN else ""
        warnings.append(
            f"{name}: {len(doubts)} lists of codes are doubtful. {'; '.join(doubts[:SHOWN])}{more}."
        )
    if not has_codebook and any(len(item.names) > 1 for item in lists):
        if "count" in rows.table.columns:
            how = "from the number of codes of all rows together"
        else:
            how = "at every separator, for no number of codes is stated"
        warnings.append(
            f"{name}: without the codebook, lists of codes were cut {how}. Names of codes can "
            "hold commas: add the codebook to be certain."
        )
    if len(people) > 1:
        warnings.append(
            f"{name}: the coder of a coding is taken from who made the quotation "
            f"({len(people)} people); the file does not say who applied a code."
        )
    return warnings


READER = QuotationReader()
