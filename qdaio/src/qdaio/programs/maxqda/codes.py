"""Codes of MAXQDA: paths as it prints them, and lists with one row a code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from qdaio.codes import DEEPEST, code_id, whole_number
from qdaio.faults import FaultList
from qdaio.files.cells import Sheet, as_text, text_series
from qdaio.files.source import Source
from qdaio.headers import SheetTable, find_table
from qdaio.labels import plain
from qdaio.model import CodedProject, ExportFile, ExportInfo, SetAside, make_frame
from qdaio.programs.maxqda.values import attribute_rows, with_variables
from qdaio.programs.maxqda.words import BESIDE_CODES, HEADERS, language_of, words_for
from qdaio.reader import Match
from qdaio.tables import best_sheet

__all__ = [
    "CODE_VARIABLES",
    "CodeVariables",
    "Path",
    "code_rows",
    "code_variables_project",
    "codes_frame",
    "joined",
    "match_code_variables",
    "said_twice",
    "separator_of",
    "split_path",
]

Path = tuple[str, ...]
ARROW = " > "
SHOWN = 5


def split_path(label: str, separator: str = ARROW) -> Path:
    """Split a code path into names.

    One with more levels than any code system has is a name that holds the sign.

    Examples
    --------
    >>> split_path("Barriers > Time > waiting")
    ('Barriers', 'Time', 'waiting')
    """
    names = tuple(part.strip() for part in label.split(separator) if part.strip())
    return names if 0 < len(names) <= DEEPEST else (label,)


def separator_of(labels: Iterable[str | None]) -> str:
    r"""Return what separates the levels of code paths: " > ", or "\" as in imported tables."""
    known = [label for label in labels if label]
    if not any(ARROW in label for label in known) and any("\\" in label for label in known):
        return "\\"
    return ARROW


def code_rows(paths: Iterable[Sequence[str]]) -> list[Path]:
    """Return all paths and those of their parents, each once, parents first."""
    seen: dict[Path, None] = {}
    for path in paths:
        for depth in range(1, len(path) + 1):
            seen.setdefault(tuple(path[:depth]))
    return list(seen)


def codes_frame(paths: Sequence[Path], **columns: Sequence[object] | pd.Series) -> pd.DataFrame:
    """Make the frame of codes from paths in which every parent has its own row.

    Parameters
    ----------
    paths : sequence of tuple of str
    **columns : sequence or Series
        Further columns of the frame, one value a path.
    """
    return make_frame(
        "codes",
        {
            "code_id": [code_id(path) for path in paths],
            "parent_id": [code_id(path[:-1]) if len(path) > 1 else None for path in paths],
            "name": [path[-1] for path in paths],
            "path": pd.Series(list(paths), dtype="object"),
            "level": [len(path) for path in paths],
            **columns,
        },
    )


def said_twice(source: Source, sheet: Sheet, rows: Mapping[Path, Sequence[int]]) -> list[str]:
    """Warn of codes that stand several times, which their names alone cannot tell apart."""
    twice = [
        f'"{" > ".join(path)}" (rows {", ".join(str(sheet.row_number(place)) for place in at)})'
        for path, at in rows.items()
        if len(at) > 1
    ]
    if not twice:
        return []
    more = f" and {len(twice) - SHOWN} more" if len(twice) > SHOWN else ""
    return [
        f"{source.name}: {len(twice)} codes have the name and the place of another code, which "
        f"a table cannot tell apart; each is taken for one code and its counts are added: "
        f"{', '.join(twice[:SHOWN])}{more}. Rename one of them in MAXQDA if they differ."
    ]


def joined(cells: Iterable[Any]) -> str | None:
    """Join the texts of cells that are not blank, each once."""
    texts = dict.fromkeys(text for cell in cells if (text := as_text(cell)))
    return "\n".join(texts) or None


LIST_REQUIRED = words_for({"code"})
LIST_OPTIONAL = words_for([name for name in HEADERS if name != "code"]) | {
    name: list(labels) for name, labels in BESIDE_CODES.items()
}
KNOWN = {
    plain(label): name
    for name, labels in (LIST_OPTIONAL | LIST_REQUIRED).items()
    for label in labels
}
OF_CODES = {"code", "parent", "colour", "memo", "count", "coder", "created", "modifier", "modified"}


class CodeVariables:
    """Reads tables with one row a code: the overview of codes, and variables of codes."""

    format = "maxqda-code-variables"
    software = "MAXQDA"

    def recognise(self, source: Source) -> Match | None:
        """Say whether a sheet of this file lists codes with variables or memos."""
        return best_sheet(source, match_code_variables)

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the sheet that was recognised.

        Raises
        ------
        StudyError
            For a row without a code.
        """
        return code_variables_project(source, match.details["table"])


def match_code_variables(sheet: Sheet) -> Match | None:
    """Recognise a list of codes: paths under "Code", or leaves beside "Parent code"."""
    table = find_table(sheet, LIST_REQUIRED, LIST_OPTIONAL)
    if table is None or table.columns.keys() - OF_CODES:
        return None
    if any(fault.kind == "duplicate-column" for fault in table.faults):
        table = with_variables(table, _second_columns(table), KNOWN)
    labels = [as_text(cell) for cell in table.columns["code"]]
    is_path = any(label and (ARROW in label or "\\" in label) for label in labels)
    if "parent" in table.columns:
        score = 0.8
    elif "memo" in table.columns or "colour" in table.columns:
        score = 0.6
    elif is_path and table.unknown:
        score = 0.55
    else:
        return None
    reason = "one row a code: headers " + ", ".join(table.headers.values())
    return Match(score, reason, sheet.name, {"table": table, "sheet": sheet})


def _second_columns(table: SheetTable) -> list[int]:
    """Find columns whose header says the same as one before, such as "% Cod. seg."."""
    index = table.header_row - table.sheet.first_row
    seen: set[str] = set()
    places = []
    for place, column in enumerate(table.sheet.columns):
        name = KNOWN.get(plain(as_text(column[index]) or ""))
        if name in seen and name != "code":
            places.append(place)
        elif name is not None:
            seen.add(name)
    return places


def code_variables_project(
    source: Source, table: SheetTable, known: Iterable[Path] = ()
) -> CodedProject:
    """Make a project of codes, their memos and attributes.

    Parameters
    ----------
    source : Source
    table : SheetTable
    known : iterable of paths
        Those of the code system in the same workbook: there a name alone means the one
        code that has it, and rows that mean none are set aside.
    """
    labels = [as_text(cell) for cell in table.columns["code"]]
    parents = [as_text(cell) for cell in table.columns.get("parent", [None] * len(labels))]
    separator = separator_of([*labels, *parents] if "parent" not in table.columns else parents)
    system = list(known)
    leaves: dict[str, list[Path]] = {}
    for path in system:
        leaves.setdefault(path[-1], []).append(path)
    faults = FaultList()
    faults.extend(table.faults)
    aside: list[SetAside] = []
    rows: dict[Path, list[int]] = {}
    where: dict[str, Any] = {"file": source.name, "sheet": table.sheet.name or None}
    for place, (label, parent) in enumerate(zip(labels, parents, strict=True)):
        number = table.row_numbers[place]
        if label is None:
            faults.add(
                kind="missing-value",
                **where,
                row=number,
                column=table.headers["code"],
                found="nothing",
                expected="the name of a code",
                remedy="Fill it in, or delete the row.",
            )
            continue
        if "parent" in table.columns:
            path = (*(split_path(parent, separator) if parent else ()), label.strip())
        else:
            path = split_path(label, separator)
        if system and path not in system:
            meant = leaves.get(path[-1], [])
            if len(meant) != 1:
                why = "several codes have this name" if meant else "the code system lacks it"
                aside.append(SetAside(what="code", why=why, row=number, **where))
                continue
            path = meant[0]
        rows.setdefault(path, []).append(place)
    faults.raise_if_any()
    paths = code_rows(rows)
    first = {path: at[0] for path, at in rows.items()}
    memos = table.columns.get("memo", [None] * len(labels))
    counts = [whole_number(cell) for cell in table.columns.get("count", [None] * len(labels))]
    stated = {
        path: sum(n for n in (counts[place] for place in at) if n is not None)
        for path, at in rows.items()
        if any(counts[place] is not None for place in at)
    }
    form = CodeVariables.format
    ids = text_series([code_id(path) for path in first])
    variables = {
        name: [cells[place] for place in first.values()] for name, cells in table.unknown.items()
    }
    numbers = [table.row_numbers[place] for place in first.values()]
    return CodedProject(
        info=ExportInfo(
            format=form,
            software="MAXQDA",
            language=language_of(table.headers.values()),
            files=(ExportFile(source.name, source.sha256, form, table.sheet.name or None),),
        ),
        codes=codes_frame(
            paths,
            position=range(1, len(paths) + 1),
            description=text_series(
                [joined(memos[place] for place in rows.get(path, ())) for path in paths]
            ),
            reported_n=[stated.get(path) for path in paths],
            reported_n_kind=["unknown" if path in rows else None for path in paths],
        ),
        attributes=attribute_rows("code", ids, variables, source.name, numbers),
        set_aside=tuple(aside),
        warnings=(
            *table.sheet.warnings,
            *said_twice(
                source,
                table.sheet,
                {
                    path: [table.row_numbers[place] - table.sheet.first_row for place in at]
                    for path, at in rows.items()
                },
            ),
        ),
    )


CODE_VARIABLES = CodeVariables()
