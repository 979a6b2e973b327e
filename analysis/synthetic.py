"""How products say that the data are synthetic: the same words everywhere."""

from __future__ import annotations

__all__ = ["COLUMN", "MARK", "NOTE"]

MARK = "Synthetic data"
NOTE = "Synthetic data: a reconstruction, not observations of real participants."
# last column of every CSV, and what stands in it
COLUMN = ("data_status", "synthetic")
