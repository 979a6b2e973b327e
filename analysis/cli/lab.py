"""`study lab`."""

from __future__ import annotations

import subprocess
import sys

import click

from analysis.cli.options import study_folder


@click.command()
@click.argument("folder", default=".", metavar="[DIR]")
def lab(folder: str) -> None:
    """Open JupyterLab on the notebooks of a study."""
    root = study_folder(folder)
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={root.resolve()}"]
    raise SystemExit(
        subprocess.run([*command, "--LabApp.default_url=/lab/tree/notebooks"]).returncode
    )
