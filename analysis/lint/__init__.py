"""Finds what was typed into a manuscript although the study computes it."""

from __future__ import annotations

from analysis.lint.report import lint_report

__all__ = ["lint_report"]
