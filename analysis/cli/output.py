"""What commands say, and with which exit status."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import click

from qdaio.faults import Fault, StudyError

__all__ = ["guarded", "print_json", "say"]


def say(text: str = "") -> None:
    """Write a line for people to standard error, so that standard output stays clean."""
    click.echo(text, err=True)


def print_json(document: Any) -> None:
    """Write one JSON document to standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


def guarded(command: click.Command) -> None:
    """Run a command; faults of the data become messages and exit status 1."""
    for stream in (sys.stdout, sys.stderr):
        # a console of Windows may not know every letter of every language
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    as_json = "--json" in sys.argv[1:]
    try:
        command.main(prog_name="study", standalone_mode=False)
    except StudyError as error:
        if as_json:
            print_json({"faults": [fault.as_dict() for fault in error.faults]})
        else:
            say(faults_text(error.faults))
        sys.exit(1)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.Abort:
        say("Stopped.")
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)


def faults_text(faults: Sequence[Fault]) -> str:
    """Return faults as lines for people, those of one file together."""
    lines = [f"{len(faults)} thing{'s' if len(faults) > 1 else ''} to mend:"]
    lines += [f"  {at}. {fault}" for at, fault in enumerate(faults, start=1)]
    return "\n".join(lines)
