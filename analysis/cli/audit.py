"""`study audit`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from analysis.cli.terminal import print_json, say, show, study_folder


@click.command()
@click.argument("folder", default=".", metavar="[DIR]")
@click.option(
    "--table",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Audit a table of reported values (CSV, .xlsx; see docs/audit-table.md), without a study.",
)
@click.option("--fail-on", multiple=True, metavar="VERDICT", help="Exit with 1 if any; repeatable.")
@click.option("--all", "everything", is_flag=True, help="List claims that ask for nothing, too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def audit(
    folder: str,
    table: Path | None,
    fail_on: tuple[str, ...],
    everything: bool,
    as_json: bool,
) -> None:
    """Hold published values against rebuilt ones, and against each other."""
    from analysis.audit import audit_document, audit_lines

    if table is not None:
        from analysis.audit import audit_table

        done = audit_table(table)
    else:
        from analysis.audit import run_audit, write_audit
        from analysis.settings import load_study
        from analysis.workspace import Workspace

        root = study_folder(folder)
        workspace = Workspace(root, load_study(root))
        done = run_audit(workspace)
        write_audit(done, workspace)
    counts = done.counts
    wanted = [verdict for text in fail_on for verdict in text.split(",")]
    if unknown := [verdict for verdict in wanted if verdict.strip() not in counts]:
        raise click.BadParameter(
            f"{', '.join(unknown)}; known are {', '.join(counts)}", param_hint="--fail-on"
        )
    if as_json:
        print_json(audit_document(done))
    else:
        for line in audit_lines(done, everything=everything):
            show(line)
        if table is None:
            say("Written: report/output/audit.html and audit.json")
    if any(counts[verdict.strip()] for verdict in wanted):
        sys.exit(1)
