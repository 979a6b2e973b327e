"""What a reader of one program's exports promises."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from qdaio.faults import Fault, StudyError
from qdaio.files.source import Source
from qdaio.model import CodedProject

__all__ = ["Match", "NamedFile", "NativeFile", "Reader", "ReaderBeside"]


@dataclass(frozen=True, slots=True)
class Match:
    """How well a reader knows a file again.

    Attributes
    ----------
    score : float
        0 to 1. 1 for a signature that no other program writes, above 0.5 for a good
        guess, below for a weak one. The registry takes the best; a tie is an error.
    reason : str
        What gave it away, for people.
    sheet : str, optional
        The sheet or table that holds the export, where a file has several.
    details : dict
        What recognition learned and reading can use again (header row, columns, language).
    others : tuple of Match
        Those of further sheets of the file that are of the same kind.
    """

    score: float
    reason: str
    sheet: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    others: tuple[Match, ...] = ()


class Reader(Protocol):
    """One kind of file of one program.

    A reader gives a :class:`CodedProject` that may be a part of a whole: a code system
    has codes only, a table of variables has documents and attributes only. Parts that
    belong together are joined by identifier (see `qdaio.join`), so all
    readers of one program build identifiers in the same way from what the program wrote.
    """

    format: str  # such as "maxqda-coded-segments"
    software: str  # such as "MAXQDA"

    def recognise(self, source: Source) -> Match | None:
        """Say whether this file is one of mine, by its content. Never raises for a bad file."""
        ...

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the file.

        Raises
        ------
        StudyError
            With every fault of the file at once.
        """
        ...


@runtime_checkable
class ReaderBeside(Reader, Protocol):
    """A reader that must know the other files of the project to read its own.

    A list of quotations needs the codebook to tell where the names in a cell end.
    """

    def read_beside(
        self, source: Source, match: Match, parts: Sequence[CodedProject]
    ) -> CodedProject:
        """Read the file; `parts` are those of the files whose readers need no others.

        Raises
        ------
        StudyError
            With every fault of the file at once.
        """
        ...


class NamedFile(ABC):
    """A file that is known again and holds nothing to read: it is named, with what to export.

    Attributes
    ----------
    kind, expected, remedy : str
        As `Fault.kind`, `Fault.expected` and `Fault.remedy`.
    """

    kind = "native-file"
    expected = "an export"
    remedy: str

    @abstractmethod
    def found(self, match: Match) -> str:
        """Say what the file is."""

    def read(self, source: Source, match: Match) -> CodedProject:
        """Say which export to make instead.

        Raises
        ------
        StudyError
            Always.
        """
        raise StudyError(
            Fault(
                kind=self.kind,
                file=source.name,
                sheet=match.sheet or None,
                found=self.found(match),
                expected=self.expected,
                remedy=self.remedy,
            )
        )


class NativeFile(NamedFile):
    """A program's own file, which nothing here reads.

    Parameters
    ----------
    form, software : str
        As `Reader.format` and `Reader.software`.
    names : str
        Regular expression of the ends of its names, without the dot.
    remedy : str
        What to export instead.
    """

    def __init__(self, form: str, software: str, names: str, remedy: str) -> None:
        self.format, self.software, self.remedy = form, software, remedy
        self._names = re.compile(names, re.IGNORECASE)

    def recognise(self, source: Source) -> Match | None:
        """Know a file that is no text by the end of its name; any reader knows better."""
        if source.kind in {"folder", "text", "html"}:
            return None
        ending = source.path.suffix.lstrip(".")
        if not self._names.fullmatch(ending):
            return None
        return Match(0.4, f"a name that ends in .{ending}")

    def found(self, match: Match) -> str:
        """Say whose file it is."""
        return f"a file in which {self.software} keeps a project for itself"
