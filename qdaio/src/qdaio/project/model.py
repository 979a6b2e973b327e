"""A coded project as one value: frames, where they came from, what was set aside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from functools import partial

import pandas as pd

from qdaio.faults import FaultList
from qdaio.project.frames import FRAMES, REQUIRED, empty_frame

__all__ = ["CodedProject", "ExportFile", "ExportInfo", "SetAside"]


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
        Frames with the columns and types of :data:`qdaio.project.FRAMES`.
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
            if twice := int(getattr(self, name)[key].duplicated().sum()):
                yield f"{twice} rows of {name} repeat a {key}"
        for name, column, target in (
            ("codes", "parent_id", self.codes["code_id"]),
            ("segments", "document_id", self.documents["document_id"]),
            ("codings", "segment_id", self.segments["segment_id"]),
            ("codings", "code_id", self.codes["code_id"]),
            ("codings", "coder_id", self.coders["coder_id"]),
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
