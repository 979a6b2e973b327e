"""Numeric consistency of published values: arithmetic that needs no data.

One value (:func:`grim`, :func:`grimmer`, :func:`debit`, :func:`percent`), many
(:func:`grim_map`, :func:`grimmer_map`, :func:`debit_map`), a whole table under one
convention (:func:`joint`), a typed-in table (:func:`audit_table`), and a sample that would
print so (:func:`sprite`).
"""

from analysis.consistency.conventions import CONVENTIONS, ROUNDINGS, Convention
from analysis.consistency.debit import debit, debit_map
from analysis.consistency.grim import Grim, grim, grim_map
from analysis.consistency.grimmer import Grimmer, grimmer, grimmer_map
from analysis.consistency.joint import TableConvention, joint
from analysis.consistency.percent import Percent, percent
from analysis.consistency.printed import Numbers, Printed, parse_number, read_numbers
from analysis.consistency.sprite import Sprite, sprite
from analysis.consistency.table_audit import TableAudit, audit_table
from analysis.consistency.text import audit_text, claims_text
from analysis.consistency.verdicts import SEVERITY, Verdict

__all__ = [
    "CONVENTIONS",
    "ROUNDINGS",
    "SEVERITY",
    "Convention",
    "Grim",
    "Grimmer",
    "Numbers",
    "Percent",
    "Printed",
    "Sprite",
    "TableAudit",
    "TableConvention",
    "Verdict",
    "audit_table",
    "audit_text",
    "claims_text",
    "debit",
    "debit_map",
    "grim",
    "grim_map",
    "grimmer",
    "grimmer_map",
    "joint",
    "parse_number",
    "percent",
    "read_numbers",
    "sprite",
]
