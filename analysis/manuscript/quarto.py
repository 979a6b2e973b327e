"""The engine for those who have Quarto: the same manuscript, rendered by the program itself.

What Quarto leaves undone is done by the filters and scripts of the report, so that a plain
``quarto render report/`` makes the same documents; the last of it, :func:`finish`, by this
module, which those scripts call as a program.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

from qdaio.faults import Fault, FaultList, StudyError
from qdaio.files.writing import write_bytes, write_text

from . import pandoc
from .document import resolve
from .embeds import stand_in_notebook
from .jats import finished_jats
from .pdf import font_folder
from .source import Place, Source, read_source
from .word import finished

__all__ = ["TESTED", "Program", "find_quarto", "finish", "render_quarto", "write_stand_ins"]

# First version that the tests ran with, and the first that they did not.
TESTED = ((1, 10), (1, 12))
_TO = {"html": "html", "docx": "docx", "pdf": "typst", "jats": "jats"}
_FILES = {"html": ".html", "docx": ".docx", "pdf": ".pdf", "jats": ".xml"}
# What the built-in engine does not make and Quarto does.
_QUARTO_ONLY = {"not-made", "unknown-shortcode", "unknown-condition", "raw-content"}
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_WARNING = re.compile(r"\bWARN(ING)?\b")
# Warnings after which something that the author wrote is not in the document.
_LOST = re.compile(
    r"unknown|unable to|not found|could not|cannot|can't|unsupported|not supported|invalid"
    r"|missing|skipp|ignor|discard|no such|failed|unresolved|duplicate",
    re.IGNORECASE,
)
# What a message quotes: keys, labels, file names.
_NAMED = re.compile(r"[\w@#][\w.#@/-]*[._#@/-][\w.#@/-]*\w|'[^']+'|\"[^\"]+\"|`[^`]+`")


@dataclass(frozen=True, slots=True)
class Program:
    """Quarto as it was found on the search path.

    Parameters
    ----------
    path : str or None
        None where there is no program of this name.
    version : tuple of int
        Such as ``(1, 10, 18)``; empty where it does not say.
    """

    path: str | None
    version: tuple[int, ...] = ()

    @property
    def is_tested(self) -> bool:
        """Whether it is there, in a version that the tests ran with."""
        return self.path is not None and TESTED[0] <= self.version < TESTED[1]

    @property
    def name(self) -> str:
        """What it is, in words."""
        if self.path is None:
            return "no program named quarto"
        return f"Quarto {_dotted(self.version) or 'of unknown version'}"


def find_quarto(*, required: bool = False) -> Program:
    """Look for Quarto.

    Parameters
    ----------
    required : bool
        Whether to raise where it is missing or older than any version that was tested; a
        newer one may be asked for.

    Raises
    ------
    StudyError
        If it is required and is not there.
    """
    path = shutil.which("quarto")
    program = Program(path, _version(path) if path else ())
    if required and program.version < TESTED[0]:
        raise StudyError(
            Fault(
                kind="missing-quarto",
                found=program.name,
                expected=f"Quarto {_dotted(TESTED[0])} or newer",
                remedy="Install Quarto (https://quarto.org), or leave out --engine quarto.",
            )
        )
    return program


def _version(program: str) -> tuple[int, ...]:
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(int(part) for part in re.findall(r"\d+", done.stdout)[:3])


def _dotted(version: Sequence[int]) -> str:
    return ".".join(map(str, version))


def render_quarto(program: str, report: Path, formats: Sequence[str]) -> dict[str, bytes]:
    """Render a manuscript by Quarto, each format in a copy of the report's folder.

    Quarto writes beside its input while it works. In copies the formats do not meet, and a
    render that fails leaves nothing behind.

    Parameters
    ----------
    program : str
        Path of Quarto.
    report : Path
        Folder with ``manuscript.qmd``.
    formats : sequence of str
        Of ``html``, ``docx``, ``pdf`` and ``jats``.

    Returns
    -------
    dict
        Content by file name.

    Raises
    ------
    StudyError
        What would stop the built-in engine, but for what Quarto alone makes; and whatever
        Quarto itself ends with, or warns of as lost, with the place that it is about. Faults
        of Quarto's own have the kind ``quarto``.
    """
    try:
        resolve(report)
    except StudyError as error:
        serious = [fault for fault in error.faults if fault.kind not in _QUARTO_ONLY]
        if serious:
            raise StudyError(serious) from None
    with TemporaryDirectory() as scratch, ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(_render, program, report, Path(scratch) / form, form) for form in formats
        ]
        files: dict[str, bytes] = {}
        faults: list[Fault] = []
        for job in jobs:
            try:
                files |= job.result()
            except StudyError as error:
                faults += [fault for fault in error.faults if fault not in faults]
    if faults:
        raise StudyError(faults)
    return files


def _render(program: str, report: Path, stage: Path, form: str) -> dict[str, bytes]:
    _copy(report, stage)
    environment = {
        **os.environ,
        "TYPST_FONT_PATHS": str(font_folder()),
        "SOURCE_DATE_EPOCH": str(pandoc.EPOCH),
        # filters/finish.lua leaves the last step to this process
        "STUDY_BUILD": "1",
    }
    done = subprocess.run(
        [program, "render", "manuscript.qmd", "--to", _TO[form]],
        cwd=stage,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    made = stage / "output" / f"manuscript{_FILES[form]}"
    said = [_COLOURS.sub("", line).strip() for line in done.stderr.splitlines()]
    if done.returncode or not made.is_file():
        raise StudyError(_fault(report, stage, _first_error(said) or f"no {made.name}", form))
    lost = [line for line in said if _is_loss(line)]
    if lost:
        raise StudyError([_fault(report, stage, line, form) for line in dict.fromkeys(lost)])
    try:
        finish([made])
    except etree.XMLSyntaxError as error:
        remedy = "Look for raw content that is not whole: ```{=openxml}, ```{=jats}."
        found = f"a {form} file that is no XML: {error.msg}"
        raise StudyError(replace(_fault(report, stage, found, form), remedy=remedy)) from error
    files = {made.name: made.read_bytes()}
    if form == "jats":
        beside = stage / "output" / "manuscript_files"
        for path in sorted(beside.rglob("*.png")) if beside.is_dir() else []:
            files[path.relative_to(stage / "output").as_posix()] = path.read_bytes()
    return files


def _is_loss(line: str) -> bool:
    """Whether a line says that something is missing in a document that was made all the same."""
    return line.startswith("ERROR") or bool(_WARNING.search(line) and _LOST.search(line))


def _first_error(said: Sequence[str]) -> str:
    """Return the first line that says Error, with what it goes on to say in the next."""
    for at, line in enumerate(said):
        if re.match(r"(\w+: )?(\w*error|fatal)\b", line, re.IGNORECASE):
            more = [text for text in said[at + 1 : at + 4] if text][:2]
            trace = next(
                (n for n, text in enumerate(more) if text.lower().startswith("stack")), len(more)
            )
            return " ".join([line, *more[:trace]])
    return next((line for line in reversed(said) if line), "")


def _fault(report: Path, stage: Path, said: str, form: str) -> Fault:
    """Return what Quarto said as a fault, at the place in the author's files that it names."""
    plain = said.replace(f"{stage.as_posix()}/", "").replace(str(stage), report.name)
    plain = re.sub(r"\(?\S*/filters/\S+\.lua:\d+\)?:?\s*", "", plain)
    place = _place(read_source(report, FaultList()), plain)
    return Fault(
        kind="quarto",
        file=place.file if place else f"{report.name}/manuscript.qmd",
        row=place.row if place else None,
        found=plain[:300],
        expected=f"a manuscript as {form}",
        remedy="Mend what Quarto names, or render with --engine pandoc.",
    )


def _place(source: Source, said: str) -> Place | None:
    """Return the row that holds what a message names; of several, the longest name's."""
    names = sorted((name.strip("'\"`") for name in _NAMED.findall(said)), key=len, reverse=True)
    parts = [part for name in names for part in (name, name.rpartition("#")[2]) if part]
    for name in parts:
        place = source.find(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
        if place.row is not None:
            return place
    return None


def finish(files: Sequence[Path]) -> None:
    """Do what the built-in engine does after Pandoc, to files that Quarto has written.

    Parameters
    ----------
    files : sequence of Path
        Word files get the rules of their tables, JATS its labels; neither keeps a clock.
        Others stay as they are.
    """
    for path in files:
        if path.suffix == ".docx":
            write_bytes(path, finished(path.read_bytes()))
        elif path.suffix == ".xml":
            write_bytes(path, finished_jats(path.read_bytes()))


def _copy(report: Path, stage: Path) -> None:
    """Copy what the manuscript is made from; of the products only what it embeds."""

    def left_out(folder: str, names: list[str]) -> set[str]:
        top = Path(folder) == report
        made = ("output", "_files", "manuscript_files")
        return {n for n in names if n == ".quarto" or (top and n in made)}

    shutil.copytree(report, stage, ignore=left_out)
    named: dict[str, list[str]] = {}
    for name, label in _embedded(report):
        named.setdefault(name, []).append(label)
    for name, labels in named.items():
        (stage / name).parent.mkdir(parents=True, exist_ok=True)
        before = _text(report / name)
        (stage / name).write_text(stand_in_notebook(labels, before), encoding="utf-8")


def write_stand_ins(report: Path) -> None:
    """Write a notebook of stand-ins for each that a manuscript names and a study lacks.

    Quarto embeds before it hides: without them a plain ``quarto render`` would stop at a part
    that is not shown.
    """
    missing: dict[str, list[str]] = {}
    for name, label in _embedded(report):
        if not (report / name).exists():
            missing.setdefault(name, []).append(label)
    for name, labels in missing.items():
        write_text(report / name, stand_in_notebook(labels))


def _embedded(report: Path) -> list[tuple[str, str]]:
    """Return notebook and label of each embed that names a notebook inside the report."""
    found = []
    for shortcode in read_source(report, FaultList()).shortcodes:
        name, _, label = shortcode.argument.partition("#")
        inside = (report / name).resolve().is_relative_to(report.resolve())
        if shortcode.name == "embed" and name.endswith(".ipynb") and label and inside:
            found.append((name, label))
    return found


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    finish([Path(argument) for argument in sys.argv[1:]])
