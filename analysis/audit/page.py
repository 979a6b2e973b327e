"""The audit as a page for reading: each claim in its place, with filters, printable."""

from __future__ import annotations

from html import escape
from importlib.resources import files

import pandas as pd

from analysis import phrases
from analysis.forms import records

__all__ = ["audit_page"]

MARKS = {
    "impossible": "✕",
    "inconsistent within the publication": "≠",
    "differs": "Δ",
    "rounding only": "≈",
    "reproduced": "✓",
    "consistent": "✓",
    "not computable from these data": "–",
    "not computable": "–",
}


def audit_page(
    claims: pd.DataFrame,
    counts: dict[str, int],
    *,
    title: str,
    language: str,
    synthetic: bool,
) -> str:
    """Return the page as HTML that needs nothing else.

    Parameters
    ----------
    claims : DataFrame
        As in :func:`analysis.audit.document.audit_document`.
    counts : dict
    title, language : str
    synthetic : bool
        Whether the page says so of the data.
    """
    style = files("analysis.audit").joinpath("page.css").read_text(encoding="utf-8")
    script = files("analysis.audit").joinpath("page.js").read_text(encoding="utf-8")
    banner = f'<p class="notice">{escape(phrases.SYNTHETIC_NOTE)}</p>' if synthetic else ""
    return f"""<!DOCTYPE html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Audit: {escape(title)}</title>
<style>
{style}</style>
</head>
<body>
{banner}
<main>
<h1>Audit of the publication</h1>
<p class="of">{escape(title)}</p>
<p>Each value that was printed is held against the one rebuilt from the data, and against the
rest of the publication. A verdict says what was found, not who is at fault.</p>
{_filters(counts)}
<p id="shown" role="status"></p>
{_sections(claims)}
</main>
<script>
{script}</script>
</body>
</html>
"""


def _slug(verdict: str) -> str:
    return verdict.split(" ", 1)[0]


def _filters(counts: dict[str, int]) -> str:
    boxes = "\n".join(
        f'<label class="{_slug(verdict)}"><input type="checkbox" value="{_slug(verdict)}" checked>'
        f' <span aria-hidden="true">{MARKS.get(verdict, "•")}</span> {escape(verdict)}'
        f" <b>{n:,}</b></label>"
        for verdict, n in counts.items()
    )
    return f'<fieldset class="filters"><legend>Show</legend>\n{boxes}\n</fieldset>'


def _sections(claims: pd.DataFrame) -> str:
    parts = []
    named = claims if "section" in claims else claims.assign(section="")
    for section in dict.fromkeys(named["section"]):
        rows = "\n".join(map(_row, records(named[named["section"] == section])))
        heading = f"<h2>{escape(str(section))}</h2>" if section else ""
        parts.append(
            f"<section>{heading}<table><thead><tr>"
            '<th scope="col">Place</th><th scope="col">Printed</th><th scope="col">Rebuilt</th>'
            '<th scope="col">Verdict</th></tr></thead>'
            f"<tbody>\n{rows}\n</tbody></table></section>"
        )
    return "\n".join(parts)


def _row(row: dict[str, object]) -> str:
    verdict = str(row["verdict"])
    rebuilt = row.get("rebuilt")
    shown = "" if rebuilt is None or pd.isna(rebuilt) else str(rebuilt)  # type: ignore[call-overload]
    conjecture = row.get("conjecture")
    guess = ""
    if isinstance(conjecture, str) and conjecture:
        guess = f'<p class="conjecture">{escape(conjecture)}</p>'
    return (
        f'<tr class="{_slug(verdict)}" id="{escape(str(row["id"]))}">'
        f"<td>{escape(str(row['place']))}<br><small>{escape(str(row['kind']))}</small></td>"
        f'<td dir="auto">{escape(str(row["printed"]))}</td><td dir="auto">{escape(shown)}</td>'
        f'<td><b><span aria-hidden="true">{MARKS.get(verdict, "•")}</span> {escape(verdict)}</b>'
        f"<p>{escape(str(row['why']))}</p>{guess}</td></tr>"
    )
