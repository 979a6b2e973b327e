"""Write codes as REFI-QDA: the whole of a `.qdc`, and the codebook of a project."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from qdaio import __version__
from qdaio.codes import code_id
from qdaio.faults import Fault, StudyError
from qdaio.files.writing import replacing
from qdaio.model import CodedProject
from qdaio.programs.refi.origin import OURS, guid_of, is_guid

__all__ = [
    "DECLARATION",
    "ORIGIN",
    "Markup",
    "code_losses",
    "codes_markup",
    "pieces",
    "replacements",
    "write_qdc",
]


FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT = "\ufffd"
SPECIAL = re.compile('[&<>"\t\n\r]')
ENTITIES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\t": "&#9;",
    "\n": "&#10;",
    "\r": "&#13;",
}
IN_TEXT = re.compile("[&<>\r]")


class Markup:
    """Writes elements, and counts what had to be replaced.

    Attributes
    ----------
    replaced : int
        Characters that XML cannot hold; each became U+FFFD.
    """

    def __init__(self) -> None:
        self.replaced = 0

    def clean(self, text: str) -> str:
        """Replace characters that XML, or UTF-8, cannot hold."""
        if text.isascii() and text.isprintable():
            return text
        cleaned, count = FORBIDDEN.subn(REPLACEMENT, text)
        self.replaced += count
        return cleaned

    def attributes(self, values: Mapping[str, str | None]) -> str:
        """Write attributes, each with a space before it; those without a value are left out."""
        return "".join(
            f' {name}="{SPECIAL.sub(_entity, self.clean(value))}"'
            for name, value in values.items()
            if value is not None
        )

    def element(self, name: str, text: str | None) -> str:
        """Write an element that holds text only; nothing for None."""
        if text is None:
            return ""
        return f"<{name}>{IN_TEXT.sub(_entity, self.clean(text))}</{name}>"


def _entity(found: re.Match[str]) -> str:
    return ENTITIES[found[0]]


COLOUR = re.compile(r"#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})")
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
ORIGIN = f"{OURS} {__version__}"
PIECE = 1024 * 1024
HYPHEN = "\u2010"


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


def write_qdc(project: CodedProject, path: Path, *, note: str | None = None) -> list[str]:
    """Write the codes of a project as `.qdc`, valid against the schema of codebooks.

    Parameters, results and errors are those of
    :func:`~qdaio.programs.refi.write_project.write_qdpx`; a project without codes makes no
    codebook and is an error, too. A `note` to people who open the file stands as a comment
    before its codes.
    """
    if project.codes.empty:
        raise StudyError(
            Fault(
                kind="empty-file",
                file=path.name,
                found="no codes",
                expected="a code at least",
                remedy="A codebook needs codes: export the code system, too.",
            )
        )
    markup = Markup()
    with replacing(path) as beside, beside.open("wb") as stream:
        for piece in pieces(_codebook(project, markup, note)):
            stream.write(piece)
    return [*code_losses(project.codes), *replacements(markup)]


def _codebook(project: CodedProject, markup: Markup, note: str | None) -> Iterator[str]:
    yield DECLARATION
    if note:
        # two hyphens would end a comment
        said = IN_TEXT.sub(_entity, markup.clean(note.replace("-", HYPHEN)))
        yield f"<!-- {said} -->\n"
    yield f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="{ORIGIN}">\n'
    yield from codes_markup(project.codes, markup)
    yield "</CodeBook>\n"


def pieces(parts: Iterable[str]) -> Iterator[bytes]:
    """Join small parts into pieces worth writing."""
    waiting: list[str] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size > PIECE:
            yield "".join(waiting).encode("utf-8")
            waiting, size = [], 0
    yield "".join(waiting).encode("utf-8")


def replacements(markup: Markup) -> list[str]:
    """Say how many characters became U+FFFD."""
    if not markup.replaced:
        return []
    return [f"{markup.replaced} characters that XML cannot hold are replaced by U+FFFD."]
