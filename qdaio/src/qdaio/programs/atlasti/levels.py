"""Levels of the code system that stand inside names: ``Theme: Sub``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from qdaio.codes import LEVEL_MARK
from qdaio.labels import name_key

__all__ = ["prefixed_paths"]

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
