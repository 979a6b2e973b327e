"""XML from strangers, read as a stream: no entities, no network, no tree in memory.

The parser is expat, which fetches nothing by itself. A document type declaration, the
only place where entities can be declared, is refused as soon as it begins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Protocol
from xml.parsers import expat

from qdaio.faults import Fault, StudyError

__all__ = ["Attributes", "Readable", "Walker", "root_of"]

PIECE = 1024 * 1024
MAX_DEPTH = 256
MAX_NAMES = 2_000  # of elements and attributes
MAX_TOKEN = 32  # pieces in a row in which no tag ends: a longer one is an attack
MAX_TEXT = 64 * 1024 * 1024  # characters kept of all elements together
UTF_16 = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
CUT_OFF = tuple(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)
ENCODING = tuple(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_UNKNOWN_ENCODING,
        expat.errors.XML_ERROR_INCORRECT_ENCODING,
    )
)
SPACE_BEFORE = b"\xef\xbb\xbf \t\r\n"

Attributes = Mapping[str, str]
Start = Callable[[dict[str, str]], None]
End = Callable[[], None]


class Readable(Protocol):
    """Anything that gives bytes in pieces."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, none at the end."""
        ...


class Walker:
    """Reads one XML document from its first tag to its last, and calls what is registered.

    Elements are known by their local names, whatever their namespace or prefix.

    Parameters
    ----------
    stream : Readable
        The bytes of the document.
    file : str
        How messages call the file.
    sheet : str, optional
        Member of an archive.

    Attributes
    ----------
    parser : expat parser
        For its line number, where a property of this class would cost too much.
    starts : dict of str to callable
        Called with the attributes when an element of that name begins.
    ends : dict of str to callable
        Called when it ends.
    other : callable, optional
        Called with name and attributes of each element that nothing is registered for.
    unknown : dict of str to int
        How often elements stood there that nothing is registered for.
    """

    def __init__(self, stream: Readable, file: str, sheet: str | None = None) -> None:
        self._file, self._sheet, self._stream = file, sheet, stream
        self.starts: dict[str, Start | None] = {}
        self.ends: dict[str, End] = {}
        self.other: Callable[[str, dict[str, str]], None] | None = None
        self.unknown: dict[str, int] = {}
        self._pieces: list[str] = []
        self._kept = 0
        self._names: dict[str, str] = {}
        self._first = stream.read(PIECE)
        self.parser = expat.ParserCreate(UTF_16.get(self._first[:2]), intern=self._names)

    @property
    def line(self) -> int:
        """The line on which the element begins or ends that is being read, from 1."""
        return self.parser.CurrentLineNumber

    def keep_text(self) -> None:
        """Keep the text from here on, until :meth:`take_text`."""
        self._pieces = []
        self.parser.CharacterDataHandler = self._keep

    def take_text(self) -> str:
        """Return the text since :meth:`keep_text`, also that of inner elements."""
        self.parser.CharacterDataHandler = None
        text = "".join(self._pieces)
        self._pieces = []
        return text

    def walk(self) -> None:
        """Read the document.

        Raises
        ------
        StudyError
            When it is not well formed, cut off, nested deeper than 256 levels, declares a
            document type, or is in an encoding that is not known.
        """
        parser, piece = self.parser, self._first
        parser.buffer_text = True
        parser.buffer_size = 64 * 1024
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler, parser.EndElementHandler = self._handlers()
        piece = piece if piece[:2] in UTF_16 else piece.lstrip(SPACE_BEFORE)
        last, stuck = -1, 0
        try:
            while piece:
                parser.Parse(piece, False)
                stuck = stuck + 1 if parser.CurrentByteIndex == last else 0
                last = parser.CurrentByteIndex
                if stuck > MAX_TOKEN or (count := len(self._names)) > MAX_NAMES:
                    what = "a tag that does not end" if stuck else f"{count} different names"
                    raise StudyError(self._fault("unsafe-xml", what))
                piece = self._stream.read(PIECE)
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise StudyError(self._explained(error)) from error
        finally:
            # the handlers hold this object, and this object holds the parser
            parser.StartElementHandler = parser.EndElementHandler = None
            parser.StartDoctypeDeclHandler = parser.CharacterDataHandler = None

    def _handlers(self) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None]]:
        starts: dict[str, Start | None] = {}
        ends: dict[str, End | None] = {}
        depth = 0

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > MAX_DEPTH:
                found = f"elements nested in each other more than {MAX_DEPTH} times"
                raise StudyError(self._fault("too-large", found))
            try:
                handler = starts[name]
            except KeyError:
                local = name.rpartition(":")[2]
                handler = self.starts.get(local) if local in self.starts else self._count(local)
                starts[name], ends[name] = handler, self.ends.get(local)
            if handler is not None:
                handler(attributes)

        def end(name: str) -> None:
            nonlocal depth
            depth -= 1
            if (handler := ends[name]) is not None:
                handler()

        return start, end

    def _count(self, local: str) -> Start:
        if self.other is not None:
            return partial(self.other, local)

        def count(_: dict[str, str]) -> None:
            self.unknown[local] = self.unknown.get(local, 0) + 1

        return count

    def _keep(self, piece: str) -> None:
        self._kept += len(piece)
        if self._kept > MAX_TEXT:
            found = f"more than {MAX_TEXT // PIECE} million characters of text"
            raise StudyError(self._fault("too-large", found))
        self._pieces.append(piece)

    def _refuse_doctype(self, *_: object) -> None:
        raise StudyError(
            self._fault("unsafe-xml", "a document type declaration, which can hold entities")
        )

    def _fault(self, kind: str, found: str) -> Fault:
        return Fault(
            kind=kind,
            file=self._file,
            sheet=self._sheet,
            row=self.line,
            found=found,
            expected="XML as programs for qualitative analysis write it",
            remedy="Do not use this file; export the project again from the program itself.",
        )

    def _explained(self, error: Exception) -> Fault:
        code = getattr(error, "code", None)
        if code in CUT_OFF:
            kind, remedy = "truncated-file", "this copy is not complete"
        elif code is None or code in ENCODING:
            kind, remedy = "wrong-encoding", "save it in UTF-8"
        else:
            kind, remedy = "wrong-format", "if it was edited by hand, mend it at that line"
        return Fault(
            kind=kind,
            file=self._file,
            sheet=self._sheet,
            row=getattr(error, "lineno", None),
            found=str(error) if code is None else expat.ErrorString(code),
            expected="well-formed XML",
            remedy=f"Export or copy the file again; {remedy}.",
        )


def root_of(head: bytes) -> tuple[str, Attributes] | None:
    """Return the local name and the attributes of the first element, if there is one.

    Parameters
    ----------
    head : bytes
        The beginning of a document, enough for its first tag. Never raises.
    """
    found: list[tuple[str, Attributes]] = []
    parser = expat.ParserCreate(UTF_16.get(head[:2]))

    def start(name: str, attributes: dict[str, str]) -> None:
        if not found:
            found.append((name.rpartition(":")[2], attributes))

    parser.StartElementHandler = start
    with suppress(expat.ExpatError, ValueError, LookupError):
        parser.Parse(head if head[:2] in UTF_16 else head.lstrip(SPACE_BEFORE), False)
    return found[0] if found else None
