"""Render the manuscript in every format, by Quarto where it is installed, else built-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qdaio.faults import Fault, StudyError
from qdaio.writing import write_bytes

from .pandoc import PandocError

__all__ = ["ENGINES", "FORMATS", "RenderResult", "render"]

FORMATS = {
    "html": "manuscript.html",
    "docx": "manuscript.docx",
    "pdf": "manuscript.pdf",
    "jats": "manuscript.xml",
}
ENGINES = ("auto", "quarto", "pandoc")


@dataclass(frozen=True, slots=True)
class RenderResult:
    """What was rendered.

    Parameters
    ----------
    engine : str
        ``quarto`` or ``pandoc``.
    files : dict
        The file of each format.
    beside : tuple of Path
        Files that a format needs beside its own, such as the pictures of JATS.
    """

    engine: str
    files: dict[str, Path]
    beside: tuple[Path, ...] = ()


def render(
    report: Path, output: Path, formats: Sequence[str] = tuple(FORMATS), engine: str = "auto"
) -> RenderResult:
    """Render ``manuscript.qmd``.

    Parameters
    ----------
    report : Path
        Folder with the manuscript, ``_quarto.yml`` and what they name.
    output : Path
        Folder for ``manuscript.html``, ``.docx``, ``.pdf`` and ``.xml``.
    formats : sequence of str
        Of ``html``, ``docx``, ``pdf`` and ``jats``.
    engine : str
        ``auto`` takes Quarto if it is installed and new enough, else ``pandoc``.

    Returns
    -------
    RenderResult

    Raises
    ------
    StudyError
        Everything that is wrong with the manuscript, with file and row; or Quarto is asked
        for and missing. Then no file is written: each appears whole or not at all.
    ValueError
        If a format or an engine is unknown.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or engine not in ENGINES:
        raise ValueError(f"no such format or engine: {', '.join(unknown) or engine}")
    wanted = list(dict.fromkeys(formats))
    from .quarto import find_quarto, render_quarto

    program = None if engine == "pandoc" else find_quarto(required=engine == "quarto")
    try:
        if program is not None:
            made = render_quarto(program, report, wanted)
        else:
            from .builtin import render_builtin

            made = render_builtin(report, wanted)
    except PandocError as error:
        raise StudyError(
            Fault(
                kind="not-rendered",
                file=f"{report.name}/manuscript.qmd",
                found=str(error).split("\n", maxsplit=1)[0],
                expected="files that Pandoc can read",
                remedy="Look at the files that _quarto.yml names: style, filters, templates.",
            )
        ) from error
    for name, content in made.items():
        write_bytes(output / name, content)
    named = {form: output / FORMATS[form] for form in wanted}
    beside = tuple(output / name for name in made if name not in FORMATS.values())
    return RenderResult("quarto" if program else "pandoc", named, beside)
