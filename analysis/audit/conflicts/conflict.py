"""Claims that contradict each other, claims that agree, and which of them is blamed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.audit.compare import Compared
from analysis.audit.ledger import Ledger
from analysis.audit.ledger.links import Claim
from analysis.audit.verdicts import Verdict

__all__ = ["Claims", "Conflict", "Relation", "carriers"]


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
    verdict : Verdict
        Inconsistent; or a question of missing data, of rounding, or of wording.
    """

    members: tuple[str, ...]
    otherwise: tuple[str, ...]
    why: str
    unknown: tuple[str, ...] | None = None
    each: Mapping[str, str] | None = None
    verdict: Verdict = Verdict.INCONSISTENT

    def sentence(self, claim: str) -> str:
        """Return the sentence for one claim."""
        return (self.each or {}).get(claim, self.why)


@dataclass(frozen=True, slots=True)
class Relation:
    """Claims that agree with each other.

    Attributes
    ----------
    members : tuple of str
    why : str
    """

    members: tuple[str, ...]
    why: str


def carriers(conflict: Conflict, compared: Mapping[str, Compared]) -> tuple[str, ...]:
    """Return the claims that carry a conflict.

    Those that the data do not give; where there are none, those that nothing can be
    compared with; where the data give all, those that the conflict itself names. So a
    value that the data give, and that others agree with, is not blamed for its partner.
    """
    differ = [c for c in conflict.members if compared[c].verdict == Verdict.DIFFERS]
    if differ:
        return tuple(differ)
    if conflict.verdict is Verdict.WORDING:
        # a note on the wording that fewer places have needs no evidence
        return conflict.otherwise
    open_ = [c for c in conflict.members if compared[c].verdict == Verdict.NOT_COMPUTABLE]
    if open_:
        return tuple(open_) if conflict.unknown is None else conflict.unknown
    return conflict.otherwise


class Claims:
    """The claims of a ledger, to look up by row and by what they state."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.all = ledger.claims
        self.by_place = {(claim.at, claim.column): claim for claim in ledger.claims}
        self.by_row: dict[int, list[Claim]] = {}
        for claim in ledger.claims:
            self.by_row.setdefault(claim.at, []).append(claim)

    def of(self, row: int, *columns: str) -> Claim | None:
        """Return the claim of a row in the first of some columns that it fills."""
        for column in columns:
            if (claim := self.by_place.get((row, column))) is not None:
                return claim
        return None

    def only(self, row: int) -> Claim:
        """Return the claim of a row with a kind, or the first of its values."""
        return self.by_row[row][0]
