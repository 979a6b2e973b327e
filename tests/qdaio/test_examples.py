"""Examples in the library's documentation and README are true."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

import qdaio

README = Path(__file__).resolve().parents[2] / "qdaio" / "README.md"


def test_examples_of_the_readme_give_what_they_say(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert done.failed == 0
    assert done.attempted > 15


def test_all_that_the_library_names_is_there_and_documented():
    for name in qdaio.__all__:
        assert getattr(qdaio, name).__doc__
    assert set(qdaio.__all__) <= set(dir(qdaio))
    stub = (Path(str(qdaio.__file__)).with_suffix(".pyi")).read_text(encoding="utf-8")
    assert all(f" as {name}\n" in stub for name in qdaio.__all__)
    with pytest.raises(AttributeError):
        qdaio.no_such_name  # noqa: B018
