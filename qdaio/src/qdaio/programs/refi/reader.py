"""Readers of `.qdpx`, bare `.qde` and `.qdc`."""

from __future__ import annotations

from pathlib import PurePosixPath

from qdaio.faults import Fault, StudyError
from qdaio.files.archive import Archive, open_archive
from qdaio.files.source import Source
from qdaio.files.xml import root_of
from qdaio.model import CodedProject, ExportFile, ExportInfo
from qdaio.programs.refi.codebook import Memos, Part, read_codes, read_memos
from qdaio.programs.refi.documents import Texts, read_cases, read_documents
from qdaio.programs.refi.elements import Collected, collect
from qdaio.programs.refi.origin import origin_of
from qdaio.programs.refi.segments import read_coders, read_codings, read_segments
from qdaio.reader import Match

__all__ = ["CODEBOOK", "PROJECT", "CodebookReader", "ProjectReader"]

HEAD = 64 * 1024
FORMER = "__macosx/"  # what a Mac puts beside each file that it packs


class ProjectReader:
    """Reads a project: a `.qdpx`, or the bare `.qde` out of one."""

    format = "refi-qda-project"
    software = "REFI-QDA"

    def recognise(self, source: Source) -> Match | None:
        """Know a project by its root element."""
        if source.kind == "xml":
            with source.path.open("rb") as stream:
                head = stream.read(HEAD)
        elif source.kind in ("qdpx", "zip"):
            try:
                with open_archive(source.path, source.name) as archive:
                    members = _project_files(archive)
                    if not members:
                        return None
                    if len(members) > 1 or source.kind == "qdpx":
                        # what is wrong with it is told when it is read
                        return Match(1.0, f"an archive with {', '.join(members)}")
                    with archive.stream(members[0]) as stream:
                        head = stream.read(HEAD)
            except StudyError:
                return Match(0.9, "an archive with a .qde") if source.kind == "qdpx" else None
        else:
            return None
        return _match(head, "Project", "a project of REFI-QDA")

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the project; see :class:`~qdaio.reader.Reader`."""
        if source.kind == "xml":
            with source.path.open("rb") as stream:
                out = collect(stream, source.name)
            return _project(source, out, None, Texts())
        with open_archive(source.path, source.name) as archive:
            member = _project_file(archive, source.name)
            with archive.stream(member) as stream:
                out = collect(stream, source.name, member)
            folder = member.removesuffix(PurePosixPath(member).name)
            return _project(source, out, member, Texts(archive, folder))


class CodebookReader:
    """Reads a codebook, `.qdc`: codes only."""

    format = "refi-qda-codebook"
    software = "REFI-QDA"

    def recognise(self, source: Source) -> Match | None:
        """Know a codebook by its root element."""
        if source.kind != "xml":
            return None
        with source.path.open("rb") as stream:
            return _match(stream.read(HEAD), "CodeBook", "a codebook of REFI-QDA")

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the codebook; see :class:`~qdaio.reader.Reader`."""
        with source.path.open("rb") as stream:
            part = _part(source, collect(stream, source.name), None, "CodeBook")
        codes = read_codes(part, Memos())
        for number, count in part.out.set_codes.items():
            part.aside("code set", f'"{part.out.sets[number]}" joins {count} codes')
        part.faults.raise_if_any()
        return CodedProject(
            info=_info(part, source, self.format),
            codes=codes.frame,
            set_aside=tuple(part.set_aside),
            warnings=tuple(part.warnings),
        )


PROJECT = ProjectReader()
CODEBOOK = CodebookReader()


def _match(head: bytes, root: str, what: str) -> Match | None:
    found = root_of(head)
    if found is None or found[0] != root:
        return None
    name, attributes = found
    is_refi = any("QDA-XML" in value for value in attributes.values())
    origin = attributes.get("origin")
    reason = f"{what}, root element {name}" + (f", written by {origin}" if origin else "")
    return Match(1.0 if is_refi or origin else 0.8, reason)


def _project_files(archive: Archive) -> list[str]:
    """Find the `.qde` of an archive: those nearest to its root, hidden files left out."""
    found = [
        name
        for name in archive.names
        if name.lower().endswith(".qde")
        and not name.lower().startswith(FORMER)
        and not PurePosixPath(name).name.startswith(".")
    ]
    depth = min((name.count("/") for name in found), default=0)
    nearest = [name for name in found if name.count("/") == depth]
    named = [name for name in nearest if PurePosixPath(name).name.lower() == "project.qde"]
    return named if len(named) == 1 else nearest


def _project_file(archive: Archive, file: str) -> str:
    found = _project_files(archive)
    if len(found) != 1:
        raise StudyError(
            Fault(
                kind="wrong-format",
                file=file,
                found=f"{len(found)} files that end in .qde",
                expected="one",
                remedy="Export the project again, and do not repack the file.",
            )
        )
    return found[0]


def _part(source: Source, out: Collected, member: str | None, root: str) -> Part:
    if out.root != root:
        raise StudyError(
            Fault(
                kind="wrong-format",
                file=source.name,
                sheet=member,
                found=f"the element {out.root}" if out.root else "no project",
                expected=f"the root element {root}",
                remedy="Export the project again as REFI-QDA.",
            )
        )
    return Part(out, origin_of(out.origin), source.name, member)


def _info(part: Part, source: Source, name: str) -> ExportInfo:
    return ExportInfo(
        format=name,
        software=part.origin.software,
        version=part.origin.version,
        files=(ExportFile(source.name, source.sha256, name, part.member),),
    )


def _project(source: Source, out: Collected, member: str | None, texts: Texts) -> CodedProject:
    part = _part(source, out, member, "Project")

    def text_at(path: str) -> str | None:
        found = texts.at(path)
        return found.content if found else None

    memos = read_memos(part, text_at)
    codes = read_codes(part, memos)
    documents = read_documents(part, texts)
    part.faults.raise_if_any()
    coders = read_coders(part)
    segments = read_segments(part, documents, memos)
    codings = read_codings(part, codes, coders, documents, segments, memos)
    cases = read_cases(part, documents)
    _warn(part)
    return CodedProject(
        info=_info(part, source, ProjectReader.format),
        documents=documents.frame,
        codes=codes.frame,
        coders=coders.frame,
        segments=segments,
        codings=codings,
        rows_read=len(out.coding_line) + len(out.lost),
        set_aside=tuple(part.set_aside),
        warnings=tuple(part.warnings),
        **cases,
    )


def _warn(part: Part) -> None:
    out = part.out
    if out.names_left_out:
        part.warnings.append(
            f"The names of {out.names_left_out} segments are left out, as all names together "
            "would fill the memory."
        )
    if out.graphs:
        graphs = "1 drawing" if out.graphs == 1 else f"{out.graphs} drawings"
        are = "is" if out.graphs == 1 else "are"
        part.warnings.append(f"{graphs} of codes and sources (Graph) {are} not read.")
    if out.links:
        links = "1 link" if out.links == 1 else f"{out.links} links"
        are = "is" if out.links == 1 else "are"
        part.warnings.append(f"{links} between codes, memos or segments {are} not read.")
    if out.unknown:
        names = ", ".join(f"{name} ({count})" for name, count in sorted(out.unknown.items())[:10])
        part.warnings.append(f"Elements that REFI-QDA does not know were passed over: {names}.")
