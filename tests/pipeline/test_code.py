"""Which code a notebook rests on."""

from __future__ import annotations

from analysis.pipeline.code import code_hash, imported_modules, imports_of


def test_imports_inside_functions_and_behind_magics_count():
    source = "%matplotlib inline\ndef f():\n    from analysis.tables import Table\n"
    assert imports_of(source) >= {"analysis.tables", "analysis.tables.Table"}


def test_modules_are_followed_through_what_they_import():
    found = imported_modules(["from analysis.frequencies import code_frequencies"])
    assert "analysis.hierarchy" in found
    assert "analysis.cli" not in found


def test_readers_that_are_named_as_text_count():
    assert "analysis.exports.maxqda.coded_segments" in imported_modules(
        ["from analysis.preparation import prepare"]
    )


def test_the_command_line_is_no_part_of_a_notebooks_code():
    assert not [
        module
        for module in imported_modules(["import analysis.notebook"])
        if module.startswith(("analysis.cli", "analysis.pipeline"))
    ]


def test_different_imports_have_different_hashes():
    assert code_hash(["import analysis.files"]) != code_hash(["import analysis.faults"])
    assert code_hash(["import analysis.files"]) == code_hash(["import analysis.files as f"])
