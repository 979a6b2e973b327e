"""The copy of a notebook that a manuscript embeds from."""

from __future__ import annotations

import base64
import copy
import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis.manuscript.embeds import (
    EmbedError,
    Embeds,
    embed_copy,
    read_options,
    write_embed_copy,
)
from qdaio.faults import StudyError
from tests.manuscript.example import executed_notebook, figure_png, singers_html


def notebook(source: str, data: dict[str, str] | None, **study: object) -> nbformat.NotebookNode:
    outputs = [new_output("display_data", data=data, metadata={"study": study})] if data else []
    return new_notebook(cells=[new_code_cell(source, outputs=outputs)])


def test_the_copy_holds_only_what_is_shown() -> None:
    made = embed_copy(executed_notebook(), "choir.ipynb")
    nbformat.validate(made)
    assert [cell["id"] for cell in made["cells"]] == ["tbl-singers", "tbl-themes", "fig-themes"]
    written = json.dumps(made)
    for gone in ("text/html", "text/plain", "papermill", "duration", "choir.themes", "gt_table"):
        assert gone not in written
    assert all(cell["execution_count"] is None for cell in made["cells"])


def test_a_table_is_one_raw_block() -> None:
    output = embed_copy(executed_notebook())["cells"][1]["outputs"][0]
    assert set(output["data"]) == {"text/markdown"}
    block = output["data"]["text/markdown"]
    assert block.startswith("```{=html}\n<table>")
    assert block.endswith("</table>\n```\n")
    assert block.count("```") == 2


def test_a_figure_keeps_its_picture_width_and_description() -> None:
    cell = embed_copy(executed_notebook())["cells"][2]
    assert base64.b64decode(cell["outputs"][0]["data"]["image/png"]) == figure_png()
    assert cell["outputs"][0]["metadata"]["image/png"]["width"] == 576
    assert read_options(cell["source"]) == {
        "label": "fig-themes",
        "fig-cap": "Themes by codings",
        "fig-alt": "Bars: breathing 41, listening 37, counting 3.",
    }


def caption_in(folder: Path, copy: nbformat.NotebookNode) -> str:
    """The caption that a manuscript reads from a copy."""
    (folder / "a.ipynb").write_text(nbformat.writes(copy), encoding="utf-8")
    return Embeds(folder).get("a.ipynb#tbl-a").caption


def test_a_caption_from_an_object_is_text_and_not_markdown(tmp_path: Path) -> None:
    made = embed_copy(
        notebook("#| label: tbl-a\n#| tbl-cap: old", {"text/html": singers_html()}, caption="a *b*")
    )
    assert caption_in(tmp_path, made) == "a \\*b\\*"


def test_captions_may_hold_quotes_and_colons(tmp_path: Path) -> None:
    caption = 'He said: "#1" \\ & گفت &amp; R\\*D'
    source = f"#| label: tbl-a\n#| tbl-cap: {json.dumps(caption)}"
    made = embed_copy(notebook(source, {"text/html": singers_html()}))
    assert caption_in(tmp_path, made) == caption


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = executed_notebook(), copy.deepcopy(executed_notebook())
    for cell in second["cells"]:
        cell["metadata"]["papermill"] = {"duration": 99.9}
        cell["id"] = f"other-{cell['id'][:8]}"
        cell["execution_count"] = 7 if cell["cell_type"] == "code" else None
    for name, content in (("a", first), ("b", second)):
        nbformat.write(content, tmp_path / f"{name}.ipynb")
        write_embed_copy(tmp_path / f"{name}.ipynb", tmp_path / name / "x.ipynb")
    one = (tmp_path / "a" / "x.ipynb").read_text(encoding="utf-8")
    assert one.replace("a.ipynb", "b.ipynb") == (tmp_path / "b" / "x.ipynb").read_text("utf-8")


def test_a_labelled_cell_with_nothing_to_show_has_a_stand_in_that_is_no_table(tmp_path) -> None:
    made = embed_copy(notebook("#| label: tbl-a\n#| tbl-cap: c\nNone", None))
    # Quarto embeds also what a hidden part names; the built-in engine takes it for absent
    assert [cell["id"] for cell in made["cells"]] == ["tbl-a"]
    (tmp_path / "a.ipynb").write_text(nbformat.writes(made), encoding="utf-8")
    with pytest.raises(EmbedError, match="tbl-a"):
        Embeds(tmp_path).get("a.ipynb#tbl-a")


@pytest.mark.parametrize(
    ("source", "data", "found"),
    [
        ("#| label: tbl-a", {"text/html": singers_html()}, "no caption"),
        ("#| label: fig-a\n#| fig-cap: c", {"image/png": "picture"}, "no alternative text"),
        ("#| label: tbl-a\n#| tbl-cap: c", {"text/html": "<p>none</p>"}, "no table"),
        (
            "#| label: tbl-a\n#| tbl-cap: c",
            {"text/html": singers_html() + singers_html()},
            "2 tables",
        ),
        ("#| label: [", {"text/html": singers_html()}, "while parsing"),
    ],
)
def test_what_cannot_be_embedded_is_a_fault(source: str, data: dict[str, str], found: str) -> None:
    if "image/png" in data:
        data = {"image/png": base64.b64encode(figure_png()).decode("ascii")}
    with pytest.raises(StudyError) as caught:
        embed_copy(notebook(source, data), "x.ipynb")
    assert [fault.file for fault in caught.value.faults] == ["notebooks/x.ipynb"]
    assert found in (caught.value.faults[0].found or "")


def test_all_faults_of_a_notebook_come_together() -> None:
    table = new_output("display_data", data={"text/html": singers_html()})
    cells = [
        new_code_cell("#| label: tbl-a\n#| tbl-cap: c", outputs=[table, table]),
        new_code_cell("#| label: tbl-b", outputs=[table]),
        new_code_cell("#| label: tbl-a\n#| tbl-cap: c", outputs=[table]),
    ]
    with pytest.raises(StudyError) as caught:
        embed_copy(new_notebook(cells=cells))
    assert [fault.found for fault in caught.value.faults] == [
        "2 outputs",
        "no caption",
        "two cells with this label",
    ]


def test_what_was_copied_can_be_embedded(report: Path) -> None:
    embeds = Embeds(report)
    table = embeds.get("output/embed/choir.ipynb#tbl-themes")
    assert table.table is not None
    assert "Counting rests" in table.table
    figure = embeds.get("output/embed/choir.ipynb#fig-themes")
    assert figure.image == figure_png()
    assert figure.width_in == 6.0


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("output/embed/choir.ipynb#tbl-singer", 'Did you mean "tbl-singers"'),
        ("output/embed/choir.ipynb", "Name a notebook and a label"),
        ("output/embed/none.ipynb#tbl-a", "Build the study"),
        ("../../etc.ipynb#tbl-a", "Build the study"),
    ],
)
def test_an_embed_of_nothing_says_what_was_meant(report: Path, address: str, message: str) -> None:
    with pytest.raises(EmbedError) as caught:
        Embeds(report).get(address)
    assert message in caught.value.remedy


def test_a_notebook_that_is_none_is_an_embed_error(report: Path) -> None:
    (report / "output" / "embed" / "choir.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(EmbedError):
        Embeds(report).get("output/embed/choir.ipynb#tbl-singers")
