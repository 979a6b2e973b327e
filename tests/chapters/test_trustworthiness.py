"""Trustworthiness and checklists: nothing is claimed that data or study file do not bear out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.chapters.checklists import COREQ, SRQR, checklist_facts, checklist_table, filled
from analysis.chapters.trustworthiness import Known, trust_facts, trust_lines, trust_table
from analysis.settings import Numbers, Trustworthiness
from analysis.studyfile import parse_study
from qdaio.faults import StudyError

NOTHING = Known(
    cases=3, documents=3, follow_ups=0, days=None, minutes=None, groups=(), variables=(),
    cells=None, coders=(), second=0, codes=2, described=0, levels=1, categories=(2,), codings=5,
    traced=0, set_aside=0, quotations=0, quoted=0, questions=0, changes=False, system=3,
)  # fmt: skip
MUCH = replace(
    NOTHING, days=("2023-03-07", "2023-08-08"), follow_ups=2, minutes=(15.0, 60.0),
    groups=("a", "b"), variables=("Gender", "Age"), cells=(3, 4), coders=("A", "B"), second=2,
    described=1, traced=5, quotations=4, quoted=2, questions=9,
)  # fmt: skip
CASE = ("participant", "participants")
FILE = (
    '[study]\ntitle = "t"\nauthors = [{name = "a"}]\n[data]\nstatus = "original"\nexports = ["x"]\n'
)


def lines_of(known: Known, **said: str):
    return trust_lines(known, Trustworthiness(**said), CASE, Numbers())


def test_without_data_and_words_every_step_but_the_program_itself_is_open():
    lines = lines_of(NOTHING)
    assert {line.what for line in lines if line.source != "open"} == {"Repeatable analysis"}
    facts = trust_facts(lines)
    assert facts["trust.credibility"] == "What makes for credibility is open."
    assert facts["trust.done"] == 1


def test_what_the_data_know_is_said_with_their_numbers():
    found = {line.what: line for line in lines_of(MUCH)}
    assert found["Prolonged engagement"].how == (
        "Interviews were held over 22 weeks, from 7 March 2023 to 8 August 2023, with 2 follow-up "
        "interviews."
    )
    # whether one coder saw what the other did, no export says
    assert found["Second coder"].how == "B coded 2 documents, too."
    assert found["Definitions of codes"].how == "1 of 3 codes has a written definition."
    assert found["Trail to the source"].source == "data"
    assert found["Member check"].source == "open"


def test_the_study_file_speaks_before_the_data_and_alone_where_they_are_silent():
    found = {
        line.what: line for line in lines_of(MUCH, member_check="Asked all.", sampling="Varied")
    }
    assert (found["Member check"].how, found["Member check"].source) == ("Asked all.", "study file")
    assert found["Sampling"].how.startswith("Varied. 3 of 4 combinations")
    table = trust_table(lines_of(MUCH), label="tbl-x", caption="X", synthetic=False)
    assert table.rows[0].group == "Credibility"


@pytest.mark.parametrize(("items", "size"), [(COREQ, 32), (SRQR, 21)])
def test_checklists_have_as_many_items_as_published_and_open_ones_say_so(items, size):
    assert [item.number for item in items] == list(range(1, size + 1))
    study = parse_study(FILE)
    for known in (NOTHING, MUCH):
        found = filled(known, study, CASE, trust_facts(lines_of(known)))
        table = checklist_table(items, found, {"1": "Mine"}, label="tbl-x", caption="X",
                                synthetic=False)  # fmt: skip
        answers = [row.cells[2] for row in table.rows]
        assert answers[0].startswith("Mine")
        facts = checklist_facts("x", items, found, {"1": "Mine"})
        assert facts["checklist.x.open"] == answers.count("open")
        assert all(answers)


def test_the_keys_of_items_can_all_be_filled_by_something():
    study = parse_study(
        FILE + '[framework]\nname = "F"\ndimensions = "d"\nmap = "m"\n'
        '[trustworthiness]\nreflexivity = "r"\nsetting = "s"\nmember_check = "m"\n'
    )
    known = replace(MUCH, cases=8, levels=2, categories=(2, 3))
    found = filled(known, study, CASE, trust_facts(lines_of(known)))
    assert {item.key for item in (*COREQ, *SRQR)} - {""} == set(found)


def test_a_list_of_codes_has_no_categories_of_a_level_and_few_cases_no_saturation():
    study = parse_study(FILE)
    known = replace(MUCH, cases=2, codes=9, levels=1, categories=(9,))
    found = filled(known, study, CASE, trust_facts(lines_of(known)))
    assert found["major"] == "9 codes, each with its counts"
    assert "saturation" not in found


def test_an_item_that_a_checklist_does_not_have_is_refused():
    with pytest.raises(StudyError) as stopped:
        parse_study(FILE + '[checklists.coreq]\n33 = "x"\n')
    assert "items 1 to 32" in str(stopped.value.faults[0].expected)


def test_interviews_of_a_few_days_are_no_long_engagement():
    known = replace(MUCH, days=("2023-03-07", "2023-03-12"))
    found = {line.what: line for line in lines_of(known)}
    assert found["Prolonged engagement"].source == "open"


def test_nothing_set_aside_and_changes_of_the_guide_are_said_in_the_checklists():
    study = parse_study(FILE + '[guide]\nfile = "g"\nrefined_after = ["P3", "P9"]\n')
    found = filled(MUCH, study, CASE, trust_facts(lines_of(MUCH)))
    assert found["processing"] == "5 codings counted, none set aside"
    assert found["guide"] == "9 questions; refined after participant P3 and P9"


def test_answers_with_numbers_of_the_data_lead_to_their_rows_and_open_ones_do_not():
    study = parse_study(FILE)
    found = filled(MUCH, study, CASE, trust_facts(lines_of(MUCH)))
    table = checklist_table(COREQ, found, {}, label="tbl-x", caption="X", synthetic=False)
    leads = dict(zip((row.cells[0] for row in table.rows), table.behind["answer"], strict=True))
    assert leads["12"] == "~cases"
    assert leads["1"] == leads["22"] == ""
    trusted = trust_table(lines_of(MUCH), label="tbl-x", caption="X", synthetic=False)
    for row, address in zip(trusted.rows, trusted.behind["how"], strict=True):
        assert not (row.cells[1] == "open" and address)
    assert "~codings?coder=both" in trusted.behind["how"]
