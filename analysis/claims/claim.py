"""One published value: where it stands, and what it must agree with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

__all__ = ["COLUMNS", "KINDS", "LINKS", "NUMERIC", "REQUIRED", "RULES", "Claim", "Day"]

REQUIRED = ("id", "section", "place", "printed", "kind")
COLUMNS = (
    *REQUIRED,
    *("rebuilt", "whole", "beside", "part_of", "by", "same_as", "lists"),
    *("participant", "role", "rule", "note"),
)
LINKS = ("whole", "beside", "part_of", "same_as", "lists")
NUMERIC = ("count", "percentage", "mean", "SD")
KINDS = (*NUMERIC, "range", "label", "attribution", "date")
# what each rule is for; "guidance:" is followed by a dimension
RULES = {
    "whole-numbers": ("mean", "SD"),
    "exact": ("range",),
    "not-before": ("date",),
    "not-after": ("date",),
    "months": ("count",),
    "column": ("label",),
    "guidance:": ("label",),
}

# first and last day that a date may mean: one day, a month, or a year
Day = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Claim:
    """A row of the ledger.

    Attributes
    ----------
    id, section, place, printed, kind, note : str
        As written; `printed` is text, so that trailing zeros stay.
    row : int
        Row of the file, from 1.
    rebuilt : tuple of str
        One or two keys of the metrics, or one of ``labels.N``, ``groups``, ``dimensions``,
        ``quotation:LABEL``; empty where nothing rebuilds it.
    whole, part_of, same_as, lists : str
        Ids of other claims, or empty.
    beside : tuple of str
        Ids of other claims.
    by : str
        What `part_of` splits the whole by, or which list `lists` belongs to.
    participant, role, rule : str
    value : Fraction or None
        Of a count, percentage, mean or SD.
    decimals : int
        Printed decimals of `value`.
    relation : str
        ``=``, or the bound that stands before the number, as in ``<0.1``.
    ends : tuple of Fraction or None
        Of a range.
    days : Day or None
        Of a date.
    """

    id: str
    section: str
    place: str
    printed: str
    kind: str
    row: int
    rebuilt: tuple[str, ...] = ()
    whole: str = ""
    beside: tuple[str, ...] = ()
    part_of: str = ""
    by: str = ""
    same_as: str = ""
    lists: str = ""
    participant: str = ""
    role: str = ""
    rule: str = ""
    note: str = ""
    value: Fraction | None = None
    decimals: int = 0
    relation: str = "="
    ends: tuple[Fraction, Fraction] | None = None
    days: Day | None = None

    @property
    def where(self) -> str:
        """The section and the place, as a sentence names them: ``Table 2, Gender, …``."""
        return f"{self.section}, {self.place}"
