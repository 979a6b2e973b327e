"""Variables of participants: from documents and from a table of their own, typed and checked."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pandas as pd

from analysis.settings import Participants, Variable
from qdaio.faults import FaultList, StudyError
from qdaio.files.source import open_source
from qdaio.identify import JoinFailure, join_labels, read_attribute_table

__all__ = [
    "MISSING",
    "participant_attributes",
    "read_attribute_file",
    "typed_variable",
]

MISSING = {"", "-9", "-", "–", "n/a", "na", "not reported"}


def read_attribute_file(
    folder: Path, spec: Participants, participants: list[str], faults: FaultList
) -> pd.DataFrame:
    """Read a table with one row a participant, and join it to the participants.

    Parameters
    ----------
    folder : Path
    spec : Participants
        ``file``, ``file_id`` (the column that names the participant), ``omit`` (columns
        that are never read, as they could identify someone).
    participants : list of str
        Those found in the export.
    faults : FaultList
        Gets a fault for a column that is missing, a participant that stands twice, and
        each label on either side that finds no partner, with the nearest one.

    Returns
    -------
    DataFrame
        ``participant_id``, ``name``, ``value``, ``source_file``, ``source_row``.
    """
    name, key = str(spec.file), str(spec.file_id)
    empty = pd.DataFrame(columns=["participant_id", "name", "value", "source_file", "source_row"])
    try:
        table, rows = read_attribute_table(open_source(folder / name, name))
    except StudyError as error:
        faults.extend(error.faults)
        return empty
    if key not in table:
        near = difflib.get_close_matches(key, list(table.columns), n=1)
        faults.add(
            kind="missing-column",
            file=name,
            column=key,
            found=f"columns {', '.join(table.columns)}",
            remedy=(f'Did you mean "{near[0]}"? ' if near else "")
            + "Correct `participants.file_id` in study.toml.",
        )
        return empty
    labels = table[key].str.strip()
    _check_labels(labels, rows, participants, name, key, faults)
    kept = [
        column for column in table.columns if column != key and not _is_omitted(column, spec.omit)
    ]
    values = table[kept].assign(participant_id=labels, source_row=rows)
    values = values[values["participant_id"].isin(participants)]
    long = values.melt(["participant_id", "source_row"], kept, "name", "value")
    long = long.dropna(subset="value").assign(source_file=name)
    return long[list(empty.columns)]


def _check_labels(
    labels: pd.Series,
    rows: pd.Series,
    participants: list[str],
    name: str,
    key: str,
    faults: FaultList,
) -> None:
    for row, label in zip(rows[labels.duplicated()], labels[labels.duplicated()], strict=True):
        faults.add(
            kind="duplicate-participant",
            file=name,
            row=int(row),
            column=key,
            found=f'participant "{label}" a second time',
            remedy="Keep one row for each participant.",
        )
    joined = join_labels([str(label) for label in labels.dropna()], participants)
    places = dict(zip(labels, rows, strict=True))
    for failure in joined.left:
        faults.add(
            kind="participant-without-segments",
            file=name,
            row=int(places[failure.label]),
            column=key,
            found=f'"{failure.label}"',
            expected="a participant of the export",
            remedy=_nearest(failure) + "Correct the label or remove the row.",
        )
    for failure in joined.right:
        faults.add(
            kind="segment-without-participant",
            file=name,
            column=key,
            found=f'no row for participant "{failure.label}" of the export',
            remedy=_nearest(failure) + "Add a row, or correct its label.",
        )


def _nearest(failure: JoinFailure) -> str:
    if failure.candidate is None:
        return ""
    return f'Nearest: "{failure.candidate}" ({failure.why}). '


def _is_omitted(column: str, omit: list[str]) -> bool:
    """Whether a column is left out; of several with one header, all are."""
    return column in omit or re.sub(r" \(\d+\)$", "", column) in omit


def participant_attributes(
    rows: pd.DataFrame, spec: Participants, order: list[str], faults: FaultList
) -> pd.DataFrame:
    """Return one row a participant and one column a variable, as text.

    Parameters
    ----------
    rows : DataFrame
        ``participant_id``, ``name``, ``value``, ``source_file``, ``source_row``: one row
        for each value that a source states; several documents of one participant state
        the same value several times.
    spec : Participants
    order : list of str
        Participants in the order of the study.
    faults : FaultList
        Gets one fault for each participant whose sources contradict each other, and for
        each variable that no source has.

    Returns
    -------
    DataFrame
        Index ``participant_id`` in `order`; columns are the variables named in the study
        file (and the one a variable counts within, the role and the group), plus
        ``<name> row`` and ``<name> file``, for messages.
    """
    wanted = wanted_variables(spec)
    have = set(rows["name"])
    for name in wanted:
        if name not in have:
            near = difflib.get_close_matches(name, sorted(have), n=1)
            faults.add(
                kind="missing-column",
                file="study.toml",
                column="participants.variables",
                found=f"variables {', '.join(sorted(have)) or 'none'}",
                expected=f'a variable "{name}"',
                remedy=f'Did you mean "{near[0]}"?' if near else "Correct the name.",
            )
    rows = rows[rows["name"].isin(wanted)].copy()
    rows["value"] = rows["value"].str.strip()
    rows = rows[~rows["value"].str.casefold().isin(MISSING) & rows["value"].notna()]
    counts = rows.groupby(["participant_id", "name"])["value"].nunique()
    for participant, name in counts[counts > 1].index:
        stated = rows.query("participant_id == @participant and name == @name")
        faults.add(
            kind="conflicting-attribute",
            file=str(stated["source_file"].iloc[-1]),
            row=_row(stated["source_row"].iloc[-1]),
            column=name,
            found=" and ".join(f'"{value}"' for value in stated["value"].unique()),
            expected=f"one value for participant {participant}",
            remedy="Documents of one participant must agree: correct one of them, or give "
            "the other document its own participant.",
        )
    first = rows.drop_duplicates(["participant_id", "name"])
    table = first.pivot(index="participant_id", columns="name", values="value")
    where = first.pivot(index="participant_id", columns="name", values="source_row")
    files = first.pivot(index="participant_id", columns="name", values="source_file")
    table = table.reindex(index=order, columns=wanted)
    table = table.join(where.reindex(order).add_suffix(" row"))
    return table.join(files.astype("object").reindex(order).add_suffix(" file"))


def wanted_variables(spec: Participants) -> list[str]:
    """Return the names of the participants' variables that the study uses, in order."""
    names = [variable.name for variable in spec.variables]
    names += [variable.within for variable in spec.variables if variable.within]
    names += [name for name in (spec.role, spec.group) if name]
    return [name for name in dict.fromkeys(names) if name not in spec.omit]


def typed_variable(
    texts: pd.Series,
    variable: Variable,
    groups: pd.Series | None,
    places: tuple[pd.Series, pd.Series],
    faults: FaultList,
) -> pd.Series:
    """Turn the texts of one variable into numbers or an ordered category.

    Parameters
    ----------
    texts : Series
        Index participant; missing where nothing is known.
    variable : Variable
    groups : Series, optional
        Group of each participant, for ranges that hold in one group only.
    places : tuple of Series
        File and row of each text, for messages.
    faults : FaultList
        Gets one fault for each value that is missing, unreadable or outside its range.

    Returns
    -------
    Series
        ``Int64`` for integers, ``Float64`` for numbers, else an ordered categorical.
    """
    files, lines = places
    typed: dict[str, object] = {}
    for participant, text in texts.items():
        place = {
            "file": _file(files.get(participant)),
            "row": _row(lines.get(participant)),
            "column": variable.name,
        }
        who = f"participant {participant}"
        if pd.isna(text):
            if not variable.missing:
                faults.add(
                    kind="missing-value",
                    **place,
                    found=f"nothing for {who}",
                    remedy="Fill in the value, or allow `missing = true` for the variable "
                    "in study.toml.",
                )
            continue
        if variable.kind == "category":
            typed[str(participant)] = text
            if variable.order and text not in variable.order:
                near = difflib.get_close_matches(text, variable.order, n=1)
                faults.add(
                    kind="unknown-level",
                    **place,
                    found=f'"{text}" for {who}',
                    expected=", ".join(variable.order),
                    remedy=(f'Did you mean "{near[0]}"? ' if near else "")
                    + "Correct the value, or add it to `order` in study.toml.",
                )
            continue
        number = _number(text)
        if number is None or (variable.kind == "integer" and not number.is_integer()):
            faults.add(
                kind="bad-number",
                **place,
                found=f'"{text}" for {who}',
                expected="a whole number" if variable.kind == "integer" else "a number",
                remedy="Correct the value in the source file.",
            )
            continue
        low, high = _range(variable, None if groups is None else groups.get(participant))
        if (low is not None and number < low) or (high is not None and number > high):
            faults.add(
                kind="out-of-range",
                **place,
                found=f"{text} for {who}",
                expected=f"{_plain(low)} to {_plain(high)}",
                remedy="Correct the value, or the range of the variable in study.toml.",
            )
            continue
        typed[str(participant)] = int(number) if variable.kind == "integer" else number
    values = pd.Series(typed, dtype="object").reindex(texts.index)
    if variable.kind == "integer":
        return values.astype("Int64")
    if variable.kind == "number":
        return values.astype("Float64")
    levels = variable.order or sorted(values.dropna().unique())
    return pd.Series(pd.Categorical(values, categories=levels, ordered=True), index=texts.index)


def _range(variable: Variable, group: object) -> tuple[float | None, float | None]:
    if isinstance(group, str) and group in variable.ranges:
        return variable.ranges[group]
    return variable.minimum, variable.maximum


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None


def _row(value: object) -> int | None:
    return None if value is None or pd.isna(value) else int(value)  # type: ignore[call-overload]


def _file(value: object) -> str | None:
    return None if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]


def _plain(value: float | None) -> str:
    return "any" if value is None else f"{value:g}"
