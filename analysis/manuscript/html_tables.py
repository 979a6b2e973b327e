"""Tables that are HTML, in a notebook or in the text: cleaned, and read into Pandoc's own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import html as lxml_html

from . import pandoc
from .pandoc import Element, attributes, elements

__all__ = ["NoTableError", "Tables", "clean_table", "parse_tables"]

_KEPT = {
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("p", "br", "sup", "sub", "em", "strong", "i", "b", "a", "span", "ul", "ol", "li", "code"),
}
_ATTRIBUTES = {"colspan", "rowspan", "scope", "lang", "dir", "href", "data-trace"}
_ALIGNMENT = re.compile(r"text-align:\s*(left|right|center)")
_WIDTH = re.compile(r"width:\s*([\d.]+)%")
_INDENT = re.compile(r"gt_indent_(\d)")


class NoTableError(ValueError):
    """The HTML holds no table, or more than one; the message says which."""


def clean_table(source: str, *, caption: bool = False, notice: str = "") -> str:
    """Return the one table of a piece of HTML, with its meaning and without its looks.

    Parameters
    ----------
    source : str
        HTML with exactly one table, such as a notebook's output.
    caption : bool
        Whether to keep the caption; that of an embedded table stands in its cell's options.
    notice : str
        A line for the table's foot.

    Returns
    -------
    str
        ``<table>…</table>``. Rows that hold one header over all columns open a ``tbody``
        of their own, which is how HTML says *group of rows*.

    Raises
    ------
    NoTableError
        If there is no table, or more than one.
    """
    try:
        root = lxml_html.fragment_fromstring(source, create_parent="div")
    except (ValueError, lxml_html.etree.ParserError) as error:
        raise NoTableError("no HTML") from error
    tables = root.xpath(".//table")
    if len(tables) != 1:
        raise NoTableError("no table" if not tables else f"{len(tables)} tables")
    table = tables[0]
    if "dataframe" in table.get("class", "").split():
        _tidy_frame(root, table)
    if notice:
        _foot(table, notice)
    table.tail = None
    for element in list(table.iter()):
        unwanted = ("style", "script") if caption else ("style", "script", "caption")
        if not isinstance(element.tag, str) or element.tag in unwanted:
            element.drop_tree()
    for element in list(table.iter()):
        _strip(element)
    for cell in table.xpath(".//th | .//td"):
        _tidy_cell(cell)
    _group_rows(table)
    for part in table.iter("table", "caption", "colgroup", "thead", "tbody", "tfoot", "tr"):
        part.text = part.text if part.tag == "caption" else None
        part.tail = None if part is table else "\n"
    for cell in table.iter("th", "td", "col"):
        cell.tail = None
    return str(lxml_html.tostring(table, encoding="unicode"))


def _tidy_frame(root: lxml_html.HtmlElement, table: lxml_html.HtmlElement) -> None:
    """Take the row numbers from a frame as pandas shows it, and set its numbers to the right."""
    if "".join(root.xpath(".//p//text()")).strip().endswith("columns"):
        raise NoTableError("a frame that pandas cut short, with rows left out")
    heads, rows = table.xpath(".//thead/tr"), table.xpath(".//tbody/tr")
    numbers = ["".join(row[0].itertext()).strip() for row in rows if len(row)]
    named = any("".join(row[0].itertext()).strip() for row in heads if len(row))
    if len(heads) == 1 and not named and numbers == [str(at) for at in range(len(rows))]:
        for row in [*heads, *rows]:
            row.remove(row[0])
    for row in heads:
        row.attrib.pop("style", None)
    for at in range(max((len(row) for row in rows), default=0)):
        cells = [row[at] for row in rows if at < len(row)]
        said = ["".join(cell.itertext()).strip() for cell in cells]
        side = "right" if all(_NUMBER.fullmatch(text) for text in said) else "left"
        for cell in [*cells, *(row[at] for row in heads[-1:] if at < len(row))]:
            cell.set("style", f"text-align: {side}")


_NUMBER = re.compile(r"[-+\u2212]?\d[\d,.]*( ?%)?|NaN|")


def _foot(table: lxml_html.HtmlElement, notice: str) -> None:
    """Add a line that says something of the whole table."""
    columns = max((_width(row) for row in table.iter("tr")), default=1)
    foot, row, cell = (lxml_html.Element(tag) for tag in ("tfoot", "tr", "td"))
    cell.set("colspan", str(columns))
    cell.text = notice
    row.append(cell)
    foot.append(row)
    table.append(foot)


def _strip(element: lxml_html.HtmlElement) -> None:
    """Drop an element's looks; drop the element where it was nothing else."""
    classes, style = element.get("class", ""), element.get("style", "")
    aligned = _ALIGNMENT.search(style) or re.search(r"\bgt_(left|right|center)\b", classes)
    indent = _INDENT.search(classes)
    width = _WIDTH.search(style)
    for name in list(element.attrib):
        value = element.get(name)
        if name not in _ATTRIBUTES or (name in ("colspan", "rowspan") and value == "1"):
            del element.attrib[name]
    if element.tag in ("th", "td"):
        if aligned:
            element.set("style", f"text-align: {aligned.group(1)}")
        if indent:
            element.text = "\u2003" * int(indent.group(1)) + (element.text or "").lstrip()
    elif element.tag == "col" and width:
        element.set("style", f"width: {width.group(1)}%")
    if element.tag not in _KEPT or (element.tag == "span" and not element.attrib):
        element.drop_tag()


def _tidy_cell(cell: lxml_html.HtmlElement) -> None:
    """Take a paragraph that stands alone, and space at the ends, out of a cell."""
    inside = [child for child in cell if isinstance(child.tag, str)]
    around = (cell.text or "") + (inside[0].tail or "" if inside else "")
    if len(inside) == 1 and inside[0].tag == "p" and not around.strip():
        inside[0].drop_tag()
    for element in (cell, *cell.iterdescendants()):
        if element.text:
            element.text = re.sub(r"[ \t\n]+", " ", element.text)
        if element is not cell and element.tail:
            element.tail = re.sub(r"[ \t\n]+", " ", element.tail)
    if cell.text:
        cell.text = cell.text.lstrip(" \n\t")
    if len(cell):
        if cell[-1].tail:
            cell[-1].tail = cell[-1].tail.rstrip(" \n\t")
    elif cell.text:
        cell.text = cell.text.rstrip(" \n\t")


def _group_rows(table: lxml_html.HtmlElement) -> None:
    """Open a new body at each row that is one header over all columns."""
    columns = max((_width(row) for row in table.iter("tr")), default=0)
    for body in table.findall("tbody"):
        groups: list[list[lxml_html.HtmlElement]] = [[]]
        for row in body.findall("tr"):
            cells = row.findall("th")
            if len(cells) == len(row) == 1 and _width(row) == columns > 1:
                if not "".join(row.itertext()).strip():
                    continue
                cells[0].set("scope", "rowgroup")
                cells[0].attrib.pop("style", None)
                groups.append([])
            groups[-1].append(row)
        last = body
        for rows in filter(None, groups):
            opened = lxml_html.Element("tbody")
            opened.extend(rows)
            last.addnext(opened)
            last = opened
        table.remove(body)


def _width(row: lxml_html.HtmlElement) -> int:
    """How many columns a row's own cells take."""
    return sum(int(cell.get("colspan", 1)) for cell in row if cell.tag in ("th", "td"))


@dataclass(slots=True)
class Tables:
    """Tables that were HTML.

    Parameters
    ----------
    of_embeds : dict
        A table by the number of the shortcode; those that hold no table are absent.
    of_raw_blocks : dict
        Blocks by the text of a raw block of the manuscript.
    """

    of_embeds: dict[int, Element] = field(default_factory=dict)
    of_raw_blocks: dict[str, list[Element]] = field(default_factory=dict)


def parse_tables(blocks: list[Element], of_embeds: Mapping[int, str]) -> Tables:
    """Parse every HTML table: those of embeds, and raw blocks of the manuscript.

    Pandoc's writers drop raw HTML from Word, Typst and JATS without a word; as its own tables
    they are written everywhere.

    Parameters
    ----------
    blocks : list of dict
        The manuscript, for its raw blocks.
    of_embeds : mapping
        HTML of each embedded table, by the number of its shortcode.

    Returns
    -------
    Tables
        Without what is not exactly one table.
    """
    raw = {
        element["c"][1]
        for element in elements(blocks)
        if element["t"] == "RawBlock" and element["c"][0] == "html" and "<table" in element["c"][1]
    }
    sources: list[int | str] = [*of_embeds, *sorted(raw)]
    pieces = []
    for at, key in enumerate(sources):
        try:
            table = (
                clean_table(of_embeds[key])
                if isinstance(key, int)
                else clean_table(key, caption=True)
            )
        except NoTableError:
            continue
        pieces.append(f'<div id="table-{at}">\n{table}\n</div>\n')
    tables = Tables()
    if not pieces:
        return tables
    page = "<!DOCTYPE html><html><body>" + "".join(pieces) + "</body></html>"
    tree = json.loads(pandoc.run(["-f", "html", "-t", "json"], page.encode("utf-8")))
    for division in tree["blocks"]:
        identifier, _, _ = attributes(division)
        inside = division["c"][1]
        if len(inside) != 1 or inside[0]["t"] != "Table":
            continue
        key = sources[int(identifier.removeprefix("table-"))]
        if isinstance(key, int):
            tables.of_embeds[key] = inside[0]
        else:
            tables.of_raw_blocks[key] = inside
    return tables
