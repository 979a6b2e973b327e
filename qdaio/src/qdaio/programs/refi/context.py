"""What the handlers of one pass share: the walker, the columns, and where they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qdaio.faults import Fault, StudyError
from qdaio.files.xml import Walker
from qdaio.places import MISSING
from qdaio.programs.refi.collected import Collected

__all__ = ["NOWHERE", "SOURCE_LIKE", "Context", "position", "target"]

NOWHERE = ("nowhere", -1)
SOURCE_LIKE = frozenset({"source", "representation", "transcript"})
MOST = {"codes": 100_000, "documents": 1_000_000, "users": 100_000, "cases": 1_000_000}


@dataclass(slots=True)
class Context:
    """State of a pass over a file.

    Attributes
    ----------
    walker : Walker
    out : Collected
    file : str
        How messages call the file.
    stack : list of (str, int)
        The elements that are open and can own others, outermost first: what each is, and
        its row in the columns. Its last one owns what comes next.
    """

    walker: Walker
    out: Collected
    file: str
    stack: list[tuple[str, int]] = field(default_factory=lambda: [NOWHERE])

    def close(self) -> None:
        """Leave the innermost open element."""
        self.stack.pop()

    def bound(self, what: str, count: int) -> None:
        """Refuse a file that holds more of something than people make."""
        if count > MOST[what]:
            raise StudyError(
                Fault(
                    kind="too-large",
                    file=self.file,
                    row=self.walker.line,
                    found=f"more than {MOST[what]} {what}",
                    expected="a project that people made",
                    remedy="Export a part of the project at a time.",
                )
            )


def position(attributes: Mapping[str, str], name: str) -> int:
    """Read a whole number of an attribute; MISSING where there is none that could be one."""
    try:
        number = int(attributes[name])
    except (KeyError, ValueError):
        return MISSING
    return number if abs(number) < -MISSING else MISSING


def target(attributes: Mapping[str, str]) -> str | None:
    """Read what a reference refers to; the standard's own examples spell it in two ways."""
    return attributes.get("targetGUID") or attributes.get("guid")
