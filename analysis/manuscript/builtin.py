"""The built-in engine: Pandoc writes HTML, Word, Typst and JATS; Typst makes the PDF."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from qdaio.faults import Fault, StudyError

from . import pandoc
from .document import Document, assemble
from .forms import shaped
from .jats import finished_jats
from .pdf import compiled
from .wordfile import finished

__all__ = ["TEMPLATES", "render_builtin"]

TEMPLATES = Path(__file__).with_name("templates")
_OPTIONS = ("-f", "json", "--standalone", "--wrap=none")


def render_builtin(report: Path, formats: Sequence[str]) -> dict[str, bytes]:
    """Render a manuscript with what comes with this package.

    Parameters
    ----------
    report : Path
        Folder with ``manuscript.qmd``.
    formats : sequence of str
        Of ``html``, ``docx``, ``pdf`` and ``jats``.

    Returns
    -------
    dict
        Content by file name, ``manuscript.html`` and so on; with JATS also its pictures,
        ``manuscript_files/…png``.

    Raises
    ------
    StudyError
        What the manuscript, its settings or its embeds get wrong, all at once.
    """
    document = assemble(report)
    filters = [_lua(report, name) for name in document.settings.filters]
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, data in document.media.items():
            (folder / name).write_bytes(data)
        with ThreadPoolExecutor() as pool:
            done = {
                form: pool.submit(_WRITERS[form], document, report, folder, filters)
                for form in formats
            }
            files = {_FILES[form]: job.result() for form, job in done.items()}
    if "jats" in formats:
        files |= {f"manuscript_files/{name}": data for name, data in document.media.items()}
    return files


def _lua(report: Path, name: str) -> str:
    path = report / name
    if not path.is_file():
        raise StudyError(
            Fault(
                kind="missing-filter",
                file=f"{report.name}/_quarto.yml",
                column="filters",
                found=name,
                expected="an existing file",
                remedy="Add the file, or take its name out.",
            )
        )
    return f"--lua-filter={path.resolve()}"


def _write(document: Document, form: str, folder: Path, arguments: Sequence[str]) -> bytes:
    tree = json.dumps(shaped(document, form), ensure_ascii=False).encode("utf-8")
    return pandoc.run([*_OPTIONS, *arguments], tree, folder=folder)


def _html(document: Document, report: Path, folder: Path, filters: list[str]) -> bytes:
    option = document.settings.option
    css = option("html", "css")
    sheets = [report / str(name) for name in (css if isinstance(css, list) else [css]) if name]
    # The title has the first level to itself.
    depth = int(str(option("html", "toc-depth") or 3)) + 1
    contents = ["--toc", f"--toc-depth={depth}"] if option("html", "toc") else []
    arguments = [
        "--to=html5",
        f"--template={TEMPLATES / 'page.html'}",
        "--embed-resources",
        *(f"--css={sheet.resolve()}" for sheet in [TEMPLATES / "page.css", *sheets]),
        *contents,
        "--section-divs",
        *filters,
    ]
    return _write(document, "html", folder, arguments)


def _docx(document: Document, report: Path, folder: Path, filters: list[str]) -> bytes:
    reference = document.settings.option("docx", "reference-doc")
    arguments = [
        "--to=docx",
        "--output=-",
        f"--template={TEMPLATES / 'article.docx.xml'}",
        "--number-sections",
        *([f"--reference-doc={(report / str(reference)).resolve()}"] if reference else []),
        *filters,
    ]
    return finished(_write(document, "docx", folder, arguments))


def _jats(document: Document, report: Path, folder: Path, filters: list[str]) -> bytes:
    arguments = ["--to=jats", f"--template={TEMPLATES / 'article.xml'}", *filters]
    return finished_jats(_write(document, "jats", folder, arguments), document.numbers)


def _pdf(document: Document, report: Path, folder: Path, filters: list[str]) -> bytes:
    # Typst reads files below one folder only, and Pandoc looks for a template's parts beside it.
    parts = document.settings.option("typst", "template-partials")
    for part in parts if isinstance(parts, list) else []:
        source = report / str(part)
        (folder / source.name).write_bytes(source.read_bytes())
    template = folder / "article.typ"
    template.write_bytes((TEMPLATES / "article.typ").read_bytes())
    numbering = document.settings.option("typst", "section-numbering")
    arguments = [
        "--to=typst-smart",
        f"--template={template}",
        *([f"--variable=section-numbering:{numbering}"] if numbering else []),
        *filters,
    ]
    return compiled(_write(document, "pdf", folder, arguments), folder)


_FILES = {
    "html": "manuscript.html",
    "docx": "manuscript.docx",
    "pdf": "manuscript.pdf",
    "jats": "manuscript.xml",
}
_WRITERS: dict[str, Callable[[Document, Path, Path, list[str]], bytes]] = {
    "html": _html,
    "docx": _docx,
    "pdf": _pdf,
    "jats": _jats,
}
