"""Labels that should be the same but are written differently, and the nearest of many."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection

__all__ = ["nearest", "plain"]

ENOUGH = 0.6
NUMBER = re.compile(r"\d+")


def plain(label: str) -> str:
    r"""Bring a label into a form in which people would call two the same.

    Composed letters, one case, single spaces, no punctuation, no leading zeros.

    Examples
    --------
    >>> plain("P\u00a0007"), plain("p-7")
    ('p 7', 'p 7')
    """
    folded = unicodedata.normalize("NFKC", label).casefold()
    spaced = "".join(
        letter if unicodedata.category(letter)[0] in "LNM" else " " for letter in folded
    )
    return " ".join(NUMBER.sub(lambda found: str(int(found[0])), spaced).split())


def nearest(label: str, others: Collection[str]) -> str | None:
    """Return the label of `others` that `label` was most likely meant to be, if any."""
    by_plain: dict[str, str] = {}
    for other in others:
        by_plain.setdefault(plain(other), other)
    found = difflib.get_close_matches(plain(label), by_plain, n=1, cutoff=ENOUGH)
    return by_plain[found[0]] if found else None
