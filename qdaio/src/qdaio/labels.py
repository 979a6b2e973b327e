"""Labels that should be the same but are written differently, and the nearest of many."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache

__all__ = ["composed", "name_key", "nearest", "normalise", "plain", "unique"]

ENOUGH = 0.6
LONG = 1_000  # letters from which on a text is no label, and stays as it is
NUMBER = re.compile(r"\d+")


@lru_cache(maxsize=65536)
def plain(label: str) -> str:
    r"""Bring a label into the form in which people would call two the same.

    Case, composition and compatibility forms of letters, kinds and runs of spaces,
    punctuation and leading zeros do not count. Headers, answers and names of participants
    are compared so; names of codes, in which case counts, by :func:`composed`.

    Examples
    --------
    >>> plain("P\u00a0007"), plain("p-7"), plain(" Document_Name: ")
    ('p 7', 'p 7', 'document name')
    """
    if len(label) > LONG:
        return label
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", label).casefold())
    kept = "".join(letter if unicodedata.category(letter)[0] in "LNM" else " " for letter in folded)
    return " ".join(NUMBER.sub(_without_zeros, kept).split())


def _without_zeros(number: re.Match[str]) -> str:
    return "".join(str(unicodedata.digit(letter)) for letter in number[0]).lstrip("0") or "0"


@lru_cache(maxsize=65536)
def composed(name: str) -> str:
    """Return a name with its letters composed (NFC), and spaces of any kind as one space."""
    if len(name) > LONG:
        return name
    return " ".join(unicodedata.normalize("NFC", name).split())


def nearest(label: str, others: Collection[str]) -> str | None:
    """Return the label of `others` that `label` was most likely meant to be, if any."""
    if len(label) > LONG:
        return None
    by_plain: dict[str, str] = {}
    for other in others:
        by_plain.setdefault(plain(other), other)
    found = difflib.get_close_matches(plain(label), by_plain, n=1, cutoff=ENOUGH)
    return by_plain[found[0]] if found else None


def unique(names: Sequence[str]) -> list[str]:
    """Tell equal names apart by a number: the second ``Anna`` becomes ``Anna #2``."""
    seen: dict[str, int] = {}
    taken = set(names)
    told = []
    for name in names:
        count = seen.get(name, 0) + 1
        while count > 1 and f"{name} #{count}" in taken:
            count += 1
        seen[name] = count
        told.append(name if count == 1 else f"{name} #{count}")
        taken.add(told[-1])
    return told


normalise = plain
name_key = composed
