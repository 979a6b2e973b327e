"""Codings that a table states and the database of the same project holds as well.

A list of highlights or a report beside the project that it was made from would count
everything twice. What both state alike is counted once, from the database, which knows more.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from qdaio.project import CodedProject

__all__ = ["Statements", "statement"]

Statement = tuple[str, str, str | None, str]


def statement(document: str, code: str, coder: str | None, text: str | None) -> Statement:
    """Return what a coding says, in the form in which two files are compared.

    Spaces and the composition of letters do not count in the text.
    """
    bare = unicodedata.normalize("NFC", "".join((text or "").split()))
    return document, code, coder, bare


class Statements:
    """The codings of a database, each of which can be found once.

    Parameters
    ----------
    parts : sequence of CodedProject
        Those read from databases; the first has the name.
    with_coders : bool
        Whether the table says who coded.
    """

    def __init__(self, parts: Sequence[CodedProject], *, with_coders: bool) -> None:
        self.name = ", ".join(item.name for part in parts for item in part.info.files)
        self._left = Counter(
            item for part in parts for item in _statements(part, with_coders=with_coders)
        )

    def take(self, stated: Statement) -> bool:
        """Say whether the database holds this coding too; each of its codings counts once."""
        if not self._left[stated]:
            return False
        self._left[stated] -= 1
        return True


def _statements(part: CodedProject, *, with_coders: bool) -> Iterable[Statement]:
    segments = part.segments.set_index("segment_id").loc[part.codings["segment_id"]]
    names = part.documents.set_index("document_id")["name"]
    leaves = dict(zip(part.codes["code_id"], part.codes["name"], strict=True))
    columns: list[pd.Series] = [
        segments["document_id"].astype("str").map(names),
        part.codings["code_id"].astype("str").map(leaves),
        part.codings["coder_id"].astype("str"),
        segments["text"],
    ]
    for document, code, coder, text in zip(*(column.tolist() for column in columns), strict=True):
        yield statement(
            document,
            code,
            coder if with_coders and isinstance(coder, str) else None,
            text if isinstance(text, str) else None,
        )
