"""Markdown and HTML into Pandoc's tree: one call for the text, one for all its tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from qdaio.faults import FaultList

from . import pandoc
from .settings import Settings
from .source import Source
from .tablehtml import NoTableError, clean_table
from .tree import Element, attributes, elements, inlines_of

__all__ = ["Parsed", "Tables", "parse_manuscript", "parse_tables"]


@dataclass(slots=True)
class Parsed:
    """The manuscript's tree, and what was parsed beside it.

    Parameters
    ----------
    version : list of int
        Pandoc's version of the tree.
    blocks : list of dict
        The text.
    captions : dict
        Inlines of each embed's caption, by the number of its shortcode.
    variables, metadata : dict
        ``_variables.yml`` and the document's metadata as nested ``MetaMap``.
    """

    version: list[int]
    blocks: list[Element]
    captions: dict[int, list[Element]]
    variables: Element
    metadata: Element


@dataclass(slots=True)
class Tables:
    """Tables that were HTML.

    Parameters
    ----------
    of_embeds : dict
        A table by the number of the shortcode; those that hold no table are absent.
    of_raw_blocks : dict
        Blocks by the text of a raw block of the manuscript.
    """

    of_embeds: dict[int, Element] = field(default_factory=dict)
    of_raw_blocks: dict[str, list[Element]] = field(default_factory=dict)


def parse_manuscript(
    source: Source, settings: Settings, captions: Mapping[int, str], faults: FaultList
) -> Parsed:
    """Parse the text, and as Quarto does, each variable and caption as Markdown of its own.

    Parameters
    ----------
    source : Source
        The text with tokens.
    settings : Settings
        Variables and metadata.
    captions : mapping
        Markdown of each caption.
    faults : FaultList
        What Pandoc warns of, such as a division that is not closed, is added with its place.

    Returns
    -------
    Parsed
    """
    beside: dict[str, dict[str, object]] = {
        "variables": {key: _text(value) for key, value in settings.variables.items()},
        "captions": {str(n): caption for n, caption in captions.items()},
        "metadata": {key: _text(value) for key, value in settings.metadata.items()},
    }
    abstract = settings.metadata.get("abstract")
    if isinstance(abstract, str):
        # Pandoc keeps paragraphs apart only where the last one ends in a new line.
        beside["metadata"] = {**beside["metadata"], "abstract": abstract.rstrip() + "\n"}
    log: list[dict[str, object]] = []
    with TemporaryDirectory() as scratch:
        file = Path(scratch) / "beside.json"
        file.write_text(json.dumps(beside, ensure_ascii=False), encoding="utf-8")
        tree = json.loads(
            pandoc.run(
                ["-f", "markdown", "-t", "json", f"--metadata-file={file}"],
                source.text.encode("utf-8"),
                log=log,
            )
        )
    for message in pandoc.warnings(log):
        place = source.at(_line(message))
        faults.add(
            kind="markdown",
            file=place.file,
            row=place.row,
            found=str(message.get("type")),
            expected="Markdown that Pandoc reads without a warning",
            remedy=_remedy(message),
        )
    meta = tree["meta"]
    return Parsed(
        tree["pandoc-api-version"],
        tree["blocks"],
        {int(n): inlines_of(c) or [] for n, c in meta["captions"].get("c", {}).items()},
        meta["variables"],
        meta["metadata"],
    )


def parse_tables(blocks: list[Element], of_embeds: Mapping[int, str]) -> Tables:
    """Parse every HTML table: those of embeds, and raw blocks of the manuscript.

    Pandoc's writers drop raw HTML from Word, Typst and JATS without a word; as its own tables
    they are written everywhere.

    Parameters
    ----------
    blocks : list of dict
        The manuscript, for its raw blocks.
    of_embeds : mapping
        HTML of each embedded table, by the number of its shortcode.

    Returns
    -------
    Tables
        Without what is not exactly one table.
    """
    raw = {
        element["c"][1]
        for element in elements(blocks)
        if element["t"] == "RawBlock" and element["c"][0] == "html" and "<table" in element["c"][1]
    }
    sources: list[int | str] = [*of_embeds, *sorted(raw)]
    pieces = []
    for at, key in enumerate(sources):
        try:
            table = (
                clean_table(of_embeds[key])
                if isinstance(key, int)
                else clean_table(key, caption=True)
            )
        except NoTableError:
            continue
        pieces.append(f'<div id="table-{at}">\n{table}\n</div>\n')
    tables = Tables()
    if not pieces:
        return tables
    page = "<!DOCTYPE html><html><body>" + "".join(pieces) + "</body></html>"
    tree = json.loads(pandoc.run(["-f", "html", "-t", "json"], page.encode("utf-8")))
    for division in tree["blocks"]:
        identifier, _, _ = attributes(division)
        inside = division["c"][1]
        if len(inside) != 1 or inside[0]["t"] != "Table":
            continue
        key = sources[int(identifier.removeprefix("table-"))]
        if isinstance(key, int):
            tables.of_embeds[key] = inside[0]
        else:
            tables.of_raw_blocks[key] = inside
    return tables


def _text(value: object) -> object:
    """Return nested values with numbers and dates as text; Pandoc would reformat them."""
    if isinstance(value, dict):
        return {str(key): _text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_text(item) for item in value]
    return value if isinstance(value, (bool, str)) else "" if value is None else str(value)


def _line(message: Mapping[str, object]) -> int:
    """Return the line that a message of Pandoc's is about, else the first."""
    for key in ("openpos", "pos"):
        position = message.get(key)
        if isinstance(position, dict) and isinstance(position.get("line"), int):
            return int(position["line"])
    line = message.get("line")
    return line if isinstance(line, int) else 1


def _remedy(message: Mapping[str, object]) -> str:
    if message.get("type") == "UnclosedDiv":
        return "Close the division with ::: on a line of its own."
    return f"Pandoc says: {message.get('pretty')}"
