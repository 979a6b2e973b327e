"""Quotations of ATLAS.ti, desktop and Web: one row for each quotation, its codes in one cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from qdaio.codes import CodeNames, code_frame, code_id, code_systems, whole_number
from qdaio.files.cells import Sheet, as_text
from qdaio.headers import SheetTable, table_at
from qdaio.labels import composed, plain
from qdaio.model import CodedProject, make_frame
from qdaio.programs.atlasti.codebook import prefixed_paths
from qdaio.programs.atlasti.splitting import SEPARATORS, CodeList, read_code_lists
from qdaio.programs.atlasti.words import QUOTATIONS
from qdaio.reader import Match
from qdaio.tables import Applied, BesideOthers, CodingTable, Path, Rows, headers

__all__ = ["READER", "Place", "Quotations", "place_of"]

Place = tuple[int | None, int | None, str | None, str | None]

QUOTATION_ID = re.compile(r"^\d+:\d+$")
SAMPLE = 400
HEADER_DEPTH = 20
QUOTES = "\"'“”„‟«»‹›‘’"
SHOWN = 12
PARAGRAPHS = re.compile(r"^¶+\s*(\d{1,9})(?:\s*[-–—]\s*(?:¶\s*)?(\d{1,9}))?\b")
CLOCK = re.compile(r"^(\d{1,3}):([0-5]?\d):([0-5]?\d)(?:[.,:](\d{1,3}))?$")


def place_of(reference: object, start: object, end: object) -> Place:
    """Read where a quotation is.

    Parameters
    ----------
    reference : cell
        Such as ``¶ 3 – 4`` (with thin spaces), ``p. 3`` or ``0:01:23 – 0:02:00``.
    start, end : cells
        Positions in columns of their own: paragraphs of a text, times of a recording.

    Returns
    -------
    tuple of start, end, unit and place
        Start and end are whole numbers in `unit` where they are known; place is what is
        printed.
    """
    printed = " ".join((as_text(reference) or "").split()) or None
    first, last = _number(start), _number(end)
    marked = PARAGRAPHS.match(printed or "")
    if marked and first is None:
        first, last = int(marked[1]), int(marked[2] or marked[1])
    times = _milliseconds(start), _milliseconds(end)
    if times[0] is not None:
        return times[0], times[1], "ms", printed or _pair(start, end)
    if first is None:
        return None, None, None, printed or _pair(start, end)
    if marked or printed is None:
        return first, last, "paragraph", printed
    return None, None, None, f"{printed} ({_pair(start, end)})"


def _pair(start: object, end: object) -> str | None:
    return " – ".join(text for cell in (start, end) if (text := as_text(cell))) or None


def _number(cell: object) -> int | None:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    text = (as_text(cell) or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _milliseconds(cell: object) -> int | None:
    if isinstance(cell, dt.time):
        cell = dt.timedelta(
            hours=cell.hour,
            minutes=cell.minute,
            seconds=cell.second,
            microseconds=cell.microsecond,
        )
    if isinstance(cell, dt.timedelta):
        return round(cell.total_seconds() * 1000)
    found = CLOCK.match((as_text(cell) or "").strip())
    if found is None:
        return None
    seconds = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])
    return seconds * 1000 + int((found[4] or "0").ljust(3, "0"))


def _matched(score: float, reason: str, table: SheetTable) -> Match:
    name = table.sheet.name.strip() or None
    return Match(score=score, reason=reason, sheet=name, details={"table": table})


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
    known = {plain(label): name for name, labels in QUOTATIONS.items() for label in labels}
    headers = {place: as_text(sheet.columns[place][first - 1]) or "" for place in shown}
    for place in list(rest):
        name = known.get(plain(headers[place]))
        if name and name not in named.values():
            named[place] = name
            del rest[place]
    if "document" not in named.values():
        document = _document_column(rest, body[ids[0]])
        if document is None:
            return None
        named[document] = "document"
        del rest[document]
    if "text" not in named.values() and (text := _longest(rest)) is not None:
        named[text] = "text"
    labels = {plain(headers[place]): name for place, name in named.items() if headers[place]}
    if len(labels) < len(named):
        return None
    table = table_at(sheet, first - 1, labels, ("codes", "document"))
    if table.missing:
        return None
    return _matched(0.7, "identifiers of quotations, and a number of codes that fits", table)


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


def _document_column(columns: dict[int, list[Any]], ids: Sequence[Any]) -> int | None:
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


class Quotations(BesideOthers, CodingTable):
    """A list of quotations, with or without the codebook beside it.

    A codebook says where lists of codes are cut; without it the number of codes in each row
    does, as far as it can.
    """

    format = "atlasti-quotations"
    software = "ATLAS.ti"
    required = headers(codes=QUOTATIONS["codes"], document=QUOTATIONS["document"])
    optional = headers(
        **{name: labels for name, labels in QUOTATIONS.items() if name not in {"codes", "document"}}
    )
    reason = "columns of a quotation list of ATLAS.ti"

    def match(self, sheet: Sheet) -> Match | None:
        """Know the columns of a quotation list, in several languages or by content."""
        return self._by_header(sheet) or _by_content(sheet)

    def _by_header(self, sheet: Sheet) -> Match | None:
        table = self.find(sheet)
        if table is None:
            return None
        columns = table.columns
        if "count" in columns or _share(columns.get("number", ()), QUOTATION_ID) > 0.8:
            return _matched(0.95, self.reason, table)
        if "text" in columns and "code" not in {plain(label) for label in table.unknown}:
            return _matched(0.65, "quotations with their document and codes", table)
        return None

    def applied(self, rows: Rows, parts: Sequence[CodedProject]) -> Applied:
        """Cut the list of codes in each row, and set aside what cannot be told."""
        system = code_systems(parts)
        lists = read_code_lists(
            [as_text(cell) for cell in rows.cells("codes")],
            rows.table.columns.get("count"),
            rows.table,
            None if system is None else CodeNames(system),
            rows.notes.faults,
        )
        if len(rows.notes.faults):
            return Applied(np.zeros(0, dtype="int64"), np.zeros(0, dtype="int64"), [])
        found = _from_names(lists) if system is None else _from_system(lists, system)
        _set_aside(rows, lists, has_codebook=system is not None)
        people = rows.labels("coder").take([row for row, _ in found]).nunique()
        _warn(rows, lists, has_codebook=system is not None, people=people)
        place = {path: number for number, path in enumerate(dict.fromkeys(p for _, p in found))}
        return Applied(
            np.asarray([row for row, _ in found], dtype="int64"),
            np.asarray([place[path] for _, path in found], dtype="int64"),
            list(place),
        )

    def codes(self, paths: Sequence[Path], parts: Sequence[CodedProject]) -> pd.DataFrame:
        """Take the codes from the code system, with those above them, or make them."""
        system = code_systems(parts)
        if system is None:
            return code_frame(paths)
        used = {code_id(path) for path in paths}
        if not used <= set(system["code_id"]):
            return code_frame(paths)  # the system has identifiers of its own
        parents = dict(zip(system["code_id"], system["parent_id"], strict=True))
        for code in list(used):
            parent = parents.get(code)
            while isinstance(parent, str) and parent not in used:
                used.add(parent)
                parent = parents.get(parent)
        return make_frame("codes", system[system["code_id"].isin(used)])

    def places(self, rows: Rows) -> Mapping[str, Any]:
        """Read paragraphs, times, or what is printed; tell where a row says two things."""
        cells = zip(rows.cells("reference"), rows.cells("start"), rows.cells("end"), strict=True)
        listed = list(cells)
        _check_places(rows, listed)
        places = [place_of(*three) for three in listed]
        return {
            name: pd.Series([place[side] for place in places], dtype=kind)
            for side, (name, kind) in enumerate(
                (("start", "Int64"), ("end", "Int64"), ("unit", "str"), ("place", "str"))
            )
        }


def _check_places(rows: Rows, listed: Sequence[tuple[object, object, object]]) -> None:
    """Warn of rows whose reference names other paragraphs than their positions.

    Where most rows agree, such a row was put together from two, as by damage or by hand.
    """
    agree, differ = 0, []
    for place, (reference, start, end) in enumerate(listed):
        marked = PARAGRAPHS.match(" ".join((as_text(reference) or "").split()))
        own = (_number(start), _number(end))
        if marked and None not in own:
            if own == (int(marked[1]), int(marked[2] or marked[1])):
                agree += 1
            else:
                differ.append(rows.numbers[place])
    if differ and agree > 9 * len(differ):
        shown = ", ".join(map(str, differ[:SHOWN])) + (" …" if len(differ) > SHOWN else "")
        rows.notes.warn(
            f"{rows.notes.file}: in rows {shown} the reference names other paragraphs than the "
            "positions, as where rows were lost or changed. Export the table again."
        )


def _from_names(lists: Sequence[CodeList]) -> list[tuple[int, Path]]:
    """Give the paths of the names that the rows use, where no codebook is at hand."""
    names = list(dict.fromkeys(name for item in lists for name in item.names))
    paths = dict(zip(names, prefixed_paths(names, shared=True), strict=True))
    return [(row, paths[name]) for row, item in enumerate(lists) for name in item.names]


def _from_system(lists: Sequence[CodeList], system: pd.DataFrame) -> list[tuple[int, Path]]:
    """Give the paths of the codes that the rows use."""
    paths = dict(zip(system["code_id"], system["path"], strict=True))
    return [
        (row, tuple(paths[code]))
        for row, item in enumerate(lists)
        for code in item.code_ids
        if code
    ]


def _set_aside(rows: Rows, lists: Sequence[CodeList], *, has_codebook: bool) -> None:
    """List what the rows state and the project does not hold, and why."""
    documents, texts = rows.texts("document"), rows.texts("text")
    for place, item in enumerate(lists):
        document = documents[place]
        if item.is_uncoded:
            why = "the quotation has no code"
            rows.aside(place, "uncoded highlight", why, document=document)
        for _ in range(item.lost):
            rows.aside(place, "coding", item.why or "its code cannot be told", document=document)
        if not has_codebook:
            continue
        for name, code in zip(item.names, item.code_ids, strict=True):
            if code is None and _bare(name) == _bare(texts[place] or ""):
                why = "the codebook lacks its code, named as the quotation's own words"
                rows.aside(place, "coding", why, document=document)
            elif code is None:
                why = "the codebook lacks its code, or two codes have this name"
                rows.aside(place, "coding", why, code=name, document=document)


def _bare(text: str) -> str:
    return composed(text).strip(QUOTES + " ")


def _warn(rows: Rows, lists: Sequence[CodeList], *, has_codebook: bool, people: int) -> None:
    doubts = [
        f"row {row}: {item.why}"
        for row, item in zip(rows.numbers, lists, strict=True)
        if item.names and item.why
    ]
    if doubts:
        more = f"; and {len(doubts) - SHOWN} more" if len(doubts) > SHOWN else ""
        rows.notes.warn(
            f"{len(doubts)} lists of codes are doubtful. {'; '.join(doubts[:SHOWN])}{more}."
        )
    if not has_codebook and any(len(item.names) > 1 for item in lists):
        how = "at every separator, for no number of codes is stated"
        if "count" in rows:
            how = "from the number of codes of all rows together"
        rows.notes.warn(
            f"without the codebook, lists of codes were cut {how}. Names of codes can hold "
            "commas: add the codebook to be certain."
        )
    if people > 1:
        rows.notes.warn(
            f"the coder of a coding is taken from who made the quotation ({people} people); the "
            "file does not say who applied a code."
        )


READER = Quotations()
