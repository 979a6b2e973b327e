"""Code variables: one row a code, one column a variable."""

from __future__ import annotations

from qdaio.codes import code_id
from qdaio.faults import FaultList
from qdaio.files.cells import Sheet, as_text, text_series
from qdaio.files.source import Source
from qdaio.model import CodedProject, ExportFile, ExportInfo
from qdaio.programs.maxqda.attributes import attribute_rows
from qdaio.programs.maxqda.codes import code_rows, codes_frame, separator_of, split_path
from qdaio.programs.maxqda.tree import WORDS
from qdaio.programs.maxqda.words import HEADERS, language_of
from qdaio.reader import Match
from qdaio.tables import SheetTable, best_sheet, find_table

__all__ = ["READER", "CodeVariables", "code_variables_project", "match_code_variables"]

REQUIRED = {"code": [label for labels in HEADERS["code"].values() for label in labels]}
OPTIONAL = {
    name: [label for labels in HEADERS[name].values() for label in labels]
    for name in HEADERS
    if name != "code"
} | {name: list(labels) for name, labels in WORDS.items()}
OF_CODES = {"code", "parent", "colour", "memo", "count", "coder", "created", "modifier", "modified"}


class CodeVariables:
    """Reads tables with one row a code: the overview of codes, and variables of codes."""

    format = "maxqda-code-variables"
    software = "MAXQDA"

    def recognise(self, source: Source) -> Match | None:
        """Say whether a sheet of this file lists codes with variables or memos."""
        return best_sheet(source, match_code_variables)

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the sheet that was recognised.

        Raises
        ------
        StudyError
            For a row without a code, and a code that stands twice.
        """
        return code_variables_project(source, match.details["table"])


def match_code_variables(sheet: Sheet) -> Match | None:
    """Recognise a list of codes: paths under "Code", or leaves beside "Parent code"."""
    table = find_table(sheet, REQUIRED, OPTIONAL)
    if table is None or table.columns.keys() - OF_CODES:
        return None
    labels = [as_text(cell) for cell in table.columns["code"]]
    is_path = any(label and (" > " in label or "\\" in label) for label in labels)
    if "parent" in table.columns:
        score = 0.8
    elif "memo" in table.columns or "colour" in table.columns:
        score = 0.6
    elif is_path and table.unknown:
        score = 0.55
    else:
        return None
    reason = "one row a code: headers " + ", ".join(table.headers.values())
    return Match(score, reason, sheet.name, {"table": table, "sheet": sheet})


def code_variables_project(source: Source, table: SheetTable) -> CodedProject:
    """Make a project of codes, their memos and attributes."""
    labels = [as_text(cell) for cell in table.columns["code"]]
    parents = [as_text(cell) for cell in table.columns.get("parent", [None] * len(labels))]
    separator = separator_of([*labels, *parents] if "parent" not in table.columns else parents)
    faults = FaultList()
    faults.extend(table.faults)
    rows: dict[tuple[str, ...], int] = {}
    for place, (label, parent) in enumerate(zip(labels, parents, strict=True)):
        number = table.row_numbers[place]
        where = {"file": source.name, "sheet": table.sheet.name or None}
        if label is None:
            faults.add(
                kind="missing-value",
                **where,
                row=number,
                column=table.headers["code"],
                found="nothing",
                expected="the name of a code",
                remedy="Fill it in, or delete the row.",
            )
            continue
        if "parent" in table.columns:
            path = (*(split_path(parent, separator) if parent else ()), label.strip())
        else:
            path = split_path(label, separator)
        if path in rows:
            faults.add(
                kind="duplicate-code",
                **where,
                row=number,
                found=f'"{" > ".join(path)}" a second time, after row '
                f"{table.row_numbers[rows[path]]}",
                expected="each code once",
                remedy="Rename or merge the codes in MAXQDA and export the table again.",
            )
        rows.setdefault(path, place)
    faults.raise_if_any()
    paths = code_rows(rows)
    memos = table.columns.get("memo", [None] * len(labels))
    form = CodeVariables.format
    ids = text_series([code_id(path) for path in rows])
    return CodedProject(
        info=ExportInfo(
            format=form,
            software="MAXQDA",
            language=language_of(table.headers.values()),
            files=(ExportFile(source.name, source.sha256, form, table.sheet.name or None),),
        ),
        codes=codes_frame(
            paths,
            position=range(1, len(paths) + 1),
            description=text_series(
                [memos[rows[path]] if path in rows else None for path in paths]
            ),
            reported_n=_counts(table, rows, paths),
            reported_n_kind=["unknown" if path in rows else None for path in paths],
        ),
        attributes=attribute_rows("code", ids, table.unknown, source.name, table.row_numbers),
        warnings=table.sheet.warnings,
    )


def _counts(
    table: SheetTable, rows: dict[tuple[str, ...], int], paths: list[tuple[str, ...]]
) -> list[int | None]:
    cells = table.columns.get("count")
    if cells is None:
        return [None] * len(paths)
    values = [as_text(cells[rows[path]]) if path in rows else None for path in paths]
    return [
        int(value) if value and value.isascii() and value.isdigit() and len(value) < 16 else None
        for value in values
    ]


READER = CodeVariables()
