"""INCEpTION and WebAnno: spans of a document, as WebAnno TSV 3 or as UIMA CAS XMI.

Layers of spans are read, a value of a feature as a code. What machines and linguists put on
every token (sentences, parts of speech, …) codes nothing and is set aside, and so are
relations, chains and slots. Positions count UTF-16 units, as Java does.
"""

from __future__ import annotations

import re
from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qdaio.faults import Fault, StudyError
from qdaio.files.source import Source
from qdaio.files.xml import Walker, root_of
from qdaio.model import CodedProject, ExportFile, ExportInfo, Notes
from qdaio.places import Counter
from qdaio.reader import Match
from qdaio.spans import Marks

__all__ = ["TSV", "XMI", "CasXmi", "WebAnnoTsv"]

FORMAT = "#FORMAT=WebAnno TSV 3"
JAVA = Counter("utf-16")
HEAD = 64 * 1024
MOST = 128 * 1024 * 1024  # bytes of one document
# Layers that say what words are, and not what a person makes of them.
LINGUISTIC = {
    "Token",
    "Sentence",
    "Lemma",
    "Stem",
    "POS",
    "MorphologicalFeatures",
    "Dependency",
    "SurfaceForm",
    "CorrectionLayer",
    "SofaChangeAnnotation",
    "SpellingAnomaly",
    "Chunk",
    "Constituent",
    "Paragraph",
    "Heading",
    "Div",
    "DocumentMetaData",
    "DocumentAnnotation",
    "TagsetDescription",
    "TagDescription",
    "LayerDefinition",
    "XmlElement",
    "XmlDocument",
    "XmlTextNode",
    "XmlAttribute",
}
OFFSETS = re.compile(r"(\d{1,12})-(\d{1,12})")
STACKED = re.compile(r"((?:\\.|[^\\|\[])*)(?:\[(\d{1,9})\])?(?:\||$)")
ESCAPE = re.compile(r"\\(->|.)", re.DOTALL)
CONTROL = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b"}
UNSET, PLACEHOLDER = "_", "*"
SHOWN = 8
OURS = {"sofa", "begin", "end"}
RELATION = {"Governor", "Dependent", "source", "target", "first", "next"}


@dataclass(slots=True)
class Span:
    """One annotation: where it stands, its layer, and the values of its features."""

    row: int
    layer: str
    start: int
    end: int
    values: dict[str, str] = field(default_factory=dict)
    word: int = 0  # number of its last word, where words are counted


class WebAnnoTsv:
    """Reads a document as WebAnno TSV, versions 3.0 to 3.3."""

    format = "webanno-tsv"
    software = "INCEpTION"
    reads_lines = True

    def recognise(self, source: Source) -> Match | None:
        """Know the first line."""
        if source.kind != "text":
            return None
        with source.path.open("rb") as stream:
            start = stream.read(len(FORMAT) + 3).decode("utf-8-sig", errors="ignore")
        return Match(1.0, "the first line of WebAnno TSV") if start.startswith(FORMAT) else None

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the document.

        Raises
        ------
        StudyError
            When rows have other columns than the first lines announce.
        """
        notes = Notes(source.name)
        text, spans, others = _read_tsv(_lines(source), notes)
        notes.faults.raise_if_any()
        return _project(self.format, source, text, None, spans, others, notes)


class CasXmi:
    """Reads a document as UIMA CAS XMI, or with its type system in a zip."""

    format = "uima-xmi"
    software = "INCEpTION"

    def recognise(self, source: Source) -> Match | None:
        """Know the root element."""
        if source.kind != "xml":
            return None
        with source.path.open("rb") as stream:
            root = root_of(stream.read(HEAD))
        return Match(0.98, "the root element XMI") if root and root[0] == "XMI" else None

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the document.

        Raises
        ------
        StudyError
            When it is no well-formed XML, or holds no text.
        """
        notes = Notes(source.name)
        with source.path.open("rb") as stream:
            text, title, spans, others = _read_xmi(Walker(stream, source.name), notes)
        return _project(self.format, source, text, title, spans, others, notes)


TSV, XMI = WebAnnoTsv(), CasXmi()


def _project(
    name: str,
    source: Source,
    text: str,
    title: str | None,
    spans: Sequence[Span],
    others: Tally[str],
    notes: Notes,
) -> CodedProject:
    marks = Marks(notes, JAVA)
    stated, coder = _names(source.path)
    document = marks.document(title or stated, text)
    layers = {span.layer for span in spans}
    used: dict[str, set[str]] = {layer: set() for layer in layers}
    for span in spans:
        used[span.layer] |= set(span.values)
    for span in spans:
        short = span.layer.rpartition(".")[2]
        above = (short,) if len(layers) > 1 else ()
        several = len(used[span.layer]) > 1
        paths = [
            (*above, *((feature,) if several else ()), value)
            for feature, value in span.values.items()
        ]
        for path in paths or [(short,)]:
            marks.mark(document, path, span.row, start=span.start, end=span.end, coder=coder)
    for layer, count in sorted(others.items()):
        notes.aside("annotation", f"{count} of the layer {layer}, which codes nothing", None)
    return marks.project(
        ExportInfo(
            format=name,
            software="INCEpTION",
            files=(ExportFile(source.name, source.sha256, name),),
        )
    )


def _names(path: Path) -> tuple[str, str | None]:
    """Name document and annotator: INCEpTION exports a folder a document, a file a person."""
    folder = path.parent.name
    if path.parent.suffix and path.parent.parent.name in ("annotation", "curation"):
        return folder, path.stem
    return path.stem, None


def _lines(source: Source) -> Iterator[str]:
    if source.path.stat().st_size > MOST:
        raise StudyError(_wrong(source.name, None, f"more than {MOST:,} bytes", "one document"))
    try:
        text = source.path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyError(_wrong(source.name, None, "text that is not UTF-8", "UTF-8")) from error
    return iter(text.split("\n"))


def _read_tsv(lines: Iterable[str], notes: Notes) -> tuple[str, list[Span], Tally[str]]:
    columns: list[tuple[str, str]] = []  # layer and feature; no feature where it is no code
    others: Tally[str] = Tally()
    text, length = "", 0  # in UTF-16 units
    sentence: list[str] = []
    spans: dict[tuple[str, int, int], Span] = {}
    words = _Words()
    row, is_ended = 0, True
    for row, line in enumerate(lines, 1):
        line = line.removesuffix("\r")
        is_ended = not line
        if line.startswith("#T_"):
            columns += _columns(line)
        elif line.startswith("#Text="):
            sentence.append(_unescaped(line.removeprefix("#Text=")))
        elif not line or line.startswith("#"):
            continue
        else:
            cells = line.split("\t")
            place = OFFSETS.fullmatch(cells[1]) if len(cells) > 2 else None
            if place is None or len(cells) < 3 + len(columns):
                notes.faults.add(
                    kind="wrong-format",
                    file=notes.file,
                    row=row,
                    found=f"{len(cells)} cells",
                    expected=f"a token, its place, and {len(columns)} columns of annotations",
                    remedy="Export the document again as WebAnno TSV 3.3.",
                )
                continue
            start, end = int(place[1]), int(place[2])
            if sentence:
                said = "\n".join(sentence)
                begin = max(start - _units(said[: max(said.find(cells[2]), 0)]), length)
                if begin - length > len(line) + MOST:
                    raise StudyError(_wrong(notes.file, row, "a place far outside", "the text"))
                text += " " * (begin - length) if not text else "\n" * (begin - length)
                text += said
                length = begin + _units(said)
                sentence = []
                words.begin(said, begin, row)
            words.take(cells[0], _unescaped(cells[2]), start, end, row)
            _take(cells[3:], columns, (row, start, end), spans, others, words)
    words.end()
    if sentence or not is_ended:
        words.wrong.add(row)  # a sentence without its words, or half a line
    gaps = max(words.numbers, default=0) - len(words.numbers)
    if gaps:  # the program numbers them from 1 without a gap
        notes.warn(
            f"{gaps} numbers of annotations are left out. The file was changed or is "
            "damaged: export the document again."
        )
    if words.wrong:
        rows = ", ".join(map(str, sorted(words.wrong)[:SHOWN]))
        more = f" and {len(words.wrong) - SHOWN} more" if len(words.wrong) > SHOWN else ""
        notes.warn(
            f"words or annotations are not whole in the rows {rows}{more}, as in a "
            "file that was cut off or changed. Export the document again."
        )
    return text, list(spans.values()), others


class _Words:
    """Holds the words of each sentence against its text, and each annotation against itself.

    Words are to follow each other with blanks between them to the end of their sentence, and
    sentences by number; an annotation of several words has one value and no gap.
    """

    def __init__(self) -> None:
        self.wrong: set[int] = set()
        self.numbers: set[int] = set()  # of annotations that have one
        self._said, self._begin, self._last = b"", 0, 0
        self._row = self._sentence = 0
        self._word = 0

    def begin(self, said: str, begin: int, row: int) -> None:
        """Begin a sentence."""
        self.end()
        self._said, self._begin, self._last = _utf16(said), begin, begin
        self._row = row

    def end(self) -> None:
        """End a sentence: nothing of its text may be left."""
        if self._rest(self._last, self._begin + len(self._said) // 2):
            self.wrong.add(self._row)

    def take(self, number: str, word: str, start: int, end: int, row: int) -> None:
        """Take a word; parts of a word have a number such as 2-3.1, and stand within it."""
        self._row = row
        if "." in number:
            return
        sentence = number.partition("-")[0]
        if sentence.isdigit() and len(sentence) < 10:
            if int(sentence) not in (self._sentence, self._sentence + 1):
                self.wrong.add(row)
            self._sentence = int(sentence)
        own = self._said[2 * (start - self._begin) : 2 * (end - self._begin)]
        if start < self._last or own != _utf16(word) or self._rest(self._last, start):
            self.wrong.add(row)
        self._last = max(self._last, end)
        self._word += 1

    def check(self, span: Span, value: tuple[str, str] | None, row: int) -> None:
        """Hold a further word of an annotation against those before it."""
        if span.word not in (self._word, self._word - 1):
            self.wrong.add(row)
        if value is not None and span.values.get(value[0], value[1]) != value[1]:
            self.wrong.add(row)
        span.word = self._word

    @property
    def number(self) -> int:
        """How many words there were."""
        return self._word

    def _rest(self, first: int, last: int) -> bool:
        """Say whether a stretch holds more than blanks."""
        part = self._said[2 * (first - self._begin) : 2 * (last - self._begin)]
        return bool(part.decode("utf-16-le", "replace").strip())


def _columns(line: str) -> Iterator[tuple[str, str]]:
    """Return the columns of a layer, such as ``#T_SP=webanno.custom.Codes|code``."""
    kind, _, declared = line.partition("=")
    layer, *features = declared.split("|")
    is_read = kind == "#T_SP" and layer.rpartition(".")[2] not in LINGUISTIC
    after_role = False
    for feature in features or [""]:
        is_slot = feature.startswith("ROLE_") or after_role
        after_role = feature.startswith("ROLE_")
        if is_slot:  # that there is an annotation at all, and what fills its slots
            yield (layer, PLACEHOLDER) if after_role and is_read else (f"{layer} (slots)", "")
        else:
            yield layer, (feature or PLACEHOLDER) if is_read else ""


def _take(
    cells: Sequence[str],
    columns: Sequence[tuple[str, str]],
    place: tuple[int, int, int],
    spans: dict[tuple[str, int, int], Span],
    others: Tally[str],
    words: _Words,
) -> None:
    """Take the annotations of a token; a number in brackets joins those of several tokens."""
    row, start, end = place
    for cell, (layer, feature) in zip(cells, columns, strict=False):
        if cell in (UNSET, ""):
            continue
        taken = 0
        for stack, found in enumerate(STACKED.finditer(cell)):
            value, number = found[1], found[2]
            taken += len(found[0])
            if number is not None:
                words.numbers.add(int(number))
            if not value and number is None:
                continue
            if not feature:
                others[layer] += 1
                continue
            if feature == PLACEHOLDER and number is None and stack and value != PLACEHOLDER:
                continue
            key = (layer, int(number), -1) if number else (layer, -row, stack)
            span = spans.get(key)
            is_named = value not in (PLACEHOLDER, UNSET) and feature != PLACEHOLDER
            named = (feature, _unescaped(value)) if is_named else None
            if span is None:
                span = spans[key] = Span(row, layer, start, end, word=words.number)
            words.check(span, named, row)
            span.start, span.end = min(span.start, start), max(span.end, end)
            if named is not None:
                span.values[feature] = named[1]
        if feature not in ("", PLACEHOLDER) and taken < len(cell):
            words.wrong.add(row)  # a bracket without a number in it


def _unescaped(text: str) -> str:
    return ESCAPE.sub(lambda found: CONTROL.get(found[1], found[1]), text) if "\\" in text else text


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _units(text: str) -> int:
    return len(_utf16(text)) // 2


def _read_xmi(walker: Walker, notes: Notes) -> tuple[str, str | None, list[Span], Tally[str]]:
    texts: dict[str, str] = {}
    titles: list[str] = []
    found: list[tuple[str, Span]] = []
    relations: set[str] = set()  # layers of which any refers to another
    links: set[str] = set()  # what stands nowhere in the text, such as the fillers of slots
    placeless: list[tuple[str, int]] = []  # the same, with the layer and the line
    others: Tally[str] = Tally()
    seen: Tally[str] = Tally()  # numbers of everything that stands in the text
    members: set[str] = set()

    def view(attributes: dict[str, str]) -> None:
        members.update(attributes.get("members", "").split())

    def sofa(attributes: dict[str, str]) -> None:
        texts[attributes.get("xmi:id", "")] = attributes.get("sofaString", "")

    def metadata(attributes: dict[str, str]) -> None:
        seen[attributes.get("xmi:id", "")] += 1
        titles.extend(filter(None, map(attributes.get, ("documentTitle", "documentId"))))

    def annotation(layer: str, attributes: dict[str, str]) -> None:
        begin, end = attributes.get("begin", ""), attributes.get("end", "")
        if not (begin.isdigit() and end.isdigit() and len(begin + end) < 36):
            links.add(attributes.get("xmi:id", ""))
            placeless.append((layer, walker.line))
            return
        seen[attributes.get("xmi:id", "")] += 1
        if not RELATION.isdisjoint(attributes):
            relations.add(layer)
        if layer in LINGUISTIC or "PosValue" in attributes:
            others[layer] += 1
            return
        values = {
            name: value
            for name, value in attributes.items()
            if name not in OURS and value and ":" not in name
        }
        span = Span(walker.line, layer, int(begin), int(end), values)
        found.append((attributes.get("sofa", ""), span))

    walker.starts["Sofa"] = sofa
    walker.starts["View"] = view
    walker.starts["DocumentMetaData"] = metadata
    walker.other = annotation
    walker.walk()
    for _, span in found:
        others[span.layer] += span.layer in relations
        slots = [name for name, value in span.values.items() if links.issuperset(value.split())]
        for name in slots:
            del span.values[name]
            others[f"{span.layer} (slots)"] += 1
    _check_members(members, seen, links, notes)
    named = [identifier for identifier, text in texts.items() if text]
    if not named:
        raise StudyError(_wrong(notes.file, None, "no text", "a document with its text"))
    coded = {span.layer for _, span in found} - relations
    for layer, line in placeless:
        if layer in coded:
            notes.aside("coding", "it says no place in the text, as others of its layer do", line)
    spans = []
    names_text = any(sofa_id for sofa_id, _ in found)
    for sofa_id, span in found:
        if span.layer in relations:
            continue
        if sofa_id == named[0] or not (sofa_id or names_text):
            spans.append(span)
            continue
        why = "it is of another view of the document" if sofa_id in texts else "it names no text"
        notes.aside("coding", why, span.row)
    return texts[named[0]], titles[0] if titles else None, spans, +others


def _check_members(members: set[str], seen: Tally[str], links: set[str], notes: Notes) -> None:
    """Hold the annotations against the list of them that stands at the end of the file."""
    twice = sum(count - 1 for count in seen.values())
    lost = len(members - set(seen) - links) if members else 0
    more = len(set(seen) - members) if members else 0
    parts = [
        f"{count} annotations {what}"
        for count, what in ((twice, "stand twice"), (lost, "are missing"), (more, "are not listed"))
        if count
    ]
    if parts:
        notes.warn(
            f"{', '.join(parts)}, by the file's own list of them. It was changed or "
            "is damaged: export the document again."
        )


def _wrong(file: str, row: int | None, found: str, expected: str) -> Fault:
    return Fault(
        kind="wrong-format",
        file=file,
        row=row,
        found=found,
        expected=expected,
        remedy="Export the document again, as WebAnno TSV 3.3 or as UIMA CAS XMI.",
    )
