"""Cells of a study's tables, found by the names that a reader sees: table, row and column."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import html as lxml_html

from analysis.workspace import Workspace
from qdaio.faults import Fault, StudyError
from qdaio.labels import did_you_mean, nearest, plain

__all__ = ["Cell", "PrintedTable", "find_cell", "read_tables"]

SIZE = re.compile(r"\s*\(n\s*=\s*[\d,.]+\)$")
NUMBERED = re.compile(r"(?:(?:table|supplementary table)\s*)?(s?)\s*(\d+)", re.IGNORECASE)
SHOWN = 8  # names that a message lists


@dataclass(frozen=True)
class Cell:
    """A cell as it is printed.

    Attributes
    ----------
    row, column : str
        Their names.
    text : str
    address : str
        What it counts, see :mod:`analysis.trace.selection`; empty for a text.
    """

    row: str
    column: str
    text: str
    address: str


@dataclass(frozen=True)
class PrintedTable:
    """A table as it is printed in the manuscript.

    Attributes
    ----------
    label : str
        Such as ``tbl-frequencies``.
    notebook : str
        Name of the notebook that made it.
    rows, columns : tuple of tuple of str
        For each row, and each column, the names by which it can be called, the one that
        tells it apart first.
    cells : tuple of tuple of Cell
    """

    label: str
    notebook: str
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[tuple[str, ...], ...]
    cells: tuple[tuple[Cell, ...], ...]


def read_tables(workspace: Workspace) -> dict[str, PrintedTable]:
    """Return the tables that the notebooks of a study made, by their labels."""
    found: dict[str, PrintedTable] = {}
    for path in sorted((workspace.output / "embed").glob("*.ipynb")):
        for label, source in _sources(path):
            found[label] = _printed(label, path.stem, source)
    return found


def _sources(path: Path) -> Iterator[tuple[str, str]]:
    """Yield label and HTML of each table of a notebook that is made for embedding."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", ()):
            text = "".join(output.get("data", {}).get("text/markdown", ""))
            at = text.find("<table")
            if str(cell.get("id", "")).startswith("tbl-") and at >= 0:
                yield str(cell["id"]), text[at : text.rfind("</table>") + len("</table>")]


def _printed(label: str, notebook: str, source: str) -> PrintedTable:
    table = lxml_html.fragment_fromstring(source)
    columns = _columns(table)
    rows: list[tuple[str, ...]] = []
    cells: list[tuple[Cell, ...]] = []
    above: list[tuple[int, str]] = []
    group = ""
    for line in table.xpath("./tbody/tr"):
        texts = ["".join(cell.itertext()) for cell in line]
        if len(line) == 1 and len(columns) > 1:
            group, above = texts[0].strip(), []
            continue
        depth = len(texts[0]) - len(texts[0].lstrip("\u2003"))
        above = [(at, name) for at, name in above if at < depth]
        name = texts[0].strip() or f"row {len(rows) + 1}"
        parents = [*([group] if group else []), *(parent for _, parent in above)]
        above.append((depth, name))
        full = ": ".join([*parents, name])
        others = [": ".join([parents[-1], name])] if parents else []
        if len(texts) > 1:  # two codes that stand together make one row
            others.append(f"{name} / {texts[1].strip()}")
        rows.append((full, *others, name))
        cells.append(
            tuple(
                Cell(full, columns[at][0] if at < len(columns) else "", text.strip(),
                     line[at].get("data-trace", ""))
                for at, text in enumerate(texts)
            )
        )  # fmt: skip
    return PrintedTable(label, notebook, tuple(rows), tuple(columns), tuple(cells))


def _columns(table: lxml_html.HtmlElement) -> list[tuple[str, ...]]:
    """Return the names of each column: with the heading above it, without, and without size."""
    lines = table.xpath("./thead/tr")
    grid: list[list[str]] = [[] for _ in lines]
    held: dict[tuple[int, int], str] = {}
    for at, line in enumerate(lines):
        place = 0
        for cell in line:
            while (at, place) in held:
                grid[at].append(held[at, place])
                place += 1
            text = " ".join("".join(cell.itertext()).split())
            wide, tall = (int(cell.get(name, 1)) for name in ("colspan", "rowspan"))
            for across in range(wide):
                grid[at].append(text)
                for down in range(1, tall):
                    held[at + down, place + across] = ""
            place += wide
        while (at, place) in held:
            grid[at].append(held[at, place])
            place += 1
    names: list[tuple[str, ...]] = []
    for parts in zip(*grid, strict=True):
        kept = [part for part in parts if part]
        full = ": ".join(kept)
        last = kept[-1] if kept else ""
        names.append(tuple(dict.fromkeys([full, last, SIZE.sub("", full), SIZE.sub("", last)])))
    return names


def find_cell(workspace: Workspace, table: str, row: str, column: str) -> tuple[PrintedTable, Cell]:
    """Find a cell.

    Parameters
    ----------
    workspace : Workspace
        Of a study that was built.
    table : str
        Its label, with or without ``tbl-``, or its number in the manuscript: "3", "Table S2".
    row, column : str
        Their printed names, as far as they tell them apart, or a row's number.

    Raises
    ------
    StudyError
        When there is no such table, row or column, or several; with the nearest names.
    """
    tables = read_tables(workspace)
    found = tables.get(_label(workspace, tables, table))
    if found is None:
        labels = sorted(label.removeprefix("tbl-") for label in tables)
        near = nearest(table, labels)
        raise _fault(
            "unknown-table", table, "a table of this study: " + ", ".join(labels),
            did_you_mean(near, otherwise="Name one of these, or its number."),
        )  # fmt: skip
    faults: list[Fault] = []
    down = across = 0
    try:
        down = _row(found, row)
    except StudyError as error:
        faults += error.faults
    try:
        across = _place(found.columns, column, "column", found.label)
    except StudyError as error:
        faults += error.faults
    if faults:
        raise StudyError(faults)
    return found, found.cells[down][across]


def _row(table: PrintedTable, asked: str) -> int:
    """Return the place of a row by its name, or by its number where no row is called so."""
    if not asked.isdigit() or _matching(table.rows, asked):
        return _place(table.rows, asked, "row", table.label)
    if not 1 <= int(asked) <= len(table.rows):
        raise _fault(
            "unknown-row", asked, f"a row of {table.label}, 1 to {len(table.rows)}",
            "Count the rows below the head, or give the row's name.",
        )  # fmt: skip
    return int(asked) - 1


def _label(workspace: Workspace, tables: dict[str, PrintedTable], asked: str) -> str:
    wanted = asked.strip()
    for label in tables:
        if wanted in (label, label.removeprefix("tbl-")):
            return label
    number = NUMBERED.fullmatch(wanted)
    if number is None:
        return wanted
    from analysis.manuscript.document import resolve

    kind = "supptbl-" if number[1] else "tbl-"
    placed = resolve(workspace.report).numbers.floats
    return next(
        (f"tbl-{label.removeprefix(kind)}" for label, place in placed.items()
         if label.startswith(kind) and place == int(number[2])),
        wanted,
    )  # fmt: skip


def _matching(names: Sequence[tuple[str, ...]], asked: str) -> list[int]:
    """Return the places of what is called so; by its full name where there is one."""
    wanted = plain(asked)
    full = [at for at, own in enumerate(names) if plain(own[0]) == wanted]
    return full or [at for at, own in enumerate(names) if wanted in map(plain, own)]


def _place(names: Sequence[tuple[str, ...]], asked: str, what: str, label: str) -> int:
    places = _matching(names, asked)
    if len(places) == 1:
        return places[0]
    if places:
        several = [names[at][0] for at in places]
        alike = len(set(several)) == 1
        raise _fault(
            f"several-{what}s", asked, f"one {what} of {label}",
            f"Say which: {_some(several)}." if not alike or what == "column"
            else f"Give the number of the row: {', '.join(str(at + 1) for at in places)}.",
        )  # fmt: skip
    every = list(dict.fromkeys(name for own in names for name in (own[-1], own[0])))
    near = nearest(asked, every)
    raise _fault(
        f"unknown-{what}", asked, f"a {what} of {label}: {_some([own[0] for own in names])}",
        did_you_mean(near, otherwise="Give its name as it is printed."),
    )  # fmt: skip


def _some(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return "; ".join(names[:SHOWN]) + (f"; and {more:,} more" if more > 0 else "")


def _fault(kind: str, found: str, expected: str, remedy: str) -> StudyError:
    return StudyError(Fault(kind=kind, found=f'"{found}"', expected=expected, remedy=remedy))
