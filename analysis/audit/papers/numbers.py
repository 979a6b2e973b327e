"""Numbers as the tables and the text of a paper print them: what they are, what they make."""

from __future__ import annotations

import re

from analysis.audit.arithmetic.percentages import is_share

__all__ = [
    "SIZE",
    "is_between",
    "is_close",
    "is_count",
    "is_decimal",
    "is_fitting",
    "is_hundred",
    "is_like",
    "is_misprint",
    "is_near",
    "is_number",
    "is_share_of",
    "is_union",
    "to_int",
]

# of footnotes, behind a number
MARKS = "*†‡§¶ªº⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍ "
SIZE = re.compile(r"\b[nN]\s*=\s*(\d{1,3}(?:[, \u202f]\d{3})+|\d+)(?![\d.,]*\d)")


def is_number(text: str) -> bool:
    """Tell whether a cell is a whole number, its thousands parted or not."""
    return bool(
        re.fullmatch(r"\s*(?:[0-9]{1,3}(?:[ ,'’\u202f\u2009\u00a0][0-9]{3})+|[0-9]+)\s*", text)
    )


def is_decimal(text: str) -> bool:
    """Tell whether a cell is a number with or without decimals."""
    return bool(re.fullmatch(r"[0-9]+(?:[.,·][0-9]+)?", text))


def is_count(fields: dict[str, str]) -> bool:
    """Tell whether the count of a cell is a whole number."""
    return is_number(fields.get("count", "").rstrip(MARKS))


def to_int(text: str) -> int:
    """Return the digits of a whole number; 0 where there are none."""
    return int(re.sub(r"[^0-9]", "", text) or 0)


def is_fitting(fields: dict[str, str], whole: int) -> bool:
    """Whether a cell's percentage is the share of its count in a whole."""
    return whole > 0 and is_share(fields["percent"], whole, to_int(fields["count"]))


def is_hundred(shares: list[str]) -> bool:
    """Whether percentages add up to 100 within their rounding."""
    values = [share.replace(",", ".").replace("·", ".").strip() for share in shares]
    if len(values) < 2 or not all(re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", one) for one in values):
        return False
    slack = sum(0.5 * 10.0 ** -len(one.partition(".")[2]) for one in values)
    return abs(sum(map(float, values)) - 100) <= slack + 1e-9


def is_between(fields: dict[str, str]) -> bool:
    """Tell whether a median lies between its ends; so does what is no number."""
    try:
        low, middle, high = (
            float(re.sub(r"[−–]", "-", fields[name]).replace(",", ".").replace("·", "."))
            for name in ("low", "median", "high")
        )
    except (KeyError, ValueError):
        return True
    return low <= middle <= high


def is_share_of(printed: str, whole: str, count: str) -> bool:
    """Tell whether a percentage is a count's share of a whole, all three as printed."""
    return is_share(printed, to_int(whole), to_int(count))


def is_misprint(printed: str, whole: str, count: str) -> bool:
    """Whether a percentage is one digit away from the share that it should be."""
    decimals = len(printed.partition(".")[2])
    if not to_int(whole) or to_int(count) > to_int(whole):
        return False
    return is_close(printed, f"{100 * to_int(count) / to_int(whole):.{decimals}f}")


def is_like(one: str, other: str) -> bool:
    """Whether two counts are the same, or one may be a misprint of the other."""
    a, b = to_int(one), to_int(other)
    return a == b or is_near(a, b) or is_close(str(a), str(b))


def is_near(one: int, other: int) -> bool:
    """Whether a count is one away from another, or one of its two or more digits is."""
    return abs(one - other) == 1 or (min(one, other) > 9 and is_close(str(one), str(other)))


# what may be met in several columns and is counted once in their total
IN_SEVERAL = re.compile(
    r"\b(?:species|genera|genus|famil(?:y|ies)|taxa|types?|kinds?|unique|distinct|different|otus?|"
    r"genes?|proteins?|sites?|countries|studies|documents?|sources?|participants?|codes?|themes?|"
    r"categor(?:y|ies)|at least one|any)\b",
    re.IGNORECASE,
)


def is_union(parts: list[int], whole: int, label: str) -> bool:
    """Whether a total may count once what stands in several parts.

    It lies between the largest part and their sum; a misprint, rather, changes one digit.
    """
    if not max(parts, default=0) <= whole < sum(parts):
        return False
    if IN_SEVERAL.search(label):
        return True
    gap = str(sum(parts) - whole)
    return bool(gap.rstrip("0")[1:])


def is_close(one: str, other: str) -> bool:
    """Whether two printed numbers differ by one digit, or by two that are swapped."""
    if len(one) != len(other) or one == other:
        return False
    odd = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(odd) == 1:
        return True
    if len(odd) != 2:
        return False
    return one[odd[0]] == other[odd[1]] and one[odd[1]] == other[odd[0]]
