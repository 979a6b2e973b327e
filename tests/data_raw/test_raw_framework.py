"""The framework, its map, the interview guide and the labels."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.data_raw.published import read_text


@pytest.fixture(scope="module")
def dimensions(raw: Path) -> pd.DataFrame:
    return read_text(raw / "framework" / "dimensions.csv")


@pytest.fixture(scope="module")
def guidance(raw: Path) -> pd.DataFrame:
    return read_text(raw / "framework" / "guidance.csv").set_index("section")


def test_nine_dimensions_are_numbered_in_order(dimensions: pd.DataFrame) -> None:
    assert list(dimensions["number"]) == [str(number) for number in range(1, 10)]
    assert dimensions["id"].is_unique
    assert dimensions["definition"].str.endswith(".").all()


@pytest.mark.parametrize(
    ("section", "title", "page", "kind"),
    [
        ("2", "Good practice services that promote rights and recovery", "13", "chapter"),
        ("2.1.4", "Tupu Ake - South Auckland, New Zealand", "31", "service"),
        ("2.5.2", "Friendship Bench - Zimbabwe", "92", "service"),
        ("2.7", "Conclusion", "134", "section"),
        ("3.4", "Social protection", "147", "section"),
        (
            "4.1.3",
            "Trieste community mental health service network - Italy",
            "165",
            "service",
        ),
        ("5.4", "Financing", "192", "section"),
        ("5.9", "Research", "215", "section"),
    ],
)
def test_guidance_has_titles_and_pages_of_the_contents(
    guidance: pd.DataFrame, section: str, title: str, page: str, kind: str
) -> None:
    assert list(guidance.loc[section, ["title", "page", "kind"]]) == [title, page, kind]


def test_guidance_covers_chapters_two_to_five(guidance: pd.DataFrame) -> None:
    # 4 chapters; 7, 5, 3 and 9 sections; 4 + 3 + 3 + 3 + 5 + 4 services and 3 networks
    assert guidance["kind"].value_counts().to_dict() == {
        "service": 25,
        "section": 24,
        "chapter": 4,
    }
    assert guidance["page"].astype(int).is_monotonic_increasing
    inner = guidance[guidance["kind"] != "chapter"]
    assert list(inner["parent"]) == [section.rpartition(".")[0] for section in inner.index]
    assert inner["parent"].isin(guidance.index).all()


def test_each_dimension_is_one_section_of_chapter_five(
    guidance: pd.DataFrame, dimensions: pd.DataFrame
) -> None:
    named = guidance[guidance["dimension"] != ""]
    assert list(named.index) == [f"5.{number}" for number in dimensions["number"]]
    assert list(named["dimension"]) == list(dimensions["id"])


def test_map_leads_from_each_category_to_its_dimensions(
    raw: Path, segments: pd.DataFrame, dimensions: pd.DataFrame
) -> None:
    table = read_text(raw / "framework" / "map.csv")
    assert set(table["category"]) == set(segments["generic"])
    assert sorted(table["dimension"]) == sorted(dimensions["id"])
    twice = table[table["category"].duplicated(keep=False)]
    assert list(twice["dimension"]) == ["information", "research"]


def test_guide_asks_each_audience_three_questions(raw: Path) -> None:
    guide = read_text(raw / "interview-guide.csv")
    assert guide.groupby("group", sort=False)["number"].agg(list).to_dict() == {
        "Experts and Policymakers": ["1", "2", "3"],
        "Care Providers": ["1", "2", "3"],
        "Patients/Family Caregivers": ["1", "2", "3"],
    }
    assert guide["question"].str.fullmatch(r".{30,}[?]").all()


def test_labels_are_printed_names_that_a_code_cannot_hold_and_names_in_english(
    raw: Path, table4: pd.DataFrame, segments: pd.DataFrame
) -> None:
    labels = read_text(raw / "labels.csv")
    printed = set(table4.to_numpy().ravel())
    own = labels["code"].str.rpartition(" > ")[2]
    glossed = ~own.map(str.isascii)
    assert [
        f"({name})" == label[-len(name) - 2 :]
        for name, label in zip(own[glossed], labels.loc[glossed, "label"], strict=True)
    ] == [True] * 2
    long = labels.loc[~glossed, "label"]
    assert sorted(long) == sorted(name for name in printed if len(name) > 63)
    paths = {
        " > ".join(path.split(" > ")[:depth]) for path in segments["Code"] for depth in (1, 2, 3, 4)
    }
    assert set(labels["code"]) <= paths


def test_the_framework_carries_its_licence_and_citation(raw: Path) -> None:
    text = " ".join((raw / "framework" / "LICENSE.md").read_text(encoding="utf-8").split())
    assert "https://creativecommons.org/licenses/by-nc-sa/3.0/igo" in text
    assert "Geneva: World Health > Organization; 2021" in text
    assert "not endorsed by WHO" in text
