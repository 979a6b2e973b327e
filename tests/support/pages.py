"""Word documents and web pages, as small as they can be."""

from __future__ import annotations

import html
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

# a paragraph, ("h1", heading), ("li", depth, item), or a table as rows of cells
Block = str | tuple[str, str] | tuple[str, int, str] | Sequence[Sequence[object]]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def write_page(path: Path, blocks: Sequence[Block]) -> Path:
    """Write blocks as a Word document or a web page, by the end of the name."""
    if path.suffix == ".docx":
        body = "".join(map(_word, blocks))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr(
                "word/document.xml",
                f'<?xml version="1.0"?><w:document {W}><w:body>{body}</w:body></w:document>',
            )
    else:
        body = "\n".join(map(_html, blocks))
        page = f"<!DOCTYPE html><html><head><title>x</title></head><body>{body}</body></html>"
        path.write_text(page, encoding="utf-8")
    return path


def _runs(text: str) -> str:
    parts = []
    for line in text.split("\n"):
        tabbed = [f"<w:t xml:space='preserve'>{escape(part)}</w:t>" for part in line.split("\t")]
        parts.append("<w:tab/>".join(tabbed))
    return f"<w:r>{'<w:br/>'.join(parts)}</w:r>"


def _word(block: Block) -> str:
    if isinstance(block, str):
        return f"<w:p>{_runs(block)}</w:p>"
    if block and isinstance(block[0], str):
        if block[0] == "li":
            level = f'<w:numPr><w:ilvl w:val="{int(str(block[1])) - 1}"/></w:numPr>'
            return f"<w:p><w:pPr>{level}</w:pPr>{_runs(str(block[2]))}</w:p>"
        style = f'<w:pStyle w:val="Heading{block[0][1]}"/>'
        return f"<w:p><w:pPr>{style}</w:pPr>{_runs(str(block[1]))}</w:p>"
    rows = "".join(
        "<w:tr>"
        + "".join(f"<w:tc><w:p>{_runs(str(cell))}</w:p></w:tc>" for cell in row)
        + "</w:tr>"
        for row in block
    )
    return f"<w:tbl>{rows}</w:tbl>"


def _html(block: Block) -> str:
    def lines(text: object) -> str:
        return html.escape(str(text)).replace("\n", "<br>").replace("\t", "&#9;")

    if isinstance(block, str):
        return f"<p>{lines(block)}</p>"
    if block and isinstance(block[0], str):
        if block[0] == "li":
            depth = int(str(block[1]))
            return "<ul>" * depth + f"<li>{lines(block[2])}</li>" + "</ul>" * depth
        return f"<{block[0]}>{lines(block[1])}</{block[0]}>"
    rows = "".join(
        "<tr>" + "".join(f"<td>{lines(cell)}</td>" for cell in row) + "</tr>" for row in block
    )
    return f"<table>{rows}</table>"
