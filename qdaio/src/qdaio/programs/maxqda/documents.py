"""Where installations of before 26 November 2026 look for the reader of document variables."""

from qdaio.programs.maxqda.variables import DOCUMENTS as READER

__all__ = ["READER"]
