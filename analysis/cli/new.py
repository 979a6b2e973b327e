"""`study new`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from analysis.cli.terminal import say


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "exports",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A coded export, or a folder of them; give it once for each.",
)
@click.option(
    "--participants",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A table with one row per participant.",
)
@click.option(
    "--framework",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A table with the dimensions of a framework.",
)
@click.option("--title", help="Title of the study; by default the name of the folder.")
@click.option("--synthetic", is_flag=True, help="The data are made up: every product says so.")
@click.option("--yes", is_flag=True, help="Ask nothing; take what is likely, and list it.")
@click.option(
    "--update", is_flag=True, help="Bring the notebooks and the skeleton of a study up to date."
)
def new(
    folder: Path,
    exports: tuple[Path, ...],
    participants: Path | None,
    framework: Path | None,
    title: str | None,
    synthetic: bool,
    yes: bool,
    update: bool,
) -> None:
    """Make the folder of a new study, which builds at once."""
    if update:
        _update(folder)
        return
    from analysis.newstudy import begin_study
    from analysis.newstudy.folder import is_clear

    asking = not yes and _is_terminal()
    begun = begin_study(
        folder,
        exports,
        participants=participants,
        framework=framework,
        title=title or (_ask_title(folder) if asking else None),
        synthetic=synthetic or (asking and _ask_synthetic()),
        confirm=_confirm if asking else None,
        accept=_accept if asking else is_clear,
    )
    say(f"A new study stands in {folder}.")
    if begun.guesses:
        say("Taken without being stated; change what is wrong in study.toml:")
        for guess in begun.guesses:
            say(f"  {guess.key}: {guess.what} ({guess.why}).")
    for warning in begun.warnings:
        say(f"Note: {warning}")
    say(f"Next: study build {folder}")


def _is_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _ask_synthetic() -> bool:
    return click.confirm("Are the data made up (synthetic)?", default=False, err=True)


def _ask_title(folder: Path) -> str | None:
    said = click.prompt("Title of the study", default="", show_default=False, err=True)
    return str(said).strip() or None


def _accept(mapping: Any) -> bool:
    """Show what the columns of a spreadsheet seem to hold, and ask whether that is right."""
    say("No program that is known wrote this spreadsheet. It seems to hold:")
    say(mapping.columns.toml())
    for reason in mapping.reasons:
        say(f"  {reason}")
    return click.confirm("Is that right?", default=mapping.clarity == "clear", err=True)


def _confirm(proposal: Any) -> Any:
    """Ask of each guess about participants whether it is right."""
    from dataclasses import replace

    people = proposal.people
    if people is None:
        return proposal
    for guess in proposal.guesses:
        if not guess.key.startswith("[participants]"):
            continue
        if click.confirm(f"{guess.what[:1].upper()}{guess.what[1:]}?", default=True, err=True):
            continue
        if guess.key in ("[participants] variable", "[participants] pattern", "[participants]"):
            return replace(proposal, people=None)
        if guess.key in ("[participants] group", "[participants] group_order"):
            people = replace(people, group=None, group_order=())
        elif guess.key == "[participants] file_id":
            people = replace(people, file=None, file_id=None, variables=())
    return replace(proposal, people=people)


def _update(folder: Path) -> None:
    from analysis.newstudy import update_study

    done = update_study(folder)
    for title, names in (
        ("New", done.added),
        ("Brought up to date", done.replaced),
        ("Merged with your changes", done.merged),
    ):
        for name in names:
            say(f"{title}: {name}")
    for name in done.not_merged:
        say(f"Not merged: {name}; yours stays, and the new one stands beside it as .new")
    if not (done.added or done.replaced or done.merged or done.not_merged):
        say("Everything is up to date.")
