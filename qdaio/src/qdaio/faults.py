"""What is wrong with a study or a file, said so that its owner can mend it.

A :class:`Fault` names the place, what was found there, what was expected and the
remedy. Readers and checks collect faults in a :class:`FaultList` and raise them
together, so that a person mends everything in one go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Fault", "FaultList", "StudyError"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong, and how to mend it.

    Never put the text of a segment in a fault: messages are logged and shared, and
    interviews are confidential. Names of columns, codes, groups and files are fine.

    Parameters
    ----------
    kind : str
        Short, stable name in kebab case, such as ``"missing-column"``. Programs that
        read ``--json`` rely on it.
    remedy : str
        What the person can do about it, as a sentence.
    file : str, optional
        Path of the file, relative to the study where that is possible, with ``/``.
    sheet : str, optional
        Worksheet, table or archive member inside the file.
    row : int, optional
        Row as a person counts it in the file: the first line is 1. In a notebook the cell.
    column : str, optional
        Column, or key of a settings file.
    found : str, optional
        What stands there.
    expected : str, optional
        What should stand there.
    """

    kind: str
    remedy: str
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    found: str | None = None
    expected: str | None = None

    @property
    def place(self) -> str:
        """Where the fault is, for example ``codes.xlsx, sheet "Codes", row 4``."""
        parts = [self.file] if self.file else []
        if self.sheet:
            parts.append(f'sheet "{self.sheet}"')
        if self.row is not None:
            is_notebook = (self.file or "").endswith(".ipynb")
            parts.append(f"{'cell' if is_notebook else 'row'} {self.row}")
            if is_notebook and self.column == "cell":
                return ", ".join(parts)
        if self.column:
            parts.append(f'column "{self.column}"')
        return ", ".join(parts)

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        facts = []
        if self.found is not None:
            facts.append(f"found {self.found}")
        if self.expected is not None:
            facts.append(f"expected {self.expected}")
        said = f" ({'; '.join(facts)})" if facts else ""
        return f"{place}{self.kind.replace('-', ' ')}{said}. {self.remedy}"

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the fault as plain values, for ``--json``."""
        return asdict(self)


class StudyError(Exception):
    """Raised when the data or the study are at fault.

    Parameters
    ----------
    faults : Fault or iterable of Fault
        Everything that was found, at least one.
    """

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        if not self.faults:
            raise ValueError("a StudyError needs at least one fault")
        super().__init__("\n".join(str(fault) for fault in self.faults))


class FaultList:
    """Collects faults, to raise all of them at once.

    Examples
    --------
    >>> faults = FaultList()
    >>> faults.add(kind="missing-column", file="a.csv", column="code", remedy="Add it.")
    >>> len(faults)
    1
    """

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, *, kind: str, remedy: str, **details: Any) -> None:
        """Add one fault; the parameters are those of :class:`Fault`."""
        self._faults.append(Fault(kind=kind, remedy=remedy, **details))

    def extend(self, faults: Iterable[Fault]) -> None:
        """Add faults that were found elsewhere, such as those of a caught StudyError."""
        self._faults.extend(faults)

    def __len__(self) -> int:
        return len(self._faults)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults)

    def raise_if_any(self) -> None:
        """Raise all collected faults as one :class:`StudyError`, if there are any."""
        if self._faults:
            raise StudyError(self._faults)
