"""Databases are read, and nothing that stands in them is run, written or lost."""

from __future__ import annotations

import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.faults import Fault, StudyError
from qdaio.files import sqlite
from qdaio.files import sqlite as module
from qdaio.files.source import open_source
from qdaio.files.sqlite import LIMITS, as_rounded, as_whole, open_database, tables_of
from qdaio.registry import read_exports
from tests.qdaio.databases import change, make

SCHEMA = "CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT, n REAL);"
COLUMNS = {"id": "whole", "word": "text", "n": "whole"}


def words(path: Path, count: int = 3) -> Path:
    return make(path, SCHEMA, {"words": [(n, f"word {n}", n / 2) for n in range(1, count + 1)]})


def read(path: Path, member: str | None = None) -> module.Rows:
    with open_database(open_source(path), member) as database:
        database.check({"words": COLUMNS})
        return database.read("words", COLUMNS)


def faults_of(path: Path, member: str | None = None) -> tuple[Fault, ...]:
    with pytest.raises(StudyError) as caught:
        read(path, member)
    assert all(fault.file == path.name and fault.remedy for fault in caught.value.faults)
    return caught.value.faults


def test_columns_come_as_the_kinds_that_were_asked_for(tmp_path):
    rows = read(words(tmp_path / "a.db"))
    assert (rows.ids, rows["id"], rows["word"][0]) == ([1, 2, 3], [1, 2, 3], "word 1")
    assert rows["n"] == [None, 1, None]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.integers(-(2**63), 2**63 - 1),
            st.floats(allow_nan=False),
            st.text(max_size=8),
            st.binary(max_size=8),
        ),
        max_size=8,
    )
)
def test_whatever_stands_in_a_column_comes_as_the_kind_asked_for(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("db") / "any.db"
    schema = "CREATE TABLE words (id, word, n);"
    make(path, schema, {"words": [(cell, cell, cell) for cell in cells]})
    rows = read(path)
    assert len(rows) == len(cells)
    for cell, number, text in zip(cells, rows["id"], rows["word"], strict=True):
        assert number is None or type(number) is int
        assert (text is None) == (cell is None)
        if type(cell) is int and abs(cell) < 2**62:
            assert number == cell
        if type(cell) is str and "\x00" not in cell:
            assert text == cell
        if type(cell) is bytes:
            assert number is None


def test_numbers_are_whole_or_none():
    assert [as_whole(value) for value in (2.0, "7 ", "-3", "4.5", float("inf"), 2**70)] == [
        2, 7, -3, None, None, None]  # fmt: skip
    assert [as_rounded(value) for value in (2.6, "9", None, float("inf"))] == [3, 9, None, None]


def test_a_table_that_is_absent_has_no_rows_and_an_absent_column_no_values(tmp_path):
    with open_database(open_source(words(tmp_path / "a.db"))) as database:
        assert len(database.read("others", {"id": "whole"})) == 0
        assert database.read("words", {"colour": "text"})["colour"] == [None] * 3


def test_nothing_is_written_neither_in_the_file_nor_beside_it(tmp_path):
    path = words(tmp_path / "a.db")
    before, stamp = path.read_bytes(), path.stat().st_mtime_ns
    with open_database(open_source(path)) as database:
        database.read("words", COLUMNS)
        assert [item.name for item in tmp_path.iterdir()] == ["a.db"]
        for statement in ("DELETE FROM words", "CREATE TABLE x (y)", "ATTACH 'b.db' AS b"):
            with pytest.raises(sqlite3.Error):
                database._connection.execute(statement)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, stamp)
    assert [item.name for item in tmp_path.iterdir()] == ["a.db"]


@pytest.mark.skipif(os.name == "nt", reason="? and # cannot stand in names on Windows")
def test_names_that_mean_something_in_an_address_are_only_names(tmp_path):
    folder = tmp_path / "a?mode=rwc#100%25 é"
    folder.mkdir()
    assert len(read(words(folder / "b?c.db"))) == 3
    assert [item.name for item in folder.iterdir()] == ["b?c.db"]


def test_a_table_that_is_missing_is_told_with_those_that_are_there(tmp_path):
    path = make(tmp_path / "a.db", "CREATE TABLE letters (id INTEGER);", {})
    (fault,) = faults_of(path)
    assert (fault.kind, fault.sheet, fault.found) == (
        "missing-table",
        "words",
        "the tables letters",
    )


def test_columns_that_are_missing_are_all_told_and_the_nearest_named(tmp_path):
    path = make(tmp_path / "a.db", "CREATE TABLE words (id INTEGER, wordd TEXT);", {})
    first, second = faults_of(path)
    assert (first.kind, first.column, second.column) == ("missing-column", "word", "n")
    assert '"wordd"' in first.remedy


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE VIEW words AS SELECT 1 AS id, 'a' AS word, 2 AS n;",
        "CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT, n AS (length(word)));",
        "CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT, n REAL) WITHOUT ROWID;",
        "CREATE VIRTUAL TABLE words USING fts4(id, word, n);",
    ],
    ids=["view", "computed column", "no row ids", "virtual table"],
)
def test_what_is_no_plain_table_is_refused(tmp_path, schema):
    try:
        path = make(tmp_path / "a.db", schema, {})
    except sqlite3.OperationalError as error:
        pytest.skip(str(error))
    assert [fault.kind for fault in faults_of(path)] == ["unsafe-database"]


def test_triggers_and_views_beside_the_tables_do_no_harm(tmp_path):
    path = change(
        words(tmp_path / "a.db"),
        "CREATE VIEW endless AS WITH RECURSIVE n(i) AS "
        "(SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        "CREATE TRIGGER t AFTER INSERT ON words BEGIN DELETE FROM words; END",
    )
    assert len(read(path)) == 3
    assert tables_of(open_source(path))["endless"] == "view"


def test_rules_of_a_table_are_not_run(tmp_path):
    endless = "CHECK (length(replace(hex(zeroblob(30000000)), '0', '00')) > 0)"
    schema = f"CREATE TABLE words (id INTEGER, word TEXT {endless}, n REAL);"
    path = make(tmp_path / "a.db", schema.replace(endless, ""), {"words": [(1, "a", 2)] * 1000})
    sql = schema.rstrip(";").replace("'", "''")
    change(path, "PRAGMA writable_schema = ON", f"UPDATE sqlite_master SET sql = '{sql}'")
    assert len(read(path)) == 1000


@pytest.mark.parametrize("index", ["words (length(word))", "words (word) WHERE n > 1"])
def test_an_index_that_runs_an_expression_is_refused(tmp_path, index):
    path = change(words(tmp_path / "a.db"), f"CREATE INDEX i ON {index}")
    (fault,) = faults_of(path)
    assert (fault.kind, fault.found) == ("unsafe-database", 'computed index "i"')


def test_rows_that_break_a_rule_of_their_table_are_read_all_the_same(tmp_path):
    path = make(tmp_path / "a.db", "CREATE TABLE words (id INTEGER, word TEXT, n REAL);", {
        "words": [(None, None, "many")]})  # fmt: skip
    change(
        path,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = "
        "'CREATE TABLE words (id INTEGER NOT NULL, word TEXT NOT NULL, n REAL)'",
    )
    assert read(path)["id"] == [None]


@pytest.mark.parametrize("kept", [150, 4096, -1024, -1])
def test_a_file_that_is_cut_off_is_told_as_such(tmp_path, kept):
    path = words(tmp_path / "a.db", 2000)
    path.write_bytes(path.read_bytes()[:kept])
    assert [fault.kind for fault in faults_of(path)] == ["truncated-file"]


def test_a_page_that_is_overwritten_is_told(tmp_path):
    path = words(tmp_path / "a.db", 5000)
    content = bytearray(path.read_bytes())
    content[4096 * 5 : 4096 * 6] = bytes(4096)
    path.write_bytes(bytes(content))
    assert {fault.kind for fault in faults_of(path)} == {"truncated-file"}


def test_rows_that_an_index_has_and_the_table_lost_are_told(tmp_path):
    path = words(tmp_path / "a.db", 50)
    change(path, "CREATE INDEX by_word ON words (word)")
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'words'"
        ).fetchone()
    content = bytearray(path.read_bytes())
    count = (page - 1) * 4096 + 3
    content[count : count + 2] = (49).to_bytes(2, "big")  # the table says it has a row less
    path.write_bytes(bytes(content))
    assert [fault.kind for fault in faults_of(path)] == ["truncated-file"]


def test_changes_that_wait_in_a_log_are_not_lost_without_a_word(tmp_path):
    path = words(tmp_path / "a.db")
    writer = sqlite3.connect(path)
    with closing(writer):
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("INSERT INTO words VALUES (9, 'late', 1)")
        writer.commit()
        (fault,) = faults_of(path)
        assert fault.kind == "unfinished-database"
        assert "a.db-wal" in str(fault.found)
        names = sorted(item.name for item in tmp_path.iterdir())
    assert names == ["a.db", "a.db-shm", "a.db-wal"]
    assert len(read(path)) == 4  # closed, all is in one file, which still says WAL
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.db"]


def test_a_journal_of_a_change_that_broke_off_is_told(tmp_path):
    path = words(tmp_path / "a.db")
    path.with_name("a.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(504))
    assert [fault.kind for fault in faults_of(path)] == ["unfinished-database"]
    path.with_name("a.db-journal").write_bytes(bytes(512))  # SQLite's mark of one that is done
    assert len(read(path)) == 3


def test_texts_in_another_encoding_are_read_and_counted(tmp_path):
    path = words(tmp_path / "a.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE words SET word = CAST(x'636166e9' AS TEXT) WHERE id = 1")
        connection.commit()
    with open_database(open_source(path)) as database:
        assert database.read("words", COLUMNS)["word"][0] == "café"
        assert database.guessed == 1


def test_utf_16_inside_is_no_matter(tmp_path):
    path = make(tmp_path / "a.db", f"PRAGMA encoding = 'UTF-16'; {SCHEMA}",
                {"words": [(1, "né 😀", 2)]})  # fmt: skip
    assert read(path)["word"] == ["né 😀"]


@pytest.mark.parametrize(
    ("limit", "value"), [("a value", 100_000), ("MOST_TEXT", 150_000), ("MOST_ROWS", 1)]
)
def test_what_no_project_holds_is_too_large(tmp_path, monkeypatch, limit, value):
    if limit == "a value":
        monkeypatch.setitem(LIMITS, sqlite3.SQLITE_LIMIT_LENGTH, value)
    else:
        monkeypatch.setattr(module, limit, value)
    path = make(tmp_path / "a.db", SCHEMA, {"words": [(n, "x" * 120_000, 1) for n in (1, 2)]})
    assert [fault.kind for fault in faults_of(path)] == ["too-large"]


def test_bytes_count_as_texts_do(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_TEXT", 150_000)
    path = make(tmp_path / "a.db", SCHEMA, {"words": [(n, bytes(120_000), 1) for n in (1, 2)]})
    assert [fault.kind for fault in faults_of(path)] == ["too-large"]


def test_a_database_in_an_archive_is_read_in_memory(tmp_path):
    inner = words(tmp_path / "a.db")
    with closing(sqlite3.connect(inner)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(inner, "folder/a.db")
    inner.unlink()
    assert len(read(path, "folder/a.db")) == 3
    assert [item.name for item in tmp_path.iterdir()] == ["a.zip"]
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("folder/a.db-wal", b"changes")
    assert [fault.kind for fault in faults_of(path, "folder/a.db")] == ["unfinished-database"]


def test_what_is_no_database_in_an_archive_is_told(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.db", b"SQLite format 3\x00" + bytes(200))
        archive.writestr("b.db", b"words")
    assert [fault.kind for fault in faults_of(path, "a.db")] == ["truncated-file"]
    assert [fault.kind for fault in faults_of(path, "b.db")] == ["truncated-file"]


def test_a_database_of_another_program_is_told_with_its_tables(tmp_path):
    path = change(words(tmp_path / "a.db"), "CREATE TABLE more (x)", "CREATE VIEW v AS SELECT 1")
    with pytest.raises(StudyError) as caught:
        read_exports([path])
    (fault,) = caught.value.faults
    assert fault.kind == "unknown-format"
    assert str(fault.found).endswith("with the tables more, words")
    assert "tidy form" in fault.remedy


def test_an_archive_that_grows_without_end_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite, "MOST_FILE_IN_ARCHIVE", 100_000)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.qda", b"SQLite format 3\x00" + bytes(1_000_000))
    with pytest.raises(StudyError) as caught:
        read_exports([path])
    assert [fault.kind for fault in caught.value.faults] == ["unsafe-archive"]
