"""A paper as tables and paragraphs, from Word, HTML, JATS or Markdown.

Tables are read with their spans, headers and indents. Files are hostile until read: no
network, no entities, and no more cells, bytes or nesting than a paper has.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qdaio.faults import Fault, StudyError

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["SUFFIXES", "Cell", "Paper", "PaperTable", "read_paper"]

MOST_BYTES = 64 * 1024 * 1024
MOST_CELLS = 100_000
MOST_SPAN = 200
SUFFIXES = (".docx", ".html", ".htm", ".xhtml", ".xml", ".jats", ".nxml", ".md", ".markdown")
CAPTION = re.compile(
    r"\s*(?P<label>(?:Supplementary\s+)?(?:Table|Tab\.|Tabelle|Tabla|Tabela|Tableau|جدول)\s*[A-Z]?\d+[a-z]?)\s*(?:[.:|–—)]\s*|$)",
    re.IGNORECASE,
)
SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u3000]+")
INDENT = re.compile(r"^[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]*")
# ² and the like are no decimal digits, and stay
OTHER_DIGITS = re.compile(r"[^\D0-9]")
ARABIC = str.maketrans("٫٬٪", ".,%")
PADDING = re.compile(r"(?:padding-left|margin-left)\s*:\s*([\d.]+)\s*(em|px|pt|rem|%)?")
PIPE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
SKIPPED = {"script", "style", "noscript", "template", "head", "nav", "ref-list", "back", "svg"}
# letters of reviewers and answers to them
SKIPPED |= {"sub-article", "response", "inline-graphic", "inline-formula", "tex-math", "math"}
NOTES = re.compile(r"(?:^|[\s_-])(?:table-?|foot-?)?notes?(?:$|[\s_-])|tablenote|table-wrap-foot")
WRAPS = ("table-wrap", "figure", "fig")
# a raised figure after a number points at a note, and is no part of the number: N = 98¹
RAISED = str.maketrans("0123456789abcdefg*", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍ*")
BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "title", "blockquote", "dd", "dt", "pre"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    Attributes
    ----------
    text : str
        With single spaces; of a cell that spans several places, the same in each.
    indent : float
        How far it is set in, in about the width of a letter.
    is_head : bool
    is_first : bool
        Whether this place is the first of those that the cell spans.
    """

    text: str = ""
    indent: float = 0.0
    is_head: bool = False
    is_first: bool = True


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table of a paper.

    Attributes
    ----------
    label : str
        ``Table 2``, or a number of its own where it has none.
    caption : str
    grid : list of list of Cell
        All rows of one length.
    heads : int
        How many rows at the top are heads.
    notes : str
        What stands below the table.
    """

    label: str
    caption: str
    grid: list[list[Cell]]
    heads: int
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is read of a paper.

    Attributes
    ----------
    name : str
    tables : list of PaperTable
    paragraphs : list of str
        Of the text and the headings, without tables, captions and references.
    pictures : list of str
        Labels of tables that are printed as pictures, and cannot be read.
    """

    name: str
    tables: list[PaperTable] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


def read_paper(path: Path, name: str | None = None) -> Paper:
    """Read the tables and the text of a paper.

    Parameters
    ----------
    path : Path
        Word (``.docx``), HTML, JATS or Markdown; known by its name and its first bytes.
    name : str, optional
        How messages call the file; by default its last part.

    Raises
    ------
    StudyError
        When the file is none of these, damaged, or too large. PDF is refused: it holds
        letters and places, not tables, and what is guessed of them accuses the innocent.
    """
    from lxml import etree

    shown = name or path.name
    if not path.is_file():
        raise StudyError(Fault(kind="missing-file", file=shown, remedy="Check the path."))
    if path.stat().st_size > MOST_BYTES:
        raise StudyError(_fault(shown, "too-large", f"more than {MOST_BYTES // 2**20} MB"))
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"%PDF"):
        fault = _fault(shown, "wrong-format", "a PDF, which holds no tables but letters in places")
        raise StudyError(fault)
    suffix = path.suffix.casefold()
    try:
        if head.startswith(b"PK"):
            return _read_word(path, shown)
        text = path.read_bytes().decode("utf-8-sig")
        if suffix in (".md", ".markdown", ".txt", ".qmd"):
            return _read_markdown(text, shown)
        is_xml = head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml") or b"<article" in head
        if suffix in (".xml", ".jats", ".nxml") or (is_xml and b"<html" not in head.lower()):
            return _read_jats(text, shown)
        if suffix in (".html", ".htm", ".xhtml") or b"<html" in head.lower():
            return _read_html(text, shown)
    except UnicodeDecodeError:
        raise StudyError(_fault(shown, "wrong-encoding", "text that is not UTF-8")) from None
    except (etree.LxmlError, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        found = f"a file that cannot be read ({type(error).__name__})"
        raise StudyError(_fault(shown, "damaged-file", found)) from None
    raise StudyError(_fault(shown, "wrong-format", "a file of another kind"))


def _fault(name: str, kind: str, found: str) -> Fault:
    return Fault(
        kind=kind,
        file=name,
        found=found,
        expected="a paper in Word (.docx), HTML, JATS (.xml) or Markdown",
        remedy="Save it in one of these formats, in UTF-8, or type its tables in and use "
        "`study audit --table FILE`.",
    )


def _clean(text: str) -> str:
    """Return a text with single spaces and with digits as ASCII has them."""
    if not text.isascii():
        text = OTHER_DIGITS.sub(lambda match: str(unicodedata.digit(match[0])), text)
        text = text.translate(ARABIC)
    return SPACES.sub(" ", text).strip()


class Grid:
    """Collects cells with their spans, row by row."""

    def __init__(self) -> None:
        self.rows: list[list[Cell]] = []
        self._open: dict[int, tuple[int, Cell]] = {}
        self._cells = 0

    def add(self, cells: Sequence[tuple[Cell, int, int]]) -> None:
        """Add a row of cells, each with the rows and the columns that it spans."""
        row: dict[int, Cell] = {}
        for column, (left, cell) in list(self._open.items()):
            row[column] = Cell(cell.text, cell.indent, cell.is_head, False)
            if left > 1:
                self._open[column] = left - 1, cell
            else:
                del self._open[column]
        at = 0
        for cell, down, across in cells:
            while at in row:
                at += 1
            for step in range(min(max(across, 1), MOST_SPAN)):
                row[at + step] = Cell(cell.text, cell.indent, cell.is_head, step == 0)
                if down > 1:
                    self._open[at + step] = min(down, MOST_SPAN * 10) - 1, cell
            at += min(max(across, 1), MOST_SPAN)
        width = max(row, default=-1) + 1
        self._cells += width
        if self._cells > MOST_CELLS:
            raise ValueError("too many cells")
        self.rows.append([row.get(column, Cell()) for column in range(width)])

    def table(self, label: str, caption: str, heads: int, notes: str = "") -> PaperTable | None:
        """Return the table, with rows of one length; None where it holds nothing."""
        width = max((len(row) for row in self.rows), default=0)
        if width * len(self.rows) > MOST_CELLS:
            raise ValueError("too many cells")
        grid = [[*row, *[Cell()] * (width - len(row))] for row in self.rows]
        filled = [any(cell.text for cell in row) for row in grid]
        heads = sum(filled[:heads])
        grid = [row for row, is_filled in zip(grid, filled, strict=True) if is_filled]
        if width < 2 or len(grid) < 2:
            return None
        if not heads:
            heads = 1
            while heads < len(grid) - 1 and all(cell.is_head for cell in grid[heads]):
                heads += 1
        # rows into which the first head reaches down are heads as well
        first = grid[0][0]
        while (
            heads < len(grid) - 1
            and first.text
            and not grid[heads][0].is_first
            and grid[heads][0].text == first.text
        ):
            heads += 1
        return PaperTable(label, caption, grid, min(heads, len(grid) - 1), notes)


def _labelled(caption: str, at: int) -> tuple[str, str]:
    """Return the label and the rest of a caption; a table without one is called by its place."""
    match = CAPTION.match(caption)
    if match is None:
        return f"Table without a number, {at}", caption
    return _clean(match["label"]), caption[match.end() :].strip()


# HTML and JATS


def _read_html(text: str, name: str) -> Paper:
    from lxml import html

    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    if not text.strip():
        return Paper(name)
    return _read_tree(html.document_fromstring(text, parser=parser), name)


def _read_jats(text: str, name: str) -> Paper:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(text.encode("utf-8"), parser)
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return _read_tree(root, name)


def _read_tree(root: etree._Element, name: str) -> Paper:
    paper = Paper(name)
    before, is_after = "", False
    for element in _walk(root):
        if element.tag == "table":
            if element.find(".//table") is None and (table := _tree_table(element, before, paper)):
                paper.tables.append(table)
                is_after = True
            before = ""
            continue
        if is_after and _is_of_notes(element):
            last = paper.tables[-1]
            notes = f"{last.notes} {_clean(_text(element))}".strip()
            paper.tables[-1] = replace(last, notes=notes)
            continue
        is_after = False
        if element.tag in WRAPS:
            paper.pictures.append(
                _picture(element) or f"a table without a number, after “{before}”"
            )
            continue
        text = _clean(_text(element))
        if CAPTION.match(text) and len(text) < 400:
            before = text
        elif text:
            paper.paragraphs.append(text)
    return paper


def _is_of_notes(element: etree._Element) -> bool:
    """Whether a paragraph stands among the notes of the table before it."""
    own = [element.get("class") or ""]
    if (above := element.getparent()) is not None and above.tag != "body":
        own.append(above.get("class") or "")
    return any(NOTES.search(name) for name in own)


def _walk(root: etree._Element) -> Iterator[etree._Element]:
    """Give tables and blocks of text in order; what stands inside tables is not given again."""
    stack = [root]
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str) or element.tag in SKIPPED:
            continue
        if element.tag == "table" and element.find(".//table") is None:
            yield element
            continue
        is_picture = element.tag in WRAPS and element.find(".//table") is None
        if is_picture and (element.tag == "table-wrap" or _picture(element)):
            yield element
            continue
        if element.tag in (*BLOCKS, "figcaption", "caption") and element.find(".//table") is None:
            yield element
            continue
        stack += reversed(list(element))


def _picture(wrap: etree._Element) -> str:
    """Return the label of a table that is printed as a picture; nothing where it is none."""
    if wrap.find(".//table") is not None:
        return ""
    for tag in ("label", "caption", "figcaption"):
        for one in wrap.iter(tag):
            if match := CAPTION.match(_clean(_text(one))):
                return _clean(match["label"])
    return ""


def _text(element: etree._Element) -> str:
    from lxml import etree

    parts: list[str] = []
    raised: set[etree._Element] = set()
    for mark in element.iter("sup", "xref"):
        if mark.tag == "sup" or mark.get("ref-type") in ("table-fn", "fn"):
            raised |= {mark, *mark.iter()}
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, step in walk:
        if event == "start":
            if step.tag in SKIPPED and step is not element:
                walk.skip_subtree()
            elif step.text:
                parts.append(step.text.translate(RAISED) if step in raised else step.text)
        elif step is not element:
            parts.append(" " if step.tag in ("br", "break", *BLOCKS, "div") else "")
            tail = step.tail or ""
            parts.append(tail.translate(RAISED) if step.getparent() in raised else tail)
    return "".join(parts)


def _tree_table(element: etree._Element, before: str, paper: Paper) -> PaperTable | None:
    wrap = element.getparent()
    while wrap is not None and wrap.tag not in ("table-wrap", "figure", "body", "div", "section"):
        wrap = wrap.getparent()
    own = element.find("caption")
    caption = _clean(_text(own)) if own is not None else ""
    notes = [_clean(_text(foot)) for foot in element.iterfind("tfoot")]
    label = ""
    if wrap is not None and wrap.tag in ("table-wrap", "figure"):
        found = wrap.find("label")
        label = _clean(_text(found)) if found is not None else ""
        if not caption:
            for tag in ("caption", "figcaption"):
                if (one := wrap.find(tag)) is not None:
                    caption = _clean(_text(one))
        notes += [_clean(_text(foot)) for foot in wrap.iterfind("table-wrap-foot")]
    caption = caption or before
    if label and not CAPTION.match(caption or ""):
        caption = f"{label.rstrip('.: ')}. {caption or ''}"
    grid, heads = Grid(), 0
    for row in element.iter("tr"):
        parent = row.getparent()
        if parent is not None and parent.tag == "tfoot":
            continue
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        is_head = parent is not None and parent.tag == "thead"
        heads += is_head
        grid.add([_tree_cell(cell, is_head or cell.tag == "th") for cell in cells])
    shown, rest = _labelled(caption or "", len(paper.tables) + 1)
    return grid.table(shown, rest, heads, " ".join(notes))


def _tree_cell(cell: etree._Element, is_head: bool) -> tuple[Cell, int, int]:
    text = _text(cell)
    style = f"{cell.get('style') or ''};{_inner_style(cell)}"
    leading = INDENT.match(text)[0]  # type: ignore[index]
    # a line break before the text is the file's layout, not the cell's
    indent = float(len(leading)) if "\n" not in leading else 0.0
    for size, unit in PADDING.findall(style):
        indent += float(size) * {"em": 1.0, "rem": 1.0, "px": 0.1, "pt": 0.12}.get(unit, 0.0)
    spans = (_span(cell.get("rowspan")), _span(cell.get("colspan")))
    return Cell(_clean(text), indent, is_head), *spans


def _inner_style(cell: etree._Element) -> str:
    return ";".join(step.get("style") or "" for step in cell.iterfind("*"))


def _span(text: str | None) -> int:
    return int(text) if text and text.strip().isdigit() else 1


# Word


def _read_word(path: Path, name: str) -> Paper:
    import docx
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    with zipfile.ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > 4 * MOST_BYTES:
            raise ValueError("too large")
        names = set(archive.namelist())
    if "word/document.xml" not in names:
        raise StudyError(_fault(name, "wrong-format", "a zip that is no Word document"))
    document = docx.Document(str(path))
    paper = Paper(name)
    before, after = "", -1

    def visit(blocks: Iterator[Any]) -> None:
        nonlocal before, after
        for block in blocks:
            if isinstance(block, Paragraph):
                text = _clean(block.text)
                if not text:
                    if before and block._p.findall(f".//{{{W}}}drawing"):
                        paper.pictures.append(_labelled(before, 0)[0])
                        before = ""
                    continue
                if CAPTION.match(text) and len(text) < 400:
                    before, after = text, -1
                elif after >= 0 and (_is_note(text) or _is_note_style(block)):
                    last = paper.tables[after]
                    paper.tables[after] = replace(last, notes=f"{last.notes} {text}".strip())
                else:
                    paper.paragraphs.append(text)
                    after = -1
            elif isinstance(block, Table):
                if block._tbl.findall(f".//{{{W}}}tbl"):
                    for row in block._tbl.tr_lst:
                        for cell in row.tc_lst:
                            visit(_inner(cell, block))
                    continue
                table = _word_table(block, before, len(paper.tables) + 1)
                before = ""
                if table is not None:
                    paper.tables.append(table)
                    after = len(paper.tables) - 1

    visit(document.iter_inner_content())
    return paper


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _is_note(text: str) -> bool:
    return bool(re.match(r"\W|[a-z0-9]\s|Note|Values|Data are|n \(%\)|Mean|Median", text))


def _is_note_style(paragraph: Any) -> bool:
    return bool(NOTES.search(str(paragraph.style.name).casefold())) if paragraph.style else False


def _inner(cell: Any, table: Any) -> Iterator[Any]:
    from docx.table import _Cell

    return iter(_Cell(cell, table).iter_inner_content())


def _word_table(table: Any, before: str, at: int) -> PaperTable | None:
    grid, heads = Grid(), 0
    rows: list[list[tuple[Cell, int, int]]] = []
    merged: dict[int, tuple[int, int]] = {}
    for row in table._tbl.tr_lst:
        properties = row.trPr
        is_head = properties is not None and properties.find(f"{{{W}}}tblHeader") is not None
        heads += is_head and heads == len(rows)
        cells: list[tuple[Cell, int, int]] = []
        column = 0
        for cell in row.tc_lst:
            across = cell.grid_span
            merge = cell.vMerge
            if merge == "continue" and column in merged:
                top, place = merged[column]
                one, down, wide = rows[top][place]
                rows[top][place] = one, down + 1, wide
            else:
                text = "\n".join(
                    "".join(map(_run_text, part.iter(f"{{{W}}}r")))
                    for part in cell.iter(f"{{{W}}}p")
                )
                cells.append((Cell(_clean(text), _word_indent(cell, text), is_head), 1, across))
                if merge == "restart":
                    merged[column] = len(rows), len(cells) - 1
                else:
                    merged.pop(column, None)
            column += across
        rows.append(cells)
    for cells in rows:
        grid.add(cells)
    label, caption = _labelled(before, at)
    return grid.table(label, caption, heads)


def _run_text(run: Any) -> str:
    text = "".join(
        step.text or " " if step.tag == f"{{{W}}}t" else " "
        for step in run.iter(f"{{{W}}}t", f"{{{W}}}tab", f"{{{W}}}br")
    )
    raised = run.find(f"{{{W}}}rPr/{{{W}}}vertAlign")
    is_raised = raised is not None and raised.get(f"{{{W}}}val") == "superscript"
    return text.translate(RAISED) if is_raised else text


def _word_indent(cell: Any, text: str) -> float:
    indent = float(len(INDENT.match(text)[0]))  # type: ignore[index]
    for part in cell.iter(f"{{{W}}}ind"):
        for side in ("left", "start"):
            value = part.get(f"{{{W}}}{side}") or ""
            # twentieths of a point
            indent += int(value) / 120 if value.lstrip("-").isdigit() else 0.0
        break
    return indent


# Markdown, and text with tabs between cells


def _read_markdown(text: str, name: str) -> Paper:
    paper = Paper(name)
    lines = text.splitlines()
    at, before = 0, ""
    while at < len(lines):
        line = lines[at]
        if "<table" in line.casefold():
            end = next((i for i in range(at, len(lines)) if "</table>" in lines[i].casefold()), at)
            inner = _read_html("\n".join(lines[at : end + 1]), name)
            for own in inner.tables:
                label, caption = _labelled(before, len(paper.tables) + 1)
                named = replace(own, label=label, caption=caption) if before else own
                paper.tables.append(named)
            at, before = end + 1, ""
            continue
        is_pipe = "|" in line and at + 1 < len(lines) and PIPE_RULE.fullmatch(lines[at + 1])
        is_tabbed = "\t" in line.strip() and at + 1 < len(lines) and "\t" in lines[at + 1]
        if is_pipe or is_tabbed:
            mark = "|" if is_pipe else "\t"
            end = at
            while end < len(lines) and mark in lines[end]:
                end += 1
            rows = [line for i, line in enumerate(lines[at:end]) if not (is_pipe and i == 1)]
            grid = Grid()
            for row in rows:
                parts = _pipe_cells(row) if is_pipe else row.split("\t")
                grid.add([(_markdown_cell(part), 1, 1) for part in parts])
            after = _caption_after(lines, end)
            label, caption = _labelled(before or after, len(paper.tables) + 1)
            if (table := grid.table(label, caption, 1, _note_after(lines, end))) is not None:
                paper.tables.append(table)
            at, before = end, ""
            continue
        plain = _clean(re.sub(r"[*_`#>]+|\{[^}]*\}|\]\([^)]*\)|\[", " ", line))
        if CAPTION.match(plain) and len(plain) < 400:
            before = plain
        elif plain and not plain.startswith(":"):
            paper.paragraphs.append(plain)
        at += 1
    return paper


def _pipe_cells(line: str) -> list[str]:
    line = line.strip().removeprefix("|")
    line = line[:-1] if line.endswith("|") and not line.endswith("\\|") else line
    return [part.replace("\\|", "|") for part in re.split(r"(?<!\\)\|", line)]


def _markdown_cell(text: str) -> Cell:
    indent = float(len(re.match(r"\s*((?:&nbsp;|&emsp;|[\u00a0\u2003])*)", text)[1]))  # type: ignore[index]
    text = re.sub(r"&nbsp;|&emsp;|[*_`]{1,3}|\^[^^]*\^|\\(?=\W)", " ", text)
    return Cell(_clean(text), indent)


def _caption_after(lines: Sequence[str], end: int) -> str:
    for line in lines[end : end + 2]:
        if line.strip().startswith((":", "Table:")):
            return _clean(re.sub(r"\{[^}]*\}", "", line.strip().lstrip(": ")))
    return ""


def _note_after(lines: Sequence[str], end: int) -> str:
    for line in lines[end : end + 2]:
        if line.strip() and _is_note(line.strip()):
            return _clean(line)
    return ""
