"""The manuscript as one document: parsed, resolved, numbered and with its references.

All formats are written from it, so that they cannot differ in text, numbers or tables.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qdaio.faults import FaultList

from .citations import cite, work_keys
from .crossref import Numbers, number_all, refer_all
from .embeds import Embedded, EmbedError, Embeds
from .frontmatter import document_meta
from .includes import read_source
from .parse import parse_manuscript, parse_tables
from .pictures import take_pictures
from .resolve import Resolver, flattened
from .settings import Settings, read_settings
from .source import Source, tokenise
from .tree import Element, div, plain, words

__all__ = ["Document", "assemble"]


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
