"""XML as text: escaped, and without the characters that XML cannot hold."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["Markup"]

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT = "\ufffd"
SPECIAL = re.compile('[&<>"\t\n\r]')
ENTITIES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\t": "&#9;",
    "\n": "&#10;",
    "\r": "&#13;",
}
IN_TEXT = re.compile("[&<>\r]")


class Markup:
    """Writes elements, and counts what had to be replaced.

    Attributes
    ----------
    replaced : int
        Characters that XML cannot hold; each became U+FFFD.
    """

    def __init__(self) -> None:
        self.replaced = 0

    def clean(self, text: str) -> str:
        """Replace characters that XML, or UTF-8, cannot hold."""
        if text.isascii() and text.isprintable():
            return text
        cleaned, count = FORBIDDEN.subn(REPLACEMENT, text)
        self.replaced += count
        return cleaned

    def attributes(self, values: Mapping[str, str | None]) -> str:
        """Write attributes, each with a space before it; those without a value are left out."""
        return "".join(
            f' {name}="{SPECIAL.sub(_entity, self.clean(value))}"'
            for name, value in values.items()
            if value is not None
        )

    def element(self, name: str, text: str | None) -> str:
        """Write an element that holds text only; nothing for None."""
        if text is None:
            return ""
        return f"<{name}>{IN_TEXT.sub(_entity, self.clean(text))}</{name}>"


def _entity(found: re.Match[str]) -> str:
    return ENTITIES[found[0]]
