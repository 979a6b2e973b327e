"""One file while it is turned into a project: what was found and what is to be said."""

from __future__ import annotations

from dataclasses import dataclass, field

from qdaio.faults import FaultList
from qdaio.model import SetAside
from qdaio.programs.refi.collected import Collected
from qdaio.programs.refi.origin import Origin

__all__ = [
    "Part",
]


@dataclass(slots=True)
class Part:
    """A file that was collected, and what comes of it.

    Attributes
    ----------
    out : Collected
    origin : Origin
    file : str
        How messages call the file.
    member : str, optional
        The `.qde` inside an archive.
    """

    out: Collected
    origin: Origin
    file: str
    member: str | None = None
    faults: FaultList = field(default_factory=FaultList)
    set_aside: list[SetAside] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def repeated(self, kind: str, what: str, guid: str, row: int) -> None:
        """Tell of an identifier that stands twice: nobody could say which one is meant."""
        self.faults.add(
            kind=f"duplicate-{kind}",
            file=self.file,
            sheet=self.member,
            row=row,
            found=f"{what} with the identifier {guid} of an earlier one",
            expected="an identifier of its own",
            remedy="Export the project again; if it was edited or merged by hand, mend that.",
        )

    def aside(
        self,
        what: str,
        why: str,
        row: int | None = None,
        *,
        code: str | None = None,
        document: str | None = None,
    ) -> None:
        """List something of the file that is not counted."""
        self.set_aside.append(
            SetAside(
                what=what,
                why=why,
                file=self.file,
                row=row,
                sheet=self.member,
                code=code,
                document=document,
            )
        )
