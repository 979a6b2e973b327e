"""Tables as Markdown, read back by Pandoc."""

import json

import pypandoc

from tests.tables.sample import sample


def test_pandoc_finds_one_table_with_a_row_for_each_group():
    document = json.loads(pypandoc.convert_text(sample().markdown(), "json", format="markdown"))
    (table,) = [block["c"] for block in document["blocks"] if block["t"] == "Table"]
    rows = table[4][0][3]
    assert len(rows) == 3 + 2
    aligns = [column[0]["t"] for column in table[2]]
    assert aligns == ["AlignLeft", "AlignRight", "AlignCenter"]


def test_markup_in_cells_is_escaped():
    plain = pypandoc.convert_text(sample().markdown(), "plain", format="markdown")
    assert "Theme {{m^2}} | *a*" in " ".join(plain.split())
    assert "Time & <space>" in plain
