"""The study file and the folder that it describes."""

from __future__ import annotations

from analysis.study.load import STUDY_FILE, find_study, load_study, parse_study
from analysis.study.model import StudyFile

__all__ = ["STUDY_FILE", "StudyFile", "find_study", "load_study", "parse_study"]
