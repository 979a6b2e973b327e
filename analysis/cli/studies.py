"""`study build`, `check` and `lab`: what works on the folder of a study."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.cli.terminal import (
    Progress,
    parse_parameters,
    print_json,
    say,
    study_folder,
)

if TYPE_CHECKING:
    from analysis.build.steps import Ran

FORMATS = ["html", "docx", "pdf", "jats"]


@click.command()
@click.argument("folder", default=".", metavar="[DIR]")
@click.option(
    "--to", "formats", multiple=True, metavar="FORMAT", help="html, docx, pdf or jats; repeatable."
)
@click.option(
    "-p",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter for the notebooks that have it; repeatable.",
)
@click.option(
    "--save", is_flag=True, help="Write the parameters of -p into study.toml, for later builds."
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "quarto", "pandoc"]),
    help="What renders the manuscript.",
)
@click.option("--jobs", type=click.IntRange(1, 64), help="Notebooks that run at a time.")
@click.option("--force", is_flag=True, help="Run everything, up to date or not.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def build(
    folder: str,
    formats: tuple[str, ...],
    parameters: tuple[str, ...],
    save: bool,
    engine: str | None,
    jobs: int | None,
    force: bool,
    as_json: bool,
) -> None:
    """Rebuild everything that is out of date, and say what was done and why."""
    from analysis.build.builder import build as run_build

    chosen = [part for text in formats for part in text.replace(",", " ").split()]
    if unknown := [name for name in chosen if name not in FORMATS]:
        raise click.BadParameter(
            f"{', '.join(unknown)}; known are {', '.join(FORMATS)}", param_hint="--to"
        )
    if save and not parameters:
        raise click.BadParameter("it saves what -p gives; name a parameter", param_hint="--save")
    root = study_folder(folder)
    with Progress(quiet=as_json) as progress:
        result = run_build(
            root,
            formats=chosen or None,
            engine=engine,
            parameters=parse_parameters(parameters),
            save=save,
            jobs=jobs,
            force=force,
            started=progress.started,
            finished=progress.finished,
        )
    ran = sorted(result.outcome.ran, key=lambda done: done.name)
    if as_json:
        print_json(
            {
                "ran": [
                    {"name": done.name, "why": done.why, "seconds": round(done.seconds, 3)}
                    for done in ran
                ],
                "up_to_date": result.outcome.fresh,
                "notes": result.notes,
                "products": [
                    path.relative_to(root.resolve()).as_posix() for path in result.products
                ],
            }
        )
        return
    for note in result.notes:
        say(f"Note: {note}")
    _summary(ran, result.outcome.fresh, root)


def _summary(ran: list[Ran], fresh: list[str], root: Path) -> None:
    if not ran:
        say("Nothing to do: everything is up to date.")
        return
    kept = f", {len(fresh)} up to date" if fresh else ""
    say(f"Done: {len(ran)} steps run{kept}. The manuscript is in {root / 'report' / 'output'}.")


@click.command()
@click.argument("folder", default=".", metavar="[DIR]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def check(folder: str, as_json: bool) -> None:
    """Check the study, its inputs and its manuscript, without building anything."""
    from analysis.check.study import check_study

    notes = check_study(study_folder(folder))
    if as_json:
        print_json({"faults": [], "notes": notes})
        return
    for note in notes:
        say(f"Note: {note}")
    say("Nothing is at fault.")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("folder", default=".", metavar="[DIR]")
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[JUPYTERLAB OPTIONS]...")
def lab(folder: str, options: tuple[str, ...]) -> None:
    """Open JupyterLab on the notebooks of a study; its own options are handed on."""
    import subprocess

    if folder.startswith("-"):
        folder, options = ".", (folder, *options)
    root = study_folder(folder)
    raise SystemExit(subprocess.run(lab_command(root, options)).returncode)


def lab_command(root: Path, options: tuple[str, ...]) -> list[str]:
    """Return the command that opens JupyterLab at the page from which a study is learnt."""
    first = "start-here.ipynb" if (root / "start-here.ipynb").is_file() else "notebooks"
    given = [
        f"--ServerApp.root_dir={root.resolve()}",
        f"--LabApp.default_url=/lab/tree/{first}",
        # nothing is fetched from elsewhere, and nobody is asked about it
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        f"--LabApp.app_settings_dir={Path(__file__).parent / 'lab'}",
    ]
    return [sys.executable, "-m", "jupyterlab", *given, *options]
