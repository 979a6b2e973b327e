"""The audit as a page for reading: what asks for a second look first, the rest folded away."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.audit.report import synthetic_note, where_of
from analysis.audit.verdicts import ASKING, Verdict
from analysis.forms import records

if TYPE_CHECKING:
    from analysis.audit.audit import Audit

__all__ = ["audit_page"]

MARKS = {
    Verdict.IMPOSSIBLE: "✕",
    Verdict.INCONSISTENT: "!",
    Verdict.DIFFERS: "Δ",
    Verdict.ROUNDING: "≈",
    Verdict.FEWER: "?",
    Verdict.WORDING: "~",
    Verdict.REPRODUCED: "✓",
    Verdict.CONSISTENT: "✓",
    Verdict.NOT_COMPUTABLE: "–",
}
Row = dict[str, Any]


def audit_page(audit: Audit, *, title: str, language: str) -> str:
    """Return the page as HTML that needs nothing else.

    Parameters
    ----------
    audit : Audit
    title, language : str
    """
    style = files("analysis.audit").joinpath("page.css").read_text(encoding="utf-8")
    script = files("analysis.audit").joinpath("page.js").read_text(encoding="utf-8")
    notice = f'<header><p class="notice">{escape(synthetic_note())}</p></header>'
    banner = notice if audit.is_synthetic else ""
    rows = [row | {"anchor": f"claim-{at}"} for at, row in enumerate(records(audit.claims), 1)]
    held = "the rest of the publication"
    if audit.is_study:
        held = "the one rebuilt from the data, and against the rest of the publication"
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
<p class="of" dir="auto">{escape(title)}</p>
<p>Each value that was printed is held against {held}. A verdict says what was found, not who
is at fault.</p>
{_counts(audit)}
{_second_look(rows)}
{_conventions(audit)}
{_everything(rows)}
</main>
<script>
{script}</script>
</body>
</html>
"""


def _slug(verdict: str) -> str:
    return verdict.split(" ", 1)[0] if verdict != Verdict.FEWER else "fewer"


def _mark(verdict: str) -> str:
    return f'<span aria-hidden="true">{MARKS[Verdict(verdict)]}</span>'


def _counts(audit: Audit) -> str:
    items = []
    for verdict, n in audit.counts.items():
        label = f"{_mark(verdict)} {escape(verdict)} <b>{n:,}</b>"
        target = f"#{_slug(verdict)}" if n and Verdict(verdict) in ASKING else "#all"
        items.append(f'<li class="{_slug(verdict)}"><a href="{target}">{label}</a></li>')
    total = sum(audit.counts.values())
    return (
        f'<nav aria-label="Verdicts"><p>{total:,} claim{"s" * (total != 1)}</p>'
        f'<ul class="counts">{"".join(items)}</ul></nav>'
    )


def _second_look(rows: Sequence[Row]) -> str:
    parts = []
    for verdict in ASKING:
        here = [row for row in rows if row["verdict"] == verdict.value]
        if not here:
            continue
        cards = "\n".join(map(_card, here))
        parts.append(
            f'<section class="{_slug(verdict)}" id="{_slug(verdict)}">'
            f"<h3>{_mark(verdict)} {escape(verdict.value.capitalize())} "
            f"<small>{len(here):,}</small></h3>\n{cards}\n</section>"
        )
    body = "\n".join(parts) or "<p>Nothing does.</p>"
    return f"<h2>What asks for a second look</h2>\n{body}"


def _card(row: Row) -> str:
    rebuilt = _rebuilt(row)
    beside = (
        f' <span class="rebuilt">rebuilt: <b dir="auto">{rebuilt}</b></span>' if rebuilt else ""
    )
    return (
        f'<article><p class="place"><a href="#{row["anchor"]}">{escape(where_of(row))}</a></p>'
        f'<p class="value"><span>{escape(row["kind"])}:</span> '
        f'<b dir="auto">{escape(row["printed"])}</b>{beside}</p>'
        f'<p class="why" dir="auto">{escape(row["why"])}</p>{_conjecture(row)}</article>'
    )


def _conjecture(row: Row) -> str:
    if not row["conjecture"]:
        return ""
    return f'<p class="conjecture" dir="auto">{escape(row["conjecture"])}</p>'


def _rebuilt(row: Row) -> str:
    value = row.get("rebuilt")
    return "" if value is None or pd.isna(value) else escape(str(value))


def _conventions(audit: Audit) -> str:
    if not audit.conventions:
        return ""
    items = "".join(
        f"<li><b>{escape(found.table or 'All values')}</b>: {escape(found.sentence)}</li>"
        for found in audit.conventions
    )
    return f"<h2>How the numbers were computed and rounded</h2>\n<ul>{items}</ul>"


def _everything(rows: Sequence[Row]) -> str:
    parts = []
    for section in dict.fromkeys(row["section"] for row in rows):
        here = [row for row in rows if row["section"] == section]
        asking = sum(Verdict(row["verdict"]) in ASKING for row in here)
        said = f"{len(here):,} claim{'s' * (len(here) != 1)}"
        said += f", {asking:,} of them to look at" if asking else ""
        body = "\n".join(map(_line, here))
        parts.append(
            f"<details><summary>{escape(section or 'Without a section')} <small>{said}</small>"
            '</summary><table><thead><tr><th scope="col">Place</th><th scope="col">Printed</th>'
            '<th scope="col">Rebuilt</th><th scope="col">Verdict</th></tr></thead>'
            f"<tbody>\n{body}\n</tbody></table></details>"
        )
    return '<h2 id="all">All claims, in their place</h2>\n' + "\n".join(parts)


def _line(row: Row) -> str:
    verdict = row["verdict"]
    place = where_of(row | {"section": ""}) or f"row {row['row']}"
    return (
        f'<tr class="{_slug(verdict)}" id="{row["anchor"]}">'
        f'<td dir="auto">{escape(place)}<br><small>{escape(row["kind"])}</small></td>'
        f'<td dir="auto">{escape(row["printed"])}</td><td dir="auto">{_rebuilt(row)}</td>'
        f"<td><b>{_mark(verdict)} {escape(verdict)}</b>"
        f'<p dir="auto">{escape(row["why"])}</p>{_conjecture(row)}</td></tr>'
    )
