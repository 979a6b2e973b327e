"""Dates as R prints them, whatever language the reader's computer speaks."""

from __future__ import annotations

import re

__all__ = ["iso_date"]

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PRINTED = re.compile(r"\w{3} (\w{3}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})")


def iso_date(printed: str) -> str | None:
    """Return a date as ISO 8601; one that has another form stays as it is.

    Examples
    --------
    >>> iso_date("Tue Apr  1 10:51:03 2014")
    '2014-04-01 10:51:03'
    """
    found = PRINTED.fullmatch(printed.strip())
    if found is None or found[1] not in MONTHS:
        return printed or None
    return f"{found[4]}-{MONTHS.index(found[1]) + 1:02}-{int(found[2]):02} {found[3]}"
