"""Projects of REFI-QDA load as the programs meant them, and nothing is lost."""

from __future__ import annotations

import pytest

from qdaio.faults import StudyError
from qdaio.files.source import open_source
from qdaio.programs.refi.elements import collect
from qdaio.programs.refi.reader import CODEBOOK, PROJECT
from tests.qdaio.refi_files import (
    codebook,
    guid,
    qde,
    read,
    read_qde,
    selection,
    text_source,
    write_zip,
)

CODES = codebook((1, "care"), (2, "cost"))


def test_the_project_of_qualitative_coding_has_205_codings(real_exports):
    project = read(real_exports / "refi-qda" / "qc_1.3.2__demo.qdpx")
    assert (len(project.documents), len(project.codes), len(project.segments)) == (2, 262, 158)
    assert len(project.codings) == project.rows_read == 205
    assert project.codes["level"].max() == 7
    assert set(project.segments["offset_status"]) == {"ok"}
    assert (project.info.software, project.info.version) == ("qualitative-coding", "1.3.2")
    lines = project.segments["text"].str.count("\n")
    assert (lines == 1).all()  # this program codes whole lines


@pytest.mark.parametrize(
    "name",
    [
        "atlasti_mac_8.4.0__Project_standard_annexA.qde",
        "atlasti_mac_8.4.0__TestProject_standard_annexA.qdpx",
    ],
)
def test_the_project_of_atlas_ti_has_16_codings_of_14_codes(real_exports, name):
    project = read(real_exports / "refi-qda" / name)
    assert (len(project.codings), len(project.codes), len(project.documents)) == (16, 14, 12)
    assert set(project.documents["kind"]) == {"text", "pdf", "image", "audio", "video"}
    assert ("Coke", "diet Coke") in set(project.codes["path"])
    assert project.codings["is_repeat"].sum() == 2  # on a rectangle, and on the text in it
    assert {"page rectangle", "code point", "ms"} == set(project.segments["unit"])
    aside = project.set_aside_frame()
    assert (aside["what"] == "uncoded highlight").sum() == 2
    assert set(project.segments["offset_status"]) == {"unchecked"}
    assert "granola" in set(project.segments["text"].dropna())


def test_the_sixteen_sets_of_the_standards_example_are_seen(real_exports):
    path = real_exports / "refi-qda" / "atlasti_mac_8.4.0__Project_standard_annexA.qde"
    with path.open("rb") as stream:
        assert len(collect(stream, path.name).sets) == 16


def test_nvivo_for_windows_counts_utf16_units_and_line_breaks_as_two(tmp_path):
    text = "Hello \U0001f600 there.\r\nI was glad \U0001f600 to come.\r\n" * 4
    words = [(text.index("glad"), 4), (text.index("come"), 4), (text.index("there"), 5)]
    at = [len(text[:start].encode("utf-16-le")) // 2 for start, _ in words]
    inside = "".join(selection(a, a + n, 1) for a, (_, n) in zip(at, words, strict=True))
    content = qde(
        CODES + f"<Sources>{text_source(5, inside, f'internal://{guid(5)}.txt')}</Sources>",
        origin="NVivo for Windows 12.6",
    )
    members = {
        "Project.qde": content,
        f"Sources/{guid(5).lower()}.txt": b"\xef\xbb\xbf" + text.encode(),
    }
    project = read(write_zip(tmp_path / "n.qdpx", members))
    assert project.segments["text"].tolist() == ["glad", "come", "there"]
    assert set(project.segments["unit"]) == {"utf-16"}
    assert set(project.segments["offset_status"]) == {"ok"}
    # the same export, its line breaks brought to those of Unix on the way
    members[f"Sources/{guid(5).lower()}.txt"] = text.replace("\r\n", "\n").encode()
    project = read(write_zip(tmp_path / "n.qdpx", members))
    assert project.segments["text"].tolist() == ["glad", "come", "there"]


def test_selections_of_one_span_stay_apart_and_count_by_coding(tmp_path):
    apart = selection(0, 4, 1, user=3) + selection(0, 4, 1, user=4) + selection(0, 4, 1, 2)
    users = (
        f'<Users><User guid="{guid(3)}" name="Anna"/><User guid="{guid(4)}" name="Ben"/></Users>'
    )
    project = read_qde(tmp_path, qde(users + CODES + f"<Sources>{text_source(5, apart)}</Sources>"))
    assert len(project.segments) == 3
    assert len(project.codings) == 4
    assert project.codings["coder_id"].tolist()[:2] == ["Anna", "Ben"]
    assert project.codings["coder_id"].isna().tolist() == [False, False, True, True]


def test_document_groups_and_variables_of_maxqda_are_found(tmp_path):
    variable = (
        f'<Variables><Variable guid="{guid(20)}" name="Age" typeOfVariable="Integer"/></Variables>'
    )
    value = (
        f'<VariableValue><VariableRef targetGUID="{guid(20)}"/>'
        "<IntegerValue>{}</IntegerValue></VariableValue>"
    )
    cases = (
        f'<Cases><Case guid="{guid(30)}">{value.format(41)}<SourceRef targetGUID="{guid(5)}"/>'
        "</Case>"
        f'<Case guid="{guid(31)}" name="P7">{value.format(52)}<SourceRef targetGUID="{guid(6)}"/>'
        "</Case></Cases>"
    )
    sources = text_source(5, value.format(40), name="Same") + text_source(6, "", name="Same")
    sets = (
        f'<Sets><Set guid="{guid(40)}" name="Round 1">'
        f'<MemberSource targetGUID="{{{guid(5).lower()}}}"/>'
        f'<MemberSource targetGUID="{guid(6)}"/></Set></Sets>'
    )
    project = read_qde(
        tmp_path,
        qde(
            CODES + variable + cases + f"<Sources>{sources}</Sources>" + sets,
            origin="MAXQDA 24 (Release 24.7.0)",
        ),
    )
    assert project.info.version == "24.7.0"
    assert project.documents["group"].tolist() == ["Round 1", "Round 1"]
    assert project.documents["document_id"].tolist() == [guid(5), guid(6)]
    rows = project.attributes[["entity", "entity_id", "name", "value"]].values.tolist()
    assert ["document", guid(5), "Age", "40"] in rows
    assert ["document", guid(5), "Age", "41"] in rows  # a case without a name carries them
    assert ["case", "P7", "Age", "52"] in rows
    assert project.case_documents.values.tolist() == [["P7", guid(6)]]


def test_codes_of_a_case_are_told(tmp_path):
    cases = (
        f'<Cases><Case guid="{guid(30)}" name="P7"><CodeRef targetGUID="{guid(1)}"/></Case></Cases>'
    )
    sources = text_source(5, selection(0, 4, 1))
    project = read_qde(tmp_path, qde(CODES + cases + f"<Sources>{sources}</Sources>"))
    assert len(project.codings) == 1
    assert "Cases refer to 1 codes without saying where; these are not counted." in project.warnings


def test_groups_that_overlap_are_properties_and_no_document_groups(tmp_path):
    sources = text_source(5, "") + text_source(6, "", name="Other")
    sets = "".join(
        f'<Set guid="{guid(number)}" name="{name}"><MemberSource targetGUID="{guid(5)}"/></Set>'
        for number, name in ((40, "age: 67"), (41, "Simon"))
    )
    project = read_qde(tmp_path, qde(f"<Sources>{sources}</Sources><Sets>{sets}</Sets>"))
    assert project.documents["group"].isna().all()
    assert project.attributes["name"].tolist() == ["Set: age: 67", "Set: Simon"]


def test_a_category_of_qualcoder_may_share_the_name_of_a_code(tmp_path):
    codes = (
        f'<CodeBook><Codes><Code guid="{guid(1)}" name="care" isCodable="false">'
        f'<Code guid="{guid(2)}" name="care" isCodable="true"/></Code></Codes></CodeBook>'
    )
    sources = f"<Sources>{text_source(5, selection(0, 4, 2))}</Sources>"
    project = read_qde(tmp_path, qde(codes + sources, origin="QualCoder 3.5"))
    assert project.codes["path"].tolist() == [("care",), ("care", "care")]
    assert project.codes["is_codable"].tolist() == [False, True]
    assert project.codings["code_id"].tolist() == [guid(2)]


@pytest.mark.parametrize(
    ("member", "stored", "stated"),
    [
        ("project.qde", "sources/a.txt", "internal://a.txt"),
        ("Project.qde", "Sources/a.txt", "internal://a.txt"),
        ("My Study.qde", "sources/A.TXT", "a.txt"),
        ("project.qde", "sources/a.txt", "internal://sources/a.txt"),
        ("project.qde", "sources/a b.txt", "internal://a%20b.txt"),
        ("project.qde", "sources\\a.txt", "internal://a.txt"),
        ("My Study/project.qde", "My Study/sources/a.txt", "internal://a.txt"),
    ],
)
def test_texts_are_found_under_the_names_that_programs_use(tmp_path, member, stored, stated):
    sources = f"<Sources>{text_source(5, selection(0, 4, 1), stated)}</Sources>"
    members = {member: qde(CODES + sources), stored: "some words", "__MACOSX/._project.qde": b"\0"}
    project = read(write_zip(tmp_path / "p.qdpx", members))
    assert project.documents["text"].tolist() == ["some words"]
    assert project.segments["text"].tolist() == ["some"]
    assert project.codings["source_sheet"].tolist() == [member]


@pytest.mark.parametrize(
    "path", ["absolute:///etc/passwd", "relative:///../a.txt", "/etc/passwd", "file:///etc/passwd"]
)
def test_paths_outside_the_archive_are_never_opened(tmp_path, path):
    sources = f"<Sources>{text_source(5, selection(0, 4, 1), path)}</Sources>"
    project = read(write_zip(tmp_path / "p.qdpx", {"project.qde": qde(CODES + sources)}))
    assert project.documents["text"].isna().all()
    assert any("not in the file" in said for said in project.warnings)


def test_everything_that_may_be_missing_can_be_missing(tmp_path):
    content = (
        '<Project><Users><User guid="u1"/></Users><CodeBook><Codes><Code guid="c-joy"/>'
        "</Codes></CodeBook><Sources><TextSource><PlainTextSelection>"
        '<Coding creatingUser="Quality"><CodeRef targetGUID="c-joy"/></Coding>'
        "</PlainTextSelection></TextSource></Sources></Project>"
    )
    project = read_qde(tmp_path, content)
    assert project.codings[["code_id", "coder_id"]].values.tolist() == [["c-joy", "Quality"]]
    assert project.segments["start"].isna().all()
    assert project.info.software == "unknown"
    assert project.documents["name"].tolist() == ["source 1"]


@pytest.mark.parametrize("encode", ["\ufeff{}", "\ufeff\n{}"])
def test_guids_namespaces_and_byte_order_marks_come_in_any_form(tmp_path, encode):
    content = (
        '<q:Project xmlns:q="urn:QDA-XML:project:1:0" origin="x"><q:CodeBook '
        'xmlns="urn:QDA-XML:codebook:0:4"><Codes>'
        f'<Code guid="{{{guid(0xAB).lower()}}}" name="a"/></Codes>'
        f'</q:CodeBook><q:Sources><q:TextSource guid="{guid(5)}" name="d">'
        f'<q:PlainTextSelection startPosition="0" endPosition="1"><q:Coding>'
        f'<q:CodeRef targetGUID="{guid(0xAB)}"/></q:Coding></q:PlainTextSelection>'
        "</q:TextSource></q:Sources></q:Project>"
    )
    project = read_qde(tmp_path, encode.format(content))
    assert project.codings["code_id"].tolist() == [guid(0xAB)]


def test_what_is_not_counted_is_listed_with_its_line(tmp_path):
    coding = f'<Coding><CodeRef targetGUID="{guid(1)}"/></Coding>'
    content = qde(
        CODES
        + "<Sources>\n"
        + text_source(
            5,
            "\n".join(
                [
                    "",
                    selection(0, 4, 1),  # line 5
                    selection(0, 4, 99),
                    selection(0, 4),
                    '<PlainTextSelection startPosition="0" endPosition="4"><Coding/>'
                    "</PlainTextSelection>",
                    f"<Frame>{coding}</Frame>",
                    f'<PlainTextSelection startPosition="1" endPosition="2">'
                    f'<CodeRef targetGUID="{guid(2)}"/></PlainTextSelection>',
                ]
            ),
        )
        + "</Sources><Notes>\n"
        + f'<Note guid="{guid(50)}"><PlainTextSelection startPosition="0" endPosition="1">{coding}'
        + "</PlainTextSelection></Note></Notes>"
        + f"\n<Links>{coding}<Link/></Links>"
    )
    project = read_qde(tmp_path, content)
    aside = project.set_aside_frame()
    codings = aside[aside["what"] == "coding"].set_index("row")
    assert len(project.codings) == 3  # a known frame is passed over, the coding in it counts
    assert project.rows_read == 3 + len(codings)
    assert "not in the codebook" in codings.loc[6, "why"]
    assert codings.loc[6, "code"] == guid(99)
    assert codings.loc[8, "why"] == "it names no code"
    assert "memo" in codings.loc[11, "why"]
    assert "no coding belongs" in codings.loc[12, "why"]
    highlights = aside[aside["what"] == "uncoded highlight"]["row"].tolist()
    assert highlights == [7, 8]
    assert any("Frame (1)" in said for said in project.warnings)
    assert any("1 link" in said for said in project.warnings)


def test_pictures_pages_recordings_and_transcripts_keep_their_places(tmp_path):
    coding = f'<Coding><CodeRef targetGUID="{guid(1)}"/></Coding>'
    corners = 'firstX="1" firstY="2" secondX="30" secondY="-4"'
    content = qde(
        CODES
        + f"""<Sources>
        <PictureSource guid="{guid(5)}" name="a"><PictureSelection {corners}>{coding}
        </PictureSelection></PictureSource>
        <PDFSource guid="{guid(6)}" name="b"><PDFSelection page="3" {corners}><Representation
        guid="{guid(7)}"><PlainTextContent>granola</PlainTextContent></Representation>{coding}
        </PDFSelection><Representation><PlainTextContent>eat granola</PlainTextContent>
        <PlainTextSelection startPosition="4" endPosition="11">{coding}</PlainTextSelection>
        </Representation></PDFSource>
        <AudioSource guid="{guid(9)}" name="c"><AudioSelection begin="100" end="2500">{coding}
        </AudioSelection></AudioSource>
        <VideoSource guid="{guid(10)}" name="d"><Transcript guid="{guid(11)}">
        <PlainTextContent>hear me out</PlainTextContent>
        <SyncPoint guid="{guid(12)}" timeStamp="0" position="0"/>
        <SyncPoint guid="{guid(13)}" timeStamp="5000" position="7"/>
        <TranscriptSelection fromSyncPoint="{guid(12)}" toSyncPoint="{guid(13)}">{coding}
        </TranscriptSelection></Transcript>{coding}</VideoSource></Sources>"""
    )
    project = read_qde(tmp_path, content)
    columns = ["start", "end", "unit", "place", "start_cp", "end_cp", "text"]
    rows = project.segments[columns].astype("object").where(project.segments[columns].notna(), None)
    where = "(1, 2)–(30, -4)"
    assert rows.values.tolist() == [
        [None, None, "page rectangle", where, None, None, None],
        [3, 3, "page rectangle", where, None, None, "granola"],
        [4, 11, "code point", None, 4, 11, "granola"],
        [100, 2500, "ms", None, None, None, None],
        [0, 5000, "ms", None, 0, 7, "hear me"],
        [None, None, None, None, None, None, None],  # the whole recording
    ]
    assert len(project.codings) == 6
    assert project.documents["kind"].tolist() == ["image", "pdf", "audio", "video"]


def test_memos_and_descriptions_stay_with_what_they_belong_to(tmp_path):
    content = qde(
        f"""<CodeBook><Codes><Code guid="{guid(1)}" name="a"><Description>what it is
</Description><NoteRef targetGUID="{guid(51)}"/></Code></Codes></CodeBook>
        <Sources><TextSource guid="{guid(5)}" name="d"><PlainTextContent>words</PlainTextContent>
        <PlainTextSelection startPosition="0" endPosition="5"><Description>odd</Description>
        <Coding><CodeRef targetGUID="{guid(1)}"/><NoteRef targetGUID="{guid(52).lower()}"/></Coding>
        </PlainTextSelection></TextSource></Sources>
        <Notes><Note guid="{guid(51)}" name="Rule"><PlainTextContent>only if said</PlainTextContent>
        </Note><Note guid="{guid(52)}" plainTextPath="internal://m.txt"/><Note guid="{guid(53)}"/>
        </Notes>"""
    )
    members = {"project.qde": content, "sources/m.txt": "sure?"}
    project = read(write_zip(tmp_path / "p.qdpx", members))
    assert project.codes["description"].tolist() == ["what it is\n\nRule\nonly if said"]
    assert project.segments["comment"].tolist() == ["odd"]
    assert project.codings["memo"].tolist() == ["sure?"]
    assert "1 memos" in project.set_aside_frame()["why"].tolist()[0]


def test_a_codebook_has_codes_only_and_an_empty_list_of_sets(tmp_path):
    content = (
        '<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1:0" origin="Taguette 1.4">'
        f'<Codes><Code guid="{guid(1)}" name="a" isCodable="true" color="#ff0000"/></Codes>'
        "<Sets/></CodeBook>"
    )
    path = tmp_path / "a.qdc"
    path.write_text(content, encoding="utf-8")
    assert PROJECT.recognise(open_source(path)) is None
    assert CODEBOOK.recognise(open_source(path)).score == 1
    project = read(path)
    assert project.codes[["name", "colour"]].values.tolist() == [["a", "#ff0000"]]
    assert project.info.software == "Taguette"


def test_coders_of_one_name_are_told_apart(tmp_path):
    users = "".join(f'<User guid="{guid(n)}" name="User"/>' for n in (3, 4))
    sources = text_source(5, selection(0, 4, 1, user=3) + selection(0, 4, 1, user=4))
    project = read_qde(tmp_path, qde(f"<Users>{users}</Users>{CODES}<Sources>{sources}</Sources>"))
    assert project.codings["coder_id"].tolist() == ["User", "User #2"]
    assert any("told apart" in said for said in project.warnings)


def test_every_identifier_that_stands_twice_is_told_at_once(tmp_path):
    codes = codebook((1, "a"), (2, "b"), (1, "c"), (2, "d"))
    sources = text_source(5, "") + "\n" + text_source(5, "")
    with pytest.raises(StudyError) as caught:
        read_qde(tmp_path, qde(codes + f"<Sources>{sources}</Sources>"))
    kinds = [(fault.kind, fault.row) for fault in caught.value.faults]
    assert kinds == [("duplicate-code", 3), ("duplicate-code", 3), ("duplicate-document", 4)]


def test_two_project_files_in_one_archive_are_refused(tmp_path):
    members = {"a.qde": qde(CODES), "b.qde": qde(CODES)}
    with pytest.raises(StudyError, match="2 files that end in"):
        read(write_zip(tmp_path / "p.qdpx", members))


def test_recognition_never_raises_and_knows_a_project_by_its_content(tmp_path):
    path = tmp_path / "renamed.txt"
    path.write_text(qde(CODES), encoding="utf-8")
    assert PROJECT.recognise(open_source(path)).score == 1
    path.write_text("<html></html>", encoding="utf-8")
    assert PROJECT.recognise(open_source(path)) is None
    assert CODEBOOK.recognise(open_source(path)) is None
    broken = write_zip(tmp_path / "p.qdpx", {"project.qde": "<Project", "../x": "1"})
    assert PROJECT.recognise(open_source(broken)) is not None
    with pytest.raises(StudyError):
        read(broken)


def test_drawings_are_told_and_texts_of_relative_paths_are_found_inside(tmp_path):
    graph = f'<Graphs><Graph guid="{guid(7)}" name="Map"/></Graphs>'
    source = text_source(5, selection(0, 3, 1), path="relative:///AA.txt")
    content = qde(codebook((1, "A")) + f"<Sources>{source}</Sources>" + graph)
    members = {"project.qde": content, "Sources/AA.txt": "abc def"}
    project = read(write_zip(tmp_path / "p.qdpx", members))
    assert list(project.documents["text"]) == ["abc def"]
    assert any("1 drawing of codes" in said for said in project.warnings)
