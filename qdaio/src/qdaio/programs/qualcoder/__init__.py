"""Exports of QualCoder: its project, and its report of coded segments."""
