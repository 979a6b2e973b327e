"""A table of counts becomes codings without text, place or coder."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.counts import codings_from_cells
from qdaio.faults import StudyError
from qdaio.model import CodedProject, ExportInfo, make_frame


def project_of(rows: list[dict[str, object]]) -> CodedProject:
    cells = pd.DataFrame(rows)
    defaults = {"unit": "codings", "entity": "document", "source_file": "a.xlsx", "source_row": 2}
    for column, value in defaults.items():
        if column not in cells:
            cells[column] = value
        cells[column] = cells[column].where(cells[column].notna(), value)
    codes = cells["code_id"].drop_duplicates()
    documents = cells.loc[cells["entity"] == "document", "entity_id"].drop_duplicates()
    return CodedProject(
        info=ExportInfo(format="matrix", software="Any"),
        codes=make_frame(
            "codes",
            {
                "code_id": codes,
                "name": codes,
                "path": [(name,) for name in codes],
                "level": [1] * len(codes),
            },
        ),
        documents=make_frame("documents", {"document_id": documents, "name": documents}),
        matrix_cells=make_frame("matrix_cells", cells),
    )


def cell(document: str, code: str, n: int | None, **more: object) -> dict[str, object]:
    return {"entity_id": document, "code_id": code, "n": n, **more}


@settings(deadline=None, max_examples=40)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["P1", "P2", "P3"]), st.sampled_from(["A", "B", "A, B"])),
        st.integers(0, 5),
        min_size=1,
    )
)
def test_each_count_becomes_that_many_codings(counts: dict[tuple[str, str], int]) -> None:
    rows = [cell(document, code, n) for (document, code), n in counts.items()]
    rebuilt = codings_from_cells(project_of(rows))
    rebuilt.check()
    codings = rebuilt.codings.merge(rebuilt.segments, on="segment_id")
    found = codings.groupby(["document_id", "code_id"], observed=True).size().to_dict()
    assert found == {key: n for key, n in counts.items() if n}
    assert rebuilt.rows_read == sum(counts.values())


def test_made_segments_say_that_nothing_is_known_of_them() -> None:
    rebuilt = codings_from_cells(project_of([cell("P1", "A", 2, source_row=7)]))
    assert rebuilt.segments["text"].isna().all()
    assert list(rebuilt.segments["offset_status"]) == ["unchecked", "unchecked"]
    assert list(rebuilt.segments["place"]) == [
        "matrix cell, row 7, 1 of 2",
        "matrix cell, row 7, 2 of 2",
    ]
    assert rebuilt.codings["coder_id"].isna().all()
    assert list(rebuilt.codings["source_row"]) == [7, 7]
    assert rebuilt.info.is_partial
    assert "known by count only" in rebuilt.warnings[-1]


def test_totals_and_other_units_give_no_codings() -> None:
    project = project_of(
        [
            cell("P1", "A", 2, is_total=True),
            cell("P1", "B", 40, unit="words"),
            cell("all", "A", 2, entity="total"),
        ]
    )
    assert codings_from_cells(project) is project


def test_an_export_with_codings_of_its_own_is_left_alone() -> None:
    project = project_of([cell("P1", "A", 2)]).with_(rows_read=1)
    assert codings_from_cells(project) is project


def test_a_cell_that_two_files_state_alike_counts_once_and_is_listed() -> None:
    rows = [cell("P1", "A", 2), cell("P1", "A", 2, source_file="b.xlsx", source_row=9)]
    rebuilt = codings_from_cells(project_of(rows))
    rebuilt.check()
    assert len(rebuilt.codings) == 2
    [item] = rebuilt.set_aside
    assert (item.what, item.file, item.row) == ("matrix cell", "b.xlsx", 9)


@pytest.mark.parametrize("other", [0, 3])
def test_two_files_that_disagree_on_a_cell_are_a_fault(other: int) -> None:
    rows = [cell("P1", "A", 2), cell("P1", "A", other, source_file="b.xlsx", source_row=9)]
    with pytest.raises(StudyError) as caught:
        codings_from_cells(project_of(rows))
    [fault] = caught.value.faults
    assert (fault.file, fault.row, fault.column) == ("b.xlsx", 9, "P1")
    assert fault.expected == "2, as in a.xlsx, row 2"


def test_cells_of_cases_are_counted_only_where_no_document_has_cells() -> None:
    case = cell("Ann", "A", 2, entity="case")
    alone = codings_from_cells(project_of([case]))
    alone.check()
    assert list(alone.segments["document_id"]) == ["Ann", "Ann"]
    beside = codings_from_cells(project_of([cell("P1", "A", 2), case]))
    assert list(beside.segments["document_id"]) == ["P1", "P1"]
    assert [item.document for item in beside.set_aside] == ["Ann"]


def test_the_document_of_a_case_holds_its_codings() -> None:
    project = project_of([cell("Ann", "A", 1, entity="case")]).with_(
        cases=make_frame("cases", {"case_id": ["Ann"], "name": ["Ann"]}),
        documents=make_frame("documents", {"document_id": ["i1"], "name": ["i1"]}),
        case_documents=make_frame("case_documents", {"case_id": ["Ann"], "document_id": ["i1"]}),
    )
    rebuilt = codings_from_cells(project)
    rebuilt.check()
    assert list(rebuilt.segments["document_id"]) == ["i1"]


def test_counts_beyond_all_reason_are_refused() -> None:
    with pytest.raises(StudyError, match="too large"):
        codings_from_cells(project_of([cell("P1", "A", 10**12)]))
