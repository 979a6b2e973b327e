"""Zip archives from strangers: bounded, read in memory, and never unpacked to disk."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from qdaio.faults import Fault, StudyError

__all__ = ["Archive", "Limits", "Member", "open_archive", "refuse_long_list"]

MIB = 1024 * 1024
ALWAYS_FINE = 16 * MIB  # below it a high ratio of compression is no bomb
RATIO = 200
END_RECORD, END_LOCATOR, END_64 = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
BAD_NAME = re.compile(r"^/|^[A-Za-z]:|(^|/)\.\.(/|$)|\x00")
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may hold; beyond it the archive is refused.

    Attributes
    ----------
    directory : int
        Bytes of the archive's own list of members.
    member, total : int
        Bytes, uncompressed, of one member and of all that are read.
    """

    directory: int = 16 * MIB
    member: int = 2048 * MIB
    total: int = 4096 * MIB


@contextmanager
def open_archive(path: Path, file: str, limits: Limits | None = None) -> Iterator[Archive]:
    """Open a zip archive for reading only.

    Parameters
    ----------
    path : Path
    file : str
        How messages call the file.
    limits : Limits, optional

    Raises
    ------
    StudyError
        When it is damaged, its list of members is too large, one name stands twice, or
        names are absolute or lead out of the archive.
    """
    bounds = limits or Limits()
    with path.open("rb") as stream:
        refuse_long_list(stream, file, bounds)
        try:
            opened = zipfile.ZipFile(stream)
        except (*DAMAGE, NotImplementedError) as error:
            raise StudyError(cut_off(file)) from error
        with opened:
            yield Archive(opened, file, bounds)


def refuse_long_list(stream: IO[bytes], file: str, limits: Limits | None = None) -> None:
    """Refuse an archive whose list of members alone would fill the memory, before it is loaded.

    Raises
    ------
    StudyError
        Also when there is no such list at the end.
    """
    most = (limits or Limits()).directory
    try:
        size = _directory_size(stream)
    except DAMAGE as error:
        raise StudyError(cut_off(file)) from error
    if size > most:
        raise StudyError(
            Fault(
                kind="unsafe-archive",
                file=file,
                found=f"a list of members of {size / MIB:.1f} MiB",
                expected=f"at most {most / MIB:.1f} MiB",
                remedy="No program exports so many files; export the project again.",
            )
        )


class Archive:
    """An open archive; made by :func:`open_archive`.

    Attributes
    ----------
    names : tuple of str
        Members that are files, in the order of the archive, with ``/``.
    """

    def __init__(self, opened: zipfile.ZipFile, file: str, limits: Limits) -> None:
        self._opened, self._file, self._limits = opened, file, limits
        self._left = limits.total
        members = [(info.filename.replace("\\", "/"), info) for info in opened.infolist()]
        self._refuse_names([name for name, _ in members])
        self._members = {name: info for name, info in members if not name.endswith("/")}
        self.names = tuple(self._members)

    @contextmanager
    def stream(self, name: str, limit: int | None = None) -> Iterator[Member]:
        """Open a member for reading in pieces.

        Parameters
        ----------
        name : str
            One of :attr:`names`.
        limit : int, optional
            Most bytes to give, uncompressed; by default that of the archive's limits.

        Raises
        ------
        StudyError
            When it is encrypted or compressed in a strange way; while reading also when
            it is damaged or larger than allowed.
        """
        info = self._members[name]
        most = min(self._left, self._limits.member if limit is None else limit)
        most = min(most, max(ALWAYS_FINE, RATIO * info.compress_size))
        try:
            opened = self._opened.open(info)
        except (RuntimeError, NotImplementedError) as error:
            raise StudyError(
                Fault(
                    kind="wrong-format",
                    file=self._file,
                    sheet=name,
                    found="an encrypted member, or one compressed in a way that is not supported",
                    expected="plain or deflated members",
                    remedy="Export the project again, without a password.",
                )
            ) from error
        except DAMAGE as error:
            raise StudyError(damaged(self._file, name)) from error
        with opened:
            member = Member(opened, most, self._file, name)
            yield member
            self._left -= member.given

    def read(self, name: str, limit: int | None = None) -> bytes:
        """Return a whole member; parameters and errors as for :meth:`stream`."""
        with self.stream(name, limit) as member:
            return member.read()

    def _refuse_names(self, names: list[str]) -> None:
        bad = [name for name in names if BAD_NAME.search(name)]
        if bad:
            raise StudyError(
                Fault(
                    kind="unsafe-archive",
                    file=self._file,
                    found=f"members that lead out of the archive ({len(bad)}, such as {bad[0]!r})",
                    expected="names inside the archive",
                    remedy="Do not open this file; ask for a new export from the program itself.",
                )
            )
        seen: set[str] = set()
        twice = [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
        if twice:
            raise StudyError(
                Fault(
                    kind="unsafe-archive",
                    file=self._file,
                    sheet=twice[0],
                    found="two members of one name",
                    expected="each name once",
                    remedy="Nobody can say which of them counts; export the project again.",
                )
            )


class Member:
    """The bytes of a member, up to a limit; beyond it, a :class:`StudyError`.

    Attributes
    ----------
    given : int
        How many bytes were read so far.
    """

    def __init__(self, opened: IO[bytes], most: int, file: str, name: str) -> None:
        self._opened, self._most, self._file, self._name = opened, most, file, name
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most `size`; all of them for a negative `size`."""
        room = self._most - self.given + 1
        try:
            piece = self._opened.read(room if size < 0 else min(size, room))
        except DAMAGE as error:
            raise StudyError(damaged(self._file, self._name)) from error
        self.given += len(piece)
        if self.given > self._most:
            raise StudyError(
                Fault(
                    kind="unsafe-archive",
                    file=self._file,
                    sheet=self._name,
                    found=f"a member that grows beyond {self._most // MIB} MiB",
                    expected="a size that an export of a program has",
                    remedy="If the file is what it says, export a part of the project at a time.",
                )
            )
        return piece


def cut_off(file: str) -> Fault:
    """Say that an archive is not complete."""
    return Fault(
        kind="truncated-file",
        file=file,
        found="an archive whose end is missing or damaged",
        remedy="Export or copy the file again; this copy is not complete.",
    )


def damaged(file: str, name: str) -> Fault:
    """Say that a member is not complete."""
    return Fault(
        kind="truncated-file",
        file=file,
        sheet=name,
        found="a member that is damaged or not complete",
        remedy="Export or copy the file again; this copy is not complete.",
    )


def _directory_size(stream: IO[bytes]) -> int:
    """Read off the end of an archive how long its list of members is, before it is loaded."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - 66_000))
    tail = stream.read()
    stream.seek(0)
    at = tail.rfind(END_RECORD)
    if at < 0:
        raise zipfile.BadZipFile("no end record")
    length = struct.unpack_from("<I", tail, at + 12)[0]
    if tail[max(0, at - 20) : at].startswith(END_LOCATOR):
        at_64 = tail.rfind(END_64, 0, at)
        if at_64 >= 0:
            length = struct.unpack_from("<Q", tail, at_64 + 40)[0]
    return int(length)
