"""`study audit` of a table, of a paper, and of a folder of papers."""

import json

import pytest
from click.testing import CliRunner

from analysis.cli.audit import audit
from tests.audit import printed_papers


def run(*arguments):
    return CliRunner().invoke(audit, [str(argument) for argument in arguments])


@pytest.fixture
def paper(tmp_path):
    path = tmp_path / "paper.html"
    path.write_text(printed_papers.tableone(), encoding="utf-8")
    return path


def test_a_paper_is_audited_and_its_ledger_kept(tmp_path, paper):
    ledger = tmp_path / "ledger.csv"
    done = run("--paper", paper, "-o", ledger)
    assert done.exit_code == 0
    assert "Read: 1 of 1 tables" in done.output.replace("\n", " ")
    again = run("--table", ledger)
    assert again.exit_code == 0
    assert again.output.splitlines()[0] == done.output.splitlines()[0]


def test_a_paper_gives_one_document_and_a_folder_one_of_summaries(tmp_path, paper):
    document = json.loads(run("--paper", paper, "--json").output)
    assert {"claims", "counts", "conventions", "notes"} <= set(document)
    summary = json.loads(run("--paper", tmp_path, "--json").output)
    assert [row["paper"] for row in summary["papers"]] == ["paper.html"]
    assert summary["papers"][0]["accused"] == 0


def test_a_verdict_that_does_not_occur_is_known_all_the_same(tmp_path, paper):
    assert run("--paper", paper, "--fail-on", "impossible").exit_code == 0
    assert run("--paper", paper, "--fail-on", "consistent").exit_code == 1
    assert run("--paper", paper, "--fail-on", "wrong").exit_code == 2


def test_what_does_not_go_together_is_wrong_usage(tmp_path, paper):
    assert run("--paper", paper, "--table", paper).exit_code == 2
    assert run("--paper", tmp_path, "-o", tmp_path / "x.csv").exit_code == 2
