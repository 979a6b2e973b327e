"""Codes as a codebook knows them, and as other tables of the program name them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.exports.atlasti.splitting import name_key
from analysis.exports.paths import code_id
from analysis.project import CodedProject, make_frame

__all__ = ["LEVEL_MARK", "CodeNames", "code_frame", "code_systems", "prefixed_paths"]

LEVEL_MARK = ": "


class CodeNames:
    """Finds the code that a name means.

    Quotations name a code with the codes above it, joined with ": ", but without the
    folders above those; older versions write the name alone. A name that two codes share
    finds none, unless only one of the two can be applied.

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
            whole[name_key(LEVEL_MARK.join(path))].append(code)
            below_folders[name_key(LEVEL_MARK.join(path[start:]))].append(code)
            alone[name_key(path[-1])].append(code)
        self.layers = (whole, below_folders, alone)

    def names(self, layers: int) -> set[str]:
        """Return the names of the first layers: whole paths, below folders, alone."""
        return {name for layer in self.layers[:layers] for name in layer}

    def all_of(self, name: str) -> list[str]:
        """Return every code that a name can mean, of the first layer that has the name."""
        key = name_key(name)
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
        pieces = rest.split(LEVEL_MARK)
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
