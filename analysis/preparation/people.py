"""Cases of a study: whose document is whose, and who belongs to which group."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.forms import records
from analysis.phrases import (
    NOT_REPORTED,
    PARTICIPANTS,
    counted,
    listing,
    natural_order,
    quoted,
    some,
)
from analysis.preparation.interviews import add_interviews
from analysis.preparation.variables import (
    MISSING,
    MOST_LEVELS,
    alike_values,
    check_ids,
    document_links,
    participant_attributes,
    read_attribute_file,
    typed_variable,
)
from analysis.settings import Participants, Variable
from qdaio.faults import FaultList, StudyError
from qdaio.ids import ids_in_names, propose_pattern
from qdaio.labels import did_you_mean, nearest, plain
from qdaio.model import CodedProject

__all__ = [
    "GROUP",
    "Assignment",
    "People",
    "assign_documents",
    "band_names",
    "check_documents",
    "check_follow_ups",
    "documents_as_cases",
    "people_of",
]

GROUP = "group"


@dataclass(frozen=True)
class Assignment:
    """Documents with the people who speak in them.

    Attributes
    ----------
    documents : DataFrame
        The project's documents without text, plus ``people`` (a tuple of names, empty where
        none was found) and ``is_follow_up``.
    how : str
        ``table``, ``variable``, ``pattern`` or ``cases``: what the assignment rests on.
    """

    documents: pd.DataFrame
    how: str


def assign_documents(
    project: CodedProject, spec: Participants, faults: FaultList, links: pd.DataFrame | None = None
) -> Assignment:
    """Find who speaks in each document: by a table, a variable, its name, or the program's cases.

    Parameters
    ----------
    project : CodedProject
    spec : Participants
        The study file's table.
    faults : FaultList
        Gets a fault when the variable exists nowhere or the pattern is no pattern.
    links : DataFrame, optional
        ``participant_id``, ``document_id``: as the table of participants says it.
    """
    documents = project.documents.drop(columns="text")
    if links is not None:
        found, how = links.set_index("document_id")["participant_id"], "table"
    elif spec.variable:
        found, how = _by_variable(project, spec.variable, faults), "variable"
    elif spec.pattern:
        found, how = _by_pattern(documents, spec.pattern, faults), "pattern"
    else:
        found, how = _by_cases(project, faults), "cases"
    found = found.dropna()
    if spec.separator and how in ("variable", "pattern"):
        found = found.str.split(spec.separator, regex=False).explode().str.strip()
        found = found[found != ""]
    by_document = {
        str(document): tuple(natural_order(set(names)))
        for document, names in found.groupby(level=0, sort=False)
    }
    people = [by_document.get(name, ()) for name in documents["document_id"]]
    documents = documents.assign(people=pd.Series(people, index=documents.index, dtype="object"))
    documents["is_follow_up"] = False
    if spec.follow_up:
        flagged = _values(project, spec.follow_up.variable)
        if flagged.empty and len(project.attributes):
            _unknown_variable(project, spec.follow_up.variable, "participants.follow_up", faults)
        marks = documents["document_id"].map(flagged)
        documents["is_follow_up"] = marks.isin(spec.follow_up.values).fillna(False).astype(bool)
    return Assignment(documents=documents, how=how)


def _values(project: CodedProject, variable: str) -> pd.Series:
    rows = project.attributes.query("entity == 'document' and name == @variable")
    rows = rows.dropna(subset="value").drop_duplicates("entity_id")
    values = rows.set_index("entity_id")["value"].str.strip()
    return values[~values.str.casefold().isin(MISSING)]


def _by_variable(project: CodedProject, variable: str, faults: FaultList) -> pd.Series:
    found = _values(project, variable)
    if found.empty:
        _unknown_variable(project, variable, "participants.variable", faults)
    return found


def _unknown_variable(project: CodedProject, variable: str, key: str, faults: FaultList) -> None:
    names = sorted(project.attributes["name"].dropna().unique())
    near = nearest(variable, names)
    faults.add(
        kind="missing-column",
        file="study.toml",
        column=key,
        found=f"variables {', '.join(names)}" if names else "exports without document variables",
        expected=f'a variable "{variable}"',
        remedy=did_you_mean(
            near, "Name a variable that the export has, or export the document variables too."
        ),
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
    names = project.cases.set_index("case_id")["name"]
    return links.set_index("document_id")["case_id"].map(names)


def _proposed(project: CodedProject) -> str:
    proposal = propose_pattern(list(project.documents["name"]))
    if proposal is None:
        return ""
    name, found = proposal.examples[0]
    return (
        f" Try pattern = '{proposal.pattern}': it finds {proposal.found} of "
        f'{len(project.documents)}, such as "{found}" in "{name}".'
    )


def check_documents(documents: pd.DataFrame, project: CodedProject, faults: FaultList) -> list[str]:
    """Check that coded documents have participants; name documents without a coded segment.

    Parameters
    ----------
    documents : DataFrame
        ``document_id``, ``name``, ``people``.
    project : CodedProject
    faults : FaultList

    Returns
    -------
    list of str
        A sentence on the participants none of whose documents has a coded segment: they were
        asked, so that they count among the participants.
    """
    coded = set(project.segments["document_id"].astype("str"))
    lacking = documents["people"].map(len) == 0
    for row in records(documents[lacking]):
        if row["document_id"] in coded:
            faults.add(
                kind="segment-without-participant",
                file=_files(project),
                found=f'document "{row["name"]}", which has no participant',
                expected="each coded document belongs to a participant",
                remedy="Give the document its participant in the document variables, under "
                "the same document group and name as in the coded segments.",
            )
    voices = documents[["document_id", "people"]].explode("people").dropna(subset="people")
    is_coded = voices["document_id"].isin(coded).groupby(voices["people"], sort=False).any()
    silent = natural_order(is_coded.index[~is_coded])
    if not silent:
        return []
    rows = project.attributes.query("entity == 'document'").drop_duplicates("entity_id")
    places = dict(zip(rows["entity_id"], rows["source_row"], strict=True))
    first = voices.drop_duplicates("people").set_index("people")["document_id"]
    stand = [places.get(first[name]) for name in silent]
    where = [
        f"{name} (row {row})" if row is not None and not pd.isna(row) else name
        for name, row in zip(silent, stand, strict=True)
    ]
    return [uncoded_note(where, "; if the documents were not activated, export them anew")]


def uncoded_note(names: list[str], hint: str) -> str:
    """Say who was asked and not coded."""
    one = len(names) == 1
    return (
        f"{counted(len(names), PARTICIPANTS)} without a coded segment: {some(names)}. "
        f"{'This person counts' if one else 'They count'} among the participants{hint}."
    )


def with_cases(documents: pd.DataFrame) -> pd.DataFrame:
    """Add ``case_id``; where several people speak in a document, it is the document's name."""
    single = documents["people"].map(len) < 2
    taken = set(documents["people"].explode().dropna())
    names: list[str | None] = []
    for people, name, key in zip(
        documents["people"], documents["name"], documents["document_id"], strict=True
    ):
        if len(people) < 2:
            names.append(people[0] if people else None)
            continue
        free = next(n for n in (name, key, f"{key} (all)") if n not in taken)
        taken.add(free)
        names.append(free)
    people = [
        None if one else list(row) for one, row in zip(single, documents["people"], strict=True)
    ]
    return documents.assign(
        case_id=pd.Series(names, index=documents.index, dtype="str"),
        people=pd.Series(people, index=documents.index, dtype="object"),
    )


def alike(names: list[str]) -> list[str]:
    """Ask of ids that differ in case, zeros or punctuation only whether they are one person."""
    by_form: dict[str, list[str]] = {}
    for name in names:
        by_form.setdefault(plain(name), []).append(name)
    pairs = [listing(quoted(same)) for same in by_form.values() if len(same) > 1]
    if not pairs:
        return []
    return [
        f"Is it one person? {some(pairs)} differ in case, zeros or punctuation only, and are "
        "counted as several participants; if they are one, write the id alike everywhere."
    ]


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
            f'({spec.follow_up.variable} = "{spec.follow_up.values[0]}").',
        )


def _files(project: CodedProject) -> str | None:
    return ", ".join(item.name for item in project.info.files) or None


@dataclass(frozen=True)
class People:
    """Who was asked.

    Attributes
    ----------
    documents : DataFrame
        ``document_id``, ``name``, ``group``, ``kind``, ``position``, ``case_id``,
        ``people``, ``is_follow_up``, ``date``, ``minutes``. Where several people speak in a
        document, ``people`` lists them and ``case_id`` is a name for all together; else
        ``people`` is missing.
    participants : DataFrame or None
        ``case_id``, ``group`` (ordered categorical, where the study has groups) and one
        typed column for each variable; None where the study has no participants.
    groupings : DataFrame
        ``case_id``, ``variable``, ``level``, ``position``: every way to group cases by a
        category; the study's own group is the variable ``group``.
    notes : tuple of str
        What is not wrong, but good to know.
    """

    documents: pd.DataFrame
    participants: pd.DataFrame | None
    groupings: pd.DataFrame
    notes: tuple[str, ...] = ()


def documents_as_cases(project: CodedProject) -> People:
    """Take each document as a case, for a study without participants."""
    documents = project.documents.drop(columns="text")
    documents = documents.assign(
        case_id=documents["document_id"],
        people=pd.Series(None, index=documents.index, dtype="object"),
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
    own = links = None
    if spec.file and spec.file_id:
        own = read_attribute_file(folder, spec, faults)
        links = document_links(own, spec, project, faults) if spec.file_document else None
    found = assign_documents(project, spec, faults, links)
    interviews = add_interviews(found.documents, project, spec, faults)
    notes = [*interviews.notes, *check_documents(interviews.documents, project, faults)]
    documents = with_cases(interviews.documents)
    present = documents.dropna(subset="case_id")
    people = found.documents["people"].explode().dropna()
    order = natural_order(people.unique())
    notes += alike(order)
    check_follow_ups(present, spec, faults)
    rows = _document_values(project, present)
    told: set[str] = set()
    if own is not None:
        silent = check_ids(own, spec, order, faults)
        if silent:
            notes.append(uncoded_note(silent, f", as {spec.file} has them"))
            order = natural_order([*order, *silent])
        rows = pd.concat([rows, own.values_of(order)], ignore_index=True)
        told = set(order) - set(own.ids.dropna())
    is_whole = not spec.file or (own is not None and bool(own.ids.isin(order).any()))
    columns = () if own is None else own.kept
    texts = participant_attributes(rows, spec, order, faults, is_whole=is_whole, columns=columns)
    group = _groups(texts, present, spec, order, told, faults)
    _check_group_names(spec, group, faults)
    if group is not None and not spec.group_order:
        notes += alike_values(spec.group_label, group.astype("object"))
    table = pd.DataFrame({"case_id": order})
    if group is not None:
        table[GROUP] = group.array
    for variable in _variables(spec):
        values = texts[variable.name]
        if values.isna().all():
            continue
        places = (texts[f"{variable.name} file"], texts[f"{variable.name} row"])
        if own is not None and variable.name in own.table:  # where a value that lacks would be
            places = (places[0].fillna(own.name), places[1].fillna(own.row_of(order)))
        typed = typed_variable(values, variable, group, places, told, faults)
        table[variable.name] = typed.to_numpy() if typed.dtype != "category" else typed.array
        notes += _outside(values, variable, group)
        if variable.kind == "category" and not variable.order:
            notes += alike_values(variable.title, values)
    return People(
        documents=documents,
        participants=table,
        groupings=_groupings(table, spec.variables),
        notes=tuple(notes),
    )


def _outside(values: pd.Series, variable: Variable, group: pd.Series | None) -> list[str]:
    """Say whose values are not counted, as the variable does not apply to their group."""
    if group is None or not variable.groups:
        return []
    names = list(values.index[values.notna() & ~group.isin(variable.groups)])
    if not names:
        return []
    return [
        f"{variable.title} applies to {listing(variable.groups)}; what stands there for "
        f"{counted(len(names), ('participant', 'participants'))} of other groups is not counted: "
        f"{listing(names)}."
    ]


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
    # what is said of a document with several people is said of each of them
    several = documents.dropna(subset="people")
    members = dict(zip(several["case_id"], several["people"], strict=True))
    if members:
        rows["participant_id"] = rows["participant_id"].map(
            lambda name: list(members.get(name, (name,)))
        )
        rows = rows.explode("participant_id", ignore_index=True)
    return rows.astype({"source_file": "str"})


def _groups(
    texts: pd.DataFrame,
    documents: pd.DataFrame,
    spec: Participants,
    order: list[str],
    told: set[str],
    faults: FaultList,
) -> pd.Series | None:
    """Return each participant's group; one fault for each name that is no group."""
    if not spec.group and not spec.group_order:
        return None
    if spec.group:
        if spec.group not in texts:
            return None
        values, files = texts[spec.group], texts[f"{spec.group} file"]
        rows = texts[f"{spec.group} row"]
    else:
        voices = documents.assign(
            person=documents["people"].where(documents["people"].notna(), documents["case_id"])
        ).explode("person")
        first = voices.drop_duplicates("person").set_index("person")["group"]
        values = first.reindex(order)
        files = rows = pd.Series(pd.NA, index=order)
    if values.isna().all():
        return None
    known = spec.group_order or list(dict.fromkeys(values.dropna()))
    strange = values[(values.isna() | ~values.isin(known)) & ~values.index.isin(told)]
    for value, members in strange.groupby(strange.fillna("")):
        names = [str(name) for name in members.index]
        file, row = files[names[0]], rows[names[0]]
        near = nearest(str(value), known) if value else None
        who = f"participant{'' if len(names) == 1 else 's'} {listing(names)}"
        faults.add(
            kind="unknown-group",
            file=_file_of_group(file, files),
            row=None if pd.isna(row) else int(row),
            column=spec.group or "Document group",
            found=f"{quoted([str(value)])[0] if value else 'nothing'} for {who}",
            expected=", ".join(known),
            remedy=did_you_mean(
                near,
                "Correct the group, or add it to `group_order` in study.toml."
                if value
                else "Fill in the group; who belongs to none can be a group of its own.",
            ),
        )
    categories = pd.Categorical(values.where(values.isin(known)), categories=known, ordered=True)
    return pd.Series(categories, index=order)


def _check_group_names(spec: Participants, group: pd.Series | None, faults: FaultList) -> None:
    """Check the groups that the study file names for a variable or its ranges."""
    known = [] if group is None else [str(name) for name in group.cat.categories]
    for name in sorted({"Total", NOT_REPORTED} & set(known)):
        faults.add(
            kind="reserved-name",
            file="study.toml",
            column="participants.group_order",
            found=f'a group called "{name}"',
            expected="another name: tables call a column of their own so",
            remedy="Rename the group in the source file and in study.toml.",
        )
    if len(known) > MOST_LEVELS:
        faults.add(
            kind="too-many-levels",
            file="study.toml",
            column="participants.group",
            found=f"{len(known):,} groups",
            expected=f"at most {MOST_LEVELS}: tables compare groups side by side",
            remedy="Name a variable with fewer values, or leave `group` out.",
        )
    named = [
        (name, f"participants.variables ({variable.name})")
        for variable in spec.variables
        for name in [*variable.groups, *variable.ranges]
    ]
    named += [(name, "participants.criteria") for item in spec.criteria for name in item.groups]
    for name, column in named:
        if name not in known:
            near = nearest(name, known)
            faults.add(
                kind="unknown-group",
                file="study.toml",
                column=column,
                found=f'"{name}"',
                expected=", ".join(known) or "nothing: the study has no groups",
                remedy=did_you_mean(near, otherwise="Name a group of the study."),
            )


def _groupings(table: pd.DataFrame, variables: list[Variable]) -> pd.DataFrame:
    """Return who is at which level of each category, and in which band of each number."""
    parts = []
    for variable in variables:
        if variable.bands and variable.name in table:
            known = table[["case_id", variable.name]].dropna()
            numbers = known[variable.name].astype("float64")
            place = np.searchsorted(variable.bands, numbers.to_numpy(), side="right")
            names = band_names(variable.bands, whole=variable.kind == "integer")
            part = pd.DataFrame({"case_id": known["case_id"], "variable": variable.name})
            part["level"] = [names[at] for at in place]
            part["position"] = (place + 1).astype("int64")
            parts.append(part)
    for column in table.columns.drop("case_id"):
        if isinstance(table[column].dtype, pd.CategoricalDtype):
            codes = table[column].cat.codes
            part = pd.DataFrame({"case_id": table["case_id"], "variable": column})
            part["level"] = table[column].astype("str")
            part["position"] = codes.astype("int64") + 1
            parts.append(part.dropna(subset="level"))
    columns = ["case_id", "variable", "level", "position"]
    parts = [part for part in parts if len(part)]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def band_names(bands: list[float], *, whole: bool) -> list[str]:
    """Return what the bands between limits are called, the lowest first.

    Examples
    --------
    >>> band_names([35, 50], whole=True)
    ['under 35', '35–49', '50 and over']
    >>> band_names([2.5, 4], whole=False)
    ['under 2.5', '2.5 to under 4', '4 and over']
    """
    names = [f"under {bands[0]:g}"]
    for low, high in itertools.pairwise(bands):
        if not whole:
            names.append(f"{low:g} to under {high:g}")
        else:
            names.append(f"{low:g}–{high - 1:g}" if high - low > 1 else f"{low:g}")
    return [*names, f"{bands[-1]:g} and over"]


def _file_of_group(file: object, files: pd.Series) -> str | None:
    """Return where a group stands; of one that is missing, where those of others do."""
    known = files.dropna()
    return str(file) if isinstance(file, str) else str(known.iloc[0]) if len(known) else None
