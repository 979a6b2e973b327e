"""The table of categories: no branch and no coding is missing from it."""

from __future__ import annotations

import pandas as pd

from analysis.chapters.frequencies import code_frequencies
from analysis.chapters.hierarchy import depth_to_print, hierarchy_table


def table_of(paths: list[str], coded: list[str], depth: int) -> list[tuple[str, ...]]:
    codes = pd.DataFrame({"code_id": paths})
    codes["label"] = codes["code_id"].str.split(" > ").str[-1]
    codes["level"] = codes["code_id"].str.count(" > ") + 1
    codes["parent_id"] = codes["code_id"].str.rpartition(" > ")[0].replace("", None)
    codes["position"] = range(1, len(codes) + 1)
    codings = pd.DataFrame({"code_id": coded}).assign(case_id="P1", document_id="P1")
    frequencies = code_frequencies(codings, codes)
    table = hierarchy_table(
        codes, frequencies, ["One", "Two", "Three"][:depth], depth,
        case_word="Participants", label="tbl-x", caption="c", synthetic=False,
    )  # fmt: skip
    return [(row.group, *row.cells) for row in table.rows]


def test_a_branch_that_ends_early_and_codings_of_a_heading_have_rows_of_their_own():
    paths = ["A", "A > b", "A > b > c", "Trust"]
    rows = table_of(paths, ["A", "A > b > c", "A > b > c", "Trust"], 3)
    assert rows == [
        ("A", "(the category itself)", "–", "1", "1"),
        ("A", "b", "c", "2", "1"),
        ("Trust", "–", "–", "1", "1"),
    ]
    assert sum(int(row[3]) for row in rows) == 4


def test_two_levels_need_no_headings():
    rows = table_of(["A", "A > b", "Trust"], ["A > b", "Trust"], 2)
    assert rows == [("", "A", "b", "1", "1"), ("", "Trust", "–", "1", "1")]


def test_what_has_no_coding_and_what_is_far_down_a_long_list_is_left_to_the_codebook():
    rows = table_of(["A", "A > b", "A > c", "Trust"], ["A > b"], 2)
    assert rows == [("", "A", "b", "1", "1")]
    many = [f"C{at:02} > x{part}" for at in range(50) for part in range(at, 50)]
    paths = [
        name for at in range(50) for name in (f"C{at:02}", *many) if name.startswith(f"C{at:02}")
    ]
    rows = table_of(list(dict.fromkeys(paths)), many, 2)
    assert [row[1] for row in rows] == [f"C{at:02}" for at in range(25)]
    assert rows[0][2].endswith("x7; 42 more")


def test_three_levels_are_printed_where_they_can_be_read():
    def depth(paths: list[str]) -> int:
        codes = pd.DataFrame({"code_id": paths})
        codes["level"] = codes["code_id"].str.count(" > ") + 1
        codes["parent_id"] = codes["code_id"].str.rpartition(" > ")[0].replace("", None)
        return depth_to_print(codes, codes[["code_id"]].assign(codings=1), [], 0)

    deep = [name for one in "AB" for name in
            (one, f"{one} > b", f"{one} > b > c", f"{one} > b > c > d")]  # fmt: skip
    assert depth(deep) == 3
    assert depth([*deep, "C", "D", "E"]) == 2
    assert depth([*deep, *(f"A > x{at}" for at in range(60))]) == 2
    assert depth(["A", "A > b"]) == 2
    assert depth(["A", "B"]) == 1
