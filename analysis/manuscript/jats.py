"""JATS after Pandoc: labels where a journal's system looks for them, pictures where they lie."""

from __future__ import annotations

import re
from html import escape, unescape

from lxml import etree

__all__ = ["finished_jats"]

_XLINK = "{http://www.w3.org/1999/xlink}href"
_ALT_TEXT = re.compile(r"(<alt-text>)(.*?)(</alt-text>)", re.DOTALL)
Node = etree._Element


def finished_jats(content: bytes) -> bytes:
    """Return an article's XML as a journal's system wants it.

    Parameters
    ----------
    content : bytes
        What Pandoc's JATS writer made, for the built-in engine or for Quarto. Headings and
        captions begin with their number, marked as such.

    Returns
    -------
    bytes
        The same text: numbers of sections, tables, figures and references stand in ``label``;
        the identifier of a table is that of its ``table-wrap``, with its notes in
        ``table-wrap-foot``; pictures are named in ``manuscript_files``.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(_ALT_TEXT.sub(_escaped, content.decode("utf-8")).encode(), parser)
    for boxed in list(root.iter("boxed-text")):
        _dissolve(boxed)
    for section in root.iter("sec"):
        _take_number(section, section.find("title"), "section-number")
    for wrap in root.iter("table-wrap"):
        table = wrap.find("table")
        if table is not None and table.get("id"):
            wrap.set("id", table.attrib.pop("id"))
        _take_notes(wrap)
    for floated in root.iter("table-wrap", "fig"):
        _take_number(floated, floated.find("caption/p"), "float-number")
    for reference in root.iter("ref"):
        _label_reference(reference)
    for graphic in root.iter("graphic", "inline-graphic"):
        address = graphic.get(_XLINK, "")
        if not address.startswith("manuscript_files/"):
            graphic.set(_XLINK, f"manuscript_files/{address}")
    for cross in root.iter("xref"):
        kind = {"tbl": "table", "fig": "fig", "sec": "sec"}.get(cross.get("rid", "")[:3])
        if kind:
            cross.set("ref-type", kind)
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8") + b"\n"


def _escaped(found: re.Match[str]) -> str:
    """Escape an alternative text, which Pandoc's writer puts into the XML as it is."""
    return f"{found[1]}{escape(unescape(found[2]), quote=False)}{found[3]}"


def _labelled(text: str) -> Node:
    label = etree.Element("label")
    label.text, label.tail = text, "\n"
    return label


def _dissolve(boxed: Node) -> None:
    """Undo a box that stands for a division: JATS boxes are sidebars, divisions are not."""
    parent = boxed.getparent()
    if parent is not None:
        at = parent.index(boxed)
        for child in reversed(list(boxed)):
            parent.insert(at, child)
        parent.remove(boxed)


def _take_notes(wrap: Node) -> None:
    """Put the notes that follow a table into its foot."""
    foot = etree.Element("table-wrap-foot")
    for following in list(wrap.itersiblings()):
        marked = following.find("named-content[@content-type='table-note']")
        if following.tag != "p" or marked is None:
            break
        note = etree.SubElement(foot, "p")
        note.text = marked.text
        note.extend(list(marked))
        following.getparent().remove(following)  # type: ignore[union-attr]
    if len(foot):
        wrap.append(foot)


def _take_number(element: Node, first: Node | None, mark: str) -> None:
    """Move a section's or float's number from its first line to its label."""
    path = f"named-content[@content-type='{mark}']"
    marked = None if first is None else first.find(path)
    if first is None or marked is None:
        return
    number = str(marked.xpath("string()")).strip().rstrip(":")
    first.text = (marked.tail or "").lstrip()
    marked.tail = None
    first.remove(marked)
    element.insert(0, _labelled(number))


def _label_reference(reference: Node) -> None:
    """Give a reference its number as a label, and its text without wrappers."""
    citation = reference.find("mixed-citation")
    if citation is None:
        return
    number = citation.find("named-content[@content-type='csl-left-margin']")
    text = citation.find("named-content[@content-type='csl-right-inline']")
    if number is None or text is None:
        return
    reference.insert(0, _labelled(str(number.xpath("string()")).strip().rstrip(".")))
    citation.clear()
    citation.text, citation.tail = text.text, "\n"
    citation.extend(list(text))
