"""Find the quotations in a file, by the names of the columns or by what they hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from qdaio.codes import whole_number
from qdaio.files.cells import Sheet, as_text
from qdaio.files.sheets import read_sheets
from qdaio.files.source import Source
from qdaio.labels import normalise
from qdaio.programs.atlasti.splitting import SEPARATORS
from qdaio.programs.atlasti.words import QUOTATIONS
from qdaio.reader import Match
from qdaio.tables import SheetTable, find_table, table_at

__all__ = ["find_quotations"]

QUOTATION_ID = re.compile(r"^\d+:\d+$")
SAMPLE = 400
HEADER_DEPTH = 20


def find_quotations(source: Source) -> Match | None:
    """Find the table of quotations in a file.

    Returns
    -------
    Match or None
        ``details["table"]`` is the :class:`SheetTable`, with the names of
        :data:`qdaio.programs.atlasti.names.QUOTATIONS`.
    """
    best: Match | None = None
    for sheet in read_sheets(source):
        found = _by_header(sheet) or _by_content(sheet)
        if found is not None and (best is None or found.score > best.score):
            best = found
    return best


def _match(score: float, reason: str, table: SheetTable) -> Match:
    name = table.sheet.name.strip() or None
    return Match(score=score, reason=reason, sheet=name, details={"table": table})


def _by_header(sheet: Sheet) -> Match | None:
    required = {name: QUOTATIONS[name] for name in ("codes", "document")}
    optional = {name: QUOTATIONS[name] for name in QUOTATIONS if name not in required}
    table = find_table(sheet, required, optional)
    if table is None:
        return None
    columns = table.columns
    if "count" in columns or _share(columns.get("number", ()), QUOTATION_ID) > 0.8:
        return _match(0.95, "columns of a quotation list of ATLAS.ti", table)
    if "text" in columns and "code" not in {normalise(label) for label in table.unknown}:
        return _match(0.65, "quotations with their document and codes", table)
    return None


def _by_content(sheet: Sheet) -> Match | None:
    """Know a list of quotations whose headers are in another language.

    It has a column of identifiers like ``3:17``, and one of numbers that say how many codes
    another column lists.
    """
    if sheet.width < 4 or sheet.height < 3:
        return None
    shown = {place: column[: SAMPLE + HEADER_DEPTH] for place, column in enumerate(sheet.columns)}
    ids = [place for place, cells in shown.items() if _ids_from(cells) is not None]
    if len(ids) != 1:
        return None
    first = _ids_from(shown[ids[0]])
    if not first:
        return None
    body = {place: cells[first:] for place, cells in shown.items()}
    pair = _codes_and_count(body)
    if pair is None:
        return None
    codes, count = pair
    named = {ids[0]: "number", codes: "codes", count: "count"}
    rest = {place: cells for place, cells in body.items() if place not in named}
    known = {normalise(label): name for name, labels in QUOTATIONS.items() for label in labels}
    headers = {place: as_text(sheet.columns[place][first - 1]) or "" for place in shown}
    for place in list(rest):
        name = known.get(normalise(headers[place]))
        if name and name not in named.values():
            named[place] = name
            del rest[place]
    if "document" not in named.values():
        document = _document(rest, body[ids[0]])
        if document is None:
            return None
        named[document] = "document"
        del rest[document]
    if "text" not in named.values() and (text := _longest(rest)) is not None:
        named[text] = "text"
    labels = {normalise(headers[place]): name for place, name in named.items() if headers[place]}
    if len(labels) < len(named):
        return None
    table = table_at(sheet, first - 1, labels, ("codes", "document"))
    if table.missing:
        return None
    return _match(0.7, "identifiers of quotations, and a number of codes that fits", table)


def _share(cells: Sequence[Any], pattern: re.Pattern[str]) -> float:
    filled = [as_text(cell) or "" for cell in cells[:SAMPLE] if cell is not None]
    return sum(pattern.match(text.strip()) is not None for text in filled) / max(1, len(filled))


def _ids_from(cells: Sequence[Any]) -> int | None:
    """Return the place from which on a column holds identifiers of quotations only."""
    places = [
        place
        for place, cell in enumerate(cells)
        if isinstance(cell, str) and QUOTATION_ID.match(cell.strip())
    ]
    if not places or not 0 < places[0] <= HEADER_DEPTH:
        return None
    return places[0] if len(places) >= 0.9 * (len(cells) - places[0]) else None


def _codes_and_count(body: dict[int, list[Any]]) -> tuple[int, int] | None:
    """Find a column of numbers, and the column whose lists have that many parts."""
    best: tuple[float, int, int] | None = None
    for count, numbers in body.items():
        whole = [whole_number(cell) for cell in numbers]
        if len(set(whole)) < 2 or None in whole:
            continue
        for codes, cells in body.items():
            if codes == count or not any(isinstance(cell, str) for cell in cells):
                continue
            fit = _fit([as_text(cell) or "" for cell in cells], [n or 0 for n in whole])
            if fit > 0 and (best is None or fit > best[0]):
                best = fit, codes, count
    return None if best is None else best[1:]


def _fit(texts: Sequence[str], numbers: Sequence[int]) -> float:
    """Return the share of rows whose text has just the stated number of parts.

    Zero when a row has too few parts, or fewer than a third fit, or no row has several.
    """
    best = 0.0
    for separator in SEPARATORS:
        parts = [text.count(separator) + 1 if text else 0 for text in texts]
        pairs = list(zip(parts, numbers, strict=True))
        if any(p < n for p, n in pairs) or any(n == 0 < p for p, n in pairs):
            continue
        if sum(n > 1 for n in numbers) >= 2:
            best = max(best, sum(p == n for p, n in pairs) / len(pairs))
    return best if best > 1 / 3 else 0.0


def _document(columns: dict[int, list[Any]], ids: Sequence[Any]) -> int | None:
    """Take the column that changes just as the number of the document in the identifier."""
    numbers = [str(cell).partition(":")[0] for cell in ids]
    for place, cells in columns.items():
        names = [as_text(cell) for cell in cells]
        if None in names or not any(letter.isalpha() for name in names for letter in name or ""):
            continue
        if len(set(zip(numbers, names, strict=True))) == len(set(numbers)) == len(set(names)):
            return place
    return None


def _longest(columns: dict[int, list[Any]]) -> int | None:
    sizes = {
        place: sum(len(cell) for cell in cells if isinstance(cell, str))
        for place, cells in columns.items()
    }
    sizes = {place: size for place, size in sizes.items() if size}
    return max(sizes, key=lambda place: (sizes[place], -place), default=None)
