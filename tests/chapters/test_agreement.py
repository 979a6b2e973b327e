"""Agreement of coders, held against a plain look at each character."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chapters.agreement import (
    agreement_by_code,
    agreement_facts,
    agreement_table,
    compare_coders,
    disagreement_table,
    disagreements,
)
from analysis.coefficients import Ratings, krippendorff_alpha
from analysis.settings import Numbers

CODES = pd.DataFrame(
    {
        "code_id": ["A", "A > B", "C"],
        "parent_id": [None, "A", None],
        "label": ["a", "b", "c"],
        "level": [1, 2, 1],
    }
)


def study(rows, unit="code point"):
    """Codings and spans from (coder, document, code, start, stop)."""
    ids = [f"s{at}" for at in range(len(rows))]
    codings = pd.DataFrame(
        {
            "code_id": [row[2] for row in rows],
            "document_id": [row[1] for row in rows],
            "segment_id": ids,
            "coder": [row[0] for row in rows],
        }
    )
    spans = pd.DataFrame(
        {
            "segment_id": ids,
            "document_id": codings["document_id"],
            "start": pd.Series([row[3] for row in rows], dtype="int64"),
            "stop": pd.Series([row[4] for row in rows], dtype="int64"),
            "unit": unit,
        }
    )
    return codings, spans


def compared(rows, **options):
    codings, spans = study(rows, options.pop("unit", "code point"))
    return compare_coders(codings, CODES, spans, **options)


def test_coders_who_did_the_same_agree_wholly():
    rows = [(coder, "d", code, at, at + 5) for coder in "xy" for at, code in ((0, "A"), (9, "C"))]
    results = agreement_by_code(compared(rows), CODES, samples=0)
    assert results["agreement"].tolist() == [1, 1, 1]
    assert results["alpha"].tolist() == [1, 1, 1]


def test_half_an_overlap_is_a_third_of_the_characters():
    comparison = compared([("x", "d", "A", 0, 10), ("y", "d", "A", 5, 15)], units="length")
    assert comparison.size == 15
    row = agreement_by_code(comparison, CODES, samples=0).iloc[0]
    assert row["agreement"] == pytest.approx(5 / 15)


def test_uncoded_text_counts_only_when_asked_for():
    rows = [("x", "d", "A", 90, 100), ("y", "d", "A", 90, 95)]
    without = agreement_by_code(compared(rows, units="length"), CODES, samples=0)
    within = agreement_by_code(compared(rows, units="length", uncoded=True), CODES, samples=0)
    assert without["agreement"].iloc[0] == pytest.approx(0.5)
    assert within["agreement"].iloc[0] == pytest.approx(0.95)
    with pytest.raises(ValueError, match="by length"):
        compared(rows, uncoded=True)


def test_a_document_of_one_coder_is_not_compared_and_told():
    rows = [("x", "d", "A", 0, 5), ("y", "d", "A", 0, 5), ("x", "e", "A", 0, 5)]
    comparison = compared(rows)
    assert comparison.documents == ("d",)
    assert comparison.left_out == 1
    assert comparison.size == 1


def test_codes_can_be_compared_a_level_higher():
    rows = [("x", "d", "A > B", 0, 5), ("y", "d", "A", 0, 5)]
    assert agreement_by_code(compared(rows), CODES, samples=0)["agreement"].iloc[-1] == 0
    assert agreement_by_code(compared(rows, level=1), CODES, samples=0)["agreement"].iloc[-1] == 1


def test_a_third_coder_who_skipped_a_document_is_missing_there():
    rows = [(coder, "d", "A", 0, 5) for coder in "xyz"]
    rows += [("x", "e", "A", 0, 5), ("y", "e", "C", 0, 5)]
    comparison = compared(rows)
    assert comparison.base.tolist() == [[0, 0, 0], [0, 0, -1]]


SPAN = st.tuples(st.integers(0, 15), st.integers(1, 6)).map(lambda pair: (pair[0], sum(pair)))
ROWS = st.lists(
    st.tuples(st.sampled_from("xy"), st.just("d"), st.sampled_from(["A", "C"]), SPAN).map(
        lambda row: (*row[:3], *row[3])
    ),
    max_size=12,
)


@given(ROWS)
@settings(deadline=None, max_examples=60)
def test_by_length_equals_a_look_at_every_character(rows):
    if {row[0] for row in rows} != {"x", "y"}:
        return
    comparison = compared(rows, units="length")
    places = sorted({at for row in rows for at in range(row[3], row[4])})
    assert comparison.size == len(places)
    for code in ("A", "C"):
        marked = {
            coder: {
                at for row in rows if row[0] == coder and row[2] == code
                for at in range(row[3], row[4])
            }
            for coder in "xy"
        }  # fmt: skip
        plain = Ratings([[int(at in marked[coder]) for coder in "xy"] for at in places], (0, 1))
        found = krippendorff_alpha(comparison.ratings(code))
        wanted = krippendorff_alpha(plain)
        assert found.units == wanted.units
        assert found.value == (None if wanted.value is None else pytest.approx(wanted.value))


@given(ROWS)
@settings(deadline=None, max_examples=60)
def test_by_segment_equals_a_look_at_every_stretch(rows):
    if {row[0] for row in rows} != {"x", "y"}:
        return
    comparison = compared(rows)
    stretches = sorted({(row[3], row[4]) for row in rows})
    assert comparison.size == len(stretches)
    for code in ("A", "C"):
        cells = [
            [
                int(any(
                    row[0] == coder and row[2] == code and row[3] < stop and row[4] > start
                    for row in rows
                ))
                for coder in "xy"
            ]
            for start, stop in stretches
        ]  # fmt: skip
        wanted = krippendorff_alpha(Ratings(cells, (0, 1)))
        found = krippendorff_alpha(comparison.ratings(code))
        assert found.value == (None if wanted.value is None else pytest.approx(wanted.value))


def test_disagreements_stand_side_by_side_and_agreements_do_not():
    rows = [("x", "d", "A", 0, 5), ("y", "d", "A", 0, 5), ("y", "d", "C", 0, 5)]
    rows += [("x", "d", "C", 20, 25), ("y", "d", "A", 40, 45), ("x", "d", "A", 40, 45)]
    found = disagreements(compared(rows), CODES)
    assert found[["start", "x", "y"]].values.tolist() == [[0, "", "c"], [20, "c", ""]]


def test_nothing_is_ever_printed_as_nan():
    rows = [("x", "d", "A", 0, 5), ("y", "d", "A", 0, 5)]
    comparison = compared(rows)
    results = agreement_by_code(comparison, CODES, samples=50)
    table = agreement_table(
        results, comparison, Numbers(), label="tbl-agreement", caption="c", synthetic=False
    )
    assert "nan" not in table.markdown().casefold()
    facts = agreement_facts(results, comparison, Numbers())
    assert "not defined, as all ratings are one value" in str(facts["agreement.sentence"])
    assert "agreement.alpha" not in facts


def test_one_coder_alone_is_a_sentence_and_an_empty_table():
    comparison = compared([("x", "d", "A", 0, 5)])
    results = agreement_by_code(comparison, CODES)
    assert agreement_facts(results, comparison, Numbers())["agreement.sentence"] == (
        "The coders cannot be compared: no document that two of them coded says where each "
        "coding stands."
    )
    table = disagreement_table(
        disagreements(comparison, CODES), most=5, label="tbl-x", caption="c", synthetic=False
    )
    assert [row.cells[0] for row in table.rows] == ["No unit differs"]
    table = agreement_table(
        results, comparison, Numbers(), label="tbl-x", caption="c", synthetic=False
    )
    assert [row.cells[0] for row in table.rows] == ["No code can be compared"]


def test_a_coder_of_other_documents_changes_no_coefficient():
    rows = [("x", "d", code, at, at + 5) for at, code in ((0, "A"), (9, "C"), (20, "A"))]
    rows += [("y", "d", code, at, at + 5) for at, code in ((0, "A"), (9, "A"), (30, "C"))]
    two = agreement_by_code(compared(rows), CODES, samples=0)
    three = compared([*rows, ("z", "e", "A", 0, 5)])
    assert three.coders == ("x", "y")
    pd.testing.assert_frame_equal(agreement_by_code(three, CODES, samples=0), two)
    assert "z" not in disagreements(three, CODES).columns


def test_the_table_says_what_was_not_compared_and_why():
    rows = [("x", "d", "A", 0, 5), ("y", "d", "A", 2, 5), ("x", "e", "A", 0, 5)]
    comparison = compared(rows)
    results = agreement_by_code(comparison, CODES, samples=20)
    table = agreement_table(
        results, comparison, Numbers(), label="tbl-x", caption="c", synthetic=False
    )
    assert any(note.startswith("1 coding is not compared") for note in table.notes)
    assert agreement_facts(results, comparison, Numbers())["agreement.left-out"] == 1


def test_intervals_draw_stretches_with_all_that_was_given_to_them():
    """Ten codes that always go together are one decision, not ten."""
    rng = np.random.default_rng(2)
    one, ten = [], []
    names = [f"c{at}" for at in range(10)]
    for at in range(40):
        for coder in "xy":
            code = "A" if rng.random() < 0.5 else "B"
            one.append((coder, "d", code, 10 * at, 10 * at + 5))
            ten += [(coder, "d", code + name, 10 * at, 10 * at + 5) for name in names]
    codes = pd.DataFrame({"code_id": sorted({row[2] for row in one + ten})})
    codes = codes.assign(parent_id=None, label=codes["code_id"], level=1)

    def width(rows):
        codings, spans = study(rows)
        found = agreement_by_code(compare_coders(codings, codes, spans), codes).iloc[-1]
        assert found["alpha_lower"] <= found["alpha"] <= found["alpha_upper"]
        return found["alpha_upper"] - found["alpha_lower"]

    assert width(ten) == pytest.approx(width(one), rel=0.1)


def test_intervals_are_the_same_each_time_and_hold_the_value():
    rows = [("x", "d", "AC"[at % 2], 10 * at, 10 * at + 5) for at in range(40)]
    rows += [("y", "d", "AC"[at % 2 ^ (at % 9 == 0)], 10 * at, 10 * at + 5) for at in range(40)]
    one, two, other = (
        agreement_by_code(compared(rows), CODES, samples=300, seed=seed) for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(one, two)
    assert (one["alpha_lower"] < one["alpha"]).all()
    assert (one["alpha"] < one["alpha_upper"]).all()
    assert not one["alpha_lower"].equals(other["alpha_lower"])


def test_one_value_alone_has_no_interval():
    rows = [(coder, "d", "A", at, at + 5) for coder in "xy" for at in (0, 10, 20)]
    assert agreement_by_code(compared(rows), CODES, samples=20)["alpha_lower"].isna().all()


def test_paragraphs_are_named_as_people_count_them():
    rows = [("x", "d", "A", 3, 4), ("y", "d", "C", 3, 4)]
    found = disagreements(compared(rows, unit="paragraph"), CODES)
    assert found[["start", "stop"]].values.tolist() == [[3, 3]]
