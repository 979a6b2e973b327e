"""Two or more places of a publication that cannot all hold, and which of them says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.claims.comparing import Compared
from analysis.consistency.verdicts import Verdict

__all__ = ["Conflict", "carriers"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Claims that contradict each other.

    Attributes
    ----------
    members : tuple of str
        Ids of all claims that take part.
    otherwise : tuple of str
        Which of them carry it when the data give every one of them.
    why : str
        A sentence that names all sides and their numbers.
    unknown : tuple of str or None
        Which carry it when nothing can be computed; None for all of which that holds.
    each : mapping of str to str
        Sentences of single claims, where they differ from `why`.
    """

    members: tuple[str, ...]
    otherwise: tuple[str, ...]
    why: str
    unknown: tuple[str, ...] | None = None
    each: Mapping[str, str] | None = None

    def sentence(self, claim: str) -> str:
        """Return the sentence for one claim."""
        return (self.each or {}).get(claim, self.why)


def carriers(conflict: Conflict, compared: Mapping[str, Compared]) -> tuple[str, ...]:
    """Return the claims that carry a conflict.

    Those that the data do not give; where there are none, those that nothing can be
    compared with; where the data give all, those that the conflict itself names. So a
    value that the data give, and that others agree with, is not blamed for its partner.
    """
    differ = [c for c in conflict.members if compared[c].verdict == Verdict.DIFFERS]
    if differ:
        return tuple(differ)
    open_ = [c for c in conflict.members if compared[c].verdict == Verdict.NOT_COMPUTABLE]
    if open_:
        return tuple(open_) if conflict.unknown is None else conflict.unknown
    return conflict.otherwise
