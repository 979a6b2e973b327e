"""The text of a document that Taguette keeps as HTML, in which it counts positions."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

__all__ = ["plain_text"]

# A tag whose attributes, if it has any, hold no angle brackets.
SIMPLE_TAG = re.compile(r"""</?[A-Za-z][A-Za-z0-9]*(?:\s+[\w-]+="[^"<>]*")*\s*/?>""")


def plain_text(html: str) -> str:
    r"""Return the characters of HTML that are no tags, with entities resolved.

    Line breaks between paragraphs stay as they are written: Taguette counts them.

    Examples
    --------
    >>> plain_text("<p>Caf&eacute; &amp; bar</p>\n<p>2 &lt; 3</p>")
    'Café & bar\n2 < 3'
    """
    unix = html.replace("\r\n", "\n").replace("\r", "\n") if "\r" in html else html
    stripped, tags = SIMPLE_TAG.subn("", unix)
    if tags == unix.count("<"):
        return unescape(stripped)
    parser = _Text()
    parser.feed(unix)
    parser.close()
    return "".join(parser.pieces)


class _Text(HTMLParser):
    """Collects text; for HTML with comments, or angle brackets in attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
