"""Read a ledger of claims, and find everything that is wrong with it in one go."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.claims.claim import COLUMNS, KINDS, LINKS, NUMERIC, REQUIRED, RULES, Claim
from analysis.claims.linking import check_links
from analysis.claims.values import parse_days, parse_range, parse_value
from analysis.claims.wording import plain
from analysis.forms import read_form, records
from qdaio.faults import FaultList

if TYPE_CHECKING:
    from analysis.claims.facts import Facts

__all__ = ["read_claims"]

KIND_OF = {kind.casefold(): kind for kind in KINDS}
EXPECTED = {
    "count": "a whole number in digits, or a word from zero to twenty",
    "percentage": "a number, with or without %",
    "mean": "a number",
    "SD": "a number",
    "range": 'two numbers, such as "15 to 60"',
    "date": 'a date, such as "March 4, 2023", "2023-03-04" or "2021"',
}


def read_claims(path: Path, name: str, facts: Facts, faults: FaultList) -> list[Claim]:
    """Read a ledger of claims; its form is explained in ``docs/claims.md``.

    Parameters
    ----------
    path : Path
        CSV or spreadsheet.
    name : str
        How messages call the file.
    facts : Facts
        What claims may point at.
    faults : FaultList
        Gets one fault for each thing that is wrong.

    Returns
    -------
    list of Claim
        In the order of the file; those that have no faults of their own.
    """
    optional = [column for column in COLUMNS if column not in REQUIRED]
    table = read_form(path, name, REQUIRED, faults, optional=optional, filled=REQUIRED)
    claims = []
    for row in records(table):
        cells = {
            column: "" if pd.isna(row[column]) else str(row[column]).strip() for column in COLUMNS
        }
        claim = _claim(cells, int(row["row"]), name, facts, faults)
        if claim is not None:
            claims.append(claim)
    check_links(claims, name, faults)
    return claims


def _claim(
    cells: dict[str, str], row: int, name: str, facts: Facts, faults: FaultList
) -> Claim | None:
    place: dict[str, Any] = {"file": name, "row": row}
    kind = KIND_OF.get(cells["kind"].casefold())
    if kind is None:
        if cells["kind"]:
            near = difflib.get_close_matches(cells["kind"], KINDS, n=1)
            faults.add(
                kind="unknown-kind",
                column="kind",
                found=f'"{cells["kind"]}"',
                expected=", ".join(KINDS),
                remedy=f'Did you mean "{near[0]}"?' if near else "Choose one of these.",
                **place,
            )
        return None
    values: dict[str, Any] = {}
    try:
        if kind in NUMERIC:
            values["value"], values["decimals"], values["relation"] = parse_value(
                cells["printed"], kind
            )
        elif kind == "range":
            values["ends"] = parse_range(cells["printed"])
        elif kind == "date":
            values["days"] = parse_days(cells["printed"])
    except ValueError:
        if cells["printed"]:
            faults.add(
                kind="not-a-value",
                column="printed",
                found=f'"{cells["printed"]}"',
                expected=f"{EXPECTED[kind]}, as its kind is {kind}",
                remedy="Write the value as it is printed, without its unit, or correct the kind.",
                **place,
            )
    rebuilt = _rebuilt(cells["rebuilt"], kind, place, facts, faults)
    _check_rule(cells, kind, place, faults)
    if kind == "attribution" and not cells["participant"]:
        faults.add(
            kind="missing-value",
            column="participant",
            found="an empty cell",
            expected="the participant to whom the role is given",
            remedy="Fill in the participant's number or name.",
            **place,
        )
    links: dict[str, Any] = {link: cells[link] for link in LINKS}
    links["beside"] = tuple(cells["beside"].split())
    texts = ("id", "section", "place", "printed", "by", "participant", "role", "rule", "note")
    rest: dict[str, Any] = {column: cells[column] for column in texts}
    return Claim(
        kind=kind,
        row=row,
        rebuilt=rebuilt,
        **links,
        **rest,
        **values,
    )


def _rebuilt(
    text: str, kind: str, place: dict[str, Any], facts: Facts, faults: FaultList
) -> tuple[str, ...]:
    """Return what rebuilds a claim; a reference that cannot be followed is a fault."""
    if not text:
        return ()
    if kind == "attribution":
        if text.startswith("quotation:") and plain(text.removeprefix("quotation:")):
            return (text,)
        expected = "quotation: and the label of a category"
        _unknown(text, expected, ["quotation:LABEL"], place, faults)
        return ()
    if kind == "label":
        known = [*(f"labels.{level}" for level in facts.labels), "groups", "dimensions"]
        texts = [key for key, value in facts.metrics.items() if isinstance(value, str)]
        if text in known or text in texts:
            return (text,)
        _unknown(text, ", ".join(known), [*known, *texts], place, faults)
        return ()
    keys = tuple(text.split())
    most = 2 if kind == "range" else 1
    if len(keys) != most:
        faults.add(
            kind="wrong-number-of-keys",
            column="rebuilt",
            found=f"{len(keys)} keys",
            expected="two keys, for the two ends" if most == 2 else "one key",
            remedy="Name the keys of metrics.json, with a space between two.",
            **place,
        )
        return ()
    wants_text = kind == "date"
    fitting = {
        key: value for key, value in facts.metrics.items() if isinstance(value, str) == wants_text
    }
    if any(key.startswith(facts.left_out) for key in keys if key not in fitting):
        return ()
    missing = [key for key in keys if key not in fitting]
    for key in missing:
        what = "a day" if wants_text else "a number"
        _unknown(key, f"a key of metrics.json that holds {what}", fitting, place, faults)
    return () if missing else keys


def _unknown(
    found: str, expected: str, known: Iterable[str], place: dict[str, Any], faults: FaultList
) -> None:
    near = difflib.get_close_matches(found, list(known), n=3, cutoff=0.5)
    faults.add(
        kind="unknown-metric",
        column="rebuilt",
        found=f'"{found}"',
        expected=expected,
        remedy="Did you mean {}?".format(" or ".join(f'"{name}"' for name in near))
        if near
        else "Leave the cell empty if nothing rebuilds the value.",
        **place,
    )


def _check_rule(cells: dict[str, str], kind: str, place: dict[str, Any], faults: FaultList) -> None:
    rule = cells["rule"]
    start = "guidance:" if rule.startswith("guidance:") else rule
    if rule and kind not in RULES.get(start, ()):
        here = [name for name, kinds in RULES.items() if kind in kinds]
        faults.add(
            kind="unknown-rule",
            column="rule",
            found=f'"{rule}"',
            expected=", ".join(here) or f"an empty cell, as its kind is {kind}",
            remedy="Correct the rule, or leave the cell empty.",
            **place,
        )
