"""The engine for those who have Quarto: the same manuscript, rendered by the program itself."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.notebook import option_lines
from qdaio.faults import Fault, FaultList, StudyError

from . import pandoc
from .document import assemble
from .embeds import EmbedError, Embeds
from .pdf import font_folder
from .source import read_source
from .word import finished

__all__ = ["OLDEST", "find_quarto", "render_quarto"]

# The version that embedding was measured with; earlier ones lose tables in Word or PDF.
OLDEST = (1, 10)
_TO = {"html": "html", "docx": "docx", "pdf": "typst", "jats": "jats"}
_FILES = {"html": ".html", "docx": ".docx", "pdf": ".pdf", "jats": ".xml"}
# What the built-in engine does not make and Quarto does.
_QUARTO_ONLY = {"not-made", "unknown-shortcode", "unknown-condition", "raw-content"}


def find_quarto(*, required: bool = False) -> str | None:
    """Return the path of Quarto, or None if it is missing or too old.

    Parameters
    ----------
    required : bool
        Whether to raise instead of returning None.

    Raises
    ------
    StudyError
        If it is required and is not there.
    """
    program = shutil.which("quarto")
    found = "no program named quarto"
    if program is not None:
        version = _version(program)
        if version >= OLDEST:
            return program
        found = f"Quarto {'.'.join(map(str, version)) or 'of unknown version'}"
    if required:
        raise StudyError(
            Fault(
                kind="missing-quarto",
                found=found,
                expected=f"Quarto {'.'.join(map(str, OLDEST))} or newer",
                remedy="Install Quarto (https://quarto.org), or leave out --engine quarto.",
            )
        )
    return None


def _version(program: str) -> tuple[int, ...]:
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(int(part) for part in re.findall(r"\d+", done.stdout)[:3])


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
        Quarto itself ends with.
    """
    try:
        assemble(report)
    except StudyError as error:
        serious = [fault for fault in error.faults if fault.kind not in _QUARTO_ONLY]
        if serious:
            raise StudyError(serious) from None
    with TemporaryDirectory() as scratch, ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(_render, program, report, Path(scratch) / form, form) for form in formats
        ]
        files: dict[str, bytes] = {}
        for job in jobs:
            files |= job.result()
    return files


def _render(program: str, report: Path, stage: Path, form: str) -> dict[str, bytes]:
    _copy(report, stage)
    environment = {
        **os.environ,
        "TYPST_FONT_PATHS": str(font_folder()),
        "SOURCE_DATE_EPOCH": str(pandoc.EPOCH),
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
    if done.returncode or not made.is_file():
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise StudyError(
            Fault(
                kind="quarto",
                file=f"{report.name}/manuscript.qmd",
                found=" ".join(said[-3:])[:300] or f"no {made.name}",
                expected=f"a manuscript as {form}",
                remedy="Mend what Quarto names, or render with --engine pandoc.",
            )
        )
    content = made.read_bytes()
    files = {made.name: finished(content) if form == "docx" else content}
    if form == "jats":
        beside = stage / "output" / "manuscript_files"
        for path in sorted(beside.rglob("*.png")) if beside.is_dir() else []:
            files[path.relative_to(stage / "output").as_posix()] = path.read_bytes()
    return files


def _copy(report: Path, stage: Path) -> None:
    """Copy what the manuscript is made from; of the products only what it embeds."""

    def left_out(folder: str, names: list[str]) -> set[str]:
        top = Path(folder) == report
        return {n for n in names if n == ".quarto" or (top and n in ("output", "_files"))}

    shutil.copytree(report, stage, ignore=left_out)
    embeds = Embeds(report)
    absent: dict[str, list[str]] = {}
    for shortcode in read_source(report, FaultList()).shortcodes:
        if shortcode.name != "embed":
            continue
        name, _, label = shortcode.argument.partition("#")
        try:
            embeds.get(shortcode.argument)
        except EmbedError:
            absent.setdefault(name, []).append(label)
        if (report / name).is_file():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(report / name, stage / name)
    for name, labels in absent.items():
        _stand_in(stage / name, labels)


def _stand_in(notebook: Path, labels: list[str]) -> None:
    """Add cells to embed where only hidden parts name them: Quarto embeds before it hides."""
    cells: list[object] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": label[:64],
            "metadata": {},
            "outputs": [
                {
                    "output_type": "display_data",
                    "data": {"text/markdown": "Not part of this study."},
                    "metadata": {},
                }
            ],
            "source": option_lines({"label": label}),
        }
        for label in labels
    ]
    content: dict[str, object] = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    content["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
    }
    before: list[object] = []
    if notebook.is_file():
        content = json.loads(notebook.read_text(encoding="utf-8"))
        before = list(content["cells"])  # type: ignore[call-overload]
    content["cells"] = [*before, *cells]
    notebook.parent.mkdir(parents=True, exist_ok=True)
    notebook.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
