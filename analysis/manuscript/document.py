"""The manuscript as one document: parsed, resolved, numbered and with its references.

All formats are written from it, so that they cannot differ in text, numbers or tables.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from dataclasses import replace as replaced
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qdaio.faults import FaultList

from . import pandoc
from .embeds import Embedded, EmbedError, Embeds
from .frontmatter import Settings, document_meta, read_settings
from .html_tables import parse_tables
from .markup import Markup, Resolver, flattened
from .pandoc import (
    Element,
    attributes,
    div,
    elements,
    inlines_of,
    plain,
    plain_text,
    replace,
    words,
)
from .references import Numbering, cite, number_all, refer_all, work_types
from .source import Place, Source, read_source, tokenise
from .supplement import arrange

__all__ = ["Document", "Parsed", "assemble", "expanded", "resolve"]

# Room for a picture on a page, upright and on its side, in inches: its caption needs some too.
_UPRIGHT, _ASIDE = (6.3, 8.0), (9.6, 4.7)
# Letters of a table that fit on an upright page, in its usual and in a small size (with
# some room for what is long), and what
# stands between two columns; a number with what stands around it, up to this long, is not
# broken. As in filters/tables.lua.
_LINE, _SMALL_LINE, _GAP, _WHOLE = 112, 124, 3, 20
_TURNED_LINE = 170  # letters on a line of a page on its side


@dataclass(frozen=True, slots=True)
class Document:
    """A manuscript that is ready to be written.

    Parameters
    ----------
    tree : dict
        Pandoc's JSON form, with ``pandoc-api-version``, ``meta`` and ``blocks``. Captions and
        headings are without number.
    media : dict
        Pictures by the name that the tree has for them.
    numbers : Numbering
        Of sections, tables, figures and equations.
    works : dict
        Type of each work of the bibliography, as CSL has it, by its key.
    settings : Settings
        Of the project and the document.
    """

    tree: dict[str, Any]
    media: dict[str, bytes]
    numbers: Numbering
    works: dict[str, str]
    settings: Settings


def assemble(report: Path, hidden: Sequence[str] = ()) -> Document:
    """Read, resolve and number a manuscript, and write its citations out.

    Parameters, errors and what comes back are those of :func:`resolve`.
    """
    document = resolve(report, hidden)
    return replaced(document, tree=cite(document.tree, report, document.settings))


def resolve(report: Path, hidden: Sequence[str] = ()) -> Document:
    """Read, resolve and number a manuscript; its citations are known and not yet written out.

    Parameters
    ----------
    report : Path
        Folder with ``manuscript.qmd`` and what it includes and embeds.
    hidden : sequence of str
        Names that may not stand in the text, as it is for blind review.

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
    faults.raise_if_any()
    settings = read_settings(report, source, faults)
    found, failed = _read_embeds(report, source)
    captions = {
        n: tokenise(item.caption, source.shortcodes[n].place, source.shortcodes, faults)
        for n, item in found.items()
    }
    with ThreadPoolExecutor() as pool:
        typed = pool.submit(work_types, report, settings, faults)
        parsed = parse_manuscript(source, settings, captions, faults)
        tables = parse_tables(
            parsed.blocks, {n: item.table for n, item in found.items() if item.table is not None}
        )
        works = typed.result()
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
        traces=True,
    )
    markup = Markup(source, settings.kinds, faults, settings.wording)
    resolver.resolve(parsed.blocks)
    replace(parsed.blocks, _said_by(settings.headings))
    markup.shape(parsed.blocks)
    resolver.traces = False
    for key, value in parsed.metadata["c"].items():
        if key in source.front and key not in ("author", "authors", "affiliations"):
            resolver.resolve(value)
            markup.shape(value)
        elif key in ("title", "subtitle", "abstract"):
            _refuse_raw(key, value, faults)
    for n in sorted(resolver.used):
        if n in failed:
            _fault_embed(source, n, failed[n], faults)
    meta = document_meta(parsed.metadata, settings, source, faults)
    media = take_pictures(parsed.blocks, report, made, source, faults)
    arrange(parsed.blocks, settings, source, faults)
    replace(parsed.blocks, _turned)
    numbers = number_all(parsed.blocks, settings, source, faults)
    refer_all([*parsed.blocks, meta], numbers, frozenset(works), source, faults)
    _refuse_names([*parsed.blocks, meta], hidden, source, faults)
    faults.raise_if_any()
    tree = {"pandoc-api-version": parsed.version, "meta": meta, "blocks": parsed.blocks}
    return Document(tree, media, numbers, works, settings)


def expanded(
    text: str, file: str, variables: Mapping[str, object], metadata: Mapping[str, object]
) -> str:
    """Return Markdown with its variables and conditional parts resolved.

    For text that becomes metadata, which programs copy to where no shortcode is resolved.

    Parameters
    ----------
    text : str
        Such as an abstract.
    file : str
        Its file, for messages.
    variables, metadata : mapping
        As in ``_variables.yml`` and ``_study.yml``.

    Raises
    ------
    StudyError
        With what cannot be resolved, each with its row.
    """
    faults = FaultList()
    source = Source()
    for row, line in enumerate(text.split("\n"), 1):
        place = Place(file, row)
        source.add(tokenise(line, place, source.shortcodes, faults), line, place)
    settings = Settings(dict(metadata), {}, (), dict(variables))
    parsed = parse_manuscript(source, settings, {}, faults)
    values = {"var": flattened(parsed.variables), "meta": flattened(parsed.metadata)}
    Resolver(source, settings, values, {}, {}, faults).resolve(parsed.blocks)
    faults.raise_if_any()
    tree = {"pandoc-api-version": parsed.version, "meta": {}, "blocks": parsed.blocks}
    said = pandoc.run(
        ["-f", "json", "-t", "markdown-smart", "--wrap=none"],
        json.dumps(tree, ensure_ascii=False).encode("utf-8"),
    )
    return said.decode("utf-8").replace("\r\n", "\n")


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
        if item.widths:
            table["c"][0][2] = [["tbl-colwidths", item.widths]]
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


def _refuse_raw(key: str, value: Element, faults: FaultList) -> None:
    """Fault raw HTML, Typst and the like in a study's title page."""
    for element in elements(value):
        if element["t"] in ("RawInline", "RawBlock"):
            faults.add(
                kind="raw-content",
                file="report/abstract.md" if key == "abstract" else "study.toml",
                column=key,
                found=f"{element['c'][0]}: {element['c'][1].strip()[:40]}",
                expected="text; Markdown in the abstract",
                remedy="Write it in Markdown: Word, PDF and JATS would lose it.",
            )


def _said_by(headings: Mapping[str, str]) -> Callable[[Element], list[Element] | None]:
    """Return what prints fixed headings in the language of the text."""

    def change(element: Element) -> list[Element] | None:
        if element["t"] == "Header" and headings:
            said = headings.get(plain_text(element["c"][2]).strip())
            if said:
                element["c"][2] = words(said)
        return None

    return change


# what holds a line of text
_LINES = ("Para", "Plain", "Header", "LineBlock", "MetaInlines", "MetaString")


def _refuse_names(tree: object, hidden: Sequence[str], source: Source, faults: FaultList) -> None:
    """Fault names of authors in a text for blind review, outside of what it cites."""
    if not hidden:
        return
    lines = [plain_text(e) for e in elements(tree) if e["t"] in _LINES]
    # an e-mail or an ORCID can stand in an address too
    lines += [e["c"][2][0] for e in elements(tree) if e["t"] in ("Link", "Image")]
    lines += [e["c"][1] for e in elements(tree) if e["t"] == "CodeBlock"]
    text = "\n".join(" ".join(line.split()) for line in lines).casefold()
    for name in hidden:
        if re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", text) is None:
            continue
        place = source.find(rf"(?i){re.escape(name)}")
        faults.add(
            kind="not-blind",
            file=place.file,
            row=place.row,
            found=f'"{name}"',
            expected="a text without its authors, as study.toml has blind = true",
            remedy="Take it out, or put it into a part that blind review does not see: "
            '::: {.content-hidden when-meta="blind"} … :::',
        )


def _turned(element: Element) -> list[Element] | None:
    """Return a table that is wider than the page in small letters, or on a turned page."""
    if element["t"] == "Div" and "landscape" in attributes(element)[1]:
        return [element]
    inside = element["c"][1] if "notebook" in attributes(element)[2] else [element]
    if not inside or inside[0]["t"] != "Table":
        return None
    least, longest = _letters(inside[0])
    wide = sum(least) + _GAP * len(least)
    if wide <= _LINE:
        return None
    if wide > _SMALL_LINE:
        _share(inside[0], least, longest, _TURNED_LINE)
        return [div(["landscape", "wide"], [element])]
    inside[0]["c"][0][1] = ["small"]
    return [element]


def _letters(table: Element) -> tuple[list[int], list[int]]:
    """Return how many letters each column is wide at least, and in one line.

    At least: if no word, and no short number, in it is broken. One line: of its longest cell
    below the head, which can wrap.
    """
    _, _, columns, head, bodies, _ = table["c"]
    least = [2] * len(columns)
    longest = [2] * len(columns)
    held = [0] * len(columns)
    rows = [(row, True) for row in head[1]]
    rows += [(row, False) for body in bodies for row in (*body[2], *body[3])]
    for row, in_head in rows:
        at = 0
        for _, alignment, down, across, content in row[1]:
            while at < len(held) and held[at]:
                held[at] -= 1
                at += 1
            if across == 1 and at < len(least):
                text = plain_text(content)
                aligned = (
                    columns[at][0]["t"] if alignment["t"] == "AlignDefault" else alignment["t"]
                )
                whole = aligned in ("AlignRight", "AlignCenter") and len(text) <= _WHOLE
                parts = [text] if whole and not in_head else text.split()
                least[at] = max([least[at], *map(len, parts)])
                longest[at] = max(longest[at], 0 if in_head else len(text), least[at])
            for column in range(at, min(at + across, len(held))):
                held[column] = down - 1
            at += across
        for column in range(at, len(held)):
            held[column] = max(held[column] - 1, 0)
    return least, longest


def _share(table: Element, least: list[int], longest: list[int], line: int) -> None:
    """Give each column what its words need, and the rest of the line to those that wrap.

    Else the writers give all columns alike, and a category between numbers six lines.
    """
    columns = table["c"][2]
    if any(width["t"] != "ColWidthDefault" for _, width in columns):
        return
    rest = max(0, line - sum(least) - _GAP * len(least))
    more = [high - low for low, high in zip(least, longest, strict=True)]
    total = sum(more) or 1
    wanted = [
        low + _GAP + min(high, rest * high / total) for low, high in zip(least, more, strict=True)
    ]
    for column, letters in zip(columns, wanted, strict=True):
        column[1] = {"t": "ColWidth", "c": round(letters / sum(wanted), 4)}


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
        "variables": _used(settings.variables, {s.argument for s in source.shortcodes}),
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


def _used(variables: Mapping[str, object], names: set[str], above: str = "") -> dict[str, object]:
    """Return nested variables as text, those that no shortcode names without their value.

    A study has a thousand numbers, and each value is parsed as Markdown of its own.
    """
    kept: dict[str, object] = {}
    for key, value in variables.items():
        name = f"{above}{key}"
        if isinstance(value, dict):
            kept[str(key)] = _used(value, names, f"{name}.")
        else:
            kept[str(key)] = _text(value) if name in names else ""
    return kept


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
    aside = {
        id(inner)
        for element in elements(blocks)
        if element["t"] == "Div" and "landscape" in attributes(element)[1]
        for inner in elements(element["c"][1])
    }
    for element in elements(blocks):
        if element["t"] != "Image":
            continue
        pairs = element["c"][0][2]
        # Quarto's name for it, and Pandoc's.
        pairs[:] = [["alt" if key == "fig-alt" else key, value] for key, value in pairs]
        address = element["c"][2][0]
        if address in made:
            media[address] = made[address]
        else:
            path = (report / address).resolve()
            inside = path.is_relative_to(report.resolve())
            known = path.suffix.lower() in _FORMATS
            there = ":" not in address and inside and path.is_file() and known
            # what ends in .png and is none would stop Word and PDF without a word of where
            if not there or _pixels(path.read_bytes()) is None:
                place = source.find(re.escape(address))
                faults.add(
                    kind="picture",
                    file=place.file,
                    row=place.row,
                    found=f"{address}, which is no picture" if there else address,
                    expected=f"a file below {report.name}/, one of {', '.join(_FORMATS)}",
                    remedy="Put the picture there, or embed the figure from a notebook.",
                )
                continue
            address = "-".join(path.relative_to(report.resolve()).parts)
            media[address] = path.read_bytes()
            element["c"][2][0] = address
        _fit(pairs, media[address], _ASIDE if id(element) in aside else _UPRIGHT)
    return media


def _fit(pairs: list[list[str]], content: bytes, room: tuple[float, float]) -> None:
    """Give a picture that would be cut off at the page a width with which it is whole."""
    size = _pixels(content)
    if size is None:
        return  # Typst will name a picture that is none
    said = dict(pairs).get("width", "")
    match = re.fullmatch(r"([\d.]+)\s*(%|in|cm|mm|px|pt)?", said)
    units = {"%": room[0] / 100, "in": 1, "cm": 1 / 2.54, "mm": 1 / 25.4, "pt": 1 / 72}
    asked = size[0] / 96
    if match:
        asked = float(match[1]) * units.get(match[2] or "px", 1 / 96)
    most = min(room[0], room[1] * size[0] / size[1])
    if asked > most:
        pairs[:] = [pair for pair in pairs if pair[0] not in ("width", "height")]
        pairs.append(["width", f"{most:.4g}in"])


def _pixels(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG or JPEG, or None if it is neither."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            width, height = struct.unpack(">II", content[16:24])
        else:
            at = 2
            while content[at] == 0xFF and not (
                0xC0 <= content[at + 1] <= 0xCF and content[at + 1] not in (0xC4, 0xC8, 0xCC)
            ):
                at += 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
    except (IndexError, struct.error):
        return None
    return (width, height) if width and height else None
