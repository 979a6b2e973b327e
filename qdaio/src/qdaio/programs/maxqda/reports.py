"""MAXQDA's reports in words: retrieved segments as Word or web page, code system as a list.

What MAXQDA lists as a table is read as one, in a document as well as in a workbook. Here are
the other forms: each segment with a line under or above it that says where it is from and
which code it has, and a code system as nested items.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from qdaio.files.cells import Sheet, clean_cells
from qdaio.files.pages import Page, Paragraph, read_page
from qdaio.files.source import Source
from qdaio.headers import SheetTable
from qdaio.model import CodedProject
from qdaio.programs.maxqda.code_system import match_system, system_project
from qdaio.programs.maxqda.segments import CodedSegments
from qdaio.programs.maxqda.words import HEADERS, is_root
from qdaio.reader import Match

__all__ = ["CODE_LIST", "SEGMENTS", "ListedCodes", "RetrievedSegments"]

LINE = 1000  # characters of a line that says where a segment is from


def _either(names: Iterable[str]) -> str:
    """Return a pattern for any of some words, longest first."""
    return "|".join(re.escape(word) for word in sorted(set(names), key=len, reverse=True))


CODE_WORDS = _either(
    label + more for labels in HEADERS["code"].values() for label in labels for more in ("", "s")
)
WEIGHT_WORDS = _either(label for labels in HEADERS["weight"].values() for label in labels)
CODE = re.compile(rf"^(?:(?:{CODE_WORDS})\s?:\s{{0,9}}●?|●)\s{{0,9}}(?P<code>\S.*)$", re.I)
WEIGHT = re.compile(
    rf"^(?:{WEIGHT_WORDS})\s?:\s{{0,9}}(?P<weight>\d{{1,3}})(?:\s+(?P<more>\S.*))?$", re.I
)
POSITION = r"\d{1,7}(?::\d{1,9}){0,2}(?:[.,]\d{1,3})?"
RANGE = rf"(?P<start>{POSITION})(?:\s?[-–—]\s?(?P<end>{POSITION}))?"
PLACE = re.compile(
    rf"^\(?(?P<document>\S.{{0,200}}?),\s?(?P<word>Pos|Abs|¶|S|p|P|pp|s)\.?\s?{RANGE}\)?$"
)
OLD_PLACE = re.compile(
    rf"^\(?(?P<document>\S.{{0,200}}?):\s?(?P<start>{POSITION})\s?[-–—]\s?"
    rf"(?P<end>{POSITION})\)?$"
)
AT_END = re.compile(r"\s\((?P<place>[^()]{3,600},\s?Pos\.\s?\d[^()]{0,40})\)$")
PARTS = re.compile(r"\t+|\s\|\s|\s{3,}|\u00a0{2,}")
COUNTED = re.compile(r"^(?P<name>\S.*?)[\s\u00a0]*[\[(]?(?P<n>\d{1,9})[\])]?$")
BEFORE = re.compile(rf"\s(?=(?:{WEIGHT_WORDS}|{CODE_WORDS})\s?:)", re.I)


@dataclass(slots=True)
class Origin:
    """What the lines beside a segment say of it, and the paragraphs, from 1, that say it."""

    row: int
    document: str | None = None
    start: str | None = None
    end: str | None = None
    code: str | None = None
    weight: str | None = None
    heading: str | None = None  # the code, where codes are headings
    is_position: bool = False  # written as "Pos. 3"

    @property
    def is_whole(self) -> bool:
        """Whether document and code are known."""
        return self.document is not None and self.code is not None


@dataclass(slots=True)
class Retrieved:
    """A segment: its words and its origin."""

    origin: Origin
    words: list[str] = field(default_factory=list)


class RetrievedSegments(CodedSegments):
    """Reads retrieved segments that were exported as a Word document or a web page."""

    format = "maxqda-retrieved-segments"
    software = "MAXQDA"

    def recognise(self, source: Source) -> Match | None:
        """Know segments by the lines that say document, position and code of each."""
        if source.kind not in {"docx", "html"}:
            return None
        found, left = retrieved(read_page(source))
        if not found:
            return None
        return Match(
            0.9 if len(found) > 1 else 0.7,
            "segments with lines that say document, position and code",
            details={"found": found, "left": left},
        )

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the segments; what stands apart from them is listed.

        Raises
        ------
        StudyError
            When a segment names no document or code.
        """
        found: list[Retrieved] = match.details["found"]
        texts = [_row(item) for item in found]
        columns = {
            name: clean_cells([row[place] for row in texts]) for place, name in enumerate(COLUMNS)
        }
        sheet = Sheet(name="", file=source.name, columns=list(columns.values()))
        table = SheetTable(
            sheet=sheet,
            header_row=1,
            columns={
                name: cells for name, cells in columns.items() if name != "weight" or any(cells)
            },
            unknown={},
            row_numbers=[item.origin.row for item in found],
            headers={name: name for name in columns},
        )
        rows = self.rows(source, table)
        for row in match.details["left"]:
            rows.notes.aside("text", "it stands beside no line that says document and code", row)
        rows.notes.warn(
            f"{len(found)} segments were read from a report in words, which does not say who "
            "coded them, nor how many there are; a spreadsheet of the coded segments is safer."
        )
        return self.project(rows, ())

    def language(self, table: SheetTable) -> str | None:
        """Say nothing: the headers are not those of the program."""
        return None


COLUMNS = ("group", "document", "code", "start", "end", "weight", "text")


def _row(item: Retrieved) -> list[str]:
    origin = item.origin
    group, document = _parted(origin.document or "")
    return [
        group,
        document,
        origin.code or "",
        origin.start or "",
        origin.end or origin.start or "",
        origin.weight or "",
        "\n".join(item.words),
    ]


def _parted(label: str) -> tuple[str, str]:
    r"""Part "Group\Document", which newer versions write with " > ", at the last sign."""
    for sign in (" > ", "\\"):
        group, found, name = label.rpartition(sign)
        if found and name.strip():
            return group.strip(), name.strip()
    return "", label.strip()


def retrieved(page: Page) -> tuple[list[Retrieved], list[int]]:
    """Find the segments of a page, and the paragraphs, from 1, that belong to none.

    Lines of origin stand under the words of each segment, or above them all through the
    page.
    """
    paragraphs = page.paragraphs
    headings: list[str] = []
    stands_below = False
    steps: list[Origin | tuple[int, str]] = []
    for row, paragraph in enumerate(paragraphs, 1):
        if paragraph.heading is not None:
            headings = [*headings[: paragraph.heading - 1], paragraph.text.strip()]
            steps.append((row, ""))
            continue
        if at_end := AT_END.search(paragraph.text):
            stands_below = True
            steps.append((row, paragraph.text[: at_end.start()]))
            origin = _origin(row, at_end["place"])
        else:
            origin = _origin(row, paragraph.text)
        if origin is None:
            steps.append((row, paragraph.text))
            continue
        if origin.is_position and headings:
            origin.heading = " > ".join(headings)
        if steps and isinstance(steps[-1], Origin) and _fits(steps[-1], origin):
            _add(steps[-1], origin)
        else:
            steps.append(origin)
    origins = [step for step in steps if isinstance(step, Origin)]
    by_heading = 0
    for origin in origins:
        if origin.code is None and origin.heading:
            origin.code = origin.heading
            by_heading += 1
    whole = sum(origin.is_whole for origin in origins)
    # one citation such as "(Smith, Pos. 3)" under a heading makes no report
    if not whole or by_heading == whole == 1 or 2 * whole < len(origins):
        return [], []
    said = [step for step in steps if isinstance(step, Origin) or step[1]]
    starts, ends = (isinstance(said[place], Origin) for place in (0, -1))
    return _joined(steps, is_above=not stands_below and (starts or not ends))


def _joined(
    steps: Sequence[Origin | tuple[int, str]], *, is_above: bool
) -> tuple[list[Retrieved], list[int]]:
    """Give each origin the words before it, or those after it where origins stand above."""
    found: list[Retrieved] = []
    left: list[int] = []
    waiting: list[tuple[int, str]] = []
    for step in steps:
        if isinstance(step, Origin):
            if is_above:
                found.append(Retrieved(step))
            else:
                found.append(Retrieved(step, [text for _, text in waiting if text]))
            waiting = []
        elif is_above:
            if found and step[1]:
                found[-1].words.append(step[1])
            elif step[1]:
                left.append(step[0])
        elif not step[1]:  # a heading parts segments
            left += [row for row, text in waiting if text]
            waiting = []
        else:
            waiting.append(step)
    left += [row for row, text in waiting if text]
    return found, left


def _origin(row: int, text: str) -> Origin | None:
    """Read a paragraph that says nothing but where a segment is from."""
    if len(text) > LINE:
        return None
    origin = Origin(row)
    parts = [part.strip() for line in text.split("\n") for part in PARTS.split(line)]
    pieces = [piece.strip() for part in parts if part for piece in BEFORE.split(part)]
    for piece in filter(None, pieces):
        rest: str | None = piece
        if found := WEIGHT.match(piece):
            origin.weight, rest = found["weight"], found["more"]
        if rest is None:
            continue
        place = PLACE.match(rest) or OLD_PLACE.match(rest)
        if found := CODE.match(rest):
            # with a place at its end nobody can say where the name of the code ends
            if origin.code is not None or place is not None:
                return None
            origin.code = found["code"].strip()
        elif place is not None and origin.document is None:
            origin.document = place["document"]
            origin.start, origin.end = place["start"], place["end"]
            origin.is_position = place.re is PLACE and place["word"] == "Pos"
        else:
            return None
    if origin.code is None and origin.document is None:
        return None
    return origin


def _fits(one: Origin, other: Origin) -> bool:
    """Say whether two lines can be about one segment."""
    return (one.document is None or other.document is None) and (
        one.code is None or other.code is None
    )


def _add(one: Origin, other: Origin) -> None:
    for name in ("document", "start", "end", "code", "weight", "heading"):
        if getattr(one, name) is None:
            setattr(one, name, getattr(other, name))


class ListedCodes:
    """Reads a code system that was exported as nested items of a web page or document."""

    format = "maxqda-code-list"
    software = "MAXQDA"

    def recognise(self, source: Source) -> Match | None:
        """Know the list by its root, the code system itself."""
        if source.kind not in {"docx", "html"}:
            return None
        sheet = _list_as_sheet(source.name, read_page(source).paragraphs)
        match = None if sheet is None else match_system(sheet)
        if match is None or match.details["tree"].root is None:
            return None
        return Match(0.9, "a list of codes under its root", details=match.details)

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the codes and their counts."""
        return system_project(source, match.details["sheet"], match.details["tree"])


def _list_as_sheet(file: str, paragraphs: Sequence[Paragraph]) -> Sheet | None:
    """Lay nested items out as the tree of a code system, a column a level."""
    root = next(
        (place for place, item in enumerate(paragraphs) if is_root(_name_and_count(item.text)[0])),
        None,
    )
    if root is None:
        return None
    items: list[tuple[int, str, int | None]] = []
    base = paragraphs[root].depth or 0
    for paragraph in paragraphs[root:]:
        if items and (paragraph.depth is None or paragraph.depth <= base):
            break
        name, count = _name_and_count(paragraph.text)
        items.append(((paragraph.depth or 0) - base, name, count))
    if len(items) < 2:
        return None
    is_counted = items[0][2] is not None
    width = max(depth for depth, _, _ in items) + 1
    columns: list[list[object]] = [[None] * len(items) for _ in range(width)]
    for place, (depth, name, count) in enumerate(items):
        text = paragraphs[root + place].text.strip()
        columns[depth][place] = name if is_counted and count is not None else text
    if is_counted:
        columns.append([count for _, _, count in items])
    return Sheet(name="", file=file, columns=columns)


def _name_and_count(text: str) -> tuple[str, int | None]:
    if len(text) > LINE:
        return text, None
    found = COUNTED.match(text.strip().removeprefix("●").strip())
    if found is None:
        return text.strip(), None
    return found["name"].strip(), int(found["n"])


SEGMENTS = RetrievedSegments()
CODE_LIST = ListedCodes()
