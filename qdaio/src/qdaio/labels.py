"""Labels that should be the same but are written differently, and the nearest of many."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

__all__ = [
    "JoinFailure",
    "LabelJoin",
    "closest",
    "composed",
    "did_you_mean",
    "is_total",
    "join_labels",
    "nearest",
    "plain",
    "unique",
]

ENOUGH = 0.6
LONG = 1_000  # letters from which on a text is no label, and stays as it is
NUMBER = re.compile(r"\d+")
MOST_OF_TOTAL = 40  # letters of a label of a sum


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


# what people and programs call the row or column that sums up the others
TOTALS = frozenset(
    plain(word)
    for word in """
    total|totals|grand total|sum|sums|subtotal|sub total|overall total|total sum
    gesamt|summe|insgesamt|gesamtsumme|gesamtergebnis|zwischensumme|gesamtzahl
    somme|total général|sous total|total general|total geral|suma|suma total|soma|total parcial
    totale|totale complessivo|totale generale|somma|subtotale
    totaal|eindtotaal|som|subtotaal|razem|łącznie|ogółem|suma końcowa|suma częściowa
    итого|всего|сумма|общий итог|всего кодов|разом|усього
    toplam|genel toplam|ara toplam|المجموع|مجموع|الإجمالي|المجموع الكلي|جمع|جمع کل|مجموع کل
    合計|総計|小計|总计|總計|合计|总和|小计|합계|총계|totalt|summa|i alt|sammenlagt
    celkem|součet|összesen|yhteensä|σύνολο|סך הכל|סהכ
    """.replace("\n", "|").split("|")
    if word.strip()
) | {"σ"}


def is_total(label: object) -> bool:
    """Say whether a label is that of a sum, as people write below a table.

    Examples
    --------
    >>> is_total("TOTAL:"), is_total("Gesamt (n = 89)"), is_total("Total quality")
    (True, True, False)
    """
    if not isinstance(label, str) or len(label) > MOST_OF_TOTAL or label[:1].isdigit():
        return False
    words = [word for word in plain(label).split() if not word.isdigit()]
    if len(words) > 1 and words[-1] == "n":
        words.pop()
    return " ".join(words) in TOTALS


@lru_cache(maxsize=65536)
def composed(name: str) -> str:
    """Return a name with its letters composed (NFC), and spaces of any kind as one space."""
    if len(name) > LONG:
        return name
    return " ".join(unicodedata.normalize("NFC", name).split())


def closest(
    label: str, others: Collection[str], *, count: int, enough: float = ENOUGH
) -> list[str]:
    """Return the labels of `others` that look like `label`, the most similar first.

    `enough` is the least similarity, between 0 and 1, of two labels in their plain forms.
    """
    if len(label) > LONG:
        return []
    by_plain: dict[str, str] = {}
    for other in others:
        by_plain.setdefault(plain(other), other)
    found = difflib.get_close_matches(plain(label), by_plain, n=count, cutoff=enough)
    return [by_plain[form] for form in found]


def nearest(label: str, others: Collection[str], *, enough: float = ENOUGH) -> str | None:
    """Return the label of `others` that `label` was most likely meant to be, if any."""
    return next(iter(closest(label, others, count=1, enough=enough)), None)


def did_you_mean(near: str | Sequence[str] | None, remedy: str = "", *, otherwise: str = "") -> str:
    """Return the remedy for an unknown name, beginning with the names it may stand for.

    Parameters
    ----------
    near : str or sequence of str, optional
        What :func:`nearest` or :func:`closest` found.
    remedy : str
        What to do in any case.
    otherwise : str
        What to do first where nothing was found.

    Examples
    --------
    >>> did_you_mean(nearest("Gendr", ["Age", "Gender"]), "Correct the name.")
    'Did you mean "Gender"? Correct the name.'
    >>> did_you_mean(nearest("Town", ["Age", "Gender"]), otherwise="Remove the column.")
    'Remove the column.'
    """
    names = [near] if isinstance(near, str) else near
    asked = " or ".join(f'"{name}"' for name in names or ())
    return f"{f'Did you mean {asked}?' if asked else otherwise} {remedy}".strip()


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


@dataclass(frozen=True, slots=True)
class JoinFailure:
    """A label without a partner, the label that was probably meant, and how they differ."""

    label: str
    candidate: str | None
    why: str | None


@dataclass(frozen=True, slots=True)
class LabelJoin:
    """Two lists of labels joined.

    Attributes
    ----------
    matches : tuple of str
        Labels that stand in both lists, exactly.
    left, right : tuple of JoinFailure
        Those of one list only.
    """

    matches: tuple[str, ...]
    left: tuple[JoinFailure, ...]
    right: tuple[JoinFailure, ...]


def join_labels(left: Sequence[str], right: Sequence[str]) -> LabelJoin:
    """Join two lists of labels, and say of each that finds no partner which one is nearest.

    Only equal labels are joined: whether "P1" and "P01" are one person is for the study's
    author to say.

    Examples
    --------
    >>> joined = join_labels(["P1", "P2"], ["P1", "Interview P2"])
    >>> joined.matches, joined.left[0].candidate, joined.left[0].why
    (('P1',), 'Interview P2', 'one is a part of the other')
    """
    both = set(left) & set(right)
    alone = [label for label in dict.fromkeys(left) if label not in both]
    others = [label for label in dict.fromkeys(right) if label not in both]
    return LabelJoin(
        matches=tuple(label for label in dict.fromkeys(left) if label in both),
        left=tuple(_failure(label, others) for label in alone),
        right=tuple(_failure(label, alone) for label in others),
    )


def _failure(label: str, others: Sequence[str]) -> JoinFailure:
    for why, form in FORMS:
        for other in others:
            if form(other) == form(label):
                return JoinFailure(label, other, why)
    words = plain(label).split()
    inside = [other for other in others if _contains(plain(other).split(), words)]
    if len(inside) == 1:
        return JoinFailure(label, inside[0], "one is a part of the other")
    near = nearest(label, others)
    return JoinFailure(label, near, "they look alike" if near else None)


def _letters(label: str) -> str:
    return unicodedata.normalize("NFC", label)


def _spaced(label: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", label).split())


def _compact(label: str) -> str:
    return plain(re.sub(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)", " ", label))


FORMS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("only the composition of letters differs (NFC, NFD)", _letters),
    ("only spaces differ", _spaced),
    ("only upper and lower case differ", lambda label: _spaced(label).casefold()),
    ("only leading zeros or punctuation differ", _compact),
)


def _contains(one: list[str], other: list[str]) -> bool:
    short, long = sorted((one, other), key=len)
    return bool(short) and any(
        long[start : start + len(short)] == short for start in range(len(long) - len(short) + 1)
    )
