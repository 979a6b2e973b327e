"""Codes and categories of QualCoder: categories hold categories and codes, codes hold codes."""

from __future__ import annotations

from collections.abc import Hashable

from qdaio.codes import CodeTree, Node, code_tree
from qdaio.database import Database
from qdaio.database_keys import rows_by_number
from qdaio.model import Notes
from qdaio.programs.qualcoder.tables import TABLES

__all__ = ["read_codes"]


def read_codes(database: Database, notes: Notes) -> CodeTree:
    """Read the codes; their keys are their numbers, and (``"category"``, number)."""
    categories = TABLES.read(database, "code_cat")
    codes = TABLES.read(database, "code_name")
    category_places = rows_by_number(categories, "catid", notes)
    code_places = rows_by_number(codes, "cid", notes)
    notes.faults.raise_if_any()
    nodes = []
    astray = 0
    for number, place in category_places.items():
        above = categories["supercatid"][place] or None
        astray += above is not None and above not in category_places
        nodes.append(
            Node(
                key=("category", number),
                name=categories["name"][place] or f"category {number}",
                parent=None if above is None else ("category", above),
                is_codable=False,
                description=categories["memo"][place] or None,
            )
        )
    for number, place in code_places.items():
        category, code = codes["catid"][place] or None, codes["supercid"][place] or None
        parent: Hashable | None = None
        if category is not None:
            parent = "category", category
            astray += category not in category_places
        elif code is not None:
            parent = code
            astray += code not in code_places
        nodes.append(
            Node(
                key=number,
                name=codes["name"][place] or f"code {number}",
                parent=parent,
                colour=codes["color"][place] or None,
                description=codes["memo"][place] or None,
            )
        )
    if astray:
        notes.warn(
            f"{astray} codes or categories are in a category that is not in the database; they "
            "stand at the root."
        )
    tree = code_tree(nodes, notes)
    notes.faults.raise_if_any()
    return tree
