"""Labels that should be the same but are written differently, and the nearest of many."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

__all__ = ["name_key", "nearest", "normalise", "plain", "unique"]

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


@lru_cache(maxsize=4096)
def normalise(label: str) -> str:
    r"""Bring a header into the form in which headers are compared.

    Case, compatibility forms, kinds and runs of spaces, and punctuation do not count.

    Examples
    --------
    >>> normalise("Coverage\u00a0%"), normalise(" Document_Name: ")
    ('coverage', 'document name')
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", label).casefold())
    kept = "".join(letter if unicodedata.category(letter)[0] in "LNM" else " " for letter in folded)
    return " ".join(kept.split())


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """Return a name as it is compared: composed (NFC), spaces of any kind as one space."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def unique(names: list[str]) -> list[str]:
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
