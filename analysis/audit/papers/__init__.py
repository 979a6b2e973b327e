"""Papers as they are handed over: one, or a folder of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from analysis.audit.audit import Audit, audit_ledger
from analysis.audit.papers.extraction import Extracted, extract
from analysis.audit.papers.paper import SUFFIXES, read_paper
from analysis.audit.verdicts import ACCUSING, ASKING
from analysis.audit.words import listed
from qdaio.faults import Fault, StudyError

__all__ = ["PaperAudit", "Summary", "audit_folder", "audit_paper"]

# cells of a table that are named, and letters of each
MOST_NAMED, LONGEST = 4, 70


@dataclass(frozen=True, eq=False)
class PaperAudit:
    """The audit of one paper.

    Attributes
    ----------
    audit : Audit
        Its notes say how much was read, and which cells were not.
    extracted : Extracted
    tables : int
        Tables of the paper, read or not.
    """

    audit: Audit
    extracted: Extracted
    tables: int

    @property
    def ledger(self) -> str:
        """What was read, as a ledger in CSV, to be corrected and audited with ``--table``."""
        return self.extracted.csv()


def audit_paper(path: Path, name: str | None = None) -> PaperAudit:
    """Audit the tables of a paper against themselves and its text.

    Parameters
    ----------
    path : Path
        Word, HTML, JATS or Markdown.
    name : str, optional
        How messages call the file; by default its last part.

    Raises
    ------
    StudyError
        When the file cannot be read, see :func:`analysis.audit.papers.paper.read_paper`.
    """
    shown = name or path.name
    paper = read_paper(path, shown)
    extracted = extract(paper)
    audit = audit_ledger(extracted.ledger(shown))
    notes = [
        f"Read: {extracted.tables} of {len(paper.tables)} tables, {extracted.values} rows of a "
        "ledger. Only what is read with certainty is judged; -o keeps the ledger, to be corrected."
    ]
    if paper.pictures:
        notes.append(f"Not read, as they are pictures: {listed(paper.pictures)}.")
    notes += _unread_notes(extracted.unread)
    return PaperAudit(replace(audit, notes=tuple(notes)), extracted, len(paper.tables))


def _unread_notes(unread: Sequence[tuple[str, str]]) -> list[str]:
    """Say which cells are not judged: how many of each table, and some of them."""
    by_table: dict[str, list[str]] = {}
    for place, text in unread:
        table, _, rest = place.partition(", ")
        by_table.setdefault(table, []).append(f"{_short(rest or 'a cell')}: {_short(text)}")
    if not by_table:
        return []
    many = f"{len(unread)} cell{'s' * (len(unread) != 1)}"
    notes = [f"Not judged, as it is not certain what they are: {many}."]
    for table, cells in by_table.items():
        more = len(cells) - MOST_NAMED
        said = "; ".join(cells[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
        notes.append(f"{table}: {said}.")
    return notes


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2 - 2]} … {text[-LONGEST // 2 :]}"


@dataclass(frozen=True)
class Summary:
    """One paper of a folder, in a line.

    Attributes
    ----------
    name : str
    tables, values, unread : int
    counts : dict of str to int
        Claims of each verdict.
    fault : str
        Why it could not be read, or nothing.
    """

    name: str
    tables: int = 0
    values: int = 0
    unread: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    fault: str = ""

    @property
    def line(self) -> str:
        """The summary for a terminal."""
        if self.fault:
            return f"{self.name}: not read: {self.fault}"
        asking = [f"{self.counts[v]} {v.value}" for v in ASKING if self.counts.get(v)]
        said = ", ".join(asking) or "nothing to look at"
        return (
            f"{self.name}: {self.tables} tables, {sum(self.counts.values())} claims, "
            f"{self.unread} cell{'s' * (self.unread != 1)} not judged: {said}"
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        if self.fault:
            return {"paper": self.name, "fault": self.fault}
        return {
            "paper": self.name,
            "tables": self.tables,
            "rows": self.values,
            "not_judged": self.unread,
            "accused": sum(self.counts.get(verdict, 0) for verdict in ACCUSING),
            "counts": self.counts,
        }


def audit_folder(folder: Path) -> Iterator[Summary]:
    """Audit each paper of a folder, in the order of their names.

    Raises
    ------
    StudyError
        When the folder holds none.
    """
    papers = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.casefold() in (*SUFFIXES, ".pdf") and not path.name.startswith(("~", "."))
    )
    if not papers:
        raise StudyError(
            Fault(
                kind="missing-file",
                file=folder.name,
                found="no paper",
                expected=f"files that end in {', '.join(SUFFIXES)}",
                remedy="Put the papers there, in Word, HTML, JATS or Markdown.",
            )
        )
    for path in papers:
        try:
            read = audit_paper(path)
        except StudyError as error:
            fault = next(iter(error.faults))
            yield Summary(path.name, fault=f"{fault.found or fault.kind}. {fault.remedy}")
            continue
        yield Summary(
            path.name,
            read.tables,
            read.extracted.values,
            len(read.extracted.unread),
            read.audit.counts,
        )
