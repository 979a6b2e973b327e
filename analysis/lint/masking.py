"""What in a manuscript is no running text: shortcodes, citations, attributes, targets."""

from __future__ import annotations

import re

__all__ = ["mask"]

PARTS = (
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"\{\{<.*?>\}\}"),
    # a citation in brackets, with its locator: [@who2021, pp. 180-215]
    re.compile(r"\[[^\[\]]*?(?<![\w@])-?@[\w][^\[\]]*\]"),
    re.compile(r"(?<![\w@])-?@[\w][\w:.#$%&\-+?<>~/]*"),
    re.compile(r"\{[#.:=][^{}\n]*\}|\{[\w-]+=[^{}\n]*\}"),
    re.compile(r"(?<=\])\([^()\s]*\)"),
    re.compile(r"<https?://[^>\s]+>|https?://\S+"),
    re.compile(r"^[ \t]*\d+[.)](?=\s)", re.MULTILINE),
)


def mask(text: str) -> str:
    """Blank out what is no running text; positions and lines stay as they are.

    Parameters
    ----------
    text : str
        Markdown as Quarto reads it.

    Returns
    -------
    str
        As long as `text`; shortcodes, citations, cross-references, attributes, comments,
        addresses and the numbers of lists are blanks.
    """
    for part in PARTS:
        text = part.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    return text
