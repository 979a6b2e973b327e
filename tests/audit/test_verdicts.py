"""The rules of docs/claims.md, one by one."""

from __future__ import annotations

import statistics

import pytest

from analysis.audit import audit_claims
from tests.audit.sample import AGES, audited, claim, facts, ledger, write

IMPOSSIBLE, INCONSISTENT = "impossible", "inconsistent within the publication"
REPRODUCED, ROUNDING, DIFFERS = "reproduced", "rounding only", "differs"
WORDING = "worded differently"
OPEN = "not computable from these data"


def changed(**by_id):
    """The ledger without errors, with some cells changed."""
    rows = ledger()
    for id_, cells in by_id.items():
        row = next(row for row in rows if row["id"] == id_.replace("_", "-"))
        row |= cells if isinstance(cells, dict) else {"printed": cells}
    return rows


def one(folder, *rows, given=None):
    return audited(folder, list(rows), given).iloc[0]


def test_a_mean_that_no_data_can_have_is_impossible_with_its_neighbours(tmp_path):
    row = audited(tmp_path, changed(patients_mean="38.53")).loc["patients-mean"]
    assert row["verdict"] == IMPOSSIBLE
    assert "269/7 = 38.4285… and 270/7 = 38.5714…" in row["why"]


def test_an_sd_that_no_data_can_have_with_its_mean_is_impossible(tmp_path):
    people = claim("n", "12", "count")
    mean = claim("m", "7.3", "mean", whole="n", data="integer")
    sd = claim("s", "2.51", "SD", whole="n", data="integer", beside="m")
    table = audited(tmp_path, [people, mean, sd])
    assert list(table["verdict"]) == [OPEN, OPEN, IMPOSSIBLE]


def test_a_lone_sd_that_only_cutting_off_would_give_is_not_excused_by_it(tmp_path):
    people = claim("n", "4", "count")
    mean = claim("m", "49.75", "mean", whole="n", data="integer")
    sd = claim("s", "10.99", "SD", whole="n", data="integer", beside="m")
    row = audited(tmp_path, [people, mean, sd]).loc["s"]
    assert row["verdict"] == IMPOSSIBLE
    assert "the sample SD cut off (truncated)" in row["why"]


def test_what_a_table_shows_of_its_rounding_holds_for_its_means_and_sds(tmp_path):
    rows = [
        claim("n", "4", "count"),
        claim("m", "49.75", "mean", whole="n", data="integer"),
        claim("s", "10.99", "SD", whole="n", data="integer", beside="m"),
        claim("of", "7", "count"),
        claim("men", "3", "count", whole="of"),
        claim("men-percent", "42.8", "percentage", whole="of", beside="men"),
    ]
    assert set(audited(tmp_path, rows)["verdict"]) == {OPEN}


def test_a_percentage_that_its_count_does_not_give_of_any_whole_is_inconsistent(tmp_path):
    row = audited(tmp_path, changed(patients_female_percent="57.7")).loc["patients-female-percent"]
    assert row["verdict"] == INCONSISTENT
    assert "4 of 7 is 57.142…%, not 57.7, and of no smaller whole" in row["why"]


def test_a_percentage_that_no_count_of_any_whole_gives_is_impossible(tmp_path):
    rows = [claim("n", "7", "count"), claim("a", "57.7", "percentage", whole="n")]
    assert audited(tmp_path, rows).loc["a", "verdict"] == IMPOSSIBLE


def test_a_percentage_of_another_count_is_inconsistent_with_the_count_beside_it(tmp_path):
    row = audited(tmp_path, changed(patients_female_percent="42.9")).loc["patients-female-percent"]
    assert row["verdict"] == INCONSISTENT
    assert "4 of 7 is 57.142…%" in row["why"]


def test_a_count_above_its_whole_is_inconsistent(tmp_path):
    table = audited(tmp_path, changed(patients_female="8"))
    assert table.loc["patients-female", "verdict"] == INCONSISTENT
    assert table.loc["patients", "verdict"] == REPRODUCED


def test_a_wrong_whole_carries_its_sum_and_no_part_or_mean_is_accused(tmp_path):
    table = audited(tmp_path, changed(patients="6"))
    assert list(table.index[~table["verdict"].isin([REPRODUCED, OPEN])]) == ["patients"]
    assert table.loc["patients", "verdict"] == INCONSISTENT
    assert (
        "3 + 4 = 7" in table.loc["patients", "why"] or "4 + 3 = 7" in table.loc["patients", "why"]
    )


def test_parts_that_the_data_give_but_that_fall_short_say_what_is_missing(tmp_path):
    given = facts()
    given.metrics.update({"education.a.n": 3, "education.b.n": 3})
    parts = [
        claim("a", "3", "count", rebuilt="education.a.n", part_of="patients by education"),
        claim("b", "3", "count", rebuilt="education.b.n", part_of="patients by education"),
    ]
    table = audited(tmp_path, [*ledger(), *parts], given)
    assert list(table.index[table["verdict"] == INCONSISTENT]) == ["a", "b"]
    assert "3 + 3 = 6, 1 short of the 7" in table.loc["a", "why"]


def test_two_places_without_data_are_both_named_and_neither_more(tmp_path):
    rows = [claim("a", "12", "count"), claim("b", "13", "count", same_as="a")]
    table = audited(tmp_path, rows)
    assert list(table["verdict"]) == [INCONSISTENT] * 2
    assert "13 stands in" in table.loc["a", "why"]
    assert "12 stands in" in table.loc["b", "why"]


def test_of_two_places_the_one_that_the_data_give_is_reproduced(tmp_path):
    table = audited(tmp_path, changed(people_again="twelve"))
    assert table.loc["people", "verdict"] == REPRODUCED
    assert table.loc["people-again", "verdict"] == INCONSISTENT


@pytest.mark.parametrize("text", ["The TRUST", "trust.", " Trust  ", "a trust", "Ｔrust"])
def test_labels_are_the_same_without_case_article_and_final_stop(tmp_path, text):
    row = one(tmp_path, claim("a", text, "label", rebuilt="labels.2"))
    assert (row["verdict"], row["rebuilt"]) == (REPRODUCED, "Trust")


def test_a_category_on_another_level_is_told_with_that_level(tmp_path):
    row = one(tmp_path, claim("a", "Distance", "label", rebuilt="labels.1"))
    assert (row["verdict"], row["rebuilt"]) == (DIFFERS, "Distance")
    assert "on level 2 of the categories, not on level 1" in row["why"]


def test_stigmata_and_stigmas_vary(tmp_path):
    rows = [claim("a", "Types of stigmata", "label"), claim("b", "Types of stigmas", "label")]
    rows[0]["same_as"] = "b"
    assert list(audited(tmp_path, rows)["verdict"]) == [WORDING] * 2


def test_a_count_that_its_list_does_not_have_is_inconsistent_with_it(tmp_path):
    row = audited(tmp_path, changed(level_3="11")).loc["level-3"]
    assert row["verdict"] == INCONSISTENT
    assert "10 are listed in Table 4 and 10 in the headings" in row["why"]


def test_a_name_that_only_one_of_two_lists_has_is_told(tmp_path):
    extra = claim(
        "extra", "Night shifts", "label", rebuilt="labels.3", lists="level-3 in the headings"
    )
    table = audited(tmp_path, [*ledger(), extra])
    assert list(table.index[~table["verdict"].isin([REPRODUCED, OPEN])]) == ["extra"]
    assert "none of the 10 in Table 4" in table.loc["extra", "why"]


def test_kinds_that_may_have_been_counted_are_offered_as_a_conjecture(tmp_path):
    rows = changed(level_3="13")
    rows.append(claim("kinds", "four", "count", beside="table-3-4", place="kinds of fees"))
    text = audited(tmp_path, rows).loc["level-3", "conjecture"]
    assert text.startswith("Conjecture: 13 = 10 − 1 + 4 if the four kinds of fees")


def test_a_participant_with_two_roles_is_told_where_the_data_have_another(tmp_path):
    again = claim("again", "Head nurse", "attribution", participant="8", role="head nurse")
    table = audited(tmp_path, [*ledger(), again])
    assert table.loc["again", "verdict"] == INCONSISTENT
    assert table.loc["quoted-8", "verdict"] == REPRODUCED


def test_a_role_in_other_words_is_the_same_where_the_ledger_says_so(tmp_path):
    again = claim("again", "nurse of ward 2", "attribution", participant="8", role="ward nurse")
    assert audited(tmp_path, [*ledger(), again]).loc["again", "verdict"] == REPRODUCED


def test_a_quotation_where_the_participant_has_no_coding_differs(tmp_path):
    table = audited(tmp_path, changed(quoted_8={"rebuilt": "quotation:Fees"}))
    assert table.loc["quoted-8", "verdict"] == DIFFERS


def test_a_quotation_of_someone_else_who_is_coded_there_differs(tmp_path):
    given = facts()
    given.coded.add(("Short visits", "9"))
    table = audited(tmp_path, changed(quoted_8={"participant": "9"}), given)
    assert table.loc["quoted-8", "verdict"] == DIFFERS
    assert "the quotation is of No. 8" in table.loc["quoted-8", "why"]


def test_a_coding_that_is_not_marked_to_be_quoted_is_enough_where_none_is_marked(tmp_path):
    row = claim("q", "manager", "attribution", participant="13", rebuilt="quotation:Courses")
    assert one(tmp_path, row)["verdict"] == REPRODUCED


def test_a_wrong_mean_is_not_charged_to_its_column(tmp_path):
    column = claim("column", "Female", "label", rule="column", whole="nurses-female")
    rows = [*changed(nurses_mean="39.21"), column | {"beside": "nurses-mean"}]
    table = audited(tmp_path, rows)
    assert table.loc["nurses-mean", "verdict"] == IMPOSSIBLE
    assert table.loc["column", "verdict"] == OPEN


def test_more_people_quoted_than_tabled_are_told_at_the_count_that_differs(tmp_path):
    rows = changed(head_nurse="1")
    rows.append(claim("q", "head nurse", "attribution", participant="11", role="head nurse"))
    row = audited(tmp_path, rows).loc["head-nurse"]
    assert "2 people are quoted as head nurse, No. 11 and 12" in row["why"]


def test_a_dimension_is_held_against_the_contents_of_its_framework(tmp_path):
    given = facts()
    given.guidance.loc[2, "title"] = "The quality of services"
    row = audited(tmp_path, ledger(), given).loc["dimension-1"]
    assert row["verdict"] == WORDING
    assert "“The quality of services”" in row["why"]


def test_the_studys_own_convention_is_reproduced_and_named(tmp_path):
    given = facts(rounding="truncate")
    row = one(tmp_path, claim("a", "42.8", "percentage"), given=given)
    assert row["verdict"] == OPEN
    row = claim("a", "42.8", "percentage", rebuilt="gender.male.group-1.percent")
    found = one(tmp_path, row, given=given)
    assert found["verdict"] == REPRODUCED
    assert "cut off (truncated)" in found["why"]
    assert one(tmp_path, row, given=facts())["verdict"] == ROUNDING


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ("42.9", REPRODUCED),
        ("42.8", ROUNDING),
        ("43", ROUNDING),
        ("42", ROUNDING),
        ("42.86", REPRODUCED),
        ("42.85", ROUNDING),
        ("42.7", DIFFERS),
        ("44", DIFFERS),
    ],
)
def test_a_percentage_is_judged_by_its_printed_decimals(tmp_path, printed, verdict):
    row = claim("a", printed, "percentage", rebuilt="gender.male.group-1.percent")
    assert one(tmp_path, row)["verdict"] == verdict


def test_tables_say_which_convention_fits_them(tmp_path):
    for rounding, words in (("truncate", "cut off"), ("half-up", "rounded to the nearest")):
        audit = audit_claims(
            write(tmp_path, ledger(rounding)), "claims.csv", facts(rounding=rounding)
        )
        (found,) = audit.conventions
        assert words in found.sentence


def test_the_other_standard_deviation_is_rounding_only_and_named(tmp_path):
    text = f"{statistics.pstdev(AGES['Patients']):.2f}"
    row = one(tmp_path, claim("a", text, "SD", rebuilt="age.group-1.sd"))
    assert row["verdict"] == ROUNDING
    assert "population SD" in row["why"]


@pytest.mark.parametrize(
    ("printed", "rule", "verdict"),
    [
        ("18 to 65", "", REPRODUCED),
        ("18 to 65", "exact", DIFFERS),
        ("22 to 61", "exact", REPRODUCED),
        ("25 to 65", "", DIFFERS),
        ("18 to 60", "", DIFFERS),
        ("65 to 18", "", IMPOSSIBLE),
    ],
)
def test_a_range_holds_the_data_or_is_their_extent(tmp_path, printed, rule, verdict):
    row = claim("a", printed, "range", rule=rule)
    row["rebuilt"] = "age.group-1.minimum age.group-1.maximum"
    assert one(tmp_path, row)["verdict"] == verdict


def test_a_range_beyond_the_one_that_holds_it_is_inconsistent(tmp_path):
    rows = [claim("a", "15 to 60", "range"), claim("b", "10 to 20", "range", whole="a")]
    assert list(audited(tmp_path, rows)["verdict"]) == [INCONSISTENT] * 2


@pytest.mark.parametrize(
    ("printed", "rule", "verdict"),
    [
        ("March 8, 2023", "not-before", DIFFERS),
        ("March 7, 2023", "not-before", REPRODUCED),
        ("March 7, 2023", "", REPRODUCED),
        ("March 2023", "", REPRODUCED),
        ("2022", "", DIFFERS),
    ],
)
def test_a_date_is_met_by_the_data_or_differs_by_days(tmp_path, printed, rule, verdict):
    row = claim("a", printed, "date", rule=rule, rebuilt="interviews.first.date")
    assert one(tmp_path, row)["verdict"] == verdict


def test_months_that_do_not_fit_their_days_are_inconsistent(tmp_path):
    row = audited(tmp_path, changed(months="eight")).loc["months"]
    assert row["verdict"] == INCONSISTENT
    assert "are 6 months" in row["why"]


def test_a_column_whose_people_cannot_have_the_mean_is_inconsistent(tmp_path):
    column = claim("column", "Female", "label", rule="column", whole="patients-female")
    rows = [*ledger(), column | {"beside": "patients-mean"}]
    row = audited(tmp_path, rows).loc["column"]
    assert row["verdict"] == INCONSISTENT
    assert "154/4 = 38.5" in row["why"]
    assert "fits all 7 of the group" in row["why"]


def test_swapped_digits_are_offered_as_a_conjecture(tmp_path):
    row = audited(tmp_path, changed(codings="1,324")).loc["codings"]
    assert row["verdict"] == DIFFERS
    assert "90 fewer than is printed" in row["why"]
    assert "two digits may have changed places" in row["conjecture"]


def test_counts_have_all_verdicts_of_a_study_and_kinds_add_up_to_them(tmp_path):
    audit = audit_claims(write(tmp_path, ledger()), "claims.csv", facts())
    assert len(audit.counts) == 8
    assert sum(audit.counts.values()) == len(audit.claims) == audit.kinds.to_numpy().sum()
    assert audit.counts[IMPOSSIBLE] == 0
    assert list(audit.claims["id"]) == [row["id"] for row in ledger()]


def test_a_ledger_without_claims_has_no_verdicts(tmp_path):
    audit = audit_claims(write(tmp_path, []), "claims.csv", facts())
    assert len(audit.claims) == 0
    assert set(audit.counts.values()) == {0}
    assert audit.kinds.to_numpy().sum() == 0
    assert len(audit.conventions) == 0


def test_a_study_without_framework_roles_or_codes_leaves_such_claims_open(tmp_path):
    import pandas as pd

    given = facts(labels={}, dimensions=[], guidance=pd.DataFrame(), roles={})
    rows = [claim("a", "nurse", "attribution", participant="8", rebuilt="quotation:Fees")]
    assert one(tmp_path, *rows, given=given)["verdict"] == OPEN


def test_an_empty_number_of_codings_or_of_people_is_no_error(tmp_path):
    given = facts()
    given.metrics["participants.total"] = 0
    row = one(tmp_path, claim("a", "0", "count", rebuilt="participants.total"), given=given)
    assert row["verdict"] == REPRODUCED


SYNTHETIC = {"is_synthetic": True}


def test_synthetic_data_do_not_accuse_a_value_that_they_do_not_give(tmp_path):
    rows = [claim("codings", "1,324", "count", rebuilt="codings.total")]
    row = one(tmp_path, *rows, given=facts(**SYNTHETIC))
    assert row["verdict"] == OPEN
    assert "The synthetic data give 1,234" in row["why"]
    assert "no evidence for or against" in row["why"]
    assert one(tmp_path, *rows)["verdict"] == DIFFERS


def test_synthetic_data_do_not_acquit_one_of_two_places_that_contradict_each_other(tmp_path):
    given = facts(**SYNTHETIC)
    table = audited(tmp_path, changed(people_again="twelve"), given)
    assert table.loc["people", "verdict"] == table.loc["people-again", "verdict"] == INCONSISTENT


def test_synthetic_data_do_not_make_an_impossible_mean_possible(tmp_path):
    given = facts(**SYNTHETIC)
    given.metrics["age.group-1.mean"] = 38.53
    rows = changed(patients_mean="38.53")
    assert audited(tmp_path, rows, given).loc["patients-mean", "verdict"] == IMPOSSIBLE


def test_both_attributions_of_one_number_carry_it_where_the_data_are_no_evidence(tmp_path):
    again = claim("again", "Head nurse", "attribution", participant="8", role="head nurse")
    table = audited(tmp_path, [*ledger(), again], facts(**SYNTHETIC))
    assert table.loc["again", "verdict"] == table.loc["quoted-8", "verdict"] == INCONSISTENT
