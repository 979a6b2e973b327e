"""What an audit says of a published value."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["SEVERITY", "Verdict"]


class Verdict(StrEnum):
    """One verdict a claim.

    ``reproduced`` and ``differs`` need a rebuilt value to compare with. A table that is
    audited without its data gets ``consistent`` instead: nothing that it prints speaks
    against the value, which is less than having rebuilt it.
    """

    IMPOSSIBLE = "impossible"
    INCONSISTENT = "inconsistent within the publication"
    DIFFERS = "differs"
    ROUNDING = "rounding only"
    REPRODUCED = "reproduced"
    CONSISTENT = "consistent"
    NOT_COMPUTABLE = "not computable from these data"


# where several checks judge one claim, the first of these that any of them gives holds
SEVERITY = tuple(Verdict)
