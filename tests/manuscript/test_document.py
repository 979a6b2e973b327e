"""What the manuscript resolves to, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from analysis.manuscript.document import Document, assemble
from analysis.manuscript.frontmatter import read_settings
from analysis.manuscript.pandoc import attributes, elements, plain_text
from analysis.manuscript.render import shaped
from analysis.manuscript.source import Place, Source
from qdaio.faults import FaultList, StudyError
from tests.manuscript.example import figure_png


def assembled(report: Path, text: str, **variables: object) -> Document:
    (report / "manuscript.qmd").write_text(text, encoding="utf-8")
    (report / "_variables.yml").write_text(yaml.safe_dump(variables), encoding="utf-8")
    return assemble(report)


def text_of(report: Path, text: str, **variables: object) -> str:
    return plain_text(assembled(report, text, **variables).tree["blocks"])


def faults_of(report: Path, text: str, **variables: object) -> list[tuple[str, int | None, str]]:
    with pytest.raises(StudyError) as caught:
        assembled(report, text, **variables)
    return [(fault.kind, fault.row, fault.found or "") for fault in caught.value.faults]


def test_variables_stand_anywhere(report: Path) -> None:
    document = assembled(
        report,
        "# On {{< var a.b >}}\n\n*{{< var a.b >}}*'s `{{< var n >}}` "
        "[x](https://example.org/{{< var n >}}){title='{{< var n >}}'}.\n\n"
        "| h |\n|---|\n| {{< var n >}} |\n\n: Cap {{< var n >}} {#tbl-x}\n",
        a={"b": "big *things*"},
        n="17",
    )
    blocks = document.tree["blocks"]
    assert plain_text(blocks).startswith("On big thingsbig things’s 17 x")
    links = [element for element in elements(blocks) if element["t"] == "Link"]
    assert links[0]["c"][2][0] == "https://example.org/17"
    assert attributes(blocks[0])[0] == "on-big-things"
    assert "Cap 17" in plain_text(blocks[-1])


def test_a_number_at_the_head_of_a_line_is_no_list(report: Path) -> None:
    document = assembled(report, "There were\n{{< var n >}}. Then more.\n", n="17")
    assert [block["t"] for block in document.tree["blocks"]] == ["Para"]


def test_metadata_can_be_said_in_the_text(report: Path) -> None:
    text = "---\ntitle: A *title*\n---\n({{< meta title >}})\n"
    assert text_of(report, text) == "(A title)"


def test_unknown_variables_are_named_with_what_was_meant(report: Path) -> None:
    (report / "manuscript.qmd").write_text("a\n\n{{< var n.singer >}}\n", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        assemble(report)
    fault = caught.value.faults[0]
    assert (fault.kind, fault.file, fault.row) == (
        "unknown-variable",
        "report/manuscript.qmd",
        3,
    )
    assert "n.singers" in fault.remedy


def test_hidden_parts_go_before_what_stands_in_them(report: Path) -> None:
    text = (
        "seen\n\n::: {.content-visible when-meta='has.guide'}\n{{< var gone >}} @tbl-gone\n\n"
        "{{< embed output/embed/none.ipynb#tbl-gone >}}\n:::\n\n"
        "a [{{< var gone >}}]{.content-visible when-meta='has.guide'} "
        "[b]{.content-hidden when-meta='has.guide'} "
        "[c]{.content-visible unless-meta='has.guide'} "
        "[d]{.content-visible when-meta='has.participants'} "
        "[{{< var gone >}}]{.content-hidden unless-meta='has.guide'}\n"
    )
    assert text_of(report, text).split() == ["seena", "b", "c", "d"]


def test_conditions_other_than_metadata_are_refused(report: Path) -> None:
    text = "::: {.content-visible when-format='html'}\nx\n:::\n"
    assert faults_of(report, text) == [("unknown-condition", 1, "when-format")]


def test_tables_and_figures_are_counted_in_order_of_appearance(report: Path) -> None:
    text = (
        "@fig-themes @tbl-themes, [@tbl-singers; @fig-themes] [-@tbl-themes] [cf. @tbl-themes] "
        "@Tbl-themes\n\n"
        "{{< embed output/embed/choir.ipynb#tbl-themes >}}\n\n"
        "{{< embed output/embed/choir.ipynb#fig-themes >}}\n\n"
        "{{< embed output/embed/choir.ipynb#tbl-singers >}}\n"
    )
    document = assembled(report, text, n={"singers": "48"})
    assert document.numbers.floats == {"tbl-themes": 1, "fig-themes": 1, "tbl-singers": 2}
    assert plain_text(document.tree["blocks"][0]) == (
        "Figure\u00a01 Table\u00a01, Table\u00a02, Figure\u00a01 1 cf.\u00a01 Table\u00a01"
    )
    links = [e for e in elements(document.tree["blocks"][0]) if e["t"] == "Link"]
    assert [e["c"][2][0] for e in links[:2]] == ["#fig-themes", "#tbl-themes"]


def test_sections_are_numbered_and_referred_to(report: Path) -> None:
    text = (
        "# One\n\n## Two {#sec-two}\n\n# No {.unnumbered #sec-no}\n\n# Three\n\n## A\n\n"
        "## B {#sec-b}\n\n@sec-b and @sec-two\n"
    )
    document = assembled(report, text)
    assert document.numbers.sections["sec-b"] == "2.2"
    assert plain_text(document.tree["blocks"][-1]) == "Section\u00a02.2 and Section\u00a01.1"
    assert ("unknown-reference", 3, "@sec-no") in faults_of(
        report, "# No {.unnumbered #sec-no}\n\n@sec-no\n"
    )


def test_everything_wrong_is_said_at_once_with_its_row(report: Path) -> None:
    text = (
        "# A\n\n@tbl-nowhere and @cage1962 and [@fig-themes; @cage1961] and @eq-one\n\n"
        "::: {.panel-tabset}\nx\n:::\n\n"
        "```{=typst}\n#pagebreak()\n```\n\n<div>raw</div>\n\n"
        "{{< embed output/embed/choir.ipynb#tbl-theme >}}\n\n"
        "{{< embed output/embed/gone.ipynb#tbl-x >}}\n\n"
        "```{python}\n1\n```\n\n{{< var x >}}\n\n::: {.open}\nnot closed\n"
    )
    assert sorted(faults_of(report, text), key=lambda fault: (fault[1] or 0, fault[0])) == [
        ("mixed-reference", 3, "tables, figures or sections beside works or words in one bracket"),
        ("unknown-reference", 3, "@tbl-nowhere"),
        ("unknown-reference", 3, "@cage1962"),
        ("unknown-reference", 3, "@eq-one"),
        ("not-made", 5, ".panel-tabset"),
        ("raw-content", 10, "typst that is no table: #pagebreak()"),
        ("embed", 15, "tbl-theme"),
        ("embed", 17, "output/embed/gone.ipynb"),
        ("not-made", 19, "{python}"),
        ("unknown-variable", 23, "x"),
        ("markdown", 25, "UnclosedDiv"),
        ("not-made", 25, ".open"),
    ]


def test_a_heading_may_not_skip_a_level(report: Path) -> None:
    assert faults_of(report, "## Two\n")[0][0] == "heading-level"


def test_a_table_may_be_shown_once(report: Path) -> None:
    shown = "{{< embed output/embed/choir.ipynb#tbl-singers >}}\n\n"
    assert faults_of(report, shown * 2) == [("label-twice", 1, "tbl-singers a second time")]


def test_an_embed_beside_text_is_refused(report: Path) -> None:
    text = "text\n{{< embed output/embed/choir.ipynb#tbl-singers >}}\n"
    assert [fault[:2] for fault in faults_of(report, text)] == [("embed-inside-text", 2)]


def test_a_raw_html_table_becomes_a_table(report: Path) -> None:
    text = "```{=html}\n<table><caption>C</caption><tr><td>1</td></tr></table>\n```\n"
    document = assembled(report, text)
    assert [block["t"] for block in document.tree["blocks"]] == ["Table"]


def test_references_come_last_where_no_place_is_made_for_them(report: Path) -> None:
    document = assembled(report, "Cited [@orff2003].\n")
    assert plain_text(document.tree["blocks"][-2]) == "References"
    assert "Schulwerk" in plain_text(document.tree["blocks"][-1])


def test_a_missing_bibliography_is_a_fault(report: Path) -> None:
    (report / "references.bib").unlink()
    with pytest.raises(StudyError, match=r"report/references\.bib"):
        assemble(report)


def test_missing_metadata_file_is_a_fault(report: Path) -> None:
    (report / "_study.yml").unlink()
    with pytest.raises(StudyError, match="missing metadata file"):
        assemble(report)


def test_settings_that_are_no_yaml_are_a_fault(report: Path) -> None:
    (report / "_variables.yml").write_text("a: [\nb: 1\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"_variables\.yml, row \d"):
        assemble(report)


def test_pictures_of_the_report_are_taken_and_others_refused(report: Path) -> None:
    (report / "images").mkdir()
    (report / "images" / "a.png").write_bytes(figure_png())
    document = assembled(report, "![Cap](images/a.png){#fig-a fig-alt='x'}\n\n@fig-a\n")
    assert document.media == {"images-a.png": figure_png()}
    image = next(e for e in elements(document.tree["blocks"]) if e["t"] == "Image")
    assert attributes(image)[2] == {"alt": "x", "width": "6.3in"}
    assert plain_text(document.tree["blocks"][-1]) == "Figure\u00a01"
    text = "![a](gone.png)\n\n![b](https://example.org/b.png)\n\n![c](../c.png)\n"
    assert [fault[:2] for fault in faults_of(report, text)] == [("picture", n) for n in (1, 3, 5)]


def test_the_shipped_settings_are_all_known() -> None:
    report = Path(__file__).parents[2] / "report"
    faults = FaultList()
    source = Source(
        lines=[""], written=[""], places=[Place("report/manuscript.qmd", 1)], shortcodes=[]
    )
    read_settings(report, source, faults)
    assert [f.found for f in faults if f.kind == "unknown-setting"] == []


def test_a_file_that_only_ends_like_a_picture_is_told_with_its_row(report: Path) -> None:
    (report / "map.png").write_text("no picture", encoding="utf-8")
    text = report / "manuscript.qmd"
    written = text.read_text(encoding="utf-8") + "\n![A map](map.png)\n"
    text.write_text(written, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        assemble(report)
    (fault,) = caught.value.faults
    assert fault.found == "map.png, which is no picture"
    assert fault.row == written.count("\n")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Said.\n\n# References {.unnumbered}\n\n::: {#refs}\n:::\n", ["Said."]),
        ("# References\n\n::: {#refs}\n:::\n\n# After\n\nSaid.\n", ["After", "Said."]),
        ("# References\n\n::: {#refs}\n:::\n\nSaid.\n", ["References", "Said."]),
        ("# References\n\n::: {#refs}\nBy hand.\n:::\n", ["References", "By hand."]),
    ],
)
def test_an_empty_list_of_references_goes_with_its_heading(report, text, left) -> None:
    blocks = assembled(report, text).tree["blocks"]
    assert [plain_text(block) for block in blocks] == left


def typst_order(report: Path, text: str) -> list[str]:
    """Return what the PDF's document holds, in its order: f a figure, t a table, a the text."""
    (report / "a.png").write_bytes(figure_png())
    blocks = shaped(assembled(report, text), "pdf")["blocks"]
    said: list[str] = []
    for block in blocks:
        raw = block["c"][1] if block["t"] == "RawBlock" else ""
        for mark, name in (("#flow-figures(", "float"), ("#sideways[", "sideways")):
            said += [name] if raw.startswith(mark) else []
        said += [block["t"].lower()] if block["t"] in ("Figure", "Table") else []
    return said


FIGURE = "![Cap](a.png){#fig-a fig-alt='x'}\n\n"


def rows(many: int) -> str:
    """Return a table that is this many rows long."""
    return "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * many + "\n: T {#tbl-a}\n\n"


@pytest.mark.parametrize(
    ("text", "order"),
    [
        # a figure that waits for the next page would part a table that goes on over pages
        (f"Said.\n\n{FIGURE}{rows(40)}Said.\n", ["table", "float", "figure"]),
        (f"Said.\n\n{FIGURE}And.\n\n{rows(40)}Said.\n", ["table", "float", "figure"]),
        (f"Said.\n\n{FIGURE}{rows(4)}Said.\n", ["float", "figure", "table"]),
        (f"Said.\n\n{rows(4)}Said.\n", ["float", "table"]),
        # in the supplement all stand where they are shown
        (f"# S {{.supplement}}\n\nSaid.\n\n{FIGURE}{rows(40)}", ["figure", "table"]),
    ],
)
def test_figures_and_small_tables_wait_for_room_in_the_pdf(report, text, order) -> None:
    assert typst_order(report, text) == order
