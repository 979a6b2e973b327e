"""Code paths as MAXQDA writes them, and the frame of codes that they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from qdaio.codes import code_id
from qdaio.model import make_frame

__all__ = ["code_rows", "codes_frame", "separator_of", "split_path"]

ARROW = " > "


def split_path(label: str, separator: str = ARROW) -> tuple[str, ...]:
    """Split a code path into names.

    Examples
    --------
    >>> split_path("Barriers > Time > waiting")
    ('Barriers', 'Time', 'waiting')
    """
    return tuple(part.strip() for part in label.split(separator) if part.strip()) or (label,)


def separator_of(labels: Iterable[str | None]) -> str:
    r"""Return what separates the levels of code paths: " > ", or "\" as in imported tables."""
    known = [label for label in labels if label]
    if not any(ARROW in label for label in known) and any("\\" in label for label in known):
        return "\\"
    return ARROW


def code_rows(paths: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return all paths and those of their parents, each once, parents first."""
    seen: dict[tuple[str, ...], None] = {}
    for path in paths:
        for depth in range(1, len(path) + 1):
            seen.setdefault(tuple(path[:depth]))
    return list(seen)


def codes_frame(
    paths: Sequence[tuple[str, ...]], **columns: Sequence[object] | pd.Series
) -> pd.DataFrame:
    """Make the frame of codes from paths in which every parent has its own row.

    Parameters
    ----------
    paths : sequence of tuple of str
    **columns : sequence or Series
        Further columns of the frame, one value a path.
    """
    return make_frame(
        "codes",
        {
            "code_id": [code_id(path) for path in paths],
            "parent_id": [code_id(path[:-1]) if len(path) > 1 else None for path in paths],
            "name": [path[-1] for path in paths],
            "path": pd.Series(list(paths), dtype="object"),
            "level": [len(path) for path in paths],
            **columns,
        },
    )
