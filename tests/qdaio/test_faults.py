"""Faults say place, finding and remedy."""

from __future__ import annotations

import pytest

from qdaio.faults import Fault, FaultList, StudyError


def test_a_fault_reads_as_a_sentence_with_its_place():
    fault = Fault(
        kind="missing-column", file="a.xlsx", sheet="S", row=3, column="Code",
        found="columns A, B", expected="a column Code", remedy="Add it.",
    )  # fmt: skip
    assert str(fault) == (
        'a.xlsx, sheet "S", row 3, column "Code": missing column '
        "(found columns A, B; expected a column Code). Add it."
    )


def test_a_list_without_faults_raises_nothing():
    FaultList().raise_if_any()


def test_faults_are_raised_together():
    faults = FaultList()
    faults.add(kind="a", remedy="Mend a.")
    faults.add(kind="b", remedy="Mend b.", row=2)
    with pytest.raises(StudyError) as caught:
        faults.raise_if_any()
    assert [fault.kind for fault in caught.value.faults] == ["a", "b"]
    assert caught.value.faults[1].as_dict() == {
        "kind": "b", "remedy": "Mend b.", "file": None, "sheet": None, "row": 2,
        "column": None, "found": None, "expected": None,
    }  # fmt: skip
