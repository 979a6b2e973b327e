"""Numbers of the manuscript's page lead to what is behind them; in other formats they do not.

While the text is resolved, a number is a span, and a cell of a table has an attribute, named
``trace``: the number's key, or the address of what it counts. Here they become links to the page
of traces, in HTML, or plain text. For Quarto, ``report/filters/traces.lua`` does the same.
"""

from __future__ import annotations

import re
from typing import Any

from .pandoc import Element, attributes, link, plain_text, replace, string

__all__ = ["PAGE", "TRACE", "lead_to_traces", "traced"]

TRACE = "trace"
PAGE = "trace.html"
WORDS = 4  # from which on it is a sentence, in which the numbers lead, and not the whole
_DIGIT = re.compile(r"\d")
_STOPS = (",", ".", ";", ":")  # what ends a part of a sentence, not a number


def traced(key: str, inlines: list[Element]) -> list[Element]:
    """Return inlines as a span that knows which number they print."""
    return [{"t": "Span", "c": [["", [], [[TRACE, key]]], inlines]}]


def lead_to_traces(blocks: list[Element], *, linked: bool) -> None:
    """Make links of numbers that know what they print, or take the knowledge from them.

    Parameters
    ----------
    blocks : list of dict
        A document of one format, changed in place.
    linked : bool
        Whether there is a page to lead to. In headings and captions, and within other links,
        numbers stay plain.
    """

    def plain(element: Element) -> list[Element] | None:
        if element["t"] == "Span" and TRACE in attributes(element)[2]:
            replace(element["c"][1], plain)
            return list(element["c"][1])
        return None

    def change(element: Element) -> list[Element] | None:
        kind = element["t"]
        if kind in ("Header", "Link"):
            replace(element["c"], plain)
            return [element]
        if kind == "Span" and (key := attributes(element)[2].get(TRACE)):
            replace(element["c"][1], plain)
            return _linked(element["c"][1], key)
        if kind in ("Table", "Figure"):
            replace(element["c"][1], plain)  # the caption
        if kind == "Table":
            for cell in _cells(element):
                _lead_cell(cell, linked)
        return None

    replace(blocks, change if linked else plain)
    if not linked:
        replace(blocks, _bare)


def _bare(element: Element) -> None:
    if element["t"] == "Table":
        for cell in _cells(element):
            _lead_cell(cell, False)


def _cells(table: Element) -> list[Any]:
    rows = [row for body in table["c"][4] for part in (body[2], body[3]) for row in part]
    return [cell for row in rows for cell in row[1]]


def _lead_cell(cell: Any, linked: bool) -> None:
    pairs = dict(cell[0][2])
    address = pairs.pop(TRACE, None)
    cell[0][2] = [[key, value] for key, value in pairs.items()]
    if address is None or not linked:
        return
    for block in cell[4]:
        if block["t"] not in ("Plain", "Para") or not block["c"]:
            continue
        sentence = plain_text(block["c"]).rstrip().endswith(_STOPS)
        block["c"] = (
            _lead_numbers(block["c"], address) if sentence else [_link(block["c"], address)]
        )


def _linked(inlines: list[Element], key: str) -> list[Element]:
    """Lead from the whole of a number, and from the numbers in a sentence."""
    words = plain_text(inlines).split()
    if not any(_DIGIT.search(word) for word in words):
        return inlines
    return [_link(inlines, key)] if len(words) < WORDS else _lead_numbers(inlines, key)


def _lead_numbers(inlines: list[Element], key: str) -> list[Element]:
    def lead(element: Element) -> list[Element] | None:
        if element["t"] != "Str" or not _DIGIT.search(element["c"]):
            return None
        number = element["c"].rstrip("".join(_STOPS))
        rest = element["c"][len(number) :]
        return [_link([string(number)], key), *[string(rest)] * bool(rest)]

    replace(inlines, lead)
    return inlines


def _link(inlines: list[Element], key: str) -> Element:
    return link(inlines, f"{PAGE}#{key}", ["trace"])
