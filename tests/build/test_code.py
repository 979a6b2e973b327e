"""Which code a notebook rests on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from analysis.build.code import (
    PACKAGES,
    code_hash,
    helpers_of,
    imported_modules,
    imports_of,
    python_of,
    searched_imports,
)


def test_imports_inside_functions_and_behind_magics_count():
    source = "%matplotlib inline\ndef f():\n    from analysis.tables import Table\n"
    assert imports_of(source) >= {"analysis.tables", "analysis.tables.Table"}


@pytest.mark.parametrize(
    "cell",
    ["df?", "df??\n", "%%bash\nls | wc -l", "x = !ls\nx", "!ls", "%time f()", "x = %pwd", "/f 1"],
)
def test_cells_in_the_words_of_ipython_are_read_as_ipython_reads_them(cell):
    assert "get_ipython()" in python_of(cell) or python_of(cell) == "f(1)\n"
    assert imports_of(cell) == imports_of(cell + "\n") == set()


def test_what_a_timed_cell_imports_counts():
    assert "analysis.tables" in imports_of("%%time\nimport analysis.tables")


def test_a_cell_that_is_no_python_at_all_imports_nothing():
    assert imports_of("import analysis.tables\nthis is (not python") == set()
    with pytest.raises(SyntaxError):
        python_of("this is (not python")


def test_modules_are_followed_through_what_they_import():
    found = imported_modules(["from analysis.chapters.frequencies import frequency_table"])
    assert "analysis.tables" in found
    assert "qdaio.faults" in found
    assert "analysis.cli" not in found


def test_readers_that_entry_points_name_count():
    assert "qdaio.programs.maxqda" in " ".join(
        imported_modules(["from analysis.preparation import prepare"])
    )


def test_the_command_line_is_no_part_of_a_notebooks_code():
    assert not [
        module
        for module in imported_modules(["import analysis.workspace"])
        if module.startswith(("analysis.cli", "analysis.build"))
    ]


def test_different_imports_have_different_hashes():
    assert code_hash(["import qdaio.labels"]) != code_hash(["import qdaio.faults"])
    assert code_hash(["import qdaio.faults"]) == code_hash(["import qdaio.faults as f"])


def test_relative_imports_are_followed():
    found = searched_imports(
        "from .b import c\nfrom ..d import (\n    e,  # why\n    f as g,\n)\nfrom . import h\n",
        "analysis.a",
    )
    assert found >= {"analysis.a.b.c", "analysis.d.e", "analysis.d.f", "analysis.a.h"}
    assert not any("#" in name or " " in name for name in found)


def test_searching_finds_every_import_that_parsing_finds():
    """Modules of ours are searched, not parsed; this holds the two together."""
    import ast

    for package, folder in PACKAGES.items():
        for path in sorted(folder.rglob("*.py")):
            module = ".".join([package, *path.relative_to(folder).with_suffix("").parts])
            is_package = path.name == "__init__.py"
            within = module.removesuffix(".__init__") if is_package else module.rpartition(".")[0]
            source = path.read_text(encoding="utf-8")
            wanted = set()
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Import):
                    wanted |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    above = within.split(".")[: within.count(".") + 2 - node.level]
                    lead = [*(above if node.level else []), *filter(None, [node.module])]
                    wanted |= {".".join([*lead, alias.name]) for alias in node.names}
            ours = {name for name in wanted if name.partition(".")[0] in PACKAGES}
            assert ours <= searched_imports(source, within), path


def test_every_module_that_a_build_imports_is_among_those_it_rests_on():
    program = "import sys, analysis.manuscript.render; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = {name for name in done.stdout.split() if name.startswith("analysis")}
    assert loaded <= set(imported_modules(["import analysis.manuscript"]))


def test_own_helpers_are_found_beside_the_notebooks_and_in_the_study(tmp_path: Path):
    notebooks = tmp_path / "notebooks"
    (notebooks / "parts").mkdir(parents=True)
    (tmp_path / "mine.py").write_text("from parts import one\n", encoding="utf-8")
    (notebooks / "parts" / "__init__.py").write_text("", encoding="utf-8")
    (notebooks / "parts" / "one.py").write_text("from . import two\n", encoding="utf-8")
    (notebooks / "parts" / "two.py").write_text("import json\n", encoding="utf-8")
    (notebooks / "unused.py").write_text("", encoding="utf-8")
    found = helpers_of(["import mine, pandas"], [notebooks, tmp_path])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [
        "mine.py",
        "notebooks/parts/__init__.py",
        "notebooks/parts/one.py",
        "notebooks/parts/two.py",
    ]
