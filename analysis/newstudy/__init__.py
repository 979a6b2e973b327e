"""Starting a study: its folder from exports, and later updates of the skeleton."""

from __future__ import annotations

from analysis.newstudy.folder import Begun, begin_study
from analysis.newstudy.proposal import Guess, Proposal, propose
from analysis.newstudy.skeleton import update_study

__all__ = ["Begun", "Guess", "Proposal", "begin_study", "propose", "update_study"]
