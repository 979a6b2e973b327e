"""Workbooks of whole MAXQDA projects, their sheets alone, and tables that people changed."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest

from qdaio.faults import StudyError
from qdaio.registry import read_exports
from tests.support.written_tables import write_csv, write_xlsx

BLANK = "\u00a0"
# one project of one document and two codings, as MAXQDA exports it whole
GERMAN = {
    "Liste der Dokumente ": [
        ["Liste der Dokumente", "", "#"],
        ["Dokumente", "", 2],
        [BLANK, "Interview 1", 2],
    ],
    "Liste der Codes": [
        ["Liste der Codes", "", "Häufigkeit"],
        ["Codesystem", "", 2],
        [BLANK, "A", 1],
        [BLANK, "B", 1],
    ],
    "Codierte Segmente": [
        [
            "Farbe",
            "Dokumentname",
            "Code",
            "Gewicht",
            "Segment",
            "Erstellt von",
            "Erstellt am",
            "Kommentar",
            "Dokumentgruppe",
            "Fläche",
            "Abdeckungsgrad %",
            "Anfang",
            "Ende",
        ],
        ["●", "Interview 1", "A", 0, "one", "ann", "01.05.24 10:00:00", "", "", 4, 1, "1", "1"],
        ["●", "Interview 1", "B", 0, "two", "ann", "01.05.24 10:01:00", "", "", 4, 1, "2", "2"],
    ],
    "Memos": [
        [
            "Dokumentgruppe",
            "Dokumentname",
            "Code",
            "Dokumentset",
            "Titel",
            "Erstellt von",
            "Erstellt am",
            "Memotext",
            "Herkunft",
            "Anfang",
            "Ende",
        ],
        [BLANK, "", "A", BLANK, "A", "ann", "01.05.24 10:02:00", "What A means", "Code", "", ""],
        [BLANK, "Interview 1", "", BLANK, "?", "ann", "", "Loud room", "Dokument", "1", "1"],
        [BLANK, "", "", BLANK, "To do", "ann", "", "Call them", "Frei", "", ""],
    ],
    "Liste der Dokumentvariablen": [
        ["Variablenname", "Variablentyp", "Sichtbar", "Quelle", "Fehlender Wert", "Kategorial"],
        ["Dokumentgruppe", "Text", 1, "System", "", 1],
        ["Codierte Segmente", "Ganzzahl", 1, "System", -9, 0],
    ],
    "Dateneditor (Dokumentvariablen)": [
        [
            "Dokumentgruppe",
            "Dokumentname",
            "Erstellt am",
            "Codierte Segmente",
            "Memos",
            "Erstellt von",
            "PDF-Seiten",
            "Absätze",
            "Wörter",
        ],
        [BLANK, "Interview 1", "01.05.24 09:00:00", 2, 1, "ann", -9, 5, 51],
    ],
    "Liste der Codevariablen": [
        ["Variablenname", "Variablentyp", "Sichtbar", "Quelle", "Fehlender Wert", "Kategorial"],
        ["Obercode", "Text", 1, "System", "", 1],
    ],
    "Dateneditor (Codevariablen)": [
        [
            "Farbe",
            "Code",
            "Cod. Seg. (alle Dokumente)",
            "Cod. Seg. (aktiv. Dokumente)",
            "Erstellt von",
            "Erstellt am",
            "Code-Alias",
            "% Cod. Seg. (alle Dokumente)",
            "Dokumente",
        ],
        ["●", "A", 1, 0, "ann", "01.05.24 09:00:00", "", 50, 1],
        ["●", "B", 1, 0, "ann", "01.05.24 09:00:00", "", 50, 1],
    ],
}
ENGLISH = {
    "Document System": [["Document System", "", "#"], ["Documents", "", 2], ["", "Interview 1", 2]],
    "Code System": [
        ["Code System", "", "", "Frequency"],
        ["Code System", "", "", 2],
        ["", "T", "", 0],
        ["", "", "A", 1],
        ["", "", "B", 1],
    ],
    "Coded Segments": [
        [
            "Color",
            "Document name",
            "Code",
            "Weight score",
            "Segment",
            "Created by",
            "Created on",
            "Comment",
            "Document group",
            "Area",
            "Coverage %",
            "Beginning",
            "End",
        ],
        ["●", "Interview 1", "T > A", 0, "one", "ann", "5/1/24 10:00 AM", "", "", 4, 1, 1, 1],
        ["●", "Interview 1", "T > B", 0, "two", "ann", "5/1/24 10:01 AM", "", "", 4, 1, 2, 2],
    ],
    "Memos": [
        [
            "Document group",
            "Document name",
            "Code",
            "Document set",
            "Title",
            "Created by",
            "Created on",
            "Memo text",
            "Origin",
            "Beginning",
            "End",
        ],
        ["", "", "T > A", "", "A", "ann", "", "What A means", "Code", "", ""],
        ["", "Interview 1", "", "", "?", "ann", "", "Loud room", "Document", 1, 1],
        ["", "", "", "", "To do", "ann", "", "Call them", "Free", "", ""],
    ],
    "List of document variables": [
        ["Variable name", "Variable type", "Visible", "Source", "Missing value", "Categorical"],
        ["Coded segments", "Integer", 1, "System", -9, 0],
    ],
    "Data editor (document vars)": [
        [
            "Document group",
            "Document name",
            "Created on",
            "Coded segments",
            "Memos",
            "Created by",
            "Paragraphs",
        ],
        ["", "Interview 1", "5/1/24 9:00 AM", 2, 1, "ann", 5],
    ],
    "Data editor (code variables)": [
        ["Color", "Parent code", "Code", "Cod. seg. (all documents)", "Created by", "Alias"],
        ["●", "", "T", 0, "ann", ""],
        ["●", "T", "A", 1, "ann", ""],
        ["●", "T", "B", 1, "ann", "bee"],
    ],
}
WORKBOOKS = {"de": GERMAN, "en": ENGLISH}


@pytest.fixture(params=WORKBOOKS)
def sheets(request):
    return WORKBOOKS[request.param]


def test_each_sheet_of_a_whole_project_is_known_for_what_it_is(tmp_path, sheets):
    project = read_exports([write_xlsx(tmp_path / "whole.xlsx", sheets)])
    assert project.info.format == "maxqda-project-workbook"
    assert project.documents["name"].tolist() == ["Interview 1"]
    assert len(project.codings) == 2
    codable = set(project.codings["code_id"].astype("str"))
    assert len(codable) == 2
    assert {"A", "B"} <= set(project.codes["name"])
    assert len(project.codes) == len({*project.codes["name"]})
    assert project.warnings == ()


def test_memos_of_codes_describe_them_and_the_others_are_listed(tmp_path, sheets):
    project = read_exports([write_xlsx(tmp_path / "whole.xlsx", sheets)])
    said = project.codes.set_index("name")["description"].dropna().to_dict()
    assert said == {"A": "What A means"}
    memos = [(item.row, item.document) for item in project.set_aside if item.what == "memo"]
    assert memos == [(3, "Interview 1"), (4, None)]


def test_variables_of_documents_and_codes_are_attributes(tmp_path, sheets):
    project = read_exports([write_xlsx(tmp_path / "whole.xlsx", sheets)])
    kinds = project.attributes.groupby("entity", observed=True)["name"].agg(set)
    assert len(kinds["document"] & {"Memos"}) == 1
    missing = project.attributes["value"] == "-9"
    assert not missing.any()
    assert set(kinds.index) == {"code", "document"}


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_sheets_and_columns_does_not_matter(tmp_path, sheets, seed):
    chance = random.Random(seed)
    mixed = {}
    for name in chance.sample(list(sheets), len(sheets)):
        rows = sheets[name]
        if name.startswith(("Liste der Codes", "Liste der Dokumente ", "Code S", "Document S")):
            mixed[name] = rows  # a tree: its columns are its levels
            continue
        order = chance.sample(range(len(rows[0])), len(rows[0]))
        mixed[name] = [[row[place] for place in order] for row in rows]
    one = read_exports([write_xlsx(tmp_path / "one.xlsx", sheets)])
    other = read_exports([write_xlsx(tmp_path / "other.xlsx", mixed)])
    for project in (one, other):
        assert (len(project.documents), len(project.codings)) == (1, 2)
        assert project.warnings == ()
    assert set(one.codes["code_id"]) == set(other.codes["code_id"])
    assert set(one.attributes["name"]) == set(other.attributes["name"])


def test_any_part_of_the_workbook_is_read_alike(tmp_path, sheets):
    names = list(sheets)
    for left_out in names:
        part = {name: rows for name, rows in sheets.items() if name != left_out}
        project = read_exports([write_xlsx(tmp_path / f"{names.index(left_out)}.xlsx", part)])
        coded = any("egment" in name for name in part)
        assert (len(project.documents), len(project.codings)) == (1, 2 if coded else 0), left_out


def test_sheets_that_say_nothing_of_the_project_are_listed(tmp_path):
    sheets = GERMAN | {"Notizen": [["x", "y"], ["a", "b"]]}
    project = read_exports([write_xlsx(tmp_path / "whole.xlsx", sheets)])
    assert {item.sheet for item in project.set_aside if item.what == "sheet"} == {
        "Liste der Dokumentvariablen",
        "Liste der Codevariablen",
        "Notizen",
    }


def test_counts_of_documents_that_disagree_with_the_codings_are_told(tmp_path):
    editor = [GERMAN["Dateneditor (Dokumentvariablen)"][0]]
    editor.append([BLANK, "Interview 1", "", 3, 1, "ann", -9, 5, 51])
    sheets = GERMAN | {"Dateneditor (Dokumentvariablen)": editor}
    project = read_exports([write_xlsx(tmp_path / "whole.xlsx", sheets)])
    assert any('"Interview 1" 3 against 2' in warning for warning in project.warnings)


def test_documents_that_nobody_coded_are_documents(tmp_path):
    listed = [
        ["Liste der Dokumente", "", "", "#"],
        ["Dokumente", "", "", 2],
        [BLANK, "Interview 1", "", 2],
        [BLANK, "Gruppe", "", 0],
        [BLANK, BLANK, "Interview 2", 0],
        ["Sets", "", "", 2],
        [BLANK, "Interview 1", "", 2],
    ]
    kept = {"Codierte Segmente", "Liste der Codes"}
    sheets = {name: rows for name, rows in GERMAN.items() if name in kept}
    project = read_exports([write_xlsx(tmp_path / "w.xlsx", sheets | {"Dokumente": listed})])
    assert project.documents["document_id"].tolist() == ["Interview 1", "Gruppe / Interview 2"]


def test_a_list_of_documents_without_any_adds_none(tmp_path):
    sheets = GERMAN | {"Liste der Dokumente ": GERMAN["Liste der Dokumente "][:2]}
    project = read_exports([write_xlsx(tmp_path / "w.xlsx", sheets)])
    assert project.documents["name"].tolist() == ["Interview 1"]


def test_several_sheets_of_segments_are_counted_together_and_told(tmp_path):
    header, first, second = GERMAN["Codierte Segmente"]
    sheets = {"Teil 1": [header, first], "Teil 2": [header, second]}
    project = read_exports([write_xlsx(tmp_path / "w.xlsx", sheets)])
    assert len(project.codings) == 2
    (warning,) = project.warnings
    assert "2 sheets list different codings (1 + 1)" in warning
    # and a sheet that repeats another one is counted once
    project = read_exports([write_xlsx(tmp_path / "x.xlsx", sheets | {"Alle": [header, first]})])
    assert len(project.codings) == 2


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize(
    "headers",
    [
        ["Dokumentgruppe", "Dokumentname", "Erstellt am", "Codierte Segmente", "Memos", "Wörter"],
        ["Document group", "Document name", "Created on", "Coded segments", "Memos", "Words"],
        ["Grupo de documentos", "Nombre del documento", "Creado", "Segmentos", "Memos", "Palabras"],
        ["Groupe de documents", "Nom du document", "Créé le", "Segments codés", "Mémos", "Mots"],
        ["Grupo de documentos", "Nome do documento", "Criado em", "Códigos", "Memos", "Palavras"],
        ["گروه سند", "نام سند", "تاریخ ایجاد", "تعداد", "یادداشت", "واژه"],
    ],
)
def test_document_variables_are_known_in_many_languages(tmp_path, headers, kind):
    rows = [headers, ["G", "I1", "01.05.24 09:00", 2, 0, 51], ["G", "I2", "", 3, 0, 60]]
    if kind == "xlsx":
        path = write_xlsx(tmp_path / "v.xlsx", {"S": rows})
    else:
        path = write_csv(tmp_path / "v.csv", rows, ";")
    project = read_exports([path])
    assert project.info.format == "maxqda-document-variables"
    assert (len(project.documents), len(project.codes), len(project.codings)) == (2, 0, 0)
    assert project.attributes["name"].unique().tolist() == headers[2:]


def test_a_variable_called_code_is_no_coding(tmp_path):
    rows = [
        ["Document group", "Document name", "Code", "Created by", "Age"],
        ["G", "I1", "K7", "ann", 30],
        ["G", "I2", "K8", "ann", 41],
    ]
    project = read_exports([write_csv(tmp_path / "v.csv", rows)])
    assert project.info.format == "maxqda-document-variables"
    assert set(project.attributes["name"]) == {"Code", "Created by", "Age"}


def small_system(head: str, root: str, count: str) -> list[list[object]]:
    return [[head, "", count], [root, "", 4], ["", "A", 1], ["", "B", 3]]


@pytest.mark.parametrize(
    "rows",
    [
        small_system("Liste der Codes", "Codesystem", "Häufigkeit"),
        small_system("Code System", "Code System", "#"),
        small_system("Lista de códigos", "Sistema de códigos", "Frecuencia"),
        small_system("Kodetre", "Kodesystem", "Antall"),
    ],
    ids=["German", "English", "Spanish", "unknown"],
)
@pytest.mark.parametrize("separator", [";", ",", "\t", None])
def test_a_code_system_is_known_by_its_root(tmp_path, rows, separator):
    if separator is None:
        path = write_xlsx(tmp_path / "codes.xlsx", {"S": rows})
    else:
        path = write_csv(tmp_path / "codes.csv", rows, separator, encoding="utf-8-sig")
    project = read_exports([path])
    assert project.info.format == "maxqda-code-system"
    assert project.codes["path"].tolist() == [("A",), ("B",)]
    assert project.codes["reported_n"].tolist() == [1, 3]
    assert (len(project.codings), len(project.documents)) == (0, 0)


TREE = [
    ["Code", "", "", "Memo", "Frequency"],
    ["Code System", "", "", "", 5],
    ["", "A", "", "", 0],
    ["", "", "a", "first", 2],
    ["", "B", "", "", 3],
]


@pytest.mark.parametrize(
    "order", [(1, 4, 2, 3, 0), (1, 0, 2, 3, 4), (2, 4, 3, 1, 0), (0, 1, 3, 4, 2)], ids=str
)
def test_a_code_system_whose_columns_were_moved_is_a_fault(tmp_path, order):
    moved = [[row[place] for place in order] for row in TREE]
    with pytest.raises(StudyError) as caught:
        read_exports([write_xlsx(tmp_path / "codes.xlsx", {"S": moved})])
    assert {fault.kind for fault in caught.value.faults} == {"inconsistent-export"}


def test_counts_and_memos_may_stand_in_front_of_the_code_system(tmp_path):
    moved = [[row[place] for place in (4, 3, 0, 1, 2)] for row in TREE]
    project = read_exports([write_xlsx(tmp_path / "codes.xlsx", {"S": moved})])
    assert project.codes["path"].tolist() == [("A",), ("A", "a"), ("B",)]
    assert project.codes["description"].dropna().tolist() == ["first"]


def test_further_columns_of_a_code_system_are_attributes_of_codes(tmp_path):
    rows = [[*row, more] for row, more in zip(TREE, ["Alias", "", "x", "y", ""], strict=True)]
    project = read_exports([write_xlsx(tmp_path / "codes.xlsx", {"S": rows})])
    assert project.attributes[["entity", "entity_id", "value"]].values.tolist() == [
        ["code", "A", "x"],
        ["code", "A > a", "y"],
    ]


def test_memos_alone_need_the_code_system_beside_them(tmp_path):
    memos = write_xlsx(tmp_path / "memos.xlsx", {"S": GERMAN["Memos"]})
    project = read_exports([memos])
    assert [item.what for item in project.set_aside] == ["memo"] * 3
    assert (len(project.codes), len(project.codings)) == (0, 0)
    codes = write_csv(tmp_path / "codes.csv", GERMAN["Liste der Codes"], ";")
    project = read_exports([memos, codes])
    assert project.codes["description"].dropna().tolist() == ["A\nWhat A means"[2:]]
    assert [item.what for item in project.set_aside] == ["memo"] * 2


def database(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE Codewords (ID INTEGER, Name TEXT)")
        connection.commit()


def binary(path):
    path.write_bytes(bytes(range(256)))


@pytest.mark.parametrize("write", [database, binary])
@pytest.mark.parametrize(
    ("name", "software"),
    [
        ("study.mx24", "MAXQDA"),
        ("study.MX22", "MAXQDA"),
        ("study.mx18", "MAXQDA"),
        ("team.mex", "MAXQDA"),
        ("team.mex22", "MAXQDA"),
        ("codes.mtr", "MAXQDA"),
        ("study.atlproj23", "ATLAS.ti"),
        ("study.hpr7", "ATLAS.ti"),
        ("study.nvp", "NVivo"),
        ("study.nvpx", "NVivo"),
    ],
)
def test_a_programs_own_file_is_named_with_the_export_to_make(tmp_path, write, name, software):
    write(tmp_path / name)
    with pytest.raises(StudyError) as caught:
        read_exports([tmp_path / name])
    (fault,) = caught.value.faults
    assert fault.kind == "native-file"
    assert software in fault.found
    assert "qdpx" in fault.remedy.casefold()
