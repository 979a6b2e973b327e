"""The study's own article: its ledger, its verdicts, and what the reconstruction conceded."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace

import pytest

from analysis.audit import ASKING, audit_claims, audit_lines, gather_facts, run_audit
from analysis.audit.compare import Known
from analysis.audit.papers import audit_paper
from analysis.workspace import open_study
from tests.audit.sample import verdicts
from tests.audit.test_plants import moved

pytestmark = [pytest.mark.build, pytest.mark.xdist_group("built")]

# the claims that each concession is about
CONCEDED = {
    "providers-psychiatrists": ["table2-healthcare-providers-role-psychiatrist"],
    "patients-education": ["table2-patients-education-diploma", "table2-patients-education-bs"],
    "ages-under-female": [
        f"table2-{group}-age-column"
        for group in ("patients", "healthcare-providers", "policymakers")
    ],
    "quoted-10-patient": ["quoted-4-6-1-2-1"],
    "quoted-16-head-nurse": ["quoted-4-5-2-1-1", "text-4-5-2-1"],
    "quoted-10-department": ["text-4-1-1-1"],
    "subcategories-abstract": ["abstract-sub"],
    "subcategories-results": ["results-sub"],
    "heading-4.8.1.3": ["heading-4-8-1-3"],
    # two of three places say "moral": the note stands at the third
    "heading-4.2.1": ["table4-main-ethical-and-legal-support"],
    "heading-4.7.1": ["heading-4-7-1"],
    "abstract-names": [f"abstract-main-{at:02d}" for at in (1, 5, 7, 8, 9, 10, 11, 13, 14)],
    "abstract-destigmatization": ["abstract-main-12"],
    # 32 interviews are the first ones of 32 people; the data hold two follow-ups beside them
    "interviews": [],
}
# the publication disagrees with itself or with its source, and synthetic data take no side
UNDECIDED = {
    *(f"table1-{name}" for name in ("policy", "services", "interventions", "information")),
    *("table1-civil-society", "table1-research", "table1-framework", "design-framework"),
    *("abstract-generic", "results-generic", "reference-framework"),
    "table2-healthcare-providers-label-education",
    *(
        f"table2-healthcare-providers-role-{role}"
        for role in ("social-worker", "psychologist", "occupational-therapist", "head-nurse")
    ),
    "table2-healthcare-providers-role-home-care-manager",
    "table4-generic-information-systems-and-data-and-research",
    *("heading-4-8", "quoted-4-1-1-1-1", "quoted-4-2-1-1-1"),
}
QUIET = ("reproduced", "not computable from these data")
NOTES = ("worded differently",)


@pytest.fixture(scope="module")
def audit(built_study):
    return run_audit(open_study(str(built_study)))


def published(folder, name):
    path = folder / "data-raw/published" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_concession_has_claims_that_are_not_reproduced(built_study, audit):
    assert {row["id"] for row in published(built_study, "concessions")} == set(CONCEDED)
    verdicts = audit.claims.set_index("id")["verdict"]
    for ids in CONCEDED.values():
        assert not set(verdicts[ids]) & set(QUIET)


def test_every_claim_that_is_not_reproduced_was_conceded_or_is_not_decided_by_data(audit):
    claims = audit.claims
    found = set(claims.loc[~claims["verdict"].isin(QUIET), "id"])
    conceded = {id_ for ids in CONCEDED.values() for id_ in ids}
    notes = set(claims.loc[claims["verdict"].isin(NOTES), "id"])
    # names of Table 4 have a note where as many places word them otherwise
    assert {id_ for id_ in found - conceded - UNDECIDED if id_ not in notes} == set()
    assert found >= UNDECIDED


def test_32_interviews_are_true_and_not_accused(audit):
    rows = audit.claims.set_index("id").loc[["abstract-interviews", "participants-interviews"]]
    assert set(rows["verdict"]) == {"reproduced"}


def test_a_rephrasing_is_a_note_and_a_wrong_sum_is_not(audit):
    verdicts = audit.claims.set_index("id")["verdict"]
    assert verdicts["heading-4-7-1"] == verdicts["abstract-main-01"] == "worded differently"
    for role in ("psychiatrist", "social-worker", "head-nurse"):
        found = verdicts[f"table2-healthcare-providers-role-{role}"]
        assert found == "inconsistent within the publication"


def test_both_attributions_of_one_number_carry_it(audit):
    rows = audit.claims.set_index("id")
    for ids in (
        ["quoted-4-1-1-1-1", "text-4-1-1-1", "quoted-4-6-1-2-1"],
        ["quoted-4-2-1-1-1", "quoted-4-5-2-1-1", "text-4-5-2-1"],
    ):
        assert set(rows.loc[ids, "verdict"]) == {"inconsistent within the publication"}


def test_dimensions_and_the_frameworks_name_are_compared_with_table_4_and_the_source(audit):
    why = audit.claims.set_index("id")["why"]
    assert "“Mental health policy and strategy” stands in Table 4" in why["table1-policy"]
    assert "none of the 8 in Table 4" in why["table1-research"]
    assert "“Guidance on community mental health services" in why["table1-framework"]


def test_every_output_says_that_the_data_are_synthetic(built_study, audit):
    assert audit.is_synthetic
    for name in ("audit.json", "audit.html"):
        text = (built_study / "report/output" / name).read_text(encoding="utf-8")
        assert "no evidence for or against a published value" in text
    assert "are no evidence" in " ".join(audit_lines(audit)[:3])


def test_every_cell_of_the_tables_is_in_the_ledger(built_study, audit):
    for table, level in (("table4", "generic"), ("table4", "main"), ("table4", "sub")):
        names = {row[level].casefold() for row in published(built_study, table)}
        claims = audit.claims
        here = claims[(claims["section"] == "Table 4") & (claims["kind"] == "label")]
        assert names <= set(here["printed"].str.casefold())
    counts = audit.claims[audit.claims["section"] == "Table 2"]
    numbers = counts[counts["kind"] != "label"]
    cells = [row["printed"] for row in published(built_study, "table2")]
    wanted = sorted(part.strip("()") for cell in cells for part in cell.split() if part != "±")
    assert sorted(numbers["printed"]) == wanted


def test_every_heading_and_every_attribution_is_in_the_ledger(built_study, audit):
    claims = audit.claims
    headings = [(row["section"], row["printed"]) for row in published(built_study, "headings")]
    here = claims[claims["place"] == "heading"]
    assert sorted(zip(here["section"], here["printed"], strict=True)) == sorted(headings)
    quoted = [(row["section"], row["role"]) for row in published(built_study, "quotations")]
    here = claims[claims["place"].str.startswith("quotation")]
    assert sorted(zip(here["section"], here["printed"], strict=True)) == sorted(quoted)


def test_38_subcategories_come_with_the_reading_that_would_explain_them(audit):
    row = audit.claims.set_index("id").loc["results-sub"]
    assert "35 are listed in Table 4 and 36 in the headings of the Results" in row["why"]
    assert row["conjecture"].startswith("Conjecture: 38 = 35 − 1 + 4")


def test_nothing_that_data_can_give_is_called_impossible(audit):
    assert audit.counts["impossible"] == 0


def test_the_example_of_the_documentation_can_be_audited(built_study, repository, tmp_path):
    text = (repository / "docs/claims.md").read_text(encoding="utf-8")
    path = tmp_path / "claims.csv"
    path.write_text(text.split("```csv\n")[1].split("```")[0], encoding="utf-8")
    example = audit_claims(path, path.name, gather_facts(open_study(str(built_study))))
    assert set(example.claims["verdict"]) == {"reproduced"}


def test_one_convention_fits_all_of_table_2_and_it_is_that_of_the_study(audit):
    (found,) = [one for one in audit.conventions if one.table == "Table 2"]
    assert (found.cells, found.is_established) == (16, True)
    assert "fit the sample SD cut off (truncated), and no other convention" in found.sentence


def wrong(row):
    """A claim with an error, of the sort that its kind can have."""
    if row["kind"] in ("count", "percentage", "mean", "SD"):
        return moved(row, 1)
    if row["kind"] == "attribution":
        return row | {"printed": "surgeon", "role": "surgeon"}
    if row["kind"] == "label":
        return row | {"printed": f"{row['printed']} issues"}
    if row["kind"] == "range" and row["printed"][0].isdigit():
        first, _, rest = row["printed"].partition(" ")
        return row | {"printed": f"{int(first) + 20} {rest}"}
    return None


def test_an_error_in_any_claim_is_found_where_observed_data_give_the_value(built_study):
    given = gather_facts(open_study(str(built_study)))
    rows = published(built_study, "claims")
    # as if the data had been observed: then they acquit what they give, and find every error
    known = Known.of(replace(given, is_synthetic=False))
    before = verdicts(rows, known)
    fine = {id_ for id_, verdict in before.items() if verdict == "reproduced"}
    missed, accused = [], Counter()
    for row in rows:
        if row["id"] not in fine or not row["rebuilt"]:
            continue
        plant = wrong(row)
        if plant is None:
            continue
        after = verdicts([plant if one is row else one for one in rows], known)
        if after[row["id"]] in QUIET:
            missed.append(row["id"])
        accused.update(id_ for id_ in fine - {row["id"]} if after[id_] not in (*QUIET, *NOTES))
    assert not missed
    assert not accused


def test_the_manuscript_gives_one_ledger_in_every_format_and_is_not_accused(built_study):
    output = built_study / "report/output"
    read = [audit_paper(output / f"manuscript.{kind}") for kind in ("html", "docx", "xml")]
    assert len({one.ledger for one in read}) == 1
    assert read[0].extracted.values > 100
    asking = [verdict.value for verdict in ASKING]
    assert not read[0].audit.claims["verdict"].isin(asking).any()
