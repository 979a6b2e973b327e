"""Places in texts are found whatever a program counted, and told where they cannot be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.places import (
    COUNTERS,
    MISSING,
    STANDARD,
    STATUSES,
    Choice,
    Counter,
    Passage,
    choose_counter,
    from_code_points,
    place,
    to_code_points,
)

TEXTS = st.text(st.sampled_from("ab é\n\r漢\U0001f600\u0301م"), max_size=40)


def counted_by_hand(text: str, index: int, counter: Counter) -> int:
    """What a program that counts so would write for this index, computed by encoding."""
    head, tail = text[:index], text[index:]
    if counter.line_break == "one":
        head = head.replace("\r\n", "\n")
        if head.endswith("\r") and tail.startswith("\n"):
            head = head[:-1]
    elif counter.line_break == "two":
        split = head.endswith("\r") and tail.startswith("\n")
        unix = head.replace("\r\n", "\n").replace("\r", "\n")
        head = unix.replace("\n", "\r\n")
        if split:
            head = head[:-1]
    encoding = {"code point": "utf-32-le", "utf-16": "utf-16-le", "byte": "utf-8"}[counter.unit]
    width = {"code point": 4, "utf-16": 2, "byte": 1}[counter.unit]
    bom = len("\ufeff".encode(encoding)) // width if counter.counts_bom else 0
    return len(head.encode(encoding)) // width + bom


@settings(deadline=None, max_examples=200)
@given(TEXTS, st.sampled_from(COUNTERS))
def test_counters_agree_with_what_the_encodings_themselves_count(text, counter):
    expected = [counted_by_hand(text, index, counter) for index in range(len(text) + 1)]
    indices = np.arange(len(text) + 1)
    assert from_code_points(text, indices, counter).tolist() == expected


@settings(deadline=None, max_examples=200)
@given(TEXTS, st.sampled_from(COUNTERS))
def test_every_index_survives_being_counted_and_read_again(text, counter):
    indices = np.arange(len(text) + 1)
    again = to_code_points(text, from_code_points(text, indices, counter), counter)
    for index, back in zip(indices.tolist(), again.tolist(), strict=True):
        # Where CR LF counts one, the place inside the pair is the place before it.
        inside_pair = counter.line_break == "one" and text[index - 1 : index + 1] == "\r\n"
        assert back == (index - 1 if inside_pair else index)


def test_nvivo_for_windows_counts_utf16_units_and_two_for_a_line_break():
    text = "Hi \U0001f600\r\nyes"
    counter = Counter("utf-16", "two")
    start = to_code_points(text, np.array([7, 10]), counter)
    assert text[start[0] : start[1]] == "yes"
    unix = text.replace("\r\n", "\n")
    start = to_code_points(unix, np.array([7, 10]), counter)
    assert unix[start[0] : start[1]] == "yes"


@pytest.mark.parametrize("position", [-1, 4, 10**12, -(10**12), MISSING])
def test_a_position_outside_the_text_has_no_index(position):
    for counter in COUNTERS:
        if not counter.counts_bom:
            assert to_code_points("abc", np.array([position]), counter).tolist() == [-1]


def test_a_position_inside_a_character_has_no_index():
    assert to_code_points("\U0001f600", np.array([1]), Counter("utf-16")).tolist() == [-1]
    assert to_code_points("é", np.array([1]), Counter("byte")).tolist() == [-1]


def test_a_counter_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="no such counter"):
        Counter("word")
    assert str(STANDARD) == "code points"
    assert str(Counter("utf-16", "two")) == "UTF-16 units, each line break as two"


TEXT = (
    "Interviewer: Ça va? \U0001f600 Fine.\r\n"
    "P1: I have been better \U0001f600, to be honest…\r\n"
    "Interviewer: Why is that?\r\n"
    "P1: The naïve answer is \U0001f62d work; the long answer is déjà vu.\r\n"
) * 6


def words(text: str) -> tuple[list[int], list[int]]:
    starts, ends, at = [], [], 0
    for word in text.split():
        at = text.index(word, at)
        starts.append(at)
        at += len(word)
        ends.append(at)
    return starts, ends


def passage(text: str, starts, ends, counter: Counter, *, quoted: bool, had_bom=False) -> Passage:
    quotes = [text[a:b] for a, b in zip(starts, ends, strict=True)] if quoted else None
    count = from_code_points
    return Passage(
        text,
        count(text, np.array(starts), counter),
        count(text, np.array(ends), counter),
        quotes,
        had_bom,
    )


def statuses(placed) -> list[str]:
    return [STATUSES[code] for code in placed.status]


@pytest.mark.parametrize("quoted", [True, False])
@pytest.mark.parametrize("counter", COUNTERS, ids=str)
def test_any_counter_is_found_from_quotations_or_from_word_boundaries(counter, quoted):
    starts, ends = words(TEXT)
    given_ = passage(TEXT, starts, ends, counter, quoted=quoted, had_bom=counter.counts_bom)
    choice = choose_counter([given_])
    placed = place(given_, choice)
    assert choice.by == ("quotations" if quoted else "word boundaries")
    assert placed.start_cp.tolist() == starts
    assert placed.end_cp.tolist() == ends
    assert set(statuses(placed)) <= {"ok", "repaired"}
    assert ("repaired" in statuses(placed)) == (choice.counter != STANDARD)


def test_the_origins_counter_is_kept_when_the_text_cannot_tell():
    plain = "one two three four five six seven eight nine ten"
    starts, ends = words(plain)
    nvivo = Counter("utf-16", "two")
    given_ = passage(plain, starts, ends, nvivo, quoted=False)
    assert choose_counter([given_], nvivo).counter == nvivo
    assert set(statuses(place(given_, choose_counter([given_], nvivo)))) == {"ok"}


def test_a_quotation_that_moved_is_found_again_and_one_that_is_gone_is_a_mismatch():
    starts, ends = words(TEXT[:200])
    given_ = passage(TEXT, starts, ends, STANDARD, quoted=True)
    quotes = list(given_.quotes)
    moved, gone = 3, 5
    quotes[moved], quotes[gone] = "déjà vu.", "never said"
    placed = place(Passage(TEXT, given_.starts, given_.ends, quotes), choose_counter([given_]))
    said = statuses(placed)
    assert said[moved] == "repaired"
    assert TEXT[placed.start_cp[moved] : placed.end_cp[moved]] == "déjà vu."
    assert said[gone] == "mismatch"
    assert [said[row] for row in range(len(said)) if row not in (moved, gone)] == ["ok"] * (
        len(said) - 2
    )


@pytest.mark.parametrize(
    "quote",
    [
        "I have been better \U0001f600, to…",
        "I  have been\nbetter...",
        "Ihavebeen better 😀, tobe honest…",
    ],
)
def test_quotations_may_be_cut_off_or_spaced_otherwise(quote):
    start = TEXT.index("I have")
    end = TEXT.index("\r\nInterviewer: Why")
    given_ = Passage(TEXT, np.array([start]), np.array([end]), [quote])
    assert statuses(place(given_, choose_counter([given_]))) == ["ok"]


def test_quotations_in_another_unicode_form_are_the_same():
    text = "Cafe\u0301 au lait"
    given_ = Passage(text, np.array([0]), np.array([5]), ["Café"])
    assert statuses(place(given_, choose_counter([given_]))) == ["ok"]


def test_names_that_are_labels_are_not_taken_for_quotations():
    starts, ends = words(TEXT)
    given_ = passage(TEXT, starts, ends, STANDARD, quoted=False)
    labelled = Passage(TEXT, given_.starts, given_.ends, [f"line:{n}" for n in range(len(starts))])
    choice = choose_counter([labelled])
    assert choice.by == "word boundaries"
    assert set(statuses(place(labelled, choice))) == {"ok"}


def test_places_that_fit_nowhere_are_unchecked_or_a_mismatch_but_never_ok():
    text = "abcdefghij" * 30
    inside = Passage(text, np.arange(1, 200), np.arange(5, 204))
    assert set(statuses(place(inside, choose_counter([inside])))) == {"unchecked"}
    outside = Passage(text, np.array([290, 9, -4]), np.array([999, 5, 3]))
    placed = place(outside, choose_counter([outside]))
    assert statuses(placed) == ["mismatch"] * 3
    assert placed.start_cp.tolist() == [-1] * 3


def test_one_document_with_another_text_is_seen_among_good_ones():
    starts, ends = words(TEXT)
    good = passage(TEXT, starts, ends, STANDARD, quoted=False)
    other = Passage("abcdefghij" * 200, good.starts[:60], good.ends[:60])
    choice = choose_counter([good, good, other])
    assert set(statuses(place(good, choice))) == {"ok"}
    assert set(statuses(place(other, choice))) == {"mismatch"}


def test_a_place_that_is_not_stated_is_unchecked():
    given_ = Passage("some words", np.array([0, MISSING]), np.array([4, MISSING]), ["some", None])
    assert statuses(place(given_, choose_counter([given_]))) == ["ok", "unchecked"]
    assert choose_counter([]).by == "nothing"
    assert not Choice(STANDARD, STANDARD).is_verified


@settings(deadline=None, max_examples=60)
@given(
    st.text(st.sampled_from("ab é\n\r\U0001f600"), max_size=60),
    st.lists(st.tuples(st.integers(-5, 80), st.integers(-5, 80)), max_size=20),
    st.sampled_from(COUNTERS),
)
def test_whatever_the_file_says_each_segment_is_placed_inside_or_called_a_mismatch(
    text, spans, counter
):
    starts, ends = (np.array([span[i] for span in spans], dtype=np.int64) for i in (0, 1))
    given_ = Passage(text, starts, ends, ["a"] * len(spans))
    placed = place(given_, choose_counter([given_], counter))
    for start, end, status in zip(placed.start_cp, placed.end_cp, statuses(placed), strict=True):
        if start < 0:
            assert status == "mismatch"
        else:
            assert 0 <= start <= end <= len(text)
