"""`study trace`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.cli.terminal import print_json, say, show, study_folder

SHOWN = 40  # rows that a terminal gets; the files get all
USAGE = "expected KEY [DIR], or TABLE ROW COLUMN [DIR]"


@click.command()
@click.argument("what", nargs=-1, required=True, metavar="(KEY | TABLE ROW COLUMN) [DIR]")
@click.option(
    "-o",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write all rows as CSV.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def trace(what: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """List what is behind a number, with file, sheet and row.

    KEY is a number's name, such as level-1.count. A cell of a table is named by the table's
    label or number and the printed names of row and column.
    """
    from analysis.studyfile import load_study
    from analysis.tables import frame_csv
    from analysis.trace.cells import find_cell
    from analysis.trace.numbers import Tracer
    from analysis.workspace import Workspace
    from qdaio.files.writing import write_text

    if len(what) > 4:
        raise click.UsageError(f"{len(what)} arguments: {USAGE}.")
    has_folder = len(what) in (2, 4)
    root = study_folder(what[-1] if has_folder else ".")
    asked = what[:-1] if has_folder else what
    workspace = Workspace(root, load_study(root))
    key, cell = asked[0], None
    if len(asked) == 3:
        table, cell = find_cell(workspace, *asked)
        key = cell.address
    answer: dict[str, Any] = {"key": key}
    if cell is not None:
        answer |= {"table": table.label, "row": cell.row, "column": cell.column, "cell": cell.text}
    if not key:
        how = f"a text or a label, made by the notebook {table.notebook}"
        answer |= {"how": how, "unit": None, "count": 0, "whole": None, "rows": []}
        _print_head(answer, as_json)
        return
    tracer = Tracer(workspace)
    found = tracer.of(key)
    rows = found.rows.astype("object").where(found.rows.notna(), None)
    if out is not None:
        write_text(out, frame_csv(rows, synthetic=workspace.study.is_synthetic))
    answer |= {
        "value": found.value,
        "how": found.how,
        "unit": found.origin.unit if found.origin else None,
        "count": len(rows),
        "whole": found.origin.whole if found.origin else None,
        "rows": rows.to_dict("records"),
    }
    if found.parts:
        answer["parts"] = [{"key": name, "value": tracer.values[name]} for name in found.parts]
    _print_head(answer, as_json)
    if as_json:
        return
    for name in found.parts:
        part = tracer.of(name)
        show(f"  {name} = {part.value}: {part.how}")
        _print_rows(part.rows.astype("object").where(part.rows.notna(), None), most=3)
    _print_rows(rows)
    if found.origin is not None and not len(rows):
        show("  no row")


def _print_head(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(answer)
        return
    if "cell" in answer:
        show(f"{answer['table']}, {answer['row']}, {answer['column']}: {answer['cell']}")
    else:
        show(f"{answer['key']} = {answer['value']}")
    show(f"  {answer['how']}")


def _print_rows(rows: Any, most: int = SHOWN) -> None:
    names = list(rows.columns)
    lines = [[("" if value is None else str(value)) for value in row] for row in rows.to_numpy()]
    cut = [[_cut(cell) for cell in line] for line in lines[:most]]
    widths = [max(map(len, column)) for column in zip(names, *cut, strict=True)] if cut else []
    for line in [names, *cut] if cut else []:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        show("  " + "  ".join(padded).rstrip())
    if len(lines) > most:
        say(f"{len(lines) - most:,} more: -o FILE writes all {len(lines):,} as CSV."
            if most == SHOWN else f"{len(lines) - most:,} more.")  # fmt: skip


def _cut(text: str) -> str:
    """Keep the end of a long name: of a path of codes it is the code."""
    return text if len(text) <= 46 else "…" + text[-45:]
