import json
import math

import pytest

from analysis.audit import audit_document, audit_lines, audit_table
from tests.audit import plain_audit, random_tables
from tests.audit.arithmetic import brute_force

FEWER = "of fewer than its whole"
FLAGGED = {"impossible", "inconsistent within the publication", "rounding only", FEWER}


def audit(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return audit_table(path)


def verdicts(found):
    return dict(zip(found.claims["id"], found.claims["verdict"], strict=True))


def whys(found):
    return dict(zip(found.claims["id"], found.claims["why"], strict=True))


def example(repository, name):
    return audit_table(repository / "examples" / "audit" / name)


def test_the_table_of_participants_is_judged_under_the_one_convention_that_fits_it(repository):
    found = example(repository, "participants.csv")
    conventions = {c.table: c for c in found.conventions}["Table 2"]
    assert [str(c) for c in conventions.fitting] == ["sample SD, cut off (truncated)"]
    wrong = {claim: verdict for claim, verdict in verdicts(found).items() if verdict in FLAGGED}
    roles = ["social worker", "psychologist", "psychiatrist", "occupational therapist"]
    roles += ["head nurse", "home care manager", "diploma", "BS"]
    assert wrong == {f"{name}.count": "inconsistent within the publication" for name in roles}
    assert "4 + 4 + 2 + 3 + 3 + 1 = 17, 1 above the 16" in whys(found)["head nurse.count"]
    assert "3 + 3 = 6, 1 short of the 7" in whys(found)["BS.count"]
    assert found.counts == {"inconsistent within the publication": 8, "consistent": 42}


def test_the_published_examples_of_the_tests_are_judged_as_published(repository):
    found = verdicts(example(repository, "whole-numbers.csv"))
    expected = {
        "grim-1.mean": "impossible",
        "grim-2.mean": "impossible",
        "grim-3.mean": "impossible",
        "grimmer-2.sd": "impossible",
        "grimmer-3.sd": "impossible",
        "debit-1.mean": "impossible",
        "debit-2.sd": "impossible",
        "share-1.percent": FEWER,
        "share-3.percent": FEWER,
    }
    assert {claim: verdict for claim, verdict in found.items() if verdict in FLAGGED} == expected
    assert set(found.values()) - FLAGGED == {"consistent", "not computable from these data"}
    assert found["debit-1.sd"] == "not computable from these data"


def test_each_planted_error_of_the_survey_is_found_and_nothing_else(repository):
    found = example(repository, "survey.csv")
    flagged = {claim for claim, verdict in verdicts(found).items() if verdict in FLAGGED}
    assert flagged == {
        "women.count",  # 702 + 548 are not 1,260
        "men.count",
        "answered.count",  # 1,206 in the abstract
        "row 10.count",
        "row 8.percent",
        "row 12.mean",
        "row 13.sd",
        "row 16.mean",
    }
    assert "row 9.percent" not in found.claims["id"].tolist()


@pytest.mark.parametrize(("seed", "rate"), [(0, 0.0), (1, 0.1), (2, 0.3)])
def test_the_fast_audit_gives_the_verdicts_of_the_plain_one(tmp_path, seed, rate):
    path = tmp_path / "table.csv"
    random_tables.write_table(path, 600, seed, rate)
    assert verdicts(audit_table(path)) == plain_audit.audit(path)


def test_tables_without_errors_are_never_called_impossible_or_inconsistent(tmp_path):
    path = tmp_path / "table.csv"
    random_tables.write_table(path, 4000, 5, error_rate=0.0)
    counts = audit_table(path).counts
    assert set(counts) <= {"consistent", "not computable from these data", "rounding only"}
    # where one value of a table alone needs its convention
    assert counts.get("rounding only", 0) < 0.005 * sum(counts.values())


def test_of_over_500_planted_misprints_those_that_arithmetic_can_see_are_found(tmp_path):
    path = tmp_path / "table.csv"
    planted = random_tables.write_table(path, 4000, 6, error_rate=0.1)
    found = verdicts(audit_table(path))
    hits = [claim for claim in planted if found[claim] in FLAGGED]
    assert len(planted) > 500
    # counts and means with nothing to hold them against cannot be seen
    shares = [claim for claim in planted if claim.endswith(".percent")]
    assert len(set(hits) & set(shares)) > 0.9 * len(shares)
    assert len(hits) > 0.5 * len(planted)


def test_means_of_undeclared_data_are_never_tested_as_whole_numbers(tmp_path):
    found = audit(tmp_path, "n,mean,sd\n28,5.19,1.2\n")
    assert set(verdicts(found).values()) == {"not computable from these data"}
    assert "column data" in whys(found)["row 2.mean"]


def test_a_percentage_that_its_count_contradicts_is_inconsistent_and_not_impossible(tmp_path):
    found = audit(tmp_path, "count,whole,percent\n12,50,23.1\n,5,26.1\n")
    assert verdicts(found)["row 2.percent"] == "inconsistent within the publication"
    assert "12 of 50 is 24%, not 23.1" in whys(found)["row 2.percent"]
    assert verdicts(found)["row 3.percent"] == "impossible"


def test_a_percentage_of_those_known_is_a_question_of_missing_data(tmp_path):
    found = audit(tmp_path, "count,whole,percent\n12,50,26.1\n")
    assert verdicts(found)["row 2.percent"] == FEWER
    assert "26.1% is 12 of 46" in whys(found)["row 2.percent"]


def test_missing_answers_valid_percentages_and_weights_can_be_declared(tmp_path):
    text = (
        "count,whole,percent,missing,rule\n12,50,26.1,4,\n12,50,26.1,,of-known\n"
        "12,50,31.7,,weighted\n12,50,24.1,,forced-sum\n12,50,24.1,,\n"
    )
    found = verdicts(audit(tmp_path, text))
    assert (
        found["row 2.percent"] == found["row 3.percent"] == found["row 5.percent"] == "consistent"
    )
    assert found["row 4.percent"] == "not computable from these data"
    assert found["row 6.percent"] != "consistent"


def test_a_count_above_its_whole_is_inconsistent(tmp_path):
    assert verdicts(audit(tmp_path, "count,whole\n8,7\n")) == {
        "row 2.count": "inconsistent within the publication"
    }


def test_n_serves_as_the_whole_where_none_is_given(tmp_path):
    assert verdicts(audit(tmp_path, "n,count\n7,3 (42.9)\n"))["row 2.percent"] == "consistent"


def test_a_lone_value_that_is_cut_off_is_not_excused_and_the_convention_is_named(tmp_path):
    found = audit(tmp_path, "count,whole,percent\n3,7,42.8\n")
    assert verdicts(found)["row 2.percent"] == "inconsistent within the publication"
    assert "By cutting off (truncated) it could be" in whys(found)["row 2.percent"]


def test_a_value_that_alone_is_cut_off_among_many_is_a_matter_of_rounding(tmp_path):
    rows = "".join(f"{count},{whole},{100 * count // whole}\n" for count, whole in SHARES)
    found = audit(tmp_path, f"count,whole,percent\n{rows}")
    assert list(verdicts(found).values()).count("rounding only") == 1
    assert not {"impossible", "inconsistent within the publication"} & set(verdicts(found).values())


# whole percentages, of which the last alone is not whole
SHARES = [(1, 4), (1, 2), (3, 4), (1, 5), (2, 5), (2, 3)]


def test_two_values_that_are_cut_off_show_that_the_table_is(tmp_path):
    found = audit(tmp_path, "count,whole,percent\n3,7,42.8\n2,3,66.6\n1,7,14.2\n")
    assert set(verdicts(found).values()) == {"consistent"}


def test_tables_are_judged_apart(tmp_path):
    text = "table,count,whole,percent\nA,3,7,42.8\nA,2,3,66.6\nB,3,7,42.9\nB,2,3,66.7\n"
    found = audit(tmp_path, text)
    assert set(verdicts(found).values()) == {"consistent"}
    assert [c.choice.rounding for c in found.conventions] == ["truncate", "half-up"]


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ("5.8,1.0,7,1,5,", "impossible"),
        ("4.2,1.0,7,1,5,", "consistent"),
        ("5.0,1.0,7,1,5,continuous", "consistent"),
        ("0.7,0.5,7,1,5,integer", "impossible"),
    ],
)
def test_a_mean_off_its_scale_cannot_be(tmp_path, row, verdict):
    found = audit(tmp_path, f"mean,sd,n,min,max,data\n{row}\n")
    assert verdicts(found)["row 2.mean"] == verdict


def test_an_sd_beyond_its_scale_cannot_be_whatever_the_data(tmp_path):
    found = audit(tmp_path, "mean,sd,n,min,max\n3.0,2.31,25,1,5\n3.0,2.00,25,1,5\n,2.31,,1,5\n")
    assert [verdicts(found)[f"row {at}.sd"] for at in (2, 3, 4)] == [
        "impossible",
        "consistent",
        "consistent",
    ]
    assert "at most 2.0" in whys(found)["row 2.sd"]


def test_an_sd_is_not_blamed_for_its_mean(tmp_path):
    found = audit(tmp_path, "mean,sd,n,data\n5.19,1.2,28,integer\n")
    assert verdicts(found)["row 2.sd"] == "not computable from these data"


def test_an_sd_without_a_mean_is_tested_against_every_total(tmp_path):
    found = audit(tmp_path, "sd,n,data\n.11,20,binary\n.49,20,binary\n1.05,2,integer\n")
    assert list(verdicts(found).values()) == ["impossible", "consistent", "impossible"]


def test_percentages_of_parts_and_means_of_parts_are_held_against_the_whole(tmp_path):
    text = (
        "id,n,mean,percent,part_of\nall,30,4.00,100,\na,10,2.00,33.3,all\nb,20,5.00,66.7,all\n"
        "total,30,4.30,100,\nc,10,2.00,33.3,total\nd,20,5.00,60.7,total\n"
    )
    found = audit(tmp_path, text)
    assert "4" in whys(found)["all.mean"]
    assert verdicts(found)["all.mean"] == "consistent"
    assert verdicts(found)["total.mean"] == "inconsistent within the publication"


def test_percentages_that_do_not_add_up_are_found_where_no_counts_stand(tmp_path):
    text = "id,percent,part_of\nall,100,\na,33.3,all\nb,66.7,all\n"
    text += "all2,100,\nc,33.3,all2\nd,60.7,all2\n"
    found = verdicts(audit(tmp_path, text))
    assert found["a.percent"] == "consistent"
    assert found["d.percent"] == found["all2.percent"] == "inconsistent within the publication"


def test_a_whole_that_another_split_confirms_is_not_blamed(tmp_path):
    text = (
        "id,n,count,part_of\np,7,,\nf,,4,p by gender\nm,,3,p by gender\n"
        "x,,3,p by role\ny,,3,p by role\n"
    )
    found = verdicts(audit(tmp_path, text))
    assert found["p.n"] == "consistent"
    assert found["x.count"] == "inconsistent within the publication"


def test_the_same_quantity_in_two_places_must_agree(tmp_path):
    text = "id,n,mean,same_as\na,7,36.57,\nb,7,36.6,a\nc,,36.5,a\nd,8,,a\n"
    found = verdicts(audit(tmp_path, text))
    assert found["c.mean"] == "rounding only"
    # of 7, 7 and 8 nobody knows which is right
    assert found["d.n"] == found["a.n"] == found["b.n"] == "inconsistent within the publication"
    found = verdicts(audit(tmp_path, "id,n,mean,same_as\na,7,36.57,\nb,7,36.6,a\n"))
    assert set(found.values()) <= {"consistent", "not computable from these data"}


def test_a_count_can_state_the_n_of_another_place(tmp_path):
    found = verdicts(audit(tmp_path, "id,n,count,same_as\na,7,,\nb,,7,a\n"))
    assert found["b.count"] == "consistent"
    found = verdicts(audit(tmp_path, "id,n,count,same_as\na,7,,\nb,,7,a\nc,,6,a\n"))
    assert found["c.count"] == "inconsistent within the publication"


def test_the_document_for_programs_is_plain_json_with_claims_and_counts(repository):
    found = example(repository, "survey.csv")
    document = json.loads(json.dumps(audit_document(found), ensure_ascii=False))
    keys = ["id", "place", "row", "kind", "printed", "rebuilt", "verdict", "why"]
    assert all(list(claim)[: len(keys)] == keys for claim in document["claims"])
    assert all(claim["rebuilt"] is None for claim in document["claims"])
    assert sum(document["counts"].values()) == len(document["claims"])
    assert set(document["counts"]) == {claim["verdict"] for claim in document["claims"]}
    assert found.claims["id"].is_unique


def test_every_claim_has_a_reason_that_ends_as_a_sentence(repository):
    for name in ("participants.csv", "whole-numbers.csv", "survey.csv"):
        claims = example(repository, name).claims
        assert claims["why"].str.match(r".{8,}[.)]$").all()


def test_the_text_groups_claims_by_verdict_and_keeps_to_the_width(repository):
    found = example(repository, "survey.csv")
    text = "\n".join(audit_lines(found, width=90, everything=True))
    assert max(map(len, text.splitlines())) <= 90
    wanted = [f"{verdict.upper()} ({count})" for verdict, count in found.counts.items()]
    positions = [text.index(heading) for heading in wanted]
    assert positions == sorted(positions)
    assert text.startswith(f"{len(found.claims)} claims\n")


def test_the_example_of_the_documentation_gives_what_is_said_there(repository, tmp_path):
    text = (repository / "docs" / "audit-table.md").read_text(encoding="utf-8")
    found = verdicts(audit(tmp_path, text.split("```csv\n", 1)[1].split("```", 1)[0]))
    assert {claim: verdict for claim, verdict in found.items() if verdict != "consistent"} == {
        "all.n": "inconsistent within the publication",
        "women.count": "inconsistent within the publication",
        "men.count": "inconsistent within the publication",
        "row 6.mean": "impossible",
        "row 6.sd": "not computable from these data",
    }


def test_auditing_twice_gives_the_same_bytes(repository):
    first, second = (
        json.dumps(audit_document(example(repository, "survey.csv"))) for _ in range(2)
    )
    assert first == second


def test_each_possible_sd_of_a_small_table_comes_with_a_sample(repository):
    why = whys(audit_table(repository / "examples" / "audit" / "participants.csv"))
    sample = why["policymakers.sd"].split("For example ")[1].rstrip(".").split(", ")
    sample = [int(number) for number in sample]
    assert (len(sample), sum(sample)) == (4, 199)
    assert 10.99**2 <= sum((x - 49.75) ** 2 for x in sample) / 3 < 11**2


def test_on_a_scale_an_sd_is_possible_only_where_a_sample_exists(tmp_path):
    # five answers from 1 to 15 (14 steps, so not listed) near both ends
    rows = [
        f"5,{mean / 10},{sd / 100:.2f},1,15,integer"
        for mean in (20, 60, 90)
        for sd in range(500, 720)
    ]
    shown = verdicts(audit(tmp_path, "n,mean,sd,min,max,data\n" + "\n".join(rows) + "\n"))
    samples = {
        (sum(sample), sum(x * x for x in sample)) for sample in brute_force.samples(5, 1, 15)
    }
    assert "not computable from these data" not in shown.values()
    for claim, verdict in shown.items():
        if claim.endswith(".sd"):
            _, mean, sd, *_ = rows[int(claim.split(".")[0].removeprefix("row ")) - 2].split(",")
            # rounded to the nearest
            exists = any(
                abs(math.sqrt(max(squares - total**2 / 5, 0) / 4) - float(sd)) <= 0.00500001
                for total, squares in samples
                if total == round(float(mean) * 5)
            )
            assert exists == (verdict == "consistent")


def test_nine_people_cannot_have_the_mean_222_and_the_sd_179_on_one_to_five(tmp_path):
    found = audit(tmp_path, "n,mean,sd,min,max,data\n9,2.22,1.79,1,5,integer\n")
    assert verdicts(found)["row 2.sd"] == "impossible"
    assert "a full search finds none" in whys(found)["row 2.sd"]


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ("20,,,36,,,integer", "consistent"),
        ("20,,,36.5,,,integer", "consistent"),
        ("21,,,36.5,,,integer", "impossible"),
        ("20,,,36.3,,,integer", "impossible"),
        ("20,,,36.3,,,", "not computable from these data"),
        ("20,,,36,30,45,", "consistent"),
        ("20,,,46,30,45,", "inconsistent within the publication"),
    ],
)
def test_a_median_of_whole_numbers_is_one_of_them_or_halfway_between_two(tmp_path, row, verdict):
    found = verdicts(audit(tmp_path, f"n,mean,sd,median,low,high,data\n{row}\n"))
    assert found["row 2.median"] == verdict


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ("25,3.44,1.16,0.23", "consistent"),
        ("25,3.44,1.16,1.16", "inconsistent within the publication"),
        ("25,3.44,,0.23", "not computable from these data"),
    ],
)
def test_a_standard_error_is_its_sd_by_the_root_of_n(tmp_path, row, verdict):
    found = verdicts(audit(tmp_path, f"n,mean,sd,se\n{row}\n"))
    assert found["row 2.se"] == verdict


def test_a_p_is_computed_anew_where_its_degrees_of_freedom_are_printed(tmp_path):
    text = "statistic,p\nt(28) = 2.31,.028\nt(28) = 2.31,.28\nt = 2.31,.028\n"
    text += '"F(2, 57) = 4.10","< .05"\n"χ²(1, N = 90) = 3.20",.074\n'
    found = verdicts(audit(tmp_path, text))
    assert found["row 2.p"] == found["row 5.p"] == found["row 6.p"] == "consistent"
    assert found["row 3.p"] == "inconsistent within the publication"
    assert found["row 4.p"] == "not computable from these data"


def test_numbers_beyond_64_bits_are_judged_like_others(tmp_path):
    text = (
        "n,mean,sd,min,max,items,data\n"
        "999999999,999999.999999,99999.999999,0,99999999999,999999999,\n"
        "3,2.33,999999.999999,0,4,,integer\n"
        "999999999,5.19,0.00,,,,integer\n"
    )
    found = verdicts(audit(tmp_path, text))
    assert found["row 2.mean"] == "consistent"
    assert found["row 3.sd"] == "impossible"
