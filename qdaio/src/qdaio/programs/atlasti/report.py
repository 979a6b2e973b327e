"""The report of codes that ATLAS.ti writes as text: each code with its quotations.

A line with the mark of a code begins one, a line such as ``2 Quotations:`` says how many
quotations follow, and each begins with its identifier and place, ``1:1 ¶ 1, in D1``. Words
differ with the language, so the numbers are what the report is known and checked by.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from qdaio.codes import code_frame, code_id
from qdaio.faults import FaultList, StudyError
from qdaio.files.source import Source
from qdaio.files.text import find_dialect
from qdaio.labels import plain
from qdaio.model import CodedProject, ExportFile, ExportInfo, make_frame
from qdaio.programs.atlasti.codebook import prefixed_paths
from qdaio.programs.atlasti.quotations import place_of
from qdaio.programs.atlasti.words import QUOTATIONS
from qdaio.reader import Match, NativeFile

__all__ = ["NATIVE", "READER", "CodeReport"]

MOST = 256 * 1024 * 1024  # bytes; the whole text is held
HEAD = 64 * 1024
SHOWN = 12
NUMBERED = re.compile(rb"\d{1,6}:\d{1,7}\s")
CODE = re.compile(r"^\s{0,40}[●○•◦◯]\s{1,9}(?P<name>\S.{0,999})$")
STATED = re.compile(r"^\s{0,40}(?P<n>\d{1,7})\s{1,9}[^\W\d]{3,40}:\s{0,9}$")
QUOTATION = re.compile(r"^(?P<indent>\s{0,40})(?P<id>\d{1,6}:\d{1,7})\s{1,9}(?P<rest>\S.{0,4000})$")
PLACES = (
    re.compile(r"^(?P<place>.*?)\s{0,9}[-–—]\s{0,9}D\s?\d{1,6}:\s{0,9}(?P<document>.+)$"),
    re.compile(r"^(?P<place>.*),\s{0,9}(?:in|en|em|dans|nel|w|в)\s{1,9}(?P<document>.+)$"),
    re.compile(r"^(?P<place>.*?)\s{1,9}(?:in|en|em|dans|nel|w|в)\s{1,9}(?P<document>.+)$"),
)
TOTAL = re.compile(
    r"^\s{0,40}(?:\((?P<a>\d{1,6})\)\s{1,9}[^\W\d]{1,40}"
    r"|[^\W\d][^:()]{0,60}\((?P<b>\d{1,6})\))\s{0,40}$"
)
COMMENTS = {plain(label) for label in QUOTATIONS["comment"]}


@dataclass
class Quotation:
    """One quotation under one code: its line from 1, identifier, document, place and words."""

    line: int
    key: str
    document: str
    place: str
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str | None:
        """The words, without blank lines around them."""
        return "\n".join(self.words).strip("\n") or None


@dataclass
class Coded:
    """One code of the report: its line from 1, name, comment, and what it says it has."""

    line: int
    name: str
    stated: int
    comment: str | None
    quotations: list[Quotation]


class CodeReport:
    """Reads the report of codes with their quotations."""

    format = "atlasti-code-report"
    software = "ATLAS.ti"
    reads_lines = True  # also of files that are no sound table

    def recognise(self, source: Source) -> Match | None:
        """Know codes by their mark, the number of their quotations and these by their number."""
        if source.kind != "text":
            return None
        with source.path.open("rb") as stream:
            # the encoding of a large file takes long to tell, and few files have such numbers
            if not NUMBERED.search(stream.read(HEAD).replace(b"\0", b"")):
                return None
        try:
            lines = _lines(source, HEAD)
        except StudyError:
            return None
        begins = _beginnings(lines)
        if not begins or not any(QUOTATION.match(line) for line in lines):
            return None
        return Match(0.96, "codes with their mark, and quotations by number", details={})

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read every code and quotation.

        Raises
        ------
        StudyError
            When a code has other quotations than it says, the report fewer codes than it
            says, or a quotation names no document.
        """
        faults = FaultList()
        lines = _lines(source, MOST)
        begins = _beginnings(lines)
        ends = [*begins[1:], len(lines)]
        codes = [
            _coded(source, lines, start, end, faults)
            for start, end in zip(begins, ends, strict=True)
        ]
        _check_total(source, lines[: begins[0]], len(codes), faults)
        faults.raise_if_any()
        return _project(source, codes, self.format)


def _lines(source: Source, most: int) -> list[str]:
    """Return the lines of a text; of a file that is larger only the first."""
    encoding = find_dialect(source.path, source.name).encoding
    with source.path.open(encoding=encoding, newline=None) as stream:
        text = stream.read(most)
        if most == MOST and stream.read(1):
            faults = FaultList()
            faults.add(
                kind="too-large",
                file=source.name,
                found=f"more than {MOST // 1024**2} MiB of text",
                expected="a report of codes",
                remedy="Export the quotations as a spreadsheet instead.",
            )
            faults.raise_if_any()
    return text.removeprefix("\ufeff").split("\n")


def _beginnings(lines: Sequence[str]) -> list[int]:
    """Find the lines that begin a code: before any other mark it says how many it has.

    A quotation can hold a list with marks of its own, which no number follows.
    """
    begins: list[int] = []
    last: int | None = None
    for place, line in enumerate(lines):
        if CODE.match(line):
            last = place
        elif last is not None and STATED.match(line):
            begins.append(last)
            last = None
        elif last is not None and QUOTATION.match(line):
            last = None
    return begins


def _coded(source: Source, lines: Sequence[str], start: int, end: int, faults: FaultList) -> Coded:
    head = CODE.match(lines[start])
    name = head["name"].strip() if head else ""
    at = next(place for place in range(start, end) if STATED.match(lines[place]))
    number = STATED.match(lines[at])
    stated = int(number["n"]) if number else 0
    places = [place for place in range(at + 1, end) if QUOTATION.match(lines[place])]
    if len(places) > stated and places:
        # a time of day in the words of a quotation looks like an identifier
        indent = _indent(lines[places[0]])
        places = [place for place in places if _indent(lines[place]) == indent]
    if len(places) != stated:
        faults.add(
            kind="inconsistent-export",
            file=source.name,
            row=start + 1,
            found=f'{len(places)} quotations of the code "{name}"',
            expected=f"{stated}, as the report says",
            remedy="Export the report again, with all quotations, or export the quotations as "
            "a spreadsheet.",
        )
    quotations = []
    for place, following in pairwise([*places, end]):
        quotation = _quotation(lines[place], place + 1)
        if quotation is None:
            faults.add(
                kind="missing-value",
                file=source.name,
                row=place + 1,
                found="a quotation without a document",
                expected='the name of its document, such as "1:1 ¶ 1, in Interview 1"',
                remedy="Export the quotations as a spreadsheet with the column Document.",
            )
            continue
        quotation.words = list(lines[place + 1 : following])
        quotations.append(quotation)
    return Coded(start + 1, name, stated, _comment(lines[start + 1 : at]), quotations)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _quotation(line: str, number: int) -> Quotation | None:
    found = QUOTATION.match(line)
    if found is None:
        return None
    for form in PLACES:
        if parts := form.match(found["rest"].strip()):
            return Quotation(number, found["id"], parts["document"].strip(), parts["place"].strip())
    return None


def _comment(lines: Sequence[str]) -> str | None:
    """Return what stands after a line "Comment:" or on it."""
    for place, line in enumerate(lines):
        word, colon, rest = line.partition(":")
        if colon and plain(word) in COMMENTS:
            said = "\n".join([rest.strip(), *lines[place + 1 :]]).strip()
            return said or None
    return None


def _check_total(source: Source, lines: Sequence[str], found: int, faults: FaultList) -> None:
    """Hold the codes against the number that the head of the report states."""
    stated = [int(total["a"] or total["b"]) for line in lines if (total := TOTAL.match(line))]
    if stated and found not in stated:
        faults.add(
            kind="inconsistent-export",
            file=source.name,
            found=f"{found} codes",
            expected=f"{stated[-1]}, as the head of the report says",
            remedy="Export the report again, or export codes and quotations as spreadsheets.",
        )


def _project(source: Source, codes: Sequence[Coded], form: str) -> CodedProject:
    names = list(dict.fromkeys(code.name for code in codes))
    paths = dict(zip(names, prefixed_paths(names, shared=True), strict=True))
    described = {paths[code.name]: code.comment for code in reversed(codes)}
    counts = Counter({paths[name]: 0 for name in names})
    for code in codes:
        counts[paths[code.name]] += code.stated
    applied = [(code, quotation) for code in codes for quotation in code.quotations]
    first: dict[tuple[str, str], Quotation] = {}
    for _, quotation in applied:
        first.setdefault((quotation.document, quotation.key), quotation)
    numbers = {key: f"s{number}" for number, key in enumerate(first, 1)}
    documents = list(dict.fromkeys(document for document, _ in first))
    places = [place_of(quotation.place, None, None) for quotation in first.values()]
    start, end, unit, place = ([item[side] for item in places] for side in range(4))
    size = len(applied)
    return CodedProject(
        info=ExportInfo(
            format=form,
            software="ATLAS.ti",
            files=(ExportFile(source.name, source.sha256, form),),
        ),
        documents=make_frame(
            "documents",
            {
                "document_id": documents,
                "name": documents,
                "position": range(1, len(documents) + 1),
            },
        ),
        codes=code_frame(
            list(counts),
            {
                "description": [described[path] for path in counts],
                "reported_n": list(counts.values()),
                "reported_n_kind": ["own"] * len(counts),
            },
        ),
        segments=make_frame(
            "segments",
            {
                "segment_id": list(numbers.values()),
                "document_id": [document for document, _ in first],
                "start": start,
                "end": end,
                "unit": unit,
                "place": place,
                "text": [quotation.text for quotation in first.values()],
                "offset_status": ["unchecked"] * len(first),
            },
        ),
        codings=make_frame(
            "codings",
            {
                "coding_id": [f"c{number}" for number in range(1, size + 1)],
                "segment_id": [numbers[item.document, item.key] for _, item in applied],
                "code_id": [code_id(paths[code.name]) for code, _ in applied],
                "source_file": [source.name] * size,
                "source_row": [item.line for _, item in applied],
            },
        ),
        rows_read=size,
        warnings=find_dialect(source.path, source.name).warnings,
    )


READER = CodeReport()

# projects of version 8 and later (.atlproj, .atlproj23), codebooks, bundles of versions 5 to 7
NATIVE = NativeFile(
    "atlasti-native-file",
    "ATLAS.ti",
    r"atlproj\w{0,4}|atlcb|hpr\d?|hpd|atlpac",
    "Open it in ATLAS.ti and export the project: Export, QDPX project (REFI-QDA), or quotations "
    "and codes as Excel reports.",
)
