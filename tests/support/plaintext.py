"""The plain text and the tables of a manuscript, whatever its format.

For tests that hold the four formats of one manuscript against each other. Text is compared
after NFKC, without marks of direction, in single spaces. Out of it stay what only one format
has, or has elsewhere: the contents list, links to notebooks, marks of footnotes, page numbers,
subtitle and authors.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from lxml import etree
from lxml import html as lxml_html

__all__ = ["normalised", "pages", "paragraphs", "tables", "words"]

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u200c]+")


def normalised(text: str) -> str:
    """Return text after NFKC, without invisible marks, in single spaces."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())


def words(text: str) -> Counter[str]:
    """Count words and numbers.

    Right-to-left words are left out, see :func:`pages`; so are addresses, which a page may
    break anywhere.
    """
    plain = _RIGHT_TO_LEFT.sub(" ", re.sub(r"\bhttps?://\S+", " ", normalised(text)))
    return Counter(re.findall(r"[^\W\d_]+|\d+(?:[.,]\d+)*", plain))


def paragraphs(path: Path) -> list[str]:
    """Return title, abstract, headings, paragraphs, captions, notes and references.

    Parameters
    ----------
    path : Path
        ``manuscript.html``, ``.docx`` or ``.xml``. Cells of tables are not in it.
    """
    read = {".html": _html_paragraphs, ".docx": _docx_paragraphs, ".xml": _jats_paragraphs}
    return [text for part in read[path.suffix](path) if (text := normalised(part))]


def tables(path: Path) -> list[Counter[str]]:
    """Return the cells of each table as a multiset, empty cells and notes left out.

    Parameters
    ----------
    path : Path
        ``manuscript.html``, ``.docx`` or ``.xml``.
    """
    read = {".html": _html_cells, ".docx": _docx_cells, ".xml": _jats_cells}
    return [Counter(filter(None, map(normalised, cells))) for cells in read[path.suffix](path)]


def pages(path: Path) -> list[str]:
    """Return the text of each page of a PDF, hyphenation undone, without its number.

    Right-to-left text comes out in the order of its glyphs, so only its letters can be
    compared. Skips the test where pdftotext is absent.
    """
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext (poppler) is absent")
    done = subprocess.run(
        [program, "-raw", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True
    )
    found = []
    for number, page in enumerate(done.stdout.decode("utf-8").split("\f"), 1):
        lines = [line for line in page.split("\n") if line.strip()]
        if lines and lines[-1].strip() == str(number):
            lines.pop()
        elif lines and lines[0].strip() == str(number):
            lines.pop(0)
        if lines:
            text = "\n".join(lines)
            # Typst writes the hyphens that it adds as soft ones.
            found.append(normalised(text.replace("\u00ad\n", "")))
    return found


def _without(root: etree._Element, *paths: str) -> etree._Element:
    for path in paths:
        for element in root.xpath(path):
            element.drop_tree() if hasattr(element, "drop_tree") else _drop(element)
    return root


def _drop(element: etree._Element) -> None:
    before, parent = element.getprevious(), element.getparent()
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _said(element: etree._Element) -> str:
    return "".join(element.itertext())


def _html(path: Path) -> lxml_html.HtmlElement:
    root = lxml_html.document_fromstring(path.read_text(encoding="utf-8"))
    for line_end in root.iter("br"):
        line_end.tail = " " + (line_end.tail or "")
    return _without(
        root,
        "//head | //script | //style | //nav | //a[contains(@class, 'footnote-ref')]",
        "//a[contains(@class, 'footnote-back')] | //*[contains(@class, 'notebook-link')]",
        "//*[contains(@class, 'quarto-notebook-link')] | //a[contains(@class, 'skip')]",
        "//*[contains(@class, 'affiliations') or contains(@class, 'authors')]",
        "//p[contains(@class, 'subtitle')]",
        "//*[contains(@class, 'correspondence') or contains(@class, 'data-notice')]",
    )


def _html_paragraphs(path: Path) -> Iterator[str]:
    own = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "figcaption")
    for element in _html(path).body.iter():
        above = list(element.iterancestors())
        in_reference = any("csl-entry" in (a.get("class") or "") for a in above)
        if in_reference or any(a.tag in ("td", "th") for a in above):
            continue
        is_reference = "csl-entry" in (element.get("class") or "").split()
        is_item = element.tag == "li" and element.find("p") is None
        if is_reference or is_item or element.tag in own:
            yield _said(element)


def _html_cells(path: Path) -> Iterator[list[str]]:
    for table in _html(path).iter("table"):
        yield [_said(cell) for cell in table.xpath(".//thead//th | .//tbody//th | .//tbody//td")]


def _docx_paragraphs(path: Path) -> Iterator[str]:
    left_out = {"Author", "Affiliation", "Subtitle"}
    document = docx.Document(str(path))
    for paragraph in document.paragraphs:
        if paragraph.style is None or paragraph.style.name not in left_out:
            yield _run_text(paragraph._p)
    with zipfile.ZipFile(path) as archive:
        if "word/footnotes.xml" in archive.namelist():
            notes = etree.fromstring(archive.read("word/footnotes.xml"))
            for note in notes.iter(qn("w:footnote")):
                yield _run_text(note)


def _run_text(element: etree._Element) -> str:
    parts = []
    for node in element.iter(qn("w:t"), qn("w:tab"), qn("w:br")):
        in_properties = any(a.tag == qn("w:pPr") for a in node.iterancestors())
        if not in_properties:
            parts.append(node.text or "" if node.tag == qn("w:t") else " ")
    return "".join(parts)


def _docx_cells(path: Path) -> Iterator[list[str]]:
    for table in docx.Document(str(path)).tables:
        yield _cells_of(table)


def _cells_of(table: WordTable) -> list[str]:
    # A merged cell stands once in the file for each row that it reaches.
    texts = []
    for cell in table._tbl.iter(qn("w:tc")):
        merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        if merge is None or merge.get(qn("w:val")) == "restart":
            texts.append(_run_text(cell))
    return texts


def _jats(path: Path) -> etree._Element:
    parser = etree.XMLParser(load_dtd=False, no_network=True)
    root = etree.fromstring(path.read_bytes(), parser)
    for line_end in root.iter("break"):
        line_end.tail = " " + (line_end.tail or "")
    return _without(root, "//xref[@ref-type='fn']", "//alt-text", "//contrib-group", "//subtitle")


def _jats_paragraphs(path: Path) -> Iterator[str]:
    root = _jats(path)
    keywords = [_said(keyword) for keyword in root.iter("kwd")]
    for element in root.iter():
        inside = {ancestor.tag for ancestor in element.iterancestors()}
        if inside & {"td", "th"}:
            continue
        if element.tag == "article-title":
            yield _said(element)
        elif element.tag == "title":
            label = element.getprevious()
            number = f"{_said(label)} " if label is not None and label.tag == "label" else ""
            yield number + _said(element)
        elif element.tag == "caption":
            label = element.getprevious()
            yield (f"{_said(label)}: " if label is not None else "") + _said(element)
        elif element.tag == "p" and not inside & {"caption"}:
            yield _said(element)
        elif element.tag == "ref":
            yield f"{_said(element.find('label'))}. {_said(element.find('mixed-citation'))}"
        elif element.tag == "kwd-group" and keywords:
            yield f"Keywords: {', '.join(keywords)}"


def _jats_cells(path: Path) -> Iterator[list[str]]:
    for table in _jats(path).iter("table"):
        yield [_said(cell) for cell in table.iter("td", "th")]
