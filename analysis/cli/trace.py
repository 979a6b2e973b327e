"""`study trace`."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.cli.terminal import print_json, say, show, study_folder

SHOWN = 40  # rows that a terminal gets; the files get all


@click.command()
@click.argument("key", metavar="KEY")
@click.argument("folder", default=".", metavar="[DIR]")
@click.option(
    "-o",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write all rows as CSV.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def trace(key: str, folder: str, out: Path | None, as_json: bool) -> None:
    """List what is behind a number, such as level-1.count, with file, sheet and row."""
    from analysis.studyfile import load_study
    from analysis.tables import frame_csv
    from analysis.trace import trace as find
    from analysis.workspace import Workspace
    from qdaio.files.writing import write_text

    root = study_folder(folder)
    workspace = Workspace(root, load_study(root))
    found = find(workspace, key)
    rows = found.rows.astype("object").where(found.rows.notna(), None)
    if out is not None:
        write_text(out, frame_csv(rows, synthetic=workspace.study.is_synthetic))
    if as_json:
        unit = found.origin.unit if found.origin else None
        print_json(
            {
                "key": key,
                "value": found.value,
                "how": found.how,
                "unit": unit,
                "count": len(rows),
                "whole": found.origin.whole if found.origin else None,
                "rows": rows.to_dict("records"),
            }
        )
        return
    show(f"{key} = {found.value}")
    show(f"  {found.how}")
    names = list(rows.columns)
    lines = [[("" if value is None else str(value)) for value in row] for row in rows.to_numpy()]
    cut = [[_cut(cell) for cell in line] for line in lines[:SHOWN]]
    widths = [max(map(len, column)) for column in zip(names, *cut, strict=True)] if cut else []
    for line in [names, *cut] if cut else []:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        show("  " + "  ".join(padded).rstrip())
    if len(lines) > SHOWN:
        say(f"{len(lines) - SHOWN:,} more: -o FILE writes all {len(lines):,} as CSV.")


def _cut(text: str) -> str:
    """Keep the end of a long name: of a path of codes it is the code."""
    return text if len(text) <= 46 else "…" + text[-45:]
