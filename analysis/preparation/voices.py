"""Who said it: the people to whom each coding belongs, where several speak in one document.

A coding belongs to the person whom the export names as its speaker. Where it names none, a
name and a colon at the head of the segment, as transcripts of focus groups have them, name the
speaker. Where neither does, the coding belongs to all people of the document: it is one coding,
and each of them is counted among those behind its code.
"""

from __future__ import annotations

import re

import pandas as pd

from analysis.phrases import CODINGS, counted, some
from qdaio.labels import plain
from qdaio.model import CodedProject

__all__ = ["Voices", "find_voices"]

HEAD = re.compile(r"[\s\[(<*]*([^:\n]{1,60}?)[\])>*]*\s*:")


class Voices:
    """The people behind the codings of documents in which several speak.

    Parameters
    ----------
    people : Series of list
        Index ``coding_id``; only codings of documents with several people.
    notes : tuple of str
        How many of them name their speaker.
    """

    def __init__(self, people: pd.Series, notes: tuple[str, ...]) -> None:
        self.people = people
        self.notes = notes

    def of(self, codings: pd.DataFrame) -> pd.Series:
        """Return the people behind each coding: a list, or None in a document of one person."""
        found = codings["coding_id"].map(self.people)
        return found.astype("object").where(found.notna(), None)


def find_voices(project: CodedProject, documents: pd.DataFrame) -> Voices:
    """Find the people behind each coding of a document in which several speak.

    Parameters
    ----------
    project : CodedProject
    documents : DataFrame
        ``document_id``, ``name``, ``people`` (a list, missing in a document of one person).
    """
    several = documents.dropna(subset="people")
    if several.empty:
        return Voices(pd.Series(dtype="object"), ())
    members = dict(zip(several["document_id"], several["people"], strict=True))
    names = dict(zip(several["document_id"], several["name"], strict=True))
    segments = project.segments.set_index("segment_id")
    cases = project.cases.set_index("case_id")["name"].to_dict()
    found: dict[str, list[str]] = {}
    counts: dict[str, tuple[int, int, int]] = {}
    strange: dict[str, list[str]] = {}
    codings = project.codings
    places = codings["segment_id"].map(segments["document_id"].astype("str"))
    texts = codings["segment_id"].map(segments["text"])
    for coding, document, case, text in zip(
        codings["coding_id"], places, codings["case_id"], texts, strict=True
    ):
        if document not in members:
            continue
        people = list(members[document])
        named = None if pd.isna(case) else cases.get(case)
        if named is not None and named not in people:
            strange.setdefault(document, []).append(str(named))
            named = None
        speaker = named or _at_the_head(None if pd.isna(text) else str(text), people)
        found[coding] = [speaker] if speaker else people
        own, joint, _ = counts.get(document, (0, 0, 0))
        counts[document] = (own + bool(speaker), joint + (not speaker), len(people))
    notes = [_note(names[document], *count) for document, count in counts.items()]
    for document, others in strange.items():
        notes.append(
            f"{names[document]}: {some(sorted(set(others)))} speak in it as the export has it, "
            "and are not among its participants in the study file; what they say belongs to all "
            "of them."
        )
    return Voices(pd.Series(found, dtype="object"), tuple(notes))


def _at_the_head(text: str | None, people: list[str]) -> str | None:
    """Return the one person whose name and a colon begin a text."""
    head = HEAD.match(text or "")
    if head is None:
        return None
    said = [name for name in people if plain(name) == plain(head[1])]
    return said[0] if len(said) == 1 else None


def _note(name: str, own: int, joint: int, people: int) -> str:
    if not joint:
        return f"{name}: {people} participants; every coding names its speaker."
    belongs = "belongs" if joint == 1 else "belong"
    if not own:
        return (
            f"{name}: {people} participants, and no coding names its speaker; "
            f"{counted(joint, CODINGS)} {belongs} to all of them."
        )
    return (
        f"{name}: {people} participants; {counted(own, CODINGS)} with a speaker, "
        f"{joint:,} without, which {belongs} to all of them."
    )
