"""What the columns of an unknown spreadsheet seem to hold: a proposal, with the evidence.

It is never applied by itself. Headers tell most of it, in several languages; where they say
nothing, what stands below them does.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from qdaio.files.cells import Sheet, as_text
from qdaio.files.sheets import read_sheets
from qdaio.files.source import Source, open_source
from qdaio.headers import find_table
from qdaio.labels import plain
from qdaio.programs.spreadsheet.columns import IN_COLUMNS, LONG, ONE_EACH, Columns, flag_of
from qdaio.programs.spreadsheet.reader import CODEBOOK
from qdaio.tables import TABLE_KINDS

__all__ = ["Proposal", "lists_codings", "propose", "propose_for"]

SAMPLE = 2_000  # rows that are looked at
SEVERAL = 3  # columns of marks
HEADERS = 20  # rows among which the headers are looked for
MOST_COLUMNS = 400
LONGEST = 64  # letters of a header; what is longer is a text
ONCE = 0.9  # of the codes of a codebook stand there once
LONGER = 15  # letters that a quotation has on average, at least
SURE = (";", "|", "\n")  # signs that the name of a code does not hold
SEPARATORS = (*SURE, " / ", ",")
WORDS: dict[str, str] = {
    "quotation": "quote quotation quotes excerpt snippet highlight chunk extract "
    "segment verbatim statement utterance response "
    "answer text passage comment zitat zitate aussage textstelle antwort interviewausschnitt "
    "citation extrait verbatims cita citas respuesta citação trecho resposta citazione estratto "
    "cytat wypowiedź fragment citaat alıntı نقل",
    "participant": "participant respondent interviewee responseid respondentid participantid pid "
    "informant subject person user userid "
    "teilnehmer teilnehmerin befragte befragter proband participante "
    "participante partecipante uczestnik deelnemer katılımcı مشارکت",
    "document": "document transcript interview file source dokument datei transkript fichier "
    "entretien entrevista documento intervista wywiad مصاحبه",
    "coder": "coder rater analyst codierer kodierer codeur codificador codificatore koder",
    "theme": " ".join(CODEBOOK["theme"]),
    "codes": " ".join(CODEBOOK["code"]) + " coding label tag tags schlagwort",
}
PERSON = "name"  # of a code in a codebook, of a person beside what was said
NUMBER = frozenset(["id", "nr", "no", "number", "nummer", "numéro", "número"])
KNOWN = {role: frozenset(words.split()) - {PERSON} for role, words in WORDS.items()}
NUMBERED = re.compile(r"(?:(.*\D)\s*\d{1,2}|(.*\S)\s[ivx]{1,4})")
ABOUT = frozenset(
    word
    for label in (*CODEBOOK["description"], "example examples beispiel ejemplo exemplo exemple")
    for word in plain(label).split()
)
ROLES = ("codes", "theme", "coder", "quotation", "participant", "document")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping that fits what a spreadsheet seems to hold.

    Attributes
    ----------
    columns : Columns
    reasons : tuple of str
        What speaks for each part; headers only, no content of cells.
    clarity : str
        ``"clear"`` where headers say all of it, ``"likely"`` where content had to help.
    """

    columns: Columns
    reasons: tuple[str, ...]
    clarity: str

    def __str__(self) -> str:
        return f"{self.columns.toml()}\n# {self.clarity}: {'; '.join(self.reasons)}"


@dataclass(slots=True)
class _Column:
    """One column: its header, and what stands below."""

    header: str
    cells: list[Any]
    role: str | None = None
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.texts = [text for cell in self.cells if (text := (as_text(cell) or "").strip())]

    @property
    def length(self) -> float:
        return sum(map(len, self.texts)) / max(len(self.texts), 1)

    @property
    def is_flags(self) -> bool:
        flags = {flag_of(cell) for cell in self.cells}
        return True in flags and None not in flags and False in flags


def propose(path: str | os.PathLike[str]) -> Proposal | None:
    """Say what the columns of a spreadsheet seem to hold; None where nothing is to be said.

    Parameters
    ----------
    path : path of a workbook or text table

    Raises
    ------
    StudyError
        When the file is damaged.
    """
    return propose_for(open_source(Path(path)))


def lists_codings(sheet: Sheet) -> bool:
    """Say whether a sheet seems to hold codings, and is no list of codes."""
    found = _of_sheet(sheet)
    return found is not None and bool(
        found.columns.document or found.columns.participant or found.columns.quotation
    )


def propose_for(source: Source) -> Proposal | None:
    """Say the same of a file that is open."""
    if source.kind not in TABLE_KINDS:
        return None
    sheets = read_sheets(source)
    for sheet in sheets:
        found = _of_sheet(sheet)
        if found is not None:
            return _with_codebook(_of_all_sheets(found, sheet, sheets), sheet, sheets)
    return None


def _of_all_sheets(found: Proposal, first: Sheet, sheets: Sequence[Sheet]) -> Proposal:
    """Name no sheet where others have the same columns: then all of them are read."""
    wanted = {str(place): [name] for place, name in enumerate(found.columns.named)}
    alike = sum(sheet is first or find_table(sheet, wanted) is not None for sheet in sheets)
    if alike == 1:
        return found
    alone = found.columns.document is None and found.columns.participant is None
    said = f"{alike} sheets have these columns" + (", each is one document" if alone else "")
    kept = [reason for reason in found.reasons if not (alone and "would be one doc" in reason)]
    return Proposal(replace(found.columns, sheet=None), (*kept, said), found.clarity)


def _of_sheet(sheet: Sheet) -> Proposal | None:
    columns = _columns(sheet)
    if len(columns) < 2:
        return None
    reasons: list[str] = []
    for each in columns:
        each.role = _role(each.header)
    layout = _find_codes(columns, reasons)
    if layout is None:
        return None
    codes = [column for column in columns if column.role == "codes"]
    if layout == LONG and _lists_codes(columns, codes[0]):
        return None
    # one column of marks can be anything; several beside each other are codes
    is_clear = layout != ONE_EACH or len(codes) >= SEVERAL
    picked = {
        role: _pick(columns, role, reasons) for role in ROLES if role not in ("codes", "theme")
    }
    if picked["participant"] is None and picked["document"] is None:
        picked["participant"] = _person(columns, layout, reasons)
    if picked["quotation"] is None:
        free = [column for column in columns if column.role is None and column.texts]
        longest = max(free, key=lambda column: column.length, default=None)
        if longest is not None and (longest.length >= LONGER or len(free) == 1):
            # whose the words are and what they were coded with is told; the words are what is left
            is_clear = is_clear and layout != LONG
            longest.role = "quotation"
            picked["quotation"] = longest
            reasons.append(f'"{longest.header}" holds the longest text')
    if picked["participant"] is None and picked["document"] is None:
        is_clear = False
        reasons.append("no column says whose words they are: the file would be one document")
    themes = [column for column in columns if column.role == "theme"] if layout != ONE_EACH else []
    reasons.extend(f'"{column.header}" stands above the codes' for column in themes)
    separator = _separator(codes) if layout != ONE_EACH else None
    if separator:
        is_clear = is_clear and separator in SURE
        reasons.append(f"cells hold several codes, parted by {separator!r}")
    owners = [column for role in ("document", "participant") if (column := picked[role])]
    fill_down = any(map(_is_written_once, owners))
    if fill_down:
        is_clear = False
        reasons.append("whose words they are stands in the first row of several only")
    mapping = Columns(
        codes=tuple(column.header for column in codes),
        layout=layout,
        document=_header(picked["document"]),
        participant=_header(picked["participant"]),
        quotation=_header(picked["quotation"]),
        theme=tuple(column.header for column in themes),
        coder=_header(picked["coder"]),
        separator=separator,
        sheet=sheet.name.strip() or None,
        fill_down=fill_down,
    )
    return Proposal(mapping, tuple(reasons), "clear" if is_clear else "likely")


def _columns(sheet: Sheet) -> list[_Column]:
    """Take the row with most headers, if below it stands anything."""
    head = sheet.head(HEADERS)[:-1] if sheet.height <= HEADERS else sheet.head(HEADERS)

    def worth(row: Sequence[Any]) -> tuple[int, int]:
        labels = [cell.strip() for cell in row if isinstance(cell, str) and cell.strip()]
        labels = [label for label in labels if len(label) <= LONGEST]
        is_header = len(labels) == len({plain(label) for label in labels})
        return sum(_role(label) is not None for label in labels), len(labels) * is_header

    if not head or sheet.width > MOST_COLUMNS:
        return []
    index = max(range(len(head)), key=lambda place: (*worth(head[place]), -place))
    seen: set[str] = set()
    found = []
    for cells in sheet.columns:
        label = (as_text(cells[index]) or "").strip()
        if label and len(label) <= LONGEST and plain(label) not in seen:
            seen.add(plain(label))
            found.append(_Column(label, cells[index + 1 : index + 1 + SAMPLE]))
    return found


def _role(header: str) -> str | None:
    """Say what a header names, by its words; the last that is known counts."""
    words = plain(header).split()
    whole = "".join(words)
    for role in ROLES:
        if whole in KNOWN[role]:
            return role
    for word in reversed(words):
        for role in ROLES:
            if word in KNOWN[role] and len(words) <= 4:
                return role
    return None


def _find_codes(columns: list[_Column], reasons: list[str]) -> str | None:
    """Mark the columns of codes; return the layout, or None where there are none."""
    flags = [column for column in columns if column.is_flags]
    codes = [column for column in columns if column.role == "codes" and column not in flags]
    if len(flags) >= SEVERAL:  # then a header such as "round of coding" names no codes
        for column in [each for each in codes if not _is_known(each.header)]:
            column.role = None
        codes = [column for column in codes if column.role]
    if codes:
        stems = Counter(
            found[1] or found[2]
            for column in codes
            if (found := NUMBERED.fullmatch(plain(column.header)))
        )
        if len(codes) > 1 and not stems:
            for column in codes[1:]:
                column.role = None
            codes = codes[:1]
        reasons.append(f"{_listed(codes)} by the header: codes")
        return IN_COLUMNS if len(codes) > 1 else LONG
    if len(flags) > 1:
        for column in flags:
            column.role = "codes"
        reasons.append(f"{_listed(flags)} hold marks such as 1 and 0 only: one code each")
        return ONE_EACH
    themes = [column for column in columns if column.role == "theme"]
    if themes:
        themes[-1].role = "codes"
        reasons.append(f'"{themes[-1].header}" by the header: codes, as no column is called so')
        return LONG
    return None


def _is_known(header: str) -> bool:
    """Say whether a header is a word for codes and nothing more, but perhaps a number."""
    label = plain(header)
    found = NUMBERED.fullmatch(label)
    return ((found[1] or found[2]).strip() if found else label) in KNOWN["codes"]


def _lists_codes(columns: Sequence[_Column], codes: _Column) -> bool:
    """Say whether a sheet is a codebook: it says something of each code, and names none twice."""
    if any(column.role in ("participant", "document", "coder") for column in columns):
        return False
    about = [column for column in columns if ABOUT & set(plain(column.header).split())]
    return bool(about) and len(codes.texts) > 1 and len(set(codes.texts)) >= ONCE * len(codes.texts)


def _person(columns: Sequence[_Column], layout: str, reasons: list[str]) -> _Column | None:
    """Take a column of names or numbers for the people, where no header says more."""
    for words, what in ((frozenset([PERSON]), "a name"), (NUMBER, "a number")):
        for column in columns:
            if column.role is not None or plain(column.header) not in words:
                continue
            counts = Counter(column.texts)
            # a number that differs in each row of a list of quotations numbers these
            if layout == LONG and len(counts) == len(column.texts) and words is NUMBER:
                continue
            column.role = "participant"
            reasons.append(f'"{column.header}" by the header: {what}, taken for the participant')
            return column
    return None


def _pick(columns: Iterable[_Column], role: str, reasons: list[str]) -> _Column | None:
    """Take the column of a role; of several the fullest, and of quotations the longest."""
    found = [column for column in columns if column.role == role and column.texts]
    best = max(
        found,
        key=lambda column: column.length if role == "quotation" else len(column.texts),
        default=None,
    )
    if best is not None:
        more = f", of {len(found)} such columns" if len(found) > 1 else ""
        reasons.append(f'"{best.header}" by the header: {role}{more}')
    return best


def _separator(codes: Sequence[_Column]) -> str | None:
    """Find what parts several codes in a cell: its parts stand in other cells, too."""
    cells = [text for column in codes for text in column.texts]
    for separator in SEPARATORS:
        cut = [cell for cell in cells if separator in cell]
        if len(cut) < max(1, len(cells) // 50):
            continue
        parts = Counter(part.strip() for cell in cells for part in cell.split(separator))
        inside = {part.strip() for cell in cut for part in cell.split(separator)} - {""}
        shared = sum(parts[part] > 1 for part in inside)
        if separator in SURE or shared * 2 >= len(inside):
            return separator
    return None


def _is_written_once(column: _Column) -> bool:
    """Say whether a column is filled in the first row of several only, as merged cells are."""
    cells = column.cells
    blank = sum(cell is None for cell in cells)
    return bool(cells) and cells[0] is not None and blank * 5 > len(cells) * 2


def _with_codebook(found: Proposal, coded: Sheet, sheets: Sequence[Sheet]) -> Proposal:
    """Look for another sheet that lists the codes."""
    optional = {name: words for name, words in CODEBOOK.items() if name != "code"}
    for sheet in sheets:
        table = find_table(sheet, {"code": CODEBOOK["code"]}, optional)
        if sheet is coded or table is None or len(table.columns) < 2:
            continue
        reason = f'the sheet "{sheet.name.strip()}" lists codes'
        return Proposal(
            replace(found.columns, codebook=sheet.name.strip()),
            (*found.reasons, reason),
            found.clarity,
        )
    return found


def _header(column: _Column | None) -> str | None:
    return None if column is None else column.header


def _listed(columns: Sequence[_Column]) -> str:
    shown = ", ".join(f'"{column.header}"' for column in columns[:5])
    return shown + (f" and {len(columns) - 5} more" if len(columns) > 5 else "")
