"""From the manuscript to its files: by Quarto where it is installed, else by Pandoc and Typst."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qdaio.faults import Fault, FaultList, StudyError
from qdaio.files.writing import write_bytes

from . import jats, pandoc, pdf, word
from .document import Document, assemble, resolve
from .frontmatter import read_settings
from .pandoc import Element, PandocError, attributes, elements, space, span, string
from .quarto import find_quarto, render_quarto, write_stand_ins
from .references import Numbering, caption_of, floats_at_end
from .source import read_source
from .traces import lead_to_traces

__all__ = ["ENGINES", "FORMATS", "TEMPLATES", "RenderResult", "render", "render_builtin", "shaped"]

FORMATS = {
    "html": "manuscript.html",
    "docx": "manuscript.docx",
    "pdf": "manuscript.pdf",
    "jats": "manuscript.xml",
}
ENGINES = ("auto", "quarto", "pandoc")
TEMPLATES = Path(__file__).with_name("templates")
_OPTIONS = ("-f", "json", "--standalone", "--wrap=none")


@dataclass(frozen=True, slots=True)
class RenderResult:
    """What was rendered.

    Parameters
    ----------
    engine : str
        ``quarto`` or ``pandoc``.
    files : dict
        The file of each format.
    beside : tuple of Path
        Files that a format needs beside its own, such as the pictures of JATS.
    note : str
        Which engine it was, and why.
    """

    engine: str
    files: dict[str, Path]
    beside: tuple[Path, ...] = ()
    note: str = ""


def render(
    report: Path,
    output: Path,
    formats: Sequence[str] = tuple(FORMATS),
    engine: str = "auto",
    *,
    hidden: Sequence[str] = (),
) -> RenderResult:
    """Render ``manuscript.qmd``.

    Parameters
    ----------
    report : Path
        Folder with the manuscript, ``_quarto.yml`` and what they name.
    output : Path
        Folder for ``manuscript.html``, ``.docx``, ``.pdf`` and ``.xml``.
    formats : sequence of str
        Of ``html``, ``docx``, ``pdf`` and ``jats``.
    engine : str
        ``auto`` takes Quarto where a version is installed that was tested, else ``pandoc``;
        and ``pandoc`` too where Quarto fails at what the built-in engine can make. The note
        in the result says so. ``quarto`` fails then.
    hidden : sequence of str
        Names that no product may hold, as the manuscript is for blind review.

    Returns
    -------
    RenderResult

    Raises
    ------
    StudyError
        Everything that is wrong with the manuscript, with file and row; or Quarto is asked
        for and missing. Then no file is written: each appears whole or not at all.
    ValueError
        If a format or an engine is unknown.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or engine not in ENGINES:
        raise ValueError(f"no such format or engine: {', '.join(unknown) or engine}")
    wanted = list(dict.fromkeys(formats))
    try:
        if hidden:
            resolve(report, hidden)
        chosen, made, note = _made(report, wanted, engine)
    except PandocError as error:
        raise StudyError(
            Fault(
                kind="not-rendered",
                file=f"{report.name}/manuscript.qmd",
                found=str(error).split("\n", maxsplit=1)[0],
                expected="files that Pandoc can read",
                remedy="Look at the files that _quarto.yml names: style, filters, templates.",
            )
        ) from error
    _refuse_named_properties(report, made, hidden)
    for name, content in made.items():
        write_bytes(output / name, content)
    if output.resolve().is_relative_to(report.resolve()):
        # what a plain `quarto render` needs besides
        write_stand_ins(report)
        font = pdf.font_folder() / pdf.FONT
        write_bytes(output / "fonts" / font.name, font.read_bytes())
    named = {form: output / FORMATS[form] for form in wanted}
    beside = tuple(output / name for name in made if name not in FORMATS.values())
    return RenderResult(chosen, named, beside, note)


def _refuse_named_properties(
    report: Path, made: Mapping[str, bytes], hidden: Sequence[str]
) -> None:
    """Fault names in what a Word file has besides its text: headers, footers, properties."""
    content = made.get(FORMATS["docx"])
    if not hidden or content is None:
        return
    beside = word.besides_the_text(content)
    faults = FaultList()
    for name in hidden:
        parts = [part for part, text in beside.items() if name.casefold() in text.casefold()]
        if parts:
            faults.add(
                kind="not-blind",
                file=f"{report.name}/{FORMATS['docx']}",
                column=parts[0],
                found=f'"{name}"',
                expected="a Word file without its authors, as study.toml has blind = true",
                remedy="Take it out of the Word file that [manuscript] reference_doc names: "
                "its header, footer or properties.",
            )
    faults.raise_if_any()


def _made(report: Path, formats: Sequence[str], engine: str) -> tuple[str, dict[str, bytes], str]:
    """Return the engine that was taken, what it made, and why it was this one."""
    if engine == "pandoc":
        return "pandoc", render_builtin(report, formats), "the built-in engine, as asked."
    program = find_quarto(required=engine == "quarto")
    if program.path is not None and floats_wait(report) and {"docx", "pdf"} & set(formats):
        why = "tables and figures at the end are not made by Quarto"
        if engine == "auto":
            return "pandoc", render_builtin(report, formats), f"the built-in engine: {why}."
        raise StudyError(
            Fault(
                kind="not-made",
                file="study.toml",
                column="manuscript.tables_and_figures",
                found='"end"',
                expected=f'"text" with engine = "quarto": {why}',
                remedy='Take engine = "pandoc", the built-in engine, or leave them in the text.',
            )
        )
    if engine == "quarto" and program.path is not None:
        made = render_quarto(program.path, report, formats)
        return "quarto", made, f"{program.name}, as asked."
    if program.path is None or not program.is_tested:
        why = f"{program.name}{'' if program.path is None else ' was not tested with it'}"
        return "pandoc", render_builtin(report, formats), f"the built-in engine: {why}."
    try:
        made = render_quarto(program.path, report, formats)
    except StudyError as error:
        if any(fault.kind != "quarto" for fault in error.faults):
            raise
        # An author is not left without what this engine can make; if it cannot, its own
        # faults have file and row.
        made = render_builtin(report, formats)
        said = "; ".join(fault.found or "nothing" for fault in error.faults)
        return "pandoc", made, f"the built-in engine, as {program.name} said: {said}"
    return "quarto", made, f"{program.name}, which is installed and was tested."


def floats_wait(report: Path) -> bool:
    """Whether a manuscript wants its tables and figures at the end of Word and PDF."""
    faults = FaultList()
    settings = read_settings(report, read_source(report, faults), faults)
    return settings.metadata.get("tables-and-figures") == "end"


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
            files = {FORMATS[form]: job.result() for form, job in done.items()}
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


def _template(document: Document, report: Path, form: str) -> list[str]:
    """Return the option for a format's template, which both engines take from the report."""
    named = document.settings.option(form, "template")
    path = report / str(named)
    if named is None or not path.is_file():
        raise StudyError(
            Fault(
                kind="missing-template",
                file=f"{report.name}/_quarto.yml",
                column=f"format.{form}.template",
                found="no template" if named is None else str(named),
                expected="an existing file, such as the study's own in templates/",
                remedy="Name the template; without it authors and keywords would be missing.",
            )
        )
    return [f"--template={path.resolve()}"]


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
        "--mathml",
        *filters,
    ]
    return _write(document, "html", folder, arguments)


def _docx(document: Document, report: Path, folder: Path, filters: list[str]) -> bytes:
    reference = document.settings.option("docx", "reference-doc")
    arguments = [
        "--to=docx",
        "--output=-",
        *_template(document, report, "docx"),
        *([f"--reference-doc={(report / str(reference)).resolve()}"] if reference else []),
        *filters,
    ]
    return word.finished(_write(document, "docx", folder, arguments))


def _jats(document: Document, report: Path, folder: Path, filters: list[str]) -> bytes:
    arguments = ["--to=jats", *_template(document, report, "jats"), *filters]
    written = _write(document, "jats", folder, arguments)
    return jats.finished_jats(written, document.works, document.numbers.turned)


def _pdf(document: Document, report: Path, folder: Path, filters: list[str]) -> bytes:
    # Typst reads files below one folder only, and Pandoc looks for a template's parts beside it.
    parts = document.settings.option("typst", "template-partials")
    for part in parts if isinstance(parts, list) else []:
        source = report / str(part)
        (folder / source.name).write_bytes(source.read_bytes())
    template = folder / "article.typ"
    template.write_bytes((TEMPLATES / "article.typ").read_bytes())
    arguments = [
        "--to=typst-smart",
        f"--template={template}",
        *filters,
    ]
    return pdf.compiled(_write(document, "pdf", folder, arguments), folder)


_WRITERS: dict[str, Callable[[Document, Path, Path, list[str]], bytes]] = {
    "html": _html,
    "docx": _docx,
    "pdf": _pdf,
    "jats": _jats,
}


def shaped(document: Document, form: str) -> dict[str, Any]:
    """Return a copy of the document's tree for one format.

    Parameters
    ----------
    document : Document
        With captions and headings without numbers.
    form : str
        ``html``, ``docx``, ``pdf`` or ``jats``.

    Returns
    -------
    dict
        The same text in each, with the same numbers in captions, beside formulas and before
        headings. Below the title, headings on the page
        begin at the second level.
    """
    tree: dict[str, Any] = json.loads(json.dumps(document.tree))
    numbers = document.numbers
    if form in ("docx", "pdf") and document.settings.metadata.get("tables-and-figures") == "end":
        floats_at_end(tree["blocks"], numbers, document.settings.wording)
    for element in elements(tree["blocks"]):
        label, classes, _ = attributes(element)
        if element["t"] in ("Table", "Figure") and label in numbers.floats:
            _number_caption(element, label, numbers, form)
        elif "equation" in classes and label in numbers.floats:
            shown = string(f"({numbers.floats[label]})")
            element["c"][1].append(span(["equation-number"], [shown]))
        elif element["t"] == "Header":
            number = numbers.heading(label)
            if form == "html":
                element["c"][0] = min(element["c"][0] + 1, 6)
            if number:
                element["c"][2][:0] = _NUMBERED[form](number)
    if form == "docx":
        # Word's template takes whole runs.
        for key in ("word-keywords", "word-correspondence"):
            name = string(f"{tree['meta'][key]['c']}:")
            said = [{"t": "Strong", "c": [name]}] if key == "word-keywords" else [name]
            tree["meta"][key] = {"t": "MetaInlines", "c": said}
    blind = document.settings.metadata.get("blind") is True
    lead_to_traces(tree["blocks"], linked=form == "html" and not blind)
    if form in _SHAPED:
        _SHAPED[form](tree["blocks"])
    return tree


def _page_number(number: str) -> list[Element]:
    return [span(["header-section-number"], [string(number)]), space()]


def _marked_number(number: str) -> list[Element]:
    is_appendix = number[-1:].isalpha()
    mark = "appendix-number" if is_appendix else "section-number"
    return [span([mark], [string(number)]), space()]


_NUMBERED: dict[str, Callable[[str], list[Element]]] = {
    "html": _page_number,
    "docx": word.heading_number,
    "pdf": pdf.heading_number,
    "jats": _marked_number,
}
_SHAPED: dict[str, Callable[[list[Element]], None]] = {
    "docx": word.for_word,
    "pdf": pdf.for_typst,
    "jats": jats.for_jats,
}


def _number_caption(element: Element, label: str, numbers: Numbering, form: str) -> None:
    """Put "Table 1: " before a caption, as Quarto does; JATS has a place for it."""
    caption = caption_of(element)
    name = string(numbers.caption(label, before=bool(caption) and form != "jats"))
    strong = form in ("docx", "pdf")
    shown = {"t": "Strong", "c": [name]} if strong else span(["float-number"], [name])
    caption[:0] = [shown, space()] if caption else [shown]
