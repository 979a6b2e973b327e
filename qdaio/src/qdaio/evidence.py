"""What speaks for a place in a text: a quotation that stands there, a word that ends there."""

from __future__ import annotations

import unicodedata

__all__ = ["find_quote", "is_boundary", "is_quote"]

NEARBY = 2_000
SLACK = 1_000
LONG_QUOTE = 30  # a name cut off without an ellipsis is at least this long

# Scripts that write no spaces between words: every place in them is a boundary.
UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0xA4CF),  # Chinese, Japanese, Yi
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


def is_boundary(text: str, index: int) -> bool:
    """Whether no word goes on across this index of the text; never for −1, no index."""
    if index < 0:
        return False
    if index in (0, len(text)):
        return True
    return not (_is_word(text[index - 1]) and _is_word(text[index]))


def _is_word(character: str) -> bool:
    if not character.isalnum():
        return False
    point = ord(character)
    return point < 0x0E00 or not any(first <= point <= last for first, last in UNSPACED)


def is_quote(quote: str, text: str, start: int, end: int) -> bool:
    """Whether `quote`, which may be cut off or spaced otherwise, stands at a place of the text."""
    last = min(end, start + 2 * len(quote) + SLACK)  # a quote of a whole book is not compared
    found = text[start:last]
    if quote == found:
        return True
    shown, whole = _bare(quote), _bare(found)
    if shown == whole and last == end:
        return True
    cut = shown.removesuffix("…").removesuffix("...")
    if len(cut) < len(shown):
        return bool(cut) and whole.startswith(cut)
    return len(shown) >= LONG_QUOTE and whole.startswith(shown)


def _bare(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(text.split()))


def find_quote(text: str, quote: str, expected: int) -> int:
    """Where a quotation stands: nearest to `expected`, or once in the whole text."""
    low = max(0, min(expected, len(text)) - NEARBY)
    window = text[low : low + 2 * NEARBY + len(quote)]
    places = []
    at = window.find(quote)
    while at >= 0:
        places.append(low + at)
        at = window.find(quote, at + 1)
    if places:
        return min(places, key=lambda index: abs(index - expected))
    only = text.find(quote)
    return only if only >= 0 and text.find(quote, only + 1) < 0 else -1
