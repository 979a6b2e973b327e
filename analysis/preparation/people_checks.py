"""Checks between documents and participants."""

from __future__ import annotations

import pandas as pd

from analysis.forms import records
from analysis.settings import Participants
from qdaio.faults import FaultList
from qdaio.project import CodedProject

__all__ = ["check_documents", "check_follow_ups"]


def check_documents(documents: pd.DataFrame, project: CodedProject, faults: FaultList) -> None:
    """Check that coded documents have participants, and participants coded documents.

    Parameters
    ----------
    documents : DataFrame
        ``document_id``, ``name``, ``case_id``.
    project : CodedProject
    faults : FaultList
    """
    coded = set(project.segments["document_id"].astype("str"))
    for row in records(documents[documents["case_id"].isna()]):
        if row["document_id"] in coded:
            faults.add(
                kind="segment-without-participant",
                file=_files(project),
                found=f'document "{row["name"]}", which has no participant',
                expected="each coded document belongs to a participant",
                remedy="Give the document its participant in the document variables, under "
                "the same document group and name as in the coded segments.",
            )
    with_codings = documents["document_id"].isin(coded).groupby(documents["case_id"]).any()
    rows = project.attributes.query("entity == 'document'").drop_duplicates("entity_id")
    places = rows.set_index("entity_id")
    for participant in with_codings.index[~with_codings]:
        first = documents.loc[documents["case_id"] == participant, "document_id"].iloc[0]
        place = places.loc[first] if first in places.index else None
        faults.add(
            kind="participant-without-segments",
            file=_files(project) if place is None else str(place["source_file"]),
            row=None if place is None else int(place["source_row"]),
            found=f"participant {participant} without a coded segment",
            expected="coded segments of each participant",
            remedy="Activate the document before the export, or remove the participant.",
        )


def check_follow_ups(documents: pd.DataFrame, spec: Participants, faults: FaultList) -> None:
    """Check that each participant has one document that is no follow-up.

    Parameters
    ----------
    documents : DataFrame
        ``case_id``, ``name``, ``is_follow_up``.
    spec : Participants
    faults : FaultList
    """
    if spec.follow_up is None:
        return
    main = documents[~documents["is_follow_up"]]
    counts = main.groupby("case_id", observed=True)["name"].agg(list)
    for participant, names in counts[counts.map(len) > 1].items():
        faults.add(
            kind="duplicate-participant",
            file=spec.file,
            column=spec.variable,
            found=f"participant {participant} in documents {', '.join(map(repr, names))}",
            expected="one document of each participant that is no follow-up",
            remedy=f"Correct the participant of one document, or mark it as a follow-up "
            f'({spec.follow_up.variable} = "{spec.follow_up.value}").',
        )


def _files(project: CodedProject) -> str | None:
    return ", ".join(item.name for item in project.info.files) or None
