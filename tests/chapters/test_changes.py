"""What became of codes between two states, said in the words that people use for it."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.chapters.changes import change_facts, change_table, code_changes


def system(*paths: str) -> pd.DataFrame:
    parents = [path.rpartition(" > ")[0] or None for path in paths]
    names = [path.rpartition(" > ")[2] for path in paths]
    return pd.DataFrame(
        {
            "code_id": list(paths),
            "parent_id": pd.Series(parents, dtype="str"),
            "name": names,
            "label": names,
            "level": [path.count(" > ") + 1 for path in paths],
        }
    )


def codings(rows: dict[str, str]) -> pd.DataFrame:
    """Codings from a code to its segments, one letter each."""
    pairs = [(code, key) for code, keys in rows.items() for key in keys]
    return pd.DataFrame(pairs, columns=["code_id", "key"], dtype="str")


def kinds(before: dict[str, str], after: dict[str, str], *extra: str) -> set[tuple]:
    """What changed; `extra` are codes without codings, such as categories."""
    one = system(*sorted({*before, *(name for name in extra if not name.startswith("+"))}))
    two_names = {*after, *(name.lstrip("+") for name in extra if not name.startswith("-"))}
    found = code_changes(one, system(*sorted(two_names)), codings(before), codings(after))
    found = found[found["change"] != "kept"]
    return {
        (kind, None if pd.isna(old) else old, None if pd.isna(new) else new)
        for kind, old, new in zip(found["change"], found["before"], found["after"], strict=True)
    }


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": "123"}, {"a": "123"}, set()),
        ({"a": "123"}, {"b": "123"}, {("renamed", "a", "b")}),
        ({"a": "12", "b": "34"}, {"c": "1234"}, {("merged", "a", "c"), ("merged", "b", "c")}),
        ({"a": "12", "b": "34"}, {"b": "1234"}, {("merged", "a", "b"), ("recoded", "b", "b")}),
        ({"a": "1234"}, {"b": "12", "c": "34"}, {("split", "a", "b"), ("split", "a", "c")}),
        ({"a": "12", "b": "3"}, {"a": "12"}, {("removed", "b", None)}),
        ({"a": "12"}, {"a": "12", "n": "9"}, {("new", None, "n")}),
        ({"a": "12"}, {"a": "123"}, {("recoded", "a", "a")}),
    ],
)
def test_each_change_has_its_name(before, after, expected):
    assert kinds(before, after) == expected


def test_a_code_that_changed_its_place_was_moved():
    found = kinds({"x > a": "12", "y > b": "3"}, {"y > a": "12", "y > b": "3"}, "x", "y")
    assert ("moved", "x > a", "y > a") in found


def test_codes_below_one_that_was_renamed_are_kept():
    before, after = {"x > a": "12", "x > b": "3"}, {"z > a": "12", "z > b": "3"}
    one, two = system("x", *before), system("z", *after)
    found = code_changes(one, two, codings(before), codings(after)).set_index("before")
    assert found.loc["x", "change"] == "renamed"
    assert (found.loc[["x > a", "x > b"], "change"] == "kept").all()


def test_the_sentence_counts_codes_and_the_table_groups_them():
    before, after = {"a": "12", "b": "34", "c": "5"}, {"d": "1234", "c": "5", "e": "6"}
    one, two = system(*before), system(*after)
    changes = code_changes(one, two, codings(before), codings(after))
    facts = change_facts(changes, codings(before), codings(after))
    assert facts["changes.merged"] == 2
    assert facts["changes.codings.kept"] == 1
    assert facts["changes.sentence"] == (
        "Since the earlier state, which had 3 codes and 5 codings, of codes 2 are merged and 1 is "
        "new; now there are 6 codings."
    )
    table = change_table(changes, one, two, label="tbl-x", caption="X", synthetic=False)
    assert [row.group for row in table.rows] == ["Merged", "Merged", "New"]
    assert table.notes[0] == "1 code was kept as it was."


def test_two_equal_states_say_that_nothing_changed():
    same = {"a": "12"}
    changes = code_changes(system("a"), system("a"), codings(same), codings(same))
    assert change_facts(changes, codings(same), codings(same))["changes.sentence"].endswith(
        "nothing changed."
    )
    table = change_table(changes, system("a"), system("a"), label="tbl-x", caption="X",
                         synthetic=False)  # fmt: skip
    assert table.rows[0].group == "Nothing changed"


def test_states_without_codings_are_told_by_names():
    empty = codings({})
    found = code_changes(system("x > a", "x"), system("y > a", "y"), empty, empty)
    assert set(found["change"]) == {"renamed", "kept"}
    assert "nan" not in change_table(
        found, system("x > a", "x"), system("y > a", "y"), label="tbl-x", caption="X",
        synthetic=False,
    ).html().casefold()  # fmt: skip
