"""Attributes of participants from a table of their own."""

from __future__ import annotations

import difflib
import unicodedata
from pathlib import Path

import pandas as pd

from analysis.faults import FaultList, StudyError
from analysis.study.model import Participants

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
    from analysis.exports.identify import read_attribute_table
    from analysis.exports.source import open_source

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
    kept = [column for column in table.columns if column != key and column not in spec.omit]
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
    for row, label in zip(rows, labels, strict=True):
        if label not in participants:
            faults.add(
                kind="participant-without-segments",
                file=name,
                row=int(row),
                column=key,
                found=f'"{label}"',
                expected="a participant of the export",
                remedy=_nearest(label, participants) + "Correct the label or remove the row.",
            )
    known = set(labels)
    for participant in participants:
        if participant not in known:
            faults.add(
                kind="segment-without-participant",
                file=name,
                column=key,
                found=f'no row for participant "{participant}" of the export',
                remedy=_nearest(participant, list(known)) + "Add a row, or correct its label.",
            )


def _nearest(label: str, candidates: list[str]) -> str:
    folded = {_folded(candidate): candidate for candidate in candidates}
    if same := folded.get(_folded(label)):
        return f'"{same}" is the same but for spelling. '
    near = difflib.get_close_matches(label, candidates, n=1)
    return f'Nearest: "{near[0]}". ' if near else ""


def _folded(label: str) -> str:
    text = unicodedata.normalize("NFKC", str(label)).casefold()
    words = [word.lstrip("0") or "0" for word in text.split()]
    return words[-1].lstrip("p") if words else ""
