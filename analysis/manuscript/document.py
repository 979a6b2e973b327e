"""The manuscript as one document: parsed, resolved, numbered and with its references.

All formats are written from it, so that they cannot differ in text, numbers or tables.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qdaio.faults import FaultList

from . import pandoc
from .embeds import Embedded, EmbedError, Embeds, NoTableError, clean_table
from .frontmatter import Settings, document_meta, read_settings
from .markup import Resolver, flattened
from .pandoc import Element, attributes, div, elements, inlines_of, plain, words
from .references import Numbers, cite, number_all, refer_all, work_keys
from .source import Source, read_source, tokenise

__all__ = [
    "Document",
    "Parsed",
    "Tables",
    "assemble",
    "parse_manuscript",
    "parse_tables",
    "take_pictures",
]


@dataclass(frozen=True, slots=True)
class Document:
    """A manuscript that is ready to be written.

    Parameters
    ----------
    tree : dict
        Pandoc's JSON form, with ``pandoc-api-version``, ``meta`` and ``blocks``. Captions are
        without number.
    media : dict
        Pictures by the name that the tree has for them.
    numbers : Numbers
        Of sections, tables and figures.
    settings : Settings
        Of the project and the document.
    """

    tree: dict[str, Any]
    media: dict[str, bytes]
    numbers: Numbers
    settings: Settings


def assemble(report: Path) -> Document:
    """Read, resolve and number a manuscript.

    Parameters
    ----------
    report : Path
        Folder with ``manuscript.qmd`` and what it includes and embeds.

    Returns
    -------
    Document

    Raises
    ------
    StudyError
        With everything that cannot be resolved, each with file, row and remedy.
    """
    faults = FaultList()
    source = read_source(report, faults)
    settings = read_settings(report, source.front, faults)
    faults.raise_if_any()
    found, failed = _read_embeds(report, source)
    captions = {
        n: tokenise(item.caption, source.shortcodes[n].place, source.shortcodes, faults)
        for n, item in found.items()
    }
    with ThreadPoolExecutor() as pool:
        keys = pool.submit(work_keys, report, settings, faults)
        parsed = parse_manuscript(source, settings, captions, faults)
        tables = parse_tables(
            parsed.blocks, {n: item.table for n, item in found.items() if item.table is not None}
        )
        works = keys.result()
    for n in [n for n, item in found.items() if item.table is not None]:
        if n not in tables.of_embeds:
            failed[n] = EmbedError(found.pop(n).label, "one table", "Show one table in the cell.")
    made = {f"{item.label}.png": item.image for item in found.values() if item.image}
    resolver = Resolver(
        source,
        settings,
        {"var": flattened(parsed.variables), "meta": flattened(parsed.metadata)},
        {
            n: [_block(item, parsed.captions[n], tables.of_embeds.get(n))]
            for n, item in found.items()
        },
        tables.of_raw_blocks,
        faults,
    )
    resolver.resolve(parsed.blocks)
    for n in sorted(resolver.used):
        if n in failed:
            _fault_embed(source, n, failed[n], faults)
    meta = document_meta(parsed.metadata, settings)
    media = take_pictures(parsed.blocks, report, made, source, faults)
    numbers = number_all(parsed.blocks, source, faults)
    refer_all([*parsed.blocks, meta], numbers, works, source, faults)
    faults.raise_if_any()
    tree = {"pandoc-api-version": parsed.version, "meta": meta, "blocks": parsed.blocks}
    return Document(cite(tree, report, settings), media, numbers, settings)


def _read_embeds(report: Path, source: Source) -> tuple[dict[int, Embedded], dict[int, EmbedError]]:
    """Return what each embed shows, and what is wrong with those that show nothing."""
    embeds = Embeds(report)
    found: dict[int, Embedded] = {}
    failed: dict[int, EmbedError] = {}
    for n, shortcode in enumerate(source.shortcodes):
        if shortcode.name == "embed":
            try:
                found[n] = embeds.get(shortcode.argument)
            except EmbedError as error:
                failed[n] = error
    return found, failed


def _block(item: Embedded, caption: list[Element], table: Element | None) -> Element:
    """Return a table or figure with its label and caption, in a division with its notebook."""
    captioned = [None, [plain(caption)]]
    if table is not None:
        table["c"][0][0], table["c"][1] = item.label, captioned
        inside = table
    else:
        pairs = [["alt", item.alt]]
        if item.width_in:
            pairs.append(["width", f"{item.width_in:.4g}in"])
        image = {
            "t": "Image",
            "c": [["", [], pairs], words(item.alt), [f"{item.label}.png", ""]],
        }
        inside = {"t": "Figure", "c": [[item.label, [], []], captioned, [plain([image])]]}
    return div(["quarto-embed-nb-cell"], [inside], notebook=item.notebook)


def _fault_embed(source: Source, n: int, error: EmbedError, faults: FaultList) -> None:
    place = source.shortcodes[n].place
    faults.add(
        kind="embed",
        file=place.file,
        row=place.row,
        found=error.found,
        expected=error.expected,
        remedy=error.remedy,
    )


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


# What HTML, Word, PDF and JATS can all show.
_FORMATS = (".png", ".jpg", ".jpeg")


def take_pictures(
    blocks: list[Element], report: Path, made: dict[str, bytes], source: Source, faults: FaultList
) -> dict[str, bytes]:
    """Read each picture and give it one name, and its description, for all formats.

    Parameters
    ----------
    blocks : list of dict
        The document; pictures are changed in place.
    report : Path
        Folder from which pictures are named, and outside which none is read.
    made : dict
        Pictures that notebooks made, by their name.
    source : Source
        For places.
    faults : FaultList
        Pictures that are missing, lie outside or elsewhere on the web, or have a format that
        some product cannot show, are added.

    Returns
    -------
    dict
        Content of every picture of the document by its name.
    """
    media: dict[str, bytes] = {}
    for element in elements(blocks):
        if element["t"] != "Image":
            continue
        pairs = element["c"][0][2]
        # Quarto's name for it, and Pandoc's.
        pairs[:] = [["alt" if key == "fig-alt" else key, value] for key, value in pairs]
        address = element["c"][2][0]
        if address in made:
            media[address] = made[address]
            continue
        path = (report / address).resolve()
        inside = path.is_relative_to(report.resolve())
        if ":" in address or not inside or not path.is_file() or path.suffix not in _FORMATS:
            place = source.find(re.escape(address))
            faults.add(
                kind="picture",
                file=place.file,
                row=place.row,
                found=address,
                expected=f"a file below {report.name}/, one of {', '.join(_FORMATS)}",
                remedy="Put the picture there, or embed the figure from a notebook.",
            )
            continue
        name = "-".join(path.relative_to(report.resolve()).parts)
        media[name] = path.read_bytes()
        element["c"][2][0] = name
    return media
