"""Fixtures that many tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the folder of the shipped study."""
    return ROOT


@pytest.fixture(scope="session")
def real_exports() -> Path:
    """Return the folder of exports written by real programs, or skip."""
    named = os.environ.get("STUDY_REAL_EXPORTS", "")
    if not named or not Path(named).is_dir():
        pytest.skip("real exports are absent: set STUDY_REAL_EXPORTS to their folder")
    return Path(named)


@pytest.fixture(scope="session")
def built_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the shipped study, built once; tests only read it."""
    from analysis.build.builder import build
    from tests.support.studies import copy_study

    folder = copy_study(ROOT, tmp_path_factory.mktemp("built") / "study")
    build(folder, engine="pandoc")
    return folder
