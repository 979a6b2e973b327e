"""Cases of a database, the documents they are linked with, and what is known of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import pandas as pd

from qdaio.labels import unique
from qdaio.model import Notes, make_frame

__all__ = ["CaseLink", "Cases", "Files", "Value", "case_frames"]

Found = TypeVar("Found")


class Files(NamedTuple):
    """The documents: identifiers and texts by row, and the row of each by its number."""

    ids: Sequence[str]
    texts: Sequence[str | None]
    places: Mapping[int, int]


class CaseLink(NamedTuple):
    """A case linked with a stretch of a file, both by number."""

    case: int | None
    file: int | None
    start: int | None
    end: int | None


class Value(NamedTuple):
    """What is known of a case or document, which is called by its number."""

    entity: str
    number: int | None
    name: str | None
    value: str | None
    row: int


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Frames of the model."""

    cases: pd.DataFrame
    case_documents: pd.DataFrame
    attributes: pd.DataFrame


def case_frames(
    names: Mapping[int, str],
    links: Iterable[CaseLink],
    values: Iterable[Value],
    files: Files,
    notes: Notes,
) -> Cases:
    """Build cases, their documents, and the attributes of both.

    Links and values of a case or document that is not there are left out; a warning says
    how many. So does one where cases are linked with parts of a document: the model, and
    the analyses, know whole documents.
    """
    case_ids = dict(zip(names, unique(list(names.values())), strict=True))
    pairs: dict[tuple[str, str], bool] = {}
    lost = 0
    for link in links:
        case, file = _get(case_ids, link.case), _get(files.places, link.file)
        if case is None or file is None:
            lost += 1
            continue
        pair = case, files.ids[file]
        pairs[pair] = pairs.get(pair, False) or _covers(link, files.texts[file])
    kept: list[tuple[Value, str]] = []
    for value in values:
        if value.entity == "case":
            owner = _get(case_ids, value.number)
        else:
            place = _get(files.places, value.number)
            owner = None if place is None else files.ids[place]
        if owner is None or not value.name:
            lost += 1
        else:
            kept.append((value, owner))
    if lost:
        notes.warn(f"{lost} links or attributes name a case or file that is not there.")
    if parts := sum(not whole for whole in pairs.values()):
        notes.warn(
            f"{parts} links of a case are with parts of a document only; here they are with the "
            "whole. Give each participant a document to tell their words apart."
        )
    return Cases(
        make_frame("cases", {"case_id": list(case_ids.values()), "name": list(names.values())}),
        make_frame(
            "case_documents",
            {"case_id": [case for case, _ in pairs], "document_id": [file for _, file in pairs]},
        ),
        make_frame(
            "attributes",
            {
                "entity": [value.entity for value, _ in kept],
                "entity_id": [owner for _, owner in kept],
                "name": [value.name for value, _ in kept],
                "value": pd.Series([value.value or None for value, _ in kept], dtype="str"),
                "source_file": [notes.file] * len(kept),
                "source_row": [value.row for value, _ in kept],
            },
        ),
    )


def _get(found: Mapping[int, Found], number: int | None) -> Found | None:
    return None if number is None else found.get(number)


def _covers(link: CaseLink, text: str | None) -> bool:
    """Whether a link is with all of a document; programs count its end in two ways."""
    if not text or link.end is None:
        return True
    return (link.start or 0) <= 1 and link.end >= len(text) - 1
