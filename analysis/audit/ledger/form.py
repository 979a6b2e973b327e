"""A ledger as it is typed or handed over: its columns, kinds and places, read at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.audit.arithmetic.printed import NOT_REPORTED, Numbers
from analysis.audit.ledger.cells import SPLITTERS
from analysis.audit.ledger.columns import (
    ALSO,
    COLUMN_OF,
    COLUMNS,
    KIND_BY_NAME,
    KINDS,
    VALUES,
    WHOLE_NUMBERS,
    Texts,
)
from analysis.audit.ledger.links import Claim, Relations, check_links, read_relations
from analysis.audit.ledger.statements import state_claims
from analysis.audit.ledger.values import (
    borrow,
    check_scales,
    check_unread,
    read_data,
    read_decimals,
    read_declared,
    read_whole_numbers,
)
from qdaio.faults import Fault, FaultList, StudyError
from qdaio.labels import did_you_mean, nearest

if TYPE_CHECKING:
    from analysis.audit.compare import Facts

__all__ = ["Ledger", "ledger_of", "read_ledger"]


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
    numbers = read_whole_numbers(columns, set_aside)
    numbers |= read_decimals(columns, set_aside)
    declared = read_declared(texts, rows, name, faults)
    check_scales(numbers["min"], numbers["max"], rows, name, faults)
    is_integer, is_binary, is_continuous = read_data(
        texts["data"], declared["items"], rows, name, faults
    )
    is_odd = {(row, column) for row, column, _, _ in set_aside}
    rules = [frozenset((text or "").split()) for text in texts["rule"]]
    relations = read_relations(ids, texts, rows, name, faults)
    places = _place_names(texts, rows)
    claims = state_claims(texts, kinds, ids, rows, places, numbers, is_odd, facts, name, faults)
    check_unread(texts, kinds, set_aside, rows, name, faults)
    check_links(claims, relations, wholes, rows, name, faults)
    faults.raise_if_any()
    borrow(numbers, relations.beside, wholes, kinds)
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
    from analysis.audit.ledger.workbook import printed_cells
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
        near = nearest(name, known)
        faults.add(
            kind="unknown-column",
            file=file,
            row=row,
            column=name,
            expected=", ".join(COLUMNS),
            remedy=did_you_mean(near, otherwise='Rename it, for example to "note".'),
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
                near = nearest(kind, KINDS)
                faults.add(
                    kind="unknown-kind",
                    column="kind",
                    found=f'"{kind}"',
                    expected=", ".join(KINDS),
                    remedy=did_you_mean(near, otherwise="Choose one of these."),
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
