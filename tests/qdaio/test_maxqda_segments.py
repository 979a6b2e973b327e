"""Coded segments of MAXQDA, in any language and order of columns."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.dates import iso_dates
from qdaio.faults import StudyError
from qdaio.programs.maxqda.values import numbers, positions
from qdaio.registry import read_exports
from tests.qdaio.tables import SEGMENTS, segment_rows
from tests.support.written_tables import write_csv, write_xlsx

CODINGS = [
    {"group": "G1", "document": "D1", "code": "A > A1 > x", "text": "first words of it", "end": 2},
    {"group": "G1", "document": "D1", "code": "A > A1 > y", "text": "second words, longer ones"},
    {"group": "G1", "document": "D2", "code": "A > A2", "start": "3:120", "end": "3:180"},
    {
        "group": "G2",
        "document": "D3",
        "code": "B",
        "start": 5,
        "end": 5,
        "text": "=cmd(12345678901234)",
    },
    {
        "group": "G2",
        "document": "D3",
        "code": "B",
        "start": 5,
        "end": 5,
        "text": "=cmd(12345678901234)",
    },
]


def faults_of(*paths):
    with pytest.raises(StudyError) as caught:
        read_exports(paths)
    return caught.value.faults


def counts(project):
    return len(project.codings), len(project.documents), len(project.codes), len(project.coders)


@pytest.mark.parametrize("language", ["en", "de", "pl"])
@pytest.mark.parametrize("kind", ["xlsx", "csv", "semicolons"])
def test_headers_of_three_languages_are_known(tmp_path, language, kind):
    rows = [SEGMENTS[language], *segment_rows(CODINGS)]
    if kind == "xlsx":
        path = write_xlsx(tmp_path / "a.xlsx", {"Sheet1": rows})
    else:
        path = write_csv(tmp_path / "a.csv", rows, ";" if kind == "semicolons" else ",")
    project = read_exports([path])
    assert counts(project) == (5, 3, 6, 1)
    assert project.info.language == language
    assert project.codings["coder_id"].unique().tolist() == ["ann"]


def test_rows_that_repeat_are_kept_and_flagged(tmp_path):
    rows = [SEGMENTS["en"], *segment_rows(CODINGS)]
    project = read_exports([write_xlsx(tmp_path / "a.xlsx", {"S": rows})])
    assert project.codings["is_repeat"].tolist() == [False] * 4 + [True]
    assert project.rows_read == 5


def test_the_order_and_presence_of_columns_do_not_matter(tmp_path):
    order = list(range(len(SEGMENTS["en"])))
    random.Random(3).shuffle(order)
    order = [place for place in order if SEGMENTS["en"][place] not in {"Area", "Color", "Comment"}]
    rows = [[row[place] for place in order] for row in [SEGMENTS["en"], *segment_rows(CODINGS)]]
    project = read_exports([write_xlsx(tmp_path / "a.xlsx", {"S": rows})])
    assert counts(project) == (5, 3, 6, 1)
    assert project.segments["text"].iloc[0] == "first words of it"


def test_the_export_is_found_behind_pivot_sheets_and_under_title_rows(tmp_path):
    pivot = [["Row Labels", "Count of Code"], ["A", 3], ["B", 2], ["Grand Total", 5]]
    rows = [["My interviews"], [], SEGMENTS["en"], *segment_rows(CODINGS)]
    path = write_xlsx(tmp_path / "a.xlsx", {"Pivot": pivot, "Coded Segments ": rows})
    project = read_exports([path])
    assert project.codings["source_row"].tolist() == [4, 5, 6, 7, 8]
    assert project.codings["source_sheet"].unique().tolist() == ["Coded Segments"]


def test_paths_may_use_the_backslash_of_imported_tables(tmp_path):
    codings = [{**coding, "code": coding["code"].replace(" > ", "\\")} for coding in CODINGS]
    path = write_csv(tmp_path / "a.csv", [SEGMENTS["en"], *segment_rows(codings)])
    assert ("A", "A1", "x") in read_exports([path]).codes["path"].tolist()


def test_leaf_names_may_repeat_under_different_parents(tmp_path):
    codings = [{"document": "D", "code": "Work > other"}, {"document": "D", "code": "Home > other"}]
    path = write_csv(tmp_path / "a.csv", [SEGMENTS["en"], *segment_rows(codings)])
    project = read_exports([path])
    assert project.codings["code_id"].nunique() == 2


def test_positions_are_paragraphs_pages_or_times():
    read = positions([4, "3:120", "0:01:02.5", -9, None], [6, "3:180", "0:01:04", -9, None])
    assert read["unit"].tolist()[:3] == ["paragraph", "page", "ms"]
    assert read["start"].tolist()[:3] == [4, 3, 62_500]
    assert read["end"].tolist()[:3] == [6, 3, 64_000]
    assert read["place"].tolist()[1:3] == ["3:120–3:180", "0:01:02.5–0:01:04"]
    assert pd.isna(read["place"][0])
    assert read.iloc[3:].isna().all(axis=None)


def test_missing_numbers_are_written_as_minus_nine():
    assert numbers([0, -9, "-9", "2,5", 100]).tolist() == [0, pd.NA, pd.NA, 2.5, 100]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["30.11.2017 20:55:14"], ["2017-11-30T20:55:14"]),
        (["1.2.2020 8:05"], ["2020-02-01T08:05"]),
        (["2020-3-4"], ["2020-03-04"]),
        (["30/11/2017 20:55:14", "01/02/2020"], ["2017-11-30T20:55:14", "2020-02-01"]),
        (["11/30/2017", "01/02/2020"], ["2017-11-30", "2020-01-02"]),
        (["01/02/2020"], ["01/02/2020"]),  # which of the two is the day, nothing tells
        (["32.01.2020 10:00:00", "31.13.2020"], ["32.01.2020 10:00:00", "31.13.2020"]),
    ],
)
def test_dates_become_iso_or_stay_as_written(written, read):
    assert iso_dates(written).tolist() == read


@settings(deadline=None, max_examples=50)
@given(st.lists(st.datetimes().filter(lambda moment: moment.year > 999), min_size=1))
def test_every_date_that_maxqda_writes_becomes_iso(moments):
    written = [moment.strftime("%d.%m.%Y %H:%M:%S") for moment in moments]
    assert iso_dates(written).tolist() == [
        moment.replace(microsecond=0).isoformat() for moment in moments
    ]


def foreign(headers: str) -> list[str]:
    return headers.split(",")


OTHERS = {
    "es": "Color,Comentario,Grupo de documentos,Nombre del documento,Código,Inicio,Final,"
    "Ponderación,Segmento,Área,Cobertura %,Creado por,Creado,Modificado por,Modificado",
    "fr": "Couleur,Commentaire,Groupe de documents,Nom du document,Code,Début,Fin,Poids,Segment,"
    "Surface,Couverture %,Créé par,Créé le,Modifié par,Modifié le",
    "ja": "色,コメント,ドキュメントグループ,ドキュメント名,コード,開始,終了,ウェイト,セグメント,"
    "領域,カバー率 %,作成者,作成日,変更者,変更日",
    "fa": "رنگ,نظر,گروه سند,نام سند,کد,شروع,پایان,وزن,بخش,مساحت,پوشش %,ایجاد شده توسط,"
    "تاریخ ایجاد,ویرایش شده توسط,تاریخ ویرایش",
}


def many_codings() -> list[dict[str, object]]:
    return [
        {
            "group": f"Group {number % 2}",
            "document": f"Interview {number % 4}",
            "code": f"Category {number % 3} > code {number % 5}",
            "start": number + 1,
            "end": number + 1,
            "text": f"What was said in place {number} of the interview, in some words.",
            "coder": "ann" if number % 2 else "bob",
        }
        for number in range(24)
    ]


@pytest.mark.parametrize("language", OTHERS)
def test_headers_of_other_languages_are_known_by_their_words(tmp_path, language):
    rows = [foreign(OTHERS[language]), *segment_rows(many_codings())]
    project = read_exports([write_csv(tmp_path / "a.csv", rows, ";")])
    assert (project.info.language, len(project.codings)) == (language, 24)
    assert set(project.documents["group"]) == {"Group 0", "Group 1"}
    assert set(project.coders["name"]) == {"ann", "bob"}
    assert project.segments["text"].notna().all()
    assert project.warnings == ()


def test_a_column_under_an_unknown_word_is_known_by_what_it_holds(tmp_path):
    headers = OTHERS["es"].replace("Segmento", "Pasaje").replace("Inicio,Final", "Uno,Otro")
    rows = [foreign(headers), *segment_rows(many_codings())]
    project = read_exports([write_xlsx(tmp_path / "a.xlsx", {"S": rows})])
    assert project.segments["text"].str.startswith("What was said").all()
    assert project.segments["start"].notna().all()
    (warning,) = project.warnings
    assert '"Pasaje" as text' in warning


@pytest.mark.parametrize(
    "headers",
    [
        "색상,의견,문서 그룹,문서 이름,코드,시작,끝,가중치,세그먼트,영역,범위 %,"
        "작성자,작성일,수정자,수정일",
        "Colore?,Kom,Doc-gruppe 1,Doc-navn,Kode,Fra,Til,Vekt,Sitat,Areal,Dekning,Laget av,Laget,"
        "Endret av,Endret",
        "c1,c2,c3,c4,c5,c6,c7,c8,c9,c10,c11,c12,c13,c14,c15",
    ],
    ids=["Korean", "Norwegian", "no words at all"],
)
def test_headers_of_unknown_languages_are_known_by_what_the_columns_hold(tmp_path, headers):
    rows = [foreign(headers), *segment_rows(many_codings())]
    project = read_exports([write_xlsx(tmp_path / "a.xlsx", {"S": rows})])
    assert len(project.codings) == 24
    assert set(project.documents["group"]) == {"Group 0", "Group 1"}
    assert set(project.coders["name"]) == {"ann", "bob"}
    assert any("recognised by what they hold" in warning for warning in project.warnings)


def test_columns_that_cannot_be_told_apart_are_asked_for(tmp_path):
    codings = [
        {"document": f"Name {number % 4}", "code": f"Label {number % 3}", "start": number}
        for number in range(12)
    ]
    rows = segment_rows(codings)
    headers = [f"c{number}" for number in range(len(rows[0]))]
    (first, second) = faults_of(write_xlsx(tmp_path / "a.xlsx", {"S": [headers, *rows]}))
    assert {first.kind, second.kind} == {"ambiguous-column"}
    assert '"c3"' in first.found
    assert '"c4"' in first.found


def test_variables_that_stand_beside_segments_become_attributes(tmp_path):
    rows = [[*SEGMENTS["en"], "Age", "Mood"], *segment_rows(CODINGS)]
    for row, age, mood in zip(rows[1:], ["", 30, 41, 52, 52], "abcde", strict=True):
        row += [age, mood]
    project = read_exports([write_xlsx(tmp_path / "a.xlsx", {"S": rows})])
    assert project.attributes[["entity_id", "name", "value"]].values.tolist() == [
        ["G1 / D1", "Age", "30"],
        ["G1 / D2", "Age", "41"],
        ["G2 / D3", "Age", "52"],
    ]
    # a column that differs within a document is no variable of it, and that is said
    (warning,) = project.warnings
    assert "Mood" in warning


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0)], ids=str)
def test_variables_with_the_headers_of_codings_are_told_from_them(tmp_path, order):
    # beside segments MAXQDA writes its own variables of the document under the same words
    beside = {
        "Erstellt am": ["30.04.2024 09:00", "30.04.2024 09:00", "02.05.2024 09:00"],
        "Dokumentname": ["D1", "D1", "D2"],
        "Memos": [2, 2, 0],
    }
    headers = ["Dokumentgruppe", "Dokumentname", "Code", "Segment", "Erstellt am", "Erstellt von"]
    rows = [
        ["G", "D1", "A", "one", "01.05.2024 10:00:00", "ann"],
        ["G", "D1", "B", "two", "01.05.2024 10:01:00", "ann"],
        ["G", "D2", "B", "three", "03.05.2024 10:01:00", "ann"],
    ]
    names = [list(beside)[place] for place in order]
    table = [headers + names]
    table += [[*row, *(beside[name][at] for name in names)] for at, row in enumerate(rows)]
    project = read_exports([write_xlsx(tmp_path / "a.xlsx", {"Sheet1": table})])
    assert project.codings["created_at"].tolist() == [
        "2024-05-01T10:00:00",
        "2024-05-01T10:01:00",
        "2024-05-03T10:01:00",
    ]
    wide = project.attributes.pivot(index="entity_id", columns="name", values="value")
    assert wide.to_dict() == {
        "Erstellt am": {"G / D1": "30.04.2024 09:00", "G / D2": "02.05.2024 09:00"},
        "Memos": {"G / D1": "2", "G / D2": "0"},
    }


def test_a_column_that_varies_within_a_document_is_that_of_the_coding(tmp_path):
    headers = ["Document name", "Created on", "Code", "Segment", "Comment", "Created on"]
    rows = [
        ["D1", "2024-04-30 09:00", "A", "one", "", "2024-05-01 10:00"],
        ["D1", "2024-04-30 09:00", "B", "two", "", "2024-05-01 10:01"],
    ]
    project = read_exports([write_csv(tmp_path / "a.csv", [headers, *rows])])
    assert project.codings["created_at"].str.startswith("2024-05-01").all()
    assert project.attributes["value"].tolist() == ["2024-04-30 09:00"]


def test_memos_beside_segments_are_those_of_the_codings(tmp_path):
    rows = [[*SEGMENTS["en"], "Memos"], *segment_rows(CODINGS)]
    for row, memo in zip(rows[1:], ["why so", "", "", "", "unclear"], strict=True):
        row.append(memo)
    project = read_exports([write_xlsx(tmp_path / "a.xlsx", {"S": rows})])
    assert project.codings["memo"].dropna().tolist() == ["why so", "unclear"]


def test_a_missing_column_is_named_with_what_was_found_instead(tmp_path):
    rows = [SEGMENTS["en"], *segment_rows(CODINGS)]
    rows = [[cell for place, cell in enumerate(row) if place != 4] for row in rows]
    (fault,) = faults_of(write_xlsx(tmp_path / "a.xlsx", {"S": rows}))
    assert (fault.kind, fault.column, fault.row) == ("missing-column", "Code", 1)
    assert '"Document name"' in fault.found


def test_rows_without_document_or_code_are_faults_all_at_once(tmp_path):
    codings = [*CODINGS, {"document": "", "code": "B"}, {"document": "D1", "code": ""}]
    faults = faults_of(write_csv(tmp_path / "a.csv", [SEGMENTS["en"], *segment_rows(codings)]))
    assert [(fault.kind, fault.row) for fault in faults] == [
        ("missing-value", 7),
        ("missing-value", 8),
    ]


def test_a_second_column_for_the_code_is_a_fault(tmp_path):
    rows = [[*SEGMENTS["en"], "Code"]] + [[*row, "other"] for row in segment_rows(CODINGS)]
    (fault,) = faults_of(write_xlsx(tmp_path / "a.xlsx", {"S": rows}))
    assert fault.kind == "duplicate-column"


def test_a_row_of_text_with_too_few_cells_is_a_fault(tmp_path):
    rows = [SEGMENTS["en"], *segment_rows(CODINGS)]
    rows[3] = rows[3][:-2]
    (fault,) = faults_of(write_csv(tmp_path / "a.csv", rows))
    assert (fault.kind, fault.row) == ("wrong-format", 4)


def test_documents_copied_for_a_second_coder_are_said_and_counted(tmp_path):
    codings = [
        {"group": group, "document": f"D{number}", "code": "A", "coder": coder, "start": number}
        for group, coder in (("Anna", "ann"), ("Bob", "bob"))
        for number in range(3)
    ]
    path = write_csv(tmp_path / "a.csv", [SEGMENTS["en"], *segment_rows(codings)])
    project = read_exports([path])
    assert len(project.codings) == 6
    assert any('"Bob"' in warning and "copies" in warning for warning in project.warnings)
    alike = [{**coding, "coder": "ann"} for coding in codings]
    path = write_csv(tmp_path / "b.csv", [SEGMENTS["en"], *segment_rows(alike)])
    assert read_exports([path]).warnings == ()


def test_the_polish_export_has_its_codings_and_repeats(real_exports):
    project = read_exports([real_exports / "maxqda" / "maxqda_2018_pl__coded_segments.xls"])
    assert counts(project) == (402, 39, 7, 1)
    assert project.rows_read == 402
    assert project.set_aside == ()
    # four rows stand more than once, each a word or two: they can come twice in a paragraph
    what = project.segments[["document_id", "start", "end", "text"]].assign(
        code=project.codings["code_id"]
    )
    repeated = what[what.duplicated(keep=False)]
    assert len(repeated.drop_duplicates()) == 4
    assert repeated["text"].str.len().max() < 20
    assert not project.codings["is_repeat"].any()
    assert project.info.language == "pl"


@settings(deadline=None, max_examples=40)
@given(
    data=st.lists(
        st.tuples(
            st.none() | st.sampled_from(["G1", "G 2"]),
            st.sampled_from(["D1", "D2 ", "سند"]),
            st.lists(st.sampled_from(["A", "b c", "Ω", "a>b"]), min_size=1, max_size=3),
            st.integers(1, 99),
            st.sampled_from(["ann", "bob", ""]),
            st.text(st.characters(exclude_categories=["C"]), max_size=30),
        ),
        min_size=1,
        max_size=20,
    ),
    language=st.sampled_from(["en", "de", "pl"]),
)
def test_every_row_is_one_coding(data, language, tmp_path_factory):
    codings = [
        {
            "group": group or "",
            "document": document,
            "code": " > ".join(path),
            "start": start,
            "end": start,
            "coder": coder,
            "text": text,
        }
        for group, document, path, start, coder, text in data
    ]
    path = tmp_path_factory.getbasetemp() / "any.xlsx"
    write_xlsx(path, {"S": [SEGMENTS[language], *segment_rows(codings)]})
    project = read_exports([path])
    assert len(project.codings) == len(data) == project.rows_read
    paths = project.codes.set_index("code_id")["path"]
    assert [paths[code] for code in project.codings["code_id"]] == [tuple(row[2]) for row in data]
    assert project.segments["start"].tolist() == [row[3] for row in data]


def system_and_segments(folder, paths, labels):
    """Write a code system with `paths`, and a segment for each printed path."""
    width = max(map(len, paths)) + 1
    head = [*[None] * width, "Memo", "Cod. seg."]
    root = ["Code System", *[None] * width, len(labels)]
    rows = [[*[None] * len(p), p[-1], *[None] * (width - len(p)), None] for p in paths]
    system = write_xlsx(folder / "system.xlsx", {"S": [head, root, *rows]})
    codings = [{"document": "D", "code": label} for label in labels]
    segments = [SEGMENTS["en"], *segment_rows(codings)]
    return system, write_xlsx(folder / "segments.xlsx", {"S": segments})


@pytest.mark.parametrize("turned", [False, True], ids=["system first", "segments first"])
@pytest.mark.parametrize(
    ("paths", "label", "meant"),
    [
        ([("A",), ("A", "x > y")], "A > x > y", ("A", "x > y")),
        ([("A > B",), ("A > B", "c")], "A > B > c", ("A > B", "c")),
        ([("A > B",), ("A > B", "c")], "A > B\\c", ("A > B", "c")),
        ([("A",), ("A", "yes\\no")], "A > yes\\no", ("A", "yes\\no")),
        ([("A",), ("A", "yes\\no")], "A\\yes\\no", ("A", "yes\\no")),
        ([("yes\\no",)], "yes\\no", ("yes\\no",)),
        ([("A",), ("A", "x > y"), ("A", "x > y", "z")], "A > x > y > z", ("A", "x > y", "z")),
    ],
)
def test_a_name_that_holds_the_sign_of_levels_is_known_from_the_code_system(
    tmp_path, paths, label, meant, turned
):
    files = system_and_segments(tmp_path, paths, [label])
    project = read_exports(files[::-1] if turned else files)
    assert list(project.codes["path"]) == paths
    codes = project.codes.set_index("code_id")
    assert codes.loc[project.codings["code_id"].iloc[0], "path"] == meant


def test_two_codes_that_are_printed_alike_are_told(tmp_path):
    paths = [("A",), ("A", "x"), ("A", "x", "y"), ("A", "x > y")]
    project = read_exports(system_and_segments(tmp_path, paths, ["A > x > y"]))
    assert any("printed alike" in warning for warning in project.warnings)


def test_a_word_can_stand_twice_in_a_paragraph(tmp_path):
    said = ["Olinda", "Olinda", "she wanted to go home at once", "she wanted to go home at once"]
    codings = [{"document": "D", "code": "A", "text": text} for text in said]
    whole = write_xlsx(tmp_path / "a.xlsx", {"S": [SEGMENTS["en"], *segment_rows(codings)]})
    assert read_exports([whole]).codings["is_repeat"].tolist() == [False, False, False, True]
    # a place in a page is exact; a second file repeats each as often as the first has it
    exact = [coding | {"start": "3:10", "end": "3:16"} for coding in codings[:2]]
    path = write_xlsx(tmp_path / "b.xlsx", {"S": [SEGMENTS["en"], *segment_rows(exact)]})
    assert read_exports([path]).codings["is_repeat"].tolist() == [False, True]
    other = [*codings[:2], codings[0]]
    path = write_xlsx(tmp_path / "c.xlsx", {"S": [SEGMENTS["en"], *segment_rows(other)]})
    again = read_exports([whole, path]).codings["is_repeat"].tolist()
    assert again == [False, False, False, True, True, True, False]
