"""Cases of a study: participants with their attributes, or documents where there are none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.participants.assign import assign_documents, natural_order
from analysis.participants.attributes import participant_attributes, typed_variable
from analysis.preparation.attribute_file import read_attribute_file
from analysis.preparation.interviews import add_interviews
from analysis.preparation.people_checks import check_documents, check_follow_ups
from analysis.settings import Participants, Variable
from qdaio.faults import FaultList
from qdaio.project import CodedProject

__all__ = ["GROUP", "People", "documents_as_cases", "people_of"]

GROUP = "group"


@dataclass(frozen=True)
class People:
    """Who was asked.

    Attributes
    ----------
    documents : DataFrame
        ``document_id``, ``name``, ``group``, ``kind``, ``position``, ``case_id``,
        ``is_follow_up``, ``date``, ``minutes``.
    participants : DataFrame or None
        ``case_id``, ``group`` (ordered categorical, where the study has groups) and one
        typed column for each variable; None where the study has no participants.
    groupings : DataFrame
        ``case_id``, ``variable``, ``level``, ``position``: every way to group cases by a
        category; the study's own group is the variable ``group``.
    """

    documents: pd.DataFrame
    participants: pd.DataFrame | None
    groupings: pd.DataFrame


def documents_as_cases(project: CodedProject) -> People:
    """Take each document as a case, for a study without participants."""
    documents = project.documents.drop(columns="text")
    documents = documents.assign(
        case_id=documents["document_id"],
        is_follow_up=False,
        date=pd.Series(pd.NA, index=documents.index, dtype="str"),
        minutes=pd.Series(pd.NA, index=documents.index, dtype="Float64"),
    )
    nothing = pd.DataFrame(
        {column: pd.Series(dtype="str") for column in ("case_id", "variable", "level")}
    ).assign(position=pd.Series(dtype="int64"))
    return People(documents=documents, participants=None, groupings=nothing)


def people_of(project: CodedProject, spec: Participants, folder: Path, faults: FaultList) -> People:
    """Find participants, their groups and attributes.

    Parameters
    ----------
    project : CodedProject
    spec : Participants
    folder : Path
        The study's folder, for a separate file of attributes.
    faults : FaultList
        Gets every contradiction: documents without a participant, participants without
        documents, unknown groups, values that cannot be.
    """
    found = assign_documents(project, spec, faults)
    documents = add_interviews(found.documents, project, spec, faults)
    documents = documents.rename(columns={"participant_id": "case_id"})
    check_documents(documents, project, faults)
    present = documents.dropna(subset="case_id")
    ids = pd.Series(present["case_id"].unique(), dtype="str")
    order = list(ids.loc[natural_order(ids).sort_values(kind="stable").index])
    check_follow_ups(present, spec, faults)
    rows = _document_values(project, present)
    if spec.file and spec.file_id:
        rows = pd.concat(
            [rows, read_attribute_file(folder, spec, order, faults)], ignore_index=True
        )
    texts = participant_attributes(rows, spec, order, faults)
    group = _groups(texts, present, spec, order, faults)
    table = pd.DataFrame({"case_id": order})
    if group is not None:
        table[GROUP] = group.to_numpy()
        table[GROUP] = pd.Categorical(table[GROUP], list(group.cat.categories), ordered=True)
    for variable in _variables(spec):
        if variable.name not in texts or texts[variable.name].isna().all():
            continue
        places = (texts[f"{variable.name} file"], texts[f"{variable.name} row"])
        typed = typed_variable(texts[variable.name], variable, group, places, faults)
        table[variable.name] = typed.to_numpy() if typed.dtype != "category" else typed.array
    return People(documents=documents, participants=table, groupings=_groupings(table))


def _variables(spec: Participants) -> list[Variable]:
    named = {variable.name for variable in spec.variables}
    inner = [variable.within for variable in spec.variables if variable.within]
    extra = [name for name in dict.fromkeys([*inner, spec.role]) if name and name not in named]
    return [
        *(variable for variable in spec.variables if variable.name not in spec.omit),
        *(Variable(name=name, missing=True) for name in extra if name not in spec.omit),
    ]


def _document_values(project: CodedProject, documents: pd.DataFrame) -> pd.DataFrame:
    rows = project.attributes
    by_document = documents.set_index("document_id")["case_id"]
    by_case = project.cases.set_index("case_id")["name"]
    owner = (
        rows["entity_id"]
        .map(by_document)
        .where(rows["entity"].astype("str") == "document", rows["entity_id"].map(by_case))
    )
    columns = ["participant_id", "name", "value", "source_file", "source_row"]
    rows = rows.assign(participant_id=owner)[columns].dropna(subset="participant_id")
    return rows.astype({"source_file": "str"})


def _groups(
    texts: pd.DataFrame,
    documents: pd.DataFrame,
    spec: Participants,
    order: list[str],
    faults: FaultList,
) -> pd.Series | None:
    if not spec.group and not spec.group_order:
        return None
    if spec.group:
        if spec.group not in texts:
            return None
        values = texts[spec.group]
    else:
        first = documents.drop_duplicates("case_id").set_index("case_id")["group"]
        values = first.reindex(order)
        if values.isna().all():
            return None
    known = spec.group_order or list(dict.fromkeys(values.dropna()))
    for participant, value in values.items():
        if pd.isna(value) or value not in known:
            has_row = spec.group is not None
            row = texts[f"{spec.group} row"].get(participant) if has_row else None
            file = texts[f"{spec.group} file"].get(participant) if has_row else None
            faults.add(
                kind="unknown-group",
                file=None if file is None or pd.isna(file) else str(file),
                row=None if row is None or pd.isna(row) else int(row),
                column=spec.group or "Document group",
                found=f"{'nothing' if pd.isna(value) else repr(value)} for "
                f"participant {participant}",
                expected=", ".join(known),
                remedy="Correct the group, or add it to `group_order` in study.toml.",
            )
    categories = pd.Categorical(values.where(values.isin(known)), categories=known, ordered=True)
    return pd.Series(categories, index=order)


def _groupings(table: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for column in table.columns.drop("case_id"):
        if isinstance(table[column].dtype, pd.CategoricalDtype):
            codes = table[column].cat.codes
            part = pd.DataFrame({"case_id": table["case_id"], "variable": column})
            part["level"] = table[column].astype("str")
            part["position"] = codes.astype("int64") + 1
            parts.append(part.dropna(subset="level"))
    columns = ["case_id", "variable", "level", "position"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
