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
@click.option(
    "--paper",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Audit the tables of a paper (Word, HTML, JATS, Markdown), or of each in a folder.",
)
@click.option(
    "-o",
    "--output",
    "ledger",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="LEDGER",
    help="With --paper: keep what was read as a ledger (CSV), to be corrected and audited again.",
)
@click.option("--fail-on", multiple=True, metavar="VERDICT", help="Exit with 1 if any; repeatable.")
@click.option("--all", "everything", is_flag=True, help="List claims that ask for nothing, too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def audit(
    folder: str,
    table: Path | None,
    paper: Path | None,
    ledger: Path | None,
    fail_on: tuple[str, ...],
    everything: bool,
    as_json: bool,
) -> None:
    """Hold published values against rebuilt ones, and against each other."""
    from analysis.audit import SEVERITY, audit_document, audit_lines

    wanted = [verdict.strip() for text in fail_on for verdict in text.split(",")]
    known = [verdict.value for verdict in SEVERITY]
    if unknown := [verdict for verdict in wanted if verdict not in known]:
        raise click.BadParameter(
            f"{', '.join(unknown)}; known are {', '.join(known)}", param_hint="--fail-on"
        )
    if table is not None and paper is not None:
        raise click.UsageError("--table and --paper are two things: give one of them")
    if ledger is not None and (paper is None or paper.is_dir()):
        raise click.UsageError("-o keeps what is read of one paper: give --paper FILE with it")
    if paper is not None and paper.is_dir():
        sys.exit(_papers(paper, wanted, as_json))
    if table is not None:
        from analysis.audit import audit_table

        done = audit_table(table)
    elif paper is not None:
        from analysis.audit.papers import audit_paper
        from qdaio.files.writing import write_text

        read = audit_paper(paper)
        done = read.audit
        if ledger is not None:
            write_text(ledger, read.ledger)
    else:
        from analysis.audit import run_audit, write_audit
        from analysis.studyfile import load_study
        from analysis.workspace import Workspace

        root = study_folder(folder)
        workspace = Workspace(root, load_study(root))
        done = run_audit(workspace)
        write_audit(done, workspace)
    if as_json:
        print_json(audit_document(done))
    else:
        for line in audit_lines(done, everything=everything):
            show(line)
        if table is None and paper is None:
            say("Written: report/output/audit.html and audit.json")
        elif ledger is not None:
            say(f"Written: {ledger.name}. Correct it, and audit it again with --table.")
    if any(done.counts.get(verdict) for verdict in wanted):
        sys.exit(1)


def _papers(folder: Path, wanted: list[str], as_json: bool) -> int:
    """Audit each paper of a folder, a line each; return the exit status."""
    from analysis.audit.papers import audit_folder

    rows = []
    for row in audit_folder(folder):
        rows.append(row)
        if not as_json:
            show(row.line)
    if as_json:
        print_json({"papers": [row.as_dict() for row in rows]})
    return int(any(row.counts.get(verdict) for row in rows for verdict in wanted))
