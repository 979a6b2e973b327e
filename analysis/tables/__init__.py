"""Tables of a publication: one object a table, printed as HTML, Markdown, CSV and Word."""

from analysis.tables.table import Column, Table

__all__ = ["Column", "Table"]
