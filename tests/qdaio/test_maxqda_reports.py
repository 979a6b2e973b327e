"""What MAXQDA writes as Word documents and web pages."""

from __future__ import annotations

import pytest

from qdaio.faults import StudyError
from qdaio.registry import read_exports
from tests.qdaio.tables import SEGMENTS, segment_rows
from tests.qdaio.test_maxqda_project import GERMAN, TREE
from tests.support.pages import write_page

CODINGS = [
    {"group": "G", "document": "D1", "code": "A > x", "text": "first, <b>words</b> & more"},
    {"group": "G", "document": "D1", "code": "B", "text": "second"},
    {"group": "G", "document": "D2", "code": "B", "text": "third\nin two lines"},
]
KINDS = ("docx", "html", "xls", "htm")
pages = pytest.mark.parametrize("kind", KINDS)


def page(folder, kind, blocks):
    if kind == "xls":  # a web page under the name of a workbook, as older versions write it
        return write_page(folder / "page.html", blocks).rename(folder / "page.xls")
    return write_page(folder / f"page.{kind}", blocks)


@pages
@pytest.mark.parametrize("language", SEGMENTS)
def test_a_table_of_segments_is_read_from_a_document(tmp_path, kind, language):
    rows = [SEGMENTS[language], *segment_rows(CODINGS)]
    project = read_exports([page(tmp_path, kind, ["Coded segments", rows, "the end"])])
    assert project.info.format == "maxqda-coded-segments"
    assert (len(project.codings), len(project.documents)) == (3, 2)
    assert project.segments["text"].tolist() == [coding["text"] for coding in CODINGS]


@pages
def test_a_code_system_is_read_from_a_table_of_a_document(tmp_path, kind):
    project = read_exports([page(tmp_path, kind, [TREE])])
    assert project.codes["path"].tolist() == [("A",), ("A", "a"), ("B",)]
    assert project.codes["reported_n"].tolist() == [0, 2, 3]
    project = read_exports([page(tmp_path, kind, [GERMAN["Liste der Codes"]])])
    assert project.codes["name"].tolist() == ["A", "B"]


@pages
def test_a_code_system_is_read_from_a_nested_list(tmp_path, kind):
    items = [
        ("li", 1, "Code System\t5"),
        ("li", 2, "A (0)"),
        ("li", 3, "a 2024 (2)"),
        ("li", 2, "B (3)"),
    ]
    project = read_exports([page(tmp_path, kind, [("h1", "Report"), *items, "printed today"])])
    assert project.info.format == "maxqda-code-system"
    assert project.codes["path"].tolist() == [("A",), ("A", "a 2024"), ("B",)]
    assert project.codes["reported_n"].tolist() == [0, 2, 3]


ORIGINS = {
    "two lines": (
        "Code: ● A\\x\tWeight score: 0\nG\\D1, Pos. 3-4",
        "Code: B Weight score: 50\nG\\D2, Pos. 7",
    ),
    "one line": (
        "G > D1, Pos. 3 – 4\tCode: A > x\tWeight: 0",
        "G > D2, Pos. 7\tCode: B\tWeight: 50",
    ),
    "German": ("Code: A > x   Gewicht: 0\nG\\D1: 3 - 4", "Code: B   Gewicht: 50\nG\\D2: 7 - 7"),
    "Spanish": (
        "Código: A > x\tPeso: 0\tG > D1, Pos. 3-4",
        "Código: B\tPeso: 50\tG > D2, Pos. 7",
    ),
}


@pages
@pytest.mark.parametrize("form", ORIGINS)
@pytest.mark.parametrize("side", ["below", "above", "below a title", "above, under a title"])
def test_retrieved_segments_are_read_with_their_origin(tmp_path, kind, form, side):
    first, second = ORIGINS[form]
    blocks: list[object] = ["One, and", "more.", first, "Two: (3) of them", second]
    if side.startswith("above"):
        blocks = [first, "One, and", "more.", second, "Two: (3) of them"]
    if "title" in side:
        blocks = [("h1", "Retrieved segments"), *blocks]
    project = read_exports([page(tmp_path, kind, blocks)])
    assert project.info.format == "maxqda-retrieved-segments"
    assert project.documents["document_id"].tolist() == ["G / D1", "G / D2"]
    assert project.codings["code_id"].tolist() == ["A > x", "B"]
    assert project.codings["weight"].tolist() == [0, 50]
    assert project.segments["text"].tolist() == ["One, and\nmore.", "Two: (3) of them"]
    assert project.segments[["start", "end"]].values.tolist() == [[3, 4], [7, 7]]
    (warning,) = project.warnings
    assert "2 segments" in warning


@pages
def test_segments_under_the_headings_of_their_codes_are_read(tmp_path, kind):
    blocks = [
        ("h1", "Barriers"),
        ("h2", "Time"),
        "There is none. (Round 1\\Interview 3, Pos. 12)",
        "Never. (Round 1\\Interview 4, Pos. 3-5)",
        ("h1", "Hopes"),
        "Better days. (Interview 9, Pos. 2)",
        "Nobody said this.",
    ]
    project = read_exports([page(tmp_path, kind, blocks)])
    assert project.codings["code_id"].tolist() == [
        "Barriers > Time",
        "Barriers > Time",
        "Hopes",
    ]
    assert project.documents["group"].dropna().tolist() == ["Round 1", "Round 1"]
    assert [(item.what, item.row) for item in project.set_aside] == [("text", 7)]


@pages
@pytest.mark.parametrize(
    "blocks",
    [
        ["An interview.", "I: How are you?", "P: Fine (Smith, p. 12)."],
        [("h1", "Results"), "As one said: never (Interview 3, Pos. 12)", "And so on."],
        [[["Name", "Age"], ["Ann", 3]]],
    ],
    ids=["interview", "article", "table"],
)
def test_other_documents_are_no_reports(tmp_path, kind, blocks):
    with pytest.raises(StudyError) as caught:
        read_exports([page(tmp_path, kind, blocks)])
    assert [fault.kind for fault in caught.value.faults] == ["unknown-format"]


@pytest.mark.parametrize("part", [0.5, 0.9])
def test_a_web_page_that_was_cut_off_in_its_table_is_a_fault(tmp_path, part):
    path = page(tmp_path, "html", [[SEGMENTS["en"], *segment_rows(CODINGS)]])
    whole = path.read_text(encoding="utf-8").partition("</table>")[0]
    path.write_text(whole[: int(len(whole) * part)], encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_exports([path])
    assert [fault.kind for fault in caught.value.faults] == ["truncated-file"]
