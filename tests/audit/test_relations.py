"""What columns of a paper's tables have to do with each other, as their numbers show."""

import random

import pytest

from analysis.audit import ASKING
from analysis.audit.arithmetic.formulas import evaluate
from analysis.audit.papers import audit_paper

SIZES = (4, 3, 5, 12)
ASKED = {verdict.value for verdict in ASKING}


def paper(seed=0, *, wrong=None):
    """Return two tables in Markdown: codings and people of codes, and by group; and one change."""
    chance = random.Random(seed)
    whole, groups = [], []
    for at in range(12):
        people = [chance.randint(0, n) for n in SIZES]
        codings = [k and k + chance.randint(0, 20) for k in people]
        k, n = sum(people), sum(SIZES)
        ends = [int(100 * evaluate(f"wilson_{side}({k}, {n})", {})[0]) for side in ("low", "high")]
        share = f"{k} ({100 * k / n:.1f})"
        whole.append(
            ["Topic " + "abcdefghijkl"[at] * 3, str(sum(codings)), share, "–".join(map(str, ends))]
        )
        cells = [
            f"{c}; {100 * k // n}" if k else "–"
            for c, k, n in zip(codings, people, SIZES, strict=True)
        ]
        groups.append([whole[-1][0], *cells])
    if wrong is not None:
        table, row, column, old, new = wrong
        (whole, groups)[table][row][column] = (whole, groups)[table][row][column].replace(
            old, new, 1
        )
    heads = [f"Group {name} (n = {n})" for name, n in zip("ABCD", SIZES, strict=True)]
    lines = [
        "Table 1. Codes",
        "",
        "| Code | Codings | Participants, n (%) (n = 24) | 95% interval |",
    ]
    lines += ["|---|---|---|---|", *("| " + " | ".join(row) + " |" for row in whole), ""]
    lines += [
        "Table 2. Codes by group",
        "",
        "| Code | " + " | ".join(heads) + " |",
        "|---|---|---|---|---|",
    ]
    lines += ["| " + " | ".join(row) + " |" for row in groups]
    return "\n".join(lines) + "\n"


def asked(tmp_path, text):
    path = tmp_path / "paper.md"
    path.write_text(text, encoding="utf-8")
    claims = audit_paper(path).audit.claims
    return claims[claims["verdict"].isin(ASKED)]


@pytest.mark.parametrize("seed", range(6))
def test_tables_that_agree_are_not_asked_about(tmp_path, seed):
    assert asked(tmp_path, paper(seed)).empty


def changed(table, row, column, seed=0):
    """Return the first digit of a cell, and another."""
    lines = [line for line in paper(seed).splitlines() if line.startswith("| Topic")]
    cell = [part.strip() for part in lines[12 * table + row].split("|")[1:-1]][column]
    digit = next(letter for letter in cell if letter.isdigit())
    return table, row, column, digit, str((int(digit) + 4) % 10)


@pytest.mark.parametrize("place", [(0, 2, 1), (0, 5, 2), (0, 7, 3), (1, 1, 4), (1, 6, 4)])
def test_one_wrong_digit_is_found_by_the_other_table(tmp_path, place):
    found = asked(tmp_path, paper(wrong=changed(*place)))
    assert not found.empty
    assert set(found["row"])


def test_a_count_of_kinds_in_several_columns_is_no_sum(tmp_path):
    rows = [[k + 3, k, 2 * k + 3] for k in range(2, 12)]
    text = "Table 1. Finds\n\n| Place | North | South | Total |\n|---|---|---|---|\n"
    text += "".join(
        f"| Place {'abcdefghij'[i] * 3} | {a} | {b} | {c} |\n" for i, (a, b, c) in enumerate(rows)
    )
    assert asked(tmp_path, text + "| Species | 15 | 14 | 28 |\n").empty
    assert not asked(tmp_path, text + "| Sherds | 15 | 14 | 28 |\n").empty


def test_rank_tests_have_a_p_of_their_own(tmp_path):
    text = "They differed ({}Z = -0.159, P = 0.933).\n"
    assert asked(tmp_path, text.format("Mann-Whitney U = 13, ")).empty
    assert len(asked(tmp_path, text.format(""))) == 2
