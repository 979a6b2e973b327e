"""Preparation: from the exports and forms of a study to tidy, checked tables."""

from __future__ import annotations

from analysis.preparation.prepare import Prepared, hand_over, prepare

__all__ = ["Prepared", "hand_over", "prepare"]
