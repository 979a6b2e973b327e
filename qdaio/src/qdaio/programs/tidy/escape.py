"""Cells that a spreadsheet program would take for a formula, written so that it does not."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["protect", "unprotect"]

# what starts a formula; a cell of one blank, which reads as missing; and an empty text
SIGNS = "=+\\-@\t\r\n＝＋－＠"
RISKY = rf"'*(?:[{SIGNS}](?s:.*)|[ \x{{a0}}]?)"


def protect(text: pd.Series) -> pd.Series:
    """Put an apostrophe before each text that could become a formula or be lost.

    Spreadsheet programs run a cell that starts with ``= + - @``, and drop blanks. An empty
    text becomes one apostrophe, so that it differs from a missing one; where apostrophes
    come before such a sign already, one more is put. `unprotect` is the exact way back.

    Parameters
    ----------
    text : Series of str
        Missing values stay missing.
    """
    return _replaced(text, rf"^({RISKY})$", r"'\1")


def unprotect(text: pd.Series) -> pd.Series:
    """Take away the apostrophes that `protect` put."""
    return _replaced(text, rf"^'({RISKY})$", r"\1")


def _replaced(text: pd.Series, pattern: str, by: str) -> pd.Series:
    values = pa.array(text, pa.large_string(), from_pandas=True)
    risky = pc.match_substring_regex(values, pattern)
    if not pc.any(risky).as_py():
        return text
    values = pc.if_else(risky, pc.replace_substring_regex(values, pattern, by), values)
    return pd.Series(pd.array(values, dtype="str"), index=text.index)
