"""What to say of a file that no reader knows."""

from __future__ import annotations

from qdaio.faults import Fault
from qdaio.source import Source

__all__ = ["describe"]

TIDY = (
    "Bring it into the tidy form: a CSV file with the columns `document` and `code`, one row "
    "for each coding (docs/tidy-form.md says what else it can hold)."
)
KINDS = {
    "folder": "a folder without exports",
    "zip": "a zip archive that is neither a workbook nor a REFI-QDA project",
    "sqlite": "an SQLite database",
    "xml": "XML that is neither a REFI-QDA project nor a codebook",
    "binary": "binary content of an unknown kind",
}
STARTS = (
    (b"%pdf-", "a PDF"),
    (b"<html", "a web page under another name; open it in a spreadsheet program, save as .xlsx"),
    (b"<table", "a web page under another name; open it in a spreadsheet program, save as .xlsx"),
    (b"office:spreadsheet", "a workbook as XML; open it in a spreadsheet program, save as .xlsx"),
    (b"{\\rtf", "a document in Rich Text Format"),
)
SHOWN = 12
LABEL = 40


def describe(source: Source) -> Fault:
    """Say what an unknown file looks like, and how to bring it into the tidy form.

    Names of sheets and headers are told, never the content of cells below them.
    """
    if source.kind in KINDS:
        found = KINDS[source.kind]
        if source.kind == "zip":
            found = _zip(source) or found
        elif source.kind == "sqlite":
            found = _database(source)
        else:
            found = _by_its_start(source) or found
        remedy = f"Export the coded segments from your program as a table or as .qdpx. {TIDY}"
    else:
        found = _by_its_start(source) or _tables(source)
        remedy = f"{TIDY} A table of participants is named in study.toml as participants.file."
    return Fault(
        kind="unknown-format",
        file=source.name,
        found=found,
        expected="a coded export of a supported program, or the tidy form",
        remedy=remedy,
    )


def _by_its_start(source: Source) -> str | None:
    if source.kind == "folder":
        return None
    with source.path.open("rb") as stream:
        start = stream.read(4096)
    return next((what for mark, what in STARTS if mark in start.lower()), None)


def _zip(source: Source) -> str | None:
    import zipfile

    with zipfile.ZipFile(source.path) as archive:
        names = archive.namelist()
    if "content.xml" in names:
        return "an OpenDocument file; save a spreadsheet as .xlsx"
    if "word/document.xml" in names:
        return "a Word document"
    shown = ", ".join(sorted(names)[:5])
    return f"a zip archive with {shown}{' …' if len(names) > 5 else ''}"


def _database(source: Source) -> str:
    from qdaio.database import tables_of

    names = [
        name if len(name) <= LABEL else "(long name)"
        for name, kind in sorted(tables_of(source).items())
        if kind == "table"
    ]
    if not names:
        return "an SQLite database without tables"
    more = " …" if len(names) > SHOWN else ""
    return (
        f"an SQLite database of another program, with the tables {', '.join(names[:SHOWN])}{more}"
    )


def _tables(source: Source) -> str:
    from qdaio.sheets import as_text, read_sheets

    said = []
    for sheet in read_sheets(source)[:SHOWN]:
        if sheet.width == 1 and not sheet.name:
            return "text without columns"  # such as an interview: none of it is told
        rows = sheet.head(5)
        widest = max(rows, key=lambda row: sum(isinstance(cell, str) for cell in row))
        # a table without a header shows a record here: keep to what looks like a label
        labels = [(as_text(cell) or "").strip() for cell in widest if cell is not None]
        shown = ", ".join(
            f'"{label}"' if len(label) <= LABEL else "(long text)" for label in labels[:SHOWN]
        )
        more = " …" if len(labels) > SHOWN else ""
        place = f'sheet "{sheet.name}" with ' if sheet.name else ""
        said.append(f"{place}{sheet.height} rows and the columns {shown}{more}")
    return "; ".join(said) or "a table without cells"
