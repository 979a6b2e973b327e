"""One step of a build: what it reads, what it makes, and what it depends on besides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Step"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step that runs when its inputs or values changed, or a product is missing.

    Attributes
    ----------
    name : str
        Shown to people; unique in a build.
    inputs, outputs : tuple of Path
        Files. The content of inputs decides, not their date.
    values : mapping of str to str
        What is no file: hashes of the code, the parameters, the settings. The key names
        it for people, as in "the code changed".
    action : callable
        Makes all outputs, each whole or not at all.
    """

    name: str
    inputs: tuple[Path, ...]
    outputs: tuple[Path, ...]
    action: Callable[[], None]
    values: Mapping[str, str] = field(default_factory=dict)
