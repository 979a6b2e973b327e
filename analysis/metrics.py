"""Numbers for the text: flat keys with raw values, and how each is printed."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from analysis.direction import language, runs
from analysis.languages import MONTHS, PERSIAN_MONTHS
from analysis.settings import Calendar, Numbers

__all__ = [
    "Metric",
    "bidi_markdown",
    "dump_metrics",
    "escape_markdown",
    "printed",
    "slugs",
    "variables",
]

Metric = int | float | str
KEY = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
# What Quarto takes for a number in a key, and then looks for at that place of a list.
NUMBER = re.compile(r"\d+(e-?\d+)?|0x[0-9a-f]+(p-?\d+)?")
LEFT_TO_RIGHT = "\u200e"
MEANS = {"mean", "sd", "median", "q1", "q3"}
MEASURED = {"minutes", "minimum", "maximum"}  # single values, with the digits that they have


def slugs(names: Iterable[str]) -> list[str]:
    """Make parts of keys from names: lower-case letters and digits, joined by hyphens.

    Names without any such letter are called by their position; names that would give
    the same part get their position as well. No part is a number alone.

    Examples
    --------
    >>> slugs(["Healthcare providers", "Médecins", "سلامت", "2020"])
    ['healthcare-providers', 'medecins', 'no-3', 'no-2020']
    """
    made: list[str] = []
    for position, name in enumerate(names, start=1):
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        part = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
        if not part or part in made:
            part = f"{part}-{position}".lstrip("-")
        if NUMBER.fullmatch(part):
            part = f"no-{part}"
            if part in made:
                part = f"{part}-{position}"
        made.append(part)
    return made


def dump_metrics(values: Mapping[str, Metric]) -> str:
    """Return metrics as JSON, sorted by key; the same values give the same bytes.

    Raises
    ------
    ValueError
        When a key is not made of lower-case words joined by dots, a part of it is a
        number, or a value is not finite.
    """
    plain: dict[str, Metric] = {}
    for key in sorted(values):
        if not KEY.fullmatch(key):
            raise ValueError(f"metric key {key!r} is not made of lower-case words and dots")
        if any(NUMBER.fullmatch(part) for part in key.split(".")):
            raise ValueError(f"metric key {key!r} has a part that is a number: write level-1")
        plain[key] = _plain(key, values[key])
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def _plain(key: str, value: Metric) -> Metric:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        raise ValueError(f"metric {key} is true or false, not a number or text")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"metric {key} is not a finite number")
    # sums of floats differ in the last digit between machines
    return value if isinstance(value, int) else round(number, 10)


def printed(key: str, value: Metric, numbers: Numbers) -> str:
    """Return a metric as the text prints it.

    The last part of the key says what it is: ``percent``, ``mean``, ``sd`` and ``median`` are
    numbers with fixed decimals, ``minutes``, ``minimum`` and ``maximum`` stand as they were
    measured, ``date`` is a day; whole numbers get thousands separators, texts stand as they are.

    Raises
    ------
    ValueError
        When it is a fraction whose key does not say how to print it.
    """
    from analysis.numbers import format_number

    last = key.rsplit(".", 1)[-1]
    if isinstance(value, str):
        return _day(value, numbers.calendar) if last == "date" else value
    if last == "percent":
        return numbers.in_percent(value)
    if last in MEANS:
        return format_number(value, numbers.mean_decimals, numbers.rounding)
    if float(value).is_integer():
        return format_number(value, 0, numbers.rounding)
    if last in MEASURED:
        return f"{Decimal(str(round(float(value), 6))).normalize():f}"
    raise ValueError(f"metric {key} is a fraction: end its key with percent, mean or sd")


def _day(text: str, calendar: Calendar) -> str:
    day = date.fromisoformat(text)
    if calendar == "persian":
        from persiantools.jdatetime import JalaliDate

        persian = JalaliDate(day)
        return f"{persian.day} {PERSIAN_MONTHS[persian.month - 1]} {persian.year}"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def variables(
    values: Mapping[str, Metric], numbers: Numbers, own: Mapping[str, Numbers] | None = None
) -> dict[str, Any]:
    """Nest printed metrics by the dots of their keys, as Quarto's variables want them.

    Texts are escaped and what runs from right to left is marked: they are read as Markdown.

    Parameters
    ----------
    values : mapping
    numbers : Numbers
        How numbers are printed.
    own : mapping, optional
        For numbers whose key begins so, such as "participants.age", another way.

    Raises
    ------
    ValueError
        When one key is the beginning of another.
    """
    nested: dict[str, Any] = {}
    for key in sorted(values):
        *parents, last = key.split(".")
        inner = nested
        for parent in parents:
            inner = inner.setdefault(parent, {})
            if not isinstance(inner, dict):
                raise ValueError(f"metric {key} stands below another metric")
        if last in inner:
            raise ValueError(f"metric {key} stands above another metric")
        rule = (own or {}).get(".".join(parents[:2]), numbers)
        inner[last] = bidi_markdown(printed(key, values[key], rule))
    return nested


def escape_markdown(text: str) -> str:
    """Escape what Markdown would read as more than text, and fold line breaks.

    Signs that only together, or only at the head of a line, mean something are escaped there
    alone: hyphens and stops that would become dashes and an ellipsis, entities, marks of lists,
    tables and definitions.
    """
    escaped = re.sub(r"([\\`*_\[\]<>{}$#@^~|!\"'])", r"\\\1", " ".join(text.split()))
    escaped = re.sub(r"-(?=-)|(?<=-)-|\.(?=\.)|(?<=\.)\.|&(?=\\?#?\w+;)", r"\\\g<0>", escaped)
    escaped = re.sub(r"^([-+:=%])", r"\\\1", escaped)
    # In metadata and variables, Quarto looks for shortcodes after it has taken escapes away.
    escaped = escaped.replace(r"\{\{\<", r"\{\{[\<]{}").replace(r"\>\}\}", r"[\>]{}\}\}")
    return re.sub(r"^(\(?(?:\w{1,9}))([.)])(?=\s|$)", r"\1\\\2", escaped)


def bidi_markdown(text: str) -> str:
    """Escape a text for Markdown and mark what runs from right to left.

    A mark of direction follows each such run: without it, a number that comes next would
    be drawn into the run and printed on its wrong side.
    """
    return "".join(
        f'[{escape_markdown(run.text)}]{{lang="{language(run.text)}" dir="rtl"}}{LEFT_TO_RIGHT}'
        if run.is_rtl
        else _keep_ends(run.text)
        for run in runs(text)
    )


def _keep_ends(text: str) -> str:
    lead = " " if text[:1].isspace() else ""
    trail = " " if text[-1:].isspace() else ""
    inner = escape_markdown(text)
    return f"{lead}{inner}{trail}" if inner else lead
