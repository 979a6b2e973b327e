"""Annotation tools: small files in the form that each program writes, and what is read of them."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import qdaio
from qdaio import StudyError
from qdaio.files.source import is_json
from qdaio.files.yaml import read_yaml
from qdaio.programs.rock import SPACED, RockSource
from qdaio.registry import open_exports
from tests.support.written_tables import write_csv

EMOJI = "I like it \U0001f60a . Ünd so"


def said(project: qdaio.CodedProject) -> list[tuple[str, str, int | None, int | None, str | None]]:
    """Document, code, place in code points and coder of each coding, sorted."""
    segments = project.segments.set_index("segment_id").loc[project.codings["segment_id"]]
    rows = zip(
        segments["document_id"].astype("str"),
        project.codings["code_id"].astype("str"),
        segments["start_cp"].astype("object"),
        segments["end_cp"].astype("object"),
        project.codings["coder_id"].astype("object"),
        strict=True,
    )
    plain = [tuple(None if pd.isna(cell) else cell for cell in row) for row in rows]
    plain.sort(key=lambda row: [(cell is None, cell or 0) for cell in row])
    return plain  # type: ignore[return-value]


def words(project: qdaio.CodedProject) -> list[str | None]:
    """What each coding codes, as its document has it."""
    texts = project.documents.set_index("document_id")["text"]
    return [texts[name][a:b] for name, _, a, b, _ in said(project) if a is not None]


def json_lines(path: Path, *records: Any) -> Path:
    path.write_text("".join(json.dumps(item) + "\n" for item in records), encoding="utf-8")
    return path


# ---- doccano


@pytest.mark.parametrize(
    "label",
    [
        {"label": [[0, 3, "A"]]},
        {"labels": [[0, 3, "A"]]},
        {
            "entities": [{"id": 1, "label": "A", "start_offset": 0, "end_offset": 3}],
            "relations": [],
        },
    ],
    ids=["label", "labels", "entities"],
)
@pytest.mark.parametrize("text", ["text", "data"])
def test_doccano_spans_in_every_form(tmp_path, label, text):
    path = json_lines(
        tmp_path / "all.jsonl",
        {"id": 1, text: "one two", **label},
        {"id": 2, text: "three", "label": []},
    )
    project = qdaio.read(path)
    assert project.info.format == "doccano"
    assert said(project) == [("1", "A", 0, 3, None)]
    assert list(project.documents["name"]) == ["1", "2"]


def test_doccano_categories_relations_comments_and_what_was_uploaded(tmp_path):
    project = qdaio.read(
        json_lines(
            tmp_path / "all.jsonl",
            {"id": 1, "text": "one", "label": ["A", "B"], "round": 2, "Comments": ["why?"]},
            {
                "id": 2,
                "text": "two",
                "entities": [{"id": 7, "label": "C", "start_offset": 0, "end_offset": 3}],
                "relations": [{"id": 1, "from_id": 7, "to_id": 7, "type": "t"}],
            },
        )
    )
    assert said(project) == [
        ("1", "A", None, None, None),
        ("1", "B", None, None, None),
        ("2", "C", 0, 3, None),
    ]
    values = project.attributes[["entity_id", "name", "value"]].to_numpy().tolist()
    assert values == [["1", "round", "2"], ["1", "comment", "why?"]]
    assert [(item.what, item.row) for item in project.set_aside] == [("relation", 2)]


def test_doccano_a_file_for_each_annotator(tmp_path):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for person, code in (("ann", "A"), ("bob", "B")):
            record = {"id": 1, "text": "one two", "label": [[4, 7, code]]}
            archive.writestr(f"{person}.jsonl", json.dumps(record) + "\n")
    project = qdaio.read(path)
    assert said(project) == [("1", "A", 4, 7, "ann"), ("1", "B", 4, 7, "bob")]
    assert list(project.codings["source_sheet"]) == ["ann.jsonl", "bob.jsonl"]


def test_doccano_all_faults_at_once(tmp_path):
    good = {"id": 1, "text": "one", "label": [[0, 1, "A"]]}
    path = json_lines(tmp_path / "a.jsonl", good, {"id": 2, "label": []}, {**good, "label": [[5]]})
    with pytest.raises(StudyError) as caught:
        qdaio.read(path)
    assert [(fault.kind, fault.row) for fault in caught.value.faults] == [
        ("missing-value", 2),
        ("wrong-format", 3),
    ]


# ---- JSON of strangers


@pytest.mark.parametrize(
    "content",
    [
        '{"text": "a", "label": []}\n{"text": "b", "lab',
        '[{"text": "a", "label": []}',
        "[" * 100_000,
    ],
    ids=["line cut off", "array cut off", "nested"],
)
def test_json_that_is_damaged_is_a_fault(tmp_path, content):
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(StudyError):
        qdaio.read(path)


def test_half_a_letter_is_replaced(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"id": 1, "text": "a\\ud800b", "label": [[0, 1, "x\\udc00"]]}\n', encoding="utf-8"
    )
    project = qdaio.read(path)
    assert project.documents["text"][0] == "a\ufffdb"
    assert list(project.codes["name"]) == ["x\ufffd"]


@pytest.mark.parametrize("text", ["[sic] he said", "[[trust]] first", "{not json", "document,code"])
def test_text_with_brackets_is_no_json(text):
    assert not is_json(text)


# ---- Label Studio


def span(start: int, end: int, *labels: str, tag: str = "label") -> dict[str, Any]:
    value = {"start": start, "end": end, "text": EMOJI, "labels": list(labels)}
    return {"value": value, "id": "x", "from_name": tag, "to_name": "text", "type": "labels"}


def task(*results: dict[str, Any], **more: Any) -> dict[str, Any]:
    annotation = {"id": 5, "completed_by": 3, "result": list(results), "was_cancelled": False}
    return {"id": 1, "data": {"text": EMOJI, "who": "P1"}, "annotations": [annotation], **more}


def label_studio(path: Path, *tasks: dict[str, Any]) -> qdaio.CodedProject:
    for item in tasks:
        for result in item["annotations"][0]["result"]:
            if result["type"] == "labels":
                raw = EMOJI.encode("utf-16-le")
                start, end = (result["value"][side] * 2 for side in ("start", "end"))
                result["value"]["text"] = raw[start:end].decode("utf-16-le")
    path.write_text(json.dumps(list(tasks)), encoding="utf-8")
    return qdaio.read(path)


def test_label_studio_counts_as_javascript_does(tmp_path):
    project = label_studio(tmp_path / "a.json", task(span(15, 18, "A", "B"), span(2, 6, "A")))
    assert project.info.format == "label-studio"
    assert words(project) == ["like", "Ünd", "Ünd"]
    assert {row[4] for row in said(project)} == {"3"}
    assert set(project.segments["offset_status"]) == {"ok"}
    assert project.attributes[["name", "value"]].to_numpy().tolist() == [["who", "P1"]]


def test_label_studio_choices_taxonomies_and_what_is_no_code(tmp_path):
    choice = {"type": "choices", "from_name": "mood", "value": {"choices": ["sad"]}}
    tree = {"type": "taxonomy", "from_name": "topic", "value": {"taxonomy": [["Care", "Time"]]}}
    answer = {"type": "textarea", "from_name": "why", "value": {"text": ["because"]}}
    predicted = {"predictions": [{"result": [span(0, 1, "Z")]}]}
    project = label_studio(tmp_path / "a.json", task(choice, tree, answer, **predicted))
    assert [row[1] for row in said(project)] == ["mood > sad", "topic > Care > Time"]
    assert [item.what for item in project.set_aside] == ["answer", "prediction"]


def test_label_studio_cancelled_annotations_are_set_aside(tmp_path):
    cancelled = task(span(0, 1, "A"))
    cancelled["annotations"][0]["was_cancelled"] = True
    project = label_studio(tmp_path / "a.json", cancelled, {**task(span(2, 6, "A")), "id": 2})
    assert len(project.codings) == 1
    assert [item.what for item in project.set_aside] == ["annotation"]


def test_label_studio_small_form(tmp_path):
    record = {
        "id": 4,
        "text": "one two",
        "label": [{"start": 0, "end": 3, "text": "one", "labels": ["A"]}],
        "annotator": 1,
        "annotation_id": 9,
        "created_at": "2024-01-02T03:04:05Z",
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps([record]), encoding="utf-8")
    project = qdaio.read(path)
    assert said(project) == [("4", "A", 0, 3, "1")]


def test_label_studio_recordings_are_in_milliseconds(tmp_path):
    value = {"start": 1.5, "end": 2.25, "channel": 0, "labels": ["A"]}
    heard = {
        "id": 1,
        "data": {"audio": "a.mp3"},
        "annotations": [{"result": [{"type": "labels", "value": value}]}],
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps([heard]), encoding="utf-8")
    segment = qdaio.read(path).segments.iloc[0]
    assert (segment["start"], segment["end"], segment["unit"]) == (1500, 2250, "ms")


# ---- INCEpTION

TSV = """#FORMAT=WebAnno TSV 3.3
#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue|coarseValue
#T_SP=webanno.custom.Codes|code


#Text=I like it \U0001f60a .
1-1\t0-1\tI\tPRP\tPRON\t_\t
1-2\t2-6\tlike\tVBP\tVERB\ttrust[1]|care[2]\t
1-3\t7-9\tit\tPRP\tPRON\ttrust[1]\t
1-4\t10-12\t\U0001f60a\t_\t_\t_\t
1-5\t13-14\t.\t_\t_\t_\t

#Text=Ünd so
2-1\t15-18\tÜnd\t_\t_\ta \\| b\t
2-2\t19-21\tso\t_\t_\t_\t
"""

XMI = """<?xml version="1.0" encoding="UTF-8"?><xmi:XMI xmlns:cas="http:///uima/cas.ecore"
 xmlns:type="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore"
 xmlns:custom="http:///webanno/custom.ecore" xmlns:xmi="http://www.omg.org/XMI" xmi:version="2.0">
<cas:NULL xmi:id="0"/><type:Token xmi:id="3" sofa="2" begin="0" end="1"/>
<custom:Codes xmi:id="9" sofa="2" begin="2" end="9" code="trust"/>
<custom:Codes xmi:id="10" sofa="2" begin="2" end="6" code="care"/>
<custom:Codes xmi:id="11" sofa="2" begin="15" end="18" code="a | b"/>
<custom:Ties xmi:id="12" sofa="2" begin="2" end="9" Dependent="9" Governor="10" kind="x"/>
<cas:Sofa xmi:id="2" sofaNum="1" sofaID="_InitialView" mimeType="text"
 sofaString="I like it &#128522; .&#10;Ünd so"/>
<cas:View sofa="2" members="3 9 10 11 12"/></xmi:XMI>
"""


@pytest.mark.parametrize(("name", "content"), [("a.tsv", TSV), ("a.xmi", XMI)])
def test_inception_spans_with_positions_in_utf_16(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    project = qdaio.read(path)
    assert project.documents["text"][0].split("\n") == ["I like it \U0001f60a .", "Ünd so"]
    assert [(row[1], *row[2:4]) for row in said(project)] == [
        ("a | b", 14, 17),
        ("care", 2, 6),
        ("trust", 2, 9),
    ]
    assert {item.what for item in project.set_aside} == {"annotation"}


def test_inception_names_document_and_annotator_by_its_folders(tmp_path):
    folder = tmp_path / "annotation" / "interview 1.txt"
    folder.mkdir(parents=True)
    (folder / "ann.tsv").write_text(TSV, encoding="utf-8")
    project = qdaio.read(folder / "ann.tsv")
    assert {(row[0], row[4]) for row in said(project)} == {("interview 1.txt", "ann")}


def test_inception_rows_of_another_form_are_faults(tmp_path):
    path = tmp_path / "a.tsv"
    path.write_text(TSV + "2-3\tnowhere\tx\t_\t_\t_\t\n", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        qdaio.read(path)
    assert caught.value.faults[0].row == TSV.count("\n") + 1


# ---- CATMA


def catma(root: Path) -> Path:
    properties = {
        "S1": {"name": "catma_markuptimestamp", "possibleValueList": []},
        "S2": {"name": "catma_markupauthor", "possibleValueList": ["ann"]},
        "S3": {"name": "catma_displaycolor", "possibleValueList": ["-57318"]},
    }
    tags = {"T1": ("Care", ""), "T2": ("Time", "T1"), "T3": ("Unused", "")}
    for uuid, (name, parent) in tags.items():
        put(
            root / f"tagsets/TS/{uuid}/propertydefs.json",
            {
                "name": name,
                "uuid": uuid,
                "parentUuid": parent,
                "tagsetDefinitionUuid": "TS",
                "systemPropertyDefinitions": properties,
                "userDefinedPropertyDefinitions": {"U1": {"name": "how", "uuid": "U1"}},
            },
        )
    put(root / "tagsets/TS/header.json", {"name": "Codes"})
    put(
        root / "documents/D1/header.json",
        {"gitContentInfoSet": {"title": "Interview 1", "author": ""}, "gitTechInfoSet": {}},
    )
    (root / "documents/D1/D1.txt").write_text(EMOJI, encoding="utf-8")
    put(root / "collections/C1/header.json", {"name": "ac", "sourceDocumentId": "D1"})

    def annotation(tag: str, *ranges: tuple[int, int]) -> dict[str, Any]:
        return {
            "type": "Annotation",
            "body": {
                "tag": f"tagsets/TS/{tag}",
                "tagset": "tagsets/TS",
                "properties": {
                    "system": {"S1": ["2023-08-02T15:43:57.086+0200"], "S2": ["ann"]},
                    "user": {"U1": ["softly"]},
                },
            },
            "target": {
                "items": [{"source": "D1", "selector": {"start": a, "end": b}} for a, b in ranges]
            },
        }

    annotations = [annotation("T2", (2, 4), (4, 6)), annotation("T1", (15, 18))]
    put(root / "collections/C1/annotations/ann_0.json", annotations)
    return root


def put(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize("is_zip", [False, True], ids=["folder", "zip"])
def test_catma_project_with_its_tagset(tmp_path, is_zip):
    path = catma(tmp_path / "CATMA_1_Study")
    if is_zip:
        with zipfile.ZipFile(tmp_path / "study.zip", "w") as archive:
            for file in sorted(path.rglob("*")):
                archive.write(file, f"study/{file.relative_to(path).as_posix()}")
        path = tmp_path / "study.zip"
    project = qdaio.read(path)
    assert said(project) == [
        ("Interview 1", "Care", 14, 17, "ann"),
        ("Interview 1", "Care > Time", 2, 6, "ann"),
    ]
    assert words(project) == ["Ünd", "like"]
    assert list(project.codes["name"]) == ["Care", "Time", "Unused"]
    assert set(project.codes["colour"]) == {"#FF201A"}
    assert list(project.codings["memo"]) == ["how: softly"] * 2


def test_catma_an_annotation_whose_tag_is_not_there(tmp_path):
    path = catma(tmp_path / "p")
    (path / "tagsets/TS/T2/propertydefs.json").unlink()
    with pytest.raises(StudyError) as caught:
        qdaio.read(path)
    assert [fault.kind for fault in caught.value.faults] == ["unknown-code"]


# ---- ROCK

ROCK = """---
attributes:
  - cid: 1
---
# a comment
[[cid=P1]] [[coderId=ann]]
[[uid=7h50lns5]] They helped us. [[Care>Help]] [[trust||2]]
---paragraph-break---
And then: nothing.
[[cid=P2]]
"Never" again [[a->b||cause]], he said [[trust]]
"""


def test_rock_codes_in_the_text_of_their_line(tmp_path):
    path = tmp_path / "source.rock"
    path.write_text(ROCK, encoding="utf-8")
    project = qdaio.read(path)
    assert project.info.format == "rock"
    assert project.documents["text"][0] == (
        'They helped us.\nAnd then: nothing.\n"Never" again, he said'
    )
    assert words(project) == ["They helped us.", "They helped us.", '"Never" again, he said']
    assert [row[1] for row in said(project)] == ["Care > Help", "trust", "trust"]
    assert {row[4] for row in said(project)} == {"ann"}
    assert list(project.cases["case_id"]) == ["P1", "P2", "1"]  # one is only told of
    memos = project.codings["memo"].astype("object").tolist()
    assert memos == ["case: P1", "value: 2\ncase: P1", "case: P2"]
    assert [item.what for item in project.set_aside] == ["tie"]


LISTED = """---
ROCK_attributes:
  -
    caseId: 1
    sex: female   # as they said
  -
    caseId: 3
    sex: "male"
---
---
codes:
  -
    id:    attitude
    label: Attitude
    description: >
      What people think
      of it.
    children:
      -
        id: exp_attitude
        code: exp_att
        children: [gain, pain]
---
---
codes:
  id: instr
  parentId: attitude
---
[[caseId:1]]
It hurts. [[pain]] [[own_code]]
It helps. [[exp_att>gain]]
---
ROCK_aesthetics:
  nodes:
    - type: default
---
---
just words
---
"""


def test_rock_fragments_hold_codes_and_what_is_known_of_cases(tmp_path):
    path = tmp_path / "source.rock"
    path.write_text(LISTED, encoding="utf-8")
    project = qdaio.read(path)
    assert list(project.codes["code_id"]) == [
        "attitude",
        "attitude > exp_att",
        "attitude > exp_att > gain",
        "attitude > exp_att > pain",
        "attitude > instr",
        "own_code",
    ]
    assert project.codes["description"][0] == "Attitude\nWhat people think of it."
    assert list(project.codings["code_id"]) == [
        "attitude > exp_att > pain",
        "own_code",
        "attitude > exp_att > gain",
    ]
    rows = project.attributes[["entity_id", "name", "value"]].to_numpy().tolist()
    assert rows == [["1", "sex", "female"], ["3", "sex", "male"]]
    assert list(project.cases["case_id"]) == ["1", "3"]
    assert any("1 YAML fragments are not read" in said for said in project.warnings)


@pytest.mark.parametrize(
    "lines",
    [
        ["a: &x 1"],
        ["a: *x"],
        ["a: {b: c}"],
        ["a: !!python/object:x"],
        ["a: 1", "a: 2"],
        ["a:", "    b: 1", "  c: 2"],
        ["words only"],
        [" " * n + "a:" for n in range(200)],
    ],
)
def test_yaml_that_is_not_plain_is_not_read(lines):
    assert read_yaml(lines) is None


@pytest.mark.parametrize("text", ["I: Well [[laughs]], yes.\n", "document,code\nd,[[a]]\n"])
def test_brackets_in_a_transcript_are_not_rock(tmp_path, text):
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    (source,) = open_exports([path])
    assert RockSource().recognise(source) is None


# ---- requal


def requal(path: Path) -> Path:
    with sqlite3.connect(path) as base:
        base.executescript(
            """
            create table projects (project_id integer primary key, project_name text);
            create table requal_version (project_id integer, version text);
            create table users (user_id integer primary key, user_login text, user_name text);
            create table documents (doc_id integer primary key, project_id integer,
                doc_name text, doc_text text);
            create table codes (project_id integer, code_id integer primary key,
                code_name text, code_description text, code_color text);
            create table categories (category_id integer primary key, category_name text);
            create table categories_codes_map (category_id integer, code_id integer);
            create table segments (project_id integer, user_id integer, doc_id integer,
                code_id integer, segment_id integer primary key, segment_start integer,
                segment_end integer, segment_text text);
            insert into projects values (1, 'Study');
            insert into requal_version values (1, '1.1.5');
            insert into users values (1, 'ann', 'Ann');
            insert into documents values (1, 1, 'I1', 'one two three');
            insert into codes values (1, 1, 'A', 'first', 'rgb(255,0,16)'), (1, 2, 'B', null, null);
            insert into categories values (1, 'C1'), (2, 'C2');
            insert into categories_codes_map values (1, 1), (2, 1);
            insert into segments values (1, 1, 1, 1, 1, 5, 7, 'two'), (1, 1, 1, 9, 2, 1, 3, 'one');
            """
        )
    base.close()
    return path


def test_requal_project_with_positions_from_one(tmp_path):
    project = qdaio.read(requal(tmp_path / "study.requal"))
    assert (project.info.format, project.info.version) == ("requal-project", "1.1.5")
    assert said(project) == [("I1", "A", 4, 7, "Ann")]
    assert words(project) == ["two"]
    assert list(project.segments["offset_status"]) == ["ok"]
    assert [item.why for item in project.set_aside] == ["its code is not in the database"]
    assert list(project.codes["colour"].dropna()) == ["#FF0010"]
    assert list(project.attributes["value"]) == ["C1", "C2"]


SEGMENTS = [
    [
        "doc_name",
        "doc_id",
        "segment_start",
        "segment_end",
        "code_name",
        "code_id",
        "segment_text",
        "user_name",
    ],
    ["I1", 1, 5, 7, "A", 1, "two", "Ann"],
    ["I1", 1, 1, 3, "B", 2, "one", "Bob"],
]


@pytest.mark.parametrize("has_positions", [True, False])
def test_requal_segments_as_csv(tmp_path, has_positions):
    rows = SEGMENTS if has_positions else [row[:2] + row[4:] for row in SEGMENTS]
    project = qdaio.read(write_csv(tmp_path / "a.csv", rows))
    assert project.info.format == "requal-segments"
    assert [(row[1], row[4]) for row in said(project)] == [("A", "Ann"), ("B", "Bob")]
    starts = project.segments["start"].astype("object").tolist()
    assert starts == ([4, 0] if has_positions else starts)


def test_requal_memos_stand_with_their_code_or_coding(tmp_path):
    path = requal(tmp_path / "study.requal")
    with sqlite3.connect(path) as base:
        base.executescript(
            """
            create table memos (project_id integer, memo_id integer primary key, text text);
            create table memos_codes_map (memo_id integer, code_id integer);
            create table memos_segments_map (memo_id integer, segment_id integer);
            insert into memos values (1, 1, 'of the code'), (1, 2, 'of the coding'), (1, 3, 'free');
            insert into memos_codes_map values (1, 1);
            insert into memos_segments_map values (2, 1);
            """
        )
    base.close()
    project = qdaio.read(path)
    assert project.codes["description"][0] == "first\n\nof the code"
    assert list(project.codings["memo"]) == ["of the coding"]
    assert [(item.what, item.row) for item in project.set_aside] == [("coding", 2), ("memo", 3)]


def test_requal_codebook_as_csv(tmp_path):
    rows = [
        ["", "code_id", "code_name", "code_description", "code_color", "categories"],
        ["1", 1, "A", "first", "#FF0010", "C1 (all) | C2"],
        ["2", 2, "B", "NA", "NA", "NA"],
    ]
    project = qdaio.read(write_csv(tmp_path / "requal_codebook.csv", rows))
    assert project.info.format == "requal-codebook"
    assert list(project.codes["code_id"]) == ["A", "B"]
    assert list(project.codes["description"].dropna()) == ["first"]
    assert list(project.codes["colour"].dropna()) == ["#FF0010"]
    assert list(project.attributes["value"]) == ["C1 (all)", "C2"]


def test_requal_segments_beside_their_project_count_once(tmp_path):
    write_csv(tmp_path / "a.csv", SEGMENTS[:2])
    requal(tmp_path / "study.requal")
    project = qdaio.read(tmp_path / "a.csv", tmp_path / "study.requal")
    assert len(project.codings) == 1


def test_a_run_of_blanks_is_looked_through_once():
    """A pattern that begins with any number of blanks would take minutes here."""
    assert len(SPACED.sub("", "\n" * 200_000 + " [[a]]")) > 199_900


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2-2\t19-21\tso\t_\t_\t_\t\n", ""),  # cut off at a line
        ("1-4\t10-12\t\U0001f60a\t_\t_\t_\t\n", ""),  # a line lost
        ("1-3\t7-9\tit\tPRP\tPRON\ttrust[1]", "1-3\t7-9\tat\tPRP\tPRON\ttrust[1]"),
        ("7-9\tit\tPRP\tPRON\ttrust[1]", "7-9\tit\tPRP\tPRON\ttrusd[1]"),
        ("13-14\t.\t_\t_\t_", "13-14\t.\t_\t_\ttrust[1]"),  # a gap before it
        (
            "\n#Text=Ünd so\n2-1\t15-18\tÜnd\t_\t_\ta \\| b\t\n2-2\t19-21\tso\t_\t_\t_\t\n",
            "\n#Text=Ü",
        ),
        ("2-2\t19-21\tso\t_\t_\t_\t\n", "2-2\t19-21\tso\t_\t_\t_\t"),  # half a line
    ],
)
def test_inception_words_that_are_lost_or_changed_are_told(tmp_path, before, after):
    path = tmp_path / "a.tsv"
    path.write_text(TSV, encoding="utf-8")
    assert not qdaio.read(path).warnings
    assert before in TSV
    path.write_text(TSV.replace(before, after), encoding="utf-8")
    assert any("not whole in the rows" in said for said in qdaio.read(path).warnings)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda text: text.replace('members="3 9 ', 'members="3 8 9 '),
            "1 annotations are missing",
        ),
        (lambda text: text.replace('="3 9 ', '="3 '), "1 annotations are not listed"),
        (lambda text: text.replace('xmi:id="10"', 'xmi:id="9"'), "1 annotations stand twice"),
    ],
)
def test_uima_annotations_are_held_against_the_list_of_them(tmp_path, change, said):
    path = tmp_path / "a.xmi"
    path.write_text(XMI, encoding="utf-8")
    assert not qdaio.read(path).warnings
    path.write_text(change(XMI), encoding="utf-8")
    assert any(said in warning for warning in qdaio.read(path).warnings)


def test_rock_brackets_that_do_not_close_are_told(tmp_path):
    path = tmp_path / "a.rock"
    path.write_text("[[cid=1]] One. [[trust]]\nTwo. [[ca\nThree. [[trust]]\n", encoding="utf-8")
    project = qdaio.read(path)
    assert len(project.codings) == 2
    assert any("in the rows 2" in said for said in project.warnings)


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ('begin="15"', 'bdgin="15"', "it says no place in the text, as others of its layer do"),
        ('sofa="2" begin="15"', 'soffa="2" begin="15"', "it names no text"),
        ('sofa="2" begin="15"', 'sofa="0" begin="15"', "it names no text"),
    ],
)
def test_an_annotation_of_uima_without_a_place_or_text_is_set_aside(tmp_path, was, now, why):
    path = tmp_path / "a.xmi"
    path.write_text(XMI.replace(was, now), encoding="utf-8")
    project = qdaio.read(path)
    assert len(project.codings) == 2
    assert why in [item.why for item in project.set_aside]


def test_numbers_of_annotations_that_leave_a_gap_are_told(tmp_path):
    path = tmp_path / "a.tsv"
    path.write_text(TSV, encoding="utf-8")
    assert not any("left out" in warning for warning in qdaio.read(path).warnings)
    path.write_text(TSV.replace("[1]", "[7]"), encoding="utf-8")
    assert any("left out" in warning for warning in qdaio.read(path).warnings)


def test_label_studio_marks_without_a_label_and_other_totals_are_told(tmp_path):
    bare = span(2, 6)
    bare["value"].pop("labels", None)
    stated = {**task(span(15, 18, "A"), bare), "total_annotations": 2}
    project = label_studio(tmp_path / "a.json", stated)
    assert len(project.codings) == 1
    assert "no label was given to it" in [item.why for item in project.set_aside]
    assert any("states 2 annotations and holds 1" in warning for warning in project.warnings)
