"""The PDF: the document as Typst wants it, set with packaged fonts and without a clock."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

from qdaio.faults import Fault, StudyError

from .pandoc import Element, attributes, div, elements, plain_text, replace, string
from .references import caption_of

__all__ = ["FONT", "compiled", "font_folder", "for_typst", "heading_number"]

# Letters of a table on a line, and heights in millimetres, as in typst/typst-template.typ.
_LINE, _ROW, _MORE = 100, 5.6, 4.0
_TURNED = 150
# A table on its side that is not higher than this is one page, and text goes on before it.
_SIDEWAYS = 110
# Up to this height a table is kept whole; a higher one breaks, and its head comes again.
_WHOLE = 90
_TABLE = "#show figure: set block(breakable: {}); #figure(kind: table, caption: ["
# Class of what is set as one, beside its kind: "whole" or "long" for a table, "sideways", "page",
# "callout". The box goes before the document is written, as a figure can float only outside of any.
_GROUP = "typst-group"
# Signs that Typst would make others of, such as a dash of two hyphens.
_JOINED = re.compile(r"(-{2,}|-\?|\.{3,}|^-(?=\d))")


def for_typst(blocks: list[Element]) -> None:
    """Change a document in place for Pandoc's Typst writer.

    Parameters
    ----------
    blocks : list of dict
        The document, its captions and headings numbered: Typst counts nothing.
    """
    replace(blocks, _as_typst)
    _let_flow(blocks)
    replace(blocks, _ungrouped)


def _let_flow(blocks: list[Element]) -> None:
    """Put figures and small tables where there is room, see typst/typst-template.typ.

    In the supplement, which has hardly any text to fill a page, each stays where it is shown.
    """
    made: list[Element] = []
    waiting: list[Element] = []
    aside: list[Element] = []

    def flow() -> None:
        if not waiting:
            return
        anchor = f"at-float-{len(made)}"
        mark = f"#metadata(none)<{anchor}>"
        if made and made[-1]["t"] == "Para":
            made[-1]["c"].append(_raw("RawInline", mark))
        else:
            made.append(_raw("RawBlock", mark))
        made.append(_raw("RawBlock", f"#flow-figures(<{anchor}>, ["))
        for at, block in enumerate(waiting):
            made.extend([_raw("RawBlock", "], [")] if at else [])
            made.append(block)
        made.append(_raw("RawBlock", "])"))
        waiting.clear()

    is_supplement = False
    for at, block in enumerate(blocks):
        is_supplement |= block["t"] == "Header" and "supplement" in attributes(block)[1]
        is_text = bool(made) and made[-1]["t"] == "Para"
        floats = block["t"] == "Figure" or (_is(block, "whole") and (is_text or bool(waiting)))
        if floats and not is_supplement:
            waiting.append(block)
            continue
        # what waits for the next page would part a table that goes on over pages
        after = blocks[at + 1 : at + 2] if block["t"] == "Para" else []
        comes_first = any(_is(one, "long") for one in [block, *after])
        if _is(block, "sideways"):
            aside.append(block)
            continue
        if comes_first and (waiting or aside):
            made.append(block)
            continue
        made.extend(aside)
        aside.clear()
        flow()
        made.append(block)
    made.extend(aside)
    flow()
    blocks[:] = made


def _grouped(kind: str, blocks: list[Element]) -> list[Element]:
    """Return blocks that are set as one."""
    return [div([_GROUP, kind], blocks)]


def _is(block: Element, kind: str) -> bool:
    """Whether a block is such a group."""
    return block["t"] == "Div" and attributes(block)[1] == [_GROUP, kind]


def _ungrouped(element: Element) -> list[Element] | None:
    if element["t"] != "Div" or _GROUP not in attributes(element)[1]:
        return None
    replace(element["c"][1], _ungrouped)
    return list(element["c"][1])


def heading_number(number: str) -> list[Element]:
    """Return the number of a heading, apart from its words."""
    return [string(number), _raw("RawInline", "#h(0.5em)")]


def _as_typst(element: Element) -> list[Element] | None:
    kind = element["t"]
    label, classes, pairs = attributes(element)
    if kind == "Div":
        return _division(element, label, classes, pairs)
    if kind == "Table" and label:
        return _table(element, label, classes)
    if kind == "Image":
        return _picture(element)
    if kind == "Str" and _JOINED.search(element["c"]):
        pieces = filter(None, _JOINED.split(element["c"]))
        return [
            _raw("RawInline", "".join(f"\\{sign}" for sign in piece))
            if re.fullmatch(r"-+\??|\.{3,}", piece)
            else string(piece)
            for piece in pieces
        ]
    if kind == "Span" and "equation" in classes:
        formula, number = element["c"][1]
        shown = f'#[#set math.equation(numbering: _ => "{plain_text(number)}", supplement: none); '
        return [_raw("RawInline", shown), formula, _raw("RawInline", f" <{label}>]")]
    return None


def _division(
    element: Element, label: str, classes: list[str], pairs: dict[str, str]
) -> list[Element] | None:
    """Return a division without its box: a figure can float only outside of any."""
    inside: list[Element] = element["c"][1]
    if "page-break" in classes:
        return [_raw("RawBlock", "#pagebreak(weak: true)")]
    if "landscape" in classes:
        tables = [part for part in elements(inside) if part["t"] == "Table"]
        high = _height(tables[0], _TURNED) if len(tables) == 1 else _SIDEWAYS + 1
        replace(inside, _as_typst)
        if "wide" in classes and high <= _SIDEWAYS:
            opened = _raw("RawBlock", "#sideways[")
            return _grouped("sideways", [opened, *inside, _raw("RawBlock", "]\n")])
        opened = _raw("RawBlock", "#page(flipped: true)[")
        return _grouped("page", [opened, *inside, _raw("RawBlock", "]\n")])
    if "callout" in classes:
        title, *rest = inside
        replace([title, rest], _as_typst)
        head = [_raw("RawInline", "#callout-box["), *title["c"][1][0]["c"]]
        head.append(_raw("RawInline", "]["))
        anchor = f"] <{label}>" if label else "]\n"
        return _grouped("callout", [{"t": "Para", "c": head}, *rest, _raw("RawBlock", anchor)])
    if "notebook" in pairs:
        replace(inside, _as_typst)
        return list(inside)
    return None


def _table(element: Element, label: str, classes: list[str]) -> list[Element]:
    """Return a table as a figure with room for the notes that a filter puts after it."""
    caption = caption_of(element)
    replace([caption, element["c"][3:]], _as_typst)
    is_whole = _height(element) <= _WHOLE
    small = "#show table: set text(size: 7pt); " if "small" in classes else ""
    opened = f"#[{small}{_TABLE.format('false' if is_whole else 'true')}"
    head = [_raw("RawInline", opened), *caption, _raw("RawInline", "])[")]
    element["c"][0] = ["", ["typst:no-figure", *classes], []]
    element["c"][1] = [None, []]
    made = [{"t": "Para", "c": head}, element, _raw("RawBlock", f"]<{label}>]")]
    return _grouped("whole" if is_whole else "long", made)


def _height(table: Element, line: int = _LINE) -> float:
    """Estimate how high a table will be, in millimetres."""
    _, _, _, head, bodies, foot = table["c"]
    rows = [*head[1], *foot[1]]
    for body in bodies:
        rows.extend([*body[2], *body[3]])
    lines = [math.ceil(sum(len(plain_text(cell[4])) for cell in row[1]) / line) for row in rows]
    return sum(_ROW + _MORE * max(0, n - 1) for n in lines)


def _picture(element: Element) -> list[Element]:
    """Return a picture with its alternative text."""
    _, _, pairs = attributes(element)
    alt = pairs.get("alt") or plain_text(element["c"][1])
    said = [_quoted(element["c"][2][0])]
    if pairs.get("width"):
        said.append(f"width: {pairs['width']}")
    if alt:
        said.append(f"alt: {_quoted(alt)}")
    return [_raw("RawInline", f"#box(image({', '.join(said)}))")]


def _quoted(text: str) -> str:
    """Return text as a string of Typst, which is one of JSON without its escapes of letters."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _raw(kind: str, text: str) -> dict[str, Any]:
    return {"t": kind, "c": ["typst", text]}


# It has the Arabic letters, and their joined forms, which Typst's own fonts lack.
FONT = "DejaVuSans.ttf"


def font_folder() -> Path:
    """Return the folder with DejaVu Sans that comes with matplotlib.

    Raises
    ------
    StudyError
        If the font is not there: right-to-left text would be printed as empty boxes.
    """
    # Importing matplotlib for the folder alone would cost more than typesetting does.
    from importlib.util import find_spec

    spec = find_spec("matplotlib")
    if spec is not None and spec.origin:
        folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
        if (folder / FONT).is_file():
            return folder
    raise StudyError(
        Fault(
            kind="missing-font",
            found="no DejaVu Sans",
            expected=f"{FONT} among matplotlib's own fonts",
            remedy="Install matplotlib from PyPI again (pip install --force-reinstall matplotlib).",
        )
    )


def compiled(source: bytes, folder: Path) -> bytes:
    """Return the PDF of a Typst document.

    Parameters
    ----------
    source : bytes
        The document.
    folder : Path
        Where its pictures lie; nothing outside is read.

    Returns
    -------
    bytes
        The same document gives the same bytes: only packaged fonts, and no moment of making.
        It is accessible after PDF/UA-1 where the document allows it, which every manuscript
        does whose pictures are described.

    Raises
    ------
    StudyError
        If Typst refuses it, for instance a picture that is none.
    """
    import typst

    document = folder / "manuscript.typ"
    document.write_bytes(source)
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(font_folder())]
    )

    def compile_as(*, accessible: bool) -> bytes:
        made: bytes = typst.compile(
            str(document),
            root=str(folder),
            font_paths=fonts,
            ignore_system_fonts=True,
            timestamp=0,
            pdf_standards="ua-1" if accessible else [],
        )
        return made

    try:
        return compile_as(accessible=True)
    except typst.TypstError:
        try:
            return compile_as(accessible=False)
        except typst.TypstError as error:
            raise StudyError(
                Fault(
                    kind="not-typeset",
                    found=str(error.message),
                    expected="a document that Typst can set",
                    remedy="Look at the pictures first, then build with --to html to find it.",
                )
            ) from error
