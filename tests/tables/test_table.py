"""What a table refuses, shows and saves."""

import pandas as pd
import pytest

from analysis.phrases import SYNTHETIC_NOTE
from analysis.tables import Column, Table
from tests.tables.sample import sample


def test_a_column_that_the_body_lacks_is_refused():
    with pytest.raises(ValueError, match="tbl-sample: the body has no column nothing"):
        sample(groups="nothing")


@pytest.mark.parametrize("label", ["sample", "tbl-", "tbl-Über", "tbl-a b", "tbl-a/b", "tbl-.."])
def test_a_label_that_cannot_name_a_file_is_refused(label):
    with pytest.raises(ValueError, match="is not like tbl-name"):
        sample(label=label)


def test_rows_of_a_group_must_stand_together():
    body = pd.DataFrame({"g": ["A", "B", "A"], "x": ["1", "2", "3"]})
    with pytest.raises(ValueError, match='rows of "A" do not stand together'):
        Table(body, (Column("x", "x"),), caption="c", label="tbl-x", groups="g")


def test_columns_of_a_spanner_must_stand_together():
    body = pd.DataFrame({"a": ["1"], "b": ["2"], "c": ["3"]})
    columns = (Column("a", "a", spanner="S"), Column("b", "b"), Column("c", "c", spanner="S"))
    with pytest.raises(ValueError, match='columns of "S" do not stand together'):
        Table(body, columns, caption="c", label="tbl-x")


@pytest.mark.parametrize("levels", [[0, None, 1], [0, -1, 1]])
def test_indents_are_numbers_from_0(levels):
    body = pd.DataFrame({"x": ["1", "2", "3"], "i": levels})
    with pytest.raises(ValueError, match="indents"):
        Table(body, (Column("x", "x"),), caption="c", label="tbl-x", indent="i")


def test_later_changes_of_the_frames_do_not_reach_the_table():
    body, data = pd.DataFrame({"x": ["before"]}), pd.DataFrame({"raw": [1]})
    table = Table(body, (Column("x", "x"),), caption="c", label="tbl-x", data=data)
    body.loc[0, "x"] = "after"
    data.loc[0, "raw"] = 2
    assert "before" in table.html()
    assert table.body.loc[0, "x"] == "before"
    assert table.csv().split() == ["\ufeffraw", "1"]


def test_only_synthetic_tables_say_that_they_are():
    assert sample().all_notes[-1] == SYNTHETIC_NOTE
    original = sample(synthetic=False)
    for text in (original.html(), original.csv(), original.markdown()):
        assert "ynthetic" not in text


def test_a_notebook_gets_html_with_the_caption_beside_it():
    data, metadata = sample()._repr_mimebundle_()
    assert data["text/html"] == sample().html()
    assert metadata["study"] == {"label": "tbl-sample", "caption": "Themes & <counts>"}


def test_saving_writes_a_file_for_each_format_and_the_same_bytes_again(tmp_path):
    first = sample().save(tmp_path / "one")
    second = sample().save(tmp_path / "two")
    assert [path.name for path in first] == ["sample.csv", "sample.html", "sample.docx"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == [
        "sample.csv", "sample.docx", "sample.html"
    ]  # fmt: skip


def test_an_empty_table_is_a_table_still(tmp_path):
    empty = Table(
        pd.DataFrame({"x": [], "g": []}),
        (Column("x", "X"),),
        caption="c",
        label="tbl-x",
        groups="g",
    )
    assert "<thead>" in empty.html()
    assert empty.markdown().splitlines() == ["| X |", "| :--- |"]
    assert len(empty.save(tmp_path)) == 3
