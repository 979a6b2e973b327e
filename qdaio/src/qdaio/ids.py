"""Ids of participants inside the names of documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from qdaio.faults import Fault, StudyError

__all__ = ["Proposal", "ids_in_names", "propose_pattern"]

NUMBERED = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,20})([ _-]?)(\d{1,6})")
LIKELY = ("p", "participant", "teilnehmer", "tn", "respondent", "r", "id", "case", "s", "subject")
EXAMPLES = 3
ENOUGH = 0.8  # of the names


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pattern that finds a participant in names of documents.

    Attributes
    ----------
    pattern : str
        Regular expression; its first group is the id.
    found : int
        How many of the names it finds an id in.
    examples : tuple of (str, str)
        Names with the ids found.
    """

    pattern: str
    found: int
    examples: tuple[tuple[str, str], ...]


def ids_in_names(names: pd.Series, pattern: str) -> pd.Series:
    """Find the participant's id in each name: the first group, or the whole match.

    Parameters
    ----------
    names : Series of str
    pattern : str
        Regular expression.

    Returns
    -------
    Series
        Missing where the pattern finds nothing; index as in `names`.

    Raises
    ------
    StudyError
        When the pattern is no regular expression.
    """
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise StudyError(
            Fault(
                kind="bad-value",
                column="participants.pattern",
                found=f'"{pattern}" ({error})',
                expected="a regular expression",
                remedy=r"Write for example ^(P\d+) for documents named P1 interview.",
            )
        ) from error
    found = [match and match[1 if compiled.groups else 0] for match in map(compiled.search, names)]
    return pd.Series(found, index=names.index, dtype="str")


def propose_pattern(names: Sequence[str]) -> Proposal | None:
    """Propose a pattern that finds a participant's id in names of documents.

    A word that stands with a number in nearly all names: ``P2`` in ``P2_GMT2021.odt``,
    ``ID731`` in ``Int01_ID731``.

    Returns
    -------
    Proposal or None
        None when no word stands with a number in nearly all names, or always with one number.
    """
    seen: dict[tuple[str, str], set[int]] = {}
    for number, name in enumerate(names):
        for word, gap, _ in NUMBERED.findall(name):
            seen.setdefault((word, gap), set()).add(number)
    best = max(
        seen,
        key=lambda key: (len(seen[key]), -_rank(key[0]), -list(seen).index(key)),
        default=None,
    )
    if best is None or len(seen[best]) < ENOUGH * len(names):
        return None
    pattern = rf"(?<![^\W\d_])({re.escape(best[0])}{re.escape(best[1])}\d+)"
    ids = ids_in_names(pd.Series(list(names), dtype="str"), pattern)
    if len(names) > 1 and ids.nunique() < 2:
        return None
    shown = [(name, found) for name, found in zip(names, ids, strict=True) if not pd.isna(found)]
    return Proposal(pattern, int(ids.notna().sum()), tuple(shown[:EXAMPLES]))


def _rank(word: str) -> int:
    folded = word.casefold()
    return LIKELY.index(folded) if folded in LIKELY else len(LIKELY)
