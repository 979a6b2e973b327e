"""Each number leads to its rows, and there are as many rows as the number says."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from analysis.build.notebooks import all_notebooks, study_notebooks
from analysis.check.rehearsal import rehearse
from analysis.cli import study as command
from analysis.newstudy import begin_study
from analysis.preparation import hand_over, prepare
from analysis.studyfile import load_study
from analysis.trace.numbers import FILES, origins, trace
from analysis.workspace import Workspace
from qdaio.faults import FaultList, StudyError

# a number whose name ends so counts codings, documents, people or codes
ROWS = ("codings", "cases", "documents", "codings.total")
NOT_ROWS = ("agreement.documents",)  # of the comparison: those in which both coded


@pytest.fixture(scope="module", params=["shipped", "choir", "gardens"])
def computed(request, repository, tmp_path_factory):
    """Return a study, and all its numbers as its notebooks compute them."""
    folder, examples = repository, repository / "examples"
    if request.param != "shipped":
        folder = tmp_path_factory.mktemp(request.param) / "study"
        exports = {
            "choir": [examples / "choir/highlights.csv", examples / "choir/codebook.csv"],
            "gardens": [examples / "gardens/Coded Segments.xlsx"],
        }[request.param]
        people = examples / "choir/members.csv" if request.param == "choir" else None
        begin_study(folder, exports, participants=people, title="A study")
    study = load_study(folder)
    prepared = prepare(folder, study)
    specs, _ = study_notebooks(all_notebooks(folder, FaultList()), study)
    numbers = rehearse(folder, study, prepared, specs, {}).metrics
    workspace = Workspace(tmp_path_factory.mktemp("tables"), study)
    hand_over(prepared, workspace)
    (workspace.processed / "metrics.json").write_text(json.dumps(numbers), encoding="utf-8")
    return workspace, numbers


def test_as_many_rows_stand_behind_a_number_as_it_says(computed):
    workspace, numbers = computed
    known = origins(workspace)
    wrong = {
        key: (value, known[key].counted)
        for key, value in numbers.items()
        if key in known
        and known[key].counted is not None
        and known[key].counted != pytest.approx(value, abs=1e-6)
    }
    assert wrong == {}
    assert sum(key in known for key in numbers) > 50


def test_every_count_of_codings_documents_people_and_codes_has_its_rows(computed):
    workspace, numbers = computed
    known = origins(workspace)
    counts = [
        key
        for key, value in numbers.items()
        if not isinstance(value, str)
        and key not in NOT_ROWS
        and (
            key.endswith(tuple(f".{name}" for name in ROWS))
            or (key.startswith(("level-", "codes.")) and key.endswith((".count", ".percent")))
            or (key.startswith(("participants.", "group-")) and key.endswith((".n", ".percent")))
            or (key.startswith("dimension.") and key.endswith((".main", ".sub", ".percent")))
            or key.startswith(("codings.", "documents."))
        )
        and not key.startswith(("quotations.",))
    ]
    assert counts
    assert [key for key in counts if key not in known or known[key].counted is None] == []


def test_every_number_leads_to_rows_with_their_place_or_to_a_named_file(computed):
    workspace, numbers = computed
    asked = ("codings.read", "documents.total", "level-1.count", "level-1.top-1.cases",
             "saturation.reached", "codes.top-1.cases-share.percent")  # fmt: skip
    for key in [*asked, *(key for key in ("guide.total", "agreement.percent") if key in numbers)]:
        found = trace(workspace, key)
        assert found.how
        if found.origin is None:
            assert key.startswith(tuple(FILES)), key
            continue
        assert len(found.rows) == len(found.origin.ids)
        place = "row" if "row" in found.rows else "first_row"
        has_codings = found.rows["codings"] > 0 if "codings" in found.rows else slice(None)
        assert found.rows.loc[has_codings, place].notna().all()
        assert (found.rows.loc[has_codings, "file"] != "").all()
        assert "text" not in found.rows


def test_numbers_of_another_build_than_the_tables_are_refused(computed):
    workspace, numbers = computed
    path = workspace.processed / "metrics.json"
    before = path.read_text(encoding="utf-8")
    wrong = numbers | {"codings.total": numbers["codings.total"] + 1}
    path.write_text(json.dumps(wrong), encoding="utf-8")
    try:
        with pytest.raises(StudyError) as caught:
            trace(workspace, "codings.total")
    finally:
        path.write_text(before, encoding="utf-8")
    assert "another build" in caught.value.faults[0].remedy


def test_a_name_that_is_misspelt_gets_the_nearest(computed):
    with pytest.raises(StudyError) as caught:
        trace(computed[0], "codings.totl")
    assert "codings.total" in caught.value.faults[0].remedy


@pytest.mark.build
@pytest.mark.xdist_group("built")
def test_the_command_prints_lists_and_writes_the_rows(built_study, tmp_path):
    run = CliRunner().invoke
    told = run(command, ["trace", "level-1.count", str(built_study)])
    assert told.exit_code == 0
    assert "level-1.count = 8" in told.output
    assert "Law reform" in told.output
    out = tmp_path / "rows.csv"
    told = run(command, ["trace", "codings.total", str(built_study), "-o", str(out), "--json"])
    document = json.loads(told.output)
    assert document["count"] == document["value"] == len(document["rows"])
    assert {"file", "sheet", "row"} <= document["rows"][0].keys()
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == document["value"] + 1
    assert lines[0].endswith("data_status")
