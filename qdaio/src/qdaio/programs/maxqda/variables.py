"""Document variables: one row a document, one column a variable."""

from __future__ import annotations

from qdaio.faults import FaultList
from qdaio.files.cells import Sheet
from qdaio.files.source import Source
from qdaio.model import CodedProject, ExportFile, ExportInfo
from qdaio.programs.maxqda.attributes import attribute_rows
from qdaio.programs.maxqda.documents import documents_of
from qdaio.programs.maxqda.words import HEADERS, language_of
from qdaio.reader import Match
from qdaio.tables import SheetTable, best_sheet, find_table

__all__ = ["READER", "DocumentVariables", "match_variables", "variables_project"]

# "Document" alone is a header of many programs
REQUIRED = {"document": ["Document name", "Dokumentname", "Nazwa dokumentu"]}
OPTIONAL = {
    name: [label for labels in HEADERS[name].values() for label in labels]
    for name in ("group", "colour", "text", "start", "end", "code", "area", "coverage")
}
OTHER_TABLES = {"text", "start", "end", "code", "area", "coverage"}


class DocumentVariables:
    """Reads tables of document variables into attributes of documents."""

    format = "maxqda-document-variables"
    software = "MAXQDA"

    def recognise(self, source: Source) -> Match | None:
        """Say whether a sheet of this file lists documents with their variables."""
        return best_sheet(source, match_variables)

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the sheet that was recognised.

        Raises
        ------
        StudyError
            For a row without a document, and a document that stands twice.
        """
        return variables_project(source, match.details["table"])


def match_variables(sheet: Sheet) -> Match | None:
    """Recognise document variables in a sheet."""
    table = find_table(sheet, REQUIRED, OPTIONAL)
    if table is None or OTHER_TABLES & table.columns.keys():
        return None
    score = 0.85 if "group" in table.columns else 0.6
    reason = "one row a document: headers " + ", ".join(table.headers.values())
    return Match(score, reason, sheet.name, {"table": table, "sheet": sheet})


def variables_project(source: Source, table: SheetTable) -> CodedProject:
    """Make a project of documents and their attributes."""
    ids, documents = documents_of(table.columns["document"], table.columns.get("group"))
    faults = FaultList()
    faults.extend(table.faults)
    names = ids.astype("str")
    first: dict[str, int] = {}
    labels: list[object] = list(names)
    for row, name in zip(table.row_numbers, labels, strict=True):
        if not isinstance(name, str):
            faults.add(
                kind="missing-value",
                file=source.name,
                sheet=table.sheet.name or None,
                row=row,
                column=table.headers["document"],
                found="nothing",
                expected="the name of the document",
                remedy="Fill it in, or delete the row.",
            )
        elif name in first:
            faults.add(
                kind="duplicate-document",
                file=source.name,
                sheet=table.sheet.name or None,
                row=row,
                column=table.headers["document"],
                found=f'"{name}" a second time, after row {first[name]}',
                expected="one row for each document",
                remedy="Delete one of the rows, or rename one of the documents in MAXQDA.",
            )
        else:
            first[name] = row
    faults.raise_if_any()
    form = DocumentVariables.format
    return CodedProject(
        info=ExportInfo(
            format=form,
            software="MAXQDA",
            language=language_of(table.headers.values()),
            files=(ExportFile(source.name, source.sha256, form, table.sheet.name or None),),
        ),
        documents=documents,
        attributes=attribute_rows("document", names, table.unknown, source.name, table.row_numbers),
        warnings=table.sheet.warnings,
    )


READER = DocumentVariables()
