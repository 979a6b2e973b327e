"""Write a coded project as `.qdpx`, for other programs to open and for archives."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from qdaio.codes import document_id
from qdaio.files.writing import replacing
from qdaio.labels import unique
from qdaio.model import CodedProject
from qdaio.programs.refi.origin import describe, guid_of, is_guid
from qdaio.programs.refi.write_codebook import (
    DECLARATION,
    ORIGIN,
    Markup,
    code_losses,
    codes_markup,
    pieces,
    replacements,
)
from qdaio.programs.refi.write_segments import Notes, SegmentWriter, Selections

__all__ = ["DocumentWriter", "Values", "sets_markup", "users_markup", "write_qdpx"]


WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _is_date(value: str) -> bool:
    try:
        return bool(DAY.fullmatch(value) and datetime.date.fromisoformat(value))
    except ValueError:
        return False


# the first type that all values of a variable have; each keeps its spelling
TYPES: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("Integer", WHOLE.fullmatch),
    ("Float", DECIMAL.fullmatch),
    ("Date", _is_date),
)


def users_markup(coders: pd.DataFrame, markup: Markup) -> Iterator[str]:
    """Write ``<Users>``; the identifier of a coder is the ``id`` of a user."""
    if coders.empty:
        return
    yield "<Users>\n"
    for identifier, name in zip(coders["coder_id"], coders["name"], strict=True):
        values = {"guid": guid_of("user", identifier), "name": name, "id": identifier}
        yield f"<User{markup.attributes(values)}/>\n"
    yield "</Users>\n"


def sets_markup(documents: pd.DataFrame, markup: Markup) -> Iterator[str]:
    """Write each document group as a set of its documents."""
    grouped = documents[documents["group"].notna()]
    if grouped.empty:
        return
    yield "<Sets>\n"
    for group, members in grouped.groupby("group", sort=False)["document_id"]:
        values = {"guid": guid_of("group", str(group)), "name": str(group)}
        yield f"<Set{markup.attributes(values)}>"
        for identifier in members:
            yield f'<MemberSource targetGUID="{guid_of("document", identifier)}"/>'
        yield "</Set>\n"
    yield "</Sets>\n"


class Values:
    """The attributes of documents and cases as values of variables.

    Parameters
    ----------
    project : CodedProject
    markup : Markup
    """

    def __init__(self, project: CodedProject, markup: Markup) -> None:
        self._project, self._markup = project, markup
        frame = project.attributes
        self._types: dict[str, str] = {}
        for name, values in frame.groupby("name", sort=False)["value"]:
            self._types[str(name)] = _type_of(values.dropna())
        self._values: dict[tuple[str, str], list[str]] = defaultdict(list)
        rows = zip(frame["entity"], frame["entity_id"], frame["name"], frame["value"], strict=True)
        for entity, identifier, name, value in rows:
            stated = value if isinstance(value, str) else None
            self._values[str(entity), identifier].append(self._value(name, stated))

    def of(self, entity: str, identifier: str) -> str:
        """Return the values of a document or a case."""
        return "".join(self._values.get((entity, identifier), ()))

    def variables(self) -> Iterator[str]:
        """Write ``<Variables>``."""
        if not self._types:
            return
        yield "<Variables>\n"
        for name, kind in self._types.items():
            values = {"guid": guid_of("variable", name), "name": name, "typeOfVariable": kind}
            yield f"<Variable{self._markup.attributes(values)}/>\n"
        yield "</Variables>\n"

    def cases(self) -> Iterator[str]:
        """Write ``<Cases>`` with their values and documents."""
        project = self._project
        if project.cases.empty:
            return
        pairs = project.case_documents.groupby("case_id", sort=False)["document_id"]
        documents: dict[str, Iterable[str]] = {str(case): ids for case, ids in pairs}
        yield "<Cases>\n"
        for identifier, name in zip(project.cases["case_id"], project.cases["name"], strict=True):
            values = {"guid": guid_of("case", identifier), "name": name}
            yield f"<Case{self._markup.attributes(values)}>{self.of('case', identifier)}"
            for document in documents.get(identifier, ()):
                yield f'<SourceRef targetGUID="{guid_of("document", document)}"/>'
            yield "</Case>\n"
        yield "</Cases>\n"

    def losses(self) -> list[str]:
        """Say what of cases and attributes REFI-QDA has no place for."""
        project, said = self._project, []
        known = {("document", it) for it in project.documents["document_id"]}
        known |= {("case", it) for it in project.cases["case_id"]}
        unknown = [
            (key[0], len(values)) for key, values in self._values.items() if key not in known
        ]
        if of_codes := sum(count for entity, count in unknown if entity == "code"):
            said.append(f"{of_codes} attributes of codes are left out.")
        if lost := sum(count for entity, count in unknown if entity != "code"):
            said.append(f"{lost} attributes of documents or cases that are not there are left out.")
        told = pd.Series(unique(project.cases["name"].tolist()), dtype="str")
        if renamed := int((project.cases["case_id"] != told).sum()):
            said.append(f"{renamed} cases are known by their names instead of their identifiers.")
        return said

    def _value(self, name: str, value: str | None) -> str:
        element = self._markup.element(f"{self._types[name]}Value", value)
        reference = f'<VariableRef targetGUID="{guid_of("variable", name)}"/>'
        return f"<VariableValue>{reference}{element}</VariableValue>"


def _type_of(values: pd.Series) -> str:
    if len(values):
        for name, fits in TYPES:
            if all(fits(value) for value in values):
                return name
    return "Text"


ELEMENTS = {
    "text": "TextSource",
    "pdf": "PDFSource",
    "image": "PictureSource",
    "audio": "AudioSource",
    "video": "VideoSource",
}
PARTS = {
    "PDFSource": "Representation",
    "PictureSource": "TextDescription",
    "AudioSource": "Transcript",
    "VideoSource": "Transcript",
}


class DocumentWriter:
    """Writes the documents of a project one by one.

    Parameters
    ----------
    project : CodedProject
    values : Values
    markup : Markup
    notes : Notes

    Attributes
    ----------
    texts : dict of str to str
        Text of each document that has one, by the name of its file.
    """

    def __init__(self, project: CodedProject, values: Values, markup: Markup, notes: Notes) -> None:
        self._project, self._values, self._markup = project, values, markup
        self._segments = SegmentWriter(markup, notes)
        self.texts: dict[str, str] = {}

    def written(self) -> Iterator[str]:
        """Write ``<Sources>``, or nothing where there are no documents."""
        documents = self._project.documents
        if documents.empty:
            return
        segments: dict[str, list[Any]] = defaultdict(list)
        for segment in _rows(self._project.segments):
            segments[segment.document_id].append(segment)
        codings: dict[str, list[Any]] = defaultdict(list)
        for coding in _rows(self._project.codings):
            codings[coding.segment_id].append(coding)
        positions = documents["position"].fillna(len(documents) + 1)
        yield "<Sources>\n"
        for row in positions.sort_values(kind="stable").index:
            document = documents.loc[row]
            identifier = document["document_id"]
            yield from self._document(document, segments.pop(identifier, []), codings)
        yield "</Sources>\n"

    def _document(
        self, document: pd.Series, segments: list[Any], codings: dict[str, list[Any]]
    ) -> Iterator[str]:
        identifier, name = document["document_id"], document["name"]
        kind, text = (_or_none(document[column]) for column in ("kind", "text"))
        clean = None if text is None else self._markup.clean(text)
        made = self._segments.selections(iter(segments), codings, identifier, kind, clean)
        element = ELEMENTS.get(kind or "", "TextSource")
        is_made_up = text is None and bool(made.in_text or element == "TextSource")
        file = f"{guid_of('document', identifier)}.txt"
        path = None
        if text is not None or is_made_up:
            self.texts[file] = "\n".join(made.text) if clean is None else clean
            path = f"internal://{file}"
        description = self._markup.element(
            "Description",
            describe(
                is_made_up=is_made_up, kind=kind, is_implied=ELEMENTS.get(kind or "") == element
            ),
        )
        values = {"guid": guid_of("document", identifier), "name": name}
        if element == "TextSource":
            yield f"<TextSource{self._markup.attributes({**values, 'plainTextPath': path})}>"
            yield description
            yield from made.in_text
        else:
            yield f"<{element}{self._markup.attributes(values)}>{description}"
            yield from self._parts(element, identifier, path, made)
        yield from made.of_document
        yield self._values.of("document", identifier)
        yield f"</{element}>\n"

    def _parts(
        self, element: str, identifier: str, path: str | None, made: Selections
    ) -> Iterator[str]:
        """Write the text of a document that is more than text, and its selections."""
        part = PARTS[element]
        inner: Iterable[str] = ()
        if path is not None:
            guid = guid_of("representation", identifier)
            begin = f"<{part}{self._markup.attributes({'guid': guid, 'plainTextPath': path})}>\n"
            inner = (begin, *made.sync_points, *made.in_text, f"</{part}>\n")
        if element == "PDFSource":
            yield from made.in_media
            yield from inner
        else:
            yield from inner
            yield from made.in_media


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Give the rows of a frame, None for what is missing."""
    plain = {
        name: column.astype("object").where(column.notna(), None) for name, column in frame.items()
    }
    return iter(pd.DataFrame(plain).itertuples(index=False))


def _or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


EARLIEST = (1980, 1, 1, 0, 0, 0)  # a zip holds no earlier date; a fixed one keeps its bytes
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
            for piece in pieces(_project(project, path.stem, values, documents, markup, notes)):
                member.write(piece)
        for name, text in documents.texts.items():
            archive.writestr(_member(f"sources/{name}"), text.encode("utf-8"))
    return [*code_losses(project.codes), *values.losses(), *_losses(project), *replacements(markup)]


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
