"""The list of memos: what people wrote about codes, documents and passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from qdaio.codes import code_systems
from qdaio.files.cells import Sheet, as_text
from qdaio.files.source import Source
from qdaio.headers import SheetTable, find_table
from qdaio.model import CodedProject, ExportFile, ExportInfo, SetAside
from qdaio.programs.maxqda.values import Path, separator_of, split_path
from qdaio.programs.maxqda.words import MEMO, language_of, words_for
from qdaio.reader import Match
from qdaio.tables import best_sheet

__all__ = ["READER", "MemoList", "Memos", "match_memos", "read_memos"]

REQUIRED = words_for({"title", "memo"}, MEMO)
PLACES = words_for({"document", "group", "code", "start", "end", "coder", "created"})
OPTIONAL = PLACES | words_for({"origin", "set"}, MEMO)
ENOUGH = 3  # columns beside title and text, of which one says what the memo is about
SYSTEM = "the code system has no code, or several, of this name"


class Memos(NamedTuple):
    """The codes with what memos say of them, and the memos that are about no code.

    Attributes
    ----------
    codes : DataFrame
        As they came, with more in ``description``.
    set_aside : list of SetAside
    """

    codes: pd.DataFrame
    set_aside: list[SetAside]


class MemoList:
    """Reads lists of memos; those about codes become descriptions of codes."""

    format = "maxqda-memos"
    software = "MAXQDA"

    def recognise(self, source: Source) -> Match | None:
        """Say whether a sheet of this file lists memos."""
        return best_sheet(source, match_memos)

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the memos alone, where there are no codes that they could be about."""
        return self.read_beside(source, match, ())

    def read_beside(
        self, source: Source, match: Match, parts: Sequence[CodedProject]
    ) -> CodedProject:
        """Read the memos beside the code system, if it is among the parts."""
        table: SheetTable = match.details["table"]
        system = code_systems(parts)
        memos = read_memos(table, system)
        sheet = table.sheet.name or None
        project = CodedProject(
            info=ExportInfo(
                format=self.format,
                software=self.software,
                language=language_of(table.headers.values()),
                files=(ExportFile(source.name, source.sha256, self.format, sheet),),
            ),
            set_aside=tuple(memos.set_aside),
            warnings=table.sheet.warnings,
        )
        return project if system is None else project.with_(codes=memos.codes)


def match_memos(sheet: Sheet) -> Match | None:
    """Recognise a list of memos: a title and a text, and what it is about."""
    table = find_table(sheet, REQUIRED, OPTIONAL)
    if table is None or not {"document", "code"} & table.columns.keys():
        return None
    if len(table.columns) - len(REQUIRED) < ENOUGH:
        return None
    reason = "one row per memo: headers " + ", ".join(table.headers.values())
    return Match(0.96, reason, sheet.name, {"table": table, "sheet": sheet})


def read_memos(table: SheetTable, codes: pd.DataFrame | None) -> Memos:
    """Give codes the memos that are about them.

    Parameters
    ----------
    table : SheetTable
    codes : DataFrame, optional
        Of the project; without it every memo is set aside.
    """

    def column(name: str) -> list[str | None]:
        return [as_text(cell) for cell in table.columns.get(name, [None] * table.height)]

    labels, documents, texts = column("code"), column("document"), column("memo")
    titles = column("title")
    frame = pd.DataFrame({"code_id": [], "path": [], "name": []}) if codes is None else codes
    paths = {tuple(path): code for path, code in zip(frame["path"], frame["code_id"], strict=True)}
    by_name: dict[str, list[str]] = {}
    for code, name in zip(frame["code_id"], frame["name"], strict=True):
        by_name.setdefault(name, []).append(code)
    separator = separator_of(labels)
    said: dict[str, list[str]] = {}
    aside: list[SetAside] = []
    rows = zip(table.row_numbers, labels, documents, titles, texts, strict=True)
    for row, label, document, title, text in rows:
        path: Path = split_path(label.strip(), separator) if label else ()
        meant = [paths[path]] if path in paths else by_name.get(path[-1], []) if path else []
        if label and not document and len(meant) == 1:
            name = "" if title is None or title.strip() == path[-1] else title
            said.setdefault(meant[0], []).extend(part for part in (name, text) if part)
            continue
        why = "the file holds no code system whose codes it could describe"
        if document:
            why = "it is about a document or a place in one"
        elif label and codes is not None:
            why = SYSTEM
        elif not label:
            why = "it is about no code"
        aside.append(
            SetAside(
                what="memo",
                why=why,
                file=table.sheet.file,
                sheet=table.sheet.name or None,
                row=row,
                document=document,
            )
        )
    if codes is None or not said:
        return Memos(frame, aside)
    descriptions = [
        _with(None if pd.isna(old) else str(old), said.get(code, []))
        for code, old in zip(frame["code_id"], frame["description"], strict=True)
    ]
    described = frame.assign(description=pd.Series(descriptions, index=frame.index, dtype="str"))
    return Memos(described, aside)


def _with(old: str | None, more: Sequence[str]) -> str | None:
    """Add what a description does not say yet."""
    new = [text for text in dict.fromkeys(more) if text not in (old or "")]
    return "\n".join(text for text in (old, *new) if text) or None


READER = MemoList()
