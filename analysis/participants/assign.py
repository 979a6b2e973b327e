"""Which participant each document belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pandas as pd

from analysis.settings import Participants
from qdaio.faults import FaultList, StudyError
from qdaio.identify import ids_in_names, propose_pattern
from qdaio.project import CodedProject

__all__ = ["Assignment", "assign_documents", "natural_order"]


@dataclass(frozen=True)
class Assignment:
    """Documents with their participant.

    Attributes
    ----------
    documents : DataFrame
        The project's documents without text, plus ``participant_id`` (missing where none
        was found) and ``is_follow_up``.
    how : str
        ``variable``, ``pattern`` or ``cases``: what the assignment rests on.
    """

    documents: pd.DataFrame
    how: str


def natural_order(labels: pd.Series) -> pd.Series:
    """Return sort keys under which "P2" comes before "P10".

    Numbers inside labels compare as numbers, all else as text without case.
    """
    return labels.map(
        lambda label: tuple(
            (0, int(part), "") if part.isdigit() else (1, 0, part.casefold())
            for part in re.split(r"(\d+)", str(label))
            if part
        )
    )


def assign_documents(project: CodedProject, spec: Participants, faults: FaultList) -> Assignment:
    """Find the participant of each document by variable, by name, or by the program's cases.

    Parameters
    ----------
    project : CodedProject
    spec : Participants
        The study file's table.
    faults : FaultList
        Gets a fault when the variable exists nowhere or the pattern is no pattern.
    """
    documents = project.documents.drop(columns="text")
    if spec.variable:
        found, how = _by_variable(project, spec.variable, faults), "variable"
    elif spec.pattern:
        found, how = _by_pattern(documents, spec.pattern, faults), "pattern"
    else:
        found, how = _by_cases(project, faults), "cases"
    documents = documents.assign(participant_id=documents["document_id"].map(found))
    documents["is_follow_up"] = False
    if spec.follow_up:
        flagged = _values(project, spec.follow_up.variable)
        if flagged.empty and len(project.attributes):
            _unknown_variable(project, spec.follow_up.variable, "participants.follow_up", faults)
        marks = documents["document_id"].map(flagged)
        documents["is_follow_up"] = marks.eq(spec.follow_up.value).fillna(False).astype(bool)
    return Assignment(documents=documents, how=how)


def _values(project: CodedProject, variable: str) -> pd.Series:
    rows = project.attributes.query("entity == 'document' and name == @variable")
    rows = rows.dropna(subset="value").drop_duplicates("entity_id")
    return rows.set_index("entity_id")["value"].str.strip()


def _by_variable(project: CodedProject, variable: str, faults: FaultList) -> pd.Series:
    found = _values(project, variable)
    if found.empty:
        _unknown_variable(project, variable, "participants.variable", faults)
    return found


def _unknown_variable(project: CodedProject, variable: str, key: str, faults: FaultList) -> None:
    names = sorted(project.attributes["name"].dropna().unique())
    faults.add(
        kind="missing-column",
        file="study.toml",
        column=key,
        found=f"variables {', '.join(names)}" if names else "exports without document variables",
        expected=f'a variable "{variable}"',
        remedy="Name a variable that the export has, or export the document variables too.",
    )


def _by_pattern(documents: pd.DataFrame, pattern: str, faults: FaultList) -> pd.Series:
    try:
        ids = ids_in_names(documents["name"], pattern)
    except StudyError as error:
        faults.extend(replace(fault, file="study.toml") for fault in error.faults)
        return pd.Series(dtype="str")
    return pd.Series(ids.to_numpy(), index=documents["document_id"], dtype="str")


def _by_cases(project: CodedProject, faults: FaultList) -> pd.Series:
    links = project.case_documents
    if links.empty:
        faults.add(
            kind="missing-key",
            file="study.toml",
            column="participants",
            found="an export without cases",
            expected="`variable` or `pattern`",
            remedy="Say which document variable names the participant, or by which pattern "
            "the participant is found in the document's name." + _proposed(project),
        )
        return pd.Series(dtype="str")
    shared = links[links["document_id"].duplicated(keep=False)]
    if len(shared):
        faults.add(
            kind="conflicting-attribute",
            file="study.toml",
            column="participants",
            found=f"{shared['document_id'].nunique()} documents that belong to several cases",
            expected="one participant per document",
            remedy="Say which document variable names the participant.",
        )
    names = project.cases.set_index("case_id")["name"]
    first = links.drop_duplicates("document_id").set_index("document_id")["case_id"]
    return first.map(names)


def _proposed(project: CodedProject) -> str:
    proposal = propose_pattern(list(project.documents["name"]))
    if proposal is None:
        return ""
    name, found = proposal.examples[0]
    return (
        f" Try pattern = '{proposal.pattern}': it finds {proposal.found} of "
        f'{len(project.documents)}, such as "{found}" in "{name}".'
    )
