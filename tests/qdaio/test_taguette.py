"""Taguette: its database, its lists of highlights and its codebooks say the same."""

from __future__ import annotations

import csv
from collections import Counter
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.faults import Fault, StudyError
from qdaio.files.source import open_source
from qdaio.ids import propose_pattern
from qdaio.model import CodedProject
from qdaio.programs.taguette import plain_text
from qdaio.registry import find_reader, read_exports
from tests.qdaio.databases import change, paragraphs, taguette
from tests.support.written_tables import write_csv, write_xlsx

TEXT = "Naïve question 😀: why wait?\nBecause نوبت دیر است — and nobody & nothing helps.\nFine."
TAGS = ["Time", "Care: home", "a.b > c"]
HEADER = ["id", "document", "tag", "content"]
BOOK = ["tag", "description", "number of highlights"]


def small(path: Path) -> Path:
    why = TEXT.index("why")
    wait = TEXT.index("نوبت")
    return taguette(
        path,
        [("P1_a.odt", TEXT), ("P2_b.odt", "Nothing.\nNothing.")],
        TAGS,
        [(0, why, why + 9, [0, 2]), (0, wait, wait + 12, [1]), (1, 0, 8, [0]), (1, 9, 17, [])],
    )


def faults_of(*paths: Path) -> tuple[Fault, ...]:
    with pytest.raises(StudyError) as caught:
        read_exports(paths)
    return caught.value.faults


def applied(project: CodedProject) -> Counter[tuple[str, str, str]]:
    segments = project.segments.set_index("segment_id").loc[project.codings["segment_id"]]
    texts = ["".join(text.split()) for text in segments["text"]]
    codes = project.codings["code_id"].astype("str")
    return Counter(zip(segments["document_id"].astype("str"), codes, texts, strict=True))


def quoted(project: CodedProject) -> list[str]:
    """What stands at the code points of each segment."""
    texts = project.documents.set_index("document_id")["text"]
    rows = project.segments[["document_id", "start_cp", "end_cp"]].itertuples(index=False)
    return [texts[name][start:end] for name, start, end in rows]


def test_a_database_is_read_and_what_has_no_tag_is_listed(tmp_path):
    project = read_exports([small(tmp_path / "p.sqlite3")])
    assert (len(project.documents), len(project.codes), len(project.codings)) == (2, 3, 4)
    assert [(item.what, item.row, item.document) for item in project.set_aside] == [
        ("uncoded highlight", 4, "P2_b.odt")
    ]
    assert list(project.codings["source_row"]) == [1, 2, 3, 4]
    assert project.codings["created_at"].iloc[0] == "2026-01-05 10:00:01.000000"
    assert project.documents["text"].iloc[0] == TEXT
    assert project.coders.empty


def test_bytes_of_the_text_without_tags_become_code_points(tmp_path):
    project = read_exports([small(tmp_path / "p.sqlite3")])
    assert quoted(project) == ["why wait?", "نوبت دیر است", "Nothing."]
    assert set(project.segments["offset_status"].astype("str")) == {"ok"}
    assert set(project.segments["unit"].astype("str")) == {"byte"}
    assert project.segments["start"].iloc[0] == len("Naïve question 😀: ".encode())


def test_a_place_that_does_not_fit_its_snippet_is_repaired_or_told(tmp_path):
    path = small(tmp_path / "p.sqlite3")
    change(
        path,
        "UPDATE highlights SET start_offset = start_offset + 3 WHERE id = 1",
        "UPDATE highlights SET snippet = '<p>never said</p>' WHERE id = 2",
    )
    project = read_exports([path])
    assert list(project.segments["offset_status"]) == ["repaired", "mismatch", "ok"]
    assert quoted(project)[0] == "why wait?"
    assert len(project.codings) == 4


def test_names_of_tags_are_whole_whatever_signs_they_hold(tmp_path):
    project = read_exports([small(tmp_path / "p.sqlite3")])
    assert [tuple(path) for path in project.codes["path"]] == [(name,) for name in TAGS]
    assert set(project.codes["level"]) == {1}
    assert "a.b \\> c" in set(project.codes["code_id"])


def test_a_tag_under_another_is_a_level_where_the_program_says_so(tmp_path):
    path = change(
        small(tmp_path / "p.sqlite3"),
        "ALTER TABLE tags ADD COLUMN parent_id INTEGER",
        "UPDATE tags SET parent_id = 1 WHERE id = 2",
    )
    book = write_csv(
        tmp_path / "codebook.csv",
        [["tag", "parent", "description", "number of highlights"],
         ["Time", "", "", 2], ["Care: home", "Time", "", 1], ["a.b > c", "", "", 1]],
    )  # fmt: skip
    rows = [[1, "P1_a.odt", "Care: home", "words"]]
    table = write_csv(tmp_path / "all_tags.csv", [HEADER, *rows])
    for paths in ([path], [book], [table, book], [path, book]):
        project = read_exports(paths)
        assert ("Time", "Care: home") in set(project.codes["path"])
        assert len(project.codes) == 3


def test_a_tag_below_itself_is_told(tmp_path):
    path = change(
        small(tmp_path / "p.sqlite3"),
        "ALTER TABLE tags ADD COLUMN parent_id INTEGER",
        "UPDATE tags SET parent_id = 3 - id WHERE id < 3",
    )
    (fault,) = faults_of(path)
    assert (fault.kind, fault.sheet) == ("inconsistent-export", "tags")


def test_links_that_lead_nowhere_are_set_aside_as_codings(tmp_path):
    path = change(
        small(tmp_path / "p.sqlite3"),
        "DELETE FROM tags WHERE id = 3",
        "DELETE FROM highlights WHERE id = 2",
        "DELETE FROM documents WHERE id = 2",
    )
    project = read_exports([path])
    whys = [item.why for item in project.set_aside if item.what == "coding"]
    lost = ("tag", "highlight", "document")
    assert whys == [f"its {name} is not in the database" for name in lost]
    assert (len(project.codings), project.rows_read) == (1, 4)


def test_the_database_of_the_program_with_two_projects_is_told(tmp_path):
    path = change(
        small(tmp_path / "p.sqlite3"),
        f"INSERT INTO projects VALUES (2, 'Other', '', '{1}')",
        "UPDATE documents SET project_id = 2 WHERE id = 2",
    )
    (fault,) = faults_of(path)
    assert fault.kind == "several-projects"
    assert '"Waiting", "Other"' in str(fault.found)


def test_documents_of_one_name_stay_two(tmp_path):
    path = change(small(tmp_path / "p.sqlite3"), "UPDATE documents SET name = 'P1_a.odt'")
    project = read_exports([path])
    assert list(project.documents["document_id"]) == ["P1_a.odt", "P1_a.odt #2"]
    assert any("one name" in warning for warning in project.warnings)


def test_coders_are_known_where_several_people_worked(tmp_path):
    path = change(
        small(tmp_path / "p.sqlite3"),
        "UPDATE commands SET user_login = 'ben' WHERE id = 3",
        "INSERT INTO commands (date, user_login, project_id, document_id, payload) VALUES "
        """('2026-02-01', 'cleo', 1, 1, '{"type": "highlight_add", "highlight_id": 2, """
        """"tags": [2, 1]}')""",
        "INSERT INTO highlight_tags VALUES (2, 1)",
        "INSERT INTO commands (date, user_login, project_id, payload) VALUES "
        "('2026-02-01', 'dan', 1, 'no JSON: highlight_add')",
    )
    project = read_exports([path])
    by_row = dict(zip(project.codings["source_row"], project.codings["coder_id"], strict=True))
    assert by_row == {1: "admin", 2: "admin", 3: "admin", 4: "ben", 5: "cleo"}
    assert any("coder" in warning for warning in project.warnings)


def test_a_list_of_highlights_has_a_coding_for_each_row(tmp_path):
    rows = [
        [7, "P1.odt", "Time", "words"],
        [7, "P1.odt", "Care: home", "words"],
        [8, "P1.odt", "Time", "words"],
        [9, "P2.odt", None, "more words"],
    ]
    for path in (
        write_csv(tmp_path / "all_tags.csv", [HEADER, *rows]),
        write_xlsx(tmp_path / "all_tags.xlsx", {"highlights": [HEADER, *rows]}),
    ):
        project = read_exports([path])
        assert (len(project.codings), len(project.segments), len(project.documents)) == (3, 2, 2)
        # the same words under the same tag, but another highlight
        assert not project.codings["is_repeat"].any()
        assert [(item.what, item.row) for item in project.set_aside] == [("uncoded highlight", 5)]
        assert list(project.codings["source_row"]) == [2, 3, 4]


def test_a_row_that_stands_twice_is_kept_and_flagged(tmp_path):
    row = [7, "P1.odt", "Time", "words"]
    project = read_exports([write_csv(tmp_path / "all_tags.csv", [HEADER, row, row])])
    assert list(project.codings["is_repeat"]) == [False, True]


def test_a_list_without_documents_is_told_with_its_rows(tmp_path):
    rows = [[7, None, "Time", "words"], [8, None, "Time", "words"]]
    faults = faults_of(write_csv(tmp_path / "all_tags.csv", [HEADER, *rows]))
    assert [(fault.kind, fault.row) for fault in faults] == [
        ("missing-value", 2),
        ("missing-value", 3),
    ]
    assert "words" not in "".join(map(str, faults))


def test_a_list_beside_its_database_counts_once(tmp_path):
    path = small(tmp_path / "p.sqlite3")
    held = read_exports([path])
    rows = [[n, name, tag, text] for n, (name, tag, text) in enumerate(
        [("P1_a.odt", "Time", "why wait?"), ("P1_a.odt", "Care: home", "نوبت دیر\nاست"),
         ("P2_b.odt", "Time", "Nothing."), ("P2_b.odt", "Time", "Nothing.")], 1)]  # fmt: skip
    both = read_exports([path, write_csv(tmp_path / "all_tags.csv", [HEADER, *rows])])
    assert len(both.codings) == len(held.codings) + 1  # said once more than the database has it
    assert both.rows_read == 8
    whys = {item.why for item in both.set_aside if item.what == "coding"}
    assert whys == {"p.sqlite3 holds the same coding"}
    assert any("1 of 4 codings are not in p.sqlite3" in warning for warning in both.warnings)


def test_a_codebook_gives_order_descriptions_and_counts(tmp_path):
    book = write_csv(tmp_path / "codebook.csv", [
        [*BOOK, "number of documents"],
        ["Care: home", "at home", 1, 1], ["Time", "", 3, 1], ["Never", "", 0, 0]])  # fmt: skip
    rows = [[1, "P1", "Time", "words"], [1, "P1", "Care: home", "words"], [2, "P1", "Time", "w"]]
    project = read_exports([write_csv(tmp_path / "all_tags.csv", [HEADER, *rows]), book])
    assert list(project.codes["name"]) == ["Care: home", "Time", "Never"]
    assert project.codes["description"].iloc[0] == "at home"
    assert any('"Time" 3 against 2' in warning for warning in project.warnings)
    stated = project.attributes[project.attributes["name"] == "number of documents"]
    assert list(stated["value"]) == ["1", "1", "0"]


def test_a_tag_that_the_codebook_lacks_is_told_with_the_nearest(tmp_path):
    book = write_csv(tmp_path / "codebook.csv", [BOOK, ["Time", "", 1]])
    table = write_csv(tmp_path / "all_tags.csv", [HEADER, [1, "P1", "Tine", "words"]])
    (fault,) = faults_of(table, book)
    assert (fault.kind, fault.file, fault.row) == ("unknown-code", "all_tags.csv", 2)
    assert '"Time"' in fault.remedy


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([["Time", "", 1], ["Time", "", 2]], "duplicate-code"),
        ([["Time", "", "many"]], "bad-number"),
    ],
)
def test_a_codebook_that_makes_no_sense_is_told(tmp_path, rows, kind):
    (fault,) = faults_of(write_csv(tmp_path / "codebook.csv", [BOOK, *rows]))
    assert (fault.kind, fault.row) == (kind, len(rows) + 1)


@settings(deadline=None, max_examples=100)
@given(st.text(st.sampled_from("ab <>&\"'\n é😀\u0301م"), max_size=40))
def test_html_gives_back_the_text_that_was_put_in_it(text):
    assert plain_text(paragraphs(text)) == text
    inside = f'<p title="a &gt; b"><!-- no --><b>{paragraphs(text)}</b></p>'
    assert plain_text(inside) == text


def test_html_with_brackets_in_attributes_is_parsed():
    assert plain_text('<p title="1 > 0">one</p>\r\n<p>two</p>') == "one\ntwo"


SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 12), st.sets(st.integers(0, 2))), max_size=6
)


@settings(deadline=None, max_examples=25)
@given(st.text(st.sampled_from("ab é\n😀نم&<"), min_size=31, max_size=60), SPANS)
def test_every_project_comes_back_with_all_codings_and_places(tmp_path_factory, text, spans):
    path = tmp_path_factory.mktemp("taguette") / "p.sqlite3"
    highlights = [
        (0, start, min(len(text), start + size), sorted(tags)) for start, size, tags in spans
    ]
    project = read_exports([taguette(path, [("P1", text)], TAGS, highlights)])
    wanted = Counter((start, end, TAGS[tag]) for _, start, end, tags in highlights for tag in tags)
    segments = project.segments.set_index("segment_id").loc[project.codings["segment_id"]]
    names = project.codes.set_index("code_id")["name"]
    codes = names.loc[project.codings["code_id"].astype("str")]
    found = Counter(zip(segments["start_cp"], segments["end_cp"], codes, strict=True))
    assert found == wanted
    assert sum(item.what == "uncoded highlight" for item in project.set_aside) == sum(
        not tags for _, _, _, tags in highlights
    )


@pytest.fixture(scope="module")
def real(real_exports):
    return real_exports / "taguette"


def test_the_real_files_agree(real):
    table = read_exports([real / "all_tags_20220303.csv", real / "codebook_20220303_8.csv"])
    stored = read_exports([real / "SERDIF_P2_ThematicAnalysis.sqlite3"])
    for project in (table, stored):
        assert (len(project.documents), len(project.codes)) == (17, 22)
        assert len(project.codings) == 1930
        assert not project.warnings
    assert applied(table) == applied(stored)
    assert not table.set_aside
    assert [(item.what, item.row) for item in stored.set_aside] == [("uncoded highlight", 1630)]
    assert len(stored.segments) == 1793
    assert set(stored.segments["offset_status"].astype("str")) == {"ok"}
    assert table.codes["reported_n"].sum() == 1930


def test_all_real_files_together_count_each_coding_once(real):
    names = ["all_tags_20220303.csv", "codebook_20220303_8.csv",
             "SERDIF_P2_ThematicAnalysis.sqlite3"]  # fmt: skip
    project = read_exports([real / name for name in names])
    assert (len(project.codings), project.rows_read, len(project.set_aside)) == (1930, 3860, 1931)
    assert not project.warnings


def test_ids_of_participants_are_found_in_the_real_names(real):
    project = read_exports([real / "all_tags_20220303.csv"])
    found = propose_pattern(list(project.documents["name"]))
    assert found is not None
    assert found.found == 17
    with (real / "SERDIF_PSSUQ_P2.csv").open(encoding="utf-8", newline="") as stream:
        _, *rows = csv.reader(stream)
    names = project.documents["name"].str.extract(found.pattern)[0]
    assert {row[1] for row in rows} == set(names)


def test_the_real_database_is_not_touched(real, tmp_path):
    path = real / "SERDIF_P2_ThematicAnalysis.sqlite3"
    before = sorted(item.name for item in real.iterdir())
    reader, match = find_reader(open_source(path))
    assert (reader.format, match.score) == ("taguette-database", 1.0)
    reader.read(open_source(path), match)
    assert sorted(item.name for item in real.iterdir()) == before
    with closing(connect(f"file:{path.as_posix()}?mode=ro&immutable=1", uri=True)) as connection:
        assert connection.execute("SELECT count(*) FROM highlight_tags").fetchone() == (1930,)


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_a_list_whose_ids_were_deleted_is_read(tmp_path, write):
    rows = [
        ["document", "tag", "content"],
        ["d1", "care", "She listened."],
        ["d1", "trust", "She listened."],
        ["d1", "care", "Yes"],
        ["d1", "care", "Yes"],
        ["d2", "care", "She listened."],
    ]
    path = write(tmp_path / ("t.csv" if write is write_csv else "t.xlsx"), rows)
    project = read_exports([path])
    assert project.info.format == "taguette-highlights"
    assert len(project.codings) == 5
    assert len(project.segments) == 4
    assert any("no column" in said for said in project.warnings)
