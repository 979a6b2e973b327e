"""What the README of the library says is read has a reader, and a test that holds it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qdaio.registry import readers

TESTS = Path(__file__).parent
README = (TESTS.parents[1] / "qdaio" / "README.md").read_text(encoding="utf-8")
TABLE = README.partition("| --- | --- | --- | --- | --- | --- |\n")[2].partition("\n\n")[0]
LINES = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in TABLE.splitlines()]


def test_every_program_that_is_read_has_a_line():
    named = " ".join(line[0] for line in LINES)
    assert [name for name in {reader.software for reader in readers()} if name not in named] == []


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line[0]}: {line[1][:30]}")
def test_every_line_names_tests_that_are_there(line):
    named = re.findall(r"`(test_\w+)`", line[5])
    assert named
    assert all((TESTS / f"{name}.py").is_file() for name in named)
