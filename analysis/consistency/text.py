"""Audited claims as plain text, grouped by verdict."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.consistency.verdicts import SEVERITY

if TYPE_CHECKING:
    import pandas as pd

    from analysis.consistency.table_audit import TableAudit

__all__ = ["audit_text", "claims_text"]

WIDEST_PLACE = 36
NARROWEST_WHY = 30
GAP = "  "
AGAIN = "(as above)"


def audit_text(audit: TableAudit, width: int = 100) -> str:
    """Return a table's audit as text for a terminal.

    Parameters
    ----------
    audit : TableAudit
    width : int
        Letters a line.
    """
    lines = [claims_text(audit.claims, width), "", "How the tables were rounded"]
    for found in audit.conventions:
        lead = f"Table {found.table}: " if found.table[:1].isdigit() else f"{found.table}: "
        said = f"{lead if found.table else ''}{found.sentence}"
        lines += textwrap.wrap(said, width, initial_indent=GAP, subsequent_indent=GAP * 2)
    total = sum(audit.counts.values())
    counted = ", ".join(f"{count} {verdict}" for verdict, count in audit.counts.items())
    said = f"{total} claims: {counted}." if total else "No reported value to judge."
    return "\n".join([*lines, "", *textwrap.wrap(said, width)])


def claims_text(claims: pd.DataFrame, width: int = 100) -> str:
    """Return claims as a table for a terminal, grouped by verdict, the most severe first.

    Parameters
    ----------
    claims : DataFrame
        ``place``, ``kind``, ``printed``, ``verdict``, ``why``.
    width : int
        Letters a line; the column of reasons keeps at least thirty.
    """
    columns = ["place", "kind", "printed"]
    texts = {column: claims[column].fillna("").astype("str").tolist() for column in columns}
    widest = min(WIDEST_PLACE, width // 3)
    sizes = [
        min(max([_letters(text) for text in texts[column]] + [len(column)]), widest)
        for column in columns
    ]
    rest = max(width - sum(sizes) - len(GAP) * 4, NARROWEST_WHY)
    why, verdicts = claims["why"].tolist(), claims["verdict"].tolist()
    known = [verdict.value for verdict in SEVERITY]
    order = [*known, *sorted(set(verdicts) - set(known))]
    blocks = []
    for verdict in order:
        rows = [at for at, found in enumerate(verdicts) if found == verdict]
        if not rows:
            continue
        lines = [f"{verdict} ({len(rows)})"]
        for before, at in zip([None, *rows], rows, strict=False):
            reason = AGAIN if before is not None and why[before] == why[at] else why[at]
            cells = [
                textwrap.wrap(texts[column][at], size) or [""]
                for column, size in zip(columns, sizes, strict=True)
            ]
            lines += _row([*cells, textwrap.wrap(reason, rest) or [""]], [*sizes, rest])
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _row(cells: Sequence[Sequence[str]], sizes: Sequence[int]) -> list[str]:
    lines = []
    for number in range(max(len(cell) for cell in cells)):
        parts = [cell[number] if number < len(cell) else "" for cell in cells]
        padded = [
            part + " " * (size - _letters(part)) for part, size in zip(parts, sizes, strict=True)
        ]
        lines.append((GAP + GAP.join(padded)).rstrip())
    return lines


def _letters(text: str) -> int:
    return sum(not unicodedata.combining(letter) for letter in text)
