"""Word documents and web pages as what a reader of them sees: paragraphs and tables, in order.

Programs write tables and reports in both. Nothing is fetched, run or unpacked; sizes are
bounded while the file is read.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import zip_longest
from weakref import WeakKeyDictionary

from qdaio.faults import Fault, StudyError
from qdaio.files.archive import open_archive
from qdaio.files.cells import Sheet, clean_cells
from qdaio.files.source import Source
from qdaio.files.xml import Walker

__all__ = ["Page", "Paragraph", "Table", "page_sheets", "read_page"]

MOST_BYTES = 64 * 1024 * 1024
MOST_CELLS = 5_000_000
WIDEST = 1_000
MOSTLY, SHOWN = 0.8, 12  # of the rows of a table; rows that are named
STEP, DEEPEST = 90, 40  # of an indent that is one space, in twentieths of a point; spaces at most
MOST_OPEN = 1024 * 1024  # characters of one tag or comment
PIECE = 64 * 1024
DOCUMENT = "word/document.xml"
CHARSET = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_.:-]{1,40})", re.I)
HEADING = re.compile(r"^(?:[^\W\d]{2,20}\s?)([1-9])$")  # "Heading1", "berschrift1", "Ttulo1"
SPACES = re.compile(r"[ \t\r\n\f]+")
BLOCKS = frozenset({"article", "blockquote", "dd", "div", "dt", "footer", "header", "p", "pre"})
UNSEEN = frozenset({"script", "style", "title", "template"})


@dataclass(slots=True)
class Paragraph:
    """Words between two breaks.

    Attributes
    ----------
    text : str
        With tabs and line breaks inside.
    heading : int, optional
        Level of a heading, from 1.
    depth : int, optional
        Level of an item of a list, from 1.
    """

    text: str
    heading: int | None = None
    depth: int | None = None


@dataclass(slots=True)
class Table:
    """Rows of cells as text; a cell that spans columns is followed by empty ones."""

    rows: list[list[str]] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """Paragraphs and tables in the order in which they stand."""

    blocks: list[Paragraph | Table] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[Paragraph]:
        """Those outside tables."""
        return [block for block in self.blocks if isinstance(block, Paragraph)]


_cache: WeakKeyDictionary[Source, Page] = WeakKeyDictionary()


def read_page(source: Source) -> Page:
    """Read a file of kind ``docx`` or ``html``, once a source.

    Raises
    ------
    StudyError
        When it is damaged, or larger than a document is.
    """
    if source not in _cache:
        _cache[source] = _read_word(source) if source.kind == "docx" else _read_html(source)
    return _cache[source]


def page_sheets(source: Source) -> list[Sheet]:
    """Return the tables of a document as sheets; of several the name is their number."""
    tables = [block for block in read_page(source).blocks if isinstance(block, Table)]
    sheets = []
    for number, table in enumerate(tables, 1):
        columns = [list(cells) for cells in zip_longest(*table.rows, fillvalue="")]
        if columns:
            sheets.append(
                Sheet(
                    name=f"table {number}" if len(tables) > 1 else "",
                    file=source.name,
                    columns=[clean_cells(column) for column in columns],
                    warnings=_uneven(source.name, [len(row) for row in table.rows]),
                )
            )
    return sheets


def _uneven(file: str, lengths: Sequence[int]) -> tuple[str, ...]:
    """Warn of rows that have more or fewer cells than nearly all others."""
    width, count = Counter(lengths).most_common(1)[0]
    others = [row for row, length in enumerate(lengths, 1) if length != width]
    if not others or count < MOSTLY * len(lengths):
        return ()
    rows = ", ".join(map(str, others[:SHOWN])) + (" …" if len(others) > SHOWN else "")
    return (
        f"{file}: nearly all rows of the table have {width} cells, but not row {rows}. Where no "
        "cells were merged there, the file was changed: export it again.",
    )


class _Builder:
    """Collects what a document says, whichever form it has."""

    def __init__(self, file: str) -> None:
        self.file, self.page = file, Page()
        self.heading: int | None = None
        self.depth: int | None = None
        self._words: list[str] = []
        self._tables: list[Table] = []  # open ones: tables can stand in cells
        self._cell: list[str] | None = None
        self.span = 1
        self.indent = 0  # of the paragraph, in twentieths of a point
        self._cells = 0

    @property
    def is_in_table(self) -> bool:
        """Whether a table with rows began that has not ended."""
        return bool(self._tables and self._tables[0].rows)

    def say(self, text: str) -> None:
        """Add words."""
        self._words.append(text)

    def end_paragraph(self) -> None:
        """End the words of a paragraph, or of a part of a cell."""
        text = "".join(self._words).strip(" \t\n")
        self._words = []
        if self._tables:
            if self._cell is not None and text:
                # the first cell of a row says by its indent under which row it stands
                is_first = not self._cell and not self._tables[0].rows[-1]
                self._cell.append(" " * min(self.indent // STEP, DEEPEST) * is_first + text)
        elif text:
            self.page.blocks.append(Paragraph(text, self.heading, self.depth))

    def start_table(self) -> None:
        """Begin a table; one inside a cell gives its words to the cell."""
        self.end_paragraph()
        table = Table()
        if not self._tables:
            self.page.blocks.append(table)
        self._tables.append(table)

    def end_table(self) -> None:
        """End a table."""
        self.end_paragraph()
        if len(self._tables) == 1:
            self.end_cell()
        if self._tables:
            self._tables.pop()

    def start_row(self) -> None:
        """Begin a row."""
        if len(self._tables) == 1:
            self.end_cell()
            self._tables[0].rows.append([])

    def start_cell(self, span: int = 1) -> None:
        """Begin a cell that is as wide as `span` columns."""
        if len(self._tables) != 1:
            return
        self.end_cell()
        if not self._tables[0].rows:
            self._tables[0].rows.append([])
        self._cell, self.span = [], max(1, span)
        self._words = []

    def end_cell(self) -> None:
        """End a cell."""
        if len(self._tables) != 1 or self._cell is None:
            return
        self.end_paragraph()
        row = self._tables[0].rows[-1]
        self._cells += self.span
        if len(row) + self.span > WIDEST or self._cells > MOST_CELLS:
            raise StudyError(
                _too_large(self.file, f"a table of more than {WIDEST:,} columns or too many cells")
            )
        row += ["\n".join(self._cell), *[""] * (self.span - 1)]
        self._cell = None


def _read_word(source: Source) -> Page:
    builder = _Builder(source.name)
    with (
        open_archive(source.path, source.name) as archive,
        archive.stream(DOCUMENT, 4 * MOST_BYTES) as member,
    ):
        walker = Walker(member, source.name, DOCUMENT)

        def paragraph(_: Mapping[str, str]) -> None:
            builder.end_paragraph()
            builder.heading = builder.depth = None
            builder.indent = 0

        def indent(attributes: Mapping[str, str]) -> None:
            for name, value in attributes.items():
                if name.endswith(("left", "start")) and value.isdigit():
                    builder.indent = int(value[:6])

        def text() -> None:
            builder.say(walker.take_text())

        def style(attributes: Mapping[str, str]) -> None:
            if found := HEADING.match(_value(attributes)):
                builder.heading = int(found[1])

        def outline(attributes: Mapping[str, str]) -> None:
            if (level := _value(attributes)).isdigit() and int(level) < 9:
                builder.heading = int(level) + 1

        def item(attributes: Mapping[str, str]) -> None:
            if (level := _value(attributes)).isdigit():
                builder.depth = int(level) + 1

        def spans(attributes: Mapping[str, str]) -> None:
            if (value := _value(attributes)).isdigit():
                builder.span = min(int(value[:6]), WIDEST)

        walker.starts |= {
            "p": paragraph,
            "t": lambda _: walker.keep_text(),
            "tab": lambda _: builder.say("\t"),
            "br": lambda _: builder.say("\n"),
            "pStyle": style,
            "outlineLvl": outline,
            "ilvl": item,
            "ind": indent,
            "tbl": lambda _: builder.start_table(),
            "tr": lambda _: builder.start_row(),
            "tc": lambda _: builder.start_cell(),
            "gridSpan": spans,
        }
        walker.ends |= {
            "t": text,
            "p": builder.end_paragraph,
            "tc": builder.end_cell,
            "tbl": builder.end_table,
        }
        walker.walk()
    return builder.page


def _value(attributes: Mapping[str, str]) -> str:
    """Return the attribute ``val``, whatever its prefix."""
    return next((text for name, text in attributes.items() if name.endswith("val")), "")


class _Html(HTMLParser):
    """Reads a web page into a builder."""

    def __init__(self, builder: _Builder) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = builder
        self.lists = 0
        self.unseen = 0
        self.is_kept = 0  # inside <pre>, where spaces and lines count

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        builder = self.builder
        if tag in UNSEEN:
            self.unseen += 1
        elif tag == "table":
            builder.start_table()
        elif tag == "tr":
            builder.start_row()
        elif tag in {"td", "th"}:
            span = dict(attrs).get("colspan") or "1"
            builder.start_cell(int(span) if span.isascii() and span[:6].isdigit() else 1)
        elif tag == "br":
            builder.say("\n")
        elif tag in {"ul", "ol"}:
            builder.end_paragraph()
            self.lists += 1
        elif tag == "li":
            builder.end_paragraph()
            builder.depth = self.lists or 1
        elif len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            builder.end_paragraph()
            builder.heading = int(tag[1])
        elif tag in BLOCKS:
            builder.end_paragraph()
            self.is_kept += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        builder = self.builder
        if tag in UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif tag == "table":
            builder.end_table()
        elif tag in {"td", "th"}:
            builder.end_cell()
        elif tag in {"ul", "ol"}:
            builder.end_paragraph()
            self.lists = max(0, self.lists - 1)
            builder.depth = None
        elif tag == "li" or tag in BLOCKS or (len(tag) == 2 and tag[0] == "h"):
            builder.end_paragraph()
            builder.heading = None
            if tag == "li":
                builder.depth = None
            self.is_kept = max(0, self.is_kept - (tag == "pre"))

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.builder.say(data if self.is_kept else SPACES.sub(" ", data))


def _read_html(source: Source) -> Page:
    if (size := source.path.stat().st_size) > MOST_BYTES:
        raise StudyError(_too_large(source.name, f"a web page of {size // 1024**2} MiB"))
    text = _decoded(source.path.read_bytes())
    builder = _Builder(source.name)
    parser = _Html(builder)
    for start in range(0, len(text), PIECE):
        parser.feed(text[start : start + PIECE])
        if len(parser.rawdata) > MOST_OPEN:
            raise StudyError(_too_large(source.name, "a tag or comment that does not end"))
    parser.close()
    if builder.is_in_table:
        raise StudyError(
            Fault(
                kind="truncated-file",
                file=source.name,
                found="a table that does not end",
                expected="a whole web page",
                remedy="Export or copy the file again; this copy cannot be read to its end.",
            )
        )
    builder.end_paragraph()
    return builder.page


def _decoded(content: bytes) -> str:
    """Decode a web page by its mark, what it says of itself, or what it holds."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(name, errors="replace")
    said = CHARSET.search(content[:4096])
    names = [said[1].decode("ascii")] if said else []
    for name in (*names, "utf-8"):
        try:
            return content.decode(name)
        except (LookupError, UnicodeError):
            continue
    return content.decode("cp1252", errors="replace")


def _too_large(file: str, found: str) -> Fault:
    return Fault(
        kind="too-large",
        file=file,
        found=found,
        expected="a document that a program exported",
        remedy="Export a part of the project at a time, or export a spreadsheet instead.",
    )
