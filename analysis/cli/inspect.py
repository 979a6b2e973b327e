"""`study inspect`."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.cli.output import print_json


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def inspect(files: tuple[str, ...], as_json: bool) -> None:
    """Recognise exports that belong together, and say what is in them."""
    from analysis.exports.inspect import inspect as read

    found = read([Path(name) for name in files])
    if as_json:
        print_json(found)
        return
    click.echo(
        f"{found['format']}, written by {found['software']} {found['version'] or ''}".rstrip()
    )
    for name in ("documents", "codes", "codings", "coders", "segments", "set_aside"):
        click.echo(f"{found[name]:>9,}  {name.replace('_', ' ')}")
    if found["repeats"]:
        click.echo(f"{found['repeats']:>9,}  codings repeat an earlier row; they are counted")
    for item in found["set_aside_reasons"]:
        click.echo(f"Set aside: {item['count']} × {item['what']}: {item['why']}")
    if found["offsets"]:
        counts = ", ".join(f"{count} {status}" for status, count in found["offsets"].items())
        click.echo(f"Offsets of segments: {counts}")
    if found["is_partial"]:
        click.echo("The export is a part of the project.")
    if found["participants"]:
        click.echo(
            f"Participants: {found['participants']['documents']} names of documents hold an id, "
            f"pattern = '{found['participants']['pattern']}'"
        )
    for warning in found["warnings"]:
        click.echo(f"Warning: {warning}")
