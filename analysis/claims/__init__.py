"""A ledger of what a publication says, and a verdict on each of its claims."""

from analysis.claims.audit import VERDICTS, Audit, audit_claims
from analysis.claims.facts import Facts

__all__ = ["VERDICTS", "Audit", "Facts", "audit_claims"]
