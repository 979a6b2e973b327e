"""Running the Pandoc that comes with ``pypandoc-binary``, and what it warns of."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from qdaio.faults import Fault, StudyError

__all__ = ["PandocError", "program", "run", "warnings"]

# Pandoc writes this moment into Word files in place of the clock's.
EPOCH = 0


class PandocError(RuntimeError):
    """Pandoc refused its input: a fault of this program rather than of the study."""


@cache
def program() -> str:
    """Return the path of Pandoc: the packaged one, else the one on the search path.

    Raises
    ------
    StudyError
        If there is none.
    """
    package = find_spec("pypandoc")
    if package is not None and package.origin:
        packaged = Path(package.origin).parent / "files"
        for name in ("pandoc", "pandoc.exe"):
            if (packaged / name).is_file():
                return str(packaged / name)
    found = shutil.which("pandoc")
    if found is None:
        raise StudyError(
            Fault(
                kind="missing-pandoc",
                found="no Pandoc",
                expected="the one that pypandoc-binary brings",
                remedy="Install it (pip install pypandoc-binary).",
            )
        )
    return found


def run(
    arguments: Sequence[str],
    content: bytes = b"",
    *,
    folder: Path | None = None,
    log: list[dict[str, object]] | None = None,
) -> bytes:
    """Run Pandoc once.

    Parameters
    ----------
    arguments : sequence of str
        Options; paths in them are taken from `folder`.
    content : bytes
        What it reads.
    folder : Path, optional
        Where it runs.
    log : list, optional
        Pandoc's messages are added, each with its ``type``.

    Returns
    -------
    bytes
        What it writes.

    Raises
    ------
    PandocError
        If it ends with an error.
    """
    with tempfile.TemporaryDirectory() as scratch:
        # Its own log tells the kind and the line of a warning; its stderr is prose.
        messages = Path(scratch) / "log.json"
        # Nobody's own templates and styles come in: they would change what is made.
        done = subprocess.run(
            [program(), f"--data-dir={scratch}", f"--log={messages}", "--quiet", *arguments],
            input=content,
            capture_output=True,
            cwd=folder,
            env={**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH)},
            check=False,
        )
        if done.returncode:
            raise PandocError(done.stderr.decode("utf-8", "replace").strip())
        if log is not None and messages.is_file():
            log.extend(json.loads(messages.read_text(encoding="utf-8") or "[]"))
    return done.stdout


def warnings(log: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """Return the messages that say that something is not as it was meant."""
    return [message for message in log if message.get("verbosity") in ("WARNING", "ERROR")]
