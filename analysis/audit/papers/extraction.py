"""The ledger that a paper gives, without anybody typing it in.

Tables are read first, then the text. What is not read with certainty is listed and not
judged: a false accusation is worse than a miss.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field

from analysis.audit.ledger import COLUMNS, Ledger, ledger_of
from analysis.audit.papers.paper import Paper
from analysis.audit.papers.prose import Prose
from analysis.audit.papers.relations import Relating
from analysis.audit.papers.tables import TableReader
from analysis.audit.words import plain

__all__ = ["Extracted", "extract"]

WEIGHTED = re.compile(
    r"\bweighted (?:percent|proportion|prevalence|estimate|frequenc|data|analys|sample)|"
    r"(?:sampling|survey|sample|post-?stratification) weights?\b|"
    r"(?:percentages?|proportions?|prevalences?|data|estimates) (?:were|are) weighted",
    re.IGNORECASE,
)


@dataclass
class Extracted:
    """What was read of a paper.

    Attributes
    ----------
    rows : list of dict
        Rows of a ledger, by column.
    unread_at : dict of str to (str, str)
        By the id that its row would have, place and text of each cell with a number that was
        not certain; where the text bore it out later, there is a row of that id.
    tables : int
        Tables of which something was read.
    """

    rows: list[dict[str, str]] = field(default_factory=list)
    unread_at: dict[str, tuple[str, str]] = field(default_factory=dict)
    tables: int = 0

    @property
    def unread(self) -> list[tuple[str, str]]:
        """Place and text of each cell with a number that is not judged."""
        read = {row.get("id") for row in self.rows}
        return [cell for id_, cell in self.unread_at.items() if id_ not in read]

    @property
    def values(self) -> int:
        """How many rows of the ledger were read."""
        return len(self.rows)

    def ledger(self, name: str) -> Ledger:
        """Return the ledger."""
        self._part_places()
        texts = {c: [row.get(c) or None for row in self.rows] for c in COLUMNS}
        return ledger_of(texts, list(range(2, len(self.rows) + 2)), name)

    def _part_places(self) -> None:
        """Tell places of one name apart: a paper may print two rows of one label."""
        seen: dict[tuple[str, ...], int] = {}
        for row in self.rows:
            parts = ("section", "place", "row", "column")
            key = tuple(plain(row.get(part, "")) for part in parts)
            seen[key] = seen.get(key, 0) + 1
            if seen[key] > 1:
                part = "row" if row.get("row") else "place"
                row[part] = f"{row.get(part, '')} ({seen[key]})".strip()

    def csv(self) -> str:
        """Return the ledger as CSV, to be corrected by a person; unread cells as notes."""
        rows = [dict(row) for row in self.rows]
        for place, text in self.unread:
            section, _, rest = place.partition(", ")
            rows.append({"section": section, "place": rest, "note": f"not read: {text}"})
        used = [c for c in COLUMNS if any(row.get(c) for row in rows)]
        stream = io.StringIO()
        writer = csv.DictWriter(stream, used, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows({c: _harmless(row.get(c, "")) for c in used} for row in rows)
        return stream.getvalue()


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking text of a paper for a formula."""
    starts = text.startswith(("=", "@", "\t", "+")) or (
        text.startswith("-") and not text[1:2].isdigit()
    )
    return f"'{text}" if starts else text


def extract(paper: Paper) -> Extracted:
    """Read a paper's tables and text into a ledger.

    Parameters
    ----------
    paper : Paper

    Returns
    -------
    Extracted
    """
    found = Extracted()
    prose = Prose(paper, found.rows)
    prose.sizes()
    is_weighted = any(WEIGHTED.search(text) for text in paper.paragraphs)
    labels: set[str] = set()
    readers: list[tuple[TableReader, str]] = []
    for number, table in enumerate(paper.tables, start=1):
        before = len(found.rows)
        reader = TableReader(
            table, f"t{number}", found, prose.size_of, is_weighted=is_weighted, said=prose.said
        )
        reader.read()
        if table.label in labels:
            # two tables of one label are told apart by their order
            for row in found.rows[before:]:
                row["section"] = f"{table.label} ({number})"
            readers.append((reader, f"{table.label} ({number})"))
        else:
            readers.append((reader, table.label))
        labels.add(table.label)
    Relating(found.rows, readers).read()
    prose.rest()
    sections = {row.get("section", "").partition(" (")[0] for row in found.rows}
    found.tables = sum(table.label in sections for table in paper.tables)
    return found
