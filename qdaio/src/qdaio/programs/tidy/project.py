"""Tables of the tidy form as a project: what is listed, and what is only named by codings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from qdaio.codes import code_id, code_path, document_id
from qdaio.faults import FaultList
from qdaio.files.cells import as_text
from qdaio.labels import did_you_mean, nearest
from qdaio.model import FRAMES, CodedProject, ExportInfo, SetAside, empty_frame, make_frame
from qdaio.programs.tidy.form import COUNTS, FLAGS, NUMBERS, TABLES

__all__ = ["TidyTable", "project_of"]


TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
SHOWN = 20


class TidyTable:
    """One table as columns, and where each row stands.

    Parameters
    ----------
    file : str
        How messages call it.
    columns : mapping of str to Series
        All of one length, index from 0.
    rows : sequence of int
        Row of each record, as a person counts in the file.
    sheet : str, optional
    """

    def __init__(
        self,
        file: str,
        columns: Mapping[str, pd.Series],
        rows: Sequence[int],
        sheet: str | None = None,
    ) -> None:
        self.file = file
        self.columns = dict(columns)
        self.rows = rows
        self.sheet = sheet

    def __len__(self) -> int:
        return len(self.rows)

    def get(self, name: str) -> pd.Series | None:
        """Return a column, or None where the table has none."""
        return self.columns.get(name)

    def text(self, name: str) -> pd.Series:
        """Return a column of text, missing values where the table has none."""
        found = self.columns.get(name)
        if found is None:
            return pd.Series(pd.NA, index=range(len(self.rows)), dtype="str")
        return found

    def need(self, name: str, faults: FaultList) -> pd.Series:
        """Return a column of which no cell may be empty."""
        values = self.text(name)
        for place in values.index[values.isna()][:SHOWN]:
            faults.add(
                kind="missing-value",
                file=self.file,
                sheet=self.sheet,
                row=self.rows[place],
                column=name,
                found="nothing",
                expected=f"a {name.removesuffix('_id').replace('_', ' ')}",
                remedy="Fill it in, or delete the row.",
            )
        return values


def typed_columns(table: TidyTable, names: Sequence[str], faults: FaultList) -> dict[str, Any]:
    """Return those of some columns that the table has, with the types of the model."""
    typed: dict[str, Any] = {}
    for name in names:
        values = table.get(name)
        if values is None:
            continue
        if name in COUNTS or name in NUMBERS:
            typed[name] = _numbers(table, name, values, faults)
        elif name in FLAGS:
            typed[name] = _flags(table, name, values, faults)
        else:
            typed[name] = values
    return typed


def _numbers(table: TidyTable, name: str, values: pd.Series, faults: FaultList) -> pd.Series:
    kind = "Int64" if name in COUNTS else "Float64"
    if values.dtype == kind:
        return values
    numbers = pd.to_numeric(values, errors="coerce").astype("Float64")
    if kind == "Int64":
        numbers = numbers.mask(numbers % 1 != 0)
    _bad(table, name, values, numbers, "a whole number" if kind == "Int64" else "a number", faults)
    return numbers.astype(kind)  # type: ignore[call-overload,no-any-return]


def _flags(table: TidyTable, name: str, values: pd.Series, faults: FaultList) -> pd.Series:
    if values.dtype == "bool":
        return values
    default = name == "is_codable"
    flags = values.map(lambda cell: TRUTH.get(str(as_text(cell)).casefold()), na_action="ignore")
    _bad(table, name, values, flags, "true or false", faults)
    return flags.fillna(default).astype("bool")


def _bad(
    table: TidyTable,
    name: str,
    written: pd.Series,
    read: pd.Series,
    expected: str,
    faults: FaultList,
) -> None:
    wrong = written.index[written.notna() & read.isna()]
    for place in wrong[:SHOWN]:
        faults.add(
            kind="bad-number" if "number" in expected else "bad-value",
            file=table.file,
            sheet=table.sheet,
            row=table.rows[place],
            column=name,
            found=f'"{str(written[place])[:20]}"',
            expected=expected,
            remedy="Correct the cell, or leave it empty."
            + (f" ({len(wrong)} cells of this column.)" if len(wrong) > SHOWN else ""),
        )


@dataclass
class Named:
    """What is listed, and what each table uses.

    Attributes
    ----------
    frame : DataFrame
        Of the model.
    used : dict of str to Series
        Identifier of each row, by table.
    attributes : DataFrame
        Frame ``attributes``, from further columns of the list of documents.
    """

    frame: pd.DataFrame
    used: dict[str, pd.Series] = field(default_factory=dict)
    attributes: pd.DataFrame = field(default_factory=lambda: empty_frame("attributes"))


def check_once(table: TidyTable, column: str, values: pd.Series, faults: FaultList) -> None:
    """Add a fault for each value that stands twice in a list."""
    again = values.duplicated() & values.notna()
    for place in values.index[again][:SHOWN]:
        label = values[place]
        shown = " > ".join(label) if isinstance(label, tuple) else label
        faults.add(
            kind=f"duplicate-{column.removesuffix('_id')}",
            file=table.file,
            sheet=table.sheet,
            row=table.rows[place],
            column=column,
            found=f'"{shown}" a second time',
            expected="one row each",
            remedy="Delete the row, or give it a name of its own.",
        )


def check_known(
    table: TidyTable,
    what: str,
    ids: pd.Series,
    listed: pd.DataFrame,
    faults: FaultList,
    labels: pd.Series | None = None,
) -> pd.Series:
    """Check identifiers against a list; a document may be named without its group."""
    key = f"{what}_id"
    if what == "document":
        bare = listed[listed["group"].notna() & ~listed["name"].duplicated(keep=False)]
        short = dict(zip(bare["name"], bare[key], strict=True))
        ids = ids.where(ids.isin(listed[key]), ids.map(lambda name: short.get(name, name)))
    unknown = ids.notna() & ~ids.isin(listed[key])
    if unknown.any():
        shown = ids if labels is None else labels
        names = [" > ".join(path) for path in listed["path"]] if what == "code" else listed["name"]
        for label, rows in shown[unknown].groupby(shown[unknown], sort=False):
            near = nearest(str(label), list(names))
            faults.add(
                kind=f"unknown-{what}",
                file=table.file,
                sheet=table.sheet,
                row=table.rows[int(rows.index[0])],
                column=what,
                found=f'"{label}"' + (f", in {len(rows)} rows" if len(rows) > 1 else ""),
                expected=f"a {what} of the list of {what}s",
                remedy=did_you_mean(near, f"Correct it, or add it to the list of {what}s."),
            )
    return ids


OWN_COLUMNS = ("kind", "text", "position")


def documents_of(tables: Mapping[str, TidyTable], faults: FaultList) -> Named:
    """Take documents from their list, or else from the codings and segments."""
    keys = {
        name: _document_ids(tables[name], faults)
        for name in ("documents", "codings", "segments")
        if name in tables
    }
    used = {name: ids for name, (ids, _) in keys.items() if name != "documents"}
    if "documents" not in tables:
        found = [rows for _, rows in keys.values()]
        frame = pd.concat(found).dropna(subset="document_id") if found else pd.DataFrame()
        if len(frame):
            frame = frame.drop_duplicates("document_id", ignore_index=True)
            frame["position"] = range(1, len(frame) + 1)
        return Named(make_frame("documents", frame), used)
    table = tables["documents"]
    ids, rows = keys["documents"]
    check_once(table, "document", ids, faults)
    frame = rows.assign(**typed_columns(table, OWN_COLUMNS, faults))
    for name in used:
        if "document_id" in table.columns and "document_id" not in tables[name].columns:
            used[name] = _listed_ids(keys[name][1], rows)
        used[name] = check_known(tables[name], "document", used[name], rows, faults)
    return Named(make_frame("documents", frame), used, _variables(table, ids))


def _listed_ids(rows: pd.DataFrame, listed: pd.DataFrame) -> pd.Series:
    """Look documents that are told by group and name up in a list that gives ids of its own."""
    listed = listed.assign(name=listed["name"].str.strip(), group=listed["group"].str.strip())
    known = listed.drop_duplicates(["group", "name"])
    found = rows[["group", "name"]].merge(known, how="left", on=["group", "name"])["document_id"]
    return found.fillna(rows["document_id"])


def _document_ids(table: TidyTable, faults: FaultList) -> tuple[pd.Series, pd.DataFrame]:
    names, groups, ids = (
        table.need("document", faults),
        table.text("group"),
        table.get("document_id"),
    )
    if ids is None:
        names, groups = names.str.strip(), groups.str.strip()
        pairs = pd.DataFrame({"group": groups, "name": names})
        at, keys = pd.factorize(pd.MultiIndex.from_frame(pairs.fillna("\0")))
        labels = [document_id(None if group == "\0" else group, name) for group, name in keys]
        ids = pd.Series(labels, dtype="str").iloc[at].reset_index(drop=True)
        ids = ids.where(names.notna())
    return ids, pd.DataFrame({"document_id": ids, "name": names, "group": groups})


def _variables(table: TidyTable, ids: pd.Series) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {
                "entity": "document",
                "entity_id": ids,
                "name": name,
                "value": table.columns[name].astype("str"),
                "source_file": table.file,
                "source_row": list(table.rows),
            }
        ).dropna(subset="value")
        for name in table.columns
        if name not in TABLES["documents"]
    ]
    return make_frame("attributes", pd.concat(parts, ignore_index=True) if parts else [])


def coders_of(tables: Mapping[str, TidyTable], faults: FaultList) -> Named:
    """Take coders from their list, or else from the codings."""
    used: dict[str, pd.Series] = {}
    names = pd.Series(dtype="str")
    ids = pd.Series(dtype="str")
    if "codings" in tables:
        table = tables["codings"]
        names = table.text("coder")
        found = table.get("coder_id")
        ids = names.str.strip() if found is None else found
        names = names.str.strip() if found is None else names
        used["codings"] = ids
    if "coders" not in tables:
        rows = pd.DataFrame({"coder_id": ids, "name": names.fillna(ids)}).dropna(subset="coder_id")
        return Named(make_frame("coders", rows.drop_duplicates("coder_id")), used)
    table = tables["coders"]
    listed = table.need("coder", faults)
    own = table.get("coder_id")
    rows = pd.DataFrame({"coder_id": listed if own is None else own, "name": listed})
    check_once(table, "coder", rows["coder_id"], faults)
    if used:
        used["codings"] = check_known(tables["codings"], "coder", ids, rows, faults)
    return Named(make_frame("coders", rows), used)


def cases_of(tables: Mapping[str, TidyTable], faults: FaultList) -> Named:
    """Take cases from their list, or else from the codings."""
    used: dict[str, pd.Series] = {}
    if "codings" in tables:
        table = tables["codings"]
        names, found = table.text("case").str.strip(), table.get("case_id")
        used["codings"] = names if found is None else found
        if "cases" not in tables:
            rows = pd.DataFrame({"case_id": used["codings"], "name": names})
            rows = rows.dropna(subset="case_id").drop_duplicates("case_id")
            rows["name"] = rows["name"].fillna(rows["case_id"])
            return Named(make_frame("cases", rows), used)
    if "cases" not in tables:
        return Named(empty_frame("cases"), used)
    listed = tables["cases"]
    named, own = listed.need("case", faults), listed.get("case_id")
    rows = pd.DataFrame({"case_id": named if own is None else own, "name": named})
    if used:
        ids = used["codings"]
        if table.get("case_id") is None and own is not None:
            by_name = rows.dropna().drop_duplicates("name").set_index("name")["case_id"]
            ids = ids.map(lambda name: by_name.get(name, name), na_action="ignore").astype("str")
        used["codings"] = check_known(table, "case", ids, rows, faults)
    return Named(make_frame("cases", rows), used)


OWN = ("position", "is_codable", "colour", "description", "reported_n", "reported_n_kind")


def codes_of(tables: Mapping[str, TidyTable], faults: FaultList) -> Named:
    """Take codes from their list, or else from the codings; parents are added."""
    listed = _listed_codes(tables["codes"], faults) if "codes" in tables else None
    if "codings" not in tables:
        return Named(make_frame("codes", [] if listed is None else listed))
    table = tables["codings"]
    labels = table.need("code", faults)
    at, names = pd.factorize(labels)
    ids = table.get("code_id")
    paths = [_path(name, exact=ids is not None) for name in names]
    if listed is not None:
        known = dict(zip(listed["path"], listed["code_id"], strict=True))
        if ids is None:
            ids = _taken([known.get(path, code_id(path)) for path in paths], at)
        used = check_known(table, "code", ids, listed, faults, labels)
        return Named(make_frame("codes", listed), {"codings": used})
    if ids is None:
        return Named(
            make_frame("codes", _with_parents(pd.DataFrame({"path": paths}))),
            {"codings": _taken([code_id(path) for path in paths], at)},
        )
    pairs = pd.DataFrame({"code_id": ids, "at": at}).drop_duplicates("code_id").query("at >= 0")
    rows = pd.DataFrame(
        {"code_id": pairs["code_id"], "path": [paths[place] for place in pairs["at"]]}
    )
    return Named(make_frame("codes", _with_parents(rows)), {"codings": ids})


def _path(label: str, *, exact: bool) -> tuple[str, ...]:
    """Split a path; by hand, spaces around names are slips, with identifiers they are names."""
    parts = code_path(label)
    return parts if exact else tuple(part.strip() or part for part in parts)


def _taken(labels: list[str], at: Any) -> pd.Series:
    taken = pd.Series(pd.array(labels, dtype="str").take(at, allow_fill=True))
    return taken.reset_index(drop=True)


def _listed_codes(table: TidyTable, faults: FaultList) -> pd.DataFrame:
    labels = table.need("code", faults)
    there = labels.notna()
    exact = table.get("code_id") is not None
    rows = pd.DataFrame({"path": [_path(label, exact=exact) for label in labels[there]]})
    columns = typed_columns(table, OWN, faults)
    for name in ("code_id", "parent_id", "name", "level"):
        if table.get(name) is not None:
            columns |= typed_columns(table, (name,), faults)
    for name, values in columns.items():
        rows[name] = values[there].array
    if "code_id" not in rows:
        check_once(table, "code", labels[there].map(partial(_path, exact=False)), faults)
        rows = rows[~rows["path"].duplicated()].reset_index(drop=True)
    else:
        check_once(table, "code_id", rows["code_id"], faults)
    return _with_parents(rows)


def _with_parents(rows: pd.DataFrame) -> pd.DataFrame:
    """Add codes that stand above others and have no row; number, name and link all."""
    if rows.empty:
        return rows
    rows = rows.copy()
    is_by_hand = not {"position", "code_id"} & set(rows.columns)
    if "code_id" not in rows:
        rows["code_id"] = [code_id(path) for path in rows["path"]]
    stated = set(rows["path"])
    order: dict[tuple[str, ...], None] = {}
    if "parent_id" not in rows:
        for path in rows["path"]:
            for depth in range(1, len(path)):
                if path[:depth] not in stated:
                    order.setdefault(path[:depth])
            order.setdefault(path)
        added = [path for path in order if path not in stated]
        if added:
            more = pd.DataFrame({"path": added, "code_id": [code_id(path) for path in added]})
            rows = pd.concat([rows, more], ignore_index=True)
            place = {path: number for number, path in enumerate(order)}
            rows = rows.sort_values("path", key=lambda column: column.map(place), kind="stable")
            rows = rows.reset_index(drop=True)
            if "is_codable" in rows:
                rows["is_codable"] = rows["is_codable"].fillna(True).astype("bool")
        ids = dict(zip(rows["path"], rows["code_id"], strict=True))
        rows["parent_id"] = [ids[path[:-1]] if len(path) > 1 else None for path in rows["path"]]
    if "name" not in rows:
        rows["name"] = [path[-1] for path in rows["path"]]
    if "level" not in rows:
        rows["level"] = [len(path) for path in rows["path"]]
    if is_by_hand:
        rows["position"] = pd.Series(range(1, len(rows) + 1), dtype="Int64")
    return rows


SEGMENT = ("start", "end", "unit", "place", "start_cp", "end_cp", "text", "comment")
CODING = ("weight", "created_at", "memo", "source_file", "source_sheet", "source_row", "is_repeat")


def project_of(tables: Mapping[str, TidyTable], info: ExportInfo) -> CodedProject:
    """Make a project from tables of the tidy form, with the faults of all of them at once.

    Parameters
    ----------
    tables : mapping of str to TidyTable
        By name of the table in `qdaio.programs.tidy.form.TABLES`; any may be missing.
    info : ExportInfo

    Raises
    ------
    StudyError
        For cells that are empty or of the wrong kind, and for codes, documents or coders
        that are used but not listed where there is a list.
    """
    faults = FaultList()
    documents = documents_of(tables, faults)
    codes = codes_of(tables, faults)
    coders = coders_of(tables, faults)
    cases = cases_of(tables, faults)
    segments, codings = [], pd.DataFrame()
    if "codings" in tables:
        table = tables["codings"]
        segment_ids = _segment_ids(table, faults)
        codings = _codings(table, segment_ids, faults).assign(
            code_id=codes.used["codings"],
            coder_id=coders.used["codings"],
            case_id=cases.used["codings"],
        )
        segments.append(_segments(table, segment_ids, documents.used["codings"], faults))
    if "segments" in tables:
        table = tables["segments"]
        ids = table.need("segment_id", faults)
        segments.append(_segments(table, ids, documents.used["segments"], faults))
    plain = {
        name: _plain(tables[name], name, faults)
        for name in ("case_documents", "attributes", "matrix_cells")
        if name in tables
    }
    if len(documents.attributes):
        plain["attributes"] = make_frame(
            "attributes",
            pd.concat(
                [
                    frame
                    for frame in (plain.get("attributes"), documents.attributes)
                    if frame is not None and len(frame)
                ]
            ),
        )
    if "case_documents" not in tables and len(codings) and codings["case_id"].notna().any():
        pairs = pd.DataFrame(
            {"case_id": codings["case_id"], "document_id": documents.used["codings"]}
        )
        plain["case_documents"] = make_frame("case_documents", pairs.dropna().drop_duplicates())
    aside = _set_aside(tables["set_aside"], faults) if "set_aside" in tables else ()
    faults.raise_if_any()
    return CodedProject(
        info=info,
        documents=documents.frame,
        codes=codes.frame,
        coders=coders.frame,
        cases=cases.frame,
        segments=make_frame("segments", pd.concat(segments, ignore_index=True) if segments else []),
        codings=make_frame("codings", codings),
        rows_read=len(codings) + sum(item.what == "coding" for item in aside),
        set_aside=aside,
    ).with_(**plain)


def _segment_ids(table: TidyTable, faults: FaultList) -> pd.Series:
    if table.get("segment_id") is not None:
        return table.need("segment_id", faults)
    return "s" + pd.Series(range(1, len(table) + 1)).astype("str")


def _segments(
    table: TidyTable, ids: pd.Series, documents: pd.Series, faults: FaultList
) -> pd.DataFrame:
    """Take each segment once; rows that give one segment two places are a fault."""
    frame = pd.DataFrame({"segment_id": ids, "document_id": documents})
    frame = frame.assign(**typed_columns(table, SEGMENT, faults))
    frame["offset_status"] = table.text("offset_status").fillna("unchecked")
    again = frame["segment_id"].duplicated()
    if again.any():
        different = ~frame.duplicated() & again
        for place in different.index[different]:
            faults.add(
                kind="inconsistent-export",
                file=table.file,
                sheet=table.sheet,
                row=table.rows[place],
                column="segment_id",
                found=f'segment "{ids[place]}" with another document, place or text than above',
                expected="the same in each row of a segment",
                remedy="Give it a segment_id of its own, or correct the row.",
            )
        frame = frame[~again]
    return frame


def _codings(table: TidyTable, segment_ids: pd.Series, faults: FaultList) -> pd.DataFrame:
    number = pd.Series(range(1, len(table) + 1)).astype("str")
    ids = table.get("coding_id")
    frame = pd.DataFrame(
        {"coding_id": "c" + number if ids is None else ids, "segment_id": segment_ids}
    )
    frame = frame.assign(**typed_columns(table, CODING, faults))
    if "source_file" not in frame:
        frame["source_file"] = table.file
        frame["source_sheet"] = pd.Series(table.sheet, index=frame.index, dtype="str")
        frame["source_row"] = pd.Series(list(table.rows), dtype="Int64")
    elif "source_row" not in frame:
        frame["source_row"] = pd.Series(list(table.rows), dtype="Int64")
    for column in ("source_file", "source_row"):
        for place in frame.index[frame[column].isna()]:
            faults.add(
                kind="missing-value",
                file=table.file,
                row=table.rows[place],
                column=column,
                found="nothing",
                expected="where the coding stands in the export that it came from",
                remedy="Fill it in, or delete the columns source_file and source_row.",
            )
    return frame


def _plain(table: TidyTable, name: str, faults: FaultList) -> pd.DataFrame:
    columns = typed_columns(table, tuple(FRAMES[name]), faults)
    for required in ("case_id", "document_id", "entity", "entity_id", "name", "code_id", "n"):
        if required in FRAMES[name]:
            table.need(required, faults)
    return make_frame(name, columns)


def _set_aside(table: TidyTable, faults: FaultList) -> tuple[SetAside, ...]:
    names = ("what", "why", "file", "row", "sheet", "code", "document")
    columns = typed_columns(table, names, faults)
    frame = pd.DataFrame(columns, index=range(len(table))).reindex(columns=list(names))
    return tuple(
        SetAside(
            what=str(row["what"]),
            why=str(row["why"]),
            file=str(row["file"]),
            row=None if pd.isna(row["row"]) else int(row["row"]),
            sheet=None if pd.isna(row["sheet"]) else str(row["sheet"]),
            code=None if pd.isna(row["code"]) else str(row["code"]),
            document=None if pd.isna(row["document"]) else str(row["document"]),
        )
        for row in frame.to_dict("records")
    )
