"""Values of the publication that contradict each other, each with its proof."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pandas as pd

from tests.data_raw.published import cut, read_text


def test_each_concession_is_complete(concessions: pd.DataFrame) -> None:
    assert list(concessions) == ["id", "place", "printed", "kept_as", "conflicts_with", "proof"]
    assert concessions["id"].is_unique
    assert (concessions != "").all(axis=None)
    assert (concessions["printed"] != concessions["kept_as"]).all()


def test_each_heading_that_table_4_words_otherwise_is_conceded(
    raw: Path, concessions: pd.DataFrame
) -> None:
    headings = read_text(raw / "published" / "headings.csv")
    other = headings[headings["printed"].str.casefold() != headings["table4"].str.casefold()]
    conceded = concessions["id"][concessions["id"].str.startswith("heading-")]
    assert set(conceded) == {f"heading-{section}" for section in other["section"]}
    kept = concessions.set_index("id")["kept_as"]
    for row in other[other["table4"] != ""].itertuples():
        assert kept[f"heading-{row.section}"] == row.table4


def test_table_4_has_fewer_subcategories_than_the_text_says(
    raw: Path, table4: pd.DataFrame, concessions: pd.DataFrame
) -> None:
    said = concessions[concessions["id"].str.startswith("subcategories-")]
    assert set(said["printed"]) == {"38 subcategories"}
    assert set(said["kept_as"]) == {str(len(table4))}
    headings = read_text(raw / "published" / "headings.csv")
    assert (headings["level"] == "sub").sum() == len(table4) + 1
    parts = table4.groupby("generic", sort=False).size()
    shown = " + ".join(map(str, parts)) + f" = {parts.sum()}"
    assert concessions["proof"].str.contains(shown, regex=False).any()


def test_ages_printed_under_female_cannot_be_those_of_women(table2: pd.DataFrame) -> None:
    women = table2[(table2["variable"] == "Gender") & (table2["level"] == "Female")]
    counts = women.set_index("group")["printed"].str.split().str[0].astype(int)
    means = table2[table2["variable"] == "Age"].set_index("group")["printed"].str.split().str[0]
    impossible = [
        group
        for group, n in counts.items()
        if means[group] not in {cut(Fraction(total, n), 2) for total in range(18 * n, 100 * n)}
    ]
    assert impossible == ["Patients", "Healthcare providers", "Policymakers"]


def test_one_patient_has_no_tabled_education(
    table2: pd.DataFrame, people: pd.DataFrame, concessions: pd.DataFrame
) -> None:
    cells = table2[(table2["variable"] == "Education") & (table2["group"] == "Patients")]
    patients = people[people["Group"] == "Patients"]
    missing = len(patients) - cells["printed"].astype(int).sum()
    assert missing == patients["Education"].isna().sum() == 1
    kept = concessions.set_index("id").loc["patients-education", "kept_as"]
    assert kept.endswith(f"not reported: {missing}")


def test_each_name_of_the_abstract_is_kept_as_one_of_table_4(
    table4: pd.DataFrame, concessions: pd.DataFrame
) -> None:
    row = concessions.set_index("id").loc["abstract-names"]
    printed, kept = row["printed"].split("; "), row["kept_as"].split("; ")
    assert len(printed) == len(kept) == 10
    assert set(kept) <= set(table4["main"])
    names = set(table4["main"].str.casefold())
    assert not {name.removeprefix("the ") for name in printed} & names
