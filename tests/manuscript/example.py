"""A small study's report, with everything that a manuscript of a real study uses.

The article is invented: a survey of a choir. Nothing in it is about a shipped study.
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import nbformat
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.manuscript.embeds import embed_copy
from analysis.reporting import BUILT
from analysis.studyfile import STYLES

REPORT = Path(__file__).parents[2] / "report"

GROUPS = {
    "Sopranos and altos": [
        ("Breathing together", 41, 12),
        ("Listening to the other voices", 37, 11),
        ("Fear of the high notes and what helps against it before a concert", 9, 4),
    ],
    "Tenors and basses": [("Rehearsing at home", 28, 9), ("Counting rests", 3, 2)],
}

MANUSCRIPT = """---
lang: en
---

# Background {#sec-background}

Choirs are studied too seldom [@cage1961; @orff2003]. This one has {{< var n.singers >}} singers,
of whom {{< var n.basses >}}'s share is {{< var share.basses >}} %. See @sec-results, @tbl-singers
and [@tbl-themes; @fig-themes], or figure -@fig-themes alone [see @fig-themes]. The director said
"it's {{< var mood >}}" --- and a singer said «[صدای ما]{lang=fa dir=rtl}».

::: {.content-visible when-meta="has.guide"}
The guide of @tbl-guide had {{< var n.questions >}} questions.

{{< embed output/embed/guide.ipynb#tbl-guide >}}
:::

::: {.content-hidden when-meta="has.guide"}
There was no guide.
:::

# Results {#sec-results}

{{< include _results.qmd >}}

# Discussion

One sentence[ with {{< var absent.value >}}]{.content-visible when-meta="has.guide"} and a
note.^[A footnote with the number {{< var n.singers >}}.]

- first point
- second point with `code`

# References {.unnumbered}

::: {#refs}
:::
"""

RESULTS = """## {{< var theme.first >}} {#sec-first}

In @sec-first we say what @tbl-singers shows.

{{< embed output/embed/choir.ipynb#tbl-singers >}}

As a singer put it:

> «[ما با هم نفس می‌کشیم و بعد می‌خوانیم.]{lang=fa dir=rtl}» (We breathe together, and then we
> sing.) --- singer {{< var n.singers >}}

## Themes

{{< include prose/themes.md >}}

{{< embed output/embed/choir.ipynb#tbl-themes >}}

{{< embed output/embed/choir.ipynb#fig-themes >}}
"""

THEMES = """All themes are in @tbl-themes, after @cage1961 and others [@orff2003, p. 12].

::: {lang=fa dir=rtl}
این یک بند فارسی است که از راست به چپ خوانده می‌شود.
:::
"""

BIBLIOGRAPHY = """@article{cage1961,
  author = {Cage, John and Ono, Yoko and Tudor, David and Brown, Earle and Wolff, Christian
    and Feldman, Morton and Young, La Monte},
  title = {Silence in choirs},
  journal = {Journal of Sound},
  year = {1961}, volume = {4}, number = {33}, pages = {107--115}, doi = {10.1000/silence}
}
@book{orff2003,
  author = {Orff, Carl},
  title = {Schulwerk for grown-ups},
  publisher = {Notes}, address = {Munich}, year = {2003}, edition = {2}
}
"""

VARIABLES = {
    "n": {"singers": "48", "basses": "11", "questions": "7"},
    "share": {"basses": "22.9"},
    "mood": "loud & *clear*",
    "theme": {"first": "Breathing together"},
}

STUDY = {
    "title": "Breathing and counting: a directed content analysis of what forty-eight singers say",
    "author": [
        {
            "name": {"given": "Ada", "family": "Alto"},
            "orcid": "0000-0002-1825-0097",
            "email": "ada@example.org",
            "corresponding": True,
            "affiliations": [{"name": "School of Music"}, {"name": "Choir of the Town"}],
        },
        {
            "name": {"given": "Béla", "family": "Bass"},
            "affiliations": [{"name": "School of Music"}],
        },
    ],
    "abstract": "**Background:** Choirs breathe.\n\n**Methods:** 48 singers, “asked” twice.\n",
    "keywords": ["choirs", "content analysis"],
    "lang": "en",
    "data": {"status": "synthetic", "synthetic": True},
    "has": {"guide": False, "participants": True},
}


def themes_html(groups: dict[str, list[tuple[str, int, int]]] = GROUPS) -> str:
    """A table with groups of rows, a spanner, notes and right-to-left text, by great_tables."""
    import pandas as pd
    from great_tables import GT

    rows = [(group, *row) for group, themes in groups.items() for row in themes]
    frame = pd.DataFrame(rows, columns=["Voices", "Theme", "Codings", "Singers"])
    table = (
        GT(frame, groupname_col="Voices", rowname_col="Theme", id="themes")
        .tab_stubhead("Theme")
        .tab_spanner("Counted as", ["Codings", "Singers"])
        .cols_align("right", ["Codings", "Singers"])
        .tab_source_note("Counted by coding; a singer counts once in a theme.")
        .tab_source_note("SD = standard deviation.")
    )
    return str(table.as_raw_html()).replace(
        "Counting rests", 'Counting rests <span lang="fa" dir="rtl">شمردن سکوت</span>'
    )


def singers_html() -> str:
    """A plain table with many narrow columns."""
    head = "".join(f"<th>{name}</th>" for name in ("", *"ABCDEFGH"))
    lines = [
        ("Age, mean ± SD", *("23.4 ± 5.6" for _ in "ABCDEFGH")),
        ("Women, n (%)", *(f"{n} ({n * 8} %)" for n in range(8))),
    ]
    body = "".join(
        f"<tr><th>{line[0]}</th>" + "".join(f"<td>{cell}</td>" for cell in line[1:]) + "</tr>"
        for line in lines
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def figure_png() -> bytes:
    """A bar chart as PNG."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 2.5))
    axes.barh(["Breathing", "Listening", "Counting"], [41, 37, 3], color="0.4")
    figure.tight_layout()
    out = io.BytesIO()
    figure.savefig(out, dpi=150, metadata={"Software": None})
    plt.close(figure)
    return out.getvalue()


def executed_notebook() -> nbformat.NotebookNode:
    """What papermill leaves: code, timings, and outputs as JupyterLab shows them."""
    import base64

    def cell(source: str, data: dict[str, str], study: dict[str, object]) -> nbformat.NotebookNode:
        output = new_output("display_data", data=data, metadata={"study": study})
        made = new_code_cell(source, outputs=[output], execution_count=4)
        made.metadata["papermill"] = {"duration": 0.123, "start_time": "2026-01-01T00:00:00"}
        return made

    return new_notebook(
        cells=[
            new_markdown_cell("# The choir"),
            new_code_cell("import choir", outputs=[new_output("stream", text="loaded")]),
            cell(
                "#| label: tbl-singers\n#| tbl-cap: Singers by voice\nchoir.singers()",
                {"text/html": singers_html(), "text/plain": "GT"},
                {"caption": "Singers by voice & *age* [n = 48]"},
            ),
            cell(
                "#| label: tbl-themes\n"
                '#| tbl-cap: "Themes of {{< var n.singers >}} singers, after @cage1961"\n'
                "choir.themes()",
                {"text/html": themes_html(), "text/plain": "GT"},
                {},
            ),
            cell(
                "#| label: fig-themes\n#| fig-cap: Themes by codings\nchoir.draw()",
                {"image/png": base64.b64encode(figure_png()).decode("ascii")},
                {"alt": "Bars: breathing 41, listening 37, counting 3.", "width_in": 6.0},
            ),
        ]
    )


def write_report(folder: Path, *, study: dict[str, object] | None = None) -> Path:
    """Write the report's folder, with the styles and filters of the shipped one.

    Returns
    -------
    Path
        The folder, ``report`` below `folder`.
    """
    report = folder / "report"
    shutil.copytree(
        REPORT,
        report,
        ignore=lambda at, names: (
            set(names)
            - {
                "_quarto.yml",
                "style.css",
                "reference.docx",
                "filters",
                "templates",
                "typst",
            }
            if Path(at) == REPORT
            else set()
        ),
    )
    (report / "prose").mkdir()
    for name, text in {
        "manuscript.qmd": MANUSCRIPT,
        "_results.qmd": RESULTS,
        "_quarto-built.yml": BUILT,
        "_citation-style.csl": (STYLES / "vancouver.csl").read_text(encoding="utf-8"),
        "prose/themes.md": THEMES,
        "references.bib": BIBLIOGRAPHY,
        "_variables.yml": yaml.safe_dump(VARIABLES, allow_unicode=True),
        "_study.yml": yaml.safe_dump(STUDY if study is None else study, allow_unicode=True),
    }.items():
        (report / name).write_text(text, encoding="utf-8")
    embed = report / "output" / "embed"
    embed.mkdir(parents=True)
    nbformat.write(embed_copy(executed_notebook(), "choir.ipynb"), embed / "choir.ipynb")
    return report
