"""Text tables: their encoding and separator, found from the content."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from qdaio.faults import Fault, StudyError

__all__ = ["Dialect", "find_dialect", "read_records"]

SEPARATORS = (",", ";", "\t", "|")
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 200
BLOCK = 512  # records
SAMPLE_LINES = 20_000  # among which so many records are looked for
CODE_PAGE_SAMPLE = 1024 * 1024  # bytes
SURE = 0.9  # of the letters beyond English must be of the script
CODE_PAGES = (
    ("cp1256", re.compile("[\u0600-\u06ff\u200c\u200d]"), "Arabic or Persian (Windows-1256)"),
    ("cp1251", re.compile("[\u0400-\u04ff]"), "Cyrillic (Windows-1251)"),
)
# Pages of Latin letters are told by the language whose letters beyond English cover a text
# best; at a tie, and where all of its letters are the same in both, it is Western European.
WESTERN = "cp1252"
ALPHABETS = (
    (
        WESTERN,
        "Western European (Windows-1252)",
        (
            "äöüßé",
            "àâæçéèêëîïôœùûüÿ",
            "áéíóúñü¿¡ªº",
            "ãõáâàçéêíóôúüªº",
            "àèéìíòóùª°",
            "àçèéíïòóúü·",
            "åäöé",
            "æøåéèêóòô",
            "áéíóúýðþæö",
            "ëïéèêöüóáí",
        ),
    ),
    (
        "cp1250",
        "Central European (Windows-1250)",
        ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    ),
    ("cp1254", "Turkish (Windows-1254)", ("âçğıİîöşûü",)),
)
MEASURE = re.compile(rb"(?<![A-Za-z])[ckdm]?m[\xb2\xb3]|\d[\xaa\xb2\xb3\xb9\xba]")  # 5 m³, 3º
CHUNK = 1 << 20
MOST_COLUMNS = 8_192
MOST_EMPTY = 1_000_000  # lines
FIELD_LIMIT = 1 << 30  # a whole interview can stand in one cell


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text table is written.

    Attributes
    ----------
    encoding : str
        Name of a Python codec.
    separator : str
    skip : int
        Lines above the table that are no part of it: 1 for the line ``sep=;``.
    longest : int
        Bytes of the longest line.
    warnings : tuple of str
    """

    encoding: str
    separator: str
    skip: int = 0
    longest: int = FIELD_LIMIT
    warnings: tuple[str, ...] = ()


def find_dialect(path: Path, shown: str) -> Dialect:
    """Find encoding and separator of a text table.

    UTF-8 and UTF-16 with a mark at the start, else UTF-8 when the whole file is valid,
    else a code page of Windows, with a warning: Arabic (also for Persian) or Cyrillic where
    its letters stand in words of that script, else Western European. A file that is UTF-8 but
    for a few bytes is damaged: guessing another encoding would garble all of it.

    Raises
    ------
    StudyError
        When the file is in no encoding that can be told.
    """
    with path.open("rb") as stream:
        start = stream.read(4)
    encoding = next((name for bom, name in BOMS if start.startswith(bom)), "utf-8")
    warnings: tuple[str, ...] = ()
    try:
        longest = _decode_all(path, encoding)
    except UnicodeError as error:
        if encoding != "utf-8" or _is_mostly_utf8(path):
            raise _damaged(path, shown, encoding, error) from error
        encoding, known_as = _code_page(path)
        try:
            longest = _decode_all(path, encoding)
        except UnicodeError as other:
            raise _damaged(path, shown, encoding, other) from other
        warnings = (
            f"{shown} is not UTF-8 and was read as {known_as}; "
            "if letters look wrong, save it anew as UTF-8.",
        )
    with path.open(encoding=encoding, newline="") as text:
        first = text.readline().strip()
    if first.casefold().startswith("sep=") and len(first) == 5:
        return Dialect(encoding, first[4], 1, longest, warnings)
    return Dialect(encoding, _find_separator(path, encoding), 0, longest, warnings)


def read_records(path: Path, shown: str, dialect: Dialect) -> Iterator[list[list[str]]]:
    """Give the records of a text table, many at a time; an empty line has no cells.

    Raises
    ------
    StudyError
        When quotation marks do not match, as at the end of a file that was cut off.
    """
    before = csv.field_size_limit(FIELD_LIMIT)
    number = dialect.skip
    empty = 0
    try:
        with path.open(encoding=dialect.encoding, newline="") as text:
            for _ in range(dialect.skip):
                text.readline()
            # a short line cannot hold too many columns, and is read with nothing in between
            is_long = dialect.longest >= MOST_COLUMNS
            lines = _bounded(text, dialect.separator) if is_long else text
            reader = csv.reader(lines, delimiter=dialect.separator, strict=True)
            is_done = False
            while not is_done:
                block: list[list[str]] = []
                try:
                    block.extend(islice(reader, BLOCK))
                finally:  # of a block with a fault what stands before it
                    number += len(block)
                is_done = len(block) < BLOCK
                empty += block.count([])
                if empty > MOST_EMPTY:
                    raise _TooLargeError(f"more than {MOST_EMPTY:,} empty lines")
                if block:
                    yield block
    except _TooLargeError as error:
        raise StudyError(
            Fault(
                kind="too-large",
                file=shown,
                row=number + 1,
                found=str(error),
                expected=f"a table of at most {MOST_COLUMNS:,} columns",
                remedy="Delete the empty columns and lines, or export the table again.",
            )
        ) from error
    except csv.Error as error:
        raise StudyError(
            Fault(
                kind="truncated-file" if "end of data" in str(error) else "wrong-format",
                file=shown,
                row=number + 1,
                found="quotation marks that do not match",
                expected='cells with a line break, a separator or a quotation mark in "…", '
                "quotation marks inside them doubled",
                remedy="Export the file again; if it was edited, mend the row.",
            )
        ) from error
    finally:
        csv.field_size_limit(before)


class _TooLargeError(Exception):
    """Raised for what no table has, before it is taken apart."""


def _bounded(lines: Iterable[str], separator: str) -> Iterator[str]:
    """Give lines; refuse one with more separators outside quotation marks than columns."""
    is_quoted = False
    for line in lines:
        marks = line.count('"')
        if line.count(separator) >= MOST_COLUMNS:
            outside = line.split('"')[int(is_quoted) :: 2]
            cells = sum(part.count(separator) for part in outside) + 1
            if cells > MOST_COLUMNS:
                raise _TooLargeError(f"{cells:,} columns")
        is_quoted ^= bool(marks % 2)
        yield line


def _code_page(path: Path) -> tuple[str, str]:
    """Tell the code page of Windows by how its letters beyond English stand together.

    In Western European texts they stand alone among English letters; in Arabic, Persian and
    Cyrillic ones whole words are made of them.
    """
    with path.open("rb") as stream:
        content = stream.read(CODE_PAGE_SAMPLE)
    words = re.findall(rb"[\x80-\xff]{3,}", content)
    together = b"".join(words)
    beyond = sum(byte >= 0x80 for byte in content)
    if beyond and 2 * len(together) >= beyond:
        for encoding, script, known_as in CODE_PAGES:
            text = together.decode(encoding, errors="replace")
            if len(script.findall(text)) >= SURE * len(text):
                return encoding, known_as
    return _latin_page(content)


def _latin_page(content: bytes) -> tuple[str, str]:
    """Tell code pages of Latin letters by the languages that are written with them."""
    counts = Counter(byte for byte in MEASURE.sub(b"", content) if byte >= 0x80)
    pages = [(encoding, _letters(encoding)) for encoding, _, _ in ALPHABETS]
    for byte in list(counts):  # marks that are the same in all
        seen = {letters[byte] for _, letters in pages}
        if len(seen) == 1 and not seen.pop().isalpha():
            del counts[byte]
    if not counts:
        return ALPHABETS[0][:2]
    western = pages[0][1]
    best = (0.0, ALPHABETS[0][:2])
    for (encoding, letters), (_, known_as, alphabets) in zip(pages, ALPHABETS, strict=True):
        if encoding != WESTERN and all(letters[byte] == western[byte] for byte in counts):
            continue
        for alphabet in alphabets:
            covered = sum(n for byte, n in counts.items() if _is_in(letters[byte], alphabet))
            share = covered / counts.total()
            if share > best[0] and (encoding == WESTERN or share >= SURE):
                best = share, (encoding, known_as)
    return best[1]


def _is_in(letter: str, alphabet: str) -> bool:
    return letter in alphabet or letter.lower() in alphabet  # of İ, two letters


def _letters(encoding: str) -> list[str]:
    return [bytes([byte]).decode(encoding, errors="replace") for byte in range(256)]


def _decode_all(path: Path, encoding: str) -> int:
    """Return the length of the longest line in bytes, when all of a file is in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    longest = begun = 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            decoder.decode(chunk)
            first, *rest = map(len, chunk.split(b"\n"))
            begun += first
            if rest:
                longest = max(longest, begun, *rest)
                begun = rest[-1]
    decoder.decode(b"", final=True)
    return max(longest, begun)


def _is_mostly_utf8(path: Path) -> bool:
    text = path.read_bytes().decode("utf-8", errors="surrogateescape")
    broken = sum("\udc80" <= letter <= "\udcff" for letter in text)
    sound = sum(letter > "\x7f" for letter in text) - broken
    return sound > broken


def _damaged(path: Path, shown: str, encoding: str, error: UnicodeError) -> StudyError:
    row = None
    if encoding == "utf-8":
        content = path.read_bytes()
        try:
            content.decode(encoding)
        except UnicodeDecodeError as place:
            row = content.count(b"\n", 0, place.start) + 1
    return StudyError(
        Fault(
            kind="wrong-encoding",
            file=shown,
            row=row,
            found=f"bytes that are no text in {encoding.replace('-sig', '').upper()}",
            expected="text in UTF-8",
            remedy="Save or export the file anew as CSV UTF-8; this copy is damaged or mixed.",
        )
    )


def _find_separator(path: Path, encoding: str) -> str:
    """Take the separator that cuts the first records into the most even columns."""

    def fitness(separator: str) -> tuple[bool, float, int]:
        records: list[list[str]] = []
        is_too_wide = False
        with path.open(encoding=encoding, newline="") as text:
            try:
                lines = _bounded(islice(text, SAMPLE_LINES), separator)
                records.extend(islice(csv.reader(lines, delimiter=separator), SAMPLE))
            except csv.Error:
                return False, 0.0, 0
            except _TooLargeError:
                is_too_wide = True
        widths = Counter(len(record) for record in records if record)
        if not widths:
            return is_too_wide, 0.0, 0
        width, rows = max(widths.items(), key=lambda item: (item[1], item[0]))
        return width > 1, round(rows / widths.total(), 1), width

    before = csv.field_size_limit(FIELD_LIMIT)
    try:
        return max(SEPARATORS, key=fitness)
    finally:
        csv.field_size_limit(before)
