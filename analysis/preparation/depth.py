"""How deep the printed tables go into the code system."""

from __future__ import annotations

import pandas as pd

from analysis.hierarchy import sub_level
from qdaio.faults import Fault, StudyError

__all__ = ["depth_of", "level_names"]

USUAL = 3  # a deeper table is asked for, not made by itself


def depth_of(codes: pd.DataFrame, levels: list[str], wanted: int) -> int:
    """Return the deepest level to print.

    Parameters
    ----------
    codes : DataFrame
        ``level``.
    levels : list of str
        Names of the levels in the study file; may be empty.
    wanted : int
        A parameter: a level from 1, or 0 for the last one above the primary codes, but
        not below the third.

    Raises
    ------
    StudyError
        When the code system has no such level.
    """
    deepest = int(codes["level"].max())
    if not 0 <= wanted <= deepest:
        raise StudyError(
            Fault(
                kind="bad-value",
                column="level",
                found=str(wanted),
                expected=f"0 to {deepest}, the levels of the code system",
                remedy="Choose one of these levels.",
            )
        )
    return wanted or min(deepest, sub_level(codes, levels), USUAL)


def level_names(levels: list[str], depth: int) -> list[str]:
    """Return a name for each level down to `depth`; "Level 2" where the study gives none."""
    if depth == 1 and not levels:
        return ["Code"]
    return [levels[at] if at < len(levels) else f"Level {at + 1}" for at in range(depth)]
