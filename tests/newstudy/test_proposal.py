"""What exports say about a study is taken, what is only likely is listed as a guess."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.newstudy.proposal import AttributeTable, level_words, propose
from analysis.newstudy.studyfile import study_file, text
from analysis.studyfile import parse_study
from qdaio.model import CodedProject
from qdaio.registry import read_exports


def project_of(tmp_path: Path, rows: list[str], header: str = "document,code") -> CodedProject:
    path = tmp_path / "codings.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return read_exports([path])


def keys(proposal) -> set[str]:
    return {guess.key for guess in proposal.guesses}


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5, 7])
def test_each_level_has_a_name_of_its_own(depth):
    names, plurals = level_words(depth)
    assert len(set(names)) == len(set(plurals)) == depth


def test_documents_without_anything_else_are_cases_of_their_own(tmp_path):
    proposal = propose(project_of(tmp_path, ["Interview 1,A", "Interview 2,B"]))
    assert proposal.people is None
    assert proposal.document_words == ("interview", "interviews")


def test_a_table_of_participants_is_joined_by_the_column_that_holds_them(tmp_path):
    project = project_of(tmp_path, [f"P{n} interview,A" for n in range(1, 9)])
    rows = pd.DataFrame(
        {
            "Number": [str(n) for n in range(10, 18)],
            "Person": [f"P{n}" for n in range(1, 9)],
            "Gender": ["f", "m"] * 4,
            "Age band": ["40–49", "18–29"] * 4,
            "Age": ["21", "35", "44", "۵۲", "61", "33", "28", "47"],
            "Email": [f"{n}@example.org" for n in range(8)],
        }
    )
    proposal = propose(project, AttributeTable("data-raw/people.csv", rows))
    people = proposal.people
    assert people is not None
    assert people.file_id == "Person"
    kinds = {variable.name: variable.kind for variable in people.variables}
    assert kinds == {"Gender": "category", "Age band": "category", "Age": "integer"}
    assert people.omit == ("Email",)
    band = next(variable for variable in people.variables if variable.name == "Age band")
    assert band.order == ("18–29", "40–49")
    assert "[participants] file_id" in keys(proposal)


@pytest.mark.parametrize(
    "names",
    [
        ["P01_Interview", "P02_Interview", "A03_Interview"],
        ["talk with P01", "talk with P02 (long)", "A03 on the phone"],
    ],
)
def test_ids_are_found_in_names_of_documents_whose_letters_differ(tmp_path, names):
    project = project_of(tmp_path, [f"{name},A" for name in names])
    rows = pd.DataFrame({"Kürzel": ["P01", "P02", "A03"], "Alter": ["30", "41", "57"]})
    people = propose(project, AttributeTable("data-raw/people.csv", rows)).people
    assert people.file_id == "Kürzel"
    assert [re.search(people.pattern, name)[1] for name in names] == ["P01", "P02", "A03"]


def test_a_table_that_fits_no_document_is_not_used(tmp_path):
    project = project_of(tmp_path, ["Interview 1,A", "Interview 2,B"])
    rows = pd.DataFrame({"id": ["X", "Y"], "Gender": ["f", "m"]})
    proposal = propose(project, AttributeTable("data-raw/people.csv", rows))
    assert proposal.people is None
    assert "[participants] file" in keys(proposal)


def test_cases_of_a_focus_group_are_participants(tmp_path):
    folder = tmp_path / "tidy"
    folder.mkdir()
    (folder / "codings.csv").write_text("document,case,code\nFG1,Ann,A\nFG1,Ben,B\nI2,Cy,A\n")
    proposal = propose(read_exports([folder]))
    assert proposal.people is not None
    assert "[participants]" in keys(proposal)


def test_a_table_that_names_documents_in_several_rows_says_who_speaks_in_them(tmp_path):
    project = project_of(tmp_path, ["FG1,A", "Interview 2,B"])
    rows = pd.DataFrame(
        {
            "No": ["1", "2", "3"],
            "Talk": ["FG1", "FG1", "Interview 2"],
            "Person": ["Ann", "Ben", "Cy"],
            "Gender": ["f", "m", "m"],
        }
    )
    people = propose(project, AttributeTable("data-raw/people.csv", rows)).people
    assert people is not None
    assert (people.file_id, people.file_document) == ("Person", "Talk")
    assert [variable.name for variable in people.variables] == ["Gender"]


def test_names_of_files_are_no_participants_where_nothing_is_known_of_people(tmp_path):
    folder = tmp_path / "tidy"
    folder.mkdir()
    (folder / "codings.csv").write_text("document,code\nnews.pdf,A\nclip.mp4,B\n")
    (folder / "documents.csv").write_text("document,Set\nnews.pdf,yes\nclip.mp4,\n")
    assert propose(read_exports([folder])).people is None


def test_few_participants_have_an_age_too(tmp_path):
    project = project_of(tmp_path, [f"P{n},A" for n in range(1, 5)])
    rows = pd.DataFrame({"id": ["P1", "P2", "P3", "P4"], "Age": ["30", "41", "52", "63"]})
    people = propose(project, AttributeTable("data-raw/people.csv", rows)).people
    assert [(variable.name, variable.kind) for variable in people.variables] == [("Age", "integer")]


def test_coders_of_the_same_documents_measure_agreement(tmp_path):
    project = project_of(
        tmp_path,
        ["D1,A,Ann", "D1,B,Ann", "D2,A,Ann", "D1,A,Bo"],
        header="document,code,coder",
    )
    proposal = propose(project)
    assert (proposal.main, proposal.agreement) == ("Ann", ("Bo",))


def test_coders_who_shared_the_work_are_counted_together(tmp_path):
    project = project_of(tmp_path, ["D1,A,Ann", "D2,A,Bo", "D3,A,Bo"], header="document,code,coder")
    proposal = propose(project)
    assert (proposal.main, proposal.agreement) == (None, ())
    assert "[coders]" in keys(proposal)


@pytest.mark.parametrize(
    "title", ['A "quoted" title', "back\\slash", "line\nbreak", "{{< env HOME >}}", "عنوان", "\x7f"]
)
def test_any_title_makes_a_study_file_that_says_it_back(tmp_path, title):
    proposal = propose(project_of(tmp_path, ["Interview 1,A"]))
    made = study_file(proposal, title=title, exports=["data-raw/exports/a.csv"])
    assert parse_study(made).study.title == title


def test_text_is_a_toml_string():
    import tomllib

    for value in ("a", '"', "\\", "\t", "\x00", "\x7f", "𝒳"):
        assert tomllib.loads(f"key = {text(value)}")["key"] == value


def test_answers_in_words_are_no_category_and_an_age_is_a_number(tmp_path):
    project = project_of(tmp_path, [f"P{n},A" for n in (1, 2, 3)])
    rows = pd.DataFrame(
        {
            "id": ["P1", "P2", "P3"],
            "age": ["39", "39", "26"],
            "why": [f"{word} and so it went on for years until we moved to the coast"
                    for word in ("First we came", "He asked me", "It was near")],
        }
    )  # fmt: skip
    found = propose(project, AttributeTable("data-raw/people.csv", rows))
    assert [(item.name, item.kind) for item in found.people.variables] == [("age", "integer")]
    (told,) = [guess for guess in found.guesses if "no table" in guess.what]
    assert told.what == "why is in no table"
    assert told.why.startswith("its values")


def test_marks_of_who_speaks_are_no_categories_and_a_code_above_all_is_none_either(tmp_path):
    rows = [f"D{n},{code}" for n in (1, 2) for code in
            ("Interviewer", "Participant", "All > A > x", "All > B > y")]  # fmt: skip
    found = propose(project_of(tmp_path, rows))
    assert found.omit == ("Interviewer", "Participant")
    assert found.within == "All"
    assert found.levels == ("Category", "Code")
    assert {"[hierarchy] omit", "[hierarchy] within"} <= keys(found)
    study = parse_study(study_file(found, title="T", exports=["codings.csv"]))
    assert (study.hierarchy.within, study.hierarchy.omit) == ("All", ["Interviewer", "Participant"])


@pytest.mark.parametrize("codes", [["Participant", "Trust"], ["S1", "S2"], ["Group > A"]])
def test_one_such_name_or_nothing_else_is_taken_as_it_stands(tmp_path, codes):
    found = propose(project_of(tmp_path, [f"D1,{code}" for code in codes]))
    assert (found.omit, found.within) == ((), None)


def test_documents_in_groups_that_nobody_is_named_by_are_no_people(tmp_path):
    rows = [f"{name},{group},A" for name, group in
            (("Snow White", "tales"), ("The Frog", "tales"), ("A letter", "others"))]  # fmt: skip
    found = propose(project_of(tmp_path, rows, "document,group,code"))
    assert found.people.are_documents
    study = parse_study(study_file(found, title="T", exports=["codings.csv"]))
    assert study.case_words == ("document", "documents")
    rows = [f"T{n},teachers,A" for n in (1, 2)] + [f"T{n},parents,A" for n in (3, 4)]
    found = propose(project_of(tmp_path, rows, "document,group,code"))
    assert not found.people.are_documents
