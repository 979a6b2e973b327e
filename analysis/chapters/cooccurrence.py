"""Which codes stand together: on overlapping spans, one segment, near each other, one document.

Each pair of codings of two codes counts once. The c-coefficient relates it to how often each
code was applied, ``n12 / (n1 + n2 - n12)``, as ATLAS.ti prints it; it is a description and
has no test of significance. Overlap is found by sorting, so that time grows with the codings
and with the pairs that do overlap, not with all pairs that could.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.codes import depth_of, told_apart
from analysis.metrics import Metric
from analysis.numbers import format_number
from analysis.phrases import DOCUMENTS, counted, times
from analysis.tables import Column, Table
from analysis.tally import overlapping
from analysis.trace.selection import behind, code_numbers

__all__ = [
    "NEAR",
    "cooccurrence",
    "cooccurrence_facts",
    "cooccurrence_table",
    "first_kind",
    "kind_words",
    "level_of",
]

Kind = Literal["overlap", "segment", "near", "document"]
KINDS: tuple[Kind, ...] = ("overlap", "segment", "near", "document")
NEAR = 1  # paragraphs
READABLE = 40  # codes of which each two can still be looked at


def cooccurrence(
    codings: pd.DataFrame,
    spans: pd.DataFrame,
    *,
    kind: Kind = "overlap",
    distance: int = NEAR,
) -> pd.DataFrame:
    """Count pairs of codings of two different codes that stand together.

    Parameters
    ----------
    codings : DataFrame
        ``code_id``, ``segment_id``, ``document_id``; one row per coding.
    spans : DataFrame
        As of :func:`analysis.preparation.prepare.spans_of`; used by "overlap" and "near".
    kind : {"overlap", "segment", "near", "document"}
        On spans that share something; on one segment; on spans of paragraphs at most
        `distance` apart; anywhere in one document (each document counts once for a pair).
    distance : int
        Paragraphs between the end of one and the start of the other, for "near".

    Returns
    -------
    DataFrame
        ``first``, ``second`` (code_id, each pair once, in sorted order), ``pairs``,
        ``documents`` (in which they stand together), ``c`` (0 to 1; of codings, or of
        documents for "document"). Most pairs first.
    """
    codes, names = pd.factorize(codings["code_id"].astype("str"), sort=True)
    documents, _ = pd.factorize(codings["document_id"].astype("str"), sort=True)
    size = len(names)
    if kind == "document":
        held = np.unique(np.column_stack([documents, codes]), axis=0)
        totals = np.bincount(held[:, 1], minlength=size)
        keys = _pairs_within(held[:, 0], held[:, 1], size)
    else:
        totals = np.bincount(codes, minlength=size)
        if kind == "segment":
            segments, _ = pd.factorize(codings["segment_id"].astype("str"))
            starts = segments.astype(np.int64)
            stops = starts + 1
            where = np.zeros(len(codings), dtype=np.int64)
        else:
            at = pd.Index(spans["segment_id"]).get_indexer(codings["segment_id"].astype("str"))
            placed = at >= 0
            units, kinds = pd.factorize(spans["unit"])
            if kind == "near":
                placed &= (spans["unit"] == "paragraph").to_numpy()[at] if len(spans) else False
            at, codes, documents = at[placed], codes[placed], documents[placed]
            starts = spans["start"].to_numpy()[at]
            stops = spans["stop"].to_numpy()[at] + (distance if kind == "near" else 0)
            where = documents.astype(np.int64) * max(1, len(kinds)) + units[at]
        keys = _overlaps(where, starts, stops, codes, documents, size)
    return _table(keys, totals, names, distinct=kind == "document")


def _overlaps(
    where: npt.NDArray[np.int64],
    starts: npt.NDArray[np.int64],
    stops: npt.NDArray[np.int64],
    codes: npt.NDArray[np.int64],
    documents: npt.NDArray[np.int64],
    size: int,
) -> pd.DataFrame:
    """Count overlapping codings for each pair of codes and document."""
    counted: list[pd.DataFrame] = []
    for left, right in overlapping(where, starts, stops):
        first = np.minimum(codes[left], codes[right])
        second = np.maximum(codes[left], codes[right])
        kept = first != second
        key = first[kept].astype(np.int64) * size + second[kept]
        counted.append(_counted(key, documents[left][kept]))
    if not counted:
        return pd.DataFrame({"key": [], "document": [], "pairs": []}, dtype="int64")
    return pd.concat(counted, ignore_index=True)


def _counted(key: npt.NDArray[np.int64], document: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Count equal pairs of codes within each document."""
    order = np.lexsort((document, key))
    key, document = key[order], document[order]
    new = np.ones(len(key), dtype=bool)
    new[1:] = (key[1:] != key[:-1]) | (document[1:] != document[:-1])
    first = np.flatnonzero(new)
    pairs = np.diff(np.append(first, len(key)))
    return pd.DataFrame({"key": key[first], "document": document[first], "pairs": pairs})


def _pairs_within(
    documents: npt.NDArray[np.int64], codes: npt.NDArray[np.int64], size: int
) -> pd.DataFrame:
    """Count the documents that hold both codes of a pair."""
    rows: list[pd.DataFrame] = []
    for document in np.unique(documents):
        held = codes[documents == document]
        one, other = np.triu_indices(len(held), k=1)
        rows.append(pd.DataFrame({"key": held[one].astype(np.int64) * size + held[other]}))
    if not rows:
        return pd.DataFrame({"key": [], "document": [], "pairs": []}, dtype="int64")
    counts = pd.concat(rows, ignore_index=True).groupby("key").size()
    return pd.DataFrame(
        {"key": counts.index.to_numpy(), "document": -1, "pairs": counts.to_numpy()}
    )


def _table(
    keys: pd.DataFrame, totals: npt.NDArray[np.int64], names: pd.Index, *, distinct: bool
) -> pd.DataFrame:
    size = max(1, len(names))
    by = keys.groupby("key", sort=True)
    pairs = by["pairs"].sum()
    documents = pairs if distinct else by["document"].nunique()
    first = (pairs.index.to_numpy(dtype=np.int64)) // size
    second = (pairs.index.to_numpy(dtype=np.int64)) % size
    together = pairs.to_numpy(dtype=np.float64)
    # one coding can overlap several of the other code, so a share could exceed 1
    whole = np.maximum(totals[first] + totals[second] - together, together)
    table = pd.DataFrame(
        {
            "first": names.to_numpy()[first] if len(first) else [],
            "second": names.to_numpy()[second] if len(first) else [],
            "pairs": pairs.to_numpy(dtype=np.int64),
            "documents": documents.to_numpy(dtype=np.int64),
            "c": np.divide(together, whole, out=np.zeros_like(together), where=whole > 0),
        }
    )
    return table.sort_values(
        ["pairs", "first", "second"], ascending=[False, True, True], kind="stable"
    ).reset_index(drop=True)


def first_kind(
    codings: pd.DataFrame, spans: pd.DataFrame, *, distance: int = NEAR
) -> tuple[Kind, pd.DataFrame]:
    """Return the closest way in which any two codes of a study stand together, and the pairs.

    Tried are, in this order, overlapping spans, one segment, spans near each other, and one
    document: programs differ in what they export, and coders in how they cut segments.
    """
    table = pd.DataFrame()
    for kind in KINDS:
        table = cooccurrence(codings, spans, kind=kind, distance=distance)
        if len(table):
            return kind, table
    return "document", table


def kind_words(kind: Kind, distance: int) -> str:
    """Say what "together" means, as in "on overlapping stretches"."""
    if kind == "near":
        near = counted(distance, ("paragraph", "paragraphs"))
        return f"on one stretch or at most {near} apart"
    return {
        "overlap": "on overlapping stretches",
        "segment": "on one segment",
        "document": "in one document",
    }[kind]


def cooccurrence_table(
    pairs: pd.DataFrame,
    codes: pd.DataFrame,
    kind: Kind,
    *,
    distance: int = NEAR,
    most: int,
    label: str,
    caption: str,
    synthetic: bool,
) -> Table:
    """Lay out the pairs of codes that stand together most often; the CSV holds all.

    Parameters
    ----------
    pairs : DataFrame
        As of :func:`cooccurrence`.
    codes : DataFrame
        ``code_id``, ``parent_id``, ``label``.
    kind, distance
        As they were counted.
    most : int
        Pairs to print.
    label, caption : str
    synthetic : bool
    """
    shown = pairs.head(most)
    used = list(dict.fromkeys([*pairs["first"], *pairs["second"]]))
    labels = told_apart(codes, used) if used else pd.Series(dtype="str")
    named = pairs.assign(
        first_label=pairs["first"].map(labels), second_label=pairs["second"].map(labels)
    )
    body = pd.DataFrame(
        {
            "first": named["first_label"].head(most),
            "second": named["second_label"].head(most),
            "pairs": [f"{n:,}" for n in shown["pairs"]],
            "documents": [f"{n:,}" for n in shown["documents"]],
            "c": [format_number(value, 2) for value in shown["c"]],
        },
    )
    if body.empty:
        body = pd.DataFrame(
            [["No two codes stand together", "", "0", "0", "–"]], columns=list(body.columns)
        )
    both = list(
        zip(code_numbers(codes, shown["first"]), code_numbers(codes, shown["second"]), strict=True)
    )
    rest_on = [behind("~codings", ("code", one), ("code", other)) for one, other in both]
    notes = [
        f"Together: {kind_words(kind, distance)}. c: times together per times that at least one "
        "of the two was applied; it describes, and tests nothing."
    ]
    if (body["c"] == format_number(1, 2)).any():
        notes.append("c is 1 at most, also where one coding overlaps several of the other code.")
    if left := len(pairs) - len(shown):
        notes.append(f"{counted(left, ('more pair is', 'more pairs are'))} in the CSV file.")
    columns = [
        Column("first", "Code"),
        Column("second", "Code"),
        Column("pairs", "Documents" if kind == "document" else "Together", align="right"),
        Column("documents", "Documents", align="right"),
        Column("c", "c", align="right"),
    ]
    if kind == "document":
        columns.pop(3)
    return Table(
        body=body.reset_index(drop=True),
        columns=tuple(columns),
        caption=caption,
        label=label,
        notes=tuple(notes),
        behind={name: rest_on or [""] for name in ("pairs", "documents", "c")},
        data=named,
        synthetic=synthetic,
    )


def cooccurrence_facts(
    pairs: pd.DataFrame,
    codes: pd.DataFrame,
    kind: Kind,
    distance: int = NEAR,
    *,
    document_words: Sequence[str] = DOCUMENTS,
) -> dict[str, Metric]:
    """Count the pairs, and say which two codes stand together most often.

    Returns
    -------
    dict
        ``cooccurrence.pairs`` (of codes) and ``cooccurrence.sentence``.
    """
    facts: dict[str, Metric] = {"cooccurrence.pairs": len(pairs)}
    if pairs.empty:
        facts["cooccurrence.sentence"] = "No two codes stand together anywhere."
        return facts
    top = pairs.iloc[0]
    level = pairs[pairs["pairs"] == top["pairs"]]
    often = f"{times(int(top['pairs']))} {kind_words(kind, distance)}"
    if kind == "document":
        often = f"in {counted(int(top['pairs']), document_words)}"
    if len(level) > 1:
        said = (
            f"{counted(len(level), ('pair', 'pairs'))} of codes stand together most often, "
            f"each {often}."
        )
    else:
        labels = told_apart(codes, [str(top["first"]), str(top["second"])])
        names = [f"“{labels[str(top[side])]}”" for side in ("first", "second")]
        said = f"No two codes stand together more often than {names[0]} and {names[1]}: {often}."
    facts["cooccurrence.sentence"] = said
    return facts


def level_of(codes: pd.DataFrame, wanted: int) -> int:
    """Return the level at which codes are compared.

    Parameters
    ----------
    codes : DataFrame
        ``level``.
    wanted : int
        A level from 1, or 0 for the deepest of at most 40 codes, so that pairs can be read;
        where the first level has more, that one.

    Raises
    ------
    StudyError
        When the code system has no such level.
    """
    depth = depth_of(codes, [], wanted)
    if wanted:
        return depth
    sizes = codes.groupby("level").size()
    small = [int(level) for level in sizes.index if sizes[level] <= READABLE]
    return max(small, default=1)
