"""The audit of a publication as people read it: terminal, page and JSON."""

from __future__ import annotations

from analysis.audit.document import audit_document
from analysis.audit.gather import gather_facts, run_audit, write_audit
from analysis.audit.page import audit_page
from analysis.audit.terminal import audit_lines

__all__ = [
    "audit_document",
    "audit_lines",
    "audit_page",
    "gather_facts",
    "run_audit",
    "write_audit",
]
