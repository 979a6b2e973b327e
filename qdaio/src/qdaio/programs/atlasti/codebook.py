"""Codes of ATLAS.ti: names and levels as its tables print them; codebook and code manager."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

import pandas as pd

from qdaio.codes import LEVEL_MARK
from qdaio.files.cells import Sheet, as_text
from qdaio.headers import SheetTable, find_table
from qdaio.labels import composed, plain
from qdaio.model import make_frame
from qdaio.programs.atlasti.words import CODEBOOK, NUMBERED_GROUP, WEB_NAME
from qdaio.tables import CodeTable, Path, Rows, headers

__all__ = ["READER", "Codebook", "bare_name", "has_bullet", "label_parts", "prefixed_paths"]


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
    prefixes = {composed(name) for name in names}
    if shared:
        heads = defaultdict(set)
        for name in set(names):
            head, mark, _ = name.partition(LEVEL_MARK)
            if mark:
                heads[composed(head)].add(composed(name))
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
            if composed(taken) in prefixes:
                levels.append(LEVEL_MARK.join(pieces[start:end]))
                start = end
        levels.append(LEVEL_MARK.join(pieces[start:]))
        paths[name] = tuple(levels) if all(levels) else (name,)
        return paths[name]

    return [path_of(name) for name in names]


class Codebook(CodeTable):
    """The list of codes: the code manager, with groundedness, or the codebook with its groups.

    ATLAS.ti Web heads the names of codes with "name", as many tables do; there its numbered
    columns of code groups tell the table.
    """

    format = "atlasti-codebook"
    software = "ATLAS.ti"
    required = headers(code=CODEBOOK["code"])
    optional = headers(**{name: labels for name, labels in CODEBOOK.items() if name != "code"})
    reason = "columns of the code manager or of a codebook of ATLAS.ti"
    counted = "how many quotations have the code"

    def find(self, sheet: Sheet) -> SheetTable | None:
        """Find the codes under "Code", or under "name" beside their groups."""
        table = super().find(sheet)
        if table is None:
            table = find_table(sheet, {"code": WEB_NAME}, {"description": CODEBOOK["description"]})
            if table is None or not (_group_columns(table) or _is_web_sheet(table)):
                return None
        return table

    def certainty(self, table: SheetTable) -> float | None:
        """Say how sure it is, by the columns beside the names."""
        names = set(table.columns)
        if "n" in names and names & {"density", "groups", "groups_n"}:
            return 0.95
        if any(has_bullet(cell) for cell in table.columns["code"][:50] if isinstance(cell, str)):
            return 0.8
        listed = "groups" in names and names & {"description", "groups_n"}
        if _group_columns(table) or listed or {"n", "description"} <= names:
            return 0.7
        if not _is_web_sheet(table):
            return None
        return 0.55 if plain(table.sheet.name) == "codes" else 0.45

    def paths(self, rows: Rows) -> list[Path]:
        """Give the path of the code in each row: by column, or as ``Theme: Sub``."""
        return _paths(rows.table)

    def kinds(self, paths: Sequence[Path], counts: Sequence[int | None]) -> list[str | None]:
        """Tell own counts from those of codes above others, by arithmetic."""
        return _kinds(paths, counts)

    def columns(self, rows: Rows, places: Sequence[int]) -> Mapping[str, Sequence[object]]:
        """Say which codes can be applied."""
        density = rows.table.columns.get("density")
        return {"is_codable": [_is_codable(density, place) for place in places]}

    def attributes(self, rows: Rows, ids: Mapping[int, str]) -> pd.DataFrame:
        """Keep the groups of each code."""
        columns = {name: rows.table.unknown[name] for name in _group_columns(rows.table)}
        if "groups" in rows:
            columns = {rows.table.headers["groups"]: rows.cells("groups"), **columns}
        values = [
            (code, name, text, rows.numbers[place])
            for place, code in ids.items()
            for name, cells in columns.items()
            if (text := (as_text(cells[place]) or "").strip())
        ]
        return make_frame(
            "attributes",
            {
                "entity": ["code"] * len(values),
                "entity_id": [item[0] for item in values],
                "name": [item[1] for item in values],
                "value": [item[2] for item in values],
                "source_file": [rows.notes.file] * len(values),
                "source_row": [item[3] for item in values],
            },
        )


def _group_columns(table: SheetTable) -> list[str]:
    """Return the headers of columns such as "Code Group 1" or "codegroup 1"."""
    return [header for header in table.unknown if NUMBERED_GROUP.match(plain(header))]


def _is_web_sheet(table: SheetTable) -> bool:
    """Say whether a table holds names and comments and nothing else, each name once."""
    if "description" not in table.columns or set(table.unknown) - set(_group_columns(table)):
        return False
    if plain(table.sheet.name) == "codes":
        return True
    # without groups two headers are all there is: they must stand as the program writes them
    names = [cell for cell in table.columns["code"] if cell is not None]
    is_written_so = table.headers == {"code": "name", "description": "comment"}
    return is_written_so and len(set(names)) == len(names) > 1


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


READER = Codebook()
