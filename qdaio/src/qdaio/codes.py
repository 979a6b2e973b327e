"""Codes: their identity and paths, trees of them, and names in a codebook."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd

from qdaio.faults import Fault, FaultList, StudyError
from qdaio.files.cells import Sheet, as_text
from qdaio.headers import SheetTable
from qdaio.labels import composed, did_you_mean, nearest
from qdaio.model import CodedProject, Notes, make_frame

__all__ = [
    "DEEPEST",
    "LEVEL_MARK",
    "CodeNames",
    "CodeTree",
    "Node",
    "check_rows_known",
    "code_frame",
    "code_id",
    "code_path",
    "code_systems",
    "code_tree",
    "document_id",
    "first_rows",
    "names_like_paths",
    "paths_from_parents",
    "read_counts",
    "tree_order",
    "whole_number",
]


# a separator, with any backslashes before it, that stands alone between spaces or at an end
LONE = {mark: re.compile(rf"(?<![^ ])(\\*){mark}(?![^ ])") for mark in (">", "/")}


def code_id(path: Iterable[str]) -> str:
    r"""Join the names from the root down to a code.

    Parameters
    ----------
    path : iterable of str

    Returns
    -------
    str
        Names joined with " > ". One that stands inside a name gets a backslash, so that
        no two paths give one identifier; `code_path` is the way back.

    Examples
    --------
    >>> code_id(["Barriers", "Time"])
    'Barriers > Time'
    >>> code_id(["effort > gain"])
    'effort \\> gain'
    """
    return " > ".join(_escaped(part, ">") for part in path)


def code_path(identifier: str) -> tuple[str, ...]:
    r"""Return the path that `code_id` joined.

    Examples
    --------
    >>> code_path("Barriers > effort \\> gain")
    ('Barriers', 'effort > gain')

    Raises
    ------
    StudyError
        When it has more levels than any code system.
    """
    parts = identifier.split(" > ")
    check_depth(len(parts))
    if "\\>" not in identifier:
        return tuple(parts)
    return tuple(
        LONE[">"].sub(lambda found: found[0][1:] if found[1] else found[0], part) for part in parts
    )


def check_depth(levels: int) -> None:
    """Refuse a path with more levels than any code system: paths of paths grow by the square."""
    if levels > MOST_LEVELS:
        raise StudyError(
            Fault(
                kind="too-large",
                found=f"a code {levels:,} levels deep",
                expected=f"at most {MOST_LEVELS} levels",
                remedy='Names that are joined with " > " are levels; write the codes anew.',
            )
        )


# what people put between category and code where a program has no tree; the latter are also
# common within a name, and need more that speaks for them
PARTING = (" > ", ">", "\\", "::", " / ", " | ", " » ", " › ", "→", " -> ")
PERHAPS = ("/", ": ", " - ", " – ", ".", "_")
FEW, MANY = 2, 4


def names_like_paths(codes: pd.DataFrame) -> str | None:
    """Warn of a flat list of codes whose names look as if they were paths.

    Nothing is cut: in programs without a tree such a name is a name. It is said where several
    names begin alike before a sign, or begin with the name of another code.

    Parameters
    ----------
    codes : DataFrame
        Frame of the model.

    Examples
    --------
    >>> names_like_paths(code_frame([("care/time",), ("trust",)])) is None
    True
    >>> said = names_like_paths(code_frame([("care > time",), ("care > cost",), ("trust",)]))
    >>> said.partition(",")[0]
    'The names of 2 codes hold " > " as if it parted category and code'
    """
    if not len(codes) or codes["level"].max() > 1:
        return None
    names = codes["name"].tolist()
    best, mark = 0, ""
    for sign in (*PARTING, *PERHAPS):
        first = [head.strip() for name in names if (head := name.partition(sign)[0]) != name]
        alike = Counter(filter(None, first))
        found = sum(n for head, n in alike.items() if n > 1 or head in names)
        enough = found >= FEW if sign in PARTING else found >= max(MANY, len(names) / 2)
        if enough and found > best:
            best, mark = found, sign
    if not best:
        return None
    return (
        f'The names of {best} codes hold "{mark}" as if it parted category and code, and each is '
        "read as one name, as the export has no tree. If a tree is meant, add the code system or "
        "a codebook that says which code stands under which."
    )


def document_id(group: str | None, name: str) -> str:
    r"""Join the name of a document with that of its group.

    Examples
    --------
    >>> document_id("Round 1", "Interview 3")
    'Round 1 / Interview 3'
    >>> document_id(None, "Interview 3")
    'Interview 3'
    """
    return " / ".join(_escaped(part, "/") for part in ([name] if group is None else [group, name]))


def _escaped(part: str, mark: str) -> str:
    return LONE[mark].sub(r"\\\g<0>", part) if mark in part else part


DEEPEST = 200
SHOWN = 5

Key = TypeVar("Key", bound=Hashable)


def paths_from_parents(
    names: Mapping[Key, str],
    parents: Mapping[Key, Key | None],
    faults: FaultList,
    *,
    file: str,
    sheet: str | None = None,
) -> dict[Key, tuple[str, ...]]:
    """Return the names from the root down to each row.

    Parameters
    ----------
    names : mapping of key to str
    parents : mapping of key to key or None
        A parent that has no name is none: the row stands at the root.
    faults : FaultList
        Gets a fault where rows stand below themselves, or absurdly deep.
    file, sheet : str
        For messages.

    Returns
    -------
    dict of key to tuple of str
        In the order of `names`; without the rows that are at fault.
    """
    paths: dict[Key, tuple[str, ...]] = {}
    lost: list[Key] = []
    for key in names:
        chain: list[Key] = []
        above: Key | None = key
        while above is not None and above in names and above not in paths:
            chain.append(above)
            if len(chain) > DEEPEST:
                break
            above = parents.get(above)
        base = paths.get(above, ()) if above is not None else ()
        if len(chain) + len(base) > DEEPEST:
            lost.append(key)
            continue
        for item in reversed(chain):
            base = paths[item] = (*base, names[item])
    if lost:
        shown = ", ".join(f'"{names[key]}"' for key in lost[:SHOWN])
        faults.add(
            kind="inconsistent-export",
            file=file,
            sheet=sheet,
            found=f"{len(lost)} codes or categories below themselves, or deeper than {DEEPEST} "
            f"levels, such as {shown}",
            expected="a tree",
            remedy="Move them to another place in the program, and export the project again.",
        )
    return {key: paths[key] for key in names if key in paths}


MOST_LEVELS = 250  # as REFI-QDA is read
LEVEL_MARK = ": "


class CodeNames:
    """Finds the code that a name means.

    ATLAS.ti names a code with the codes above it, joined with ": ", but without the folders
    above those; its older versions and NVivo write the name alone. A name that two codes
    share finds none, unless only one of the two can be applied.

    Parameters
    ----------
    codes : DataFrame
        ``code_id``, ``path``, ``is_codable``.
    """

    def __init__(self, codes: pd.DataFrame) -> None:
        whole: dict[str, list[str]] = defaultdict(list)
        below_folders: dict[str, list[str]] = defaultdict(list)
        alone: dict[str, list[str]] = defaultdict(list)
        self.codable = dict(zip(codes["code_id"], codes["is_codable"], strict=True))
        for code, path in zip(codes["code_id"], codes["path"], strict=True):
            folders = [
                depth
                for depth in range(1, len(path))
                if not self.codable.get(code_id(path[:depth]), True)
            ]
            start = folders[-1] if folders else 0
            whole[composed(LEVEL_MARK.join(path))].append(code)
            below_folders[composed(LEVEL_MARK.join(path[start:]))].append(code)
            alone[composed(path[-1])].append(code)
        self.layers = (whole, below_folders, alone)

    def names(self, layers: int) -> set[str]:
        """Return the names of the first layers: whole paths, below folders, alone."""
        return {name for layer in self.layers[:layers] for name in layer}

    def all_of(self, name: str) -> list[str]:
        """Return every code that a name can mean, of the first layer that has the name."""
        key = composed(name)
        return next((layer[key] for layer in self.layers if key in layer), [])

    def find(self, name: str) -> str | None:
        """Return the one code that a name means, or None."""
        found = self.all_of(name)
        if len(found) > 1:
            found = [code for code in found if self.codable[code]]
        return found[0] if len(found) == 1 else None


def code_systems(parts: Iterable[CodedProject]) -> pd.DataFrame | None:
    """Join the code systems among the parts of a project; None where there is none."""
    systems = [
        part.codes
        for part in parts
        if len(part.codes) and not part.rows_read and part.matrix_cells.empty
    ]
    if not systems:
        return None
    return pd.concat(systems, ignore_index=True).drop_duplicates("code_id", ignore_index=True)


def check_rows_known(
    sheet: Sheet,
    rows: Iterable[tuple[int | None, str, str]],
    system: pd.DataFrame,
    faults: FaultList,
) -> None:
    """Add a fault for each row of a table of counts whose code the code system lacks.

    Parameters
    ----------
    sheet : Sheet
    rows : iterable of (row in the file, identifier, name as printed)
        Those that count something.
    system : DataFrame
        Frame ``codes`` of the model.
    faults : FaultList
    """
    known = set(system["code_id"])
    for row, code, name in rows:
        if code in known:
            continue
        near = nearest(name, sorted(set(system["name"])))
        faults.add(
            kind="unknown-code",
            file=sheet.file,
            sheet=sheet.name.strip() or None,
            row=row,
            found=f'code "{name}"',
            expected="a code of the codebook",
            remedy=did_you_mean(
                near, "Export codebook and table anew at one time, or leave the codebook out."
            ),
        )


def code_frame(
    paths: Sequence[tuple[str, ...]], columns: dict[str, Sequence[object]] | None = None
) -> pd.DataFrame:
    """Make the frame of codes from paths; codes above them that are missing are added.

    Parameters
    ----------
    paths : sequence of tuple of str
        No path twice.
    columns : dict, optional
        Further columns of the frame, aligned with `paths`.

    Returns
    -------
    DataFrame
        In the order of `paths`, a missing parent before its first child; added parents
        cannot be applied (``is_codable`` is False).
    """
    more = columns or {}
    check_depth(max(map(len, paths), default=0))
    stated = {path: place for place, path in enumerate(paths)}
    rows: dict[tuple[str, ...], dict[str, object]] = {}
    for path, place in stated.items():
        for depth in range(1, len(path)):
            if path[:depth] not in stated:
                rows.setdefault(path[:depth], {"is_codable": False})
        rows[path] = {name: values[place] for name, values in more.items()}
    table = []
    for position, (path, values) in enumerate(rows.items(), 1):
        own = {
            "code_id": code_id(path),
            "parent_id": code_id(path[:-1]) if len(path) > 1 else None,
            "name": path[-1],
            "path": path,
            "level": len(path),
            "position": position,
            "is_codable": True,
        }
        table.append(own | values)
    return make_frame("codes", table)


def tree_order(codes: pd.DataFrame) -> pd.DataFrame:
    """Put codes in tree order: each code before those under it, and these before the next.

    Parameters
    ----------
    codes : DataFrame
        Frame of the model. Codes under one code are ordered by their positions, where
        they are stated, then as they come.

    Returns
    -------
    DataFrame
        The same rows, with positions from 1 to n. Codes whose parent is missing, or that
        stand above each other in a circle, are last; they are a fault, but not of the order.
    """
    known = dict(zip(codes["code_id"], range(len(codes)), strict=True))
    ranks = codes["position"].astype("Float64").fillna(np.inf).tolist()
    parents = codes["parent_id"].tolist()
    below: dict[int | None, list[int]] = defaultdict(list)
    for row in sorted(range(len(codes)), key=lambda place: (ranks[place], place)):
        parent = parents[row]
        below[known.get(parent) if isinstance(parent, str) else None].append(row)
    order: dict[int, None] = {}
    waiting = below[None][::-1]
    while waiting:
        row = waiting.pop()
        order[row] = None
        waiting.extend(below.get(row, [])[::-1])
    rows = [*order, *(row for row in range(len(codes)) if row not in order)]
    ordered = codes.iloc[rows].reset_index(drop=True)
    return ordered.assign(position=pd.array(range(1, len(rows) + 1), dtype="Int64"))


Path = tuple[str, ...]


def whole_number(value: object) -> int | None:
    """Return a cell as a whole number, also where it is one as text; None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    text = (as_text(value) or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def read_counts(
    table: SheetTable, column: str, expected: str, faults: FaultList
) -> list[int | None]:
    """Return a column of counts, None where a cell is blank or there is no such column.

    Parameters
    ----------
    table : SheetTable
    column : str
        Canonical name.
    expected : str
        What the numbers count, for messages.
    faults : FaultList
        Gets a fault for each cell that is no count.
    """
    cells = table.columns.get(column) or [None] * table.height
    counts = [whole_number(cell) for cell in cells]
    for row, cell, count in zip(table.row_numbers, cells, counts, strict=True):
        if cell is not None and (count is None or count < 0):
            faults.add(
                kind="bad-number",
                file=table.sheet.file,
                sheet=table.sheet.name.strip() or None,
                row=row,
                column=table.headers[column],
                found="no whole number",
                expected=expected,
                remedy="Correct the number, or export the codebook again.",
            )
    return counts


def first_rows(paths: Sequence[Path]) -> dict[Path, int]:
    """Return for each code the place of the first row that names it."""
    first: dict[Path, int] = {}
    for place, path in enumerate(paths):
        if path:
            first.setdefault(path, place)
    return first


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A code, or a category, which cannot be applied.

    Attributes
    ----------
    key, parent : hashable
        How the database calls this node, and the one above it; None at the root.
    """

    key: Hashable
    name: str
    parent: Hashable | None = None
    is_codable: bool = True
    colour: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CodeTree:
    """The frame ``codes`` of the model, and the identifier of each node."""

    frame: pd.DataFrame
    ids: dict[Hashable, str]


def code_tree(nodes: Sequence[Node], notes: Notes) -> CodeTree:
    """Build the codes; each category before what it holds.

    The identifier is the path. A category that has the name of a code beside it gets
    " (category)" behind it, and a second code of one path a number.

    Parameters
    ----------
    nodes : sequence of Node
        No key twice; in the order of the program.
    notes : Notes
        Gets a fault for nodes below themselves, a warning for codes of one path.
    """
    by_key = {node.key: node for node in nodes}
    paths = paths_from_parents(
        {node.key: node.name for node in nodes},
        {node.key: node.parent for node in nodes},
        notes.faults,
        file=notes.file,
    )
    ids: dict[Hashable, str] = {}
    taken: set[str] = set()
    twice = 0
    for key in sorted(paths, key=lambda item: not by_key[item].is_codable):
        plain = code_id(paths[key])
        if plain in taken and not by_key[key].is_codable:
            plain = f"{plain} (category)"
        name, number = plain, 2
        while name in taken:
            name, number = f"{plain} #{number}", number + 1
        twice += name != plain
        ids[key] = name
        taken.add(name)
    if twice:
        notes.warn(
            f"{twice} codes have name and place of another; they are told apart by a number."
        )
    order = _depth_first([node for node in nodes if node.key in paths])
    frame = make_frame(
        "codes",
        {
            "code_id": [ids[node.key] for node in order],
            "parent_id": pd.Series(
                [ids.get(node.parent) if node.parent is not None else None for node in order],
                dtype="str",
            ),
            "name": [node.name for node in order],
            "path": [paths[node.key] for node in order],
            "level": [len(paths[node.key]) for node in order],
            "position": range(1, len(order) + 1),
            "is_codable": [node.is_codable for node in order],
            "colour": pd.Series([node.colour for node in order], dtype="str"),
            "description": pd.Series([node.description for node in order], dtype="str"),
        },
    )
    return CodeTree(frame, ids)


def _depth_first(nodes: Sequence[Node]) -> list[Node]:
    known = {node.key for node in nodes}
    below: dict[Hashable | None, list[Node]] = {}
    for node in nodes:
        below.setdefault(node.parent if node.parent in known else None, []).append(node)
    order: list[Node] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        node = waiting.pop()
        order.append(node)
        waiting.extend(reversed(below.get(node.key, [])))
    return order
