"""Code-document tables of ATLAS.ti: counts of codes by document or document group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from qdaio.codes import check_rows_known, code_frame, code_systems, whole_number
from qdaio.counts import Counts, Sums, find_sums, own_codings
from qdaio.faults import FaultList
from qdaio.files.sheets import read_sheets
from qdaio.files.source import Source
from qdaio.model import CodedProject, ExportFile, ExportInfo, SetAside, make_frame
from qdaio.programs.atlasti.names import bare_name, label_parts
from qdaio.programs.atlasti.table_codes import Label, marked_sums, read_codes
from qdaio.programs.atlasti.table_layout import (
    CountTable,
    find_count_table,
    read_counts,
    unit_of,
)
from qdaio.programs.atlasti.table_warnings import table_warnings
from qdaio.reader import Match

__all__ = ["READER", "TableReader"]


class TableReader:
    """Reads a code-document table, with or without the codebook beside it."""

    format = "atlasti-code-document-table"
    software = "ATLAS.ti"

    def recognise(self, source: Source) -> Match | None:
        """Know the labels, which state groundedness under each name."""
        if source.kind not in {"xlsx", "xls", "text"}:
            return None
        for sheet in read_sheets(source):
            table = find_count_table(sheet)
            if table is not None:
                name = sheet.name.strip() or None
                said = "labels with groundedness, of a code-document table"
                return Match(0.95, said, name, {"table": table})
        return None

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the table alone."""
        return self.read_beside(source, match, ())

    def read_beside(
        self, source: Source, match: Match, parts: Sequence[CodedProject]
    ) -> CodedProject:
        """Read the table; a codebook among `parts` tells which rows are categories.

        Raises
        ------
        StudyError
            When cells are no counts, or two documents have one name.
        """
        table: CountTable = match.details["table"]
        faults = FaultList()
        counts = read_counts(table, faults)
        documents, is_group = _documents(table, faults)
        faults.raise_if_any()
        system = code_systems(parts)
        labels, ids = read_codes(table, system)
        told, is_told = marked_sums(labels)
        sums = find_sums([label.path for label in labels], told, counts, any_order=is_told)
        if system is not None:
            _check_known(table, labels, ids, counts, sums, system)
        entity = _entity(labels, counts, is_group)
        unit = unit_of(read_sheets(source))
        rows = _source_rows(table, counts)
        aside = _set_aside(table, rows, ids, documents, sums)
        return CodedProject(
            info=ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(source.name, source.sha256, self.format, match.sheet),),
                is_partial=True,
            ),
            documents=_document_frame(documents if entity == "document" else []),
            codes=_code_frame(labels, ids, sums, system),
            matrix_cells=_cells(table, rows, ids, documents, counts, sums, entity, unit),
            rows_read=sum(item.what == "coding" for item in aside),
            set_aside=tuple(aside),
            warnings=(
                *table.sheet.warnings,
                *table_warnings(
                    table,
                    [label.path[-1] for label in labels],
                    [label.reported for label in labels],
                    counts,
                    sums,
                    entity if is_group else None,
                ),
            ),
        )


def _documents(table: CountTable, faults: FaultList) -> tuple[list[str], bool]:
    """Return the names along the documents' side, and whether they are groups of documents."""
    parts = [label_parts(table.document_label(place)) for place in table.document_places]
    names = [bare_name(name) for name, _, _ in parts]
    for name, count in Counter(names).items():
        if count > 1:
            faults.add(
                kind="duplicate-document",
                file=table.sheet.file,
                sheet=table.sheet.name.strip() or None,
                column=None if table.is_turned else name,
                found=f'"{name}" {count} times',
                expected="each document or group once",
                remedy="Rename the documents in the project so that they differ, and export "
                "the table again.",
            )
    return names, any(size is not None for _, _, size in parts)


def _check_known(
    table: CountTable,
    labels: Sequence[Label],
    ids: Sequence[str],
    counts: Counts,
    sums: Sums,
    system: pd.DataFrame,
) -> None:
    faults = FaultList()
    rows = [
        (None if table.is_turned else table.sheet.row_number(place), code, label.path[-1])
        for place, code, label, why, used in zip(
            table.code_places, ids, labels, sums.why, counts.sum(axis=1).tolist(), strict=True
        )
        if why is None and used
    ]
    check_rows_known(table.sheet, rows, system, faults)
    faults.raise_if_any()


def _entity(labels: Sequence[Label], counts: Counts, is_group: bool) -> str:
    """Take groups for documents where none of their documents can be in two of them."""
    if not is_group:
        return "document"
    stated = np.array([-1 if label.reported is None else label.reported for label in labels])
    return "group" if ((stated >= 0) & (counts.sum(axis=1) > stated)).any() else "document"


def _document_frame(names: Sequence[str]) -> pd.DataFrame:
    order = range(1, len(names) + 1)
    return make_frame("documents", {"document_id": names, "name": names, "position": order})


def _code_frame(
    labels: Sequence[Label], ids: Sequence[str], sums: Sums, system: pd.DataFrame | None
) -> pd.DataFrame:
    if system is not None:
        return make_frame("codes", system)
    return code_frame(
        [label.path for label in labels],
        {
            "is_codable": [why is None or "category" not in why for why in sums.why],
            "reported_n": [label.reported for label in labels],
            "reported_n_kind": ["own" if why is None else "aggregate" for why in sums.why],
        },
    )


def _source_rows(table: CountTable, counts: Counts) -> Counts:
    """Return the row in the file of each count, of the shape of the counts."""
    places = np.array([table.sheet.row_number(place) for place in table.rows], dtype=np.int64)
    return np.broadcast_to(places if table.is_turned else places[:, None], counts.shape)


def _cells(
    table: CountTable,
    rows: Counts,
    ids: Sequence[str],
    documents: Sequence[str],
    counts: Counts,
    sums: Sums,
    entity: str,
    unit: str,
) -> pd.DataFrame:
    codes, others = counts.shape
    sheet = table.sheet
    cells = pd.DataFrame(
        {
            "entity": entity,
            "entity_id": np.tile(np.array(documents, dtype=object), codes),
            "code_id": np.repeat(np.array(ids, dtype=object), others),
            "n": counts.ravel(),
            "is_total": np.repeat([why is not None for why in sums.why], others),
            "source_row": rows.ravel(),
        }
    )
    totals = _stated_totals(table)
    if totals:
        stated = pd.DataFrame(
            {
                "entity": "total",
                "entity_id": "total",
                "code_id": [ids[place] for place in totals],
                "n": list(totals.values()),
                "is_total": True,
                "source_row": rows[list(totals), 0],
            }
        )
        if table.is_turned and table.total_row is not None:
            stated["source_row"] = sheet.row_number(table.total_row)
        cells = pd.concat([cells, stated], ignore_index=True)
    return make_frame("matrix_cells", cells.assign(unit=unit, source_file=sheet.file))


def _stated_totals(table: CountTable) -> dict[int, int]:
    """Return the total that the table states for each code, by its place among the codes."""
    sheet = table.sheet
    if table.is_turned and table.total_row is not None:
        cells = [sheet.columns[place][table.total_row] for place in table.columns]
    elif not table.is_turned and table.total_column is not None:
        cells = [sheet.columns[table.total_column][place] for place in table.rows]
    else:
        return {}
    numbers = [whole_number(cell) for cell in cells]
    return {place: number for place, number in enumerate(numbers) if number is not None}


def _set_aside(
    table: CountTable, rows: Counts, ids: Sequence[str], documents: Sequence[str], sums: Sums
) -> list[SetAside]:
    sheet = table.sheet
    name = sheet.name.strip() or None
    aside = own_codings(sheet, sums.excess, rows, ids, documents)
    for place in table.other_rows:
        said = "its label states no groundedness"
        row = sheet.row_number(place)
        aside.append(SetAside(what="row", why=said, file=sheet.file, sheet=name, row=row))
    if table.total_row is not None:
        row = sheet.row_number(table.total_row)
        said = "a row of totals, which counts codes and their categories twice"
        aside.append(SetAside(what="total", why=said, file=sheet.file, sheet=name, row=row))
    return aside


READER = TableReader()
