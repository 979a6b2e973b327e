"""Labels that are the same or near to each other, and numbers and lists inside sentences."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache

__all__ = [
    "by_number",
    "fraction_text",
    "listed",
    "loose",
    "most_like",
    "number",
    "plain",
    "quoted",
]

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
def _most_like(label: str, known: tuple[str, ...]) -> str | None:
    by_plain = {plain(other): other for other in known}
    wanted = plain(label)
    words = set(re.findall(r"\w+", wanted))

    def closeness(other: str) -> float:
        others = set(re.findall(r"\w+", other))
        shared = len(words & others) / max(len(words | others), 1)
        return shared + difflib.SequenceMatcher(None, wanted, other).ratio()

    best = max(by_plain, key=closeness, default=None)
    return by_plain[best] if best is not None and closeness(best) > 0.7 else None


def most_like(label: str, known: Iterable[str]) -> str | None:
    """Return the known label most like another, by its words and letters; None if none is."""
    return _most_like(label, tuple(known))


def quoted(texts: Iterable[str]) -> str:
    """Return texts in quotation marks, listed."""
    return listed([f"“{text}”" for text in texts])


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def number(value: Fraction | float, decimals: int = 6) -> str:
    """Print a number in full where it is short, else cut off with … at the end.

    Examples
    --------
    >>> number(Fraction(300, 7), 3), number(1704)
    ('42.857…', '1,704')
    """
    # metrics keep ten decimals of a fraction, so its float is that fraction but for noise
    exact = value if isinstance(value, Fraction) else Fraction(str(value))
    unit = 10**decimals
    whole, rest = divmod(abs(exact) * unit, 1)
    units, part = divmod(int(whole), unit)
    sign = "−" if exact < 0 else ""
    text = f"{sign}{units:,}.{part:0{decimals}d}" if decimals else f"{sign}{units:,}"
    return f"{text}…" if rest else (text.rstrip("0").rstrip(".") if decimals else text)


def fraction_text(numerator: int, denominator: int, decimals: int) -> str:
    """Return a fraction cut off after some decimals, with … where it goes on.

    Examples
    --------
    >>> fraction_text(300, 7, 3)
    '42.857…'
    >>> fraction_text(100, 4, 2)
    '25'
    """
    unit = 10**decimals
    digits, rest = divmod(abs(numerator) * unit, denominator)
    whole, part = divmod(digits, unit)
    sign = "−" if numerator < 0 else ""
    text = f"{sign}{whole}.{part:0{decimals}d}" if decimals else f"{sign}{whole}"
    if rest:
        return f"{text}…"
    return text.rstrip("0").rstrip(".") if decimals else text


def by_number(participants: Iterable[str]) -> list[str]:
    """Return participants in the order of their numbers, the first as ``No. 6``."""
    ordered = sorted(participants, key=lambda p: (not p.isdigit(), len(p), p))
    return [f"No. {ordered[0]}", *ordered[1:]] if ordered else []
