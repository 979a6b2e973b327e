"""The ledger: what a publication says, one row for each line of statistics, name or person.

One form serves a study's own ledger, a table typed in from a paper, and what is read from a
manuscript: a row holds either one value, with its kind, or the values of one line (n, mean,
SD …). Documented for the people who fill it in, in ``docs/claims.md``.
"""

from __future__ import annotations

from analysis.audit.ledger.columns import COLUMNS, KINDS, VALUES
from analysis.audit.ledger.form import Ledger, ledger_of, read_ledger
from analysis.audit.ledger.links import Claim
from analysis.audit.ledger.values import WORDS, parse_count, parse_days, parse_range

__all__ = [
    "COLUMNS",
    "KINDS",
    "VALUES",
    "WORDS",
    "Claim",
    "Ledger",
    "ledger_of",
    "parse_count",
    "parse_days",
    "parse_range",
    "read_ledger",
]
