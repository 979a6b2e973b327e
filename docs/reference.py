"""Writes the pages of reference that follow the code: the commands, the notebooks' parameters.

    python docs/reference.py

A test compares what stands in the pages with what the code says today.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from analysis.build.notebooks import all_notebooks
from analysis.cli import study
from qdaio.faults import FaultList

ROOT = Path(__file__).resolve().parent.parent
NOTE = "<!-- Written by docs/reference.py: change the code and run it, not this page. -->"
# an option that stands alone, and one that takes a value
Record = tuple[str, str]


def cell(text: str) -> str:
    """Return text for a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def table(head: Record, rows: list[Record]) -> list[str]:
    """Return a table of two columns."""
    lines = [f"| {head[0]} | {head[1]} |", "| --- | --- |"]
    return lines + [f"| {cell(name)} | {cell(about)} |" for name, about in rows]


def commands() -> str:
    """Return the page of the commands."""
    lines = [
        "# Commands",
        "",
        NOTE,
        "",
        "Each has `--help`. Exit status: 0 done; 1 the data or the study are at fault, with file,",
        "row and remedy; 2 wrong usage; 130 interrupted. `--json` prints one JSON document on",
        "standard output and nothing else. In a copy of the repository `python start.py NAME` is",
        "the same as `study NAME`.",
    ]
    group = click.Context(study, info_name="study")
    for name in study.list_commands(group):
        command = study.get_command(group, name)
        assert command is not None
        context = click.Context(command, info_name=f"study {name}")
        lines += ["", f"## study {name}", "", (command.help or "").strip(), ""]
        usage = " ".join(command.collect_usage_pieces(context))
        lines += ["```text", f"study {name} {usage}", "```", ""]
        rows = [
            (f"`{record[0]}`", record[1])
            for option in command.params
            if isinstance(option, click.Option)
            and (record := option.get_help_record(context))
            and record[0] != "--help"
        ]
        if rows:
            lines += table(("option", "what it does"), rows)
    return "\n".join(lines).rstrip() + "\n"


def parameters() -> str:
    """Return the page of the notebooks' parameters."""
    faults = FaultList()
    notebooks = all_notebooks(ROOT, faults)
    faults.raise_if_any()
    lines = [
        "# Parameters of the notebooks",
        "",
        NOTE,
        "",
        "What can be changed without code. `study build -p NAME=VALUE` sets one for a single",
        "build, `[parameters.NOTEBOOK]` in `study.toml` for good; a value that is out of bounds",
        "is a fault before anything runs. Every notebook also has `study_dir`, the folder of the",
        "study, which is found by itself.",
    ]
    for notebook in notebooks:
        rows = [
            (f"`{name} = {parameter.default!r}`".replace("'", '"'), parameter.about)
            for name, parameter in notebook.parameters.items()
            if name != "study_dir"
        ]
        lines += ["", f"## {notebook.name}", ""]
        made = [*(f"table `{name}`" for name in notebook.tables)]
        made += [f"figure `{name}`" for name in notebook.figures]
        made += [f"`report/{name}`" for name in notebook.reports]
        made += [f"`report/output/{name}`" for name in notebook.pages]
        if made:
            lines += [f"Makes {', '.join(made)}.", ""]
        if rows:
            lines += table(("parameter and default", "what it is"), rows)
        else:
            lines.append("It has no parameters.")
    return "\n".join(lines).rstrip() + "\n"


PAGES = {"commands.md": commands, "notebook-parameters.md": parameters}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (ROOT / "docs" / name).write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
