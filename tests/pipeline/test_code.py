"""Which code a notebook rests on."""

from __future__ import annotations

from analysis.pipeline.code import code_hash, imported_modules, imports_of


def test_imports_inside_functions_and_behind_magics_count():
    source = "%matplotlib inline\ndef f():\n    from analysis.tables import Table\n"
    assert imports_of(source) >= {"analysis.tables", "analysis.tables.Table"}


def test_modules_are_followed_through_what_they_import():
    found = imported_modules(["from analysis.chapters.frequencies import code_frequencies"])
    assert "analysis.codes" in found
    assert "analysis.cli" not in found


def test_readers_that_are_named_as_text_count():
    assert "qdaio.programs.maxqda.segments" in imported_modules(
        ["from analysis.preparation import prepare"]
    )


def test_the_command_line_is_no_part_of_a_notebooks_code():
    assert not [
        module
        for module in imported_modules(["import analysis.notebook"])
        if module.startswith(("analysis.cli", "analysis.pipeline"))
    ]


def test_different_imports_have_different_hashes():
    assert code_hash(["import qdaio.files.writing"]) != code_hash(["import qdaio.faults"])
    assert code_hash(["import qdaio.files.writing"]) == code_hash(
        ["import qdaio.files.writing as f"]
    )


def test_relative_imports_are_followed():
    assert imports_of("from .b import c\nfrom ..d import e\nfrom . import f", "analysis.a") >= {
        "analysis.a.b",
        "analysis.d",
        "analysis.a.f",
    }
    assert "analysis.manuscript.word" in imported_modules(["import analysis.manuscript"])


def test_every_module_that_a_build_imports_is_among_those_it_rests_on():
    import subprocess
    import sys

    program = "import sys, analysis.manuscript.render; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = {name for name in done.stdout.split() if name.startswith("analysis")}
    assert loaded <= set(imported_modules(["import analysis.manuscript"]))
