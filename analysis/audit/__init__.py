"""The audit: what a publication prints, held against itself, its study and arithmetic.

One ledger (:mod:`analysis.audit.ledger`) and one engine (:mod:`analysis.audit.audit`) serve a
study's own claims, a table that was typed in, and a paper that was handed over. The
arithmetic stands apart, in :mod:`analysis.audit.arithmetic`.
"""

from __future__ import annotations

from analysis.audit.audit import Audit, audit_claims, audit_ledger, audit_table
from analysis.audit.compare import Facts
from analysis.audit.ledger import read_ledger
from analysis.audit.page import audit_page
from analysis.audit.report import audit_document, audit_lines
from analysis.audit.study import gather_facts, run_audit, write_audit
from analysis.audit.verdicts import ACCUSING, ASKING, QUIET, SEVERITY, Verdict

__all__ = [
    "ACCUSING",
    "ASKING",
    "QUIET",
    "SEVERITY",
    "Audit",
    "Facts",
    "Verdict",
    "audit_claims",
    "audit_document",
    "audit_ledger",
    "audit_lines",
    "audit_page",
    "audit_table",
    "gather_facts",
    "read_ledger",
    "run_audit",
    "write_audit",
]
