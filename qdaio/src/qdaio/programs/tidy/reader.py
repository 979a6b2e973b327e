"""Readers of the tidy form: a folder of tables, or one table alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from qdaio.faults import Fault, FaultList, StudyError
from qdaio.files.cells import Sheet, text_series
from qdaio.files.sheets import read_sheets
from qdaio.files.source import Source, open_source
from qdaio.headers import SUM, SheetTable, find_table, without_totals
from qdaio.join import combine
from qdaio.model import CodedProject, ExportFile, ExportInfo, SetAside
from qdaio.programs.tidy.form import NEEDED, TABLES, unprotect
from qdaio.programs.tidy.project import TidyTable, project_of
from qdaio.reader import Match
from qdaio.tables import best_sheet, together

__all__ = ["FOLDER", "TABLE", "TidyFolder", "TidyTableFile"]


PARQUET = b"PAR1"


def find_tidy(sheet: Sheet, name: str) -> SheetTable | None:
    """Find the table `name` of the tidy form in a sheet, by the names of its columns."""
    needed = NEEDED[name]
    return find_table(
        sheet,
        {column: [column] for column in needed},
        {column: [column] for column in TABLES[name] if column not in needed},
    )


def table_of(found: SheetTable) -> TidyTable:
    """Return the columns of a table as text, without the apostrophes that protect them.

    Raises
    ------
    StudyError
        When a column stands twice, or rows have too few or too many cells.
    """
    if found.faults:
        raise StudyError(found.faults)
    columns = {
        name: unprotect(text_series(cells))
        for name, cells in [*found.columns.items(), *found.unknown.items()]
    }
    return TidyTable(found.sheet.file, columns, found.row_numbers, found.sheet.name or None)


def parquet_names(source: Source) -> Sequence[str]:
    """Return the names of the columns of a Parquet file; none where it is something else."""
    if source.kind != "binary":
        return ()
    with source.path.open("rb") as stream:
        if stream.read(len(PARQUET)) != PARQUET:
            return ()
    import pyarrow.parquet as pq

    try:
        return tuple(pq.read_schema(source.path).names)
    except (pa.ArrowException, OSError, ValueError):
        return ()


def read_parquet(source: Source) -> TidyTable:
    """Read a table of the tidy form from Parquet.

    Raises
    ------
    StudyError
        When it is cut off, damaged, or has columns of lists or other nested types.
    """
    import pyarrow.parquet as pq

    try:
        # a handle of our own: the library keeps its own open, which Windows does not forgive
        with source.path.open("rb") as stream:
            table = pq.read_table(stream)
        columns = {name: _column(table[name]) for name in table.column_names}
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        raise StudyError(
            Fault(
                kind="truncated-file",
                file=source.name,
                found="a Parquet file that is cut off, damaged or nested",
                expected="a table of plain columns",
                remedy="Write it again.",
            )
        ) from error
    return TidyTable(source.name, columns, range(1, table.num_rows + 1))


def _column(values: pa.ChunkedArray) -> pd.Series:
    kind = values.type
    if pa.types.is_boolean(kind) and not values.null_count:
        return pd.Series(values.to_pandas().astype("bool"))
    if pa.types.is_integer(kind):
        return pd.Series(pd.array(values.cast(pa.int64()).to_pandas(), dtype="Int64"))
    if pa.types.is_floating(kind):
        return pd.Series(pd.array(values.cast(pa.float64()).to_pandas(), dtype="Float64"))
    text = values.cast(pa.large_string())
    return pd.Series(pd.array(text, dtype="str"))


ABOUT = "export.json"
ALONE = ("codings", "codes", "documents")  # tables that mean something without the others


class TidyFolder:
    """Reads a folder that holds ``codings.csv`` or ``codings.parquet``, and tables beside it."""

    format = "tidy"
    software = "tidy form"

    def recognise(self, source: Source) -> Match | None:
        """Say whether the folder holds a table of codings."""
        if source.kind != "folder":
            return None
        if not any((source.path / f"codings.{kind}").is_file() for kind in ("csv", "parquet")):
            return None
        return Match(1.0, "a folder with a table of codings")

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read all tables of the folder.

        Raises
        ------
        StudyError
            With the faults of all tables.
        """
        faults = FaultList()
        tables: dict[str, TidyTable] = {}
        files: list[ExportFile] = []
        warnings: list[str] = []
        for path in sorted(source.path.iterdir()):
            name, kind = path.stem, path.suffix.lstrip(".")
            if path.name == ABOUT or path.name.startswith(".") or not path.is_file():
                continue
            shown = f"{source.name.rstrip('/')}/{path.name}"
            if name not in TABLES or kind not in {"csv", "parquet"}:
                warnings.append(f"{shown} is no table of the tidy form, and was not read.")
                continue
            if name in tables:
                faults.add(
                    kind="duplicate-file",
                    file=shown,
                    found=f"the table of {name} a second time, as CSV and as Parquet",
                    expected="one of them",
                    remedy="Delete the one that is out of date.",
                )
                continue
            try:
                file = open_source(path, shown)
                tables[name] = _table(file, name)
                files.append(ExportFile(shown, file.sha256, self.format))
            except StudyError as error:
                faults.extend(error.faults)
        about = _about(source, faults)
        info = ExportInfo(
            format=self.format,
            software=str(about.get("software") or self.software),
            version=about.get("software_version"),
            language=about.get("language"),
            is_partial=bool(about.get("is_partial", False)),
            files=tuple(files),
        )
        faults.raise_if_any()
        project = project_of(tables, info)
        return project.with_(warnings=(*about.get("warnings", ()), *warnings))


class TidyTableFile:
    """Reads one table: codings (the columns ``document`` and ``code``), codes or documents."""

    format = "tidy-table"
    software = "tidy form"

    def recognise(self, source: Source) -> Match | None:
        """Say whether a table has the names of columns that the tidy form has."""
        if names := parquet_names(source):
            for table in ALONE:
                if set(NEEDED[table]) <= set(names):
                    return Match(1.0, "columns of the tidy form", details={"name": table})
            return None
        return best_sheet(source, _match)

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the table that was recognised.

        Raises
        ------
        StudyError
            For cells that are empty or of the wrong kind.
        """
        if "sheet" not in match.details:
            table = read_parquet(source)
            return self._project(source, match.details["name"], table, ())
        parts, faults = list[CodedProject](), FaultList()
        details = [known.details for known in (match, *match.others)]
        for found in details:
            try:
                parts.append(self._of_sheet(source, found["sheet"], found["name"]))
            except StudyError as error:
                faults.extend(error.faults)
        faults.raise_if_any()
        names = [found["sheet"].name.strip() for found in details]
        coded = [place for place, found in enumerate(details) if found["name"] == "codings"]
        if len(coded) > 1:
            codings = together([parts[place] for place in coded], [names[at] for at in coded])
            parts = [codings, *(part for at, part in enumerate(parts) if at not in coded)]
        return parts[0] if len(parts) == 1 else combine(parts)

    def _of_sheet(self, source: Source, sheet: Sheet, name: str) -> CodedProject:
        found, sums = find_tidy(sheet, name), list[int]()
        assert found is not None  # it was recognised so
        if name == "codings":
            found, sums = without_totals(found)
        aside = [SetAside(what="row", why=SUM, file=source.name, row=row) for row in sums]
        project = self._project(source, name, table_of(found), aside)
        return project.with_(warnings=(*sheet.warnings, *project.warnings))

    def _project(
        self, source: Source, name: str, table: TidyTable, aside: Sequence[SetAside]
    ) -> CodedProject:
        info = ExportInfo(
            format=self.format,
            software=self.software,
            files=(ExportFile(source.name, source.sha256, self.format, table.sheet),),
        )
        project = project_of({name: table}, info)
        extra = [label for label in table.columns if label not in TABLES[name]]
        said = (
            f"{source.name}: these columns are no part of the tidy form, and were not read: "
            f"{', '.join(extra)}.",
        )
        return project.with_(
            warnings=said if name == "codings" and extra else (),
            set_aside=(*project.set_aside, *aside),
        )


def _match(sheet: Sheet) -> Match | None:
    """Take names as they stand in the form for sure, and other spellings for likely."""
    for name in ALONE:
        if name != "codings" and not _has_names(sheet, name):
            continue
        table = find_tidy(sheet, name)
        if table is None:
            continue
        exact = all(header == column for column, header in table.headers.items())
        details = {"name": name, "sheet": sheet}
        reason = "columns " + ", ".join(table.headers.values())
        known = len(table.columns) / len(table.all_headers)
        if name == "codings":
            score = 1.0 if exact and not table.unknown else 0.6 if exact else 0.5
            return Match(score, reason, sheet.name, details)
        if name == "codes" and exact and len(table.columns) > 1:
            return Match(0.9 if known == 1 else 0.4, reason, sheet.name, details)
        documents = table.columns.get("document", [])
        if name == "documents" and exact and len(set(documents)) == len(documents):
            score = 0.9 if known == 1 and len(table.columns) > 1 else 0.4
            return Match(score, reason, sheet.name, details)
    return None


def _has_names(sheet: Sheet, name: str) -> bool:
    """Say whether a row near the top has the names of columns, just as they are written."""
    return any(
        set(NEEDED[name]) <= {cell for cell in row if isinstance(cell, str)}
        for row in sheet.head(50)
    )


def _table(file: Source, name: str) -> TidyTable:
    if parquet_names(file):
        return read_parquet(file)
    sheets = read_sheets(file)
    found = find_tidy(sheets[0], name) if sheets else None
    if found is None:
        header = [str(cell) for cell in sheets[0].head(1)[0] if cell is not None] if sheets else []
        raise StudyError(
            Fault(
                kind="missing-column",
                file=file.name,
                row=1,
                found="the columns " + ", ".join(f'"{label}"' for label in header),
                expected="at least " + " and ".join(f'"{column}"' for column in NEEDED[name]),
                remedy="Name the columns as docs/tidy-form.md says.",
            )
        )
    return table_of(found)


def _about(source: Source, faults: FaultList) -> dict[str, Any]:
    path = source.path / ABOUT
    if not path.is_file():
        return {}
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError):
        about = None
    if isinstance(about, dict) and isinstance(about.get("warnings", []), list):
        return about
    faults.add(
        kind="wrong-format",
        file=f"{source.name.rstrip('/')}/{ABOUT}",
        found="text that is no JSON object",
        remedy="Delete the file: the tables can be read without it.",
    )
    return {}


FOLDER = TidyFolder()
TABLE = TidyTableFile()
