from __future__ import annotations

import pytest

from analysis.audit.ledger import COLUMNS
from qdaio.faults import StudyError
from tests.audit.sample import audited, claim, facts, ledger, write


def faults_of(folder, rows, given=None):
    with pytest.raises(StudyError) as raised:
        audited(folder, rows, given)
    return raised.value.faults


def only(folder, *rows):
    (fault,) = faults_of(folder, list(rows))
    return fault


def test_a_metric_that_does_not_exist_is_told_with_the_nearest_names(tmp_path):
    fault = only(tmp_path, claim("a", "13", "count", rebuilt="participant.total"))
    assert (fault.file, fault.row, fault.column) == ("claims.csv", 2, "rebuilt")
    assert '"participants.total"' in fault.remedy


def test_a_number_cannot_be_rebuilt_from_a_metric_that_is_text(tmp_path):
    assert only(tmp_path, claim("a", "13", "count", rebuilt="guide-1.name")).found == (
        '"guide-1.name"'
    )


def test_a_range_needs_two_keys_and_a_number_one(tmp_path):
    wrong = [
        claim("a", "1 to 2", "range", rebuilt="participants.total"),
        claim("b", "1", "count", rebuilt="participants.total codings.total"),
    ]
    assert [f.kind for f in faults_of(tmp_path, wrong)] == ["wrong-number-of-keys"] * 2


def test_a_level_that_the_codes_do_not_have_is_a_fault(tmp_path):
    assert only(tmp_path, claim("a", "Trust", "label", rebuilt="labels.9")).column == "rebuilt"


@pytest.mark.parametrize(
    ("printed", "kind"),
    [("many", "count"), ("four", "percentage"), ("5", "range"), ("spring", "date"), ("?", "SD")],
)
def test_a_value_that_is_none_of_its_kind_is_a_fault(tmp_path, printed, kind):
    fault = only(tmp_path, claim("a", printed, kind))
    assert (fault.kind, fault.row, fault.column) == ("not-a-value", 2, "printed")


def test_an_unknown_kind_is_a_fault_with_the_nearest_one(tmp_path):
    assert "percentage" in only(tmp_path, claim("a", "5", "percent")).remedy


def test_kinds_may_be_written_in_any_case(tmp_path):
    assert audited(tmp_path, [claim("a", "5", "sd")]).loc["a", "kind"] == "SD"


@pytest.mark.parametrize("column", ["whole", "beside", "part_of", "same_as", "lists"])
def test_a_link_to_an_unknown_claim_is_a_fault(tmp_path, column):
    rows = [claim("people", "5", "count"), claim("a", "4", "count", **{column: "peoples"})]
    fault = only(tmp_path, *rows)
    assert (fault.row, fault.column, fault.kind) == (3, column, "unknown-claim")
    assert '"people"' in fault.remedy


def test_parts_that_lead_back_to_themselves_are_a_fault(tmp_path):
    rows = [
        claim("a", "4", "count", part_of="b"),
        claim("b", "4", "count", part_of="c"),
        claim("c", "4", "count", part_of="a"),
    ]
    fault = only(tmp_path, *rows)
    assert (fault.kind, fault.row) == ("circular-part", 2)
    assert fault.found == "a → b → c → a"


def test_one_place_with_two_values_is_a_fault_and_with_one_value_is_none(tmp_path):
    rows = [claim("a", "4", "count"), claim("b", "5", "count", place="a")]
    fault = only(tmp_path, *rows)
    assert (fault.kind, fault.row) == ("place-given-twice", 3)
    rows[1]["printed"] = "4"
    assert len(audited(tmp_path, rows)) == 2


def test_an_id_given_twice_is_a_fault(tmp_path):
    rows = [claim("a", "4", "count"), claim("a", "5", "count", place="b")]
    assert only(tmp_path, *rows).kind == "duplicate-id"


def test_a_link_to_a_claim_of_another_kind_is_a_fault(tmp_path):
    rows = [claim("a", "Trust", "label"), claim("b", "5", "count", part_of="a")]
    assert only(tmp_path, *rows).kind == "wrong-kind-of-claim"


@pytest.mark.parametrize("rule", ["exactly", "not-before", "guidance:x"])
def test_a_rule_that_the_kind_does_not_have_is_a_fault(tmp_path, rule):
    assert only(tmp_path, claim("a", "5 to 6", "range", rule=rule)).column == "rule"


def test_a_rule_without_the_claims_that_it_needs_is_a_fault(tmp_path):
    fault = only(tmp_path, claim("a", "six", "count", rule="months"))
    assert (fault.kind, fault.column) == ("missing-link", "beside")


def test_an_unknown_column_is_a_fault_with_the_nearest_one(tmp_path):
    path = write(tmp_path, [], [c if c != "printed" else "printd" for c in COLUMNS])
    path.write_text(
        path.read_text("utf-8") + "a" + "," * (len(COLUMNS) - 1) + "\n", encoding="utf-8"
    )
    from analysis.audit import audit_claims

    with pytest.raises(StudyError) as raised:
        audit_claims(path, "claims.csv", facts())
    assert {f.kind for f in raised.value.faults} == {"unknown-column"}


def test_all_faults_come_in_one_go_with_their_rows(tmp_path):
    rows = ledger()
    wrong = {
        3: {"rebuilt": "nothing.like.this"},
        5: {"kind": "numbr"},
        8: {"printed": "seven months"},
        12: {"part_of": "nobody"},
    }
    for row, cells in wrong.items():
        rows[row - 2] |= cells
    found = faults_of(tmp_path, rows)
    assert set(wrong) <= {fault.row for fault in found}


def test_a_category_renamed_in_the_data_is_no_fault_but_differs(tmp_path):
    given = facts()
    names = {3: [name.replace("Fees", "Fees and fares") for name in given.labels[3]]}
    table = audited(tmp_path, ledger(), facts(labels=given.labels | names))
    row = table[table["printed"] == "Fees"].iloc[0]
    assert (row["verdict"], row["rebuilt"]) == ("differs", "Fees and fares")
