"""Names, titles and quotations are data: whatever they hold is printed, and does nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from analysis.manuscript.document import assemble, parse_manuscript
from analysis.manuscript.embeds import embed_copy
from analysis.manuscript.frontmatter import Settings, document_meta
from analysis.manuscript.pandoc import plain_text
from analysis.manuscript.render import FORMATS, render_builtin
from analysis.manuscript.source import MARK, Place, Source
from analysis.metrics import bidi_markdown, escape_markdown
from analysis.reporting import title_page
from analysis.settings import StudyFile
from qdaio.faults import FaultList
from tests.manuscript.example import STUDY, executed_notebook, write_report
from tests.manuscript.test_features import said
from tests.support.jats import dtd_faults
from tests.support.plaintext import normalised

HOSTILE = [
    "Care {{< env HOME >}}",
    "{{< var n.singers >}} and {{{< meta title >}}}",
    f"a token {MARK}0{MARK}",
    '[hidden]{.content-hidden when-meta="data.synthetic"}',
    "```{=html} <script>x</script> ```",
    "`x`{=typst} #pagebreak() $x^2$",
    "<b>bold</b> &amp; &#65; &nbsp;",
    "@cage1961 and [@tbl-themes]",
    "pages 3--5 --- and ... more",
    "- a leading hyphen",
    "+ plus",
    "1. first",
    "(i) roman",
    "# not a heading {#sec-x .unnumbered}",
    "> no quotation",
    "| a | b |",
    ": a definition",
    "::: {.callout-note}",
    "--- ",
    "% title",
    "a*b*c _d_ ~e~ ^f^ ~~g~~ ==h==",
    "[^1] ^[note] [link](http://x.example)",
    "\\newpage \\textbf{x} \\",
    "'single' \"double\" it's",
    "x := y = z",
    "// no comment /* here */ http://a.example",
    "#let x = 1; #x",
    "-1 and -? and ~",
    "https://orcid.org and a_b_c",
    "<!-- gone? -->",
]


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200e\u200f]+", "", normalised(text))


def report_with(report: Path, names: list[str]) -> None:
    """Put names into a heading, a variable, a caption, a table, a quotation, the title page."""
    lines, variables = [], {}
    for at, name in enumerate(names):
        variables[f"v{at}"] = bidi_markdown(name)
        lines.append(f"# {bidi_markdown(name)}\n\nA variable: {{{{< var name.v{at} >}}}}.\n")
        lines.append(f"> “{bidi_markdown(name)}”\n>\n> — {bidi_markdown(name)}\n")
    lines.append("{{< embed output/embed/choir.ipynb#tbl-singers >}}\n")
    (report / "manuscript.qmd").write_text("\n".join(lines), encoding="utf-8")
    (report / "_variables.yml").write_text(
        yaml.safe_dump({"name": variables}, allow_unicode=True, width=10_000), encoding="utf-8"
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(tmp_path_factory.mktemp("hostile"))


def test_hostile_names_are_printed_in_every_format(report: Path, tmp_path: Path) -> None:
    report_with(report, HOSTILE)
    study = {
        **STUDY,
        "title": bidi_markdown(" / ".join(HOSTILE[:6])),
        "subtitle": bidi_markdown(HOSTILE[6]),
        "keywords": [escape_markdown(name) for name in HOSTILE[6:12]],
        "author": [
            {"name": {"literal": escape_markdown(name)}, "is-group": True} for name in HOSTILE[:4]
        ],
    }
    (report / "_study.yml").write_text(
        yaml.safe_dump(study, allow_unicode=True, width=10_000), encoding="utf-8"
    )
    notebook = executed_notebook()
    cell = next(c for c in notebook["cells"] if "tbl-singers" in c["source"])
    import html

    rows = "".join(f"<tr><td>{html.escape(name)}</td><td>1</td></tr>" for name in HOSTILE)
    cell["outputs"][0]["data"]["text/html"] = f"<table><tbody>{rows}</tbody></table>"
    cell["outputs"][0]["metadata"]["study"]["caption"] = HOSTILE[0]
    import nbformat

    nbformat.write(embed_copy(notebook), report / "output" / "embed" / "choir.ipynb")
    files = render_builtin(report, tuple(FORMATS))
    assert dtd_faults(files["manuscript.xml"]) == []
    for form, text in said(files, tmp_path).items():
        plain = squeezed(text)
        for name in HOSTILE:
            wanted = squeezed(name)
            # a heading, a variable, a quotation, who said it, a cell
            times = plain.count(wanted)
            assert times >= 5, (form, name, times)


TEXT = st.text(
    st.sampled_from(list("abZ09 .,:;-–—…_*`~^$#@|<>[](){}\\/!?&%+='\"“”‘’\u00e9\u0633\u0644")),
    min_size=1,
    max_size=24,
).filter(lambda text: text.strip())


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(TEXT, min_size=1, max_size=12))
def test_any_name_comes_back_as_it_was(report: Path, names: list[str]) -> None:
    report_with(report, names)
    blocks = assemble(report).tree["blocks"]
    headings = [squeezed(plain_text(b["c"][2])) for b in blocks if b["t"] == "Header"]
    assert headings[: len(names)] == [squeezed(" ".join(name.split())) for name in names]
    paragraphs = [squeezed(plain_text(b)) for b in blocks if b["t"] == "Para"]
    assert paragraphs == [f"Avariable:{squeezed(name)}." for name in names]


@settings(
    deadline=None, max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(TEXT, min_size=8, max_size=16))
def test_any_name_is_in_every_format(
    report: Path, tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    report_with(report, names)
    folder = tmp_path_factory.mktemp("formats")
    files = render_builtin(report, tuple(FORMATS))
    assert dtd_faults(files["manuscript.xml"]) == []
    etree.fromstring(files["manuscript.xml"], etree.XMLParser(load_dtd=False))
    for form, text in said(files, folder).items():
        if form != "pdf":
            for name in names:
                assert squeezed(name) in squeezed(text), (form, name)


@pytest.mark.parametrize("said_name", [*HOSTILE, "سارا {{< env HOME >}} محمدی"])
def test_the_study_file_is_text(said_name: str) -> None:
    """Title, subtitle, keywords and authors of study.toml come out as they were written."""
    study = StudyFile.model_validate(
        {
            "study": {
                "title": said_name,
                "subtitle": said_name,
                "keywords": [said_name],
                "authors": [{"name": said_name, "is_group": True, "affiliations": [said_name]}],
            },
            "data": {"status": "original", "exports": ["x.xlsx"]},
        }
    )
    meta = title_page(study)
    faults = FaultList()
    source = Source(lines=["Text."], written=["Text."], places=[Place("report/m.qmd", 1)])
    parsed = parse_manuscript(source, Settings(meta, {}, (), {}), {}, faults)
    made = document_meta(parsed.metadata, Settings(meta, {}, (), {}), source, faults)
    assert not faults
    wanted = squeezed(said_name)
    assert squeezed(plain_text(made["title"])) == wanted
    assert squeezed(plain_text(made["subtitle"])) == wanted
    assert squeezed(plain_text(made["keywords"])) == wanted
    assert squeezed(plain_text(made["author"])) == wanted
    (place,) = made["by-affiliation"]["c"]
    assert squeezed(plain_text(place["c"]["name"])) == wanted
