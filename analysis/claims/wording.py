"""Labels as texts that are the same, spelled otherwise, or near to each other."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

__all__ = ["listed", "loose", "nearest", "plain", "quoted"]

ARTICLE = re.compile(r"(?:the|an?) ")


@lru_cache(maxsize=8192)
def plain(label: str) -> str:
    """Return a label without what does not tell labels apart.

    Case, compatibility forms (NFKC), spaces at the ends and repeated ones, an article at
    the start and punctuation at the end.

    Examples
    --------
    >>> plain("The Need for  Financing.") == plain("need for financing")
    True
    """
    text = " ".join(unicodedata.normalize("NFKC", label).casefold().split())
    text = ARTICLE.sub("", text, count=1) if ARTICLE.match(text) else text
    return text.strip(" .,;:!?")


@lru_cache(maxsize=8192)
def loose(label: str) -> str:
    """Return a label without its spaces and punctuation: other spelling, same words."""
    return "".join(letter for letter in plain(label) if letter.isalnum())


@lru_cache(maxsize=8192)
def _nearest(label: str, known: tuple[str, ...]) -> str | None:
    by_plain = {plain(other): other for other in known}
    wanted = plain(label)
    words = set(re.findall(r"\w+", wanted))

    def closeness(other: str) -> float:
        others = set(re.findall(r"\w+", other))
        shared = len(words & others) / max(len(words | others), 1)
        return shared + difflib.SequenceMatcher(None, wanted, other).ratio()

    best = max(by_plain, key=closeness, default=None)
    return by_plain[best] if best is not None and closeness(best) > 0.7 else None


def nearest(label: str, known: Iterable[str]) -> str | None:
    """Return the known label most like another, by its words and letters; None if none is."""
    return _nearest(label, tuple(known))


def quoted(texts: Iterable[str]) -> str:
    """Return texts in quotation marks, listed."""
    return listed([f"“{text}”" for text in texts])


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
