"""The coded project: one model that every program's export loads into.

The coding is the counting unit: one code, applied by one coder, to one segment.
Identity is the path of a code or the identifier that the program wrote, never the
last part of a name, which can stand twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from qdaio.faults import FaultList

__all__ = [
    "FRAMES",
    "REQUIRED",
    "CodedProject",
    "ExportFile",
    "ExportInfo",
    "Notes",
    "SetAside",
    "empty_frame",
    "identifiers",
    "labelled",
    "make_frame",
    "masked",
    "numbered",
]


TEXT, LABEL, COUNT, NUMBER, FLAG, OBJECT = "str", "category", "Int64", "Float64", "bool", "object"

FRAMES: dict[str, dict[str, str]] = {
    "documents": {
        "document_id": TEXT,
        "name": TEXT,
        "group": TEXT,  # path of the document group or folder, levels joined with " > "
        "kind": LABEL,  # text, pdf, image, audio, video, table
        "text": TEXT,  # the whole text, where the export holds it
        "position": COUNT,  # order in the export, from 1
    },
    "codes": {
        "code_id": TEXT,
        "parent_id": TEXT,
        "name": TEXT,
        "path": OBJECT,  # tuple of names from the root down to this code
        "level": COUNT,  # 1 at the root
        "position": COUNT,  # order in the code system, from 1
        "is_codable": FLAG,
        "colour": TEXT,
        "description": TEXT,
        "reported_n": COUNT,  # what the export itself says of this code
        "reported_n_kind": LABEL,  # own, aggregate, unknown
    },
    "coders": {"coder_id": TEXT, "name": TEXT},
    "segments": {
        "segment_id": TEXT,
        "document_id": LABEL,
        "start": COUNT,  # as the program wrote it, in `unit`
        "end": COUNT,
        "unit": LABEL,  # code point, utf-16, byte, paragraph, page, page rectangle, ms
        "place": TEXT,  # the position as printed, where it is no plain pair of numbers
        "start_cp": COUNT,  # code points from 0 in the document's text, end exclusive
        "end_cp": COUNT,
        "text": TEXT,
        "comment": TEXT,
        "offset_status": LABEL,  # ok, repaired, mismatch, unchecked
    },
    "codings": {
        "coding_id": TEXT,
        "segment_id": TEXT,
        "code_id": LABEL,
        "coder_id": LABEL,
        "case_id": TEXT,  # who speaks, where the export says it of the coding itself
        "weight": NUMBER,
        "created_at": TEXT,  # ISO 8601 where it could be read, else as written
        "memo": TEXT,
        "source_file": LABEL,
        "source_sheet": LABEL,
        "source_row": COUNT,  # row in a table as a person counts, line in XML, rowid in SQLite
        "is_repeat": FLAG,  # an earlier row says the same; kept and counted
    },
    "cases": {"case_id": TEXT, "name": TEXT},
    "case_documents": {"case_id": TEXT, "document_id": TEXT},
    "attributes": {
        "entity": LABEL,  # document, case
        "entity_id": TEXT,
        "name": TEXT,
        "value": TEXT,
        "source_file": LABEL,
        "source_row": COUNT,
    },
    "matrix_cells": {
        "entity": LABEL,  # document, case, group, code, total: what the row or column stands for
        "entity_id": TEXT,
        "code_id": TEXT,
        "n": COUNT,
        "unit": LABEL,  # codings, documents, cases, segments, words: what was counted
        "is_total": FLAG,
        "source_file": LABEL,
        "source_row": COUNT,
    },
}

REQUIRED: dict[str, tuple[str, ...]] = {
    "documents": ("document_id", "name"),
    "codes": ("code_id", "name", "path", "level", "is_codable"),
    "coders": ("coder_id", "name"),
    "segments": ("segment_id", "document_id", "offset_status"),
    "codings": ("coding_id", "segment_id", "code_id", "source_file", "source_row", "is_repeat"),
    "cases": ("case_id", "name"),
    "case_documents": ("case_id", "document_id"),
    "attributes": ("entity", "entity_id", "name"),
    "matrix_cells": ("entity", "entity_id", "code_id", "n", "unit", "is_total"),
}

DEFAULTS: dict[str, Any] = {"is_codable": True, "is_repeat": False, "is_total": False}


def empty_frame(name: str) -> pd.DataFrame:
    """Return the frame `name` of :data:`FRAMES` with no rows."""
    return _empty_frame(name).copy()


@lru_cache(maxsize=len(FRAMES))
def _empty_frame(name: str) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in FRAMES[name].items()})


def make_frame(
    name: str, data: pd.DataFrame | Mapping[str, Any] | Iterable[Mapping[str, Any]]
) -> pd.DataFrame:
    """Bring rows or columns into the form of one frame of the model.

    Parameters
    ----------
    name : str
        Key of :data:`FRAMES`.
    data : DataFrame, mapping of columns, or iterable of row mappings
        Columns that the model does not know are an error of the caller. Columns that
        are absent become missing values (flags get their default).

    Returns
    -------
    DataFrame
        Shape (rows, columns of the model), columns and types as in :data:`FRAMES`,
        index 0 to n−1.

    Raises
    ------
    KeyError
        When `data` has a column that the model does not have.
    """
    columns = FRAMES[name]
    frame = data if isinstance(data, pd.DataFrame) else pd.DataFrame(data)  # type: ignore[arg-type]
    unknown = [column for column in frame.columns if column not in columns]
    if unknown:
        raise KeyError(f"frame {name!r} has no column {', '.join(map(repr, unknown))}")
    if frame.empty:
        return empty_frame(name)
    typed = {}
    for column, kind in columns.items():
        if column in frame:
            values = frame[column]
            typed[column] = values if values.dtype == kind else values.astype(kind)  # type: ignore[call-overload]
        elif kind == FLAG:
            typed[column] = pd.Series(DEFAULTS[column], index=frame.index, dtype=kind)
        else:
            missing = None if kind == OBJECT else pd.NA
            typed[column] = pd.Series(missing, index=frame.index, dtype=kind)
    return pd.DataFrame(typed).reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file that was read: its name as shown in messages, its format and hash."""

    name: str
    sha256: str
    format: str
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class ExportInfo:
    """What is known of the export as a whole."""

    format: str
    software: str
    version: str | None = None
    language: str | None = None  # of the program's interface, ISO 639-1
    files: tuple[ExportFile, ...] = ()
    is_partial: bool = False  # the export says, or shows, that it is a part of the project


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A row of an export that is not counted as a coding, and why.

    ``what`` is ``"coding"`` for a row that states a coding (these enter the sum of
    promise 2), else what the row is, such as ``"uncoded highlight"`` or ``"total"``.
    """

    what: str
    why: str
    file: str
    row: int | None = None
    sheet: str | None = None
    code: str | None = None
    document: str | None = None


@dataclass(frozen=True, eq=False)
class CodedProject:
    """Everything that an export, or several that belong together, hold.

    Attributes
    ----------
    info : ExportInfo
    documents, codes, coders, segments, codings, cases, case_documents, attributes, matrix_cells
        Frames with the columns and types of :data:`qdaio.model.FRAMES`.
    rows_read : int
        How many codings the files state. Always equal to the number of codings plus
        the codings set aside.
    set_aside : tuple of SetAside
    warnings : tuple of str
        What a careful person should know, such as counts that disagree. No segment text.
    """

    info: ExportInfo
    documents: pd.DataFrame = field(default_factory=partial(empty_frame, "documents"))
    codes: pd.DataFrame = field(default_factory=partial(empty_frame, "codes"))
    coders: pd.DataFrame = field(default_factory=partial(empty_frame, "coders"))
    segments: pd.DataFrame = field(default_factory=partial(empty_frame, "segments"))
    codings: pd.DataFrame = field(default_factory=partial(empty_frame, "codings"))
    cases: pd.DataFrame = field(default_factory=partial(empty_frame, "cases"))
    case_documents: pd.DataFrame = field(default_factory=partial(empty_frame, "case_documents"))
    attributes: pd.DataFrame = field(default_factory=partial(empty_frame, "attributes"))
    matrix_cells: pd.DataFrame = field(default_factory=partial(empty_frame, "matrix_cells"))
    rows_read: int = 0
    set_aside: tuple[SetAside, ...] = ()
    warnings: tuple[str, ...] = ()

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return the nine frames by name."""
        return {name: getattr(self, name) for name in FRAMES}

    def with_(self, **changes: object) -> CodedProject:
        """Return a copy with some attributes replaced."""
        known = {item.name for item in fields(self)}
        if unknown := set(changes) - known:
            raise TypeError(f"a coded project has no {', '.join(sorted(unknown))}")
        return replace(self, **changes)  # type: ignore[arg-type]

    def set_aside_frame(self) -> pd.DataFrame:
        """Return what was set aside as a frame, one row each, in the order read."""
        names = [item.name for item in fields(SetAside)]
        rows = [[getattr(item, name) for name in names] for item in self.set_aside]
        return pd.DataFrame(rows, columns=names).astype({"row": "Int64"})

    def check(self) -> None:
        """Check what every project must hold; a reader that breaks it is at fault.

        Raises
        ------
        StudyError
            When an identifier is missing or stands twice, a reference leads nowhere, or
            the codings and those set aside do not add up to the rows that were read.
        """
        faults = FaultList()
        for problem in self._problems():
            faults.add(
                kind="inconsistent-export",
                file=", ".join(item.name for item in self.info.files) or None,
                found=problem,
                remedy="The file contradicts itself, or was read wrongly: export it anew, "
                "and if that does not help report it with the output of `study inspect`.",
            )
        faults.raise_if_any()

    def _problems(self) -> Iterable[str]:
        for name, frame in self.frames().items():
            for column in REQUIRED[name]:
                if missing := int(frame[column].isna().sum()):
                    yield f"{missing} rows of {name} without {column}"
        for name, key in (
            ("documents", "document_id"),
            ("codes", "code_id"),
            ("coders", "coder_id"),
            ("segments", "segment_id"),
            ("codings", "coding_id"),
            ("cases", "case_id"),
        ):
            column = getattr(self, name)[key]
            if twice := len(column) - len(column.unique()):  # half the time of `duplicated`
                yield f"{twice} rows of {name} repeat a {key}"
        for name, column, target in (
            ("codes", "parent_id", self.codes["code_id"]),
            ("segments", "document_id", self.documents["document_id"]),
            ("codings", "segment_id", self.segments["segment_id"]),
            ("codings", "code_id", self.codes["code_id"]),
            ("codings", "coder_id", self.coders["coder_id"]),
            ("codings", "case_id", self.cases["case_id"]),
            ("case_documents", "case_id", self.cases["case_id"]),
            ("case_documents", "document_id", self.documents["document_id"]),
        ):
            if lost := _lost(getattr(self, name)[column], target):
                yield f"{lost} rows of {name} point at a {column} that is not there"
        aside = sum(item.what == "coding" for item in self.set_aside)
        if len(self.codings) + aside != self.rows_read:
            yield (
                f"{self.rows_read} codings read, but {len(self.codings)} kept and {aside} set aside"
            )


def _lost(values: pd.Series, target: pd.Series) -> int:
    """Count the values that are not among the targets; those that are missing do not count."""
    if values.dtype == "category":
        # each label is looked up once, however many rows have it
        known = values.cat.categories.isin(target)
        codes = values.cat.codes
        return int((~known[codes[codes >= 0]]).sum())
    if len(values) == len(target) and values.equals(target):
        return 0
    # a plain set is ten times as fast here as `Series.isin` on text
    names = set(target.tolist())
    return sum(value not in names for value in values.dropna().tolist())


@dataclass(frozen=True, slots=True)
class Notes:
    """Faults, rows that are not counted, and warnings, of one file.

    Attributes
    ----------
    file : str
        How messages call the file.
    """

    file: str
    faults: FaultList = field(default_factory=FaultList)
    set_aside: list[SetAside] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def aside(
        self,
        what: str,
        why: str,
        row: int | None,
        sheet: str | None = None,
        *,
        code: str | None = None,
        document: str | None = None,
    ) -> None:
        """List a row that is not counted; ``what`` and ``why`` as in `SetAside`."""
        self.set_aside.append(
            SetAside(
                what=what,
                why=why,
                file=self.file,
                row=row,
                sheet=sheet,
                code=code,
                document=document,
            )
        )

    def warn(self, said: str) -> None:
        """Add a warning about the file."""
        self.warnings.append(f"{self.file}: {said}")

    def warn_of_encoding(self, guessed: int) -> None:
        """Warn where texts of a database were not UTF-8."""
        if guessed:
            self.warn(f"{guessed} texts are not UTF-8, and were read as Windows-1252.")

    @property
    def codings_aside(self) -> int:
        """How many codings are not counted."""
        return sum(item.what == "coding" for item in self.set_aside)


def numbered(letter: str, count: int) -> pd.Series:
    """Return identifiers such as s1, s2, s3."""
    return identifiers(letter, np.arange(1, count + 1))


def identifiers(letter: str, numbers: npt.NDArray[np.int64]) -> pd.Series:
    """Return identifiers of a letter and a number; pandas would take ten times as long."""
    kind = pa.large_string()
    text = pa.array(numbers).cast(kind)
    joined = pc.binary_join_element_wise(pa.scalar(letter, kind), text, pa.scalar("", kind))
    return pd.Series(pd.array(joined, dtype="str"))


def labelled(numbers: npt.NDArray[Any], labels: Sequence[str] | pd.Series) -> pd.Series:
    """Return labels by their numbers, as a category; −1 is missing."""
    categories = pd.Index(pd.array(list(labels), dtype="str"))
    return pd.Series(pd.Categorical.from_codes(numbers, categories=categories))


def masked(values: npt.NDArray[np.int64], missing: int) -> pd.Series:
    """Return whole numbers, with one of them for what is missing."""
    return pd.Series(pd.arrays.IntegerArray(values, values == missing))
