"""Codes of ATLAS.ti: names and levels as its tables print them; codebook and code manager."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from qdaio.codes import LEVEL_MARK, code_frame, first_rows, read_counts, rows_left_out
from qdaio.faults import FaultList
from qdaio.files.cells import Sheet, as_text
from qdaio.files.sheets import read_sheets
from qdaio.files.source import Source
from qdaio.headers import SheetTable, find_table
from qdaio.labels import name_key, normalise
from qdaio.model import CodedProject, ExportFile, ExportInfo
from qdaio.programs.atlasti.words import CODEBOOK, NUMBERED_GROUP
from qdaio.reader import Match

__all__ = ["READER", "CodebookReader", "bare_name", "has_bullet", "label_parts", "prefixed_paths"]


BULLET = re.compile(r"^[●○•◦◉◯⚫⚪■□◆◇]\s+")
# Groundedness and group size end a label, "P1\nGr=62;  GS=3"; other languages abbreviate other
# words, so that on a line of its own any short word will do.
END = re.compile(
    r"(?:\n\s{0,9}[^\W\d]{1,4}|\sGr)\s{0,9}=\s{0,9}(?P<gr>\d{1,9})\s{0,9}"
    r"(?:;\s{0,9}[^\W\d]{1,4}\s{0,9}=\s{0,9}(?P<gs>\d{1,9}))?\s{0,9}$"
)
LONGEST_END = 100


def has_bullet(label: str) -> bool:
    """Say whether a name is printed with the mark of a code."""
    return BULLET.match(label) is not None


def bare_name(label: str) -> str:
    """Return a name without the mark that the program prints before it.

    Examples
    --------
    >>> bare_name("● Time"), bare_name("Time")
    ('Time', 'Time')
    """
    return BULLET.sub("", label.strip()).strip()


def label_parts(label: str) -> tuple[str, int | None, int | None]:
    r"""Part a label of a table into its name, groundedness and group size.

    Examples
    --------
    >>> label_parts("P1\nGr=62;  GS=3"), label_parts("Totals")
    (('P1', 62, 3), ('Totals', None, None))
    """
    end = label[-LONGEST_END:]
    found = END.search(end)
    if found is None:
        return label.strip(), None, None
    name = label[: len(label) - len(end) + found.start()].strip()
    size = found["gs"]
    return name, int(found["gr"]), None if size is None else int(size)


MOST_LEVELS = 100


def prefixed_paths(names: Sequence[str], *, shared: bool = False) -> list[tuple[str, ...]]:
    """Part names like ``Theme: Sub`` into levels.

    Parameters
    ----------
    names : sequence of str
    shared : bool
        Also where no code has the prefix as its name, but several names share it.

    Returns
    -------
    list of tuple of str
        A colon inside a name that no such prefix explains stays inside.
    """
    prefixes = {name_key(name) for name in names}
    if shared:
        heads = defaultdict(set)
        for name in set(names):
            head, mark, _ = name.partition(LEVEL_MARK)
            if mark:
                heads[name_key(head)].add(name_key(name))
        prefixes |= {head for head, users in heads.items() if len(users) > 1}
    paths: dict[str, tuple[str, ...]] = {}

    def path_of(name: str) -> tuple[str, ...]:
        if name in paths:
            return paths[name]
        levels: list[str] = []
        rest = name
        taken = ""
        pieces = rest.split(LEVEL_MARK) if rest.count(LEVEL_MARK) < MOST_LEVELS else [rest]
        start = 0
        for end in range(1, len(pieces)):
            taken = LEVEL_MARK.join(pieces[:end])
            if name_key(taken) in prefixes:
                levels.append(LEVEL_MARK.join(pieces[start:end]))
                start = end
        levels.append(LEVEL_MARK.join(pieces[start:]))
        paths[name] = tuple(levels) if all(levels) else (name,)
        return paths[name]

    return [path_of(name) for name in names]


Path = tuple[str, ...]


class CodebookReader:
    """Reads the list of codes, with groundedness where the export has it."""

    format = "atlasti-codebook"
    software = "ATLAS.ti"

    def recognise(self, source: Source) -> Match | None:
        """Know the columns of the code manager or of a codebook."""
        if source.kind not in {"xlsx", "xls", "text"}:
            return None
        found = [match for sheet in read_sheets(source) if (match := _match(sheet)) is not None]
        return max(found, key=lambda match: match.score, default=None)

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the codes.

        Raises
        ------
        StudyError
            When counts are no numbers, or columns contradict each other.
        """
        table: SheetTable = match.details["table"]
        faults = FaultList()
        faults.extend(table.faults)
        counts = read_counts(table, "n", "how many quotations have the code", faults)
        faults.raise_if_any()
        stated = _paths(table)
        first = first_rows(stated)
        density = table.columns.get("density")
        comments = table.columns.get("comment") or [None] * table.height
        numbers = [counts[place] for place in first.values()]
        codes = code_frame(
            list(first),
            {
                "is_codable": [_is_codable(density, place) for place in first.values()],
                "description": [as_text(comments[place]) for place in first.values()],
                "reported_n": numbers,
                "reported_n_kind": _kinds(list(first), numbers),
            },
        )
        sheet = table.sheet.name.strip() or None
        return CodedProject(
            info=ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(source.name, source.sha256, self.format, sheet),),
            ),
            codes=codes,
            set_aside=tuple(rows_left_out(table, stated)),
            warnings=table.sheet.warnings,
        )


def _match(sheet: Sheet) -> Match | None:
    optional = {name: labels for name, labels in CODEBOOK.items() if name != "code"}
    table = find_table(sheet, {"code": CODEBOOK["code"]}, optional)
    if table is None:
        return None
    names = set(table.columns)
    name = sheet.name.strip() or None
    details = {"table": table}
    if "n" in names and names & {"density", "groups", "groups_n"}:
        return Match(0.95, "columns of the code manager of ATLAS.ti", name, details)
    if any(has_bullet(cell) for cell in table.columns["code"][:50] if isinstance(cell, str)):
        return Match(0.8, "codes with the mark that ATLAS.ti prints", name, details)
    grouped = any(NUMBERED_GROUP.match(normalise(header)) for header in table.unknown)
    listed = "groups" in names and names & {"comment", "groups_n"}
    if grouped or listed or {"n", "comment"} <= names:
        return Match(0.7, "columns of a codebook of ATLAS.ti", name, details)
    return None


def _paths(table: SheetTable) -> list[Path]:
    """Return the path of the code in each row; empty where a row names none."""
    columns = _tree_columns(table)
    cells = [[_name(cell) for cell in row] for row in zip(*columns, strict=True)]
    if all(not any(row[1:]) for row in cells):
        names = [row[0] or "" for row in cells]
        return [
            path if name else () for name, path in zip(names, prefixed_paths(names), strict=True)
        ]
    paths: list[Path] = []
    above: list[str] = []
    for row in cells:
        filled = [depth for depth, name in enumerate(row) if name]
        if not filled:
            paths.append(())
            continue
        # A row can repeat the names above its own; else these are those of the rows before.
        above = above[: filled[0]] + [row[depth] or "" for depth in filled]
        paths.append(tuple(above))
    return paths


def _tree_columns(table: SheetTable) -> list[list[Any]]:
    """Return the column of codes and those to its right that have no header."""
    sheet = table.sheet
    header = [column[table.header_row - sheet.first_row] for column in sheet.columns]
    start = header.index(table.headers["code"])
    blank = list(takewhile(lambda place: header[place] is None, range(start + 1, sheet.width)))
    names = [f"column {place + 1}" for place in blank]
    return [
        table.columns["code"],
        *(table.unknown[name] for name in names if name in table.unknown),
    ]


def _name(cell: object) -> str | None:
    return bare_name(as_text(cell) or "") or None


def _is_codable(density: Sequence[Any] | None, place: int) -> bool:
    """Folders and categories have no density; codes have one, if only 0."""
    if density is None or all(cell is None for cell in density):
        return True
    return density[place] is not None


def _kinds(paths: Sequence[Path], counts: Sequence[int | None]) -> list[str | None]:
    """Say what each count counts.

    A code above others counts the quotations of all of them, each once: no less than the
    largest of them, no more than their sum.
    """
    below: dict[Path, list[int]] = {}
    for path, count in zip(paths, counts, strict=True):
        below.setdefault(path[:-1], []).append(count or 0)
    kinds: list[str | None] = []
    for path, count in zip(paths, counts, strict=True):
        parts = below.get(path)
        if count is None:
            kinds.append(None)
        elif parts is None:
            kinds.append("own")
        else:
            kinds.append("aggregate" if max(parts) <= count <= sum(parts) else "unknown")
    return kinds


READER = CodebookReader()
