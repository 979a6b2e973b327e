"""The sources of a project file as documents, with their texts and groups."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePosixPath

import pandas as pd

from qdaio.codes import document_id
from qdaio.model import make_frame
from qdaio.programs.refi.conventions import described
from qdaio.programs.refi.guids import guid_of, normalised
from qdaio.programs.refi.part import Part
from qdaio.programs.refi.texts import Text, Texts

__all__ = ["Documents", "read_documents"]

GROUPED_BY_SETS = ("MAXQDA",)  # the first set of a document is its group there


@dataclass(frozen=True, slots=True, eq=False)
class Documents:
    """The documents of a file.

    Attributes
    ----------
    frame : DataFrame
        Frame ``documents`` of the model, one row a source, in the order of the file.
    rows : dict of str to int
        Row by normalised GUID.
    texts : list of Text or None
        What the positions in each source count; also of those whose text is but made of
        its segments and therefore not in `frame`.
    segments_only : set of int
        Rows of the latter.
    sets : list of (int, str)
        Row of a document and name of a set that is not its group.
    """

    frame: pd.DataFrame
    rows: dict[str, int]
    texts: list[Text | None]
    segments_only: set[int]
    sets: list[tuple[int, str]]


def read_documents(part: Part, texts: Texts) -> Documents:
    """Build the frame of documents.

    Parameters
    ----------
    part : Part
        Gets a fault for each identifier that stands twice.
    texts : Texts
    """
    out = part.out
    guids = [
        normalised(guid) if guid else f"source {row}"
        for row, guid in enumerate(out.source_guid, start=1)
    ]
    rows: dict[str, int] = {}
    for row, guid in enumerate(guids):
        if rows.setdefault(guid, row) != row:
            part.repeated("document", "a source", guid, out.source_line[row])
    names = [
        name or PurePosixPath(out.source_path.get(row, guids[row])).stem
        for row, name in enumerate(out.source_name)
    ]
    read = _read_texts(part, texts)
    groups, sets = _groups(part, rows)
    segments_only: set[int] = set()
    kinds: list[str | None] = list(out.source_kind)
    ids = list(guids)
    if part.origin.is_ours:
        for row, said in out.source_description.items():
            is_made_up, kinds[row] = described(said, out.source_kind[row])
            if is_made_up:
                segments_only.add(row)
        for row, guid in enumerate(guids):
            natural = document_id(groups.get(row), names[row])
            ids[row] = natural if guid == guid_of("document", natural) else guid
    frame = make_frame(
        "documents",
        {
            "document_id": ids,
            "name": names,
            "group": [groups.get(row) for row in range(len(ids))],
            "kind": kinds,
            "text": [
                text.content if text and row not in segments_only else None
                for row, text in enumerate(read)
            ],
            "position": range(1, len(ids) + 1),
        },
    )
    return Documents(frame, rows, read, segments_only, sets)


def _read_texts(part: Part, texts: Texts) -> list[Text | None]:
    out = part.out
    read: list[Text | None] = []
    missing = guessed = 0
    for row, kind in enumerate(out.source_kind):
        inline, path = out.source_text.get(row), out.source_path.get(row)
        if inline is not None:
            text: Text | None = Text(inline)
        else:
            text = texts.at(path) if path else None
        missing += text is None and (path is not None or kind == "text")
        guessed += text is not None and text.is_guessed
        read.append(text)
    if missing:
        part.warnings.append(
            f"The texts of {missing} documents are not in the file; their segments are counted, "
            "but could not be held against a text."
        )
    if guessed:
        part.warnings.append(
            f"The texts of {guessed} documents are not in UTF-8; their encoding was guessed."
        )
    return read


def _groups(part: Part, rows: dict[str, int]) -> tuple[dict[int, str], list[tuple[int, str]]]:
    """Find the group of each document among the sets, and the sets that are no groups.

    Sets in which each document stands once at most are groups. Where they overlap, as
    those of ATLAS.ti do, they are no groups but properties.
    """
    out = part.out
    of_document: dict[int, list[str]] = defaultdict(list)
    unknown = 0
    for number, guid in out.set_sources:
        row = rows.get(normalised(guid))
        unknown += row is None
        if row is not None and out.sets[number] not in of_document[row]:
            of_document[row].append(out.sets[number])
    if unknown:
        part.warnings.append(f"Sets refer to {unknown} documents that the file does not hold.")
    are_groups = all(len(names) == 1 for names in of_document.values())
    if are_groups or part.origin.software in GROUPED_BY_SETS:
        groups = {row: names[0] for row, names in of_document.items()}
        others = [(row, name) for row in sorted(of_document) for name in of_document[row][1:]]
        return groups, others
    return {}, [(row, name) for row in sorted(of_document) for name in of_document[row]]
