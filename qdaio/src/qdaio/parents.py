"""A tree told by parents: each row names the one above it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from qdaio.faults import FaultList

__all__ = ["DEEPEST", "paths_from_parents"]

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
