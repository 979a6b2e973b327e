"""The ledger: what a publication says, one row a line of statistics, a name or a person.

One form serves a study's own ledger, a table typed in from a paper, and what is read from a
manuscript: a row holds either one value, with its kind, or the values of one line (n, mean,
SD …). Documented for the people who fill it in, in ``docs/claims.md``.
"""

from __future__ import annotations

import calendar
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.audit.arithmetic.printed import (
    NOT_REPORTED,
    Numbers,
    Printed,
    parse_number,
    read_numbers,
)
from analysis.audit.cells import SPLITTERS, ends_of
from analysis.audit.links import Claim, Day, Relations, check_links, read_relations
from qdaio.faults import Fault, FaultList, StudyError

if TYPE_CHECKING:
    from analysis.audit.compare import Facts

__all__ = ["COLUMNS", "KINDS", "VALUES", "Ledger", "ledger_of", "read_ledger"]

# what a line of statistics may print, in the order in which its claims are told
VALUES = (
    *("n", "count", "percent", "mean", "sd", "se", "ci", "median", "centre", "low", "high"),
    *("range", "statistic", "p"),
)
COLUMNS = (
    *("id", "section", "place", "row", "column", "printed", "kind"),
    *("n", "count", "whole", "percent", "missing", "mean", "sd", "se", "ci"),
    *("median", "centre", "low", "high", "range", "statistic", "p"),
    *("data", "min", "max", "items"),
    *("part_of", "same_as", "lists", "beside", "participant", "role", "rule", "rebuilt", "note"),
)
# other names that people give these columns
ALSO = {
    "%": "percent",
    "percentage": "percent",
    "m": "mean",
    "total": "whole",
    "label": "row",
    "group": "column",
    "minimum": "min",
    "maximum": "max",
    "table": "section",
    "q1": "low",
    "q3": "high",
    "test": "statistic",
    "p_value": "p",
}
# the kind of a claim by its column; rows with a kind of their own fill one of these or none
KIND_OF_VALUE = {
    **{"n": "count", "count": "count", "percent": "percentage", "mean": "mean", "sd": "SD"},
    **{"se": "SE", "ci": "interval", "median": "median", "centre": "value", "range": "range"},
    **{"statistic": "statistic", "p": "p"},
}
COLUMN_OF = {"count": "count", "percentage": "percent", "mean": "mean", "SD": "sd"}
COLUMN_OF |= {"SE": "se", "interval": "ci", "median": "median", "p": "p", "statistic": "statistic"}
KINDS = (
    *("count", "percentage", "mean", "SD", "range", "label", "attribution", "date"),
    *("SE", "interval", "median", "statistic", "p"),
)
KIND_BY_NAME = {kind.casefold(): kind for kind in KINDS}
WHOLE_NUMBERS = ("n", "count", "whole")
DECIMALS = ("percent", "mean", "sd", "se", "median", "centre", "low", "high", "min", "max")
PAIRS = ("ci", "range")
DATA_KINDS = ("integer", "binary", "continuous")
# what each rule is for; "guidance:" is followed by a dimension
RULES = {
    "exact": ("range",),
    "not-before": ("date",),
    "not-after": ("date",),
    "months": ("count",),
    "column": ("label",),
    "guidance:": ("label",),
    "weighted": ("count", "percentage", ""),
    "of-known": ("count", "percentage", ""),
    "forced-sum": ("count", "percentage", ""),
    "open-parts": ("count", "percentage", ""),
    "corrected": ("p", ""),
}
EXPECTED = {
    "count": "a whole number in digits, or a word from zero to twenty",
    "range": 'two numbers, such as "15 to 60"',
    "interval": 'two numbers, such as "3.1 to 3.9"',
    "date": 'a date, such as "March 4, 2023", "2023-03-04" or "2021"',
}
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
Texts = dict[str, list[str | None]]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger that was read, one entry a row in every field but the last four.

    Attributes
    ----------
    name : str
        How messages call the file.
    rows : list of int
        Rows of the file, from 1.
    ids, sections, places : list of str
        `places` with the section in front, as a sentence names them.
    texts : dict of str to list of str or None
        The cells by column, those with several values spread over their columns.
    n, count, whole, missing, mean, sd, se, percent, median, low, high : Numbers
        With what other rows state for them: the n of a mean whose `whole` is an id. `low`
        and `high` are the ends of the scale.
    items : ndarray of int
        1 where not given.
    is_integer, is_binary, is_continuous : ndarray of bool
        What the data are declared to be; binary data are integer, too.
    rules : list of frozenset of str
    wholes : ndarray of int
        Row whose count is the whole, where that is stated by an id; else −1.
    relations : Relations
    claims : list of Claim
    set_aside : list of (int, str, str, str)
        Position, column, text and reason of each value that could not be read.
    """

    name: str
    rows: list[int]
    ids: list[str]
    sections: list[str]
    places: list[str]
    texts: Texts
    n: Numbers
    count: Numbers
    whole: Numbers
    missing: Numbers
    mean: Numbers
    sd: Numbers
    se: Numbers
    percent: Numbers
    median: Numbers
    low: Numbers
    high: Numbers
    items: np.ndarray
    is_integer: np.ndarray
    is_binary: np.ndarray
    is_continuous: np.ndarray
    rules: list[frozenset[str]]
    wholes: np.ndarray
    relations: Relations
    claims: list[Claim]
    set_aside: list[tuple[int, str, str, str]] = field(default_factory=list)


def read_ledger(
    path: Path, name: str | None = None, facts: Facts | None = None, faults: FaultList | None = None
) -> Ledger:
    """Read a ledger, and find everything that is wrong with it in one go.

    Parameters
    ----------
    path : Path
        CSV, or an .xlsx workbook, of which each cell is read as it is shown.
    name : str, optional
        How messages call the file; by default its last part.
    facts : Facts, optional
        What claims may point at; without them the column `rebuilt` is left aside.
    faults : FaultList, optional
        Gets the faults as well.

    Raises
    ------
    StudyError
        With all faults of the file. A value that cannot be read is no fault: it is set aside.
    """
    shown = name or path.name
    found = FaultList()
    try:
        texts, rows = _read_texts(path, shown, found)
        found.raise_if_any()
        return ledger_of(texts, rows, shown, facts)
    except StudyError as error:
        if faults is not None:
            faults.extend(error.faults)
        raise


def ledger_of(texts: Texts, rows: list[int], name: str, facts: Facts | None = None) -> Ledger:
    """Make a ledger of its cells by column; columns may be missing.

    Raises
    ------
    StudyError
        As :func:`read_ledger`.
    """
    size = len(rows)
    texts = {column: list(texts.get(column) or [None] * size) for column in COLUMNS}
    faults = FaultList()
    set_aside: list[tuple[int, str, str, str]] = []
    kinds = _read_kinds(texts, rows, name, faults)
    _split_cells(texts, rows, name, faults)
    ids = _read_ids(texts["id"], rows, name, faults)
    _check_places(texts, rows, name, faults)
    at = {found: position for position, found in reversed(list(enumerate(ids)))}
    wholes, whole_texts = _wholes(texts["whole"], at)
    columns = {**texts, "whole": whole_texts}
    numbers = _read_whole_numbers(columns, set_aside)
    numbers |= _read_decimals(columns, set_aside)
    declared = _read_declared(texts, rows, name, faults)
    _check_scales(numbers["min"], numbers["max"], rows, name, faults)
    is_integer, is_binary, is_continuous = _read_data(
        texts["data"], declared["items"], rows, name, faults
    )
    is_odd = {(row, column) for row, column, _, _ in set_aside}
    rules = [frozenset((text or "").split()) for text in texts["rule"]]
    relations = read_relations(ids, texts, rows, name, faults)
    places = _place_names(texts, rows)
    claims = _claims(texts, kinds, ids, rows, places, numbers, is_odd, facts, name, faults)
    _check_unread(texts, kinds, set_aside, rows, name, faults)
    check_links(claims, relations, wholes, rows, name, faults)
    faults.raise_if_any()
    _borrow(numbers, relations.beside, wholes, kinds)
    return Ledger(
        name=name,
        rows=rows,
        ids=ids,
        sections=[text or "" for text in texts["section"]],
        places=places,
        texts=texts,
        **{column: numbers[column] for column in (*WHOLE_NUMBERS, "mean", "sd", "se")},
        percent=numbers["percent"],
        median=numbers["median"],
        missing=declared["missing"],
        low=numbers["min"],
        high=numbers["max"],
        items=np.where(declared["items"].known, declared["items"].digits, 1),
        is_integer=is_integer,
        is_binary=is_binary,
        is_continuous=is_continuous,
        rules=rules,
        wholes=wholes,
        relations=relations,
        claims=claims,
        set_aside=set_aside,
    )


def _read_texts(path: Path, name: str, faults: FaultList) -> tuple[Texts, list[int]]:
    """Return the texts of all columns, and the rows of the file that say something."""
    from analysis.audit.workbook import printed_cells
    from qdaio.files.sheets import read_sheets
    from qdaio.files.source import open_source

    source = open_source(path, name)
    if source.kind == "xlsx":
        columns, first = printed_cells(path, name)[0], 1
    elif source.kind == "text":
        sheet = read_sheets(source)[0]
        columns, first = sheet.columns, sheet.first_row
    else:
        raise StudyError(
            Fault(
                kind="wrong-format",
                file=name,
                found=f"a file of kind {source.kind}",
                expected="CSV, or an .xlsx workbook",
                remedy="Save it as CSV (UTF-8) or as .xlsx, with numbers as they are printed.",
            )
        )
    columns = [[(cell.strip() or None) if cell else None for cell in column] for column in columns]
    filled = [at for at, cells in enumerate(zip(*columns, strict=True)) if any(cells)]
    if not filled:
        raise StudyError(_empty(name, "nothing"))
    header, body = filled[0], filled[1:]
    numbers = [first + at for at in filled]
    names = [(column[header] or "").casefold() for column in columns]
    meant = [ALSO.get(column, column) for column in names]
    _check_header(names, meant, name, numbers[0], faults)
    texts: Texts = {}
    for column, cells in zip(meant, columns, strict=True):
        if column:
            texts[column] = [cells[at] for at in body]
        else:
            _check_beyond_header([cells[at] for at in body], numbers[1:], name, faults)
    faults.raise_if_any()
    if not any(text for value in (*VALUES, "printed") for text in texts.get(value, ())) and (
        "printed" not in texts or body
    ):
        raise StudyError(_empty(name, "no reported value"))
    return texts, numbers[1:]


def _empty(name: str, found: str) -> Fault:
    return Fault(
        kind="empty-file",
        file=name,
        found=found,
        expected=f"a line with the names of columns ({', '.join(COLUMNS)}) and rows below",
        remedy="Type the table's values in, as they are printed.",
    )


def _check_header(
    names: list[str], meant: list[str], file: str, row: int, faults: FaultList
) -> None:
    known = [*COLUMNS, *ALSO]
    for name in dict.fromkeys(name for name in names if name and name not in known):
        near = difflib.get_close_matches(name, known, n=1)
        faults.add(
            kind="unknown-column",
            file=file,
            row=row,
            column=name,
            expected=", ".join(COLUMNS),
            remedy=f'Did you mean "{near[0]}"?' if near else 'Rename it, for example to "note".',
        )
    for name in dict.fromkeys(name for name in meant if name and meant.count(name) > 1):
        faults.add(
            kind="duplicate-column",
            file=file,
            row=row,
            column=name,
            remedy="Remove or rename one of the two columns.",
        )


def _check_beyond_header(
    cells: list[str | None], rows: list[int], file: str, faults: FaultList
) -> None:
    for cell, row in zip(cells, rows, strict=True):
        if cell:
            faults.add(
                kind="cell-without-column",
                file=file,
                row=row,
                found=f'"{cell}" beyond the named columns',
                expected="as many cells as there are names of columns",
                remedy='Put a value that holds the separator in quotation marks: "1,704".',
            )


def _read_kinds(texts: Texts, rows: Sequence[int], file: str, faults: FaultList) -> list[str]:
    """Return the kind of each row that has one, and put its value into the column of it."""
    kinds = [""] * len(rows)
    for at, (printed, kind) in enumerate(zip(texts["printed"], texts["kind"], strict=True)):
        if not printed and not kind:
            continue
        place: dict[str, Any] = {"file": file, "row": rows[at]}
        for column in ("id", "section", "place", "printed", "kind"):
            if not texts[column][at]:
                faults.add(
                    kind="missing-value",
                    column=column,
                    found="an empty cell",
                    remedy="Fill in the cell, or remove the row.",
                    **place,
                )
        known = KIND_BY_NAME.get((kind or "").casefold())
        if known is None:
            if kind:
                near = difflib.get_close_matches(kind, KINDS, n=1)
                faults.add(
                    kind="unknown-kind",
                    column="kind",
                    found=f'"{kind}"',
                    expected=", ".join(KINDS),
                    remedy=f'Did you mean "{near[0]}"?' if near else "Choose one of these.",
                    **place,
                )
            continue
        kinds[at] = known
        column = COLUMN_OF.get(known, "")
        if column and texts[column][at]:
            faults.add(
                kind="stated-twice",
                column=column,
                found=f'"{texts[column][at]}", beside "{printed}" in the column printed',
                expected="one value in a row that has a kind",
                remedy="Put the other value into a row of its own.",
                **place,
            )
        elif column:
            texts[column][at] = printed
    return kinds


def _split_cells(texts: Texts, rows: Sequence[int], file: str, faults: FaultList) -> None:
    """Spread cells with several numbers over their fields; a field filled twice is a fault."""
    own = [bool(kind) for kind in texts["kind"]]
    for column, split in SPLITTERS.items():
        several: dict[str | None, dict[str, str]] = {}
        for text in set(texts[column]):
            if text is None or text.isdigit() or text.casefold() in NOT_REPORTED or len(text) > 120:
                continue
            fields = split(text)
            if fields != {column: text}:
                several[text] = fields
        if not several:
            continue
        for at, text in enumerate(texts[column]):
            if text not in several or own[at]:
                continue
            for value_of, value in several[text].items():
                before = texts[value_of][at]
                if value_of != column and before not in (None, value):
                    faults.add(
                        kind="stated-twice",
                        file=file,
                        row=rows[at],
                        column=value_of,
                        found=f'"{before}", and "{text}" in the column {column}',
                        expected="each value once",
                        remedy="Remove one of the two.",
                    )
                texts[value_of][at] = value
            if column not in several[text]:
                texts[column][at] = None


def _read_ids(
    ids: Sequence[str | None], rows: Sequence[int], file: str, faults: FaultList
) -> list[str]:
    first: dict[str, int] = {}
    result = []
    for text, row in zip(ids, rows, strict=True):
        found = text or f"row {row}"
        if found in first:
            faults.add(
                kind="duplicate-id",
                file=file,
                row=row,
                column="id",
                found=f'"{found}", as in row {first[found]}',
                expected="an id of its own for each row, or none",
                remedy="Change one of the two ids.",
            )
        first.setdefault(found, row)
        result.append(found)
    return result


def _place_names(texts: Texts, rows: Sequence[int]) -> list[str]:
    """Return ``Table 2, Age, Patients``, or the row of the file where no place is given."""
    parts = zip(*(texts[column] for column in ("section", "place", "row", "column")), strict=True)
    names = [", ".join(part for part in place if part) for place in parts]
    return [name or f"row {row} of the file" for name, row in zip(names, rows, strict=True)]


def _place_alone(place: str, section: str | None) -> str:
    """Return a place without the section in front of it."""
    return "" if place == section else place.removeprefix(f"{section}, ")


def _check_places(texts: Texts, rows: Sequence[int], file: str, faults: FaultList) -> None:
    """Find places that two rows fill with different values; the bare section is no place."""
    first: dict[tuple[str | None, ...], int] = {}
    columns = [
        [text and " ".join(text.casefold().split()) for text in texts[column]]
        for column in ("section", "place", "row", "column")
    ]
    values = ("printed", *VALUES[1:])
    for at, place in enumerate(zip(*columns, strict=True)):
        if not any(place[1:]):
            continue
        before = first.setdefault(place, at)
        if before == at:
            continue
        for value in ("n", *values):
            one, other = texts[value][before], texts[value][at]
            if one and other and one != other and not (value != "printed" and texts["printed"][at]):
                faults.add(
                    kind="place-given-twice",
                    file=file,
                    row=rows[at],
                    column=value,
                    found=f'"{other}", where row {rows[before]} has "{one}" in the same place',
                    expected="one value for each place",
                    remedy="Correct the value, or tell the two places apart.",
                )


def _wholes(
    texts: Sequence[str | None], at: Mapping[str, int]
) -> tuple[np.ndarray, list[str | None]]:
    """Return the row that states each whole, or −1, and the texts of those that are numbers."""
    wholes = np.full(len(texts), -1, dtype=np.int64)
    numbers: list[str | None] = list(texts)
    for position, text in enumerate(texts):
        if text is not None and text in at:
            wholes[position], numbers[position] = at[text], None
        elif text is not None and not any(letter.isdigit() for letter in text):
            # no number: an id that check_links does not know
            numbers[position] = None
    return wholes, numbers


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


def _read_whole_numbers(
    texts: Texts, set_aside: list[tuple[int, str, str, str]]
) -> dict[str, Numbers]:
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


def _read_decimals(texts: Texts, set_aside: list[tuple[int, str, str, str]]) -> dict[str, Numbers]:
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


def _read_declared(
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


def _read_data(
    texts: Sequence[str | None],
    items: Numbers,
    rows: Sequence[int],
    file: str,
    faults: FaultList,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read the column ``data``; counted items declare whole numbers by themselves."""
    kinds = np.array([(text or "").casefold() for text in texts], dtype=str)
    for at in np.flatnonzero(~np.isin(kinds, ["", *DATA_KINDS])).tolist():
        near = difflib.get_close_matches(str(kinds[at]), DATA_KINDS, n=1)
        faults.add(
            kind="unknown-kind",
            file=file,
            row=rows[at],
            column="data",
            found=f'"{texts[at]}"',
            expected=", ".join(DATA_KINDS) + ", or nothing",
            remedy=f'Did you mean "{near[0]}"?' if near else "Leave it empty if it is not known.",
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


def _check_scales(
    low: Numbers, high: Numbers, rows: Sequence[int], file: str, faults: FaultList
) -> None:
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


def _check_unread(
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


def _claims(
    texts: Texts,
    kinds: Sequence[str],
    ids: Sequence[str],
    rows: Sequence[int],
    places: Sequence[str],
    numbers: Mapping[str, Numbers],
    is_odd: set[tuple[int, str]],
    facts: Facts | None,
    file: str,
    faults: FaultList,
) -> list[Claim]:
    from analysis.audit.compare import check_rebuilt

    claims = []
    valued = [value for value in VALUES if value in KIND_OF_VALUE]
    valued = [value for value in valued if any(texts[value])]
    arrays = {
        value: [
            column.tolist()
            for column in (found.digits, found.decimals, found.known, found.relation)
        ]
        for value, found in numbers.items()
    }
    columns = [
        (value, texts[value], KIND_OF_VALUE[value], arrays.get(value, [])) for value in valued
    ]
    for at, row in enumerate(rows):
        kind = kinds[at]
        if kind:
            column = COLUMN_OF.get(kind, "printed")
            values = _value_of(kind, texts["printed"][at] or "", rows[at], file, faults)
            cells: dict[str, Any] = {name: texts[name][at] or "" for name in OF_A_CLAIM}
            _check_rule(cells["rule"], kind, row, file, faults)
            if kind == "attribution" and not cells["participant"]:
                faults.add(
                    kind="missing-value",
                    file=file,
                    row=row,
                    column="participant",
                    found="an empty cell",
                    expected="the participant to whom the role is given",
                    remedy="Fill in the participant's number or name.",
                )
            rebuilt = check_rebuilt(texts["rebuilt"][at] or "", kind, facts, file, row, faults)
            claims.append(
                Claim(
                    id=ids[at],
                    at=at,
                    column=column,
                    kind=kind,
                    printed=texts["printed"][at] or "",
                    row=row,
                    section=texts["section"][at] or "",
                    place=_place_alone(places[at], texts["section"][at]),
                    rebuilt=rebuilt,
                    is_alone=True,
                    **_number(arrays.get(column, ()), at),
                    **values,
                    **cells,
                )
            )
            continue
        if texts["rule"][at]:
            _check_rule(texts["rule"][at] or "", "", row, file, faults)
        section, place = texts["section"][at] or "", _place_alone(places[at], texts["section"][at])
        note, role = texts["note"][at] or "", texts["role"][at] or ""
        for value, cells_of, kind_of, number in columns:
            text = cells_of[at]
            if text is None or (
                (text.isalpha() or not text.isalnum()) and (text.casefold() in NOT_REPORTED)
            ):
                continue
            is_known = bool(number) and number[2][at]
            claims.append(
                Claim(
                    f"{ids[at]}.{value}",
                    at,
                    row,
                    value,
                    kind_of,
                    text,
                    section,
                    place,
                    role=role,
                    note=note,
                    digits=number[0][at] if is_known else None,
                    decimals=number[1][at] if is_known else 0,
                    relation=number[3][at] if is_known else "=",
                    is_read=(at, value) not in is_odd,
                )
            )
    return claims


OF_A_CLAIM = ("participant", "role", "rule", "note")


def _number(columns: Sequence[Sequence[Any]], at: int) -> dict[str, Any]:
    """Return the fields of a claim's number, from the columns of its ledger."""
    if not columns or not columns[2][at]:
        return {}
    return {"digits": columns[0][at], "decimals": columns[1][at], "relation": columns[3][at]}


def _value_of(kind: str, printed: str, row: int, file: str, faults: FaultList) -> dict[str, Any]:
    """Read what is no single number: a range, a day."""
    try:
        if kind == "range":
            return {"ends": parse_range(printed)}
        if kind == "date":
            return {"days": parse_days(printed)}
    except ValueError:
        if printed:
            faults.add(
                kind="not-a-value",
                file=file,
                row=row,
                column="printed",
                found=f'"{printed}"',
                expected=f"{EXPECTED[kind]}, as its kind is {kind}",
                remedy="Write the value as it is printed, without its unit, or correct the kind.",
            )
    return {}


def _check_rule(rule: str, kind: str, row: int, file: str, faults: FaultList) -> None:
    for one in rule.split():
        start = "guidance:" if one.startswith("guidance:") else one
        if kind in RULES.get(start, ()):
            continue
        here = [name for name, kinds in RULES.items() if kind in kinds]
        faults.add(
            kind="unknown-rule",
            file=file,
            row=row,
            column="rule",
            found=f'"{one}"',
            expected=", ".join(here) or f"an empty cell, as its kind is {kind}",
            remedy="Correct the rule, or leave the cell empty.",
        )


def _borrow(
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
