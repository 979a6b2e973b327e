"""Sentences about numbers, for alternative texts."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.numbers import format_number

__all__ = ["counted", "in_list", "of_whole", "said"]


def in_list(items: Sequence[str]) -> str:
    """Join items as a sentence does: a, b and c; with semicolons where an item has a comma.

    Examples
    --------
    >>> in_list(["one", "two", "three"])
    'one, two and three'
    """
    if len(items) < 2:
        return "".join(items)
    mark = "; " if any("," in item for item in items) else ", "
    return f"{mark.join(items[:-1])} and {items[-1]}"


def counted(n: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: "1 coding", "1,704 codings"."""
    return f"{format_number(n)} {one if n == 1 else many or one + 's'}"


def of_whole(n: int, whole: int, noun: str) -> str:
    """Return a part of a whole: "30 of 32 participants"."""
    return f"{format_number(n)} of {format_number(whole)} {noun}"


def said(*sentences: str) -> str:
    """Join sentences, each with its full stop; empty ones fall away."""
    cleaned = [sentence.strip() for sentence in sentences if sentence.strip()]
    return " ".join(text if text[-1] in ".?!" else f"{text}." for text in cleaned)
