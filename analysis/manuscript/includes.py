"""The manuscript's files, read into one text: what it includes stands where it is included."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from qdaio.faults import FaultList

from .source import Place, Shortcode, Source, tokenise

__all__ = ["read_source"]

_ALONE = re.compile(r"^\s{0,3}\{\{<\s*(\w[\w-]*)((?:\s+\S+)*?)\s*>\}\}\s*$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def read_source(report: Path, faults: FaultList) -> Source:
    """Read ``manuscript.qmd`` with everything that it includes.

    Parameters
    ----------
    report : Path
        Folder with ``manuscript.qmd``; included files may not lie outside it.
    faults : FaultList
        Files that are missing, include each other or lie outside, and shortcodes that
        cannot be read, are added.

    Returns
    -------
    Source
        Include paths are taken from `report`, as Quarto takes them from the folder of the
        document that is rendered, also where an included file includes another.
    """
    source = Source()
    _read(report, "manuscript.qmd", Place(f"{report.name}/manuscript.qmd"), (), source, faults)
    return source


def _read(
    report: Path,
    name: str,
    asked: Place,
    above: tuple[str, ...],
    source: Source,
    faults: FaultList,
) -> None:
    """Append a file and what it includes to `source`."""
    lines = _file_lines(report, name, asked, above, faults)
    shown = f"{report.name}/{name}"
    start = 0
    if lines and lines[0].rstrip() == "---":
        start = _front_matter(lines, shown, above, source, faults)
    for row, line in enumerate(lines[start:], start + 1):
        place = Place(shown, row)
        alone = _ALONE.match(line)
        if alone and alone.group(1) == "include":
            arguments = alone.group(2).split()
            included = arguments[0] if len(arguments) == 1 else ""
            source.add("", line, place)
            _read(report, included, place, (*above, name), source, faults)
            source.add("", "", place)
        else:
            count = len(source.shortcodes)
            source.add(tokenise(line, place, source.shortcodes, faults), line, place)
            for shortcode in source.shortcodes[count:]:
                _check_position(shortcode, bool(alone), faults)


def _check_position(shortcode: Shortcode, alone: bool, faults: FaultList) -> None:
    """Fault an include or an embed inside a line of text: it stands for whole blocks."""
    if shortcode.name in ("include", "embed") and not alone:
        faults.add(
            kind=f"{shortcode.name}-inside-text",
            file=shortcode.place.file,
            row=shortcode.place.row,
            found=f"{{{{< {shortcode.name} {shortcode.argument} >}}}} among other text",
            expected=f"{shortcode.name} alone on its line",
            remedy="Put it on a line of its own, with an empty line before and after.",
        )


def _file_lines(
    report: Path, name: str, asked: Place, above: tuple[str, ...], faults: FaultList
) -> list[str]:
    """Return the lines of a file without the content of comments; none if it cannot be."""

    def refuse(kind: str, expected: str, remedy: str) -> list[str]:
        faults.add(
            kind=kind,
            file=asked.file,
            row=asked.row,
            found=name or "no file name",
            expected=expected,
            remedy=remedy,
        )
        return []

    path = (report / name).resolve()
    if not path.is_relative_to(report.resolve()):
        return refuse(
            "include-outside-report",
            f"a file inside {report.name}/",
            "Move the file there and include it from there.",
        )
    if name in above:
        return refuse(
            "include-cycle",
            "files that do not include each other",
            f"Take the include out of one of: {' > '.join((*above, name))}.",
        )
    if not name or not path.is_file():
        return refuse(
            "missing-include" if above else "missing-manuscript",
            "an existing file",
            "Make the file, or correct its name.",
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return refuse("not-utf-8", "text in UTF-8", "Save the file as UTF-8.")
    return _COMMENT.sub(lambda found: "<!--" + "\n" * found[0].count("\n") + "-->", text).split(
        "\n"
    )


def _front_matter(
    lines: list[str], shown: str, above: tuple[str, ...], source: Source, faults: FaultList
) -> int:
    """Keep the settings between ``---`` lines and return how many lines they take."""
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)
    problem = None
    if above:
        problem = "settings in an included file"
    elif not end:
        problem = "a first line --- without a second one"
    else:
        try:
            read = yaml.safe_load("\n".join(lines[1:end]))
        except yaml.YAMLError as error:
            problem = str(error).split("\n", maxsplit=1)[0]
        else:
            if isinstance(read, dict):
                source.front = {str(key): value for key, value in read.items()}
            elif read is not None:
                problem = "something other than a list of keys"
    if problem:
        faults.add(
            kind="front-matter",
            file=shown,
            row=1,
            found=problem,
            expected="key: value lines between two lines --- at the head of manuscript.qmd",
            remedy="Correct the settings at the head of the file.",
        )
    taken = end + 1 if end else 1
    for row, line in enumerate(lines[:taken], 1):
        source.add("", line, Place(shown, row))
    return taken
