"""Tidy tables of a prepared study, written for the notebooks that follow."""

from __future__ import annotations

import json

import pandas as pd

from analysis.preparation.prepare import Prepared
from analysis.workspace import Workspace
from qdaio.writing import write_text

__all__ = ["hand_over"]

DIMENSIONS = ["id", "number", "name", "definition"]
CATEGORIES = ["category", "dimension", "is_primary"]
GUIDANCE = ["section", "parent", "title", "page", "kind", "dimension"]


def hand_over(prepared: Prepared, workspace: Workspace) -> None:
    """Write the tables; a part that the study does not have becomes a table without rows.

    Parameters
    ----------
    prepared : Prepared
    workspace : Workspace
    """
    people, framework = prepared.people, prepared.framework
    documents = people.documents.drop(columns=["group"], errors="ignore")
    tables = {
        "documents": documents,
        "participants": people.participants
        if people.participants is not None
        else pd.DataFrame({"case_id": pd.Series(dtype="str")}),
        "groupings": people.groupings,
        "codes": prepared.codes,
        "codings": prepared.codings,
        "agreement": prepared.agreement_codings,
        "quotations": prepared.quotations,
        "set-aside": prepared.set_aside,
        "dimensions": _columns(framework.dimensions if framework else None, DIMENSIONS),
        "categories": _columns(framework.categories if framework else None, CATEGORIES),
        "guidance": _columns(framework.guidance if framework else None, GUIDANCE),
    }
    for name, table in tables.items():
        workspace.write(name, table)
    said = json.dumps(list(prepared.warnings), ensure_ascii=False, indent=1)
    write_text(workspace.processed / "warnings.json", said + "\n")


def _columns(table: pd.DataFrame | None, columns: list[str]) -> pd.DataFrame:
    if table is None:
        return pd.DataFrame({column: pd.Series(dtype="str") for column in columns})
    return table[columns]
