"""Sentences that hold for any study are whole sentences, in the singular and in the plural."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.chapters.frequencies import code_frequencies
from analysis.chapters.summary import summary_facts
from analysis.settings import Numbers


def facts(rows: list[tuple[str, str]], levels: list[str] | None = None, groups=None, **changes):
    """Facts of a study from (case, code path) rows."""
    names = sorted({path for _, path in rows})
    paths = sorted({tuple(name.split(" > ")[:depth]) for name in names for depth in range(1, 9)})
    paths = [path for path in paths if path]
    codes = pd.DataFrame(
        {
            "code_id": [" > ".join(path) for path in paths],
            "parent_id": [" > ".join(path[:-1]) or None for path in paths],
            "label": [path[-1] for path in paths],
            "level": [len(path) for path in paths],
            "position": range(1, len(paths) + 1),
        }
    )
    codings = pd.DataFrame(
        {
            "code_id": [path for _, path in rows],
            "case_id": [case for case, _ in rows],
            "document_id": [case for case, _ in rows],
        }
    )
    cases = sorted({case for case, _ in rows})
    documents = pd.DataFrame({"document_id": cases, "case_id": cases, "date": None})
    given = {
        "cases": len(cases),
        "levels": levels or [],
        "plurals": [],
        "document_words": ("post", "posts"),
        "case_words": ("post", "posts"),
        "read": len(rows),
        "agreement": 0,
        "set_aside": 0,
    }
    return summary_facts(
        codes, code_frequencies(codings, codes), documents, groups, Numbers(), **(given | changes)
    )


def test_one_of_everything_is_told_in_the_singular():
    found = facts([("a", "Trust")])
    assert found["summary.material"] == "The material comprises 1 post."
    assert found["summary.levels"] == "The code system is a list of 1 code that was applied."
    assert found["summary.leading"] == "1 coding stands under one code, “Trust”, from the one post."


def test_several_codes_are_told_in_order_of_weight():
    rows = [("a", "Trust"), ("b", "Trust"), ("a", "Cost"), ("b", "Trust")]
    found = facts(rows, case_words=("participant", "participants"))
    assert found["summary.leading"] == (
        "Of 4 codings, “Trust” has the largest number, 3 (75.0%) from both participants, "
        "followed by “Cost” with 1 (25.0%)."
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "AABBC",
            "Of 5 codings, “A” and “B” have the largest number, 2 each (40.0%).",
        ),
        ("ABCDE", "Of 5 codings, 5 codes share the largest number, 1 each (20.0%)."),
    ],
)
def test_a_tie_has_no_leader(rows, said):
    assert facts([("a", name) for name in rows])["summary.leading"] == said


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
def test_every_depth_has_a_sentence(depth):
    path = " > ".join("ABCDE"[:depth])
    found = facts([("a", path), ("b", path)])
    assert "level-" not in found["summary.levels"]
    assert found["summary.levels"].endswith(".")


def test_codings_that_are_not_counted_are_told():
    found = facts([("a", "Trust")], read=10, agreement=3, set_aside=1)
    assert found["summary.codings"] == (
        "of 10 codings that were read, 6 are counted, 3 are kept to measure agreement and "
        "1 is set aside."
    )


def test_groups_are_told_with_their_sizes():
    groups = pd.Series(
        pd.Categorical(["x", "y"], categories=["x", "y"], ordered=True), index=["a", "b"]
    )
    found = facts(
        [("a", "T"), ("b", "T")], groups=groups, case_words=("participant", "participants")
    )
    assert found["summary.material"] == (
        "The material comprises 2 posts of 2 participants (x, 1; y, 1)."
    )
