"""Cells that print several numbers, cut into the fields that they fill.

``36.57 ± 12.39`` is a mean and an SD, ``4/7 (57.1%)`` a count, a whole and a percentage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

__all__ = ["SPLITTERS", "split_count", "split_mean", "split_n", "split_percent", "split_sd"]

PLUS_MINUS = re.compile(r"(?P<mean>[^±]*?)\s*(?:±|\+\s?/\s?[-−–])\s*(?P<sd>[^±]+)")
NAMED = re.compile(r"(?:mean|m|sd|n)\s*=\s*", re.IGNORECASE)
BRACKETS = re.compile(r"(?P<first>[^()\[\]]+?)\s*[(\[]\s*(?P<second>[^()\[\]]+?)\s*[)\]]")
ENCLOSED = re.compile(r"[(\[]\s*([^()\[\]]*?)\s*[)\]]")
OF = re.compile(r"(?P<count>\S.*?)\s*(?:/|\bof\b)\s*(?P<whole>\d.*)", re.IGNORECASE)


def split_mean(text: str) -> dict[str, str]:
    """Cut ``36.57 ± 12.39``, ``36.57 (12.39)`` or ``M = 36.57 (SD = 12.39)``.

    Examples
    --------
    >>> split_mean("36.57 ± 12.39")
    {'mean': '36.57', 'sd': '12.39'}
    """
    if match := PLUS_MINUS.fullmatch(text):
        return {"mean": _unnamed(match["mean"]), "sd": _unnamed(match["sd"])}
    if match := BRACKETS.fullmatch(text):
        return {"mean": _unnamed(match["first"]), "sd": _unnamed(match["second"])}
    return {"mean": _unnamed(text)}


def split_sd(text: str) -> dict[str, str]:
    """Cut ``± 12.39``, ``(12.39)`` or ``SD = 12.39``."""
    text = _enclosed(text)
    if match := PLUS_MINUS.fullmatch(text):
        return {"mean": match["mean"], "sd": match["sd"]} if match["mean"] else {"sd": match["sd"]}
    return {"sd": _unnamed(text)}


def split_count(text: str) -> dict[str, str]:
    """Cut ``4 (57.1)``, ``4/7``, ``4 of 7 (57.1%)`` or ``n = 4``.

    Examples
    --------
    >>> split_count("4/7 (57.1%)")
    {'percent': '57.1%', 'count': '4', 'whole': '7'}
    """
    fields = {}
    if match := BRACKETS.fullmatch(text):
        text, fields["percent"] = match["first"], match["second"]
    text = _unnamed(text)
    if match := OF.fullmatch(text):
        return fields | {"count": match["count"], "whole": match["whole"]}
    return fields | {"count": text}


def split_n(text: str) -> dict[str, str]:
    """Cut ``n=7`` or ``(n = 7)``."""
    return {"n": _unnamed(_enclosed(text))}


def split_percent(text: str) -> dict[str, str]:
    """Cut ``(57.1%)`` or ``4 (57.1)``."""
    text = _enclosed(text)
    if match := BRACKETS.fullmatch(text):
        return {"count": match["first"], "percent": match["second"]}
    return {"percent": text}


def _unnamed(text: str) -> str:
    return NAMED.sub("", text, count=1).strip() if NAMED.match(text) else text.strip()


def _enclosed(text: str) -> str:
    match = ENCLOSED.fullmatch(text)
    return match[1] if match else text


# a column's cells can fill these fields
SPLITTERS: Mapping[str, Callable[[str], dict[str, str]]] = {
    "n": split_n,
    "mean": split_mean,
    "sd": split_sd,
    "count": split_count,
    "percent": split_percent,
    "whole": lambda text: {"whole": split_n(text)["n"]},
}
