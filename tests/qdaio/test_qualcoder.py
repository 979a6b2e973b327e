"""QualCoder: every coding of a project, of texts, pictures and recordings, by every coder."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.faults import Fault, StudyError
from qdaio.model import CodedProject
from qdaio.registry import read_exports
from tests.qdaio.databases import change, qualcoder

TEXT = "We waited 😀 long.\nNobody came, nobody called.\nThen we left."
DAY = "2026-01-05 10:00:00"
Row = tuple[Any, ...]


def file(number: int, name: str, text: str | None = TEXT, path: str | None = None) -> Row:
    return (number, name, text, path, "", "ana", DAY, None, None)


def code(cid: int, name: str, catid: int | None = None, *more: Any) -> Row:
    return (cid, name, f"about {name}", catid, "ana", DAY, "#FF0000", *more)


def category(catid: int, name: str, above: int | None = None) -> Row:
    return (catid, name, "ana", DAY, "", above)


def coding(ctid: int, cid: int, fid: int, text: str, owner: str = "ana", shift: int = 0) -> Row:
    start = TEXT.index(text) + shift
    return (ctid, cid, fid, text, start, start + len(text), owner, DAY, "a note", None, None)


ROWS: dict[str, list[Row]] = {
    "source": [
        file(1, "P1.txt"),
        file(2, "P2.pdf", TEXT, "/docs/P2.pdf"),
        file(3, "map.png", None, "/images/map.png"),
        file(4, "talk.mp3", None, "audio:/elsewhere/talk.mp3"),
    ],
    "code_cat": [category(1, "Feelings"), category(2, "Fear", 1)],
    "code_name": [code(1, "alone", 2), code(2, "Feelings"), code(3, "never", 1)],
    "code_text": [
        coding(1, 1, 1, "We waited 😀"),
        coding(2, 2, 1, "Nobody came"),
        coding(3, 2, 1, "Nobody came", "ben"),
        coding(4, 1, 2, "Then we left."),
    ],
    "code_image": [(1, 3, 10.4, 20, 30, 40.2, 1, "", DAY, "ben", None, None)],
    "code_av": [(1, 4, 1500, 2750, 2, "", DAY, "ana", None)],
}


def small(path: Path, *, sub_codes: bool = False, **more: list[Row]) -> Path:
    return qualcoder(path, {**ROWS, **more}, sub_codes=sub_codes)


def faults_of(path: Path) -> tuple[Fault, ...]:
    with pytest.raises(StudyError) as caught:
        read_exports([path])
    return caught.value.faults


def by_code(project: CodedProject) -> dict[str, int]:
    return project.codings["code_id"].astype("str").value_counts().to_dict()


def test_codings_of_texts_pictures_and_recordings_count(tmp_path):
    project = read_exports([small(tmp_path / "data.qda")])
    assert (len(project.codings), project.rows_read, project.set_aside) == (6, 6, ())
    assert list(project.documents["kind"].astype("str")) == ["text", "pdf", "image", "audio"]
    assert list(project.coders["coder_id"]) == ["ana", "ben"]
    assert list(project.segments["unit"].astype("str"))[-2:] == ["page rectangle", "ms"]
    assert project.segments["place"].iloc[-2] == "(10, 20)–(40, 60)"
    assert list(project.segments[["start", "end"]].iloc[-1]) == [1500, 2750]
    assert project.info.version == "3.6"


def test_categories_are_the_levels_above_the_codes(tmp_path):
    project = read_exports([small(tmp_path / "data.qda")])
    assert dict(zip(project.codes["code_id"], project.codes["is_codable"], strict=True)) == {
        "Feelings (category)": False,
        "Feelings > Fear": False,
        "Feelings > Fear > alone": True,
        "Feelings > never": True,
        "Feelings": True,
    }
    parents = dict(zip(project.codes["code_id"], project.codes["parent_id"], strict=True))
    assert parents["Feelings > Fear"] == "Feelings (category)"
    # the category of the same name gets none of the code's codings
    assert by_code(project) == {"Feelings > Fear > alone": 3, "Feelings": 3}


def test_codes_below_codes_are_levels_too(tmp_path):
    codes = [code(1, "alone", 2, None), code(2, "at night", None, 1), code(3, "cold", None, 2)]
    project = read_exports([small(tmp_path / "data.qda", sub_codes=True, code_name=codes)])
    assert ("Feelings", "Fear", "alone", "at night", "cold") in set(project.codes["path"])
    assert project.codes["is_codable"].sum() == 3


def test_two_coders_on_one_span_share_the_segment(tmp_path):
    project = read_exports([small(tmp_path / "data.qda")])
    rows = project.codings[project.codings["source_row"].isin([2, 3])]
    rows = rows[rows["source_sheet"].astype("str") == "code_text"]
    assert rows["segment_id"].nunique() == 1
    assert list(rows["coder_id"].astype("str")) == ["ana", "ben"]
    assert not project.codings["is_repeat"].any()


def test_places_are_code_points_and_held_against_the_text(tmp_path):
    rows = [coding(1, 1, 1, "We waited 😀"), coding(2, 1, 1, "nobody called"),
            coding(3, 1, 1, "Then we left.", shift=2)]  # fmt: skip
    project = read_exports([small(tmp_path / "data.qda", code_text=rows)])
    assert list(project.segments["offset_status"].astype("str"))[:3] == ["ok", "ok", "repaired"]
    for start, end, text in zip(
        project.segments["start_cp"][:3],
        project.segments["end_cp"][:3],
        project.segments["text"][:3],
        strict=True,
    ):
        assert TEXT[start:end] == text


def test_positions_counted_in_utf_16_are_found_out(tmp_path):
    late = TEXT.index("long")
    spans = [(word, TEXT.index(word)) for word in TEXT[late:].replace("\n", " ").split()]
    rows = [
        (n, 1, 1, word, start + 1, start + 1 + len(word), "ana", DAY, "", None, None)
        for n, (word, start) in enumerate(spans, 1)
    ]
    project = read_exports([small(tmp_path / "data.qda", code_text=rows)])
    assert "utf-16" in set(project.segments["unit"].astype("str"))
    assert any("UTF-16 units" in warning for warning in project.warnings)
    placed = zip(spans, project.segments["start_cp"][: len(spans)], strict=True)
    assert all(start == stands for (_, start), stands in placed)


def test_codings_that_lead_nowhere_are_set_aside(tmp_path):
    rows = [*ROWS["code_text"], coding(5, 9, 1, "We"), coding(6, 1, 9, "We")]
    project = read_exports([small(tmp_path / "data.qda", code_text=rows)])
    assert [(item.sheet, item.row, item.why) for item in project.set_aside] == [
        ("code_text", 5, "its code is not in the database"),
        ("code_text", 6, "its document is not in the database"),
    ]
    assert project.rows_read == 8


def test_a_coding_belongs_to_the_one_case_in_whose_part_of_a_document_most_of_it_lies(tmp_path):
    turn = TEXT.index("Nobody")  # Ana speaks before it, Ben from it on, both in the last sentence
    last = TEXT.index("Then")
    path = small(
        tmp_path / "data.qda",
        cases=[(1, "Ana", "", "ana", DAY), (2, "Ben", "", "ana", DAY), (3, "Eve", "", "ana", DAY)],
        case_text=[(1, 1, 1, 0, turn, "ana", DAY, ""), (2, 2, 1, turn, len(TEXT), "ana", DAY, ""),
                   (3, 1, 1, last, len(TEXT), "ana", DAY, ""),
                   (4, 3, 1, 0, len(TEXT), "ana", DAY, "")],
        code_text=[coding(1, 1, 1, "We waited 😀"), coding(2, 2, 1, "Nobody came"),
                   coding(3, 2, 1, "long.\nNobody came, nobody"), coding(4, 1, 1, "Then we left."),
                   coding(5, 1, 2, "Then we left.")],
        code_image=[], code_av=[],
    )  # fmt: skip
    project = read_exports([path])
    said = project.codings["case_id"].astype(object).where(project.codings["case_id"].notna(), None)
    assert list(said) == ["Ana", "Ben", "Ben", None, None]
    assert any("3 of the 4 codings there lie" in warning for warning in project.warnings)


def test_cases_attributes_and_focus_groups(tmp_path):
    path = small(
        tmp_path / "data.qda",
        cases=[(1, "Ana", "", "ana", DAY), (2, "Ben", "", "ana", DAY)],
        case_text=[(1, 1, 1, 0, len(TEXT) - 1, "ana", DAY, ""),
                   (2, 1, 3, 0, 0, "ana", DAY, ""), (3, 2, 2, 5, 30, "ana", DAY, ""),
                   (4, 9, 1, 0, 9, "ana", DAY, "")],
        attribute=[(1, "age", "case", "30", 1, DAY, "ana"), (2, "age", "case", "", 2, DAY, "ana"),
                   (3, "place", "file", "home", 2, DAY, "ana"),
                   (4, "mood", "journal", "good", 1, DAY, "ana")],
    )  # fmt: skip
    project = read_exports([path])
    links = project.case_documents[["case_id", "document_id"]].to_numpy().tolist()
    assert links == [["Ana", "P1.txt"], ["Ana", "map.png"], ["Ben", "P2.pdf"]]
    rows = project.attributes[["entity", "entity_id", "name"]].to_numpy().tolist()
    assert rows == [["case", "Ana", "age"], ["case", "Ben", "age"], ["document", "P2.pdf", "place"]]
    assert list(project.attributes["value"].isna()) == [False, True, False]
    assert any("1 links of a case" in warning for warning in project.warnings)


def test_a_project_is_its_folder_its_database_or_an_archive_of_it(tmp_path):
    folder = tmp_path / "waiting.qda"
    folder.mkdir()
    inner = small(folder / "data.qda")
    (folder / "project_in_use.lock").write_text("ana", encoding="utf-8")
    (folder / "documents").mkdir()
    packed = tmp_path / "waiting.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(inner, "waiting.qda/data.qda")
        archive.writestr("waiting.qda/documents/P1.txt", TEXT)
    found = [by_code(read_exports([path])) for path in (folder, inner, packed)]
    assert found[0] == found[1] == found[2]
    assert read_exports([folder]).info.files[0].name == "waiting.qda/data.qda"


def test_an_archive_of_two_projects_is_told(tmp_path):
    inner = small(tmp_path / "data.qda")
    packed = tmp_path / "both.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(inner, "one.qda/data.qda")
        archive.write(inner, "two.qda/data.qda")
    (fault,) = faults_of(packed)
    assert (fault.kind, fault.found) == (
        "several-projects",
        "2 projects: one.qda/data.qda, two.qda/data.qda",
    )


def test_an_archive_with_a_broken_project_is_told(tmp_path):
    packed = tmp_path / "broken.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.qda/data.qda", b"words")
    assert [fault.kind for fault in faults_of(packed)] == ["truncated-file"]


@pytest.mark.parametrize(
    ("statements", "kind", "place"),
    [
        (["UPDATE code_cat SET supercatid = 3 - catid"], "inconsistent-export", None),
        (["ALTER TABLE code_text RENAME COLUMN pos0 TO start"], "missing-column", "code_text"),
        (["ALTER TABLE code_text RENAME TO old", "CREATE VIEW code_text AS SELECT * FROM old"],
         "unsafe-database", "code_text"),
        (["DROP TABLE code_cat"], "unknown-format", None),
    ],
)  # fmt: skip
def test_tables_of_another_shape_are_told(tmp_path, statements, kind, place):
    path = change(
        small(tmp_path / "data.qda"),
        "DROP VIEW code_text_visible",
        "PRAGMA legacy_alter_table = ON",
        *statements,
    )
    assert [(fault.kind, fault.sheet) for fault in faults_of(path)] == [(kind, place)]


def test_a_code_whose_category_is_gone_stands_at_the_root(tmp_path):
    path = change(small(tmp_path / "data.qda"), "DELETE FROM code_cat WHERE catid = 2")
    project = read_exports([path])
    assert ("alone",) in set(project.codes["path"])
    assert any("not in the database" in warning for warning in project.warnings)


TREE = st.lists(st.one_of(st.none(), st.integers(1, 8)), min_size=8, max_size=8)


@settings(deadline=None, max_examples=25)
@given(TREE, TREE, st.lists(st.integers(1, 10), max_size=8))
def test_any_tree_loads_with_all_codings_or_says_what_goes_in_circles(
    tmp_path_factory, above, homes, applied
):
    path = tmp_path_factory.mktemp("qualcoder") / "data.qda"
    categories = [category(n, f"name {n % 5} {n}", parent) for n, parent in enumerate(above, 1)]
    codes = [code(n, f"name {n % 5} {n}", home) for n, home in enumerate(homes, 1)]
    texts = [coding(n, cid, 1, "We waited 😀", f"coder {n}") for n, cid in enumerate(applied, 1)]
    small(path, code_cat=categories, code_name=codes, code_text=texts)
    parents = dict(enumerate(above, 1))
    goes_round = any(climbs_for_ever(parents, start) for start in parents)
    if goes_round:
        assert {fault.kind for fault in faults_of(path)} == {"inconsistent-export"}
        return
    project = read_exports([path])
    aside = sum(item.what == "coding" for item in project.set_aside)
    assert aside == sum(cid > 8 for cid in applied)
    assert len(project.codings) + aside == len(applied) + 2
    assert len(project.codes) == 16
    levels = dict(zip(project.codes["code_id"], project.codes["level"], strict=True))
    for name, parent in zip(project.codes["code_id"], project.codes["parent_id"], strict=True):
        assert levels[name] == 1 + levels.get(parent, 0)


def climbs_for_ever(parents: dict[int, int | None], start: int) -> bool:
    seen: set[int] = set()
    here: int | None = start
    while here is not None and here in parents:
        if here in seen:
            return True
        seen.add(here)
        here = parents[here]
    return False
