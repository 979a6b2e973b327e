"""Tables and pictures as Typst wants them, where Pandoc's writer leaves something out."""

from __future__ import annotations

import json
import math
from typing import Any

from .crossref import caption_of
from .tree import Element, attributes, plain_text, replace

__all__ = ["for_typst"]

# Letters of a table on a line, and heights in millimetres, as in typst/typst-template.typ.
_LINE, _ROW, _MORE = 100, 5.6, 4.0
# Up to this height a table floats to the head or foot of a page, as journals place it; a
# higher one stays in the text and breaks.
_FLOATS = 200


def for_typst(blocks: list[Element]) -> None:
    """Change a document in place for Pandoc's Typst writer.

    Parameters
    ----------
    blocks : list of dict
        The document, captions without numbers: Typst counts figures itself.
    """
    # A figure can float only outside of any block.
    replace(blocks, _without_division)
    replace(blocks, _floating)
    replace(blocks, _picture)


def _without_division(element: Element) -> list[Element] | None:
    if element["t"] == "Div" and "notebook" in attributes(element)[2]:
        return list(element["c"][1])
    return None


def _floating(element: Element) -> list[Element] | None:
    """Return a table as a figure with room for the notes that a filter puts after it."""
    label = attributes(element)[0]
    if element["t"] != "Table" or not label:
        return None
    placement = "auto" if _height(element) <= _FLOATS else "none"
    opened = f"#figure(kind: table, placement: {placement}, caption: ["
    head = [_raw("RawInline", opened), *caption_of(element), _raw("RawInline", "])[")]
    element["c"][0] = ["", ["typst:no-figure"], []]
    element["c"][1] = [None, []]
    return [{"t": "Para", "c": head}, element, _raw("RawBlock", f"]<{label}>")]


def _height(table: Element) -> float:
    """Estimate how high a table will be, in millimetres."""
    _, _, _, head, bodies, foot = table["c"]
    rows = [*head[1], *foot[1]]
    for body in bodies:
        rows.extend([*body[2], *body[3]])
    lines = [math.ceil(sum(len(plain_text(cell[4])) for cell in row[1]) / _LINE) for row in rows]
    return sum(_ROW + _MORE * max(0, n - 1) for n in lines)


def _picture(element: Element) -> list[Element] | None:
    """Return a picture with its alternative text."""
    if element["t"] != "Image":
        return None
    _, _, pairs = attributes(element)
    alt = pairs.get("alt") or plain_text(element["c"][1])
    said = [_quoted(element["c"][2][0])]
    if pairs.get("width"):
        said.append(f"width: {pairs['width']}")
    if alt:
        said.append(f"alt: {_quoted(alt)}")
    return [_raw("RawInline", f"#box(image({', '.join(said)}))")]


def _quoted(text: str) -> str:
    """Return text as a string of Typst, which is one of JSON without its escapes of letters."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _raw(kind: str, text: str) -> dict[str, Any]:
    return {"t": kind, "c": ["typst", text]}
