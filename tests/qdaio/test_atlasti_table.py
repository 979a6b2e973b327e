"""Code-document tables count each coding once, though categories stand beside codes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.counts import find_sums
from qdaio.faults import StudyError
from qdaio.model import CodedProject
from qdaio.registry import read_exports
from tests.support.written_tables import write_csv, write_xlsx

INFO = [["Title:", "ATLAS.ti – Code-Document Analysis"], [], ["Count:", "Quotations"]]


def label(name: str, gr: int, gs: int | None = None) -> str:
    return f"{name}\nGr={gr}" + ("" if gs is None else f";  GS={gs}")


def write(
    tmp_path: Path,
    rows: dict[str, list[object]],
    documents: list[str],
    *,
    totals: bool = True,
    info: list[list[str]] = INFO,
) -> Path:
    table: list[list[object]] = [[None, *documents, *(["Totals"] if totals else [])]]
    for name, cells in rows.items():
        numbers = [cell for cell in cells if isinstance(cell, int)]
        table.append([name, *cells, *([sum(numbers)] if totals else [])])
    if totals:
        sums = [
            sum(cell for cell in column if isinstance(cell, int))
            for column in zip(*rows.values(), strict=True)
        ]
        table.append(["Totals", *sums, sum(sums)])
    return write_xlsx(tmp_path / "table.xlsx", {"Statistics": table, "Info": info})


def applied(project: CodedProject) -> Counter[tuple[str, str]]:
    rows = project.codings.merge(project.segments, on="segment_id")
    return Counter(
        zip(rows["document_id"].astype("str"), rows["code_id"].astype("str"), strict=True)
    )


DOCUMENTS = [label("P1", 5), label("P2", 3)]


def test_categories_and_totals_give_no_codings(tmp_path: Path) -> None:
    rows: dict[str, list[object]] = {
        label("Care", 4): [3, 1],
        label("○ Home", 3): [2, 1],
        label("● Work, paid", 1): [1, 0],
        label("○ Time", 3): [1, 2],
    }
    project = read_exports([write(tmp_path, rows, DOCUMENTS)])
    assert applied(project) == {
        ("P1", "Home"): 2,
        ("P2", "Home"): 1,
        ("P1", "Work, paid"): 1,
        ("P1", "Time"): 1,
        ("P2", "Time"): 2,
    }
    assert project.rows_read == 7
    codes = project.codes.set_index("code_id")
    assert not codes.loc["Care", "is_codable"]
    assert list(codes["reported_n"]) == [4, 3, 1, 3]
    assert [item.what for item in project.set_aside] == ["total"]
    cells = project.matrix_cells
    assert cells.loc[cells["code_id"] == "Care", "is_total"].all()


def test_groups_of_codes_are_sums(tmp_path: Path) -> None:
    rows: dict[str, list[object]] = {label("All", 3, 2): [2, 1], label("A", 3): [2, 1]}
    assert applied(read_exports([write(tmp_path, rows, DOCUMENTS)])) == {
        ("P1", "A"): 2,
        ("P2", "A"): 1,
    }


def test_the_codebook_gives_the_codes_of_a_table_their_place(tmp_path: Path) -> None:
    book = [
        ["Code", None, "Groundedness", "Density", "Groups"],
        ["Care", None, 4, None, None],
        [None, "Home", 3, 0, "g"],
        [None, "Rest", 1, 0, "g"],
        ["Work", None, 2, None, None],
        [None, "Rest", 2, 0, "g"],
    ]
    rows: dict[str, list[object]] = {
        label("Care", 4): [3, 1],
        label("Home", 3): [2, 1],
        label("Rest", 2): [2, 0],
        label("Rest", 1): [1, 0],
        label("Work", 2): [2, 0],
    }
    path = write_xlsx(tmp_path / "book.xlsx", book)
    project = read_exports([write(tmp_path, rows, DOCUMENTS), path])
    assert applied(project) == {
        ("P1", "Care > Home"): 2,
        ("P2", "Care > Home"): 1,
        ("P1", "Work > Rest"): 2,
        ("P1", "Care > Rest"): 1,
    }


def test_a_code_that_the_codebook_lacks_is_a_fault(tmp_path: Path) -> None:
    book = [["Code", "Groundedness", "Density"], ["Home", 3, 0]]
    rows: dict[str, list[object]] = {label("Home", 3): [2, 1], label("Hone", 1): [1, 0]}
    with pytest.raises(StudyError, match='Did you mean "Home"') as caught:
        read_exports([write(tmp_path, rows, DOCUMENTS), write_xlsx(tmp_path / "b.xlsx", book)])
    assert caught.value.faults[0].row == 3


def test_a_code_above_others_that_counts_just_theirs_is_a_sum_and_named(tmp_path: Path) -> None:
    rows: dict[str, list[object]] = {
        label("● Care", 4): [3, 1],
        label("● Care: Home", 3): [3, 0],
        label("● Care: Work", 1): [0, 1],
    }
    project = read_exports([write(tmp_path, rows, DOCUMENTS)])
    assert set(applied(project)) == {("P1", "Care > Home"), ("P2", "Care > Work")}
    assert any('taken for sums of these: "Care"' in said for said in project.warnings)


def test_own_codings_inside_a_sum_are_set_aside_not_lost(tmp_path: Path) -> None:
    rows: dict[str, list[object]] = {
        label("● Care", 6): [5, 1],
        label("● Care: Home", 3): [3, 0],
        label("● Care: Work", 1): [0, 1],
    }
    project = read_exports([write(tmp_path, rows, DOCUMENTS)])
    aside = [item for item in project.set_aside if item.what == "coding"]
    assert [(item.code, item.document, item.row) for item in aside] == [("Care", "P1", 2)] * 2
    assert project.rows_read == 6
    project.check()


def test_without_marks_and_codebook_sums_are_found_by_arithmetic_and_named(tmp_path: Path) -> None:
    rows: dict[str, list[object]] = {
        label("Care", 6): [4, 2],
        label("Home", 4): [3, 1],
        label("Work", 2): [1, 1],
        label("Time", 1): [1, 0],
    }
    project = read_exports([write(tmp_path, rows, DOCUMENTS)])
    assert sum(applied(project).values()) == 7
    assert any('taken for sums of these: "Care"' in said for said in project.warnings)


def test_rows_and_columns_without_a_label_are_listed(tmp_path: Path) -> None:
    table = [
        [None, *DOCUMENTS, None],
        [label("● A", 3), 2, 1, 0.5],
        [label("● B", 3), 2, 1, 0.5],
        [None, 4, 2, 1],
    ]
    project = read_exports([write_xlsx(tmp_path / "t.xlsx", table)])
    assert [(item.what, item.row) for item in project.set_aside] == [("row", 4)]
    assert any("1 columns of the table have no label" in said for said in project.warnings)


def test_equal_rows_are_no_sums() -> None:
    counts = np.array([[4, 2], [4, 2], [0, 0], [1, 0]])
    assert (
        find_sums([("a",), ("b",), ("c",), ("d",)], [None] * 4, counts, any_order=False).why
        == [None] * 4
    )


def test_groups_of_documents_that_overlap_are_not_counted(tmp_path: Path) -> None:
    rows: dict[str, list[object]] = {label("● A", 3): [3, 2]}
    groups = [label("Women", 3, 2), label("Nurses", 2, 1)]
    project = read_exports([write(tmp_path, rows, groups)])
    assert project.codings.empty
    assert set(project.matrix_cells["entity"]) == {"group", "total"}
    assert any("overlap" in said for said in project.warnings)


def test_codes_in_columns_are_read_alike(tmp_path: Path) -> None:
    rows: dict[str, list[object]] = {label("P1", 5): [3, 1, 2], label("P2", 3): [1, 1, 0]}
    codes = [label("Care", 4), label("● Home", 2), label("● Work", 2)]
    project = read_exports([write(tmp_path, rows, codes)])
    assert applied(project) == {("P1", "Home"): 1, ("P2", "Home"): 1, ("P1", "Work"): 2}
    assert set(project.codings["source_row"]) == {2, 3}


def test_words_are_not_counted_as_codings(tmp_path: Path) -> None:
    rows: dict[str, list[object]] = {label("● A", 3): [300, 20]}
    project = read_exports([write(tmp_path, rows, DOCUMENTS, info=[["Count:", "Words"]])])
    assert project.codings.empty
    assert set(project.matrix_cells["unit"]) == {"words"}


def test_percentages_are_a_fault(tmp_path: Path) -> None:
    rows: dict[str, list[object]] = {label("● A", 3): [66.7, "33.3 %"]}
    with pytest.raises(StudyError, match="absolute values") as caught:
        read_exports([write(tmp_path, rows, DOCUMENTS, totals=False)])
    assert [fault.column for fault in caught.value.faults] == ["P1", "P2"]


def test_totals_that_do_not_add_up_are_named(tmp_path: Path) -> None:
    table = [[None, *DOCUMENTS, "Totals"], [label("● A", 4), 2, 1, 4], ["Totals", 2, 1, 3]]
    project = read_exports([write_csv(tmp_path / "t.csv", table, separator=";")])
    said = " ".join(project.warnings)
    assert '"A" 4 against 3' in said


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=1, max_size=6),
    st.booleans(),
)
def test_any_table_of_codes_gives_just_its_counts(
    tmp_path_factory: pytest.TempPathFactory, counts: list[list[int]], totals: bool
) -> None:
    rows: dict[str, list[object]] = {
        label(f"○ code, {n}", sum(cells)): list(cells) for n, cells in enumerate(counts)
    }
    rows = {label("Folder", 0): [sum(c) for c in zip(*counts, strict=True)], **rows}
    documents = [label(f"P{n}", 9) for n in range(3)]
    project = read_exports(
        [write(tmp_path_factory.mktemp("table"), rows, documents, totals=totals)]
    )
    project.check()
    wanted = {
        (f"P{place}", f"code, {n}"): cell
        for n, cells in enumerate(counts)
        for place, cell in enumerate(cells)
        if cell
    }
    assert applied(project) == wanted


def test_the_real_table_counts_its_codes_and_no_categories(real_exports: Path) -> None:
    folder = real_exports / "atlas-ti"
    table = folder / "sqaa_en__code-document-table.xlsx"
    alone = read_exports([table])
    assert len(alone.documents) == 14
    assert len(alone.codes) == 807
    assert int((~alone.codes["is_codable"]).sum()) == 179
    # 628 codes hold 650; two of them count 3 codings of the codes under them.
    assert len(alone.codings) == alone.rows_read == 647
    beside = read_exports([table, folder / "sqaa_en__codebook.xlsx"])
    assert len(beside.codes) == 810
    assert len(beside.codings) == 647
    by_leaf = Counter(code.split(" > ")[-1] for code in alone.codings["code_id"].astype("str"))
    leaves = beside.codes.set_index("code_id")["name"]
    found = Counter(leaves[code] for code in beside.codings["code_id"].astype("str"))
    assert found.total() == by_leaf.total()
    cells = beside.matrix_cells
    totals = cells[(cells["entity"] == "document") & cells["is_total"]]
    assert totals["code_id"].nunique() == 181


def test_a_label_without_a_name_is_a_fault_on_its_row(tmp_path: Path) -> None:
    rows: dict[str, list[object]] = {label("Care", 3): [2, 1], label("", 1): [1, 0]}
    with pytest.raises(StudyError) as caught:
        read_exports([write(tmp_path, rows, DOCUMENTS)])
    assert [(fault.kind, fault.row) for fault in caught.value.faults] == [("missing-value", 3)]


@pytest.mark.parametrize("coefficients", [False, True])
def test_codes_that_occur_together_are_no_documents(tmp_path, coefficients):
    if coefficients:
        rows = [
            [None, "trust\nGr=5", None, "cost\nGr=3", None],
            [None, "count", "coefficient", "count", "coefficient"],
            ["trust\nGr=5", 0, 0, 2, 0.33],
            ["cost\nGr=3", 2, 0.33, 0, 0],
        ]
    else:
        rows = [[None, "trust\nGr=5", "cost\nGr=3"], ["trust\nGr=5", 0, 2], ["cost\nGr=3", 2, 0]]
    with pytest.raises(StudyError) as caught:
        read_exports([write_xlsx(tmp_path / "cooc.xlsx", {"Sheet1": rows})])
    (fault,) = caught.value.faults
    assert fault.kind == "no-codings"
    assert "Quotation Manager" in fault.remedy
