r"""Reads and writes the coded exports of programs for qualitative data analysis.

>>> import qdaio
>>> from pathlib import Path
>>> from tempfile import mkdtemp
>>> file = Path(mkdtemp()) / "highlights.csv"
>>> _ = file.write_text(
...     "id,document,tag,content\n1,Ann,trust,I trust them.\n1,Ann,care,I trust them.\n",
...     encoding="utf-8",
... )
>>> project = qdaio.read(file)
>>> len(project.codings), len(project.segments)
(2, 1)

``read``, ``recognise``, ``inspect`` and ``convert`` take files of any supported program.
A :class:`CodedProject` holds frames of pandas. What is wrong with a file is raised at once,
as a :class:`StudyError` with one :class:`Fault` for each thing to mend.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# Each is imported when it is first used: `import qdaio` alone costs nothing.
HOMES = {
    "CodedProject": "model",
    "Columns": "programs.spreadsheet.columns",
    "Converted": "conversion",
    "Fault": "faults",
    "Proposal": "programs.spreadsheet.proposal",
    "ReadOptions": "registry",
    "Recognised": "registry",
    "SetAside": "model",
    "StudyError": "faults",
    "convert": "conversion",
    "inspect": "inspection",
    "propose": "programs.spreadsheet.proposal",
    "read": "registry",
    "recognise": "registry",
}

__all__ = [
    "CodedProject",
    "Columns",
    "Converted",
    "Fault",
    "Proposal",
    "ReadOptions",
    "Recognised",
    "SetAside",
    "StudyError",
    "convert",
    "inspect",
    "propose",
    "read",
    "recognise",
]


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
