"""Write a project in the tidy form: a folder with one file for each table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Literal

import pandas as pd
import pyarrow as pa

from qdaio.codes import code_id
from qdaio.files.writing import replacing, write_text
from qdaio.model import CodedProject
from qdaio.programs.tidy.form import COUNTS, FLAGS, NEEDED, NUMBERS, TABLES, VERSION, protect

__all__ = ["tidy_tables", "write_tidy"]

FileKind = Literal["csv", "parquet"]


def write_tidy(project: CodedProject, folder: Path, kind: FileKind = "csv") -> list[Path]:
    """Write a project as tables that read back as the same project.

    Parameters
    ----------
    project : CodedProject
    folder : Path
        Made where it is missing. Tables of an earlier run are replaced, or removed where
        the project has no rows for them.
    kind : {"csv", "parquet"}
        CSV is UTF-8 with a mark at the start, so that spreadsheet programs read it; cells
        that could be taken for a formula start with an apostrophe.

    Returns
    -------
    list of Path
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    tables = tidy_tables(project)
    for name in TABLES:
        for other in ("csv", "parquet"):
            if name not in tables or other != kind:
                (folder / f"{name}.{other}").unlink(missing_ok=True)
    for name, table in tables.items():
        path = folder / f"{name}.{kind}"
        with replacing(path) as beside:
            _write(table, beside, kind)
        written.append(path)
    info = asdict(project.info)
    about = {
        "form": "tidy",
        "version": VERSION,
        "software": info["software"],
        "software_version": info["version"],
        "language": info["language"],
        "is_partial": info["is_partial"],
        "read_from": info["files"],
        "warnings": list(project.warnings),
    }
    path = folder / "export.json"
    write_text(path, json.dumps(about, ensure_ascii=False, indent=2) + "\n")
    return [*written, path]


def tidy_tables(project: CodedProject) -> dict[str, pd.DataFrame]:
    """Return the tables of the tidy form that have rows, and the codings in any case."""
    tables = dict(_tables(project))
    return {
        name: _without_empty(table, name)
        for name, table in tables.items()
        if name == "codings" or len(table)
    }


def _without_empty(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Order the columns, and leave out those without a value; a missing one reads the same."""
    filled = table.columns[table.notna().any()]
    kept = {*filled, *NEEDED[name]}
    return table[[column for column in TABLES[name] if column in kept]]


def _tables(project: CodedProject) -> Iterator[tuple[str, pd.DataFrame]]:
    documents = project.documents.rename(columns={"name": "document"})
    codes = project.codes.assign(code=[code_id(path) for path in project.codes["path"]])
    coders = project.coders.rename(columns={"name": "coder"})
    named = documents.set_index("document_id")[["document", "group"]]
    segments = project.segments.astype({"document_id": "str"})
    segments = segments.join(named, on="document_id")
    codings = project.codings.astype({"code_id": "str", "coder_id": "str"})
    codings = codings.join(codes.set_index("code_id")["code"], on="code_id")
    codings = codings.join(coders.set_index("coder_id")["coder"], on="coder_id")
    cases = project.cases.rename(columns={"name": "case"})
    codings = codings.join(cases.set_index("case_id")["case"], on="case_id")
    yield "codings", codings.join(segments.set_index("segment_id"), on="segment_id")
    is_used = segments["segment_id"].isin(codings["segment_id"])
    yield "segments", segments[~is_used]
    yield "codes", codes.drop(columns="path")
    yield "documents", documents
    yield "coders", coders
    yield "cases", cases
    for name in ("case_documents", "attributes", "matrix_cells"):
        yield name, project.frames()[name]
    yield "set_aside", project.set_aside_frame()


def _write(table: pd.DataFrame, path: Path, kind: FileKind) -> None:
    columns: dict[str, pa.Array] = {}
    for name in map(str, table.columns):
        values = table[name]
        if name in COUNTS:
            columns[name] = pa.array(values.astype("Int64"))
        elif name in NUMBERS:
            columns[name] = pa.array(values.astype("Float64"))
        elif name in FLAGS:
            columns[name] = pa.array(values.astype("bool"))
        else:
            text = values.astype("str")
            text = protect(text) if kind == "csv" else text
            columns[name] = pa.array(text, pa.large_string(), from_pandas=True)
    arrow = pa.table(columns)
    if kind == "parquet":
        import pyarrow.parquet as pq

        pq.write_table(arrow, path)
        return
    from pyarrow import csv

    with path.open("wb") as stream:
        stream.write(b"\xef\xbb\xbf")
        csv.write_csv(arrow, stream)
