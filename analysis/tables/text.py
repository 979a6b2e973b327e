"""Cells as plain text that every format can hold."""

from __future__ import annotations

import re

__all__ = ["EM_SPACE", "cell_text"]

# indents survive in every format as characters; padding is lost between them
EM_SPACE = "\u2003"
# XML holds none of these, and no reader sees them
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def cell_text(value: object) -> str:
    r"""Return what a cell prints: missing values as nothing, line ends as ``\n``.

    Characters that XML cannot hold are left out; tabs become spaces.
    """
    if value is None or value != value or type(value).__name__ in ("NAType", "NaTType"):
        return ""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return FORBIDDEN.sub("", text)
