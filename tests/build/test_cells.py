"""What a build would refuse of a notebook's cells is seen in their code."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.build.cells import code_faults, predicted_outputs
from analysis.build.notebooks import all_notebooks, check_notebooks, read_notebook
from analysis.manuscript.embeds import embed_cells
from qdaio.faults import FaultList
from tests.support.studies import write_notebook

ROOT = Path(__file__).parents[2]
OPEN = "from analysis.workspace import open_study\n\nworkspace = open_study()\n"
READ = f'{OPEN}codings = workspace.read("codings")'
PLOT = "import matplotlib.pyplot as plt\n\nplt.plot([1, 2])\nplt.show()"
FIGURE = '#| label: fig-a\n#| fig-cap: "Bars"\n#| fig-alt: "x"\n'
TABLE = '#| label: tbl-a\n#| tbl-cap: "Codes"\n'
MARKDOWN = "from IPython.display import Markdown\n\n"


def refused(*cells: str) -> list[tuple[int, str]]:
    """Return the cells that the copy to embed from would refuse, and why."""
    shown = predicted_outputs(cells, {"codings": pd.DataFrame({"code": range(90)})})
    faults = FaultList()
    executed = [
        {"cell_type": "code", "metadata": {}, "source": source, "outputs": outputs}
        for source, outputs in zip(cells, shown, strict=True)
    ]
    embed_cells(executed, "07-mine.ipynb", "", faults)
    return [(fault.row or 0, str(fault.found)) for fault in faults]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ('#| label: fig-a\n#| fig-cap: "Bars"\n' + PLOT, "no alternative text"),
        ('#| label: fig-a\n#| fig-alt: "x"\n' + PLOT, "no caption"),
        ('#| label: fig-a\n#| fig-cap:\n#| fig-alt: "x"\n' + PLOT, "no caption"),
        ("#| label: tbl-a\ncodings.head()", "no caption"),
        (f"{FIGURE}{PLOT}\nplt.plot([2, 2])\nplt.show()", "2 outputs"),
        (f'{TABLE}{MARKDOWN}Markdown("words")', "no table"),
        (f'{TABLE}{MARKDOWN}display(Markdown("words"))', "no table"),
        (f"{TABLE}codings", "a frame that pandas cut short, with rows left out"),
        (f"{FIGURE}#| fig-width: 4\n{PLOT}", "option fig-width"),
        ('#| label: tbl-a\n#| tbl-cap: "Codes\ncodings.head()', "#| lines that cannot be read"),
        (f"x = 1\n{TABLE}codings.head()", "#| label: tbl-a below other lines"),
    ],
)
def test_a_cell_that_a_build_would_refuse_is_known_with_its_place(cell, found):
    ((place, said),) = refused(READ, cell)
    assert place == 2
    assert said.startswith(found)


@pytest.mark.parametrize(
    "cell",
    [
        f"{FIGURE}{PLOT}",
        f"{FIGURE}#| echo: false\n{PLOT}",
        f"{TABLE}codings.head()",
        f'{TABLE}{MARKDOWN}Markdown("| a | b |\\n|---|--:|\\n| x | 2 |")',
        f"{TABLE}frame = codings.head()\ndisplay(frame)",
        # what this package makes brings its caption and its description along
        '#| label: fig-a\n#| fig-cap: "Bars"\nworkspace.show(bars, codings)',
        "#| label: fig-a\nfrom analysis.figures import bars\n\nbars(codings)",
        "#| label: tbl-a\nimport own_helper\n\nown_helper.table(codings)",
    ],
)
def test_a_cell_that_shows_one_thing_as_it_should_is_not_refused(cell):
    assert refused(READ, cell) == []


@pytest.mark.parametrize(
    "cell",
    [f"{TABLE}frame = codings.head()", f"{TABLE}codings.head();", f"{TABLE}print(codings)"],
)
def test_a_cell_that_ends_without_a_table_shows_nothing(cell):
    assert predicted_outputs((READ, cell))[1] == []


@pytest.mark.parametrize(
    ("cell", "found", "remedy"),
    [
        ("x = = 2", "code that is not Python in its line 1", "Mend the cell"),
        ("import pandaz", "pandaz, a module that is not installed", "install"),
        ("from analysis.workspace import open_studies", "open_studies, a name that", "Correct"),
        ("codigns.head()", "codigns, a name that no cell gives", 'Did you mean "codings"?'),
        (
            '#| label: tbl-a\n#| tbl-cap: "Of {them}"\nworkspace.show(print)',
            "tbl-a whose caption names 'them'",
            "names in braces",
        ),
        ("workspace.show(print)", "a cell that makes a table or figure without", "begin with"),
    ],
)
def test_what_would_stop_a_cell_is_told_with_the_cell(cell, found, remedy, tmp_path):
    (fault,) = code_faults("notebooks/07-mine.ipynb", (READ, cell), (1, 4), (tmp_path,))
    assert str(fault).startswith("notebooks/07-mine.ipynb, cell 4: ")
    assert str(fault.found).startswith(found)
    assert remedy in fault.remedy


@pytest.mark.parametrize(
    "cells",
    [
        ("%matplotlib inline\nimport math\n\nprint([math.pi for _ in range(3)], __name__)",),
        ("%pylab", "plot(arange(3))"),
        ("from math import *", "print(pi)"),
        ("def f(a, *b, **c):\n    return a, b, c, later", "later = 1\nf(1)"),
        ("try:\n    import pandaz\nexcept ImportError:\n    pandaz = None",),
        ("import beside\n\nbeside.f()",),
        ("!ls", "files = !ls", "print(files)"),
        ("with open('x') as stream:\n    pass\nfor at, (a, b) in []:\n    print(at, a, b)",),
        ("x: int = 1\nprint(y := x, (lambda z: z)(y))",),
    ],
)
def test_code_that_may_run_is_not_told(cells, tmp_path):
    (tmp_path / "beside.py").write_text("def f(): ...\n", encoding="utf-8")
    assert code_faults("notebooks/x.ipynb", cells, tuple(range(len(cells))), (tmp_path,)) == []


def test_the_notebooks_of_the_package_are_clean():
    specs = all_notebooks(ROOT, FaultList())
    assert len(specs) == len(list((ROOT / "notebooks").glob("*.ipynb")))
    for spec in specs:
        assert code_faults(spec.file, spec.sources, spec.places, (ROOT / "notebooks",)) == []


def test_what_a_notebook_reads_and_gives_need_not_be_declared(tmp_path):
    cells = (READ, 'workspace.write_metrics("mine", {"mine.total": len(codings)})')
    spec = read_notebook(write_notebook(tmp_path / "notebooks/07-mine.ipynb", *cells))
    assert spec.reads == ("codings",)
    assert spec.metrics


def test_a_table_that_no_notebook_makes_is_told_with_its_cell(tmp_path):
    write_notebook(tmp_path / "notebooks/01-a.ipynb", "x = 1", declared={"writes": ["codings"]})
    write_notebook(tmp_path / "notebooks/02-b.ipynb", OPEN, 'workspace.read("coding")')
    faults = FaultList()
    check_notebooks(all_notebooks(tmp_path, faults), faults)
    (fault,) = faults
    assert (fault.file, fault.row) == ("notebooks/02-b.ipynb", 2)
    assert 'Did you mean "codings"?' in fault.remedy
