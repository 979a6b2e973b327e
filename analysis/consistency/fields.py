"""The columns of the form that hold numbers, and what kind of data they describe."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from analysis.consistency.printed import Numbers, parse_number, read_numbers
from qdaio.faults import FaultList

__all__ = [
    "DATA_KINDS",
    "DataKinds",
    "check_scales",
    "read_data_kinds",
    "read_decimals",
    "read_whole",
]

DATA_KINDS = ("integer", "binary", "continuous")
LARGEST = 10**9
Texts = Mapping[str, Sequence[str | None]]


@dataclass(frozen=True, slots=True)
class DataKinds:
    """What the data behind each row are declared to be."""

    is_integer: np.ndarray
    is_binary: np.ndarray
    is_continuous: np.ndarray


def read_whole(
    texts: Texts, columns: Sequence[str], rows: Sequence[int], name: str, faults: FaultList
) -> dict[str, Numbers]:
    """Read columns of whole numbers; ``1,704`` has a separator of thousands here."""
    result = {}
    for column in columns:
        numbers = read_numbers(texts[column])
        _not_numbers(numbers, texts[column], column, rows, name, faults, "a whole number")
        limit = 1 if column == "items" else 0
        is_parted = (numbers.decimals > 0) & (numbers.mark != "?,")
        is_wrong = numbers.known & (is_parted | (numbers.digits < limit))
        is_wrong |= numbers.known & (numbers.digits > LARGEST)
        for at in np.flatnonzero(is_wrong).tolist():
            faults.add(
                kind="not-a-whole-number",
                file=name,
                row=rows[at],
                column=column,
                found=f'"{texts[column][at]}"',
                expected=f"a whole number from {limit} to {LARGEST:,}",
                remedy="Correct the cell, or leave it empty if the value is weighted or estimated.",
            )
        # a bound such as <5 hides the number
        result[column] = numbers
    return result


def read_decimals(
    texts: Texts, columns: Sequence[str], rows: Sequence[int], name: str, faults: FaultList
) -> dict[str, Numbers]:
    """Read columns of numbers with decimals, by the decimal mark that the file uses.

    A file with decimal points reads ``1,704`` as a large number, one with decimal commas as
    a small one; where nothing shows which, or both stand side by side, it is a fault.
    """
    result = {}
    for column in columns:
        parse = partial(parse_number, percent=column == "percent")
        result[column] = read_numbers(texts[column], parse)
        expected = "a number as printed, such as 36.57"
        _not_numbers(result[column], texts[column], column, rows, name, faults, expected)
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
        for at in np.flatnonzero(np.isin(numbers.mark, list(doubtful))).tolist():
            faults.add(
                kind="ambiguous-number",
                file=name,
                row=rows[at],
                column=column,
                found=f'"{texts[column][at]}"',
                expected="one decimal mark in the whole file, best a point",
                remedy="Write decimals with a point (36.57) and thousands without a separator.",
            )
        if "," in marks:
            is_small = numbers.mark == "?,"
            decimals = np.where(is_small, 3, numbers.decimals)
            result[column] = replace(numbers, decimals=decimals)
    return result


def read_data_kinds(
    texts: Sequence[str | None],
    items: Numbers,
    rows: Sequence[int],
    name: str,
    faults: FaultList,
) -> DataKinds:
    """Read the column ``data``; counted items declare whole numbers by themselves."""
    kinds = np.array([(text or "").casefold() for text in texts], dtype=str)
    for at in np.flatnonzero(~np.isin(kinds, ["", *DATA_KINDS])).tolist():
        near = difflib.get_close_matches(str(kinds[at]), DATA_KINDS, n=1)
        faults.add(
            kind="unknown-kind",
            file=name,
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
            file=name,
            row=rows[at],
            column="items",
            found="a number of items for continuous data",
            expected="items for answers that are means of whole numbers",
            remedy="Remove the items, or declare the data as integer.",
        )
    is_binary = kinds == "binary"
    is_integer = (kinds == "integer") | is_binary | ((kinds == "") & items.known)
    return DataKinds(is_integer, is_binary, is_continuous)


def check_scales(
    low: Numbers, high: Numbers, rows: Sequence[int], name: str, faults: FaultList
) -> None:
    """Find scales that end below their start."""
    values = [numbers.digits * 10.0**-numbers.decimals for numbers in (low, high)]
    for at in np.flatnonzero(low.is_value & high.is_value & (values[0] > values[1])).tolist():
        faults.add(
            kind="empty-scale",
            file=name,
            row=rows[at],
            column="min",
            found=f"min {values[0][at]:g} above max {values[1][at]:g}",
            expected="the least and the largest value that can occur",
            remedy="Swap or correct the two.",
        )


def _not_numbers(
    numbers: Numbers,
    texts: Sequence[str | None],
    column: str,
    rows: Sequence[int],
    name: str,
    faults: FaultList,
    expected: str,
) -> None:
    for at, reason in numbers.faults.items():
        faults.add(
            kind="not-a-number",
            file=name,
            row=rows[at],
            column=column,
            found=f'"{texts[at]}", {reason}',
            expected=expected,
            remedy="Type the value as printed; leave the cell empty, or write NR, if none is "
            "reported.",
        )
