"""Codes of the tidy form: listed, or only named by codings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from qdaio.codes import code_id, code_path
from qdaio.faults import FaultList
from qdaio.model import make_frame
from qdaio.programs.tidy.columns import TidyTable, typed_columns
from qdaio.programs.tidy.named import Named, check_known, check_once

__all__ = ["codes_of"]

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
