r"""What is coded at one node of NVivo, exported as text, Word document or web page.

A line such as ``<Files\\Ann> - § 2 references coded  [1.93% Coverage]`` says whose words follow
and how many references; each begins with ``Reference 1 - 0.62% Coverage``. Only the first line
or the name of the file says which code it is. NVivo's printed summaries of coding hold counts
and pieces in no order that a table can be made of: they are named, with the export to make.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from qdaio.codes import code_frame, code_id
from qdaio.faults import StudyError
from qdaio.files.pages import read_page
from qdaio.files.source import Source
from qdaio.files.text import find_dialect
from qdaio.model import CodedProject, ExportFile, ExportInfo, Notes, make_frame
from qdaio.programs.nvivo.tables import path_of
from qdaio.reader import Match, NamedFile, NativeFile

__all__ = ["NATIVE", "REFERENCES", "SUMMARY", "CodedReferences", "CodingSummary"]

HEAD = 64 * 1024
MOST = 64 * 1024 * 1024  # characters
SHOWN = 12
HALF = Decimal("0.0051")  # of the last place of a share, which has two
# the words differ with the language; the signs and numbers do not
SOURCE = re.compile(
    r"^\s{0,9}<(?P<name>[^<>]{1,500})>\s{0,9}[-–—]\s{0,9}§\s{0,9}(?P<n>\d{1,7})\s[^\[\]]{0,80}"
    r"\[\s?(?P<share>\d{1,3}[.,]\d{1,4})\s?%[^\]]{0,40}\]\s{0,9}$"
)
REFERENCE = re.compile(
    r"^\s{0,9}[^\W\d][^\d]{2,30}(?P<n>\d{1,7})\s{0,9}[-–—]\s{0,9}"
    r"(?P<share>\d{1,3}[.,]\d{1,4})\s?%.{0,40}$"
)
NAME = re.compile(
    r"^\s{0,9}(?:Name|Nombre|Nome|Nom|名称|名前)\s{0,3}[:：]\s{0,9}(?P<name>\S.{0,500})$"
)
SUMMARIES = re.compile(
    r"\b(?:(?:Coding|Node|Code|File|Source) (?:Summary|Structure)"
    r"(?: [Bb]y (?:Code|Node|File|Source))?"
    r"|Kodierungszusammenfassung|Codierungszusammenfassung)\b"
)
COUNTED = re.compile(
    r"\b(?:Number Of Coding References|Coverage|Aggregate|Coded By Initials)\b", re.I
)


@dataclass
class Coded:
    """The references of one document: the line that announces them, and their words by line.

    The shares are percentages of the document: the stated one, and those of the references
    added up.
    """

    line: int
    name: str
    stated: int
    share: Decimal
    added: Decimal = Decimal(0)
    numbers: list[int] = field(default_factory=list)
    references: list[tuple[int, list[str]]] = field(default_factory=list)


class CodedReferences:
    """Reads the references of one node."""

    format = "nvivo-references"
    software = "NVivo"
    reads_lines = True

    def recognise(self, source: Source) -> Match | None:
        """Know the lines that announce documents and references."""
        lines = _lines(source, HEAD)
        if not any(map(SOURCE.match, lines)) or not any(map(REFERENCE.match, lines)):
            return None
        return Match(0.97, "coded references under the names of files")

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read every reference.

        Raises
        ------
        StudyError
            When a document has other references than it says.
        """
        notes = Notes(source.name)
        path, found = _found(_lines(source, MOST), notes)
        if not path:
            path = (source.path.stem,)
            notes.warn("the report does not name its code; it is called by the name of the file.")
        for coded in found:
            if len(coded.references) != coded.stated:
                notes.faults.add(
                    kind="inconsistent-export",
                    file=source.name,
                    row=coded.line,
                    found=f"{len(coded.references)} references",
                    expected=f"{coded.stated}, as the line says",
                    remedy="Export the node again; this copy was edited or is not complete.",
                )
        notes.faults.raise_if_any()
        names = Counter(coded.name for coded in found)
        if twice := sum(count > 1 for count in names.values()):
            notes.warn(
                f"{twice} files stand in it more than once, as where a part of it "
                "was copied; all their references are counted."
            )
        if odd := _odd(found):
            rows = ", ".join(map(str, odd[:SHOWN])) + (" …" if len(odd) > SHOWN else "")
            notes.warn(
                f"below row {rows} the references are not numbered from 1, or their "
                "shares do not add up to the one that is stated. Where references do not overlap, "
                "some are lost: export the node again."
            )
        return _project(source, path, found, notes, self.format)


def _found(lines: Sequence[str], notes: Notes) -> tuple[tuple[str, ...], list[Coded]]:
    """Return the path of the code, where it is named, and the references by document."""
    path: tuple[str, ...] = ()
    found: list[Coded] = []
    for row, line in enumerate(lines, 1):
        if begins := SOURCE.match(line):
            name = begins["name"].strip()
            found.append(Coded(row, name, int(begins["n"]), _share(begins)))
        elif not found:
            if not path and (named := NAME.match(line)):
                path = path_of(named["name"].strip())[1]
            elif line.strip():
                notes.aside("text", "it stands above the first reference", row)
        elif said := REFERENCE.match(line):
            found[-1].references.append((row, []))
            found[-1].numbers.append(int(said["n"]))
            found[-1].added += _share(said)
        elif found[-1].references:
            found[-1].references[-1][1].append(line)
        elif line.strip():
            notes.aside("text", "it stands above the first reference", row)
    return path, found


def _share(found: re.Match[str]) -> Decimal:
    return Decimal(found["share"].replace(",", "."))


def _odd(found: Sequence[Coded]) -> list[int]:
    """Return the lines of documents whose references are not numbered, or add up, as stated."""
    return [
        coded.line
        for coded in found
        if coded.numbers != list(range(1, len(coded.numbers) + 1))
        or abs(coded.share - coded.added) > HALF * (coded.stated + 1)
    ]


def _project(
    source: Source, path: tuple[str, ...], found: Sequence[Coded], notes: Notes, form: str
) -> CodedProject:
    names = [(folder, parts[-1]) for item in found for folder, parts in [path_of(item.name)]]
    ids = list(dict.fromkeys(name for _, name in names))
    rows = [
        (name, row, "\n".join(words).strip("\n") or None)
        for (_, name), item in zip(names, found, strict=True)
        for row, words in item.references
    ]
    numbers = range(1, len(rows) + 1)
    notes.warn("the report does not say who coded, nor where in a text a reference stands.")
    return CodedProject(
        info=ExportInfo(
            format=form,
            software="NVivo",
            files=(ExportFile(source.name, source.sha256, form),),
            is_partial=True,  # one node of a project
        ),
        documents=make_frame(
            "documents",
            {"document_id": ids, "name": ids, "position": range(1, len(ids) + 1)},
        ),
        codes=code_frame([path], {"reported_n": [len(rows)], "reported_n_kind": ["own"]}),
        segments=make_frame(
            "segments",
            [
                {"segment_id": f"s{n}", "document_id": name, "text": text}
                | {"offset_status": "unchecked"}
                for n, (name, _, text) in zip(numbers, rows, strict=True)
            ],
        ),
        codings=make_frame(
            "codings",
            [
                {"coding_id": f"c{n}", "segment_id": f"s{n}", "code_id": code_id(path)}
                | {"source_file": source.name, "source_row": row}
                for n, (_, row, _) in zip(numbers, rows, strict=True)
            ],
        ),
        rows_read=len(rows) + notes.codings_aside,
        set_aside=tuple(notes.set_aside),
        warnings=tuple(notes.warnings),
    )


class CodingSummary(NamedFile):
    """Names the printed reports of NVivo, which hold no table that can be read."""

    format = "nvivo-summary"
    software = "NVivo"
    reads_lines = True
    remedy = (
        "Export the project as REFI-QDA (.qdpx), or each node as text "
        "(Share, Export, Export Items), or a matrix of codes and files as .xlsx."
    )

    def recognise(self, source: Source) -> Match | None:
        """Know a report by its title and the words of its columns."""
        lines = _lines(source, HEAD)
        head = "\n".join(lines[:40])
        if not (SUMMARIES.search(head) and len(set(COUNTED.findall(head))) > 1):
            return None
        return Match(0.45, "the title and columns of a printed report")

    def found(self, match: Match) -> str:
        """Say what the report is for."""
        return "a printed report of NVivo, which is laid out for paper"


def _lines(source: Source, most: int) -> list[str]:
    """Return the lines of a text or the paragraphs of a document, none where it is neither."""
    try:
        if source.kind in {"docx", "html"}:
            page = read_page(source)
            return [line for item in page.paragraphs for line in item.text.split("\n")]
        if source.kind not in {"text", "xml"}:
            return []
        with source.path.open("rb") as stream:
            if most == HEAD and b"\xa7" not in stream.read(HEAD) and not _is_report(source):
                return []
        encoding = find_dialect(source.path, source.name).encoding
        with source.path.open(encoding=encoding, newline=None) as text:
            return text.read(most).removeprefix("\ufeff").split("\n")
    except StudyError:
        if most == HEAD:
            return []
        raise


def _is_report(source: Source) -> bool:
    with source.path.open("rb") as stream:
        head = stream.read(4096).replace(b"\0", b"").decode("utf-8", errors="ignore")
    return SUMMARIES.search(head) is not None


REFERENCES = CodedReferences()
SUMMARY = CodingSummary()

# projects of Windows (.nvp), of the Mac (.nvpx) and of NVivo's collaboration, and earlier ones
NATIVE = NativeFile(
    "nvivo-native-file",
    "NVivo",
    r"nvp|nvpx|nvcx?|nvb|qsr",
    "Open it in NVivo and export the project: Share, Export Project, REFI-QDA (.qdpx), or each "
    "node as text (Share, Export, Export Items).",
)
