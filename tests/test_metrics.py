"""Numbers for the text."""

from __future__ import annotations

import json

import pytest

from analysis.metrics import bidi_markdown, dump_metrics, escape_markdown, printed, slugs, variables
from analysis.settings import Numbers

TRUNCATED = Numbers(rounding="truncate", percent_trailing_zeros=False)


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("codings.total", 1704, "1,704"),
        ("a.percent", 300 / 7, "42.8"),
        ("a.percent", 100.0, "100"),
        ("a.mean", 36.571428, "36.57"),
        ("a.sd", 10.9999, "10.99"),
        ("first.date", "2023-03-04", "4 March 2023"),
        ("a.label", "Law", "Law"),
        ("shortest.minutes", 15.0, "15"),
        ("shortest.minutes", 15.5, "15.5"),
    ],
)
def test_the_last_part_of_a_key_says_how_it_is_printed(key, value, text):
    assert printed(key, value, TRUNCATED) == text


def test_a_fraction_that_does_not_say_how_to_print_it_is_refused():
    with pytest.raises(ValueError, match=r"a[.]share"):
        printed("a.share", 0.25, TRUNCATED)


def test_the_file_is_sorted_and_whole_numbers_stay_whole():
    text = dump_metrics({"b": 2, "a.x": 1 / 3, "c": "x"})
    assert list(json.loads(text)) == ["a.x", "b", "c"]
    assert '"b": 2' in text


@pytest.mark.parametrize(
    "values",
    [{"A": 1}, {"a b": 1}, {"a": float("nan")}, {"a": True}, {"level.1": 1}, {"a.1e5.n": 1}],
)
def test_keys_and_values_that_no_text_could_use_are_refused(values):
    with pytest.raises(ValueError, match="metric"):
        dump_metrics(values)


def test_a_key_that_stands_above_another_is_refused():
    with pytest.raises(ValueError, match="stands"):
        variables({"a": 1, "a.b": 2}, TRUNCATED)


def test_names_from_outside_cannot_become_markup():
    text = escape_markdown("*a* [b](c) {{< var x >}} <script> $x$ @key")
    # a span around one sign, so that Quarto sees no shortcode once it has taken escapes away
    text = text.replace(r"[\<]{}", r"\<").replace(r"[\>]{}", r"\>")
    assert r"\{\{\< var x \>\}\}" in text
    for character in "*[]{}<>$@":
        assert f"\\{character}" in text
        assert character not in text.replace(f"\\{character}", "")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("- leading", r"\- leading"),
        ("one -- two...", r"one \-\- two\.\.\."),
        ("R&amp;D", r"R\&amp;D"),
        ("A. Something", r"A\. Something"),
        ("(2) two", r"(2\) two"),
        ("::: x", r"\::: x"),
        ("follow-up, e.g. 3.5", "follow-up, e.g. 3.5"),
    ],
)
def test_names_keep_their_dashes_dots_and_entities_and_begin_no_list(name, written):
    assert escape_markdown(name) == written


def test_parts_of_keys_are_unique_and_plain():
    assert slugs(["A b", "a B", "سلام", "Ä"]) == ["a-b", "a-b-2", "no-3", "a"]
    # Quarto would look for them at that place of a list, and print nothing.
    assert slugs(["2020", "1e5", "18-25", "no 2020"]) == ["no-2020", "no-1e5", "18-25", "no-2020-4"]


def test_a_number_after_a_name_that_runs_right_to_left_stays_on_its_side():
    text = bidi_markdown("سلام (23); more")
    assert text == '[سلام]{lang="fa" dir="rtl"}\u200e (23); more'
