"""Studies drawn at random: trees, groups, participants and gaps as they occur, all from a seed."""

from __future__ import annotations

import csv
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.support.studies import write_notebook

WORDS = (
    *("access", "care", "cost", "distance", "dignity", "family", "fear", "hope", "income"),
    *("insurance", "law", "medication", "privacy", "recovery", "referral", "respect", "rights"),
    *("shame", "stigma", "support", "training", "transport", "trust", "waiting", "work"),
)
GROUPS = (
    "Patients", "Caregivers", "Nurses", "Physicians", "Managers", "Teachers", "Neighbours",
    "Volunteers",
)  # fmt: skip
LEVELS = ("Domain", "Theme", "Category", "Subcategory", "Code")
PLURALS = ("Domains", "Themes", "Categories", "Subcategories", "Codes")
OWN = """from analysis.workspace import open_study

workspace = open_study()
codings = workspace.read("codings")
workspace.write_metrics("own", {"own.total": len(codings)})"""
OWN_TABLE = """#| label: tbl-own
#| tbl-cap: "How often each code was applied"
codings["code_id"].astype(str).value_counts().head(20).rename("Codings").to_frame()"""
OWN_FIGURE = """#| label: fig-own
#| fig-cap: "How often each code was applied"
#| fig-alt: "Bars, as long as the code has codings."
import matplotlib.pyplot as plt

plt.barh(*zip(*codings["code_id"].astype(str).value_counts().head(20).items()), color="0.4")
plt.show()"""


@dataclass(frozen=True)
class Drawn:
    """What was drawn, so that a failure can be understood."""

    levels: int
    codes: int
    people: int
    groups: int
    has_dates: bool
    has_variables: bool
    has_own_notebook: bool
    spoiled: str


def draw_study(repository: Path, folder: Path, seed: int, spoiled: str = "") -> Drawn:
    """Write a study and return what it is like.

    Parameters
    ----------
    repository, folder : Path
    seed : int
    spoiled : str
        Something that a build refuses: "variable", "citation", "embed", "group", "levels",
        "parameter", "prose", or nothing.
    """
    rng = random.Random(seed)
    depth = rng.randint(1, 5)
    codes = _tree(rng, depth)
    deepest = max(len(code) for code in codes)
    people = rng.choice((1, 2, 5, 9, 23))
    n_groups = min(rng.choice((0, 0, 1, 2, 3, 5, 8)), 8)
    # more groups than people leaves groups without anybody
    group_of = [rng.choice(GROUPS[:n_groups]) if n_groups else "" for _ in range(people)]
    has_variables, has_dates = rng.random() < 0.6, rng.random() < 0.5
    names = [f"P{number}" for number in range(1, people + 1)]
    raw = folder / "data-raw" / "tidy"
    raw.mkdir(parents=True)
    rows: list[list[object]] = []
    for person in names:
        for at in range(rng.randint(1, 12)):
            code = rng.choice(codes)
            weight = rng.choice((0, 0, 100))
            text = f"What {person} said, number {at}, in some words of their own."
            rows.append([person, " > ".join(code), text, at * 100, at * 100 + 50, weight])
    _write(raw / "codings.csv", ["document", "code", "text", "start", "end", "weight"], rows)
    _write(raw / "codes.csv", ["code"], [[" > ".join(code)] for code in codes])
    columns = ["document", "Person"]
    columns += ["Setting"] if n_groups else []
    columns += ["Gender", "Age"] if has_variables else []
    columns += ["Date", "Minutes"] if has_dates else []
    documents: list[list[object]] = []
    for at, person in enumerate(names):
        row: list[object] = [person, person]
        row += [group_of[at]] if n_groups else []
        if has_variables:
            # each variable is known of somebody
            row += [rng.choice(("Female", "Male", *([""] if at else [])))]
            row += [rng.choice((rng.randint(18, 80), *([""] if at else [])))]
        if has_dates:
            row += [f"2024-03-{1 + at % 28:02d}", rng.randint(20, 90)]
        documents.append(row)
    _write(raw / "documents.csv", columns, documents)
    _write_settings(
        folder, rng, deepest, n_groups, sorted(set(group_of)), has_variables, has_dates, spoiled
    )
    shutil.copytree(repository / "notebooks", folder / "notebooks")
    has_own = rng.random() < 0.4
    if has_own:
        declared = {"metrics": True, "reads": ["codings"]}
        cells = (OWN, OWN_TABLE, OWN_FIGURE)
        write_notebook(folder / "notebooks/08-own.ipynb", *cells, declared=declared)
    _write_report(repository, folder, has_own, spoiled)
    return Drawn(deepest, len(codes), people, n_groups, has_dates, has_variables, has_own, spoiled)


def _tree(rng: random.Random, depth: int) -> list[tuple[str, ...]]:
    """Draw the paths of codes; branches end at different levels."""
    found: list[tuple[str, ...]] = []

    def grow(path: tuple[str, ...]) -> None:
        found.append(path)
        if len(path) < depth and rng.random() < 0.85:
            for word in rng.sample(WORDS, rng.randint(1, 3)):
                grow((*path, word.capitalize()))

    for word in rng.sample(WORDS, rng.randint(1, 4)):
        grow((word.capitalize(),))
    return found


def _write(path: Path, columns: list[str], rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([columns, *rows])


def _write_settings(
    folder: Path,
    rng: random.Random,
    deepest: int,
    n_groups: int,
    used: list[str],
    has_variables: bool,
    has_dates: bool,
    spoiled: str,
) -> None:
    status = rng.choice(("original", "synthetic"))
    lines = [
        "[study]", 'title = "A drawn study"', 'authors = [{ name = "A. Author" }]',
        "[data]", f'status = "{status}"', 'exports = ["data-raw/tidy"]',
    ]  # fmt: skip
    if rng.random() < 0.7 or n_groups or has_variables or has_dates or spoiled == "group":
        lines += ["[participants]", 'variable = "Person"']
        if n_groups:
            lines.append('group = "Setting"')
            if rng.random() < 0.5 or spoiled == "group":
                order = list(GROUPS[:n_groups]) if spoiled != "group" else [*used[1:], "Nobody"]
                lines.append(
                    f"group_order = [{', '.join(f'{chr(34)}{g}{chr(34)}' for g in order)}]"
                )
        elif spoiled == "group":
            lines.append('group = "Seting"')
        if has_dates:
            lines += ['date = "Date"', 'duration = "Minutes"']
        if has_variables:
            lines += [
                "[[participants.variables]]", 'name = "Gender"', "missing = true",
                "[[participants.variables]]", 'name = "Age"', 'kind = "integer"',
                "missing = true",
            ]  # fmt: skip
    if spoiled == "levels":
        lines += ["[hierarchy]", f"levels = {list(LEVELS[: deepest - 1] or ['A', 'B'])!r}"]
    elif rng.random() < 0.5:
        lines += [
            "[hierarchy]",
            f"levels = {list(LEVELS[-deepest:])!r}",
            f"plurals = {list(PLURALS[-deepest:])!r}",
        ]
    if spoiled == "parameter":
        lines += ["[parameters.frequencies]", "top = 0"]
    (folder / "study.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_report(repository: Path, folder: Path, has_own: bool, spoiled: str) -> None:
    from tests.support.studies import SKELETON

    report = folder / "report"
    made = (
        "output",
        "_*.qmd",
        "_study.yml",
        "_variables.yml",
        "_quarto-built.yml",
        "_citation-style.csl",
        ".quarto",
    )
    made += ("prose", "manuscript.qmd", "abstract.md")
    shutil.copytree(repository / "report", report, ignore=shutil.ignore_patterns(*made))
    text = (SKELETON / "manuscript.qmd").read_text(encoding="utf-8")
    if has_own:
        text += (
            "\n\nThe own notebook counts {{< var own.total >}}; @tbl-own and @fig-own.\n"
            "\n{{< embed output/embed/own.ipynb#tbl-own >}}\n"
            "\n{{< embed output/embed/own.ipynb#fig-own >}}\n"
        )
    text += {
        "variable": "\n\n{{< var codings.totals >}}\n",
        "citation": "\n\nAs said before [@nobody2020].\n",
        "embed": "\n\n{{< embed output/embed/hierarchy.ipynb#tbl-hierarchi >}}\n",
    }.get(spoiled, "")
    (report / "manuscript.qmd").write_text(text, encoding="utf-8")
    if spoiled == "prose":
        (report / "prose").mkdir()
        (report / "prose/nothing.md").write_text("A text of no dimension.\n", encoding="utf-8")
