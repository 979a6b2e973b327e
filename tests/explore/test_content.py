"""The page holds what the study file allows, and nothing else; the same each time."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest
from lxml import html as lxml_html

from analysis.explore import content as content_module
from analysis.explore import page_content, write_explore_page
from analysis.explore.content import page_addresses, small_combinations
from analysis.explore.page import SCRIPT, TABULATOR, as_json
from analysis.languages import find_language, speaking
from analysis.preparation import prepare
from analysis.studyfile import parse_study
from analysis.trace.page import __file__ as trace_file
from analysis.trace.page import trace_page
from analysis.workspace import Workspace
from qdaio.faults import StudyError

SHIPPED_PEOPLE = 32
ENGLISH = {"the", "of", "and", "shown", "rows", "from", "with", "this"}


def source_of(workspace):
    return (workspace.output / "supplement.html").read_text(encoding="utf-8")


def with_settings(workspace, **changes):
    explore = workspace.study.explore.model_copy(update=changes)
    return Workspace(workspace.folder, workspace.study.model_copy(update={"explore": explore}))


def test_every_coding_stands_in_it_with_the_file_sheet_and_row_that_state_it(shipped):
    content = page_content(shipped)
    codings = shipped.read("codings")
    codes = shipped.read("codes")
    assert content["codings"]["row"] == codings["source_row"].tolist()
    assert [codes["code_id"][place] for place in content["codings"]["code"]] == list(
        codings["code_id"].astype("str")
    )
    assert content["files"] == ["data-raw/exports/coded-segments.xlsx"]
    assert content["sheets"] == ["Coded Segments"]


def test_only_segments_that_coders_marked_are_there_in_words(shipped, repository):
    prepared = prepare(repository, shipped.study)
    texts = prepared.project.segments["text"].dropna()
    marked = set(shipped.read("quotations")["text"])
    assert set(page_content(shipped)["quotes"]) == marked
    source = source_of(shipped)
    # some segments are a part of one that was marked
    others = [text for text in set(texts) if not any(text in quoted for quoted in marked)]
    assert len(others) > len(marked)
    assert [text for text in others if as_json(text)[1:-1] in source] == []


def test_quotations_can_be_left_out_altogether(shipped):
    content = page_content(with_settings(shipped, quotations="none"))
    assert content["quotes"] == []
    assert content["codings"]["quote"] == -1


def test_of_participants_there_are_the_group_and_the_attributes_that_are_named(shipped):
    assert [facet["name"] for facet in page_content(shipped)["facets"]] == [
        "Group",
        "Gender",
        "Education",
    ]
    only_group = page_content(with_settings(shipped, attributes=[]))
    assert [facet["name"] for facet in only_group["facets"]] == ["Group"]
    people = shipped.read("participants")
    for level in people["Education"].cat.categories:
        assert as_json(str(level)) not in as_json(only_group)


def test_names_of_documents_are_not_there_where_participants_have_ids(shipped):
    source = source_of(shipped)
    for name in shipped.read("documents")["name"]:
        assert f">{name}<" not in source
        assert as_json(name) not in source


@pytest.mark.parametrize("name", ["Age", "Shoe size"])
def test_a_number_or_an_unknown_variable_is_no_attribute_to_show(repository, name):
    text = (repository / "study.toml").read_text(encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        parse_study(text.replace('"Gender", "Education"] #', f'"{name}"] #'))
    (fault,) = caught.value.faults
    assert fault.column == "explore.attributes"
    assert "attributes" in text.splitlines()[fault.row - 1]
    assert "Gender" in fault.expected


def test_people_who_could_be_known_by_what_is_shown_are_counted(shipped):
    people = shipped.read("participants").astype({"Education": "str"})
    people["Education"] = people["Education"].fillna("none")
    alike = people.groupby(["group", "Gender", "Education"], observed=True).size()
    assert small_combinations(shipped) == (int((alike == 1).sum()), SHIPPED_PEOPLE)
    assert small_combinations(with_settings(shipped, attributes=[])) == (0, SHIPPED_PEOPLE)


def test_a_study_with_original_data_is_warned_of_them_and_says_nothing_of_synthesis(shipped):
    data = shipped.study.data.model_copy(update={"status": "original"})
    study = shipped.study.model_copy(update={"data": data})
    note = write_explore_page(Workspace(shipped.folder, study), [])
    assert "supplement.html" in note
    assert "[explore] attributes" in note
    source = source_of(shipped)
    assert "ynthetic" not in source.partition('id="content"')[0].rpartition("</style>")[2]
    assert write_explore_page(shipped, [shipped.folder / "counts.svg"]) == ""


def test_the_same_input_gives_the_same_bytes(shipped):
    before = (shipped.output / "supplement.html").read_bytes()
    write_explore_page(shipped, [shipped.folder / "counts.svg"])
    assert (shipped.output / "supplement.html").read_bytes() == before


def test_it_names_its_build_its_authors_and_the_licence_of_its_library(shipped):
    source = source_of(shipped)
    assert '<meta name="study-build" content="0000000000000000">' in source
    assert "The study-rebuild contributors" in source
    assert "Tabulator v6.5.3" in source
    licence = files("analysis.explore").joinpath("vendor/LICENSE-tabulator.txt")
    assert "The MIT License" in licence.read_text(encoding="utf-8")


def test_the_vendored_library_is_the_one_that_its_authors_published():
    for name, digest in TABULATOR.items():
        content = files("analysis.explore").joinpath("vendor", name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
        assert b"</script" not in content.lower()
        assert b"<!--" not in content


def test_nothing_in_it_points_outside(shipped):
    source = source_of(shipped)
    assert "sourceMappingURL" not in source
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"'](?!data:)", source)
    assert "default-src 'none'" in source


def test_hostile_texts_cannot_end_the_script_that_holds_them():
    hostile = ["</script><script>alert(1)</script>", "<!--<script>", "a\u2028b\u2029", "&lt;"]
    text = as_json(hostile)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == hostile


def test_numbers_lead_to_sections_that_say_the_same(shipped):
    """Codings, its own and people of each code, group and person, counted in two ways."""
    content = page_content(shipped)
    codes = content["codes"]
    shown = {"codings": len(content["codings"]["row"]), "cases": len(content["cases"]["id"])}
    for at in range(len(codes["label"])):
        shown[f"codings?code={at + 1}"] = codes["codings"][at]
        shown[f"cases?code={at + 1}"] = codes["cases"][at]
        shown[f"codings?own={at + 1}"] = codes["own"][at]
    group = content["facets"][0]
    for place, name in enumerate(group["values"], start=1):
        shown[f"cases?group={place}"] = group["of"].count(place - 1)
        assert name == shipped.groups().cat.categories[place - 1]
    led = set(page_addresses(shipped))
    assert led >= {*shown, *content["cases"]["address"]}
    page = trace_page(shipped, led)
    heads = dict(re.findall(r'<section id="([^"]+)"><h2>([\d,]+) ', page))
    said = {key: int(heads[key].replace(",", "")) for key in shown}
    assert said == shown
    by_person = sum(int(heads[key].replace(",", "")) for key in content["cases"]["address"])
    assert by_person == shown["codings"]  # nobody speaks with another here


def test_a_page_for_blind_review_leads_nowhere(shipped):
    manuscript = shipped.study.manuscript.model_copy(update={"blind": True})
    blind = Workspace(shipped.folder, shipped.study.model_copy(update={"manuscript": manuscript}))
    assert page_content(blind)["traced"] == 0
    assert page_addresses(blind) == []


def test_of_very_many_codes_the_upper_levels_lead_to_their_rows(typed, monkeypatch):
    monkeypatch.setattr(content_module, "TRACED", 2)
    workspace = typed([("T", f"Care > Part {at}", "") for at in range(5)])
    assert page_content(workspace)["traced"] == 1
    assert "codings?code=1" in page_addresses(workspace)
    assert "codings?code=2" not in page_addresses(workspace)


@pytest.mark.parametrize(
    ("tag", "turned"), [("de", ""), ("es", ""), ("fa", ' dir="rtl"'), ("pt", "")]
)
def test_pages_speak_the_language_of_the_study(typed, tag, turned):
    workspace = typed([("T1", "A", "One."), ("T2", "B", "")], language=tag)
    source = source_of(workspace)
    with speaking(find_language(tag)):
        traces = trace_page(workspace, page_addresses(workspace))
    for page in (source, traces):
        assert f'<html lang="{tag}"{turned}>' in page
        shown = lxml_html.document_fromstring(page.encode())
        for unseen in shown.xpath("//script | //style"):
            unseen.drop_tree()
        words = set(re.findall(r"[a-z]{2,}", shown.text_content()))
        assert words & ENGLISH == set()


def test_pages_in_a_language_without_words_of_theirs_say_that_they_are_english(typed):
    source = source_of(typed([("T1", "A", "One.")], language="sv"))
    assert '<html lang="en">' in source
    assert '<h1 dir="auto" lang="sv">' in source


def test_all_that_pages_say_has_words(typed):
    """Each text that is asked for by `on_page` stands in the files of the whole languages."""
    known = {*find_language("de").pages, *find_language("de").words.exact}
    found = []
    for path in [*Path(content_module.__file__).parent.glob("*.py"), Path(trace_file)]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("on_page", "say"):
                found += [
                    part.value
                    for argument in node.args[:1]
                    for part in ast.walk(argument)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                ]
    assert len(found) > 30
    assert [text for text in (*found, *SCRIPT) if text not in known and text != "quotes"] == []


def test_a_study_without_participants_has_its_documents_as_cases(typed):
    workspace = typed([("Talk 1", "Trust", "She listened."), ("Talk 2", "Cost", "Too dear.")])
    content = page_content(workspace)
    assert content["facets"] == []
    assert content["cases"]["id"] == ["Talk 1", "Talk 2"]
    assert content["caseWords"] == ("document", "documents")
    assert pd.isna(workspace.read("codings")["source_sheet"]).all()
