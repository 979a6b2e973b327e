"""Where installations of before 26 November 2026 look for the reader of variables of codes."""

from qdaio.programs.maxqda.variables import CODES as CODE_VARIABLES

__all__ = ["CODE_VARIABLES"]
