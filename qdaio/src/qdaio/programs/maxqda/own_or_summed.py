"""Whether counts of a code system are own or summed over subcodes, found by arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["how_counted"]

Path = tuple[str, ...]


def how_counted(counts: Mapping[Path, int], total: int | None) -> str:
    """Find out how the counts of a code system were made.

    MAXQDA shows for a code either its own coded segments or, collapsed or by setting, those
    of its subcodes as well; the table does not say which.

    Parameters
    ----------
    counts : mapping of path to int
        Every code with a count.
    total : int, optional
        Of the root row.

    Returns
    -------
    str
        ``own``, ``aggregate`` or ``unknown``. Where both fit, as without subcodes, ``own``.

    Examples
    --------
    >>> how_counted({("A",): 1, ("A", "a"): 2}, 3)
    'own'
    >>> how_counted({("A",): 3, ("A", "a"): 2}, 3)
    'aggregate'
    """
    below: dict[Path, int] = {}
    for path, count in counts.items():
        below[path[:-1]] = below.get(path[:-1], 0) + count
    at_least = all(counts[path] >= count for path, count in below.items() if path in counts)
    if total is None:
        # a parent that has fewer than its children cannot include them
        return "unknown" if at_least else "own"
    if sum(counts.values()) == total:
        return "own"
    if below.get((), 0) == total and at_least:
        return "aggregate"
    return "unknown"
