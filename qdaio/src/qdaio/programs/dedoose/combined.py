"""The cell "Codes Applied Combined": last names of codes, which can hold commas themselves."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["names_in", "unexplained"]

SEPARATOR = ", "


def names_in(cell: str) -> list[str]:
    """Cut a cell at the commas that stand in no brackets.

    Examples
    --------
    >>> names_in("Care (home, alone), Time")
    ['Care (home, alone)', 'Time']
    """
    names: list[str] = []
    for part in cell.split(SEPARATOR):
        if names and names[-1].count("(") > names[-1].count(")"):
            names[-1] += SEPARATOR + part
        else:
            names.append(part)
    return [name.strip() for name in names if name.strip()]


def unexplained(cell: str, applied: Iterable[str]) -> list[str]:
    """Return the names in a cell that are none of the codes applied to the excerpt.

    Parameters
    ----------
    cell : str
    applied : iterable of str
        Last names of these codes.

    Examples
    --------
    >>> unexplained("Money, time, Becoming a gateway", ["Money, time", "Becoming a Gateway"])
    []
    """
    left = names_in(cell)
    for name in sorted(applied, key=len, reverse=True):
        wanted = [part.casefold() for part in names_in(name)]
        folded = [part.casefold() for part in left]
        for start in range(len(left) - len(wanted) + 1):
            if wanted and folded[start : start + len(wanted)] == wanted:
                del left[start : start + len(wanted)]
                break
    return left
