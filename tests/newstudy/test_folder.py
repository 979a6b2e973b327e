"""A new study builds at once, overwrites nothing, and leaves nothing behind when it fails."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from analysis.check.study import find_faults
from analysis.cli.new import new
from analysis.newstudy import begin_study, update_study
from analysis.newstudy.folder import free_name
from analysis.newstudy.skeleton import PRISTINE, skeleton_files
from analysis.preparation import prepare
from analysis.studyfile import load_study
from qdaio.faults import StudyError

ROWS = ["Interview 1,A > B,x", "Interview 2,A > C,y", "Interview 2,D,z"]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "my codings.csv"
    path.write_text("\n".join(["document,code,text", *ROWS]) + "\n", encoding="utf-8")
    return path


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_new_study_holds_its_data_and_no_library(tmp_path, export):
    begun = begin_study(tmp_path / "my study", [export])
    study = load_study(begun.folder)
    assert study.data.exports == ["data-raw/exports/my codings.csv"]
    assert study.study.title == "My study"
    assert (begun.folder / study.data.exports[0]).read_bytes() == export.read_bytes()
    names = [name for name in files_in(begun.folder) if name.endswith(".py")]
    assert names == []
    said = (begun.folder / "data-raw/SOURCES.csv").read_text(encoding="utf-8")
    assert hashlib.sha256(export.read_bytes()).hexdigest() in said


def test_equal_calls_make_equal_folders(tmp_path, export):
    one = begin_study(tmp_path / "one" / "study", [export]).folder
    two = begin_study(tmp_path / "two" / "study", [export]).folder
    assert files_in(one) == files_in(two)
    assert not any(str(tmp_path).encode() in content for content in files_in(one).values())


def test_the_skeleton_speaks_of_no_other_study():
    shipped = ("iran", "world health", "tehran", "psychiat", "severe mental", "reconstruction of")
    for name, content in skeleton_files().items():
        if name.endswith((".qmd", ".md", ".bib")):
            text = content.decode("utf-8").casefold()
            assert not [word for word in shipped if word in text], name


def test_nothing_is_overwritten(tmp_path, export):
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "study.toml").write_text("mine", encoding="utf-8")
    (folder / "notes.txt").write_text("mine too", encoding="utf-8")
    before = files_in(folder)
    with pytest.raises(StudyError, match="already there"):
        begin_study(folder, [export])
    assert files_in(folder) == before


def test_a_folder_with_other_files_becomes_a_study(tmp_path, export):
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    begin_study(folder, [export])
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert load_study(folder).study.title == "There"


def test_a_failure_leaves_nothing_behind(tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("one,two\n1,2\n", encoding="utf-8")
    with pytest.raises(StudyError, match="unknown format"):
        begin_study(tmp_path / "study", [bad])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv"]


def test_missing_files_are_all_named(tmp_path):
    with pytest.raises(StudyError) as caught:
        begin_study(tmp_path / "study", [tmp_path / "a.csv"], participants=tmp_path / "b.csv")
    assert {fault.file for fault in caught.value.faults} == {"a.csv", "b.csv"}


def test_two_exports_of_one_name_both_stand(tmp_path):
    paths = []
    for part, rows in (("a", ROWS[:1]), ("b", ROWS[1:])):
        path = tmp_path / part / "codings.csv"
        path.parent.mkdir()
        path.write_text("\n".join(["document,code,text", *rows]) + "\n", encoding="utf-8")
        paths.append(path)
    begun = begin_study(tmp_path / "study", paths)
    assert len(load_study(begun.folder).data.exports) == 2


def test_participants_and_a_framework_stand_beside_the_exports(tmp_path, export):
    people = tmp_path / "people.csv"
    people.write_text(
        "Interview,Role,Age\nInterview 1,nurse,30\nInterview 2,nurse,41\n", encoding="utf-8"
    )
    framework = tmp_path / "my framework.csv"
    framework.write_text("name,definition\nA,first\nOther,second\n", encoding="utf-8")
    begun = begin_study(
        tmp_path / "study", [export], participants=people, framework=framework, title="T"
    )
    study = load_study(begun.folder)
    assert study.participants is not None
    assert study.participants.file_id == "Interview"
    assert study.framework is not None
    mapped = pd.read_csv(begun.folder / study.framework.map)
    assert dict(zip(mapped["category"], mapped["dimension"], strict=True)) == {
        "A": "a",
        "D": "outside",
    }
    assert any("no dimension" in guess.what for guess in begun.guesses)


def test_an_update_leaves_the_authors_edits_alone(tmp_path, export):
    folder = begin_study(tmp_path / "study", [export]).folder
    pristine = folder / PRISTINE
    # the skeleton that this study was begun with was older: these lines were not in it yet
    for name in ("report/abstract.md", "report/manuscript.qmd", "report/style.css"):
        old = (pristine / name).read_text(encoding="utf-8") + "\nold line\n"
        (pristine / name).write_text(old, encoding="utf-8")
        (folder / name).write_text(old, encoding="utf-8")
    text = folder / "report/manuscript.qmd"
    mine = "# My own words\n\n" + text.read_text(encoding="utf-8")
    text.write_text(mine, encoding="utf-8")
    both = folder / "report/abstract.md"
    both.write_text("Quite another abstract\n", encoding="utf-8")
    (folder / "report/reference.docx").unlink()

    done = update_study(folder)
    assert "report/style.css" in done.replaced
    assert "report/manuscript.qmd" in done.merged
    merged = text.read_text(encoding="utf-8")
    assert merged.startswith("# My own words")
    assert "old line" not in merged
    assert done.not_merged == ("report/abstract.md",)
    assert both.read_text(encoding="utf-8") == "Quite another abstract\n"
    assert (folder / "report/abstract.new.md").is_file()
    assert not (folder / "report/reference.docx").exists()
    assert update_study(folder).replaced == ()


def test_an_update_merges_a_changed_parameter_with_a_new_cell(tmp_path, export):
    import json

    folder = begin_study(tmp_path / "study", [export]).folder
    name = "notebooks/03-frequencies.ipynb"
    old = json.loads((folder / PRISTINE / name).read_text(encoding="utf-8"))
    old["cells"] = old["cells"][:-1]
    (folder / PRISTINE / name).write_text(json.dumps(old), encoding="utf-8")
    mine = json.loads(json.dumps(old))
    cell = next(c for c in mine["cells"] if "parameters" in c["metadata"].get("tags", []))
    cell["source"] = [
        line.replace("figure_width = 6.3", "figure_width = 5.1") for line in cell["source"]
    ]
    (folder / name).write_text(json.dumps(mine), encoding="utf-8")

    assert update_study(folder).merged == (name,)
    merged = json.loads((folder / name).read_text(encoding="utf-8"))
    shipped = json.loads(skeleton_files()[name])
    assert len(merged["cells"]) == len(shipped["cells"])
    assert any("figure_width = 5.1" in "".join(c["source"]) for c in merged["cells"])


def test_only_a_study_with_a_skeleton_can_be_updated(tmp_path):
    with pytest.raises(StudyError, match="no skeleton"):
        update_study(tmp_path)


def test_names_that_windows_refuses_are_changed(tmp_path, export):
    reserved = tmp_path / "aux.csv"
    reserved.write_bytes(export.read_bytes())
    begun = begin_study(tmp_path / "study", [reserved])
    assert load_study(begun.folder).data.exports == ["data-raw/exports/export-aux.csv"]


def test_a_spreadsheet_typed_by_hand_is_taken_where_its_headers_are_clear(tmp_path):
    sheet = tmp_path / "quotes.csv"
    sheet.write_text(
        "Participant,Quote,Code\nP1,I could not pay for it.,Cost\nP2,They listened.,Trust\n",
        encoding="utf-8",
    )
    begun = begin_study(tmp_path / "study", [sheet])
    columns = load_study(begun.folder).data.columns
    assert columns is not None
    assert columns.participant == "Participant"
    assert "[data.columns]" in {guess.key for guess in begun.guesses}


def test_marks_in_one_column_a_code_are_codings(tmp_path):
    sheet = tmp_path / "wide.csv"
    sheet.write_text(
        "Participant,Quote,Trust,Cost,Time\n"
        "P1,I could not pay and had to wait.,0,1,1\nP2,They listened to me.,1,0,0\n",
        encoding="utf-8",
    )
    begun = begin_study(tmp_path / "study", [sheet])
    assert load_study(begun.folder).data.columns.layout == "one column a code"


def test_answers_of_people_with_numbers_make_a_study_with_their_attributes(tmp_path):
    sheet = tmp_path / "survey.csv"
    rows = [
        f"R{n},{20 + n * n},{'fm'[n % 2]},we waited,{n % 2},{1 - n % 2},{n // 5}" for n in range(9)
    ]
    sheet.write_text(
        "ID,Age,Sex,Answer,Cost,Time,Family help\n" + "\n".join(rows), encoding="utf-8"
    )
    study = load_study(begin_study(tmp_path / "study", [sheet]).folder)
    assert study.data.columns.participant == "ID"
    assert [variable.name for variable in study.participants.variables] == ["Age", "Sex"]


def test_what_a_system_leaves_in_a_folder_is_no_export(tmp_path, export):
    folder = tmp_path / "exports"
    folder.mkdir()
    export.rename(folder / "talks.csv")
    for name in ("~$talks.xlsx", "Thumbs.db", "desktop.ini", ".DS_Store"):
        (folder / name).write_bytes(b"\x05\x00\x01")
    assert begin_study(tmp_path / "study", [folder]).warnings == ()


def test_an_archive_of_exports_is_to_be_unpacked(tmp_path, export):
    import zipfile

    with zipfile.ZipFile(tmp_path / "exports.zip", "w") as archive:
        archive.write(export, "data/codings.csv")
    with pytest.raises(StudyError, match="Unpack the archive, and name the exports"):
        begin_study(tmp_path / "study", [tmp_path / "exports.zip"])


def test_what_is_not_clear_is_asked_and_not_taken(tmp_path):
    sheet = tmp_path / "odd.csv"
    sheet.write_text(
        "A,B,Label\nx,the people who came were kind to us,Trust\ny,it took two hours,Time\n",
        encoding="utf-8",
    )
    with pytest.raises(StudyError, match="Run the command without --yes"):
        begin_study(tmp_path / "study", [sheet])
    assert not (tmp_path / "study").exists()
    begin_study(tmp_path / "study", [sheet], accept=lambda mapping: True)


def test_a_failure_takes_the_folders_above_away_too(tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("one,two\n1,2\n", encoding="utf-8")
    with pytest.raises(StudyError, match="unknown format"):
        begin_study(tmp_path / "a" / "b" / "study", [bad])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv"]


@pytest.mark.parametrize("error", [OSError("full"), KeyboardInterrupt()])
def test_an_interruption_on_the_last_way_leaves_the_folder_as_it_was(
    tmp_path, export, monkeypatch, error
):
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    copied = shutil.copyfile

    def copy(source, target):
        if Path(target).is_relative_to(folder) and Path(target).name == "study.toml":
            Path(target).write_text("half", encoding="utf-8")
            raise error
        return copied(source, target)

    monkeypatch.setattr("analysis.newstudy.folder.shutil.copyfile", copy)
    with pytest.raises(type(error)):
        begin_study(folder, [export])
    assert [path.name for path in folder.rglob("*")] == ["notes.txt"]


def test_a_second_run_changes_nothing(tmp_path, export):
    folder = begin_study(tmp_path / "study", [export]).folder
    before = files_in(folder)
    with pytest.raises(StudyError, match="already there"):
        begin_study(folder, [export], title="Another")
    assert files_in(folder) == before


def test_made_up_data_are_said_to_be_so(tmp_path, export):
    begun = begin_study(tmp_path / "study", [export], synthetic=True)
    assert load_study(begun.folder).is_synthetic


def test_on_a_terminal_a_few_plain_questions_are_asked(tmp_path, export, monkeypatch):
    monkeypatch.setattr("analysis.cli.new._is_terminal", lambda: True)
    folder = tmp_path / "study"
    run = CliRunner().invoke(
        new, [str(folder), "--from", str(export)], input="What people say\ny\n"
    )
    assert run.exit_code == 0, run.output
    assert "made up (synthetic)?" in run.output
    study = load_study(folder)
    assert (study.study.title, study.is_synthetic) == ("What people say", True)


def test_with_yes_nothing_is_asked(tmp_path, export, monkeypatch):
    monkeypatch.setattr("analysis.cli.new._is_terminal", lambda: True)
    run = CliRunner().invoke(new, [str(tmp_path / "s"), "--from", str(export), "--yes"], input="")
    assert run.exit_code == 0, run.output
    assert not load_study(tmp_path / "s").is_synthetic
    assert "?" not in run.output


@pytest.mark.parametrize("name", ["my study (2)", "پژوهش من", "Studie äöü & Co", "研究"])
def test_a_study_stands_in_a_folder_of_any_name(tmp_path, name):
    source = tmp_path / name / "Kodierte Segmente – مصاحبه 1.csv"
    source.parent.mkdir()
    source.write_text("document,code\nمصاحبه ۱,هزینه > دارو\n", encoding="utf-8")
    folder = begin_study(tmp_path / f"{name} study", [source]).folder
    (export,) = load_study(folder).data.exports
    assert (folder / export).read_bytes() == source.read_bytes()
    assert find_faults(folder)[0] == []


def test_data_that_may_only_be_read_are_enough(tmp_path, export):
    folder = begin_study(tmp_path / "study", [export]).folder
    paths = sorted((folder / "data-raw").rglob("*"), reverse=True)
    before = files_in(folder / "data-raw")
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert find_faults(folder)[0] == []
        assert files_in(folder / "data-raw") == before
    finally:
        for path in reversed(paths):
            path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("con.csv", "export-con.csv"), ("LPT1.csv", "export-LPT1.csv"), ("a:b?.csv", "a-b-.csv"),
        ("ends. ", "ends"), ("tab\there.csv", "tab-here.csv"), ("...", "export"),
        ("console.csv", "console.csv"),
    ],
)  # fmt: skip
def test_every_copied_file_has_a_name_that_windows_takes(name, safe):
    assert free_name(name, "data-raw/exports", {}) == safe
    taken = {f"data-raw/exports/{safe}".upper(): name}
    assert free_name(name, "data-raw/exports", taken) != safe, "Windows knows no case"


def test_every_file_of_the_skeleton_has_a_name_that_windows_takes():
    for name in skeleton_files():
        for part in name.split("/"):
            assert free_name(part, "x", {}) == part
        assert len(name) < 120, "a path of Windows ends at 260 letters"


def test_transcripts_beside_the_exports_of_a_folder_are_left_out_and_told(tmp_path, export):
    folder = tmp_path / "all of it"
    folder.mkdir()
    shutil.copy(export, folder)
    (folder / "Interview 1.txt").write_text("I: Hello.\nP: Good day.\n", encoding="utf-8")
    (folder / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(60))
    begun = begin_study(tmp_path / "study", [folder])
    (guess,) = [guess for guess in begun.guesses if guess.key == "[data] exports"]
    assert "Interview 1.txt and scan.png are left out" in guess.what
    assert not list((tmp_path / "study" / "data-raw").rglob("*.txt"))
    assert (folder / "Interview 1.txt").is_file()


def test_a_file_that_is_named_is_never_left_out(tmp_path, export):
    words = tmp_path / "Interview 1.txt"
    words.write_text("I: Hello.\nP: Good day.\n", encoding="utf-8")
    with pytest.raises(StudyError, match="text without columns"):
        begin_study(tmp_path / "study", [export, words])


def test_an_export_given_twice_is_taken_once(tmp_path, export):
    begun = begin_study(tmp_path / "study", [export, export])
    assert load_study(begun.folder).data.exports == [f"data-raw/exports/{export.name}"]


def test_of_several_spreadsheets_each_is_told_its_own_columns(tmp_path):
    sheets = tmp_path / "sheets"
    sheets.mkdir()
    (sheets / "a.csv").write_text("Coding,Said\nA,I was glad to hear it\n", encoding="utf-8")
    (sheets / "b.csv").write_text("Label,Words\nB,They went home early\n", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        begin_study(tmp_path / "study", [sheets])
    first, second = caught.value.faults
    assert 'codes = ["Coding"]' in first.remedy
    assert 'codes = ["Label"]' in second.remedy


def test_without_codings_the_export_to_give_is_named(tmp_path):
    book = tmp_path / "codes.qdc"
    book.write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="x"><Codes>'
        '<Code guid="11111111-1111-1111-1111-111111111111" name="A" isCodable="true"/>'
        "</Codes></CodeBook>\n",
        encoding="utf-8",
    )
    with pytest.raises(StudyError, match="another --from"):
        begin_study(tmp_path / "study", [book])


def test_who_neither_said_anything_nor_was_coded_has_no_part_in_the_study(tmp_path):
    survey = tmp_path / "survey.csv"
    survey.write_text(
        "ResponseId,Answer,Code 1,Code 2\nR1,It was too far,far,\nR2,I like the place,good,\n"
        "R3,No idea what to say,,\nR4,,,\nR5,,,\n",
        encoding="utf-8",
    )
    begun = begin_study(tmp_path / "study", [survey])
    prepared = prepare(begun.folder, load_study(begun.folder))
    assert sorted(prepared.people.documents["case_id"]) == ["R1", "R2", "R3"]
    assert any("2 documents have neither words nor a code" in said for said in begun.warnings)


def test_a_codebook_of_another_project_is_named_once(tmp_path):
    (tmp_path / "codings.csv").write_text("document,code\nD,A\nD,B\nD,C\n", encoding="utf-8")
    (tmp_path / "codes.csv").write_text("code,definition\nX,one\nY,two\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"Leave .*codes.csv out"):
        begin_study(tmp_path / "study", [tmp_path / "codings.csv", tmp_path / "codes.csv"])


def test_two_files_that_are_called_after_coders_measure_agreement(tmp_path):
    folder = tmp_path / "coded"
    folder.mkdir()
    rows = "".join(f"P{n},I said {n},{{}}{n % 2}\n" for n in range(1, 7))
    for name, code in (("Q1 (primary)", "a"), ("Q1 (secondary)", "a")):
        text = "participant,quote,code\n" + rows.format(*[code] * 6)
        if "secondary" in name:
            text = text.replace("I said 2,a0", "I said 2,a1")
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    begun = begin_study(tmp_path / "study", [folder])
    study = load_study(begun.folder)
    assert (study.coders.main, study.coders.agreement) == ("Primary", ["Secondary"])
    prepared = prepare(begun.folder, study)
    assert (len(prepared.codings), len(prepared.agreement_codings)) == (6, 6)
    assert "[data.coders]" in {guess.key for guess in begun.guesses}
