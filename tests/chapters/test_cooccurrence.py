"""Codes that stand together, held against counting every pair one by one."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chapters.cooccurrence import (
    cooccurrence,
    cooccurrence_facts,
    cooccurrence_table,
    first_kind,
    level_of,
)
from analysis.figures import cooccurrence_heatmap, cooccurrence_network
from analysis.preparation.prepare import spans_of


def study(rows: list[tuple[str, str, int, int]], unit: str = "code point"):
    """Codings and segments from (document, code, start, end); one segment a coding."""
    segments = pd.DataFrame(
        {
            "segment_id": [f"s{at}" for at in range(len(rows))],
            "document_id": [row[0] for row in rows],
            "start": pd.array([row[2] for row in rows], dtype="Int64"),
            "end": pd.array([row[3] for row in rows], dtype="Int64"),
            "unit": unit,
            "start_cp": pd.array([pd.NA] * len(rows), dtype="Int64"),
            "end_cp": pd.array([pd.NA] * len(rows), dtype="Int64"),
        }
    )
    codings = pd.DataFrame(
        {
            "code_id": [row[1] for row in rows],
            "segment_id": segments["segment_id"],
            "document_id": segments["document_id"],
        }
    )
    return codings, spans_of(segments)


def as_dict(table: pd.DataFrame) -> dict[tuple[str, str], int]:
    return {
        (first, second): int(pairs)
        for first, second, pairs in zip(
            table["first"], table["second"], table["pairs"], strict=True
        )
    }


def meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    (a, b), (c, _) = sorted((one, other))
    return c < b or a == c


SPAN = st.tuples(st.integers(0, 12), st.integers(0, 5)).map(lambda pair: (pair[0], sum(pair)))


@given(
    st.lists(
        st.tuples(st.sampled_from("de"), st.sampled_from("ABC"), SPAN).map(
            lambda row: (row[0], row[1], *row[2])
        ),
        max_size=25,
    )
)
@settings(deadline=None)
def test_overlaps_are_those_that_a_plain_look_at_all_pairs_finds(rows):
    codings, spans = study(rows)
    plain: dict[tuple[str, str], int] = {}
    for at, (document, code, *span) in enumerate(rows):
        for other_document, other, *other_span in rows[at + 1 :]:
            if (
                document == other_document
                and code != other
                and meet(tuple(span), tuple(other_span))
            ):
                key = (min(code, other), max(code, other))
                plain[key] = plain.get(key, 0) + 1
    assert as_dict(cooccurrence(codings, spans)) == plain


def test_spans_that_only_touch_do_not_overlap():
    codings, spans = study([("d", "A", 0, 5), ("d", "B", 5, 9)])
    assert cooccurrence(codings, spans).empty


def test_an_empty_span_meets_what_stands_at_its_place():
    codings, spans = study([("d", "A", 3, 3), ("d", "B", 3, 9), ("d", "C", 1, 4)])
    assert as_dict(cooccurrence(codings, spans)) == {
        ("A", "B"): 1,
        ("A", "C"): 1,
        ("B", "C"): 1,
    }


def test_paragraphs_include_their_last():
    codings, spans = study([("d", "A", 2, 3), ("d", "B", 3, 3), ("d", "C", 4, 4)], "paragraph")
    assert as_dict(cooccurrence(codings, spans)) == {("A", "B"): 1}
    assert as_dict(cooccurrence(codings, spans, kind="near", distance=1)) == {
        ("A", "B"): 1,
        ("A", "C"): 1,
        ("B", "C"): 1,
    }


def test_one_segment_with_two_codes_and_one_document():
    codings = pd.DataFrame(
        {
            "code_id": ["A", "B", "B", "C"],
            "segment_id": ["s1", "s1", "s2", "s3"],
            "document_id": ["d", "d", "d", "e"],
        }
    )
    spans = study([])[1]
    assert as_dict(cooccurrence(codings, spans, kind="segment")) == {("A", "B"): 1}
    table = cooccurrence(codings, spans, kind="document")
    assert as_dict(table) == {("A", "B"): 1}
    assert table["c"].tolist() == [1.0]


def test_c_is_the_share_of_codings_that_stand_together():
    codings, spans = study(
        [("d", "A", 0, 5), ("d", "B", 2, 7), ("d", "A", 20, 25), ("d", "B", 40, 45)]
    )
    assert cooccurrence(codings, spans)["c"].tolist() == [pytest.approx(1 / 3)]


def test_codings_without_a_place_stand_with_none():
    codings, spans = study([("d", "A", 0, 5), ("d", "B", 2, 7)])
    assert cooccurrence(codings, spans.iloc[:1]).empty


def test_an_empty_study_gives_an_empty_table():
    codings, spans = study([])
    for kind in ("overlap", "segment", "near", "document"):
        assert cooccurrence(codings, spans, kind=kind).empty


CODE_SYSTEM = pd.DataFrame(
    {
        "code_id": ["a", "b", "c"],
        "parent_id": pd.Series([None] * 3, dtype="str"),
        "label": ["Alpha", "Beta", "Gamma"],
        "level": 1,
        "position": [1, 2, 3],
    }
)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("d", "a", 0, 5), ("d", "b", 3, 9)], "overlap"),
        ([("d", "a", 0, 5), ("d", "b", 6, 9)], "document"),
        ([("d", "a", 0, 5), ("e", "b", 3, 9)], "document"),
    ],
)
def test_the_closest_way_in_which_codes_meet_is_taken(rows, expected):
    kind, pairs = first_kind(*study(rows))
    assert kind == expected
    facts = cooccurrence_facts(pairs, CODE_SYSTEM, kind)
    assert facts["cooccurrence.pairs"] == len(pairs)


def test_paragraphs_near_each_other_come_before_one_document():
    kind, pairs = first_kind(*study([("d", "a", 1, 1), ("d", "b", 2, 2)], unit="paragraph"))
    assert (kind, len(pairs)) == ("near", 1)
    assert cooccurrence_facts(pairs, CODE_SYSTEM, kind)["cooccurrence.sentence"] == (
        "No two codes stand together more often than “Alpha” and “Beta”: once on one stretch "
        "or at most 1 paragraph apart."
    )


def test_pairs_that_are_alike_are_not_put_in_an_order():
    rows = [(d, code, 0, 5) for d in "de" for code in "ab"] + [("f", c, 0, 5) for c in "abc"]
    for kept, said in ((rows[:2] + rows[4:], None), (rows[4:], "each once")):
        kind, pairs = first_kind(*study(kept))
        sentence = cooccurrence_facts(pairs, CODE_SYSTEM, kind)["cooccurrence.sentence"]
        assert "categories" not in sentence
        assert "1 time" not in sentence
        assert (said or "twice") in sentence


@pytest.mark.parametrize("rows", [[("d", "a", 0, 5)], [("d", "a", 0, 5), ("d", "b", 3, 9)]])
def test_table_heat_map_and_network_stand_with_one_code_and_with_two(rows):
    codings, spans = study(rows)
    kind, pairs = first_kind(codings, spans)
    given = {"label": "tbl-x", "caption": "X", "synthetic": True}
    table = cooccurrence_table(pairs, CODE_SYSTEM, kind, most=5, **given)
    assert "nan" not in table.html().casefold()
    assert len(table.rows) == 1
    drawn = {"label": "fig-x", "caption": "X", "synthetic": True, "together": "in one document"}
    heat = cooccurrence_heatmap(pairs, CODE_SYSTEM, **drawn)
    frequencies = pd.DataFrame({"code_id": ["a", "b"], "codings": [1, 1]})
    network = cooccurrence_network(pairs, CODE_SYSTEM, frequencies, **drawn)
    said = "Alpha with Beta (1)" if len(rows) > 1 else "No two codes stand together"
    assert said in heat.alt
    assert said in network.alt


def test_codes_are_compared_at_the_deepest_level_that_can_be_read():
    deep = pd.DataFrame({"level": [1] * 3 + [2] * 30 + [3] * 400})
    assert level_of(deep, 0) == 2
    assert level_of(deep, 3) == 3
    assert level_of(pd.DataFrame({"level": [1] * 500}), 0) == 1
