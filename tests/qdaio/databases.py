"""Writes small projects with the tables of Taguette, RQDA and QualCoder; the words are ours."""

from __future__ import annotations

import html
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

TAGUETTE = """
CREATE TABLE users (login VARCHAR(30) NOT NULL PRIMARY KEY, created DATETIME NOT NULL);
CREATE TABLE projects (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL,
    description TEXT NOT NULL, created DATETIME NOT NULL);
CREATE TABLE documents (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL,
    description TEXT NOT NULL, filename VARCHAR(200) NOT NULL, created DATETIME NOT NULL,
    project_id INTEGER NOT NULL, text_direction VARCHAR(13) NOT NULL, contents TEXT NOT NULL);
CREATE TABLE commands (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, date DATETIME NOT NULL,
    user_login VARCHAR(30) NOT NULL, project_id INTEGER NOT NULL, document_id INTEGER,
    payload TEXT NOT NULL);
CREATE TABLE tags (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL,
    path VARCHAR(200) NOT NULL, description TEXT NOT NULL,
    CONSTRAINT uq_tags_project_id UNIQUE (project_id, path));
CREATE INDEX ix_tags_path ON tags (path);
CREATE TABLE highlights (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    document_id INTEGER NOT NULL, start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL,
    snippet TEXT NOT NULL);
CREATE INDEX ix_highlights_document_id ON highlights (document_id);
CREATE TABLE highlight_tags (highlight_id INTEGER NOT NULL, tag_id INTEGER NOT NULL,
    CONSTRAINT pk_highlight_tags PRIMARY KEY (highlight_id, tag_id));
CREATE INDEX ix_highlight_tags_tag_id ON highlight_tags (tag_id);
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
"""

RQDA = """
CREATE TABLE source (name text, id integer, file text, memo text, owner text, date text,
    dateM text, status integer);
CREATE TABLE freecode (name text, memo text, owner text, date text, dateM text, id integer,
    status integer, color text);
CREATE TABLE treecode (cid integer, catid integer, date text, dateM text, memo text,
    status integer, owner text);
CREATE TABLE treefile (fid integer, catid integer, date text, dateM text, memo text,
    status integer, owner text);
CREATE TABLE filecat (name text, fid integer, catid integer, owner text, date text, dateM text,
    memo text, status integer);
CREATE TABLE codecat (name text, cid integer, catid integer, owner text, date text, dateM text,
    memo text, status integer);
CREATE TABLE coding (cid integer, fid integer, seltext text, selfirst real, selend real,
    status integer, owner text, date text, memo text);
CREATE TABLE coding2 (cid integer, fid integer, seltext text, selfirst real, selend real,
    status integer, owner text, date text, memo text);
CREATE TABLE project (databaseversion text, date text, dateM text, memo text, about text,
    imageDir text);
CREATE TABLE cases (name text, memo text, owner text, date text, dateM text, id integer,
    status integer);
CREATE TABLE caselinkage (caseid integer, fid integer, selfirst real, selend real,
    status integer, owner text, date text, memo text);
CREATE TABLE caseAttr (variable text, value text, caseID integer, date text, dateM text,
    owner text, status integer);
CREATE TABLE fileAttr (variable text, value text, fileID integer, date text, dateM text,
    owner text, status integer);
CREATE TABLE image (name text, id integer, date text, dateM text, owner text, status integer);
CREATE TABLE imageCoding (cid integer, iid integer, x1 integer, y1 integer, x2 integer,
    y2 integer, memo text, date text, dateM text, owner text, status integer);
INSERT INTO project VALUES ('0.2.2', 'Wed Mar 19 16:54:04 2014', NULL, NULL, 'RQDA', NULL);
"""

QUALCODER = """
CREATE TABLE project (databaseversion text, date text, memo text, about text,
    bookmarkfile integer, bookmarkpos integer, codername text, recently_used_codes text);
CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text,
    owner text, date text, av_text_id integer, risid integer, unique(name));
CREATE TABLE code_image (imid integer primary key, id integer, x1 integer, y1 integer,
    width integer, height integer, cid integer, memo text, date text, owner text,
    important integer, pdf_page integer);
CREATE TABLE code_av (avid integer primary key, id integer, pos0 integer, pos1 integer,
    cid integer, memo text, date text, owner text, important integer);
CREATE TABLE attribute_type (name text primary key, date text, owner text, memo text,
    caseOrFile text, valuetype text);
CREATE TABLE attribute (attrid integer primary key, name text, attr_type text, value text,
    id integer, date text, owner text, unique(name,attr_type,id));
CREATE TABLE case_text (id integer primary key, caseid integer, fid integer, pos0 integer,
    pos1 integer, owner text, date text, memo text);
CREATE TABLE cases (caseid integer primary key, name text, memo text, owner text, date text,
    constraint ucm unique(name));
CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, memo text,
    supercatid integer, unique(name));
CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext text,
    pos0 integer, pos1 integer, owner text, date text, memo text, avid integer,
    important integer, unique(cid,fid,pos0,pos1,owner));
CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text,
    date text, color text{supercid}, unique(name));
CREATE TABLE coder_names (name text unique not null, visibility integer);
CREATE VIEW code_text_visible AS SELECT code_text.* FROM code_text
    JOIN coder_names ON code_text.owner = coder_names.name WHERE coder_names.visibility = 1;
INSERT INTO project VALUES ('v11', '2026-01-05 10:00:00', '', 'QualCoder 3.6', 0, 0, 'ana', '');
"""

DAY = "2026-01-05 10:00:00.000000"


def make(path: Path, schema: str, rows: dict[str, Sequence[Sequence[Any]]]) -> Path:
    """Write a database with tables and rows."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(schema)
        for table, values in rows.items():
            for value in values:
                marks = ", ".join("?" * len(value))
                connection.execute(f"INSERT INTO {table} VALUES ({marks})", value)
        connection.commit()
    return path


def change(path: Path, *statements: str) -> Path:
    """Run statements on a database that is there."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def paragraphs(text: str) -> str:
    """Return the HTML that Taguette keeps of a text."""
    return "\n".join(f"<p>{html.escape(line, quote=False)}</p>" for line in text.split("\n"))


def taguette(
    path: Path,
    documents: Sequence[tuple[str, str]],
    tags: Sequence[str],
    highlights: Sequence[tuple[int, int, int, Sequence[int]]],
) -> Path:
    """Write a project of Taguette.

    Parameters
    ----------
    documents : sequence of (name, text)
    tags : sequence of str
    highlights : sequence of (document, start, end, tags)
        Counted from 0; start and end in characters of the text, written as UTF-8 bytes.
    """
    rows: dict[str, list[Sequence[Any]]] = {
        "projects": [(1, "Waiting", "", DAY)],
        "users": [("admin", DAY)],
        "documents": [
            (number, name, "", name, DAY, 1, "LEFT_TO_RIGHT", paragraphs(text))
            for number, (name, text) in enumerate(documents, 1)
        ],
        "tags": [(number, 1, name, f"about {name}") for number, name in enumerate(tags, 1)],
        "highlights": [],
        "highlight_tags": [],
        "commands": [],
    }
    for number, (document, start, end, chosen) in enumerate(highlights, 1):
        text = documents[document][1]
        offsets = [len(text[:place].encode()) for place in (start, end)]
        rows["highlights"].append((number, document + 1, *offsets, paragraphs(text[start:end])))
        rows["highlight_tags"].extend((number, tag + 1) for tag in chosen)
        listed = [tag + 1 for tag in chosen]
        payload = f'{{"type": "highlight_add", "highlight_id": {number}, "tags": {listed}}}'
        day = f"2026-01-05 10:00:{number % 60:02}.000000"
        rows["commands"].append((number, day, "admin", 1, document + 1, payload))
    return make(path, TAGUETTE, rows)


def qualcoder(
    path: Path, rows: dict[str, Sequence[Sequence[Any]]], *, sub_codes: bool = False
) -> Path:
    """Write the database of a QualCoder project; ``sub_codes`` as in its recent versions."""
    schema = QUALCODER.replace("{supercid}", ", supercid integer" if sub_codes else "")
    return make(path, schema, rows)


def rqda(path: Path, rows: dict[str, Sequence[Sequence[Any]]]) -> Path:
    """Write an RQDA project."""
    return make(path, RQDA, rows)
