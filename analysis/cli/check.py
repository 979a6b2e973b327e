"""`study check`."""

from __future__ import annotations

import click

from analysis.cli.options import study_folder
from analysis.cli.output import print_json, say


@click.command()
@click.argument("folder", default=".", metavar="[DIR]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def check(folder: str, as_json: bool) -> None:
    """Check the study, its inputs and its manuscript, without building anything."""
    from analysis.checking import check_study

    notes = check_study(study_folder(folder))
    if as_json:
        print_json({"faults": [], "notes": notes})
        return
    for note in notes:
        say(f"Note: {note}")
    say("Nothing is at fault.")
