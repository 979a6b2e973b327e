"""One pass over a project file or codebook, into plain columns."""

from __future__ import annotations

from qdaio.files.xml import Readable, Walker
from qdaio.programs.refi.codings import register_codings
from qdaio.programs.refi.collected import Collected
from qdaio.programs.refi.context import Context
from qdaio.programs.refi.structure import register_structure
from qdaio.programs.refi.surroundings import register_surroundings

__all__ = ["collect"]


def collect(stream: Readable, file: str, sheet: str | None = None) -> Collected:
    """Read a `.qde` or `.qdc`.

    Parameters
    ----------
    stream : Readable
        Its bytes.
    file, sheet : str
        How messages call the file, and the member of an archive.

    Raises
    ------
    StudyError
        When it is no well-formed XML, or could do harm (see :class:`Walker`).
    """
    walker, out = Walker(stream, file, sheet), Collected()
    context = Context(walker, out, file)
    register_structure(context)
    register_surroundings(context)
    register_codings(context)
    walker.walk()
    out.unknown = walker.unknown
    return out
