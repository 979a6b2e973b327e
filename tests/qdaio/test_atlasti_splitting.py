"""Lists of codes are cut rightly though names hold the separator."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qdaio.programs.atlasti.splitting import (
    Vocabulary,
    is_ordered,
    pick_separator,
    split_cell,
    split_without_codebook,
)

WORD = st.sampled_from(["Time", "Money, time", "Care", "Care, home", "home", "A: b, c", "Zeit"])
NAMES = st.lists(WORD, min_size=1, max_size=6, unique=True)


def every_cut(text: str, n: int | None, names: set[str]) -> list[tuple[str, ...]]:
    """Try all cuts: the oracle."""
    pieces = text.split(", ")
    found = []
    for size in range(len(pieces)) if n is None else [n - 1]:
        for places in combinations(range(1, len(pieces)), size):
            ends = (0, *places, len(pieces))
            cut = tuple(", ".join(pieces[a:b]) for a, b in pairwise(ends))
            if set(cut) <= names:
                found.append(cut)
    return found


@settings(deadline=None, max_examples=300)
@given(names=NAMES, extra=NAMES, stated=st.booleans())
def test_a_cut_is_found_exactly_where_one_exists(
    names: list[str], extra: list[str], stated: bool
) -> None:
    text, n = ", ".join(names), len(names) if stated else None
    known = {*names, *extra}
    cuts = every_cut(text, n, known)
    split = split_cell(text, n, Vocabulary(known, ", "))
    assert split.names in cuts
    assert all(split.known)
    assert split.is_ambiguous is (len(cuts) > 1)


@settings(deadline=None, max_examples=200)
@given(names=NAMES, lost=st.integers(0, 5))
def test_a_name_that_the_codebook_lacks_is_never_taken_for_another(
    names: list[str], lost: int
) -> None:
    known = set(names) - {names[lost % len(names)]}
    text = ", ".join(names)
    assume(not every_cut(text, len(names), known))
    split = split_cell(text, len(names), Vocabulary(known, ", "))
    if not split.names:
        assert split.why
        return
    assert ", ".join(split.names) == text
    assert len(split.names) == len(names)
    assert [name in known for name in split.names] == list(split.known)


def test_the_longest_name_is_tried_first_and_given_up_where_the_rest_does_not_fit() -> None:
    known = Vocabulary(["A, B", "A", "B, C"], ", ")
    assert split_cell("A, B, C", 2, known).names == ("A", "B, C")


def test_a_doubtful_cut_says_so() -> None:
    split = split_cell("A, B, C", 2, Vocabulary(["A, B", "A", "B, C", "C"], ", "))
    assert split.is_ambiguous
    assert split.names == ("A, B", "C")
    assert "2 ways" in (split.why or "")


def test_the_alphabetical_order_of_the_program_decides_between_cuts() -> None:
    known = Vocabulary(["A", "A, Z", "M", "Z, M"], ", ")
    assert split_cell("A, Z, M", 2, known).is_ambiguous
    assert split_cell("A, Z, M", 2, known, keeps_order=True).names == ("A, Z", "M")


def test_numbers_in_names_are_ordered_as_numbers() -> None:
    assert is_ordered(["T2. b", "T10. a", "t11"])
    assert not is_ordered(["T10. a", "T2. b"])


@pytest.mark.parametrize(
    ("text", "n", "why"),
    [
        ("A, B", 3, "too few for 3 codes"),
        ("X, Y, A", 1, "lacks"),
        ("A, B, A", None, "no number of codes"),
    ],
)
def test_what_cannot_be_cut_says_why(text: str, n: int | None, why: str) -> None:
    split = split_cell(text, n, Vocabulary(["A"], ", "))
    if n == 1:  # one unknown name fills the cell
        assert split.known == (False,)
        return
    assert not split.names
    assert why in (split.why or "")


def test_names_agree_in_whatever_form_their_letters_are_written() -> None:
    known = Vocabulary(["Émotion,\u2009peur"], ", ")
    assert split_cell("E\u0301motion, peur", 1, known).known == (True,)


@pytest.mark.parametrize("separator", ["\n", "; ", ", ", " | "])
def test_the_separator_is_found_from_the_numbers_of_codes(separator: str) -> None:
    cells = [("Time, lost", 1), (separator.join(["A", "B"]), 2), (separator.join("XYZ"), 3)]
    assert pick_separator(cells) == separator


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.lists(st.sampled_from(["A", "B, b", "C", "D, d, e", "F"]), min_size=1, unique=True),
        min_size=1,
        max_size=12,
    )
)
def test_without_a_codebook_a_cell_is_cut_rightly_or_not_at_all(rows: list[list[str]]) -> None:
    cells = [(", ".join(row), len(row)) for row in rows]
    for row, split in zip(rows, split_without_codebook(cells, ", "), strict=True):
        assert split.names in ((), tuple(row))
        assert split.names or "add the codebook" in (split.why or "")


def test_one_code_alone_teaches_the_cells_that_list_it() -> None:
    cells = [("B, b", 1), ("A, B, b, C", 3)]
    assert split_without_codebook(cells, ", ")[1].names == ("A", "B, b", "C")


def test_parts_that_begin_a_code_here_and_go_on_there_decide_nothing() -> None:
    cells = [("b", 1), ("A, b", 1), ("A, b, C, D", 3)]
    splits = split_without_codebook(cells, ", ")
    assert splits[0].names == ("b",)
    assert splits[1].names == ("A, b",)
    assert not splits[2].names or splits[2].names[-2:] == ("C", "D")
