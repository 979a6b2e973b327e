"""Statements of a publication that cannot all be true, and which of them is likely wrong.

Parts that do not add up, repeats that differ, counts that their lists do not have, one
person with two roles. Two places that contradict each other do not say which is wrong; the
rules of who carries it are in ``docs/claims.md``.
"""

from __future__ import annotations

from collections.abc import Mapping

from analysis.audit.compare import Compared
from analysis.audit.conflicts.conflict import Claims, Conflict, Relation, carriers
from analysis.audit.conflicts.formulas import broken_formulas
from analysis.audit.conflicts.lists import broken_lists, lists_of, repeated_names
from analysis.audit.conflicts.people import (
    broken_periods,
    broken_ranges,
    crowded_roles,
    misplaced_means,
    several_roles,
)
from analysis.audit.conflicts.repeats import broken_repeats
from analysis.audit.conflicts.sums import broken_bounds, broken_sums, people_of_shares, pooled_means

__all__ = ["Claims", "Conflict", "Relation", "carriers", "conflicts", "lists_of"]


def conflicts(
    claims: Claims, compared: Mapping[str, Compared]
) -> tuple[list[Conflict], list[Relation]]:
    """Return everything that contradicts each other, and what agrees."""
    agreed: list[Relation] = []
    found = [
        *broken_sums(claims, agreed),
        *people_of_shares(claims, agreed),
        *broken_bounds(claims, agreed),
        *broken_formulas(claims, agreed),
        *pooled_means(claims, agreed),
        *broken_repeats(claims, agreed),
        *broken_ranges(claims),
        *broken_periods(claims),
        *misplaced_means(claims),
        *broken_lists(claims, compared),
        *repeated_names(claims),
        *several_roles(claims),
        *crowded_roles(claims),
    ]
    return found, agreed
