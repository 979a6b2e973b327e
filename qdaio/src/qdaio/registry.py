"""Which reader reads a file, found by content; and files that belong together, read as one."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, cast

from qdaio.codes import names_like_paths
from qdaio.counts import codings_from_cells
from qdaio.faults import Fault, FaultList, StudyError
from qdaio.files.sheets import read_sheets, without_collection
from qdaio.files.source import Source, open_source
from qdaio.join import combine
from qdaio.labels import is_total
from qdaio.model import CodedProject
from qdaio.reader import Match, Reader, ReaderBeside

if TYPE_CHECKING:
    from qdaio.files.cells import Sheet
    from qdaio.programs.spreadsheet.columns import Columns

__all__ = [
    "GROUP",
    "ReadOptions",
    "Recognised",
    "describe",
    "find_reader",
    "open_exports",
    "read",
    "read_exports",
    "readers",
    "recognise",
]


GROUP = "qdaio.readers"  # of entry points, by which any distribution adds readers
# Asked before all others, in this order: they know their own files at a glance.
FIRST = (
    "tidy",
    "tidy-table",
    "refi-qda-project",
    "refi-qda-codebook",
    "maxqda-project-workbook",
    "maxqda-memos",  # whose columns are, beside others, those of segments
    "maxqda-coded-segments",
)
WEAK = 0.3  # a lower score is no recognition
CERTAIN = 0.95  # from here on no other reader is asked: those that know more stand first
PROJECT_FILE = "data.qda"  # of a folder that QualCoder calls a project
PROJECT_FOLDERS = ("collections", "tagsets")  # of a project of CATMA
# what belongs to a folder and not to a study; "~$" is what Office leaves beside an open file
SKIPPED = ("README", "LICENSE", ".", "~$", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read, where the files leave it open.

    Attributes
    ----------
    formats : mapping of str to str
        Format by name of a file, for one that two readers know.
    columns : Columns, optional
        What the columns of spreadsheets typed by hand hold. Files that have these columns
        are read so; all others as ever.
    """

    formats: Mapping[str, str] = field(default_factory=dict)
    columns: Columns | None = None


@lru_cache(maxsize=1)
def readers() -> tuple[Reader, ...]:
    """Import and return every reader that an installed distribution registers.

    Returns
    -------
    tuple of Reader
        Those of qdaio, then others by name. An entry point names a reader or its class.

    Raises
    ------
    StudyError
        When none is registered, or one cannot be imported.
    """
    faults = FaultList()
    found = []
    for entry in sorted(entry_points(group=GROUP), key=_order):
        try:
            loaded = entry.load()
            found.append(cast(Reader, loaded() if isinstance(loaded, type) else loaded))
        except (ImportError, AttributeError) as error:
            faults.add(
                kind="broken-reader",
                found=f"the reader {entry.name} of {_distribution(entry)}, which cannot be "
                f"imported: {error}",
                expected=f'"{entry.value}"',
                remedy=f"Install {_distribution(entry)} again, or remove it.",
            )
    if not found and not faults:
        faults.add(
            kind="no-readers",
            found="no reader of any program",
            expected=f"entry points of the group {GROUP}",
            remedy="Install qdaio, even to use it from its source: `pip install -e ./qdaio`.",
        )
    faults.raise_if_any()
    return tuple(found)


def _order(entry: EntryPoint) -> tuple[int, bool, str]:
    place = FIRST.index(entry.name) if entry.name in FIRST else len(FIRST)
    return place, _distribution(entry) != "qdaio", entry.name


def _distribution(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else "an unknown distribution"


def find_reader(source: Source, options: ReadOptions | None = None) -> tuple[Reader, Match]:
    """Find the reader of a file by its content.

    Parameters
    ----------
    source : Source
    options : ReadOptions, optional

    Returns
    -------
    tuple of Reader and Match

    Raises
    ------
    StudyError
        When no reader knows the file (the message says what it looks like), two know it
        equally well, or it is damaged.
    """
    options = options or ReadOptions()
    wanted = options.formats.get(source.name)
    damage: StudyError | None = None
    if source.kind in {"xlsx", "xls", "text", "docx", "html"}:
        try:
            read_sheets(source)  # a damaged file is told as such, not as unknown
        except StudyError as error:
            if source.kind != "text":
                raise
            damage = error  # or it is no table: a report in words, with quotation marks
    elif source.kind == "sqlite":
        from qdaio.files.sqlite import tables_of

        tables_of(source)
    stated = None
    if options.columns is not None and damage is None:
        from qdaio.programs.spreadsheet.reader import SpreadsheetReader

        by_hand = SpreadsheetReader(options.columns)
        if (known := by_hand.recognise(source)) is not None:
            return cast(Reader, by_hand), known
        stated = by_hand.missing(source)
    found: list[tuple[Match, Reader]] = []
    for reader in readers():
        if damage is not None and not getattr(reader, "reads_lines", False):
            continue
        match = reader.recognise(source) if wanted in (None, reader.format) else None
        if match is not None and match.score >= WEAK:
            found.append((match, reader))
            if match.score >= CERTAIN:
                break
    if not found:
        if damage is not None and not _begins_as_table(source):
            raise StudyError(_unknown(source, PROSE, f"{TIDY} {NO_EXPORT}"))
        raise damage or StudyError(stated or describe(source))
    best = max(match.score for match, _ in found)
    top = [pair for pair in found if pair[0].score == best]
    if len(top) > 1:
        raise StudyError(
            Fault(
                kind="ambiguous-format",
                file=source.name,
                found=" or ".join(f"{reader.format} ({match.reason})" for match, reader in top),
                expected="one format",
                remedy="Export it with its header row and all columns, or bring it into the "
                "tidy form.",
            )
        )
    return top[0][1], top[0][0]


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is.

    Attributes
    ----------
    format : str
        Such as ``"maxqda-coded-segments"``.
    software : str
        Such as ``"MAXQDA"``.
    sheet : str or None
        The sheet that holds it, where a workbook has several.
    reason : str
        What gave it away, for people.
    """

    format: str
    software: str
    sheet: str | None
    reason: str


def recognise(file: str | os.PathLike[str]) -> Recognised:
    r"""Say which program wrote a file, by its content and whatever its name.

    Parameters
    ----------
    file : path

    Raises
    ------
    StudyError
        When no program is known to write such files; the message says what it looks like.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> file = Path(mkdtemp()) / "export"
    >>> _ = file.write_text("id,document,tag,content\n1,Ann,trust,Yes.\n", encoding="utf-8")
    >>> recognise(file).format
    'taguette-highlights'
    """
    (source,) = open_exports([Path(file)])
    reader, match = find_reader(source)
    return Recognised(reader.format, reader.software, match.sheet, match.reason)


def read(
    *files: str | os.PathLike[str],
    names: Sequence[str] | None = None,
    options: ReadOptions | None = None,
) -> CodedProject:
    r"""Read exports that belong together as one project.

    Parameters
    ----------
    *files : path
        Files of any supported program, or folders of them.
    names : sequence of str, optional
        How messages call them; by default the last part of each path.
    options : ReadOptions, optional

    Returns
    -------
    CodedProject
        Checked, and reconciled with the counts that the exports themselves report.

    Raises
    ------
    StudyError
        With every fault of every file at once.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> file = Path(mkdtemp()) / "codings.csv"
    >>> _ = file.write_text("document,code\nAnn,trust\nBen,trust\n", encoding="utf-8")
    >>> project = read(file)
    >>> project.codings["code_id"].tolist(), len(project.documents)
    (['trust', 'trust'], 2)
    """
    return read_exports([Path(file) for file in files], names=names, options=options)


def open_exports(paths: Sequence[Path], names: Sequence[str] | None = None) -> list[Source]:
    """Open files, and the files of folders; a tidy folder is one source.

    Raises
    ------
    StudyError
        With one fault for each that is missing, empty, cut off, or given twice.
    """
    faults = FaultList()
    sources: list[Source] = []
    shown = _names(paths) if names is None else names
    for path, name in zip(paths, shown, strict=True):
        for part, part_name in _files(path, name):
            try:
                sources.append(
                    Source(path=part, name=part_name, kind="folder")
                    if part.is_dir()
                    else open_source(part, part_name)
                )
            except StudyError as error:
                faults.extend(error.faults)
    seen: dict[str, Source] = {}
    for source in sources:
        if source.kind == "folder":
            continue
        first = seen.setdefault(source.sha256, source)
        if first is not source:
            faults.add(
                kind="duplicate-file",
                file=source.name,
                found=f"the same content as {first.name}",
                expected="each export once",
                remedy="Leave one of them out; its codings would be counted twice.",
            )
    faults.raise_if_any()
    return sources


def read_exports(
    paths: Sequence[Path],
    *,
    names: Sequence[str] | None = None,
    options: ReadOptions | None = None,
) -> CodedProject:
    """Read exports as `read` does; `paths` are its files."""
    with without_collection():
        return _read_all(paths, names, options)


def _read_all(
    paths: Sequence[Path], names: Sequence[str] | None, options: ReadOptions | None
) -> CodedProject:
    faults = FaultList()
    parts: dict[int, CodedProject] = {}
    later: list[tuple[int, Source, Reader, Match]] = []
    for place, source in enumerate(open_exports(paths, names)):
        try:
            reader, match = find_reader(source, options)
            if isinstance(reader, ReaderBeside):
                later.append((place, source, reader, match))
            else:
                parts[place] = reader.read(source, match)
        except StudyError as error:
            faults.extend(_named(error, source))
    faults.raise_if_any()
    others = tuple(parts.values())
    for place, source, reader, match in later:
        try:
            parts[place] = cast(ReaderBeside, reader).read_beside(source, match, others)
        except StudyError as error:
            faults.extend(_named(error, source))
    faults.raise_if_any()
    project = codings_from_cells(combine([parts[place] for place in sorted(parts)]))
    said = [names_like_paths(project.codes), *_named_as_sums(project)]
    if any(said):
        project = project.with_(warnings=(*project.warnings, *filter(None, said)))
    return project


def _named_as_sums(project: CodedProject) -> list[str]:
    """Warn of documents and codes that are called as sums are; nothing else tells them."""
    return [
        f'a {what} is called "{name}": if that is a row or column of sums, delete it in the file; '
        "it counts as any other."
        for what, frame in (("document", project.documents), ("code", project.codes))
        for name in dict.fromkeys(frame["name"])
        if is_total(name)
    ]


def _named(error: StudyError, source: Source) -> list[Fault]:
    """Say of faults in which file they are, where what found them did not know it."""
    return [fault if fault.file else replace(fault, file=source.name) for fault in error.faults]


def _names(paths: Sequence[Path]) -> list[str]:
    """Name files by the last part of their path, or the last two where that is not enough."""
    short = [path.name for path in paths]
    return [
        name if short.count(name) == 1 else f"{path.parent.name}/{name}"
        for path, name in zip(paths, short, strict=True)
    ]


def _files(path: Path, name: str) -> list[tuple[Path, str]]:
    if not path.is_dir() or any(path.glob("codings.*")):
        return [(path, name)]
    if (path / PROJECT_FILE).is_file():
        return [(path / PROJECT_FILE, f"{name.rstrip('/')}/{PROJECT_FILE}")]
    if all((path / inside).is_dir() for inside in PROJECT_FOLDERS):
        return [(path, name)]
    inside = sorted(
        item for item in path.iterdir() if item.is_file() and not item.name.startswith(SKIPPED)
    )
    return [(item, f"{name.rstrip('/')}/{item.name}") for item in inside] or [(path, name)]


TIDY = (
    "Bring it into the tidy form: a CSV file with the columns `document` and `code`, one row "
    "for each coding (docs/tidy-form.md says what else it can hold)."
)
NO_EXPORT = (
    "If it is no export, leave it out; a table of participants goes with --participants to "
    "`study new`, or is named in study.toml as participants.file."
)
PAGES = {"docx": "a Word document", "html": "a web page"}
CODEBOOK = (
    "If it is a codebook, give each table a first row of headers: one column Code, Theme or "
    "Category, and one Definition, Description or Example."
)
PROSE = "text without columns"  # such as an interview: none of it is told
REGULAR = 0.8  # of the lines of a table have as many cells as most have
KINDS = {
    "folder": "a folder without exports",
    "docx": "a Word document without a table or report of a program",
    "html": "a web page without a table or report of a program",
    "zip": "a zip archive that is neither a workbook nor a REFI-QDA project",
    "sqlite": "an SQLite database",
    "xml": "XML that is neither a REFI-QDA project nor a codebook",
    "json": "JSON of an unknown kind",
    "binary": "binary content of an unknown kind",
}
STARTS = (
    (b"%pdf-", "a PDF"),
    (b"\x89png", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"<html", "a web page under another name; open it in a spreadsheet program, save as .xlsx"),
    (b"<table", "a web page under another name; open it in a spreadsheet program, save as .xlsx"),
    (b"office:spreadsheet", "a workbook as XML; open it in a spreadsheet program, save as .xlsx"),
    (b"{\\rtf", "a document in Rich Text Format; open it in a word processor, save as .docx"),
)
NO_HEADER = re.compile(r"[\d.,:/\- ]*\d[\d.,:/\- T]*")
ARCHIVE = "a zip archive with"
SHOWN = 12
LABEL = 40
MOST_HEAD = 65_536  # letters in which the first line is looked for


def describe(source: Source) -> Fault:
    """Say what an unknown file looks like, and how to bring it into the tidy form.

    Names of sheets and headers are told, never the content of cells below them.
    """
    if source.kind in KINDS:
        found = KINDS[source.kind]
        remedy = f"Export the coded segments from your program as a table or as .qdpx. {TIDY}"
        if source.kind == "zip":
            found = _zip(source) or found
        elif source.kind == "sqlite":
            found = _database(source)
        elif source.kind in PAGES and (count := _count_tables(source)):
            found = f"{PAGES[source.kind]} with {count}, but no codings or codes of a program"
            remedy = f"{CODEBOOK} {TIDY}"
        else:
            found = _by_its_start(source) or found
        if Path(source.name).name.startswith("~$"):
            found = "what Office leaves beside a file that is open"
            remedy = "Close the file, and name the file itself: its name has no ~$ in front."
        elif found.startswith(ARCHIVE):
            remedy = "Unpack the archive, and name the exports in it or the folder that holds them."
    else:
        found = _by_its_start(source) or _tables(source)
        remedy = f"{TIDY} {NO_EXPORT}"
        remedy = (None if found == PROSE else _proposal(source)) or remedy
        if found != PROSE and _lacks_headers(source):
            remedy = (
                "Its first row holds numbers or days, as if the row of headers were missing: "
                "export the file again, or write the headers above it."
            )
    return _unknown(source, found, remedy)


def _unknown(source: Source, found: str, remedy: str) -> Fault:
    return Fault(
        kind="unknown-format",
        file=source.name,
        found=found,
        expected="a coded export of a supported program, or the tidy form",
        remedy=remedy,
    )


def _begins_as_table(source: Source) -> bool:
    """Say whether a damaged text begins with headers, and not with a title or a sentence."""
    from qdaio.files.text import find_dialect

    try:
        dialect = find_dialect(source.path, source.name)
    except StudyError:
        return True
    with source.path.open(encoding=dialect.encoding, newline=None) as text:
        lines = (line.strip().removeprefix("\ufeff") for line in text.read(MOST_HEAD).split("\n"))
        first = next(filter(None, lines), "")
    cells = first.split(dialect.separator)
    return len(cells) > 1 and all(
        len(cell) <= LABEL and not cell.strip().endswith((".", "?", "!")) for cell in cells
    )


def _proposal(source: Source) -> str | None:
    """Say what the columns of a spreadsheet typed by hand could mean, and why."""
    from qdaio.programs.spreadsheet.proposal import propose_for

    found = propose_for(source)
    if found is None:
        return None
    why = "; ".join(found.reasons)
    return (
        "If it is a spreadsheet typed by hand, say in study.toml what its columns hold. "
        f"{found.clarity.capitalize()} ({why}):\n\n{found.columns.toml()}\n\n{TIDY}"
    )


def _count_tables(source: Source) -> str | None:
    from qdaio.tables import readable_sheets

    count = len(readable_sheets(source))
    return (f"{count} tables" if count > 1 else "a table") if count else None


def _by_its_start(source: Source) -> str | None:
    if source.kind == "folder":
        return None
    if source.path.suffix.casefold() in (".html", ".htm", ".xhtml"):
        return KINDS["html"] if source.kind in ("text", "html", "xml") else None
    with source.path.open("rb") as stream:
        start = stream.read(4096)
    return next((what for mark, what in STARTS if mark in start.lower()), None)


def _zip(source: Source) -> str | None:
    import zipfile

    with zipfile.ZipFile(source.path) as archive:
        names = archive.namelist()
    if "content.xml" in names:
        return "an OpenDocument file; save a spreadsheet as .xlsx, a text as .docx"
    if "word/document.xml" in names:
        return "a Word document"
    if any(name.endswith(".iwa") for name in names):
        return "a file of Apple Numbers or Pages; export it as .xlsx or .docx"
    if source.path.suffix.casefold() in (".qdpx", ".qdc"):
        return "a project without its project.qde; export it again as .qdpx"
    shown = ", ".join(sorted(names)[:5])
    return f"{ARCHIVE} {shown}{' …' if len(names) > 5 else ''}"


def _database(source: Source) -> str:
    from qdaio.files.sqlite import tables_of

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
    from qdaio.files.cells import as_text
    from qdaio.files.sheets import read_sheets

    said = []
    for sheet in read_sheets(source)[:SHOWN]:
        if not sheet.name and _is_prose(sheet):
            return PROSE
        rows = sheet.head(5)
        most = max(map(_labels, rows), default=0)
        # headers stand first; a corner without a label makes the rows below wider
        widest = next((row for row in rows if _labels(row) * 2 > most), [])
        # a table without a header shows a record here: keep to what looks like a label
        labels = [(as_text(cell) or "").strip() for cell in widest if cell is not None]
        shown = ", ".join(
            f'"{label}"' if _is_short(label) else "(long text)" for label in labels[:SHOWN]
        )
        more = " …" if len(labels) > SHOWN else ""
        place = f'sheet "{sheet.name}" with ' if sheet.name else ""
        said.append(f"{place}{sheet.height} rows and the columns {shown}{more}")
    return "; ".join(said) or "a table without cells"


def _is_short(label: str) -> bool:
    """Say whether a cell can be a header; what ends as a sentence does is none."""
    return len(label) <= LABEL and not (label.endswith((".", "!", "…")) and " " in label)


def _is_prose(sheet: Sheet) -> bool:
    """Say whether a text has no columns: lines of a table have the same number of cells."""
    if sheet.width == 1 or sheet.height == 1:
        return True
    first = [cell for cell in sheet.head(1)[0][1:] if isinstance(cell, str)]
    if first and all(cell.startswith(" ") for cell in first):
        return True  # commas of a sentence, and not of a table
    lengths = Counter(length for length in sheet.lengths or () if length)
    return bool(lengths) and max(lengths.values()) < REGULAR * lengths.total()


def _lacks_headers(source: Source) -> bool:
    """Whether the first row of each sheet holds numbers or days, which no headers are."""
    from qdaio.files.cells import as_text
    from qdaio.files.sheets import read_sheets

    firsts = [sheet.head(1)[0] for sheet in read_sheets(source)[:SHOWN] if sheet.height > 1]
    cells = [[(as_text(cell) or "").strip() for cell in row if cell is not None] for row in firsts]
    return bool(cells) and all(
        len(row) > 1 and sum(bool(NO_HEADER.fullmatch(cell)) for cell in row) > 1 for row in cells
    )


def _labels(row: list[object]) -> int:
    """Count the words of a row; numbers are text in CSV, and R writes those of rows."""
    return sum(isinstance(cell, str) and not cell.strip().isdigit() for cell in row)
