"""What commands say and take, with which exit status, and how a build shows its progress."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

import click

from qdaio.faults import Fault, StudyError

if TYPE_CHECKING:
    from analysis.build.steps import Ran

__all__ = ["Progress", "guarded", "parse_parameters", "print_json", "say", "study_folder"]

INTERRUPTED, TERMINATED = 130, 143
# what steers a terminal: names, headers and paths must not
CONTROLS = {code: None for code in (*range(0x20), 0x7F, *range(0x80, 0xA0)) if code not in (9, 10)}
# what turns the direction of a line around and lets it read as another
CONTROLS |= dict.fromkeys((*range(8234, 8239), *range(8294, 8298)))


def say(text: str = "") -> None:
    """Write a line for people to standard error, so that standard output stays clean."""
    click.echo(plain(text), err=True)


def show(text: str) -> None:
    """Write a line for people to standard output."""
    click.echo(plain(text))


def plain(text: str) -> str:
    """Return text without what steers a terminal, as a name in an export may hold it."""
    return text.translate(CONTROLS)


def print_json(document: Any) -> None:
    """Write one JSON document to standard output."""
    # what steers a terminal is escaped in JSON below 32; the rest is taken out
    text = json.dumps(document, ensure_ascii=False, indent=1)
    click.echo("".join(_escaped(letter) for letter in text))


def _escaped(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) in CONTROLS else letter


def guarded(command: click.Command) -> None:
    """Run a command; faults of the data become messages and exit status 1."""
    for stream in (sys.stdout, sys.stderr):
        # a console of Windows may not know every letter of every language
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    as_json = "--json" in sys.argv[1:]
    signal.signal(signal.SIGTERM, _terminated)
    try:
        command.main(prog_name="study", standalone_mode=False)
    except StudyError as error:
        _told(error.faults, as_json)
    except OSError as error:
        _told([_fault_of(error)], as_json)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except (MemoryError, RecursionError) as error:
        _told([_too_large(error)], as_json)
    except click.Abort:
        say("Interrupted: what was made before stays, and the next build goes on from there.")
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        if isinstance(error, click.UsageError) and error.ctx:
            say(error.ctx.get_usage())
        say(f"Error: {error.format_message()}")
        sys.exit(2)
    except Exception as error:
        if os.environ.get("STUDY_DEBUG"):
            raise
        _told([_unforeseen(error)], as_json)


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(TERMINATED)


def _told(faults: Sequence[Fault], as_json: bool) -> NoReturn:
    if as_json:
        print_json({"faults": [fault.as_dict() for fault in faults]})
    else:
        say(faults_text(faults))
    sys.exit(1)


def _fault_of(error: OSError) -> Fault:
    """Return what the system refused as a fault with a plain remedy."""
    import errno

    name = Path(str(error.filename)).name if error.filename else None
    kind, found, remedy = {
        errno.ENOSPC: ("full-disk", "no space left", "Make room on the disk and try again."),
        getattr(errno, "EDQUOT", -1): (
            "full-disk",
            "no space left",
            "Make room in your quota and try again.",
        ),
        errno.EACCES: (
            "no-permission",
            "a file or folder that you may not write or read",
            "Change its permissions, or work in a copy of the study in a folder of your own.",
        ),
        errno.EPERM: (
            "no-permission",
            "a file or folder that you may not change",
            "Change its permissions, or work in a copy of the study in a folder of your own.",
        ),
        errno.EROFS: (
            "no-permission",
            "a disk that can only be read",
            "Copy the study to a folder of your own and work there.",
        ),
        errno.EMFILE: (
            "too-many-files",
            "too many open files",
            "Close other programs, or try with `--jobs 1`.",
        ),
    }.get(error.errno or 0, ("unreadable-file", error.strerror or "an error of the system", ""))
    return Fault(
        kind=kind,
        file=name,
        found=found,
        remedy=remedy or "Look whether the file is there and may be read.",
    )


def _too_large(error: Exception) -> Fault:
    return Fault(
        kind="too-large",
        found="more than the memory of this machine holds",
        remedy="Close other programs, try with `--jobs 1`, or use a machine with more memory.",
    )


def _unforeseen(error: Exception) -> Fault:
    """Return a fault of the program; the text of the error can hold words of an interview."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = ""
    if trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        place = f" in {file.parent.name}/{file.name}, line {trace.tb_lineno}"
    return Fault(
        kind="fault-of-the-program",
        found=f"{type(error).__name__}{place}",
        remedy="Report it with this line; STUDY_DEBUG=1 before the command shows all of it, "
        "which can hold words of an interview.",
    )


def faults_text(faults: Sequence[Fault]) -> str:
    """Return faults as lines for people, those of one file together."""
    lines = [f"{len(faults)} thing{'s' if len(faults) > 1 else ''} to mend:"]
    lines += [f"  {at}. {fault}" for at, fault in enumerate(faults, start=1)]
    return "\n".join(lines)


def study_folder(argument: str) -> Path:
    """Return the study's folder: the one named, or the nearest above the current one."""
    from analysis.studyfile import find_study

    folder = Path(argument)
    return find_study(Path.cwd()) if argument == "." else folder


def parse_parameters(pairs: Iterable[str]) -> dict[str, str]:
    """Read ``NAME=VALUE`` pairs; the notebooks say what kind of value each is."""
    parameters: dict[str, str] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name.strip().isidentifier():
            raise click.BadParameter(f'"{pair}" is not NAME=VALUE', param_hint="-p")
        parameters[name.strip()] = text.strip()
    return parameters


class Progress:
    """Says which step runs, why, and how long it took.

    Parameters
    ----------
    quiet : bool
        Say nothing at all.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._lock = threading.Lock()
        self._running: dict[str, list[str]] = {}
        self._status: object | None = None

    def __enter__(self) -> Progress:
        if not self._quiet and sys.stderr.isatty():
            from rich.console import Console

            self._status = Console(stderr=True).status("Looking for what changed …")
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._status is not None:
            self._status.stop()  # type: ignore[attr-defined]

    def started(self, name: str, why: list[str]) -> None:
        """Tell that a step starts."""
        with self._lock:
            self._running[name] = why
            self._show()

    def finished(self, done: Ran) -> None:
        """Tell that a step is done."""
        with self._lock:
            self._running.pop(done.name, None)
            if not self._quiet:
                say(f"{done.name}: {done.seconds:.1f} s, because {_reason(done.why)}")
            self._show()

    def _show(self) -> None:
        if self._status is not None and self._running:
            self._status.update(f"Running {', '.join(self._running)} …")  # type: ignore[attr-defined]


def _reason(why: list[str]) -> str:
    if not why:
        return "of what runs before it"
    more = f" (and {len(why) - 2} more)" if len(why) > 2 else ""
    return "; ".join(why[:2]) + more
