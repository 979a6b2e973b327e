"""Taguette: its project as a database, its list of highlights and its codebook.

The database keeps documents as HTML, and counts positions in the UTF-8 bytes of their text.
Tables have neither coder nor position.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pandas as pd

from qdaio.codes import code_frame, code_id, paths_from_parents
from qdaio.databases import Contents, DatabaseReader, Schema, check_numbers, rows_by_number
from qdaio.faults import StudyError
from qdaio.files import sqlite
from qdaio.files.cells import text_series
from qdaio.files.sqlite import Database
from qdaio.labels import unique
from qdaio.model import CodedProject, Notes, labelled, make_frame, numbered
from qdaio.places import Counter, Marked, placed_columns
from qdaio.spans import Coded, Links, blank_to_missing, found_at, mapped
from qdaio.tables import BesideOthers, CodeTable, CodingTable, Path, Places, Rows, headers

__all__ = ["CODEBOOK", "DATABASE", "HIGHLIGHTS", "TaguetteDatabase", "plain_text"]


class Tags:
    """The tags of a project.

    Attributes
    ----------
    frame : DataFrame
        Frame ``codes`` of the model.
    ids : list of str or None
        Identifier of the code that each row names; None where the row is left out.
    """

    def __init__(self, frame: pd.DataFrame, ids: list[str | None]) -> None:
        self.frame, self.ids = frame, ids


def _read_tags(
    names: Sequence[str | None],
    parents: Sequence[str | None],
    rows: Sequence[int],
    more: dict[str, Sequence[object]],
    notes: Notes,
    sheet: str | None = None,
) -> Tags:
    """Build codes from rows that name a tag, and perhaps the tag above it.

    Parameters
    ----------
    names, parents : sequence of str or None
        Recent versions of Taguette put a tag under another; else all parents are None.
    rows : sequence of int
        For messages.
    more : dict
        Further columns of the frame, aligned with `names`.
    notes : Notes
        Gets a fault for tags that stand twice or below themselves.
    sheet : str, optional
        For messages.
    """
    first: dict[str, int] = {}
    for place, (name, row) in enumerate(zip(names, rows, strict=True)):
        if not name:
            notes.aside("row", "it names no tag", row, sheet)
        elif name in first:
            notes.faults.add(
                kind="duplicate-code",
                file=notes.file,
                sheet=sheet,
                row=row,
                found=f'tag "{name}", as in row {rows[first[name]]}',
                expected="each tag once",
                remedy="Taguette allows a name once: export the file again.",
            )
        else:
            first[name] = place
    above = {name: parents[place] or None for name, place in first.items()}
    for name, parent in above.items():
        if parent is not None and parent not in first:
            notes.warn(f'tag "{name}" stands under "{parent}", which is no tag; it is at the root.')
    paths = paths_from_parents(
        {name: name for name in first}, above, notes.faults, file=notes.file, sheet=sheet
    )
    kept = [first[str(name)] for name in paths]
    frame = code_frame(
        list(paths.values()),
        {column: [values[place] for place in kept] for column, values in more.items()},
    )
    ids: list[str | None] = [None] * len(names)
    for place, path in zip(kept, paths.values(), strict=True):
        ids[place] = code_id(path)
    return Tags(frame, ids)


# A tag whose attributes, if it has any, hold no angle brackets.
SIMPLE_TAG = re.compile(r"""</?[A-Za-z][A-Za-z0-9]*(?:\s+[\w-]+="[^"<>]*")*\s*/?>""")


def plain_text(html: str) -> str:
    r"""Return the characters of HTML that are no tags, with entities resolved.

    Line breaks between paragraphs stay as they are written: Taguette counts them.

    Examples
    --------
    >>> plain_text("<p>Caf&eacute; &amp; bar</p>\n<p>2 &lt; 3</p>")
    'Café & bar\n2 < 3'
    """
    unix = html.replace("\r\n", "\n").replace("\r", "\n") if "\r" in html else html
    stripped, tags = SIMPLE_TAG.subn("", unix)
    if tags == unix.count("<"):
        return unescape(stripped)
    parser = _Text()
    parser.feed(unix)
    parser.close()
    return "".join(parser.pieces)


class _Text(HTMLParser):
    """Collects text; for HTML with comments, or angle brackets in attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


COLUMNS = {"payload": "text", "user_login": "text", "date": "text"}
PAIR = ["highlight", "tag"]


def _tagging_history(database: Database, links: pd.DataFrame) -> pd.DataFrame:
    """Find the command that gave each highlight its tag.

    Where tags were merged later, that is the command that made the highlight. Commands that
    cannot be read are left out, for they only add dates.

    Parameters
    ----------
    database : Database
    links : DataFrame
        ``highlight`` and ``tag``, numbers as Int64, n rows.

    Returns
    -------
    DataFrame
        ``user`` and ``date`` as str, n rows. No users where all commands have the same: an
        exported project calls everybody "admin".
    """
    try:
        commands = database.read_frame("commands", COLUMNS)
    except StudyError:
        commands = pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    steps = _steps(commands["payload"])
    by_pair = steps.drop_duplicates(PAIR).set_index(PAIR)["command"]
    by_highlight = steps.drop_duplicates("highlight").set_index("highlight")["command"]
    wanted = links[PAIR].fillna(-1).astype("int64")
    exact = by_pair.reindex(pd.MultiIndex.from_frame(wanted)).to_numpy()
    made = by_highlight.reindex(wanted["highlight"]).to_numpy()
    command = pd.Series(np.where(np.isnan(exact), made, exact)).fillna(-1).astype("int64")
    found = pd.DataFrame(
        {
            name: commands[column].reindex(command).reset_index(drop=True)
            for name, column in (("user", "user_login"), ("date", "date"))
        }
    )
    if found["user"].nunique() < 2:
        found["user"] = pd.Series(pd.NA, index=found.index, dtype="str")
    return found


def _steps(payloads: pd.Series) -> pd.DataFrame:
    """Return each tag that a command set on a highlight, and the place of the command."""
    highlights, tags, commands = array("q"), array("q"), array("q")
    for place, payload in enumerate(payloads.tolist()):
        if not isinstance(payload, str) or "highlight_add" not in payload:
            continue
        try:
            command = json.loads(payload)
            highlight, listed = command["highlight_id"], command["tags"]
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if type(highlight) is not int or not 0 <= highlight < 2**62 or type(listed) is not list:
            continue
        for tag in [tag for tag in listed if type(tag) is int and abs(tag) < 2**62] or [-1]:
            highlights.append(highlight)
            tags.append(tag)
            commands.append(place)
    return pd.DataFrame(
        {"highlight": highlights, "tag": tags, "command": commands}, dtype="int64"
    ).astype({"command": "float64"})


BYTES = Counter("byte")


@dataclass(frozen=True, slots=True, eq=False)
class Documents:
    """The documents of a project.

    Attributes
    ----------
    frame, attributes : DataFrame
        Frames of the model.
    texts : list of str or None
    places : dict
        Row of each document, by its number.
    """

    frame: pd.DataFrame
    attributes: pd.DataFrame
    texts: list[str | None]
    places: dict[int, int]


def _read_documents(rows: sqlite.Rows, notes: Notes) -> Documents:
    """Build the documents.

    Raises
    ------
    StudyError
        When one has no name, or no number of its own.
    """
    places = rows_by_number(rows, "id", notes)
    for row, name in zip(rows.ids, rows["name"], strict=True):
        if not name:
            notes.faults.add(
                kind="missing-value",
                file=notes.file,
                sheet="documents",
                row=row,
                column="name",
                found="nothing",
                expected="a name for each document",
                remedy="Export the project again.",
            )
    notes.faults.raise_if_any()
    names = unique(rows["name"])
    if names != rows["name"]:
        notes.warn("several documents have one name; they are told apart by a number.")
    texts = [None if html is None else plain_text(html) for html in rows["contents"]]
    frame = make_frame(
        "documents",
        {
            "document_id": names,
            "name": rows["name"],
            "kind": ["text"] * len(rows),
            "text": text_series(texts),
            "position": range(1, len(rows) + 1),
        },
    )
    said = [place for place, text in enumerate(rows["description"]) if text and text.strip()]
    attributes = make_frame(
        "attributes",
        {
            "entity": ["document"] * len(said),
            "entity_id": [names[place] for place in said],
            "name": ["description"] * len(said),
            "value": [rows["description"][place] for place in said],
            "source_file": [notes.file] * len(said),
            "source_row": [rows.ids[place] for place in said],
        },
    )
    return Documents(frame, attributes, texts, places)


def _read_links(
    links: pd.DataFrame,
    highlights: pd.DataFrame,
    documents: Documents,
    codes: dict[int, str],
    notes: Notes,
) -> pd.DataFrame:
    """Follow the links between highlights and tags, in the order of the texts.

    Those that lead nowhere are set aside, and so are highlights that have none.

    Parameters
    ----------
    links, highlights : DataFrame
        As the database has them.
    documents : Documents
    codes : dict of int to str
        Identifier of each tag, by its number.
    notes : Notes

    Returns
    -------
    DataFrame
        The links that count, with ``place`` (row of the highlight, from 0), ``code`` (place
        among `codes`) and ``document`` (row of its frame).
    """
    check_numbers(highlights, "highlights", "id", notes)
    notes.faults.raise_if_any()
    ids = documents.frame["document_id"].tolist()
    document_of = found_at(highlights["document_id"], documents.places)
    place = found_at(links["highlight_id"], highlights["id"])
    code = found_at(links["tag_id"], codes)
    document = np.where(place < 0, -1, np.append(document_of, -1)[place])
    why = np.select(
        [place < 0, document < 0, code < 0],
        [f"its {lost} is not in the database" for lost in ("highlight", "document", "tag")],
        default="",
    ).astype(object)
    kept = Links(code, document, list(codes.values()), ids).kept(
        "highlight_tags", links.assign(place=place), why, notes
    )
    untagged = np.ones(len(highlights), dtype=np.bool_)
    untagged[place[place >= 0]] = False
    for row in np.flatnonzero(untagged).tolist():
        name = None if document_of[row] < 0 else ids[document_of[row]]
        number = int(highlights["row"].iloc[row])
        why_not = "no tag was given to it"
        notes.aside("uncoded highlight", why_not, number, "highlights", document=name)
    starts = highlights["start_offset"].fillna(-1).to_numpy(dtype=np.int64)
    order = kept.assign(start=starts[kept["place"]])
    order = order.sort_values(["document", "start", "place", "row"], kind="stable")
    return kept.loc[order.index].reset_index(drop=True)


def _segment_frame(
    highlights: pd.DataFrame, links: pd.DataFrame, documents: Documents, notes: Notes
) -> pd.DataFrame:
    """Build a segment for each highlight that is tagged, placed in the text of its document."""
    first = links.drop_duplicates("place")
    marks = highlights.iloc[first["place"]]
    document = first["document"].to_numpy(dtype=np.int64)
    columns, warnings = placed_columns(
        Marked(
            document,
            marks["start_offset"],
            marks["end_offset"],
            blank_to_missing(mapped(marks["snippet"], plain_text)),
        ),
        documents.texts,
        BYTES,
    )
    for said in warnings:
        notes.warn(said)
    return make_frame(
        "segments",
        {
            "segment_id": _segment_ids(first["place"]).reset_index(drop=True),
            "document_id": labelled(document, documents.frame["document_id"]),
            **columns,
        },
    )


def _segment_ids(places: pd.Series) -> pd.Series:
    """Return the identifiers of segments by the rows of their highlights, from 0."""
    return "s" + (places + 1).astype("str")


NEEDED: dict[str, dict[str, str]] = {
    "projects": {"id": "whole", "name": "text"},
    "documents": {"id": "whole", "project_id": "whole", "name": "text", "contents": "text"},
    "tags": {"id": "whole", "project_id": "whole", "path": "text"},
    "highlights": {
        "id": "whole",
        "document_id": "whole",
        "start_offset": "whole",
        "end_offset": "whole",
        "snippet": "text",
    },
    "highlight_tags": {"highlight_id": "whole", "tag_id": "whole"},
}
MORE: dict[str, dict[str, str]] = {
    "documents": {"description": "text"},
    "tags": {"description": "text", "parent_id": "whole"},
}
TABLES = Schema(NEEDED, {"commands": {}}, MORE)
SHOWN = 5


class TaguetteDatabase(DatabaseReader):
    """Reads the ``.sqlite3`` of a project."""

    format = "taguette-database"
    software = "Taguette"
    schema = TABLES
    signature = tuple(TABLES.needed)

    def contents(self, database: Database, notes: Notes) -> Contents:
        """Read documents, tags and highlights, and who tagged them when."""
        tables = {name: TABLES.read(database, name) for name in ("projects", "documents", "tags")}
        _check_one_project(tables, notes)
        highlights, links = (
            TABLES.read_frame(database, name) for name in ("highlights", "highlight_tags")
        )
        pairs = links.rename(columns={"highlight_id": "highlight", "tag_id": "tag"})
        links = links.join(_tagging_history(database, pairs))
        documents = _read_documents(tables["documents"], notes)
        tags = tables["tags"]
        places = rows_by_number(tags, "id", notes)
        names = {number: tags["path"][place] for number, place in places.items()}
        codes = _read_tags(
            tags["path"],
            [None if number is None else names.get(number) for number in tags["parent_id"]],
            tags.ids,
            {"description": [text or None for text in tags["description"]]},
            notes,
            "tags",
        )
        notes.faults.raise_if_any()
        known = {number: code for number, place in places.items() if (code := codes.ids[place])}
        links = _read_links(links, highlights, documents, known, notes)
        segments = _segment_frame(highlights, links, documents, notes)
        codings = _codings(links, list(known.values()), notes)
        people = codings["coder_id"].dropna().astype("str").drop_duplicates()
        coders = make_frame("coders", {"coder_id": people, "name": people})
        return Contents(
            documents=documents.frame,
            codes=codes.frame,
            coded=Coded(segments, codings, coders),
            attributes=(documents.attributes,),
        )


def _check_one_project(tables: dict[str, sqlite.Rows], notes: Notes) -> None:
    """Check that the database is that of a project, and not that of the whole program."""
    used = {*tables["documents"]["project_id"], *tables["tags"]["project_id"]}
    if len(used) < 2:
        return
    names = dict(zip(tables["projects"]["id"], tables["projects"]["name"], strict=True))
    shown = [f'"{names.get(number) or number}"' for number in sorted(used, key=str)[:SHOWN]]
    notes.faults.add(
        kind="several-projects",
        file=notes.file,
        sheet="projects",
        found=f"{len(used)} projects: {', '.join(shown)}",
        expected="one project",
        remedy="This is the database of the program itself. Open the project that you mean in "
        "Taguette, and export it as SQLite 3.",
    )
    notes.faults.raise_if_any()


def _codings(links: pd.DataFrame, codes: list[str], notes: Notes) -> pd.DataFrame:
    if links["user"].notna().any():
        notes.warn("the coder of a coding is who first gave the highlight its tag.")
    used = labelled(links["code"].to_numpy(dtype=np.int64), codes)
    return make_frame(
        "codings",
        {
            "coding_id": numbered("c", len(links)),
            "segment_id": _segment_ids(links["place"]),
            "code_id": used.cat.remove_unused_categories(),
            "coder_id": links["user"],
            "created_at": links["date"],
            "source_file": [notes.file] * len(links),
            "source_sheet": ["highlight_tags"] * len(links),
            "source_row": links["row"],
        },
    )


DATABASE = TaguetteDatabase()


# Names of columns, which no translation changes.
SOFTWARE = "Taguette"


class Highlights(BesideOthers, CodingTable):
    """Highlights exported as CSV or Excel, for all tags or for one."""

    format = "taguette-highlights"
    software = SOFTWARE
    required = headers(document="document", code="tag", text="content")
    optional = headers(id="id")  # people delete it
    reason = "the columns document, tag and content"
    uncoded = "no tag was given to it"
    stated_by = TaguetteDatabase.format
    not_read = "these columns are not Taguette's, and were not read"

    def paths(self, labels: Sequence[str], parts: Sequence[CodedProject]) -> list[Path]:
        """Put each tag where a codebook or database has it, else at the root."""
        known = {
            path[-1]: path
            for part in parts
            if part.info.software == SOFTWARE
            for path in part.codes["path"]
        }
        return [known.get(label, (label,)) for label in labels]

    def segment_of(self, rows: Rows) -> Places:
        """Join the rows of one highlight; one without a number is a highlight of its own.

        In a list without numbers, the same words of one document with different tags are one
        highlight, and with one tag twice they are two.
        """
        if "id" not in rows:
            return self._by_words(rows)
        first: dict[tuple[object, ...], int] = {}
        keys = zip(rows.texts("id"), rows.texts("document"), rows.cells("text"), strict=True)
        same = [
            first.setdefault(key if key[0] is not None else (place,), place)
            for place, key in enumerate(keys)
        ]
        return np.asarray(same, dtype="int64")

    def _by_words(self, rows: Rows) -> Places:
        rows.notes.warn(
            'it has no column "id": rows of one document with the same words and different tags '
            "are taken for one highlight."
        )
        table = pd.DataFrame(
            {
                "document": rows.texts("document"),
                "text": rows.texts("text"),
                "code": rows.texts("code"),
            }
        )
        again = table.groupby(["document", "text", "code"], dropna=False, sort=False).cumcount()
        keys = table.assign(again=again).drop(columns="code")
        first = keys.groupby(["document", "text", "again"], dropna=False, sort=False).ngroup()
        at = first.drop_duplicates().index.to_numpy()
        return np.asarray(at[first.to_numpy()], dtype="int64")

    def places(self, rows: Rows) -> Mapping[str, Any]:
        """Keep the number of the highlight, which tells equal words apart."""
        if "id" not in rows:
            return {}
        return {"place": text_series([n and f"highlight {n}" for n in rows.texts("id")])}


class Codebook(CodeTable):
    """A codebook exported as CSV or Excel; in recent versions a tag can stand under another."""

    format = "taguette-codebook"
    software = SOFTWARE
    required = headers(code="tag", description="description", n="number of highlights")
    optional = headers(parent="parent", documents="number of documents")
    reason = "the columns tag, description and number of highlights"
    counted = "how many highlights have the tag"
    repeats = "fault"

    def paths(self, rows: Rows) -> list[Path]:
        """Put each tag under the one that it names."""
        names, parents = rows.texts("code"), rows.texts("parent")
        above = {name: parents[at] for at, name in reversed([*enumerate(names)]) if name}
        for name, parent in reversed(above.items()):
            if parent is not None and parent not in above:
                rows.notes.warn(
                    f'tag "{name}" stands under "{parent}", which is no tag; it is at the root.'
                )
        known = {name: name for name in names if name}
        at = paths_from_parents(
            known, above, rows.notes.faults, file=rows.notes.file, sheet=rows.sheet
        )
        return [at.get(name, ()) if name else () for name in names]

    def attributes(self, rows: Rows, ids: Mapping[int, str]) -> pd.DataFrame:
        """Keep in how many documents a tag was used."""
        counts = rows.counts("documents", "in how many documents it is")
        stated = [place for place in ids if counts[place] is not None]
        return make_frame(
            "attributes",
            {
                "entity": ["code"] * len(stated),
                "entity_id": [ids[place] for place in stated],
                "name": [rows.table.headers.get("documents")] * len(stated),
                "value": [str(counts[place]) for place in stated],
                "source_file": [rows.notes.file] * len(stated),
                "source_row": [rows.numbers[place] for place in stated],
            },
        )


HIGHLIGHTS = Highlights()
CODEBOOK = Codebook()
