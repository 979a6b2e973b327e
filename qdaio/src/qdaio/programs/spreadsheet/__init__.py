"""Spreadsheets typed by hand: read by a mapping that a person states, or confirms."""
