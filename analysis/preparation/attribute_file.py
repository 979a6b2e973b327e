"""Attributes of participants from a table of their own."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pandas as pd

from analysis.settings import Participants
from qdaio.faults import FaultList, StudyError
from qdaio.identify import JoinFailure, join_labels, read_attribute_table
from qdaio.source import open_source

__all__ = ["read_attribute_file"]


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
