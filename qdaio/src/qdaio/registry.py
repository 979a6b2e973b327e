"""Which reader reads a file, found by content; and files that belong together, read as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import cast

from qdaio.cells import codings_from_cells
from qdaio.combine import combine
from qdaio.faults import Fault, FaultList, StudyError
from qdaio.project import CodedProject
from qdaio.reader import Match, Reader, ReaderBeside
from qdaio.source import Source, open_source

__all__ = ["READERS", "ReadOptions", "open_exports", "read_exports", "readers", "recognise"]

# "module:object" each, imported when a file is to be recognised; one line a format
READERS: tuple[str, ...] = (
    "qdaio.programs.tidy.readers:FOLDER",
    "qdaio.programs.tidy.readers:TABLE",
    "qdaio.programs.refi.reader:PROJECT",
    "qdaio.programs.refi.reader:CODEBOOK",
    "qdaio.programs.maxqda.whole_project:READER",
    "qdaio.programs.maxqda.coded_segments:READER",
    "qdaio.programs.maxqda.code_system:READER",
    "qdaio.programs.maxqda.variables:READER",
    "qdaio.programs.maxqda.code_variables:READER",
    "qdaio.programs.maxqda.matrices:READER",
    "qdaio.programs.atlasti.quotations:READER",
    "qdaio.programs.atlasti.codebook:READER",
    "qdaio.programs.atlasti.table:READER",
    "qdaio.programs.nvivo.matrix:READER",
    "qdaio.programs.nvivo.codebook:READER",
    "qdaio.programs.nvivo.classification:READER",
    "qdaio.programs.taguette.project:READER",
    "qdaio.programs.taguette.highlights:READER",
    "qdaio.programs.taguette.codebook:READER",
    "qdaio.programs.rqda.reader:READER",
    "qdaio.programs.qualcoder.project:READER",
    "qdaio.programs.qualcoder.report:READER",
    "qdaio.programs.dedoose.excerpts:READER",
)

WEAK = 0.3  # a lower score is no recognition
CERTAIN = 0.95  # from here on no other reader is asked: those that know more stand first
PROJECT_FILE = "data.qda"  # of a folder that QualCoder calls a project
SKIPPED = ("README", "LICENSE", ".")


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read, where the files leave it open.

    Attributes
    ----------
    formats : mapping of str to str
        Format by name of a file, for one that two readers know.
    """

    formats: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=1)
def readers() -> tuple[Reader, ...]:
    """Import and return every reader, in the order of :data:`READERS`."""
    found = []
    for entry in READERS:
        module, _, name = entry.partition(":")
        found.append(cast(Reader, getattr(import_module(module), name)))
    return tuple(found)


def recognise(source: Source, options: ReadOptions | None = None) -> tuple[Reader, Match]:
    """Find the reader of a file by its content.

    Parameters
    ----------
    source : Source
    options : ReadOptions, optional

    Returns
    -------
    tuple of Reader and Match

    Raises
    ------
    StudyError
        When no reader knows the file (the message says what it looks like), two know it
        equally well, or it is damaged.
    """
    wanted = (options or ReadOptions()).formats.get(source.name)
    if source.kind in {"xlsx", "xls", "text"}:
        from qdaio.sheets import read_sheets

        read_sheets(source)  # a damaged file is told as such, not as unknown
    elif source.kind == "sqlite":
        from qdaio.database import tables_of

        tables_of(source)
    found: list[tuple[Match, Reader]] = []
    for reader in readers():
        match = reader.recognise(source) if wanted in (None, reader.format) else None
        if match is not None and match.score >= WEAK:
            found.append((match, reader))
            if match.score >= CERTAIN:
                break
    if not found:
        from qdaio.unknown import describe

        raise StudyError(describe(source))
    best = max(match.score for match, _ in found)
    top = [pair for pair in found if pair[0].score == best]
    if len(top) > 1:
        raise StudyError(
            Fault(
                kind="ambiguous-format",
                file=source.name,
                found=" or ".join(f"{reader.format} ({match.reason})" for match, reader in top),
                expected="one format",
                remedy="Export it with its header row and all columns, or bring it into the "
                "tidy form.",
            )
        )
    return top[0][1], top[0][0]


def open_exports(paths: Sequence[Path], names: Sequence[str] | None = None) -> list[Source]:
    """Open files, and the files of folders; a tidy folder is one source.

    Raises
    ------
    StudyError
        With one fault for each that is missing, empty, cut off, or given twice.
    """
    faults = FaultList()
    sources: list[Source] = []
    shown = _names(paths) if names is None else names
    for path, name in zip(paths, shown, strict=True):
        for part, part_name in _files(path, name):
            try:
                sources.append(
                    Source(path=part, name=part_name, kind="folder")
                    if part.is_dir()
                    else open_source(part, part_name)
                )
            except StudyError as error:
                faults.extend(error.faults)
    seen: dict[str, Source] = {}
    for source in sources:
        if source.kind == "folder":
            continue
        first = seen.setdefault(source.sha256, source)
        if first is not source:
            faults.add(
                kind="duplicate-file",
                file=source.name,
                found=f"the same content as {first.name}",
                expected="each export once",
                remedy="Leave one of them out; its codings would be counted twice.",
            )
    faults.raise_if_any()
    return sources


def read_exports(
    paths: Sequence[Path],
    *,
    names: Sequence[str] | None = None,
    options: ReadOptions | None = None,
) -> CodedProject:
    """Read exports that belong together as one project.

    Parameters
    ----------
    paths : sequence of Path
        Files of any supported program, or folders of them.
    names : sequence of str, optional
        How messages call them; by default the last part of each path.
    options : ReadOptions, optional

    Returns
    -------
    CodedProject
        Checked, and reconciled with the counts that the exports themselves report.

    Raises
    ------
    StudyError
        With every fault of every file at once.
    """
    faults = FaultList()
    parts: dict[int, CodedProject] = {}
    later: list[tuple[int, Source, Reader, Match]] = []
    for place, source in enumerate(open_exports(paths, names)):
        try:
            reader, match = recognise(source, options)
            if isinstance(reader, ReaderBeside):
                later.append((place, source, reader, match))
            else:
                parts[place] = reader.read(source, match)
        except StudyError as error:
            faults.extend(error.faults)
    faults.raise_if_any()
    others = tuple(parts.values())
    for place, source, reader, match in later:
        try:
            parts[place] = cast(ReaderBeside, reader).read_beside(source, match, others)
        except StudyError as error:
            faults.extend(error.faults)
    faults.raise_if_any()
    return codings_from_cells(combine([parts[place] for place in sorted(parts)]))


def _names(paths: Sequence[Path]) -> list[str]:
    """Name files by the last part of their path, or the last two where that is not enough."""
    short = [path.name for path in paths]
    return [
        name if short.count(name) == 1 else f"{path.parent.name}/{name}"
        for path, name in zip(paths, short, strict=True)
    ]


def _files(path: Path, name: str) -> list[tuple[Path, str]]:
    if not path.is_dir() or any(path.glob("codings.*")):
        return [(path, name)]
    if (path / PROJECT_FILE).is_file():
        return [(path / PROJECT_FILE, f"{name.rstrip('/')}/{PROJECT_FILE}")]
    inside = sorted(
        item for item in path.iterdir() if item.is_file() and not item.name.startswith(SKIPPED)
    )
    return [(item, f"{name.rstrip('/')}/{item.name}") for item in inside] or [(path, name)]
