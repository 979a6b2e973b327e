"""A paper handed over: its tables read, and nothing accused that is not certain."""

from __future__ import annotations

import re
import zipfile

import pytest

from analysis.audit import audit_table
from analysis.audit.papers import audit_folder, audit_paper
from qdaio.faults import StudyError
from tests.audit import printed_papers

ACCUSING = {"impossible", "inconsistent within the publication", "differs"}


def audited(tmp_path, text, name="paper.html"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return audit_paper(path)


def accused(read):
    claims = read.audit.claims
    return claims[claims["verdict"].isin(ACCUSING)]


@pytest.mark.parametrize("make", ["tableone", "gtsummary", "spss"])
@pytest.mark.parametrize("seed", range(12))
def test_tables_as_programs_print_them_are_read_and_not_accused(tmp_path, make, seed):
    read = audited(tmp_path, getattr(printed_papers, make)(seed))
    assert read.extracted.tables == 1
    assert accused(read).empty
    judged = ~read.audit.claims["verdict"].isin(["not computable from these data"])
    assert judged.sum() >= 10


def planted(text, old, new):
    assert text.count(old) >= 1
    return text.replace(old, new, 1)


def test_one_error_in_each_is_found_and_the_rest_is_clean(tmp_path):
    text = printed_papers.tableone()
    cell = re.search(r"sex = f \(%\)</td><td>(\d+) \( ?([\d.]+)\)", text)
    swapped = cell[2].replace(".", "")[::-1]
    wrong = f"{swapped[:2]}.{swapped[2:]}"
    read = audited(tmp_path, planted(text, f"({cell[2]})", f"({wrong})"))
    assert list(accused(read)["printed"]) == [wrong]

    text = printed_papers.gtsummary()
    cell = re.search(r"(\d+) \((\d+)%\)", text)
    wrong = str(int(cell[2]) - 9)
    read = audited(tmp_path, planted(text, f"({cell[2]}%)", f"({wrong}%)"))
    assert list(accused(read)["printed"]) == [wrong]

    text = printed_papers.spss()
    cell = re.search(r"<th>2</th><td>(\d+)</td>", text)
    wrong = str(int(cell[1]) + 3)
    read = audited(tmp_path, planted(text, f"<th>2</th><td>{cell[1]}<", f"<th>2</th><td>{wrong}<"))
    found = accused(read)
    assert wrong in list(found["printed"])
    assert found["why"].str.contains("Valid, 2|add up to|of 140|not ").all()


def test_a_p_in_the_text_is_computed_anew(tmp_path):
    text = printed_papers.tableone()
    assert accused(audited(tmp_path, text)).empty
    read = audited(tmp_path, text.replace("p = .62", "p = .062"))
    assert set(accused(read)["kind"]) == {"p", "statistic"}


def table(*rows, caption="Table 1. People", heads=("", "A (n = 10)", "B (n = 20)")):
    head = "".join(f"<th>{text}</th>" for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><body><p>{caption}</p><table><tr>{head}</tr>{body}</table></body></html>"


def test_what_is_not_read_with_certainty_is_listed_and_not_judged(tmp_path):
    read = audited(tmp_path, table(["Score", "4 (57.1)", "12 (9)"], ["Level", "7", "8"]))
    assert read.audit.claims["kind"].eq("count").all()
    assert [text for _, text in read.extracted.unread] == ["4 (57.1)", "12 (9)", "7", "8"]
    assert "Not judged" in read.audit.notes[1]


def test_rows_that_need_not_be_all_the_parts_of_a_whole_are_not_added_up(tmp_path):
    text = table(
        ["Illness, n (%)", "", ""],
        ["&nbsp;&nbsp;Asthma", "6 (60)", "9 (45)"],
        ["&nbsp;&nbsp;Diabetes", "7 (70)", "4 (20)"],
    )
    assert accused(audited(tmp_path, text)).empty


def test_groups_that_add_up_in_most_columns_have_to_in_all(tmp_path):
    heads = ("", "A (n = 10)", "B (n = 20)", "C (n = 8)")
    rows = [["Sex, n (%)", "", "", ""], ["&nbsp;&nbsp;Female", "6 (60)", "9 (45)", "4 (50)"]]
    last = ["&nbsp;&nbsp;Male", "4 (40)", "11 (55)", "4 (50)"]
    assert accused(audited(tmp_path, table(*rows, last, heads=heads))).empty
    last[1] = "5 (50)"
    found = accused(audited(tmp_path, table(*rows, last, heads=heads)))
    assert found["why"].str.contains("6 \\+ 5 = 11, 1 above the 10").any()


def test_sizes_add_up_to_the_total(tmp_path):
    heads = ("", "A (n = 10)", "B (n = 20)", "Total (n = 30)")
    row = ["Female, n (%)", "6 (60)", "9 (45)", "15 (50)"]
    more = ["Married, n (%)", "5 (50)", "10 (50)", "15 (50)"]
    assert accused(audited(tmp_path, table(row, more, heads=heads))).empty
    row[3] = "18 (60)"
    found = accused(audited(tmp_path, table(row, more, heads=heads)))
    assert found["why"].str.contains("6 \\+ 9 = 15, 3 short of the 18").any()


def test_the_same_table_in_html_markdown_jats_and_word_gives_the_same_ledger(tmp_path):
    import docx

    rows = [["Female, n (%)", "6 (60)", "9 (45)"], ["Age, mean ± SD", "36.5 ± 3.1", "41.2 ± 5.0"]]
    heads = ["", "A (n = 10)", "B (n = 20)"]
    html = audited(tmp_path, table(*rows))
    pipe = "\n".join("| " + " | ".join(row) + " |" for row in [heads, ["---"] * 3, *rows])
    markdown = audited(tmp_path, f"Table 1. People\n\n{pipe}\n", "paper.md")
    cells = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in [heads, *rows])
    jats = audited(
        tmp_path,
        "<?xml version='1.0'?><article><body><table-wrap><label>Table 1</label><caption><title>"
        f"People</title></caption><table>{cells}</table></table-wrap></body></article>",
        "paper.xml",
    )
    document = docx.Document()
    document.add_paragraph("Table 1. People")
    made = document.add_table(rows=3, cols=3)
    for at, row in enumerate([heads, *rows]):
        for column, text in enumerate(row):
            made.cell(at, column).text = text
    document.save(tmp_path / "paper.docx")
    word = audit_paper(tmp_path / "paper.docx")
    assert html.ledger == markdown.ledger == jats.ledger == word.ledger
    assert html.extracted.values == 6


def test_the_ledger_that_is_kept_is_audited_alike(tmp_path):
    read = audited(tmp_path, printed_papers.gtsummary())
    path = tmp_path / "ledger.csv"
    path.write_text(read.ledger, encoding="utf-8")
    again = audit_table(path).claims
    assert list(again["verdict"]) == list(read.audit.claims["verdict"])


def test_text_of_a_paper_is_no_formula_in_a_spreadsheet(tmp_path):
    read = audited(tmp_path, table(["=HYPERLINK(1), n (%)", "6 (60)", "9 (45)"]))
    assert "'=HYPERLINK(1)" in read.ledger


def test_counts_announced_are_held_against_the_lists_given(tmp_path):
    text = (
        "We found 2 themes.\n\nBoth are new: 2 themes.\n\nThere were 2 themes.\n\n"
        "Table 1. Themes\n\n| Themes | Sense |\n| --- | --- |\n| Trust | a |\n| Time | b |\n"
    )
    assert accused(audited(tmp_path, text, "paper.md")).empty
    found = accused(audited(tmp_path, text.replace("2 themes", "3 themes", 1), "paper.md"))
    assert "3" in set(found["printed"])
    # where none of the counts is the list's, they may be of other themes
    assert accused(audited(tmp_path, text.replace("2 themes", "3 themes"), "paper.md")).empty


def test_a_folder_of_papers_gives_a_line_each(tmp_path):
    for name in ("tableone", "spss"):
        (tmp_path / f"{name}.html").write_text(getattr(printed_papers, name)(), "utf-8")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7 nothing")
    lines = [summary.line for summary in audit_folder(tmp_path)]
    assert [line.split(":")[0] for line in lines] == ["scan.pdf", "spss.html", "tableone.html"]
    assert "PDF" in lines[0]
    assert "1 tables" in lines[1]


HOSTILE = {
    "entity.xml": "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    "<article><body><p>&x;</p></body></article>",
    "bomb.xml": "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9))
    + "]><article><body><p>&j;</p></body></article>",
    "span.html": "<table>" + "<tr><td rowspan=99999999 colspan=99999999>1</td></tr>" * 900,
    "deep.html": "<div>" * 20_000 + "<table><tr><td>1</td></tr></table>",
    "torn.xml": "<article><body><p>",
    "empty.html": "",
    "binary.html": "\x00\x01\x02",
    "long.html": f"<p>{'1 (2) ± ' * 200_000}</p>",
    "cell.html": f"<table><tr><th>n (%)</th><th>A (n = 3)</th></tr><tr><td>x</td>"
    f"<td>{'1 ' * 50_000}(2)</td></tr></table>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_papers_are_refused_or_read_within_bounds(tmp_path, name):
    try:
        read = audited(tmp_path, HOSTILE[name], name)
    except StudyError:
        return
    assert "root:" not in " ".join(read.ledger)


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"\xff\xfe\x00", b"%PDF-1.4"])
def test_what_is_no_paper_is_a_fault_with_a_remedy(tmp_path, content):
    path = tmp_path / "paper.docx"
    path.write_bytes(content)
    with pytest.raises(StudyError) as raised:
        audit_paper(path)
    assert "--table" in raised.value.faults[0].remedy


def test_a_zip_that_unpacks_to_much_more_is_refused(tmp_path):
    path = tmp_path / "paper.docx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(300):
            part.write(bytes(2**20))
    with pytest.raises(StudyError):
        audit_paper(path)
