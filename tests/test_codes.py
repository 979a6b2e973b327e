"""The code system as a tree."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.codes import at_level, children_counts, lineage, ordered_codes


def code_system(parents: dict[str, str | None]) -> pd.DataFrame:
    levels: dict[str, int] = {}
    for code in parents:
        level, above = 1, parents[code]
        while above is not None and level < 50:
            level, above = level + 1, parents[above]
        levels[code] = level
    return pd.DataFrame(
        {
            "code_id": list(parents),
            "parent_id": pd.Series(list(parents.values()), dtype="str"),
            "level": [levels[code] for code in parents],
            "position": range(1, len(parents) + 1),
        }
    )


TREE = code_system({"a": None, "a>b": "a", "a>b>c": "a>b", "d": None, "d>b": "d"})


def test_each_code_is_listed_with_itself_and_all_above_it():
    table = lineage(TREE)
    assert set(table[table["code_id"] == "a>b>c"]["ancestor_id"]) == {"a", "a>b", "a>b>c"}
    assert len(table) == TREE["level"].sum()


def test_codes_above_a_level_have_no_ancestor_there():
    assert dict(at_level(TREE, 2)) == {"a>b": "a>b", "a>b>c": "a>b", "d>b": "d>b"}


def test_codes_that_stand_above_each_other_in_a_circle_are_refused():
    circle = pd.DataFrame(
        {"code_id": ["a", "b"], "parent_id": ["b", "a"], "level": [1, 2], "position": [1, 2]}
    )
    with pytest.raises(ValueError, match="circle"):
        lineage(circle)


def test_children_are_counted_at_any_depth():
    assert dict(children_counts(TREE, 3)) == {"a": 1, "a>b": 1, "d": 0, "d>b": 0}


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(min_value=-1, max_value=30), min_size=1, max_size=25), st.randoms())
def test_order_puts_parents_first_and_keeps_families_together(links, random):
    parents = {str(at): (str(link) if 0 <= link < at else None) for at, link in enumerate(links)}
    codes = code_system(parents)
    shuffled = list(range(len(codes)))
    random.shuffle(shuffled)
    ordered = list(ordered_codes(codes.iloc[shuffled])["code_id"])
    place = {code: at for at, code in enumerate(ordered)}
    families = lineage(codes)
    assert all(
        place[above] <= place[code]
        for code, above in zip(families["code_id"], families["ancestor_id"], strict=True)
    )
    for above, members in families.groupby("ancestor_id")["code_id"]:
        places = sorted(place[code] for code in members)
        assert places == list(range(place[above], place[above] + len(places)))


def test_a_code_may_be_named_by_the_end_of_its_path_where_no_other_code_ends_so():
    from analysis.codes import full_paths

    paths = [("Cost",), ("Cost", "Fares"), ("Trust",), ("Trust", "Time"), ("Cost", "Time")]
    codes = pd.DataFrame({"code_id": [" > ".join(path) for path in paths], "path": paths})
    typed = pd.DataFrame({"code": ["Fares", "Time", "Trust > Time", "Cost", "Nothing", None]})
    full = full_paths(typed, codes)["code"]
    assert full[:5].tolist() == ["Cost > Fares", "Time", "Trust > Time", "Cost", "Nothing"]
    assert pd.isna(full[5])
