"""Values as they are printed: whole numbers, decimals, ranges and dates."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import partial

import numpy as np

from analysis.audit.arithmetic.printed import Numbers, Printed, parse_number, read_numbers
from analysis.audit.ledger.cells import ends_of
from analysis.audit.ledger.columns import (
    COLUMN_OF,
    DATA_KINDS,
    DECIMALS,
    EXPECTED,
    WHOLE_NUMBERS,
    Texts,
)
from analysis.audit.ledger.links import Day
from qdaio.faults import FaultList
from qdaio.labels import did_you_mean, nearest

__all__ = [
    "WORDS",
    "borrow",
    "check_scales",
    "check_unread",
    "parse_count",
    "parse_days",
    "parse_range",
    "read_data",
    "read_decimals",
    "read_declared",
    "read_whole_numbers",
]

LARGEST = 10**9
WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
)
MONTHS = {name.casefold(): at for at, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.casefold(): at for at, name in enumerate(calendar.month_abbr) if name}
BETWEEN = re.compile(r"\s+(?:to|or|and|through)\s+|\s*[-\u2010-\u2015\u2212]\s*", re.IGNORECASE)
ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
MONTH_FIRST = re.compile(r"([a-z]+)\.? (?:(\d{1,2})(?:st|nd|rd|th)?,? )?(\d{4})")
DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([a-z]+)\.?,? (\d{4})")


def parse_count(text: str | None) -> Printed | None:
    """Read a whole number, also a word from zero to twenty.

    Raises
    ------
    ValueError
        When it is none, or too large.
    """
    word = (text or "").strip().casefold()
    if word in WORDS:
        return Printed(str(text), WORDS.index(word), 0)
    number = parse_number(text)
    if number is None:
        return None
    if (number.decimals and number.mark != "?,") or number.digits < 0:
        raise ValueError(f"no whole number from 0 to {LARGEST:,}")
    if number.digits > LARGEST:
        raise ValueError(f"no whole number from 0 to {LARGEST:,}")
    return replace(number, decimals=0)


def read_whole_numbers(
    texts: Texts, set_aside: list[tuple[int, str, str, str]]
) -> dict[str, Numbers]:
    """Read the columns of whole numbers; what is none is set aside."""
    result = {}
    for column in WHOLE_NUMBERS:
        numbers = read_numbers(texts[column], parse_count)
        _put_aside(numbers, texts[column], column, set_aside)
        result[column] = numbers
    return result


def _put_aside(
    numbers: Numbers,
    texts: Sequence[str | None],
    column: str,
    set_aside: list[tuple[int, str, str, str]],
) -> None:
    for at, reason in numbers.faults.items():
        set_aside.append((at, column, texts[at] or "", f"{reason} is read from it"))


def read_decimals(texts: Texts, set_aside: list[tuple[int, str, str, str]]) -> dict[str, Numbers]:
    """Read columns of numbers with decimals, by the decimal mark that the file uses.

    A file with decimal points reads ``1,704`` as a large number, one with decimal commas as
    a small one; where nothing shows which, or both stand side by side, it is set aside.
    """
    result = {}
    for column in DECIMALS:
        result[column] = read_numbers(
            texts[column], partial(parse_number, percent=column == "percent")
        )
        _put_aside(result[column], texts[column], column, set_aside)
    marks = {str(mark) for numbers in result.values() for mark in np.unique(numbers.mark)}
    doubtful = set()
    if "," in marks:
        # commas are decimal marks: 1.704 and 36.57 are the odd ones out, and 1,704 is none
        doubtful = {".", "?."} & marks
        if "." in marks:
            doubtful = {",", "?,"} & marks
    elif "?," in marks and "." not in marks:
        doubtful = {"?,"}
    for column, numbers in result.items():
        is_doubtful = np.isin(numbers.mark, list(doubtful))
        for at in np.flatnonzero(is_doubtful).tolist():
            reason = "its comma or point may part decimals or thousands; write a point (36.57)"
            set_aside.append((at, column, texts[column][at] or "", reason))
        if "," in marks and "." not in marks:
            decimals = np.where(numbers.mark == "?,", 3, numbers.decimals)
            numbers = replace(numbers, decimals=decimals)
        result[column] = replace(numbers, known=numbers.known & ~is_doubtful)
    return result


def read_declared(
    texts: Texts, rows: Sequence[int], file: str, faults: FaultList
) -> dict[str, Numbers]:
    """Read what the ledger's author declares in whole numbers: items, and answers missing."""
    result = {}
    for column, limit in (("items", 1), ("missing", 0)):
        result[column] = read_numbers(texts[column], parse_count)
        wrong = {*result[column].faults}
        wrong |= set(
            np.flatnonzero(result[column].known & (result[column].digits < limit)).tolist()
        )
        for at in sorted(wrong):
            faults.add(
                kind="not-a-whole-number",
                file=file,
                row=rows[at],
                column=column,
                found=f'"{texts[column][at]}"',
                expected=f"a whole number from {limit} to {LARGEST:,}",
                remedy="Correct the cell, or leave it empty.",
            )
    return result


def read_data(
    texts: Sequence[str | None],
    items: Numbers,
    rows: Sequence[int],
    file: str,
    faults: FaultList,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read the column ``data``; counted items declare whole numbers by themselves."""
    kinds = np.array([(text or "").casefold() for text in texts], dtype=str)
    for at in np.flatnonzero(~np.isin(kinds, ["", *DATA_KINDS])).tolist():
        near = nearest(str(kinds[at]), DATA_KINDS)
        faults.add(
            kind="unknown-kind",
            file=file,
            row=rows[at],
            column="data",
            found=f'"{texts[at]}"',
            expected=", ".join(DATA_KINDS) + ", or nothing",
            remedy=did_you_mean(near, otherwise="Leave it empty if it is not known."),
        )
    is_continuous = kinds == "continuous"
    for at in np.flatnonzero(is_continuous & items.known).tolist():
        faults.add(
            kind="contradiction",
            file=file,
            row=rows[at],
            column="items",
            found="a number of items for continuous data",
            expected="items for answers that are means of whole numbers",
            remedy="Remove the items, or declare the data as integer.",
        )
    is_binary = kinds == "binary"
    is_integer = (kinds == "integer") | is_binary | ((kinds == "") & items.known)
    return is_integer, is_binary, is_continuous


def check_scales(
    low: Numbers, high: Numbers, rows: Sequence[int], file: str, faults: FaultList
) -> None:
    """Find scales whose least value is above their largest."""
    values = [numbers.digits * 10.0**-numbers.decimals for numbers in (low, high)]
    for at in np.flatnonzero(low.is_value & high.is_value & (values[0] > values[1])).tolist():
        faults.add(
            kind="empty-scale",
            file=file,
            row=rows[at],
            column="min",
            found=f"min {values[0][at]:g} above max {values[1][at]:g}",
            expected="the least and the largest value that can occur",
            remedy="Swap or correct the two.",
        )


def check_unread(
    texts: Texts,
    kinds: Sequence[str],
    set_aside: Iterable[tuple[int, str, str, str]],
    rows: Sequence[int],
    file: str,
    faults: FaultList,
) -> None:
    """Call a value a fault that its own row calls a number: the kind or the value is wrong."""
    for at, column, text, _ in set_aside:
        if not kinds[at] or COLUMN_OF.get(kinds[at]) != column:
            continue
        faults.add(
            kind="not-a-value",
            file=file,
            row=rows[at],
            column="printed",
            found=f'"{text}"',
            expected=f"{EXPECTED.get(kinds[at], 'a number')}, as its kind is {kinds[at]}",
            remedy="Write the value as it is printed, without its unit, or correct the kind.",
        )


def borrow(
    numbers: dict[str, Numbers],
    beside: Mapping[int, Sequence[int]],
    wholes: np.ndarray,
    kinds: Sequence[str],
) -> None:
    """Fill in what other rows state: the whole by its id, the mean of an SD, the count of a %."""
    rows = np.flatnonzero(wholes >= 0)
    if len(rows):
        counts, sizes = numbers["count"], numbers["n"]
        stated = np.where(counts.is_value, counts.digits, sizes.digits)
        is_known = counts.is_value | sizes.is_value
        whole = numbers["whole"]
        digits, known = whole.digits.copy(), whole.known.copy()
        digits[rows], known[rows] = stated[wholes[rows]], is_known[wholes[rows]]
        numbers["whole"] = replace(whole, digits=digits, known=known)
    for column, kind in (("mean", "SD"), ("count", "percentage")):
        pairs = [
            (position, others[0]) for position, others in beside.items() if kinds[position] == kind
        ]
        if not pairs:
            continue
        to, source = np.array(pairs, dtype=np.int64).T
        found = numbers[column]
        parts = [
            part.copy()
            for part in (found.digits, found.decimals, found.known, found.relation, found.mark)
        ]
        for part in parts:
            part[to] = part[source]
        digits, decimals, is_known, relation, mark = parts
        numbers[column] = Numbers(digits, decimals, is_known, relation, mark, {})


def parse_range(text: str) -> tuple[Fraction, Fraction]:
    """Read two numbers with ``to``, ``or``, ``and`` or a dash between them.

    Raises
    ------
    ValueError
        When there are not two numbers.

    Examples
    --------
    >>> parse_range("15 - 20")
    (Fraction(15, 1), Fraction(20, 1))
    """
    parts = BETWEEN.split(text.strip())
    if len(parts) != 2:
        found = ends_of(text)
        if found is None:
            raise ValueError("no range")
        parts = list(found)
    numbers = []
    for part in parts:
        word = part.strip().casefold()
        number = Printed(part, WORDS.index(word), 0) if word in WORDS else parse_number(part)
        if number is None:
            raise ValueError("no number")
        numbers.append(Fraction(number.digits, 10**number.decimals))
    return numbers[0], numbers[1]


def parse_days(text: str) -> Day:
    """Read a day, a month or a year, as its first and last day.

    Raises
    ------
    ValueError
        When the text is no date.

    Examples
    --------
    >>> parse_days("March 4, 2023")[0].isoformat()
    '2023-03-04'
    >>> [day.isoformat() for day in parse_days("2021")]
    ['2021-01-01', '2021-12-31']
    """
    plain = " ".join(text.split()).casefold()
    day: str | None
    month: str | int | None
    if match := ISO.fullmatch(plain):
        year, month, day = match.groups()
    elif match := MONTH_FIRST.fullmatch(plain):
        month, day, year = match.groups()
    elif match := DAY_FIRST.fullmatch(plain):
        day, month, year = match.groups()
    else:
        raise ValueError("no date")
    if month is None:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    if not str(month).isdigit():
        if month not in MONTHS:
            raise ValueError("no month")
        month = MONTHS[str(month)]
    first = date(int(year), int(month), int(day or 1))
    if day:
        return first, first
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
