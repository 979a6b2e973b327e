"""The participants, cell by cell against the published Table 2."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.data_raw.published import count_and_share, mean_and_sd

PROVIDERS = "Healthcare providers"


@pytest.fixture(scope="module")
def sizes(table2: pd.DataFrame) -> dict[str, int]:
    counts = table2[table2["variable"] == "Gender"].copy()
    counts["n"] = counts["printed"].str.split().str[0].astype(int)
    return counts.groupby("group")["n"].sum().to_dict()


def test_32_participants_in_34_documents(variables: pd.DataFrame, sizes: dict[str, int]) -> None:
    assert len(variables) == 34
    assert sum(sizes.values()) == 32
    assert sorted(variables["Participant"].unique(), key=int) == [str(n) for n in range(1, 33)]
    again = variables[variables["Follow-up"] == "yes"]
    assert len(again) == 2
    assert variables.loc[variables["Follow-up"] == "no", "Participant"].is_unique
    assert (variables["Group"] == variables["Document group"]).all()


def test_both_documents_of_a_participant_say_the_same(variables: pd.DataFrame) -> None:
    personal = ["Group", "Gender", "Age", "Education", "Role", "Setting", "Position"]
    assert (variables.groupby("Participant")[personal].nunique() <= 1).all(axis=None)


def test_group_sizes_and_genders_are_as_published(
    table2: pd.DataFrame, people: pd.DataFrame, sizes: dict[str, int]
) -> None:
    assert people["Group"].value_counts().to_dict() == sizes
    for cell in table2[table2["variable"] == "Gender"].itertuples():
        n = int(((people["Group"] == cell.group) & (people["Gender"] == cell.level)).sum())
        assert count_and_share(n, sizes[cell.group]) == cell.printed, cell


def test_ages_print_as_published(table2: pd.DataFrame, people: pd.DataFrame) -> None:
    cells = table2[table2["variable"] == "Age"]
    assert len(cells) == 4
    for cell in cells.itertuples():
        ages = people.loc[people["Group"] == cell.group, "Age"].astype(float)
        assert (ages % 1 == 0).all()
        assert mean_and_sd(map(int, ages)) == cell.printed, cell.group
    patients = people.loc[people["Group"] == "Patients", "Age"].astype(float)
    assert patients.between(18, 65).all()


def test_one_convention_only_fits_all_ages(raw: Path) -> None:
    tool: dict[str, Any] = runpy.run_path(str(raw / "synthetic" / "find_ages.py"))
    ages = tool["published_ages"](raw / "published" / "table2.csv")
    assert len(ages) == 4
    fitting = [
        (convention.sd, convention.rounding)
        for convention in tool["CONVENTIONS"]
        if all(tool["sums"](age, convention) for age in ages)
    ]
    assert fitting == [("sample", "truncate")]


def unmet(table2: pd.DataFrame, people: pd.DataFrame) -> list[tuple[str, str, str]]:
    """List the cells of education and role that the data do not meet."""
    found = []
    for cell in table2[table2["variable"].isin(["Education", "Role"])].itertuples():
        fits = (people["Group"] == cell.group) & (people[cell.variable] == cell.level)
        if cell.within:
            fits &= people["Education"] == cell.within
        if str(int(fits.sum())) != cell.printed:
            found.append((cell.group, cell.level, cell.within))
    return found


def test_education_and_roles_are_as_published_but_for_the_conceded_cell(
    table2: pd.DataFrame, people: pd.DataFrame, concessions: pd.DataFrame
) -> None:
    assert unmet(table2, people) == [(PROVIDERS, "Psychiatrist", "")]
    conceded = concessions.set_index("id").loc["providers-psychiatrists"]
    n = int(((people["Group"] == PROVIDERS) & (people["Role"] == "Psychiatrist")).sum())
    assert conceded["printed"] == "psychiatrist: 2"
    assert conceded["kept_as"] == f"psychiatrist: {n}"


def test_no_data_meet_all_tabled_roles_and_one_concession_is_the_least(
    table2: pd.DataFrame, sizes: dict[str, int]
) -> None:
    cells = table2[table2["variable"] == "Role"].astype({"printed": int})
    counts = cells[cells["within"] == ""].set_index("level")["printed"]
    nested = cells[cells["within"] != ""].groupby("level")["printed"].sum()
    assert counts.sum() == sizes[PROVIDERS] + 1
    # lowering a role whose degrees add up to it breaks a degree as well
    assert (nested == counts[nested.index]).all()
    assert set(counts.index) - set(nested.index) == {"Psychiatrist"}


def test_roles_are_tabled_for_providers_only_and_nobody_else_has_one(people: pd.DataFrame) -> None:
    assert set(people.index[people["Role"].notna()]) == set(
        people.index[people["Group"] == PROVIDERS]
    )
    unknown = people[people["Education"].isna()]
    assert sorted(unknown["Group"]) == [PROVIDERS, "Patients"]


def test_interviews_lie_within_the_period_in_the_order_of_their_numbers(
    variables: pd.DataFrame,
) -> None:
    table = variables.assign(
        day=pd.to_datetime(variables["Interview date"], format="%d.%m.%Y"),
        number=variables["Participant"].astype(int),
    )
    assert table["day"].between("2023-03-04", "2023-09-06").all()
    assert (table["day"].dt.day_of_week != 4).all()  # Friday is the day of rest
    first = table[table["Follow-up"] == "no"].sort_values("number")
    assert first["day"].is_monotonic_increasing
    again = table[table["Follow-up"] == "yes"].set_index("number")["day"]
    assert (again > first.set_index("number")["day"].loc[again.index]).all()


def test_durations_lie_in_the_ranges_of_their_kind(variables: pd.DataFrame) -> None:
    minutes = variables["Duration (min)"].astype(float)
    assert minutes.between(15, 60).all()
    assert minutes[variables["Group"] == "Patients"].between(15, 20).all()
    assert minutes[variables["Group"] == PROVIDERS].between(45, 60).all()
    assert minutes[variables["Follow-up"] == "yes"].max() < 25


def test_quoted_people_hold_a_position_that_the_article_gives_them(
    quotations: pd.DataFrame, people: pd.DataFrame
) -> None:
    roles = quotations["role"].str.casefold().str.removeprefix("a ")
    for number, printed in roles.groupby(quotations["participant"]):
        assert people.loc[number, "Position"].casefold() in set(printed), number


@pytest.mark.parametrize(("place", "number"), [("4.6.1.2", "10"), ("4.5.2.1", "16")])
def test_a_quoted_role_that_is_not_kept_is_conceded(
    quotations: pd.DataFrame,
    people: pd.DataFrame,
    concessions: pd.DataFrame,
    place: str,
    number: str,
) -> None:
    cell = quotations.set_index("section").loc[place]
    assert cell["participant"] == number
    role = cell["role"].removeprefix("a ")
    assert people.loc[number, "Position"].casefold() != role.casefold()
    row = concessions[concessions["place"] == f"Results, {place}"]
    assert list(row["printed"]) == [f"participant No. {number}, {cell['role']}"]
    # the other place gives the position that is kept
    others = quotations[(quotations["participant"] == number) & (quotations["section"] != place)]
    assert people.loc[number, "Position"].casefold() in list(others["role"])
