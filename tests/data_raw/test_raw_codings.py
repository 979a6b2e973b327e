"""The codings: how many, on which codes, by whom, and when the new ones ended."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from tests.data_raw.published import read_text

PERSIAN = re.compile("[\u0600-\u06ff]")


def test_main_coder_made_1704_codings_of_primary_codes(codings: pd.DataFrame) -> None:
    assert len(codings) == 1704
    assert codings["primary"].notna().all()
    assert (codings["Code"].str.count(" > ") == 3).all()


def test_categories_and_their_order_are_those_of_table_4(
    raw: Path, codings: pd.DataFrame, table4: pd.DataFrame, printed_name: dict[str, str]
) -> None:
    levels = codings[["generic", "main", "sub"]].drop_duplicates()
    named = levels.replace(printed_name)
    assert [named[level].nunique() for level in named] == [8, 14, 35]
    assert set(map(tuple, named.to_numpy())) == set(map(tuple, table4.to_numpy()))
    system = pd.read_excel(raw / "exports" / "code-system.xlsx", engine="calamine", header=None)
    for column, level in enumerate(("generic", "main", "sub"), start=1):
        names = system[column].dropna().replace(printed_name)
        assert list(names) == list(table4.drop_duplicates(list(table4)[:column])[level])


def test_no_name_is_longer_than_a_code_may_be(segments: pd.DataFrame) -> None:
    names = segments[["generic", "main", "sub", "primary"]].stack()
    assert names.str.len().max() <= 63


def test_several_hundred_primary_codes_differ_in_more_than_a_word(codings: pd.DataFrame) -> None:
    names = codings["primary"].drop_duplicates()
    assert names.nunique() == codings["Code"].nunique()
    assert 400 <= len(names) <= 480
    first_words = names.str.split().str[:2].str.join(" ")
    assert first_words.nunique() > 0.85 * len(names)
    assert not names.str.contains(r"\bcode\b", case=False).any()


def test_each_subcategory_has_several_primary_codes(codings: pd.DataFrame) -> None:
    assert codings.groupby("sub")["primary"].nunique().min() >= 8


def test_frequencies_are_skewed(codings: pd.DataFrame) -> None:
    counts = codings["Code"].value_counts()
    assert counts.median() <= 4
    assert counts.iloc[0] >= 5 * counts.median()
    assert (counts == 1).mean() > 0.1


def test_quoted_participants_have_a_quotable_coding_under_that_heading(
    codings: pd.DataFrame, quotations: pd.DataFrame, printed_name: dict[str, str]
) -> None:
    quotable = codings[codings["Weight score"] == "100"]
    names = quotable.assign(sub=quotable["sub"].replace(printed_name))
    here = pd.concat(
        [
            names[["participant", "sub"]].rename(columns={"sub": "category"}),
            names[["participant", "primary"]].rename(columns={"primary": "category"}),
        ]
    )
    have = set(zip(here["participant"].astype(str), here["category"], strict=True))
    for quotation in quotations.itertuples():
        assert (quotation.participant, quotation.category) in have, quotation.section
    assert len(quotable) == len(quotations) == 37


def test_weights_mark_quotations_and_nothing_else(segments: pd.DataFrame) -> None:
    assert set(segments["Weight score"]) == {"0", "100"}
    assert set(segments.loc[segments["Weight score"] == "100", "Created by"]) == {"Coder A"}
    texts = segments.loc[segments["Weight score"] == "100", "Segment"]
    sentences = texts.str.count(r"[.?!]( |$)")
    assert sentences.between(1, 3).all()


def test_the_heading_that_table_4_lacks_is_a_primary_code(
    raw: Path, codings: pd.DataFrame, table4: pd.DataFrame
) -> None:
    headings = read_text(raw / "published" / "headings.csv")
    lacking = headings[headings["table4"] == ""]
    assert list(lacking["section"]) == ["4.8.1.3"]
    name = lacking["printed"].iloc[0].casefold()
    found = codings[codings["primary"].str.casefold() == name]
    assert set(found["sub"]) == {"Weakness of using data in research"}
    assert name not in set(table4["sub"].str.casefold())


def test_interview_30_is_the_last_with_a_new_code(codings: pd.DataFrame) -> None:
    first = codings.groupby("Code")["participant"].min()
    new = first.value_counts().reindex(range(1, 33), fill_value=0)
    assert new.index[new > 0].max() == 30
    assert new[31] == new[32] == 0
    # most is heard early, and ever less later
    assert new.loc[1:8].sum() > 0.5 * new.sum()
    assert new.loc[25:30].sum() < 0.1 * new.sum()
    assert new.cumsum().loc[22] > 0.9 * new.sum()


def test_follow_ups_bring_no_new_code(codings: pd.DataFrame) -> None:
    again = codings["Document name"].str.contains("follow-up")
    assert again.sum() > 0
    assert set(codings.loc[again, "Code"]) <= set(codings.loc[~again, "Code"])


def test_groups_speak_of_what_concerns_them(codings: pd.DataFrame) -> None:
    share = pd.crosstab(codings["sub"], codings["Document group"], normalize="columns")
    family = ["Inefficient family care", "Exhaustion and destruction of the family"]
    assert share.loc[family, "Caregivers"].sum() > 3 * share.loc[family, "Policymakers"].sum()
    assert share.loc["Lack of funds", "Policymakers"] > 0.05
    assert share.loc["Lack of funds", "Patients"] == 0
    assert share.loc["Destigmatization", "Patients"] > share.loc["Destigmatization", "Policymakers"]


def test_positions_and_texts_are_those_of_an_interview(segments: pd.DataFrame) -> None:
    begin, end = (segments[name].astype(int) for name in ("Beginning", "End"))
    assert (begin >= 1).all()
    assert (end - begin).between(0, 2).all()
    assert not segments["Segment"].str.contains(r"[{}|]|  ").any()
    assert segments["Segment"].str.len().between(20, 450).all()
    inside = segments.assign(share=segments["Coverage %"].astype(float)).drop_duplicates(
        ["Document name", "Created by", "Beginning", "Segment"]
    )
    assert inside.groupby(["Document name", "Created by"])["share"].sum().max() < 100


def test_persian_stands_in_segments_a_quotation_and_a_common_code(codings: pd.DataFrame) -> None:
    persian = codings[codings["Segment"].str.contains(PERSIAN)]
    assert len(persian) >= 10
    assert persian["Segment"].str.contains("\u200c").any()
    assert persian["Segment"].str.contains("[۰-۹]").any()
    assert (persian["Weight score"] == "100").sum() == 1
    counts = codings["primary"].value_counts()
    top = counts.head(10)
    assert top.index.str.contains(PERSIAN).sum() == 1


def test_second_coder_coded_four_interviews_and_mostly_agrees(
    segments: pd.DataFrame, codings: pd.DataFrame
) -> None:
    second = segments[segments["Created by"] == "Coder B"]
    names = set(second["Document name"])
    assert len(names) == 4
    assert set(segments["Created by"]) == {"Coder A", "Coder B"}
    assert second["Document group"].nunique() == 4
    place = ["Document name", "Code", "Beginning", "End"]
    ours, theirs = (
        set(map(tuple, frame[frame["Document name"].isin(names)][place].to_numpy()))
        for frame in (codings, second)
    )
    alike = 2 * len(ours & theirs) / (len(ours) + len(theirs))
    assert 0.75 <= alike <= 0.9
    assert set(second["Code"]) <= set(codings["Code"])
    assert not set(second["Segment"]) <= set(codings["Segment"])
