"""Forms that real articles print, and that say something else than they seem to."""

from __future__ import annotations

import re

import docx
import pytest
from lxml import html

from analysis.audit.papers import audit_paper
from tests.audit import printed_papers
from tests.audit.test_paper import accused, audited, table

HEADS = ("", "A (n = 120)", "B (n = 80)")


def asked(read):
    claims = read.audit.claims
    return claims[~claims["verdict"].isin(["consistent", "not computable from these data"])]


def jats(body, text=""):
    return (
        "<?xml version='1.0'?><article><body><p>" + text + "</p><table-wrap><label>Table 1</label>"
        f"<caption><title>People</title></caption>{body}</table-wrap></body></article>"
    )


def test_ranks_with_percentages_are_no_counts(tmp_path):
    rows = [[f"Illness {at}", f"{at} ({40 - 3 * at}.{at})", f"{at} ({50 - 4 * at}.3)"]
            for at in range(1, 9)]  # fmt: skip
    read = audited(tmp_path, table(*rows, caption="Table 1. Rank (%) of illnesses", heads=HEADS))
    assert read.extracted.values <= 2
    assert asked(read).empty


@pytest.mark.parametrize("cells", [("9/7", "8/25", "8/10"), ("3/2", "9/2", "4/5")])
def test_dates_and_ratios_are_no_counts_of_a_whole(tmp_path, cells):
    rows = [[f"Site {at}", cell, cell] for at, cell in enumerate(cells)]
    assert asked(audited(tmp_path, table(*rows, heads=("", "Heading", "Male/female")))).empty


def test_a_line_of_means_in_a_table_of_counts_is_no_count(tmp_path):
    rows = [
        ["Female, n (%)", "60 (50.0)", "40 (50.0)"],
        ["Married, n (%)", "30 (25.0)", "20 (25.0)"],
        ["Change, mean (SD)", "46 (54)%", "17 (26)%"],
    ]
    read = audited(tmp_path, table(*rows, heads=HEADS))
    assert asked(read).empty
    assert len(read.extracted.unread) == 2


def test_weighted_percentages_are_not_held_against_their_counts(tmp_path):
    rows = [["Young, n (%)", "90 (46.0)", "40 (49.1)"], ["Old, n (%)", "30 (54.0)", "40 (50.9)"]]
    caption = "Table 1. People. Percentages are weighted for non-response"
    assert asked(audited(tmp_path, table(*rows, caption=caption, heads=HEADS))).empty


def two_columns(share="37.5"):
    lines = [("Nurse", 12, share), ("Physician", 16, "50.0"), ("Other", 4, "12.5")]
    body = "".join(f"<tr><td>{a}</td><td>{b}</td><td>{c}</td></tr>" for a, b, c in lines)
    return jats(f"<table><tr><th>Role</th><th>n</th><th>%</th></tr>{body}</table>").replace(
        "People", "People (N = 32)"
    )


def test_counts_and_percentages_in_columns_of_their_own_are_read_together(tmp_path):
    read = audited(tmp_path, two_columns(), "paper.xml")
    assert asked(read).empty
    assert (read.audit.claims["kind"] == "percentage").sum() == 3
    found = accused(audited(tmp_path, two_columns("35.7"), "paper.xml"))
    assert list(found["printed"]) == ["35.7"]


def of_known(share="16.6"):
    rows = [
        ["Schooling, n (%)", "", ""],
        ["&nbsp;&nbsp;Some", f"5 ({share})", "12 (60.0)"],
        ["&nbsp;&nbsp;More", "25 (83.3)", "8 (40.0)"],
        ["&nbsp;&nbsp;Not reported", "2", "–"],
    ]
    return table(*rows, heads=("", "A (n = 32)", "B (n = 20)"))


def test_a_row_for_the_missing_says_what_the_percentages_are_of(tmp_path):
    assert asked(audited(tmp_path, of_known("16.7"))).empty
    # how many are missing is a share of all
    assert asked(audited(tmp_path, of_known("16.7").replace("2</td>", "2 (6.3)</td>"))).empty
    found = asked(audited(tmp_path, of_known("17.9")))
    assert list(found["printed"]) == ["17.9"]
    assert found["why"].str.startswith("5 of 30 is 16.666").all()


def test_tables_that_are_pictures_are_named(tmp_path):
    text = jats("<graphic href='t1.jpg'/>")
    read = audited(tmp_path, text, "paper.xml")
    assert "Not read, as they are pictures: Table 1." in read.audit.notes


@pytest.mark.parametrize(
    "mark", ["<sup>a</sup>", "<xref ref-type='table-fn'>a</xref>", "<sup><xref>a</xref></sup>"]
)
def test_marks_of_footnotes_are_no_part_of_numbers(tmp_path, mark):
    body = (
        "<table><tr><th>Role</th><th>A (n = 20)</th><th>B (n = 10)</th></tr>"
        f"<tr><td>Nurse, n (%)</td><td>5{mark} (25)</td><td>4 (40{mark})</td></tr>"
        "<tr><td>Clerk, n (%)</td><td>15 (75)</td><td>6 (60)</td></tr></table>"
    )
    read = audited(tmp_path, jats(body), "paper.xml")
    assert asked(read).empty
    assert (read.audit.claims["kind"] == "percentage").sum() == 4


@pytest.mark.parametrize(
    ("before", "cell"),
    [
        ("n (%)", "1,204 (60.2)"),
        ("n (%)", "1 204 (60.2)"),
        ("n (%)", "1\u202f204 (60\u00b72)"),
        ("n (%)", "1204 (60.2%)"),
    ],
)
def test_thousands_and_decimals_are_parted_in_many_ways(tmp_path, before, cell):
    rows = [
        [f"Female, {before}", cell, "400 (40.0)"],
        [f"Male, {before}", "796 (39.8)", "600 (60.0)"],
    ]
    read = audited(tmp_path, table(*rows, heads=("", "A (n = 2,000)", "B (N = 1 000)")))
    assert asked(read).empty
    assert (read.audit.claims["verdict"] == "consistent").sum() >= 8


def test_ratios_with_intervals_and_p_values_are_not_judged(tmp_path):
    rows = [["Age", "1.21 (0.98–1.49)", ".07"], ["Sex", "0.80 (0.61, 1.04)", "< .001"]]
    read = audited(tmp_path, table(*rows, heads=("", "OR (95% CI)", "p")))
    assert asked(read).empty


def test_a_p_that_a_correction_made_larger_is_not_accused(tmp_path):
    text = "<html><body><p>{} t(28) = 2.31, p = .084.</p></body></html>"
    assert not accused(audited(tmp_path, text.format("We found"))).empty
    corrected = text.format("After Bonferroni correction we found")
    assert accused(audited(tmp_path, corrected)).empty


def test_shares_in_the_text_are_computed_anew(tmp_path):
    text = "<html><body><p>Of these, 12 of the 32 participants ({}%) agreed.</p></body></html>"
    assert asked(audited(tmp_path, text.format("37.5"))).empty
    assert list(accused(audited(tmp_path, text.format("39.5")))["printed"]) == ["39.5"]
    # what is far from the share is a share of something else
    assert asked(audited(tmp_path, text.format("4.1"))).empty


def themes(in_text=14, in_table=14):
    names = ("Trust in staff", "Time to talk", "Cost of travel", "Fear of stigma")
    said = "; ".join(
        f"{name} ({count})" for name, count in zip(names, (21, in_text, 9, 30), strict=True)
    )
    cells = "".join(
        f"<tr><td>{name}</td><td>{count}</td></tr>"
        for name, count in zip(names, (21, in_table, 9, 30), strict=True)
    )
    return (
        f"<html><body><p>We saw 4 themes: {said}.</p><p>Table 1. Themes</p><table><tr>"
        f"<th>Theme</th><th>Codings</th></tr>{cells}</table></body></html>"
    )


def test_counts_that_text_and_table_repeat_are_held_against_each_other(tmp_path):
    assert asked(audited(tmp_path, themes())).empty
    found = accused(audited(tmp_path, themes(in_text=41)))
    assert set(found["printed"]) == {"14", "41"}
    assert found["why"].str.contains("stands in").all()


def test_a_total_of_ranges_spans_them(tmp_path):
    rows = [
        *(["A", "3", "15–20", "2"], ["B", "4", "33–42", "5"], ["C", "5", "20–60", "1"]),
        ["Total", "12", "15–60", "8"],
    ]
    heads = ("Group", "Interviews", "Minutes", "Days")
    assert asked(audited(tmp_path, table(*rows, heads=heads))).empty
    rows[1][2] = "33–72"
    assert not accused(audited(tmp_path, table(*rows, heads=heads))).empty


def as_word(text, path):
    """Write a page with one table as Word writes it, spans and indents included."""
    tree = html.document_fromstring(text)
    document = docx.Document()
    for element in tree.find("body"):
        if element.tag in ("p", "h1"):
            document.add_paragraph(element.text_content())
        if element.tag != "table":
            continue
        rows = [row for row in element.iter("tr") if row.getparent().tag != "tfoot"]
        width = max(sum(int(cell.get("colspan", 1)) for cell in row) for row in rows)
        made = document.add_table(rows=len(rows), cols=width)
        taken = set()
        for at, row in enumerate(rows):
            column = 0
            for cell in row:
                while (at, column) in taken:
                    column += 1
                down, across = int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))
                taken |= {(at + i, column + j) for i in range(down) for j in range(across)}
                target = made.cell(at, column)
                if down > 1 or across > 1:
                    target = target.merge(made.cell(at + down - 1, column + across - 1))
                raised = cell.find("sup")
                target.text = (cell.text or "") if raised is not None else cell.text_content()
                if raised is not None:
                    run = target.paragraphs[0].add_run(raised.text)
                    run.font.superscript = True
        for foot in element.iter("tfoot"):
            document.add_paragraph(foot.text_content())
    document.save(path)


ERRORS = {
    "tableone": (r"sex = f \(%\)</td><td>\d+ \( ?(?P<old>[\d.]+)\)", lambda old: old[::-1]),
    "gtsummary": (r"\d+ \((?P<old>\d+)%\)", lambda old: str(int(old) - 9)),
    "spss": (r"<th>2</th><td>(?P<old>\d+)</td>", lambda old: str(int(old) + 3)),
}


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize("seed", [4, 5])
def test_tables_of_programs_in_word_are_read_as_in_html_and_one_error_is_found(
    tmp_path, name, seed
):
    text = getattr(printed_papers, name)(seed)
    pattern, wrong = ERRORS[name]
    match = re.search(pattern, text)
    new = wrong(match["old"])
    planted = text[: match.start("old")] + new + text[match.end("old") :]
    for content, expected in ((text, False), (planted, True)):
        page = audited(tmp_path, content)
        as_word(content, tmp_path / "paper.docx")
        word = audit_paper(tmp_path / "paper.docx")
        assert word.ledger == page.ledger
        assert (new in list(asked(word)["printed"])) is expected
        assert accused(word).empty or expected


def of_a_number_said(share="9.5"):
    lines = [("Trust", 40, "20.0"), ("Time", 19, share), ("Cost", 61, "30.5"), ("Fear", 80, "40.0"),
             ("Hope", 3, "1.5"), ("Work", 7, "3.5")]  # fmt: skip
    rows = "".join(f"<tr><td>{name}</td><td>{n} ({p})</td></tr>" for name, n, p in lines)
    return (
        "<html><body><p>The 12 interviews gave 200 codings.</p><p>Table 1. Themes</p><table>"
        f"<tr><th>Theme</th><th>Codings, n (%)</th></tr>{rows}</table></body></html>"
    )


def test_a_number_of_the_text_is_the_whole_where_nearly_all_percentages_are_shares_of_it(tmp_path):
    assert asked(audited(tmp_path, of_a_number_said())).empty
    found = accused(audited(tmp_path, of_a_number_said("5.9")))
    assert list(found["printed"]) == ["5.9"]
    assert found["why"].str.startswith("19 of 200").all()
    without = of_a_number_said().replace("200 codings", "many codings")
    assert not (audited(tmp_path, without).audit.claims["kind"] == "percentage").any()


def test_a_bare_number_under_a_sign_of_percent_is_no_count(tmp_path):
    rows = [["Male (%)", "60", "72"], ["Smokers (%)", "55", "81"]]
    assert asked(audited(tmp_path, table(*rows, heads=("", "A (n = 53)", "B (n = 48)")))).empty


def test_a_column_of_percentages_does_not_add_up_to_its_total(tmp_path):
    rows = [[str(at), "4", "5", "0"] for at in range(2010, 2014)]
    rows[2][3] = "100"
    rows.append(["Total", "16", "20", "8"])
    heads = ("Year", "Seen", "Treated", "Cured (%)")
    assert asked(audited(tmp_path, table(*rows, heads=heads))).empty


def test_groups_of_one_name_may_be_of_another_sample(tmp_path):
    text = table(
        ["Married, n (%)", "60 (50.0)", "20 (25.0)"], heads=("", "Women (n = 120)", "Men (n = 80)")
    )
    text = text.replace("<body>", "<body><p>First came 82 people: 40 women, 42 men.</p>")
    assert asked(audited(tmp_path, text)).empty
