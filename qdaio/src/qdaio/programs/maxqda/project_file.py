"""MAXQDA's own files, ``.mx12`` to ``.mx20`` and the exchange file ``.mex``, where plain.

They are SQLite databases. Documents, codes, and codings with their coder, date, weight and
paragraphs stand in plain tables; what people said does not: texts, memos and the words of long
segments are locked by the program, and are left so. Of a segment the file shows up to 63
characters. Since MAXQDA 2020 a row that was changed stands again under a greater number, and the
last one counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from qdaio.codes import Node, code_tree, document_id
from qdaio.databases import Contents, DatabaseReader, Schema
from qdaio.faults import StudyError
from qdaio.files.cells import text_series
from qdaio.files.source import Source
from qdaio.files.sqlite import Database
from qdaio.labels import unique
from qdaio.model import CodedProject, Notes, make_frame
from qdaio.programs.maxqda.whole_project import NATIVE
from qdaio.reader import Match
from qdaio.spans import Codings, Links, blank_to_missing, coded_frames, found_at

__all__ = ["READER", "ProjectFile"]

PREVIEW = 63  # characters of a segment that stand in the open
LOCKED = "*ENC*"
VERSIONED = {"tid": "whole", "todelete": "whole"}  # since MAXQDA 2020
TABLES = Schema(
    {
        "texts": {"id": "whole", "groupid": "whole", "name": "text", "idx": "whole"},
        "codewords": {"id": "whole", "wordid": "whole", "name": "text", "idx": "whole"},
        "codings": {
            "id": "whole",
            "textid": "whole",
            "wordid": "whole",
            "preview": "text",
            "author": "text",
            "date": "text",
        },
    },
    {
        "textgroups": {"id": "whole", "name": "text"},
        "sys_setup": {"key": "text", "value": "text"},
    },
    {
        "texts": VERSIONED,
        "textgroups": VERSIONED,
        "codewords": {"codes": "whole", "color": "whole", **VERSIONED},
        "codings": {
            "type": "whole",
            "area": "whole",
            "weight": "whole",
            "commentl": "text",
            "segpos1stdunit": "text",
            "segpos2stdunit": "text",
            "segpos1x": "whole",
            "segpos2x": "whole",
            **VERSIONED,
        },
    },
)


class ProjectFile(DatabaseReader):
    """Reads what is plain in a project that MAXQDA keeps for itself."""

    format = "maxqda-project-file"
    software = "MAXQDA"
    schema = TABLES
    signature = ("texts", "codewords", "codings", "wordsets", "textsets")

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the project; one whose tables are not plain is named, with the export to make.

        Raises
        ------
        StudyError
            When the database is damaged, or its tables are other ones.
        """
        try:
            return super().read(source, match)
        except StudyError as error:
            if {fault.kind for fault in error.faults} <= {"missing-table", "missing-column"}:
                NATIVE.read(source, match)
            raise

    def contents(self, database: Database, notes: Notes) -> Contents:
        """Read documents, codes and codings; say what is locked."""
        texts, groups = _last(database, "texts"), _last(database, "textgroups")
        words, codings = _last(database, "codewords"), _last(database, "codings")
        for table, frame in (("texts", texts), ("codewords", words)):
            _check(frame, table, notes)
        notes.faults.raise_if_any()
        named = dict(zip(groups["id"], groups["name"], strict=True))
        listed = [
            (named.get(group) or None, name or f"document {number}")
            for number, group, name in zip(
                texts["id"], texts["groupid"].fillna(0), texts["name"], strict=True
            )
        ]
        plain = [document_id(group, name) for group, name in listed]
        ids = unique(plain)
        if ids != plain:
            notes.warn("several documents have one name; they are told apart by a number.")
        documents = make_frame(
            "documents",
            {
                "document_id": ids,
                "name": [name for _, name in listed],
                "group": text_series([group for group, _ in listed]),
                "position": range(1, len(ids) + 1),
            },
        )
        tree = code_tree(_nodes(words), notes)
        stated = dict(zip(words["id"], words["codes"], strict=True))
        counts = {code: stated[key] for key, code in tree.ids.items()}
        own = tree.frame["code_id"].map(counts).astype("Int64")
        kind = text_series([None if missing else "own" for missing in own.isna()])
        codes = tree.frame.assign(reported_n=own, reported_n_kind=kind)
        known = {int(str(key)): code for key, code in tree.ids.items()}
        places = {int(number): place for place, number in enumerate(texts["id"])}
        kept = _codings(codings, known, places, ids, notes)
        coded = coded_frames(
            [Codings("codings", kept)], list(known.values()), ids, [None] * len(ids), notes
        )
        if len(kept):
            weight = kept["weight"].astype("Float64").astype("float64")
            coded.codings["weight"] = weight.reset_index(drop=True)
        return Contents(
            documents=documents,
            codes=make_frame("codes", codes),
            coded=coded,
            version=_version(database),
        )


def _last(database: Database, table: str) -> pd.DataFrame:
    """Read the rows that count: of each number the last, unless it was deleted."""
    rows = TABLES.read_frame(database, table)
    rows = rows.sort_values("tid", kind="stable", na_position="first")
    rows = rows.drop_duplicates("id", keep="last")
    rows = rows[rows["todelete"].fillna(0) == 0]
    if "name" in rows:
        rows = rows.assign(name=rows["name"].fillna(""))
    order = ["idx", "row"] if "idx" in rows else ["row"]
    return rows.sort_values(order, kind="stable").reset_index(drop=True)


def _check(rows: pd.DataFrame, table: str, notes: Notes) -> None:
    """Add a fault for rows without a number, and for names that are locked, too."""
    locked = rows["name"].fillna("").str.startswith(LOCKED)
    for place in np.flatnonzero(rows["id"].isna() | locked)[:5]:
        notes.faults.add(
            kind="inconsistent-export",
            file=notes.file,
            sheet=table,
            row=int(rows["row"].iloc[place]),
            found="a name that is locked" if locked.iloc[place] else "no number",
            expected="a number and a plain name",
            remedy=NATIVE.remedy,
        )


def _nodes(words: pd.DataFrame) -> list[Node]:
    """Give the codes in the order of the program."""
    known = set(words["id"])
    return [
        Node(
            key=int(number),
            name=name or f"code {number}",
            parent=int(parent) if parent in known else None,
            colour=None if pd.isna(colour) else f"#{int(colour) & 0xFFFFFF:06X}",
        )
        for number, parent, name, colour in zip(
            words["id"], words["wordid"].fillna(0), words["name"], words["color"], strict=True
        )
    ]


def _codings(
    rows: pd.DataFrame,
    codes: Mapping[int, str],
    places: Mapping[int, int],
    ids: Sequence[str],
    notes: Notes,
) -> pd.DataFrame:
    """Give the codings that count, with the words that stand in the open whole."""
    code, document = found_at(rows["wordid"], codes), found_at(rows["textid"], places)
    kinds = rows["type"].fillna(0).to_numpy(dtype=np.int64)
    why = np.select(
        [kinds != 0, document < 0, code < 0],
        [
            "it is of a kind that this program does not know",
            "its document is not in the file",
            "its code is not in the file",
        ],
        default="",
    ).astype(object)
    kept = Links(code, document, list(codes.values()), ids).kept("codings", rows, why, notes)
    shown = kept["preview"].fillna("")
    area = kept["area"].astype("Float64").fillna(0)
    units = pd.Series([_units(text) for text in shown], index=shown.index, dtype="Float64")
    is_whole = (units >= area) | (shown.str.len() < PREVIEW)
    is_whole &= (shown != "") & ~shown.str.startswith(LOCKED)
    start, end = (_paragraph(kept[f"segpos{side}stdunit"]) for side in (1, 2))
    notes.warn(
        "MAXQDA locks texts, memos and the words of long segments in its own files: "
        f"{int(is_whole.sum())} of {len(kept)} segments have their words here, the others none, "
        "and document variables are not read. A REFI-QDA project (.qdpx) or the overview of "
        "coded segments, exported from MAXQDA, holds them all."
    )
    paragraphs = (start + "\u2013" + end).where(start.notna() & end.notna())
    exact = kept["segpos1x"].astype("str") + "\u2013" + kept["segpos2x"].astype("str")
    return kept.assign(
        start=pd.to_numeric(start).astype("Int64"),
        end=pd.to_numeric(end).astype("Int64"),
        unit=text_series(["paragraph" if there else None for there in paragraphs.notna()]),
        place=exact,
        text=shown.where(is_whole),
        coder=blank_to_missing(kept["author"]),
        date=kept["date"].str.replace(r"\.\d+$", "", regex=True),
        memo=blank_to_missing(kept["commentl"].fillna("").str.strip()),
    )


def _units(text: str) -> int:
    """Count as MAXQDA does, in units of UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _paragraph(cells: pd.Series) -> pd.Series:
    """Return the numbers of paragraphs; a place on a page or in a recording is none."""
    return cells.where(cells.fillna("").str.fullmatch(r"[1-9]\d{0,8}"))


def _version(database: Database) -> str | None:
    setup = TABLES.read(database, "sys_setup")
    stated = dict(zip(setup["key"], setup["value"], strict=True)).get("APP") or ""
    return " ".join(stated.split()) or None


READER = ProjectFile()
