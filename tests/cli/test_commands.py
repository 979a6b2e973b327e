"""Commands: what they print, where, and with which exit status."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.cli.terminal import parse_parameters, plain
from tests.support.studies import small_study

ROOT = Path(__file__).resolve().parents[2]
TIDY = "document,code,text\nA,Cost,It is dear.\nB,Cost,I pay it.\n"


def study(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "analysis", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "codings.csv"
    path.write_text(TIDY, encoding="utf-8")
    return path


def test_help_lists_every_command_and_each_has_help_of_its_own():
    shown = study("--help")
    assert shown.returncode == 0
    for name in ("build", "check", "audit", "inspect", "convert", "lab"):
        assert f"\n  {name} " in shown.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["bild"],
        ["build", ".", "--to", "odt"],
        ["build", ".", "-p", "top"],
        ["build", ".", "--jobs", "0"],
        ["inspect"],
        ["audit", ".", "--fail-on", "wrong", "--table", "{export}"],
    ],
)
def test_wrong_usage_is_status_2_and_says_what_is_known(arguments, export):
    done = study(*[str(export) if item == "{export}" else item for item in arguments])
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    if done.returncode == 2:
        assert "Error:" in done.stderr
        assert done.stdout == ""


def test_a_folder_without_a_study_is_status_1_with_the_remedy(tmp_path):
    done = study("check", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "study.toml" in done.stderr


def test_json_is_one_document_on_stdout_and_nothing_else(tmp_path, export):
    for arguments in (["inspect", export], ["convert", export, "-o", tmp_path / "out"]):
        done = study(*arguments, "--json")
        assert done.returncode == 0
        assert isinstance(json.loads(done.stdout), dict)
        assert done.stderr == ""


def test_faults_as_json_name_place_finding_and_remedy(tmp_path):
    folder = small_study(tmp_path / "study", "[nothing]\nx = 1\n")
    done = study("check", folder, "--json")
    assert (done.returncode, done.stderr) == (1, "")
    (fault,) = json.loads(done.stdout)["faults"]
    assert set(fault) >= {
        "kind", "file", "sheet", "row", "column", "found", "expected", "remedy",
    }  # fmt: skip
    assert (fault["kind"], fault["file"], fault["column"]) == (
        "unknown-key", "study.toml", "nothing",
    )  # fmt: skip


def test_inspect_counts_for_people(export):
    done = study("inspect", export)
    assert done.returncode == 0
    assert "documents" in done.stdout
    assert re.search(r"^ +codings +2$", done.stdout, re.MULTILINE)


def test_convert_writes_what_inspect_reads_again(export, tmp_path):
    out = tmp_path / "project.qdpx"
    assert study("convert", export, "-o", out).returncode == 0
    found = json.loads(study("inspect", out, "--json").stdout)
    assert (found["documents"], found["codings"]) == (2, 2)


def test_what_steers_a_terminal_never_reaches_it(tmp_path):
    path = tmp_path / "codings\x1b[31m.csv"
    try:
        path.write_text(
            "document,code\x1b]0;title\x07,text\nA\x1b[2J,Co\x9bst,x\nB,Cost\u202e,y\n",
            encoding="utf-8",
        )
    except OSError:
        pytest.skip("this system allows no such file name")
    for arguments in (["inspect", path], ["inspect", path, "--json"], ["convert", path, "-o", "x"]):
        done = study(*arguments, cwd=tmp_path)
        for steering in ("\x1b", "\x07", "\x9b", "\u202e"):
            assert steering not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    assert plain("a\x1b[31mb\tc\nd\u2067e") == "a[31mb\tc\nde"


def test_what_steers_a_terminal_is_not_in_what_check_says_of_a_study(tmp_path):
    folder = small_study(tmp_path / "study")
    (folder / "data-raw/codings.csv").write_text(
        "document,code\x1b]0;title\x07,text\nA\x1b[2J,Co\x9bst,x\n", encoding="utf-8"
    )
    (folder / "data-raw/people.csv").write_text("I\x1b[31md,Town\u202e\nB\x9b,x\n", "utf-8")
    with (folder / "study.toml").open("a", encoding="utf-8") as stream:
        stream.write('[participants]\nfile = "data-raw/people.csv"\nfile_id = "Id"\n')
    done = study("check", folder)
    assert done.returncode == 1
    for steering in ("\x1b", "\x07", "\x9b", "\u202e"):
        assert steering not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_may_not_be_written_is_one_plain_message(tmp_path, monkeypatch):
    from analysis.cli.terminal import _fault_of

    for number, kind in ((28, "full-disk"), (13, "no-permission"), (30, "no-permission")):
        fault = _fault_of(OSError(number, "said", str(tmp_path / "metrics.json")))
        assert (fault.kind, fault.file) == (kind, "metrics.json")
        assert fault.remedy


def test_what_nobody_foresaw_is_told_without_its_words(monkeypatch, capsys):
    import click

    from analysis.cli.terminal import guarded

    @click.command()
    def broken() -> None:
        raise KeyError("She said: I am afraid")

    monkeypatch.setattr(sys, "argv", ["study"])
    monkeypatch.delenv("STUDY_DEBUG", raising=False)
    with pytest.raises(SystemExit) as caught:
        guarded(broken)
    told = capsys.readouterr().err
    assert caught.value.code == 1
    assert "KeyError in cli/test_commands.py" in told
    assert "afraid" not in told


def test_parameters_are_pairs():
    assert parse_parameters(["top=5", " name = a=b "]) == {"top": "5", "name": "a=b"}


def test_a_parameter_out_of_its_bounds_names_notebook_and_bounds():
    done = study("build", ROOT, "-p", "top=0")
    assert done.returncode == 1
    assert "03-frequencies.ipynb" in done.stderr
    assert "at least 1" in done.stderr
