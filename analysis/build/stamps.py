"""The stamp that says which build a product belongs to, in each format's own place for it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from qdaio.files.writing import write_bytes, write_text

__all__ = ["PAGES", "STAMPED", "read_stamp", "stamp", "write_pages"]

PAGES = "build.js"  # beside the pages, which look into it
NAME = "study-build"
ID = r"[0-9a-f]{16}"
_META = re.compile(rf'<meta name="{NAME}" content="({ID})">')
_CUSTOM_META = re.compile(
    rf"<custom-meta>\s*<meta-name>{NAME}</meta-name>\s*<meta-value>({ID})</meta-value>"
    r"\s*</custom-meta>"
)
_PROPERTY = re.compile(
    rf'<property fmtid="[^"]*" pid="\d+" name="{NAME}"><vt:lpwstr>({ID})</vt:lpwstr></property>'
)
_INFO = re.compile(rf"/StudyBuild \(({ID})\)".encode())
CUSTOM = "docProps/custom.xml"
# what a page says that lies beside the products of another build; it fetches nothing else
SCRIPT = """(function () {{
  var mine = document.querySelector('meta[name="{name}"]');
  if (!mine || mine.content === "{build}") {{ return; }}
  var note = document.createElement("p");
  note.setAttribute("role", "alert");
  note.style.cssText = "margin:0;padding:.75rem 1rem;background:#fff3cd;color:#1a1a1a;" +
    "border-bottom:2px solid #8a6d00;font:1rem/1.4 sans-serif";
  note.textContent = "This page is of build " + mine.content + ". Build {build} was begun " +
    "after it, so tables and pages beside this one may not belong to it: run `study build`.";
  document.body.insertBefore(note, document.body.firstChild);
}})();
"""


def stamp(path: Path, build: str) -> None:
    """Write into a product of which build it is; one that says so already stays as it is.

    Parameters
    ----------
    path : Path
        Of a format in :data:`STAMPED`.
    build : str
        16 hexadecimal digits.
    """
    before = path.read_bytes()
    after = STAMPED[path.suffix][0](before, build)
    if after != before:
        write_bytes(path, after)


def read_stamp(path: Path) -> str | None:
    """Return of which build a product is, or None where it does not say."""
    try:
        return STAMPED[path.suffix][1](path.read_bytes())
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def write_pages(output: Path, build: str) -> None:
    """Tell the pages in a folder which build its products are of from now on."""
    text = SCRIPT.format(name=NAME, build=build)
    path = output / PAGES
    if not path.is_file() or path.read_bytes() != text.encode("utf-8"):
        write_text(path, text)


def _stamp_page(content: bytes, build: str) -> bytes:
    text = content.decode("utf-8")
    meta = f'<meta name="{NAME}" content="{build}">'
    if _META.search(text):
        return _META.sub(meta, text, count=1).encode("utf-8")
    head = rf'\g<0>\n{meta}\n<script src="{PAGES}" defer></script>'
    return re.sub(r"<head[^>]*>", head, text, count=1).encode("utf-8")


def _of_page(content: bytes) -> str | None:
    return _first(_META, content.decode("utf-8"))


def _stamp_article(content: bytes, build: str) -> bytes:
    text = content.decode("utf-8")
    said = (
        f"<custom-meta>\n<meta-name>{NAME}</meta-name>\n<meta-value>{build}</meta-value>\n"
        "</custom-meta>"
    )
    if _CUSTOM_META.search(text):
        return _CUSTOM_META.sub(said, text, count=1).encode("utf-8")
    for end, added in (
        ("</custom-meta-group>", f"{said}\n"),
        ("</article-meta>", f"<custom-meta-group>\n{said}\n</custom-meta-group>\n"),
    ):
        if end in text:
            return text.replace(end, added + end, 1).encode("utf-8")
    return content


def _of_article(content: bytes) -> str | None:
    return _first(_CUSTOM_META, content.decode("utf-8"))


def _stamp_word(content: bytes, build: str) -> bytes:
    from analysis.manuscript.word import repacked

    said = _properties(content)
    if said is None or _first(_PROPERTY, said) == build:
        return content
    said = _PROPERTY.sub("", said)
    number = 1 + max([1, *map(int, re.findall(r'pid="(\d+)"', said))])
    added = (
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" '
        f'name="{NAME}"><vt:lpwstr>{build}</vt:lpwstr></property>'
    )
    # a list without properties is one empty element
    said = re.sub(r"(<Properties[^>]*?)\s*/>", r"\1></Properties>", said, count=1)
    said = said.replace("</Properties>", f"{added}</Properties>")
    return repacked(content, {CUSTOM: said.encode("utf-8")})


def _of_word(content: bytes) -> str | None:
    said = _properties(content)
    return None if said is None else _first(_PROPERTY, said)


def _properties(content: bytes) -> str | None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if CUSTOM not in archive.namelist():
            return None
        return archive.read(CUSTOM).decode("utf-8")


def _stamp_pdf(content: bytes, build: str) -> bytes:
    """Put the stamp among the properties of a document, as an update behind its end.

    Source: ISO 32000-1, 7.5.6 (incremental updates) and 14.3.3 (information dictionary).
    """
    said = b"/StudyBuild (" + build.encode() + b")"
    if _INFO.search(content):
        return _INFO.sub(said, content, count=1)
    trailer = re.search(
        rb"trailer\s*<<(.*?)>>\s*startxref\s+(\d+)\s+%%EOF\s*\Z", content, re.DOTALL
    )
    named = re.search(rb"/Info\s+(\d+)\s+(\d+)\s+R", trailer[1]) if trailer else None
    if trailer is None or named is None:
        return content
    start = re.compile(rb"(?:^|[\r\n])%s %s obj\s*<<(.*?)>>\s*endobj" % named.groups(), re.DOTALL)
    info = start.search(content)
    if info is None:
        return content
    before = content if content.endswith(b"\n") else content + b"\n"
    number, generation = int(named[1]), int(named[2])
    changed = b"%d %d obj\n<<%s%s>>\nendobj\n" % (number, generation, info[1], said)
    entries = re.sub(rb"/Prev\s+\d+", b"", trailer[1]).rstrip()
    table = b"xref\n%d 1\n%010d %05d n \n" % (number, len(before), generation)
    end = b"trailer\n<<%s/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        entries,
        trailer[2],
        len(before) + len(changed),
    )
    return before + changed + table + end


def _of_pdf(content: bytes) -> str | None:
    found = _INFO.search(content)
    return found[1].decode() if found else None


def _stamp_json(content: bytes, build: str) -> bytes:
    said = json.loads(content)
    if not isinstance(said, dict):
        return content
    rest = {key: value for key, value in said.items() if key != "build"}
    text = json.dumps({"build": build, **rest}, ensure_ascii=False, indent=1)
    return (text + "\n").encode("utf-8")


def _of_json(content: bytes) -> str | None:
    said = json.loads(content)
    found = said.get("build") if isinstance(said, dict) else None
    return found if isinstance(found, str) and re.fullmatch(ID, found) else None


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1] if found else None


# how each kind of product is stamped, and read
STAMPED: dict[str, tuple[Callable[[bytes, str], bytes], Callable[[bytes], str | None]]] = {
    ".html": (_stamp_page, _of_page),
    ".xml": (_stamp_article, _of_article),
    ".docx": (_stamp_word, _of_word),
    ".pdf": (_stamp_pdf, _of_pdf),
    ".json": (_stamp_json, _of_json),
}
