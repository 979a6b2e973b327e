"""`study convert`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, cast

import click

from analysis.cli.output import print_json, say


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "-o",
    "--out",
    required=True,
    metavar="OUT",
    help="A folder for tidy tables, or a name that ends in .qdpx or .qdc.",
)
@click.option(
    "--tables",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    help="What tidy tables are written as.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def convert(files: tuple[str, ...], out: str, tables: str, as_json: bool) -> None:
    """Read exports that belong together, and write them in another form."""
    from analysis.exports.convert import convert as write

    kind = cast(Literal["csv", "parquet"], tables)
    done = write([Path(name) for name in files], Path(out), kind=kind)
    if as_json:
        print_json(
            {
                "files": [path.as_posix() for path in done.files],
                "codings": len(done.project.codings),
                "set_aside": len(done.project.set_aside),
                "losses": list(done.losses),
                "warnings": list(done.project.warnings),
            }
        )
        return
    for warning in done.project.warnings:
        say(f"Warning: {warning}")
    for loss in done.losses:
        say(f"Not held by the new form: {loss}")
    say(f"{len(done.project.codings):,} codings written:")
    for path in done.files:
        say(f"  {path}")
