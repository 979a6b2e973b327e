"""Numbers as they are printed: kept as text, so that trailing zeros carry precision.

36.570 says more than 36.57. A number is held as whole digits and a count of decimals,
never as a binary float, so that every later comparison is exact.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

__all__ = ["MOST_DIGITS", "NOT_REPORTED", "Numbers", "Printed", "parse_number", "read_numbers"]

MOST_DIGITS = 12
NOT_REPORTED = frozenset(
    {"", "-", "–", "—", "−", ".", "..", "...", "…", "/", "na", "n/a", "n.a.", "nr", "n/r", "n.r."}
    | {"nd", "n.d.", "none", "not reported", "not available", "not applicable", "missing"}
)
FOOTNOTES = "*†‡§¶#ªº⁰¹²³⁴⁵⁶⁷⁸⁹"
# a letter right after a digit points at a note below the table: 36.55a, 36.55ᵃ
LETTER = re.compile(r"(?<=[0-9])(?:\s?[ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ]+|[a-f])$")
MINUS = re.compile("[\u2010-\u2014\u2212\ufe63\uff0d]")
SPACES = re.compile(r"\s")
RELATIONS = {"≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">="}
NUMBER = re.compile(
    r"(?P<relation><=|>=|<|>)? ?(?P<sign>[-+])? ?"
    r"(?P<whole>\d{1,3}(?P<comma>[ ,'’])\d{3}(?:(?P=comma)\d{3})*|\d+)?"
    r"(?:\.(?P<decimals>\d+))?"
)
DECIMAL_COMMA = re.compile(
    r"(?P<relation><=|>=|<|>)? ?(?P<sign>[-+])? ?"
    r"(?P<whole>\d{1,3}(?P<point>[ .'’])\d{3}(?:(?P=point)\d{3})*|\d+)?,(?P<decimals>\d+)"
)
SIMPLE = re.compile(r"(?a:\d{1,5}(?:\.(\d{1,2}|\d{4,7}))?)")
# 1,704 may be a large number or one with three decimals; so may 1.704 beside decimal commas
EITHER = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")
MARKS = ("", ".", ",", "?.", "?,")
# 36·55, as the Lancet prints it
POINTS = "·∙⋅‧"


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as it is printed.

    Attributes
    ----------
    text : str
    digits : int
        The number without its point: 3657 for 36.57.
    decimals : int
    relation : {"=", "<", "<=", ">", ">="}
        ``<0.1`` is a bound, not a value.
    mark : {"", ".", ",", "?.", "?,"}
        The decimal mark that it uses; with ``?`` where the mark may be one between
        thousands instead: ``1,704`` is read as 1704, ``1.704`` as a little under two.
    """

    text: str
    digits: int
    decimals: int
    relation: str = "="
    mark: str = ""

    @property
    def value(self) -> Decimal:
        """The number with its decimals, exactly."""
        return Decimal(self.digits).scaleb(-self.decimals)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Many printed numbers, in columns.

    Attributes
    ----------
    digits, decimals : ndarray of int64
        As in :class:`Printed`; 0 where the number is not known.
    known : ndarray of bool
        Whether a number stands there.
    relation : ndarray of str
    mark : ndarray of str
    faults : dict of int to str
        Position and reason of each text that is no number.
    is_value : ndarray of bool
        Whether a number stands there that is no mere bound.
    """

    digits: np.ndarray
    decimals: np.ndarray
    known: np.ndarray
    relation: np.ndarray
    mark: np.ndarray
    faults: dict[int, str]
    is_value: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_value", self.known & (self.relation == "="))

    def __len__(self) -> int:
        return len(self.digits)

    def take(self, rows: np.ndarray) -> Numbers:
        """Return the numbers at these positions, or where this mask holds."""
        return Numbers(
            self.digits[rows],
            self.decimals[rows],
            self.known[rows],
            self.relation[rows],
            self.mark[rows],
            {},
        )


def parse_number(text: str | None, *, percent: bool = False) -> Printed | None:
    """Read one printed number.

    Parameters
    ----------
    text : str or None
        Thousands may be parted by commas, spaces (also no-break and thin ones) or
        apostrophes; the whole part may be missing (``.36``); the minus may be any dash;
        digits may be of any script; marks of a footnote (``*``, ``†``) are left out.
    percent : bool
        Whether a ``%`` may follow.

    Returns
    -------
    Printed or None
        None where the text says that the number is not reported (``–``, ``NR``).

    Raises
    ------
    ValueError
        When the text is no number; the message says what is wrong with it.

    Examples
    --------
    >>> parse_number("36.570")
    Printed(text='36.570', digits=36570, decimals=3, relation='=', mark='?.')
    >>> parse_number("1,704").digits
    1704
    >>> parse_number("−.50").value
    Decimal('-0.50')
    >>> parse_number("NR") is None
    True
    """
    if text is not None and (simple := SIMPLE.fullmatch(text)):
        # most cells: plain digits that no separator of thousands can confuse
        return Printed(
            text, int(text.replace(".", "")), len(simple[1] or ""), "=", "." * ("." in text)
        )
    plain = _plain(text)
    if plain.casefold() in NOT_REPORTED:
        return None
    if percent:
        plain = plain.removesuffix("%").rstrip()
    match = NUMBER.fullmatch(plain)
    comma = DECIMAL_COMMA.fullmatch(plain)
    if match and match["comma"] == "," and match["whole"].startswith("0"):
        match = None
    if not match or not (match["whole"] or match["decimals"]):
        match = comma
    if not match:
        raise ValueError("no number")
    decimals = match["decimals"] or ""
    digits = re.sub(r"\D", "", match["whole"] or "") + decimals
    if len(digits.lstrip("0")) > MOST_DIGITS or len(decimals) > MOST_DIGITS:
        raise ValueError(f"more than {MOST_DIGITS} digits")
    mark = "" if not decimals else "," if match is comma else "."
    if EITHER.fullmatch(plain.lstrip("<>= ")):
        mark = "?" + ("," if "," in plain else ".")
    number = -int(digits) if match["sign"] == "-" else int(digits)
    return Printed(str(text), number, len(decimals), match["relation"] or "=", mark)


def read_numbers(
    texts: Sequence[str | None],
    parse: Callable[[str | None], Printed | None] = parse_number,
) -> Numbers:
    """Read many printed numbers; those that are none are listed, not raised.

    Parameters
    ----------
    texts : sequence of str or None
    parse : callable
        What reads one text, :func:`parse_number` or the like.
    """
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    at = np.fromiter(map(places.__getitem__, texts), dtype=np.int64, count=len(texts))
    nothing = (0, 0, False, "=", "")
    rows = [nothing] * len(places)
    reasons: dict[int, str] = {}
    for text, place in places.items():
        try:
            number = parse(text)
        except ValueError as error:
            reasons[place] = str(error)
            continue
        if number is not None:
            rows[place] = (number.digits, number.decimals, True, number.relation, number.mark)
    digits, decimals, known, relation, mark = zip(*(rows or [nothing]), strict=True)
    faults = {}
    if reasons:
        faults = {row: reasons[at] for row, at in enumerate(at.tolist()) if at in reasons}
    return Numbers(
        np.array(digits, dtype=np.int64)[at],
        np.array(decimals, dtype=np.int64)[at],
        np.array(known, dtype=bool)[at],
        np.array(relation, dtype="<U2")[at],
        np.array(mark, dtype="<U2")[at],
        faults,
    )


def _plain(text: str | None) -> str:
    """Return a text with plain digits, minus, spaces and relations."""
    if text is None:
        return ""
    if not text.isascii():
        text = MINUS.sub("-", text)
        text = "".join(_plain_letter(letter) for letter in text)
    text = SPACES.sub(" ", text).strip().rstrip(FOOTNOTES).rstrip()
    return LETTER.sub("", text)


def _plain_letter(letter: str) -> str:
    if letter in "٫٬":
        return "." if letter == "٫" else ","
    if letter in POINTS:
        return "."
    if letter in RELATIONS:
        return RELATIONS[letter]
    digit = unicodedata.decimal(letter, None)
    return letter if digit is None else str(digit)
