from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.codes import code_frame, code_id, code_path, document_id, names_like_paths
from qdaio.faults import StudyError
from qdaio.registry import read_exports
from tests.qdaio.tables import SEGMENTS, segment_rows
from tests.support.written_tables import write_csv

names = st.text(alphabet="a >\\/", min_size=1, max_size=8)


@settings(deadline=None, max_examples=500)
@given(st.lists(names, min_size=1, max_size=4))
def test_the_path_of_a_code_can_be_read_back_from_its_identifier(path):
    assert code_path(code_id(path)) == tuple(path)


@settings(deadline=None, max_examples=500)
@given(st.tuples(st.none() | names, names), st.tuples(st.none() | names, names))
def test_two_documents_never_share_an_identifier(one, other):
    assert (document_id(*one) == document_id(*other)) == (one == other)


def test_a_sign_inside_a_name_does_not_separate():
    assert code_id(["a", "b > c"]) != code_id(["a", "b", "c"]) != code_id(["a > b", "c"])
    assert code_id(["a->b"]) == "a->b"


@pytest.mark.parametrize("sign", [" > ", ">", "::", " / ", "\\", " | ", " » ", "→"])
def test_flat_names_that_look_like_paths_are_told_and_not_cut(tmp_path, sign):
    tags = [f"Care{sign}Time", f"Care{sign}Cost", "Trust"]
    rows = [[n, "D", tag, f"words {n}"] for n, tag in enumerate(tags)]
    path = write_csv(tmp_path / "a.csv", [["id", "document", "tag", "content"], *rows])
    project = read_exports([path])
    assert sorted(project.codes["name"]) == sorted(tags)
    assert any("as if it parted category and code" in said for said in project.warnings)


@pytest.mark.parametrize(
    "names",
    [
        ["Care/Time", "Trust", "Hope"],
        ["Time - lack of it", "Cost", "Trust"],
        ["Care > Time", "Trust", "Hope"],
        ["yes/no", "either/or", "Trust", "Hope", "Staff"],
    ],
)
def test_one_sign_in_a_name_is_no_path(names):
    assert names_like_paths(code_frame([(name,) for name in names])) is None


def test_a_tree_is_not_asked_for_where_there_is_one():
    assert names_like_paths(code_frame([("A::x",), ("A::y",), ("B", "z")])) is None


@pytest.mark.parametrize("levels", [251, 2000])
def test_a_path_deeper_than_any_code_system_is_a_fault_in_its_file(tmp_path, levels):
    codings = [{"document": "D", "code": " > ".join(["a"] * levels)}]
    path = write_csv(tmp_path / "a.csv", [SEGMENTS["en"], *segment_rows(codings)])
    with pytest.raises(StudyError) as caught:
        read_exports([path])
    assert [(fault.kind, fault.file) for fault in caught.value.faults] == [("too-large", "a.csv")]
