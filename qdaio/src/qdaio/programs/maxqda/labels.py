"""Telling document, group, code and coder apart among columns of short labels."""

from __future__ import annotations

from collections.abc import Sequence

from qdaio.labels import normalise
from qdaio.programs.maxqda.profile import Profile
from qdaio.programs.maxqda.words import STEMS

__all__ = ["label_columns"]

LONGEST = 100  # characters of a label, on average


def label_columns(
    columns: Sequence[Profile], found: dict[str, Profile], dates: Sequence[Profile]
) -> dict[str, list[Profile]]:
    """Find document, group, code and coder; add them to `found`.

    Returns
    -------
    dict of str to list of Profile
        What could not be told: the columns that it may be. A guess would put names of
        documents among the codes, so nothing is guessed.
    """
    rest = [item for item in columns if item.mean_length <= LONGEST]
    for number, date in enumerate(dates):
        left = next((item for item in rest if item.place == date.place - 1), None)
        if left is not None:
            rest.remove(left)
            if number == 0:
                found["coder"] = left
    if comment := next((item for item in rest if _named(item, "comment")), None):
        rest.remove(comment)
        found["comment"] = comment
    rest = [item for item in rest if item.distinct < 0.9 or item.paths]
    for name in ("group", "document", "code"):
        named = [item for item in rest if _named(item, name)]
        if name not in found and len(named) == 1:
            found[name] = named[0]
            rest.remove(named[0])
    if "document" in found and "code" in found:
        return {}
    return _by_structure(rest, found)


def _named(item: Profile, name: str) -> bool:
    """Say whether a word of the header starts as the word does in many languages."""
    words = normalise(item.header).split()
    if name == "document" and _named(item, "group"):
        return False
    return any(
        word.startswith(stem) or (not stem.isascii() and stem in word)
        for stem in STEMS[name]
        for word in words
    )


def _by_structure(rest: list[Profile], found: dict[str, Profile]) -> dict[str, list[Profile]]:
    """Use that a document belongs to one group, and that groups stand left of documents."""
    lacking = [name for name in ("document", "code") if name not in found]
    if len(rest) == 1 and len(lacking) == 1:
        found[lacking[0]] = rest[0]
        return {}
    if lacking == ["document"] and len(rest) == 2:
        one, other = rest
        if _determines(one, other) != _determines(other, one):
            document, group = (one, other) if _determines(one, other) else (other, one)
            found["document"] = document
            found.setdefault("group", group)
            return {}
    return {name: list(rest) for name in lacking}


def _determines(one: Profile, other: Profile) -> bool:
    """Say whether equal values of `one` always stand beside equal values of `other`."""
    seen: dict[str | None, str | None] = {}
    return all(
        seen.setdefault(key, value) == value
        for key, value in zip(one.values, other.values, strict=True)
    )
