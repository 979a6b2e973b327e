"""Exports of Dedoose: excerpts, with a column for each code."""
