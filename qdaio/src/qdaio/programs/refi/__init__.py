"""REFI-QDA: the exchange format of programs for qualitative analysis, read and written.

Standard: REFI-QDA 1.5 (2019), https://www.qdasoftware.org. Measured deviations of the
programs from it are told where they are handled.
"""

from __future__ import annotations

from qdaio.programs.refi.write_codebook import write_qdc
from qdaio.programs.refi.write_project import write_qdpx

__all__ = ["write_qdc", "write_qdpx"]
