"""Bars of frequencies: their order, their lengths, and what is said about them."""

import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from analysis.chapters.frequencies import code_frequencies
from analysis.figures import frequency_bars, top_codes
from analysis.figures.figure import DARK
from tests.figures.sample import STUDY, shown_texts


def test_the_most_frequent_stands_first_under_its_parent():
    data = STUDY.bars(2).data
    for _, members in data.groupby("parent", sort=False):
        assert members["codings"].is_monotonic_decreasing
    assert list(data["parent"].drop_duplicates()) == list(
        STUDY.codes.loc[STUDY.codes["level"] == 1, "label"]
    )


def test_bars_are_as_long_as_their_codings():
    figure = STUDY.bars()
    widths = [
        artist.get_width()
        for artist in figure.drawing.findobj(Rectangle)
        if to_rgb(artist.get_facecolor()) == to_rgb(DARK)
    ]
    codings = list(figure.data["codings"])
    assert len(widths) == len(codings)
    expected = [n / max(codings) for n in codings]
    assert [width / max(widths) for width in widths] == pytest.approx(expected)


def test_the_alternative_text_names_largest_and_smallest_with_their_counts():
    figure = STUDY.bars()
    top, bottom = figure.data.iloc[0], figure.data.iloc[-1]
    assert f"Most codings: {top['label']} ({top['codings']} codings, " in figure.alt
    assert f"Fewest: {bottom['label']} ({bottom['codings']} codings, " in figure.alt
    assert f"{top['cases']} of 12 participants" in figure.alt


def test_counts_are_printed_beside_the_bars():
    figure = STUDY.bars()
    texts = [text for text, _ in shown_texts(figure)]
    for n in [*figure.data["codings"], *figure.data["cases"]]:
        assert f"{n:,}" in texts


def test_top_codes_are_the_deepest_and_most_frequent():
    figure = STUDY.top(5)
    leaves = STUDY.codes.loc[STUDY.codes["level"] == 3, "code_id"]
    counts = STUDY.frequencies[STUDY.frequencies["code_id"].isin(leaves)]["codings"]
    assert sorted(figure.data["codings"], reverse=True) == sorted(counts, reverse=True)[:5]
    top = figure.data.iloc[0]
    assert f"{top['label']} ({top['codings']} codings" in figure.alt


def test_codes_left_out_at_a_tie_are_counted():
    leaves = STUDY.codes.loc[STUDY.codes["level"] == 3, "code_id"]
    counts = STUDY.frequencies[STUDY.frequencies["code_id"].isin(leaves)]["codings"]
    ranked = sorted(counts, reverse=True)
    # cut in the middle of the codes that are as frequent as the least frequent one
    n = ranked.index(ranked[-1]) + 1
    left = len(ranked) - n
    assert left > 1
    figure = STUDY.top(n)
    said = f"{left} more with {ranked[-1]} codings are not shown."
    assert said in figure.alt
    assert said in [text for text, _ in shown_texts(figure)]
    assert "not shown" not in STUDY.top(len(ranked)).alt


def test_a_study_without_codings_says_so():
    empty = STUDY.frequencies.assign(codings=0, cases=0, own=0, own_cases=0)
    parts = {"case_word": "Documents", "label": "fig-x", "caption": "c", "synthetic": False}
    none = frequency_bars(STUDY.codes, empty, level=1, cases=0, **parts)
    assert "There are no codings" in none.alt
    top = top_codes(STUDY.codes, empty, n=5, **parts)
    assert top.data.empty
    assert "No codings" in [text for text, _ in shown_texts(top)]


def test_the_most_frequent_codes_are_found_at_any_level_and_told_apart_by_their_parent():
    codes = pd.DataFrame(
        {
            "code_id": ["A", "A > Cost", "A > Cost > x", "B", "B > Cost", "Trust"],
            "parent_id": pd.Series([None, "A", "A > Cost", None, "B", None], dtype="str"),
            "label": ["A", "Cost", "x", "B", "Cost", "Trust"],
            "level": [1, 2, 3, 1, 2, 1],
            "position": range(1, 7),
        }
    )
    pairs = [("Trust", 5), ("A > Cost", 4), ("B > Cost", 3), ("A > Cost > x", 1)]
    codings = pd.DataFrame(
        [(code, f"P{at}") for code, n in pairs for at in range(n)], columns=["code_id", "case_id"]
    ).assign(document_id=lambda rows: rows["case_id"])
    figure = top_codes(
        codes, code_frequencies(codings, codes), n=3,
        case_word="Documents", label="fig-x", caption="c", synthetic=False,
    )  # fmt: skip
    assert list(figure.data["label"]) == ["Trust", "Cost (A)", "Cost (B)"]
    assert list(figure.data["codings"]) == [5, 4, 3]  # its own, without those below it
