"""Tables of a publication: one object a table, printed as HTML, Markdown, CSV and Word."""

from analysis.tables.printed import Column
from analysis.tables.table import Table

__all__ = ["Column", "Table"]
