"""Sentences about numbers, for alternative texts."""

from __future__ import annotations

from analysis.numbers import format_number

__all__ = ["counted", "of_whole", "said"]


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
