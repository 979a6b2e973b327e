"""Printed values as numbers, ranges and days."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from fractions import Fraction

from analysis.claims.claim import Day
from analysis.consistency.printed import parse_number

__all__ = ["number", "parse_days", "parse_range", "parse_value"]

WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
)
MONTHS = {name.casefold(): at for at, name in enumerate(calendar.month_name) if name}
SHORT = {name.casefold(): at for at, name in enumerate(calendar.month_abbr) if name}
BETWEEN = re.compile(r"\s+(?:to|or|and|through)\s+|\s*[-\u2010-\u2015\u2212]\s*", re.IGNORECASE)
ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
MONTH_FIRST = re.compile(r"([a-z]+)\.? (?:(\d{1,2})(?:st|nd|rd|th)?,? )?(\d{4})")
DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([a-z]+)\.?,? (\d{4})")


def parse_value(text: str, kind: str) -> tuple[Fraction, int, str]:
    """Read a count, percentage, mean or SD, also a word from zero to twenty.

    Returns
    -------
    value : Fraction
    decimals : int
        As many as are printed.
    relation : str
        ``=`` or the bound before the number.

    Raises
    ------
    ValueError
        When the text is no such number.

    Examples
    --------
    >>> parse_value("eight", "count")
    (Fraction(8, 1), 0, '=')
    >>> parse_value("47.60", "mean")
    (Fraction(238, 5), 2, '=')
    """
    word = text.strip().casefold()
    if word in WORDS:
        return Fraction(WORDS.index(word)), 0, "="
    printed = parse_number(text, percent=kind == "percentage")
    if printed is None:
        raise ValueError("no number")
    if kind == "count" and (printed.decimals or printed.digits < 0):
        raise ValueError("no count")
    value = Fraction(printed.digits, 10**printed.decimals)
    return value, printed.decimals, printed.relation


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
        raise ValueError("no range")
    first, last = (parse_value(part, "mean")[0] for part in parts)
    return first, last


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
        if month not in MONTHS and month not in SHORT:
            raise ValueError("no month")
        month = MONTHS.get(str(month)) or SHORT[str(month)]
    first = date(int(year), int(month), int(day or 1))
    if day:
        return first, first
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


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
