"""Code-document tables of ATLAS.ti: counts of codes by document or document group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qdaio.codes import CodeNames, check_rows_known, code_frame, code_id, code_systems, whole_number
from qdaio.counts import Counts, Sums, are_one_list, check_size, find_sums, own_codings
from qdaio.faults import FaultList
from qdaio.files.cells import Sheet, as_text
from qdaio.files.sheets import read_sheets
from qdaio.files.source import Source
from qdaio.labels import plain
from qdaio.model import CodedProject, ExportFile, ExportInfo, SetAside, make_frame
from qdaio.programs.atlasti.codebook import bare_name, has_bullet, label_parts, prefixed_paths
from qdaio.programs.atlasti.words import COUNTED, TOTALS
from qdaio.reader import Match
from qdaio.tables import best_sheet, other_sheets

__all__ = [
    "READER",
    "CountTable",
    "Label",
    "TableReader",
    "find_count_table",
    "marked_sums",
    "read_codes",
    "read_counts",
    "table_warnings",
]


DEPTH = 20
LABELS_MIN = 0.6
SHOWN = 12
MOST = 10**7  # a count of codings is smaller by far
TOTAL_KEYS = frozenset(map(plain, TOTALS))


@dataclass(frozen=True, eq=False)
class CountTable:
    """Where the labels and the counts of a table stand.

    Attributes
    ----------
    sheet : Sheet
    header, stub : int
        Row of the column labels and column of the row labels, counted from 0.
    rows, columns : list of int
        Places of the labelled rows and columns, without totals.
    total_row, total_column : int, optional
    is_turned : bool
        Codes stand in columns and documents in rows.
    other_rows, other_columns : list of int
        Places that hold something but have no such label.
    """

    sheet: Sheet
    header: int
    stub: int
    rows: list[int]
    columns: list[int]
    total_row: int | None
    total_column: int | None
    is_turned: bool
    other_rows: list[int]
    other_columns: list[int]

    def label(self, row: int, column: int) -> str:
        """Return the text of a cell."""
        return as_text(self.sheet.columns[column][row]) or ""

    @property
    def code_places(self) -> list[int]:
        """Places of the codes along their side."""
        return self.columns if self.is_turned else self.rows

    @property
    def document_places(self) -> list[int]:
        """Places of the documents along their side."""
        return self.rows if self.is_turned else self.columns

    def code_label(self, place: int) -> str:
        """Return the label of a code."""
        return self.label(self.header, place) if self.is_turned else self.label(place, self.stub)

    def document_label(self, place: int) -> str:
        """Return the label of a document or group."""
        return self.label(place, self.stub) if self.is_turned else self.label(self.header, place)


def find_count_table(sheet: Sheet) -> CountTable | None:
    """Find the table whose labels state groundedness on both sides."""
    head = sheet.head(DEPTH)
    for header, cells in enumerate(head):
        labels = [place for place, cell in enumerate(cells) if _is_label(cell)]
        if not labels:
            continue
        stub = labels[0] - 1
        if stub < 0:
            return None
        column = sheet.columns[stub]
        rows = [place for place in range(header + 1, sheet.height) if _is_label(column[place])]
        below = column[header + 1 :]
        filled = [cell for cell in below if cell is not None and not _is_total(cell)]
        if not rows or len(rows) < LABELS_MIN * len(filled):
            return None
        total_row = next(
            (place for place in range(header + 1, sheet.height) if _is_total(column[place])), None
        )
        total_column = next(
            (place for place in range(stub + 1, sheet.width) if _is_total(cells[place])), None
        )
        bullets = (
            any(has_bullet(str(cells[place])) for place in labels),
            any(has_bullet(str(column[place])) for place in rows),
        )
        taken = {*rows, total_row}
        body = [sheet.columns[place][header + 1 :] for place in range(stub + 1, sheet.width)]
        return CountTable(
            sheet=sheet,
            header=header,
            stub=stub,
            rows=rows,
            columns=labels,
            total_row=total_row,
            total_column=total_column,
            is_turned=bullets == (True, False),
            other_rows=[
                place
                for place in range(header + 1, sheet.height)
                if place not in taken
                and any(cells[place - header - 1] is not None for cells in (below, *body))
            ],
            other_columns=[
                place
                for place, cells in enumerate(body, stub + 1)
                if place not in {*labels, total_column} and any(cell is not None for cell in cells)
            ],
        )
    return None


def _is_label(cell: object) -> bool:
    return isinstance(cell, str) and label_parts(cell)[1] is not None


def _is_total(cell: object) -> bool:
    return isinstance(cell, str) and plain(cell) in TOTAL_KEYS


def unit_of(sheets: tuple[Sheet, ...]) -> str:
    """Return what the table counts, as its sheet of information says; codings where none does."""
    words = {plain(word): unit for unit, names in COUNTED.items() for word in names}
    for sheet in sheets:
        if sheet.width > 4:
            continue
        for row in sheet.head(DEPTH):
            for cell in row[1:]:
                if isinstance(cell, str) and plain(cell) in words:
                    return words[plain(cell)]
    return "codings"


def read_counts(table: CountTable, faults: FaultList) -> NDArray[np.int64]:
    """Return the counts, codes in rows and documents in columns; blank is 0.

    Cells that are no counts, such as percentages, are faults.
    """
    sheet = table.sheet
    check_size(sheet, len(table.rows), len(table.columns))
    bad: list[tuple[int, int]] = []

    def count(row: int, column: int) -> int:
        cell: Any = sheet.columns[column][row]
        if cell is None:
            return 0
        number = whole_number(cell)
        if number is None or not 0 <= number < MOST:
            bad.append((row, column))
            return 0
        return number

    grid = [[count(row, column) for column in table.columns] for row in table.rows]
    for row, column in bad[:SHOWN]:
        faults.add(
            kind="bad-number",
            file=sheet.file,
            sheet=sheet.name.strip() or None,
            row=sheet.row_number(row),
            column=label_parts(table.label(table.header, column))[0],
            found="no whole number of codings",
            expected="a count" + (f" (so in {len(bad)} cells)" if len(bad) > 1 else ""),
            remedy="Export the table with absolute values of quotations, not with percentages.",
        )
    counts = np.array(grid, dtype=np.int64).reshape(len(table.rows), len(table.columns))
    return counts.T.copy() if table.is_turned else counts


def _check_names(table: CountTable, faults: FaultList) -> None:
    """Add a fault for each label that states counts and names no code."""
    sheet = table.sheet
    for place in table.code_places:
        if bare_name(label_parts(table.code_label(place))[0]).strip():
            continue
        row = table.header if table.is_turned else place
        faults.add(
            kind="missing-value",
            file=sheet.file,
            sheet=sheet.name.strip() or None,
            row=sheet.row_number(row),
            found="a label with counts and without a name",
            expected="the name of the code",
            remedy="Export the table again; if it was edited, mend the label.",
        )


@dataclass(frozen=True, slots=True)
class Label:
    """A row of codes: its name as printed, its path, and what the label states.

    Attributes
    ----------
    printed : str
    path : tuple of str
    reported : int, optional
        Groundedness.
    size : int, optional
        How many codes a group holds.
    is_codable : bool, optional
        What the codebook says; None without one.
    """

    printed: str
    path: tuple[str, ...]
    reported: int | None = None
    size: int | None = None
    is_codable: bool | None = None


def read_codes(table: CountTable, system: pd.DataFrame | None) -> tuple[list[Label], list[str]]:
    """Return the labels along the codes' side, and the identifier of the code of each."""
    printed = [table.code_label(place) for place in table.code_places]
    parts = [label_parts(label) for label in printed]
    names = [bare_name(name) for name, _, _ in parts]
    known = None if system is None else CodeNames(system)
    stated: dict[str, tuple[tuple[str, ...], object, bool]] = {}
    if system is not None:
        columns = (system[name] for name in ("path", "reported_n", "is_codable"))
        stated = dict(zip(system["code_id"], zip(*columns, strict=True), strict=True))
    labels: list[Label] = []
    ids: list[str] = []
    for label, name, (_, reported, size), path in zip(
        printed, names, parts, prefixed_paths(names), strict=True
    ):
        options = [code for code in known.all_of(name) if code not in ids] if known else []
        same = [code for code in options if _equal(stated[code][1], reported)]
        if found := (same or options)[:1]:
            way, _, codable = stated[found[0]]
            labels.append(Label(label, tuple(way), reported, size, bool(codable)))
            ids.append(found[0])
            continue
        way, again = path, 2
        while code_id(way) in ids:
            way, again = (*path[:-1], f"{path[-1]} ({again})"), again + 1
        labels.append(Label(label, way, reported, size))
        ids.append(code_id(way))
    return labels, ids


def marked_sums(labels: Sequence[Label]) -> tuple[list[str | None], bool]:
    """Return why each row is a sum, as far as its label or the codebook says it.

    Also whether they can tell at all: categories have no mark where codes have one.
    """
    marked = any(has_bullet(label.printed) for label in labels)

    def why(label: Label) -> str | None:
        if label.size is not None:
            return "it is a group of codes"
        if label.is_codable is False or (marked and not has_bullet(label.printed)):
            return "it is a category, which counts the codes in it"
        return None

    return [why(label) for label in labels], marked or any(
        label.is_codable is not None for label in labels
    )


def _equal(a: object, b: object) -> bool:
    return isinstance(a, int | np.integer) and isinstance(b, int) and int(a) == b


SHOWN_IN_WARNINGS = 6


def table_warnings(
    table: CountTable,
    names: Sequence[str],
    reported: Sequence[int | None],
    counts: NDArray[np.int64],
    sums: Sums,
    groups_as: str | None,
) -> list[str]:
    """Hold the counts against groundedness and totals, and say how rows were taken.

    Parameters
    ----------
    table : CountTable
    names : sequence of str
        Of the codes.
    reported : sequence of int or None
        Their groundedness.
    counts : ndarray of int
        Shape (codes, documents).
    sums : Sums
    groups_as : str, optional
        ``document`` or ``group`` where the table has groups of documents.
    """
    name = table.sheet.file
    warnings = []
    if sums.by_arithmetic:
        shown = [f'"{names[row]}"' for row in sums.by_arithmetic]
        warnings.append(
            f"{name}: {len(shown)} codes count just what the codes under or after them count, "
            f"and are taken for sums of these: {_list(shown)}. If one has codings of its own, "
            "export the quotations."
        )
    if table.other_columns:
        warnings.append(
            f"{name}: {len(table.other_columns)} columns of the table have no label with "
            "groundedness and were not read."
        )
    if groups_as == "document":
        warnings.append(
            f"{name}: its documents are groups of documents that do not overlap; each is taken "
            "for one document."
        )
    elif groups_as == "group":
        warnings.append(
            f"{name}: its groups of documents overlap, so that their counts cannot be added; "
            "export the table by document."
        )
    sizes = counts.sum(axis=1)
    differ = [
        f'"{label}" {stated} against {size}'
        for label, stated, size in zip(names, reported, sizes.tolist(), strict=True)
        if stated is not None and stated != size
    ]
    if differ and groups_as != "group":
        warnings.append(
            f"{name}: the groundedness of {len(differ)} codes is not the sum of their cells "
            f"(stated against summed): {_list(differ)}. Documents may have been left out."
        )
    warnings += [f"{name}: {said}" for said in _total_row(table, counts)]
    return warnings


def _total_row(table: CountTable, counts: NDArray[np.int64]) -> list[str]:
    """Hold the totals of the documents against the sum over all rows."""
    sheet = table.sheet
    if table.is_turned and table.total_column is not None:
        cells = [sheet.columns[table.total_column][place] for place in table.rows]
    elif not table.is_turned and table.total_row is not None:
        cells = [sheet.columns[place][table.total_row] for place in table.columns]
    else:
        return []
    stated = [whole_number(cell) for cell in cells]
    wrong = [
        f"{total} against {found}"
        for total, found in zip(stated, counts.sum(axis=0).tolist(), strict=True)
        if total is not None and total != found
    ]
    if not wrong:
        return []
    return [
        f"{len(wrong)} totals of documents are not the sum of their cells "
        f"(stated against summed): {_list(wrong)}."
    ]


def _list(said: Sequence[str]) -> str:
    more = f" and {len(said) - SHOWN_IN_WARNINGS} more" if len(said) > SHOWN_IN_WARNINGS else ""
    return ", ".join(said[:SHOWN_IN_WARNINGS]) + more


class TableReader:
    """Reads a code-document table, with or without the codebook beside it."""

    format = "atlasti-code-document-table"
    software = "ATLAS.ti"

    def recognise(self, source: Source) -> Match | None:
        """Know the labels, which state groundedness under each name."""
        return best_sheet(source, _match)

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
        if _is_of_codes_twice(table):
            faults.add(
                kind="no-codings",
                file=source.name,
                sheet=match.sheet,
                found="a table of codes that occur together, which lists no codings",
                expected="codes beside documents",
                remedy="Export the quotations (Quotation Manager) or the code-document table of "
                "ATLAS.ti as Excel.",
            )
            faults.raise_if_any()
        counts = read_counts(table, faults)
        documents, is_group = _documents(table, faults)
        _check_names(table, faults)
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
            set_aside=(*aside, *other_sheets(source, match)),
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


def _is_of_codes_twice(table: CountTable) -> bool:
    """Say whether the same names stand beside and above the counts, as in a co-occurrence."""
    return are_one_list(
        (label_parts(bare_name(table.label(row, table.stub)))[0] for row in table.rows),
        (label_parts(bare_name(table.label(table.header, at)))[0] for at in table.columns),
    )


def _match(sheet: Sheet) -> Match | None:
    table = find_count_table(sheet)
    if table is None:
        return None
    said = "labels with groundedness, of a code-document table"
    return Match(0.95, said, sheet.name.strip() or None, {"table": table})


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
