"""`study convert`."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.cli.output import print_json, say


@click.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@click.option(
    "-o",
    "out",
    required=True,
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="A folder for tidy tables, or a file ending in .qdpx or .qdc.",
)
@click.option(
    "--tables",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    show_default=True,
    help="Of tidy tables.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def convert(files: tuple[Path, ...], out: Path, tables: str, as_json: bool) -> None:
    """Write coded exports that belong together as one project in another form."""
    from qdaio.conversion import convert as write

    done = write(files, out, kind="parquet" if tables == "parquet" else "csv")
    if as_json:
        print_json({"files": [path.name for path in done.files], "losses": list(done.losses)})
        return
    for sentence in done.losses:
        say(f"Note: {sentence}")
    say(f"Written: {out}")
