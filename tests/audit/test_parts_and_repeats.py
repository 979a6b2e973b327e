import numpy as np
import pytest

from analysis.audit.arithmetic import read_numbers
from analysis.audit.conflicts.repeats import agree
from analysis.audit.conflicts.sums import add_up, pooled
from analysis.audit.ledger.links import Links, find_circles


def test_each_split_of_a_whole_adds_up_by_itself():
    # 0 is the whole; 1 and 2 by gender, 3 and 4 by role
    links = Links([0, 0, 0, 0], [1, 2, 3, 4], ["gender", "gender", "role", "role"])
    values = np.array([7.0, 4, 3, 3, 3])
    tested, adds_up = add_up(links, values, values, np.ones(5, dtype=bool))
    assert links.by == ["gender", "role"]
    assert [links.parts_of(at) for at in range(2)] == [[1, 2], [3, 4]]
    assert tested.all()
    assert adds_up.tolist() == [True, False]


def test_a_split_with_an_unknown_part_is_not_judged():
    links = Links([0, 0], [1, 2], ["", ""])
    values = np.array([7.0, 4, 0])
    assert not add_up(links, values, values, np.array([True, True, False]))[0].any()


def test_percentages_add_up_within_their_rounding():
    links = Links([0, 0, 0], [1, 2, 3], ["", "", ""])
    middle = np.array([100.0, 33.3, 33.3, 33.3])
    low, high = middle - np.array([0, 0.05, 0.05, 0.05]), middle + 0.05
    assert add_up(links, low, high, np.ones(4, dtype=bool))[1].all()
    low[1] = high[1] = 36.0
    assert not add_up(links, low, high, np.ones(4, dtype=bool))[1].any()


def test_the_means_of_parts_give_the_mean_of_their_whole():
    links = Links([0, 0], [1, 2], ["", ""])
    mean, n = np.array([0, 2.0, 5.0]), np.array([30.0, 10, 20])
    tested, least, most = pooled(links, mean, mean, n, np.ones(3, dtype=bool))
    assert tested.all()
    assert least[0] == most[0] == pytest.approx(4.0)
    n[0] = 31
    assert not pooled(links, mean, mean, n, np.ones(3, dtype=bool))[0].any()


def test_no_links_are_no_splits():
    assert len(Links([], [], [])) == 0


@pytest.mark.parametrize(
    ("wholes", "circles"),
    [
        ({"a": ["b"], "b": ["c"]}, []),
        ({"a": ["a"]}, [("a",)]),
        ({"a": ["b"], "b": ["c"], "c": ["a"]}, [("a", "b", "c")]),
        ({"x": ["a"], "a": ["b", "c"], "b": ["d"], "c": ["d"]}, []),
        ({"a": ["b"], "b": ["a"], "c": ["d"], "d": ["c"]}, [("a", "b"), ("c", "d")]),
    ],
)
def test_a_circle_of_parts_is_found_once(wholes, circles):
    assert find_circles(wholes) == circles


def test_a_long_chain_of_parts_is_no_circle_and_no_recursion():
    assert find_circles({at: [at + 1] for at in range(20_000)}) == []


@pytest.mark.parametrize(
    ("first", "second", "alike", "possible"),
    [
        ("7", "7", True, True),
        ("7", "8", False, True),
        ("7", "9", False, False),
        ("36.57", "36.6", True, True),
        ("36.57", "36.5", False, True),
        ("36.57", "36.7", False, False),
        ("42.8", "42.9", False, True),
        ("12.5", "12", True, True),
        ("12.5", "13", True, True),
        ("1.50", "1.5", True, True),
        ("-0.4", "0", True, True),
    ],
)
def test_two_statements_agree_if_one_number_prints_as_both(first, second, alike, possible):
    for pair in ((first, second), (second, first)):
        found = agree(*(read_numbers([text]) for text in pair))
        assert [bool(part[0]) for part in found] == [alike, possible]
