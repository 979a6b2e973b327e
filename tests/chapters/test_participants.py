"""Participants: everyone is counted once in each variable that applies to them."""

from __future__ import annotations

import re

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chapters.participants import (
    category_counts,
    choose_columns,
    group_facts,
    number_summary,
    participant_facts,
    participants_table,
)
from analysis.settings import Numbers, Participants, Variable

LEVELS = {
    "group": ["Patients", "Nurses", "Managers"],
    "Gender": ["F", "M"],
    "Role": ["a", "b", "c"],
}


@st.composite
def studies(draw: st.DrawFn) -> tuple[pd.DataFrame, list[Variable]]:
    """Draw people of few or no groups, with values missing, some in groups of no concern."""
    n = draw(st.integers(1, 12))
    table = pd.DataFrame({"case_id": [str(at) for at in range(n)]})
    for name, levels in LEVELS.items():
        options = st.sampled_from([*levels, None])
        values = draw(st.lists(options, min_size=n, max_size=n))
        table[name] = pd.Categorical(values, levels, ordered=True)
    ages = draw(st.lists(st.one_of(st.none(), st.integers(18, 90)), min_size=n, max_size=n))
    table["Age"] = pd.Series(ages, dtype="Int64")
    chosen = st.lists(st.sampled_from(LEVELS["group"]), unique=True, max_size=2)
    variables = [
        Variable(name="Gender", missing=True, groups=draw(chosen)),
        Variable(name="Role", missing=True, groups=draw(chosen),
                 within=draw(st.sampled_from([None, "Gender"]))),
        Variable(name="Age", kind="integer", missing=True, groups=draw(chosen)),
    ]  # fmt: skip
    return table, variables


@settings(deadline=None, max_examples=60)
@given(studies(), st.sampled_from([None, "group", "Gender", "Role"]))
def test_in_every_grouping_levels_and_the_unknown_add_up_and_nothing_is_negative(study, group):
    people, variables = study
    for variable in variables:
        applies = pd.Series(True, index=people.index)
        if variable.groups:
            applies = people["group"].isin(variable.groups)
        if variable.kind == "category":
            counts = category_counts(people, variable, group)
            outer = counts[counts["within"].isna()]
            per_group = outer.groupby("group", sort=False)
            assert (per_group["n"].sum() == per_group["known"].first()).all()
        else:
            counts = number_summary(people, variable, group, "sample")
            outer = counts.rename(columns={"n": "known"})
            per_group = outer.groupby("group", sort=False)
        last = counts.drop_duplicates("group").iloc[-1]
        assert last["whole"] == applies.sum()
        assert (per_group["known"].first() <= per_group["whole"].first()).all()
        if group:
            parts = per_group["whole"].first()
            assert parts.iloc[:-1].sum() == parts.iloc[-1]


@settings(deadline=None, max_examples=60)
@given(studies(), st.sampled_from(["group", "Gender", "Role"]))
def test_the_printed_table_has_no_negative_count_and_no_none(study, group_by):
    people, variables = study
    columns = choose_columns(people, Participants(variables=variables), group_by, "")
    table = participants_table(
        people, columns.variables, columns.group,
        numbers=Numbers(), label="tbl-x", caption="x", synthetic=False,
    )  # fmt: skip
    text = " ".join(cell for row in table.rows for cell in row.cells)
    assert not re.search(r"[-−]\d|None|nan|<NA>", text)
    facts = participant_facts(people, columns.variables, columns.group, Numbers())
    facts |= group_facts(people, columns.group)
    assert all(value >= 0 for value in facts.values() if not isinstance(value, str))
    groups = [value for key, value in facts.items() if re.fullmatch(r"group-\d+\.n", key)]
    assert sum(groups) == len(people)


def people_of(**columns: list) -> pd.DataFrame:
    table = pd.DataFrame(columns)
    for name in table.columns:
        if table[name].dtype == "str" or table[name].dtype == "object":
            table[name] = pd.Categorical(table[name], ordered=True)
    return table


def notes_of(people: pd.DataFrame, variables: list[Variable], **numbers: object) -> list[str]:
    table = participants_table(
        people, variables, None,
        numbers=Numbers(**numbers), label="tbl-x", caption="x", synthetic=False,
    )  # fmt: skip
    return list(table.notes)


GENDER, AGE = Variable(name="Gender", missing=True), Variable(name="Age", kind="integer")


def test_grouped_by_another_variable_the_groups_of_the_study_are_a_characteristic():
    people = people_of(group=["A", "B", "B"], Gender=["F", "M", None])
    columns = choose_columns(people, Participants(variables=[GENDER]), "Gender", "")
    table = participants_table(
        people, columns.variables, columns.group,
        numbers=Numbers(), label="tbl-x", caption="x", synthetic=False,
    )  # fmt: skip
    assert [column.label for column in table.columns][1:] == [
        "F (n\u00a0=\u00a01)", "M (n\u00a0=\u00a01)", "Not reported (n\u00a0=\u00a01)",
        "Total (n\u00a0=\u00a03)",
    ]  # fmt: skip
    assert [row.cells[0] for row in table.rows] == ["Group, n (%)", "A", "B"]


def test_the_note_says_that_percentages_are_of_those_known_only_where_some_are_not():
    said = "Percentages are of those for whom the variable is known."
    assert said in notes_of(people_of(Gender=["F", "M", None]), [GENDER])
    assert said not in notes_of(people_of(Gender=["F", "M"]), [GENDER])


def test_the_note_on_rounding_names_the_rule_that_was_used():
    people = people_of(Gender=["F", "M"], Age=[30, 41])
    assert not any("cut" in note for note in notes_of(people, [GENDER, AGE]))
    cut = "Numbers are cut, not rounded, after the last printed digit."
    assert cut in notes_of(people, [GENDER, AGE], rounding="truncate")
    own = AGE.model_copy(update={"rounding": "half-up"})
    assert cut not in notes_of(people, [GENDER, own], rounding="truncate")
    assert "Age: rounded." in notes_of(people, [GENDER, own], rounding="truncate")


def test_percentages_that_do_not_add_up_to_100_are_explained_and_others_are_not():
    people = people_of(Gender=["F", "M", "X"])
    said = [note for note in notes_of(people, [GENDER]) if "100" in note]
    assert said == ["Percentages may not add up to 100, as each is rounded."]
    assert not any("100" in note for note in notes_of(people_of(Gender=["F", "M"]), [GENDER]))


def test_a_dash_is_explained_where_one_stands_and_nowhere_else():
    assert "–: none." not in notes_of(people_of(Gender=["F", "M"]), [GENDER])
    people = people_of(Gender=["F", "M"])
    people["Gender"] = people["Gender"].cat.add_categories("X")
    assert "–: none." in notes_of(people, [GENDER])


def test_a_number_is_summarised_by_what_its_variable_names():
    # quartiles of R: quantile(c(21, 25, 30, 34, 47, 58), c(.25, .75)) gives 26.25 and 43.75
    people = pd.DataFrame({"case_id": list("abcdef"), "Age": [21, 25, 30, 34, 47, 58]})
    variable = Variable(
        name="Age", kind="integer", unit="years", summary=["mean", "median", "range"]
    )
    table = participants_table(
        people, [variable], None, numbers=Numbers(), label="tbl-a", caption="c", synthetic=False
    )
    cells = dict(zip(table.body["characteristic"], table.body.iloc[:, 1], strict=True))
    assert cells == {
        "Age, years, mean ± SD": "35.83 ± 14.08",
        "Age, years, median (IQR)": "32 (26.25–43.75)",
        "Age, years, range": "21–58",
    }
    assert any("IQR" in note for note in table.notes)
    facts = participant_facts(people, [variable], None, Numbers())
    assert (facts["participants.age.q1"], facts["participants.age.q3"]) == (26.25, 43.75)


def test_a_table_of_medians_says_nothing_of_standard_deviations():
    people = pd.DataFrame({"case_id": ["a", "b"], "Age": [21, 25]})
    variable = Variable(name="Age", kind="integer", summary=["median"], decimals=1)
    table = participants_table(
        people, [variable], None, numbers=Numbers(), label="tbl-a", caption="c", synthetic=False
    )
    assert table.body.iloc[0].tolist()[:2] == ["Age, median (IQR)", "23.0 (22.0–24.0)"]
    assert not any("SD" in note for note in table.notes)


def test_text_and_table_print_a_variable_by_its_own_rule():
    from analysis.chapters.participants import own_numbers
    from analysis.metrics import variables as printed_variables

    people = pd.DataFrame({"case_id": ["1", "2", "3"], "Age": pd.array([20, 21, 21], "Int64")})
    age = Variable(name="Age", kind="integer", rounding="truncate", decimals=1)
    numbers = Numbers()
    facts = participant_facts(people, [age], None, numbers)
    text = printed_variables(facts, numbers, own_numbers(people, [age], numbers))
    table = participants_table(
        people, [age], None, numbers=numbers, label="tbl-p", caption="P", synthetic=False
    )
    cell = str(list(table.body.iloc[0]))
    said = text["participants"]["age"]
    assert (said["mean"], said["sd"]) == ("20.6", "0.5")
    assert "20.6 ± 0.5" in cell
    assert printed_variables(facts, numbers)["participants"]["age"]["mean"] == "20.67"
