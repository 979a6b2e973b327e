"""CATMA: a project's folder (its git repository), or a zip of it, of CATMA 6 and 7.

Tagsets hold the tags, one file each; collections hold what one person annotated in one
document, as Web Annotations of the W3C. Positions count UTF-16 units, as Java does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any

from qdaio.faults import Fault, StudyError
from qdaio.files.archive import open_archive
from qdaio.files.json import read_json, text_of
from qdaio.files.source import Source
from qdaio.model import CodedProject, ExportFile, ExportInfo, Notes
from qdaio.places import Counter
from qdaio.reader import Match
from qdaio.spans import Marks

__all__ = ["READER", "CatmaProject"]

JAVA = Counter("utf-16")
MOST = 64 * 1024 * 1024  # bytes of one file
MANY = 200_000  # files of one project
AUTHOR, DATE, COLOUR = "catma_markupauthor", "catma_markuptimestamp", "catma_displaycolor"

Read = Callable[[str], bytes]


class CatmaProject:
    """Reads a project with its documents, tagsets and collections."""

    format = "catma-project"
    software = "CATMA"

    def recognise(self, source: Source) -> Match | None:
        """Know the folders of a project."""
        if source.kind not in ("folder", "zip"):
            return None
        try:
            with _files(source) as (names, _):
                is_project = any(map(_is_tag, names)) and any(map(_is_collection, names))
        except StudyError:
            return None
        return Match(0.98, "tagsets and annotation collections") if is_project else None

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the project.

        Raises
        ------
        StudyError
            When files are damaged, or annotations have tags that no tagset holds.
        """
        notes = Notes(source.name)
        with _files(source) as (names, read):
            marks = Marks(notes, JAVA)
            documents = _add_documents(marks, names, read)
            tags, properties = _read_tags(names, read, notes)
            notes.faults.raise_if_any()
            for path, colour in tags.values():
                marks.code(path, colour=colour)
            _add_annotations(marks, names, read, documents, tags, properties)
        notes.faults.raise_if_any()
        name = source.name.rstrip("/")
        sha = "" if source.kind == "folder" else source.sha256
        return marks.project(
            ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(name, sha, self.format),),
            )
        )


READER = CatmaProject()


@contextmanager
def _files(source: Source) -> Iterator[tuple[Sequence[str], Read]]:
    """Give the names of the files of a project, and how to read one."""
    if source.kind == "zip":
        with open_archive(source.path, source.name) as archive:
            yield archive.names, lambda name: archive.read(name, MOST)
        return
    root = source.path
    names = []
    for path in root.rglob("*"):
        if ".git" not in path.parts and path.suffix in (".json", ".txt") and path.is_file():
            names.append(path.relative_to(root).as_posix())
        if len(names) > MANY:
            raise StudyError(_wrong(source.name, f"more than {MANY:,} files", "one project"))

    def read(name: str) -> bytes:
        path = root / name
        if path.is_symlink() or path.stat().st_size > MOST:
            raise StudyError(_wrong(source.name, f"{name}, a link or too large", "a plain file"))
        return path.read_bytes()

    yield sorted(names), read


def _is_tag(name: str) -> bool:
    return name.endswith("/propertydefs.json") and "tagsets/" in name


def _is_collection(name: str) -> bool:
    return name.endswith("/header.json") and "collections/" in name


def _add_documents(marks: Marks, names: Sequence[str], read: Read) -> dict[str, int]:
    """Add the documents; return the number of each by its identifier."""
    found: dict[str, int] = {}
    for name in names:
        path = PurePosixPath(name)
        if path.name != "header.json" or path.parent.parent.name != "documents":
            continue
        identifier = path.parent.name
        header = _object(read(name), marks.notes, name)
        about = _inner(header, "gitContentInfoSet")
        technical = _inner(header, "gitTechInfoSet")
        title = text_of(about.get("title")) or text_of(technical.get("fileName")) or identifier
        plain = f"{path.parent.as_posix()}/{identifier}.txt"
        text = read(plain).decode("utf-8-sig", errors="replace") if plain in names else None
        found[identifier] = marks.document(title, text)
        for label in ("author", "publisher", "description"):
            if said := text_of(about.get(label)):
                marks.attribute(found[identifier], label, said)
    return found


def _read_tags(
    names: Sequence[str], read: Read, notes: Notes
) -> tuple[dict[str, tuple[tuple[str, ...], str | None]], dict[str, str]]:
    """Return path and colour of each tag, and the name of each property, by identifier."""
    tags: dict[str, dict[str, Any]] = {}
    sets: dict[str, str] = {}
    properties: dict[str, str] = {}
    for name in names:
        path = PurePosixPath(name)
        if path.name == "header.json" and path.parent.parent.name == "tagsets":
            header = _object(read(name), notes, name)
            sets[path.parent.name] = text_of(header.get("name")) or path.parent.name
        elif _is_tag(name):
            tag = _object(read(name), notes, name)
            tags[text_of(tag.get("uuid")) or path.parent.name] = tag
            for kind in ("systemPropertyDefinitions", "userDefinedPropertyDefinitions"):
                for identifier, definition in _inner(tag, kind).items():
                    if isinstance(definition, dict):
                        properties[identifier] = text_of(definition.get("name")) or identifier
    return {key: (_tag_path(key, tags, sets, notes), _colour(tag)) for key, tag in tags.items()}, (
        properties
    )


def _tag_path(
    identifier: str, tags: dict[str, dict[str, Any]], sets: dict[str, str], notes: Notes
) -> tuple[str, ...]:
    """Return the names from the tagset, where there are several, down to a tag."""
    names: list[str] = []
    at, passed = identifier, set()
    while at in tags and at not in passed:
        passed.add(at)
        names.append(text_of(tags[at].get("name")) or at)
        at = text_of(tags[at].get("parentUuid")) or ""
    if at in passed:
        notes.faults.add(
            kind="inconsistent-export",
            file=notes.file,
            found=f'tag "{names[0]}" below itself',
            expected="a tree of tags",
            remedy="Mend the tagset in CATMA, and fetch the project again.",
        )
    if len(sets) > 1:
        tagset = text_of(tags[identifier].get("tagsetDefinitionUuid")) or ""
        names.append(sets.get(tagset, tagset))
    return tuple(reversed(names))


def _colour(tag: dict[str, Any]) -> str | None:
    """Return a colour, which Java writes as one number with opacity, red, green and blue."""
    for definition in _inner(tag, "systemPropertyDefinitions").values():
        if isinstance(definition, dict) and definition.get("name") == COLOUR:
            values = definition.get("possibleValueList")
            stated = text_of(values[0]) if isinstance(values, list) and values else None
            if stated and stated.lstrip("-").isdigit() and len(stated) < 12:
                return f"#{int(stated) & 0xFFFFFF:06X}"
    return None


def _add_annotations(
    marks: Marks,
    names: Sequence[str],
    read: Read,
    documents: dict[str, int],
    tags: dict[str, tuple[tuple[str, ...], str | None]],
    properties: dict[str, str],
) -> None:
    notes = marks.notes
    for name in names:
        path = PurePosixPath(name)
        if path.suffix != ".json" or path.parent.name != "annotations":
            continue
        listed = read_json(read(name), notes.file, name)
        for row, annotation in enumerate(listed if isinstance(listed, list) else [listed], 1):
            body = _inner(annotation, "body") if isinstance(annotation, dict) else {}
            tag = (text_of(body.get("tag")) or "").rpartition("/")[2]
            ranges = _ranges(annotation) if body else []
            if not ranges or tag not in tags:
                what = f"the tag {tag}" if ranges else "an annotation without a place"
                notes.faults.add(
                    kind="unknown-code" if ranges else "wrong-format",
                    file=notes.file,
                    sheet=name,
                    row=row,
                    found=what,
                    expected="a tag of the project's tagsets, and where it stands",
                    remedy="Fetch the whole project again, with all its tagsets.",
                )
                continue
            source = ranges[0][0]
            if source not in documents:
                notes.aside("coding", "its document is not in the project", row, name)
                continue
            spans = _joined([(start, end) for at, start, end in ranges if at == source])
            said = _said(body, properties)
            place = ", ".join(f"{start}–{end}" for start, end in spans)
            marks.mark(
                documents[source],
                tags[tag][0],
                row,
                start=spans[0][0],
                end=spans[-1][1],
                place=place if len(spans) > 1 else None,
                coder=said.pop(AUTHOR, None),
                date=said.pop(DATE, None),
                memo="\n".join(f"{label}: {value}" for label, value in said.items()) or None,
                table=name,
            )


def _ranges(annotation: dict[str, Any]) -> list[tuple[str, int, int]]:
    """Return document, start and end of each part of an annotation."""
    found = []
    for item in _inner(annotation, "target").get("items") or ():
        selector = _inner(item, "selector") if isinstance(item, dict) else {}
        start, end = selector.get("start"), selector.get("end")
        if type(start) is int and type(end) is int and 0 <= start <= end < 2**53:
            found.append(((text_of(item.get("source")) or "").rpartition("/")[2], start, end))
    return found


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join parts that touch: CATMA cuts an annotation where it was marked in pieces."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _said(body: dict[str, Any], properties: dict[str, str]) -> dict[str, str]:
    """Return the values of an annotation by the name of the property."""
    said: dict[str, str] = {}
    for values in _inner(body, "properties").values():
        for identifier, stated in (values if isinstance(values, dict) else {}).items():
            listed = [text_of(value) for value in stated] if isinstance(stated, list) else []
            if found := ", ".join(filter(None, listed)):
                said[properties.get(identifier) or identifier] = found
    return said


def _object(raw: bytes, notes: Notes, name: str) -> dict[str, Any]:
    found = read_json(raw, notes.file, name)
    if isinstance(found, dict):
        return found
    raise StudyError(_wrong(notes.file, f"{name} without its object", "a file of CATMA"))


def _inner(value: dict[str, Any], key: str) -> dict[str, Any]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _wrong(file: str, found: str, expected: str) -> Fault:
    return Fault(
        kind="wrong-format",
        file=file,
        found=found,
        expected=expected,
        remedy="Fetch the whole project from CATMA's repository again.",
    )
