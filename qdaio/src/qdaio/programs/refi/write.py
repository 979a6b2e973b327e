"""Write a coded project as REFI-QDA, for other programs to open and for archives."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from qdaio import __version__
from qdaio.codes import document_id
from qdaio.faults import Fault, StudyError
from qdaio.files.writing import replacing
from qdaio.model import CodedProject
from qdaio.programs.refi.guids import is_guid
from qdaio.programs.refi.markup import Markup
from qdaio.programs.refi.origin import OURS
from qdaio.programs.refi.write_codes import code_losses, codes_markup
from qdaio.programs.refi.write_documents import DocumentWriter
from qdaio.programs.refi.write_notes import Notes
from qdaio.programs.refi.write_values import Values, sets_markup, users_markup

__all__ = ["write_qdc", "write_qdpx"]

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
ORIGIN = f"{OURS} {__version__}"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # a zip holds no earlier date; a fixed one keeps its bytes
PIECE = 1024 * 1024
MANY = 1_000_000  # codings from which on the file may need the large form of a zip


def write_qdpx(project: CodedProject, path: Path) -> list[str]:
    """Write a project as `.qdpx`, valid against the schema of REFI-QDA 1.5.

    Texts are written as they are, and positions in code points. What the format has no
    place for but descriptions and memos can hold is put there (see `conventions`), and
    :class:`~qdaio.programs.refi.reader.ProjectReader` reads it back. The same project
    gives the same bytes. The file appears whole or not at all.

    Parameters
    ----------
    project : CodedProject
    path : Path

    Returns
    -------
    list of str
        What could not be held, one sentence each.

    Raises
    ------
    StudyError
        When the codes of the project are no tree.
    """
    markup, notes = Markup(), Notes()
    values = Values(project, markup)
    documents = DocumentWriter(project, values, markup, notes)
    with replacing(path) as beside, zipfile.ZipFile(beside, "w") as archive:
        large = len(project.codings) >= MANY
        with archive.open(_member("project.qde"), "w", force_zip64=large) as member:
            for piece in _pieces(_project(project, path.stem, values, documents, markup, notes)):
                member.write(piece)
        for name, text in documents.texts.items():
            archive.writestr(_member(f"sources/{name}"), text.encode("utf-8"))
    return [*code_losses(project.codes), *values.losses(), *_losses(project), *_replaced(markup)]


def write_qdc(project: CodedProject, path: Path) -> list[str]:
    """Write the codes of a project as `.qdc`, valid against the schema of codebooks.

    Parameters, results and errors are those of :func:`write_qdpx`; a project without
    codes makes no codebook and is an error, too.
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
        for piece in _pieces(_codebook(project, markup)):
            stream.write(piece)
    return [*code_losses(project.codes), *_replaced(markup)]


def _codebook(project: CodedProject, markup: Markup) -> Iterator[str]:
    yield DECLARATION
    yield f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="{ORIGIN}">\n'
    yield from codes_markup(project.codes, markup)
    yield "</CodeBook>\n"


def _project(
    project: CodedProject,
    name: str,
    values: Values,
    documents: DocumentWriter,
    markup: Markup,
    notes: Notes,
) -> Iterator[str]:
    attributes = markup.attributes({"name": name, "origin": ORIGIN})
    yield DECLARATION
    yield f'<Project xmlns="urn:QDA-XML:project:1.0"{attributes}>\n'
    yield from users_markup(project.coders, markup)
    if not project.codes.empty:
        yield "<CodeBook>\n"
        yield from codes_markup(project.codes, markup)
        yield "</CodeBook>\n"
    yield from values.variables()
    yield from values.cases()
    yield from documents.written()
    yield from notes.written(markup)
    yield from sets_markup(project.documents, markup)
    yield "</Project>\n"


def _pieces(parts: Iterable[str]) -> Iterator[bytes]:
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


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, EARLIEST)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3  # the same on every system
    info.external_attr = 0o644 << 16
    return info


def _losses(project: CodedProject) -> list[str]:
    said = []
    documents = project.documents
    pairs = zip(documents["group"], documents["name"], strict=True)
    natural = [
        document_id(group if isinstance(group, str) else None, name) for group, name in pairs
    ]
    known = [
        is_guid(identifier) or identifier == other
        for identifier, other in zip(documents["document_id"], natural, strict=True)
    ]
    if renamed := len(known) - sum(known):
        said.append(f"The identifiers of {renamed} documents are replaced by GUIDs made from them.")
    if cells := len(project.matrix_cells):
        said.append(f"{cells} cells of tables that hold counts only are left out.")
    if aside := len(project.set_aside):
        said.append(f"{aside} rows that were set aside on reading are left out.")
    if reworded := _reworded(project):
        said.append(
            f"The wording that the export has of {reworded} segments is left out: it differs from "
            "the text of their documents."
        )
    of_document = project.segments["document_id"].astype("str")
    if int((of_document != of_document.shift()).sum()) > of_document.nunique():
        said.append("Segments are put in the order of their documents.")
    return said


def _reworded(project: CodedProject) -> int:
    segments = project.segments[project.segments["start_cp"].notna()]
    texts = project.documents.set_index("document_id")["text"]
    count = 0
    for document, rows in segments.groupby("document_id", observed=True):
        text = texts[document]
        if isinstance(text, str):
            spans = zip(rows["start_cp"], rows["end_cp"], rows["text"], strict=True)
            count += sum(text[start:end] != words for start, end, words in spans)
    return count


def _replaced(markup: Markup) -> list[str]:
    if not markup.replaced:
        return []
    return [f"{markup.replaced} characters that XML cannot hold are replaced by U+FFFD."]
