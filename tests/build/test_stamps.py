"""Each product tells of which build it is, in its own place for it, and stays what it was."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from lxml import etree

from analysis.build.builder import build
from analysis.build.manifest import begin, out_of_step, read_manifest
from analysis.build.stamps import PAGES, STAMPED, read_stamp, stamp
from tests.support.jats import dtd_faults
from tests.support.plaintext import pages, paragraphs
from tests.support.studies import replace_text

pytestmark = [pytest.mark.build, pytest.mark.xdist_group("built")]
CARRIERS = (
    "manuscript.html", "manuscript.docx", "manuscript.pdf", "manuscript.xml", "audit.html",
    "audit.json",
)  # fmt: skip
OTHER = "0123456789abcdef"


@pytest.fixture
def output(built_study: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built_study / "report/output", tmp_path / "output"))


@pytest.mark.parametrize("name", CARRIERS)
def test_a_product_carries_the_id_of_its_build(built_study, name):
    assert read_stamp(built_study / "report/output" / name) == read_manifest(built_study)["build"]


@pytest.mark.parametrize("name", CARRIERS)
def test_stamping_again_replaces_the_stamp_and_nothing_else(output, name):
    path = output / name
    before, own = path.read_bytes(), str(read_stamp(path))
    stamp(path, OTHER)
    assert read_stamp(path) == OTHER
    stamp(path, own)
    assert path.read_bytes() == before


def test_a_stamped_word_file_is_one_and_has_its_properties(output):
    document = docx.Document(str(output / "manuscript.docx"))
    assert len(document.paragraphs) > 20
    with zipfile.ZipFile(output / "manuscript.docx") as archive:
        properties = etree.fromstring(archive.read("docProps/custom.xml"))
    ids = [item.get("pid") for item in properties]
    assert len(ids) == len(set(ids))
    assert [item.get("name") for item in properties].count("study-build") == 1


def test_a_stamped_pdf_is_read_whole_by_other_programs(output):
    path = output / "manuscript.pdf"
    assert len(pages(path)) > 5
    program = shutil.which("pdfinfo")
    if program is None:
        pytest.skip("pdfinfo (poppler) is absent")
    said = subprocess.run([program, "-custom", str(path)], capture_output=True, check=True)
    assert f"StudyBuild: {read_stamp(path)}" in re.sub(" +", " ", said.stdout.decode())
    plain = subprocess.run([program, str(path)], capture_output=True, check=True)
    assert b"Title:" in plain.stdout
    assert b"xref" not in plain.stderr


def test_a_stamped_article_stays_valid(output):
    assert dtd_faults((output / "manuscript.xml").read_bytes()) == []


def test_a_page_is_stamped_in_its_head_and_fetches_nothing_from_the_net(output):
    page = (output / "manuscript.html").read_text(encoding="utf-8")
    head = page[: page.index("</head>")]
    assert head.count('name="study-build"') == 1
    assert re.findall(r'<script[^>]+src="([^"]*)"', page) == [PAGES]
    assert paragraphs(output / "manuscript.html")


def test_files_without_a_place_for_a_stamp_stay_as_they_are():
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    contents = {
        ".docx": empty.getvalue(), ".pdf": b"%PDF-1.7\n%%EOF\n", ".xml": b"<article/>",
        ".json": b"[1]", ".html": b"<p>no head</p>",
    }  # fmt: skip
    assert contents.keys() == STAMPED.keys()
    for suffix, content in contents.items():
        assert STAMPED[suffix][0](content, OTHER) == content
        assert STAMPED[suffix][1](content) is None


def test_a_pdf_with_a_bracket_in_its_title_is_stamped():
    body = b"%PDF-1.7\n1 0 obj\n<</Title(a \\) >> b)>>\nendobj\n"
    table = b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n"
    end = b"trailer\n<</Size 2/Info 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)
    stamped = STAMPED[".pdf"][0](body + table + end, OTHER)
    assert STAMPED[".pdf"][1](stamped) == OTHER
    assert stamped.startswith(body + table + end)
    start = int(re.findall(rb"startxref\n(\d+)", stamped)[-1])
    assert stamped[start:].startswith(b"xref\n1 1\n")
    entry = int(stamped[start:].split(b"\n")[2][:10])
    assert stamped[entry:].startswith(
        b"1 0 obj\n<</Title(a \\) >> b)/StudyBuild (" + OTHER.encode()
    )


def test_a_build_that_changes_nothing_leaves_every_byte(built_study, tmp_path):
    study = Path(shutil.copytree(built_study, tmp_path / "study"))
    files = [path for path in sorted((study / "report").rglob("*")) if path.is_file()]
    before = {path: path.read_bytes() for path in files}
    assert build(study, engine="pandoc").outcome.ran == []
    assert {path: path.read_bytes() for path in files} == before


def test_what_did_not_run_again_is_of_the_new_build_and_not_run_next_time(built_study, tmp_path):
    study = Path(shutil.copytree(built_study, tmp_path / "study"))
    first = read_manifest(study)["build"]
    replace_text(study / "report/manuscript.qmd", "can be rebuilt from codings", "was rebuilt")
    ran = {done.name for done in build(study, engine="pandoc", formats=["html"]).outcome.ran}
    assert "audit" not in ran
    output = study / "report/output"
    second = read_stamp(output / "audit.html")
    assert second == read_stamp(output / "manuscript.html") != first
    assert read_stamp(output / "manuscript.pdf") == first
    assert json.loads((output / "audit.json").read_text(encoding="utf-8"))["claims"]
    assert build(study, engine="pandoc", formats=["html"]).outcome.ran == []


def test_products_of_two_builds_are_told_without_a_record(built_study, tmp_path):
    study = tmp_path / "study"
    (study / "report/output").mkdir(parents=True)
    for name in ("manuscript.html", "audit.html"):
        shutil.copy(built_study / "report/output" / name, study / "report/output" / name)
    assert out_of_step(study) == []
    stamp(study / "report/output/audit.html", OTHER)
    (note,) = out_of_step(study)
    assert note.startswith("Products of different builds")
    assert f"report/output/audit.html of build {OTHER}" in note


def test_pages_of_the_last_build_learn_that_another_was_begun(built_study, tmp_path):
    study = tmp_path / "study"
    shutil.copytree(built_study / "report/output", study / "report/output")
    page = study / "report/output/manuscript.html"
    said = "was begun after it"
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no browser (chromium) is there to show the page")
    assert said not in shown(program, page)
    begin(study, OTHER)
    assert said in shown(program, page)


def shown(program: str, page: Path) -> str:
    done = subprocess.run(
        [program, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", page.as_uri()],
        capture_output=True,
        check=True,
        timeout=120,
    )
    return done.stdout.decode("utf-8")
