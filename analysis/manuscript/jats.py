"""JATS after Pandoc: labels where a journal's system looks for them, pictures where they lie."""

from __future__ import annotations

import re
from html import escape, unescape

from lxml import etree

from .references import NAMES, Numbers

__all__ = ["finished_jats"]

_XLINK = "{http://www.w3.org/1999/xlink}href"
_ALT_TEXT = re.compile(r"(<alt-text>)(.*?)(</alt-text>)", re.DOTALL)
Node = etree._Element


def finished_jats(content: bytes, numbers: Numbers) -> bytes:
    """Return an article's XML as a journal's system wants it.

    Parameters
    ----------
    content : bytes
        What Pandoc's JATS writer made; captions begin with their number.
    numbers : Numbers
        Numbers of sections and floats.

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
        number = numbers.sections.get(section.get("id", ""))
        if number:
            section.insert(0, _labelled(number))
    for wrap in root.iter("table-wrap"):
        table = wrap.find("table")
        if table is not None and table.get("id"):
            wrap.set("id", table.attrib.pop("id"))
        _take_notes(wrap)
    for floated in root.iter("table-wrap", "fig"):
        _label(floated, numbers)
    for reference in root.iter("ref"):
        _label_reference(reference)
    for graphic in root.iter("graphic", "inline-graphic"):
        graphic.set(_XLINK, f"manuscript_files/{graphic.get(_XLINK)}")
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


def _label(element: Node, numbers: Numbers) -> None:
    """Move a float's number from its caption to its label."""
    identifier = element.get("id", "")
    if identifier not in numbers.floats:
        return
    first = element.find("caption/p")
    marked = None if first is None else first.find("named-content[@content-type='float-number']")
    if first is not None and marked is not None:
        first.text = (marked.tail or "").lstrip()
        first.remove(marked)
    name = f"{NAMES[identifier[:3]]}\u00a0{numbers.floats[identifier]}"
    element.insert(0, _labelled(name))


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
