"""What an audit says of a published value."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ACCUSING", "ASKING", "QUIET", "SEVERITY", "Verdict"]


class Verdict(StrEnum):
    """One verdict a claim; where several checks judge one, the first of these holds.

    ``reproduced`` and ``differs`` need a rebuilt value to compare with. A table that is
    audited without its data gets ``consistent`` instead: nothing that it prints speaks
    against the value, which is less than having rebuilt it. ``of fewer than its whole`` is a
    question of missing data, ``worded differently`` a note: neither is an error.
    """

    IMPOSSIBLE = "impossible"
    INCONSISTENT = "inconsistent within the publication"
    DIFFERS = "differs"
    ROUNDING = "rounding only"
    FEWER = "of fewer than its whole"
    WORDING = "worded differently"
    REPRODUCED = "reproduced"
    CONSISTENT = "consistent"
    NOT_COMPUTABLE = "not computable from these data"


SEVERITY = tuple(Verdict)
# say that something is wrong
ACCUSING = (Verdict.IMPOSSIBLE, Verdict.INCONSISTENT, Verdict.DIFFERS)
# ask for a second look
ASKING = SEVERITY[:6]
QUIET = SEVERITY[6:]
