"""The column of a quotation list that names the codes, row by row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qdaio.codes import CodeNames, whole_number
from qdaio.faults import FaultList
from qdaio.programs.atlasti.inference import split_without_codebook
from qdaio.programs.atlasti.splitting import (
    Split,
    Vocabulary,
    is_ordered,
    pick_separator,
    split_cell,
)
from qdaio.tables import SheetTable

__all__ = ["CodeList", "read_code_lists"]

MARKS = re.compile(r"(^|\n|, |; )[●○•◦]\s+")
MOST_CODES = 200  # of one quotation; a larger number is damage
MOST_LOST = 200_000
ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes of one quotation.

    Attributes
    ----------
    names : tuple of str
        As written; empty where the cell cannot be cut, or names none.
    code_ids : tuple of str or None
        Aligned with `names`; None where the codebook lacks the code, or several have the
        name. All None where there is no codebook.
    lost : int
        Codings that the row states but that cannot be told.
    why : str, optional
        What is lost, or doubtful.
    """

    names: tuple[str, ...] = ()
    code_ids: tuple[str | None, ...] = ()
    lost: int = 0
    why: str | None = None

    @property
    def is_uncoded(self) -> bool:
        """Whether the quotation has no code at all."""
        return not self.names and not self.lost


def read_code_lists(
    texts: Sequence[str | None],
    counts: Sequence[Any] | None,
    table: SheetTable,
    known: CodeNames | None,
    faults: FaultList,
) -> list[CodeList]:
    """Cut the lists of codes of a whole column.

    Parameters
    ----------
    texts : sequence of str or None
        The lists; None where a quotation has no code.
    counts : sequence, optional
        The number of codes of each row, aligned with `texts`; None without such a column.
    table : SheetTable
        For messages.
    known : CodeNames, optional
        The codebook.
    faults : FaultList
        Gets a fault for each number that is none, and one when the codebook is that of
        another project.
    """
    numbers = _numbers(counts, table, faults) if counts is not None else [None] * len(texts)
    cells = [
        (MARKS.sub(r"\1", (text or "").strip()), n) for text, n in zip(texts, numbers, strict=True)
    ]
    full = [(text, n or None) for text, n in cells if text]
    separator = pick_separator(full)
    if known is None:
        splits = iter(split_without_codebook(full, separator))
    else:
        found = _with_codebook(full, separator, known)
        if sum(any(split.known) for split in found) < ENOUGH * len(found):
            _fault_other_project(found, table, faults)
        splits = iter(found)
    lists = [
        _code_list(next(splits), n, text.count(separator) + 1, known) if text else _without(n)
        for text, n in cells
    ]
    if (lost := sum(item.lost for item in lists)) > MOST_LOST:
        faults.add(
            kind="inconsistent-export",
            file=table.sheet.file,
            sheet=table.sheet.name.strip() or None,
            column=table.headers["codes"],
            found=f"{lost:,} codings whose codes cannot be told",
            expected=f"at most {MOST_LOST:,}, to be set aside one by one",
            remedy="Give the codebook as well, or export the quotations again.",
        )
    return lists


def _numbers(cells: Sequence[Any], table: SheetTable, faults: FaultList) -> list[int | None]:
    numbers = [whole_number(cell) for cell in cells]
    for row, cell, n in zip(table.row_numbers, cells, numbers, strict=True):
        if (cell is not None and n is None) or (n is not None and not 0 <= n <= MOST_CODES):
            faults.add(
                kind="bad-number",
                file=table.sheet.file,
                sheet=table.sheet.name.strip() or None,
                row=row,
                column=table.headers["count"],
                found="a number that no quotation has" if n is not None else "no whole number",
                expected=f"the number of codes, 0 to {MOST_CODES}",
                remedy="Correct the number, or export the quotations again.",
            )
    return [n if n is not None and 0 <= n <= MOST_CODES else None for n in numbers]


def _with_codebook(
    cells: Sequence[tuple[str, int | None]], separator: str, known: CodeNames
) -> list[Split]:
    """Cut each cell with whole names; where that fails, with the shorter forms of names."""
    vocabularies = [Vocabulary(known.names(layers), separator) for layers in (1, 2, 3)]
    used = [vocabularies[0]] * len(cells)
    splits = [split_cell(text, n, vocabularies[0]) for text, n in cells]
    for wider in vocabularies[1:]:
        for place, split in enumerate(splits):
            if split.names and all(split.known):
                continue
            again = split_cell(*cells[place], wider)
            if again.names and all(again.known):
                splits[place], used[place] = again, wider
    if any(split.is_ambiguous for split in splits):
        certain = [split.names for split in splits if split.names and not split.is_ambiguous]
        if all(map(is_ordered, certain)):
            splits = [
                split_cell(*cell, names, keeps_order=True) if split.is_ambiguous else split
                for cell, split, names in zip(cells, splits, used, strict=True)
            ]
    return splits


def _fault_other_project(splits: Sequence[Split], table: SheetTable, faults: FaultList) -> None:
    able = sum(any(split.known) for split in splits)
    faults.add(
        kind="unknown-code",
        file=table.sheet.file,
        sheet=table.sheet.name.strip() or None,
        column=table.headers["codes"],
        found=f"codes of the codebook in {able} of {len(splits)} rows only",
        expected="the codes of one project in both",
        remedy="Give the whole codebook of this project, exported at the same time as the "
        "quotations, or leave the codebook out.",
    )


def _without(n: int | None) -> CodeList:
    return CodeList(lost=n or 0, why=f"the list of its {n} codes is empty" if n else None)


def _code_list(split: Split, n: int | None, parts: int, known: CodeNames | None) -> CodeList:
    if not split.names:
        return CodeList(lost=n or parts, why=split.why)
    why = split.why
    if n == 0:
        why = "the number of codes is 0, but codes are listed; they are counted"
    names = tuple(name.strip() for name in split.names)
    ids = (None,) * len(names) if known is None else tuple(map(known.find, names))
    return CodeList(names, ids, why=why)
