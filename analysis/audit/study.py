"""The audit of a study: its ledger of claims against the values that it rebuilds."""

from __future__ import annotations

import json

import pandas as pd

from analysis.audit.audit import Audit, audit_claims
from analysis.audit.compare import Facts
from analysis.audit.page import audit_page
from analysis.audit.report import audit_document
from analysis.chapters.frequencies import by_person
from analysis.codes import lineage
from analysis.workspace import Workspace
from qdaio.faults import Fault, StudyError
from qdaio.files.writing import write_text

__all__ = ["LEDGER", "gather_facts", "run_audit", "write_audit"]

LEDGER = "claims.csv"
PARTS = ["preparation", "participants", "frequencies", "hierarchy"]

# keys that a study lacks together with a part of it
KEYS_OF = {
    "participants": ("participants.", "group.", "group-", "interviews.", "documents.follow-up"),
    "groups": ("group.", "group-", "interviews.group-"),
    "framework": ("framework.", "dimension.", "guidance."),
    "guide": ("guide.", "guide-"),
}


def gather_facts(workspace: Workspace) -> Facts:
    """Collect what a rebuilt study offers for comparison.

    Parameters
    ----------
    workspace : Workspace
        Of a study whose notebooks have run.

    Raises
    ------
    StudyError
        When they have not.
    """
    study = workspace.study
    codes = workspace.read("codes")
    codings = workspace.read("codings")
    labels = codes.set_index("code_id")["label"]
    above = lineage(codes).assign(label=lambda rows: rows["ancestor_id"].map(labels))

    def with_all_above(rows: pd.DataFrame) -> set[tuple[str, str]]:
        pairs = by_person(rows)[["code_id", "case_id"]].drop_duplicates().astype("str")
        both = pairs.merge(above, on="code_id")
        return set(zip(both["label"], both["case_id"], strict=True))

    people = workspace.read("participants")
    role = study.participants.role if study.participants else None
    roles = {}
    if role and role in people:
        known = people.dropna(subset=[role])
        roles = dict(zip(known["case_id"].astype("str"), known[role].astype("str"), strict=True))
    groups = []
    if "group" in people:
        groups = [str(name) for name in people["group"].cat.categories]
    return Facts(
        metrics=workspace.read_metrics(PARTS),
        labels={
            level: list(codes.loc[codes["level"] == level, "label"])
            for level in sorted(int(level) for level in codes["level"].unique())
        },
        groups=groups,
        dimensions=list(workspace.read("dimensions")["name"]),
        guidance=workspace.read("guidance"),
        roles=roles,
        quoted=with_all_above(workspace.read("quotations")),
        coded=with_all_above(codings),
        numbers=study.numbers,
        left_out=tuple(
            start for part, keys in KEYS_OF.items() if part not in study.has() for start in keys
        ),
        is_synthetic=study.is_synthetic,
    )


def run_audit(workspace: Workspace) -> Audit:
    """Give each published claim of a study its verdict.

    Raises
    ------
    StudyError
        When the study names no published values, was not built, or the ledger is wrong.
    """
    published = workspace.study.published
    if published is None:
        raise StudyError(
            Fault(
                kind="missing-key",
                file="study.toml",
                column="published",
                found="no published values",
                expected="a folder with claims.csv",
                remedy='Add [published] with folder = "data-raw/published"; docs/claims.md '
                "says how claims.csv is filled in. For a table without a study, use "
                "`study audit --table FILE`, for a paper `study audit --paper FILE`.",
            )
        )
    name = f"{published.folder}/{LEDGER}"
    return audit_claims(workspace.folder / name, name, gather_facts(workspace))


def write_audit(audit: Audit, workspace: Workspace) -> None:
    """Write ``audit.json`` and ``audit.html`` among the products."""
    text = json.dumps(audit_document(audit), ensure_ascii=False, indent=1) + "\n"
    write_text(workspace.output / "audit.json", text)
    study = workspace.study.study
    page = audit_page(audit, title=study.title, language=study.language)
    write_text(workspace.output / "audit.html", page)
