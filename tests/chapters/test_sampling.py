"""The grid of a sample, its criteria and the length of interviews."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.chapters.sampling import (
    choose_attributes,
    criteria_facts,
    criteria_met,
    criteria_table,
    duration_table,
    durations,
    grid_facts,
    grid_table,
    sampling_grid,
)
from analysis.preparation.people import band_names
from analysis.settings import Criterion, Numbers, Variable

PRINT = {"label": "tbl-x", "caption": "X", "synthetic": False}


def attribute(values: list[str], levels: list[str]) -> pd.Series:
    ordered = pd.Categorical(values, categories=levels, ordered=True)
    return pd.Series(ordered, index=[str(n) for n in range(1, len(values) + 1)])


GROUP = attribute(["p", "p", "q"], ["p", "q"])
GENDER = attribute(["f", "m", "f"], ["f", "m"])
BAND = attribute(["young", "old", "old"], ["young", "old", "older"])


def test_the_grid_has_the_cells_that_nobody_is_in():
    grid = sampling_grid({"Group": GROUP, "Gender": GENDER})
    assert grid[["Group", "Gender", "n"]].to_numpy().tolist() == [
        ["p", "f", 1],
        ["p", "m", 1],
        ["q", "f", 1],
        ["q", "m", 0],
    ]
    facts = grid_facts(grid, ("participant", "participants"))
    assert facts["sampling.sentence"] == (
        "Of 4 combinations of group and gender, 3 were reached, 3 by one participant alone."
    )


def test_the_file_of_the_grid_names_nobody():
    grid = sampling_grid({"Group": GROUP, "Gender": GENDER, "Age": BAND})
    table = grid_table(grid, case_word="Participants", **PRINT)
    assert "cases" not in table.csv()
    assert [row.cells for row in table.rows][1] == ("m", "–", "1", "–", "1")
    assert table.rows[0].group == "p"


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([2, 3], "Each of the 2 values of gender was reached."),
        ([2, 1], "Each of the 2 values of gender was reached, 1 by one participant alone."),
        ([2, 0, 0], "Of 3 values of gender, 1 was reached."),
        ([4], "The only value of gender was reached."),
    ],
)
def test_values_of_one_attribute_are_no_combinations(counts, said):
    grid = pd.DataFrame({"Gender": list("abc")[: len(counts)], "n": counts, "cases": ""})
    facts = grid_facts(grid, ("participant", "participants"))
    assert facts["sampling.sentence"] == said


@pytest.mark.parametrize("attributes", [{}, {"Group": GROUP}])
def test_none_or_one_attribute_make_a_grid_too(attributes):
    grid = sampling_grid(attributes)
    table = grid_table(grid, case_word="Participants", **PRINT)
    assert len(table.rows) == max(1, len(grid))
    assert "nan" not in table.html().casefold()
    assert grid_facts(grid, ("participant", "participants"))["sampling.sentence"].endswith(".")


def test_attributes_are_those_that_most_people_have_and_few_levels():
    rows = [(str(n), "group", "ab"[n % 2]) for n in range(10)]
    rows += [(str(n), "Town", f"town {n}") for n in range(10)]
    rows += [(str(n), "Role", "xy"[n % 2]) for n in range(3)]
    groupings = pd.DataFrame(rows, columns=["case_id", "variable", "level"])
    assert choose_attributes(groupings, [], ["group", "Town", "Role"]) == ["group"]
    assert choose_attributes(groupings, ["Town"], ["group", "Town"]) == ["Town"]


def test_each_participant_is_held_against_each_criterion():
    people = pd.DataFrame(
        {"case_id": ["1", "2", "3"], "Age": pd.array([17, 30, None], dtype="Int64")}
    )
    criteria = [
        Criterion(text="adult", variable="Age", minimum=18),
        Criterion(text="young", variable="Age", maximum=20, groups=["p"]),
        Criterion(text="willing"),
    ]
    verdicts = criteria_met(people, criteria, GROUP)
    adult = verdicts[verdicts["criterion"] == "adult"]["verdict"].tolist()
    assert adult == ["not met", "met", "not known"]
    young = verdicts[verdicts["criterion"] == "young"]["verdict"].tolist()
    assert young == ["met", "not met"]
    rows = [
        row.cells
        for row in criteria_table(verdicts, criteria, case_word="Participants", **PRINT).rows
    ]
    assert rows[0] == ("adult", "3", "1", "1 (1)", "1")
    assert rows[2] == ("willing", "3", "–", "–", "not in the data")
    facts = criteria_facts(verdicts, criteria)
    assert facts["criteria.not-met"] == 2
    assert "2 can be checked in the data: 2 did not meet" in facts["criteria.sentence"]


def test_minutes_are_of_first_interviews_and_unknown_ones_are_said():
    documents = pd.DataFrame(
        {
            "case_id": ["1", "2", "3", "1"],
            "is_follow_up": [False, False, False, True],
            "minutes": pd.array([30, 40, None, 10], dtype="Float64"),
        }
    )
    table = durations(documents, GROUP).set_index("group")
    assert table["n"].to_dict() == {"p": 2, "q": 1, "Follow-ups": 1, "All": 4}
    assert table["mean"]["p"] == 35
    printed = duration_table(durations(documents, GROUP), numbers=Numbers(), **PRINT)
    assert [row.cells[:3] for row in printed.rows][1] == ("q", "1 (0 known)", "–")
    assert printed.rows[0].cells[2] == "35.00 ± 7.07"
    assert "nan" not in printed.html().casefold()


def test_bands_are_named_by_their_limits_and_only_numbers_have_them():
    assert band_names([35, 36], whole=True) == ["under 35", "35", "36 and over"]
    with pytest.raises(ValueError, match="bands"):
        Variable(name="Gender", bands=[1.0])
    with pytest.raises(ValueError, match="rise"):
        Variable(name="Age", kind="integer", bands=[50.0, 35.0])
