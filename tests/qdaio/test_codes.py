from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.codes import code_id, code_path, document_id

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
