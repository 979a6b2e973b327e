"""Progress of a build: a bar on a terminal, one line a step elsewhere."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING

from analysis.cli.output import say

if TYPE_CHECKING:
    from analysis.pipeline.run import Ran

__all__ = ["Progress"]


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
