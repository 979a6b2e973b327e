"""What is written is valid, complete, the same each time, and reads back as it was."""

from __future__ import annotations

import zipfile

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from qdaio.faults import StudyError
from qdaio.model import CodedProject, ExportInfo, SetAside, make_frame
from qdaio.programs.refi import write_qdc, write_qdpx
from qdaio.registry import read_exports
from tests.qdaio.refi_files import read
from tests.qdaio.refi_projects import code_frames, projects

PROVENANCE = {"source_file", "source_sheet", "source_row", "is_repeat", "offset_status"}
COUNTED = {"reported_n", "reported_n_kind"}


@pytest.fixture(scope="module")
def schemas(real_exports):
    folder = real_exports / "refi-qda"
    return {
        name: etree.XMLSchema(etree.parse(folder / f"{name}.xsd"))
        for name in ("Project", "Codebook")
    }


def content(frame: pd.DataFrame, without: set[str]) -> list[tuple[object, ...]]:
    """Return a frame as plain rows, None for what is missing, without some columns."""
    kept = frame[[column for column in frame if column not in without]].astype("object")
    return [tuple(row) for row in kept.where(kept.notna(), None).itertuples(index=False)]


def assert_same(project: CodedProject, again: CodedProject, names=None) -> None:
    """All that REFI-QDA, descriptions and memos can hold is there again."""
    for name in names or project.frames():
        if name == "matrix_cells":
            continue
        expected = content(project.frames()[name], PROVENANCE | COUNTED)
        found = content(again.frames()[name], PROVENANCE | COUNTED)
        if name in ("segments", "codings"):
            # places of one document are written by kind, so their order can change
            expected, found = _places(project, expected), _places(again, found)
        assert found == expected, name


def _places(project: CodedProject, rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return sorted(
        (tuple(_number_free(value) for value in row) for row in rows),
        key=lambda row: tuple(map(repr, row)),
    )


def _number_free(value: object) -> object:
    is_id = isinstance(value, str) and value[:1] in "sc" and value[1:].isdigit()
    return "id" if is_id else value


def joined(project: CodedProject) -> list[tuple[object, ...]]:
    """Return each coding with its segment: what a place has, and who coded it how."""
    both = project.codings.merge(project.segments, on="segment_id")
    return _places(project, content(both, PROVENANCE | {"segment_id", "coding_id"}))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(project=projects())
def test_a_project_that_is_written_reads_back_the_same(project, tmp_path_factory):
    path = tmp_path_factory.mktemp("refi") / "p.qdpx"
    write_qdpx(project, path)
    again = read(path)
    assert_same(project, again)
    assert joined(again) == joined(project)
    assert again.rows_read == project.rows_read


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(project=projects())
def test_what_is_written_is_valid_against_the_schema(project, schemas, tmp_path_factory):
    path = tmp_path_factory.mktemp("refi") / "p.qdpx"
    write_qdpx(project, path)
    with zipfile.ZipFile(path) as archive:
        schemas["Project"].assertValid(etree.fromstring(archive.read("project.qde")))
        for name in archive.namelist()[1:]:
            archive.read(name).decode("utf-8")


@settings(deadline=None, max_examples=40)
@given(codes=code_frames().filter(len))
def test_a_codebook_that_is_written_reads_back_the_same(codes, tmp_path_factory):
    project = CodedProject(info=ExportInfo("drawn", "hypothesis"), codes=codes)
    path = tmp_path_factory.mktemp("refi") / "p.qdc"
    assert write_qdc(project, path) == []
    assert_same(project, read(path), ["codes"])


@settings(
    deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(codes=code_frames().filter(len))
def test_a_codebook_is_valid_against_its_schema(codes, schemas, tmp_path_factory):
    path = tmp_path_factory.mktemp("refi") / "p.qdc"
    write_qdc(CodedProject(info=ExportInfo("drawn", "hypothesis"), codes=codes), path)
    schemas["Codebook"].assertValid(etree.parse(path))


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(project=projects())
def test_the_same_project_gives_the_same_bytes(project, tmp_path_factory):
    folders = [tmp_path_factory.mktemp("refi") for _ in range(2)]
    for folder in folders:
        write_qdpx(project, folder / "p.qdpx")
    first, second = ((folder / "p.qdpx").read_bytes() for folder in folders)
    assert first == second
    with zipfile.ZipFile(folders[0] / "p.qdpx") as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_tables_of_the_shipped_study_survive_as_they_are(repository, tmp_path, schemas):
    project = read_exports([repository / "data-raw" / "exports"])
    path = tmp_path / "study.qdpx"
    said = write_qdpx(project, path)
    assert [sentence for sentence in said if "counts that the export itself" not in sentence] == []
    again = read_exports([path])
    for name, frame in project.frames().items():
        expected = content(frame, PROVENANCE - {"is_repeat", "offset_status"} | COUNTED)
        found = content(again.frames()[name], PROVENANCE - {"is_repeat", "offset_status"} | COUNTED)
        assert found == expected, name
    with zipfile.ZipFile(path) as archive:
        schemas["Project"].assertValid(etree.fromstring(archive.read("project.qde")))


@pytest.mark.parametrize(
    "name", ["qc_1.3.2__demo.qdpx", "atlasti_mac_8.4.0__TestProject_standard_annexA.qdpx"]
)
def test_real_projects_survive(real_exports, tmp_path, schemas, name):
    project = read_exports([real_exports / "refi-qda" / name])
    write_qdpx(project, tmp_path / "p.qdpx")
    again = read_exports([tmp_path / "p.qdpx"])
    for frame in ("documents", "codes", "coders", "segments", "attributes"):
        assert_same(project, again, [frame])
    assert joined(again) == joined(project)
    with zipfile.ZipFile(tmp_path / "p.qdpx") as archive:
        schemas["Project"].assertValid(etree.fromstring(archive.read("project.qde")))


def small(**changes: object) -> CodedProject:
    codes = make_frame(
        "codes",
        {"code_id": ["a"], "name": ["a"], "path": [("a",)], "level": [1], "is_codable": [True]},
    )
    return CodedProject(info=ExportInfo("drawn", "by hand"), codes=codes).with_(**changes)


def test_what_the_format_cannot_hold_is_said(tmp_path):
    codes = make_frame(
        "codes",
        {
            "code_id": ["tag-1"],
            "name": ["a\x07b"],
            "path": [("a\x07b",)],
            "level": [1],
            "colour": ["red"],
            "reported_n": [3],
        },
    )
    documents = make_frame(
        "documents", {"document_id": ["7"], "name": ["Interview"], "text": ["some words"]}
    )
    segments = make_frame(
        "segments",
        {
            "segment_id": ["s1"],
            "document_id": ["7"],
            "start_cp": [0],
            "end_cp": [4],
            "text": ["others"],
            "offset_status": ["repaired"],
        },
    )
    cells = make_frame("matrix_cells", {"entity_id": ["7"], "code_id": ["tag-1"], "n": [1]})
    aside = SetAside(what="memo", why="free", file="x")
    project = small(
        codes=codes, documents=documents, segments=segments, matrix_cells=cells, set_aside=(aside,)
    )
    said = "\n".join(write_qdpx(project, tmp_path / "p.qdpx"))
    for part in (
        "counts that the export itself reports for 1 codes",
        "colours of 1 codes",
        "identifiers of 1 codes",
        "identifiers of 1 documents",
        "1 cells of tables",
        "1 rows that were set aside",
        "wording that the export has of 1 segments",
        "1 characters that XML cannot hold",
    ):
        assert part in said
    again = read(tmp_path / "p.qdpx")
    assert again.codes["name"].tolist() == ["a\ufffdb"]
    assert again.segments["text"].tolist() == ["some"]


def test_codes_below_themselves_are_refused_and_no_file_is_left(tmp_path):
    codes = make_frame(
        "codes",
        {
            "code_id": ["a", "b"],
            "parent_id": ["b", "a"],
            "name": ["a", "b"],
            "path": [("b", "a"), ("a", "b")],
            "level": [2, 2],
        },
    )
    for write, name in ((write_qdpx, "p.qdpx"), (write_qdc, "p.qdc")):
        with pytest.raises(StudyError, match="below themselves"):
            write(small(codes=codes), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_codebook_without_codes_is_refused(tmp_path):
    with pytest.raises(StudyError, match="no codes"):
        write_qdc(CodedProject(info=ExportInfo("drawn", "by hand")), tmp_path / "p.qdc")
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_stays_when_writing_fails(tmp_path):
    path = tmp_path / "p.qdpx"
    write_qdpx(small(), path)
    before = path.read_bytes()
    broken = small().codes.assign(parent_id=pd.Series(["a"], dtype="str"))
    with pytest.raises(StudyError):
        write_qdpx(small(codes=broken), path)
    assert path.read_bytes() == before


def test_figures_of_another_script_are_text_since_the_standard_knows_no_others(tmp_path):
    frame = make_frame("documents", {"document_id": ["Ann"], "name": ["Ann"]})
    attributes = make_frame(
        "attributes",
        {"entity": ["document"], "entity_id": ["Ann"], "name": ["age"], "value": ["٣"]},
    )
    project = CodedProject(info=ExportInfo(format="x", software="x"), documents=frame)
    path = tmp_path / "p.qdpx"
    write_qdpx(project.with_(attributes=attributes), path)
    with zipfile.ZipFile(path) as archive:
        content = archive.read("project.qde").decode()
    assert "<TextValue>٣</TextValue>" in content
