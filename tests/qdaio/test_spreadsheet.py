"""Spreadsheets typed by hand: read by a stated mapping, proposed with the evidence."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qdaio
from qdaio import Columns, ReadOptions, StudyError
from qdaio.codes import code_id
from qdaio.programs.spreadsheet.proposal import propose
from tests.support.written_tables import write_csv, write_xlsx

QUOTES = [["Participant", "Quote", "Final Code"], ["P1", "one", "A"], ["P2", "two", "B"]]
WIDE = [
    ["ResponseId", "Why?", "Code 1", "Code 2", "Code 3"],
    ["R_1", "one", "a", "b", None],
    ["R_2", "two", "b", None, None],
]


def read(path: Path, **columns: object) -> qdaio.CodedProject:
    return qdaio.read(path, options=ReadOptions(columns=Columns(**columns)))  # type: ignore[arg-type]


def said(project: qdaio.CodedProject) -> list[tuple[str, str, str | None]]:
    """Document, code and words of each coding, in order."""
    segments = project.segments.set_index("segment_id").loc[project.codings["segment_id"]]
    texts = segments["text"].astype("object").where(segments["text"].notna(), None)
    pairs = zip(segments["document_id"], project.codings["code_id"], texts, strict=True)
    return [(str(document), str(code), text) for document, code, text in pairs]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "semicolon"])
def test_a_row_a_quotation(tmp_path, kind):
    path = tmp_path / f"a.{'xlsx' if kind == 'xlsx' else 'csv'}"
    if kind == "xlsx":
        write_xlsx(path, {"Sheet1": QUOTES})
    else:
        write_csv(path, QUOTES, ";" if kind == "semicolon" else ",")
    project = read(path, participant="participant", quotation="Quote", codes=("Final Code",))
    assert said(project) == [("P1", "A", "one"), ("P2", "B", "two")]
    assert list(project.cases["case_id"]) == ["P1", "P2"]
    assert project.rows_read == 2


def test_codes_in_columns_of_any_order(tmp_path):
    rows = [[row[2], row[0], row[4], row[1], row[3]] for row in WIDE]
    project = read(
        write_csv(tmp_path / "a.csv", rows),
        layout="codes in columns",
        participant="ResponseId",
        quotation="Why?",
        codes=("Code 1", "Code 2", "Code 3"),
    )
    assert said(project) == [("R_1", "a", "one"), ("R_1", "b", "one"), ("R_2", "b", "two")]
    assert len(project.segments) == 2


def test_one_column_a_code(tmp_path):
    rows = [
        ["ID", "Text", "Trust", "Time"],
        ["1", "x", 1, 0],
        ["2", "y", "X", "ja"],
        ["3", "z", None, ""],
    ]
    project = read(
        write_xlsx(tmp_path / "a.xlsx", {"S": rows}),
        layout="one column a code",
        document="ID",
        quotation="Text",
        codes=("Trust", "Time"),
    )
    assert said(project) == [("1", "Trust", "x"), ("2", "Trust", "y"), ("2", "Time", "y")]
    assert [item.row for item in project.set_aside] == [4]


def test_a_mark_that_says_neither_yes_nor_no(tmp_path):
    rows = [["ID", "Trust", "Time"], ["1", 1, 0], ["2", "perhaps", 3]]
    path = write_csv(tmp_path / "a.csv", rows)
    with pytest.raises(StudyError) as caught:
        read(path, layout="one column a code", document="ID", codes=("Trust", "Time"))
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (3, "Trust"),
        (3, "Time"),
    ]


def test_several_codes_in_a_cell_under_their_theme(tmp_path):
    rows = [
        ["Who", "Said", "Theme", "Codes", "By"],
        ["P1", "one", "Barriers", "time; cost", "ann"],
        ["P2", "two", "Helps", "time ;; kin; kin", "bob"],
    ]
    project = read(
        write_csv(tmp_path / "a.csv", rows),
        participant="Who",
        quotation="Said",
        codes=("Codes",),
        theme=("Theme",),
        separator=";",
        coder="By",
    )
    assert said(project) == [
        ("P1", "Barriers > time", "one"),
        ("P1", "Barriers > cost", "one"),
        ("P2", "Helps > time", "two"),
        ("P2", "Helps > kin", "two"),
    ]
    assert list(project.codings["coder_id"].astype("str")) == ["ann", "ann", "bob", "bob"]
    (twice,) = project.set_aside
    assert (twice.what, twice.row, twice.code) == ("coding", 3, "Helps > kin")
    assert project.rows_read == 5


def test_participants_of_documents_become_cases(tmp_path):
    rows = [
        ["Interview", "Person", "Code"],
        ["I1", "P1", "a"],
        ["I2", "P1", "b"],
        ["I3", "P2", "a"],
    ]
    project = read(
        write_csv(tmp_path / "a.csv", rows),
        document="Interview",
        participant="Person",
        codes=("Code",),
    )
    pairs = project.case_documents[["case_id", "document_id"]].to_numpy().tolist()
    assert pairs == [["P1", "I1"], ["P1", "I2"], ["P2", "I3"]]


def test_merged_cells_are_filled_down_only_where_that_is_said(tmp_path):
    rows = [["Who", "Quote", "Code"], ["P1", "a", "x"], [None, "b", "y"], ["P2", "c", "x"]]
    path = write_xlsx(tmp_path / "a.xlsx", {"S": rows})
    mapping = {"participant": "Who", "quotation": "Quote", "codes": ("Code",)}
    with pytest.raises(StudyError) as caught:
        read(path, **mapping)
    assert [(fault.kind, fault.row) for fault in caught.value.faults] == [("missing-value", 3)]
    assert [row[0] for row in said(read(path, **mapping, fill_down=True))] == ["P1", "P1", "P2"]


BOOK = [["Code", "Definition", "Theme"], ["time", "hours", "Barriers"], ["kin", "family", "Helps"]]


def test_a_codebook_in_the_same_workbook_says_definitions_and_themes(tmp_path):
    rows = [["Who", "Quote", "Code"], ["P1", "a", "time"]]
    path = write_xlsx(tmp_path / "a.xlsx", {"Coding": rows, "Codebook": BOOK})
    project = read(path, participant="Who", codes=("Code",), sheet="Coding", codebook="codebook")
    assert said(project) == [("P1", code_id(("Barriers", "time")), None)]
    codes = project.codes.set_index("code_id")["description"]
    assert codes["Barriers > time"] == "hours"
    assert codes["Helps > kin"] == "family"


def test_a_code_that_the_codebook_lacks_names_the_nearest(tmp_path):
    rows = [["Who", "Code"], ["P1", "tme"], ["P2", "tme"], ["P3", "kin"]]
    path = write_xlsx(tmp_path / "a.xlsx", {"Coding": rows, "Codebook": BOOK})
    with pytest.raises(StudyError) as caught:
        read(path, participant="Who", codes=("Code",), sheet="Coding", codebook="Codebook")
    (fault,) = caught.value.faults
    assert (fault.kind, fault.row) == ("unknown-code", 2)
    assert '"time"' in fault.remedy


def test_a_column_that_is_not_there_names_the_nearest(tmp_path):
    path = write_csv(tmp_path / "a.csv", QUOTES)
    with pytest.raises(StudyError) as caught:
        read(path, participant="Participant", codes=("Final Cod",))
    (fault,) = caught.value.faults
    assert fault.kind == "missing-column"
    assert "Final Code" in fault.remedy


@pytest.mark.parametrize(
    "columns",
    [
        {"codes": ()},
        {"codes": ("A",), "document": "A"},
        {"codes": ("A",), "layout": "wide"},
        {"codes": ("A", "B"), "layout": "one column a code", "theme": ("T",)},
    ],
)
def test_a_mapping_that_does_not_go_together(columns):
    with pytest.raises(StudyError, match=r"data\.columns"):
        Columns(**columns)


def test_other_files_are_read_as_ever(tmp_path):
    write_csv(tmp_path / "codings.csv", [["document", "code"], ["d", "A"]])
    options = ReadOptions(columns=Columns(codes=("Final Code",), participant="Participant"))
    assert len(qdaio.read(tmp_path / "codings.csv", options=options).codings) == 1


def test_nothing_is_applied_unasked(tmp_path):
    path = write_csv(tmp_path / "a.csv", QUOTES)
    with pytest.raises(StudyError) as caught:
        qdaio.read(path)
    (fault,) = caught.value.faults
    assert fault.kind == "unknown-format"
    proposed = fault.remedy[fault.remedy.index("[data.columns]") :].split("\n\n")[0]
    stated = tomllib.loads(proposed)["data"]["columns"]
    assert stated["participant"] == "Participant"
    assert stated["codes"] == ["Final Code"]


@pytest.mark.parametrize(
    ("rows", "expected", "clarity"),
    [
        (
            QUOTES,
            Columns(participant="Participant", quotation="Quote", codes=("Final Code",)),
            "clear",
        ),
        (
            WIDE,
            Columns(
                participant="ResponseId",
                quotation="Why?",
                codes=("Code 1", "Code 2", "Code 3"),
                layout="codes in columns",
            ),
            "clear",
        ),
        (
            [["Teilnehmer", "Zitat", "Kode", "Kategorie"], ["P1", "ja", "Zeit", "Hürden"]],
            Columns(
                participant="Teilnehmer", quotation="Zitat", codes=("Kode",), theme=("Kategorie",)
            ),
            "clear",
        ),
        (
            [["Interview", "Extrait", "Codes"], ["I1", "a", "x; y"], ["I2", "b", "y; z"]],
            Columns(document="Interview", quotation="Extrait", codes=("Codes",), separator=";"),
            "clear",
        ),
        (
            [
                ["ID", "Answer", "Trust", "Time"],
                ["1", "we waited for long", 1, 0],
                ["2", "b", 0, 1],
            ],
            Columns(
                participant="ID",
                quotation="Answer",
                codes=("Trust", "Time"),
                layout="one column a code",
            ),
            "likely",
        ),
        (
            [["ID", "Age", "Answer", "Trust", "Time", "Family help"]]
            + [[f"R{n}", 20 + n, "we waited", n % 2, 1 - n % 2, n % 3 // 2] for n in range(9)],
            Columns(
                participant="ID",
                quotation="Answer",
                codes=("Trust", "Time", "Family help"),
                layout="one column a code",
            ),
            "clear",
        ),
        (
            [["Name", "Statement", "Category"], ["Ann", "a", "x"], ["Ben", "b", "y"]],
            Columns(participant="Name", quotation="Statement", codes=("Category",)),
            "clear",
        ),
        (
            [["Who spoke", "Participant", "Quote", "Code"]]
            + [[None, "P1" if n % 4 == 0 else None, f"words {n}", "a"] for n in range(12)],
            Columns(participant="Participant", quotation="Quote", codes=("Code",), fill_down=True),
            "likely",
        ),
    ],
)
def test_what_is_proposed_and_how_clear_it_is(tmp_path, rows, expected, clarity):
    found = qdaio.propose(write_csv(tmp_path / "a.csv", rows))
    assert found is not None
    assert (found.columns, found.clarity) == (expected, clarity)
    assert found.reasons


def test_a_codebook_beside_the_codings_is_proposed(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"Data": QUOTES, "Codes": BOOK})
    found = qdaio.propose(path)
    assert found is not None
    assert (found.columns.sheet, found.columns.codebook) == ("Data", "Codes")


def test_an_interview_is_no_spreadsheet(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("I: How are you?\nP: I am well, thank you.\n", encoding="utf-8")
    assert qdaio.propose(path) is None


def test_a_proposal_shows_no_content(tmp_path):
    rows = [["Participant", "Quote", "Code"], ["P1", "a secret of mine", "shame"]]
    found = str(qdaio.propose(write_csv(tmp_path / "a.csv", rows)))
    assert "secret" not in found
    assert "shame" not in found
    assert "P1" not in found


NAMES = st.sampled_from(["a", "b", "c d", "Ü"])


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(NAMES, st.lists(NAMES, max_size=4)), min_size=1, max_size=30))
def test_every_code_that_a_cell_names_is_counted_or_set_aside(tmp_path_factory, table):
    path = tmp_path_factory.mktemp("s") / "a.csv"
    write_csv(path, [["Who", "Quote", "Codes"], *([w, "q", "; ".join(c)] for w, c in table)])
    project = read(path, participant="Who", quotation="Quote", codes=("Codes",), separator=";")
    stated = [(who, code) for who, codes in table for code in codes]
    kept = [(row[0], row[1]) for row in said(project)]
    assert set(kept) == set(stated)
    assert len(kept) + sum(item.what == "coding" for item in project.set_aside) == len(stated)
    assert project.rows_read == len(stated)


def test_marks_are_codes_beside_a_column_that_numbers_the_rounds_of_coding(tmp_path):
    header = ["coding_round", "Response", "trust", "cost", "time"]
    rows = [header, ["full", "I trust the nurse there.", 1, 0, "NA"], ["test", "No.", 0, 1, 1]]
    found = propose(write_xlsx(tmp_path / "s.xlsx", {"Sheet1": rows}))
    assert found.columns.codes == ("trust", "cost", "time")
    assert found.columns.quotation == "Response"


def test_a_long_text_in_a_first_row_is_no_header_and_is_not_told(tmp_path):
    text = "Codes are labels that assign a meaning to what was said by one of the participants."
    rows = [["What is a code?", text], ["What is a theme?", text + " And more of it."]]
    found = propose(write_xlsx(tmp_path / "s.xlsx", {"Introduction": rows}))
    assert found is None or text not in str(found)
