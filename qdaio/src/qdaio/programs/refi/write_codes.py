"""Codes as nested elements, for projects and codebooks alike."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pandas as pd

from qdaio.codes import code_id
from qdaio.faults import Fault, StudyError
from qdaio.programs.refi.guids import guid_of, is_guid
from qdaio.programs.refi.markup import Markup

__all__ = ["code_losses", "codes_markup"]

COLOUR = re.compile(r"#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})")


def codes_markup(codes: pd.DataFrame, markup: Markup) -> Iterator[str]:
    """Write ``<Codes>``, siblings by their position.

    Parameters
    ----------
    codes : DataFrame
        Frame ``codes`` of the model, with one row at least.
    markup : Markup

    Raises
    ------
    StudyError
        When codes are their own parents.
    """
    ordered = codes.assign(order=codes["position"].fillna(len(codes) + 1)).sort_values(
        "order", kind="stable"
    )
    rows: dict[str, Any] = {str(row.code_id): row for row in ordered.itertuples(index=False)}
    children: dict[str | None, list[str | None]] = defaultdict(list)
    for code, row in rows.items():
        children[row.parent_id if isinstance(row.parent_id, str) else None].append(code)
    yield "<Codes>\n"
    written = 0
    stack = children[None][::-1]
    while stack:
        identifier = stack.pop()
        if identifier is None:
            yield "</Code>\n"
            continue
        written += 1
        yield _code(rows[identifier], markup)
        stack.append(None)
        stack.extend(reversed(children[identifier]))
    yield "</Codes>\n"
    if written < len(rows):
        raise StudyError(
            Fault(
                kind="inconsistent-export",
                found=f"{len(rows) - written} codes below themselves",
                expected="a tree of codes",
                remedy="Mend the parents of these codes where they were coded, and export anew.",
            )
        )


def _code(row: Any, markup: Markup) -> str:
    colour = row.colour if isinstance(row.colour, str) and COLOUR.fullmatch(row.colour) else None
    attributes = markup.attributes(
        {
            "guid": guid_of("code", row.code_id),
            "name": row.name,
            "isCodable": "true" if row.is_codable else "false",
            "color": colour,
        }
    )
    text = row.description if isinstance(row.description, str) else None
    return f"<Code{attributes}>" + markup.element("Description", text)


def code_losses(codes: pd.DataFrame) -> list[str]:
    """Say what of the codes REFI-QDA has no place for."""
    said = []
    if counted := int(codes["reported_n"].notna().sum()):
        said.append(f"The counts that the export itself reports for {counted} codes are left out.")
    colours = codes["colour"].dropna()
    if strange := int((~colours.str.fullmatch(COLOUR.pattern)).sum()):
        said.append(
            f"The colours of {strange} codes are left out: they are not of the form #RRGGBB."
        )
    natural = codes["path"].map(code_id) if len(codes) else codes["code_id"]
    known = codes["code_id"].map(is_guid).astype("bool") | (codes["code_id"] == natural)
    if renamed := int((~known).sum()):
        said.append(f"The identifiers of {renamed} codes are replaced by GUIDs made from them.")
    return said
