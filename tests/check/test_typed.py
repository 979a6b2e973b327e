"""Nothing that the study computes may be typed."""

from __future__ import annotations

import pytest

from analysis.check.typed import lint_report, lint_text
from analysis.settings import Allowance

NAMES = ["Law reform", "Shortage of medicine", "Training"]
CASES = ["1", "7", "P12"]


def kinds(text: str) -> list[str]:
    return [fault.kind for fault in lint_text("a.qmd", text, [], NAMES, CASES, {}, set())]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("We held 32 interviews.", "typed-number"),
        ("It was 57.1% of all.", "typed-number"),
        ("There were 1,704 codings.", "typed-number"),
        ("The ۳۲ people came.", "typed-number"),
        ("Code in `n = 5` counts too.", "typed-number"),
        ("Twelve people spoke.", "typed-number-word"),
        ("About half of them agreed.", "typed-number-word"),
        ("Most spoke of law reform.", "typed-name"),
        ("The *Shortage\nof medicine* was named.", "typed-name"),
        ("Training came first.", "typed-name"),
        ("As participant P12 said.", "typed-participant"),
        ("As Participant No. 7 said.", "typed-participant"),
    ],
)
def test_a_planted_value_is_found(text: str, kind: str):
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "We held {{< var documents.total >}} interviews.",
        "See [@who2021, pp. 180-215] and @elo2008.",
        "@tbl-people and @sec-2nd show it.",
        "# Law {#sec-law-2}",
        "![Alt](figure1.png){width=80%}",
        "See [the page](https://example.org/2021/5).",
        "<!-- 32 interviews -->",
        "1. The order of a list is not a number.",
        "Training".lower() + " helps people.",
        "# Training",
    ],
)
def test_what_is_no_typed_value_is_let_pass(text: str):
    assert kinds(text) == []


def test_a_code_of_one_letter_is_not_looked_for_in_words():
    assert not lint_text("a.qmd", "A coding is a code.", [], ["A"], [], {}, set())


def test_all_of_ten_planted_values_are_found_with_their_lines():
    lines = [
        "There were 32.", "Seven patients.", "A mean of 36.57.", "On law reform.", "x",
        "Participant 7 said.", "57 % of them.", "half of them", "dozens of people",
        "Interview30 was last.", "shortage of medicine",
    ]  # fmt: skip
    faults = lint_text("a.qmd", "\n\n".join(lines), [], NAMES, CASES, {}, set())
    assert [(fault.row + 1) // 2 for fault in faults] == [1, 2, 3, 4, 6, 7, 8, 9, 10, 11]


def test_an_allowance_lets_its_words_pass_and_no_others():
    allow = [Allowance(text="phase 2 trial", reason="the name of a design")]
    used: set[int] = set()
    assert not lint_text("a.qmd", "A phase 2 trial.", allow, [], [], {}, used)
    assert used == {0}
    assert lint_text("a.qmd", "In phase 2 of it.", allow, [], [], {}, used)


def test_the_remedy_names_the_number_that_is_meant():
    (fault,) = lint_text("a.qmd", "1,704 codings", [], [], [], {"codings.total": 1704}, set())
    assert "{{< var codings.total >}}" in fault.remedy


def test_an_allowance_that_nothing_needs_is_a_fault(tmp_path):
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "manuscript.qmd").write_text("Nothing.\n", encoding="utf-8")
    faults = lint_report(tmp_path, [Allowance(text="32", reason="old")], [], [])
    assert [fault.kind for fault in faults] == ["unused-allowance"]


def test_captions_in_notebooks_are_checked(tmp_path, repository):
    (tmp_path / "notebooks").mkdir()
    source = (repository / "notebooks" / "02-participants.ipynb").read_text(encoding="utf-8")
    planted = source.replace("Characteristics of the participants", "Characteristics of 32 people")
    (tmp_path / "notebooks" / "a.ipynb").write_text(planted, encoding="utf-8")
    faults = lint_report(tmp_path, [], [], [])
    assert {(fault.kind, fault.file) for fault in faults} == {("typed-number", "notebooks/a.ipynb")}
