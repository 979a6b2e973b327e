"""Participants: their ids inside names of documents, and labels that should be the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from qdaio.faults import Fault, StudyError
from qdaio.files.cells import Sheet, as_text, text_series
from qdaio.files.sheets import read_sheets
from qdaio.files.source import Source
from qdaio.headers import table_at
from qdaio.labels import nearest, plain

__all__ = [
    "JoinFailure",
    "LabelJoin",
    "Proposal",
    "ids_in_names",
    "join_labels",
    "propose_pattern",
    "read_attribute_table",
]

NUMBERED = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,20})([ _-]?)(\d{1,6})")
LIKELY = ("p", "participant", "teilnehmer", "tn", "respondent", "r", "id", "case", "s", "subject")
EXAMPLES = 3
ENOUGH = 0.8  # of the names


@dataclass(frozen=True, slots=True)
class JoinFailure:
    """A label without a partner, the label that was probably meant, and how they differ."""

    label: str
    candidate: str | None
    why: str | None


@dataclass(frozen=True, slots=True)
class LabelJoin:
    """Two lists of labels joined.

    Attributes
    ----------
    matches : tuple of str
        Labels that stand in both lists, exactly.
    left, right : tuple of JoinFailure
        Those of one list only.
    """

    matches: tuple[str, ...]
    left: tuple[JoinFailure, ...]
    right: tuple[JoinFailure, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pattern that finds a participant in names of documents.

    Attributes
    ----------
    pattern : str
        Regular expression; its first group is the id.
    found : int
        How many of the names it finds an id in.
    examples : tuple of (str, str)
        Names with the ids found.
    """

    pattern: str
    found: int
    examples: tuple[tuple[str, str], ...]


def join_labels(left: Sequence[str], right: Sequence[str]) -> LabelJoin:
    """Join two lists of labels, and say of each that finds no partner which one is nearest.

    Only equal labels are joined: whether "P1" and "P01" are one person is for the study's
    author to say.

    Examples
    --------
    >>> joined = join_labels(["P1", "P2"], ["P1", "Interview P2"])
    >>> joined.matches, joined.left[0].candidate, joined.left[0].why
    (('P1',), 'Interview P2', 'one is a part of the other')
    """
    both = set(left) & set(right)
    alone = [label for label in dict.fromkeys(left) if label not in both]
    others = [label for label in dict.fromkeys(right) if label not in both]
    return LabelJoin(
        matches=tuple(label for label in dict.fromkeys(left) if label in both),
        left=tuple(_failure(label, others) for label in alone),
        right=tuple(_failure(label, alone) for label in others),
    )


def _failure(label: str, others: Sequence[str]) -> JoinFailure:
    for why, form in FORMS:
        for other in others:
            if form(other) == form(label):
                return JoinFailure(label, other, why)
    words = plain(label).split()
    inside = [other for other in others if _contains(plain(other).split(), words)]
    if len(inside) == 1:
        return JoinFailure(label, inside[0], "one is a part of the other")
    near = nearest(label, others)
    return JoinFailure(label, near, "they look alike" if near else None)


def _composed(label: str) -> str:
    return unicodedata.normalize("NFC", label)


def _spaced(label: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", label).split())


def _compact(label: str) -> str:
    return plain(re.sub(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)", " ", label))


FORMS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("only the composition of letters differs (NFC, NFD)", _composed),
    ("only spaces differ", _spaced),
    ("only upper and lower case differ", lambda label: _spaced(label).casefold()),
    ("only leading zeros or punctuation differ", _compact),
)


def _contains(one: list[str], other: list[str]) -> bool:
    short, long = sorted((one, other), key=len)
    return bool(short) and any(
        long[start : start + len(short)] == short for start in range(len(long) - len(short) + 1)
    )


def ids_in_names(names: pd.Series, pattern: str) -> pd.Series:
    """Find the participant's id in each name: the first group, or the whole match.

    Parameters
    ----------
    names : Series of str
    pattern : str
        Regular expression.

    Returns
    -------
    Series
        Missing where the pattern finds nothing; index as in `names`.

    Raises
    ------
    StudyError
        When the pattern is no regular expression.
    """
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise StudyError(
            Fault(
                kind="bad-value",
                column="participants.pattern",
                found=f'"{pattern}" ({error})',
                expected="a regular expression",
                remedy=r"Write for example ^(P\d+) for documents named P1 interview.",
            )
        ) from error
    found = [match and match[1 if compiled.groups else 0] for match in map(compiled.search, names)]
    return pd.Series(found, index=names.index, dtype="str")


def propose_pattern(names: Sequence[str]) -> Proposal | None:
    """Propose a pattern that finds a participant's id in names of documents.

    A word that stands with a number in nearly all names: ``P2`` in ``P2_GMT2021.odt``,
    ``ID731`` in ``Int01_ID731``.

    Returns
    -------
    Proposal or None
        None when no word stands with a number in nearly all names, or always with one number.
    """
    seen: dict[tuple[str, str], set[int]] = {}
    for number, name in enumerate(names):
        for word, gap, _ in NUMBERED.findall(name):
            seen.setdefault((word, gap), set()).add(number)
    best = max(
        seen,
        key=lambda key: (len(seen[key]), -_rank(key[0]), -list(seen).index(key)),
        default=None,
    )
    if best is None or len(seen[best]) < ENOUGH * len(names):
        return None
    pattern = rf"(?<![^\W\d_])({re.escape(best[0])}{re.escape(best[1])}\d+)"
    ids = ids_in_names(pd.Series(list(names), dtype="str"), pattern)
    if len(names) > 1 and ids.nunique() < 2:
        return None
    shown = [(name, found) for name, found in zip(names, ids, strict=True) if not pd.isna(found)]
    return Proposal(pattern, int(ids.notna().sum()), tuple(shown[:EXAMPLES]))


def _rank(word: str) -> int:
    folded = word.casefold()
    return LIKELY.index(folded) if folded in LIKELY else len(LIKELY)


def read_attribute_table(source: Source) -> tuple[pd.DataFrame, pd.Series]:
    """Read a table with one row a participant, such as scores or demographic data.

    Parameters
    ----------
    source : Source
        CSV or workbook. Of several sheets the one with most cells is read.

    Returns
    -------
    table : DataFrame of str
        Columns as written, stripped of outer spaces; the second of one header gets " (2)".
    rows : Series of int
        Row of each record, as a person counts in the file.

    Raises
    ------
    StudyError
        When the file is no table, has no rows below its header, or is damaged.
    """
    sheets = read_sheets(source)
    sheet = max(sheets, key=lambda item: item.height * item.width, default=None)
    if sheet is None or sheet.height < 2:
        raise StudyError(
            Fault(
                kind="empty-file",
                file=source.name,
                found="no rows below a header",
                expected="a header row and one row for each participant",
                remedy="Fill the table, or correct its path in study.toml.",
            )
        )
    table = table_at(sheet, _header(sheet), {})
    if table.faults:
        raise StudyError(table.faults)
    columns: dict[str, pd.Series] = {}
    for header, cells in table.unknown.items():
        columns[_free(header.strip(), columns)] = text_series(cells).str.strip()
    return pd.DataFrame(columns), pd.Series(list(table.row_numbers), dtype="int64")


def _header(sheet: Sheet) -> int:
    """Take the first row that fills most columns: title rows above it fill few."""
    filled = [sum(as_text(cell) is not None for cell in row) for row in sheet.head(20)]
    return next(index for index, count in enumerate(filled) if 2 * count > max(filled))


def _free(label: str, taken: dict[str, pd.Series]) -> str:
    name, count = label, 2
    while name in taken:
        name, count = f"{label} ({count})", count + 1
    return name
