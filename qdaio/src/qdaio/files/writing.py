"""Files that appear whole or not at all, and content hashes of them."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qdaio.faults import Fault, StudyError

__all__ = ["replacing", "sha256", "write_bytes", "write_text"]


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; put it in place when the block succeeds.

    Parameters
    ----------
    path : Path
        The file to make. Missing parent folders are made.

    Yields
    ------
    Path
        A new, empty file in the same folder and with the same suffix, to be written.
        It replaces `path` at the end; after an exception it is removed and `path` is
        as it was.

    Raises
    ------
    StudyError
        When `path` is open in a program that does not let go of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(
        prefix=f".{path.stem[:40]}-", suffix=path.suffix, dir=path.parent
    )
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        beside.chmod(0o644)
        try:
            beside.replace(path)
        except PermissionError as error:
            raise StudyError(
                Fault(
                    kind="file-in-use",
                    file=path.name,
                    found="a file that may not be replaced",
                    remedy="Close it where it is open, for example in Word, and try again.",
                )
            ) from error
    finally:
        beside.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whole or not at all."""
    with replacing(path) as beside:
        beside.write_bytes(content)


def write_text(path: Path, content: str) -> None:
    r"""Write `content` to `path` as UTF-8 with ``\n`` line ends, whole or not at all."""
    write_bytes(path, content.encode("utf-8"))


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's content as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
