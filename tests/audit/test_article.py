"""The study's own article: its ledger, its verdicts, and what the reconstruction conceded."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from analysis.audit.gather import gather_facts, run_audit
from analysis.claims import audit_claims
from analysis.claims.audit import judge
from analysis.claims.known import Known
from analysis.claims.reading import read_claims

from analysis.workspace import open_study
from qdaio.faults import FaultList
from tests.claims.test_plants import moved

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
    "heading-4.2.1": ["heading-4-2-1"],
    "heading-4.7.1": ["heading-4-7-1"],
    "abstract-names": [f"abstract-main-{at:02d}" for at in (1, 2, 5, 7, 8, 9, 10, 11, 13, 14)],
    "abstract-destigmatization": ["abstract-main-12"],
    "interviews": ["abstract-interviews", "participants-interviews"],
}
# the publication disagrees with itself or with its source, and the data need not take a side
UNDECIDED = {
    "abstract-generic",
    "table1-services",
    "table1-interventions",
    "table1-civil-society",
    "table2-healthcare-providers-label-education",
}
# names of primary codes, which the article gives in one sentence only
QUIET = ("reproduced", "not computable from these data")


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
    found = set(audit.claims.loc[~audit.claims["verdict"].isin(QUIET), "id"])
    conceded = {id_ for ids in CONCEDED.values() for id_ in ids}
    assert found - conceded == UNDECIDED


def test_the_data_did_not_yield_where_the_publication_is_undecided(audit):
    rows = audit.claims[audit.claims["id"].isin(UNDECIDED)]
    assert set(rows["verdict"]) == {"inconsistent within the publication"}
    # each has a rebuilt value that agrees with the printed one
    assert not rows["why"].str.contains("no such name|than is printed").any()


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
    (row,) = audit.conventions[audit.conventions["section"] == "Table 2"].itertuples()
    assert (row.values, row.established) == (16, True)
    assert "fit the sample SD cut off (truncated), and no other convention" in row.sentence


def wrong(claim):
    """A claim with an error, of the sort that its kind can have."""
    if claim.value is not None:
        return moved(claim, 1)
    if claim.kind == "attribution":
        return replace(claim, printed="surgeon", role="surgeon")
    if claim.kind == "label":
        return replace(claim, printed=f"{claim.printed} issues")
    if claim.kind == "range":
        return replace(claim, ends=(claim.ends[0] + 20, claim.ends[1]))
    return None


def test_an_error_in_any_claim_is_found_and_nothing_that_was_reproduced_is_accused(built_study):
    given = gather_facts(open_study(str(built_study)))
    path = built_study / "data-raw/published/claims.csv"
    claims, known = read_claims(path, path.name, given, FaultList()), Known.of(given)
    before = {id_ for id_, j in judge(claims, known).items() if j.verdict == "reproduced"}
    missed, accused = [], []
    for claim in claims:
        plant = wrong(claim)
        if plant is None or claim.id not in before or not claim.rebuilt:
            continue
        after = judge([plant if c is claim else c for c in claims], known)
        if after[claim.id].verdict in QUIET:
            missed.append(claim.id)
            continue
        accused += [(claim.id, id_) for id_ in before if after[id_].verdict not in QUIET]
        accused.remove((claim.id, claim.id))
    assert not missed
    assert not accused
