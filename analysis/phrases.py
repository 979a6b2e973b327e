"""Words that products share: lists and counts in sentences, and how synthetic data are named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

__all__ = [
    "CATEGORIES",
    "CODINGS",
    "DOCUMENTS",
    "GROUPS",
    "NOT_REPORTED",
    "PARTICIPANTS",
    "SYNTHETIC_COLUMN",
    "SYNTHETIC_MARK",
    "SYNTHETIC_NOTE",
    "counted",
    "in_sentence",
    "in_words",
    "level_words",
    "listing",
    "natural_order",
    "not_shown",
    "of_all",
    "of_whole",
    "plural",
    "quoted",
    "said",
    "some",
    "times",
]


Words = tuple[str, str]  # one, several


def listing(items: Iterable[str]) -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> listing(["a", "b", "c"])
    'a, b and c'
    >>> listing(["time and money", "trust", "hope"])
    'time and money; trust; and hope'
    """
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    if any(", " in word or " and " in word for word in words) and len(words) > 2:
        return f"{'; '.join(words[:-1])}; and {words[-1]}"
    if len(words) == 2 and ", " in words[0]:
        return f"{words[0]}; and {words[1]}"
    if len(words) == 2 and any(" and " in word for word in words):
        return f"{words[0]}, and {words[1]}"
    return f"{', '.join(words[:-1])} and {words[-1]}"


def quoted(words: Iterable[str]) -> list[str]:
    """Put each word between quotation marks, as messages do."""
    return [f'"{word}"' for word in words]


def some(items: Sequence[str], shown: int = 6) -> str:
    """List the first few, and say how many more there are.

    Examples
    --------
    >>> some(["a", "b", "c"], shown=2)
    'a, b and 1 more'
    """
    more = len(items) - shown
    return ", ".join(items[:shown]) + (f" and {more} more" if more > 0 else "")


def in_sentence(name: str) -> str:
    """Lower the first letter of a name, unless it begins with an acronym or a proper name.

    Examples
    --------
    >>> in_sentence("Law reform"), in_sentence("GP access"), in_sentence("Welfare Office closed")
    ('law reform', 'GP access', 'Welfare Office closed')
    """
    first, _, rest = name.partition(" ")
    if rest[:1].isupper():
        return name
    if sum(letter.isupper() for letter in first) > 1 or any(letter.isdigit() for letter in first):
        return name
    return name[:1].lower() + name[1:]


def counted(n: int, names: Sequence[str]) -> str:
    """Write a count with its noun: ``counted(1, ["code", "codes"])`` is "1 code"."""
    return f"{n:,} {names[0] if n == 1 else names[1]}"


def not_shown(n: int, more: Sequence[str] = ("more is", "more are")) -> str:
    """Say how many a figure has no room for; nothing where it shows all."""
    return f"{counted(n, more)} not shown." if n > 0 else ""


def times(n: int) -> str:
    """Say how often: "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(n, f"{n:,} times")


def in_words(n: int) -> str:
    """Write a small number as a word, as running text does, and others in digits.

    Examples
    --------
    >>> in_words(3), in_words(12)
    ('three', '12')
    """
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[n] if 0 <= n < len(words) else f"{n:,}"


def plural(noun: str) -> str:
    """Return the plural of an English noun by the common rule.

    Examples
    --------
    >>> plural("Category"), plural("Code"), plural("Class"), plural("Way")
    ('Categories', 'Codes', 'Classes', 'Ways')
    """
    if re.search(r"[^aeiou]y$", noun, flags=re.IGNORECASE):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(s|x|z|ch|sh)$", noun, flags=re.IGNORECASE) else "s")


# what tables call those of whom something is not known
NOT_REPORTED = "Not reported"


def of_whole(n: int, whole: int, noun: str) -> str:
    """Return a part of a whole: "30 of 32 participants"."""
    return f"{n:,} of {whole:,} {noun}"


def of_all(n: int, names: Sequence[str]) -> str:
    """Name a whole that is complete: "all 32 participants", "both documents", "the one diary"."""
    if n == 1:
        return f"the one {names[0]}"
    return f"both {names[1]}" if n == 2 else f"all {n:,} {names[1]}"


def said(*sentences: str) -> str:
    """Join sentences, each with its full stop; empty ones fall away."""
    cleaned = [sentence.strip() for sentence in sentences if sentence.strip()]
    return " ".join(text if text[-1] in ".?!" else f"{text}." for text in cleaned)


# what is counted, in the singular and in the plural
CATEGORIES = ("category", "categories")
CODINGS = ("coding", "codings")
DOCUMENTS = ("document", "documents")
GROUPS = ("group", "groups")
PARTICIPANTS = ("participant", "participants")

SYNTHETIC_MARK = "Synthetic data"
SYNTHETIC_NOTE = "Synthetic data: a reconstruction, not observations of real participants."
# last column of every CSV, and what stands in it
SYNTHETIC_COLUMN = ("data_status", "synthetic")


def natural_order(labels: Iterable[str]) -> list[str]:
    """Sort labels as people do: numbers inside them as numbers, all else without case.

    Examples
    --------
    >>> natural_order(["P10", "p2", "P1"])
    ['P1', 'p2', 'P10']
    """

    def key(label: str) -> tuple[tuple[int, int, str], ...]:
        return tuple(
            (0, int(part), "") if part.isdigit() else (1, 0, part.casefold())
            for part in re.split(r"(\d+)", str(label))
            if part
        )

    return sorted(labels, key=key)


def level_words(levels: Sequence[str], plurals: Sequence[str], deepest: int) -> list[Words]:
    """Return what the codes of each level are called inside a sentence, one and several.

    Where the study file names no levels, they are categories, subcategories and codes; where
    it gives no plurals, those of a rule.

    Examples
    --------
    >>> level_words(["Category", "Code"], [], 2)
    [('category', 'categories'), ('code', 'codes')]
    >>> level_words([], [], 3)
    [('category', 'categories'), ('subcategory', 'subcategories'), ('code', 'codes')]
    """
    if not levels:
        names = ["category", *["subcategory"] * (deepest - 2), "code"][-deepest:]
        return [(name, plural(name)) for name in names]
    many = list(plurals) or [plural(name) for name in levels]
    words = [(in_sentence(one), in_sentence(more)) for one, more in zip(levels, many, strict=True)]
    return words + [("code", "codes")] * (deepest - len(words))
