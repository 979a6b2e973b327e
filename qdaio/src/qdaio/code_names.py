"""Codes as a codebook knows them, and as other tables of the same program name them."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import pandas as pd

from qdaio.faults import FaultList
from qdaio.labels import nearest
from qdaio.paths import code_id
from qdaio.project import CodedProject, make_frame
from qdaio.sheet import Sheet

__all__ = [
    "LEVEL_MARK",
    "CodeNames",
    "check_rows_known",
    "code_frame",
    "code_systems",
    "name_key",
]

LEVEL_MARK = ": "


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """Return a name as it is compared: composed (NFC), spaces of any kind as one space."""
    return " ".join(unicodedata.normalize("NFC", name).split())


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
            remedy=(f'Did you mean "{near}"? ' if near else "")
            + "Export codebook and table anew at one time, or leave the codebook out.",
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
