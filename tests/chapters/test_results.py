"""The results: counts once, order by weight, and words of amount that the counts decide."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chapters.frequencies import code_frequencies
from analysis.chapters.results import Words, results_markdown
from analysis.settings import Numbers

WORDS = Words(
    [("category", "categories"), ("subcategory", "subcategories"), ("code", "codes")],
    ("participant", "participants"),
)


def codes_of(paths: list[str]) -> pd.DataFrame:
    every = dict.fromkeys(
        " > ".join(path.split(" > ")[: at + 1])
        for path in paths
        for at in range(path.count(" > ") + 1)
    )
    codes = pd.DataFrame({"code_id": list(every)}, dtype="str")
    codes["name"] = codes["label"] = codes["code_id"].str.split(" > ").str[-1]
    codes["level"] = codes["code_id"].str.count(" > ") + 1
    parents = [code.rpartition(" > ")[0] or None for code in every]
    return codes.assign(
        parent_id=pd.Series(parents, dtype="str"), position=range(1, len(codes) + 1)
    )


def written(counts: dict[str, int], headings: int = 1, examples: int = 0, **more: object) -> str:
    codes = codes_of(list(counts))
    codings = pd.DataFrame(
        [(code, f"P{at}") for code, n in counts.items() for at in range(n)],
        columns=["code_id", "case_id"],
        dtype="str",
    ).assign(document_id="d")
    return results_markdown(
        codes, code_frequencies(codings, codes), pd.DataFrame(columns=["category"]),
        {}, more.pop("prose", {}), WORDS, Numbers(), cases=20, headings=headings,
        examples=examples, synthetic=False, **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"A > x": 7, "A > y": 2, "A > z": 1}, "More than half concern *x* (7 codings), followed"),
        ({"A > x": 7, "A > y": 2}, "More than half concern *x* (7 codings), the others *y*."),
        ({"A > x": 4, "A > y": 3, "A > z": 2}, "First comes *x* (4 codings), followed by *y*"),
        (
            {"A > x": 3, "A > y": 3, "A > z": 1},
            "First come *x* and *y*, with 3 codings each, followed by *z*.",
        ),
        ({"A > x": 2, "A > y": 2, "A > z": 2}, "They are spread evenly over *x*, *y* and *z*."),
        ({"A > x": 5, "A > y": 5, "A > z": 4}, "They are spread almost evenly over *x*, *y*"),
        ({"A > x": 5}, "All of them concern *x*."),
        (
            {"A > x": 1},
            "There is 1 coding (100.0% of all) from 1 of the 20 participants. It",
        ),
        ({"A > x": 4, "A > y": 4}, "They are divided evenly between *x* and *y*."),
    ],
)
def test_the_counts_choose_the_words(counts, said):
    assert said in written(counts)


def test_what_stands_below_comes_in_order_of_weight_whatever_the_order_of_the_codes():
    assert "followed by *heavy* and *light*" in written(
        {"A > light": 1, "A > heavy": 3, "A > first": 4}
    )


def test_codings_on_a_category_itself_are_in_its_sentence():
    assert "3 codings are on the category itself." in written({"A": 3, "A > x": 2})
    assert "1 coding is on the category itself." in written({"A": 1, "A > x": 2})


def test_a_single_category_below_another_does_not_repeat_its_counts():
    text = written({"A > b > x": 5, "A > b > y": 2}, headings=2)
    assert text.count("7 codings") == 1
    assert "### b\n\nMore than half of these codings concern *x* (5 codings)" in text


def test_examples_are_the_codes_applied_most_often_below():
    text = written({"A > x > often": 3, "A > x > seldom": 1, "A > y > z": 1}, examples=1)
    assert "*x* (4 codings; for example “often”), the others *y* (“z”)." in text


def test_a_list_of_codes_is_one_paragraph_without_headings():
    text = written({f"tag {at:02}": at for at in range(1, 31)}, headings=0)
    assert "#" not in text
    # 20 participants: tag 11 comes from 11 of them, tag 01 from one
    assert "Of the 30 categories that were applied, 20 come from more than half of the 20" in text
    assert "1 comes from one alone" in text


def test_a_long_list_of_categories_gets_few_headings_and_loses_none():
    counts = {f"C{at:02} > x": at for at in range(1, 41)}
    text = written(counts, headings=1)
    heads = re.findall(r"^## (.*)$", text, flags=re.M)
    assert heads == [f"C{at:02}" for at in range(26, 41)]  # in the order of the code system
    first = text.split("\n")[0]
    assert first.startswith("25 categories have no section of their own, among them *C25*")
    assert "the other 19, with 1 to 19 codings each, stand in the codebook" in first


def test_many_categories_with_nothing_below_them_share_a_paragraph():
    text = written({"A > x": 3, "B": 2, "C": 2, "D": 1, "E": 1}, headings=1)
    assert re.findall(r"^## (.*)$", text, flags=re.M) == ["A"]
    assert text.startswith("4 categories have no section of their own: *B* (2 codings from")
    few = written({"A > x": 3, "B": 2, "C": 2}, headings=1)
    assert re.findall(r"^## (.*)$", few, flags=re.M) == ["A", "B", "C"]


@st.composite
def trees(draw: st.DrawFn) -> dict[str, int]:
    """Draw codings of codes in an uneven tree of up to five levels."""
    paths = draw(
        st.lists(
            st.lists(st.sampled_from("abc"), min_size=1, max_size=5).map(" > ".join),
            min_size=1, max_size=12, unique=True,
        )
    )  # fmt: skip
    return {path: draw(st.integers(1, 9)) for path in paths}


@settings(deadline=None, max_examples=60)
@given(trees(), st.integers(0, 3), st.integers(0, 2))
def test_no_tree_makes_a_sentence_with_a_wrong_number_or_a_hole(counts, headings, examples):
    text = written(counts, headings, examples)
    assert not re.search(r"None|nan|level \d|\b1 (codings|participants|codes)\b|  |, ,|\(\)", text)
    assert "\n\n\n" not in text
    heads = re.findall(r"^(#+) ", text, flags=re.M)
    assert all(len(head) <= headings + 1 for head in heads)
