"""What a reader has to say about one file while it reads it."""

from __future__ import annotations

from dataclasses import dataclass, field

from qdaio.faults import FaultList
from qdaio.project import SetAside

__all__ = ["Notes"]


@dataclass(frozen=True, slots=True)
class Notes:
    """Faults, rows that are not counted, and warnings, of one file.

    Attributes
    ----------
    file : str
        How messages call the file.
    """

    file: str
    faults: FaultList = field(default_factory=FaultList)
    set_aside: list[SetAside] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def aside(
        self,
        what: str,
        why: str,
        row: int | None,
        sheet: str | None = None,
        *,
        code: str | None = None,
        document: str | None = None,
    ) -> None:
        """List a row that is not counted; ``what`` and ``why`` as in `SetAside`."""
        self.set_aside.append(
            SetAside(
                what=what,
                why=why,
                file=self.file,
                row=row,
                sheet=sheet,
                code=code,
                document=document,
            )
        )

    def warn(self, said: str) -> None:
        """Add a warning about the file."""
        self.warnings.append(f"{self.file}: {said}")

    def warn_of_encoding(self, guessed: int) -> None:
        """Warn where texts of a database were not UTF-8."""
        if guessed:
            self.warn(f"{guessed} texts are not UTF-8, and were read as Windows-1252.")

    @property
    def codings_aside(self) -> int:
        """How many codings are not counted."""
        return sum(item.what == "coding" for item in self.set_aside)
